"""Where a document names the concepts of the glossary, by whichever of their forms.

Chinese is searched character by character (`_han`), alphabets word by word (`_latin`), both for all overlapping hits in
running text; of all hits the maximal ones stay. Forms of every status are sought: a deprecated or a wrong one is how
damage shows. What a form stands for that two concepts share is told by `tetrapla.readings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from tetrapla import languages
from tetrapla.glossary._glossary import Glossary
from tetrapla.glossary._han import HanMatcher
from tetrapla.glossary._hits import Candidate, Hit, maximal
from tetrapla.glossary._latin import PARTED, LatinMatcher
from tetrapla.glossary._units import SPACELESS_CHARACTER
from tetrapla.model import STATUSES, Mention, Reading, Segmented, ViewSpan

__all__ = ["Matcher", "match", "matcher_of"]

# Chinese papers gloss their terms in English.
LATIN_IN_HAN = "en"
# Characters that are searched at once: each search costs something, and many characters leave the processor's cache.
BLOCK = 5_000


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
        spaced = bool(languages.get(language).joiner)
        latin = self._latin_matcher(language if spaced else LATIN_IN_HAN)
        if spaced and (text.isascii() or not SPACELESS_CHARACTER.search(text)):
            return latin.find(text)
        han = [hit for matcher in self._han for hit in matcher.find(text)]
        if spaced:  # "G60" is a name in Chinese, too
            han = [hit for hit in han if SPACELESS_CHARACTER.search(text, hit.start, hit.end)]
        other = latin.find_between_han(text)
        return maximal(han + other) if other or len(self._han) > 1 else han

    def find_each(self, texts: Iterable[str], language: str) -> Iterator[list[Hit]]:
        """Yield for each of the texts what `find` returns; for many short ones in a fraction of the time."""
        for block in _blocks(texts):
            starts = list(accumulate((len(text) + len(PARTED) for text in block), initial=0))
            found: list[list[Hit]] = [[] for _ in block]
            k = 0
            for start, end, candidates in self.find(PARTED.join(block), language):
                while starts[k + 1] <= start:
                    k += 1
                found[k].append(Hit(start - starts[k], end - starts[k], candidates))
            yield from found

    def _latin_matcher(self, language: str) -> LatinMatcher:
        code = language.split("-")[0].lower()
        if code not in self._latin:
            self._latin[code] = LatinMatcher(code, self._candidates.get(code, ()))
        return self._latin[code]


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in groups of some `BLOCK` characters."""
    block: list[str] = []
    size = 0
    for text in texts:
        if block and size + len(text) > BLOCK:
            yield block
            block, size = [], 0
        block.append(text)
        size += len(text)
    if block:
        yield block


@lru_cache(maxsize=4)
def matcher_of(glossary: Glossary) -> Matcher:
    """Return the matcher of a glossary, the same one each time."""
    return Matcher(glossary)


def match(segmented: Segmented, glossary: Glossary) -> list[Mention]:
    """Return where a document names concepts, by the first raw character; `matched` is the running text.

    A mention may be torn or wrap over lines; none lies within another. A form of two concepts counts for the one
    that gives it the better status, until `tetrapla.readings.decide` has seen the other versions.
    """
    flows = segmented.flows
    found = matcher_of(glossary).find_each((flow.text for flow in flows), segmented.document.language)
    mentions = []
    for flow, hits in zip(flows, found, strict=True):
        for start, end, (best, *others) in hits:
            spans = flow.to_raw(ViewSpan(start, end))
            readings = tuple(Reading(other.concept, other.term) for other in others)
            mentions.append(Mention(best.concept, best.term, spans, flow.text[start:end], readings))
    return sorted(mentions, key=lambda mention: mention.spans)
