"""Where the characters of a passage come from in the raw text.

A passage is running text after repair: lines are joined, torn pieces put together, words mended. `Origins` says, run
by run, where each came from: ``[at, raw, length]`` where text was kept as it was, ``[at, raw, length, raw length]``
where it was replaced, the whole for the whole.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tetrapla.model import Span

__all__ = ["Origins", "Run"]


class Run(NamedTuple):
    """A stretch of `length` characters of a text from `start` on, and of the raw text from `raw` on."""

    start: int
    raw: int
    length: int
    raw_length: int
    kept: bool


@dataclass(frozen=True)
class Origins:
    """The runs of a text in its order; what stands in none (a line feed between paragraphs) comes from nowhere."""

    runs: tuple[Run, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [run.start for run in self.runs]

    @classmethod
    def of(cls, stored: str) -> Origins:
        """Return the origins in a column of the index."""
        return cls(
            tuple(
                Run(at, raw, length, rest[0] if rest else length, kept=not rest)
                for at, raw, length, *rest in json.loads(stored)
            )
        )

    def dumps(self) -> str:
        """Return the origins as they are stored, JSON.

        >>> Origins((Run(0, 7, 4, 4, True), Run(4, 12, 1, 2, False))).dumps()
        '[[0,7,4],[4,12,1,2]]'
        """
        runs = [run[:3] if run.kept else run[:4] for run in self.runs]
        return json.dumps(runs, separators=(",", ":"))

    def to_raw(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the raw spans of ``text[start:end]`` in reading order, neighbours as one.

        >>> Origins((Run(0, 7, 4, 4, True), Run(4, 12, 1, 2, False))).to_raw(2, 5)
        (Span(start=9, end=11), Span(start=12, end=14))
        """
        found: list[Span] = []
        for k in range(max(bisect_right(self._starts, start) - 1, 0), len(self.runs)):
            run = self.runs[k]
            if run.start >= end:
                break
            piece = _raw_of(run, max(start - run.start, 0), min(end - run.start, run.length))
            if piece is None:
                continue
            if found and found[-1].end == piece.start:
                piece = Span(found.pop().start, piece.end)
            found.append(piece)
        return tuple(found)


def _raw_of(run: Run, start: int, end: int) -> Span | None:
    """Return the raw stretch of the characters from `start` to `end` of a run, None for no characters."""
    if start >= end:
        return None
    if run.kept:
        return Span(run.raw + start, run.raw + end)
    return Span(run.raw, run.raw + run.raw_length)


def merged(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return runs with those as one that go on from each other."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        goes_on = (
            last is not None
            and last.kept
            and run.kept
            and last.start + last.length == run.start
            and last.raw + last.length == run.raw
        )
        if last is not None and goes_on:
            found[-1] = Run(last.start, last.raw, last.length + run.length, last.length + run.length, True)
        else:
            found.append(run)
    return tuple(found)
