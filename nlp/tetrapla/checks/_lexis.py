"""What counts as a word: the document's own vocabulary first, then the frequencies of the language.

Strength is on the Zipf scale of van Heuven et al. (2014): the decimal logarithm of occurrences per thousand million
words, so that 7 is "the", 4 an everyday word, 2 a rare one and 0 an unknown one. It mixes the frequency in general
texts (wordfreq) with the frequency in the document, which knows its own terms and names. An occurrence under
suspicion is left out of the count.
"""

from __future__ import annotations

import gzip
import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, wraps
from importlib.util import find_spec
from itertools import chain, filterfalse, pairwise
from math import log10
from pathlib import Path
from typing import Any, TypeVar

from tetrapla.checks._once import once
from tetrapla.model import Finding, Flow, Grade, Segmented, ViewSpan

__all__ = [
    "LETTERS",
    "LONGEST",
    "ROW",
    "TUNED",
    "Lexis",
    "finding",
    "letters_before",
    "lexis_of",
    "remembered",
    "words_of",
]

R = TypeVar("R")

LETTERS = re.compile(r"[^\W\d_]++")
# Words with more letters are no words.
LONGEST = 40
# Words with single blanks between.
ROW = re.compile(r"[^\W\d_]++(?: [^\W\d_]++)*+")
# Letters of Western Europe, among which a word that begins with a capital is found fast.
LATIN = re.compile(r"[A-Za-zªµºÀ-ÖØ-öø-ÿŒœ \n]*+")
CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-ÞŒ](?<![A-Za-zªµºÀ-ÖØ-öø-ÿŒœ].)[A-Za-zªµºÀ-ÖØ-öø-ÿŒœ]*+")
# A word is read once, from its start: tried from each of its letters, a long run of them would take quadratic time.
HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:-[^\W\d_]++)+")

# A pattern that begins with one certain character is looked for fastest; what must stand before it, is looked at there.
HYPHEN = re.compile(r"-(?<=[^\W\d_].)(?=[^\W\d_])")

# Before a number, with a word of so many letters before it: "phase 2".
BLANK = re.compile(r" (?=\d)(?<=[^\W\d_].)")
LETTERS_COUNTED = range(2, 31)

# Words of one letter; any other letter that stands alone is a symbol, an initial, or a piece of a word.
ONE_LETTER: Mapping[str, str] = {"en": "ai", "es": "aeouy", "fr": "aày"}
# Languages that thresholds were tuned on. Others have their own ways of joining words and parts of words (compounds,
# endings set end to end), which nothing here knows of: what letters alone suggest is for review there.
TUNED = frozenset(ONE_LETTER)
# wordfreq's lists under other codes than ours; for a language without one it would take its neighbour's, and say so.
LISTS = {"bs": "sh", "hr": "sh", "no": "nb", "tl": "fil"}

# A document counts as if it had this many more words, so that two occurrences in a short note do not make a frequent
# word: in 8,000 words, one occurrence gives 4.5, three give 5.
DAMPING = 20_000


@cache
def _frequencies(language: str, *, common: bool) -> Mapping[str, float]:
    """Return wordfreq's frequencies of the words of a language (shares of all words), none where it has no list.

    `common` asks for the shorter of two lists, with the words of a strength of 3 and more.

    The list is read as it lies there: importing wordfreq takes as long again, for what tells languages apart.
    """
    code = language.partition("-")[0].lower()
    code = LISTS.get(code, code)
    spec = find_spec("wordfreq")
    for folder in (spec and spec.submodule_search_locations) or ():
        for size in ("small",) if common else ("large", "small"):
            path = Path(folder, "data", f"{size}_{code}.msgpack.gz")
            if path.exists():
                return _read_list(path)
    return {}


def _read_list(path: Path) -> Mapping[str, float]:
    """Return the frequencies in a file of wordfreq: behind a header, the words of 0, −1, −2 … centibels."""
    msgpack: Any = importlib.import_module("msgpack")
    _, *bels = msgpack.unpackb(gzip.decompress(path.read_bytes()), raw=False)
    shares = [10 ** (-k / 100) for k in range(len(bels))]
    return {word: share for share, words in zip(shares, bels, strict=True) for word in words}


# Characters of the texts whose results are remembered, at most twice as many: a part of a long text has no more. A
# result takes memory even for a short text.
REMEMBERED, LEAST = 250_000, 50


def remembered(function: Callable[[str], R]) -> Callable[[str], R]:
    """Return a function of a text that remembers its last results, those of some hundred thousand characters.

    A text is read again once it is cleaned, and most of its paragraphs are what they were. No result may be None.
    """
    new: dict[str, R] = {}
    old: dict[str, R] = {}
    size = 0

    @wraps(function)
    def call(text: str) -> R:
        nonlocal new, old, size
        result = new.get(text)
        if result is None:
            result = old.get(text)
            if result is None:
                result = function(text)
            size += max(LEAST, len(text))
            if size > REMEMBERED:
                new, old, size = {}, new, len(text)
            new[text] = result
        return result

    return call


def words_of(text: str) -> Sequence[str]:
    """Return the words of a text in small letters, "\\n" between two that not just one blank divides.

    >>> words_of("A boat, no ship")
    ['a', 'boat', '\\n', 'no', 'ship']
    """
    return _read(text)[0]


@remembered
def _read(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the words of a text as `words_of` does, and those that begin with a capital, in small letters."""
    rows = "\n".join(ROW.findall(text))
    if LATIN.fullmatch(rows):
        capitals = CAPITALISED.findall(rows)
    else:
        capitals = [form for form in filterfalse(str.islower, rows.split()) if form[0].isupper()]
    return rows.lower().replace("\n", " \n ").split(" "), " ".join(capitals).lower().split(" ") if capitals else ()


@remembered
def _compounds(text: str) -> Sequence[tuple[int, int, str]]:
    """Return the compounds of a text in small letters, each with its place."""
    found: list[tuple[int, int, str]] = []
    end = 0
    for hyphen in HYPHEN.finditer(text):
        if hyphen.start() >= end:
            start = hyphen.start() - len(letters_before(text, hyphen.start()))
            match = HYPHENATED.match(text, start)
            if match is not None:
                end = match.end()
                found.append((start, end, match.group().lower()))
    return found


def letters_before(text: str, end: int) -> str:
    """Return the letters right before a place, of an endless word one more than `LONGEST`.

    >>> letters_before("by the sea-side", 10)
    'sea'
    """
    match = LETTERS.match(text[max(0, end - LONGEST - 1) : end][::-1])
    return match.group()[::-1] if match else ""


class Lexis:
    """The vocabulary of a document and of its language; of another language than a document's, its `common` words."""

    def __init__(self, language: str, flows: Iterable[Flow] = (), *, common: bool = False) -> None:
        self.language = language
        self.frequencies = _frequencies(language, common=common)
        self.counts: Counter[str] = Counter()
        self.capitals: Counter[str] = Counter()
        self._flows = tuple(flows)
        self._count()
        # Half of the frequency is that of the language.
        self._weight = 2 * (self.counts.total() + DAMPING)

    def _count(self) -> None:
        read = [_read(flow.text) for flow in self._flows]
        self.counts.update(chain.from_iterable(words for words, _ in read))
        # What stands between rows, and what a flow without any word has.
        del self.counts["\n"], self.counts[""]
        self.capitals.update(chain.from_iterable(capitals for _, capitals in read))

    @cached_property
    def general(self) -> Mapping[str, float]:
        """The frequency in the language of each word of the document, 0 where it is unknown; a smaller table."""
        return {word: self.frequencies.get(word, 0.0) for word in self.counts}

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often each two words stand side by side; large, so it is counted when it is first asked for."""
        pairs: Counter[tuple[str, str]] = Counter()
        for flow in self._flows:
            for row in ROW.findall(flow.text):
                pairs.update(pairwise(row.lower().split(" ")))
        return pairs

    @cached_property
    def hyphenated(self) -> Counter[str]:
        """How often each compound stands within a line; what a line's end divides may be a word or a compound."""
        return Counter(
            compound
            for flow in self._flows
            if "-" in flow.text
            for start, end, compound in _compounds(flow.text)
            if flow.offsets[end - 1] - flow.offsets[start] == end - 1 - start
        )

    @cached_property
    def numbered(self) -> Counter[str]:
        """How often each word stands before a number."""
        words = (
            letters_before(flow.text, blank.start()) for flow in self._flows for blank in BLANK.finditer(flow.text)
        )
        return Counter(word.lower() for word in words if len(word) in LETTERS_COUNTED)

    def zipf(self, word: str) -> float:
        """Return how frequent a word is in the language, 0 when unknown."""
        frequency = self.frequencies.get(word.lower(), 0.0)
        return max(0.0, log10(frequency) + 9) if frequency else 0.0

    def strength(self, word: str, *, less: int = 0) -> float:
        """Return how sure a word is, leaving out `less` of its occurrences here; a lone letter is none."""
        frequency = self.share(word.lower(), less=less)
        return max(0.0, log10(frequency) + 9) if frequency else 0.0

    def share(self, word: str, *, less: int = 0) -> float:
        """Return the frequency (0..1) behind the strength of a word in small letters."""
        if len(word) == 1 and word not in ONE_LETTER.get(self.language, word):
            return 0.0
        here = self.counts.get(word, 0) - less
        general = self.frequencies.get(word, 0.0)
        return general + here / self._weight if here > 0 else general

    def weaker(self, strength: float) -> set[str]:
        """Return the words of the document that are weaker than so much, one occurrence of each left out."""
        most, weight = 10 ** (strength - 9), self._weight
        shares = zip(self.general.items(), self.counts.values(), strict=True)
        weak = {word for (word, general), count in shares if general + (count - 1) / weight < most}
        symbols = {word for word in self.counts if len(word) == 1 and not self.share(word)}
        return weak | symbols

    def others(self, word: str, *, less: int = 1) -> int:
        """Return how often a word stands elsewhere in the document."""
        return max(0, self.counts[word.lower()] - less)


@once(4)
def lexis_of(text: Segmented) -> Lexis:
    """Return the vocabulary of a text; counted once, for the families of checks share it."""
    return Lexis(text.document.language, text.flows)


def finding(
    kind: str,
    flow: Flow,
    place: tuple[int, int],
    *,
    score: float,
    message: str,
    replacement: str | None = None,
    grade: Grade = "review",
    evidence: Mapping[str, object] | None = None,
) -> Finding:
    """Return a finding at ``flow.text[start:end]``, its spans in the raw text."""
    return Finding(
        type=kind,
        spans=flow.to_raw(ViewSpan(*place)),
        score=round(min(1.0, max(0.0, score)), 3),
        grade=grade,
        replacement=replacement,
        evidence=dict(evidence or {}),
        message=message,
    )
