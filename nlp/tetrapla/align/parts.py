"""Long documents in parts that are aligned one by one, so that time and memory grow with the length and not its square.

A first way through, over stretches of sentences instead of sentences, tells which stretches of every other version may
belong to which part of the pivot. Parts overlap; what two of them link differently goes to the link that earns more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.coverage import Bags, LinkTable, coverage_of
from tetrapla.align.order import FREE, Link, Prices, best_path, drift_of, expected_of

__all__ = ["Part", "joined", "parts_of"]

Ints = NDArray[np.int64]
Part = tuple[Ints, ...]  # for each version the numbers of its sentences, in their order

LARGE = 1_500  # sentences of a version above which a document is taken apart
SIZE = 400  # sentences of the pivot in a part
BESIDE = 40  # and as many before and after them, which belong to its neighbours as well
STRETCH = 16  # sentences that are one in the first way through
STRETCHES = 2_500  # of a version at most: a very long text has longer ones
REACH = 8  # stretches between one without a place of its own and the next that has one


def parts_of(bags: Sequence[Bags], links: Mapping[int, LinkTable], prices: Prices, drift: float) -> list[Part]:
    """Return the parts of a document of several versions, the pivot first; `links` has those of the pivot with each.

    `drift` is what speaks against linking what stands out of order (see `order.drift_of`).

    A document of ordinary length is one part. Stretches far from all that the pivot has are in none.
    """
    longest = max(bag.count for bag in bags)
    if longest <= LARGE:
        return [tuple(np.arange(bag.count) for bag in bags)]
    stretch = max(STRETCH, -(-longest // STRETCHES))
    targets = {v: _targets(bags[0].grouped(stretch), bags[v].grouped(stretch), links[v], prices, drift) for v in links}
    parts = []
    for start in range(0, bags[0].count, SIZE):
        low, high = max(0, start - BESIDE), min(bags[0].count, start + SIZE + BESIDE)
        part = [np.arange(low, high)]
        for v in range(1, len(bags)):
            inside = [
                j for j, at in enumerate(targets[v]) if any(low < (i + 1) * stretch and i * stretch < high for i in at)
            ]
            sentences = (np.array(inside, dtype=np.int64)[:, None] * stretch + np.arange(stretch)).reshape(-1)
            part.append(sentences[sentences < bags[v].count])
        parts.append(tuple(part))
    return parts


def _targets(pivot: Bags, other: Bags, links: LinkTable, prices: Prices, drift: float) -> list[list[int]]:
    """Return for each stretch of the other version those of the pivot where it may belong.

    These are its own, and those of the next that have one before and after it: a stretch may be linked by mistake.
    """
    lengths = np.ones(pivot.count), np.full(other.count, pivot.count / max(other.count, 1))
    places: dict[int, set[int]] = defaultdict(set)
    covered, single = coverage_of(pivot, other, links, most=1), replace(prices, sizes=((1, 1),))
    apart = (
        -np.float32(drift) * drift_of(expected_of(covered, lengths, single), pivot.count, free=FREE // STRETCH)
        if drift
        else None
    )
    for link in best_path(covered, lengths, single, apart):
        for j in link.other:
            places[j].update(link.pivot)
    known = sorted(places)
    targets = []
    for j in range(other.count):
        before, after = bisect_left(known, j) - 1, bisect_right(known, j)
        near = {j, *(known[k] for k in (before, after) if 0 <= k < len(known) and abs(known[k] - j) <= REACH)}
        targets.append(sorted(set().union(*(places[k] for k in near if k in places))))
    return targets


def joined(found: Sequence[Sequence[Link]]) -> list[Link]:
    """Return the links of all parts, in the order of the other version; where two claim a sentence, what earns more."""
    best: dict[int, Link] = {}
    ranked = sorted(
        (link for links in found for link in links),
        key=lambda link: (-link.gain / len(link.other), link.other, link.pivot),
    )
    for link in ranked:
        if not any(j in best for j in link.other):
            best.update(dict.fromkeys(link.other, link))
    return [best[j] for j in sorted(best) if j == best[j].other[0]]
