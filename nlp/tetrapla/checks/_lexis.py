"""What counts as a word: the document's own vocabulary first, then the frequencies of the language.

Strength is on the Zipf scale of van Heuven et al. (2014): the decimal logarithm of occurrences per thousand million
words, so that 7 is "the", 4 an everyday word, 2 a rare one and 0 an unknown one. It mixes the frequency in general
texts (wordfreq) with the frequency in the document, which knows its own terms and names. An occurrence under
suspicion is left out of the count.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from tetrapla.checks._once import once
from tetrapla.model import Finding, Flow, Grade, Segmented, ViewSpan

__all__ = ["LETTERS", "TUNED", "Lexis", "finding", "lexis_of"]

LETTERS = re.compile(r"[^\W\d_]+")
# A word is read once, from its start: tried from each of its letters, a long run of them would take quadratic time.
HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:-[^\W\d_]++)+")

# A word before a number: "phase 2".
NUMBERED = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,30}) \d")

# Words of one letter; any other letter that stands alone is a symbol, an initial, or a piece of a word.
ONE_LETTER: Mapping[str, str] = {"en": "ai", "es": "aeouy", "fr": "aày"}
# Languages that thresholds were tuned on. Others have their own ways of joining words and parts of words (compounds,
# endings set end to end), which nothing here knows of: what letters alone suggest is for review there.
TUNED = frozenset({"zh", *ONE_LETTER})
# wordfreq's lists under other codes than ours; for a language without one it would take its neighbour's, and say so.
LISTS = {"bs": "sh", "hr": "sh", "no": "nb", "tl": "fil"}

# A document counts as if it had this many more words, so that two occurrences in a short note do not make a frequent
# word: in 8,000 words, one occurrence gives 4.5, three give 5.
DAMPING = 20_000


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    import wordfreq

    code = language.partition("-")[0].lower()
    code = LISTS.get(code, code)
    if code not in wordfreq.available_languages():  # only the document is known
        return {}
    frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(code)
    return frequencies


class Lexis:
    """The vocabulary of a document and of its language."""

    def __init__(self, language: str, flows: Iterable[Flow] = ()) -> None:
        self.language = language
        self.frequencies = _frequencies(language)
        self.counts: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.hyphenated: Counter[str] = Counter()
        self.capitals: Counter[str] = Counter()
        self.numbered: Counter[str] = Counter()
        for flow in flows:
            self._count(flow.text)
        self.total = self.counts.total()

    def _count(self, text: str) -> None:
        previous, end = "", -2
        for match in LETTERS.finditer(text):
            word = match.group()
            lower = word.lower()
            self.counts[lower] += 1
            if word[0].isupper():
                self.capitals[lower] += 1
            if match.start() == end + 1 and text[end] == " ":
                self.pairs[previous, lower] += 1
            previous, end = lower, match.end()
        self.numbered.update(m.group(1).lower() for m in NUMBERED.finditer(text))
        self.hyphenated.update(m.group().lower() for m in HYPHENATED.finditer(text))

    def zipf(self, word: str) -> float:
        """Return how frequent a word is in the language, 0 when unknown."""
        frequency = self.frequencies.get(word.lower(), 0.0)
        return max(0.0, math.log10(frequency) + 9) if frequency else 0.0

    def strength(self, word: str, *, less: int = 0) -> float:
        """Return how sure a word is, leaving out `less` of its occurrences here; a lone letter is none."""
        word = word.lower()
        if len(word) == 1 and word not in ONE_LETTER.get(self.language, word):
            return 0.0
        here = max(0, self.counts[word] - less) / (self.total + DAMPING)
        frequency = self.frequencies.get(word, 0.0) + here / 2
        return max(0.0, math.log10(frequency) + 9) if frequency else 0.0

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
