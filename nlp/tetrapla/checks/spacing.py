"""Blanks inside words: words set apart letter by letter, words and numbers with a stray blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapla import checks
from tetrapla.checks._lexis import LETTERS, TUNED, Lexis, finding, lexis_of
from tetrapla.checks._pieces import GAIN, Joined, joined_words
from tetrapla.checks.citations import loose_numbers
from tetrapla.model import Finding, Flow, Grade, Segmented

__all__ = ["letter_spacing", "split_word"]


ELISION = re.compile(
    r"(?<![\w'’])((?:[cdjlmnstCDJLMNST]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu)['’]) («?)(?=\s?(?:[^\W\d_]|$))"
)
CONTRACTION = re.compile(r"(?<![\w'’])([^\W\d_]+['’]) (s|t|re|ve|ll|d|m)(?![\w'’])")
NUMBER = re.compile(r"(?<![\d.,\-–] )(?<![\w.,(\[-])(\d{1,3}, \d{3}|\d{1,3}\. \d{3})(?=[ )][^\W\d_])(?!\w)")


@checks.add("letter-spacing")
def letter_spacing(text: Segmented) -> Iterator[Finding]:
    """A word whose letters stand apart ("s i emp r e"); every word is a finding of its own."""
    lexis = lexis_of(text)
    for flow, words in zip(text.flows, joined_words(text), strict=True):
        for joined in words:
            if joined.letters:
                message = f"The letters of “{joined.word}” are set apart."
                yield _joined(lexis, flow, joined, "letter-spacing", joined.gain >= 2, message)


@checks.add("split-word")
def split_word(text: Segmented) -> Iterator[Finding]:
    """A stray blank inside a word or a number ("innovac ión", "5, 693", "l' effet")."""
    lexis = lexis_of(text)
    for flow, words in zip(text.flows, joined_words(text), strict=True):
        for joined in words:
            if not joined.letters:
                message = f"A blank stands inside “{joined.word}”."
                yield _joined(lexis, flow, joined, "split-word", joined.gain >= 1, message)
        if lexis.language == "fr":
            yield from _split_elisions(lexis, flow)
        if lexis.language == "en":
            yield from _split_contractions(lexis, flow)
        for match in NUMBER.finditer(flow.text):
            if "." not in match.group(1) or lexis.language != "en":
                yield _closed(flow, match.span(1), 0.7, "review", "A blank stands inside a number.")
    for flow, place in loose_numbers(text):
        yield _closed(flow, place, 0.8, "review", "A blank stands inside the number of a citation.")


def _joined(lexis: Lexis, flow: Flow, joined: Joined, kind: str, sure: bool, message: str) -> Finding:
    here = lexis.counts[joined.word.lower()]
    # A name is never changed without asking: a capital, and the word is neither common nor seen here in small letters.
    name = joined.word[0].isupper() and lexis.zipf(joined.word) < 4 and lexis.capitals[joined.word.lower()] == here
    return finding(
        kind,
        flow,
        (joined.start, joined.end),
        score=min(0.98, 0.5 + 0.08 * (joined.gain + GAIN)),
        grade="safe" if sure and not name and lexis.language in TUNED else "review",
        replacement=joined.word,
        evidence={"gain": round(joined.gain, 1), "pieces": joined.pieces, "elsewhere": here},
        message=message,
    )


def _closed(flow: Flow, place: tuple[int, int], score: float, grade: Grade, message: str) -> Finding:
    word = flow.text[place[0] : place[1]].replace(" ", "")
    return finding("split-word", flow, place, score=score, grade=grade, replacement=word, message=message)


def _split_contractions(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    for match in CONTRACTION.finditer(flow.text):
        whole = match.group().replace("’", "'").replace(" ", "")
        if lexis.zipf(whole) > 3 or (match.group(2) == "s" and lexis.strength(match.group(1)[:-1], less=1) > 4):
            yield _closed(flow, match.span(), 0.9, "safe", "A blank stands inside a contraction.")


def _split_elisions(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    for match in ELISION.finditer(flow.text):
        word = LETTERS.match(flow.text, match.end())
        end = match.end() if match.group(2) or word is None else word.end()
        vowel = word is None or (word.group()[0].lower() in "aàâæeéèêëhiîïoôœuùûy" and word.group() != "et")
        if not match.group(2) and not vowel:
            continue
        yield _closed(flow, (match.start(), end), 0.95, "safe", "A blank stands after an elision.")
