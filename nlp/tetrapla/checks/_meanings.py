"""What the parts of a Chinese term may mean in another language, and how the term sounds.

A machine that does not know a term says its parts: 土地指标 becomes "land indicators". Words of two characters and more
are looked up in the lexicon. What a single character means is gathered from the words that it stands in there: 域 is in
领域 "field" and 区域 "region", so it may be either (the coefficient of Dice 1945 of character and stem).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache

from tetrapla import lexicon

__all__ = ["Meaning", "add", "meanings", "pinyin"]

# How surely a word says a part of a term (0..1), and which characters of the term that part has.
Meaning = tuple[float, frozenset[int]]

# A word of the lexicon has so many characters at most; one that it lists counts so much at least.
LONGEST, LISTED = 5, 0.6
# What a character means, by the words that it stands in, counts less than a word's own entry.
CHARACTER, LEAST_DICE = 0.6, 0.1


def meanings(term: str, language: str, stems: Collection[str]) -> dict[str, Meaning]:
    """Return which of some stems say a part of a Chinese term, how surely, and which characters of it.

    >>> meanings("土地指标", "en", ["land", "boat"])
    {'land': (1.0, frozenset({0, 1}))}
    """
    words, characters = _words(language), _characters(language)
    found: dict[str, Meaning] = {}
    for i in range(len(term)):
        for stem, weight in characters.get(term[i], {}).items():
            if stem in stems:
                add(found, stem, CHARACTER * weight, frozenset([i]))
        for j in range(i + 2, min(len(term), i + LONGEST) + 1):
            for stem, weight in words.get(term[i:j], {}).items():
                if stem in stems:
                    add(found, stem, max(LISTED, weight), frozenset(range(i, j)))
    return found


def add(found: dict[str, Meaning], stem: str, weight: float, characters: frozenset[int]) -> None:
    """Add that a stem says some characters of a term."""
    old, covered = found.get(stem, (0.0, frozenset()))
    found[stem] = max(old, weight), covered | characters


@lru_cache(maxsize=4096)
def pinyin(text: str) -> str:
    """Return how Chinese text is read, without tones and blanks.

    >>> pinyin("衢州")
    'quzhou'
    """
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text))


@lru_cache(maxsize=8)
def _words(language: str) -> Mapping[str, Mapping[str, float]]:
    """Return the lexicon's Chinese words: the stems that each may be in a language, and the worth of the link."""
    table = lexicon.load()
    if language not in table.languages:
        return {}
    return {
        "".join(unit): {stem: weight for target, weight in targets.items() for stem in _stems(target)}
        for unit, targets in table.links("zh", language).items()
    }


@lru_cache(maxsize=8)
def _characters(language: str) -> Mapping[str, Mapping[str, float]]:
    """Return what each Chinese character may mean in a language, and how surely (0..1)."""
    both: Counter[tuple[str, str]] = Counter()
    ones: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for word, stems in _words(language).items():
        others.update(stems.keys())
        ones.update(set(word))
        both.update((character, stem) for character in set(word) for stem in stems)
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (character, stem), count in both.items():
        dice = 2 * count / (ones[character] + others[stem])
        if dice >= LEAST_DICE:
            found[character][stem] = min(1.0, 2 * dice)
    return dict(found)


def _stems(unit: lexicon.Unit) -> tuple[str, ...]:
    return (unit,) if isinstance(unit, str) else unit
