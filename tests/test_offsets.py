"""Raw offsets of running text, kept as runs: they say what an array of all of them would."""

from __future__ import annotations

from array import array
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.model import Document, Flow, Segmented, Span, ViewSpan
from tetrapla.report.offsets import Offsets
from tetrapla.report.running import Running

rising = st.lists(st.integers(0, 60), unique=True).map(sorted)
torn = st.lists(st.integers(0, 60), unique=True)  # in any order, as the pieces of a torn paragraph


@given(torn, st.sets(st.integers(0, 70)), st.integers(0, 70), st.integers(0, 70))
def test_offsets_are_those_that_were_given(given_: list[int], cuts: set[int], start: int, end: int) -> None:
    offsets = Offsets(array("I", given_), cuts)
    assert list(offsets) == given_
    assert offsets[start:end] == given_[start:end]
    indexes = list(range(len(given_)))
    assert offsets.at(indexes).tolist() == given_
    assert all(offsets[k] == offsets.raws[offsets.run_at(k)] for k in offsets.starts)


@given(rising, st.integers(0, 70))
def test_an_offset_is_found_as_by_bisection(given_: list[int], offset: int) -> None:
    offsets = Offsets(given_)
    if given_:
        found = offsets.find(offset, 0, len(offsets.starts), len(given_))
        assert found == bisect_left(given_, offset)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_nothing_outside(index: int) -> None:
    with pytest.raises(IndexError):
        Offsets([1, 2, 9])[index]


@given(rising, st.data())
def test_places_in_pieces_that_touch_in_the_file(given_: list[int], data: st.DataObject) -> None:
    """A tear may stand where the raw text goes on: a piece is a run of its own all the same."""
    cut = data.draw(st.integers(0, len(given_)))
    offsets = [*given_[cut:], *given_[:cut]]
    tears = frozenset({len(given_) - cut} - {0, len(given_)})
    text = "x" * len(offsets)
    running = Running(Segmented(Document("d", "en", "x" * 61), (), (), (Flow(text, offsets, tears),)))
    start, end = sorted(data.draw(st.tuples(st.integers(0, 61), st.integers(0, 61))))
    places = running.places([Span(start, end)])
    found = [k for place in places for k in range(place.start, place.end)]
    assert sorted(found) == [k for k, offset in enumerate(offsets) if start <= offset < end]
    assert all(isinstance(place, ViewSpan) and len(place) for place in places)
    assert [offsets[k] for k in found] == sorted(offsets[k] for k in found)


def test_a_running_text_is_known_by_what_it_reads_and_from_where() -> None:
    def running(text: str, offsets: list[int]) -> Running:
        return Running(Segmented(Document("d", "en", "ab cd ab"), (), (), (Flow(text, offsets),)))

    made = [running("ab", [0, 1]), running("ab", [0, 1]), running("ab", [6, 7]), running("cd", [3, 4])]
    assert made[0].digest == made[1].digest
    assert len({each.digest for each in made[1:]}) == 3
