"""How far the other versions have, opposite a candidate, one that looks like a term itself.

What stands for a concept of its own is cut alike in every version; what is a fragment in one mostly has nothing of its
kind opposite. Asked is the first score of candidates, which each version gives by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp

from tetrapla.propose._candidates import Candidates, Keys, Place
from tetrapla.propose._links import Links, likeness

__all__ = ["VERSIONS", "Likenesses", "Support", "Supporters"]

MOST = 1500  # the best candidates of a version, which are asked about
HALFWAY = 200  # the candidate at this rank is as likely a term as not
IN_BEAD = 12  # of so many candidates of a bead it is asked what they stand opposite
BEADS = 6  # so many beads of a candidate are looked at
LEAST_LIKE = 0.2
VERSIONS = 3  # other versions that are told apart

Likenesses = dict[tuple[str, str, Keys, Keys], float]  # by the ids of two versions and the words of two candidates


@dataclass(frozen=True)
class Supporters:
    """The candidates of a version with their first scores and their places outside known terms."""

    candidates: Candidates
    scores: Mapping[Keys, float]
    free: Mapping[Keys, Sequence[Place]]

    @cached_property
    def best(self) -> list[Keys]:
        """The best candidates, the best first."""
        return sorted(self.scores, key=lambda keys: (-self.scores[keys], keys))[:MOST]

    @cached_property
    def asked(self) -> frozenset[Keys]:
        """The best candidates."""
        return frozenset(self.best)

    @cached_property
    def in_beads(self) -> dict[int, list[tuple[Keys, float]]]:
        """The words of the best candidates of each bead, with how likely each is a term (0..1)."""
        halfway = self.scores[self.best[min(HALFWAY, len(self.best)) - 1]] if self.best else 0.0
        found: defaultdict[int, list[tuple[Keys, float]]] = defaultdict(list)
        for keys in self.best:
            chance = 1 / (1 + exp(halfway - self.scores[keys]))
            for bead in self.beads(self.free[keys]):
                if len(found[bead]) < IN_BEAD:
                    found[bead].append((tuple(self.candidates.words(keys)), chance))
        return dict(found)

    def beads(self, places: Sequence[Place]) -> list[int]:
        """Return the first beads that some places are in."""
        return self.candidates.text.groups(places[:BEADS])


@dataclass(frozen=True)
class Support:
    """All versions by document id, the links between each two, and what is kept of how like candidates are."""

    versions: Mapping[str, Supporters]
    links: Mapping[tuple[str, str], Links]
    kept: Likenesses = field(default_factory=dict)

    def of(self, name: str, keys: Keys, places: Sequence[Place]) -> list[float]:
        """Return how well the versions support a candidate of one of them (0..1), the best first, three in all."""
        words = tuple(self.versions[name].candidates.words(keys))
        beads = self.versions[name].beads(places)
        found = [self._in(name, other, words, beads) for other in self.versions if other != name]
        return (sorted(found, reverse=True) + [0.0] * VERSIONS)[:VERSIONS]

    def _in(self, name: str, other: str, words: Keys, beads: Sequence[int]) -> float:
        best = 0.0
        for bead in beads:
            for there, chance in self.versions[other].in_beads.get(bead, ()):
                if chance > best:
                    like = self._likeness(name, other, words, there)
                    if like >= LEAST_LIKE:
                        best = max(best, like * chance)
        return best

    def _likeness(self, name: str, other: str, words: Keys, there: Keys) -> float:
        where = name, other, words, there
        if where not in self.kept:
            self.kept[where] = likeness(self.links[name, other], words, there)
        return self.kept[where]
