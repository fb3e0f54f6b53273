"""Where the lines of the original end inside a clause, and what of two sentences stands on either side.

A translator that is fed the lines of a page one by one makes a sentence of each, so that in every version made in this
way the words change over to the next sentence just there, where no sentence of a sound translation ends. What one
version suggests weakly, several that were made of the same lines say aloud: their evidence for a place in the original
is added up.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from tetrapla import languages
from tetrapla.checks._counterparts import Counterparts
from tetrapla.checks._pivot import HAN, Witness

__all__ = ["Border", "Seam", "Seams", "borders_of", "seam_of"]

MARK = re.compile(r"[，。；：！？,.;:!?)）”」』》]")

Border = Literal["mark", "line"]
# A word of the original tells one of two sentences by so much at most.
MOST_TOLD = 4.0
# Two sentences whose counterparts lie further apart, in words of the original, do not share one out.
FAR = 400
# So many words that no bead holds may lie between two that stand on either side of a border.
GAP = 30


class Seam(NamedTuple):
    """How much more speaks for a line's end than for any mark as the border of two sentences, in natural logarithms.

    `sides` is the lesser of what speaks for the sentence before on the one side, and the one behind on the other.
    """

    margin: float
    sides: float


def borders_of(witness: Witness) -> list[Border | None]:
    """Return for each word of the original whether a mark, or the end of a line inside a clause, stands before it.

    A word that is broken by the end of its line has it before the word behind.
    """
    tokens, document = witness.other.tokens, witness.other.text.document
    wide = languages.get(document.language).full_width
    borders: list[Border | None] = ["mark"]
    for before, token in pairwise(tokens):
        if MARK.search(document.text, before.end, token.start) or token.start < before.end:
            borders.append("mark")
        elif "\n" in document.text[before.start : token.start] and (not wide or HAN.match(before.form)):
            borders.append("line")
        else:
            borders.append(None)
    starts = [token.start for token in tokens]
    inside = sorted((span.start, span.end) for _, spans in witness.beads for span in spans)
    for paragraph in witness.other.text.paragraphs:
        at = bisect_left(starts, paragraph.start)
        # A sentence that the alignment knows to go on over a blank line has no end there.
        k = bisect_left(inside, (paragraph.start, 0)) - 1
        if at < len(borders) and (k < 0 or inside[k][1] <= paragraph.start):
            borders[at] = "mark"
    return borders


class Seams:
    """The sentences of a version beside the original, in whose words their borders are sought."""

    def __init__(self, counterparts: Counterparts) -> None:
        self.counterparts = counterparts
        witness = counterparts.witness
        self._windows = [
            {n for bead in witness.beads_in(piece.spans) for n in witness.other.inside(witness.beads[bead][1])}
            for piece in counterparts.own
        ]

    def curve(self, first: int, second: int) -> Mapping[int, float]:
        """Return how much speaks for each word of the original as the first one of the second of two sentences."""
        window = sorted(self._windows[first] | self._windows[second])
        if not window or window[-1] - window[0] > FAR:
            return {}
        told = [self._told(n, first, second) for n in window]
        rest, total = 0.0, sum(told)
        found: dict[int, float] = {window[0]: -total}
        last = window[-1] + GAP
        for n, following, value in zip(window, [*window[1:], last], told, strict=True):
            rest += value
            # No word of the two stands between: every border there is as good.
            for between in range(n + 1, min(following, n + GAP) + 1):
                found[between] = 2 * rest - total
        return found

    def _told(self, n: int, first: int, second: int) -> float:
        """Return how much likelier a word of the original belongs to the first of two sentences than to the second."""
        counterparts = self.counterparts
        form = counterparts.witness.other.tokens[n].form
        says = counterparts.asked.get(form)
        if says is None:
            return 0.0
        by_first, by_second = (not counterparts.forms[k].isdisjoint(says) for k in (first, second))
        if by_first == by_second:
            return 0.0
        likely = counterparts.likelihood(form, False) - counterparts.likelihood(form, True)
        return math.copysign(min(MOST_TOLD, likely), 1 if by_first else -1)


def seam_of(curves: Sequence[Mapping[int, float]], borders: Sequence[Border | None]) -> Seam | None:
    """Return how much speaks for a line's end where sentences meet, by one or more versions; None where none ends."""
    pooled: defaultdict[int, float] = defaultdict(float)
    for curve in curves:
        for n, value in curve.items():
            pooled[n] += value
    best: dict[Border, float] = {}
    for n in sorted(pooled):
        border = borders[n] if n < len(borders) else "mark"
        if border is not None:
            best[border] = max(pooled[n], best.get(border, -math.inf))
    if "line" not in best:
        return None
    # At either end of the window all words belong to one of the two.
    none, both = pooled[min(pooled)], pooled[max(pooled)]
    sides = min(best["line"] - none, best["line"] - both) / 2
    return Seam(best["line"] - best.get("mark", 0.0), sides)
