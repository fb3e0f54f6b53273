"""A sentence cut into runs: text with the marks that it lies in, and what stands where a repair is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tetrapla.report.text import shown

__all__ = ["Marking", "Run", "Stretch", "meets", "origins", "runs"]

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marking:
    """A stretch of the running text with the number of its mark, empty where it marks a point.

    `new` is what stands here now, None where the text does as it was.
    """

    start: int
    end: int
    mark: int
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What is shown for a stretch of the running text, under the marks of these numbers.

    `made` says that it is a replacement, or text put in at a point, and not the characters themselves.
    """

    text: str
    marks: tuple[int, ...]
    start: int
    end: int
    made: bool

    def record(self) -> dict[str, Any]:
        """Return the run as the page has it."""
        return {"t": self.text, "m": list(self.marks)}


def meets(marking: Marking, sentence: Stretch, end: int) -> bool:
    """Return whether a marking is seen in a sentence; a point at the `end` of the piece in the last one."""
    if marking.start < marking.end:
        return marking.start < sentence[1] and sentence[0] < marking.end
    return sentence[0] <= marking.start < sentence[1] or marking.start == sentence[1] == end


def runs(text: str, sentence: Stretch, markings: Sequence[Marking]) -> Iterator[Run]:
    """Yield the runs of a sentence: between two borders of marks what stands there, where a repair is made one run.

    What stands for a stretch that began before the sentence stands there.
    """
    start, end = sentence
    replaced = [m for m in markings if m.new is not None and m.start < m.end]
    inside = {at for m in markings for at in (m.start, m.end) if start < at < end}
    cuts = sorted({start, end, *(at for at in inside if not any(m.start < at < m.end for m in replaced))})
    points = [m for m in markings if m.start == m.end]
    for a, b in pairwise(cuts):
        yield from _at(points, a)
        over = [m for m in markings if m.start < b and a < m.end]
        made = next((m for m in replaced if m in over), None)
        new = text[a:b] if made is None else made.new if made.start == a else ""
        yield Run(shown(new or ""), tuple(sorted({m.mark for m in over})), a, b, made is not None)
    yield from _at(points, end)


def _at(points: Sequence[Marking], at: int) -> Iterator[Run]:
    yield from (Run(shown(point.new or ""), (point.mark,), at, at, True) for point in points if point.start == at)


def origins(sentence: Iterable[Run], offsets: Sequence[int]) -> list[list[int]]:
    """Return where the text of the runs of a sentence comes from, given the raw offset of each running character.

    An item holds from an index of the text, in UTF-16 units as JavaScript counts, to that of the next item: [index,
    offset] where from that raw offset on each character is the next one, and [index, start, end] where the text stands
    in place of a raw stretch, empty where it was put in.
    """
    found: list[list[int]] = []
    at, follows = 0, -1  # the index, and the raw offset that would go on with the last item
    for run in sentence:
        if run.made:
            if run.text:
                found.append([at, *_raw(run, offsets)])
            at, follows = at + _units(run.text), -1
            continue
        for k in _breaks(run, offsets, follows):
            found.append([at + _units(run.text[: k - run.start]), offsets[k]])
        at, follows = at + _units(run.text), offsets[run.end - 1] + 1
    return found


def _raw(run: Run, offsets: Sequence[int]) -> Stretch:
    """Return the raw stretch of what a repair is made on, that of a point after the character before it."""
    if run.start < run.end:
        return offsets[run.start], offsets[run.end - 1] + 1
    point = offsets[run.start - 1] + 1 if run.start else 0
    return point, point


def _breaks(run: Run, offsets: Sequence[int], follows: int) -> Iterator[int]:
    """Yield the running indexes in a run whose raw offset does not follow that of the character before."""
    if offsets[run.start] != follows:
        yield run.start
    if offsets[run.end - 1] - offsets[run.start] > run.end - 1 - run.start:
        own = pairwise(offsets[run.start : run.end])
        yield from (k for k, (before, at) in enumerate(own, run.start + 1) if at != before + 1)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)
