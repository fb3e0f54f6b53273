"""Passages that a version says twice and the version that it translates says once.

Two renderings need not share a word: "Xigang gave money" and "The funds came from Xigang" are one clause of the pivot.
They are found like those that do share words, as a dovetail (see `_dovetail`), but words match as well that stand for
the same word of another version beside them. Likeness alone proves little, for parallel sentences are alike too ("The
first shift …. The second shift …."): what counts is how much of it the pivot has only once. Two words that match and
have each a word of its own there repeat nothing; Bertalign and Vecalign, which lack this question, make of a second
rendering a bead of one sentence with two (a stutter).

The thresholds were tuned on manuals in three languages aligned with Chinese and on a machine translation of a paper.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from tetrapla import checks, languages
from tetrapla.checks._dovetail import (
    CAPITAL,
    CLAUSE,
    PARAGRAPH,
    SENTENCE,
    SMALL,
    Dovetail,
    Floats,
    Words,
    dovetail,
    words_of,
)
from tetrapla.checks._pivot import Witness, witnesses_of
from tetrapla.checks.duplicates import duplicate
from tetrapla.checks.fragments import FUNCTION
from tetrapla.model import Finding, Segmented, Span, ViewSpan

__all__ = ["renderings"]

# The bits, weighed by shares and by what the pivot has only once, that make a stutter: of two sentences, of a clause
# and the sentence behind it, of two clauses, and of two sentences that the aligner gave each a sentence of the pivot.
SENTENCES_NET, CLAUSE_NET, CLAUSES_NET, APART_NET = 2.5, 4.5, 5.0, 13.0
# A clause behind a comma is a second rendering only where both are of some length, and most of it is said once: short
# ones are built alike on purpose ("kernel modules, kernel patches").
CLAUSE_WORDS, CLAUSE_PAIRS, CLAUSE_ONCE = 9, 5, 0.5
# What the text alone gives so high a score stays whatever the aligner did.
SURE = 0.65
# So many words must match; a copy of more words than this is no clause or sentence.
LEAST_PAIRS, LONGEST = 4, 70
# Below so many bits in common, whatever their order, no match can come to a threshold.
LEAST_SHARED = 9.0
# A weaker link is no evidence; of a word's links those count that come near its best.
LEAST_LINK, NEAR_BEST = 0.3, 0.75
# The pivot is asked where it has words for so much of the match; other versions stutter too and count half.
ASKED, OTHERS = 0.2, 0.5
# The borders of a copy are those of a clause or sentence so many words away.
NEAR = 5
# So much more of the pivot must the later copy cover for the earlier one to go.
MORE = 1.05

BRACKET = re.compile(r"[()（）\[\]]")
HAS_DIGIT = re.compile(r"\d")
OPENING = "¿¡\"“«‘'([{（《「『【"
CLOSING = re.compile(r"[\"”»’)\]}）》」』】]*(?:\s?[.!?。！？…;；,，])*[\"”»’)\]）》」』】]*")
Range = tuple[int, int]


@checks.add("duplicate", takes="comparison", replaces=True)
def renderings(comparison: checks.Comparison) -> Iterator[Finding]:
    """A passage that says again what stands next to it, also in other words where the original says it once.

    The finding is the copy that says less; `kept` is the other one.
    """
    # The original says nothing twice; what it is like beside its translations is no evidence.
    original = comparison.subject == comparison.alignment.pivot
    witnesses = () if original else witnesses_of(comparison)
    alone = [finding for finding in duplicate(comparison.text) if not _two(finding, comparison.text, witnesses)]
    yield from alone
    if not witnesses:
        return
    taken = [span for finding in alone for span in (*finding.spans, *([finding.kept] if finding.kept else []))]
    found = [*_stutters(comparison.text, witnesses), *_captions(comparison, witnesses[0])]
    for finding in sorted(found, key=lambda finding: (-finding.score, finding.start)):
        if not any(span.overlaps(other) for span in finding.spans for other in taken):
            taken += finding.spans
            yield finding


def _two(finding: Finding, text: Segmented, witnesses: Sequence[Witness]) -> bool:
    """Return whether the text alone is none too sure of two sentences that have each their own in the original."""
    if finding.score >= SURE or finding.kept is None or not witnesses:
        return False
    copies = finding.spans, (finding.kept,)
    beads = [set(witnesses[0].beads_in(spans)) for spans in copies]
    # A clause that the next sentence says again was linked together with its own sentence.
    whole = not any(text.document.text[spans[0].start].islower() for spans in copies)
    return whole and all(beads) and not beads[0] & beads[1]


# ---------------------------------------------------------------------------------------------------- words


# What a word stands for, by the number of the witness and the form there, and how surely.
Row = Mapping[tuple[int, str], float]


@dataclass(frozen=True)
class _Compared(Words):
    """The words of a document, with what each stands for in the versions beside it."""

    rows: Sequence[Row]

    def matches(self, first: slice, second: slice) -> tuple[Floats, Floats]:
        """Return how alike the words of two stretches are, by their form or by what they stand for, and its worth."""
        alike, _ = super().matches(first, second)
        columns: dict[tuple[int, str], list[tuple[int, float]]] = {}
        for j, row in enumerate(self.rows[second]):
            for key, weight in row.items():
                columns.setdefault(key, []).append((j, weight))
        for i, row in enumerate(self.rows[first]):
            for key, weight in row.items():
                for j, other in columns.get(key, ()):
                    alike[i, j] = max(alike[i, j], min(weight, other))
        worth = alike * np.maximum(0.3, np.minimum(self.bits[first, None], self.bits[None, second]) - SMALL)
        return alike, worth


def _compared(text: Segmented, witnesses: Sequence[Witness]) -> tuple[_Compared, list[Span]]:
    """Return the words of a document with what they may stand for, and where each stands in the raw text."""
    words = words_of(text)
    places = []
    for word in words:
        offsets = text.flows[word.paragraph].offsets
        places.append(Span(*sorted((offsets[word.start], offsets[word.end - 1] + 1))))
    starts = [k for k, word in enumerate(words) if word.border >= SENTENCE] + [len(words)]
    rows: list[Row] = []
    for n in range(len(starts) - 1):
        # A second rendering may have been left without a counterpart: that of its neighbour counts.
        first = starts[n - 1] if n and words[starts[n]].border == SENTENCE else starts[n]
        last = starts[n + 2] if n + 2 < len(starts) and words[starts[n + 1]].border == SENTENCE else starts[n + 1]
        beside = [set(_region(witness, places[first:last])) for witness in witnesses]
        for word in words[starts[n] : starts[n + 1]]:
            rows.append(
                {
                    (number, form): weight
                    for number, witness in enumerate(witnesses)
                    for form, weight in witness.links.get(word.stem, {}).items()
                    if weight >= LEAST_LINK and form in beside[number]
                }
            )
    return _Compared(words.words, words.frequencies, rows), places


def _region(witness: Witness, places: Sequence[Span]) -> Counter[str]:
    """Return the words of another version beside some words of this one."""
    return Counter(witness.other.tokens[k].form for k in witness.region(places))


# ---------------------------------------------------------------------------------------------------- stutters


class _Stutter(NamedTuple):
    """Two renderings as ranges of words; `once` is the share of the match that the pivot says once (0..1).

    `net` is what speaks for them, in bits, `threshold` what must.
    """

    first: Range
    second: Range
    net: float
    threshold: float
    once: float
    match: Dovetail


def _stutters(text: Segmented, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Yield clauses and sentences with another rendering right behind them, the best of those that overlap."""
    words, places = _compared(text, witnesses)
    found = [s for s in _candidates(words, places, witnesses, text) if s.net >= s.threshold]
    taken: list[Range] = []
    for stutter in sorted(found, key=lambda s: (-s.net / s.threshold, s.first)):
        whole = stutter.first[0], stutter.second[1]
        if all(whole[1] <= start or end <= whole[0] for start, end in taken):
            taken.append(whole)
            yield _finding(text, words, places, witnesses, stutter)


def _candidates(
    words: _Compared, places: Sequence[Span], witnesses: Sequence[Witness], text: Segmented
) -> Iterator[_Stutter]:
    """Yield the best match at every seam that has one: a sentence against the text behind it in its paragraph."""
    ends = [k for k, word in enumerate(words) if k and word.border == PARAGRAPH] + [len(words)]
    sentence = 0
    for seam, word in enumerate(words):
        if seam and CAPITAL <= word.border <= SENTENCE:
            first = max(sentence, seam - LONGEST)
            end = min(seam + LONGEST, seam + 2 * (seam - first) + 12, ends[bisect_right(ends, seam)])
            if _share(words, first, seam, end) and (match := dovetail(words, first, seam, end)):
                yield from _judged(words, places, witnesses, match, text)
        if word.border >= SENTENCE:
            sentence = seam


def _share(words: _Compared, first: int, seam: int, end: int) -> bool:
    """Return whether two stretches have enough in common, whatever the order, to be worth aligning."""
    if min(seam - first, end - seam) < LEAST_PAIRS:
        return False
    _, worth = words.matches(slice(first, seam), slice(seam, end))
    return float(worth.max(axis=1).sum()) >= LEAST_SHARED


def _judged(
    words: _Compared,
    places: Sequence[Span],
    witnesses: Sequence[Witness],
    match: Dovetail,
    text: Segmented,
) -> Iterator[_Stutter]:
    """Yield the match with what speaks for it, if that is enough to be looked at."""
    if len(match.pairs) < LEAST_PAIRS or match.quality <= 0:
        return
    asked, twice = zip(*(_said_twice(words, places, w, n, match) for n, w in enumerate(witnesses)), strict=True)
    once = 1.0
    sure = witnesses[0].pivot and asked[0] >= ASKED
    if sure:
        once *= 1 - twice[0] / asked[0]
    others = [twice[n] / asked[n] for n in range(int(witnesses[0].pivot), len(witnesses)) if asked[n] >= ASKED]
    if others:
        once *= 1 - OTHERS * min(others) if sure else 1 - min(others)
    elif not sure:
        return
    first = _begin(words, match.first), match.seam
    second = match.seam, _end(words, match)
    threshold = _threshold(words, places, witnesses[0], first, second)
    seam = words[match.seam].border
    if seam < SENTENCE:
        short = min(first[1] - first[0], second[1] - second[0]) < CLAUSE_WORDS or len(match.pairs) < CLAUSE_PAIRS
        if short or once < CLAUSE_ONCE or not sure:
            return
        if seam == CAPITAL and words[match.seam - 1].stem not in _unfinished(text.document.language):
            return
    if not _seam(text, words, match.seam):
        return
    if not _other_numbers(words, first, second):
        yield _Stutter(first, second, match.quality * once, threshold, once, match)


def _seam(text: Segmented, words: _Compared, seam: int) -> bool:
    """Return whether two renderings may meet there: not at a bracket, and no sentence begins with a small letter."""
    flow = text.flows[words[seam].paragraph].text
    if words[seam].border >= SENTENCE:
        return not flow[words[seam].start].islower()
    return not BRACKET.search(flow, words[seam - 1].end, words[seam].start)


def _threshold(words: _Compared, places: Sequence[Span], witness: Witness, first: Range, second: Range) -> float:
    """Return the bits that two copies must have in common."""
    if words[second[0]].border < SENTENCE:
        return CLAUSES_NET
    if words[first[0]].border < SENTENCE:
        return CLAUSE_NET
    beads = [set(witness.beads_in(places[slice(*copy)])) for copy in (first, second)]
    return APART_NET if all(beads) and not beads[0] & beads[1] else SENTENCES_NET


def _other_numbers(words: _Compared, first: Range, second: Range) -> bool:
    """Return whether each copy has a number that the other has not: steps, versions, years, but no renderings."""
    a, b = ({word.stem for word in words[slice(*copy)] if HAS_DIGIT.search(word.stem)} for copy in (first, second))
    return bool(a - b and b - a)


def _said_twice(
    words: _Compared, places: Sequence[Span], witness: Witness, number: int, match: Dovetail
) -> tuple[float, float]:
    """Return for which share of a match a version has words, and for which it has two, one for each copy."""
    left = _region(witness, places[match.first : match.end])
    total = asked = twice = 0.0

    def forms(k: int) -> list[str]:
        row = {form: weight for (n, form), weight in words.rows[k].items() if n == number and form in left}
        best = max(row.values(), default=0.0)
        return sorted((form for form, weight in row.items() if weight >= NEAR_BEST * best), key=lambda f: (-row[f], f))

    for a, b in match.pairs:
        bits = float(min(words.bits[a], words.bits[b]))
        total += bits
        ours, theirs = forms(a), forms(b)
        if not (ours and theirs):
            continue
        asked += bits
        for x, y in ((x, y) for x in ours for y in theirs):
            if left[x] >= (2 if x == y else 1) <= left[y]:
                left[x] -= 1
                left[y] -= 1
                twice += bits
                break
    return asked / max(total, 1e-9), twice / max(total, 1e-9)


def _begin(words: _Compared, first: int) -> int:
    """Return where the clause or sentence begins whose words match from `first` on, if that is near."""
    for least in (SENTENCE, CLAUSE):
        for k in range(first, max(-1, first - NEAR - 1), -1):
            if words[k].border >= least:
                return k
    return first


def _end(words: _Compared, match: Dovetail) -> int:
    """Return where the clause or sentence ends whose words match up to the end of the match, if that is near."""
    matched = sorted(b for _, b in match.pairs)
    for least in (SENTENCE, CLAUSE):
        for k in range(match.end, min(len(words), match.end + NEAR) + 1):
            if k == len(words) or words[k].border >= least:
                return k
        # A chance match behind the end of the sentence draws the next one in.
        for k in range(match.end - 1, max(match.seam, match.end - NEAR) - 1, -1):
            if words[k].border >= least and sum(b >= k for b in matched) <= 1:
                return k
    return match.end


@cache
def _unfinished(code: str) -> frozenset[str]:
    """Return the stems of words that hardly end a sentence."""
    language, function = languages.get(code), FUNCTION.get(code)
    return frozenset(map(language.stem, function.never | function.hardly)) if function else frozenset()


def _finding(
    text: Segmented, words: _Compared, places: Sequence[Span], witnesses: Sequence[Witness], stutter: _Stutter
) -> Finding:
    first, second = stutter.first, stutter.second
    whole = second[1] == len(words) or words[second[1]].border >= SENTENCE
    cut = [words[copy[1] - 1].stem in _unfinished(text.document.language) for copy in (first, second)]
    if cut[0] != cut[1]:
        again = cut[1]
    else:
        covers = [_covered(words, copy, (first[0], second[1]), places, witnesses[0]) for copy in (first, second)]
        again = whole and covers[0] > MORE * covers[1]
    redundant, kept = (second, first) if again else (first, second)
    flow = text.flows[words[redundant[0]].paragraph]
    return Finding(
        type="duplicate",
        spans=flow.to_raw(ViewSpan(*_place(flow.text, words, redundant))),
        score=round(stutter.net / (stutter.net + stutter.threshold), 3),
        grade="review",
        replacement="",
        kept=max(
            flow.to_raw(ViewSpan(*_place(flow.text, words, kept))),
            key=len,
        ),
        evidence={
            "bits": round(stutter.match.bits, 1),
            "shares": [round(stutter.match.first_share, 2), round(stutter.match.second_share, 2)],
            "once": round(stutter.once, 2),
        },
        message=f"Says again what stands right {'before' if again else 'behind'} it; the original says it once.",
    )


def _covered(words: _Compared, copy: Range, both: Range, places: Sequence[Span], witness: Witness) -> float:
    """Return how many words of the original a copy covers, each by its best link."""
    beside = _region(witness, places[both[0] : both[1]])
    best: dict[str, float] = {}
    for k in range(*copy):
        for (number, form), weight in words.rows[k].items():
            if number == 0 and form in beside:
                best[form] = max(weight, best.get(form, 0.0))
    return sum(best.values())


def _place(text: str, words: _Compared, copy: Range) -> Range:
    """Return where words stand in their flow, with the marks that belong to them."""
    start, end = words[copy[0]].start, words[copy[1] - 1].end
    while start and text[start - 1] in OPENING and not (start > 1 and text[start - 2].isalnum()):
        start -= 1
    closed = CLOSING.match(text, end)
    return start, closed.end() if closed else end


# ---------------------------------------------------------------------------------------------------- captions


def _captions(comparison: checks.Comparison, witness: Witness) -> Iterator[Finding]:
    """Yield captions with the number of another one, where the original has one caption of that number."""
    original = Counter(number for _, number in _labelled(witness.other.text))
    text = comparison.text
    by_number: dict[str, list[int]] = {}
    for k, number in _labelled(text):
        by_number.setdefault(number, []).append(k)
    for number, paragraphs in by_number.items():
        if len(paragraphs) != 2 or original[number] != 1:
            continue
        # The one that no bead links to the original, or else the one that says less, is the redundant one.
        linked = [bool(witness.beads_in(text.paragraphs[k].spans)) for k in paragraphs]
        least = min(range(2), key=lambda n: (linked[n], len(text.flows[paragraphs[n]].text)))
        spans = text.paragraphs[paragraphs[least]].spans
        yield Finding(
            type="duplicate",
            spans=spans,
            score=0.6,
            grade="review",
            replacement="",
            kept=max(text.paragraphs[paragraphs[1 - least]].spans, key=len),
            evidence={"caption": number},
            message=f"A caption {number} stands twice; the original has one.",
        )


def _labelled(text: Segmented) -> list[tuple[int, str]]:
    """Return the paragraphs that are captions, and the number of each."""
    language = languages.get(text.document.language)
    labels = "|".join(re.escape(word) for word in language.caption_words)
    if not labels:
        return []
    label = re.compile(rf"(?:{labels})\s*(\d+(?:[.-]\d+)*)(?!\w)", re.IGNORECASE)
    return [
        (k, match.group(1))
        for k, (paragraph, _, flow) in enumerate(text)
        if paragraph.kind == "caption" and (match := label.match(flow.text))
    ]
