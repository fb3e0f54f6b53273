"""Which concept is meant by a form that two concepts share: the aligned passages of the other versions tell.

Word senses told apart by translation (Gale, Church & Yarowsky, "Using bilingual materials to develop word sense
disambiguation methods", TMI 1992): what one language calls by one name another keeps apart. The sentences that are
aligned with a mention are asked first, then the paragraphs, then what the document means elsewhere; where nothing
speaks for either, the better status counts, as it does without other versions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tetrapla.checks._beads import Beads
from tetrapla.model import Alignment, Mention, Reading

__all__ = ["decide"]

# What a mention in another version is worth as evidence, by a sound form and by a broken one. The pivot, whose words
# the others translate, outweighs all of them together.
SOUND, DAMAGED = 2, 1


def decide(alignment: Alignment, mentions: Mapping[str, Sequence[Mention]]) -> dict[str, list[Mention]]:
    """Return the mentions by document id, each of a form of two concepts with the one that is meant.

    What else such a form may stand for remains in `others`. A concept that the other versions name in the passage, and
    this one does not yet, goes before one that is named already: where the Chinese says 溢出 and 泄漏, two "spillovers"
    are one of each.
    """
    sentences = tuple(sentence for bead in alignment.beads for sentence in bead.sentences)
    levels = [_Level(replace(alignment, beads=beads), mentions) for beads in (sentences, alignment.beads)]
    decided = {}
    for name, found in mentions.items():
        told = [_by_passages(name, mention, levels) if mention.others else mention for mention in found]
        usual = Counter(mention.concept for mention in told if mention is not None)
        decided[name] = [
            _as_usual(mention, usual) if sure is None else sure for mention, sure in zip(found, told, strict=True)
        ]
    return decided


def _readings(mention: Mention) -> list[Reading]:
    """Return what a mention may stand for; of equal evidence the first is taken, which has the best status."""
    return [Reading(mention.concept, mention.term), *mention.others]


def _as_usual(mention: Mention, usual: Mapping[str, int]) -> Mention:
    """Return the mention as what it may stand for that is named most."""
    return _meant(mention, max(_readings(mention), key=lambda reading: usual.get(reading.concept, 0)))


def _meant(mention: Mention, reading: Reading) -> Mention:
    others = tuple(other for other in _readings(mention) if other != reading)
    return replace(mention, concept=reading.concept, term=reading.term, others=others)


def _by_passages(name: str, mention: Mention, levels: Sequence[_Level]) -> Mention | None:
    """Return the mention as the passages of the other versions tell it, None where they say nothing."""
    readings = _readings(mention)
    passages = [passage for level in levels if (passage := level.passage(name, mention)) is not None]
    evidence = [
        {reading: weigh(passage, name, reading.concept) for reading in readings}
        for weigh in (_Passage.missing, _Passage.worth)
        for passage in passages
    ]
    votes = next((votes for votes in evidence if any(votes.values())), None)
    if votes is None:
        return None
    # Of equal ones a sound form, then what comes first in the passage.
    order = list(passages[0].worths)
    best = max(
        readings,
        key=lambda reading: (
            votes[reading],
            not reading.term.broken,
            -order.index(reading.concept) if reading.concept in order else -len(order),
        ),
    )
    for passage in passages:
        passage.met[name, best.concept] += 1
    return _meant(mention, best)


@dataclass
class _Passage:
    """What the versions of one bead name without doubt, by document id and concept: how often, and what it is worth.

    `worths` is in the order of the pivot's text; `met` counts mentions that were in doubt and have been decided.
    """

    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    worths: defaultdict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    met: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, name: str, mention: Mention, worth: int) -> None:
        self.times[name, mention.concept] += 1
        known = self.worths[mention.concept]
        known[name] = max(worth, known.get(name, 0))

    def worth(self, name: str, concept: str) -> int:
        """Return what the other versions' mentions of a concept are worth."""
        return sum(worth for other, worth in self.worths.get(concept, {}).items() if other != name)

    def missing(self, name: str, concept: str) -> int:
        """Return the same, of those versions only that name the concept more often than this one does so far."""
        own = self.times[name, concept] + self.met[name, concept]
        return sum(
            worth
            for other, worth in self.worths.get(concept, {}).items()
            if other != name and self.times[other, concept] > own
        )


class _Level:
    """The passages of one size, sentences or paragraphs."""

    def __init__(self, alignment: Alignment, mentions: Mapping[str, Sequence[Mention]]) -> None:
        self._beads = {name: Beads(alignment, name) for name in mentions}
        self._passages: defaultdict[int, _Passage] = defaultdict(_Passage)
        for name in sorted(mentions, key=lambda name: name != alignment.pivot):
            weight = len(mentions) if name == alignment.pivot else 1
            for mention in mentions[name]:
                if not mention.others and (passage := self.passage(name, mention)) is not None:
                    passage.add(name, mention, weight * (DAMAGED if mention.term.broken else SOUND))

    def passage(self, name: str, mention: Mention) -> _Passage | None:
        """Return the passage that a mention of a document begins in, None where no bead holds it."""
        bead = self._beads[name].at(mention.spans[0].start)
        return None if bead is None else self._passages[bead]
