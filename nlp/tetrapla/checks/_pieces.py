"""Words put together again out of pieces with blanks between: the likeliest reading of every row of pieces.

A row is a run of letters-only tokens with single blanks between. Viterbi over unigrams: a word of strength z (see
`_lexis`) weighs z − 9, a word made of pieces pays for the stray blanks it supposes, and the reading with the highest
sum stands. Thresholds were fitted on clean manuals in English, Spanish and French (3.7 million characters), and on
the same manuals with blanks put into words at random; they err towards silence. Where a paragraph proves to be full
of stray blanks, as whole pages of some scans are, it is read once more, less shyly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tetrapla.checks._lexis import Lexis, lexis_of
from tetrapla.checks._once import once
from tetrapla.model import Segmented

__all__ = ["Joined", "joined_words"]

# Signs of code and formulas stand on neither side of a piece that may be joined.
TOKEN = re.compile(r"(?<![\w\\&+=~*#$<>%])[^\W\d_]+(?![\w\\&+=~*#$<>])")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"

VOWELS = frozenset("aeiouyáéíóúàèùâêîôû")

# What one word must gain over its two halves. On 359 blanks put into words at random, 340 gain more; on clean manuals
# one pair of words in 300,000 does.
GAIN, GAIN_IN_CROWDS = 2.9, 1.5
# Two words that are common by themselves make many a compound that is written both ways ("web site", "work stations").
GAIN_OF_WORDS = 4.8
# What a word of three and more pieces pays; one whose pieces are mostly letters is hardly anything else.
PRICE, PRICE_OF_LETTERS = 2.9, 1.5
# A word of fewer letters is only believed beside another one in pieces ("s i g n i f i c a l a").
SHORTEST = 4
MOST_PIECES, MOST_LETTERS, LONGEST_PIECE = 24, 26, 10
# A paragraph is full of stray blanks where it has this many words in pieces, and this share of its tokens.
CROWD, CROWD_SHARE = 3, 0.08


class Piece(NamedTuple):
    """A token of a row: its place in the flow, its letters, its strength."""

    start: int
    end: int
    text: str
    strength: float


class Made(NamedTuple):
    """What some pieces are: how many single letters, how many of them no words, whether a common word is among them.

    `capital` is whether the first begins with a capital, `inner` whether a later one does.
    """

    singles: int
    loose: int
    words: bool
    capital: bool
    inner: bool


class Joined(NamedTuple):
    """A word in pieces: its place in the flow, how it should read, how much likelier that is, what it is made of."""

    start: int
    end: int
    word: str
    gain: float
    pieces: int
    letters: bool


@once(2)
def joined_words(text: Segmented) -> tuple[tuple[Joined, ...], ...]:
    """Return the words in pieces of each flow, in order; none where the language's words are unknown."""
    lexis = lexis_of(text)
    return tuple(_in_paragraph(lexis, flow.text) if lexis.frequencies else () for flow in text.flows)


def _in_paragraph(lexis: Lexis, text: str) -> tuple[Joined, ...]:
    rows = list(_rows(lexis, text))
    found = [joined for row in rows for joined in _read(lexis, text, row, crowded=False)]
    if len(found) >= CROWD and sum(j.pieces for j in found) >= CROWD_SHARE * sum(map(len, rows)):
        found = [joined for row in rows for joined in _read(lexis, text, row, crowded=True)]
    return tuple(found)


def _rows(lexis: Lexis, text: str) -> Iterator[list[Piece]]:
    row: list[Piece] = []
    for match in TOKEN.finditer(text):
        if row and not (match.start() == row[-1].end + 1 and text[row[-1].end] == " "):
            if len(row) > 1:
                yield row
            row = []
        row.append(Piece(match.start(), match.end(), match.group(), lexis.strength(match.group(), less=1)))
    if len(row) > 1:
        yield row


def _read(lexis: Lexis, text: str, row: Sequence[Piece], *, crowded: bool) -> list[Joined]:
    """Return the words in pieces of the likeliest reading of a row."""
    best: list[tuple[float, int, Joined | None]] = [(0.0, 0, None)]
    for j, piece in enumerate(row, start=1):
        options: list[tuple[float, int, Joined | None]] = [(best[j - 1][0] + piece.strength - 9, j - 1, None)]
        apart, letters = piece.strength - 9, len(piece.text)
        made = _made_of(None, piece)
        for i in range(j - 2, max(-1, j - MOST_PIECES - 1), -1):
            letters += len(row[i].text)
            apart += row[i].strength - 9
            if letters > MOST_LETTERS or (j - i > 2 and max(len(row[i].text), len(row[i + 1].text)) > LONGEST_PIECE):
                break
            made = _made_of(made, row[i])
            joined = _join(lexis, text, row[i:j], made, crowded=crowded)
            if joined is not None:
                options.append((best[i][0] + apart + joined.gain, i, joined))
        best.append(max(options, key=lambda option: option[0]))
    path: list[tuple[int, int, Joined]] = []
    j = len(row)
    while j:
        _, i, joined = best[j]
        if joined is not None:
            path.append((i, j, joined))
        j = i
    path.reverse()
    return [joined for _, _, joined in path] if crowded else _believed(path)


def _believed(path: Sequence[tuple[int, int, Joined]]) -> list[Joined]:
    """Return what can stand: short words of single letters only beside longer ones."""
    long = [len(joined.word) >= SHORTEST or not joined.letters for _, _, joined in path]
    beside = [
        (k > 0 and long[k - 1] and path[k - 1][1] == first)
        or (k + 1 < len(path) and long[k + 1] and path[k + 1][0] == last)
        for k, (first, last, _) in enumerate(path)
    ]
    return [joined for k, (_, _, joined) in enumerate(path) if long[k] or beside[k]]


def _made_of(made: Made | None, piece: Piece) -> Made:
    """Return what pieces are made of, with one more before them."""
    single = len(piece.text) == 1
    word = not single and piece.strength >= 5
    if made is None:
        return Made(int(single), int(single and not piece.strength), word, piece.text[0].isupper(), False)
    return Made(
        made.singles + single,
        made.loose + (single and not piece.strength),
        made.words or word,
        piece.text[0].isupper(),
        made.capital or made.inner,
    )


def _join(lexis: Lexis, text: str, pieces: Sequence[Piece], made: Made, *, crowded: bool) -> Joined | None:
    """Return pieces as one word, its `gain` what it weighs above them; None where they cannot be one."""
    word = "".join([piece.text for piece in pieces])
    singles, loose = made.singles, made.loose
    # "answer c or d": a common word between letters is no piece of one.
    letters = singles == len(pieces) or (loose * 2 >= len(pieces) and loose > 1 and not made.words)
    strength = lexis.strength(word)
    if strength < 2 and not (letters and singles == len(pieces) >= 6):
        return None
    capitals = made.inner and not word.isupper()
    if word.lower() in ALPHABET or (capitals and not (singles == len(pieces) and lexis.counts[word.lower()])):
        return None
    after = text[pieces[-1].end : pieces[-1].end + 3]
    if after[:1] in ("'", "’") and (lexis.language == "fr" or not after[1:2].isalpha()):
        return None  # "d e l'": the last piece is an elided word
    before = text[pieces[0].start - 1 : pieces[0].start]
    if before in ("'", "’") and before and (lexis.language == "en" or (len(pieces) == 2 and len(pieces[0].text) == 1)):
        return None  # "it's ample"
    if len(pieces) == 2 and not letters:
        gain = _gain_of_pair(lexis, pieces[0], pieces[1], strength, crowded=crowded)
    else:
        gain = _gain_of_pieces(lexis, word, pieces, strength, letters=letters, crowded=crowded)
    if gain is None or gain <= 0:
        return None
    return Joined(pieces[0].start, pieces[-1].end, word, gain, len(pieces), letters)


def _gain_of_pieces(
    lexis: Lexis, word: str, pieces: Sequence[Piece], strength: float, *, letters: bool, crowded: bool
) -> float | None:
    apart = sum(piece.strength - 9 for piece in pieces)
    if len(pieces) == 2:  # "o f", "l a": only a common word
        return strength - 9 - PRICE_OF_LETTERS - apart if strength >= 5.5 else None
    if letters and strength < (3 if len(word) < 6 else 1.5):
        # Six single letters in a row that make no known word are still one: a name, a rare form; no list of vowels.
        if VOWELS.issuperset(word.lower()):
            return None
        return -9 - 0.8 * len(word) - apart if len(pieces) >= 6 else None
    if not letters and (strength < 3 or sum(piece.strength >= 5 for piece in pieces) > (2 if crowded else 1)):
        return None
    return strength - 9 - (PRICE_OF_LETTERS if letters or crowded else PRICE) - apart


def _gain_of_pair(lexis: Lexis, first: Piece, second: Piece, strength: float, *, crowded: bool) -> float | None:
    """Return how much likelier one word is than two, beyond the threshold; None where two are the better reading."""
    word = first.text + second.text
    together = lexis.pairs[first.text.lower(), second.text.lower()]
    if second.text[0].isupper() or (len(first.text) > 1 and first.text.isupper()):
        return None
    if together > max(1, lexis.counts[word.lower()] // 3) and not crowded:
        return None
    known = lexis.zipf(first.text), lexis.zipf(second.text)
    if lexis.zipf(word) == 0 and min(known) >= 3.5:
        return None  # the one word is only known from here, where it was run together
    a, b = lexis.strength(first.text, less=together), lexis.strength(second.text, less=together)
    gain = strength + 9 - a - b
    if crowded:
        return gain - GAIN_IN_CROWDS
    one_letter = len(first.text) == 1
    if one_letter and ((b >= 3.5 and (first.text.isupper() or strength < 4)) or b >= 6):
        return None  # "system V en", "C hard drives": a letter that stands for itself
    if len(second.text) == 1:
        return None  # "by u in"
    if first.text[0].isupper() and b >= 6 and a < 4 and lexis.capitals[first.text.lower()] <= 1:
        return None  # "Mir o Unity": a name before a little word
    words = min(known) >= 4 and min(len(first.text), len(second.text)) > 2
    return gain - (GAIN_OF_WORDS if words or together > 1 or (one_letter and a) else GAIN)
