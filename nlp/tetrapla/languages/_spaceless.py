"""Languages that set no blank between words, without a dictionary: pairs of neighbouring characters stand for words.

Pairs of Han characters, kana or Thai letters find translations nearly as well as words do (Nie, Gao, Zhang & Zhou,
"On the use of words and n-grams for Chinese information retrieval", 2000).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from tetrapla.languages._base import HAN, MARKS, SPACELESS, Language, Word, stretch
from tetrapla.model import ViewSpan

__all__ = ["spaceless"]

# Runs of one script each: where Han characters meet kana, or katakana hiragana, a word begins more often than not.
RUN = re.compile(
    rf"[{HAN}々〆〇]+|[\u3041-\u309f]+|[\u30a1-\u30ff\u31f0-\u31ff\u3099\u309a]+|[{SPACELESS}]+"
    rf"|(?P<other>[^\W\d_{SPACELESS}]+(?:[’'-][^\W\d_{SPACELESS}]+)*|\d+(?:[.,]\d+)*)"
)
# U+3099 and U+309A are the marks of voiced kana, set apart.
CHARACTER = re.compile(rf"[^{MARKS}\u3099\u309a]")
BLANK_LINE = r"\n\s*\n"
CLOSERS = "”’」』》】）\"')"
# What is said in quotes goes on with the words of saying: 「行こう。」と言った.
SAYING = "(?<=[」』])(?:と|って)"


def spaceless(*, code: str, name: str, ends: str, full_width: bool) -> Language:
    """Return the rules of a language without blanks between words; `ends` are the marks that end a sentence.

    Where a language has none, sentences end at blank lines.
    """
    # A point ends a Latin sentence inside.
    end = re.compile(
        rf"[{re.escape(ends)}]+[{re.escape(CLOSERS)}]*+(?!{SAYING})|\.[”\"')]*(?=\s+[A-Z“\"(])|{BLANK_LINE}"
    )

    def sentences(text: str) -> list[ViewSpan]:
        cuts = [0, *(match.end() for match in end.finditer(text)), len(text)]
        return [span for start, stop in pairwise(cuts) for span in stretch(text, start, stop)]

    return Language(code=code, name=name, sentences=sentences, words=words, stem=stem, joiner="", full_width=full_width)


def stem(word: str) -> str:
    """Return a word in small letters, full-width ones made narrow, marks set apart put back."""
    return unicodedata.normalize("NFKC", word).lower()


def words(text: str) -> list[Word]:
    """Return a word for each pair of neighbouring characters, and words in letters and numbers as they are.

    Words do not overlap: each pair but the last of its run stands where its first character is, and its stem is the
    pair. Vowel signs and tones belong to the character before.

    >>> [(word.text, word.stem) for word in words("東京都へ")]
    [('東', '東京'), ('京都', '京都'), ('へ', 'へ')]
    """
    found = []
    for match in RUN.finditer(text):
        start, end = match.span()
        if match["other"]:
            found.append(Word(start, end, match.group(), stem(match.group())))
            continue
        places = [start, *(character.start() for character in CHARACTER.finditer(text, start + 1, end))]
        for here, following, after in zip(places, places[1:], places[2:], strict=False):
            found.append(Word(here, following, text[here:following], stem(text[here:after])))
        last = places[-2:][0]
        found.append(Word(last, end, text[last:end], stem(text[last:end])))
    return found
