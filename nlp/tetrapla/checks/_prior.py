"""How much there is to find in a document, learnt from the document itself.

A sentence like its neighbour is a second rendering where a machine gave many of them, and hardly ever in a sound
manual, which has parallel sentences as well. The odds of each candidate were set on texts that say a thing twice in
every so many words. Saerens, Latinne and Decaestecker (2002) take such odds to a text of another share: the sum of the
probabilities is how many are to be expected, their share of the text a new prior, which gives new probabilities, until
nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["prior"]

# The odds hold where so many words have one; a document counts as if some words with so much of one came before it, so
# that a page is judged by its own evidence. Swept on manuals in four languages, sound and disturbed, and on a paper.
USUAL, BEFORE = 800, 0.4
MOST_ROUNDS, SETTLED = 100, 1e-4


def prior(odds: Sequence[float], words: float, usual: float = USUAL) -> float:
    """Return what to add to the logarithms of the odds of all candidates of a text of so many words: 0, or less.

    The odds hold where one in `usual` words begins such a thing.

    >>> prior([3.0], 100), round(prior([0.5], 80000), 1)
    (0.0, -5.5)
    """
    shift = 0.0
    for _ in range(MOST_ROUNDS):
        expected = BEFORE + sum(1 / (1 + math.exp(min(700.0, -(odd + shift)))) for odd in odds)
        before, shift = shift, min(0.0, math.log(expected * usual / (words + BEFORE * usual)))
        if abs(shift - before) < SETTLED:
            break
    return shift
