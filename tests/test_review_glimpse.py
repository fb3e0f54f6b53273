"""Rows that are asked for before the whole texts are read: they are shown as they will be."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.resources import corpus_root
from tetrapla.review._cells import cells
from tetrapla.review._glimpse import AROUND, _windows, glimpse
from tetrapla.review._prepared import glance
from tetrapla.review._rows import Row, Rows
from tetrapla.segment import segment

VERSIONS = ("zh", "en")


@pytest.fixture(scope="module")
def alignment() -> Alignment:
    """The sample, several times over, a paragraph of either version a bead."""
    documents, beads = [], []
    for name in VERSIONS:
        sample = (corpus_root() / "sample" / f"{name}.txt").read_text(encoding="utf-8")
        doc = Document(name, name, f"{sample}\n\n" * 4, f"{name}.txt")
        documents.append(doc)
        beads += [Bead(f"{name}-{p.id}", p.kind, {name: p.spans}) for p in segment(doc).paragraphs]
    return Alignment("zh", tuple(documents), tuple(beads))


def test_what_is_seen_early_is_what_will_be_there(alignment: Alignment) -> None:
    rows = Rows(alignment)
    whole = glance(alignment)
    for some in ([rows.get(name) for name in rows.ids[:12]], [rows.get(name) for name in rows.ids[5::17]]):
        early = glimpse(alignment, some, VERSIONS)
        assert cells(early, some, VERSIONS) == cells(replace(early, prepared=whole), some, VERSIONS)


def test_no_more_is_read_than_what_stands_around(alignment: Alignment) -> None:
    (doc, _) = alignment.documents
    middle = len(doc.text) // 2
    early = glimpse(alignment, [Row("b1", "body", {"zh": (Span(middle, middle + 9),)})], ["zh"])
    assert list(early.prepared.texts) == ["zh"]
    assert 9 <= len(early.prepared.texts["zh"].running.text) < 2 * AROUND + 500
    assert glimpse(alignment, [], VERSIONS).prepared.texts["en"].running.text == ""


lines = st.lists(st.sampled_from(["", "a", "b" * 700, "c" * 2000]), max_size=12).map("\n".join)


@given(lines, st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=5))
def test_windows_are_whole_lines_around_all_spans(text: str, shares: list[tuple[float, float]]) -> None:
    spans = [Span(*sorted((int(a * len(text)), int(b * len(text))))) for a, b in shares]
    found = list(_windows(text, spans))
    assert all(any(window.covers(span) for window in found) for span in spans)
    assert all(before.end + 1 < after.start for before, after in pairwise(found))
    for window in found:
        assert window.start == 0 or text[window.start - 1] == "\n"
        assert window.end == len(text) or text[window.end] == "\n"
    assert bool(found) == bool(spans)
