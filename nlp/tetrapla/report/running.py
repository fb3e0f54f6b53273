"""The running text of a whole document, and where a raw span stands in it.

The flows of the paragraphs are put one after another. Inside a flow raw offsets rise, but where a paragraph was torn;
a stretch without a tear is a piece, and in a piece a raw span is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tetrapla import languages
from tetrapla.model import Segmented, Span, ViewSpan
from tetrapla.report.text import shown

__all__ = ["Running"]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The stretch ``offsets[low:high]`` of a flow that begins at `base` in the running text."""

    start: int
    end: int
    base: int
    offsets: Sequence[int]
    low: int
    high: int

    def place_of(self, span: Span) -> ViewSpan:
        low = bisect_left(self.offsets, span.start, self.low, self.high)
        return ViewSpan(self.base + low, self.base + bisect_left(self.offsets, span.end, low, self.high))


class Running:
    """The text of a document as it is read: lines joined, torn pieces put together, as `tetrapla.report.text.shown`.

    `tears` are the places at which the parts of a torn paragraph meet.
    """

    def __init__(self, version: Segmented) -> None:
        self.joiner = languages.get(version.document.language).joiner
        self.text = shown("".join(flow.text for flow in version.flows))
        self.tears: list[int] = []
        self._starts: list[int] = []
        pieces: list[_Piece] = []
        base = 0
        for flow in version.flows:
            self._starts.append(base)
            cuts = [0, *sorted(flow.tears), len(flow.text)]
            self.tears += [base + cut for cut in cuts[1:-1]]
            for low, high in pairwise(cuts):
                if low < high:
                    offsets = flow.offsets
                    pieces.append(_Piece(offsets[low], offsets[high - 1] + 1, base, offsets, low, high))
            base += len(flow.text)
        self._pieces = sorted(pieces, key=lambda piece: (piece.start, piece.end))
        self._ends = [piece.end for piece in self._pieces]

    def places(self, spans: Iterable[Span]) -> list[ViewSpan]:
        """Return where raw spans stand in the running text, in their order; neighbours are one stretch.

        What is no part of any flow (blanks around lines, soft hyphens) has no place.
        """
        found: list[ViewSpan] = []
        for span in spans:
            k = bisect_right(self._ends, span.start)
            while k < len(self._pieces) and self._pieces[k].start < span.end:
                place = self._pieces[k].place_of(span)
                if len(place):
                    last = found[-1] if found else None
                    if last and last.end <= place.start and self._joined(last.end, place.start):
                        found[-1] = ViewSpan(last.start, place.end)
                    else:
                        found.append(place)
                k += 1
        return found

    def point(self, offset: int) -> int:
        """Return where in the running text a raw offset, or the next one that is read, stands."""
        k = bisect_right(self._ends, offset)
        if k == len(self._pieces):
            return len(self.text)
        return self._pieces[k].place_of(Span(offset, max(offset, self._pieces[k].end))).start

    def paragraph(self, index: int) -> int:
        """Return the number, from 0, of the paragraph that holds the character at `index`."""
        return bisect_right(self._starts, index) - 1

    def between(self, before: ViewSpan, after: ViewSpan) -> str:
        """Return what should stand between two stretches of a paragraph that are read one after the other."""
        if before.end <= after.start and self.text[before.end : after.start].isspace():
            return self.text[before.end : after.start]
        if self.text[before.end - 1].isspace() or self.text[after.start].isspace() or before.end == after.start:
            return ""
        return self.joiner

    def _joined(self, end: int, start: int) -> bool:
        """Return whether nothing but blanks of one paragraph stand between two places."""
        gap = self.text[end:start]
        return (not gap or gap.isspace()) and self.paragraph(end - 1) == self.paragraph(start)
