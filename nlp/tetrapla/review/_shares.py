"""What decided rows leave of the beads of another alignment, and to whom that goes."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tetrapla.model import Alignment, Span
from tetrapla.review._parts import ALONE, divided, size, spans_without, within
from tetrapla.review._rows import Row

__all__ = ["Held", "Shares"]

Spans = tuple[Span, ...]


class Held:
    """Which row holds which text, by the ids of rows; no two hold the same."""

    def __init__(self, rows: Mapping[str, Mapping[str, Spans]]) -> None:
        held: dict[str, list[tuple[Span, str]]] = defaultdict(list)
        for name, spans in rows.items():
            for version, own in spans.items():
                held[version] += [(span, name) for span in own]
        self._held = {version: sorted(pairs) for version, pairs in held.items()}
        self._ends = {version: [span.end for span, _ in pairs] for version, pairs in self._held.items()}

    def over(self, version: str, spans: Iterable[Span]) -> dict[str, list[Span]]:
        """Return what of some spans is held, by who holds it, in reading order."""
        found: dict[str, list[Span]] = defaultdict(list)
        for span in spans:
            pairs = self._held.get(version, ())
            for k in range(bisect_right(self._ends.get(version, ()), span.start), len(pairs)):
                own, name = pairs[k]
                if own.start >= span.end:
                    break
                found[name].append(Span(max(own.start, span.start), min(own.end, span.end)))
        return found


class Shares:
    """What of a new row goes to which decided rows, and what it keeps."""

    def __init__(self, row: Row, ground: Held, sure: Mapping[str, Row], pivot: str, new: Alignment) -> None:
        self.row = row
        self.sure = sure
        self.pivot = pivot
        self.claims = {version: ground.over(version, spans) for version, spans in row.spans.items()}
        self.free = {version: self._free(version, new) for version in row.spans}

    @property
    def claimed(self) -> bool:
        """Whether decided rows hold anything of it."""
        return any(self.claims.values())

    def _free(self, version: str, new: Alignment) -> Spans:
        """Return what no decided row holds of a version; blanks between what they hold belong to nobody."""
        own, claims = self.row.spans[version], self.claims[version]
        if not claims:
            return own
        doc = new.document(version)
        left = spans_without(own, [span for spans in claims.values() for span in spans])
        return tuple(span for span in left if doc and doc[span].strip())

    def dealt(self) -> dict[str | None, dict[str, Spans]]:
        """Return by decided row what it gets of each version, and under None what stays; something must be claimed."""
        by = self.pivot if self.pivot in self.row.spans else next(v for v, own in self.claims.items() if own)
        # Text that the pivot does not have goes to no row that has text of the pivot.
        sides: list[tuple[str | None, Sequence[Span]]] = [
            (name, spans)
            for name, spans in self.claims[by].items()
            if by == self.pivot or self.pivot not in self.sure[name].spans
        ]
        if self.free[by] or not sides:
            sides.append((None, self.free[by]))
        shares: dict[str | None, dict[str, Spans]] = defaultdict(dict)
        for version in self.row.spans:
            for name, spans in self._parts(version, by, sides).items():
                if spans:
                    shares[name][version] = spans
        return shares

    def _parts(
        self, version: str, by: str, sides: Sequence[tuple[str | None, Sequence[Span]]]
    ) -> dict[str | None, Spans]:
        """Return what of a version goes where; nothing that is decided on where that is."""
        if version == by:
            return {None: self.free[by]}
        wanted: dict[str | None, list[Span]] = defaultdict(list)
        parts = self._along_links(version, by, [spans for _, spans in sides])
        for (name, _), part in zip(sides, parts, strict=True):
            wanted[name if name is not None and self._open(self.sure[name], version) else None] += part
        return {name: within(self.free[version], spans) for name, spans in wanted.items()}

    def _along_links(self, version: str, by: str, sides: Sequence[Sequence[Span]]) -> list[Spans]:
        if any(by in link.spans and version in link.spans for link in self.row.links):
            return divided(self.row, by, sides, version)
        sizes = [size(side) for side in sides]
        most = sizes.index(max(sizes))
        return [self.row.spans[version] if k == most else () for k in range(len(sides))]

    def _open(self, row: Row, version: str) -> bool:
        """Return whether a version of a decided row comes from the new alignment."""
        alone = row.verdicts.get(self.pivot) in ALONE or "furniture" in row.verdicts.values()
        return not alone and version not in row.verdicts and not (row.hand and version in row.spans)
