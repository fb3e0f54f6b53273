"""A lexicon learnt from beads that are already found: what recurs together is a translation.

IBM model 1 (Brown et al. 1993) both ways over the best beads; a pair weighs ``sqrt(p(t|s) p(s|t)) c / (c + 1)`` with
c its expected count, so that what was seen once counts half.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.links import Links
from tetrapla.align.order import Link
from tetrapla.align.tokens import NUMBERS, Sentences

Ints = NDArray[np.int64]

__all__ = ["learnt_links"]

BEST = 0.8  # the share of the beads, by gain per sentence, that are learnt from
ROUNDS = 4
LEAST = 0.12  # weaker pairs are left out


def learnt_links(a: Sentences, b: Sentences, beads: Sequence[Link]) -> Links:
    """Return the pairs of words that the beads of two versions teach."""
    kept = sorted(beads, key=lambda bead: bead.gain / (len(bead.pivot) + len(bead.other)), reverse=True)
    kept = kept[: max(1, int(len(kept) * BEST))]
    usual_a = _frequent(a)
    usual_b = _frequent(b)
    sides_s, sides_t, groups_s, groups_t = [], [], [], []
    slot_s = slot_t = 0
    for bead in kept:
        left = {a.vocabulary[t] for i in bead.pivot for t in a.items[i].tokens if t[0] not in NUMBERS} - usual_a
        right = {b.vocabulary[t] for j in bead.other for t in b.items[j].tokens if t[0] not in NUMBERS} - usual_b
        rows, columns = np.array(sorted(left), dtype=np.int64), np.array(sorted(right), dtype=np.int64)
        sides_s.append(np.repeat(rows, len(columns)))
        sides_t.append(np.tile(columns, len(rows)))
        groups_s.append(np.repeat(np.arange(slot_s, slot_s + len(rows)), len(columns)))
        groups_t.append(np.tile(np.arange(slot_t, slot_t + len(columns)), len(rows)))
        slot_s += len(rows)
        slot_t += len(columns)
    if not slot_s or not slot_t:
        return {}
    keys = np.concatenate(sides_s) * len(b.vocabulary) + np.concatenate(sides_t)
    pairs, cell = np.unique(keys, return_inverse=True)
    sources, targets = np.divmod(pairs, len(b.vocabulary))
    count = _both_ways(cell, np.concatenate(groups_s), np.concatenate(groups_t), sources, targets, a, b)
    links: Links = {}
    for k in np.flatnonzero(count >= LEAST):
        links.setdefault(int(sources[k]), {})[int(targets[k])] = float(count[k])
    return links


def _frequent(version: Sentences) -> set[int]:
    """Return the tokens that stand in more than a quarter of the sentences: function words teach nothing."""
    counts: dict[int, int] = {}
    for sentence in version.items:
        for token in set(sentence.tokens):
            number = version.vocabulary[token]
            counts[number] = counts.get(number, 0) + 1
    return {number for number, count in counts.items() if count > 0.25 * len(version)}


def _both_ways(
    cell: Ints, groups_s: Ints, groups_t: Ints, sources: Ints, targets: Ints, a: Sentences, b: Sentences
) -> NDArray[np.float64]:
    """Return the weight of each pair; `cell` has the pair of each meeting of two words in a bead."""
    size = len(sources)
    ways = []
    counts = []
    for group, given, total in ((groups_t, sources, len(a.vocabulary)), (groups_s, targets, len(b.vocabulary))):
        # p(other | given): each occurrence of the other word is shared out over the given words of its bead.
        probability = np.full(size, 1.0)
        slots = int(group.max()) + 1
        for _ in range(ROUNDS):
            p = probability[cell]
            share = p / np.maximum(np.bincount(group, p, slots)[group], 1e-12)
            expected = np.bincount(cell, share, size)
            probability = expected / np.maximum(np.bincount(given, expected, total)[given], 1e-12)
        ways.append(probability)
        counts.append(expected)
    count = np.minimum(counts[0], counts[1])
    weight: NDArray[np.float64] = np.sqrt(ways[0] * ways[1]) * count / (count + 1.0)
    return weight
