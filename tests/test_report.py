"""The report: nothing is lost, nothing a text holds breaks the page, and nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapla import report
from tetrapla.errors import WrongTextError
from tetrapla.model import (
    Alignment,
    Bead,
    Concept,
    Document,
    Finding,
    Flow,
    Mention,
    Segment,
    Segmented,
    Span,
    Term,
    ViewSpan,
)
from tetrapla.report import figures
from tetrapla.report.marks import Mark, Placed, marked, spread
from tetrapla.report.plot import grade_of
from tetrapla.report.rows import moved, row_order
from tetrapla.report.running import Running
from tetrapla.report.text import shown
from tetrapla.segment import segment

VOID = {"meta", "input", "wbr", "br", "link", "img"}
ZH = "山城的灯\n\n老陈每天清晨打开窗户，看见雾从江上升起。他说：“今天会晴。”\n\n邻居们在石阶上晒辣椒。\n"
EN = (
    "Lights of a mountain town\n\nOld Chen opens his win- dow at dawn and sees the fog rise.\n"
    "He says it will clear.\n\nThe neighbours dry pep pers on the steps.\n"
)
FR = "Lumières d'une ville de montagne\n\nLe vieux Chen ouvre sa fenêtre.\n\nUne remarque que nul autre ne fait.\n"


class Page(HTMLParser):
    """Reads a report: its rows, the text of its cells without the suggested repairs, its tags and links."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.rows: dict[str, dict[str, str]] = {}
        self.cells: dict[tuple[str, str], dict[str, str]] = {}
        self.texts: dict[tuple[str, str], list[str]] = {}
        self.repairs: list[str] = []
        self._row = self._cell = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self._row = values.get("id", "")
            if self._row:
                self.rows[self._row] = values
        if tag == "td" and self._row:
            self._cell = values["class"].split()[0]
            self.cells[self._row, self._cell] = values
        if tag == "p" and self._row:
            self.texts.setdefault((self._row, self._cell), []).append("")
        if tag == "ins":
            self.repairs.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag
        if tag == "tr":
            self._row = ""

    def handle_data(self, data: str) -> None:
        if "ins" in self.open:
            self.repairs[-1] += data
        elif self._row and "p" in self.open:
            self.texts[self._row, self._cell][-1] += data

    def bead_of(self, row: str) -> str:
        told = [a["title"] for tag, a in self.tags if tag == "a" and a.get("href") == f"#{row}" and "title" in a]
        return told[0].split("\n")[0].removeprefix("bead ")


def documents() -> dict[str, Segmented]:
    texts = {"zh": ZH, "en": EN, "fr": FR}
    return {name: segment(Document(name, name, text, f"{name}.txt")) for name, text in texts.items()}


def aligned(versions: Mapping[str, Segmented]) -> Alignment:
    """Title with title and so on; the last French paragraph stands alone."""
    paragraphs = {name: version.paragraphs for name, version in versions.items()}
    beads = [
        Bead(
            f"b{k}",
            paragraphs["zh"][k].kind,
            {name: found[k].spans for name, found in paragraphs.items() if name != "fr" or k < 2},
            {"en": 0.9, "fr": 0.4} if k < 2 else {"en": 0.9},
            {"coverage": 0.8},
            tuple(
                Bead(f"b{k}.{i}", "body", {"zh": zh.spans, "en": en.spans}, {"en": 0.3 if i else 0.95})
                for i, (zh, en) in enumerate(
                    zip(versions["zh"].sentences[k], versions["en"].sentences[k], strict=False)
                )
            ),
        )
        for k in range(3)
    ]
    beads.append(Bead("lone", "body", {"fr": paragraphs["fr"][2].spans}))
    return Alignment("zh", tuple(version.document for version in versions.values()), tuple(beads))


def finding(text: str, words: str, kind: str, **more: object) -> Finding:
    start = text.index(words)
    given = {"score": 0.9, "grade": "safe", **more}
    return Finding(kind, (Span(start, start + len(words)),), **given)  # type: ignore[arg-type]


Parts = tuple[Alignment, dict[str, Segmented], dict[str, list[Finding]], dict[str, list[Mention]], dict[str, Concept]]


@pytest.fixture
def parts() -> Parts:
    versions = documents()
    terms = (
        Term("山城", "zh", "preferred"),
        Term("mountain town", "en", "preferred"),
        Term("hill town", "en", "noise"),
    )
    findings = {
        "en": [
            finding(EN, "win- dow", "hyphenation", replacement="window", message="a hyphen and a blank in a word"),
            finding(EN, "pep pers", "split-word", replacement="peppers", grade="review"),
            finding(EN, "He says it will clear.", "duplicate", replacement="", kept=Span(27, 60)),
        ]
    }
    mentions = {
        "zh": [Mention("mountain-town", terms[0], (Span(0, 2),))],
        "en": [Mention("mountain-town", terms[1], (Span(12, 25),)), Mention("unlisted", terms[2], (Span(0, 6),))],
    }
    return aligned(versions), versions, findings, mentions, {"mountain-town": Concept("mountain-town", terms)}


def test_every_bead_has_a_row_in_the_order_of_the_pivot(parts: Parts) -> None:
    page = Page(report.html(*parts))
    assert not page.open
    assert [page.bead_of(row) for row in page.rows] == ["b0", "b1", "lone", "b2"]
    assert page.rows["r2"]["data-is"].split() == ["doubtful", "noise"]
    assert page.rows["r3"]["data-is"].split() == ["lone", "gaps"]


def test_cells_have_the_running_text_and_their_language(parts: Parts) -> None:
    versions = parts[1]
    page = Page(report.html(*parts))
    rows = {page.bead_of(row): row for row in page.rows}
    for k, name in enumerate(("zh", "en", "fr")):
        for number, flow in enumerate(versions[name].flows):
            bead = "lone" if name == "fr" and number == 2 else f"b{number}"
            assert page.texts[rows[bead], f"v{k}"] == [flow.text]
            assert page.cells[rows[bead], f"v{k}"]["lang"] == name
    assert "none" in page.cells["r3", "v0"]["class"]


def test_noise_is_shown_with_its_repair_and_its_reason(parts: Parts) -> None:
    page = Page(report.html(*parts))
    marks = [a for tag, a in page.tags if "data-f" in a]
    assert {tag for tag, a in page.tags if a.get("data-f") == "1-2"} == {"del"}
    assert any("a hyphen and a blank in a word\nSuggested: window" in a["title"] for a in marks)
    assert {"→\u00a0window", "→\u00a0peppers?", "✕"} <= set(page.repairs)
    assert next(a["data-k"] for _, a in page.tags if "data-k" in a) == "1-2"


def test_a_concept_has_one_number_in_all_versions(parts: Parts) -> None:
    page = Page(report.html(*parts))
    named = [a for tag, a in page.tags if tag == "span" and "data-c" in a]
    assert [a["title"] for a in named] == ["山城", "unlisted: noise form", "mountain town"]
    assert named[0]["data-c"] == named[2]["data-c"] != named[1]["data-c"]
    assert named[1]["class"] == "c noise"


def test_sentences_share_a_number_and_doubt_is_told(parts: Parts) -> None:
    page = Page(report.html(*parts))
    classes = [(a["data-s"], a["class"]) for _, a in page.tags if "data-s" in a]
    assert classes.count(("0", "s")) == 6
    assert ("1", "s e weak") in classes


def test_the_page_loads_nothing(parts: Parts) -> None:
    html = report.html(*parts)
    page = Page(html)
    assert not re.search(r"https?:|url\(|@import", html)
    for tag, values in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert "src" not in values
        assert values.get("href", "#").startswith("#")
    script = re.search(r"<script>(.*?)</script>", html, re.S)
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert script is not None
    assert base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy


def test_links_go_to_rows_that_exist(parts: Parts) -> None:
    page = Page(report.html(*parts))
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert {a["href"][1:] for _, a in page.tags if "href" in a} <= ids
    assert sum(tag == "svg" for tag, _ in page.tags) == 2


def test_the_same_data_give_the_same_page(parts: Parts) -> None:
    assert report.html(*parts) == report.html(*parts)


@pytest.mark.parametrize(
    ("title", "shown_title"), [(None, "山城的灯"), ("A & B <i>", "A &amp; B &lt;i&gt;"), ("a\ud800", "a\ufffd")]
)
def test_the_title_is_the_pivots_or_the_one_given(parts: Parts, title: str | None, shown_title: str) -> None:
    assert f"<title>{shown_title}</title>" in report.html(*parts, title=title)


HOSTILE = "</script><script>alert(1)</script> <img src=x onerror=y> & \" ' \x00\x1b\x7f\x9f \ud800 ]]> <!-- {versions}"


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    doc = Document(HOSTILE, HOSTILE, f"{HOSTILE}\n", HOSTILE)
    # Made by hand: a language of this name has no rules to segment by.
    flow = Flow(HOSTILE, range(len(HOSTILE)))
    whole = Segment("p1", "body", (Span(0, len(HOSTILE)),))
    version = Segmented(doc, (whole,), ((whole,),), (flow,))
    bead = Bead(HOSTILE, "body", {HOSTILE: whole.spans}, {HOSTILE: float("nan")}, {HOSTILE: HOSTILE})
    found = [Finding(HOSTILE, (Span(3, 30),), 0.5, "review", HOSTILE, message=HOSTILE)]
    mention = Mention(HOSTILE, Term(HOSTILE, HOSTILE, "preferred"), (Span(10, 40),))
    concept = Concept(HOSTILE, (Term(HOSTILE, HOSTILE, "preferred"),))
    html = report.html(
        Alignment(HOSTILE, (doc,), (bead,)),
        {HOSTILE: version},
        {HOSTILE: found},
        {HOSTILE: [mention]},
        {HOSTILE: concept},
        title=HOSTILE,
    )
    html.encode("utf-8")
    page = Page(html)
    assert not page.open
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {"img"} & {tag for tag, _ in page.tags}
    assert not [name for _, values in page.tags for name in values if name.startswith("on")]
    assert page.texts["r1", "v0"] == [shown(HOSTILE)]
    assert html.count("<style>") == html.count("</style>") == 1


def test_a_text_that_is_not_the_aligned_one_is_refused(parts: Parts) -> None:
    alignment, versions, findings, mentions, glossary = parts
    other = {**versions, "en": segment(Document("en", "en", "Another text.\n"))}
    with pytest.raises(WrongTextError, match="align again"):
        report.html(alignment, other, findings, mentions, glossary)
    with pytest.raises(WrongTextError, match="needs the text of 'fr'"):
        report.html(alignment, {k: v for k, v in versions.items() if k != "fr"}, findings, mentions, glossary)


PIECES = st.sampled_from(
    ["a", "Word", " ", "  ", "\n", "\n\n", ". ", "é", "中", "。", "-\n", "\u00ad\n", "<", "&amp;", "\x00", '"', "😀"]
)


@settings(max_examples=60, deadline=None)
@given(text=st.lists(PIECES, max_size=60).map("".join), language=st.sampled_from(["en", "zh"]), data=st.data())
def test_any_marks_leave_the_text_as_it_is(text: str, language: str, data: st.DataObject) -> None:
    version = segment(Document("d", language, text))
    span = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda ends: Span(min(ends), max(ends)))
    spans = st.lists(span, min_size=1, max_size=3).map(tuple)
    replacement = st.sampled_from([None, "", "fix"])
    findings = data.draw(
        st.lists(
            st.builds(Finding, st.sampled_from("xyz"), spans, st.just(0.5), st.just("safe"), replacement), max_size=5
        )
    )
    mentions = data.draw(
        st.lists(st.builds(Mention, st.just("c"), st.just(Term("c", "en", "noise")), spans), max_size=5)
    )
    beads = tuple(
        Bead(p.id, p.kind, {"d": p.spans}, sentences=tuple(Bead(s.id, s.kind, {"d": s.spans}) for s in sentences))
        for p, sentences, _ in version
    )
    page = Page(
        report.html(Alignment("d", (version.document,), beads), {"d": version}, {"d": findings}, {"d": mentions}, {})
    )
    assert not page.open
    assert [page.texts[row, "v0"] for row in page.rows] == [[shown(flow.text)] for flow in version.flows]
    if version.flows:
        assert page.repairs.count("→\u00a0fix") == sum(f.replacement == "fix" for f in findings)


A, B, C = (Mark((k,), name, "x", f"+{name}") for k, name in enumerate("abc"))

NESTING = [
    ("none", [], "text"),
    ("inside", [Placed(0, 4, A), Placed(1, 2, B)], "<a x>t<b x>e</b>+bxt</a>+a"),
    ("crossing", [Placed(0, 2, A), Placed(1, 3, B)], "<a x>t<b x data-on>e</b></a>+a<b x>x</b>+bt"),
    ("crossing, the later outside", [Placed(0, 2, B), Placed(1, 3, A)], "<b x data-on>t</b><a x><b x>e</b>+bx</a>+at"),
    ("side by side", [Placed(0, 2, A), Placed(2, 4, B)], "<a x>te</a>+a<b x>xt</b>+b"),
    ("same", [Placed(1, 3, A), Placed(1, 3, B)], "t<a x><b x>ex</b></a>+b+at"),
    ("a point", [Placed(2, 2, C)], "te<c x></c>+cxt"),
    ("beyond", [Placed(0, 9, A)], "<a x>text</a>+a"),
    ("goes on elsewhere", [Placed(2, 4, A, last=False)], "te<a x data-on>xt</a>"),
]


@pytest.mark.parametrize(("placed", "expected"), [pytest.param(p, e, id=name) for name, p, e in NESTING])
def test_marks_nest(placed: Sequence[Placed], expected: str) -> None:
    assert marked("text", ViewSpan(0, 4), placed) == expected


def test_marks_go_to_the_stretches_they_touch() -> None:
    stretches = [ViewSpan(0, 3), ViewSpan(5, 8)]
    found = spread([Placed(1, 6, A), Placed(5, 5, B), Placed(3, 4, C)], stretches)
    assert [[(p.mark.name, p.last) for p in items] for items in found] == [[("a", False)], [("a", True), ("b", True)]]


def spans(**places: int) -> dict[str, tuple[Span, ...]]:
    return {name: (Span(at, at + 1),) for name, at in places.items()}


ROWS = [
    ("pivot only", [spans(p=5), spans(p=1)], [1, 0]),
    ("after the one before in its version", [spans(p=1, a=1), spans(a=3), spans(p=2, a=5)], [0, 1, 2]),
    ("before everything", [spans(p=1, a=9), spans(a=0)], [1, 0]),
    ("a chain", [spans(p=1, a=1), spans(p=2, a=9), spans(a=4), spans(a=3)], [0, 3, 2, 1]),
    ("two versions at one place", [spans(p=1, a=1, b=1), spans(b=2), spans(a=2)], [0, 2, 1]),
    ("moved: where its version has it", [spans(p=1, a=5), spans(p=2, a=1), spans(a=6)], [0, 2, 1]),
    ("without any text", [{}, spans(p=1)], [1, 0]),
]


def alignment_of(places: Sequence[Mapping[str, tuple[Span, ...]]]) -> Alignment:
    beads = tuple(Bead(str(k), "body", found) for k, found in enumerate(places))
    return Alignment("p", tuple(Document(name, "en", "x" * 99) for name in "apb"), beads)


@pytest.mark.parametrize(("places", "order"), [pytest.param(p, o, id=name) for name, p, o in ROWS])
def test_row_order(places: Sequence[Mapping[str, tuple[Span, ...]]], order: Sequence[int]) -> None:
    assert [int(bead.id) for bead in row_order(alignment_of(places))] == list(order)


@given(st.lists(st.dictionaries(st.sampled_from("pab"), st.integers(0, 40), max_size=3), max_size=25))
def test_every_bead_has_one_place(places: list[dict[str, int]]) -> None:
    order = row_order(alignment_of([spans(**found) for found in places]))
    assert sorted(int(bead.id) for bead in order) == list(range(len(places)))
    starts = [bead.spans["p"][0].start for bead in order if "p" in bead.spans]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("places", "expected"),
    [([], set()), ([1, 2, 3], set()), ([1, 9, 2, 3], {"1"}), ([5, 1, 2, 3], {"0"}), ([3, 4, 5, 1, 2], {"3", "4"})],
)
def test_moved_beads_are_as_few_as_can_be(places: Sequence[int], expected: set[str]) -> None:
    beads = row_order(alignment_of([spans(p=k, a=at) for k, at in enumerate(places)]))
    assert moved(beads, "p", "a") == expected


def test_running_text_of_a_torn_paragraph() -> None:
    text = "one two\nFIGURE\nthree four\n"
    doc = Document("d", "en", text)
    torn = Segment("p1", "body", (Span(0, 8), Span(15, 25)))
    figure = Segment("p2", "caption", (Span(8, 14),))
    flow = Flow("one two three four", [*range(8), *range(15, 25)], frozenset({8}))
    running = Running(Segmented(doc, (torn, figure), ((torn,), (figure,)), (flow, Flow("FIGURE", range(8, 14)))))
    assert running.tears == [8]
    assert running.places(torn.spans) == [ViewSpan(0, 18)]
    assert running.places([Span(4, 20)]) == [ViewSpan(4, 8), ViewSpan(18, 24), ViewSpan(8, 13)]
    assert running.places([Span(14, 15)]) == []
    assert running.point(14) == 8
    assert running.point(26) == 24


def test_figures(parts: Parts) -> None:
    alignment, versions, findings, mentions, _ = parts
    assert figures.versions_per_paragraph(alignment, versions["zh"]) == {3: 2, 2: 1}
    assert figures.mean_score(alignment, "fr") == pytest.approx(0.4)
    assert figures.mean_score(alignment, "zh") is None
    assert figures.linked_characters(alignment, "en") == 1.0
    assert 0.5 < figures.linked_characters(alignment, "fr") < 1.0
    assert list(figures.noise_counts(findings)) == ["duplicate", "hyphenation", "split-word"]
    assert figures.concept_counts(mentions) == {"mountain-town": {"zh": 1, "en": 1}, "unlisted": {"en": 1}}


@pytest.mark.parametrize(("score", "grade"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.7, 2), (0.9, 3), (1.0, 3), (None, 2)])
def test_grades_of_scores(score: float | None, grade: int) -> None:
    assert grade_of(score) == grade
