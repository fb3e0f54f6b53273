"""A whole document as one running text: its paragraphs in reading order, a blank line between two.

Formats that carry text, not offsets into it, show this: lines joined, torn paragraphs put together. What belongs to
no line (line breaks that became nothing, hyphens that words were broken with) is not in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tetrapla.model import Segmented, Span, ViewSpan

__all__ = ["Reading", "Run", "reading_of"]

BETWEEN = "\n\n"
Run = tuple[int, int, int]


@dataclass(frozen=True)
class Reading:
    """A running text and the raw text behind it.

    `runs` says, piece by piece: where the piece begins in the running text, where in the raw text, how long it is.
    """

    text: str
    runs: tuple[Run, ...]

    @cached_property
    def _by_raw(self) -> list[Run]:
        return sorted(self.runs, key=lambda run: run[1])

    @cached_property
    def _raw_starts(self) -> list[int]:
        return [run[1] for run in self._by_raw]

    @cached_property
    def _starts(self) -> list[int]:
        return [run[0] for run in self.runs]

    def places(self, spans: Iterable[Span]) -> list[ViewSpan]:
        """Return where raw spans stand in the running text, in their order; neighbours are one."""
        found: list[ViewSpan] = []
        for span in spans:
            inside = []
            for start, raw, length in _from(self._by_raw, self._raw_starts, span.start):
                if raw >= span.end:
                    break
                a, b = max(raw, span.start), min(raw + length, span.end)
                if a < b:
                    inside.append(ViewSpan(start + a - raw, start + b - raw))
            for place in sorted(inside):
                if found and found[-1].end == place.start:
                    found[-1] = ViewSpan(found[-1].start, place.end)
                else:
                    found.append(place)
        return found

    def to_raw(self, span: ViewSpan) -> tuple[Span, ...]:
        """Return the raw spans that a stretch of the running text comes from, in reading order; neighbours are one."""
        found: list[Span] = []
        for start, raw, length in _from(self.runs, self._starts, span.start):
            if start >= span.end:
                break
            a, b = max(start, span.start), min(start + length, span.end)
            if a >= b:
                continue
            piece = Span(raw + a - start, raw + b - start)
            if found and found[-1].end == piece.start:
                found[-1] = Span(found[-1].start, piece.end)
            else:
                found.append(piece)
        return tuple(found)

    def excerpt(self, spans: Iterable[Span]) -> str:
        """Return the running text of raw spans, in their order; a new line where the next does not go on."""
        text, end = "", 0
        for place in self.places(spans):
            between = self.text[end : place.start] if end <= place.start else BETWEEN
            if text:
                text += between if between in ("", " ") else "\n"
            text += self.text[place.start : place.end]
            end = place.end
        return text.strip()


def _from(runs: Sequence[Run], starts: Sequence[int], offset: int) -> Sequence[Run]:
    """Return the runs from the one that may hold an offset on."""
    return runs[max(bisect_right(starts, offset) - 1, 0) :]


def reading_of(version: Segmented) -> Reading:
    """Return a document as one running text."""
    pieces: list[str] = []
    runs: list[Run] = []
    at = 0
    for flow in version.flows:
        start = 0
        for k in range(1, len(flow.text) + 1):
            if k == len(flow.text) or flow.offsets[k] != flow.offsets[k - 1] + 1:
                runs.append((at + start, flow.offsets[start], k - start))
                start = k
        pieces.append(flow.text)
        at += len(flow.text) + len(BETWEEN)
    return Reading(BETWEEN.join(pieces), tuple(runs))
