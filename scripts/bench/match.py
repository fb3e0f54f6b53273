"""Time the matching of terms against spaCy's PhraseMatcher and a plain regular expression, in one run.

    python scripts/bench/match.py [CHARACTERS]

The text is made of the words of the lexicon, drawn at random, with forms of the glossary planted among them, every
other one but the Chinese with the endings of a plural. All read the same text; given are the median of the times in MB
a second (UTF-8), the ratio to ours, and the share of the planted forms that were found just where they stand. spaCy is
timed with cutting the text into tokens and without.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from tetrapla import lexicon
from tetrapla.glossary import Glossary, Matcher, load

CHARACTERS = 200_000
RUNS = 5
# Of a text of the field; the paper itself names a concept every ten words.
WORDS_PER_FORM = 20

Spans = set[tuple[int, int]]


class Sample(NamedTuple):
    """A text with the places of the forms that were planted in it."""

    text: str
    planted: Spans


def plural(form: str, language: str) -> str:
    """Return the words of a form in the plural, as far as an ending does it."""
    if language == "zh":
        return form
    words = []
    for word in form.split(" "):
        if len(word) < 4 or not word[-1].isalpha() or word[-1] in "sxz" or not word.islower() or "'" in word:
            words.append(word)
        elif language == "es" and word[-1] not in "aeo":
            # An accent on the last syllable goes when there is one syllable more.
            words.append(word.replace("ión", "ion") + "es" if word[-1] in "dlnr" else word)
        elif language == "fr" and word.endswith("al"):
            words.append(word[:-1] + "ux")
        elif language == "en":
            words.append(word[:-1] + "ies" if word[-1] == "y" and word[-2] not in "aeiou" else word)
        else:
            words.append(word + "s")
    if language == "en" and words[-1] == form.split(" ")[-1] and words[-1][-1] not in "sxzhy":
        words[-1] += "s"
    return " ".join(words)


def sample(glossary: Glossary, language: str, size: int) -> Sample:
    chance = random.Random(20)
    words = [word for row in lexicon.load().columns[language] for word in row]
    forms = [term.form for concept in glossary.values() for term in concept.terms if term.language == language]
    joiner = "" if language == "zh" else " "
    pieces: list[str] = []
    planted = set()
    at = 0
    while at < size:
        if chance.random() * WORDS_PER_FORM < 1:
            form = chance.choice(forms)
            piece = plural(form, language) if chance.random() < 0.5 else form
            # Between full stops, so that no word of the lexicon makes it part of a longer term.
            piece = f"，{piece}，" if language == "zh" else f". {piece}."
            planted.add((at + len(piece) - len(piece.lstrip("，. ")), at + len(piece.rstrip("，. "))))
        else:
            piece = chance.choice(words)
        pieces.append(piece)
        at += len(piece) + len(joiner)
    return Sample(joiner.join(pieces), planted)


def timed(function: Callable[[str], Spans], text: str) -> tuple[float, Spans]:
    """Return the median time in seconds and what was found."""
    found = function(text)  # caches are warm, as they are in a collection
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        function(text)
        times.append(time.perf_counter() - begin)
    return statistics.median(times), found


def ours(glossary: Glossary, language: str) -> Callable[[str], Spans]:
    matcher = Matcher(glossary)
    return lambda text: {(hit.start, hit.end) for hit in matcher.find(text, language)}


def by_regex(forms: Iterable[str], language: str) -> Callable[[str], Spans]:
    alternatives = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    pattern = re.compile(alternatives if language == "zh" else rf"\b(?:{alternatives})\b", re.IGNORECASE)
    return lambda text: {match.span() for match in pattern.finditer(text)}


def main(arguments: list[str]) -> None:
    size = int(arguments[0]) if arguments else CHARACTERS
    glossary = load()
    print(f"{'':3}{'':28}{'MB/s':>8}{'ours/it':>9}{'found':>7}")
    for language in ("zh", "en", "es", "fr"):
        text, planted = sample(glossary, language, size)
        megabytes = len(text.encode("utf-8")) / 1e6
        forms = {term.form for concept in glossary.values() for term in concept.terms if term.language == language}
        nlp = spacy.blank(language)
        nlp.max_length = 10 * size
        phrases = PhraseMatcher(nlp.vocab, attr="LOWER")
        phrases.add("TERM", [nlp.make_doc(form) for form in forms])
        doc = nlp.make_doc(text)

        def with_tokens(text: str, nlp: Language = nlp, phrases: PhraseMatcher = phrases) -> Spans:
            return {(s.start_char, s.end_char) for s in phrases(nlp.make_doc(text), as_spans=True)}

        def without_tokens(_: str, doc: Doc = doc, phrases: PhraseMatcher = phrases) -> Spans:
            return {(s.start_char, s.end_char) for s in phrases(doc, as_spans=True)}

        first: float | None = None
        for name, function in (
            ("tetrapla", ours(glossary, language)),
            ("PhraseMatcher", with_tokens),
            ("PhraseMatcher, tokens given", without_tokens),
            ("regular expression", by_regex(forms, language)),
        ):
            seconds, found = timed(function, text)
            first = first or seconds
            share = len(planted & found) / len(planted)
            print(f"{language:3}{name:28}{megabytes / seconds:8.2f}{seconds / first:9.1f}{share:7.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
