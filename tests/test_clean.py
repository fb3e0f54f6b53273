from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import CHARACTERS, documents, edits
from tetrapla import checks, clean
from tetrapla.clean.compose import composed
from tetrapla.clean.layout import joins, unwraps, wraps
from tetrapla.clean.parts import parts_of
from tetrapla.errors import EditError, UnknownNameError
from tetrapla.model import Document, Edit, Finding, Grade, Segmented, Span, View
from tetrapla.segment import segment
from tetrapla.settings import parse


def document(text: str, language: str = "en") -> Document:
    return Document("doc", language, text, "doc.txt")


def found(
    kind: str,
    start: int,
    end: int,
    replacement: str | None,
    *,
    score: float = 0.9,
    grade: Grade = "safe",
) -> Finding:
    return Finding(kind, (Span(start, end),), score, grade, replacement)


def accepted(text: str, *findings: Finding, review: bool = False, min_score: float = 0.5) -> str:
    doc = document(text)
    return View(doc, clean.accept(doc, findings, review=review, min_score=min_score)).text


# ------------------------------------------------------------------------------------------------------------ accept


def test_accept_takes_safe_findings_only() -> None:
    a, b = found("x", 0, 1, "A"), found("y", 2, 3, "B", grade="review")
    assert accepted("a b", a, b) == "A b"
    assert accepted("a b", a, b, review=True) == "A B"


def test_accept_takes_review_findings_from_a_score_on() -> None:
    low = found("x", 0, 1, "A", grade="review", score=0.4)
    assert accepted("a b", low, review=True) == "a b"
    assert accepted("a b", low, review=True, min_score=0.4) == "A b"


def test_accept_never_applies_a_finding_without_a_replacement() -> None:
    assert accepted("a b", found("x", 0, 1, None), review=True) == "a b"


@pytest.mark.parametrize(("only", "skip", "expected"), [(["x"], [], "A b"), (None, ["x"], "a B"), ([], [], "a b")])
def test_accept_chooses_by_type(only: list[str] | None, skip: list[str], expected: str) -> None:
    doc = document("a b")
    chosen = clean.accept(doc, [found("x", 0, 1, "A"), found("y", 2, 3, "B")], only=only, skip=skip)
    assert View(doc, chosen).text == expected


def test_a_finding_that_covers_others_replaces_them() -> None:
    inner, outer = found("x", 2, 3, "B", score=1.0), found("y", 0, 5, "all", score=0.6)
    assert accepted("a b c", inner, outer) == "all"


def test_of_two_findings_that_cross_the_better_score_wins() -> None:
    left, right = found("x", 0, 3, "L", score=0.7), found("y", 2, 5, "R", score=0.8)
    assert accepted("a b c", left, right) == "a R"


def test_what_a_loser_covered_is_still_repaired() -> None:
    inner, loser, winner = (
        found("x", 0, 1, "A", score=0.6),
        found("y", 0, 3, "L", score=0.7),
        found("z", 2, 5, "R", score=0.9),
    )
    assert accepted("a b c", inner, loser, winner) == "A R"


def test_a_finding_in_pieces_is_replaced_at_the_first() -> None:
    doc = document("one two three")
    torn = Finding("x", (Span(8, 13), Span(0, 3)), 0.9, "safe", "3")
    assert View(doc, clean.accept(doc, [torn])).text == "two 3"


def test_spans_of_a_finding_that_claim_the_same_blanks_or_each_other() -> None:
    doc = document("x aa bb. y")
    beside = Finding("x", (Span(2, 4), Span(5, 7)), 0.9, "safe", "")
    assert "aa" not in View(doc, clean.accept(doc, [beside])).text
    twice = Finding("x", (Span(2, 4), Span(2, 4)), 0.9, "safe", "")
    assert View(doc, clean.accept(doc, [twice])).text == "x bb. y"


def test_a_finding_of_another_text_is_refused() -> None:
    with pytest.raises(EditError, match="beyond the text"):
        clean.accept(document("a"), [found("x", 0, 9, "")])


@pytest.mark.parametrize(
    ("text", "gone", "expected"),
    [
        ("one two three", "two", "one three"),
        ("one two, three", "two", "one, three"),
        ("one two\nthree", "two", "one\nthree"),
        ("one\ntwo three", "two", "one\nthree"),
        ("one\n\n12\n\nthree", "12", "one\n\nthree"),
        ("one\n12\n\nthree", "12", "one\n\nthree"),
        ("12\n\nthree", "12", "three"),
        ("one\n\n12\n", "12", "one\n"),
        ("one 12", "12", "one"),
        ("one(two)", "two", "one()"),
        ("中文三中文", "三", "中文中文"),
    ],
)
def test_what_goes_takes_the_blanks_of_one_side_along(text: str, gone: str, expected: str) -> None:
    at = text.index(gone)
    assert accepted(text, found("x", at, at + len(gone), "")) == expected


# ------------------------------------------------------------------------------------------------------------ layout

WRAPPED = (
    "The well in the yard gave water all through the long and dry summer of\n"
    "that year, and nobody in the village could say from where it took it;\n"
    "the old people said that a river ran below the hill, deep and cold.\n"
    "\n"
    "In the second year the well was dry by May, and the people went to the\n"
    "mill to fetch water, with carts, with mules, and some with their hands."
)


def joined(text: str, language: str = "en") -> str:
    segmented = segment(document(text, language))
    return View(segmented.document, clean.layout(segmented)).text


def test_layout_joins_the_lines_of_a_paragraph_and_keeps_paragraphs_apart() -> None:
    first, second = WRAPPED.split("\n\n")
    assert joined(WRAPPED) == first.replace("\n", " ") + "\n\n" + second.replace("\n", " ")


def test_layout_drops_soft_hyphens_and_keeps_real_ones() -> None:
    text = WRAPPED.replace("summer of\nthat", "sum\u00ad\nmer of that").replace("to the\nmill", "to the water-\nmill")
    assert "summer of that" in joined(text)
    assert "the water-mill" in joined(text)


def test_layout_joins_chinese_lines_without_a_blank() -> None:
    lines = [
        "村里的井在那个漫长而干燥的夏天一直",
        "有水，谁也说不清水从哪里来，老人们",
        "说山下有一条又深又冷的河流过，人们",
        "都相信这个说法。",
    ]
    assert joined("\n\n".join(lines), "zh") == "".join(lines)


def test_layout_leaves_what_is_on_one_line() -> None:
    assert clean.layout(segment(document("One line.\n\nAnother line.\n"))) == []


# ------------------------------------------------------------------------------------------------------------- clean


def test_clean_prefers_a_repair_to_joining_the_lines_that_it_covers() -> None:
    text = WRAPPED.replace("summer of\nthat", "sum-\nmer of that")
    at = text.index("sum-")
    view = clean.clean(segment(document(text)), [found("hyphenation", at, at + 8, "summer")])
    assert "dry summer of that" in view.text
    assert {edit.rule for edit in view.edits} == {"hyphenation", "line-join"}


def test_only_applies_nothing_else_not_even_to_lines() -> None:
    segmented = segment(document(WRAPPED))
    assert clean.clean(segmented, [found("duplicate", 0, 4, "")], only=["duplicate"]).text == WRAPPED[4:]
    assert clean.clean(segmented, [], keep_lines=True).text == WRAPPED
    assert clean.clean(segmented, [], skip=["line-join"]).text == WRAPPED


def test_clean_refuses_names_that_are_none() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'duplicate'"):
        clean.clean(segment(document("a")), only=["duplicat"])


def test_clean_leaves_a_text_alone_whose_repairs_go_in_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    def restless(segmented: Segmented, **_: object) -> list[Finding]:
        text = segmented.document.text
        flips = [
            found("duplicate", m.start(), m.end(), "b" if m.group() == "a" else "a") for m in re.finditer("[ab]", text)
        ]
        return [*flips, *(found("dangling", m.start(), m.end(), "y") for m in re.finditer("x", text))]

    monkeypatch.setattr(checks, "run", restless)
    once = clean.clean(segment(document("a x b")))
    assert once.text == "a y b"
    assert clean.clean(segment(document(once.text))).text == once.text


def test_apply_is_a_view() -> None:
    doc = document("one two")
    assert clean.apply(doc, [Edit(Span(0, 3), "one", "1", "x")]).text == "1 two"


# -------------------------------------------------------------------------------------------------------------- undo

LOG = [Edit(Span(0, 3), "one", "1", "x"), Edit(Span(4, 8), "two ", "", "y"), Edit(Span(13, 13), "", "!", "z")]


def test_undo_gives_the_raw_text_back() -> None:
    assert clean.undo("1 three!", LOG) == "one two three"


@pytest.mark.parametrize(("name", "expected"), [(0, "one three!"), (1, "1 two three!"), (2, "1 three")])
def test_undo_of_one_edit_leaves_the_others(name: int, expected: str) -> None:
    assert clean.undo("1 three!", LOG, [LOG[name].id]) == expected


def test_undo_refuses_another_text_and_another_edit() -> None:
    with pytest.raises(EditError, match="does not stand"):
        clean.undo("2 three!", LOG)
    with pytest.raises(UnknownNameError, match="no edit is called"):
        clean.undo("1 three!", LOG, ["0-3-hyphenation"])


# -------------------------------------------------------------------------------------------------------------- diff


def test_diff_shows_lines() -> None:
    doc = document("".join(f"line {k}\n" for k in range(9)))
    view = View(doc, [Edit(Span(28, 34), "line 4", "row 4", "x")])
    assert clean.diff(view) == (
        "--- doc.txt\n+++ doc.txt (cleaned)\n@@ -2,7 +2,7 @@\n line 1\n line 2\n line 3\n-line 4\n+row 4\n"
        " line 5\n line 6\n line 7\n"
    )


def test_diff_of_nothing_is_empty() -> None:
    assert clean.diff(View(document("a\n"))) == ""


def patched(text: str, diff: str) -> str:
    """Return a text with a unified diff applied, as patch(1) would; lines that the diff names must stand there."""
    lines, out, at = re.findall(r"[^\n]*\n|[^\n]+", text), [], 0
    body = re.sub(r"\n\\ No newline at end of file\n", "\0", diff)
    for line in re.findall(r"[^\n\0]*[\n\0]", body)[2:]:
        kind, rest = line[0], line[1:].replace("\0", "")
        if kind == "@":
            match = re.match(r"@@ -(\d+),(\d+)", line)
            assert match
            start = int(match.group(1)) - (match.group(2) != "0")
            out += lines[at:start]
            at = start
            continue
        if kind in " -":
            assert lines[at] == rest
            at += 1
        if kind in " +":
            out.append(rest)
    return "".join([*out, *lines[at:]])


@st.composite
def views(draw: st.DrawFn) -> View:
    text = draw(st.text(st.sampled_from("ab \n\n"), max_size=60))
    doc = document(text)
    return View(doc, draw(edits(doc)))


@given(views())
def test_diff_can_be_applied(view: View) -> None:
    plain = [edit.replacement.replace("\0", "").replace("\\", "") == edit.replacement for edit in view.edits]
    if all(plain):
        diff = clean.diff(view)
        assert patched(view.document.text, diff) == view.text if diff else view.text == view.document.text


def test_settings_go_for_findings_that_are_given_too() -> None:
    settings = parse({"types": {"hyphenation": {"enabled": False}}})
    segmented = segment(document(WRAPPED))
    given = [found("hyphenation", 0, 3, "A")]
    assert clean.clean(segmented, given, keep_lines=True).text.startswith("A well")
    assert clean.clean(segmented, given, keep_lines=True, settings=settings).text == WRAPPED


def test_a_join_over_a_blank_line_is_for_review() -> None:
    torn = WRAPPED.replace("summer of\n", "summer of\n\n")
    blanks = [edit.grade for edit in joins(segment(document(torn))) if "\n\n" in edit.original]
    assert blanks in ([], ["review"])
    assert "summer of\n\n" in clean.clean(segment(document(torn))).text
    # What stands in clean texts that are not wrapped: a sentence that goes on behind a blank line, as in a list.
    listed = (
        "We looked at all the wells of the valley, at those that had run dry and\n\nthose that had not.\n\nThe end.\n"
    )
    assert clean.clean(segment(document(listed))).edits == ()


# A figure with its caption stands in the middle of a paragraph.
HEAD = "The wells\n\n1 The old well\n\n"
TORN = HEAD + WRAPPED.replace(" ran below", "\n\nFigure 3. The yard\n\nran below")


def test_rejoin_puts_torn_paragraphs_together() -> None:
    first, second = (paragraph.replace("\n", " ") for paragraph in WRAPPED.split("\n\n"))
    whole = clean.clean(segment(document(TORN)), rejoin=True)
    assert whole.text == f"{HEAD}{first}\n\nFigure 3. The yard\n\n{second}"
    assert clean.undo(whole.text, whole.edits) == TORN
    assert clean.clean(segment(document(TORN)), review=True).text == whole.text
    for choice in ({}, {"review": True, "skip": ["rejoin"]}):
        apart = clean.clean(segment(document(TORN)), **choice).text.split("\n\n")  # type: ignore[arg-type]
        assert apart[3] == "Figure 3. The yard"
        assert apart[4].startswith("ran below")


@pytest.mark.parametrize(
    ("text", "language", "width", "expected"),
    [
        ("one two three four", "en", 9, "one two\nthree\nfour"),
        ("one two three four", "en", 80, "one two three four"),
        ("a-word-that-is-too-long for it", "en", 10, "a-word-that-is-too-long\nfor it"),
        ("村里的井在那个，漫长而干燥。", "zh", 14, "村里的井在那\n个，漫长而干\n燥。"),  # no mark begins a line
        ("村里（井）在 well 的旁边。", "zh", 8, "村里\n（井）在\nwell 的\n旁边。"),
    ],
)
def test_wrapping_to_a_width(text: str, language: str, width: int, expected: str) -> None:
    prose = segment(document(text, language))
    body = replace(prose, paragraphs=tuple(replace(paragraph, kind="body") for paragraph in prose.paragraphs))
    made = View(body.document, wraps(body, width))
    assert made.text == expected
    wrapped = document(made.text, language)
    assert View(wrapped, unwraps(wrapped, width)).text == text


def test_wrapped_paragraphs_are_set_off_by_blank_lines() -> None:
    first, second = (paragraph.replace("\n", " ") for paragraph in WRAPPED.split("\n\n"))
    made = clean.clean(segment(document(f"{first}\n{second}\n")), width=40).text
    assert max(map(len, made.split("\n"))) <= 40
    assert [block.replace("\n", " ") for block in made.strip().split("\n\n")] == [first, second]
    assert clean.clean(segment(document(made)), width=40).edits == ()


# ------------------------------------------------------------------------------------------------------------- parts


@st.composite
def long_texts(draw: st.DrawFn) -> str:
    pieces = st.sampled_from([*WRAPPED.split(" "), "May.", "井。", "work- ers"])
    gaps = st.sampled_from([" ", " ", " ", "\n", "\n\n", ".\n\n", "\r\n", ""])
    return "".join(word + gap for word, gap in draw(st.lists(st.tuples(pieces, gaps), max_size=120)))


@given(long_texts(), st.integers(10, 200), st.integers(1, 50))
def test_parts_are_the_text(text: str, size: int, piece: int) -> None:
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    parts = list(parts_of(pieces, size))
    assert "".join(parts) == text
    assert all(parts)
    assert all(len("".join(part.split())) <= size for part in parts)
    assert list(parts_of([text], size)) == parts


def test_parts_end_where_they_did_once_the_text_is_cleaned() -> None:
    names = [f"the {word} of the valley" for word in "mill well road dam school church bridge ford barn inn".split()]
    paragraphs = [
        f"In the year {year} {a} was mended by all the peo- ple,\nwhile {b} was left as it was for want of money.\n\n"
        for year, (a, b) in enumerate(itertools.permutations(names, 2), start=1700)
    ]
    raw = list(parts_of(["".join(paragraphs)], 2_000))
    cleaned = [part.replace("peo- ple,\n", "people, ") for part in raw]
    assert len(raw) > 3
    assert list(parts_of(["".join(cleaned)], 2_000)) == cleaned


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_long_text_is_cleaned_part_by_part(jobs: int) -> None:
    text = "".join(f"{WRAPPED}\n\nIt was the year {year}, and the work- ers left.\n\n" for year in range(1700, 1760))
    worker = clean.Worker(clean.Choice(), "en")
    made = list(clean.cleaned_parts([text[:99], text[99:]], worker, jobs=jobs, size=3_000))
    assert len(made) > 3
    assert "".join(part.text for part in made) == text
    starts = itertools.accumulate((len(part.text) for part in made), initial=0)
    edits = [edit for part, start in zip(made, starts, strict=False) for edit in part.moved(start)]
    view = View(document(text), edits)
    assert view.text.count("workers") == 60
    assert "summer of that year, and nobody" in view.text
    assert clean.undo(view.text, edits) == text


# -------------------------------------------------------------------------------------------------------- properties


@given(st.data())
def test_edits_of_two_rounds_compose(data: st.DataObject) -> None:
    doc = data.draw(documents())
    first = data.draw(edits(doc))
    between = View(doc, first).text
    second = data.draw(edits(Document("doc", doc.language, between)))
    both = composed(doc, sorted(first), sorted(second))
    assert View(doc, both).text == View(Document("doc", doc.language, between), second).text


WORDS = st.sampled_from(
    "the well was dry , and nobody knew why . innova- tion para- digm w e l l villa ge ofthe regionalmarket "
    "« café » l' eau 3 . 5 [1] [ 2 ] (Figure 1) ① ® park. park. Mejora. Improvement. de la agua . 井 水从哪里来 。 村庄， "
    "the well was dry in summer and the people went to the river for water . fi\ufb01 na\u00adtion http://a.b 1.2 "
    "• - – 12".split(" ")
)
# Hyphens that only a line break brings forth.
NO_BREAKS = dict.fromkeys(map(ord, "\u00ad\u2010"))
BREAKS = st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "  ", " \n", "-\n", "\r\n", "\u00ad\n", "", "\u3000", "\f"])


@st.composite
def damaged(draw: st.DrawFn) -> Document:
    """A text as pages and translators leave it: damaged words, lines broken anywhere, now and then any character."""
    pieces = draw(st.lists(st.tuples(WORDS | st.text(CHARACTERS, max_size=4), BREAKS), max_size=40))
    text = "".join(word + gap for word, gap in pieces)
    width = draw(st.sampled_from([0, 0, 30, 60]))
    if width:
        text = "\n".join(text[at : at + width] for at in range(0, len(text), width))
    return document(text, draw(st.sampled_from(["en", "es", "fr", "zh", "und"])))


CHOICES: list[dict[str, Any]] = [{}, {"review": True}, {"rejoin": True}, {"width": 30}, {"keep_lines": True}]


@settings(max_examples=80)
@given(damaged(), st.sampled_from(CHOICES))
def test_cleaning_twice_changes_nothing_more_and_can_be_undone(doc: Document, choice: dict[str, Any]) -> None:
    view = clean.clean(segment(doc), **choice)
    assert clean.undo(view.text, view.edits) == doc.text
    again = clean.clean(segment(document(view.text, doc.language)), **choice)
    assert again.text == view.text


@settings(max_examples=60)
@given(damaged())
def test_what_is_done_about_lines_loses_nothing_but_blanks_and_hyphens(doc: Document) -> None:
    view = clean.clean(segment(doc), only=["line-join", "line-wrap", "rejoin"], rejoin=True, width=24)
    for edit in view.edits:
        before, after = (sorted(text.translate(NO_BREAKS).split()) for text in (edit.original, edit.replacement))
        assert sorted("".join(before)) == sorted("".join(after))


@pytest.mark.parametrize("text", [WRAPPED, WRAPPED.replace("summer", "sum- mer").replace("river", "r i v e r")])
def test_a_cleaned_text_is_clean(text: str) -> None:
    once = clean.clean(segment(document(text))).text
    assert clean.clean(segment(document(once))).edits == ()
