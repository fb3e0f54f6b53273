"""Where words may be in pieces or run together: one look at every word, so that only a few are looked at closely.

Nearly all words of a text are known and stand where they should. What could be otherwise gives itself away: a word of
which hardly anything is known, two neighbours that make a known word when they are joined, an unknown word that falls
into two known ones. All that is asked of each word and each pair here is whether it is in a set.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import add
from typing import NamedTuple

from tetrapla import languages
from tetrapla.checks._lexis import TUNED, Lexis, lexis_of, remembered, words_of
from tetrapla.checks._once import once
from tetrapla.model import Segmented

__all__ = ["FREQUENT", "RARE", "Places", "Suspects", "best_split", "suspects_of", "words_in"]

# A word that is weaker may be a piece of one in three or more pieces, which takes two that are no everyday words.
WEAK = 3.0
# A weaker word is not looked for in pieces; how frequent one is, at least, that is none of these (with some to spare).
LEAST_STRENGTH = 2.0
RARELY = 10 ** (LEAST_STRENGTH - 9.01)
# What one word must gain over its halves, at least, were these known from the language alone.
LEAST_GAIN = 2.9
# A word that is more frequent in the language is not looked at as two; nor is a very short or long one.
KNOWN, SHORTEST, LONGEST = 2.0, 5, 40
# The commonest words, which take part in half of all pairs; a word that is rare but known.
FREQUENT, RARE = 6.0, 2.3
# Words of one letter that no known word of the language begins (True) or ends with by chance: "yuanesy", "yla".
LONE = frozenset({("es", False, "y"), ("es", True, "y"), ("fr", False, "à")})


# Letters that stand alone before an apostrophe, and behind one: neither is a piece of a word.
ELIDED: Mapping[str, frozenset[str]] = {"fr": frozenset("cdjlmnst")}
CLITIC: Mapping[str, frozenset[str]] = {"en": frozenset("dmst")}


class Places(NamedTuple):
    """The suspects in one flow, by their numbers among its words (`words_in`).

    `pairs` are the first of two words that may be one, `weak` words that are hardly known; `fused` are the words
    themselves, in small letters, that may be two.
    """

    pairs: Sequence[int]
    weak: Sequence[int]
    fused: Collection[str]


NONE = Places((), (), ())


@dataclass(frozen=True)
class Suspects:
    """What is suspicious in a text: the places of each flow, and what was learnt on the way.

    `beside` tells how often two words stand side by side that would make a word of the document, or one of the language
    that is not too rare; `splits` where an unknown word falls into two known ones: after how many letters.
    """

    places: Sequence[Places]
    beside: Mapping[tuple[str, str], int]
    splits: Mapping[str, int]


@once(2)
def suspects_of(text: Segmented) -> Suspects:
    """Return what is suspicious in a text; nothing where the words of its language are unknown."""
    lexis = lexis_of(text)
    if not lexis.frequencies:
        return Suspects((NONE,) * len(text.flows), {}, {})
    splits = dict(_splits(lexis))
    weak = lexis.weaker(WEAK)
    odd = weak | splits.keys()
    beside: Counter[tuple[str, str]] = Counter()
    joins: dict[tuple[str, str], bool] = {}
    places = []
    elided, clitic = ELIDED.get(lexis.language, frozenset()), CLITIC.get(lexis.language, frozenset())
    pairs_in = _known_pairs(lexis.language)
    own = _own_pairs(lexis)
    read = words_of if languages.get(lexis.language).joiner else _latin_words
    for flow in text.flows:
        words = read(flow.text)
        if not words:
            places.append(NONE)
            continue
        together = pairs_in(flow.text)
        firsts = compress(range(len(words) - 1), map(own.__contains__, words))
        if ours := [k for k in firsts if words[k + 1] in own[words[k]]]:
            together = sorted([*together, *ours])
        found = []
        for k in together:
            pair = words[k], words[k + 1]
            beside[pair] += 1
            if pair not in joins:
                joins[pair] = _may_be_one(lexis, *pair)
            if joins[pair]:
                found.append(k)
        at = list(compress(range(len(words)), map(odd.__contains__, words)))
        fused = sorted({words[k] for k in at if words[k] in splits})
        loose = [k for k in at if words[k] in weak]
        if elided or clitic:
            loose = [k for k in loose if len(words[k]) > 1 or not _at_apostrophe(words, k, elided, clitic)]
        places.append(Places(found, loose, fused) if found or loose or fused else NONE)
    return Suspects(tuple(places), beside, splits)


@lru_cache(maxsize=4)
def _known_pairs(language: str) -> Callable[[str], Sequence[int]]:
    """Return what gives the first of each two words of a text, by number, that together make one of the language."""
    # A small table is looked up faster, and most pairs are in none.
    known = {word for word, general in Lexis(language).frequencies.items() if general >= RARELY}.__contains__

    @remembered
    def pairs_in(text: str) -> Sequence[int]:
        words = words_in(text, language)
        return list(compress(range(len(words)), map(known, map(add, words, words[1:]))))

    return pairs_in


def _own_pairs(lexis: Lexis) -> Mapping[str, Collection[str]]:
    """Return words, each with those that may follow it where both together make a rare word of the document."""
    spaceless = not languages.get(lexis.language).joiner
    own: defaultdict[str, set[str]] = defaultdict(set)
    for word, general in lexis.general.items():
        if general < RARELY and len(word) <= LONGEST and (word.isascii() or not spaceless):
            for i in range(1, len(word)):
                if word[:i] in lexis.counts and word[i:] in lexis.counts:
                    own[word[:i]].add(word[i:])
    return own


def _at_apostrophe(words: Sequence[str], k: int, elided: frozenset[str], clitic: frozenset[str]) -> bool:
    """Return whether the k-th word, one letter, likely stands at an apostrophe ("l'île", "it's")."""
    before, after = words[k - 1] if k else "\n", words[k + 1] if k + 1 < len(words) else "\n"
    ends = words[k] in elided and after == "\n" and (before == "\n" or len(before) > 1)
    begins = words[k] in clitic and before == "\n" and (after == "\n" or len(after) > 1)
    return ends or begins


def words_in(text: str, language: str) -> Sequence[str]:
    """Return the words of a text as `words_of` does; in a text without blanks between words those in Latin letters."""
    return words_of(text) if languages.get(language).joiner else _latin_words(text)


@remembered
def _latin_words(text: str) -> Sequence[str]:
    words = [word if word.isascii() else "\n" for word in words_of(text)]
    return words if any(map(str.isalpha, words)) else ()


def _may_be_one(lexis: Lexis, first: str, second: str) -> bool:
    """Return whether two words may be one, whatever the document says of them apart."""
    strength = lexis.strength(first + second)
    return strength >= LEAST_STRENGTH and strength + 9 - lexis.zipf(first) - lexis.zipf(second) >= LEAST_GAIN


def _splits(lexis: Lexis) -> Iterator[tuple[str, int]]:
    """Give the unknown words of a document that fall into two known ones, and where they do."""
    if lexis.language not in TUNED:
        return  # elsewhere a long word is more likely a compound
    most = 10 ** (KNOWN - 9)
    for word, general in lexis.general.items():
        if general <= most and SHORTEST <= len(word) <= LONGEST:
            split = best_split(lexis, word)
            if split is not None:
                yield word, split


def best_split(lexis: Lexis, word: str) -> int | None:
    """Return where a word in small letters falls into the two likeliest words, None where it does not."""
    best, at = 0.0, None
    hardly_known = 10 ** (RARE - 9.01)
    for i in range(1, len(word)):
        if min(i, len(word) - i) == 1 and (lexis.language, i == 1, word[0 if i == 1 else -1]) not in LONE:
            continue
        # Most beginnings are no word.
        if lexis.share(word[:i]) < hardly_known:
            continue
        first = lexis.strength(word[:i])
        if first < RARE:
            continue
        second = lexis.strength(word[i:])
        # Beside one of the commonest words a rare one is enough, if it is long: no chance makes it.
        rare = min((first, i), (second, len(word) - i))
        sound = rare[0] >= 3 or (rare[0] >= RARE and rare[1] >= 6 and max(first, second) >= FREQUENT)
        if sound and first + second > best:
            best, at = first + second, i
    return at
