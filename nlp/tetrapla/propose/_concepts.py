"""New concepts: the best candidates of each version, put together where they stand opposite each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tetrapla.model import Span
from tetrapla.progress import Progress, silent
from tetrapla.propose._candidates import Keys, Place
from tetrapla.propose._links import Links, likeness
from tetrapla.propose._ranking import Pick, Ranking, picked
from tetrapla.propose._survey import Survey

__all__ = ["NewConcept", "Wording", "new_concepts", "wording_of"]

SHOWN = 5  # places of a form that are told
LEAST_LIKE = 0.25  # how far two candidates must translate each other word by word
LOOKED_AT = 4000  # candidates of another version that may stand opposite
MOST_IN_BEAD = 300  # the same of one bead, which may be a whole text
HALF = 300  # a candidate at this rank counts half as much as the first


@dataclass(frozen=True)
class Wording:
    """How a version words a proposed concept: forms, the best first, and what speaks for the first.

    `rank` is that of the proposal in its version, from 1, None for what only stands opposite one; `like` says how far
    it translates what it stands opposite word by word (0..1), None for the first. `spans` are the first places.
    """

    document: str
    language: str
    forms: tuple[str, ...]
    count: int
    c_value: float
    keyness: float
    spans: tuple[Span, ...]
    rank: int | None = None
    like: float | None = None


@dataclass(frozen=True)
class NewConcept:
    """A concept that the glossary may lack, as the versions word it, the one that it was found in first."""

    wordings: tuple[Wording, ...]


def new_concepts(
    survey: Survey,
    rankings: Mapping[str, Ranking],
    limit: int,
    documents: Collection[str] | None = None,
    progress: Progress = silent,
) -> list[NewConcept]:
    """Return proposals, the best first: `limit` for each version, one where those of several stand opposite.

    `documents` are the versions whose candidates are proposed, by default all; what stands opposite is sought in all.
    """
    picks = {name: picked(ranking.known, ranking.scores, limit) for name, ranking in rankings.items()}
    # Where each candidate was picked, as the main form or one of its others.
    ranks_of = {name: _ranks(found) for name, found in picks.items()}
    tables = {name: _Opposites(ranking) for name, ranking in rankings.items()}
    names = sorted(picks if documents is None else documents, key=lambda name: (name != survey.pivot, name))
    taken: set[tuple[str, Keys]] = set()
    found: list[tuple[int, NewConcept]] = []
    for done, name in enumerate(names):
        progress("proposing", done, len(names))
        for rank, pick in enumerate(picks[name], start=1):
            if not taken.isdisjoint((name, keys) for keys in (pick.keys, *pick.alternatives)):
                continue  # what stands opposite a better one, cut in this way or another
            wordings = [wording_of(rankings[name], [pick.keys, *pick.alternatives], pick.places, rank=rank)]
            ranks = [rank]
            for other in (other for other in rankings if other != name):
                hit = tables[other].best(rankings[name], pick.keys, pick.places, survey.links[name, other])
                if hit is None:
                    continue
                keys, like = hit
                there = ranks_of[other].get(keys)
                same = picks[other][there - 1] if there else None
                # A pick that is shown here is shown nowhere else, so all its forms are.
                forms = list(dict.fromkeys([keys, *((same.keys, *same.alternatives) if same else ())]))
                taken |= {(other, form) for form in forms}
                ranks += [there] if there else []
                places = rankings[other].known.free(keys)
                wordings.append(wording_of(rankings[other], forms, places, rank=there, like=like))
            found.append((min(ranks), NewConcept(tuple(wordings))))
    return [concept for _, concept in sorted(found, key=lambda item: item[0])]


def _ranks(picks: Sequence[Pick]) -> dict[Keys, int]:
    """Return the rank, from 1, of the pick that each candidate is in, as its main form or another."""
    ranks: dict[Keys, int] = {}
    for rank, pick in enumerate(picks, start=1):
        for keys in (pick.keys, *pick.alternatives):
            ranks.setdefault(keys, rank)
    return ranks


def wording_of(
    ranking: Ranking,
    forms: Sequence[Keys],
    places: Sequence[Place],
    *,
    rank: int | None = None,
    like: float | None = None,
) -> Wording:
    """Return how a version words something: the candidates `forms`, the first of which stands at `places`."""
    text, candidates = ranking.candidates.text, ranking.candidates
    words = candidates.words(forms[0])
    return Wording(
        text.version.document.id,
        text.language,
        tuple(dict.fromkeys(text.common_form(candidates.items[keys].places) for keys in forms)),
        len(places),
        candidates.c_values[forms[0]],
        sum(candidates.keyness[key] for key in words) / len(words),
        tuple(text.raw(*place) for place in places[:SHOWN]),
        rank,
        like,
    )


class _Opposites:
    """The best candidates of a version by the beads that they stand in."""

    def __init__(self, ranking: Ranking) -> None:
        self._ranking, scores = ranking, ranking.scores
        self._in: defaultdict[int, list[tuple[Keys, int]]] = defaultdict(list)
        best = sorted(scores, key=lambda keys: (-scores[keys], keys))[:LOOKED_AT]
        for rank, keys in enumerate(best):
            for group in set(ranking.candidates.text.groups(ranking.known.free(keys))):
                if len(self._in[group]) < MOST_IN_BEAD:
                    self._in[group].append((keys, rank))

    def best(self, other: Ranking, keys: Keys, places: Sequence[Place], links: Links) -> tuple[Keys, float] | None:
        """Return what stands opposite a candidate of another version, and how far they translate each other."""
        words = other.candidates.words(keys)
        groups = other.candidates.text.groups(places)
        near = {candidate: rank for group in dict.fromkeys(groups) for candidate, rank in self._in.get(group, ())}
        rated = []
        for candidate, rank in near.items():
            like = likeness(links, words, self._ranking.candidates.words(candidate))
            if like >= LEAST_LIKE:
                rated.append((like * HALF / (HALF + rank), like, candidate))
        if not rated:
            return None
        _, like, best = max(rated)
        return best, like
