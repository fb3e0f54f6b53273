"""Terms in text with blanks between words, inflected ones too.

The text becomes a string with one character a word (a blank for all words that no form has), and Aho-Corasick runs over
that, so that inflected forms are found at the speed of plain search. Exact search loses three quarters of the Spanish
terms.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, islice

from ahocorasick_rs import AhoCorasick

from tetrapla.glossary._hits import Candidate, Hit, best_first, maximal, outer
from tetrapla.glossary._units import HAN, Known, Units, only, pieced, without

__all__ = ["PARTED", "LatinMatcher"]

# What parts two stretches of text, so that nothing is found across: a mark between blanks.
PARTED = " \0 "
OTHER = " "
ACRONYM = re.compile(r"[A-Z](?:\u00ad?[A-Z])+")
# A soft hyphen within a word is no matter; before a blank it was one at the end of a line.
HYPHEN = re.compile(r"[-‐‑\u00ad](?:\s+|(?<!\u00ad))")
# Words between Han characters, with what follows them.
BETWEEN_HAN = re.compile(rf"([^\W{HAN}][^{HAN}]*)")
WORD = re.compile(r"\S+")
# Letters that stand for a word each: not the halves of pairs, which no text may hold alone.
FIRST_CODE, HALVES = 0x100, range(0xD800, 0xE000)


class LatinMatcher:
    """Finds forms in text with blanks between words; keeps what it has learnt of each run of characters."""

    def __init__(self, language: str, candidates: Iterable[Candidate]) -> None:
        self._units = Units(language)
        self._vocabulary: dict[tuple[str, str], str] = {}
        forms, self._candidates = best_first(candidates, self._code_of)
        self._automaton = AhoCorasick(forms)
        # "HIP" is a park, "hip" is none; forms in small letters are found in capitals too.
        self._acronyms = {
            index: tuple(c for c in same if not ACRONYM.fullmatch(c.term.form))
            for index, same in enumerate(self._candidates)
            if any(ACRONYM.fullmatch(c.term.form) for c in same)
        }
        # Twice the longest form, for inflection and blanks make a form longer than it is.
        self._reach = 2 * max((len(c.term.form) for same in self._candidates for c in same), default=0)
        self._codes = Known(self._coded)

    def _code_of(self, candidate: Candidate) -> str:
        vocabulary = self._vocabulary
        return "".join(
            vocabulary.setdefault(key, _letter(len(vocabulary))) for key in self._units.of_form(candidate.term.form)
        )

    def _coded(self, run: str) -> str:
        return "".join([self._vocabulary.get(unit.key, OTHER) for unit in self._units.of_run[run]])

    def find(self, text: str) -> list[Hit]:
        """Return the maximal hits, and those that there are when words with a hyphen are read without it."""
        hits = self._search(text)
        hyphens = [match.span() for match in HYPHEN.finditer(text) if self._joins(text, match)]
        return maximal(hits + self._across(text, hyphens)) if hyphens else hits

    def find_between_han(self, text: str) -> list[Hit]:
        """Return the same of a text with Han characters, which part words as blanks do: "所谓local buzz是"."""
        if not self._candidates:
            return []
        parts = BETWEEN_HAN.split(text)  # by turns what is left out and what stays
        words = pieced([words + PARTED for words in parts[1::2]], islice(accumulate(map(len, parts)), 0, None, 2))
        return [
            hit._replace(start=words.origin(hit.start), end=words.origin(hit.end - 1) + 1)
            for hit in self.find(words.text)
        ]

    def _search(self, text: str) -> list[Hit]:
        runs = text.split()
        coded = list(map(self._codes.__getitem__, runs))
        found = self._automaton.find_matches_as_indexes("".join(coded), overlapping=True)
        if not found:
            return []
        starts = _starts(text, runs)
        firsts = list(accumulate(map(len, coded), initial=0))
        units = self._units.of_run
        hits = []
        for index, first, beyond in outer(found):
            k = bisect_right(firsts, first) - 1
            start = starts[k] + units[runs[k]][first - firsts[k]].start
            if beyond > firsts[k + 1]:
                k = bisect_right(firsts, beyond - 1, k) - 1
            end = starts[k] + units[runs[k]][beyond - 1 - firsts[k]].end
            candidates = self._candidates[index]
            if index in self._acronyms and not ACRONYM.match(text, start, end):
                candidates = self._acronyms[index]
            if candidates:
                hits.append(Hit(start, end, candidates))
        return hits

    def _joins(self, text: str, hyphen: re.Match[str]) -> bool:
        """Return whether the letters on both sides of a hyphen are together a word of some form."""
        start, end = hyphen.span()
        while start and text[start - 1].isalpha():
            start -= 1
        while end < len(text) and text[end].isalpha():
            end += 1
        if start == hyphen.start() or end == hyphen.end():
            return False
        return self._codes[text[start : hyphen.start()] + text[hyphen.end() : end]] != OTHER

    def _across(self, text: str, hyphens: list[tuple[int, int]]) -> list[Hit]:
        """Return the hits that hold one of the hyphens, which are left out."""
        joined = without(text, hyphens)
        seams = joined.starts[1:]
        windows: list[tuple[int, int]] = []
        for seam in seams:  # what lies farther off belongs to no form that holds this hyphen
            start = windows.pop()[0] if windows and windows[-1][1] >= seam - self._reach else seam - self._reach
            windows.append((max(0, start), min(len(joined.text), seam + self._reach)))
        near = only(joined.text, windows, PARTED)
        hits = []
        for hit in self._search(near.text):
            start, end = near.origin(hit.start), near.origin(hit.end - 1) + 1
            k = bisect_right(seams, start)
            if k < len(seams) and seams[k] < end:
                hits.append(hit._replace(start=joined.origin(start), end=joined.origin(end - 1) + 1))
        return hits


def _letter(number: int) -> str:
    code = FIRST_CODE + number
    return chr(code if code < HALVES.start else code + len(HALVES))


def _starts(text: str, runs: list[str]) -> list[int]:
    """Return where the runs between blanks begin in the text."""
    starts = list(accumulate(map((1).__add__, map(len, runs)), initial=0))
    if starts[-1] - 1 == len(text):  # most running text: one blank each, and no need to search
        return starts
    return [match.start() for match in WORD.finditer(text)]
