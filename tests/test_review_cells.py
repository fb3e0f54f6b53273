"""What the page shows of rows: every character once and in its order, marks as they stand, counts, search, cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import concept
from tetrapla import pipeline
from tetrapla.errors import UnknownNameError
from tetrapla.glossary import Glossary, match
from tetrapla.model import Alignment, Bead, Concept, Document, Finding, Flow, Relation, Segment, Segmented, Span
from tetrapla.pipeline import Aligned
from tetrapla.review._cards import card
from tetrapla.review._cells import cells, original
from tetrapla.review._concepts import Concepts
from tetrapla.review._homes import Homes
from tetrapla.review._look import Look
from tetrapla.review._marks import said
from tetrapla.review._prepared import Places, Prepared, finding_key, glance, prepared
from tetrapla.review._quality import counts, named
from tetrapla.review._rows import Row
from tetrapla.review._runs import Run, origins
from tetrapla.review._search import search
from tetrapla.review._terms import changed, glossary_of
from tetrapla.segment import segment

ZH = "江上的石桥\n\n老陈每天走过石桥，看江水\n慢慢流走。他说：“今天会晴。”\n\n桥边有三个孩子。\n"
EN = (
    "The stone bridge over the river\n\nOld Chen crosses the stone bride every mor- ning and sees the river\nflow "
    "away. Each day hé says it will clear.\n\nThree children sit by the bridge.\n\nThree children sit by the bridge.\n"
)
RAW = {"zh": ZH, "en": EN}
BRIDGE = Concept(
    "bridge",
    concept("", en="stone bridge", en_noise="stone bride", fr="pont de pierre", zh="石桥").terms,
    {"en": "A way over a river, of stone."},
    (Relation("related", "river"),),
)
GLOSSARY = Glossary.of([BRIDGE, concept("river", en="river", zh="江"), concept("child", en="child", zh="孩子")])
Items = Mapping[str, Any]
Record = dict[str, Any]


def at(version: str, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = RAW[version].index(words, start + 1)
    return Span(start, start + len(words))


SIT = "Three children sit by the bridge."
END = at("en", "clear.").end
HYPHEN = Finding("hyphenation", (at("en", "mor- ning"),), 0.9, "safe", "morning")
TERM = Finding("broken-term", (at("en", "stone bride"),), 0.8, "review", "stone bridge", "bridge")
LACK = Finding("number-mismatch", (at("en", "Three"),), 0.7, "review")
END_LOST = Finding("truncation", (Span(END, END),), 0.6, "review", " Yes.")
COPY = Finding("duplicate", (at("en", SIT, 1),), 0.9, "review", "", kept=at("en", SIT))
FINDINGS = [HYPHEN, TERM, LACK, END_LOST, COPY]
KEY = {finding.type: finding_key("en", finding) for finding in FINDINGS}
ACCEPTED, REJECTED = {"decision": "accepted"}, {"decision": "rejected"}
EDITED = {"decision": "edited", "replacement": "other"}


def links() -> tuple[Bead, ...]:
    first = {
        "zh": (at("zh", "老陈每天走过石桥，看江水\n慢慢流走。"),),
        "en": (Span(at("en", "Old").start, at("en", "away.").end),),
    }
    second = {"zh": (at("zh", "他说：“今天会晴。”"),), "en": (at("en", "Each day hé says it will clear."),)}
    return tuple(Bead("", "body", spans, {"en": 0.8}) for spans in (first, second))


@cache
def alignment() -> Alignment:
    spans: dict[str, list[Span]] = {}
    for name, text in RAW.items():
        for paragraph in text.strip().split("\n\n"):
            before = spans.setdefault(name, [])
            start = text.index(paragraph, before[-1].end if before else 0)
            before.append(Span(start, start + len(paragraph)))
    beads = [Bead(f"b{k}", "body", {"en": (span,)}) for k, span in enumerate(spans["en"], start=1)]
    for k, span in enumerate(spans["zh"]):
        beads[k] = replace(beads[k], spans={"zh": (span,), **beads[k].spans})
    return Alignment("zh", tuple(Document(name, name, text) for name, text in RAW.items()), tuple(beads))


@cache
def texts() -> Prepared:
    return prepared(pipeline.reopen(alignment(), glossary=GLOSSARY), {"en": FINDINGS})


def rows() -> list[Row]:
    return [Row(bead.id, bead.kind, bead.spans, links=links() if bead.id == "b2" else ()) for bead in alignment().beads]


def look(items: Items | None = None, known: Prepared | None = None) -> Look:
    known = known or texts()
    concepts = Concepts(GLOSSARY, known, alignment(), items or {})
    return Look({doc.id: doc for doc in alignment().documents}, known, concepts, Homes(rows()), items or {})


def cell(row: str, version: str, items: Items | None = None) -> Record:
    (own,) = [own for own in rows() if own.id == row]
    (record,) = cells(look(items), [own], [version])
    return record


def sentences(record: Record) -> list[Record]:
    return [sentence for piece in record["pieces"] for sentence in piece["sentences"]]


def shown(record: Record) -> str:
    return "".join(run["t"] for sentence in sentences(record) for run in sentence["runs"])


def runs(record: Record, name: str) -> list[str]:
    """The texts of the runs that have a mark of a type, or of a concept."""
    (number,) = [k for k, mark in enumerate(record["marks"]) if name == mark.get("type", mark["concept"])]
    return [run["t"] for sentence in sentences(record) for run in sentence["runs"] if number in run["m"]]


def mark(record: Record, kind: str) -> Record:
    (one,) = [mark for mark in record["marks"] if mark.get("type") == kind]
    return dict(one)


# What stands in a cell


def test_a_cell_is_cleaned_text_in_linked_sentences() -> None:
    zh, en = cell("b2", "zh"), cell("b2", "en")
    assert shown(en) == (
        "Old Chen crosses the stone bride every morning and sees the river flow away. Each day hé says it will clear."
    )
    assert shown(zh) == "老陈每天走过石桥，看江水慢慢流走。他说：“今天会晴。”"
    assert [s["link"] for s in sentences(en)] == [s["link"] for s in sentences(zh)] == [0, 1]
    assert [s["score"] for s in sentences(en)] == [0.8, 0.8]
    assert [EN[slice(*s["spans"][0])] for s in sentences(en)][1] == "Each day hé says it will clear."
    (piece,) = en["pieces"]
    assert (piece["line"], piece["end_line"], piece["torn"], piece["from"]) == (3, 4, False, "lines 3–4")


def test_a_cell_where_there_is_nothing_is_none() -> None:
    assert [(c["row"], c["version"]) for c in cells(look(), rows(), ["zh", "en"])] == [
        ("b1", "zh"), ("b1", "en"), ("b2", "zh"), ("b2", "en"), ("b3", "zh"), ("b3", "en"), ("b4", "en"),
    ]  # fmt: skip


def test_sentences_without_a_counterpart_have_no_link() -> None:
    alone = Bead("", "body", {"en": (at("en", "Each day hé says it will clear."),)}, {"en": 0.9})
    (row,) = [replace(row, links=(links()[0], alone)) for row in rows() if row.id == "b2"]
    (record,) = cells(look(), [row], ["en"])
    assert [(s["link"], s["score"]) for s in sentences(record)] == [(0, 0.8), (None, None)]


def test_concepts_and_findings_overlap_and_are_named_alike_in_all_versions() -> None:
    record = cell("b2", "en")
    assert runs(record, "bridge") == runs(record, "broken-term") == ["stone bride"]
    named = [(m["name"], m["form"], m["status"]) for m in record["marks"] if m["concept"] == "bridge" and "form" in m]
    assert named == [("stone bridge", "stone bride", "noise")]
    assert [m["name"] for m in cell("b2", "zh")["marks"]] == ["石桥", "江"]


@pytest.mark.parametrize(
    ("kind", "value", "state", "run", "part"),
    [
        ("hyphenation", None, "applied", ["morning"], "every morning and"),
        ("hyphenation", REJECTED, "rejected", ["mor- ning"], "every mor- ning and"),
        ("hyphenation", {"decision": "edited", "replacement": "dawn"}, "edited", ["dawn"], "every dawn and"),
        ("broken-term", None, "offered", ["stone bride"], "the stone bride every"),
        ("broken-term", ACCEPTED, "applied", ["stone bridge"], "the stone bridge every"),
        ("broken-term", REJECTED, "rejected", ["stone bride"], "the stone bride every"),
        ("broken-term", {"decision": "edited", "replacement": "bridge"}, "edited", ["bridge"], "the bridge every"),
        ("broken-term", {"decision": "edited", "replacement": ""}, "edited", [""], "crosses the  every"),
        ("truncation", None, "offered", [""], "it will clear."),
        ("truncation", ACCEPTED, "applied", [" Yes."], "it will clear. Yes."),
    ],
)
def test_what_a_decision_shows(kind: str, value: Items | None, state: str, run: list[str], part: str) -> None:
    record = cell("b2", "en", {KEY[kind]: value})
    assert (mark(record, kind)["state"], runs(record, kind)) == (state, run)
    assert part in shown(record)
    assert "and sees the river flow" in shown(record)


def test_what_proposes_nothing_is_only_pointed_out() -> None:
    assert mark(cell("b3", "en"), "number-mismatch")["state"] == "flagged"
    assert mark(cell("b3", "en", {KEY["number-mismatch"]: ACCEPTED}), "number-mismatch")["state"] == "flagged"


@pytest.mark.parametrize(
    ("value", "texts", "states"),
    [
        (None, [SIT, SIT], [None, "offered"]),
        (ACCEPTED, [SIT, ""], [None, "applied"]),
        ({"decision": "accepted", "keep": "other"}, [SIT, ""], [None, "applied"]),
        ({"decision": "accepted", "keep": "this"}, ["", SIT], ["applied", "rejected"]),
        (REJECTED, [SIT, SIT], [None, "rejected"]),
    ],
)
def test_which_copy_goes(value: Items | None, texts: list[str], states: list[str | None]) -> None:
    records = [cell(row, "en", {KEY["duplicate"]: value}) for row in ("b3", "b4")]
    assert [shown(record) for record in records] == texts
    found = [[m for m in record["marks"] if m.get("type") == "duplicate"] for record in records]
    assert [own[0]["state"] if own else None for own in found] == states
    assert found[1][0]["kept"] == {"text": SIT, "row": "b3"}


def test_of_repairs_that_clash_the_one_that_a_reviewer_made_stands() -> None:
    whole = Finding("page-furniture", (at("en", "every mor- ning"),), 0.9, "review", "")
    known = prepared(pipeline.reopen(alignment(), glossary=GLOSSARY), {"en": [*FINDINGS, whole]})
    items = {finding_key("en", whole): ACCEPTED}
    (record,) = cells(look(items, known), [row for row in rows() if row.id == "b2"], ["en"])
    assert [mark(record, kind)["state"] for kind in ("page-furniture", "hyphenation")] == ["applied", "offered"]
    assert "stone bride  and sees" in shown(record)


def test_a_repair_that_the_checks_no_longer_find_stays() -> None:
    key = f"finding:en:broken-term:{at('en', 'Each day').start}-{at('en', 'Each day').end}"
    items = {
        key: {"decision": "accepted", "replacement": "Daily"},
        "finding:en:x:7-y": EDITED,
        "finding:en:x:8-9999": EDITED,
        "finding:en:": 3,
    }
    assert "Daily hé says" in (text := shown(cell("b2", "en", items)))
    assert "other" not in text


WAVE = Finding("ocr", (at("en", "river", 1), at("en", "Each")), 0.5, "review", "x")  # in two places
SAID: list[tuple[Finding, Items, Items]] = [
    (HYPHEN, ACCEPTED, {"replacement": "morning"}),
    (COPY, ACCEPTED, {"replacement": ""}),
    (COPY, {**ACCEPTED, "keep": "other"}, {"replacement": ""}),
    (COPY, {**ACCEPTED, "keep": "this"}, {"replacement": "", "spans": [[at("en", SIT).start, at("en", SIT).end]]}),
    (WAVE, ACCEPTED, {"replacement": "x", "spans": [[span.start, span.end] for span in WAVE.spans]}),
    (TERM, {**ACCEPTED, "replacement": "bridge"}, {}),  # which it says already
    (TERM, EDITED, {}),
    (TERM, REJECTED, {}),
    (LACK, ACCEPTED, {}),  # there is none
]


@pytest.mark.parametrize(("finding", "value", "more"), SAID)
def test_a_decision_on_a_finding_stands_without_the_finding(finding: Finding, value: Items, more: Items) -> None:
    def known(*findings: Finding) -> Prepared:
        return prepared(pipeline.reopen(alignment(), glossary=GLOSSARY), {"en": findings})

    def shows(known: Prepared, value: Items) -> list[str]:
        return [shown(record) for record in cells(look({key: value}, known), rows(), ["en"])]

    key, found = finding_key("en", finding), known(finding)
    told = said(key, value, found.texts)
    assert told == {**value, **more}
    assert said(key, told, found.texts) == told
    assert shows(found, told) == shows(found, value) == shows(known(), told)
    assert said(key, None, found.texts) is None
    assert said(key, value, known().texts) == said(key, value, {}) == value


@pytest.mark.parametrize("spans", [[[0, 9999]], [[4, 3]], [["0", "3"]], [7], [], 7, None])
def test_a_journal_that_somebody_has_changed_says_no_such_place(spans: Any) -> None:
    told = {"finding:en:x:0-3": {**EDITED, "spans": spans}}
    assert shown(cell("b1", "en", told)) == shown(cell("b1", "en"))


def test_before_the_checks_have_run_there_is_the_text() -> None:
    known = glance(alignment())
    assert (known.checked, texts().checked) == (False, True)
    (record,) = cells(look({}, known), [row for row in rows() if row.id == "b2"], ["en"])
    assert "every mor- ning and sees the river flow" in shown(record)
    assert record["marks"] == []


def test_pieces_of_a_torn_paragraph_say_where_they_are_from() -> None:
    text = "one two\nFIGURE\nthree four\n"
    doc = Document("en", "en", text)
    torn = Segment("p1", "body", (Span(0, 8), Span(15, 25)))
    figure = Segment("p2", "caption", (Span(8, 14),))
    flows = (Flow("one two three four", [*range(8), *range(15, 25)], frozenset({8})), Flow("FIGURE", range(8, 14)))
    version = Segmented(doc, (torn, figure), ((torn,), (figure,)), flows)
    made = Alignment("en", (doc,), (Bead("b1", "body", {"en": torn.spans}),))
    word = Finding("split-word", (Span(4, 7), Span(15, 20)), 0.9, "review", "twofold")
    known = prepared(Aligned({"en": version}, made, GLOSSARY, {"en": ()}), {"en": [word]})
    row = Row("b1", "body", {"en": torn.spans})
    items = {finding_key("en", word): ACCEPTED}
    for decided, words in (({}, ["one two ", "three four"]), (items, ["one twofold", " four"])):
        concepts = Concepts(GLOSSARY, known, made, {})
        (record,) = cells(Look({"en": doc}, known, concepts, Homes([row]), decided), [row], ["en"])
        assert [shown({"pieces": [piece]}) for piece in record["pieces"]] == words
    assert [(p["from"], p["torn"], p["span"]) for p in record["pieces"]] == [
        ("line 1, part 1 of 2 of a torn paragraph", True, [0, 7]),
        ("line 3, part 2 of 2 of a torn paragraph", True, [15, 25]),
    ]


def test_the_original_is_lines_by_number() -> None:
    doc = Document("en", "en", "one\r\n two \n\nthree\x00\n")
    row = Row("b1", "body", {"en": (Span(12, 18), Span(1, 9))})
    assert original(doc, row)["pieces"] == [
        {"span": [12, 18], "lines": [{"number": 4, "text": "three␀"}]},
        {"span": [1, 9], "lines": [{"number": 1, "text": "ne"}, {"number": 2, "text": " two"}]},
    ]


def test_a_text_is_shown_and_no_more() -> None:
    doc = Document("en", "en", "<script>alert(1)</script> & \x07\ud800")
    made = Alignment("en", (doc,), ())
    row = Row("b1", "body", {"en": (Span(0, len(doc.text)),)})
    known = glance(made)
    (record,) = cells(Look({"en": doc}, known, Concepts({}, known, made, {}), Homes([row]), {}), [row], ["en"])
    assert shown(record) == "<script>alert(1)</script> & ␇\ufffd"


WORDS = ["a", "bee ", "sea", ". ", "\n", "  ", "\n\n", "云。", "山", " - ", "😀", "1"]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Document, list[Row], list[Finding], Items]:
    """A text whose stretches stand in any rows in any order, with findings that do not overlap, some decided on."""
    text = "x" + "".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30)))
    language = draw(st.sampled_from(["en", "zh"]))
    cuts = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=6))})
    spans = draw(st.permutations([Span(a, b) for a, b in pairwise(cuts)]))
    ends = sorted({0, len(spans), *draw(st.lists(st.integers(0, len(spans)), max_size=2))})
    made = [Row(f"b{a}", "body", {language: tuple(spans[a:b])}) for a, b in pairwise(ends)]
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    found, items = [], {}
    for a, b in zip(borders[::2], borders[1::2], strict=False):
        if text[a:b].strip():
            found.append(Finding("split-word", (Span(a, b),), 0.9, "review", draw(st.sampled_from([None, "", "new"]))))
            items[finding_key(language, found[-1])] = draw(st.sampled_from([None, ACCEPTED, REJECTED]))
    return Document(language, language, text), made, found, items


@given(worlds())
def test_every_character_is_shown_once_in_the_order_of_the_row(
    world: tuple[Document, list[Row], list[Finding], Items],
) -> None:
    doc, made, found, items = world
    alignment = Alignment(doc.id, (doc,), ())
    known = prepared(pipeline.reopen(alignment, glossary=Glossary.of([])), {doc.id: found})
    now = Look({doc.id: doc}, known, Concepts({}, known, alignment, {}), Homes(made), items)
    replaced: dict[int, str] = {}  # what stands for a raw character that a repair is made on
    for finding in found:
        if items[finding_key(doc.id, finding)] == ACCEPTED and finding.replacement is not None:
            read = [k for k in range(finding.start, finding.end) if not doc.text[k].isspace()]
            replaced |= dict.fromkeys(range(finding.start, finding.end), "") | {read[0]: finding.replacement}
    for row in made:
        expected = [replaced.get(k, doc.text[k]) for span in row.spans[doc.id] for k in range(span.start, span.end)]
        (record,) = cells(now, [row], [doc.id])
        assert "".join(shown(record).split()) == "".join("".join(expected).split())
        own = {k for span in row.spans[doc.id] for k in range(span.start, span.end)}
        for start, end in (span for sentence in sentences(record) for span in sentence["spans"]):
            assert all(k in own or doc.text[k].isspace() for k in range(start, end))


# From the text of a sentence back to the file


def units(text: str) -> int:
    """How long JavaScript says that a text is."""
    return len(text.encode("utf-16-le")) // 2


def raw_of(sentence: Record, start: int, end: int) -> Span:
    """The raw stretch of a stretch of a sentence's text, in code points, as the page works it out."""
    text = "".join(run["t"] for run in sentence["runs"])
    at = {units(text[:k]): k for k in range(len(text) + 1)}

    def origin(index: int, of: int) -> tuple[int, int]:
        known = [item for item in sentence["map"] if item[0] <= units(text[:of])][-1]
        start, *end = known[1:]
        return (start, end[0]) if end else (start + index - at[known[0]],) * 2

    ((first, last),) = sentence["spans"]
    low = first if start == 0 else origin(start, start)[0]
    high = last if end == len(text) else origin(end, end - 1)[1]
    low = min(max(low, first), last)
    return Span(low, max(low, min(high, last)))


def test_a_part_of_a_sentence_is_found_in_the_file() -> None:
    first, second = sentences(cell("b2", "en", {KEY["truncation"]: ACCEPTED}))
    for words, raw in [
        ("Old Chen", "Old Chen"),
        ("every morning and", "every mor- ning and"),
        ("ning", "mor- ning"),  # of what a repair is made on all goes
        ("the river flow", "the river\nflow"),
        ("flow away. ", "flow away."),  # a blank between two sentences goes with none
    ]:
        start = "".join(run["t"] for run in first["runs"]).index(words)
        span = raw_of(first, start, start + len(words))
        assert EN[span.start : span.end] == raw
    length = sum(len(run["t"]) for run in second["runs"])
    assert raw_of(second, length - len(" Yes."), length) == Span(END, END)  # this is not there to be moved


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([("one two", 4, False)], [[0, 4]]),
        ([("one", 4, False), (" two", 7, False)], [[0, 4]]),
        ([("one ", 4, False), ("two", 9, False)], [[0, 4], [4, 9]]),
        ([("one ", 4, False), ("new", 8, True), (" end", 11, False)], [[0, 4], [4, 8, 11], [7, 11]]),
        ([("one", 4, False), ("", 7, True), ("end", 11, False)], [[0, 4], [3, 11]]),
        ([("\U0001f600 a", 4, False), ("\U0001f600", 9, True), ("b", 10, False)], [[0, 4], [4, 9, 10], [6, 10]]),
    ],
)
def test_a_map_counts_as_javascript_does(texts: list[tuple[str, int, bool]], expected: list[list[int]]) -> None:
    offsets: list[int] = []
    made = []
    for text, offset, new in texts:
        size = max(len(text), 1)
        made.append(Run(text, (), len(offsets), len(offsets) + size, new))
        offsets += range(offset, offset + size)
    assert origins(made, offsets) == expected


def test_what_is_put_in_comes_from_nowhere_in_the_file() -> None:
    offsets = [4, 5, 9]
    put_in = Run(" Yes.", (0,), 2, 2, True)
    assert origins([Run("ab", (), 0, 2, False), put_in, Run("c", (), 2, 3, False)], offsets) == [
        [0, 4],
        [2, 6, 6],
        [7, 9],
    ]


@given(worlds(), st.data())
def test_every_part_of_a_sentence_is_found_in_the_file(
    world: tuple[Document, list[Row], list[Finding], Items], data: st.DataObject
) -> None:
    doc, made, found, items = world
    alignment = Alignment(doc.id, (doc,), ())
    known = prepared(pipeline.reopen(alignment, glossary=Glossary.of([])), {doc.id: found})
    now = Look({doc.id: doc}, known, Concepts({}, known, alignment, {}), Homes(made), items)
    running = known.texts[doc.id].running
    repaired = [
        s for f in found for s in f.spans if items[finding_key(doc.id, f)] == ACCEPTED and f.replacement is not None
    ]
    for sentence in (one for record in cells(now, made, [doc.id]) for one in sentences(record)):
        text = "".join(run["t"] for run in sentence["runs"])
        if not text:
            continue
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        ((first, last),) = sentence["spans"]
        span = raw_of(sentence, start, end)
        if not text[start:end].strip():
            continue
        assert first <= span.start <= span.end <= last
        touched = [one for one in repaired if one.start < last and first < one.end]
        # A repair may begin in the blanks around a sentence, which its spans leave out.
        before = len(doc.text[:first].rstrip())
        after = len(doc.text) - len(doc.text[last:].lstrip())
        if not any(one.start < after and before < one.end for one in repaired):
            read = "".join(running.text[place.start : place.end] for place in running.places([span]))
            assert read.strip() == text[start:end].strip()
        for one in touched:  # what is repaired goes as a whole or not at all
            whole = {k for k in range(max(first, one.start), min(last, one.end)) if not doc.text[k].isspace()}
            assert whole & set(range(span.start, span.end)) in (set(), whole)


# Which row holds what


@given(st.lists(st.integers(0, 12), min_size=2, max_size=8), st.lists(st.integers(0, 14), min_size=2, max_size=4))
def test_a_stretch_belongs_to_the_row_that_holds_most_of_it(cuts: list[int], ends: list[int]) -> None:
    made = [
        Row(f"b{k}", "body", {"en": (Span(a, b),)}) for k, (a, b) in enumerate(pairwise(sorted(set(cuts)))) if k != 1
    ]
    homes = Homes(made)
    spans = [Span(a, b) for a, b in pairwise(sorted(ends))]
    shares = {
        number: sum(max(0, min(s.end, r.spans["en"][0].end) - max(s.start, r.spans["en"][0].start)) for s in spans)
        for number, r in enumerate(made)
    }
    (home,) = homes.rows_of("en", Places([spans])).tolist()
    if any(shares.values()):
        assert shares[home] == max(shares.values())
    for offset in range(15):
        own = [row.id for row in made if row.spans["en"][0].start <= offset < row.spans["en"][0].end]
        assert homes.row_at("en", offset) == (own[0] if own else None)
    assert homes.row_at("xx", 0) is None


def test_findings_count_until_they_are_decided_on() -> None:
    assert counts(look()) == {
        "b2": {"en": {"hyphenation": 1, "broken-term": 1, "truncation": 1, "inconsistent": 1}},
        "b3": {"en": {"number-mismatch": 1}},
        "b4": {"en": {"duplicate": 1}},
    }
    decided = look({KEY["broken-term"]: REJECTED, KEY["truncation"]: ACCEPTED, KEY["duplicate"]: ACCEPTED})
    assert counts(decided, {"b2", "b4"}) == {"b2": {"en": {"hyphenation": 1, "inconsistent": 1}}}
    assert named(look()) == {"b1": [0, 1], "b2": [0, 1], "b3": [2]}
    assert named(look(), {"b3"}) == {"b3": [2]}


def test_the_original_is_consistent_whatever_it_says() -> None:
    assert len(Concepts(GLOSSARY, texts(), alignment(), {}).inconsistent("en")) == 1
    original = replace(alignment(), pivot="en")
    assert list(Concepts(GLOSSARY, texts(), original, {}).inconsistent("en")) == []


# Concepts


def test_a_status_that_is_set_shows_at_once() -> None:
    items = {"term:bridge:en:stone bride": {"status": "admitted"}}
    record = cell("b2", "en", items)
    assert [m["status"] for m in record["marks"] if m.get("form") == "stone bride"] == ["admitted"]
    assert "inconsistent" in counts(look(items))["b2"]["en"]  # the version has a preferred form as often
    changed_back = {"term:bridge:en:stone bridge": {"status": "deprecated"}, **items}
    assert "inconsistent" not in counts(look(changed_back))["b2"]["en"]
    assert counts(look(changed_back))["b1"] == {"en": {"inconsistent": 1}}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({}, {"stone bridge": "preferred", "stone bride": "noise"}),
        ({"term:bridge:en:stone bride": None}, {"stone bridge": "preferred", "stone bride": "noise"}),
        (
            {"term:bridge:en:stone bride": {"status": "deprecated", "damage": "ocr"}},
            {"stone bridge": "preferred", "stone bride": "deprecated"},
        ),
        (
            {"term:bridge:en:old bridge": {"status": "preferred"}},
            {"stone bridge": "admitted", "stone bride": "noise", "old bridge": "preferred"},
        ),
        ({"term:ferry:en:ferry": {"status": "preferred"}}, {"stone bridge": "preferred", "stone bride": "noise"}),
        (
            {"term:bridge:en:a:b": {"status": "noise"}},
            {"stone bridge": "preferred", "stone bride": "noise", "a:b": "noise"},
        ),
    ],
)
def test_what_the_ledger_makes_of_the_glossary(items: Items, expected: Mapping[str, str]) -> None:
    concepts = changed(GLOSSARY, items)
    assert {term.form: term.status for term in concepts["bridge"].terms if term.language == "en"} == expected
    assert list(concepts) == list(GLOSSARY)
    assert dict(glossary_of(concepts)) == concepts


@pytest.mark.parametrize(
    ("key", "document", "expected"),
    [
        ("term:bridge:en:bridge", "en", ["stone bridge", "stone bride", "bridge", "bridge"]),
        ("term:river:en:flows", "en", ["river", "river", "flow"]),
        ("term:river:zh:江水", "zh", ["江", "江水"]),
        ("term:river:fr:flow", "en", []),
        ("term:river:en:lake", "en", []),
    ],
)
def test_a_form_that_is_added_is_found_as_if_it_had_been_there(key: str, document: str, expected: list[str]) -> None:
    items = {key: {"status": "admitted"}}
    now = Concepts(GLOSSARY, texts(), alignment(), items)
    name = key.split(":")[1]
    added = [m for m in now.mentions[document] if m.concept == name]
    if expected:
        assert [m.matched for m in added] == expected
    anew = glossary_of(changed(GLOSSARY, items))
    (version,) = [segment(doc) for doc in alignment().documents if doc.id == document]
    assert [(m.spans, m.concept) for m in now.mentions[document]] == [
        (m.spans, m.concept) for m in match(version, anew)
    ]


def test_a_form_that_was_matched_with_the_texts_goes_when_it_is_taken_back() -> None:
    items = {"term:river:en:flows": {"status": "admitted"}}
    anew = glossary_of(changed(GLOSSARY, items))
    known = replace(prepared(pipeline.reopen(alignment(), glossary=anew)), forms=frozenset([("river", "en", "flows")]))
    assert [m.matched for m in known.mentions["en"] if m.concept == "river"] == ["river", "river", "flow"]
    assert Concepts(GLOSSARY, known, alignment(), items).mentions == known.mentions
    assert Concepts(GLOSSARY, known, alignment(), {}).mentions == texts().mentions


def test_a_form_of_two_concepts_means_what_the_aligned_passages_say() -> None:
    items = {"term:child:en:river": {"status": "preferred"}}
    now = Concepts(GLOSSARY, texts(), alignment(), items)
    rivers = [m for m in now.mentions["en"] if m.matched == "river"]
    assert [(m.concept, [o.concept for o in m.others]) for m in rivers] == [("river", ["child"])] * 2


def test_a_card_tells_forms_counts_relations_and_rows() -> None:
    told = card(look({"term:bridge:en:bridge": {"status": "deprecated"}}), "bridge")
    assert (told["name"], told["definition"]) == ("stone bridge", {"en": "A way over a river, of stone."})
    assert [(t["form"], t["status"], t["counts"], t["yours"]) for t in told["terms"] if t["language"] == "en"] == [
        ("stone bridge", "preferred", {"en": 1}, False),
        ("bridge", "deprecated", {"en": 2}, True),
        ("stone bride", "noise", {"en": 1}, False),
    ]
    assert told["counts"] == {"zh": 2, "en": 4}
    assert told["relations"] == [{"label": "related", "id": "river", "name": "river"}]
    assert told["rows"] == ["b1", "b2", "b3", "b4"]
    with pytest.raises(UnknownNameError, match="bridge"):
        card(look(), "brigde")


# Search


@pytest.mark.parametrize(
    ("sought", "versions", "expected"),
    [
        ("STONE BRIDGE", ["en"], ["b1"]),
        ("he says", ["en"], ["b2"]),  # the text has an accent
        ("thé river", ["en"], ["b1", "b2"]),  # what is sought has one
        ("river flow", ["en"], ["b2"]),  # across the end of a line
        ("江水慢慢", ["zh"], ["b2"]),
        ("江水 慢慢", ["zh", "en"], ["b2"]),
        ("every morning", ["en"], ["b2"]),  # as it reads after the repair
        ("mor- ning", ["en"], ["b2"]),  # as it stands in the file
        ("bridge", ["zh"], []),
        ("bridge.", ["en"], ["b3", "b4"]),
        ("bridg.", ["en"], []),
        ("children  sit", ["en"], ["b3", "b4"]),
        ("  ", ["en"], []),
        ("", ["en"], []),
        ("桥", ["zh", "en"], ["b1", "b2", "b3"]),
    ],
)
def test_search(sought: str, versions: list[str], expected: list[str]) -> None:
    assert search(look(), sought, versions) == expected


def test_search_finds_accents_that_are_set_apart() -> None:
    doc = Document("fr", "fr", "La e\u0301cole est fermée.\n\nUn pont.\n")
    made = Alignment("fr", (doc,), ())
    row = [Row("b1", "body", {"fr": (Span(0, 23),)}), Row("b2", "body", {"fr": (Span(23, len(doc.text)),)})]
    known = glance(made)
    now = Look({"fr": doc}, known, Concepts({}, known, made, {}), Homes(row), {})
    assert [search(now, words, ["fr"]) for words in ("ÉCOLE", "ecole est", "fermee", "un pont")] == [
        ["b1"], ["b1"], ["b1"], ["b2"],
    ]  # fmt: skip


@given(worlds(), st.data())
def test_search_finds_whatever_a_cell_shows(
    world: tuple[Document, list[Row], list[Finding], Items], data: st.DataObject
) -> None:
    doc, _, found, items = world
    row = Row("all", "body", {doc.id: (Span(0, len(doc.text)),)})
    made = Alignment(doc.id, (doc,), ())
    known = prepared(pipeline.reopen(made, glossary=Glossary.of([])), {doc.id: found})
    now = Look({doc.id: doc}, known, Concepts({}, known, made, {}), Homes([row]), items)
    (record,) = cells(now, [row], [doc.id])
    text = shown(record)
    start = data.draw(st.integers(0, len(text)))
    words = text[start : start + data.draw(st.integers(1, 12))]
    assert search(now, words, [doc.id]) == (["all"] if words.strip() else [])
    assert search(now, f"{words}Ω", [doc.id]) == []


def test_what_is_no_form_of_a_known_concept_changes_no_glossary() -> None:
    value = {"status": "preferred"}
    for key in ("term:", "term:x", f"term:{BRIDGE.id}", f"term:{BRIDGE.id}:en", f"term:{BRIDGE.id}:en:", "note:b1"):
        assert changed({BRIDGE.id: BRIDGE}, {key: value}) == {BRIDGE.id: BRIDGE}
