"""Which words of two versions translate each other: what the lexicon says, and what the beads teach (IBM model 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from statistics import fmean

from tetrapla import lexicon
from tetrapla.align.learn import taught
from tetrapla.propose._known import Known
from tetrapla.propose._text import Key, Text

__all__ = ["Links", "Opposite", "both_ways", "likeness", "links_between"]

Links = Mapping[str, Mapping[str, float]]

SAME = 0.8  # a word that both versions have, a name most often
LEARNT = 1.3  # what beads teach is held down for rare words; links of the lexicon are not


@dataclass(frozen=True)
class Opposite:
    """What the other versions have for the words of one: `links` and what is known of each, by document id."""

    links: Mapping[str, Links]
    known: Mapping[str, Known]

    @cached_property
    def _beads(self) -> dict[str, dict[int, list[tuple[str, str | None]]]]:
        """For each version the words of each bead, with the concept that they are part of a name of."""
        found: dict[str, dict[int, list[tuple[str, str | None]]]] = {}
        for name, known in self.known.items():
            inside: defaultdict[int, list[tuple[str, str | None]]] = defaultdict(list)
            text = known.candidates.text
            for word, function, number in zip(text.words, text.function, known.at, strict=True):
                if word and not function and word.group >= 0:
                    inside[word.group].append((word.key[0], known.mentions[number - 1][2] if number else None))
            found[name] = inside
        return found

    @cached_property
    def _best(self) -> dict[tuple[str, int, str], dict[str | None, float]]:
        return {}

    def best(self, name: str, bead: int, word: str) -> dict[str | None, float]:
        """Return the best links of a word to words in a bead: to those in names of each concept, and to free ones."""
        where = name, bead, word
        if where not in self._best:
            row = self.links[name].get(word, {})
            best: dict[str | None, float] = {}
            for other, concept in self._beads[name].get(bead, ()) if row else ():
                best[concept] = max(best.get(concept, 0.0), row.get(other, 0.0))
            self._best[where] = best
        return self._best[where]

    def shares(self, words: Sequence[Key], beads: Sequence[int]) -> tuple[float, float, float, float]:
        """Return how well words are rendered in some beads (0..1), the means over the beads of all versions.

        By words that are in no known term: all of them, and the worst of them; by known terms; by those of one concept.
        """
        found = []
        for name in self.known:
            for bead in beads:
                if bead not in self._beads[name]:
                    continue
                each = [self.best(name, bead, key[0]) for key in words]
                free = [best.get(None, 0.0) for best in each]
                taken = [max((weight for concept, weight in best.items() if concept), default=0.0) for best in each]
                concepts = {concept for best in each for concept in best if concept}
                one = max((fmean(best.get(c, 0.0) for best in each) for c in concepts), default=0.0)
                found.append((fmean(free), min(free), fmean(taken), one))
        if not found:
            return 0.2, 0.0, 0.2, 0.2
        free_, least, taken_, one_ = (fmean(column) for column in zip(*found, strict=True))
        return free_, least, taken_, one_


def links_between(one: Text, other: Text) -> Links:
    """Return which words of one version may stand for which of another, each link with its worth (0..1)."""
    pair = one.language, other.language
    links: defaultdict[str, dict[str, float]] = defaultdict(dict)
    bags = {text.version.document.id: _bags(text) for text in (one, other)}
    mine, theirs = bags.values()
    for (_, word), row in taught((mine[n], theirs[n]) for n in sorted(mine.keys() & theirs.keys())).items():
        for (_, rendering), weight in row.items():
            links[word][rendering] = min(1.0, LEARNT * weight)
    known = lexicon.load()
    if set(pair) <= set(known.languages) and pair[0] != pair[1]:
        for unit, renderings in known.links(*pair).items():
            for unit_there, worth in renderings.items():
                if isinstance(unit, str) and isinstance(unit_there, str):
                    links[unit][unit_there] = max(worth, links[unit].get(unit_there, 0.0))
    both = {word for bag in mine.values() for _, word in bag} & {word for bag in theirs.values() for _, word in bag}
    for word in both:
        links[word][word] = max(SAME, links[word].get(word, 0.0))
    return links


def _bags(text: Text) -> dict[int, set[tuple[str, str]]]:
    bags: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for word, function in zip(text.words, text.function, strict=True):
        if word and not function and word.group >= 0:
            bags[word.group].add((text.version.document.id, word.key[0]))
    return bags


def likeness(links: Links, ours: Sequence[Key], theirs: Sequence[Key]) -> float:
    """Return how far two candidates translate each other word by word (0..1): the geometric mean of both ways."""
    forth, back = both_ways(links, ours, theirs)
    return sqrt(forth * back)


def both_ways(links: Links, ours: Sequence[Key], theirs: Sequence[Key]) -> tuple[float, float]:
    """Return how far the words of two candidates are rendered in the other (0..1): those of the one, of the other."""
    weights = [[links.get(key[0], {}).get(other[0], 0.0) for other in theirs] for key in ours]
    # Sums: what always stands together shares what beads teach, "pontoon" and "toll" for both halves of 浮桥收费.
    forth = fmean(min(1.0, sum(row)) for row in weights)
    back = fmean(min(1.0, sum(column)) for column in zip(*weights, strict=True))
    return forth, back
