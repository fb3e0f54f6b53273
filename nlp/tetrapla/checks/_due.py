"""Which concepts the other version names in a bead of sentences while this one has none of their forms there.

A form may be there in another order, with other words between ("development of industry" for "industrial development"
is none, "regions that send" is): what stands close together with all its words is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from tetrapla import languages
from tetrapla.checks import Comparison
from tetrapla.checks._lexis import lexis_of
from tetrapla.checks._named import Parts, is_sound
from tetrapla.checks._pivot import Witness
from tetrapla.checks.fragments import FUNCTION
from tetrapla.model import SOUND, Mention, Span

__all__ = ["HAN", "Due", "DueTerms", "Form"]

HAN = re.compile(rf"[{languages.HAN}]")
# A bead has at most so many words that are looked at: no quadratic work on odd ones.
WIDEST = 160
# Words so frequent (Zipf) are everyday words.
COMMONPLACE = 4.5
# So many terms may be due in one bead, those that stand first.
MOST_DUE = 12
# The words of a form may have so many others between them.
SLACK = 5


class Due(NamedTuple):
    """A concept that the other version names and this one does not.

    `term` is how it is named there, `mention` the mention that this is (a part of), `bead` the number of the bead of
    sentences, `place` where in it (0..1).
    """

    concept: str
    term: str
    mention: Mention
    bead: int
    place: float


class Form(NamedTuple):
    """A sound form of a concept, and the stems of its words, those of small words left out."""

    text: str
    stems: tuple[str, ...]


class DueTerms:
    """What a version should name by what another one, `witness`, names beside it."""

    def __init__(self, comparison: Comparison, witness: Witness) -> None:
        self.comparison, self.witness = comparison, witness
        self.language = languages.get(comparison.text.document.language)
        other = comparison.versions[witness.name].document.language
        self.parts = Parts(comparison.glossary, other)
        self._spaceless = languages.get(other).joiner == ""
        self.tokens = witness.own.tokens
        self.inside = [witness.own.inside(own)[:WIDEST] for own, _ in witness.beads]
        self._lexis = lexis_of(comparison.text)
        function = FUNCTION.get(self.language.code)
        self.small = function.never | function.hardly if function else frozenset()
        self.verbs = function.verbs if function else frozenset()
        self._forms: dict[str, list[Form]] = {}

    @cached_property
    def mentions(self) -> dict[int, list[Mention]]:
        """This version's mentions, of any status, by the bead that they begin in."""
        found: defaultdict[int, list[Mention]] = defaultdict(list)
        for mention in self.comparison.mentions.get(self.comparison.subject, ()):
            for bead in self.witness.beads_in(mention.spans)[:1]:
                if len(found[bead]) < WIDEST:
                    found[bead].append(mention)
        return dict(found)

    @cached_property
    def named(self) -> dict[int, list[tuple[Mention, float]]]:
        """The other version's sound mentions by bead, each with its place in it (0..1)."""
        starts = sorted(
            (span.start, span.end, k, before, total)
            for k, (_, other) in enumerate(self.witness.beads)
            for span, before, total in _measured(other)
        )
        found: defaultdict[int, list[tuple[Mention, float]]] = defaultdict(list)
        for mention in self.comparison.mentions.get(self.witness.name, ()):
            at = mention.spans[0].start
            n = bisect_left(starts, (at + 1,)) - 1
            # A Chinese paper's English abstract says nothing of what the Chinese one beside it names.
            foreign = self._spaceless and not HAN.search(mention.matched)
            if is_sound(mention) and not foreign and n >= 0 and at < starts[n][1]:
                start, _, bead, before, total = starts[n]
                found[bead].append((mention, (before + at - start) / max(1, total)))
        return dict(found)

    def forms(self, concept: str) -> Sequence[Form]:
        """Return the sound forms of a concept in this version's language, the preferred one first."""
        if concept not in self._forms:
            terms = [
                term
                for term in self.comparison.glossary[concept].terms
                if term.language == self.language.code and term.status in SOUND
            ]
            made = [Form(t.form, self._stems(t.form)) for t in sorted(terms, key=lambda t: SOUND.index(t.status))]
            self._forms[concept] = [form for form in made if form.stems]
        return self._forms[concept]

    def _stems(self, form: str) -> tuple[str, ...]:
        words = self.language.words(form)
        return tuple(word.stem for word in words if len(word.stem) > 1 and word.text.lower() not in self.small)

    @cached_property
    def due(self) -> list[Due]:
        """What is named there and not here, in the order of the beads; of a compound also the parts of its name."""
        return [due for bead in sorted(self.named) for due in self._due_in(bead)[:MOST_DUE]]

    def _due_in(self, bead: int) -> list[Due]:
        near = [k for k in (bead - 1, bead, bead + 1) if 0 <= k < len(self.inside)]
        here = {mention.concept for k in near for mention in self.mentions.get(k, ())}
        stems = [self.tokens[t].form for k in near for t in self.inside[k]]
        lacking: dict[str, bool] = {}
        found = []
        for mention, place in self.named[bead]:
            names = [(mention.concept, mention.matched)]
            names += [(part.concept, mention.matched[part.start : part.end]) for part in self.parts.of(mention)]
            for concept, term in names:
                if concept not in lacking:
                    lacking[concept] = self._lacks(concept, here, stems)
                if not lacking[concept]:
                    if concept == mention.concept:
                        break  # what has its whole name has the parts of it
                    continue
                found.append(Due(concept, term, mention, bead, place))
        return found

    def _lacks(self, concept: str, here: set[str], stems: Sequence[str]) -> bool:
        """Return whether a concept that has forms is neither among those named nor said in any order of words."""
        forms = self.forms(concept)
        if not forms or concept in here or self._is_commonplace(forms[0]):
            return False
        return not any(_stands(form.stems, stems) for form in forms)

    def _is_commonplace(self, form: Form) -> bool:
        """Return whether a form is an everyday word ("path"), which has many others for it."""
        return " " not in form.text and form.text.islower() and self._lexis.zipf(form.text) >= COMMONPLACE

    @cached_property
    def due_beads(self) -> dict[str, set[int]]:
        """The beads in which a concept is due."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for due in self.due:
            found[due.concept].add(due.bead)
        return dict(found)

    @cached_property
    def naming_beads(self) -> dict[str, set[int]]:
        """The beads in which the other version names a concept."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for bead, mentions in self.named.items():
            for concept in self.parts.all(mention for mention, _ in mentions):
                found[concept].add(bead)
        return dict(found)


def _measured(spans: Iterable[Span]) -> Iterator[tuple[Span, int, int]]:
    """Yield spans with how many characters stand before each, and in all."""
    spans = list(spans)
    total = sum(map(len, spans))
    before = 0
    for span in spans:
        yield span, before, total
        before += len(span)


def _stands(form: Sequence[str], stems: Sequence[str]) -> bool:
    """Return whether all words of a form stand close together, in whatever order."""
    wanted = set(form)
    places = [k for k, stem in enumerate(stems) if stem in wanted]
    reach = len(form) + SLACK
    first = 0
    for last, place in enumerate(places):
        while places[first] <= place - reach:
            first += 1
        if last - first + 1 >= len(wanted) and wanted <= {stems[k] for k in places[first : last + 1]}:
            return True
    return False
