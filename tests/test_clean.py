from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import CHARACTERS, documents, edits
from tetrapla import checks, clean
from tetrapla.errors import EditError, UnknownNameError
from tetrapla.model import Document, Edit, Finding, Grade, Segmented, Span, View
from tetrapla.segment import segment


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


# -------------------------------------------------------------------------------------------------------- properties


@given(st.data())
def test_edits_of_two_rounds_compose(data: st.DataObject) -> None:
    doc = data.draw(documents())
    first = data.draw(edits(doc))
    between = View(doc, first).text
    second = data.draw(edits(Document("doc", doc.language, between)))
    both = clean._compose(doc, sorted(first), sorted(second))
    assert View(doc, both).text == View(Document("doc", doc.language, between), second).text


WORDS = st.sampled_from(
    "the well was dry , and nobody knew why . innova- tion para- digm w e l l villa ge ofthe regionalmarket "
    "« café » l' eau 3 . 5 [1] [ 2 ] (Figure 1) ① ® park. park. Mejora. Improvement. de la agua . 井 水从哪里来 。 村庄， "
    "the well was dry in summer and the people went to the river for water . fi\ufb01 na\u00adtion http://a.b 1.2 "
    "• - – 12".split(" ")
)
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


@settings(max_examples=60)
@given(damaged(), st.booleans())
def test_cleaning_twice_changes_nothing_more_and_can_be_undone(doc: Document, review: bool) -> None:
    view = clean.clean(segment(doc), review=review)
    assert clean.undo(view.text, view.edits) == doc.text
    again = clean.clean(segment(document(view.text, doc.language)), review=review)
    assert again.text == view.text


@pytest.mark.parametrize("text", [WRAPPED, WRAPPED.replace("summer", "sum- mer").replace("river", "r i v e r")])
def test_a_cleaned_text_is_clean(text: str) -> None:
    once = clean.clean(segment(document(text))).text
    assert clean.clean(segment(document(once))).edits == ()
