"""A long text that changes its language, cut where it does: each language has its own words and its own lines.

Only what is plain counts: Han characters, and the commonest small words of a language. A quotation or an abstract in
another language is no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tetrapla.detect import HAN, SMALL_WORDS, WORD

__all__ = ["sections_of"]

# Characters from which on a stretch counts, and how much of a language it must have, also beside the next one.
STRETCH, LEAST, CLEARLY = 4_000, 40.0, 2.0
# What a Han character counts beside a small word: of ten characters of prose in letters, half a word is small.
HAN_WEIGHT = 0.2
LINES = re.compile(r"[^\n]*\n+|[^\n]+")


def sections_of(text: str) -> Iterator[str]:
    """Yield a text in sections of one language each, lines kept whole; joined they are the text."""
    lines = LINES.findall(text)
    begun, language, last = 0, "", 0
    for first, after in _stretches(lines):
        here = _plain(_score("".join(lines[first:after])))
        if here and language and here != language:
            border = _border(lines, max(begun, last), after, language, here)
            yield "".join(lines[begun:border])
            begun = border
        if here:
            language, last = here, first
    if begun < len(lines):
        yield "".join(lines[begun:])


def _stretches(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield stretches of lines that are long enough to tell a language, as half-open ranges."""
    first = size = 0
    for k, line in enumerate(lines, start=1):
        size += len(line)
        if size >= STRETCH or k == len(lines):
            yield first, k
            first, size = k, 0


def _score(text: str) -> dict[str, float]:
    """Return how much speaks for each language in a text."""
    words = WORD.findall(text.lower())
    score: dict[str, float] = {code: sum(map(known.__contains__, words)) for code, known in SMALL_WORDS.items()}
    score["zh"] = HAN_WEIGHT * len(HAN.findall(text))
    return score


def _plain(score: Mapping[str, float]) -> str:
    """Return the language that speaks for itself, "" where none does."""
    second, most = sorted(score.values())[-2:]
    return max(score, key=lambda code: score[code]) if most >= LEAST and most >= CLEARLY * second else ""


def _border(lines: Sequence[str], first: int, after: int, before: str, behind: str) -> int:
    """Return the line, of some, from which on they speak for one language rather than for another."""
    best, most, total = after, 0.0, 0.0
    for k in range(after - 1, first, -1):
        score = _score(lines[k])
        total += score[behind] - score[before]
        if total > most:
            best, most = k, total
    return best
