"""Stretches of a text that may be terms, each with how often it stands there, its C-value and its keyness.

A candidate begins and ends with a word that is no function word; inside it only some are let in ("division of labour").
C-value is the frequency, less what the candidate owes to longer ones that hold it, times the logarithm of its length
(Frantzi, Ananiadou & Mima, "Automatic recognition of multi-word terms: the C-value/NC-value method", IJDL 3, 2000; of
one word the logarithm would be 0, so that one is added to the length). Keyness is weirdness: how much more frequent the
words are here than in general texts (Ahmad, Gillam & Tostevin, TREC-8, 1999; wordfreq), as a natural logarithm, the
mean over the words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log, log2
from statistics import fmean

from tetrapla.glossary._units import squeeze
from tetrapla.propose._text import Key, Text

__all__ = ["Candidate", "Candidates", "Keys", "Place", "Trait", "candidates_of", "traits_of"]

Keys = tuple[Key, ...]  # what a form is known by, inflected or not
Place = tuple[int, int]  # a stretch of words [first, last + 1)
Trait = tuple[str, object]  # a kind and what it is

ENDING = 3  # letters of an ending

MOST_WORDS = 8
MOST_HAN = 20  # characters
RARE = 1e-8  # a word that general texts do not have counts as this frequent


@dataclass(frozen=True)
class Candidate:
    """A stretch of words that may be a term, with all its places in the text."""

    keys: Keys
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Candidates:
    """The candidates of a text and how often its words stand here and in general texts."""

    text: Text
    items: Mapping[Keys, Candidate]
    memory: dict[tuple[Keys, tuple[Place, ...]], list[float]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def counts(self) -> Counter[Key]:
        """How often each word stands in the text."""
        return Counter(word.key for word in self.text.words if word)

    @cached_property
    def general(self) -> dict[Key, float]:
        """The share of each word in general texts, all its forms in the text together."""
        shares: defaultdict[Key, float] = defaultdict(float)
        frequency = _frequencies(self.text.language)
        for key, low in {(word.key, word.low): None for word in self.text.words if word}:
            shares[key] += frequency.get(low, 0.0)
        return dict(shares)

    @cached_property
    def keyness(self) -> dict[Key, float]:
        """The keyness of each word: the logarithm of the ratio of its shares here and in general texts."""
        total = max(1, self.counts.total())
        return {key: log(count / total / (self.general[key] + RARE)) for key, count in self.counts.items()}

    @cached_property
    def c_values(self) -> dict[Keys, float]:
        """The C-value of every candidate."""
        longer: defaultdict[Keys, list[int]] = defaultdict(list)
        for candidate in self.items.values():
            if len(candidate.places) > 1:  # what stands once owes nothing that would count
                for inside in {keys for place in candidate.places[:1] for keys in self._inside(place)}:
                    longer[inside].append(len(candidate.places))
        return {
            keys: log2(1 + self.length(keys)) * (len(candidate.places) - (fmean(longer[keys]) if keys in longer else 0))
            for keys, candidate in self.items.items()
        }

    @cached_property
    def traits(self) -> dict[Keys, frozenset[Trait]]:
        """What every candidate is compared by with terms."""
        return {keys: traits_of(self.words(keys), keys, self.text.language) for keys in self.items}

    @cached_property
    def usual(self) -> Counter[Trait]:
        """How many candidates have each trait."""
        return Counter(trait for traits in self.traits.values() for trait in traits)

    def length(self, keys: Keys) -> int:
        """Return the length of a candidate in words, of a Chinese one in characters less one."""
        return max(1, len(keys[0][0]) - 1) if self.text.han else len(keys)

    def words(self, keys: Keys) -> list[Key]:
        """Return the words of a candidate that are no function words, as they are cut at its first place."""
        first, end = self.items[keys].places[0]
        whole = [(word.key, self.text.function[n]) for n in range(first, end) if (word := self.text.words[n])]
        return [key for key, function in whole if not function] or [key for key, _ in whole]

    def _inside(self, place: Place) -> Iterator[Keys]:
        first, end = place
        for a in range(first, end):
            for b in range(a + 1, end + 1):
                keys = _keys(self.text, a, b)
                if (a, b) != place and keys in self.items:
                    yield keys


def candidates_of(text: Text) -> Candidates:
    """Return the candidates of a text."""
    places: defaultdict[Keys, list[Place]] = defaultdict(list)
    for place in _stretches(text):
        places[_keys(text, *place)].append(place)
    return Candidates(text, {keys: Candidate(keys, tuple(found)) for keys, found in places.items()})


def _stretches(text: Text) -> Iterable[Place]:
    words, function = text.words, text.function
    for first, begin in enumerate(words):
        if begin is None or function[first] or (len(begin.text) == 1 and not text.han and not begin.text.isdigit()):
            continue
        characters, named = 0, False
        for end in range(first + 1, min(first + MOST_WORDS, len(words)) + 1):
            word = words[end - 1]
            if word is None or (function[end - 1] and word.low not in text.closed.inside):
                break
            characters += len(word.text)
            named = named or not word.text.isdigit()
            if text.han and characters > MOST_HAN:
                break
            if named and not function[end - 1] and characters > 1:
                yield first, end


def _keys(text: Text, first: int, end: int) -> Keys:
    if text.han:
        return ((squeeze(text.form(first, end)).text, ""),)
    return tuple(word.key for word in text.words[first:end] if word)


def _frequencies(language: str) -> Mapping[str, float]:
    from wordfreq import available_languages, get_frequency_dict

    return get_frequency_dict(language) if language in available_languages() else {}


def traits_of(words: Sequence[Key], keys: Keys, code: str) -> frozenset[Trait]:
    """Return what a form is compared by: its head and the head's ending, its first word, its words, its length."""
    if not words:
        return frozenset()
    # The head is the last word in English and Chinese, the first in the Romance languages.
    head, other = (words[0], words[-1]) if code in ("es", "fr", "it", "pt") else (words[-1], words[0])
    ending = head[0][-1:] if code == "zh" else head[1][-ENDING:]
    traits: set[Trait] = {
        ("head", head),
        ("ending", ending),
        ("length", len(keys[0][0]) if code == "zh" else len(words)),
    }
    traits.add(("other", other) if len(words) > 1 else ("single", head))
    return frozenset(traits | {("word", word) for word in words})
