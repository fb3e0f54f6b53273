"""New forms of known concepts: what stands where a version should name a concept that the pivot names, and does not.

A bead is a row of evidence: the pivot names the concept, this version has none of its forms, so one of its free
candidates there may be the rendering. They are rated by how far their words translate the concept's, how strongly they
are associated with its beads (log-likelihood), how like a known form or, of a name, its pinyin they are spelt, and how
near they stand to its place in the bead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tetrapla.glossary import Glossary
from tetrapla.glossary._opposite import Association, opposite
from tetrapla.glossary._units import HAN_CHARACTER
from tetrapla.model import Concept, Damage
from tetrapla.progress import Progress, silent
from tetrapla.propose._candidates import Keys, Place
from tetrapla.propose._concepts import Wording, wording_of
from tetrapla.propose._known import keys_of_form
from tetrapla.propose._links import Links, both_ways
from tetrapla.propose._ranking import Ranking
from tetrapla.propose._survey import Survey
from tetrapla.propose._text import Key, tagged

__all__ = ["NewForm", "new_forms"]

LEAST = 0.5  # what a form must be rated to be shown
LEAST_LIKE = 0.5  # how far its words must render those of the concept
RECURRING_LIKE = 0.3  # the same of one that comes again with the concept: that is evidence, too
NO_CHANCE = 10.83  # a log-likelihood ratio that chance gives in one of a thousand cases
MOST_IN_BEAD = 600  # candidates of a bead that are looked at
EACH = 2  # forms of a concept and a version that are shown
SURE = 15.0  # a log-likelihood ratio that is as good as any
MISREAD = 0.84  # spelt so like a known form, another word is that form misread
SOUNDS = 0.6  # so like the pinyin, a word is the name
LIKE_A_NAME = frozenset({"ns", "nr", "nt", "nz", "nrt", "nrfg"})  # parts of speech of jieba


@dataclass(frozen=True)
class NewForm:
    """A form that may be one of a known concept: how good it is as such (0..1), and what speaks for it.

    `damage` is a guess what made it, None where it may well be right; `lacking` counts the beads in which the pivot
    names the concept and this version does not. `spelt` is how like a known form or its pinyin it is spelt (0..1).
    """

    concept: str
    wording: Wording
    rating: float
    damage: Damage | None
    lacking: int
    association: Association[Keys]
    spelt: float


def new_forms(
    survey: Survey,
    rankings: Mapping[str, Ranking],
    glossary: Glossary,
    limit: int,
    documents: Collection[str] | None = None,
    progress: Progress = silent,
) -> list[NewForm]:
    """Return forms that known concepts may have in the versions, the best first: up to `limit` for each version."""
    pivot = rankings[survey.pivot]
    named = _beads_of(pivot)
    names = [name for name in rankings if name != survey.pivot and (documents is None or name in documents)]
    found = []
    for done, name in enumerate(names):
        progress("forms", done, len(names))
        there = _There(pivot, rankings[name], survey.links[survey.pivot, name], survey.beads)
        here = _beads_of(rankings[name])
        forms = [
            form
            for concept, places in named.items()
            if (lacking := {bead: at for bead, at in places.items() if not _near(bead, here.get(concept, {}))})
            for form in there.forms(glossary[concept], lacking)
        ]
        found += sorted(forms, key=lambda form: (-form.rating, form.concept, form.wording.forms))[:limit]
    return sorted(found, key=lambda form: (-form.rating, form.concept, form.wording.document))


def _near(bead: int, beads: Collection[int]) -> bool:
    """Return whether a bead, or one beside it, is among some: a clause may stand in the next sentence."""
    return not {bead - 1, bead, bead + 1}.isdisjoint(beads)


def _beads_of(ranking: Ranking) -> dict[str, dict[int, tuple[Place, float]]]:
    """Return in which beads each concept is named: where first, and at which height of the bead (0..1)."""
    text = ranking.candidates.text
    found: defaultdict[str, dict[int, tuple[Place, float]]] = defaultdict(dict)
    heights = _heights(ranking)
    for first, end, concept in ranking.known.mentions:
        word = text.words[first]
        if word and word.group >= 0:
            found[concept].setdefault(word.group, ((first, end), heights[first]))
    return found


def _heights(ranking: Ranking) -> dict[int, float]:
    """Return for each word at which height of its bead it stands (0..1)."""
    inside: defaultdict[int, list[int]] = defaultdict(list)
    for at, word in enumerate(ranking.candidates.text.words):
        if word and word.group >= 0:
            inside[word.group].append(at)
    return {at: n / len(words) for words in inside.values() for n, at in enumerate(words)}


class _There:
    """A version in which forms are sought, with the pivot and their links."""

    def __init__(self, pivot: Ranking, ranking: Ranking, links: Links, beads: int) -> None:
        self._pivot, self._ranking, self._links, self._beads = pivot, ranking, links, beads
        self._heights = _heights(ranking)
        self._in: defaultdict[int, list[tuple[Keys, Place]]] = defaultdict(list)
        self._groups: dict[Keys, list[int]] = {}
        text = ranking.candidates.text
        for keys in ranking.candidates.items:
            if keys in ranking.known.forms:
                continue
            for place in ranking.known.free(keys):
                if not ranking.known.concepts(place):
                    word = text.words[place[0]]
                    if word and word.group >= 0:
                        self._in[word.group].append((keys, place))
                        self._groups.setdefault(keys, []).append(word.group)
        for inside in self._in.values():
            inside.sort(key=lambda item: item[1])  # by place, which is by height

    def forms(self, concept: Concept, lacking: Mapping[int, tuple[Place, float]]) -> list[NewForm]:
        """Return the best forms for a concept, sought in the beads that lack it."""
        words = self._words(next(iter(lacking.values()))[0])
        places: dict[Keys, list[tuple[int, Place]]] = {}
        for bead in lacking:
            for keys, place in self._around(bead, lacking[bead][1]):
                places.setdefault(keys, []).append((bead, place))
        groups = {keys: self._groups[keys] for keys in places}
        found = []
        for association in opposite(lacking, groups, self._beads):
            keys = association.item
            if self._ranking.known.is_part(keys, concept.id):
                continue
            # The worse of both ways: "innovation" renders but half of the Chinese for innovation resources.
            like = min(both_ways(self._links, words, self._ranking.candidates.words(keys)))
            spelt, misread, sounds = self._spelt(concept, keys)
            far = min(abs(lacking[bead][1] - self._heights[place[0]]) for bead, place in places[keys])
            sure = min(1.0, association.likelihood / SURE)
            rating = max(like, 0.9 * spelt if misread or sounds else 0.0) * 0.65 + 0.2 * sure + 0.15 * (1 - far)
            recurs = association.beads > 1 and association.likelihood >= NO_CHANCE
            if rating >= LEAST and (like >= (RECURRING_LIKE if recurs else LEAST_LIKE) or misread or sounds):
                wording = wording_of(self._ranking, [keys], [place for _, place in places[keys]], like=like)
                damage = self._damage(words, concept, keys, misread=misread, sounds=sounds)
                found.append(NewForm(concept.id, wording, rating, damage, len(lacking), association, spelt))
        return _apart(sorted(found, key=lambda form: -form.rating))[:EACH]

    def _around(self, bead: int, height: float) -> list[tuple[Keys, Place]]:
        """Return the candidates of a bead; of one that is long those at the same height."""
        inside = self._in.get(bead, [])
        if len(inside) <= MOST_IN_BEAD:
            return inside
        middle = bisect_left(inside, height, key=lambda item: self._heights[item[1][0]])
        start = max(0, middle - MOST_IN_BEAD // 2)
        return inside[start : start + MOST_IN_BEAD]

    def _words(self, place: Place) -> list[Key]:
        text = self._pivot.candidates.text
        whole = [word.key for n in range(*place) if (word := text.words[n]) and not text.function[n]]
        return whole or [word.key for word in text.words[slice(*place)] if word]

    def _spelt(self, concept: Concept, keys: Keys) -> tuple[float, bool, bool]:
        """Return how like a known form or the pinyin a candidate is, and whether it is one misread, or the name."""
        from rapidfuzz import fuzz

        text = self._ranking.candidates.text
        form = text.form(*self._ranking.candidates.items[keys].places[0]).lower()
        known = [term.form.lower() for term in concept.terms if term.language == text.language]
        best = max((fuzz.ratio(form, one) / 100 for one in known if min(len(one), len(form)) > 4), default=0.0)
        zh = concept.preferred("zh")
        sound = fuzz.ratio(form.replace(" ", ""), _pinyin(zh)) / 100 if zh and _is_name(zh) else 0.0
        return max(best, sound), best >= MISREAD, sound >= SOUNDS

    def _damage(
        self, words: Sequence[Key], concept: Concept, keys: Keys, *, misread: bool, sounds: bool
    ) -> Damage | None:
        """Return a guess what made a form, None where it may be right."""
        if misread and any(self._ranking.candidates.general[key] == 0 for key in self._ranking.candidates.words(keys)):
            return "ocr"
        if sounds:
            return "name"
        known = [
            self._known_words(term.form)
            for term in concept.terms
            if term.language == self._ranking.candidates.text.language
        ]
        own = {key[0] for key in self._ranking.candidates.words(keys)}
        if len(words) > 1 and known and all(own.isdisjoint(form) for form in known):
            return "literal"  # rendered part by part, with no word of any known form
        return None

    def _known_words(self, form: str) -> set[str]:
        return {key[0] for key in keys_of_form(form, self._ranking.candidates.text.language)}


def _apart(forms: Sequence[NewForm]) -> list[NewForm]:
    """Return forms without those that share a place with a better one."""
    kept: list[NewForm] = []
    for form in forms:
        spans = form.wording.spans
        if not any(a.overlaps(b) for other in kept for a in other.wording.spans for b in spans):
            kept.append(form)
    return kept


@cache
def _is_name(zh: str) -> bool:
    """Return whether a Chinese form is a name, by the part of speech that jieba gives it."""
    return HAN_CHARACTER.match(zh) is not None and all(tag in LIKE_A_NAME for _, tag in tagged(zh))


@cache
def _pinyin(zh: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(zh, style=Style.NORMAL))
