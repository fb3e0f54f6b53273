"""What stands where a term should stand: the original names a concept, and this version has none of its forms.

A term that was garbled or translated word by word is in no list. But the other version says which concept is due and
about where; whatever words stand there that say nothing else of it are its rendering. They show themselves: half of
the term may be right; they may say one by one what the characters of the Chinese term say ("land indicator" for
土地指标); they may sound like a name; the same words may stand wherever the concept is due, and nowhere else. Each is
weak, and a sound paraphrase shows some of it too, so all are weighed together by logistic regression, fitted on a
scanned paper and on the sample, each in three languages, with no wrong form in the glossary. Fitted on the sample
alone, they find 4 of 10 in the English paper, 5 of 10 findings right; on both, 6 of 10 and 7 of 10. A text where little
of the kind is to be found has a lower prior (see `_prior`): a sound manual names terms in its own way.

Asking an aligned row what it has for a term is how translation tools check terminology; comparing what stands in many
such rows is the extraction of translations of Gaussier ("Flow network models for word alignment and terminology
extraction from bilingual corpora", ACL 1998).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from tetrapla.checks import Comparison
from tetrapla.checks._due import Due, DueTerms
from tetrapla.checks._pivot import Witness, witnesses_of
from tetrapla.checks._prior import prior
from tetrapla.checks._traits import Traits
from tetrapla.model import Span

__all__ = ["TOLD", "WEIGHTS", "Absent", "Rendering", "absent_of"]

# A rendering has at most so many words.
LONGEST = 6
# So many words away from its place a rendering is still likely (the width of a bell curve).
WIDTH = 8
# A part of a term that is so likely to be rendered wrongly, beside the whole, is what is wrong with the whole.
PART_SCORE = 0.5
# What each trait of a rendering counts in the logarithm of the odds.
WEIGHTS: Mapping[str, float] = {
    "one": -3.95,
    "canon": 0.87,
    "literal": 0.71,
    "explained": 2.21,
    "elsewhere": -1.43,
    "place": 0.68,
    "recurs": 0.14,
    "name": 4.96,
    "mixed": -0.98,
    "longer": 0.33,
    "shorter": -0.48,
    "edges": 0.52,
    "framed": 4.0,  # fitted 4.8, on few cases
    "and": -0.59,
    "common": -0.46,
    "rare": 2.07,
}
# What evidence calls the traits.
TOLD: Mapping[str, str] = {
    "canon": "words-that-are-right",
    "literal": "said-word-by-word",
    "explained": "words-that-say-it",
    "elsewhere": "words-that-say-something-else",
    "place": "near-its-place",
    "recurs": "comes-with-the-concept",
    "name": "sounds-like-it",
    "mixed": "names-another-concept",
    "longer": "longer",
    "shorter": "shorter",
    "edges": "whole-phrase",
    "framed": "set-off-as-there",
    "and": "joins-two-things",
    "common": "everyday-words",
    "rare": "rare-words",
}
# The best of many is likelier than any one of them by itself (Platt 1999). Such odds hold for texts with one broken
# term in so many words.
SHIFT, SCALE, USUAL = 1.06, 1.43, 150


class Rendering(NamedTuple):
    """Words that stand where a term should.

    `first` and `last` are the numbers of its tokens, `score` how likely it is (0..1), `traits` what speaks for it:
    "canon" how much of it is right, "literal" how much of the term it says word by word, "explained" and "elsewhere"
    how many of its words say the term and something else, "place" how near it is to where the term should stand,
    "recurs" how often it stands where this concept is due, "name" how much it sounds like it, "mixed" whether it is the
    sound name of another concept, "rare" and "common" how frequent its words are, "edges" whether it is a whole phrase,
    "framed" whether it stands in brackets or quotes as the term does, "and" whether it joins two things.
    """

    due: Due
    first: int
    last: int
    score: float
    traits: Mapping[str, float]


class Absent:
    """The concepts that the other version names and this one does not, and what stands where they should."""

    def __init__(self, comparison: Comparison, witness: Witness) -> None:
        self.terms = DueTerms(comparison, witness)
        self._traits = Traits(comparison, witness, self.terms)
        self._witness = witness
        self._tokens = witness.own.tokens

    @cached_property
    def renderings(self) -> list[Rendering]:
        """The best rendering of each concept that is due, none over another, by place."""
        best = [found for due in self.terms.due if (found := self._best(due)) is not None]
        shift = prior([rendering.score for rendering in best], len(self._tokens), USUAL)
        best = [r._replace(score=1 / (1 + math.exp(-r.score - shift))) for r in best]
        of_mention: defaultdict[int, list[Rendering]] = defaultdict(list)
        for rendering in best:
            of_mention[id(rendering.due.mention)].append(rendering)
        best = [self._narrowed(rendering, of_mention[id(rendering.due.mention)]) for rendering in best]
        taken: set[int] = set()
        kept = []
        for rendering in sorted(best, key=lambda r: (-r.score, r.first)):
            tokens = set(range(rendering.first, rendering.last + 1))
            if taken.isdisjoint(tokens):
                taken |= tokens
                kept.append(rendering)
        return sorted(kept, key=lambda r: r.first)

    def _narrowed(self, whole: Rendering, others: Iterable[Rendering]) -> Rendering:
        """Return the part of a rendering that is wrong, with its own concept, where that explains the whole.

        That is one that is likely itself, or one beside which all other words are right.
        """
        inner = [
            part
            for part in others
            if len(part.due.term) < len(whole.due.term) and whole.first <= part.first <= part.last <= whole.last
        ]
        right = {stem for form in self.terms.forms(whole.due.concept) for stem in form.stems}
        for part in sorted(inner, key=lambda r: -r.score):
            rest = [*range(whole.first, part.first), *range(part.last + 1, whole.last + 1)]
            if part.score >= PART_SCORE * whole.score or self._traits.are_all(rest, right):
                return part._replace(score=max(part.score, whole.score))
        return whole

    def span(self, rendering: Rendering) -> Span:
        """Return where a rendering stands in the raw text."""
        return Span(self._tokens[rendering.first].start, self._tokens[rendering.last].end)

    def _best(self, due: Due) -> Rendering | None:
        """Return the likeliest rendering; the score is the logarithm of the odds that it is one."""
        best = max(self.candidates(due), key=lambda r: r.score, default=None)
        return best and best._replace(score=SHIFT + SCALE * best.score)

    # -------------------------------------------------------------------------------------------- candidates

    def candidates(self, due: Due) -> Iterator[Rendering]:
        """Yield whatever may stand for a term that is due; the score is the logarithm of the odds."""
        tokens = self.terms.inside[due.bead]
        blocked, beside = self._blocked(due), self._traits.beside(due)
        for k in range(len(tokens)):
            for n in range(k, min(len(tokens), k + LONGEST)):
                if tokens[n] in blocked or self._traits.is_verb(tokens[n]) or self._traits.is_clause(tokens[n]):
                    break
                if n > k and not self._traits.joined(tokens[n - 1], tokens[n]):
                    break
                if self._traits.is_small(tokens[k]) or self._traits.is_small(tokens[n]):
                    continue
                traits = self._traits.of(due, tokens[k : n + 1], beside)
                if traits is None:
                    continue
                traits["place"] = math.exp(-((((k + n + 1) / 2 - due.place * len(tokens)) / WIDTH) ** 2))
                odds = sum(WEIGHTS[name] * value for name, value in traits.items())
                yield Rendering(due, tokens[k], tokens[n], odds, traits)

    def _blocked(self, due: Due) -> set[int]:
        """Return the tokens of a bead that soundly name what else the other version names there.

        Of a term whose part is due, that is the rest of it.
        """
        wanted = {m.concept for m, _ in self.terms.named.get(due.bead, ())} - {due.concept}
        spans = [s for m in self.terms.mentions.get(due.bead, ()) if m.concept in wanted for s in m.spans]
        blocked = set(self._witness.own.inside(spans))
        if due.concept != due.mention.concept:
            own = {stem for form in self.terms.forms(due.concept) for stem in form.stems}
            rest = {stem for form in self.terms.forms(due.mention.concept) for stem in form.stems} - own
            blocked |= {token for token in self.terms.inside[due.bead] if self._tokens[token].form in rest}
        return blocked


def absent_of(comparison: Comparison) -> Absent | None:
    """Return what the pivot names and this version does not; None where there is no such other version to ask."""
    witnesses = witnesses_of(comparison)
    return Absent(comparison, witnesses[0]) if witnesses and witnesses[0].pivot else None
