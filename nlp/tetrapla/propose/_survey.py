"""Versions that are aligned, ready for proposing: their candidates, and which of their words translate each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tetrapla.glossary import Glossary
from tetrapla.model import Alignment, Mention, Segmented
from tetrapla.progress import Progress, silent
from tetrapla.propose._candidates import Candidates, candidates_of
from tetrapla.propose._classes import nouns_of
from tetrapla.propose._known import known_in
from tetrapla.propose._links import Links, Opposite, links_between
from tetrapla.propose._ranking import Ranking
from tetrapla.propose._support import Likenesses, Support, Supporters
from tetrapla.propose._text import Key, groups_of, text_of

__all__ = ["Survey", "survey"]


@dataclass(frozen=True)
class Survey:
    """What is known of versions without any glossary; candidates and nouns by document id, links by two of them."""

    pivot: str
    candidates: Mapping[str, Candidates]
    links: Mapping[tuple[str, str], Links]
    beads: int
    nouns: Mapping[str, Mapping[Key, float]]
    likenesses: Likenesses = field(default_factory=dict, repr=False, compare=False)

    def rankings(self, mentions: Mapping[str, Sequence[Mention]], glossary: Glossary) -> dict[str, Ranking]:
        """Return each version's candidates in the light of a glossary, whose mentions were found."""
        known = {
            name: known_in(candidates, mentions.get(name, ()), glossary) for name, candidates in self.candidates.items()
        }
        opposite = {
            name: Opposite(
                {other: links for (own, other), links in self.links.items() if own == name},
                {other: there for other, there in known.items() if other != name},
            )
            for name in known
        }
        alone = {
            name: Ranking(name, known[name], opposite[name] if len(known) > 1 else None, self.nouns.get(name, {}))
            for name in known
        }
        if len(alone) == 1:
            return alone
        # The first scores of all versions, before any of them is asked what the others have for its candidates.
        supporters = {name: Supporters(one.candidates, one.first, one.free) for name, one in alone.items()}
        support = Support(supporters, self.links, self.likenesses)
        return {name: replace(one, support=support) for name, one in alone.items()}


def survey(versions: Mapping[str, Segmented], alignment: Alignment, progress: Progress = silent) -> Survey:
    """Return what aligned versions of a document are made of."""
    found = {}
    for done, (name, version) in enumerate(versions.items()):
        progress("candidates", done, len(versions))
        found[name] = candidates_of(text_of(version, groups_of(alignment, name)))
    links = {}
    names = list(found)
    for k, one in enumerate(names):
        progress("words", k, len(names))
        for other in names[k + 1 :]:
            forth = links_between(found[one].text, found[other].text)
            links[one, other] = forth
            links[other, one] = _turned(forth)
    beads = sum(len(bead.sentences) or 1 for bead in alignment.beads)
    return Survey(alignment.pivot, found, links, beads, _nouns(found, links))


def _nouns(found: Mapping[str, Candidates], links: Mapping[tuple[str, str], Links]) -> dict[str, Mapping[Key, float]]:
    """Return how far the words of each version are nouns, where another version has parts of speech."""
    tagged = next((name for name, one in found.items() if one.text.han), None)
    return {
        name: nouns_of(one.text, found[tagged].text, links[name, tagged])
        for name, one in found.items()
        if tagged is not None and not one.text.han
    }


def _turned(links: Links) -> Links:
    turned: dict[str, dict[str, float]] = {}
    for word, row in links.items():
        for other, weight in row.items():
            turned.setdefault(other, {})[word] = weight
    return turned
