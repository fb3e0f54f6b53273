"""Words run together: how likely an unknown word of a document is two known ones without the blank between them.

A word of strength z (see `_lexis`) has the logarithm z − 9 among the words of a text, so that two words are likelier
than one when a + b − 9 − z, the *gain*, is large. How much it must be depends on the parts: what begins like a word
with a prefix or ends like one with an ending was hardly run together, what stands apart elsewhere was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tetrapla.checks._lexis import Lexis, lexis_of
from tetrapla.checks._once import once
from tetrapla.checks._suspects import FREQUENT, RARE, suspects_of
from tetrapla.languages import without_accents
from tetrapla.model import Segmented

__all__ = ["ENGLISH_PREFIXES", "PREFIXES", "Fused", "fused_words"]

# First parts of words that are no words by themselves.
PREFIXES = frozenset(
    "anti auto bi co contra contre counter cross ex extra foto hyper inter intra macro mega meta micro mini mono multi "
    "neo non pluri poly post pre pro pseudo radio re retro self semi servo socio sub super supra tele trans tri ultra "
    "uni video".split()
)
# Those of English, which are words of their own in other languages.
ENGLISH_PREFIXES = PREFIXES | frozenset("over un under".split())
# What words begin with too, by language.
BEGINNINGS: Mapping[str, frozenset[str]] = {
    "en": ENGLISH_PREFIXES | frozenset("de dis im in".split()),
    "es": PREFIXES | frozenset("de des dis im in sobre".split()),
    "fr": PREFIXES | frozenset("de des dis im in sous sur".split()),
}
# Little words of each language that words begin with by chance: their frequency says nothing.
LITTLE: Mapping[str, frozenset[str]] = {
    "en": frozenset("a ad any back be by down for fore mal no off on out per some test to up well with".split()),
    "es": frozenset("a ad al bien con del en entre mal no para por".split()),
    "fr": frozenset("a ad ai bien en entre mal on par pour".split()),
}
# Little words that words end with too: inflections, clitics ("editarlas"), suffixes.
ENDINGS: Mapping[str, frozenset[str]] = {
    "en": frozenset("able al an ar as ed en er es ful ible ing ism ist less ly man me ment ness or ship".split()),
    "es": frozenset("an ante ar as da das do dos en er es ir la las le les lo los me mente nos os se sen te".split()),
    "fr": frozenset("ai ais ait an ant en er es eur ir me ment ont ons os re te".split()),
}
# Logistic regression on 1,700 pairs of words run together at random and 8,000 sound words that fall into two, out of
# manuals in English, Spanish and French: constant, gain of two words over one, letters, letters of the shorter, one of
# the commonest words among them, how often they stand side by side elsewhere, whether they do, a first part that is a
# prefix too, a second that is an ending too, seen elsewhere as one, how often. Fitted on two of three manuals, it finds
# 97 % in the third, and of 100 that it finds there 5 are sound.
WEIGHTS = (-8.16, 1.55, 0.32, 1.02, 1.19, 0.19, 1.43, -2.15, -2.77, -1.63, -1.12)
LEAST, SURE = 0.5, 0.9
# A word that is so frequent is at home in a language, even if it is more so in English.
AT_HOME = 4.3


class Fused(NamedTuple):
    """Two words run together: the letters of the first, how likely that is (0..1), how often they stand apart."""

    split: int
    chance: float
    together: int


@once(2)
def fused_words(text: Segmented) -> Mapping[str, Fused]:
    """Return the words of a text, in small letters, that are likely two run together."""
    return dict(_fused_words(text))


def _fused_words(text: Segmented) -> Iterator[tuple[str, Fused]]:
    lexis, suspects = lexis_of(text), suspects_of(text)
    for word, split in suspects.splits.items():
        first, second = word[:split], word[split:]
        together = suspects.beside.get((first, second), 0)
        chance = _chance(_features(lexis, first, second, together))
        if chance < LEAST or _is_derived(lexis, first, second, together) or _is_foreign(lexis, first, second):
            continue
        yield word, Fused(split, chance, together)


def _features(lexis: Lexis, first: str, second: str, together: int) -> tuple[float, ...]:
    """Return what speaks for two words: see WEIGHTS."""
    word = first + second
    a, b = lexis.strength(first), lexis.strength(second)
    beginnings = BEGINNINGS.get(lexis.language, PREFIXES)
    begins = first in beginnings or without_accents(first) in beginnings
    ends = second in ENDINGS.get(lexis.language, ())
    little = begins or first in LITTLE.get(lexis.language, ())
    others = lexis.others(word)
    return (
        1.0,
        a + b - 9 - lexis.zipf(word),
        min(len(word), 20),
        min(len(first), len(second), 5),
        (a >= FREQUENT and not little) or (b >= FREQUENT and not ends),
        min(together, 3),
        together > 0,
        begins,
        ends,
        others > 0,
        min(others, 4),
    )


def _chance(features: tuple[float, ...]) -> float:
    """Return the probability (0..1) that a word is two run together."""
    x = sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def _is_derived(lexis: Lexis, first: str, second: str, together: int) -> bool:
    """Return whether a word is rather a known one with a prefix or an ending, which lists of words leave out."""
    if not together and (first in PREFIXES or without_accents(first) in PREFIXES):
        return True
    # Pronouns that Spanish verbs take at their end: "pedirlas", "mirándolo".
    if lexis.language == "es" and first.endswith(("r", "ndo")) and second in ENDINGS["es"]:
        return True
    # The plural of a compound: "checkboxes".
    word = first + second
    return any(word.endswith(end) and lexis.zipf(word.removesuffix(end)) >= RARE for end in ("s", "es"))


def _is_foreign(lexis: Lexis, first: str, second: str) -> bool:
    """Return whether a word of a text in another language is English, or neither part more at home in the text's."""
    if lexis.language == "en":
        return False
    english = Lexis("en", common=True)
    at_home = any(lexis.zipf(part) >= min(english.zipf(part), AT_HOME) for part in (first, second))
    return english.zipf(first + second) > 0 or not at_home
