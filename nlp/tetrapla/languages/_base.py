"""The rules of one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tetrapla.model import ViewSpan

__all__ = ["HAN", "Language", "Word"]

# Han characters, to be set between the brackets of a regular expression: the common block, extension A, compatibility.
HAN = r"㐀-䶿一-鿿\uf900-\ufaff"


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
