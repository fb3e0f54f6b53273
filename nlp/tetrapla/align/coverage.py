"""How much of two passages translates each other: the score that alignment rests on.

*Coverage* of two passages is the weight of the tokens on both sides that find a translation on the other, over the
weight of all tokens; a token weighs its inverse document frequency, and finds its best link. The *background* of a
passage is what it covers of the other version on average: what counts is what stands out above it. (Measured on
TransRead and others, the background is worth more than any other part; Vecalign's and Bertalign's margin is the
same idea for embeddings.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.links import Links
from tetrapla.align.tokens import Sentences

__all__ = ["Coverage", "coverage_of"]

Matrix = NDArray[np.float32]
# Rows of the token table that are multiplied at a time: bounds the memory that a long text takes.
CHUNK = 1024


@dataclass(frozen=True)
class Coverage:
    """Covered weight for passages of one to `most` sentences on either side.

    ``forward[m - 1][i, j]`` is the weight of the tokens of sentence i of the one version that find a translation in
    the m sentences of the other that end with j; ``backward[n - 1][i, j]`` the same for sentence j of the other and
    the n sentences that end with i. `weight_a` and `weight_b` are the weights of all tokens of each sentence.
    """

    forward: tuple[Matrix, ...]
    backward: tuple[Matrix, ...]
    weight_a: Matrix
    weight_b: Matrix

    def passage(self, n: int, m: int) -> Matrix:
        """Return the coverage (0..1) of n sentences that end with i and m that end with j, for all i and j."""
        covered = _ending_sum(self.forward[m - 1], n, axis=0) + _ending_sum(self.backward[n - 1], m, axis=1)
        whole = _ending_sum(self.weight_a, n, axis=0)[:, None] + _ending_sum(self.weight_b, m, axis=0)[None, :]
        result: Matrix = covered / np.maximum(whole, 1e-6)
        return result


def coverage_of(a: Sentences, b: Sentences, links: Links, *, most: int = 3) -> Coverage:
    """Return the coverage of all passages of up to `most` sentences of two versions."""
    triples = [(i, j, weight) for i, found in links.items() for j, weight in found.items()]
    first = np.array([t[0] for t in triples], dtype=np.int64)
    second = np.array([t[1] for t in triples], dtype=np.int64)
    weights = np.array([t[2] for t in triples], dtype=np.float32)
    idf_a, idf_b = _idf(a), _idf(b)
    forward = _covered(a, b, first, second, weights, idf_a, most)
    backward = tuple(table.T for table in _covered(b, a, second, first, weights, idf_b, most))
    return Coverage(forward, backward, _weights(a, idf_a), _weights(b, idf_b))


def _idf(version: Sentences) -> Matrix:
    """Return the weight of every token: the logarithm of how rare it is, over the sentences of the version."""
    counts = np.array([version.frequency[token] for token in version.vocabulary], dtype=np.float32)
    weights: Matrix = np.log((len(version) + 1) / (counts + 0.5)).astype(np.float32) + np.float32(0.05)
    return weights


def _weights(version: Sentences, idf: Matrix) -> Matrix:
    return np.array(
        [sum(float(idf[version.vocabulary[token]]) for token in set(s.tokens)) for s in version.items], dtype=np.float32
    )


def _covered(
    a: Sentences,
    b: Sentences,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weights: Matrix,
    idf: Matrix,
    most: int,
) -> tuple[Matrix, ...]:
    """Return, for passages of b of one to `most` sentences, the weight of each sentence of a that they cover."""
    tables = [np.zeros((len(a), len(b)), dtype=np.float32) for _ in range(most)]
    order = np.argsort(first, kind="stable")
    first, second, weights = first[order], second[order], weights[order]
    starts, places = _places(b)
    rows, tokens = _tokens(a)
    for low in range(0, len(a.vocabulary), CHUNK):
        high = min(low + CHUNK, len(a.vocabulary))
        here = slice(int(np.searchsorted(first, low)), int(np.searchsorted(first, high)))
        table = np.zeros((high - low, len(b)), dtype=np.float32)
        counts = (starts[1:] - starts[:-1])[second[here]]
        # All sentences of every linked token, one after the other.
        ends = np.cumsum(counts)
        steps = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        columns = places[np.repeat(starts[second[here]], counts) + steps]
        np.maximum.at(table, (np.repeat(first[here] - low, counts), columns), np.repeat(weights[here], counts))
        weighed = np.zeros((len(a), high - low), dtype=np.float32)
        inside = (tokens >= low) & (tokens < high)
        weighed[rows[inside], tokens[inside] - low] = idf[tokens[inside]]
        single = table
        for m in range(most):
            if 0 < m < len(b):
                shifted = np.zeros_like(table)
                shifted[:, m:] = single[:, :-m]
                table = np.maximum(table, shifted)
            tables[m] += weighed @ table
    return tuple(tables)


def _tokens(version: Sentences) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return sentence and token number of every token of every sentence, each once a sentence, by sentence."""
    pairs = [(i, version.vocabulary[token]) for i, s in enumerate(version.items) for token in set(s.tokens)]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _places(version: Sentences) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each token's sentences begin in a list of sentences by token, and that list."""
    sentences, tokens = _tokens(version)
    order = np.argsort(tokens, kind="stable")
    counts = np.bincount(tokens, minlength=len(version.vocabulary))
    return np.concatenate([[0], np.cumsum(counts)]), sentences[order]


def _ending_sum(table: Matrix, count: int, *, axis: int) -> Matrix:
    """Return the sums over `count` neighbours along an axis that end with each place; shorter at the beginning."""
    total = table.copy()
    for shift in range(1, count):
        moved = np.zeros_like(table)
        if axis == 0:
            moved[shift:] = table[:-shift]
        else:
            moved[:, shift:] = table[:, :-shift]
        total = total + moved
    result: Matrix = total
    return result
