"""Terms in text without blanks between words: Aho-Corasick over all overlapping hits, character by character.

Segmenting into words first, or keeping leftmost-longest hits only, loses half of the Chinese terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import sub

from ahocorasick_rs import AhoCorasick

from tetrapla.glossary._hits import Candidate, Found, Hit, best_first, outer
from tetrapla.glossary._units import SPACELESS_CHARACTER, Squeezed, Squeezer, squeeze

__all__ = ["HanMatcher"]


class HanMatcher:
    """Finds forms in text without blanks between words."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        forms, self._candidates = best_first(candidates, lambda candidate: squeeze(candidate.term.form).text)
        self._automaton = AhoCorasick(forms)
        self._squeezer = Squeezer(forms)
        # Most forms begin and end with a Han character, which every other may stand beside.
        self._edged = frozenset(k for k, form in enumerate(forms) if _narrow(form[0]) or _narrow(form[-1]))

    def find(self, text: str) -> list[Hit]:
        """Return the maximal hits, in order."""
        squeezed = self._squeezer(text)
        found: list[Found] = self._automaton.find_matches_as_indexes(squeezed.text, overlapping=True)
        if self._edged:
            found = [hit for hit in found if hit[0] not in self._edged or not _cuts_word(text, squeezed, hit)]
        # Hits come in order: going along with the pieces of the text costs less than looking each of them up.
        nexts = [*squeezed.starts[1:], len(squeezed.text) + 1]
        shifts = list(map(sub, squeezed.origins, squeezed.starts))
        hits = []
        k = 0
        for index, start, end in outer(found):
            while nexts[k] <= start:
                k += 1
            last = k
            while nexts[last] < end:
                last += 1
            hits.append(Hit(start + shifts[k], end + shifts[last], self._candidates[index]))
        return hits


def _cuts_word(text: str, squeezed: Squeezed, hit: Found) -> bool:
    """Return whether a hit begins or ends within a Latin word or a number: "G6|0", "1|2008年"."""
    _, start, end = hit
    borders = squeezed.origin(start), squeezed.origin(end - 1) + 1
    return any(0 < at < len(text) and _narrow(text[at - 1]) and _narrow(text[at]) for at in borders)


def _narrow(char: str) -> bool:
    return char.isalnum() and not SPACELESS_CHARACTER.match(char)
