"""How much of two passages translates each other: the score that alignment rests on.

*Coverage* of two passages is the weight of the tokens on both sides that find a translation on the other, over the
weight of all tokens; a token weighs its inverse document frequency, and finds its best link. The *background* of a
passage is what it covers of the other version on average: what counts is what stands out above it. (Measured on
TransRead and others, the background is worth more than any other part; Vecalign's and Bertalign's margin is the
same idea for embeddings.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.links import Links
from tetrapla.align.tokens import Sentences

__all__ = ["Bags", "Coverage", "LinkTable", "Matrix", "bags_of", "coverage_of", "link_table"]

Matrix = NDArray[np.float32]
Ints = NDArray[np.int64]
# So many tokens, those that would cost most one by one, are multiplied as a full table.
DENSE = 256
# So many cells of a sparse product are summed at a time: bounds the memory that a long text takes.
CHUNK = 4_000_000


class LinkTable(NamedTuple):
    """Links as columns, by the number of the first token: token of the one version, of the other, weight."""

    first: Ints
    second: Ints
    weights: Matrix

    def turned(self) -> LinkTable:
        """Return the links as the other version sees them."""
        order = np.argsort(self.second, kind="stable")
        return LinkTable(self.second[order], self.first[order], self.weights[order])


def link_table(links: Links) -> LinkTable:
    """Return links as columns."""
    triples = [(i, j, weight) for i in sorted(links) for j, weight in links[i].items()]
    return LinkTable(
        np.array([t[0] for t in triples], dtype=np.int64),
        np.array([t[1] for t in triples], dtype=np.int64),
        np.array([t[2] for t in triples], dtype=np.float32),
    )


@dataclass(frozen=True)
class Bags:
    """The tokens of some sentences of a version: `tokens[k]` stands in sentence `rows[k]`, each once a sentence.

    `idf` is the weight of every token of the version, the logarithm of how rare it is over all of its sentences.
    """

    count: int
    rows: Ints
    tokens: Ints
    idf: Matrix

    def part(self, chosen: Ints) -> Bags:
        """Return the bags of some sentences, numbered anew in their order."""
        if len(chosen) == self.count:
            return self
        starts = np.searchsorted(self.rows, chosen)
        sizes = np.searchsorted(self.rows, chosen, side="right") - starts
        return Bags(
            len(chosen), np.repeat(np.arange(len(chosen)), sizes), self.tokens[_ranges(starts, sizes)], self.idf
        )

    def grouped(self, size: int) -> Bags:
        """Return the bags of stretches of so many sentences, as if each were one."""
        count = -(-self.count // size)
        keys = np.unique((self.rows // size) * len(self.idf) + self.tokens)
        rows, tokens = np.divmod(keys, max(len(self.idf), 1))
        frequency = np.bincount(tokens, minlength=len(self.idf)).astype(np.float32)
        return Bags(count, rows, tokens, _idf(count, frequency))

    def weights(self) -> Matrix:
        """Return the weight of all tokens of each sentence."""
        return np.bincount(self.rows, self.idf[self.tokens], self.count).astype(np.float32)


def bags_of(version: Sentences) -> Bags:
    """Return the tokens of all sentences of a version."""
    numbers = version.vocabulary
    bags = [sorted({numbers[token] for token in sentence.tokens}) for sentence in version.items]
    sizes = np.array([len(bag) for bag in bags], dtype=np.int64)
    tokens = np.array([number for bag in bags for number in bag], dtype=np.int64)
    frequency = np.bincount(tokens, minlength=len(numbers)).astype(np.float32)
    return Bags(len(bags), np.repeat(np.arange(len(bags)), sizes), tokens, _idf(len(bags), frequency))


def _idf(count: int, frequency: Matrix) -> Matrix:
    weights: Matrix = np.log((count + 1) / (frequency + 0.5)).astype(np.float32) + np.float32(0.05)
    return weights


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
        covered /= np.maximum(whole, np.float32(1e-6))
        return covered


def coverage_of(a: Bags, b: Bags, links: LinkTable, *, most: int = 3) -> Coverage:
    """Return the coverage of all passages of up to `most` sentences of two versions."""
    forward = _covered(a, b, links, most)
    backward = tuple(table.T for table in _covered(b, a, links.turned(), most))
    return Coverage(forward, backward, a.weights(), b.weights())


class _Found(NamedTuple):
    """Where tokens find a translation: token, sentence of the other version, how good it is; by token."""

    tokens: Ints
    places: Ints
    weights: Matrix


def _covered(a: Bags, b: Bags, links: LinkTable, most: int) -> tuple[Matrix, ...]:
    """Return, for passages of b of one to `most` sentences, the weight of each sentence of a that they cover."""
    single = _found(a, b, links)
    tables, found = [], single
    for m in range(most):
        if m:
            inside = single.places + m < b.count
            shifted = _Found(single.tokens[inside], single.places[inside] + m, single.weights[inside])
            found = _best(_together(found, shifted), b.count)
        tables.append(_product(a, found, b.count))
    return tuple(tables)


def _together(one: _Found, other: _Found) -> _Found:
    return _Found(
        np.concatenate([one.tokens, other.tokens]),
        np.concatenate([one.places, other.places]),
        np.concatenate([one.weights, other.weights]),
    )


def _found(a: Bags, b: Bags, links: LinkTable) -> _Found:
    """Return where the tokens of a find a translation in b, the best link of each."""
    ours, theirs = np.zeros(len(a.idf), dtype=bool), np.zeros(len(b.idf), dtype=bool)
    ours[a.tokens], theirs[b.tokens] = True, True
    here = ours[links.first] & theirs[links.second]
    first, second, weights = links.first[here], links.second[here], links.weights[here]
    order = np.argsort(b.tokens, kind="stable")
    starts = np.searchsorted(b.tokens[order], second)
    counts = np.searchsorted(b.tokens[order], second, side="right") - starts
    places = b.rows[order][_ranges(starts, counts)]
    return _best(_Found(np.repeat(first, counts), places, np.repeat(weights, counts)), b.count)


def _best(found: _Found, columns: int) -> _Found:
    """Return each token and place once, with the greatest weight."""
    if not len(found.tokens):
        return found
    keys = found.tokens * columns + found.places
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    tokens, places = np.divmod(keys[starts], columns)
    return _Found(tokens, places, np.maximum.reduceat(found.weights[order], starts))


def _product(a: Bags, found: _Found, columns: int) -> Matrix:
    """Return the sum, over the tokens of each sentence of a, of their weight times how well each place covers them."""
    held = np.bincount(a.tokens, minlength=len(a.idf))
    met = np.bincount(found.tokens, minlength=len(a.idf))
    cost = held * met
    dense = np.argsort(cost, kind="stable")[-DENSE:]
    dense = dense[cost[dense] > 0]
    number = np.full(len(a.idf), -1, dtype=np.int64)
    number[dense] = np.arange(len(dense))
    left = np.zeros((a.count, len(dense)), dtype=np.float32)
    right = np.zeros((len(dense), columns), dtype=np.float32)
    inside = number[a.tokens] >= 0
    left[a.rows[inside], number[a.tokens[inside]]] = a.idf[a.tokens[inside]]
    there = number[found.tokens] >= 0
    right[number[found.tokens[there]], found.places[there]] = found.weights[there]
    total: Matrix = left @ right
    # The rest one by one: for each token of each sentence the places that cover it.
    rows, tokens = a.rows[~inside], a.tokens[~inside]
    starts = np.searchsorted(found.tokens, tokens)
    counts = met[tokens]
    ends = np.cumsum(counts)
    low = 0
    while low < len(rows):
        high = max(low + 1, int(np.searchsorted(ends, (ends[low - 1] if low else 0) + CHUNK)))
        some = _ranges(starts[low:high], counts[low:high])
        cells = np.repeat(rows[low:high], counts[low:high]) * columns + found.places[some]
        worth = np.repeat(a.idf[tokens[low:high]], counts[low:high]) * found.weights[some]
        total += np.bincount(cells, worth, a.count * columns).reshape(a.count, columns).astype(np.float32)
        low = high
    return total


def _ranges(starts: Ints, sizes: Ints) -> Ints:
    """Return the numbers of some ranges, one after the other.

    >>> _ranges(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    result: Ints = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return result


def _ending_sum(table: Matrix, count: int, *, axis: int) -> Matrix:
    """Return the sums over `count` neighbours along an axis that end with each place; shorter at the beginning."""
    total: Matrix = table.copy()
    for shift in range(1, count):
        if axis == 0:
            total[shift:] += table[:-shift]
        else:
            total[:, shift:] += table[:, :-shift]
    return total
