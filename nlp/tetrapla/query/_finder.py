"""Where the words of a query stand in a text: exactly what the full-text table counts as words, and the marks between.

The definition is `Finder.by_words`, over the words of `store.words`. Nearly all texts can be searched much faster as
they stand, by a regular expression over the folded text; those in which folding changes lengths, or that hold
characters composed of several, are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from tetrapla.languages._base import MARKS
from tetrapla.query._bound import BRIDGED, Words, marks_between
from tetrapla.store import Token, words
from tetrapla.store._words import APART

__all__ = ["Finder", "folded"]

COMBINING = re.compile(f"[{MARKS}]")
# The stretch of Unicode that has all of them; most texts have nothing from it, which is seen much faster.
AMONG_COMBINING = re.compile(f"[{min(MARKS)}-{max(MARKS)}]")
# Besides, what may be another way to write a character that is a word by itself.
COMPOSED = re.compile(f"[{min(MARKS)}-{max(MARKS)}\u1e00-\u1fff\u3099\u309a\uf900-\ufaff\U0002f800-\U0002fa1f]")
BETWEEN = BRIDGED.pattern.removesuffix("+")

Stretch = tuple[int, int]


class Finder:
    """Finds a word, a beginning of words, or a phrase."""

    def __init__(self, wanted: Words) -> None:
        self.wanted = wanted
        first = wanted.words[0]
        pattern = re.escape(first)
        for before, word, marks, joined in zip(
            wanted.words, wanted.words[1:], wanted.marks, wanted.joined, strict=False
        ):
            pattern += _gap(before[-1] + word[0], marks, joined) + re.escape(word)
        self._pattern = re.compile(pattern)
        # Characters that are words by themselves have their borders wherever they stand; others are looked at.
        self._free = not wanted.prefix and all(wanted.joined) and _alone("".join(wanted.words))
        # What cannot overlap itself can be found without a look at each place.
        self._bordered = not wanted.prefix and not _overlaps(wanted.words)
        if self._bordered and not self._free:
            self._pattern = re.compile(_bordered(pattern, wanted.words))

    def find(self, text: str, without_case: str | None) -> list[Stretch]:
        """Return where the words stand in a text, overlapping ones too, by start; `without_case` is `folded(text)`."""
        if without_case is None:
            return self.by_words(text)
        if self._bordered:
            return [match.span() for match in self._pattern.finditer(without_case)]
        search = self._pattern.search
        found = []
        match = search(without_case)
        while match:
            start, end = match.span()
            if self._free or not (start and _goes_on(without_case[start - 1 : start + 1])):
                if self.wanted.prefix:
                    found.append((start, _end_of_word(without_case, end)))
                elif self._free or not _goes_on(without_case[end - 1 : end + 1]):
                    found.append((start, end))
            match = search(without_case, start + 1)
        return found

    def count(self, text: str) -> int:
        """Return how often the words stand in a text."""
        if self._free and self._bordered and not COMPOSED.search(text):
            return text.count("".join(self.wanted.words))
        without_case = folded(text)
        if without_case is not None and self._bordered:
            return len(self._pattern.findall(without_case))
        return len(self.find(text, without_case))

    def by_words(self, text: str) -> list[Stretch]:
        """Return the same, word by word."""
        tokens = list(words(text))
        size = len(self.wanted.words)
        return [
            (tokens[k].start, tokens[k + size - 1].end)
            for k in range(len(tokens) - size + 1)
            if self._stands(text, tokens, k)
        ]

    def _stands(self, text: str, tokens: Sequence[Token], first: int) -> bool:
        *others, last = self.wanted.words
        end = first + len(others)
        if any(tokens[first + k].folded != word for k, word in enumerate(others)):
            return False
        if not (tokens[end].folded.startswith(last) if self.wanted.prefix else tokens[end].folded == last):
            return False
        gaps = (text[tokens[k].end : tokens[k + 1].start] for k in range(first, end))
        return all(
            not gap if joined else marks_between(gap) == marks
            for gap, marks, joined in zip(gaps, self.wanted.marks, self.wanted.joined, strict=True)
        )


def _gap(border: str, marks: str, joined: bool) -> str:
    """Return a pattern for what may stand between two words; `border` are the characters that would meet."""
    if joined:
        return ""
    if not marks:
        return BETWEEN + ("+" if _goes_on(border) else "*")
    return f"{BETWEEN}*" + f"{BETWEEN}*".join(map(re.escape, marks)) + f"{BETWEEN}*"


def folded(text: str) -> str | None:
    """Return a text without case, character for character, or None where that is not to be had."""
    if text.isascii():
        return text.lower()
    without_case = text.casefold()
    if len(without_case) != len(text) or not unicodedata.is_normalized("NFC", text):
        return None
    return None if AMONG_COMBINING.search(text) and COMBINING.search(text) else without_case


@lru_cache(maxsize=100_000)
def _goes_on(pair: str) -> bool:
    """Return whether two neighbouring characters belong to one word."""
    return len(pair) == 2 and any(word.end - word.start == 2 for word in words(pair))


def _alone(text: str) -> bool:
    return all(not _goes_on(char + char) and not _goes_on("a" + char) for char in text)


def _overlaps(wanted: Sequence[str]) -> bool:
    """Return whether words may stand so that the last of them are the first of the same words again."""
    return any(wanted[:k] == wanted[-k:] for k in range(1, len(wanted)))


def _bordered(pattern: str, wanted: Sequence[str]) -> str:
    """Return a pattern with the borders of words about it; there are no combining characters where it is used.

    What stands before is looked at behind the first word: a pattern that begins with letters is sought much faster.
    """
    first, letters = re.escape(wanted[0]), f"[^\\W_{APART}]"
    start = f"(?<!{letters}{first})" if _goes_on("a" + wanted[0][0]) else ""
    end = f"(?!{letters})" if _goes_on(wanted[-1][-1] + "a") else ""
    return first + start + pattern.removeprefix(first) + end


def _end_of_word(text: str, end: int) -> int:
    while end < len(text) and _goes_on(text[end - 1 : end + 1]):
        end += 1
    return end
