"""Words put together again out of pieces with blanks between: the likeliest reading of the words around a suspect.

A word of strength z (see `_lexis`) weighs z − 9, a word made of pieces pays for the stray blanks it supposes, and of
all ways to put pieces together the one that gains most over leaving them apart stands: the best path through the
unigrams (Viterbi), of which only the steps are built that join something (see `_suspects`). Thresholds were fitted on
clean manuals in English, Spanish and French (3.7 million characters), and on the same manuals with blanks put into
words at random; they err towards silence. Where a paragraph proves to be full of stray blanks, as whole pages of some
scans are, it is read once more, less shyly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from tetrapla.checks._lexis import ROW, Lexis, lexis_of
from tetrapla.checks._once import once
from tetrapla.checks._safety import begins_sentence
from tetrapla.checks._suspects import Places, Suspects, suspects_of, words_in
from tetrapla.model import Segmented

__all__ = ["GAIN", "Joined", "joined_words"]

# Signs of code and formulas stand on neither side of a word that may be joined.
CODE = frozenset("\\&+=~*#$<>%_")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"

VOWELS = frozenset("aeiouyáéíóúàèùâêîôû")

# What one word must gain over its two halves. On 359 blanks put into words at random, 340 gain more; on clean manuals
# one pair of words in 300,000 does.
GAIN, GAIN_IN_CROWDS = 2.9, 1.5
# Two words that are common by themselves make many a compound that is written both ways ("web site", "work stations").
GAIN_OF_WORDS = 4.8
# A half that is as strong is a word. A word that the language does not know must stand here so often where its halves
# are words; one that stands here more often is not written apart just once.
PIECE, SEEN, FREQUENT_HERE = 2.5, 3, 5
# What a word of three and more pieces pays; one whose pieces are mostly letters is hardly anything else.
PRICE, PRICE_OF_LETTERS = 2.9, 1.5
# A word of fewer letters is only believed beside another one in pieces ("s i g n i f i c a l a").
SHORTEST = 4
MOST_PIECES, MOST_LETTERS, LONGEST_PIECE = 24, 26, 10
# As many single letters in a row stand for one word even where it is unknown.
LETTERS_IN_A_ROW = 6
# An everyday word: of three and more pieces at most one is, two in a crowd.
EVERYDAY = 5.0
# A paragraph is full of stray blanks where it has this many words in pieces, and this share of its words.
CROWD, CROWD_SHARE = 3, 0.08


class Piece(NamedTuple):
    """A word of a flow that may be a piece of one: its place, its letters, its strength."""

    start: int
    end: int
    text: str
    strength: float


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
    reader = _Reader(lexis_of(text), suspects_of(text))
    return tuple(
        reader.read(flow.text, places) if places.pairs or places.weak else ()
        for flow, places in zip(text.flows, reader.suspects.places, strict=True)
    )


class _Reader:
    """What reads the flows of one text."""

    def __init__(self, lexis: Lexis, suspects: Suspects) -> None:
        self.lexis = lexis
        self.suspects = suspects
        self.everyday = {word for word in lexis.counts.keys() - lexis.weaker(EVERYDAY) if len(word) > 1}

    def read(self, text: str, places: Places) -> tuple[Joined, ...]:
        """Return the words in pieces of a flow."""
        words = words_in(text, self.lexis.language)
        found = self._path(text, words, places, crowded=False)
        if len(found) >= CROWD:
            size = len(words) - words.count("\n")
            if sum(joined.pieces for joined in found) >= CROWD_SHARE * size:
                everywhere = range(len(words))
                found = self._path(text, words, Places(everywhere, everywhere, ()), crowded=True)
        return tuple(found)

    def _path(self, text: str, words: Sequence[str], places: Places, *, crowded: bool) -> list[Joined]:
        """Return the joined words that together gain most, none overlapping another."""
        spans = {span for span in self._spans(words, places, most=2 if crowded else 1) if self._is_known(words, *span)}
        stands = _stands(text, {k for i, j in spans for k in range(i, j)}) if spans else {}
        steps: list[tuple[int, int, Joined]] = []
        for i, j in sorted(spans, key=lambda span: (span[1], -span[0])):
            if _in_code(text, stands[i][0], stands[j - 1][1]):
                continue
            pieces = [
                Piece(a, b, text[a:b], self.lexis.strength(text[a:b], less=1))
                for a, b in map(stands.__getitem__, range(i, j))
            ]
            joined = self._join(text, pieces, crowded=crowded)
            if joined is not None:
                steps.append((i, j, joined))
        path = _heaviest(steps)
        return [joined for _, _, joined in path] if crowded else _believed(path)

    def _spans(self, words: Sequence[str], places: Places, *, most: int) -> Iterator[tuple[int, int]]:
        """Give the stretches of words that may be one: pairs, and more around weak ones with few everyday words."""
        for k in places.pairs:
            if k + 2 <= len(words) and words[k] != "\n" != words[k + 1]:
                yield k, k + 2
        before = -1
        for k in places.weak:
            for i in range(k, max(before, k - MOST_PIECES), -1):
                if words[i] == "\n":
                    break
                reached = False
                for end in self._ends(words, i, most):
                    reached = end > k
                    if reached and end - i > 1:
                        yield i, end
                if not reached:
                    break
            before = k

    def _ends(self, words: Sequence[str], i: int, most: int) -> Iterator[int]:
        """Give the ends of the stretches from the i-th word on that may be one."""
        letters = everyday = longest = 0
        for j in range(i, min(len(words), i + MOST_PIECES)):
            word = words[j]
            letters += len(word)
            everyday += word in self.everyday
            if word == "\n" or letters > MOST_LETTERS or everyday > most:
                return
            longest = max(longest, len(word))
            if j > i + 1 and longest > LONGEST_PIECE:
                return
            yield j + 1

    def _is_known(self, words: Sequence[str], i: int, j: int) -> bool:
        """Return whether words make a known one, or are as many single letters as no chance sets in a row."""
        word = "".join(words[i:j])
        if word in self.lexis.frequencies or word in self.lexis.counts:
            return True
        # Of an unknown word one end at least is seen: where the single letters begin or end.
        seen = not (_is_letter(words, i - 1) and _is_letter(words, j))
        return j - i >= LETTERS_IN_A_ROW and len(word) == j - i and seen

    def _join(self, text: str, pieces: Sequence[Piece], *, crowded: bool) -> Joined | None:
        """Return pieces as one word, its `gain` what it weighs above them; None where they cannot be one."""
        lexis = self.lexis
        word = "".join([piece.text for piece in pieces])
        singles = sum(len(piece.text) == 1 for piece in pieces)
        loose = sum(len(piece.text) == 1 and not piece.strength for piece in pieces)
        words = any(len(piece.text) > 1 and piece.strength >= EVERYDAY for piece in pieces)
        # "answer c or d": a common word between letters is no piece of one.
        letters = singles == len(pieces) or (loose * 2 >= len(pieces) and loose > 1 and not words)
        strength = lexis.strength(word)
        if strength < 2 and not (letters and singles == len(pieces) >= LETTERS_IN_A_ROW):
            return None
        capitals = any(piece.text[0].isupper() for piece in pieces[1:]) and not word.isupper()
        if word.lower() in ALPHABET or (capitals and not (singles == len(pieces) and lexis.counts[word.lower()])):
            return None
        after = text[pieces[-1].end : pieces[-1].end + 3]
        if after[:1] in ("'", "’") and (
            lexis.language == "fr" or not (after[1:2].isalpha() or len(pieces[-1].text) > 1)
        ):
            return None  # "d e l'": the last piece is an elided word
        elided = text[pieces[0].start - 1 : pieces[0].start] in ("'", "’")
        if elided and (lexis.language == "en" or (len(pieces) == 2 and len(pieces[0].text) == 1)):
            return None  # "it's ample"
        if len(pieces) == 2 and not letters:
            gain = self._gain_of_pair(text, pieces[0], pieces[1], strength, crowded=crowded)
        else:
            gain = _gain_of_pieces(word, pieces, strength, letters=letters, crowded=crowded)
        if gain is None or gain <= 0:
            return None
        return Joined(pieces[0].start, pieces[-1].end, word, gain, len(pieces), letters)

    def _gain_of_pair(self, text: str, first: Piece, second: Piece, strength: float, *, crowded: bool) -> float | None:
        """Return how much likelier one word is than two, beyond the threshold; None where two are better."""
        lexis = self.lexis
        word = first.text + second.text
        together = self.suspects.beside.get((first.text.lower(), second.text.lower()), 0)
        here = lexis.counts[word.lower()]
        a, b = lexis.strength(first.text, less=together), lexis.strength(second.text, less=together)
        gain = strength + 9 - a - b
        one_letter = len(first.text) == 1
        if not word.isupper() and (second.text[0].isupper() or (not one_letter and first.text.isupper())):
            return None
        if together > max(1, here // 3) and min(a, b) >= PIECE and not crowded:
            return None
        known = lexis.zipf(first.text), lexis.zipf(second.text)
        if lexis.zipf(word) == 0 and (min(known) >= 3.5 or (here < SEEN and min(a, b) >= PIECE and not one_letter)):
            return None  # the one word is only known from here, where it was run together
        if crowded:
            return gain - GAIN_IN_CROWDS
        if one_letter and not self._torn_off(text, first, strength, b):
            return None  # "system V en", "C hard drives": a letter that stands for itself
        if len(second.text) == 1:
            return None  # "by u in"
        few = lexis.capitals[first.text.lower()] <= 1
        if first.text[0].isupper() and not one_letter and b >= 6 and a < 4 and few:
            # "Mir o Unity": a name before a little word; "Afortunadamen te" is none.
            return gain - GAIN_OF_WORDS if strength >= 4 and len(first.text) >= SHORTEST else None
        words = (
            min(known) >= 4 and min(len(first.text), len(second.text)) > 2 and (here < FREQUENT_HERE or together > 1)
        )
        return gain - (GAIN_OF_WORDS if words or together > 1 or (one_letter and a) else GAIN)

    def _torn_off(self, text: str, letter: Piece, strength: float, rest: float) -> bool:
        """Return whether a letter is the first of a word, given the strengths of the word and of its rest."""
        if letter.text.isupper() and not letter.strength and strength >= 4 and begins_sentence(text, letter.start):
            return True
        return rest < 6 and (rest < 3.5 or (letter.text.islower() and strength >= 4))


def _is_letter(words: Sequence[str], k: int) -> bool:
    """Return whether the k-th word is a single letter."""
    return 0 <= k < len(words) and len(words[k]) == 1 and words[k] != "\n"


def _stands(text: str, numbers: Set[int]) -> dict[int, tuple[int, int]]:
    """Return the places in a text of some of its words, by their numbers among `words_in`."""
    stands = {}
    first = 0
    left = sorted(numbers, reverse=True)
    for row in ROW.finditer(text) if left else ():
        after = first + row.group().count(" ") + 1
        if left[-1] < after:
            start = row.start()
            for number, word in enumerate(row.group().split(" "), first):
                stands[number] = start, start + len(word)
                start += len(word) + 1
            while left and left[-1] < after:
                left.pop()
            if not left:
                break
        first = after + 1  # between two rows there is a "\n"
    return stands


def _in_code(text: str, start: int, end: int) -> bool:
    """Return whether a sign of code, a digit or an underscore stands right before or behind a place."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return before in CODE or before.isdigit() or after in CODE or after.isdigit()


def _heaviest(steps: Sequence[tuple[int, int, Joined]]) -> list[tuple[int, int, Joined]]:
    """Return the steps, given by their ends, that gain most without two of them overlapping."""
    ends, best = [0], [0.0]
    for i, j, joined in steps:
        best.append(max(best[-1], best[bisect_right(ends, i) - 1] + joined.gain))
        ends.append(j)
    path = []
    k = len(steps)
    while k:
        if best[k] > best[k - 1]:
            path.append(steps[k - 1])
            k = bisect_right(ends, steps[k - 1][0], 0, k) - 1
        else:
            k -= 1
    path.reverse()
    return path


def _believed(path: Sequence[tuple[int, int, Joined]]) -> list[Joined]:
    """Return what can stand: short words of single letters only beside longer ones."""
    long = [len(joined.word) >= SHORTEST or not joined.letters for _, _, joined in path]
    beside = [
        (k > 0 and long[k - 1] and path[k - 1][1] == first)
        or (k + 1 < len(path) and long[k + 1] and path[k + 1][0] == last)
        for k, (first, last, _) in enumerate(path)
    ]
    return [joined for k, (_, _, joined) in enumerate(path) if long[k] or beside[k]]


def _gain_of_pieces(
    word: str, pieces: Sequence[Piece], strength: float, *, letters: bool, crowded: bool
) -> float | None:
    """Return how much likelier one word is than many pieces, beyond their price; None where it cannot be one."""
    apart = sum(piece.strength - 9 for piece in pieces)
    if len(pieces) == 2:  # "o f", "l a": only a common word
        return strength - 9 - PRICE_OF_LETTERS - apart if strength >= 5.5 else None
    if letters and strength < (3 if len(word) < LETTERS_IN_A_ROW else 1.5):
        # So many single letters in a row that make no known word are still one: a name, a rare form; no list of vowels.
        if VOWELS.issuperset(word.lower()):
            return None
        return -9 - 0.8 * len(word) - apart if len(pieces) >= LETTERS_IN_A_ROW else None
    if not letters and (strength < 3 or sum(piece.strength >= EVERYDAY for piece in pieces) > (2 if crowded else 1)):
        return None
    return strength - 9 - (PRICE_OF_LETTERS if letters or crowded else PRICE) - apart
