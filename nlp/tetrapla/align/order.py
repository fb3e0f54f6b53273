"""The best way through two versions: beads in order, whole blocks moved at a price.

Dynamic programming over the sentences of the other version, with a pointer into the pivot. A bead of n pivot and m
other sentences earns what its coverage stands out above the background, times its size, less a price for every
sentence more than one a side and for odd lengths. Sentences on either side may be passed over. And the pointer may
jump, at a price, a small one to a place nearby: so pieces that columns and pages tore out of their order are found,
and what is said twice is found twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.coverage import Coverage, Matrix

__all__ = ["Link", "Prices", "best_path"]

NEAR = 8  # sentences that a jump to the next paragraph or so may pass
SKIP_OTHER, SKIP_PIVOT = 100, 101  # moves that are no bead
# Sizes of beads: sentences of the pivot, sentences of the other version.
SIZES = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2))


@dataclass(frozen=True)
class Prices:
    """What the path pays, in units of coverage (0..1).

    extra: for each sentence of a bead more than one a side; skip_pivot, skip_other: for a sentence passed over; near,
    jump: for a move of the pointer out of order, by a few sentences or by more; length: for each unit of the logarithm
    by which lengths differ; floor: what a bead must stand out above the background to earn anything.

    The values are those for paragraphs, tuned on manuals with planted damage (three corpora, levels paper and heavy)
    and on the paper's English: merging is dear and jumping cheap, for what is torn needs jumps, and a second sentence
    for the same one is reached by one as well.
    """

    extra: float = 0.25
    skip_pivot: float = 0.03
    skip_other: float = 0.04
    near: float = 0.10
    jump: float = 0.15
    length: float = 0.08
    floor: float = 0.03


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
    along = (table.sum(axis=1, keepdims=True) - table) / max(columns - 1, 1)
    down = (table.sum(axis=0, keepdims=True) - table) / max(rows - 1, 1)
    result: Matrix = (along + down) / 2
    return result


def best_path(
    coverage: Coverage,
    lengths: tuple[NDArray[np.float64], NDArray[np.float64]],
    prices: Prices,
    extra: Matrix | None = None,
) -> list[Link]:
    """Return the links of the best way through, in the order of the other version."""
    gains = gains_of(coverage, lengths, prices, extra)
    n, m = gains[0].shape
    best = np.full((m + 1, n + 1), -np.inf)
    move = np.full((m + 1, n + 1), -1, dtype=np.int16)
    jumped = np.full((m + 1, n + 1), -1, dtype=np.int32)
    steps = np.arange(n + 1) * prices.skip_pivot
    best[0] = -np.minimum(steps, prices.jump)
    move[0] = SKIP_PIVOT
    for j in range(1, m + 1):
        row, how = best[j], move[j]
        np.copyto(row, best[j - 1] - prices.skip_other)
        how[:] = SKIP_OTHER
        for k, (a, b) in enumerate(SIZES):
            if b > j:
                continue
            value = best[j - b][: n + 1 - a] + gains[k][a - 1 :, j - 1]
            better = value > row[a:]
            row[a:][better] = value[better]
            how[a:][better] = k
        if j < m:
            _jump_near(row, jumped[j], prices.near)
            top = int(np.argmax(row))
            reach = row[top] - prices.jump
            far = row < reach
            row[far] = reach
            jumped[j][far] = top if jumped[j][top] < 0 else jumped[j][top]
        # Passing over pivot sentences: the best of all before, less the price of each.
        line = row + steps
        running = np.maximum.accumulate(line)
        passed = running > line + 1e-9
        row[passed] = (running - steps)[passed]
        how[passed] = SKIP_PIVOT
        jumped[j][passed] = -1
    return _trace(best, move, jumped, gains)


def _jump_near(row: NDArray[np.float64], jumped: NDArray[np.int32], price: float) -> None:
    """Let the pointer jump a few sentences, which costs less than a jump across the text."""
    before = row.copy()
    places = np.arange(len(row), dtype=np.int32)
    for step in range(1, min(NEAR, len(row) - 1) + 1):
        for target, source in ((slice(None, -step), slice(step, None)), (slice(step, None), slice(None, -step))):
            value = before[source] - price
            better = value > row[target]
            row[target][better] = value[better]
            jumped[target][better] = places[source][better]


def gains_of(
    coverage: Coverage, lengths: tuple[NDArray[np.float64], NDArray[np.float64]], prices: Prices, extra: Matrix | None
) -> list[Matrix]:
    """Return what a bead of each size that ends with sentences i and j earns."""
    la, lb = lengths
    gains = []
    for a, b in SIZES:
        table = coverage.passage(a, b)
        gain = table - background_of(table) - prices.floor
        sa, sb = _sums(la, a), _sums(lb, b)
        ratio = np.abs(np.log((sa[:, None] + 8.0) / (sb[None, :] + 8.0)))
        gain = gain - prices.length * np.minimum(ratio, 2.5)
        gain = gain * ((a + b) / 2) - prices.extra * (a + b - 2)
        if extra is not None:
            gain = gain + extra * ((a + b) / 2)
        gain[: a - 1] = -np.inf
        gain[:, : b - 1] = -np.inf
        gains.append(gain.astype(np.float32))
    return gains


def _sums(lengths: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    total = lengths.copy()
    for shift in range(1, count):
        total[shift:] += lengths[:-shift]
    return total


def _trace(
    best: NDArray[np.float64], move: NDArray[np.int16], jumped: NDArray[np.int32], gains: list[Matrix]
) -> list[Link]:
    j, i = best.shape[0] - 1, int(np.argmax(best[-1]))
    links = []
    while j > 0:
        if jumped[j, i] >= 0:
            i = int(jumped[j, i])
            continue
        how = int(move[j, i])
        if how == SKIP_PIVOT:
            i -= 1
        elif how == SKIP_OTHER:
            j -= 1
        else:
            a, b = SIZES[how]
            links.append(Link(tuple(range(i - a, i)), tuple(range(j - b, j)), float(gains[how][i - 1, j - 1])))
            i, j = i - a, j - b
    links.reverse()
    return links
