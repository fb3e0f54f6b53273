"""How wide text is, without asking a font: widths of classes of characters in a usual sans serif, on the safe side."""

from __future__ import annotations

import math
import unicodedata
from functools import cache

from tetrapla.languages import get

__all__ = ["width_of", "wrapped"]

# In ems. What is not named here is as wide as a small letter.
CLASSES = (("ijlItf.,:;'’|!()[]-·", 0.36), ("r/ ", 0.42), ("mwMW—%@", 0.95))
SMALL, CAPITAL, FULL = 0.6, 0.74, 1.0
WIDTHS = {char: width for chars, width in CLASSES for char in chars}


@cache
def _em(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return FULL
    base = unicodedata.normalize("NFD", char)[0]
    return WIDTHS.get(base, CAPITAL if base.isupper() else SMALL)


def width_of(text: str, size: float) -> float:
    """Return how wide a line of text is in a font of `size` pixels, in pixels.

    >>> width_of("收敛", 13), width_of("il", 10) < width_of("mw", 10)
    (26.0, True)
    """
    return size * sum(map(_em, text))


def wrapped(text: str, language: str, size: float, most: float) -> list[str]:
    """Return a text in lines of about one width, none wider than `most` pixels unless a single word is.

    >>> wrapped("collaborative innovation network", "en", 10, 110)
    ['collaborative', 'innovation network']
    >>> wrapped("国家可持续发展试验区", "zh", 10, 60)
    ['国家可持续', '发展试验区']
    """
    joiner = get(language).joiner
    # Chinese may be broken between any two characters, but not within a Latin word or a number.
    words = text.split() if joiner else _units(text)
    count = max(1, math.ceil(width_of(text, size) / most))
    # As even as can be: the narrowest measure that needs no more lines than the widest.
    least, step = width_of(text, size) / count, most / 20
    for k in range(21):
        lines = _filled(words, joiner, size, min(most, least + k * step))
        if len(lines) <= count:
            return lines
    return _filled(words, joiner, size, most)


def _units(text: str) -> list[str]:
    units: list[str] = []
    for char in text:
        if units and _em(char) < FULL and _em(units[-1][-1]) < FULL:
            units[-1] += char
        else:
            units.append(char)
    return units


def _filled(words: list[str], joiner: str, size: float, most: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and width_of(lines[-1] + joiner + word, size) <= most:
            lines[-1] += joiner + word
        else:
            lines.append(word)
    return lines
