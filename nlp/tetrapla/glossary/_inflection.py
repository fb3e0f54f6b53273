"""Is it the same word, but for number and gender? A second opinion beside Snowball's stems.

Snowball conflates derivations too: "innovation" and "innovative" have one stem, "region" and "regional", "mechanism"
and "mechanical". For a glossary these are different terms. So a word of a text counts as a word of a term only if
both also agree in what is left when the endings of number and gender are off: the S stemmer for English (Harman, "How
effective is suffixing?", JASIS 42, 1991), light stemmers in the manner of Savoy ("A stemming procedure and
stopword list for general French corpora", JASIS 50, 1999) for Spanish and French. Endings of verbs stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["uninflected"]

ENGLISH = [(r"'s?$", ""), (r"(?<=..)ies$", "y"), (r"(?<=ss|sh|ch|.x|.z)es$", ""), (r"(?<=[^us])s$", "")]
# Twice, for "países" ends where "país" does: pa-.
SPANISH = [(r"(?<=..)s$", ""), (r"(?<=...)[aeo]$", ""), (r"(?<=..)s$", ""), (r"(?<=...)[aeo]$", ""), (r"z$", "c")]
FRENCH = [
    (r"(?<=.)eaux$", "eau"), (r"(?<=.)aux$", "al"), (r"(?<=..)[sx]$", ""), (r"trices?$", "teur"),
    (r"(?<=...)e$", ""), (r"(?<=i)v$", "f"), (r"(?<=..)([lnt])\1$", r"\1"),
]  # fmt: skip
# Accents that come and go with number and gender: región, regiones; complet, complète. Others tell words apart: marché.
MOVING_ACCENTS = {"es": str.maketrans("áéíóú", "aeiou"), "fr": str.maketrans("è", "e")}
RULES = {
    code: [(re.compile(pattern), replacement) for pattern, replacement in rules]
    for code, rules in {"en": ENGLISH, "es": SPANISH, "fr": FRENCH}.items()
}


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
    word = word.lower().replace("’", "'")
    if language in MOVING_ACCENTS:
        word = word.translate(MOVING_ACCENTS[language])
    for pattern, replacement in rules:
        word = pattern.sub(replacement, word)
    return word
