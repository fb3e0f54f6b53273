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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, overload

from tetrapla import languages
from tetrapla.checks._lexis import Lexis
from tetrapla.checks._once import once
from tetrapla.languages import Language
from tetrapla.model import Segmented

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]

__all__ = [
    "CAPITAL",
    "CLAUSE",
    "NONE",
    "PARAGRAPH",
    "RESTART",
    "SEMICOLON",
    "SENTENCE",
    "Dovetail",
    "Words",
    "dovetail",
    "is_inner_point",
    "words_of",
]

# What may stand between two words, from nothing to the end of a paragraph. A restart is a comma before a capital that
# is no name's: the sentence before was left, and another begins.
NONE, CAPITAL, CLAUSE, SEMICOLON, RESTART, SENTENCE, PARAGRAPH = range(7)
# What it is worth to begin a copy there; in the middle of a clause it is nearly forbidden.
START = (-8.0, 0.5, 2.0, 2.0, 2.0, 3.0, 3.0)

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
# A mark that is named ("a point (.)") or that is half a sign ("!=") ends nothing.
SENTENCE_MARK = re.compile(r"(?<!\()[.!?。！？…](?!=)")
CLAUSE_MARK = re.compile(r"[,，、()（）—–]|\s-\s")
RESTART_MARK = re.compile(r"\s?[,，]\s+")
# A point behind a blank or a number.
INNER_POINT = re.compile(r"[\s\d]\.\s*")
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
        import numpy as np

        return np.array([word.border for word in self.words], dtype=np.int64)

    @cached_property
    def _told(self) -> Ints:
        """The stems that are counted: a sentence that is said many times running counts twice."""
        import numpy as np

        starts = [k for k, word in enumerate(self.words) if word.border >= SENTENCE] + [len(self.words)]
        stems = self.stems
        kept, last, times = [], b"", 0
        for start, end in pairwise(starts):
            sentence = stems[start:end].tobytes()
            times = times + 1 if sentence == last else 1
            last = sentence
            if times <= 2:
                kept.append(stems[start:end])
        return np.concatenate(kept) if kept else stems

    @cached_property
    def _chances(self) -> Floats:
        """How likely each word is by itself, two occurrences left out."""
        import numpy as np

        general = np.full(int(self.stems.max(initial=-1)) + 1, RAREST)
        if self.frequencies:
            for word, number in zip(self.words, self.stems.tolist(), strict=True):
                general[number] = max(RAREST, self.frequencies.get(word.stem, 0.0))
        ones = np.bincount(self._told, minlength=len(general))
        chances: Floats = (np.maximum(0, ones - 2) + DAMPING * general) / (len(self) + DAMPING)
        return chances[self.stems]

    @cached_property
    def alone(self) -> Floats:
        """The information of each word by itself, in bits."""
        import numpy as np

        information: Floats = -np.log2(self._chances)
        return information

    @cached_property
    def bits(self) -> Floats:
        """The information of each word after the two before it, in bits: as much as the best predictor leaves."""
        import numpy as np

        if len(self) < 2:
            return np.minimum(self.alone, MOST_BITS)
        size = int(self.stems.max()) + 1
        ones = np.bincount(self._told, minlength=size)
        here, told = self.stems, self._told
        pairs, pair_counts = _counted(told[:-1] * size + told[1:])
        pair = _found(pairs, here[:-1] * size + here[1:])
        seen_pairs = np.where(pair >= 0, pair_counts[pair], 0)
        told_pair = _found(pairs, told[:-1] * size + told[1:])
        triples, triple_counts = _counted(told_pair[:-1] * size + told[2:])
        triple = _found(triples, pair[:-1] * size + here[2:])
        seen_triples = np.where((triple >= 0) & (pair[:-1] >= 0), triple_counts[triple], 0)
        best = self._chances.copy()
        after_one = (np.maximum(0, seen_pairs - 2) + PAIR_DAMPING * best[1:]) / (
            np.maximum(0, ones[here[:-1]] - 2) + PAIR_DAMPING
        )
        after_two = (np.maximum(0, seen_triples - 2) + TRIPLE_DAMPING * after_one[1:]) / (
            np.maximum(0, seen_pairs[:-1] - 2) + TRIPLE_DAMPING
        )
        best[1:] = np.maximum(best[1:], after_one)
        best[2:] = np.maximum(best[2:], after_two)
        capped: Floats = np.minimum(-np.log2(np.minimum(1.0, best)), MOST_BITS)
        return capped

    @cached_property
    def stems(self) -> Ints:
        """Numbers that words share which have the same stem."""
        return _numbered([word.stem for word in self.words])

    @cached_property
    def _heads(self) -> Ints:
        """Numbers that words share which begin with the same five letters; short ones share none."""
        return _numbered(
            [word.stem[:5] if len(word.stem) >= 5 else f"{k} {word.stem}" for k, word in enumerate(self.words)]
        )

    @cached_property
    def _lengths(self) -> Ints:
        import numpy as np

        return np.array([len(word.stem) for word in self.words], dtype=np.int64)

    @cached_property
    def last(self) -> Ints:
        """The number of the word before that each word is like, by its first letters; -1 where there is none."""
        import numpy as np

        seen: dict[str, int] = {}
        before = []
        for k, word in enumerate(self.words):
            head = word.stem[:5]
            before.append(seen.get(head, -1))
            seen[head] = k
        return np.array(before, dtype=np.int64)

    def shared(self, first: int, seam: int, end: int) -> float:
        """Return the bits of the words behind a seam that stand before it too, from `first` on, whatever the order."""
        before = self.last[seam:end]
        return float(self.bits[seam:end][(before >= first) & (before < seam)].sum())

    def matches(self, first: slice, second: slice) -> tuple[Floats, Floats]:
        """Return how alike the words of two stretches are (0..1) and what that is worth, as tables."""
        import numpy as np

        same = self.stems[first, None] == self.stems[None, second]
        a, b = self._lengths[first, None], self._lengths[None, second]
        close = (self._heads[first, None] == self._heads[None, second]) & (np.minimum(a, b) >= 0.6 * np.maximum(a, b))
        alike = np.where(same, 1.0, np.where(close, FUZZY, 0.0))
        worth = alike * np.maximum(0.3, np.minimum(self.bits[first, None], self.bits[None, second]) - SMALL)
        return alike, worth


def _numbered(names: Sequence[str]) -> Ints:
    import numpy as np

    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def _counted(keys: Ints) -> tuple[Ints, Ints]:
    """Return the different keys in order, and how often each comes."""
    import numpy as np

    different, counts = np.unique(keys, return_counts=True)
    return different, counts.astype(np.int64)


def _found(known: Ints, keys: Ints) -> Ints:
    """Return the place of each key among sorted ones, -1 where it is not known."""
    import numpy as np

    if not len(known):
        return np.full(len(keys), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, place, -1)


@once(2)
def words_of(text: Segmented) -> Words:
    """Return the words of a document; Han characters count in overlapping pairs, a word that a hyphen cuts as one."""
    language = languages.get(text.document.language)
    # The counts of the document are kept here, two words deep: of the lexis only the language is wanted.
    general: Mapping[str, float] = {} if language.full_width else Lexis(text.document.language).frequencies
    small = {word for flow in text.flows for word in SMALL_WORD.findall(flow.text)}
    words: list[Word] = []
    forms: dict[str, set[str]] = {}
    for number, (_, sentences, flow) in enumerate(text):
        begun = {sentence.start for sentence in sentences}
        begins = [k for k, offset in enumerate(flow.offsets) if offset in begun] + [len(flow.text) + 1]
        at, last = 0, -1
        for start, end, surface, stem in _cut(flow.text, language):
            # Between most Han characters stands nothing.
            if start == last and not surface[0].isupper():
                border = NONE
            else:
                border = PARAGRAPH if last < 0 else _border(flow.text[last:start], surface, small)
            if begins[at] <= start:
                border = max(border, SENTENCE)
                while begins[at] <= start:
                    at += 1
            words.append(Word(number, start, end, stem, border))
            if general:
                forms.setdefault(stem, set()).add(surface.lower())
            last = end
    return Words(words, {stem: sum(general.get(form, 0.0) for form in known) for stem, known in forms.items()})


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
    capital = word[0].isupper() and not word.isupper() and word.lower() in small
    if between in ("", " "):
        return CAPITAL if capital else NONE
    if SENTENCE_MARK.search(between):
        return SENTENCE
    if SEMICOLON_MARK.search(between):
        return SEMICOLON
    if CLAUSE_MARK.search(between):
        return RESTART if capital and RESTART_MARK.fullmatch(between) else CLAUSE
    return CAPITAL if capital else NONE


def is_inner_point(flow: str, end: int, start: int) -> bool:
    """Return whether what stands between the words that end and start there is the point of a file's name.

    >>> is_inner_point("the suffix . deb is", 10, 13), is_inner_point("The end . It is", 7, 10)
    (True, False)
    """
    return (
        flow[start].islower()
        and INNER_POINT.fullmatch(flow, end - 1 if flow[end - 1].isdigit() else end, start) is not None
    )


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
    import numpy as np

    before, after = slice(first, seam), slice(seam, end)
    alike, worth = words.matches(before, after)
    match = np.where(alike > 0, worth, NEVER)
    skip_first = EXTEND + SKIP_FIRST * words.bits[before]
    skip_second = EXTEND + SKIP_SECOND * words.bits[after]
    skipped = np.concatenate([[0.0], np.cumsum(skip_second)])
    start = np.array(START)[words.border[before]]
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
    import numpy as np

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
    loose = [k for k in range(first, seam) if k not in matched_first and words.alone[k] >= 5]
    if not rest or not loose:
        return 0.0
    alike = words.matches(slice(first, seam), slice(seam, end))[0]
    bits = 0.0
    for k in loose:
        row = alike[k - first]
        best = max(rest, key=lambda j, row=row: (row[j - seam], -j))  # type: ignore[misc]
        bits += float(row[best - seam]) * float(min(words.bits[k], words.bits[best]))
    return bits
