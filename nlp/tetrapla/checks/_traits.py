"""What speaks for some words being the rendering of a term that is due: the traits that `_absent` weighs."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from tetrapla.checks import Comparison
from tetrapla.checks._due import HAN, Due, DueTerms
from tetrapla.checks._lexis import lexis_of
from tetrapla.checks._meanings import Meaning, add, meanings, pinyin
from tetrapla.checks._named import is_sound
from tetrapla.checks._pivot import Witness
from tetrapla.model import Span

__all__ = ["Beside", "Traits"]

# What may stand between two words of one phrase, and between two that nothing parts; conjunctions.
JOINT = re.compile(r"[\s\-‐‑'’\"“”«»·/]*(?:[^\W\d_]['’]?[\s]+)?[\s\"“”«»]*")
JOINED = re.compile(r"[\s\-‐‑]*")
CONJUNCTION = re.compile(r"\b(?:and|or|y|e|o|u|et|ou)\b")
COORDINATED = re.compile("[与和及或]")
# Words that begin or tell of a clause, and an article that speaks of one of many: none is in the middle of a term.
CLAUSE = {
    "en": frozenset("a an that which who whose when where while because although it he she they we i".split()),
    "es": frozenset("un una unos unas que cual cuales quien cuyo cuya donde cuando porque aunque se lo si".split()),
    "fr": frozenset("un une que qui où dont quand lorsque parce il ils elle elles on se s' n' ne si qu' c'".split()),
}
# Endings of finite verbs that nouns and adjectives hardly have.
FINITE = {
    "es": re.compile(r"(?:[aei]rán?|aron|ieron|aban|ó)$"),
    "fr": re.compile(r"(?:[eid]r(?:a|ont|ai[st]|aient)|[^aeiou]aient|èrent|irent)$"),
}
LEAST_VERB = 5
# A word that begins with so much of another one, and so many letters, is of its family.
FAMILY, LEAST_ROOT = 0.7, 5
# Less than so many letters are no word of a term.
LEAST_LETTERS = 2
# The mark that opens and that closes a frame; a blank may stand between it and what it holds.
FRAME_BEFORE = re.compile(r"([(（\"“”„«‘'「『])\s?$")
FRAME_AFTER = re.compile(r"\s?([)）\"”“»’'」』])")
# Words more frequent than this (Zipf) say little, words rarer than the other say much.
COMMON, RARE, RAREST = 5.0, 5.0, 2.0
MOST_RECURRENCE = 3.0


class Beside(NamedTuple):
    """What the other version has where a term is due: which words here `say` the term, and its words `beside` it."""

    says: Mapping[str, Meaning]
    beside: frozenset[str]


class Traits:
    """What can be told of words of a version that may stand for a term that another one, `witness`, has."""

    def __init__(self, comparison: Comparison, witness: Witness, terms: DueTerms) -> None:
        self.terms = terms
        self._glossary, self._witness = comparison.glossary, witness
        self._raw = comparison.text.document.text
        self._other = comparison.versions[witness.name].document.text
        self._lexis = lexis_of(comparison.text)
        self._tokens = witness.own.tokens
        self._recurring: dict[tuple[str, frozenset[str]], float] = {}
        self._near: dict[int, set[str]] = {}

    def beside(self, due: Due) -> Beside:
        """Return what the other version has where a term is due."""
        return Beside(self._says(due), self._beside(due))

    def of(self, due: Due, tokens: Sequence[int], beside: Beside) -> dict[str, float] | None:
        """Return the traits of some words; None where they are the term itself, cut short."""
        words = [token for token in tokens if not self.is_small(token)]
        if self._cut_short(due, tokens, words):
            return None
        return self._wording(due, words, beside.says, beside.beside) | self._setting(due, tokens)

    def joined(self, a: int, b: int, joint: re.Pattern[str] = JOINT) -> bool:
        """Return whether two tokens, one right behind the other, may be words of one phrase."""
        return joint.fullmatch(self._raw, self._tokens[a].end, self._tokens[b].start) is not None

    def is_verb(self, token: int) -> bool:
        """Return whether a token is a verb as no noun is written ("is", "llevará"): no term goes on over it."""
        word, ending = self._word(token), FINITE.get(self.terms.language.code)
        finite = ending is not None and len(word) >= LEAST_VERB and ending.search(word) is not None
        return word in self.terms.verbs or (finite and self._raw[self._tokens[token].start].islower())

    def is_clause(self, token: int) -> bool:
        """Return whether a token begins a clause, or is an article that no term has within."""
        return self._word(token) in CLAUSE.get(self.terms.language.code, ())

    def are_all(self, tokens: Iterable[int], stems: Collection[str]) -> bool:
        """Return whether all of some tokens are small words or of these stems."""
        return all(self.is_small(token) or self._tokens[token].form in stems for token in tokens)

    def is_small(self, token: int) -> bool:
        """Return whether a token is a number or a word that no phrase begins or ends with."""
        word = self._word(token)
        return self._tokens[token].form[0] == "#" or word in self.terms.small or len(word.rstrip("'’")) < LEAST_LETTERS

    def _word(self, token: int) -> str:
        return self._raw[self._tokens[token].start : self._tokens[token].end].lower()

    def _cut_short(self, due: Due, tokens: Sequence[int], words: Sequence[int]) -> bool:
        """Return whether words are all of one form, which was cut short, or of its family ("converges", "convergence").

        No other words stand in its place then.
        """
        stems = {self._tokens[token].form for token in words}
        forms = self.terms.forms(due.concept)
        cut = any(stems <= set(form.stems) for form in forms) and not self._mixed(due, tokens)
        # What was torn apart is the term all the same ("converg ence").
        whole = {_letters(self._raw[self._tokens[tokens[0]].start : self._tokens[tokens[-1]].end])}
        return cut or any(len(form.stems) == 1 and _akin(stems | whole, form.stems[0]) for form in forms)

    def _says(self, due: Due) -> dict[str, Meaning]:
        """Return how well each word of a bead says a part of the term, and which characters of it that part has."""
        stems = {self._tokens[t].form for t in self.terms.inside[due.bead]}
        term = due.term
        found = meanings(term, self.terms.language.code, stems) if HAN.search(term) else {}
        for token in self._witness.other.inside(due.mention.spans):
            form = self._witness.other.tokens[token].form
            at = term.find(form)
            characters = frozenset(range(at, at + len(form))) if at >= 0 else frozenset()
            for stem in stems:
                weight = self._witness.links.get(stem, {}).get(form, 0.0)
                if weight:
                    add(found, stem, weight, characters)
        return found

    def _beside(self, due: Due) -> frozenset[str]:
        """Return the words that the other version has in the bead beside the term."""
        other = self._witness.other
        tokens = set(other.inside(self._witness.beads[due.bead][1])) - set(other.inside(due.mention.spans))
        return frozenset(other.tokens[token].form for token in tokens)

    def _wording(
        self, due: Due, words: Sequence[int], says: Mapping[str, Meaning], beside: frozenset[str]
    ) -> dict[str, float]:
        """Return what the words themselves tell."""
        stems = [self._tokens[token].form for token in words]
        forms = self.terms.forms(due.concept)
        right = {stem for form in forms for stem in form.stems}
        best = max(forms, key=lambda form: _alike(stems, form.stems))
        covered: dict[int, float] = {}
        explained = elsewhere = 0.0
        for stem in stems:
            weight, characters = says.get(stem, (0.0, frozenset()))
            for character in characters:
                covered[character] = max(weight, covered.get(character, 0.0))
            here = 1.0 if stem in right else weight
            there = max((w for form, w in self._witness.links.get(stem, {}).items() if form in beside), default=0.0)
            explained += here
            elsewhere += max(0.0, there - here)
        other = [self._zipf(token) for token, stem in zip(words, stems, strict=True) if stem not in right]
        return {
            "one": 1.0,
            "canon": _alike(stems, best.stems),
            "literal": sum(covered.values()) / len(due.term),
            "explained": explained / len(stems),
            "elsewhere": elsewhere / len(stems),
            "recurs": self._recurs(due.concept, frozenset(stems)),
            "longer": max(0.0, len(stems) - len(best.stems)) / 3,
            "shorter": max(0.0, len(best.stems) - len(stems)) / 3,
            "common": sum(max(0.0, zipf - COMMON) for zipf in other),
            "rare": max((min(1.0, max(0.0, (RARE - zipf) / (RARE - RAREST))) for zipf in other), default=0.0),
        }

    def _setting(self, due: Due, tokens: Sequence[int]) -> dict[str, float]:
        """Return what the phrase as a whole tells, and its borders."""
        between = self._raw[self._tokens[tokens[0]].end : self._tokens[tokens[-1]].start]
        coordinated = len(tokens) > 1 and CONJUNCTION.search(between) and not COORDINATED.search(due.term)
        return {
            "name": self._name(due, tokens),
            "mixed": float(self._mixed(due, tokens)),
            "edges": self._edges(tokens),
            "framed": float(self._framed(due, tokens)),
            "and": float(bool(coordinated)),
        }

    def _recurs(self, concept: str, stems: frozenset[str]) -> float:
        """Return how far these words stand where the concept is due, and only there; 0 for what stands but once."""
        key = concept, stems
        if key not in self._recurring:
            beads = set.intersection(*(self._having.get(stem, set()) for stem in stems))
            there = len(beads & self.terms.due_beads[concept])
            outside = len(beads - self.terms.naming_beads[concept])
            self._recurring[key] = math.log2(there) * there / (there + outside) if there > 1 else 0.0
        return min(MOST_RECURRENCE, self._recurring[key])

    @cached_property
    def _having(self) -> dict[str, set[int]]:
        """The beads that have a word, by its stem."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for bead, tokens in enumerate(self.terms.inside):
            for token in tokens:
                found[self._tokens[token].form].add(bead)
        return dict(found)

    def _name(self, due: Due, tokens: Sequence[int]) -> float:
        """Return how much some words sound like a name, as its form or its characters are read (0..1)."""
        from rapidfuzz import fuzz

        preferred = self._glossary[due.concept].preferred(self.terms.language.code) or ""
        words = self._raw[self._tokens[tokens[0]].start : self._tokens[tokens[-1]].end]
        if not (preferred[:1].isupper() and words[:1].isupper()):
            return 0.0
        readings = [preferred, pinyin(due.term)] if HAN.search(due.term) else [preferred]
        alike = max(fuzz.ratio(_letters(words), _letters(reading)) for reading in readings)
        return max(0.0, alike / 50 - 1)

    def _mixed(self, due: Due, tokens: Sequence[int]) -> bool:
        """Return whether the words soundly name a concept that the other version does not name around there."""
        span = Span(self._tokens[tokens[0]].start, self._tokens[tokens[-1]].end)
        inside = [
            mention
            for mention in self.terms.mentions.get(due.bead, ())
            if is_sound(mention) and span.covers(mention.spans[0])
        ]
        return bool(inside) and any(mention.concept not in self._named_near(due.bead) for mention in inside)

    def _named_near(self, bead: int) -> set[str]:
        """Return what the other version names in a bead and in those beside it."""
        if bead not in self._near:
            near = range(bead - 1, bead + 2)
            self._near[bead] = self.terms.parts.all(m for k in near for m, _ in self.terms.named.get(k, ()))
        return self._near[bead]

    def _framed(self, due: Due, tokens: Sequence[int]) -> bool:
        """Return whether the term there and the words here both stand alone in brackets, or both in quotes."""
        there = _frame(self._other, due.mention.spans[0].start, due.mention.spans[-1].end)
        return there != "" and there == _frame(self._raw, self._tokens[tokens[0]].start, self._tokens[tokens[-1]].end)

    def _edges(self, tokens: Sequence[int]) -> float:
        """Return at how many of its ends a phrase is parted from its neighbours, by a mark or a small word (0..1)."""
        before, after = tokens[0] - 1, tokens[-1] + 1
        left = before < 0 or self.is_small(before) or not self.joined(before, tokens[0], JOINED)
        right = after >= len(self._tokens) or self.is_small(after) or not self.joined(tokens[-1], after, JOINED)
        return (left + right) / 2

    def _zipf(self, token: int) -> float:
        return self._lexis.zipf(self._word(token))


def _frame(text: str, start: int, end: int) -> str:
    """Return what a stretch stands in: "()" for brackets, '""' for quotes of any kind, "" for none of them."""
    before, after = FRAME_BEFORE.search(text, max(0, start - 3), start), FRAME_AFTER.match(text, end, end + 3)
    if before is None or after is None:
        return ""
    kinds = ["()" if mark in "(（)）" else '""' for mark in (before[1], after[1])]
    return kinds[0] if kinds[0] == kinds[1] else ""


def _akin(stems: Collection[str], form: str) -> bool:
    """Return whether a word among some begins as a form does."""
    root = form[: math.ceil(FAMILY * len(form))]
    return len(root) >= LEAST_ROOT and any(stem.startswith(root) for stem in stems)


def _alike(stems: Sequence[str], form: Sequence[str]) -> float:
    """Return which share of two phrases' words they have in common (Dice)."""
    a, b = set(stems), set(form)
    return 2 * len(a & b) / (len(a) + len(b))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
