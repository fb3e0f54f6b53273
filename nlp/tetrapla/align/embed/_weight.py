"""How much the word of a model counts beside that of words, learnt from the document itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.coverage import Matrix
from tetrapla.align.order import Link

__all__ = ["Sample", "sample", "weight"]

FIRM = 0.1  # what a link earns a sentence, at least, to vouch for its neighbour: right ones 0.3, of strangers 0.05
STEP = 2  # sentences from one link to the next, at most, where one vouches for the other
RUN = 3  # pairs of a model that follow each other, at least, to be no chance
ENOUGH = 8  # pairs that a weight can be learnt from
MANY = 48  # sentences of which that many would stand out to a model that knows the languages
UNJUDGED = 0.4  # the weight in a document too short to tell, as that of other versions' votes
SAMPLED = 4000  # wrong pairs to compare with
APART = 2  # sentences next to a linked pair that may be right as well
TRUSTED = 0.3  # pairs that words vouch for to one that the model finds in order, at least, or the words know nothing
# What a right pair may earn by the model on average: about what it does by words. At twice that the path merges what
# it should not, since a bead of three earns half as much again by its last two, which costs 0.25.
MOST = 0.25
NOISE = 0.07  # and the spread of what wrong ones may: that of words, which the prices of the path allow for
CHANCE = 2.0  # standard errors that are no evidence
FLAT = 1e-4  # margins that differ by less are the rounding of vectors
LOOSE = 5.0  # standard deviation of the slopes before anything is known, in those of the features


@dataclass(frozen=True)
class Sample:
    """Pairs of sentences of one part of a document: rows of what they earn by words, and by the model.

    words: pairs that the words of their neighbours vouch for; order: those that the model itself finds one after the
    other; wrong: pairs taken at random; size: the sentences of the shorter side.
    """

    words: Matrix
    order: Matrix
    wrong: Matrix
    size: int


def sample(alike: Matrix, lexical: Matrix, links: Sequence[Link]) -> Sample:
    """Return pairs to judge a model by, from one part of a document.

    `alike` has the `margins` of all pairs, `lexical` what they earn as links without the model, lengths included (the
    model must not be praised for seeing those), `links` the path found so, in the order of the other version.
    """
    vouched, ordered = _vouched(links), _in_order(alike)
    free = np.isfinite(lexical)
    spared = [(i, j) for link in links for i in link.pivot for j in link.other]
    for i, j in (*spared, *map(tuple, ordered.tolist())):
        free[max(i - APART, 0) : i + APART + 1, max(j - APART, 0) : j + APART + 1] = False
    cells = np.argwhere(free)
    if len(cells) > SAMPLED:
        cells = cells[np.random.default_rng(0).choice(len(cells), SAMPLED, replace=False)]

    def rows(pairs: NDArray[np.int64]) -> Matrix:
        found: Matrix = np.stack([table[pairs[:, 0], pairs[:, 1]] for table in (lexical, alike)], axis=1)
        return found[np.isfinite(found).all(axis=1)]

    return Sample(rows(vouched), rows(ordered), rows(cells), min(alike.shape, default=0))


def weight(samples: Sequence[Sample]) -> float:
    """Return by what the margins of a model are multiplied before they are added to what words earn; 0 or more.

    The ratio of the two slopes of a logistic regression, by words and by the model, that tells right pairs from wrong
    ones; less what may be chance, and bounded by `MOST` and `NOISE`, since the prices of the path are made for what
    words earn. Right are pairs whose neighbours the words link firmly: pairs picked by what they earn themselves would
    make the words look better than they are. Where there are hardly any, as no lexicon knows the languages, right are
    those that stand in the same order in both versions by the model alone: a model that knows nothing finds none.
    """
    words, order, wrong = (
        np.concatenate([getattr(part, name) for part in samples] or [np.zeros((0, 2))]).astype(np.float64)
        for name in ("words", "order", "wrong")
    )
    if len(wrong) < ENOUGH:
        return UNJUDGED
    noise = max(float(wrong[:, 1].std()), FLAT)
    right = words if len(words) >= max(ENOUGH, TRUSTED * len(order)) else order
    if len(right) < ENOUGH:
        return 0.0 if sum(part.size for part in samples) >= MANY else min(UNJUDGED, NOISE / noise)
    ahead = float(right[:, 1].mean() - wrong[:, 1].mean())
    if ahead < FLAT:
        return 0.0
    error = float(np.sqrt(right[:, 1].var() / len(right) + wrong[:, 1].var() / len(wrong)))
    sure = max(0.0, 1 - (CHANCE * error / ahead) ** 2)
    by_words, by_model = _slopes(right, wrong)
    if by_model <= 0:
        return 0.0
    bound = min(MOST / ahead, NOISE / noise)
    return sure * min(by_model / max(by_words, by_model / bound), bound)


def _vouched(links: Sequence[Link]) -> NDArray[np.int64]:
    """Return the one-to-one links between two firm ones that they follow, whatever they earn themselves."""
    pairs = [
        (link.pivot[0], link.other[0])
        for before, link, after in zip(links, links[1:], links[2:], strict=False)
        if len(link.pivot) == len(link.other) == 1
        and _follows(before, link)
        and _follows(link, after)
        and min(_earned(before), _earned(after)) >= FIRM
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _follows(before: Link, link: Link) -> bool:
    return 0 < link.pivot[0] - before.pivot[-1] <= STEP and 0 < link.other[0] - before.other[-1] <= STEP


def _earned(link: Link) -> float:
    return link.gain / ((len(link.pivot) + len(link.other)) / 2)


def _in_order(alike: Matrix) -> NDArray[np.int64]:
    """Return the pairs that are each other's best by the model and of which `RUN` or more follow each other."""
    if not alike.size:
        return np.zeros((0, 2), dtype=np.int64)
    along, down = alike.argmax(axis=1), alike.argmax(axis=0)
    mutual = {(i, int(j)) for i, j in enumerate(along) if down[j] == i and np.ptp(alike[i]) > FLAT}
    starts = [(i, j) for i, j in mutual if all((i + k, j + k) in mutual for k in range(RUN))]
    pairs = sorted({(i + k, j + k) for i, j in starts for k in range(RUN)})
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _slopes(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> tuple[float, float]:
    """Return the slopes of a logistic regression that tells right rows from wrong ones, both counting the same.

    A prior keeps the slopes finite where the two kinds do not overlap at all; Newton's method.
    """
    rows = np.concatenate([right, wrong])
    truth = np.repeat([1.0, 0.0], [len(right), len(wrong)])
    counts = np.repeat([1.0, len(right) / len(wrong)], [len(right), len(wrong)])
    spread = np.sqrt((right.var(axis=0) + wrong.var(axis=0)) / 2 + (right.mean(axis=0) - wrong.mean(axis=0)) ** 2 / 4)
    spread = np.maximum(spread, FLAT)
    features = np.column_stack([(rows - rows.mean(axis=0)) / spread, np.ones(len(rows))])
    prior = np.diag([1 / LOOSE**2, 1 / LOOSE**2, 1e-6])
    found = np.zeros(3)
    for _ in range(30):
        said = 1 / (1 + np.exp(-np.clip(features @ found, -30, 30)))
        slope = features.T @ (counts * (truth - said)) - prior @ found
        bend = (features * (counts * np.maximum(said * (1 - said), 1e-6))[:, None]).T @ features + prior
        step = np.linalg.solve(bend, slope)
        found += step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-9))
    by_words, by_model = found[:2] / spread
    return float(by_words), float(by_model)
