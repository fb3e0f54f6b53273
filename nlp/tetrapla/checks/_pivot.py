"""What the other versions have in the place of a word: the hinge on which two renderings of one passage turn.

Two words of a version mean the same where they stand for the same word of another one: "hinges" and "depends" both
for 取决于. What may stand for what is known from the general lexicon, from equal numbers, from words that begin alike,
and from the alignment itself: words that stand in the same beads of sentences time and again (the coefficient of Dice
1945).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from tetrapla import languages, lexicon
from tetrapla.checks import Comparison
from tetrapla.checks._beads import Pieces
from tetrapla.checks._once import once
from tetrapla.model import Segmented, Span

__all__ = ["Token", "Tokens", "Witness", "tokens_of", "witnesses_of"]

# What a translation by the lexicon counts, one by several words, one of a part of a Chinese compound, a word that
# begins alike: as in the aligner, where they were tried.
ENTRY, PHRASE, PART, COGNATE = 0.9, 0.7, 0.45, 0.75
PREFIX, LEAST_ALIKE = 4, 0.55
# A pair is learnt where it stands in so many beads, and so much oftener together than apart.
LEAST_BEADS, LEAST_DICE = 3, 0.35
# Words that stand in more of the sentences than this are no one's translation.
USUAL = 0.25

NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
HAN = re.compile(rf"[{languages.HAN}]")


# Takes a form, one of the other version that it may stand for, and how surely.
Add = Callable[[str, str, float], None]


class Token(NamedTuple):
    """A word or number of a document: its first and last code point in the raw text, and the form that links it."""

    start: int
    end: int
    form: str


def number_of(digits: str) -> str:
    """Return a number in the form that all languages share.

    >>> number_of("3.5"), number_of("3,5"), number_of("5 693"), number_of("5,693")
    ('#3.5', '#3.5', '#5693', '#5693')
    """
    plain = re.sub(r"[\u00a0\u202f ]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain):
        return "#" + re.sub(r"[.,]", "", plain)
    return "#" + plain.replace(",", ".")


def tokens_of(text: Segmented) -> tuple[Token, ...]:
    """Return the words and numbers of a document by their place in the raw text, furniture left out."""
    language = languages.get(text.document.language)
    found = []
    for paragraph, _, flow in text:
        if paragraph.kind == "furniture":
            continue
        numbers = [(match.start(), match.end()) for match in NUMBER.finditer(flow.text)]
        inside = {k for start, end in numbers for k in range(start, end)}
        for start, end in numbers:
            raw = flow.offsets
            found.append(Token(raw[start], raw[end - 1] + 1, number_of(flow.text[start:end])))
        for word in language.words(flow.text):
            if word.start in inside or not word.text[0].isalpha():
                continue
            if len(word.stem) > 1 or HAN.match(word.stem):
                found.append(Token(flow.offsets[word.start], flow.offsets[word.end - 1] + 1, word.stem))
    return tuple(sorted(found))


class Tokens:
    """The words and numbers of a document, by place."""

    def __init__(self, text: Segmented) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self._starts = [token.start for token in self.tokens]

    def inside(self, spans: Iterable[Span]) -> list[int]:
        """Return the numbers of the tokens that begin inside the spans, in the order of the spans."""
        return [
            k
            for span in spans
            for k in range(
                bisect_right(self._starts, span.start - 1), bisect_right(self._starts, max(span.start, span.end) - 1)
            )
        ]


class Witness:
    """Another version, and which of its words stands for which of the version that is looked at."""

    def __init__(self, comparison: Comparison, name: str, own: Tokens, other: Tokens) -> None:
        self.name = name
        self.own, self.other = own, other
        self.pivot = name == comparison.alignment.pivot
        self.beads = [
            (bead.spans[comparison.subject], bead.spans[name])
            for paragraph in comparison.alignment.beads
            for bead in (paragraph.sentences or (paragraph,))
            if bead.spans.get(comparison.subject) and bead.spans.get(name)
        ]
        self._pieces = Pieces(spans for spans, _ in self.beads)
        self.links = _links(own, other, self.beads)

    def beads_in(self, spans: Sequence[Span]) -> list[int]:
        """Return the numbers of the beads of sentences that share a character with the spans."""
        return self._pieces.meeting(spans)

    def region(self, spans: Sequence[Span]) -> list[int]:
        """Return the tokens of the other version beside a stretch of this one, in its reading order."""
        seen: dict[int, None] = {}
        for bead in self.beads_in(spans):
            for k in self.other.inside(self.beads[bead][1]):
                seen.setdefault(k)
        return list(seen)

    @cached_property
    def _counts(self) -> Counter[str]:
        """In how many beads each word of the other version stands."""
        return Counter(
            form for _, b in self.beads for form in {self.other.tokens[k].form for k in self.other.inside(b)}
        )

    def weight(self, form: str) -> float:
        """Return how much a word of the other version tells: the logarithm of its inverse frequency in beads."""
        return math.log((len(self.beads) + 1) / (self._counts[form] + 1))

    @cached_property
    def back(self) -> Mapping[str, Mapping[str, float]]:
        """What the words of the other version may be in this one, and how surely: `links` turned round."""
        turned: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for form, targets in self.links.items():
            for target, weight in targets.items():
                turned[target][form] = weight
        return dict(turned)


def _links(
    own: Tokens, other: Tokens, beads: Sequence[tuple[Sequence[Span], Sequence[Span]]]
) -> Mapping[str, Mapping[str, float]]:
    """Return what the forms of one version may be in another, and how surely (0..1)."""
    links: defaultdict[str, dict[str, float]] = defaultdict(dict)

    def add(form: str, target: str, weight: float) -> None:
        links[form][target] = max(weight, links[form].get(target, 0.0))

    ours, theirs = {token.form for token in own.tokens}, {token.form for token in other.tokens}
    for form in ours & theirs:
        add(form, form, 1.0)
    _add_lexicon(own, other, ours, theirs, add)
    if not languages.get(own.text.document.language).full_width:
        _add_cognates(ours, theirs, add)
    for form, target, weight in _learnt(own, other, beads):
        add(form, target, weight)
    return dict(links)


def _add_lexicon(own: Tokens, other: Tokens, ours: set[str], theirs: set[str], add: Add) -> None:
    """Add what the lexicon has; of a Chinese compound that it has not, its parts."""
    table = lexicon.load()
    a, b = own.text.document.language, other.text.document.language
    if a not in table.languages or b not in table.languages or a == b:
        return
    for unit, targets in _table(b, a).items():
        # From the other version's words to ours: of a Chinese compound that is no entry the parts count.
        forms = [unit] if isinstance(unit, str) else [max(unit, key=len)]
        for form in forms:
            if form not in theirs:
                continue
            for target, weight in targets.items():
                whole = isinstance(target, str) and isinstance(unit, str)
                stem = target if isinstance(target, str) else max(target, key=len)
                if stem in ours:
                    add(stem, form, weight * (ENTRY if whole else PHRASE))
    if other.text.document.language == "zh":
        known = _table("zh", a)
        for form in theirs:
            if form in known or len(form) < 3 or not HAN.match(form):
                continue
            for size in range(2, len(form)):
                for k in range(len(form) - size + 1):
                    for target, weight in known.get(form[k : k + size], {}).items():
                        stem = target if isinstance(target, str) else max(target, key=len)
                        if stem in ours:
                            add(stem, form, weight * PART)


@lru_cache(maxsize=12)
def _table(a: str, b: str) -> lexicon.Links:
    return lexicon.load().links(a, b)


def _add_cognates(ours: set[str], theirs: set[str], add: Add) -> None:
    """Add words that begin alike, by the share of the longer one that they have in common."""
    heads: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for form in theirs:
        if len(form) >= PREFIX and not HAN.match(form) and form[0] != "#":
            plain = languages.without_accents(form)
            heads[plain[:PREFIX]].append((plain, form))
    for form in ours:
        plain = languages.without_accents(form)
        for other, target in heads.get(plain[:PREFIX], ()) if len(form) >= PREFIX else ():
            common = next((k for k, (x, y) in enumerate(zip(plain, other, strict=False)) if x != y), None)
            common = min(len(plain), len(other)) if common is None else common
            share = common / max(len(plain), len(other))
            if share >= LEAST_ALIKE:
                add(form, target, COGNATE * share)


def _learnt(
    own: Tokens, other: Tokens, beads: Sequence[tuple[Sequence[Span], Sequence[Span]]]
) -> list[tuple[str, str, float]]:
    """Return pairs of words that the aligned sentences have together time and again, and how surely they are one."""
    ones: Counter[str] = Counter()
    others: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    bags = [
        ({own.tokens[k].form for k in own.inside(a)}, {other.tokens[k].form for k in other.inside(b)}) for a, b in beads
    ]
    for left, right in bags:
        ones.update(left)
        others.update(right)
    most = max(LEAST_BEADS, USUAL * len(bags))
    for left, right in bags:
        few = [form for form in right if LEAST_BEADS <= others[form] <= most]
        both.update((x, y) for x in left if LEAST_BEADS <= ones[x] <= most for y in few)
    found: list[tuple[str, str, float]] = []
    for (x, y), count in both.items():
        dice = 2 * count / (ones[x] + others[y])
        if count >= LEAST_BEADS and dice >= LEAST_DICE:
            found.append((x, y, dice * count / (count + 1)))
    return found


@once(2)
def witnesses_of(comparison: Comparison) -> tuple[Witness, ...]:
    """Return the other versions, the pivot first, as witnesses of what this one says; counted once for all checks."""
    own = Tokens(comparison.text)
    names = [name for name in comparison.versions if name != comparison.subject]
    names.sort(key=lambda name: name != comparison.alignment.pivot)
    return tuple(Witness(comparison, name, own, Tokens(comparison.versions[name])) for name in names)
