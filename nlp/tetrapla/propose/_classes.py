"""How far each word of a version is a noun, as a version with parts of speech tells it.

Only Chinese words carry one (jieba's, which are cut and tagged at once). It is projected along the links between words:
each word of the other version takes that of the word of the bead which it renders best (after Yarowsky, Ngai &
Wicentowski, "Inducing multilingual text analysis tools via robust projection across aligned corpora", HLT 2001).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tetrapla.propose._links import Links
from tetrapla.propose._text import Key, Text

__all__ = ["is_noun", "nouns_of"]

WEAK = 0.1  # a link below this says nothing
PRIOR = 0.5  # links that the usual share counts as


def is_noun(tag: str) -> bool:
    """Return whether a part of speech of jieba is that of a noun, a set phrase or an abbreviation."""
    return tag[:1] == "n" or tag in ("l", "j")


def nouns_of(text: Text, tagged: Text, links: Links) -> Mapping[Key, float]:
    """Return for each word of a text that some word of a tagged version renders how far it is a noun (0..1)."""
    there: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for word, function in zip(tagged.words, tagged.function, strict=True):
        if word and not function and word.group >= 0:
            there[word.group].append((word.key[0], is_noun(word.tag)))
    noun: defaultdict[Key, float] = defaultdict(float)
    whole: defaultdict[Key, float] = defaultdict(float)
    for word, function in zip(text.words, text.function, strict=True):
        row = links.get(word.key[0], {}) if word and not function else {}
        if word and row and word.group in there:
            weight, there_noun = max((row.get(other, 0.0), tag) for other, tag in there[word.group])
            if weight > WEAK:
                whole[word.key] += weight
                noun[word.key] += weight * there_noun
    usual = sum(noun.values()) / sum(whole.values()) if whole else 0.0
    return {key: (noun[key] + PRIOR * usual) / (whole[key] + PRIOR) for key in whole}
