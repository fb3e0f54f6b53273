"""Which row of a review holds a place of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tetrapla.model import Span
from tetrapla.review._prepared import Places

if TYPE_CHECKING:
    from tetrapla.review._rows import Row

__all__ = ["Homes"]

Numbers = npt.NDArray[np.int64]
NONE = -1


class Homes:
    """The rows as they stand, to be asked by place; made anew once they change, which takes some milliseconds."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.ids: list[str] = []
        spans: dict[str, list[tuple[int, int, int]]] = {}
        for number, row in enumerate(rows):
            self.ids.append(row.id)
            for name, own in row.spans.items():
                spans.setdefault(name, []).extend((span.start, span.end, number) for span in own)
        self._spans: Mapping[str, Numbers] = {
            name: np.array(sorted(found), dtype=np.int64).reshape(-1, 3) for name, found in spans.items()
        }

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each row, by id."""
        return {name: k for k, name in enumerate(self.ids)}

    def rows_at(self, document: str, offsets: npt.ArrayLike) -> Numbers:
        """Return the number of the row that holds each raw offset of a document, -1 where none does."""
        at = self._spans_at(document, offsets)
        return np.where(at == NONE, NONE, self._spans[document][at, 2]) if document in self._spans else at

    def _spans_at(self, document: str, offsets: npt.ArrayLike) -> Numbers:
        """Return the number of the span that holds each raw offset of a document, -1 where none does."""
        at = np.asarray(offsets, dtype=np.int64)
        spans = self._spans.get(document)
        if spans is None or not len(at):
            return np.full(len(at), NONE, dtype=np.int64)
        k = np.searchsorted(spans[:, 0], at, side="right") - 1
        return np.where((k >= 0) & (at < spans[k, 1]), k, NONE)

    def row_at(self, document: str, offset: int) -> str | None:
        """Return the id of the row that holds a raw offset of a document, None where none does."""
        number = int(self.rows_at(document, [offset])[0])
        return None if number == NONE else self.ids[number]

    def rows_of(self, document: str, places: Places) -> Numbers:
        """Return for each item the number of the row that holds most of it, or -1.

        One without a character belongs to the row of the text before it, if it touches that.
        """
        spans = self._spans.get(document)
        if spans is None or not places.items:
            return np.full(len(places.items), NONE, dtype=np.int64)
        at = self._spans_at(document, places.starts)
        # Nearly all stand in one span of a row.
        inside = places.alone & (at != NONE) & (places.lasts < spans[at, 1])
        rows: Numbers = spans[at, 2]
        for k in np.flatnonzero(~inside).tolist():
            rows[k] = self._most(document, places.items[k])
        return rows

    def _most(self, document: str, spans: Sequence[Span]) -> int:
        held = self._spans[document]
        shares: Counter[int] = Counter()
        for span in spans:
            k = max(int(np.searchsorted(held[:, 0], span.start, side="right")) - 1, 0)
            while k < len(held) and held[k, 0] < span.end:
                common = min(span.end, int(held[k, 1])) - max(span.start, int(held[k, 0]))
                if common > 0:
                    shares[int(held[k, 2])] += common
                k += 1
        if shares:
            return max(shares, key=lambda number: (shares[number], -number))
        before, after = self.rows_at(document, [max(spans[0].start - 1, 0), spans[0].start]).tolist()
        return int(after if before == NONE else before)
