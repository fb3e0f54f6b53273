"""Where a text says again what it has just said: what stands before a seam, aligned with what stands behind it.

Sequence assembly knows the figure as a dovetail: the end of one fragment is the beginning of another.

    …, so that the bakers hardly found enough flour. Therefore the bakers could barely buy sufficient flour, while …
       |------------------ first -----------------|  |------------------- second ----------------------|
                                                   ^ seam

At a seam the text before it is aligned with the text after it, the first copy anchored at its end and the second at its
start, with affine gaps (Gotoh 1982). A match counts the information of the word in bits, given the two words before it,
in this document and in the language, the two copies left out: what recurs in the document all the time ("drinking
water") says nothing. The sum, times the share of both copies that it covers, is the quality of the match.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from tetrapla import languages
from tetrapla.checks._lexis import lexis_of
from tetrapla.languages import Language
from tetrapla.model import Segmented

__all__ = [
    "CAPITAL",
    "CLAUSE",
    "NONE",
    "PARAGRAPH",
    "SEMICOLON",
    "SENTENCE",
    "Dovetail",
    "Words",
    "dovetail",
    "words_of",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# What may stand between two words, from nothing to the end of a paragraph.
NONE, CAPITAL, CLAUSE, SEMICOLON, SENTENCE, PARAGRAPH = range(6)
# What it is worth to begin a copy there; in the middle of a clause it is nearly forbidden.
START = np.array([-8.0, 0.5, 2.0, 2.0, 3.0, 3.0])

# A copy of more words than this is a page said twice, not a rendering.
LONGEST = 160
# Small words come again anyway and lose this much; words that only begin alike count this share.
SMALL, FUZZY = 1.0, 0.6
MOST_BITS = 14.0
# The price of a gap, of each word skipped and of its bits: more in the first copy, as it mostly says less.
OPEN, EXTEND, SKIP_FIRST, SKIP_SECOND = 1.0, 0.3, 0.12, 0.06
NEVER = -1e9
# A document counts as if so many words of general text came with it; a pair as if it were seen so much oftener.
DAMPING, PAIR_DAMPING, TRIPLE_DAMPING = 3000, 3.0, 1.5
RAREST = 2e-6

HAN_OR_WORD = re.compile(rf"[{languages.HAN}]|[^\W_{languages.HAN}]+")
HAN = re.compile(rf"[{languages.HAN}]")
SENTENCE_MARK = re.compile(r"[.!?。！？…]")
CLAUSE_MARK = re.compile(r"[,，、()（）—–]|\s-\s")
SEMICOLON_MARK = re.compile(r"[;:；：]")
SMALL_WORD = re.compile(r"(?<!\w)(?=[^\W\d_])[^\W\d_A-Z][^\W\d_]*")


class Word(NamedTuple):
    """A word of a document: the number of its paragraph, where it stands in the flow, its stem, what precedes it."""

    paragraph: int
    start: int
    end: int
    stem: str
    border: int


@dataclass(frozen=True)
class Words:
    """The words of a document in reading order, with what each tells."""

    words: Sequence[Word]
    frequencies: Mapping[str, float]  # of stems, in the language

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Word]:
        return iter(self.words)

    @overload
    def __getitem__(self, at: int) -> Word: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Word]: ...

    def __getitem__(self, at: int | slice) -> Word | Sequence[Word]:
        return self.words[at]

    @cached_property
    def border(self) -> Ints:
        """What stands before each word."""
        return np.array([word.border for word in self.words], dtype=np.int64)

    @cached_property
    def _counts(self) -> tuple[Counter[str], Counter[tuple[str, str]], Counter[tuple[str, str, str]]]:
        """How often words, pairs and triples come; a sentence that is said many times running counts twice."""
        starts = [k for k, word in enumerate(self.words) if word.border >= SENTENCE] + [len(self.words)]
        stems: list[str] = []
        last: tuple[list[str], int] = ([], 0)
        for start, end in pairwise(starts):
            sentence = [word.stem for word in self.words[start:end]]
            last = (sentence, last[1] + 1 if sentence == last[0] else 1)
            if last[1] <= 2:
                stems += sentence
        return Counter(stems), Counter(pairwise(stems)), Counter(zip(stems, stems[1:], stems[2:], strict=False))

    @cached_property
    def _chances(self) -> list[float]:
        """How likely each word is by itself, two occurrences left out."""
        ones, total = self._counts[0], len(self.words)
        general = {stem: max(self.frequencies.get(stem, 0.0), RAREST) for stem in ones}
        chance = {s: (max(0, n - 2) + DAMPING * general[s]) / (total + DAMPING) for s, n in ones.items()}
        return [chance[word.stem] for word in self.words]

    @cached_property
    def alone(self) -> Floats:
        """The information of each word by itself, in bits."""
        information: Floats = -np.log2(np.array(self._chances))
        return information

    @cached_property
    def bits(self) -> Floats:
        """The information of each word after the two before it, in bits: as much as the best predictor leaves."""
        ones, twos, threes = self._counts
        bits = []
        for k, chance in enumerate(self._chances):
            best = chance
            if k:
                before, stem = self.words[k - 1].stem, self.words[k].stem
                seen = max(0, twos[before, stem] - 2)
                after_one = (seen + PAIR_DAMPING * chance) / (max(0, ones[before] - 2) + PAIR_DAMPING)
                best = max(best, after_one)
                if k > 1:
                    first = self.words[k - 2].stem
                    seen = max(0, threes[first, before, stem] - 2)
                    after_two = (seen + TRIPLE_DAMPING * after_one) / (max(0, twos[first, before] - 2) + TRIPLE_DAMPING)
                    best = max(best, after_two)
            bits.append(-math.log2(min(1.0, best)))
        capped: Floats = np.minimum(np.array(bits), MOST_BITS)
        return capped

    @cached_property
    def _stems(self) -> Ints:
        return _numbered([word.stem for word in self.words])

    @cached_property
    def _heads(self) -> Ints:
        """Numbers that words share which begin with the same five letters; short ones share none."""
        return _numbered(
            [word.stem[:5] if len(word.stem) >= 5 else f"{k} {word.stem}" for k, word in enumerate(self.words)]
        )

    @cached_property
    def _lengths(self) -> Ints:
        return np.array([len(word.stem) for word in self.words], dtype=np.int64)

    def matches(self, first: slice, second: slice) -> tuple[Floats, Floats]:
        """Return how alike the words of two stretches are (0..1) and what that is worth, as tables."""
        same = self._stems[first, None] == self._stems[None, second]
        a, b = self._lengths[first, None], self._lengths[None, second]
        close = (self._heads[first, None] == self._heads[None, second]) & (np.minimum(a, b) >= 0.6 * np.maximum(a, b))
        alike = np.where(same, 1.0, np.where(close, FUZZY, 0.0))
        worth = alike * np.maximum(0.3, np.minimum(self.bits[first, None], self.bits[None, second]) - SMALL)
        return alike, worth


def _numbered(names: Sequence[str]) -> Ints:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def words_of(text: Segmented) -> Words:
    """Return the words of a document; Han characters count in overlapping pairs, a word that a hyphen cuts as one."""
    language = languages.get(text.document.language)
    general: Mapping[str, float] = {} if language.full_width else lexis_of(text).frequencies
    small = {match.group() for flow in text.flows for match in SMALL_WORD.finditer(flow.text)}
    words: list[Word] = []
    stems: dict[str, set[str]] = {}
    for number, (_, sentences, flow) in enumerate(text):
        begun = {sentence.start for sentence in sentences}
        begins = [k for k, offset in enumerate(flow.offsets) if offset in begun]
        last = -1
        for start, end, surface, stem in _cut(flow.text, language):
            border = PARAGRAPH if last < 0 else _border(flow.text[last:start], surface, small)
            if PARAGRAPH != border != SENTENCE and bisect_right(begins, start) > bisect_right(begins, last):
                border = SENTENCE
            words.append(Word(number, start, end, stem, border))
            stems.setdefault(stem, set()).add(surface.lower())
            last = end
    return Words(words, {stem: sum(general.get(form, 0.0) for form in forms) for stem, forms in stems.items()})


def _cut(text: str, language: Language) -> Iterator[tuple[int, int, str, str]]:
    """Yield the words of running text: start, end, the word as it stands without a hyphen's blank, its stem."""
    if language.full_width:
        for match in HAN_OR_WORD.finditer(text):
            start, end = match.span()
            pair = text[start : start + 2]
            yield start, end, match.group(), pair if HAN.match(match.group()) else match.group().lower()
        return
    kept: tuple[int, int, str, str] | None = None
    for word in language.words(text):
        if kept is not None and text[kept[1] : word.start] == "- " and word.text[0].islower():
            whole = kept[2] + word.text
            kept = (kept[0], word.end, whole, language.stem(whole))
            continue
        if kept is not None:
            yield kept
        kept = (word.start, word.end, word.text, word.stem)
    if kept is not None:
        yield kept


def _border(between: str, word: str, small: frozenset[str] | set[str]) -> int:
    """Return what stands between two words; `small` are the words that the document writes without a capital."""
    if SENTENCE_MARK.search(between):
        return SENTENCE
    if SEMICOLON_MARK.search(between):
        return SEMICOLON
    if CLAUSE_MARK.search(between):
        return CLAUSE
    return CAPITAL if word[0].isupper() and not word.isupper() and word.lower() in small else NONE


@dataclass(frozen=True)
class Dovetail:
    """Two copies of a passage on both sides of a seam: words ``[first, seam)`` and ``[seam, end)``.

    `pairs` are the words that match, in order. `bits` is what the match is worth, `first_share` and `second_share`
    (0..1) how much of each copy it covers, words that stand elsewhere in the other copy included for the first;
    `first_more` and `second_more` are the bits that only one of them has.
    """

    first: int
    seam: int
    end: int
    pairs: tuple[tuple[int, int], ...]
    bits: float
    first_share: float
    second_share: float
    first_more: float
    second_more: float

    @property
    def quality(self) -> float:
        """The bits that match times the share that they are of the copy that they cover less of."""
        return self.bits * min(self.first_share, self.second_share, 1.0)


def dovetail(words: Words, first: int, seam: int, end: int) -> Dovetail | None:
    """Return the best match of an end of the words ``[first, seam)`` with a beginning of ``[seam, end)``, if any.

    Time and memory grow with the product of the two lengths.
    """
    before, after = slice(first, seam), slice(seam, end)
    alike, worth = words.matches(before, after)
    match = np.where(alike > 0, worth, NEVER)
    skip_first = EXTEND + SKIP_FIRST * words.bits[before]
    skip_second = EXTEND + SKIP_SECOND * words.bits[after]
    skipped = np.concatenate([[0.0], np.cumsum(skip_second)])
    start = START[words.border[before]]
    rows, columns = match.shape
    # best[x, y] after x words before the seam and y after it; down[x, y] the same with the last word before skipped.
    best = np.full((rows + 1, columns + 1), NEVER)
    down = np.full((rows + 1, columns + 1), NEVER)
    for x in range(rows + 1):
        if x:
            down[x] = np.maximum(best[x - 1] - OPEN, down[x - 1]) - skip_first[x - 1]
            here = down[x].copy()
            here[1:] = np.maximum(here[1:], best[x - 1, :-1] + match[x - 1])
        else:
            here = down[x].copy()
        if x < rows:
            here[0] = max(here[0], start[x])
        across = np.maximum.accumulate(here + skipped)[:-1] - OPEN - skipped[1:]
        here[1:] = np.maximum(here[1:], across)
        best[x] = here
    y = int(np.argmax(best[rows]))
    pairs, begin = _trace(best, down, match, skip_first, skipped, y)
    if not pairs:
        return None
    return _described(words, [(first + a, seam + b) for a, b in pairs], first + begin, seam, float(best[rows, y]))


def _trace(
    best: Floats, down: Floats, match: Floats, skip_first: Floats, skipped: Floats, y: int
) -> tuple[list[tuple[int, int]], int]:
    """Return the matched pairs of the path that ends in the last row at `y`, in order, and the row it begins in."""
    x, pairs, skipping = best.shape[0] - 1, [], False
    while True:
        if skipping:
            skipping = not math.isclose(down[x, y], best[x - 1, y] - OPEN - skip_first[x - 1], abs_tol=1e-6)
            x -= 1
        elif x and y and math.isclose(best[x, y], best[x - 1, y - 1] + match[x - 1, y - 1], abs_tol=1e-6):
            x, y = x - 1, y - 1
            pairs.append((x, y))
        elif x and math.isclose(best[x, y], down[x, y], abs_tol=1e-6):
            skipping = True
        elif y:
            # The gap began where its price, counted from there, comes to what stands here.
            came = best[x, :y] + skipped[:y] - OPEN - skipped[y]
            y = int(np.argmin(np.abs(came - best[x, y])))
        else:
            return pairs[::-1], x


def _described(words: Words, pairs: list[tuple[int, int]], first: int, seam: int, bits: float) -> Dovetail:
    """Return a match with what it covers; words that match out of order count half."""
    end = pairs[-1][1] + 1
    matched_first, matched_second = {a for a, _ in pairs}, {b for _, b in pairs}
    total_first, total_second = float(words.bits[first:seam].sum()), float(words.bits[seam:end].sum())
    covered_first = float(sum(words.bits[k] for k in matched_first))
    covered_second = float(sum(words.bits[k] for k in matched_second))
    moved = _moved(words, first, seam, min(end + 8, len(words)), matched_first, matched_second)
    return Dovetail(
        first=first,
        seam=seam,
        end=end,
        pairs=tuple(pairs),
        bits=bits + 0.5 * moved,
        first_share=min(1.0, (covered_first + moved) / max(total_first, 1e-9)),
        second_share=covered_second / max(total_second, 1e-9),
        first_more=max(0.0, total_first - covered_first - moved),
        second_more=max(0.0, total_second - covered_second - moved),
    )


def _moved(words: Words, first: int, seam: int, end: int, matched_first: set[int], matched_second: set[int]) -> float:
    """Return the bits of the words that stand in both copies, but in another order, function words left out."""
    rest = [k for k in range(seam, end) if k not in matched_second]
    bits = 0.0
    for k in range(first, seam):
        if k not in matched_first and words.alone[k] >= 5 and rest:
            alike, _ = words.matches(slice(k, k + 1), slice(seam, end))
            best = max(rest, key=lambda j, row=alike[0]: (row[j - seam], -j))  # type: ignore[misc]
            bits += float(alike[0, best - seam]) * float(min(words.bits[k], words.bits[best]))
    return bits
