"""Spans and rows taken apart and put together, so that no character is lost or stands twice.

Spans are in reading order. Where one version is cut, the others follow along their sentence links; a blank between two
sentences goes with the one before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from tetrapla.exports._rows import CONFIRMED, spans_without
from tetrapla.model import Bead, Span
from tetrapla.review._rows import Row, Verdict

__all__ = [
    "Cover",
    "divided",
    "fits",
    "in_text_order",
    "inserted",
    "joined",
    "remade",
    "size",
    "spans_without",
    "within",
]

ALONE = ("extra", "furniture")  # verdicts on text that belongs to no row of the pivot


def size(spans: Iterable[Span]) -> int:
    """Return how many characters some spans have."""
    return sum(map(len, spans))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in their order, one that goes on where the one before it ends as one with it.

    >>> joined([Span(5, 9), Span(0, 2), Span(2, 4)])
    (Span(start=5, end=9), Span(start=0, end=4))
    """
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.start:
            found[-1] = Span(found[-1].start, span.end)
        elif len(span):
            found.append(span)
    return tuple(found)


def within(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return what of some spans lies in others, in the order of the former.

    >>> within([Span(5, 9), Span(0, 3)], [Span(2, 6)])
    (Span(start=5, end=6), Span(start=2, end=3))
    """
    return Cover(others).within(spans)


class Cover:
    """What some spans hold, to be asked often: a row may have thousands of sentence links."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for span in sorted(spans):
            if self._spans and span.start <= self._spans[-1].end:
                span = Span(self._spans[-1].start, max(self._spans.pop().end, span.end))
            self._spans.append(span)
        self._ends = [span.end for span in self._spans]

    def within(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return what of some spans is held, in their order."""
        found = []
        for span in spans:
            for k in range(bisect_right(self._ends, span.start), len(self._spans)):
                own = self._spans[k]
                if own.start >= span.end:
                    break
                found.append(Span(max(own.start, span.start), min(own.end, span.end)))
        return tuple(filter(len, found))


def in_text_order(spans: Sequence[Span]) -> bool:
    """Return whether spans are read as they stand in the text."""
    return list(spans) == sorted(spans)


def inserted(spans: Sequence[Span], more: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans with more of them, each after the one that stands nearest before it in the text.

    >>> inserted([Span(10, 20), Span(0, 5)], [Span(6, 8)])
    (Span(start=10, end=20), Span(start=0, end=5), Span(start=6, end=8))
    """
    in_order = sorted(spans)
    # What comes before all of them stands before the first in the text, wherever that is read.
    before = in_order[0] if in_order else None
    behind: dict[Span | None, list[Span]] = defaultdict(list)
    starts = [span.start for span in in_order]
    for span in sorted(more):
        k = bisect_right(starts, span.start)
        behind[in_order[k - 1] if k else None].append(span)
    found = [] if spans else behind[None]
    for span in spans:
        found += [*(behind[None] if span == before else ()), span, *behind[span]]
    return joined(found)


def fits(verdict: Verdict, row: Row, version: str, pivot: str) -> bool:
    """Return whether a verdict on a version can be said of what is in a row."""
    if verdict in ALONE:
        return version in row.spans and (len(row.spans) == 1 if version == pivot else pivot not in row.spans)
    return version != pivot and pivot in row.spans and (version in row.spans) == (verdict != "absent")


def remade(row: Row, spans: Mapping[str, Iterable[Span]], pivot: str, links: Iterable[Bead] | None = None) -> Row:
    """Return a row with other text: of its links, or those given, what it still holds; of its verdicts, what fits it.

    Scores stay where the version does, but for the word of a person, which is only good for what it was given on.
    """
    own = {name: tuple(found) for name, found in spans.items()}
    # What stays is not touched, not even where two of its spans could be written as one.
    full = {name: found if found == row.spans.get(name) else joined(found) for name, found in own.items()}
    full = {name: found for name, found in full.items() if found}
    changed = {name for name in (*full, *row.spans) if full.get(name) != row.spans.get(name)}
    covers = {name: Cover(found) for name, found in full.items()}
    kept = [_narrowed(link, covers) for link in (row.links if links is None else links)]
    score = {
        name: value
        for name, value in row.score.items()
        if name in full and (value < CONFIRMED or changed.isdisjoint((name, pivot)))
    }
    made = replace(row, spans=full, score=score, links=tuple(link for link in kept if link.spans))
    verdicts = {name: verdict for name, verdict in row.verdicts.items() if fits(verdict, made, name, pivot)}
    return replace(made, verdicts=verdicts)


def _narrowed(link: Bead, covers: Mapping[str, Cover]) -> Bead:
    """Return a link with what of it is held of each version."""
    found = {name: covers[name].within(own) if name in covers else () for name, own in link.spans.items()}
    if found == link.spans:
        return link
    full = {name: own for name, own in found.items() if own}
    unsure = {name: p for name, p in link.score.items() if name in full and p < CONFIRMED}
    return replace(link, spans=full, score=unsure)


def divided(row: Row, by: str, sides: Sequence[Sequence[Span]], name: str) -> list[tuple[Span, ...]]:
    """Return what of a version goes with each of the sides that another version, `by`, is parted in.

    A sentence goes to the side that most of what it is linked with is on, and one without a link with the one before
    it; before the first, to the first side.
    """
    found: list[list[Span]] = [[] for _ in sides]
    links = sorted(_sided(row.links, by, sides, name))
    reach = list(accumulate((own.end for own, _ in links), max))
    now = 0
    for span in row.spans.get(name, ()):
        at = span.start
        for k in range(bisect_right(reach, at), len(links)):
            own, side = links[k]
            if own.start >= span.end:
                break
            if own.end <= at:
                continue
            if at < own.start:
                found[now].append(Span(at, own.start))
                at = own.start
            now = side
            end = min(own.end, span.end)
            found[now].append(Span(at, end))
            at = end
        if at < span.end:
            found[now].append(Span(at, span.end))
    return [joined(own) for own in found]


def _sided(links: Iterable[Bead], by: str, sides: Sequence[Sequence[Span]], name: str) -> Iterable[tuple[Span, int]]:
    """Yield each linked span of a version with the number of the side that it goes to."""
    covers = [Cover(side) for side in sides]
    for link in links:
        sizes = [size(cover.within(link.spans.get(by, ()))) for cover in covers]
        if max(sizes):
            for span in link.spans.get(name, ()):
                yield span, sizes.index(max(sizes))
