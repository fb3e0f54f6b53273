"""What a third version says of two others.

Where zh–es is doubtful, zh–en and en–es may not be: the margin (coverage above the background) of a sentence with
the third version is carried over along the links of the third with the other. Votes are added to direct evidence,
never put in its place (chaining alone loses more than it finds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tetrapla.align._backend import Pair
from tetrapla.align.coverage import Matrix
from tetrapla.align.order import Link

__all__ = ["votes_for"]

Ints = NDArray[np.int64]


def votes_for(pair: Pair, count: int, margins: Mapping[Pair, Matrix], paths: Mapping[Pair, Sequence[Link]]) -> Matrix:
    """Return the mean vote of all other versions, of which there must be one, for each pair of sentences."""
    a, b = pair
    others = [c for c in range(count) if c not in pair]
    votes = np.zeros(margins[a, b].shape, dtype=np.float32)
    for c in others:
        # Along the links of the third version with the one, what it says of the other; then the other way round.
        thirds, columns, shares = _linked(paths, c, b)
        np.add.at(votes.T, columns, shares[:, None] * _oriented(margins, a, c).T[thirds])
        rows, thirds, shares = _linked(paths, a, c)
        np.add.at(votes, rows, shares[:, None] * _oriented(margins, c, b)[thirds])
    votes /= np.float32(2 * len(others))
    return votes


def _oriented(margins: Mapping[Pair, Matrix], a: int, b: int) -> Matrix:
    return margins[a, b] if a < b else margins[b, a].T


def _linked(paths: Mapping[Pair, Sequence[Link]], a: int, b: int) -> tuple[Ints, Ints, Matrix]:
    """Return which sentences of two versions are linked, and the share of each: several in a link share one."""
    rows, columns, shares = [], [], []
    for link in paths[min(a, b), max(a, b)]:
        left, right = (link.pivot, link.other) if a < b else (link.other, link.pivot)
        for i in left:
            for j in right:
                rows.append(i)
                columns.append(j)
                shares.append(1.0 / max(len(left), len(right)))
    return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(shares, dtype=np.float32)
