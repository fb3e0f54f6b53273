"""Is it the same word, but for number and gender? A second opinion beside Snowball's stems.

Snowball conflates derivations too: "innovation" and "innovative" have one stem, "region" and "regional", "mechanism"
and "mechanical". For a glossary these are different terms. So a word of a text counts as a word of a term only if
both also agree in what is left when the endings of number and gender are off: the S stemmer for English (Harman, "How
effective is suffixing?", JASIS 42, 1991), light stemmers in the manner of Savoy ("A stemming procedure and
stopword list for general French corpora", JASIS 50, 1999) for Spanish and French. Endings of verbs stay.

Snowball also parts what belongs together: of "ciudad" it makes "ciud", of "ciudades" "ciudad". So it is given the
singular.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

__all__ = ["singular", "uninflected"]

ENGLISH = [(r"'s?$", ""), (r"(?<=..)ies$", "y"), (r"(?<=ss|sh|ch|.x|.z)es$", ""), (r"(?<=[^us])s$", "")]
# Twice, for "países" ends where "país" does: pa-.
SPANISH = [(r"(?<=..)s$", ""), (r"(?<=...)[aeo]$", ""), (r"(?<=..)s$", ""), (r"(?<=...)[aeo]$", ""), (r"z$", "c")]
FRENCH = [
    (r"(?<=.)eaux$", "eau"), (r"(?<=[^e])aux?$", "al"), (r"(?<=..)[sx]$", ""), (r"trices?$", "teur"),
    (r"(?<=...)e$", ""), (r"(?<=i)v$", "f"), (r"(?<=..)([lnt])\1$", r"\1"),
]  # fmt: skip
# Accents that come and go with number and gender: región, regiones; interés, intereses; complet, complète. Others tell
# words apart: desarrollo from desarrolló, marché from marche.
MOVING_ACCENTS = {"es": re.compile(r"[áéíóú](?=[ns]$)|é$|í(?=ses$)"), "fr": re.compile("è")}
# The stress of these moves: joven, jóvenes; régimen, regímenes; carácter, caracteres.
MOVING_STRESS = {"es": re.compile(r"(?:en|er)(?:es)?$")}
# Ways of writing one letter; hyphens that do not show.
SAME = str.maketrans({"’": "'", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "\u00ad": "", "\u200c": "", "\u200d": ""})
PLAIN = str.maketrans("áéíóúè", "aeioue")


def _compiled(rules: Mapping[str, list[tuple[str, str]]]) -> dict[str, list[tuple[re.Pattern[str], str]]]:
    return {
        code: [(re.compile(pattern), replacement) for pattern, replacement in pairs] for code, pairs in rules.items()
    }


RULES = _compiled({"en": ENGLISH, "es": SPANISH, "fr": FRENCH})
# Snowball parts the singular from the plural of many words: ciud- from ciudad-es, loi from lois.
SINGULAR = _compiled(
    {
        # After d, l, n, r and the like the singular has no -e: ciudad, but importante, base.
        "es": [(r"(?:(?<=[aeiouáéíóú][cdlnr])|(?<=[eéíuú]s))es$|(?<=\w\w[aeiou])s$", ""), (r"z$", "c")],
        "fr": [(r"(?<=.)eaux$", "eau"), (r"(?<=[^e])aux?$", "al"), (r"(?<=[eo]u)x$", ""), (r"(?<=\w\w)s$", "")],
    }
)


def singular(word: str, language: str) -> str:
    """Return the word in lower case, without the ending of a plural where Snowball would go astray: for its stem only.

    >>> singular("Ciudades", "es"), singular("lois", "fr"), singular("cities", "en")
    ('ciudad', 'loi', 'cities')
    """
    rules = SINGULAR.get(language)
    if rules is None:
        return word.lower()
    word = _without(rules, _plain(word))
    return _still(word, language) if language in MOVING_STRESS else word


@lru_cache(maxsize=50_000)
def uninflected(word: str, language: str) -> str:
    """Return the word in lower case without its ending of number and gender, for comparing only.

    Languages without rules give "" for every word: nothing then contradicts the stems.

    >>> uninflected("Regions", "en") == uninflected("region", "en") != uninflected("regional", "en")
    True
    >>> uninflected("innovaciones", "es") == uninflected("innovación", "es")
    True
    """
    rules = RULES.get(language)
    if rules is None:
        return ""
    return _without(rules, _still(_plain(word), language))


def _plain(word: str) -> str:
    """Return the word in lower case and one way of writing."""
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word).translate(SAME)
    return word.lower()


def _still(word: str, language: str) -> str:
    """Return the word without the accents that move."""
    if language in MOVING_STRESS and MOVING_STRESS[language].search(word):
        return word.translate(PLAIN)
    if language in MOVING_ACCENTS:
        return MOVING_ACCENTS[language].sub(lambda accent: accent.group().translate(PLAIN), word)
    return word


def _without(rules: Iterable[tuple[re.Pattern[str], str]], word: str) -> str:
    for pattern, replacement in rules:
        word = pattern.sub(replacement, word)
    return word
