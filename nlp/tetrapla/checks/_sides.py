"""A version beside the others, for asking what they have in the place of two of its passages.

Each word has with it what it stands for in the other versions there, so that words match that share no letter. Of a
match of two passages the others tell whether they say it once or twice, and which passage has more of theirs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tetrapla.checks import Comparison
from tetrapla.checks._copies import Range
from tetrapla.checks._dovetail import SENTENCE, SMALL, Dovetail, Words, words_of
from tetrapla.checks._pivot import Witness
from tetrapla.model import Mention, Segmented, Span

if TYPE_CHECKING:
    from tetrapla.checks._dovetail import Floats

__all__ = ["ASKED", "WELL_ASKED", "Compared", "Once", "Versions"]

# A weaker link is no evidence; of a word's links those count that come near its best.
LEAST_LINK, NEAR_BEST = 0.3, 0.75
# The pivot is asked where it has words for so much of the match; other versions stutter too and count half.
ASKED, OTHERS = 0.2, 0.5
# Where it has words for so much, and so little of it once, it says the thing twice itself.
WELL_ASKED, TWICE = 0.4, 0.1


# What a word stands for, by the number of the witness and the form there, and how surely.
Row = Mapping[tuple[int, str], float]


@dataclass(frozen=True)
class Compared(Words):
    """The words of a document, with what each stands for in the versions beside it."""

    rows: Sequence[Row]

    def matches(self, first: slice, second: slice) -> tuple[Floats, Floats]:
        """Return how alike the words of two stretches are, by their form or by what they stand for, and its worth."""
        import numpy as np

        alike, _ = super().matches(first, second)
        columns: dict[tuple[int, str], list[tuple[int, float]]] = {}
        for j, row in enumerate(self.rows[second]):
            for key, weight in row.items():
                columns.setdefault(key, []).append((j, weight))
        for i, row in enumerate(self.rows[first]):
            for key, weight in row.items():
                for j, other in columns.get(key, ()):
                    alike[i, j] = max(alike[i, j], min(weight, other))
        worth = alike * np.maximum(0.3, np.minimum(self.bits[first, None], self.bits[None, second]) - SMALL)
        return alike, worth

    def shared(self, first: int, seam: int, end: int) -> float:
        """Return the bits of the words behind a seam that are like one before it or stand for the same."""
        heads = {word.stem[:5] for word in self.words[first:seam]}
        keys = {key for row in self.rows[first:seam] for key in row}
        return float(
            sum(
                self.bits[k]
                for k in range(seam, end)
                if self.words[k].stem[:5] in heads or not keys.isdisjoint(self.rows[k])
            )
        )


def _compared(text: Segmented, witnesses: Sequence[Witness]) -> tuple[Compared, list[Span]]:
    """Return the words of a document with what they may stand for, and where each stands in the raw text."""
    words = words_of(text)
    places = []
    for word in words:
        offsets = text.flows[word.paragraph].offsets
        places.append(Span(*sorted((offsets[word.start], offsets[word.end - 1] + 1))))
    starts = [k for k, word in enumerate(words) if word.border >= SENTENCE] + [len(words)]
    rows: list[Row] = []
    for n in range(len(starts) - 1):
        # A second rendering may have been left without a counterpart: that of its neighbour counts.
        first = starts[n - 1] if n and words[starts[n]].border == SENTENCE else starts[n]
        last = starts[n + 2] if n + 2 < len(starts) and words[starts[n + 1]].border == SENTENCE else starts[n + 1]
        beside = [set(_region(witness, places[first:last])) for witness in witnesses]
        for word in words[starts[n] : starts[n + 1]]:
            rows.append(
                {
                    (number, form): weight
                    for number, witness in enumerate(witnesses)
                    for form, weight in witness.links.get(word.stem, {}).items()
                    if weight >= LEAST_LINK and form in beside[number]
                }
            )
    return Compared(words.words, words.frequencies, rows), places


def _region(witness: Witness, places: Sequence[Span]) -> Counter[str]:
    """Return the words of another version beside some words of this one."""
    return Counter(witness.other.tokens[k].form for k in witness.region(places))


class Once(NamedTuple):
    """For which share of a match the pivot has words, and which share of it the versions beside have only once."""

    asked: float
    share: float
    known: bool

    @property
    def twice(self) -> bool:
        """Whether the pivot says the thing twice itself."""
        return self.asked >= WELL_ASKED and self.share < TWICE


class Versions:
    """A version beside the others: its words with what each stands for there, and where each stands in the raw text."""

    def __init__(self, comparison: Comparison, witnesses: Sequence[Witness]) -> None:
        self.text = comparison.text
        self.witnesses = witnesses
        self.words, self.places = _compared(self.text, witnesses)
        self._ours = _Mentions(comparison.mentions.get(comparison.subject, ()))
        self._theirs = _Mentions(comparison.mentions.get(witnesses[0].name, ()))

    @property
    def code(self) -> str:
        """The language of the version."""
        return self.text.document.language

    def beads(self, first: Range, second: Range) -> tuple[set[int], set[int]]:
        """Return the beads of sentences that two copies stand in."""
        a, b = (set(self.witnesses[0].beads_in(self.places[slice(*copy)])) for copy in (first, second))
        return a, b

    def sound(self, copy: Range, both: Range) -> set[str]:
        """Return the concepts that a copy names soundly, of those that the pivot names beside both."""
        return {mention.concept for mention in self._named(copy, both) if _sound(mention)}

    def broken(self, copy: Range, both: Range) -> set[str]:
        """Return the concepts that a copy names only by broken forms, of those that the pivot names beside both."""
        return {mention.concept for mention in self._named(copy, both)} - self.sound(copy, both)

    def _named(self, copy: Range, both: Range) -> list[Mention]:
        witness = self.witnesses[0]
        beside = [span for bead in witness.beads_in(self.places[slice(*both)]) for span in witness.beads[bead][1]]
        wanted = {mention.concept for mention in self._theirs.inside(beside) if _sound(mention)}
        place = Span(self.places[copy[0]].start, max(span.end for span in self.places[slice(*copy)]))
        return [mention for mention in self._ours.inside([place]) if mention.concept in wanted]

    def once(self, match: Dovetail) -> Once:
        """Return how much of a match the versions beside have only once."""
        witnesses = self.witnesses
        asked, twice = zip(*(self._said_twice(witness, n, match) for n, witness in enumerate(witnesses)), strict=True)
        sure = witnesses[0].pivot and asked[0] >= ASKED
        share = 1 - twice[0] / asked[0] if sure else 1.0
        others = [twice[n] / asked[n] for n in range(int(witnesses[0].pivot), len(witnesses)) if asked[n] >= ASKED]
        if others:
            share *= 1 - OTHERS * min(others) if sure else 1 - min(others)
        return Once(asked[0] if witnesses[0].pivot else 0.0, share, sure or bool(others))

    def _said_twice(self, witness: Witness, number: int, match: Dovetail) -> tuple[float, float]:
        """Return for which share of a match a version has words, and for which it has two, one for each copy."""
        words = self.words
        left = _region(witness, self.places[match.first : match.end])
        total = asked = twice = 0.0

        def forms(k: int) -> list[str]:
            row = {form: weight for (n, form), weight in words.rows[k].items() if n == number and form in left}
            best = max(row.values(), default=0.0)
            return sorted(
                (form for form, weight in row.items() if weight >= NEAR_BEST * best), key=lambda f: (-row[f], f)
            )

        for a, b in match.pairs:
            bits = float(min(words.bits[a], words.bits[b]))
            total += bits
            ours, theirs = forms(a), forms(b)
            if not (ours and theirs):
                continue
            asked += bits
            for x, y in ((x, y) for x in ours for y in theirs):
                if left[x] >= (2 if x == y else 1) <= left[y]:
                    left[x] -= 1
                    left[y] -= 1
                    twice += bits
                    break
        return asked / max(total, 1e-9), twice / max(total, 1e-9)

    def covered(self, copy: Range, both: Range) -> float:
        """Return how many words of the original a copy covers, each by its best link."""
        beside = _region(self.witnesses[0], self.places[slice(*both)])
        best: dict[str, float] = {}
        for k in range(*copy):
            for (number, form), weight in self.words.rows[k].items():
                if number == 0 and form in beside:
                    best[form] = max(weight, best.get(form, 0.0))
        return sum(best.values())


class _Mentions:
    """The places where a version names concepts, by where they begin."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._mentions = sorted(mentions, key=lambda mention: mention.spans[0].start)
        self._starts = [mention.spans[0].start for mention in self._mentions]

    def inside(self, spans: Sequence[Span]) -> list[Mention]:
        """Return the mentions that begin inside some spans."""
        return [
            mention
            for span in spans
            for mention in self._mentions[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]
        ]


def _sound(mention: Mention) -> bool:
    return not mention.term.broken
