"""Where a document names the concepts of the glossary, by whichever of their forms.

Chinese: Aho-Corasick over all overlapping hits in the running text of a paragraph. Alphabets: the text becomes a string
with one character a word (one for all words that no form has), and Aho-Corasick runs over that, so that inflected forms
are found at the speed of plain search. Of all hits the maximal ones stay. Segmenting first, or keeping leftmost-longest
hits only, loses half of the Chinese terms; exact search loses three quarters of the Spanish ones.

Forms of every status are sought: a deprecated or a wrong one is how damage shows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from tetrapla import languages
from tetrapla.glossary._glossary import STATUSES, Glossary
from tetrapla.glossary._units import HAN_CHARACTER, RUN, SPACELESS_CHARACTER, Units, squeeze, without
from tetrapla.model import Mention, Segmented, Term, ViewSpan

__all__ = ["Matcher", "match", "matcher_of"]

# Chinese papers gloss their terms in English.
LATIN_IN_HAN = "en"
# One character a word that occurs in a form, out of the planes for private use; a blank for every other word.
FIRST_CODE = 0xF0000
OTHER = " "
ACRONYM = re.compile(r"[A-Z]{2,}")
HYPHEN = re.compile(r"[-‐‑]\s*")


class Candidate(NamedTuple):
    """A term that a hit may stand for; the least is the best: by status, then the longer form, then the earlier."""

    rank: int
    minus_length: int
    order: int
    concept: str
    term: Term


class Hit(NamedTuple):
    """A stretch ``[start, end)`` of running text that names a concept."""

    start: int
    end: int
    candidate: Candidate


class HanMatcher:
    """Finds forms in text without blanks between words."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        forms: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            forms.setdefault(squeeze(candidate.term.form).text, []).append(candidate)
        forms.pop("", None)
        self._best = [min(same) for same in forms.values()]
        self._automaton = AhoCorasick(list(forms))

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the maximal hits."""
        squeezed = squeeze(text)
        found = self._automaton.find_matches_as_indexes(squeezed.text, overlapping=True)
        whole = [hit for hit in found if not (_cuts(squeezed.text, hit[1]) or _cuts(squeezed.text, hit[2]))]
        for index, start, end in _outer(whole):
            yield Hit(squeezed.origin(start), squeezed.origin(end - 1) + 1, self._best[index])


def _outer(found: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield those of the stretches (index, start, end) that lie in no other, in order."""
    reach = -1
    for hit in sorted(found, key=lambda hit: (hit[1], -hit[2])):
        if hit[2] > reach:
            yield hit
            reach = hit[2]


def _cuts(text: str, at: int) -> bool:
    """Return whether a letter or digit of a Latin word or a number stands on both sides: "G6|0", "1|2008年"."""
    return 0 < at < len(text) and _narrow(text[at - 1]) and _narrow(text[at])


def _narrow(char: str) -> bool:
    return char.isalnum() and not SPACELESS_CHARACTER.match(char)


class _Codes(dict[str, str]):
    """Runs of characters as strings with a character a unit, made at the first look-up."""

    def __init__(self, units: Units, vocabulary: dict[tuple[str, str], str]) -> None:
        self.units = units
        self.vocabulary = vocabulary

    def __missing__(self, run: str) -> str:
        if len(self) >= Units.MOST:
            self.clear()
        code = self[run] = "".join(self.vocabulary.get(unit.key, OTHER) for unit in self.units.of_run(run))
        return code


class LatinMatcher:
    """Finds forms in text with blanks between words, inflected ones too."""

    def __init__(self, language: str, candidates: Iterable[Candidate]) -> None:
        self._units = Units(language)
        vocabulary: dict[tuple[str, str], str] = {}
        forms: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            keys = self._units.of_form(candidate.term.form)
            code = "".join(vocabulary.setdefault(key, chr(FIRST_CODE + len(vocabulary))) for key in keys)
            forms.setdefault(code, []).append(candidate)
        forms.pop("", None)
        self._best = [min(same) for same in forms.values()]
        self._automaton = AhoCorasick(list(forms))
        # "HIP" is a park, "hip" is none; forms in small letters are found in capitals too.
        self._in_capitals = [all(ACRONYM.fullmatch(c.term.form) for c in same) for same in forms.values()]
        # Twice the longest form, for inflection and blanks make a form longer than it is.
        self._reach = 2 * max((len(same[0].term.form) for same in forms.values()), default=0)
        self._codes = _Codes(self._units, vocabulary)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the maximal hits, and those that there are when words with a hyphen are read without it."""
        yield from self._find(text)
        hyphens = [match.span() for match in HYPHEN.finditer(text) if self._joins(text, match)]
        for start, end in hyphens:
            # What lies farther off belongs to no form that holds this hyphen.
            a, b = max(0, start - self._reach), min(len(text), end + self._reach)
            joined = without(text[a:b], [(x - a, y - a) for x, y in hyphens if a <= x and y <= b])
            for hit in self._find(joined.text):
                whole = hit._replace(start=a + joined.origin(hit.start), end=a + joined.origin(hit.end - 1) + 1)
                if whole.start < start and end < whole.end:
                    yield whole

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

    def _find(self, text: str) -> Iterator[Hit]:
        mixed = HAN_CHARACTER.search(text) is not None
        runs = RUN.findall(text) if mixed else text.split()
        coded = [self._codes[run] for run in runs]
        found = self._automaton.find_matches_as_indexes("".join(coded), overlapping=True)
        if not found:
            return
        if not mixed and " ".join(runs) == text:  # most running text: no need to search for the places
            starts = list(accumulate((len(run) + 1 for run in runs), initial=0))
        else:
            starts = [match.start() for match in RUN.finditer(text)]
        ends = list(accumulate(map(len, coded)))

        def place(at: int) -> tuple[int, int]:
            """Return where the unit at `at` begins and ends in the text."""
            k = bisect_right(ends, at)
            unit = self._units.of_run(runs[k])[at - (ends[k - 1] if k else 0)]
            return starts[k] + unit.start, starts[k] + unit.end

        for index, start, end in _outer(found):
            (a, _), (_, b) = place(start), place(end - 1)
            if not self._in_capitals[index] or ACRONYM.match(text, a, b):
                yield Hit(a, b, self._best[index])


class Matcher:
    """Finds the terms of one glossary; keeps what it has learnt of a language for the next text."""

    def __init__(self, glossary: Glossary) -> None:
        self._candidates: dict[str, list[Candidate]] = {}
        terms = [(concept.id, term) for concept in glossary.values() for term in concept.terms]
        for order, (concept, term) in enumerate(terms):
            candidate = Candidate(STATUSES.index(term.status), -len(term.form), order, concept, term)
            self._candidates.setdefault(term.language, []).append(candidate)
        self._han = [
            HanMatcher(candidates) for code, candidates in self._candidates.items() if not languages.get(code).joiner
        ]
        self._latin: dict[str, LatinMatcher] = {}

    def find(self, text: str, language: str) -> list[Hit]:
        """Return the maximal hits in running text, in order: none lies within another.

        Chinese forms are sought in Han characters of any document, and English ones in the Latin words of a
        Chinese one; so with other languages that set no blank between words.
        """
        hits: list[Hit] = []
        if SPACELESS_CHARACTER.search(text):
            hits += [hit for matcher in self._han for hit in matcher.find(text)]
        hits += self._latin_matcher(language if languages.get(language).joiner else LATIN_IN_HAN).find(text)
        return _maximal(hits)

    def _latin_matcher(self, language: str) -> LatinMatcher:
        code = language.split("-")[0].lower()
        if code not in self._latin:
            self._latin[code] = LatinMatcher(code, self._candidates.get(code, ()))
        return self._latin[code]


def _maximal(hits: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.candidate)):
        if not kept or hit.end > kept[-1].end:
            kept.append(hit)
    return kept


@lru_cache(maxsize=4)
def matcher_of(glossary: Glossary) -> Matcher:
    """Return the matcher of a glossary, the same one each time."""
    return Matcher(glossary)


def match(segmented: Segmented, glossary: Glossary) -> list[Mention]:
    """Return where a document names concepts, by the first raw character; `matched` is the running text.

    A mention may be torn or wrap over lines; none lies within another. A form of two concepts counts for the one
    that gives it the better status.
    """
    matcher = matcher_of(glossary)
    mentions = []
    for flow in segmented.flows:
        for hit in matcher.find(flow.text, segmented.document.language):
            spans = flow.to_raw(ViewSpan(hit.start, hit.end))
            mentions.append(Mention(hit.candidate.concept, hit.candidate.term, spans, flow.text[hit.start : hit.end]))
    return sorted(mentions, key=lambda mention: mention.spans)
