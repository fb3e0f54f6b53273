"""A term put into the number of the words that it replaces, by rule.

English puts the head of a noun phrase last, before a preposition if there is one ("source of innovation"); Spanish and
French put it first, and adjectives agree with it ("región emisora", "regiones emisoras"). The rules are those of school
grammars (for Spanish: Real Academia Española, "Nueva gramática", 3.2; for French: Grevisse, "Le bon usage", § 514–525),
with the exceptions that terms have. What no rule speaks of stays as it is: an honest singular is better than an
invented plural.
"""

from __future__ import annotations

import re

__all__ = ["agreeing", "gender", "is_plural", "plural"]

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What ends the part of a noun phrase that takes the plural.
PREPOSITIONS = {
    "en": frozenset("of in on for to with by from between at above below not".split()),
    "es": frozenset("de del en a al por para con sin entre sobre y o e no mayor menor a".split()),
    "fr": frozenset("de du des d à au aux en par pour avec sans entre sur et ou hors non dans".split()),
}
ENGLISH = [
    (re.compile(r"(?i)(analys|cris|bas|thes)is$"), r"\1es"),
    (re.compile(r"(?i)(?<=[^aeiou])y$"), "ies"),
    (re.compile(r"(?i)(?<=ch|sh|ss|.x|.z)$"), "es"),
    (re.compile(r"(?i)(?<=[^s])$"), "s"),
]
SPANISH = [
    (re.compile(r"(?i)ión$"), "iones"),
    (re.compile(r"(?i)(?<=[áéíóú])n$"), "nes"),
    (re.compile(r"(?i)z$"), "ces"),
    (re.compile(r"(?i)^gran$"), "grandes"),
    (re.compile(r"(?i)(?<=[aeoéáó])$"), "s"),
    (re.compile(r"(?i)(?<=[lrndjíú])$"), "es"),
]
FRENCH = [
    (re.compile(r"(?i)(?<=eau|.eu)$"), "x"),
    (re.compile(r"(?i)al$"), "aux"),
    (re.compile(r"(?i)(?<=[^sxz])$"), "s"),
]
PLURALS = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH}
# Accents that the plural's further syllable makes needless: "común", "comunes".
UNACCENTED = str.maketrans("áéíóú", "aeiou")
# Words that have no other plural, or none; adverbs among adjectives.
INVARIABLE = {
    "en": frozenset("knowledge research land governance competition co-opetition profit".split()),
    "es": frozenset("más menos muy ya fuera gobernanza coopetición conocimiento".split()),
    "fr": frozenset("plus moins très déjà hors gouvernance coopétition".split()),
}
ADVERB = {"es": re.compile(r"mente$"), "fr": re.compile(r"(?:(?:iqu|al|el|iv|eus|air|oint)e|[éai])ment$")}
# "…ss" (progress), "…us" (campus) and "…is" (basis) end no English plural; nor are the words in brackets any.
NO_PLURAL = {
    "en": re.compile(r"(?:ss|us|is|^(?:chaos|ethos|lens))$"),
    "es": re.compile(r"(?:[ií]s|és|us|^(?:caos|gas|mes))$"),
    "fr": re.compile(
        r"(?:ès|us|is|lux|oix|rix|aix|"
        r"^(?:corps|temps|pays|cas|pas|bas|bras|chaos|fonds|poids|univers|(?:dis|par|re|con|se)?cours))$"
    ),
}
ENDING = {"en": re.compile(r"s$"), "es": re.compile(r"s$"), "fr": re.compile(r"[sx]$")}
FEMININE = {
    "es": re.compile(r"(?:i[óo]n|dad|tad|tud|umbre|ez|a)(?:es|s)?$"),
    "fr": re.compile(r"(?:ion|té|tude|ance|ence|ure|ie|ique|ille|elle|esse|ade|ée)s?$"),
}
# Words that are masculine all the same, and endings of masculine words.
MASCULINE = {
    "es": re.compile(r"^(?:problema|sistema|esquema|programa|paradigma|tema|clima|mapa|día|camión|avión)s?$"),
    "fr": re.compile(
        r"^(?:génie|musée|lycée|comité|côté|comté|traité|silence|stade|grade|million|milliard|champion|camion)s?$"
    ),
}
MASCULINE_ENDING = {
    "es": re.compile(r"(?:o|or|aje|miento|[aeu]l|én|és)(?:es|s)?$"),
    "fr": re.compile(r"(?:age|ment|isme|[eé]au|oir|[eé]?teur|ier|al|el|et|at|nt|rt|if|eux|ème|aire|oire)[sx]?$"),
}


def _head_last(words: list[re.Match[str]], language: str) -> int:
    """Return the number of the head of an English noun phrase: the last word before a preposition."""
    for k, word in enumerate(words):
        if k and word.group().lower() in PREPOSITIONS[language]:
            return k - 1
    return len(words) - 1


def _head(words: list[re.Match[str]], language: str) -> int:
    return _head_last(words, language) if language == "en" else 0


def is_plural(phrase: str, language: str) -> bool:
    """Return whether the head of a noun phrase stands in the plural, as far as its ending tells.

    >>> is_plural("sources of innovation", "en"), is_plural("source of innovations", "en")
    (True, False)
    >>> is_plural("l'indicateur foncier", "fr"), is_plural("indicadores de tierra", "es")
    (False, True)
    """
    words = _words(phrase, language)
    if language not in PLURALS or not words:
        return False
    head = words[_head(words, language)].group().lower()
    return bool(ENDING[language].search(head)) and not NO_PLURAL[language].search(head)


def plural(phrase: str, language: str) -> str:
    """Return a noun phrase in the plural; unchanged where it is in the plural, is a name, or no rule is known.

    >>> plural("source of innovation", "en"), plural("less developed region", "en")
    ('sources of innovation', 'less developed regions')
    >>> plural("región menos desarrollada", "es"), plural("plan regulador detallado", "es")
    ('regiones menos desarrolladas', 'planes reguladores detallados')
    >>> plural("acteur de l'innovation", "fr"), plural("quota foncier", "fr")
    ("acteurs de l'innovation", 'quotas fonciers')
    """
    words = _words(phrase, language)
    if language not in PLURALS or not words or is_plural(phrase, language):
        return phrase
    head = _head(words, language)
    if words[head].group().lower() in INVARIABLE[language] or words[head].group()[0].isupper():
        return phrase
    last = head + 1 if language == "en" else _agreeing_until(words, language)
    out, at = [], 0
    for k, word in enumerate(words[head:last]):
        adverb = k > 0 and language in ADVERB and ADVERB[language].search(word.group().lower())
        out += [phrase[at : word.start()], word.group() if adverb else _plural_word(word.group(), language)]
        at = word.end()
    return "".join(out) + phrase[at:]


def _agreeing_until(words: list[re.Match[str]], language: str) -> int:
    """Return how many words from the head on agree with it in Spanish or French: those before a preposition."""
    for k, word in enumerate(words):
        if k and word.group().lower() in PREPOSITIONS[language]:
            return k
    return len(words)


def _plural_word(word: str, language: str) -> str:
    lower = word.lower()
    # An abbreviation or a name ("PYME", "Hangzhou") has no plural, nor a noun in apposition ("centro-periferia").
    if lower in INVARIABLE[language] or word[:1].isupper() or ("-" in word and language != "en"):
        return word
    for pattern, ending in PLURALS[language]:
        if pattern.search(word):
            made = pattern.sub(ending, word, count=1)
            return made.translate(UNACCENTED) if language == "es" and pattern in SPANISH[1:2] else made
    return word


def agreeing(adjective: str, noun: str, language: str, *, many: bool = False) -> str:
    """Return an adjective in the gender and number of the noun that it stands behind; `many` are more than one.

    >>> agreeing("interrégional", "réorganisation", "fr"), agreeing("interrégional", "flux", "fr")
    ('interrégionale', 'interrégional')
    >>> agreeing("interregional", "flujos", "es"), agreeing("regulado", "zonas", "es")
    ('interregionales', 'reguladas')
    """
    if language not in FEMININE or WORD.fullmatch(adjective) is None:
        return adjective
    noun = noun.lower()
    made = adjective
    if gender(noun, language) == "f":
        made = re.sub(r"o$", "a", made) if language == "es" else _feminine(made)
    return _plural_word(made, language) if many or is_plural(noun, language) else made


def gender(noun: str, language: str) -> str | None:
    """Return the gender of a Spanish or French noun, "m" or "f", as far as its ending tells; else None.

    >>> gender("regiones", "es"), gender("sistema", "es"), gender("réseau", "fr"), gender("offre", "fr")
    ('f', 'm', 'm', None)
    """
    noun = noun.lower()
    if language not in FEMININE:
        return None
    if MASCULINE[language].match(noun):
        return "m"
    if FEMININE[language].search(noun):
        return "f"
    return "m" if MASCULINE_ENDING[language].search(noun) else None


def _feminine(adjective: str) -> str:
    """Return the feminine of a French adjective.

    >>> _feminine("foncier"), _feminine("institutionnel"), _feminine("collaboratif"), _feminine("libre")
    ('foncière', 'institutionnelle', 'collaborative', 'libre')
    """
    for pattern, ending in (
        (r"er$", "ère"),
        (r"([eé])l$", r"\1lle"),
        (r"f$", "ve"),
        (r"eux$", "euse"),
        (r"(?<!e)$", "e"),
    ):
        if re.search(pattern, adjective):
            return re.sub(pattern, ending, adjective, count=1)
    return adjective


def _words(phrase: str, language: str) -> list[re.Match[str]]:
    """Return the words of a phrase that may carry its number: without an article in front."""
    words = list(WORD.finditer(phrase))
    articles = {"en": ("the", "a", "an"), "es": ("el", "la", "los", "las"), "fr": ("le", "la", "les", "l", "d")}
    while len(words) > 1 and words[0].group().lower() in articles.get(language, ()):
        words = words[1:]
    return words
