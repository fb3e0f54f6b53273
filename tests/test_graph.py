"""Systems drawn: nothing lies on anything, nothing is lost, and what is written is sound whatever a label holds."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_browser import CHROMIUM, shown
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.glossary import RELATIONS, Glossary, System, find_system, load, load_systems, network
from tetrapla.model import Concept, Relation, Term
from tetrapla.report.graph import Edge, Graph, Node, dot, graph_of, mermaid, render, svg
from tetrapla.report.graph._layers import layered
from tetrapla.report.graph._layout import Box, Layout, laid_out
from tetrapla.report.graph._metrics import width_of, wrapped
from tetrapla.report.graph._order import crossings, ordered
from tetrapla.report.graph._place import settled
from tetrapla.resources import corpus_root

LANGUAGES = ("zh", "en", "es", "fr")
FOCUS = "document.querySelector('.node[data-id=paradox-mismatch]').focus()"
HOSTILE = (
    "<script>alert(1)</script>",
    '"quotes" & \\back',
    "a\x00b\ud800",
    "end",
    "",
    "#quot;`",
    "line\nbreak",
    "衢" * 90,
)


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load()


@pytest.fixture(scope="module")
def systems() -> tuple[System, ...]:
    return load_systems()


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Graphs with circles, double edges, things that hang on nothing, and labels of any width."""
    count = draw(st.integers(1, 9))
    labels = draw(st.lists(st.text("ab 中文wi", max_size=40), min_size=count, max_size=count))
    nodes = tuple(Node(f"n{k}", label, draw(st.sampled_from(["", "1,173"]))) for k, label in enumerate(labels))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    edges = []
    for a, b in draw(st.lists(pairs, max_size=16)) if count > 1 else ():
        both = draw(st.booleans())
        edges.append(Edge(f"n{a}", f"n{b}", draw(st.sampled_from("xy")), "is it", "cause", both))
    return Graph("any", draw(st.sampled_from(LANGUAGES)), nodes, tuple(dict.fromkeys(edges)))


def overlapping(layout: Layout) -> list[tuple[Box, Box]]:
    def touch(a: Box, b: Box) -> bool:
        across = abs(a.x - b.x) < (a.width + b.width) / 2
        return across and abs(a.y - b.y) < (a.height + b.height) / 2

    return [pair for pair in itertools.combinations(layout.boxes, 2) if touch(*pair)]


def told(layout: Layout, graph: Graph) -> Counter[tuple[str, str, str]]:
    """What the lines of a layout say: each edge is a line into a label and one out of it."""
    ends: dict[int, list[tuple[str, bool]]] = {}
    for line in layout.lines:
        for number in line.stroke.edges:
            ends.setdefault(number, []).append((str(line.stroke.bundle), line.stroke.arrow))
    labels = {str(box.vertex.bundle): box.lines[0] for box in layout.boxes if box.node is None}
    out: Counter[tuple[str, str, str]] = Counter()
    for number, strokes in ends.items():
        edge = graph.edges[number]
        assert len(strokes) == 2
        assert labels[strokes[0][0]] == edge.label
        assert [arrow for _, arrow in strokes].count(True) == (not edge.symmetric)
        out[edge.source, edge.type, edge.target] += 1
    return out


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_system_has_boxes_or_labels_on_each_other(
    language: str, systems: tuple[System, ...], glossary: Glossary
) -> None:
    for system in systems:
        graph = graph_of(system, glossary, language)
        layout = laid_out(graph)
        assert not overlapping(layout)
        assert sum(told(layout, graph).values()) == len(graph.edges)
        assert {box.node.id for box in layout.boxes if box.node} == {node.id for node in graph.nodes}


@given(graphs())
@settings(max_examples=80, deadline=None)
def test_nothing_overlaps_and_nothing_is_lost(graph: Graph) -> None:
    layout = laid_out(graph)
    assert not overlapping(layout)
    assert told(layout, graph) == Counter((edge.source, edge.type, edge.target) for edge in graph.edges)
    for box in layout.boxes:
        assert box.x - box.width / 2 >= 0
        assert box.x + box.width / 2 <= layout.width
        assert box.y - box.height / 2 >= 0
        assert box.y + box.height / 2 <= layout.height


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_a_line_runs_from_layer_to_layer_between_what_it_joins(graph: Graph) -> None:
    names = [node.id for node in graph.nodes]
    net = layered(names, graph.edges, range(len(graph.edges)))
    for stroke in net.strokes:
        layers = [net.vertices[k].layer for k in stroke.path]
        assert all(abs(a - b) == 1 for a, b in itertools.pairwise(layers))
        first, last = net.vertices[stroke.path[0]], net.vertices[stroke.path[-1]]
        assert bool(first.label) != bool(last.label)
        own = {graph.edges[k].source for k in stroke.edges} | {graph.edges[k].target for k in stroke.edges}
        assert (first.node or last.node) in own
        if stroke.arrow:
            assert last.node in {graph.edges[k].target for k in stroke.edges}


def test_what_leads_to_something_stands_before_it() -> None:
    chain = [Edge("a", "b", "x", "to"), Edge("b", "c", "x", "to"), Edge("a", "c", "x", "to")]
    net = layered(["c", "a", "b"], chain, range(3))
    layer = {vertex.node: vertex.layer for vertex in net.vertices if vertex.node}
    assert layer == {"a": 0, "b": 2, "c": 4}


def test_relations_of_one_type_share_a_label() -> None:
    edges = [Edge("whole", part, "has-part", "has part") for part in "abc"]
    net = layered(["whole", *"abc"], edges, range(3))
    assert [vertex.label for vertex in net.vertices if vertex.label] == ["has part"]


@given(
    st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=6),
)
def test_crossings_are_counted_as_by_hand(ends: list[list[int]]) -> None:
    down = dict(enumerate(ends))
    links = [(k, end) for k, row in down.items() for end in row]
    by_hand = sum((a < c and b > d) or (a > c and b < d) for (a, b), (c, d) in itertools.combinations(links, 2))
    assert crossings(list(down), range(6), down) == by_hand


def test_crossings_go_where_they_can() -> None:
    layers = [[0, 1, 2], [3, 4, 5]]
    links = [(0, 5), (1, 4), (2, 3)]
    order = ordered(layers, links)
    down = {a: [b] for a, b in links}
    assert crossings(order[0], order[1], down) == 0
    assert [sorted(layer) for layer in order] == layers


wants = st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 9), st.floats(0, 9)), min_size=1, max_size=8)


@given(wants)
def test_places_keep_their_distance_and_lie_as_near_as_can_be(drawn: list[tuple[float, float, float]]) -> None:
    wanted, weights = [want for want, _, _ in drawn], [weight for _, weight, _ in drawn]
    apart = [distance for _, _, distance in drawn[1:]]
    places = settled(wanted, weights, apart)
    assert all(b - a >= distance - 1e-6 for a, b, distance in zip(places, places[1:], apart, strict=False))

    def cost(at: list[float]) -> float:
        return sum(weight * (x - want) ** 2 for x, want, weight in zip(at, wanted, weights, strict=True))

    # No shift of all that stand from one on, or up to one, is better: the conditions of the optimum.
    for k in range(len(places)):
        for step in (0.01, -0.01):
            moved = [x + step if (i >= k) == (step > 0) else x for i, x in enumerate(places)]
            if all(b - a >= distance - 1e-9 for a, b, distance in zip(moved, moved[1:], apart, strict=False)):
                assert cost(moved) >= cost(places) - 1e-6


@pytest.mark.parametrize(
    ("text", "language", "lines"),
    [
        ("free flow", "en", ["free flow"]),
        ("collaborative regional innovation", "en", ["collaborative", "regional innovation"]),
        ("国家可持续发展试验区", "zh", ["国家可持续", "发展试验区"]),
        ("长三角G60科创走廊", "zh", ["长三角G60", "科创走廊"]),
        ("unbreakableunbreakableunbreakable", "en", ["unbreakableunbreakableunbreakable"]),
        ("", "en", []),
    ],
)
def test_labels_are_broken_where_the_language_lets_them(text: str, language: str, lines: list[str]) -> None:
    assert wrapped(text, language, 10, 110 if language == "en" else 66) == lines


@given(st.text("中文ab wi1", max_size=60), st.sampled_from(["zh", "en"]))
def test_a_wrapped_label_loses_nothing(text: str, language: str) -> None:
    lines = wrapped(text, language, 13, 80)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 13) <= 80 or " " not in line.strip() for line in lines if language == "en")


def hostile() -> Graph:
    nodes = tuple(Node(f"id{k}", label, told=label, focus=k == 1) for k, label in enumerate(HOSTILE))
    edges = tuple(Edge(f"id{k}", f"id{k + 1}", "x", label, "cause", k % 2 == 1) for k, label in enumerate(HOSTILE[1:]))
    return Graph(HOSTILE[0], "en", nodes, edges)


def test_a_picture_is_sound_xml_whatever_the_labels_hold() -> None:
    root = ElementTree.fromstring(svg(hostile(), alone=True))
    tags = {element.tag.split("}")[-1] for element in root.iter()}
    assert tags == {"svg", "style", "title", "desc", "g", "rect", "path", "text", "tspan"}
    assert "<script>alert(1)</script>" in {element.text for element in root.iter()}


def test_mermaid_and_dot_quote_what_would_break_them() -> None:
    chart = mermaid(hostile()).splitlines()
    assert json.loads(chart[1].removeprefix("title: ")) == HOSTILE[0]
    for line in chart[4:]:
        assert re.fullmatch(
            r'    (n\d+\["[^"<>`]*"\](:::focus)?|n\d+ (--|-\.) "[^"<>`]*" (-->|\.-) n\d+|classDef .*)', line
        ), line
    for line in dot(hostile()).splitlines()[1:-1]:
        rest = re.sub(r'"(\\.|[^"\\])*"', "Q", line)
        assert not set('"<>\\') & set(rest.replace("->", "")), line


def test_what_says_the_same_both_ways_has_no_arrow() -> None:
    graph = Graph("t", "en", (Node("a", "a"), Node("b", "b")), (Edge("a", "b", "related", "near", "kin", True),))
    assert 'class="head"' not in svg(graph, alone=True)
    assert "dir=none" in dot(graph)
    assert 'n1 -. "near" .- n2' in mermaid(graph)


def test_a_graph_of_nothing_can_be_drawn() -> None:
    empty = Graph("nothing", "en", (), ())
    assert ElementTree.fromstring(svg(empty, alone=True)) is not None
    assert laid_out(empty).boxes == ()


@pytest.mark.parametrize("kind", ["svg", "html", "mermaid", "dot"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_system_is_drawn_the_same_twice_and_loads_nothing(
    kind: str, language: str, systems: tuple[System, ...], glossary: Glossary
) -> None:
    for system in systems[:: 3 if kind in ("svg", "html") else 1]:
        made = render(system, glossary, language=language, format=kind)
        assert made == render(system, glossary, language=language, format=kind)
        assert not re.search(r"(?i)https?://|url\(|@import|src=", made.replace("http://www.w3.org/2000/svg", ""))


def test_an_unknown_format_is_told(systems: tuple[System, ...], glossary: Glossary) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'svg'"):
        render(systems[0], glossary, format="svgz")


class Page(HTMLParser):
    """The ids of a page, where its links go, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if given.get("href"):
            self.links.append(str(given["href"]))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_every_concept_and_leads_nowhere_else(
    language: str, systems: tuple[System, ...], glossary: Glossary
) -> None:
    system = systems[4]
    made = render(system, glossary, language=language, format="html")
    page = Page(made)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    for node in graph_of(system, glossary, language).nodes:
        assert f"c-{node.id}" in page.ids
    script = made[made.index("<script>") + 8 : made.index("</script>")]
    own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{own}'" in made


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH to look at the page with")
def test_a_concept_that_gets_the_focus_shows_its_relations(
    systems: tuple[System, ...], glossary: Glossary, tmp_path: Path
) -> None:
    made = render(systems[2], glossary, format="html")
    assert 'class="detail" role="status" hidden' in made
    # The page forbids foreign scripts: the copy that is tried does without its policy.
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", made)
    dom = shown(bare.replace("</body>", f"<script>{FOCUS}</script></body>"), tmp_path, 1280)
    entry = dom[dom.index('<div class="detail"') : dom.index("<footer>")]
    assert "hidden" not in entry[:60]
    assert "mismatch paradox" in entry
    lit = re.findall(r'<g class="line [^"]*\bon"[^>]*data-ends="([^"]*)"', dom)
    assert lit
    assert all("paradox-mismatch" in ends for ends in lit)
    assert len(lit) < dom.count('<g class="line ')


def test_a_page_escapes_what_a_glossary_holds() -> None:
    evil = '<img src=x onerror="alert(1)">'
    terms = (Term(evil, "en", "preferred"), Term(evil, "zh", "preferred"))
    wild = {
        "a": Concept("a", terms, {"en": evil}, (Relation("leads-to", "b"),), systems=(1,)),
        "b": Concept("b", terms, {"en": evil}, (), systems=(1,)),
    }
    made = render(System(1, "evil", {"en": evil}, sources=(evil,)), wild, format="html")
    assert "<img" not in made
    assert made.count("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;") > 5


# What concepts.md wants of the systems.


def facts_of(number: int, systems: tuple[System, ...], glossary: Glossary) -> list[tuple[str, str, str]]:
    own = [name for name, concept in glossary.items() if number in concept.systems]
    return [(fact.source, fact.type, fact.target) for fact in network(glossary, own)]


def test_there_are_ten_systems_in_four_languages(systems: tuple[System, ...], glossary: Glossary) -> None:
    assert [system.number for system in systems] == list(range(1, 11))
    for system in systems:
        assert set(system.titles) == set(LANGUAGES)
        own = {name for name, concept in glossary.items() if system.number in concept.systems}
        assert set(system.focus) <= own
        assert set(system.figures) <= own
        facts = facts_of(system.number, systems, glossary)
        assert own == {end for fact in facts for end in (fact[0], fact[2])}, "a concept that hangs on nothing"


# A system, what it turns on, and the relations that each of these must have: "x>" leaves it, ">x" reaches it.
WANTED = [
    (1, ["convergence", "divergence"], [">leads-to", ">basis-of"]),
    (2, ["convergent-cobweb", "divergent-cobweb", "closed-cobweb"], [">narrower"]),
    (2, ["supply-elasticity-above-demand", "supply-elasticity-below-demand"], ["located-in>", "leads-to>"]),
    (3, ["paradox-widening-gap", "paradox-deviating-equilibrium", "paradox-mismatch"], [">leads-to", "leads-to>"]),
    (4, ["innovation-corridor", "cooperation-zone", "innovation-source"], ["has-form>", "has-example>", "limited-by>"]),
    (5, ["sending-region", "receiving-region"], ["gives>", ">given-to"]),
    (6, ["quadrant-hangzhou-joint", "quadrant-quzhou-joint", "quadrant-quzhou-hangzhou", "quadrant-hangzhou-quzhou"],
     [">classifies", ">has-example"]),
    (6, ["mode-incubation-return", "mode-transformation-rd"], [">narrower", "has-part>", "aims-at>"]),
    (7, ["directed-agglomeration", "flexible-diffusion"], ["drives>", ">drives", ">answered-by"]),
    (8, ["collaborative-innovation-network", "space-provision-paradigm", "governance-system"], [">answered-by|>basis-of",
     "has-part>"]),
    (9, ["three-plus-two-centers", "comprehensive-science-center", "high-tech-zone", "national-laboratory",
         "state-key-laboratory", "engineering-research-center", "business-incubator", "maker-space", "agri-park"],
     [">has-part", ">approves", "aims-at>"]),
    (10, ["layout-lag", "excessive-concentration", "lack-of-coordination"], [">limited-by", "answered-by>"]),
    (10, ["spatial-scale", "separation-of-regions", "unified-management", "overall-coordination"], [">answered-by"]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "names", "wanted"), WANTED)
def test_a_system_says_what_is_asked_of_it(
    number: int, names: list[str], wanted: list[str], systems: tuple[System, ...], glossary: Glossary
) -> None:
    facts = facts_of(number, systems, glossary)
    for name in names:
        has = {f"{kind}>" for a, kind, _ in facts if a == name} | {f">{kind}" for _, kind, b in facts if b == name}
        for one in wanted:
            assert has & set(one.split("|")), f"{name} has no {one}"


def test_systems_are_found_by_number_name_and_title(systems: tuple[System, ...]) -> None:
    assert find_system(" 3 ", systems).number == 3
    assert find_system("Cobweb-Model", systems).number == 2
    assert find_system("区域创新布局的问题与建议", systems).number == 10
    with pytest.raises(UnknownNameError, match="11"):
        find_system("11", systems)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number: 1\nname: a\n\nnumber: 1\nname: b\n", ":4: there is a system 1 already"),
        ("name: a\n", ":1: a system without a number"),
        ("number: one\nname: a\n", ":1: not a number"),
        ("number: 1\nname: a\nfigure: x many\n", ":3: not a number"),
    ],
)
def test_a_malformed_system_is_told_by_line(text: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "systems"
    folder.mkdir()
    (folder / "systems.rec").write_text(text, "utf-8")
    with pytest.raises(InputError, match=told):
        load_systems(folder.parent)


@pytest.mark.skipif(shutil.which("recfix") is None, reason="no recutils on the PATH")
def test_recutils_accepts_the_systems() -> None:
    path = corpus_root() / "glossary" / "systems" / "systems.rec"
    done = subprocess.run(["recfix", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_glossary_may_have_no_systems(tmp_path: Path) -> None:
    assert load_systems(tmp_path) == ()
    assert (corpus_root() / "glossary" / "systems" / "systems.rec").is_file()


def test_every_family_of_relations_has_a_colour() -> None:
    style = svg(Graph("t", "en", (), ()), alone=True)
    for relation in RELATIONS.values():
        assert f".graph .{relation.family} {{ --c:" in style
