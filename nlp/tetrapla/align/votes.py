"""What a third version says of two others.

Where zh–es is doubtful, zh–en and en–es may not be: the margin (coverage above the background) of a sentence with
the third version is carried over along the links of the third with the other. Votes are added to direct evidence,
never put in its place (chaining alone loses more than it finds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tetrapla.align.coverage import Matrix
from tetrapla.align.order import Link

__all__ = ["Pair", "votes_for"]

Pair = tuple[int, int]  # numbers of two versions, the smaller first


def votes_for(pair: Pair, count: int, margins: Mapping[Pair, Matrix], paths: Mapping[Pair, Sequence[Link]]) -> Matrix:
    """Return the mean vote of all other versions, of which there must be one, for each pair of sentences."""
    a, b = pair
    votes = []
    for c in range(count):
        if c in pair:
            continue
        with_a, with_b = _oriented(margins, a, c), _oriented(margins, c, b)
        along_b = with_a @ _linked(paths, c, b, (with_a.shape[1], with_b.shape[1]))
        along_a = _linked(paths, a, c, with_a.shape) @ with_b
        votes.append((along_a + along_b) / 2)
    mean: Matrix = np.mean(votes, axis=0, dtype=np.float32)
    return mean


def _oriented(margins: Mapping[Pair, Matrix], a: int, b: int) -> Matrix:
    return margins[a, b] if a < b else margins[b, a].T


def _linked(paths: Mapping[Pair, Sequence[Link]], a: int, b: int, shape: tuple[int, ...]) -> Matrix:
    """Return a table of which sentences of two versions are linked; a column, or row, of several shares one."""
    table = np.zeros(shape, dtype=np.float32)
    for link in paths[min(a, b), max(a, b)]:
        rows, columns = (link.pivot, link.other) if a < b else (link.other, link.pivot)
        table[np.ix_(rows, columns)] = 1.0 / max(len(rows), len(columns))
    return table
