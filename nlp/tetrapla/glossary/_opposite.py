"""What stands opposite a term: which things are found in the beads that hold it more often than chance would have them.

The log-likelihood ratio of Dunning ("Accurate methods for the statistics of surprise and coincidence", Computational
Linguistics 19, 1993) tells chance from association also where counts are small; the Dice coefficient how far the two
stand together only.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from math import log
from typing import Generic, NamedTuple, TypeVar

__all__ = ["Association", "log_likelihood", "opposite"]

T = TypeVar("T", bound=Hashable)


class Association(NamedTuple, Generic[T]):
    """A thing that stands opposite: in how many of the beads, log-likelihood ratio, Dice coefficient (0..1)."""

    item: T
    beads: int
    likelihood: float
    dice: float


def log_likelihood(both: int, one: int, other: int, total: int) -> float:
    """Return the log-likelihood ratio of two things that stand in `one` and `other` of `total` beads, `both` in both.

    Below 0 where they meet less often than by chance. 3.84 or more is chance in one of twenty cases.

    >>> round(log_likelihood(5, 5, 5, 100), 1), round(log_likelihood(1, 10, 10, 100), 1)
    (39.7, 0.0)
    """
    cells = [(both, one, other), (one - both, one, total - other), (other - both, total - one, other)]
    cells.append((total - one - other + both, total - one, total - other))
    found = sum(count * log(count * total / (row * column)) for count, row, column in cells if count > 0)
    return 2 * found if both * total >= one * other else -2 * found


def opposite(beads: Collection[int], others: Mapping[T, Collection[int]], total: int) -> list[Association[T]]:
    """Return what stands in any of some beads, the most strongly associated first.

    `others` says in which beads each thing of the other version stands, `total` how many beads there are.
    """
    own = set(beads)
    found = []
    for item, where in others.items():
        both = len(own.intersection(where))
        if both:
            size = len(set(where))
            likelihood = log_likelihood(both, len(own), size, max(total, len(own) + size - both))
            found.append(Association(item, both, likelihood, 2 * both / (len(own) + size)))
    return sorted(found, key=lambda association: -association.likelihood)
