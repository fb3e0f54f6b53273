"""Lengths alone, in order: Gale & Church (1993), the baseline that any aligner has to beat.

A bead of n and m sentences costs ``-log P(delta)`` of how far the lengths are from their common ratio, in standard
deviations, and ``-log P(bead)`` of its size; ratio and variance come from the documents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from tetrapla.align._backend import NO_OPTIONS, Group, Options, Pair, Path, registry
from tetrapla.align.order import Link
from tetrapla.errors import InputError
from tetrapla.progress import Progress

# Sizes of beads and how often they are met (Gale & Church, table 5, rounded).
PRIOR = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
VARIANCE = 6.8  # of the length of a translation, for each character
LEAST = 1e-12  # a probability is no smaller, so that its logarithm is finite


@registry.add("length")
def length(groups: Sequence[Group], progress: Progress, options: Options = NO_OPTIONS) -> Sequence[Mapping[Pair, Path]]:
    """Return the links of every two versions by the lengths of their sentences alone, in order.

    Raises:
        InputError: it is told what it has no use for.
    """
    if options != NO_OPTIONS or any(group.fixed for group in groups):
        raise InputError(
            "the aligner 'length' looks at lengths alone: leave model, lexicon and decisions out, or choose 'coverage'"
        )
    found = []
    for done, group in enumerate(groups):
        lengths = [[sentence.length for sentence in version.items] for version in group.versions]
        found.append({(x, y): _align(lengths[x], lengths[y]) for x, y in combinations(range(len(lengths)), 2)})
        progress("align", done + 1, len(groups))
    return found


def _align(a: Sequence[int], b: Sequence[int]) -> Path:
    ratio = sum(b) / max(sum(a), 1)
    cost = np.full((len(a) + 1, len(b) + 1), np.inf)
    move: dict[tuple[int, int], tuple[int, int, float]] = {}
    cost[0, 0] = 0.0
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            for (n, m), prior in PRIOR.items():
                if i < n or j < m:
                    continue
                match = _match(sum(a[i - n : i]), sum(b[j - m : j]), ratio) if n and m else 1.0
                value = cost[i - n, j - m] - math.log(prior) - math.log(match)
                if value < cost[i, j]:
                    cost[i, j], move[i, j] = value, (n, m, match)
    links, probabilities = [], []
    i, j = len(a), len(b)
    while i or j:
        n, m, match = move[i, j]
        if n and m:
            links.append(Link(tuple(range(i - n, i)), tuple(range(j - m, j)), match))
            probabilities.append(match)
        i, j = i - n, j - m
    return Path(links[::-1], probabilities[::-1])


def _match(a: int, b: int, ratio: float) -> float:
    """Return how likely two passages of these lengths are to differ so much if they translate each other."""
    mean = (a + b / max(ratio, LEAST)) / 2
    delta = abs(b - a * ratio) / math.sqrt(max(mean * ratio * VARIANCE, LEAST))
    return max(math.erfc(delta / math.sqrt(2)), LEAST)
