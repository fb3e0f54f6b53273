"""The best way through two versions: beads in order, whole blocks moved at a price.

Dynamic programming over the sentences of the other version, with a pointer into the pivot. A bead of n pivot and m
other sentences earns what its coverage stands out above the background, times its size, less a price for every
sentence more than one a side and for odd lengths. Sentences on either side may be passed over. And the pointer may
jump, at a price, a small one to a place nearby: so pieces that columns and pages tore out of their order are found,
and what is said twice is found twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.coverage import Coverage, Matrix

__all__ = ["FREE", "Link", "Prices", "background_of", "best_path", "drift_of", "expected_of", "gains_of"]

Floats = NDArray[np.float64]

FREE = 100  # sentences by which a passage may be out of order for nothing
NEAR = 8  # sentences that a jump to the next paragraph or so may pass


@dataclass(frozen=True)
class Prices:
    """What the path pays, in units of coverage (0..1).

    extra: for each sentence of a bead more than one a side; skip_pivot, skip_other: for a sentence passed over; near,
    jump: for a move of the pointer out of order, by a few sentences or by more; length: for each unit of the logarithm
    by which lengths differ; floor: what a bead must stand out above the background to earn anything; information: how
    far a bead counts by the weight of its words (1) and not by the number of its sentences (0), so that a short
    sentence earns little by joining a bead that is sound without it;
    sizes: of beads, in sentences of the pivot and of the other version.

    The values are those for paragraphs, tuned on manuals with planted damage (three corpora, levels paper and heavy)
    and on the paper's English: merging is dear and jumping cheap, for what is torn needs jumps, and a second sentence
    for the same one is reached by one as well.
    """

    extra: float = 0.25
    skip_pivot: float = 0.03
    skip_other: float = 0.04
    near: float = 0.10
    jump: float = 0.15
    length: float = 0.06
    floor: float = 0.03
    information: float = 1.0
    sizes: tuple[tuple[int, int], ...] = ((1, 1), (1, 2), (2, 1))

    @property
    def most(self) -> int:
        """How many sentences of a version a bead has at most."""
        return max(max(size) for size in self.sizes)


@dataclass(frozen=True)
class Link:
    """Sentences of the pivot and of the other version that translate each other (numbers), and their gain."""

    pivot: tuple[int, ...]
    other: tuple[int, ...]
    gain: float


def background_of(table: Matrix) -> Matrix:
    """Return what two passages cover of the rest of each other's versions on average: both ways, halved.

    The pair itself is left out of its background; in a text of a few sentences it would be most of it.
    """
    rows, columns = table.shape
    along, down = np.float32(0.5 / max(columns - 1, 1)), np.float32(0.5 / max(rows - 1, 1))
    result: Matrix = table * -(along + down)
    result += table.sum(axis=1, keepdims=True) * along
    result += table.sum(axis=0, keepdims=True) * down
    return result


def best_path(
    coverage: Coverage,
    lengths: tuple[Floats, Floats],
    prices: Prices,
    extra: Matrix | None = None,
    decided: Matrix | None = None,
) -> list[Link]:
    """Return the links of the best way through, in the order of the other version.

    `extra` is what speaks for each two sentences besides their words, `decided` what a person's word does.
    """
    gains = gains_of(coverage, lengths, prices, extra)
    if decided is not None:
        # By the sentence of the other version, and what was refused counts for the whole bead: so no bead grows into
        # its neighbours, or takes the same sentences twice, for the sake of what is decided.
        gains = [gain + np.float32(b) * _least(decided, a, b) for gain, (a, b) in zip(gains, prices.sizes, strict=True)]
    turned = [np.ascontiguousarray(gain.T) for gain in gains]
    return _trace(_Search(turned, prices), turned)


def expected_of(
    coverage: Coverage, lengths: tuple[Floats, Floats], prices: Prices, extra: Matrix | None = None
) -> Floats:
    """Return where in the pivot each sentence of the other version stands if the order is the same: a number, 0 on.

    That is on the best way through without any jump, or between what is linked there.
    """
    path = best_path(coverage, lengths, replace(prices, near=np.inf, jump=np.inf), extra)
    places = [sum(link.other) / len(link.other) for link in path] or [0.0]
    found = [sum(link.pivot) / len(link.pivot) for link in path] or [0.0]
    expected: Floats = np.interp(np.arange(coverage.weight_b.size), places, found)
    return expected


def drift_of(expected: Floats, rows: int, *, free: int = FREE) -> Matrix:
    """Return how far each sentence of the pivot is from where each of the other version is expected (0..1 of it).

    Nothing but the order tells two passages apart that say the same. Within `free` sentences all is in order: what a
    page tears or moves stays near.
    """
    apart = np.abs(np.arange(rows)[:, None] - expected[None, :]) - free
    share: Matrix = (np.maximum(apart, 0.0) / rows).astype(np.float32)
    return share


def gains_of(coverage: Coverage, lengths: tuple[Floats, Floats], prices: Prices, extra: Matrix | None) -> list[Matrix]:
    """Return what a bead of each size that ends with sentences i and j earns."""
    gains = []
    for a, b in prices.sizes:
        size = (a + b) / 2
        gain = coverage.passage(a, b)
        gain -= background_of(gain)
        if prices.information:
            gain *= _share_of(coverage, a, b) ** np.float32(prices.information)
        ratio = np.log(_sums(lengths[0], a) + 8.0)[:, None] - np.log(_sums(lengths[1], b) + 8.0)[None, :]
        np.abs(ratio, out=ratio)
        np.minimum(ratio, 2.5, out=ratio)
        # What counts by its weight and not its size pays for its length once.
        ratio *= prices.length / size**prices.information
        gain -= ratio
        gain -= np.float32(prices.floor)
        if extra is not None:
            gain += extra
        gain *= np.float32(size)
        gain -= np.float32(prices.extra * (a + b - 2))
        gain[: a - 1] = -np.inf
        gain[:, : b - 1] = -np.inf
        gains.append(gain)
    return gains


def _share_of(coverage: Coverage, rows: int, columns: int) -> Matrix:
    """Return the weight of each passage of so many sentences over what so many weigh on average."""
    left, right = _sums(coverage.weight_a, rows), _sums(coverage.weight_b, columns)
    usual = (float(coverage.weight_a.mean()) + float(coverage.weight_b.mean())) / 2 * (rows + columns)
    share: Matrix = (left[:, None] + right[None, :]) / np.float32(max(usual, 1e-6))
    return share


def _sums(lengths: Floats | Matrix, count: int) -> Matrix:
    """Return the sums of so many lengths that end with each place; of fewer at the beginning."""
    total = lengths.astype(np.float32)
    for shift in range(1, count):
        total[shift:] += lengths[:-shift].astype(np.float32)
    return total


def _least(table: Matrix, rows: int, columns: int) -> Matrix:
    """Return the least of each passage of so many rows and columns that ends with a cell."""
    least = table.copy()
    for down in range(rows):
        for along in range(columns):
            part = least[down:, along:]
            np.minimum(part, table[: table.shape[0] - down, : table.shape[1] - along], out=part)
    return least


class _Search:
    """The worth of the best way to each cell; which way that is, `_trace` finds out where it needs to know.

    `landed` is the worth of a bead or a sentence passed over that ends at a cell, `best` that of jumps and of pivot
    sentences passed over besides; `top` and `reach` say from where and with what worth a far jump comes to any cell.
    """

    def __init__(self, gains: list[Matrix], prices: Prices) -> None:
        m, n = gains[0].shape
        self.prices = prices
        self.steps = np.arange(n + 1) * prices.skip_pivot
        self.landed = np.empty((m + 1, n + 1))
        self.best = np.empty((m + 1, n + 1))
        self.top = np.full(m + 1, -1)
        self.reach = np.full(m + 1, -np.inf)
        self.best[0] = -np.minimum(self.steps, prices.jump)
        value, around = np.empty(n + 1), _Around(n + 1)
        for j in range(1, m + 1):
            landed, row = self.landed[j], self.best[j]
            np.subtract(self.best[j - 1], prices.skip_other, out=landed)
            for (a, b), gain in zip(prices.sizes, gains, strict=True):
                if b <= j and a <= n:
                    there = np.add(self.best[j - b, : n + 1 - a], gain[j - 1, a - 1 :], out=value[a:])
                    np.maximum(landed[a:], there, out=landed[a:])
            if j < m:
                row[:] = landed
                if prices.near < np.inf:
                    np.maximum(row, around(landed) - prices.near, out=row)
                top = self.top[j] = row.argmax()
                reach = self.reach[j] = row[top] - prices.jump
                np.maximum(row, reach, out=row)
            else:
                row[:] = landed
            # Passing over pivot sentences: the best of all before, less the price of each.
            np.add(row, self.steps, out=value)
            running = np.maximum.accumulate(value)
            value += 1e-9
            passed = running > value
            running -= self.steps
            np.copyto(row, running, where=passed)

    def near(self, j: int, i: int) -> tuple[float, int]:
        """Return the worth of a cell with near jumps, and where the best of them comes from (-1: none is worth it)."""
        row = self.landed[j]
        worth, source = float(row[i]), -1
        if j < len(self.best) - 1 and row[max(0, i - NEAR) : i + NEAR + 1].max() - self.prices.near > worth:
            for step in range(1, NEAR + 1):
                for k in (i + step, i - step):
                    if 0 <= k < len(row) and row[k] - self.prices.near > worth:
                        worth, source = float(row[k] - self.prices.near), k
        return worth, source

    def step(self, j: int, i: int) -> int | None:
        """Return from which cell of the row a cell is reached, by a jump or over a pivot sentence; None by neither."""
        worth, source = self.near(j, i)
        if worth < self.reach[j]:
            top = int(self.top[j])
            _, first = self.near(j, top)
            worth, source = float(self.reach[j]), top if first < 0 else first
        if self.best[j, i] != worth:
            return i - 1
        return source if source >= 0 else None


class _Around:
    """The greatest of each value and its neighbours up to `NEAR` places away, by doubling."""

    def __init__(self, size: int) -> None:
        self.padded = np.full(size + 2 * NEAR, -np.inf)
        self.spare = np.empty(size + 2 * NEAR), np.empty(size + 2 * NEAR)
        self.size = size

    def __call__(self, row: Floats) -> Floats:
        self.padded[NEAR : NEAR + self.size] = row
        width, table = 1, self.padded
        whole = 2 * NEAR + 1
        turn = 0
        while width < whole:
            more = min(width, whole - width)
            size = len(self.padded) - width - more + 1
            table = np.maximum(table[:size], table[more : more + size], out=self.spare[turn][:size])
            width += more
            turn = 1 - turn
        return table


def _trace(search: _Search, gains: list[Matrix]) -> list[Link]:
    best, prices = search.best, search.prices
    j, i = best.shape[0] - 1, int(np.argmax(best[-1]))
    links = []
    while j > 0:
        before = search.step(j, i)
        if before is not None:
            i = before
            continue
        # Of equals the first: a sentence passed over, then the smaller beads.
        worth, how = best[j - 1, i] - prices.skip_other, -1
        for k, (a, b) in enumerate(prices.sizes):
            if a <= i and b <= j and best[j - b, i - a] + gains[k][j - 1, i - 1] > worth:
                worth, how = best[j - b, i - a] + gains[k][j - 1, i - 1], k
        if how < 0:
            j -= 1
            continue
        a, b = prices.sizes[how]
        links.append(Link(tuple(range(i - a, i)), tuple(range(j - b, j)), float(gains[how][j - 1, i - 1])))
        i, j = i - a, j - b
    links.reverse()
    return links
