"""Languages written with an alphabet and spaces: sentence ends by punctuation and abbreviations, Snowball stems."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from tetrapla.languages._base import Language, Word
from tetrapla.model import ViewSpan

__all__ = ["latin"]

# ISO 639-1 to the names of Snowball's algorithms; a language that is not here keeps its words as they are.
SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Letters with inner apostrophes, hyphens or points; numbers with inner points and commas; any other sign alone is none.
WORD = re.compile(r"[^\W\d_]+(?:[’'·.-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
# An end, the quotes and brackets that close after it, and blanks before something that can begin a sentence.
END = re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’»)\]]*(?:\s*\[\d[\d,–\s-]*\])?(?=\s|$)\s*")
INITIAL = re.compile(r"(?:^|[\s(.])[^\W\d_]$")


@cache
def _stemmer(algorithm: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(algorithm)


def latin(
    *,
    code: str,
    name: str,
    abbreviations: frozenset[str] = frozenset(),
    elisions: re.Pattern[str] | None = None,
    own_name: str = "",
    caption_words: tuple[str, ...] = (),
    abstract_words: tuple[str, ...] = (),
    keyword_words: tuple[str, ...] = (),
    notes_words: tuple[str, ...] = (),
    reference_words: tuple[str, ...] = (),
) -> Language:
    """Return the rules of a language with an alphabet.

    `abbreviations`, in lower case without their last point, do not end a sentence; `elisions` matches what is cut
    off the front of a word (``l'`` of "l'eau").
    """
    stem = _stem_of(code)
    return Language(
        code=code,
        name=name,
        sentences=lambda text: sentence_spans(text, abbreviations),
        words=lambda text: _words(text, stem, elisions),
        stem=stem,
        own_name=own_name,
        caption_words=caption_words,
        abstract_words=abstract_words,
        keyword_words=keyword_words,
        notes_words=notes_words,
        reference_words=reference_words,
    )


def _stem_of(code: str) -> Callable[[str], str]:
    algorithm = SNOWBALL.get(code)
    if algorithm is None:
        return str.lower

    def stem(word: str) -> str:
        return str(_stemmer(algorithm).stemWord(word.lower().replace("’", "'")))

    return stem


def _words(text: str, stem: Callable[[str], str], elisions: re.Pattern[str] | None) -> list[Word]:
    words = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if elisions is not None and (cut := elisions.match(match.group())) and cut.end() < end - start:
            words.append(Word(start, start + cut.end(), cut.group(), cut.group().lower().replace("’", "'")))
            start += cut.end()
        words.append(Word(start, end, text[start:end], stem(text[start:end])))
    return words


def sentence_spans(text: str, abbreviations: frozenset[str]) -> list[ViewSpan]:
    """Return the sentences of running text, one after the other without gaps but for blanks at their ends.

    A point ends no sentence after an abbreviation, an initial, or before a small letter that follows a short word;
    after a longer word it does, for translators leave sentences that begin small.
    """
    spans: list[ViewSpan] = []
    start = 0
    for match in END.finditer(text):
        if match.end() < len(text) and not _ends(text, match, abbreviations):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[ViewSpan], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(ViewSpan(start, end))


def _ends(text: str, match: re.Match[str], abbreviations: frozenset[str]) -> bool:
    """Return whether the mark that `match` found ends a sentence, though text follows it."""
    mark, following = match.group().rstrip(), text[match.end()]
    before = text[max(0, match.start() - 20) : match.start()]
    word = before.split()[-1].lower().lstrip("([\"'“«¿¡") if before.split() else ""
    if mark == "." and (word in abbreviations or INITIAL.search(before)):
        return False
    # "No. 5", "vol. 3": a short word before a number is an abbreviation, whatever it is elsewhere ("no").
    if mark == "." and following.isdigit() and len(word) <= 4 and word.isalpha():
        return False
    # "3. Next" at the head of a heading or a list item is a number, not a sentence.
    if mark == "." and word.replace(".", "").isdigit() and match.start() == len(word):
        return False
    if following.islower():
        return mark != "…" and len(word) > 3 and "." not in word
    return True
