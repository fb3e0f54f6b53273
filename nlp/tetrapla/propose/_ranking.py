"""How much a candidate looks like the name of a concept that the glossary does not have yet.

A weighted sum of what is told of it (`FEATURES`): C-value and keyness; where it begins and ends; what known terms are
like and how much of it they hold; how the other versions render it. That is the first score; the best are also asked
whether something that scores well itself stands opposite them (`_support`). The weights are those of a logistic
regression that tells the terms of known concepts, each hidden by itself, from all other candidates
(`scripts/bench/propose.py --fit`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from statistics import fmean

from tetrapla.propose._candidates import Candidates, Keys, Place
from tetrapla.propose._classes import is_noun
from tetrapla.propose._known import Known, summary
from tetrapla.propose._links import Opposite
from tetrapla.propose._support import VERSIONS, Support
from tetrapla.propose._text import Key, Word
from tetrapla.propose._weights import WEIGHTS

__all__ = ["FEATURES", "Pick", "Ranking", "picked"]

# Keyness of a word of the field.
KEY = 3.5
LOOKED_AT = 6  # places of a candidate; more tell hardly more
ALTERNATIVES = 3  # other ways to cut a term that are offered with it

FEATURES = (
    "frequency", "c-value", "keyness", "least keyness", "key words", "one word", "three words", "function words",
    "free on the left", "free on the right", "in a heading", "digits",
    "general words", "general only", "set apart",
    "begins with a noun", "ends with a noun", "nouns",
    "capitals", "article after", "article within", "verb expected",
    "begins with a verb", "begins with an adverb", "empty words", "particles", "names", "letters",
    "three characters", "four characters", "five or six", "nine or more",
    "known words", "known terms", "part of known terms", "a part of known terms", "head", "ending",
    "first word", "single word", "words", "least word",
    "in an enumeration",
    "rendered by new words", "rendered by known terms", "rendered by one concept", "new rather than known",
    "best support", "second support", "third support",
)  # fmt: skip


@dataclass(frozen=True)
class Pick:
    """A candidate that was chosen: its places outside known terms, and other candidates for the same places."""

    keys: Keys
    places: tuple[Place, ...]
    score: float
    alternatives: list[Keys] = field(default_factory=list)


@dataclass(frozen=True)
class Ranking:
    """The candidates of a text, a document id, in the light of a glossary and of the other versions.

    `opposite` is what the others have for its words and `support` what they have for its candidates, None where it is
    alone or not asked yet; `nouns` is how far its words are nouns, as a version tells it that has parts of speech.
    """

    name: str
    known: Known
    opposite: Opposite | None = None
    nouns: Mapping[Key, float] = field(default_factory=dict)
    support: Support | None = None

    @property
    def candidates(self) -> Candidates:
        """The candidates that are ranked."""
        return self.known.candidates

    @cached_property
    def free(self) -> dict[Keys, Sequence[Place]]:
        """The places outside known terms of every candidate that is no known form and has such a place."""
        free = {keys: self.known.free(keys) for keys in self.candidates.items if keys not in self.known.forms}
        return {keys: places for keys, places in free.items() if places}

    @cached_property
    def scores(self) -> dict[Keys, float]:
        """The score of every candidate in `free`; all but the best are told without what supports them."""
        if self.support is None:
            return self.first
        worth = self._weights[len(FEATURES) - VERSIONS :]
        found = dict(self.first)
        for keys in self.support.versions[self.name].best:
            support = self.support.of(self.name, keys, self.free[keys])
            found[keys] += sum(w * x for w, x in zip(worth, support, strict=True))
        return found

    @cached_property
    def first(self) -> dict[Keys, float]:
        """The score of every candidate in `free` without what supports it."""
        if self.support is not None:
            return dict(self.support.versions[self.name].scores)
        return {
            keys: sum(w * x for w, x in zip(self._weights, self._alone(keys, places), strict=False))
            for keys, places in self.free.items()
        }

    @cached_property
    def _weights(self) -> list[float]:
        weights = WEIGHTS["han" if self.candidates.text.han else "alphabet"]
        return [weights.get(name, 0.0) for name in FEATURES]

    def features(self, keys: Keys) -> list[float]:
        """Return what is told of a candidate in `free`, in the order of `FEATURES`."""
        places = self.free[keys]
        asked = self.support is not None and keys in self.support.versions[self.name].asked
        support = self.support.of(self.name, keys, places) if self.support and asked else [0.0] * VERSIONS
        return [*self._alone(keys, places), *support]

    def _alone(self, keys: Keys, places: Sequence[Place]) -> list[float]:
        """Return all features but the last, those of support."""
        words = self.candidates.words(keys)
        some = places[:LOOKED_AT]
        return [
            *self._of_text(keys, places, words),
            *self._glossary(keys, some),
            *self._rendering(words, some),
        ]

    def _of_text(self, keys: Keys, places: Sequence[Place], words: Sequence[Key]) -> list[float]:
        """Return what is told of a candidate without the glossary; kept, for it is asked again for each glossary."""
        where = keys, tuple(places)
        memory = self.candidates.memory
        if where not in memory:
            some = places[:LOOKED_AT]
            memory[where] = [
                *self._statistics(keys, places, words),
                *self._borders(keys, some),
                *self._wording(words, some),
                *self._nouns(words, some[0]),
                *self._alphabet(some),
                *self._han(keys, some[0]),
            ]
        return memory[where]

    def _statistics(self, keys: Keys, places: Sequence[Place], words: Sequence[Key]) -> list[float]:
        keyness = [self.candidates.keyness[key] for key in words]
        count = len(words)
        return [
            log(len(places)),
            log(max(0.1, self.candidates.c_values[keys])),
            fmean(keyness),
            min(keyness),
            fmean(k > KEY for k in keyness),
            float(count == 1),
            float(count == 3),
            float(places[0][1] - places[0][0] - count),
        ]

    def _borders(self, keys: Keys, places: Sequence[Place]) -> list[float]:
        text = self.candidates.text
        return [
            fmean(self._border(first - 1) for first, _ in places),
            fmean(self._border(end) for _, end in places),
            float(any(text.head[first] for first, _ in places)),
            float(any(char.isdigit() for key in keys for char in key[0])),
        ]

    def _border(self, at: int) -> bool:
        """Return whether a term may end before, or begin after, what stands there."""
        text = self.candidates.text
        return not 0 <= at < len(text.words) or text.words[at] is None or text.function[at]

    def _glossary(self, keys: Keys, places: Sequence[Place]) -> list[float]:
        covered = [self.known.covered(place) for place in places]
        like = self.known.likeness(keys)
        said = like.get("word") or [0.0]
        return [
            fmean(covered),
            float(max(covered) > 0),
            self.known.part_weight(keys),
            float(self.known.parts(keys) > 0),
            *(summary(like, kind) for kind in ("head", "ending", "other", "single")),
            fmean(said),
            min(said),
            fmean(self.known.neighbours(place) for place in places),
        ]

    def _wording(self, words: Sequence[Key], places: Sequence[Place]) -> list[float]:
        general = [key in self._general for key in words]
        return [
            fmean(general),
            float(all(general)),
            fmean(self.candidates.text.set_apart(*place) for place in places),
        ]

    @cached_property
    def _general(self) -> set[Key]:
        text = self.candidates.text
        return {word.key for word in text.words if word and word.low in text.closed.general}

    def _rendering(self, words: Sequence[Key], places: Sequence[Place]) -> list[float]:
        if self.opposite is None:
            return [0.0, 0.2, 0.2, 0.0]
        inside = (self.candidates.text.words[first] for first, _ in places)
        beads = [word.group for word in inside if word and word.group >= 0]
        free, least, taken, one = self.opposite.shares(words, beads)
        return [least, taken, one, free - taken]

    def _nouns(self, words: Sequence[Key], place: Place) -> list[float]:
        """Return how far the first word of a candidate is a noun, the last, and all of them (0..1)."""
        text = self.candidates.text
        if text.han:
            shares = [float(is_noun(word.tag)) for word in text.words[slice(*place)] if word]
        else:
            shares = [self.nouns.get(key, self._usual_noun) for key in words]
        return [shares[0], shares[-1], fmean(shares)]

    @cached_property
    def _usual_noun(self) -> float:
        return fmean(self.nouns.values()) if self.nouns else 0.0

    def _alphabet(self, places: Sequence[Place]) -> list[float]:
        text = self.candidates.text
        if text.han:
            return [0.0] * 4
        first, last = text.words[places[0][0]], text.words[places[0][1] - 1]
        assert first is not None
        assert last is not None
        return [
            fmean(all(self._capital(k) for k in range(*place)) for place in places),
            self._context[last.key][0],
            self._context[first.key][0],
            self._context[first.key][1],
        ]

    def _capital(self, at: int) -> bool:
        word = self.candidates.text.words[at]
        return self.candidates.text.function[at] or (word is not None and word.text[0].isupper())

    @cached_property
    def _context(self) -> dict[Key, tuple[float, float]]:
        """How often an article follows each word, and a verb is expected in its place: smoothed shares."""
        text = self.candidates.text
        found: dict[Key, list[float]] = {}
        for at, word in enumerate(text.words):
            if word:
                tally = found.setdefault(word.key, [0.0] * 3)
                before, after = self._beside(at - 1), self._beside(at + 1)
                tally[0] += 1
                tally[1] += after is not None and after.low in text.closed.articles
                tally[2] += before is not None and before.low in text.closed.before_verbs
        whole = [sum(column) for column in zip(*found.values(), strict=True)] or [1.0] * 3
        usual = [column / whole[0] for column in whole]

        def share(tally: Sequence[float], n: int) -> float:
            smoothed: float = (tally[n] + 2 * usual[n]) / (tally[0] + 2)
            return smoothed

        return {key: (share(tally, 1), share(tally, 2)) for key, tally in found.items()}

    def _beside(self, at: int) -> Word | None:
        return self.candidates.text.words[at] if 0 <= at < len(self.candidates.text.words) else None

    def _han(self, keys: Keys, place: Place) -> list[float]:
        text = self.candidates.text
        if not text.han:
            return [0.0] * 10
        tags = [word.tag for word in text.words[slice(*place)] if word]
        length = len(keys[0][0])
        return [
            float(tags[0][:1] == "v" and tags[0] != "vn"),
            float(tags[0][:1] in "ad"),
            float(any(tag[:1] in "dprcumt" for tag in tags)),
            float(any(tag[:1] in "rcpuf" for tag in tags)),
            float(any(tag in ("ns", "nr", "nt", "nz", "nrt") for tag in tags)),
            float(keys[0][0].isascii()),
            float(length == 3),
            float(length == 4),
            float(length in (5, 6)),
            float(length > 8),
        ]


def picked(known: Known, scores: Mapping[Keys, float], limit: int) -> list[Pick]:
    """Return the best candidates, no two for the same place: what mostly lies across a better one is its alternative.

    So is a candidate that consists of words of a better one, or the other way round.
    """
    owner: list[int] = [-1] * len(known.candidates.text.words)
    picks: list[Pick] = []
    wording = _Wordings()
    for keys, score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        places = known.free(keys)
        taken = [set(owner[first:end]) - {-1} for first, end in places]
        words = frozenset(known.candidates.words(keys))
        if 2 * sum(map(bool, taken)) >= len(places):
            better: int | None = Counter(n for numbers in taken for n in numbers).most_common(1)[0][0]
        else:
            better = wording.like(words)
        if better is not None:
            if len(picks[better].alternatives) < ALTERNATIVES:
                picks[better].alternatives.append(keys)
            continue
        if len(picks) == limit:
            continue
        for first, end in places:
            owner[first:end] = [len(picks) if n < 0 else n for n in owner[first:end]]
        wording.add(words)
        picks.append(Pick(keys, tuple(places), score))
    return picks


class _Wordings:
    """The words of what was picked, by number."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._having: defaultdict[Key, list[int]] = defaultdict(list)

    def add(self, words: frozenset[Key]) -> None:
        for word in words:
            self._having[word].append(len(self._sizes))
        self._sizes.append(len(words))

    def like(self, words: frozenset[Key]) -> int | None:
        """Return the first of all that has all of some words, or only such."""
        shared = Counter(number for word in words for number in self._having.get(word, ()))
        return min((n for n, count in shared.items() if count in (len(words), self._sizes[n])), default=None)
