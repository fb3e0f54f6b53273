"""Passages said twice: a translator, fed the same lines again, gives two renderings side by side.

No two of them agree word for word, and a paper repeats its terms all the time, so that neither equality nor likeness
will do; a second rendering is known by its place, right behind the first (see `_dovetail`). Besides, three forms that
are too short for that: the last words of a sentence said again, a term with itself for a gloss, a caption that stands
twice.

The thresholds were tuned on a machine translation of one paper, on manuals in English, Spanish and French (three
million characters without a repeat) and on the same manuals disturbed at random.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.checks._dovetail import (
    CAPITAL,
    CLAUSE,
    LONGEST,
    PARAGRAPH,
    SENTENCE,
    Dovetail,
    Words,
    dovetail,
    words_of,
)
from tetrapla.model import Finding, Flow, Grade, Segmented, ViewSpan

__all__ = ["duplicate"]

# A match of this quality has the score 0.5 and is reported. A clause that a sentence says again is hardly ever meant;
# sentences that are built alike often are ("In insert mode …. In overwrite mode …."). A capital in mid-sentence is
# a seam only where a rendering broke off.
CLAUSE_QUALITY = 20.0
SENTENCE_QUALITY = 24.0
CAPITAL_QUALITY = 10.0
# Chinese says as much in half the characters, and its parallel sentences are more alike.
FULL_WIDTH_FACTOR = 1.5
# So many words must match, more behind a capital in mid-sentence, where few may come before the first that does.
LEAST_PAIRS, FULL_WIDTH_PAIRS, CAPITAL_PAIRS, MOST_HEAD = 3, 8, 5, 2
# Where the first copy has so many words more than the second between two that match, it may begin later.
FAR = 4
# Below so many bits in common, whatever their order, no match can come to that.
LEAST_SHARED = 14.0
# As many words repeated exactly, sentence for sentence, may go without being looked at.
SAFE_WORDS = 8
# What is said again at the end of a sentence, or as a gloss, is a last word, a last term; in letters and words.
SHORT_WORDS, SHORT_LETTERS = 4, 4
# So many words alike make two captions of one number the same.
CAPTION_WORDS = 4

GLOSS = re.compile(r"\s?[(（]([^()（）]{2,60})[)）]")
# What belongs to the word that it stands before without a blank, and to the word that it stands behind.
OPENING = "¿¡\"“«‘'([{（《「『【"
CLOSING = re.compile(r"[\"”»’)\]）》」』】]*(?:\s?[.!?。！？…;；])*[\"”»’)\]）》」』】]*")

HAS_DIGIT = re.compile(r"\d")
SENTENCE_END = re.compile(r"[.!?。！？]\W*$")

Range = tuple[int, int]


@checks.add("duplicate")
def duplicate(text: Segmented) -> Iterator[Finding]:
    """A clause, sentence or passage that says again what stands next to it, as where a translator gave two renderings.

    The finding is the copy that says less; `kept` is the other one.
    """
    words = words_of(text)
    found = [*_renderings(text, words), *_echoes(words), *_glosses(text, words), *_captions(text, words)]
    taken: list[Range] = []
    for copies in sorted(found, key=lambda c: (-c.score, c.redundant)):
        finding = _finding(text, words, copies)
        if all(_free(taken, span.start, span.end) for span in finding.spans):
            for span in finding.spans:
                insort(taken, (span.start, span.end))
            yield finding


def _free(taken: list[Range], start: int, end: int) -> bool:
    """Return whether a range meets none of some that are sorted and disjoint."""
    at = bisect_right(taken, (start, end))
    return (at == 0 or taken[at - 1][1] <= start) and (at == len(taken) or end <= taken[at][0])


class _Copies(NamedTuple):
    """Two copies of a passage as ranges of words."""

    redundant: Range
    kept: Range
    score: float
    message: str
    grade: Grade = "review"
    evidence: Mapping[str, object] = MappingProxyType({})
    place: Range | None = None  # in the flow, where it is not that of the words with their marks


def _finding(text: Segmented, words: Words, copies: _Copies) -> Finding:
    flow = text.flows[words[copies.redundant[0]].paragraph]
    start, end = copies.place or _place(flow, words, copies.redundant)
    other = text.flows[words[copies.kept[0]].paragraph]
    kept = other.to_raw(ViewSpan(*_place(other, words, copies.kept)))
    return Finding(
        type="duplicate",
        spans=flow.to_raw(ViewSpan(start, end)),
        score=round(copies.score, 3),
        grade=copies.grade,
        replacement="",
        # A copy that a page tore in two is known by its longer piece.
        kept=max(kept, key=len),
        evidence=copies.evidence,
        message=copies.message,
    )


def _place(flow: Flow, words: Words, copy: Range) -> Range:
    """Return where words stand in their flow, with the marks that belong to them."""
    start, end = words[copy[0]].start, words[copy[1] - 1].end
    while start and flow.text[start - 1] in OPENING and not (start > 1 and flow.text[start - 2].isalnum()):
        start -= 1
    closed = CLOSING.match(flow.text, end)
    return start, closed.end() if closed else end


# ---------------------------------------------------------------------------------------------------- renderings


def _renderings(text: Segmented, words: Words) -> Iterator[_Copies]:
    """Yield passages with another rendering right behind them, the best of those that overlap."""
    full_width = languages.get(text.document.language).full_width
    factor, least = (FULL_WIDTH_FACTOR, FULL_WIDTH_PAIRS) if full_width else (1.0, LEAST_PAIRS)
    matches = [match for match in _dovetails(words) if len(match.pairs) >= least]
    found = [(match.quality / factor / _threshold(words, match), match) for match in matches]
    taken: list[Range] = []
    for ratio, match in sorted(found, key=lambda item: (-item[0], item[1].seam)):
        if ratio < 1.0:
            break
        if not _free(taken, match.first, match.seam):
            continue
        insort(taken, (match.first, match.seam))
        first, second = (match.first, match.seam), (match.seam, _clause_end(words, match.end))
        whole = second[1] == len(words) or words[second[1]].border >= SENTENCE
        again = whole and match.second_more < match.first_more
        yield _Copies(
            redundant=second if again else first,
            kept=first if again else second,
            score=ratio / (1.0 + ratio),
            grade="safe" if not full_width and _verbatim(words, match) else "review",
            evidence={
                "bits": round(match.bits, 1),
                "shares": [round(match.first_share, 2), round(match.second_share, 2)],
            },
            message=f"Says again what stands right {'before' if again else 'behind'} it.",
        )


def _dovetails(words: Words) -> Iterator[Dovetail]:
    """Yield the best match at every seam that has one: a sentence against the text behind it in its paragraph."""
    ends = [k for k, word in enumerate(words) if k and word.border == PARAGRAPH] + [len(words)]
    sentence = 0
    for seam, word in enumerate(words):
        if seam and word.border in (CAPITAL, SENTENCE):
            paragraph = bisect_right(ends, seam)
            first = max(sentence, seam - LONGEST)
            # The second copy is the fuller one, but not without measure.
            end = min(seam + LONGEST, seam + 2 * (seam - first) + 12, ends[paragraph])
            if _share(words, first, seam, end) and (match := dovetail(words, first, seam, end)):
                yield _trimmed(words, match, end)
        if word.border >= SENTENCE:
            sentence = seam


def _trimmed(words: Words, match: Dovetail, end: int) -> Dovetail:
    """Return the match, or the better one that begins at a later clause of the first copy.

    Words that the sentence before happens to share ("The mill had stood for years, and it was …. The mill was …") are
    cheap to reach for, but cost the match its share.
    """
    best = match
    for (before, _), (after, _) in pairwise(match.pairs):
        if after - before > FAR:
            starts = [k for k in range(before + 1, after + 1) if words[k].border >= CLAUSE]
            later = dovetail(words, starts[-1], match.seam, end) if starts else None
            if later is not None and later.quality > best.quality:
                best = later
    return best


def _share(words: Words, first: int, seam: int, end: int) -> bool:
    """Return whether two stretches have enough in common, whatever the order, to be worth aligning."""
    left = Counter(word.stem[:5] for word in words[first:seam])
    bits = 0.0
    for k in range(seam, end):
        head = words[k].stem[:5]
        if left[head]:
            left[head] -= 1
            bits += words.bits[k]
    return bits >= LEAST_SHARED


def _threshold(words: Words, match: Dovetail) -> float:
    """Return the quality that a match must have."""
    begins, capital = words[match.first].border, words[match.seam].border == CAPITAL
    if _other_numbers(words, match) or (capital and not _breaks_off(words, match)):
        return float("inf")
    if begins >= SENTENCE:
        return SENTENCE_QUALITY
    return CAPITAL_QUALITY if capital else CLAUSE_QUALITY


def _breaks_off(words: Words, match: Dovetail) -> bool:
    """Return whether a clause stops at a capital in mid-sentence and a whole sentence begins there with the same words.

    Else the capital is that of a name ("…, described in Section 3, …").
    """
    return (
        words[match.first].border >= CLAUSE
        and len(match.pairs) >= CAPITAL_PAIRS
        and match.pairs[0][1] - match.seam <= MOST_HEAD
        and all(word.border < SENTENCE for word in words[match.seam : match.end])
    )


def _other_numbers(words: Words, match: Dovetail) -> bool:
    """Return whether each copy has a number that the other has not: steps, versions, tables, but no renderings."""

    def numbers(start: int, end: int) -> dict[str, str]:
        return {words[k].stem: words[k - 1].stem for k in range(start, end) if HAS_DIGIT.search(words[k].stem)}

    first, second = numbers(match.first, match.seam), numbers(match.seam, match.end)
    # The match stops before a number that differs: "since 1703" and "since 1704"; a reference mark may differ.
    behind = numbers(match.end, _clause_end(words, match.end))
    second |= {number: before for number, before in behind.items() if before in first.values()}
    return bool(first.keys() - second.keys() and second.keys() - first.keys())


def _clause_end(words: Words, end: int) -> int:
    """Return where the clause ends whose words before `end` match, if that is near."""
    return next((k for k in range(end, end + 5) if k >= len(words) or words[k].border >= CLAUSE), end)


def _verbatim(words: Words, match: Dovetail) -> bool:
    """Return whether the sentence behind the seam repeats all of the one before it word for word."""
    count = match.seam - match.first
    return (
        count >= SAFE_WORDS
        and words[match.first].border >= SENTENCE == words[match.seam].border
        and _alike(words, match.first, match.seam, count)
    )


def _alike(words: Words, a: int, b: int, count: int) -> bool:
    """Return whether `count` words from `a` and from `b` on are the same."""
    first, second = words[a : a + count], words[b : b + count]
    return len(first) == len(second) and all(x.stem == y.stem for x, y in zip(first, second, strict=True))


# ---------------------------------------------------------------------------------------------- what is too short


def _echoes(words: Words) -> Iterator[_Copies]:
    """Yield the last words of a sentence where they stand again behind it, as a sentence of their own."""
    starts = [k for k, word in enumerate(words) if word.border >= SENTENCE] + [len(words)]
    for before, start, end in zip(starts, starts[1:], starts[2:], strict=False):
        count = end - start
        if (
            words[start].border == SENTENCE
            and start - before > count
            and _short(words, start, count)
            and _alike(words, start - count, start, count)
        ):
            yield _Copies((start, end), (start - count, start), 0.8, "The last words of the sentence, once more.")


def _glosses(text: Segmented, words: Words) -> Iterator[_Copies]:
    """Yield what stands in brackets behind the same words, as where a term glossed its own translation."""
    places = {(word.paragraph, word.start): k for k, word in enumerate(words)}
    for number, flow in enumerate(text.flows):
        for match in GLOSS.finditer(flow.text):
            first = places.get((number, match.start(1)))
            if first is None:
                continue
            # One word is often a sign for itself: "the version (version)".
            count = next((n for n in range(2, SHORT_WORDS + 1) if words[first : first + n][-1].end == match.end(1)), 0)
            before = first - count
            if (
                _short(words, first, count)
                and before >= 0
                and words[before].paragraph == number
                and words[first - 1].end == match.start()
                and _alike(words, before, first, count)
            ):
                gloss = (first, first + count)
                yield _Copies(gloss, (before, first), 0.7, "The gloss is the term itself.", place=match.span())


def _short(words: Words, start: int, count: int) -> bool:
    """Return whether so many words are few enough for an echo, and are more than an abbreviation."""
    letters = sum(char.isalpha() for word in words[start : start + count] for char in word.stem)
    return 0 < count <= SHORT_WORDS and letters >= SHORT_LETTERS


def _captions(text: Segmented, words: Words) -> Iterator[_Copies]:
    """Yield captions that stand twice: the same words under one number, or one number twice running."""
    labels = "|".join(re.escape(word) for word in languages.get(text.document.language).caption_words)
    if not labels:
        return
    label = re.compile(rf"(?:{labels})\s*(\d+(?:[.-]\d+)*)(?!\w)", re.IGNORECASE)
    seen: list[tuple[str, int, int]] = []
    for k, word in enumerate(words):
        if word.border == PARAGRAPH and (match := label.match(text.flows[word.paragraph].text, word.start)):
            behind = next((n for n in range(k, len(words)) if words[n].start >= match.end()), len(words))
            seen.append((match.group(1), k, behind))
    for at, (number, start, behind) in enumerate(seen):
        for later, (other, other_start, other_behind) in enumerate(seen[at + 1 :], start=at + 1):
            if other != number:
                continue
            count = 0
            while _alike(words, behind + count, other_behind + count, 1) and behind + count < other_start:
                count += 1
            copies = (start, behind + count), (other_start, other_behind + count)
            if count < CAPTION_WORDS:
                copies = (start, other_start), (other_start, _paragraph_end(words, other_start))
                if not _both_captions(text, words, *copies):
                    continue
            # Where one of them follows the caption of the number before, the other is out of place.
            in_order = _follows(seen, at, number) and not _follows(seen, later, number)
            redundant, kept = reversed(copies) if in_order else copies
            yield _Copies(redundant, kept, 0.7 if count >= CAPTION_WORDS else 0.55, f"A caption {number} stands twice.")


def _both_captions(text: Segmented, words: Words, first: Range, second: Range) -> bool:
    """Return whether two paragraphs are captions, not sentences on a figure, one behind the other and alike in part."""
    a, b = words[first[0]].paragraph, words[second[0]].paragraph
    common = {word.stem for word in words[slice(*first)]} & {word.stem for word in words[slice(*second)]}
    return (
        b == a + 1
        and text.paragraphs[a].kind == text.paragraphs[b].kind == "caption"
        and not SENTENCE_END.search(text.flows[a].text)
        and len(common) >= CAPTION_WORDS
    )


def _paragraph_end(words: Words, start: int) -> int:
    return next((k for k in range(start + 1, len(words)) if words[k].border == PARAGRAPH), len(words))


def _follows(seen: list[tuple[str, int, int]], at: int, number: str) -> bool:
    """Return whether the caption before has the number before."""
    return at > 0 and seen[at - 1][0].isdecimal() and number.isdecimal() and int(seen[at - 1][0]) + 1 == int(number)
