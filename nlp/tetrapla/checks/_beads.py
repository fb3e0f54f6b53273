"""Which bead of an alignment holds a place of a document, and which of some pieces of it share one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from tetrapla.model import Alignment, Span

__all__ = ["Beads", "Pieces"]

T = TypeVar("T")


class Beads:
    """The beads of an alignment as one of its documents sees them."""

    def __init__(self, alignment: Alignment, document: str) -> None:
        self._spans = sorted(
            (span.start, span.end, k) for k, bead in enumerate(alignment.beads) for span in bead.spans.get(document, ())
        )

    def at(self, offset: int) -> int | None:
        """Return the number of the bead that holds the code point at `offset`, None where none does."""
        k = bisect_right(self._spans, (offset, float("inf"), 0)) - 1
        return self._spans[k][2] if k >= 0 and offset < self._spans[k][1] else None

    def sorted_out(self, items: Iterable[T], offset: Callable[[T], int]) -> dict[int, list[T]]:
        """Return the items by the bead that they stand in, each list in the order given; others are left out."""
        out: defaultdict[int, list[T]] = defaultdict(list)
        for item in items:
            bead = self.at(offset(item))
            if bead is not None:
                out[bead].append(item)
        return dict(out)


class Pieces:
    """Pieces of a document by their numbers, each of one span or more; hardly any share a character."""

    def __init__(self, pieces: Iterable[Iterable[Span]]) -> None:
        self._spans = sorted((span.start, span.end, k) for k, spans in enumerate(pieces) for span in spans)
        self._starts = [start for start, _, _ in self._spans]

    def meeting(self, spans: Iterable[Span]) -> list[int]:
        """Return the numbers of the pieces that share a character with some spans, in the order of the spans."""
        found: dict[int, None] = {}
        for span in spans:
            k = max(0, bisect_right(self._starts, span.start) - 1)
            while k < len(self._spans) and self._spans[k][0] < span.end:
                if self._spans[k][1] > span.start:
                    found.setdefault(self._spans[k][2])
                k += 1
        return list(found)
