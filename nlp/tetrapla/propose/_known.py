"""What a glossary knows of a text: where it names which concept, and what terms of this glossary are like.

A candidate is new where it stands apart from all that is known: a place within a known term, or across the end of
one, is none of its own. What it is like is told by the words that known terms begin and end with and consist of: the
share of concepts that have such a word against the share of all candidates that do, as a logarithm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, log1p
from statistics import fmean

from tetrapla.glossary import Glossary
from tetrapla.glossary._units import Units, squeeze
from tetrapla.model import Mention
from tetrapla.propose._candidates import Candidates, Keys, Place, Trait, traits_of
from tetrapla.propose._text import Key

__all__ = ["Known", "keys_of_form", "known_in", "summary"]


@dataclass(frozen=True)
class Known:
    """A glossary as one text sees it: `mentions` are the stretches of words that name a concept."""

    candidates: Candidates
    mentions: Sequence[tuple[int, int, str]]
    forms: Mapping[Keys, frozenset[str]]

    @cached_property
    def at(self) -> list[int]:
        """For each word of the text the number of the mention that holds it, from 1; 0 for none."""
        held = [0] * len(self.candidates.text.words)
        for number, (first, end, _) in enumerate(self.mentions, start=1):
            for k in range(first, end):
                held[k] = held[k] or number
        return held

    def concepts(self, place: Place) -> set[str]:
        """Return the concepts that a stretch of words names, or is part of a name of."""
        return {self.mentions[number - 1][2] for number in set(self.at[slice(*place)]) - {0}}

    def free(self, keys: Keys) -> list[Place]:
        """Return the places of a candidate that are in no known term and across the end of none."""
        if keys not in self._free:
            self._free[keys] = self._found_free(keys)
        return self._free[keys]

    @cached_property
    def _free(self) -> dict[Keys, list[Place]]:
        return {}

    def _found_free(self, keys: Keys) -> list[Place]:
        text = self.candidates.text
        found = []
        for first, end in self.candidates.items[keys].places:
            held = [self.mentions[number - 1] for number in set(self.at[first:end]) - {0}]
            own = all(first <= a and b <= end and (a, b) != (first, end) for a, b, _ in held)
            if own and not all(text.left_out[first:end]):
                found.append((first, end))
        return found

    def covered(self, place: Place) -> float:
        """Return the share of the words of a stretch that belong to known terms."""
        held = self.at[slice(*place)]
        return sum(map(bool, held)) / len(held)

    def parts(self, keys: Keys) -> int:
        """Return how many known concepts have a term that holds the candidate."""
        return len(self._parts.get(keys, ()))

    def is_part(self, keys: Keys, concept: str) -> bool:
        """Return whether a candidate is but a part of a term of a concept."""
        return concept in self._parts.get(keys, ())

    @cached_property
    def _parts(self) -> dict[Keys, set[str]]:
        found: defaultdict[Keys, set[str]] = defaultdict(set)
        for keys, concepts in self.forms.items():
            for part in _within(keys, han=self.candidates.text.han):
                found[part] |= concepts
        return found

    @cached_property
    def _having(self) -> dict[Trait, set[str]]:
        found: defaultdict[Trait, set[str]] = defaultdict(set)
        code = self.candidates.text.language
        for keys, concepts in self.forms.items():
            known = self.candidates.traits.get(keys)
            for trait in traits_of(self._words_of(keys), keys, code) if known is None else known:
                found[trait] |= concepts
        return found

    @cached_property
    def _concepts(self) -> int:
        return len({concept for concepts in self.forms.values() for concept in concepts})

    def _words_of(self, keys: Keys) -> list[Key]:
        if not self.candidates.text.han:
            return [key for key in keys if key not in self._function]
        from tetrapla import languages

        return [(word.stem, "") for word in languages.get("zh").words(keys[0][0])]

    @cached_property
    def _function(self) -> set[Key]:
        text = self.candidates.text
        return {word.key for word, function in zip(text.words, text.function, strict=True) if word and function}

    def likeness(self, keys: Keys) -> dict[str, list[float]]:
        """Return how much each trait of a candidate speaks for a term (below 0: against), by kind of trait."""
        found: defaultdict[str, list[float]] = defaultdict(list)
        total = len(self.candidates.items)
        for trait in self.candidates.traits[keys]:
            known = (len(self._having.get(trait, ())) + 0.5) / (self._concepts + 1)
            found[trait[0]].append(log(known) - log((self.candidates.usual[trait] + 2) / (total + 1)))
        return found

    def part_weight(self, keys: Keys) -> float:
        """Return the logarithm of one more than the number of concepts with a term that holds the candidate."""
        return log1p(self.parts(keys))

    def neighbours(self, place: Place) -> float:
        """Return on how many sides (0 to 2) a known term stands beside a stretch, in an enumeration."""
        text = self.candidates.text
        first, end = place
        return float(
            self._across(range(end, min(end + 4, len(text.words)))) + self._across(range(first - 1, first - 5, -1))
        )

    def _across(self, way: range) -> bool:
        """Return whether, past marks, articles and words that join, the way leads at once to a known term."""
        text = self.candidates.text
        passed = False
        for k in way:
            if k < 0:
                return False
            word = text.words[k]
            if word is None or word.low in text.closed.joining or word.low in text.closed.articles:
                passed = True
                continue
            return passed and self.at[k] > 0
        return False


def known_in(candidates: Candidates, mentions: Sequence[Mention], glossary: Glossary) -> Known:
    """Return what a glossary knows of a text whose mentions of concepts were found."""
    code = candidates.text.language
    forms: defaultdict[Keys, set[str]] = defaultdict(set)
    for concept in glossary.values():
        for term in concept.terms:
            if term.language == code and (keys := keys_of_form(term.form, code)):
                forms[keys].add(concept.id)
    frozen = {keys: frozenset(concepts) for keys, concepts in forms.items()}
    return Known(candidates, candidates.text.mentions(mentions), frozen)


def keys_of_form(form: str, language: str) -> Keys:
    """Return what a form is known by among candidates, an empty tuple for one without letters."""
    from tetrapla import languages

    if not languages.get(language).joiner:
        text = squeeze(form).text
        return ((text, ""),) if text else ()
    return tuple(key for key in Units(language).of_form(form) if key[0][:1].isalnum())


def _within(keys: Keys, *, han: bool) -> Iterator[Keys]:
    """Yield the parts of a form, itself not among them."""
    if han:
        text = keys[0][0][:24]
        ends = ((a, b) for a in range(len(text)) for b in range(a + 2, len(text) + 1))
        yield from (((text[a:b], ""),) for a, b in ends if text[a:b] != keys[0][0])
        return
    ends = ((a, b) for a in range(len(keys)) for b in range(a + 1, len(keys) + 1))
    yield from (keys[a:b] for a, b in ends if b - a < len(keys))


def summary(likeness: Mapping[str, Sequence[float]], kind: str) -> float:
    """Return the mean of what the traits of a kind say, 0 where there are none."""
    return fmean(likeness[kind]) if likeness.get(kind) else 0.0
