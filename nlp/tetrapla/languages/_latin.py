"""Languages written with an alphabet and spaces: sentence ends by punctuation and abbreviations, Snowball stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from tetrapla.languages._base import MARKS, Language, Word, stretch
from tetrapla.model import ViewSpan

__all__ = ["latin"]

# ISO 639-1 to the names of Snowball's algorithms; a language that is not here keeps its words as they are, and so does
# one whose algorithm is younger than the PyStemmer at hand.
SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Marks without width stand within words: the soft hyphen, what keeps Persian letters from joining.
INVISIBLE = "\u00ad\u200c\u200d"
LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{MARKS}{INVISIBLE}])*+"
# Letters with inner apostrophes, hyphens or points; numbers with inner points and commas; any other sign alone is none.
WORD = re.compile(rf"{LETTERS}(?:[’'·.׳״-]{LETTERS})*|\d+(?:[.,]\d+)*")
WITHOUT = str.maketrans({"’": "'", **dict.fromkeys(INVISIBLE)})

# What ends a sentence: marks of European alphabets; full-width, Arabic, Indic, Armenian and Ethiopic ones.
ENDS = ".!?…。！？؟۔।॥։።፧"
CLOSERS = "\"'”’»)\\]“‘«›‹"
OPENERS = "([\"'“«¿¡„‚»‹›"
INITIAL = re.compile(r"(?:^|[\s(.])[^\W\d_]$")

DOTTED = frozenset({"az", "tr"})  # their small I has no dot unless the large one has
WITH_AE = frozenset("da fo is nb nn no".split())  # elsewhere æ is a way of setting ae


@cache
def _stemmer(algorithm: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(algorithm) if algorithm in Stemmer.algorithms() else None


def latin(
    *,
    code: str,
    name: str,
    abbreviations: frozenset[str] = frozenset(),
    elisions: re.Pattern[str] | None = None,
    ordinals: bool = False,
    ends: str = "",
    own_name: str = "",
    caption_words: tuple[str, ...] = (),
    abstract_words: tuple[str, ...] = (),
    keyword_words: tuple[str, ...] = (),
    notes_words: tuple[str, ...] = (),
    reference_words: tuple[str, ...] = (),
) -> Language:
    """Return the rules of a language with an alphabet.

    `abbreviations`, in lower case without their last point, do not end a sentence, nor do with `ordinals` numbers of
    one or two digits ("am 3. Mai"); `ends` are further marks that do. `elisions` matches what is cut off the front of
    a word (``l'`` of "l'eau", of "l' eau" too).
    """
    stem = _stem_of(code)
    end = _end(ENDS + ends)
    return Language(
        code=code,
        name=name,
        sentences=lambda text: sentence_spans(text, abbreviations, end, ordinals=ordinals),
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

    # Words recur: of a hundred, ninety were stemmed before.
    @lru_cache(maxsize=100_000)
    def stem(word: str) -> str:
        plain = _plain(word, code)
        stemmer = _stemmer(algorithm) if algorithm is not None else None
        return plain if stemmer is None else str(stemmer.stemWord(plain)) or plain

    return stem


def _plain(word: str, code: str) -> str:
    """Return a word in small letters as Snowball expects them: accents composed, ligatures spelt out.

    >>> _plain("Cœur", "fr"), _plain("KAPI", "tr"), _plain("e\u0301te\u0301", "fr") == "été"
    ('coeur', 'kapı', True)
    """
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word).translate(WITHOUT)
    if code in DOTTED:
        word = word.replace("I", "ı").replace("İ", "i")
    word = word.lower()
    if word.isascii():
        return word
    word = word.replace("i\u0307", "i").replace("œ", "oe")  # Python makes two characters of a small İ
    return word if code in WITH_AE else word.replace("æ", "ae")


def _words(text: str, stem: Callable[[str], str], elisions: re.Pattern[str] | None) -> list[Word]:
    words = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if elisions is not None and (cut := elisions.match(text, start, end + 1)):
            words.append(Word(start, cut.end(), cut.group(), cut.group().lower().replace("’", "'")))
            start = cut.end()
        if start < end:
            words.append(Word(start, end, text[start:end], stem(text[start:end])))
    return words


@cache
def _end(marks: str) -> re.Pattern[str]:
    """Return what finds an end: marks, the quotes and brackets that close after them, a note, and blanks."""
    return re.compile(rf"(?<![{marks}])[{marks}]++[{CLOSERS}]*(?:\s*\[\d[\d,–\s-]*\])?(?=\s|$)\s*")


def sentence_spans(
    text: str, abbreviations: frozenset[str], end: re.Pattern[str], *, ordinals: bool = False
) -> list[ViewSpan]:
    """Return the sentences of running text, one after the other without gaps but for blanks at their ends.

    A point ends no sentence after an abbreviation, an initial, or before a small letter that follows a short word;
    after a longer word it does, for translators leave sentences that begin small.
    """
    spans: list[ViewSpan] = []
    start = 0
    for match in end.finditer(text):
        if match.end() < len(text) and not _ends(text, match, abbreviations, ordinals=ordinals):
            continue
        spans += stretch(text, start, match.end())
        start = match.end()
    return spans + stretch(text, start, len(text))


def _ends(text: str, match: re.Match[str], abbreviations: frozenset[str], *, ordinals: bool) -> bool:
    """Return whether the mark that `match` found ends a sentence, though text follows it."""
    mark, following = match.group().rstrip(), text[match.end()]
    before = text[max(0, match.start() - 20) : match.start()]
    word = before.split()[-1].lower().lstrip(OPENERS) if before.split() else ""
    if mark == "." and (word in abbreviations or INITIAL.search(before)):
        return False
    # "No. 5", "vol. 3": a short word before a number is an abbreviation, whatever it is elsewhere ("no").
    if mark == "." and following.isdigit() and len(word) <= 4 and word.isalpha():
        return False
    # Where a point makes an ordinal, few sentences end in a number that could be one.
    if mark == "." and ordinals and word.isdigit() and len(word) <= 2 and not before[-1:].isspace():
        return False
    # "3. Next" at the head of a heading or a list item is a number, not a sentence.
    if mark == "." and word.replace(".", "").isdigit() and match.start() == len(word):
        return False
    if following.islower():
        return mark != "…" and len(word) > 3 and "." not in word
    return True
