"""How sure a link is: the probability that it is right.

What a link earns, and what the links beside it in the same run earn: a wrong link seldom stands in a long run of
good ones, and a run through two texts that are no versions of each other earns next to nothing. The curve is a
logistic one, fitted on manuals with planted damage and on chapters of different manuals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tetrapla.align.order import Link

__all__ = ["probabilities"]

NEAR = 3  # links to either side that belong to the run
STEP_PIVOT, STEP_OTHER = 6, 4  # sentences that may be passed over inside a run
SLOPE, MIDDLE = 22.0, 0.17
OWN = 0.35  # how much the link itself counts, its run the rest
ALONE = 0.10  # what a link without neighbours lacks


def probabilities(links: Sequence[Link]) -> list[float]:
    """Return the probability of each link of a path, 0..1."""
    earned = [link.gain / ((len(link.pivot) + len(link.other)) / 2) for link in links]
    result = []
    for k in range(len(links)):
        low = high = k
        while low > 0 and k - low < NEAR and _follows(links[low - 1], links[low]):
            low -= 1
        while high + 1 < len(links) and high - k < NEAR and _follows(links[high], links[high + 1]):
            high += 1
        run = earned[low : high + 1]
        support = sum(run) / len(run)
        value = OWN * min(earned[k], support + 0.2) + (1 - OWN) * support - ALONE / len(run)
        result.append(1.0 / (1.0 + math.exp(-SLOPE * (value - MIDDLE))))
    return result


def _follows(before: Link, link: Link) -> bool:
    """Return whether one link goes on where the other ends, in both versions."""
    return 0 <= link.pivot[0] - before.pivot[-1] <= STEP_PIVOT and 0 < link.other[0] - before.other[-1] <= STEP_OTHER
