from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import documents, edited, edits, spans
from tetrapla.errors import EditError
from tetrapla.model import Document, Edit, Flow, Span, View, ViewSpan, sha256_of

DOC = Document("d", "en", "innova- tion of  the park")
HYPHEN = Edit(Span(0, 12), "innova- tion", "innovation", "hyphenation")
BLANKS = Edit(Span(15, 17), "  ", " ", "layout")
NOTE = Edit(Span(25, 25), "", "①", "note")


@given(edited())
def test_undoing_all_gives_the_raw_text_back(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    view = View(doc, changes)
    assert view.without(changes).text == doc.text
    undone = view
    for edit in changes:  # one by one, in any order
        undone = undone.without([edit])
    assert undone.text == doc.text


@given(edited(), st.randoms())
def test_edits_in_any_order_give_the_same_view(case: tuple[Document, list[Edit]], random: st.DrawFn) -> None:
    doc, changes = case
    assert View(doc, changes).text == View(doc, sorted(changes, reverse=True)).text


@given(edited())
def test_a_view_is_the_text_with_replacements_for_originals(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    text = doc.text
    for edit in sorted(changes, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    assert View(doc, changes).text == text


@given(edited())
def test_kept_characters_map_to_themselves_both_ways(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    view = View(doc, changes)
    for i in range(len(doc.text)):
        if any(edit.span.start <= i < edit.span.end for edit in changes):
            continue
        there = view.to_view(Span(i, i + 1))
        assert view.text[there.start : there.end] == doc.text[i]
        assert view.to_raw(there) == Span(i, i + 1)


@given(edited())
def test_a_replacement_comes_from_the_whole_of_what_it_replaces(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    view = View(doc, changes)
    for edit in changes:
        if not edit.original or not edit.replacement:
            continue
        there = view.to_view(edit.span)
        assert edit.replacement in view.text[there.start : there.end]
        for i in range(there.start, there.end):
            if view.to_raw(ViewSpan(i, i + 1)) == edit.span:
                break
        else:
            raise AssertionError(edit)


@given(edited())
def test_maps_rise_and_never_leave_the_texts(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    view = View(doc, changes)
    there = [view.to_view(Span(i, i + 1)) for i in range(len(doc.text))]
    assert all(a.start <= b.start and a.end <= b.end for a, b in itertools.pairwise(there))
    assert all(0 <= span.start <= span.end <= len(view.text) for span in there)
    back = [view.to_raw(ViewSpan(i, i + 1)) for i in range(len(view.text))]
    assert all(a.start <= b.start and a.end <= b.end for a, b in itertools.pairwise(back))
    assert all(0 <= span.start <= span.end <= len(doc.text) for span in back)


@given(st.data())
def test_a_longer_span_maps_to_a_longer_one(data: st.DataObject) -> None:
    doc = data.draw(documents(min_size=1))
    view = View(doc, data.draw(edits(doc)))
    start = data.draw(st.integers(0, len(doc.text) - 1))
    inner = Span(start, data.draw(st.integers(start + 1, len(doc.text))))
    outer = Span(data.draw(st.integers(0, inner.start)), data.draw(st.integers(inner.end, len(doc.text))))
    a, b = view.to_view(inner), view.to_view(outer)
    assert b.start <= a.start
    assert a.end <= b.end


@given(edited())
def test_the_whole_maps_to_the_whole_but_for_insertions_at_its_ends(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    inner = [edit for edit in changes if edit.original or 0 < edit.span.start < len(doc.text)]
    view = View(doc, inner)
    if doc.text:
        assert view.to_view(Span(0, len(doc.text))) == ViewSpan(0, len(view.text))


@given(edited())
def test_empty_spans_stay_empty(case: tuple[Document, list[Edit]]) -> None:
    doc, changes = case
    view = View(doc, changes)
    for i in range(len(doc.text) + 1):
        assert len(view.to_view(Span(i, i))) == 0
    for i in range(len(view.text) + 1):
        assert len(view.to_raw(ViewSpan(i, i))) == 0


@given(documents(min_size=2), st.data())
def test_overlapping_edits_are_refused(doc: Document, data: st.DataObject) -> None:
    # Both hold one character: drawn at random and filtered, most pairs would not overlap.
    shared = data.draw(st.integers(0, len(doc.text) - 1))
    before, behind = st.integers(0, shared), st.integers(shared + 1, len(doc.text))
    a, b = (Span(data.draw(before), data.draw(behind)) for _ in range(2))
    assert a.overlaps(b)
    pair = [Edit(a, doc[a], "x", "a"), Edit(b, doc[b], "y", "b")]
    with pytest.raises(EditError, match="overlaps"):
        View(doc, pair)


@given(documents(min_size=1), st.data())
def test_an_edit_of_another_text_is_refused(doc: Document, data: st.DataObject) -> None:
    span = data.draw(spans(len(doc.text)))
    with pytest.raises(EditError, match="belong to another text"):
        View(doc, [Edit(span, doc[span] + "x", "", "a")])


@pytest.mark.parametrize(
    ("changes", "raw", "there"),
    [
        ([], Span(3, 5), ViewSpan(3, 5)),
        ([HYPHEN], Span(0, 12), ViewSpan(0, 10)),
        ([HYPHEN], Span(2, 4), ViewSpan(0, 10)),  # a part of what was replaced: all of the replacement
        ([HYPHEN], Span(13, 15), ViewSpan(11, 13)),
        ([HYPHEN, BLANKS], Span(17, 20), ViewSpan(14, 17)),
        ([Edit(Span(12, 17), " of  ", "", "x")], Span(13, 15), ViewSpan(12, 12)),  # cut out: empty, at the seam
        ([NOTE], Span(21, 25), ViewSpan(21, 25)),
    ],
)  # fmt: skip
def test_to_view(changes: list[Edit], raw: Span, there: ViewSpan) -> None:
    assert View(DOC, changes).to_view(raw) == there


@pytest.mark.parametrize(
    ("changes", "there", "raw"),
    [
        ([HYPHEN], ViewSpan(0, 10), Span(0, 12)),
        ([HYPHEN], ViewSpan(4, 5), Span(0, 12)),
        ([HYPHEN], ViewSpan(10, 10), Span(12, 12)),
        ([HYPHEN, BLANKS], ViewSpan(13, 14), Span(15, 17)),
        ([NOTE], ViewSpan(25, 26), Span(25, 25)),
        ([], ViewSpan(0, 0), Span(0, 0)),
    ],
)
def test_to_raw(changes: list[Edit], there: ViewSpan, raw: Span) -> None:
    assert View(DOC, changes).to_raw(there) == raw


def test_spans_beyond_the_text_are_refused() -> None:
    view = View(DOC, [HYPHEN])
    with pytest.raises(ValueError, match="23 characters"):
        view.to_raw(ViewSpan(0, 24))
    with pytest.raises(ValueError, match="25 characters"):
        view.to_view(Span(0, 26))
    with pytest.raises(ValueError, match="not a span"):
        Span(3, 2)
    with pytest.raises(EditError):
        View(DOC, [Edit(Span(24, 26), "k?", "", "x")])


def test_two_insertions_at_one_place_are_refused() -> None:
    with pytest.raises(EditError):
        View(DOC, [NOTE, Edit(Span(25, 25), "", "②", "note")])


def test_lines_end_at_line_feeds_only() -> None:
    doc = Document("d", "en", "a\x0cb\u2028c\r\nd")
    assert [doc.line_of(i) for i in (0, 4, 6, 7)] == [1, 1, 1, 2]


def test_lone_surrogates_can_be_hashed() -> None:
    assert sha256_of("\ud800") != sha256_of("")


def test_a_flow_across_a_tear_gives_its_pieces_in_reading_order() -> None:
    flow = Flow("abcdef", [20, 21, 22, 5, 6, 7], frozenset({3}))
    assert flow.to_raw(ViewSpan(1, 5)) == (Span(21, 23), Span(5, 7))
    assert flow.to_raw(ViewSpan(3, 6)) == (Span(5, 8),)
