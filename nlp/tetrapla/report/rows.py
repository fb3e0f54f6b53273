"""The order of the beads on the page, and which of them stand elsewhere in a version than in the pivot."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tetrapla.model import Alignment, Bead

__all__ = ["DOUBTFUL", "column_order", "longest_rising", "moved", "row_order"]

# A link is more likely wrong than right below this score.
DOUBTFUL = 0.5


def column_order(alignment: Alignment) -> list[str]:
    """Return the ids of the documents: the pivot, then the others as they come."""
    names = [doc.id for doc in alignment.documents]
    return sorted(names, key=lambda name: name != alignment.pivot)


def row_order(alignment: Alignment) -> list[Bead]:
    """Return every bead once: those of the pivot in its order, the others where their version has them.

    A bead without the pivot comes after the bead that precedes it in the first version that it has.
    """
    columns = column_order(alignment)
    beads = alignment.beads
    home = [next((name for name in columns if bead.spans.get(name)), None) for bead in beads]
    before: dict[int, int] = {}
    for name in columns:
        places = sorted((bead.spans[name][0].start, i) for i, bead in enumerate(beads) if bead.spans.get(name))
        for (_, earlier), (_, later) in pairwise(places):
            if home[later] == name:
                before[later] = earlier
    rank = {name: k for k, name in enumerate(columns)}
    after: dict[int | None, list[int]] = defaultdict(list)
    for i, own in enumerate(home):
        # Beads of the pivot hang on no other: they are the trunk.
        after[None if own == alignment.pivot else before.get(i)].append(i)

    def place(i: int) -> tuple[bool, int, int, int]:
        own = home[i]
        if own is None:
            return True, 0, 0, i
        # Before the pivot's first bead comes what precedes everything in its own version.
        return False, own == alignment.pivot, rank[own], beads[i].spans[own][0].start

    order: list[Bead] = []
    stack = sorted(after[None], key=place, reverse=True)
    while stack:
        i = stack.pop()
        order.append(beads[i])
        stack.extend(sorted(after[i], key=place, reverse=True))
    return order


def moved(order: Iterable[Bead], pivot: str, name: str) -> set[str]:
    """Return the ids of the beads that stand out of order in a version.

    Kept in order are as many beads as can be: the longest run of beads whose places rise in both (Schensted 1961).
    """
    linked = [bead for bead in order if bead.spans.get(pivot) and bead.spans.get(name)]
    kept = longest_rising([bead.spans[name][0].start for bead in linked])
    return {bead.id for i, bead in enumerate(linked) if i not in kept}


def longest_rising(values: Sequence[int]) -> set[int]:
    """Return the places of a longest rising subsequence."""
    ends: list[int] = []
    smallest: list[int] = []
    back: list[int | None] = []
    for i, value in enumerate(values):
        k = bisect_left(smallest, value)
        back.append(ends[k - 1] if k else None)
        if k == len(ends):
            ends.append(i)
            smallest.append(value)
        else:
            ends[k], smallest[k] = i, value
    found: set[int] = set()
    at = ends[-1] if ends else None
    while at is not None:
        found.add(at)
        at = back[at]
    return found
