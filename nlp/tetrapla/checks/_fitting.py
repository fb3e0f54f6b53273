"""The form of a term that fits where a wrong one stands: as long a name, in its number, with its capitals."""

from __future__ import annotations

import re
from typing import NamedTuple

from tetrapla.glossary._inflect import agreeing, is_plural, plural
from tetrapla.model import Concept

__all__ = ["Place", "fitting"]

WORD = re.compile(r"[^\W\d_]+")
# Endings of adjectives, by which a term of one word is told from a noun.
ADJECTIVE = {
    "en": re.compile(r"(?:al|ive|ic|ed|ing|ous|able)$"),
    "es": re.compile(r"(?:al|ar|ic[oa]|iv[oa]|ari[oa]|ad[oa]|id[oa])$"),
    "fr": re.compile(r"(?:al|ale|aire|ique|if|ive|el|elle|é|ée)$"),
}
# The noun that an adjective stands behind, and whether its article says that there are many ("les flux").
NOUN_BEFORE = re.compile(r"(?:([^\W\d_]+)\s+)?([^\W\d_]{3,})\s+$")
MANY = frozenset("les des ces aux leurs ses nos los las estos esos unos unas sus".split())
# What an adjective in the plural has behind its singular.
MANY_ENDING = re.compile(r"(?:(?<=[lr])es|s)$")
# What stands so many words away from a place stands beside it.
BESIDE = 3
# Words that begin with so many letters alike are forms of one.
STEM = 5
# What stands before a word that is capital for no place of its own: the middle of a sentence.
WITHIN = re.compile(r"(?:[^\W\d_]['’]?|,)\s*[\"“«(]?\s*$")


class Place(NamedTuple):
    """Where a term is to stand.

    `words` stand there now, between the text `before` and `after` them; `named` is how the other version names the
    concept, `phrase` the beginning of a longer term of which they are the rest ("flux d'innovation" inter-domaines).
    """

    language: str
    words: str
    before: str = ""
    after: str = ""
    named: str = ""
    phrase: str = ""


def fitting(concept: Concept, place: Place) -> str | None:
    """Return the form of a concept that fits a place; None where the glossary has none in the language.

    That is the preferred form, or an admitted one that is part of it: where the other version names the concept by less
    than its full name, and where the rest stands beside the place ("structure of core-edge"). Or one with more words,
    where the other version has more and they stand there, too ("… Project"). Number and capitals are those of the words
    that stand there.
    """
    code = place.language.split("-")[0].lower()
    form = _as_full(concept, code, place)
    if form is None:
        return None
    if _is_adjective(form, code):
        form = _agreeing(form, place, code)
    elif is_plural(place.words, code):
        form = plural(form, code)
    return _undoubled(_as_written(form, place, code), place)


def _is_adjective(form: str, code: str) -> bool:
    """Return whether a term of one word is no noun, as far as its ending tells ("cross-sea", "interregional")."""
    if " " in form or code not in ADJECTIVE:
        return False
    return ADJECTIVE[code].search(form) is not None or (code == "en" and "-" in form)


def _agreeing(adjective: str, place: Place, code: str) -> str:
    """Return an adjective as it goes with the noun before it."""
    noun = NOUN_BEFORE.search(place.before)
    many = _is_adjective_of_many(place.words, code)
    if place.phrase and (head := WORD.search(place.phrase)):
        before = place.before[: len(place.before) - len(place.phrase)].split()
        return agreeing(adjective, head.group(), code, many=many or (bool(before) and before[-1].lower() in MANY))
    if noun is None:
        return adjective
    return agreeing(adjective, noun[2], code, many=many or (noun[1] or "").lower() in MANY)


def _is_adjective_of_many(words: str, code: str) -> bool:
    """Return whether what stands there is itself an adjective in the plural ("intersectoriels")."""
    return is_plural(words, code) and ADJECTIVE[code].search(MANY_ENDING.sub("", words.lower())) is not None


def _as_full(concept: Concept, code: str, place: Place) -> str | None:
    """Return the preferred form, or the admitted one that is as full as is wanted: part of it, or it with more."""
    preferred = concept.preferred(code)
    if preferred is None:
        return None
    admitted = [term.form for term in concept.terms if term.language == code and term.status == "admitted"]
    names = [term.form for term in concept.terms if term.status == "preferred" and term.language != code]
    shortened = any(place.named and place.named != name and place.named in name for name in names)
    lengthened = any(name != place.named and name in place.named for name in names)
    there = _beginnings(place.words)
    beside = WORD.findall(place.before)[-BESIDE:] + WORD.findall(place.after)[:BESIDE]
    around = _beginnings(" ".join(beside)) - there
    parts = [form for form in admitted if form in preferred and (shortened or _rest(preferred, form) <= around)]
    fuller = [form for form in admitted if lengthened and preferred in form and _rest(form, preferred) <= there]
    return max(parts or fuller, key=len, default=preferred)


def _rest(form: str, part: str) -> set[str]:
    """Return the beginnings of the words of a form that a part of it leaves out."""
    return _beginnings(form.replace(part, " "))


def _beginnings(text: str) -> set[str]:
    """Return how the longer words of a text begin, in small letters: inflected forms begin alike."""
    return {word.lower()[:STEM] for word in WORD.findall(text) if len(word) > 3}


def _as_written(form: str, place: Place, code: str) -> str:
    """Return a form with capitals where the words that stand there have them: at the start, in English throughout.

    In other languages a capital within a sentence is that of a name; a form has its own.

    >>> _as_written("cross-regional flow", Place("en", "Cross-domain Flow"), "en")
    'Cross-regional Flow'
    >>> _as_written("local buzz", Place("en", "Localized buzzing"), "en")
    'Local buzz'
    >>> _as_written("parc du port", Place("fr", "Harbour Fun Park", before="promu par le "), "fr")
    'parc du port'
    """
    words = place.words
    heads = [word for word in words.split() if len(word) > 3]
    if code == "en" and len(heads) > 1 and all(word[:1].isupper() for word in heads):
        return " ".join(word[:1].upper() + word[1:] if len(word) > 3 else word for word in form.split(" "))
    if words[:1].isupper() and form[:1].islower() and (code == "en" or not WITHIN.search(place.before)):
        return form[0].upper() + form[1:]
    return form


def _undoubled(form: str, place: Place) -> str:
    """Return a form without its last words where those stand behind the place, or its first where they stand before.

    >>> _undoubled("fish-ladder structure", Place("en", "fish stair", after=" structure that they built"))
    'fish-ladder'
    >>> _undoubled("old fish-ladder", Place("en", "fish stair", before="They built an old "))
    'fish-ladder'
    """
    words, there = form.split(" "), _plain(place.words.split())
    before, behind = _plain(place.before.split()), _plain(place.after.split())
    for count in range(len(words) - 1, 0, -1):
        if _plain(words[-count:]) == behind[:count] != there[-count:]:
            return " ".join(words[:-count])
        if _plain(words[:count]) == before[-count:] != there[:count]:
            return " ".join(words[count:])
    return form


def _plain(words: list[str]) -> list[str]:
    return [word.strip("\"“”«»'’()").lower() for word in words]
