"""What a word is to the index: the same for the text that is stored and for the query that looks for it.

A word is a run of letters and digits, whatever their script; a character of a script without blanks between words
(Han, kana, Thai …), and a Hangul syllable, is a word of its own, so that Chinese is found exactly at any length, one
character too. Words are compared in Unicode's canonical form (NFC) and without case (full case folding, Unicode
Standard, section 3.13); accents stay. The full-text table is given nothing but such words with blanks between them
(`spaced`), and its tokenizer "ascii" takes them as they come: what a word is does not hang on the version of SQLite.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from tetrapla.languages import SPACELESS
from tetrapla.languages._base import MARKS

__all__ = ["Token", "phrase", "spaced", "words"]

# Rare Han characters beyond the first plane, the Chinese zero, Hangul syllables.
APART = SPACELESS + "〇\uac00-\ud7a3\U00020000-\U0003ffff"
LETTER = rf"[^\W_{APART}]"
MARK = rf"[{MARKS}\u3099\u309a]"  # with those of voiced kana, set apart
WORD = re.compile(rf"{LETTER}++(?:{MARK}++{LETTER}*+)*+|[{APART}]{MARK}*+")


class Token(NamedTuple):
    """A word of a text, ``text[start:end]``, and how it is compared."""

    start: int
    end: int
    folded: str


def words(text: str) -> Iterator[Token]:
    """Yield the words of a text in order.

    >>> [word.folded for word in words("L’Innovation: 反向飞地")]
    ['l', 'innovation', '反', '向', '飞', '地']
    """
    for match in WORD.finditer(text):
        yield Token(match.start(), match.end(), _folded(match.group()))


def spaced(text: str) -> str:
    """Return the words of a text as they are compared, with a blank between two: what the full-text table holds.

    >>> spaced("Reverse enclaves (反向飞地)")
    'reverse enclaves 反 向 飞 地'
    """
    return _folded(" ".join(WORD.findall(text)))


def phrase(text: str, *, prefix: bool = False) -> str:
    """Return the words of a text as a phrase in the query language of FTS5; with `prefix` the last one may go on.

    Nothing that a text holds can be anything but words there. A text without a word gives an empty phrase, which
    finds nothing.

    >>> phrase("OR 飞地"), phrase("Enclav", prefix=True)
    ('"or 飞 地"', '"enclav"*')
    """
    return f'"{spaced(text)}"' + ("*" if prefix else "")


def _folded(text: str) -> str:
    # Letters that belong together never meet over a blank: a text may be folded as a whole.
    return unicodedata.normalize("NFC", text).casefold()
