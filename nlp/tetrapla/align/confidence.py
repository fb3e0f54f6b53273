"""How sure a link is: the probability that it is right.

Two questions, each a logistic curve; a link is right if both are answered with yes. Do these texts say the same at
all, there where the link stands? What its run earns and how often the same sentences are claimed twice tells, and
between strangers no run is good. And if they do, is this the right place? That a link earns as much as others of its
texts speaks for it, a better link for the same sentences far away against it, and a text in which links jump about
makes all of them doubtful. Everything is measured against the text itself, for how much two sound versions cover of
each other differs with their languages and with what the lexicon knows.

Fitted by scripts/bench/confidence.py on manuals with planted damage and on chapters of different manuals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tetrapla.align._backend import Signs
from tetrapla.align.order import Link

__all__ = ["RELATED", "RIGHT", "Features", "features", "follows", "probabilities"]

Array = NDArray[np.float64]

NEAR = 3  # links to either side that belong to the run
STEP_PIVOT, STEP_OTHER = 6, 4  # sentences that may be passed over inside a run
BESIDE = 4  # sentences between two links to the same place that may be two renderings of it
MOST = 0.6  # what a single link earns above this says nothing more
LEAST_MEAN = 0.02  # a text whose links earn less on average is measured against this
WHOLE_RUN = 1 / (2 * NEAR + 1)  # `alone` in the middle of a long run

RELATED = ("run", "alone", "texts", "claimed", "beaten", "one")
RELATED_WEIGHTS = np.array([19.81, -4.58, 5.87, -14.62, -3.57, 0.17])
# Of two fits, before and after beads were weighed by what they say, the first: it is calibrated as well, and leaves
# more stray fragments unlinked.
RIGHT = ("own", "run", "alone", "one", "far", "near", "rival", "claimed", "torn")
RIGHT_WEIGHTS = np.array([0.33, 0.14, -1.26, -0.33, -2.06, -1.33, 0.81, -0.26, -0.62])


@dataclass(frozen=True)
class Features:
    """A row for each link, the columns as named in `RELATED` and `RIGHT`.

    related: what the run earns; one over its length; the mean of that over the texts; the share of the text whose
    place another link far away claims with more right; the share for which another place has more; 1.
    right: what the link and its run earn, over the mean of the texts; one over the length of the run; 1; whether a
    link far away has the same place with more right, and by how much one beside it; how much more speaks for the
    link than for its rival; the logarithms of the share claimed twice and of how torn the texts are.
    """

    related: Array
    right: Array


def features(links: Sequence[Link], signs: Sequence[Signs], letters: Sequence[int]) -> Features:
    """Return the features of the links of a path; `letters` is how long each is in the other version."""
    if not links:
        return Features(np.zeros((0, len(RELATED))), np.zeros((0, len(RIGHT))))
    weights = np.array(letters, dtype=np.float64) + 1
    earned = np.array([link.gain / ((len(link.pivot) + len(link.other)) / 2) for link in links])
    own = np.minimum(earned, MOST)
    run, alone = _runs(links, own)
    far, near = _claims(links, earned)
    rival = np.array([sign.words + (sign.votes or 0.0) - sign.rival for sign in signs])
    one = np.ones(len(links))
    texts = float(np.average(run * (1 - alone), weights=weights))
    claimed = float(np.average(far > 0, weights=weights))
    beaten = float(np.average(rival < 0, weights=weights))
    torn = float(np.average(alone, weights=weights)) - WHOLE_RUN
    mean = max(float(np.average(own, weights=weights)), LEAST_MEAN)
    related = (run, alone, texts * one, claimed * one, beaten * one, one)
    right = (
        np.minimum(own / mean, 2.0),
        np.minimum(run / mean, 2.0),
        alone,
        one,
        (far > 0) * one,
        np.minimum(near / mean, 2.0),
        np.clip(rival / mean, -3.0, 3.0),
        np.log(claimed + 0.01) * one,
        np.log(max(torn, 0.0) + 0.005) * one,
    )
    return Features(np.stack(related, axis=1), np.stack(right, axis=1))


def probabilities(
    links: Sequence[Link], signs: Sequence[Signs], letters: Sequence[int], *, related: bool = False
) -> list[float]:
    """Return the probability of each link of a path, 0..1; with `related`, the texts are known to say the same."""
    found = features(links, signs, letters)
    chance = _curve(found.right @ RIGHT_WEIGHTS)
    if not related:
        chance = chance * _curve(found.related @ RELATED_WEIGHTS)
    return [float(p) for p in chance]


def _curve(x: Array) -> Array:
    result: Array = 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))
    return result


def _runs(links: Sequence[Link], own: Array) -> tuple[Array, Array]:
    """Return for each link the mean of what its run earns, and one over the length of the run."""
    chained = [False, *(follows(a, b) for a, b in pairwise(links)), False]
    means, alone = [], []
    for k in range(len(links)):
        low = high = k
        while k - low < NEAR and chained[low]:
            low -= 1
        while high - k < NEAR and chained[high + 1]:
            high += 1
        means.append(float(own[low : high + 1].mean()))
        alone.append(1 / (high - low + 1))
    return np.array(means), np.array(alone)


def follows(before: Link, link: Link) -> bool:
    """Return whether one link goes on where the other ends, in both versions."""
    return 0 <= link.pivot[0] - before.pivot[-1] <= STEP_PIVOT and 0 < link.other[0] - before.other[-1] <= STEP_OTHER


def _claims(links: Sequence[Link], earned: Array) -> tuple[Array, Array]:
    """Return by how much another link to the same sentences of the pivot earns more: one far away, one beside."""
    holders: dict[int, list[int]] = defaultdict(list)
    for k, link in enumerate(links):
        for i in link.pivot:
            holders[i].append(k)
    far, near = np.zeros(len(links)), np.zeros(len(links))
    for k, link in enumerate(links):
        for q in {q for i in link.pivot for q in holders[i]}:
            more = float(earned[q] - earned[k])
            if more <= 0:
                continue
            apart = min(abs(links[q].other[0] - link.other[-1]), abs(link.other[0] - links[q].other[-1]))
            side = near if apart <= BESIDE else far
            side[k] = max(side[k], more)
    return far, near
