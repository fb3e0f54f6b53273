"""How sure a link is: the probability that it is right.

Three things tell: what the link itself earns, what the links beside it in the same run earn (a wrong link seldom
stands in a long run of good ones), and what the two texts earn on the whole: between versions of one document even
a weak link is mostly right, between strangers none is. The curve is a logistic one over the three, fitted by
scripts/bench/confidence.py on manuals with planted damage and on chapters of different manuals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.order import Link

__all__ = ["FEATURES", "features", "probabilities"]

NEAR = 3  # links to either side that belong to the run
STEP_PIVOT, STEP_OTHER = 6, 4  # sentences that may be passed over inside a run
MOST = 0.6  # what a single link earns above this says nothing more

FEATURES = ("own", "run", "alone", "texts", "one")
# Of two fits, before and after sentences were cut at semicolons too, the first: on damage made by another program it
# is calibrated better (expected calibration error .04 to .05 against .04 to .06) and drops fewer right links.
WEIGHTS = np.array([3.34, 4.65, -2.34, 6.63, -1.50])


def features(links: Sequence[Link]) -> NDArray[np.float64]:
    """Return a row of `FEATURES` for each link of a path.

    own: what it earns a sentence; run: the mean of its run; alone: one over the length of the run; texts: the mean
    of all runs, by sentences; one: 1.
    """
    if not links:
        return np.zeros((0, len(FEATURES)))
    earned = [min(link.gain / ((len(link.pivot) + len(link.other)) / 2), MOST) for link in links]
    rows = []
    for k in range(len(links)):
        low = high = k
        while low > 0 and k - low < NEAR and _follows(links[low - 1], links[low]):
            low -= 1
        while high + 1 < len(links) and high - k < NEAR and _follows(links[high], links[high + 1]):
            high += 1
        run = earned[low : high + 1]
        rows.append((earned[k], sum(run) / len(run), 1 / len(run), 0.0, 1.0))
    table = np.array(rows)
    sizes = np.array([len(link.other) for link in links], dtype=np.float64)
    table[:, 3] = float(np.average(table[:, 1] * (1 - table[:, 2]), weights=sizes))
    return table


def probabilities(links: Sequence[Link]) -> list[float]:
    """Return the probability of each link of a path, 0..1."""
    return [float(p) for p in 1.0 / (1.0 + np.exp(-(features(links) @ WEIGHTS)))]


def _follows(before: Link, link: Link) -> bool:
    """Return whether one link goes on where the other ends, in both versions."""
    return 0 <= link.pivot[0] - before.pivot[-1] <= STEP_PIVOT and 0 < link.other[0] - before.other[-1] <= STEP_OTHER
