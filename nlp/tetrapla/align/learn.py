"""A lexicon learnt from passages that are aligned already: what recurs together is a translation.

IBM model 1 (Brown et al. 1993) both ways; a pair weighs ``sqrt(p(t|s) p(s|t)) c / (c + 1)`` with c its expected count,
so that what was seen once counts half.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tetrapla.align.links import Links
from tetrapla.align.order import Link
from tetrapla.align.tokens import NUMBERS, Sentences, Token

__all__ = ["Bags", "Taught", "learnt_links", "taught"]

Ints = NDArray[np.int64]
Bags = tuple[Collection[Token], Collection[Token]]  # the tokens of two passages that translate each other
Taught = dict[Token, dict[Token, float]]  # what a token of the one language may be in the other, and its weight

MOST = 10_000  # passages teach no more than that many, spread evenly, and more would only take memory
ROUNDS = 8
LEAST = 0.06  # weaker pairs are left out
USUAL = 0.25  # tokens in a larger share of the passages are function words and teach nothing


def learnt_links(groups: Sequence[tuple[Sentences, Sentences, Sequence[Link]]]) -> list[Links]:
    """Return what all the beads of some pairs of versions teach, as links between the tokens of each pair.

    The pairs are of the same two languages, the first of them first.
    """
    lexicon = taught([bags for a, b, beads in groups for bags in _bags(a, b, beads)])
    return [_links(lexicon, a, b) for a, b, _ in groups]


def _bags(a: Sentences, b: Sentences, beads: Sequence[Link]) -> list[Bags]:
    """Return the tokens of the beads."""
    return [
        ({t for i in bead.pivot for t in a.items[i].tokens}, {t for j in bead.other for t in b.items[j].tokens})
        for bead in beads
    ]


def _links(lexicon: Taught, a: Sentences, b: Sentences) -> Links:
    links: Links = {}
    for token, i in a.vocabulary.items():
        found = {b.vocabulary[t]: weight for t, weight in lexicon.get(token, {}).items() if t in b.vocabulary}
        if found:
            links[i] = found
    return links


def taught(passages: Iterable[Bags]) -> Taught:
    """Return what passages that translate each other teach: for each token its renderings and their weights (0..1)."""
    kept = list(passages)
    if len(kept) > MOST:
        step = len(kept) / MOST
        kept = [kept[int(k * step)] for k in range(MOST)]
    ours, theirs = _numbered(left for left, _ in kept), _numbered(right for _, right in kept)
    sides_s, sides_t, groups_s, groups_t = [], [], [], []
    slot_s = slot_t = 0
    for left, right in kept:
        rows = np.array(sorted(ours[t] for t in left if t in ours), dtype=np.int64)
        columns = np.array(sorted(theirs[t] for t in right if t in theirs), dtype=np.int64)
        sides_s.append(np.repeat(rows, len(columns)))
        sides_t.append(np.tile(columns, len(rows)))
        groups_s.append(np.repeat(np.arange(slot_s, slot_s + len(rows)), len(columns)))
        groups_t.append(np.tile(np.arange(slot_t, slot_t + len(columns)), len(rows)))
        slot_s += len(rows)
        slot_t += len(columns)
    if not slot_s or not slot_t:
        return {}
    keys = np.concatenate(sides_s) * len(theirs) + np.concatenate(sides_t)
    if not len(keys):
        return {}
    pairs, cell = np.unique(keys, return_inverse=True)
    sources, targets = np.divmod(pairs, len(theirs))
    weights = _both_ways(
        cell, np.concatenate(groups_s), np.concatenate(groups_t), (sources, targets), (len(ours), len(theirs))
    )
    names, renderings = list(ours), list(theirs)
    found: Taught = {}
    for k in np.flatnonzero(weights >= LEAST):
        found.setdefault(names[sources[k]], {})[renderings[targets[k]]] = float(weights[k])
    return found


def _numbered(sides: Iterable[Collection[Token]]) -> dict[Token, int]:
    """Return a number for each token that can teach something: words that are not in every other passage."""
    counts: Counter[Token] = Counter()
    size = 0
    for side in sides:
        size += 1
        counts.update(token for token in set(side) if token[0] not in NUMBERS)
    # By name, for the order of sets differs from process to process.
    usual = sorted(token for token, count in counts.items() if count <= max(USUAL * size, 1))
    return {token: number for number, token in enumerate(usual)}


def _both_ways(
    cell: Ints, groups_s: Ints, groups_t: Ints, pairs: tuple[Ints, Ints], sizes: tuple[int, int]
) -> NDArray[np.float64]:
    """Return the weight of each pair; `cell` has the pair of each meeting of two words in a passage."""
    sources, targets = pairs
    ways = []
    counts = []
    for group, given, total in ((groups_t, sources, sizes[0]), (groups_s, targets, sizes[1])):
        # p(other | given): each occurrence of the other word is shared out over the given words of its passage.
        probability = np.full(len(sources), 1.0)
        slots = int(group.max()) + 1
        for _ in range(ROUNDS):
            p = probability[cell]
            share = p / np.maximum(np.bincount(group, p, slots)[group], 1e-12)
            expected = np.bincount(cell, share, len(sources))
            probability = expected / np.maximum(np.bincount(given, expected, total)[given], 1e-12)
        ways.append(probability)
        counts.append(expected)
    count = np.minimum(counts[0], counts[1])
    weight: NDArray[np.float64] = np.sqrt(ways[0] * ways[1]) * count / (count + 1.0)
    return weight
