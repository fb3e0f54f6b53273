"""Blanks inside words: words set apart letter by letter, words and numbers with a stray blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapla import checks
from tetrapla.checks._lexis import LETTERS, TUNED, Lexis, finding, letters_before, lexis_of
from tetrapla.checks._pieces import GAIN, Joined, joined_words
from tetrapla.checks._safety import begins_sentence, in_numbers, in_quoted_code
from tetrapla.model import Finding, Flow, Grade, Segmented

__all__ = ["letter_spacing", "split_word"]

# Patterns begin with the mark that is rare; what stands before it is looked at where there is one.
APOSTROPHE = re.compile(r"['’] ")
ELIDED = re.compile(r"(?<![\w'’])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)$", re.IGNORECASE)
ELISION = re.compile(r"(«?)(?=\s?(?:[^\W\d_]|$))")
VOWELS = frozenset("aàâæeéèêëhiîïoôœuùûy")
CONTRACTED = re.compile(r"(?<![\w'’])[^\W\d_]+$")
CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)(?![\w'’])")
LONGEST = 20  # letters before an apostrophe
SEPARATOR = re.compile(r"[.,] \d{3}(?=[ )][^\W\d_])")
SHORTEST, AROUND = 4, 120  # letters before the hyphen; characters in which a dash is answered
THOUSANDS = re.compile(r"(?<![\d.,\-–] )(?<![\w.,(\[-])\d{1,3}$")

# A blank on one side of a hyphen: not an option of a command, nor a dash that another one answers.
ONE_SIDED = re.compile(r" -(?=([^\W\d_]{6,}+)(?![\w=.@/-]))")
ANSWERED = re.compile(r"[^\W\d_]-(?![^\W\d_])|\s-")

# In clean texts what looks like a word with a blank in it is further apart than so many characters.
CLEAN = 5_000


@checks.add("letter-spacing", safe=True)
def letter_spacing(text: Segmented) -> Iterator[Finding]:
    """A word whose letters stand apart ("s i emp r e"); every word is a finding of its own."""
    lexis = lexis_of(text)
    for flow, words in zip(text.flows, joined_words(text), strict=True):
        for joined in words:
            if joined.letters:
                known = lexis.strength(joined.word) >= 2
                safe = known and joined.gain >= 2 and not _is_protected(lexis, flow, joined)
                yield _joined(
                    lexis, flow, joined, "letter-spacing", f"The letters of “{joined.word}” are set apart.", safe
                )


@checks.add("split-word", safe=True)
def split_word(text: Segmented) -> Iterator[Finding]:
    """A stray blank inside a word or a number ("innovac ión", "5, 693", "l' effet")."""
    lexis = lexis_of(text)
    everywhere = joined_words(text)
    in_pieces = [(flow, j) for flow, words in zip(text.flows, everywhere, strict=True) for j in words if not j.letters]
    sure = [flow.offsets[joined.start] for flow, joined in in_pieces if joined.gain >= 1]
    frequent = in_numbers(sure, len(text.document.text), rate=CLEAN)
    for flow, joined in in_pieces:
        safe = joined.gain >= 1 and flow.offsets[joined.start] in frequent and not _is_protected(lexis, flow, joined)
        yield _joined(lexis, flow, joined, "split-word", f"A blank stands inside “{joined.word}”.", safe)
    for flow in text.flows:
        if "' " in flow.text or "’ " in flow.text:
            if lexis.language == "fr":
                yield from _split_elisions(flow)
            if lexis.language == "en":
                yield from _split_contractions(lexis, flow)
        if SEPARATOR.search(flow.text) is not None:
            yield from _split_numbers(lexis, flow)
        if " -" in flow.text and lexis.language in TUNED:
            yield from _split_compounds(flow)


def _is_protected(lexis: Lexis, flow: Flow, joined: Joined) -> bool:
    """Return whether a word may be a name, or stands in code: what nobody changes unseen."""
    word = joined.word
    if in_quoted_code(flow.text, joined.start, joined.end):
        return True
    if not word[0].isupper():
        return False
    common = lexis.zipf(word) >= 4 or lexis.capitals[word.lower()] < lexis.counts[word.lower()]
    return word.isupper() or not (common and begins_sentence(flow.text, joined.start))


def _joined(lexis: Lexis, flow: Flow, joined: Joined, kind: str, message: str, safe: bool) -> Finding:
    return finding(
        kind,
        flow,
        (joined.start, joined.end),
        score=min(0.98, 0.5 + 0.08 * (joined.gain + GAIN)),
        grade="safe" if safe and lexis.language in TUNED else "review",
        replacement=joined.word,
        evidence={
            "gain": round(joined.gain, 1),
            "pieces": joined.pieces,
            "elsewhere": lexis.counts[joined.word.lower()],
        },
        message=message,
    )


def _split_contractions(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    text = flow.text
    for mark in APOSTROPHE.finditer(text):
        word = CONTRACTED.search(text, max(0, mark.start() - LONGEST), mark.start())
        rest = CONTRACTION.match(text, mark.end())
        if word is None or rest is None:
            continue
        whole = f"{word.group()}'{rest.group()}"
        if lexis.zipf(whole) > 3 or (rest.group() == "s" and lexis.strength(word.group(), less=1) > 4):
            yield _closed(flow, (word.start(), rest.end()), 0.9, "A blank stands inside a contraction.")


def _split_elisions(flow: Flow) -> Iterator[Finding]:
    text = flow.text
    for mark in APOSTROPHE.finditer(text):
        elided = ELIDED.search(text, max(0, mark.start() - LONGEST), mark.start())
        quote = ELISION.match(text, mark.end())
        if elided is None or quote is None:
            continue
        word = LETTERS.match(text, quote.end())
        vowel = word is None or (word.group()[0].lower() in VOWELS and word.group() != "et")
        if quote.group(1) or vowel:
            end = quote.end() if quote.group(1) or word is None else word.end()
            yield _closed(flow, (elided.start(), end), 0.95, "A blank stands after an elision.")


def _split_numbers(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    for mark in SEPARATOR.finditer(flow.text):
        number = THOUSANDS.search(flow.text, max(0, mark.start() - 3), mark.start())
        if number is not None and not (mark.group()[0] == "." and lexis.language == "en"):
            place = number.start(), mark.end()
            yield _closed(flow, place, 0.7, "A blank stands inside a number.")


def _split_compounds(flow: Flow) -> Iterator[Finding]:
    """Find compounds with a blank before the hyphen; those with one behind it look like words at a line's end."""
    text = flow.text
    for hyphen in ONE_SIDED.finditer(text):
        start = hyphen.start() - len(letters_before(text, hyphen.start()))
        end = hyphen.end(1)
        word = text[start:end]
        if hyphen.start() - start < SHORTEST or not word.replace(" -", "").islower():
            continue
        if not ANSWERED.search(text, max(0, start - AROUND), start) and not ANSWERED.search(text, end, end + AROUND):
            message = f"A blank stands before the hyphen of “{word.replace(' ', '')}”."
            yield finding(
                "split-word", flow, (start, end), score=0.6, replacement=word.replace(" ", ""), message=message
            )


def _closed(flow: Flow, place: tuple[int, int], score: float, message: str) -> Finding:
    """Return a finding whose repair takes the blanks away: unseen, but in numbers and names."""
    start, end = place
    old = flow.text[start:end]
    word = old.replace(" ", "")
    code = in_quoted_code(flow.text, start, end)
    name = any(char.isupper() for char in word[1:]) or (word[0].isupper() and not begins_sentence(flow.text, start))
    grade: Grade = "review" if name or code or word[-1].isdigit() else "safe"
    return finding("split-word", flow, place, score=score, grade=grade, replacement=word, message=message)
