"""The rules of one language."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tetrapla.model import ViewSpan

__all__ = ["FULL_WIDTH", "HAN", "MARKS", "SPACELESS", "Language", "Word", "stretch", "without_accents"]

# To be set between the brackets of a regular expression.
# Han characters: the common block, extension A, compatibility.
HAN = r"㐀-䶿一-鿿\uf900-\ufaff"
# Letters as wide as two others: Han characters and kana, with the marks that repeat one.
FULL_WIDTH = HAN + r"々〆\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
# Letters of scripts that set no blank between words: those, and Thai, Lao, Tibetan, Burmese and Khmer with their marks.
SPACELESS = (
    FULL_WIDTH
    + r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
)
# Accents set apart, vowel signs, tones: parts of words that are no letters to Python.
MARKS = "".join(char for char in map(chr, range(0x300, 0x1E00)) if unicodedata.category(char) in ("Mn", "Mc"))


class Word(NamedTuple):
    """A word as it stands in a text, ``text[start:end]``, and the form that inflected forms share."""

    start: int
    end: int
    text: str
    stem: str


@dataclass(frozen=True)
class Language:
    """A language: how its text is cut up and put together.

    `joiner` stands between two lines of a paragraph; `full_width` says whether its letters take two columns;
    `own_name` is what its speakers call it, a word that leaks out of translators; `caption_words` and the like begin
    captions, abstracts, keywords, notes and references;
    `sentences` and `words` cut running text, giving spans in it; `stem` maps a word, lower-cased, to its stem.
    """

    code: str
    name: str
    sentences: Callable[[str], list[ViewSpan]]
    words: Callable[[str], list[Word]]
    stem: Callable[[str], str]
    joiner: str = " "
    full_width: bool = False
    own_name: str = ""
    caption_words: tuple[str, ...] = ()
    abstract_words: tuple[str, ...] = ()
    keyword_words: tuple[str, ...] = ()
    notes_words: tuple[str, ...] = ()
    reference_words: tuple[str, ...] = ()


def stretch(text: str, start: int, end: int) -> list[ViewSpan]:
    """Return a stretch of a text without the blanks at its ends; none where there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [ViewSpan(start, end)] if start < end else []


def without_accents(word: str) -> str:
    """Return a word without accents and other marks on its letters.

    >>> without_accents("Élan")
    'Elan'
    """
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
