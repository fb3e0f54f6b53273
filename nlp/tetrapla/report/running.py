"""The running text of a whole document, and where a raw span stands in it.

The flows of the paragraphs are put one after another. Inside a flow raw offsets rise, but where a paragraph was torn;
a stretch without a tear is a piece, and in a piece a raw span is found by bisection.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from tetrapla import languages
from tetrapla.model import Segmented, Span, ViewSpan
from tetrapla.report.offsets import Offsets
from tetrapla.report.text import shown

__all__ = ["Running"]


class Running:
    """The text of a document as it is read: lines joined, torn pieces put together, as `tetrapla.report.text.shown`.

    `offsets` has the raw offset of each character, `paragraphs` where in the text each begins; `tears` are the places
    at which the parts of a torn paragraph meet.
    """

    def __init__(self, version: Segmented) -> None:
        self.joiner = languages.get(version.document.language).joiner
        self.text = shown("".join(flow.text for flow in version.flows))
        # Numbers of a long document take a tenth of the room in arrays.
        offsets = array("I")
        self.paragraphs = array("I")
        self.tears: list[int] = []
        pieces: list[tuple[int, int, int, int]] = []
        for flow in version.flows:
            base = len(offsets)
            offsets.extend(flow.offsets)
            self.paragraphs.append(base)
            cuts = [base + cut for cut in (0, *sorted(flow.tears), len(flow.text))]
            self.tears += cuts[1:-1]
            for low, high in pairwise(cuts):
                if low < high:
                    pieces.append((offsets[low], offsets[high - 1] + 1, low, high))
        self.offsets = Offsets(offsets, cuts=(low for _, _, low, _ in pieces))
        # In the order of the raw text: where each piece begins and ends there, and in the running text.
        self._starts, self._ends, self._lows, self._highs = (
            array("I", (piece[k] for piece in sorted(pieces))) for k in range(4)
        )
        # The runs of raw offsets that each has.
        self._firsts = array("I", map(self.offsets.run_at, self._lows))
        self._behind = array("I", map(self.offsets.run_at, self._highs))

    @cached_property
    def digest(self) -> str:
        """The hash by which a running text is known: of what it reads and from where, in hexadecimal."""
        found = hashlib.sha256(self.text.encode("utf-8", "surrogatepass"))
        for numbers in (self.offsets.starts, self.offsets.raws, self.paragraphs, array("I", self.tears)):
            found.update(numbers.tobytes())
        return found.hexdigest()

    def places(self, spans: Iterable[Span]) -> list[ViewSpan]:
        """Return where raw spans stand in the running text, in their order; neighbours are one stretch.

        What is no part of any flow (blanks around lines, soft hyphens) has no place.
        """
        found: list[ViewSpan] = []
        for span in spans:
            k = bisect_right(self._ends, span.start)
            while k < len(self._starts) and self._starts[k] < span.end:
                place = self._place(k, span)
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
        if k == len(self._ends):
            return len(self.text)
        return self._place(k, Span(offset, max(offset, self._ends[k]))).start

    def _place(self, k: int, span: Span) -> ViewSpan:
        """Return where a raw span stands in a piece."""
        first, behind, high = self._firsts[k], self._behind[k], self._highs[k]
        start, end = (self.offsets.find(offset, first, behind, high) for offset in (span.start, span.end))
        return ViewSpan(start, end)

    def paragraph(self, index: int) -> int:
        """Return the number, from 0, of the paragraph that holds the character at `index`."""
        return bisect_right(self.paragraphs, index) - 1

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
