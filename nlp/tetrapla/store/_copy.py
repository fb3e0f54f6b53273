"""The fair copy of a document: its running text after the safe repairs, and where each stretch of it comes from.

Lines are joined and torn paragraphs put together as the flows have it; repairs are then made in that. Between two
paragraphs stands a line feed. What is replaced belongs whole to where it begins, so that no two passages share it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tetrapla import languages
from tetrapla.clean import LINE_JOIN
from tetrapla.model import Edit, Flow, Segmented, Span
from tetrapla.store._origins import Origins, Run, merged

__all__ = ["FairCopy", "Repair", "Stretch", "repairs_of"]

BETWEEN = "\n"


class Stretch(NamedTuple):
    """A stretch ``[start, end)`` of a fair copy."""

    start: int
    end: int


class Repair(NamedTuple):
    """A stretch of the raw text, never empty, what is read in its place, and the raw character that it belongs to."""

    start: int
    end: int
    text: str
    anchor: int


def repairs_of(raw: str, edits: Iterable[Edit]) -> list[Repair]:
    """Return edits of a text, given by place, as repairs; joins of lines are not among them.

    What is put between two characters replaces the one that it stands beside.

    >>> repairs_of("so it goes", [Edit(Span(5, 5), "", ",", "punctuation")])
    [Repair(start=4, end=5, text='t,', anchor=4)]
    """
    found: list[Repair] = []
    for edit in edits:
        if edit.rule == LINE_JOIN:
            continue
        start, end, text = edit.span.start, edit.span.end, edit.replacement
        last = found[-1] if found else None
        if last is not None and (last.end > start or start == end == last.end):
            # Something was put before this edit: the character that holds it is the first of what goes now.
            text = last.text[: start - last.end or None] + text
            start = found.pop().start
        elif start == end and start and not raw[start - 1].isspace():
            start, text = start - 1, raw[start - 1] + text
        elif start == end:
            end, text = start + 1, text + raw[start : start + 1]
        blanks = end - start - len(raw[start:end].lstrip())
        found.append(Repair(start, end, text, start + blanks if start + blanks < end else start))
    return found


class FairCopy:
    """The running text of a document after some edits, in `text`; `paragraphs` are the stretches of its paragraphs."""

    def __init__(self, version: Segmented, edits: Iterable[Edit] = ()) -> None:
        repairs = _Repairs(repairs_of(version.document.text, edits))
        pieces: list[str] = []
        runs: list[Run] = []
        self.paragraphs: list[Stretch] = []
        self._anchors: dict[int, int] = {}
        at = 0
        for flow in version.flows:
            start = at
            for run, text, anchor in repairs.made_in(flow):
                runs.append(run._replace(start=at))
                pieces.append(text)
                if not run.kept:
                    self._anchors[at] = anchor
                at += len(text)
            self.paragraphs.append(Stretch(start, at))
            pieces.append(BETWEEN)
            at += len(BETWEEN)
        self.text = "".join(pieces)
        self.runs = merged(runs)
        self._joiner = languages.get(version.document.language).joiner
        self._starts = [run.start for run in self.runs]
        self._ends = [stretch.end for stretch in self.paragraphs]
        self._by_raw = sorted(self.runs, key=lambda run: run.raw)
        self._raws = [run.raw for run in self._by_raw]

    def owned(self, spans: Iterable[Span]) -> list[Stretch]:
        """Return the stretches that belong to some raw spans, in the order of the spans; neighbours are one.

        What was replaced belongs to the span that holds its first character.
        """
        found: list[Stretch] = []
        for span in spans:
            for place in self._places(span, whole=False):
                if found and self._goes_on(found[-1].end, place.start):
                    place = Stretch(found.pop().start, place.end)
                found.append(place)
        return found

    def touched(self, spans: Iterable[Span]) -> list[Stretch]:
        """Return the stretches that some raw spans have a part in, in the order of the spans."""
        return [place for span in spans for place in self._places(span, whole=True)]

    def point(self, offset: int) -> int:
        """Return where a raw offset stands, or else what follows it in the raw text, or else the end."""
        k = max(bisect_right(self._raws, offset) - 1, 0)
        for run in self._by_raw[k : k + 2]:
            if offset < run.raw + run.raw_length:
                return run.start + (max(offset - run.raw, 0) if run.kept else 0)
        return len(self.text)

    def passage(self, stretches: Sequence[Stretch]) -> tuple[str, Origins, list[int]]:
        """Return the text of some stretches as one passage, its origins, and where in it each stretch begins.

        Between two that do not go on from each other stands a line feed, or, in one paragraph, what parts words.
        """
        pieces: list[str] = []
        runs: list[Run] = []
        starts: list[int] = []
        at = 0
        for k, stretch in enumerate(stretches):
            if k:
                same = self._paragraph(stretches[k - 1].start) == self._paragraph(stretch.start)
                pieces.append(self._joiner if same else BETWEEN)
                at += len(pieces[-1])
            starts.append(at)
            runs += [run._replace(start=run.start - stretch.start + at) for run in self._cut(stretch)]
            pieces.append(self.text[stretch.start : stretch.end])
            at += len(pieces[-1])
        return "".join(pieces), Origins(merged(runs)), starts

    def _places(self, span: Span, *, whole: bool) -> list[Stretch]:
        """Return what comes from a raw span, by place: of what was replaced, with `whole`, all that it touches."""
        found: list[Stretch] = []
        for k in range(max(bisect_right(self._raws, span.start) - 1, 0), len(self._by_raw)):
            run = self._by_raw[k]
            if run.raw >= span.end:
                break
            a, b = max(run.raw, span.start), min(run.raw + run.raw_length, span.end)
            if a >= b:
                continue
            if run.kept:
                found.append(Stretch(run.start + a - run.raw, run.start + b - run.raw))
            elif whole or span.start <= self._anchors[run.start] < span.end:
                found.append(Stretch(run.start, run.start + run.length))
        return sorted(found)

    def _cut(self, stretch: Stretch) -> Iterator[Run]:
        """Yield the runs in a stretch, cut to it."""
        for k in range(max(bisect_right(self._starts, stretch.start) - 1, 0), len(self.runs)):
            run = self.runs[k]
            if run.start >= stretch.end:
                return
            a, b = max(run.start, stretch.start), min(run.start + run.length, stretch.end)
            if a < b:
                yield Run(a, run.raw + a - run.start, b - a, b - a, True) if run.kept else run

    def _goes_on(self, end: int, start: int) -> bool:
        """Return whether nothing but blanks of one paragraph stand between two places."""
        gap = self.text[end:start] if end <= start else BETWEEN
        return BETWEEN not in gap and not gap.strip()

    def _paragraph(self, index: int) -> int:
        return bisect_right(self._ends, index)


class _Repairs:
    """Makes repairs in flows, each where the first of its text is met."""

    def __init__(self, repairs: Sequence[Repair]) -> None:
        self._repairs = repairs
        self._ends = [repair.end for repair in repairs]
        self._made: set[Repair] = set()

    def made_in(self, flow: Flow) -> Iterator[tuple[Run, str, int]]:
        """Yield the running text of a flow in pieces, with their origins and the raw characters they belong to."""
        offsets = np.asarray(flow.offsets)
        breaks = (np.flatnonzero(np.diff(offsets) != 1) + 1).tolist()
        for low, high in zip([0, *breaks], [*breaks, len(offsets)], strict=True):
            if low < high:
                yield from self._in_run(flow.text[low:high], int(offsets[low]))

    def _in_run(self, text: str, raw: int) -> Iterator[tuple[Run, str, int]]:
        at, end = raw, raw + len(text)
        for k in range(bisect_right(self._ends, raw), len(self._repairs)):
            repair = self._repairs[k]
            if repair.start >= end:
                break
            if at < repair.start:
                yield _kept(at, text[at - raw : repair.start - raw])
            if repair.text and repair not in self._made:
                run = Run(0, repair.start, len(repair.text), repair.end - repair.start, kept=False)
                yield run, repair.text, repair.anchor
            self._made.add(repair)
            at = min(repair.end, end)
        if at < end:
            yield _kept(at, text[at - raw :])


def _kept(raw: int, text: str) -> tuple[Run, str, int]:
    return Run(0, raw, len(text), len(text), kept=True), text, raw
