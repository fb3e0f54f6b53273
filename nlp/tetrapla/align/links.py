"""Which tokens of two versions translate each other, and how surely (0..1), before anything is aligned.

Sources: the same token (numbers, citations, Latin words in Chinese), the glossary (a concept is its own token), the
general lexicon, cognates between languages with alphabets, and pinyin for names. What the texts themselves teach is
added by `learn`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from tetrapla import languages
from tetrapla.align.tokens import NUMBERS, Sentences, Token
from tetrapla.lexicon import Links as Entries
from tetrapla.lexicon import Unit

__all__ = ["Links", "first_links", "join_links"]

# Token number of one version -> {token number of the other: weight}.
Links = dict[int, dict[int, float]]
Add = Callable[[int, int, float], None]

PREFIX = 4  # letters that cognates share at least
COGNATE = 0.75  # what a perfect cognate counts: false friends are many
LEXICON = 0.9  # what a sure entry of the lexicon counts
WORDS = 0.8  # what the longest word of a translation of several counts
PINYIN = 0.9
PART = 0.5  # what the translation of a part of an unknown Chinese compound counts
HAN_WORD = re.compile(rf"[{languages.HAN}]+")


def first_links(a: Sentences, b: Sentences, lexicon: Entries) -> Links:
    """Return the links between the vocabularies of two versions; `lexicon` translates stems of `a` into `b`."""
    links: Links = defaultdict(dict)

    def add(i: int, j: int, weight: float) -> None:
        if weight > links[i].get(j, 0.0):
            links[i][j] = weight

    for token, i in a.vocabulary.items():
        if token in b.vocabulary:
            add(i, b.vocabulary[token], 1.0)
    _add_lexicon(a, b, lexicon, add)
    _add_cognates(a.vocabulary, b.vocabulary, add)
    if a.language == "zh" and b.language != "zh":
        _add_pinyin(a.vocabulary, b.vocabulary, add)
    elif b.language == "zh" and a.language != "zh":
        _add_pinyin(b.vocabulary, a.vocabulary, lambda j, i, weight: add(i, j, weight))
    return dict(links)


def join_links(*tables: Links) -> Links:
    """Return the union of link tables; where two know a pair, the surer counts."""
    joined: Links = {}
    for table in tables:
        for i, found in table.items():
            row = joined.setdefault(i, {})
            for j, weight in found.items():
                row[j] = max(weight, row.get(j, 0.0))
    return joined


def _add_lexicon(a: Sentences, b: Sentences, lexicon: Entries, add: Add) -> None:
    by_stem = {form: j for (kind, form), j in b.vocabulary.items() if kind == b.language}
    compounds = _compounds(b) if b.language == "zh" else {}
    for (kind, form), i in a.vocabulary.items():
        if kind != a.language:
            continue
        entries = lexicon.get(form, {})
        for unit, weight in entries.items():
            _link(i, unit, weight, by_stem, compounds, add)
        if not entries and kind == "zh":
            for part in _parts(form, lexicon):
                for unit, weight in lexicon[part].items():
                    _link(i, unit, weight * PART, by_stem, compounds, add)


def _link(
    i: int, unit: Unit, weight: float, by_stem: Mapping[str, int], compounds: Mapping[str, Sequence[int]], add: Add
) -> None:
    """Link a token with a translation; of several words the longest stands for all, at a discount."""
    if isinstance(unit, tuple):
        longest = max(unit, key=len)
        if longest in by_stem:
            add(i, by_stem[longest], LEXICON * WORDS * weight)
        return
    if unit in by_stem:
        add(i, by_stem[unit], LEXICON * weight)
    for j in compounds.get(unit, ()):
        add(i, j, LEXICON * PART * weight)


def _parts(word: str, lexicon: Entries) -> list[str]:
    """Return the words of the lexicon, of two characters or more, inside an unknown Chinese compound."""
    found = []
    for size in range(len(word) - 1, 1, -1):
        found += [word[k : k + size] for k in range(len(word) - size + 1) if word[k : k + size] in lexicon]
    return found


def _compounds(version: Sentences) -> dict[str, list[int]]:
    """Return, for every stretch of two or more characters inside longer Chinese words, the words that hold it."""
    found: dict[str, list[int]] = defaultdict(list)
    for (kind, form), j in version.vocabulary.items():
        if kind == "zh":
            for size in range(2, len(form)):
                for k in range(len(form) - size + 1):
                    found[form[k : k + size]].append(j)
    return found


def _add_cognates(a: Mapping[Token, int], b: Mapping[Token, int], add: Add) -> None:
    """Add words of two languages with alphabets that begin alike, by the share of the longer that is common."""
    heads: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (kind, form), j in b.items():
        if kind not in NOT_WORDS and len(form) >= PREFIX:
            plain = languages.without_accents(form)
            heads[plain[:PREFIX]].append((plain, j))
    for (kind, form), i in a.items():
        if kind in NOT_WORDS or len(form) < PREFIX:
            continue
        plain = languages.without_accents(form)
        for other, j in heads.get(plain[:PREFIX], ()):
            common = _common_prefix(plain, other)
            share = common / max(len(plain), len(other))
            if share >= 0.55:
                add(i, j, COGNATE * share if share < 1 else 0.95)


NOT_WORDS = NUMBERS | {"zh", "concept"}


def _common_prefix(a: str, b: str) -> int:
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


@cache
def _pinyin(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.NORMAL))


def _add_pinyin(chinese: Mapping[Token, int], other: Mapping[Token, int], add: Add) -> None:
    """Add Latin words that begin with the pinyin of a Chinese word: places and people."""
    words = {form: j for (kind, form), j in other.items() if kind not in NOT_WORDS and len(form) >= PREFIX}
    by_head: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for form, j in words.items():
        plain = languages.without_accents(form)
        by_head[plain[:PREFIX]].append((plain, j))
    for (kind, form), i in chinese.items():
        if kind != "zh" or not HAN_WORD.fullmatch(form) or len(form) > 4:
            continue
        sound = _pinyin(form)
        if len(sound) < PREFIX:
            continue
        for plain, j in by_head.get(sound[:PREFIX], ()):
            # A stemmer may have cut or changed the last letter (Hangzhou, "hangzhou"; Jinhua, "jinhua").
            if plain == sound or (len(plain) >= 6 and (sound.startswith(plain) or plain.startswith(sound))):
                add(i, j, PINYIN)
