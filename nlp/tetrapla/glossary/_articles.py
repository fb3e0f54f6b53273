"""The small word before a term, as it has to be when another term takes its place: "an actor", "a player".

English "a" goes by the sound behind it, so do French "le", "de", "que" and Spanish "y", "o"; articles and what is made
of them ("du", "del") go by gender and number, too. What gender a noun has, the text itself tells by the articles that
it has elsewhere, else its ending. Where that is not known, the word stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache

from tetrapla.glossary._inflect import gender, is_plural
from tetrapla.model import Span

__all__ = ["leading", "without_article"]

# The small words that change with the term behind them.
SMALL = {
    "en": "an?",
    "es": r"(?:de|a)\s+l(?:a|os|as)|el|la|los|las|un|una|unos|unas|del|al|est[ea]|[yeou]",
    "fr": r"(?:de|à)\s+la|(?:de\s+|à\s+)?l['’]|le|la|les|du|au|aux|une?|ce|cet|cette|de|d['’]|que|qu['’]",
}
# One right before a term, and the blank between, which goes where the word is elided; one that a phrase begins with.
SLOTS = {code: re.compile(rf"\b({words})([^\S\n]*\n?[^\S\n]*)\Z", re.IGNORECASE) for code, words in SMALL.items()}
OPENINGS = {code: re.compile(rf"(?:{words})(?:\s+|(?<=['’]))", re.IGNORECASE) for code, words in SMALL.items()}
# So much of the text before a term has its small word.
REACH = 24
# Letters that words behind "a", "y", "o", "le" are told by.
VOWELS = {"en": "aeiou", "fr": "aeiouâàéèêëîïôùûœæ"}
# Written with a vowel, said with none: "a unified market", "a European city".
ENGLISH_CONSONANT = re.compile(r"(?:uni(?!n|m)|eu|one\b|us[ea])", re.IGNORECASE)
SPANISH_I, SPANISH_O = re.compile(r"h?[ií](?![aeoé])", re.IGNORECASE), re.compile(r"h?[oó]", re.IGNORECASE)
# Feminine nouns that have "el" and "un" for their stressed first vowel.
STRESSED = re.compile(r"h?(?:área|agua|aula|alma|arma|habla|ala|alza|ave|acta|ambre|acha)$", re.IGNORECASE)
# By what is said: the forms for one masculine, one feminine and many, and in French before a vowel.
ARTICLES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "es": (("el", "la", "los", "las"), ("un", "una", "unos", "unas"), ("este", "esta", "estos", "estas"),
           ("del", "de la", "de los", "de las"), ("al", "a la", "a los", "a las")),
    "fr": (("le", "la", "les", "les", "l'"), ("un", "une", "des", "des"), ("ce", "cette", "ces", "ces", "cet"),
           ("du", "de la", "des", "des", "de l'"), ("au", "à la", "aux", "aux", "à l'"),
           ("de", "de", "de", "de", "d'"), ("que", "que", "que", "que", "qu'")),
}  # fmt: skip
# Before a vowel these are alike for both genders.
ELIDED = frozenset(("le", "du", "au"))
HEAD = re.compile(r"[^\W\d_]+")
# How a text shows the gender of a noun: so many of its articles must be of one.
SHOWN = {
    "es": re.compile(r"\b(?:(el|un|del|al|este)|(?:la|una|esta))\s+([^\W\d_]{3,})", re.IGNORECASE),
    "fr": re.compile(r"\b(?:(le|un|du|au|ce)|(?:la|une|cette))\s+([^\W\d_]{3,})", re.IGNORECASE),
}
MOST = 0.75


def leading(text: str, start: int, old: str, new: str, code: str) -> tuple[int, str] | None:
    """Return from where on what stands before a term has to change when a new one replaces the old, and into what.

    `start` is where the old one stands in the text. Where nothing has to change, that is returned, and no words; where
    something may have to and it is not known what, None.

    >>> leading("an innovation actor", 3, "innovation actor", "player", "en")
    (0, 'a ')
    >>> leading("manque d'indices", 9, "indices", "quotas", "fr"), leading("del modelo", 4, "modelo", "región", "es")
    ((7, 'de '), (0, 'de la '))
    >>> leading("le foyer", 3, "foyer", "marge", "fr") is None
    True
    """
    slot = SLOTS[code].search(text, max(0, start - REACH), start) if code in SLOTS and old and new else None
    if slot is None or _head(old) == _head(new):
        return start, ""
    words = re.sub(r"\s+", " ", slot[1]).lower().replace("’", "'")
    made = _sounded(words, old, new, code) if code == "en" or len(words) == 1 else _agreed(words, new, code, text)
    if made is None or made == words:
        return (start, "") if made else None
    if slot[1][0].isupper():
        made = made[0].upper() + made[1:]
    gap = "" if made.endswith("'") else slot[2] or " "
    return slot.start(), (made.replace("'", "’") if "’" in text[slot.start() : start] else made) + gap


def without_article(text: str, span: Span, code: str) -> int:
    """Return where a stretch of text begins when the small word at its start, if there is one, is left out."""
    opening = OPENINGS[code].match(text, span.start, span.end - 1) if code in OPENINGS else None
    return opening.end() if opening else span.start


def _sounded(word: str, old: str, new: str, code: str) -> str:
    """Return "a" or "an", "y" or "e", "o" or "u" as the sound behind it wants it."""
    if code == "en":
        then = _is_vowel(new, code)
        return word if _is_vowel(old, code) == then else "an" if then else "a"
    if word in "ye":
        return "e" if SPANISH_I.match(new) else "y"
    return "u" if SPANISH_O.match(new) else "o"


def _agreed(words: str, new: str, code: str, text: str) -> str | None:
    """Return an article or what is made of it as it goes with a noun phrase; None where that is not known."""
    row = next(row for row in ARTICLES[code] if words in row)
    # A French word with h may be said with a breath or not ("l'habitude", "la hausse").
    if code == "fr" and new[0].lower() == "h" and not is_plural(new, code):
        return None
    many, vowel = is_plural(new, code), _is_vowel(new, code)
    if row[0] == row[3]:
        return row[4] if vowel else row[0]
    if many and row[2] == row[3]:
        return row[2]
    if vowel and row[0] in ELIDED:
        return row[4]
    which = _gender(_head(new), text, code)
    if which is None:
        return None
    if row[0] == "ce" and vowel and which == "m":
        return row[4]
    return row[(which == "f") + 2 * many]


def _head(phrase: str) -> str:
    found = HEAD.search(phrase)
    return found[0].lower() if found else ""


def _gender(noun: str, text: str, code: str) -> str | None:
    """Return the gender of a noun, as its text or its ending tells; of "el agua", that of its article."""
    return "m" if code == "es" and STRESSED.match(noun) else _shown(text, code).get(noun) or gender(noun, code)


def _is_vowel(word: str, code: str) -> bool:
    if code == "en" and ENGLISH_CONSONANT.match(word):
        return False
    return word[:1].lower() in VOWELS.get(code, "")


@lru_cache(maxsize=4)
def _shown(text: str, code: str) -> Mapping[str, str]:
    """Return the gender of the nouns that a text has behind articles, "m" or "f"."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for found in SHOWN[code].finditer(text):
        seen[found[2].lower()]["m" if found[1] else "f"] += 1
    most = {noun: counts.most_common(1)[0] for noun, counts in seen.items()}
    return {noun: which for noun, (which, count) in most.items() if count > MOST * seen[noun].total()}
