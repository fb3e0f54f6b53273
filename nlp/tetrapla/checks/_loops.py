"""Loops: the same words three times and more, one after the other, as a translating machine writes when it is stuck.

A stretch loops with the period p where each of its words is the word p places before. For every period up to the
longest the document is compared with itself, shifted so far: linear time, whatever is in it.
"""

from __future__ import annotations

from typing import NamedTuple

from tetrapla.checks._dovetail import PARAGRAPH, SENTENCE, Words
from tetrapla.checks._once import once

__all__ = ["Loop", "loops_of"]

# The words of a loop, at most, and how often it must say them; a word or two come three times in sound text as well.
LONGEST, TIMES, TIMES_OF_SHORT = 80, 3, {1: 5, 2: 4}
# Its words have so many letters together: "no, no, no", a row of symbols or of numbers is none.
LEAST_LETTERS = 4
# What paragraphs repeat is a list or a table ("yes", "yes", "yes") unless it has so many words.
LEAST_OVER_PARAGRAPHS = 8


class Loop(NamedTuple):
    """Words ``[start, end)`` that say the same `period` words time and again."""

    start: int
    end: int
    period: int

    @property
    def times(self) -> int:
        """How often the words are said in full."""
        return (self.end - self.start) // self.period


@once(2)
def loops_of(words: Words) -> tuple[Loop, ...]:
    """Return the loops of a document in order; none overlaps another, the shortest period wins."""
    import numpy as np

    stems, found = words.stems, []
    free = np.ones(len(words), dtype=bool)
    for period in range(1, min(LONGEST, len(words) // TIMES) + 1):
        times = TIMES_OF_SHORT.get(period, TIMES)
        differs = np.flatnonzero(stems[period:] != stems[:-period])
        edges = np.concatenate([[-1], differs, [len(words) - period]])
        for at in np.flatnonzero(np.diff(edges) > (times - 1) * period).tolist():
            start, end = int(edges[at]) + 1, int(edges[at + 1]) + period
            if free[start:end].all():
                for loop in _within(words, start, end, period):
                    free[loop.start : loop.end] = False
                    found.append(loop)
    return tuple(sorted(found))


def _within(words: Words, start: int, end: int, period: int) -> list[Loop]:
    """Return the loop of a stretch, or those of its paragraphs where it runs over their ends by chance."""
    unit = words[start : start + period]
    letters = sum(char.isalpha() for word in unit for char in word.stem)
    if letters < LEAST_LETTERS or all(word.stem[0].isdigit() for word in unit):
        return []
    if period >= LEAST_OVER_PARAGRAPHS:
        return [_from_border(words, start, end, period)]
    cuts = [k for k in range(start + 1, end) if words[k].border == PARAGRAPH]
    pieces = zip([start, *cuts], [*cuts, end], strict=True)
    return [_from_border(words, a, b, period) for a, b in pieces if b - a >= TIMES_OF_SHORT.get(period, TIMES) * period]


def _from_border(words: Words, start: int, end: int, period: int) -> Loop:
    """Return the loop begun at a sentence, if there is one so near that nothing of its times is lost."""
    spare = (end - start) % period
    begin = next((k for k in range(start, start + spare + 1) if words[k].border >= SENTENCE), start)
    return Loop(begin, end, period)
