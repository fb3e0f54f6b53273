"""Passages said twice: a translator, fed the same lines again, gives two renderings side by side.

No two of them agree word for word, and a paper repeats its terms all the time, so that neither equality nor likeness
will do; a second rendering is known by its place, right behind the first (see `_dovetail`), and by what no rendering
does: tell two things apart (see `_contrast`). Besides, forms that are too short or too regular for that: loops (see
`_loops`), the last words of a sentence said again, a term with itself for a gloss, a caption that stands twice.

Nothing is deleted unseen: a text may say a thing twice on purpose, word for word, and which copy should stay is a
question of its own (see `_copies`). So every finding is for review, and an exact repeat only scores high.

The thresholds were tuned on a machine translation of one paper, on manuals in English, Spanish and French (three
million characters without a repeat) and on the same manuals disturbed at random.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.checks._contrast import adds, tells_apart
from tetrapla.checks._copies import Choice, Copies, Range, Taken, by_text, finding_of, unfinished
from tetrapla.checks._dovetail import (
    CAPITAL,
    CLAUSE,
    PARAGRAPH,
    RESTART,
    SENTENCE,
    Dovetail,
    Words,
    dovetail,
    is_inner_point,
    words_of,
)
from tetrapla.checks._loops import loops_of
from tetrapla.checks._prior import prior
from tetrapla.languages import Language
from tetrapla.model import Finding, Segmented

__all__ = ["caption_label", "copies_of", "duplicate"]

# A match of this quality has the score 0.5 and is reported. A clause that a sentence says again is hardly ever meant;
# sentences that are built alike often are ("In insert mode …. In overwrite mode …."), but for one that breaks off. A
# capital in mid-sentence is a seam only where a rendering broke off.
CLAUSE_QUALITY = 20.0
SENTENCE_QUALITY, BROKEN_QUALITY = 24.0, 12.0
CAPITAL_QUALITY = 10.0
# A sentence that says it adds something ("You can also …") must say so much more of the same again.
MORE_TO_ADD = 1.6
# Chinese says as much in half the characters, and its parallel sentences are more alike.
FULL_WIDTH_FACTOR = 1.5
# Below this share of its threshold a match is no candidate. The ratio to this power is the odds that it is a second
# rendering, in a document with many of them. Two sentences that are all but the same are one said twice anywhere.
LEAST_RATIO, STEEPNESS, THE_SAME = 0.4, 3.5, 0.97
# So many words must match, more behind a capital in mid-sentence, where few may come before the first that does.
LEAST_PAIRS, FULL_WIDTH_PAIRS, CAPITAL_PAIRS, MOST_HEAD = 3, 8, 5, 2
# Words on each side of a seam that are looked at; a copy of more is a page said twice, not a rendering.
LONGEST, LONGEST_AT_CAPITAL = 160, 60
# Where the first copy has so many words more than the second between two that match, it may begin later.
FAR = 4
# Below so many bits in common, whatever their order, no match can come to its threshold.
LEAST_SHARED, LEAST_SHARED_IF_BROKEN = 16.0, 10.0
CAPITALS_OF_STYLE = 0.15
# What is said again at the end of a sentence, or as a gloss, is a last word, a last term; in letters and words.
SHORT_WORDS, SHORT_LETTERS, GLOSS_WORDS = 4, 4, 7
# So many words alike make two captions of one number the same, if no more stand between; a caption has so many at most.
CAPTION_WORDS, LONGEST_CAPTION, FAR_CAPTION = 4, 60, 2000

GLOSS = re.compile(r"\s?[(（]([^()（）]{2,60})[)）]")

HAS_DIGIT = re.compile(r"\d")
SENTENCE_END = re.compile(r"[.!?。！？]\W*$")
FIRST_STAYS, LAST_STAYS = Choice(False, ""), Choice(True, "")
# A name that no rendering turns into another: in capitals; of a computer ("--merge", "user_id", "scope=all", "<key>",
# "deny,allow"); of keys; one word in quotation marks.
NAMED = re.compile(
    r"(?<!\w)[A-Z][A-Z0-9]{2,}(?!\w)|(?<![\w-])--?[A-Za-z][\w-]*|(?<!\w)\w+[_=]\w+|(?<=<)\w+(?=>)"
    r"|(?<!\w)[a-z]+,[a-z]+(?!\w)|(?<!\w)(?:Ctrl|Alt|Shift|Mayús|Maj)(?:\s?\+\s?\w+)*(?!\w)"
    r"|(?:(?<=[“\"«])|(?<=[“\"«]\s))[^\s“”\"«»]{1,12}(?=\s?[”\"»])"
)
# A capital that begins the way to an entry of a menu ("Edit - Paste") begins no sentence.
MENU = re.compile(r"(?:\w+ ){0,3}\w+\s?(?:[▸▶→⇒>]| [-–] )")


@checks.add("duplicate")
def duplicate(text: Segmented) -> Iterator[Finding]:
    """A clause, sentence or passage that says again what stands next to it, as where a translator gave two renderings.

    The finding is the copy to let go, and says why that one; `kept` is the other.
    """
    words = words_of(text)
    for copies in copies_of(text):
        yield finding_of(text, words, copies, copies.choice or by_text(words, text.document.language, copies))


def copies_of(text: Segmented) -> list[Copies]:
    """Return the copies that the text alone tells, the surest first; no two share a word of what may go."""
    words = words_of(text)
    found = [
        *_loops(words),
        *_renderings(text, words),
        *_echoes(words),
        *_glosses(text, words),
        *_captions(text, words),
    ]
    taken, kept = Taken(), []
    for copies in sorted(found, key=lambda c: (-c.score, c.first, c.second)):
        first = copies.choice.first if copies.choice else by_text(words, text.document.language, copies).first
        redundant = copies.first if first else copies.second
        if taken.free(*redundant):
            taken.take(*redundant)
            kept.append(copies)
    return kept


def _loops(words: Words) -> Iterator[Copies]:
    """Yield what a stuck translator says three times and more: each sentence but the first, or all but the last."""
    for loop in loops_of(words):
        start, end, period = loop
        evidence, score = {"times": loop.times}, 0.9 if loop.times > 3 else 0.8
        last = start + period * loop.times
        if words[start].border >= SENTENCE and words[start + period].border >= SENTENCE:
            for at in range(start + period, last, period):
                says = f"The same sentence {loop.times} times running"
                yield Copies((start, start + period), (at, at + period), score, None, FIRST_STAYS, says, evidence)
        else:
            says = f"The same words {loop.times} times running"
            yield Copies((start, end - period), (end - period, end), score, None, LAST_STAYS, says, evidence)


# ---------------------------------------------------------------------------------------------------- renderings


def _renderings(text: Segmented, words: Words) -> Iterator[Copies]:
    """Yield passages with another rendering right behind them, the best of those that overlap."""
    language = languages.get(text.document.language)
    factor, least = (FULL_WIDTH_FACTOR, FULL_WIDTH_PAIRS) if language.full_width else (1.0, LEAST_PAIRS)
    matches = [match for match in _dovetails(text, words) if len(match.pairs) >= least]
    rated = [(match.quality / factor / _threshold(text, words, match), match) for match in matches]
    found = _apart([(ratio, match) for ratio, match in rated if ratio >= LEAST_RATIO])
    shift = prior([STEEPNESS * math.log(ratio) for ratio, _ in found], len(words))
    for ratio, match in found:
        if min(match.first_share, match.second_share) < THE_SAME:
            ratio *= math.exp(shift / STEEPNESS)
        if ratio >= 1.0:
            yield Copies(
                first=(match.first, match.seam),
                second=(match.seam, _clause_end(words, match.end)),
                score=ratio / (1.0 + ratio),
                match=match,
                evidence={
                    "bits": round(match.bits, 1),
                    "shares": [round(match.first_share, 2), round(match.second_share, 2)],
                },
            )


def _apart(found: list[tuple[float, Dovetail]]) -> list[tuple[float, Dovetail]]:
    """Return the best matches whose first copies do not overlap."""
    taken, kept = Taken(), []
    for ratio, match in sorted(found, key=lambda item: (-item[0], item[1].seam)):
        if taken.free(match.first, match.seam):
            taken.take(match.first, match.seam)
            kept.append((ratio, match))
    return kept


def _dovetails(text: Segmented, words: Words) -> Iterator[Dovetail]:
    """Yield the best match at every seam that has one: a sentence against the text behind it in its paragraph."""
    language = languages.get(text.document.language)
    factor = FULL_WIDTH_FACTOR if language.full_width else 1.0
    ends = [k for k, word in enumerate(words) if k and word.border == PARAGRAPH] + [len(words)]
    for sentence, seam, stop in _seams(text, words):
        at_end = seam == stop
        longest, limit = (LONGEST, ends[bisect_right(ends, seam)]) if at_end else (LONGEST_AT_CAPITAL, stop)
        first = max(sentence, seam - longest)
        # The second copy is the fuller one, but not without measure.
        end = min(seam + longest, seam + 2 * (seam - first) + 12, limit)
        broken = not at_end or words[seam - 1].stem in unfinished(language.code)
        if words.shared(first, seam, end) >= factor * (LEAST_SHARED_IF_BROKEN if broken else LEAST_SHARED):
            match = dovetail(words, first, seam, end)
            if match is not None:
                yield _trimmed(words, match, end)


def _seams(text: Segmented, words: Words) -> Iterator[tuple[int, int, int]]:
    """Yield where a copy may begin: the start of the sentence before, the seam, the end of that sentence."""
    inside = {k for loop in loops_of(words) for k in range(loop.start + 1, loop.end)}
    for sentence, stop in _sentences(words):
        capitals = [k for k in range(sentence + 1, stop) if words[k].border in (CAPITAL, RESTART)]
        # Where many words have capitals they are a style.
        if len(capitals) <= 2 + CAPITALS_OF_STYLE * (stop - sentence):
            yield from ((sentence, k, stop) for k in capitals if k not in inside and not _in_menu(text, words, k))
        at_end = stop < len(words) and words[stop].border == SENTENCE
        if at_end and stop not in inside and not _inside_name(text, words, stop):
            yield sentence, stop, stop


def _in_menu(text: Segmented, words: Words, seam: int) -> bool:
    return MENU.match(text.flows[words[seam].paragraph].text, words[seam].start) is not None


def _inside_name(text: Segmented, words: Words, seam: int) -> bool:
    flow = text.flows[words[seam].paragraph].text
    return is_inner_point(flow, words[seam - 1].end, words[seam].start)


def _sentences(words: Words) -> Iterator[Range]:
    return pairwise([k for k, word in enumerate(words) if not k or word.border >= SENTENCE] + [len(words)])


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


def _threshold(text: Segmented, words: Words, match: Dovetail) -> float:
    """Return the quality that a match must have."""
    begins, seam = words[match.first].border, words[match.seam].border
    code = text.document.language
    if _other_numbers(words, match) or _other_things(text, words, match):
        return float("inf")
    if seam in (CAPITAL, RESTART):
        return CAPITAL_QUALITY if _left(words, match) else float("inf")
    if begins < SENTENCE:
        return CLAUSE_QUALITY
    if words[match.seam - 1].stem in unfinished(code):
        return BROKEN_QUALITY
    return SENTENCE_QUALITY * (MORE_TO_ADD if adds(code, *_stems(words, match)) else 1.0)


def _other_things(text: Segmented, words: Words, match: Dovetail) -> bool:
    """Return whether two copies tell two things apart: by opposite words, or by a name each."""
    code, flow = text.document.language, text.flows[words[match.seam].paragraph].text
    second = match.seam, _clause_end(words, match.end)
    if tells_apart(code, *_stems(words, match)):
        return True
    a, b = (
        set(NAMED.findall(flow, words[copy[0]].start, words[copy[1] - 1].end))
        for copy in ((match.first, match.seam), second)
    )
    return bool(a - b and b - a)


def _stems(words: Words, match: Dovetail) -> tuple[list[str], list[str]]:
    first, second = words[match.first : match.seam], words[match.seam : _clause_end(words, match.end)]
    return [word.stem for word in first], [word.stem for word in second]


def _left(words: Words, match: Dovetail) -> bool:
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


def _alike(words: Words, a: int, b: int, count: int) -> bool:
    """Return whether `count` words from `a` and from `b` on are the same."""
    first, second = words[a : a + count], words[b : b + count]
    return len(first) == len(second) and all(x.stem == y.stem for x, y in zip(first, second, strict=True))


# ---------------------------------------------------------------------------------------------- what is too short


def _echoes(words: Words) -> Iterator[Copies]:
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
            says = "The last words of the sentence, once more"
            yield Copies((start - count, start), (start, end), 0.8, None, FIRST_STAYS, says)


def _glosses(text: Segmented, words: Words) -> Iterator[Copies]:
    """Yield what stands in brackets behind the same words, as where a term glossed its own translation."""
    for number, flow in enumerate(text.flows):
        for match in GLOSS.finditer(flow.text):
            first = bisect_left(words.words, (number, match.start(1)))
            if first == len(words) or words[first][:2] != (number, match.start(1)):
                continue
            # One word is often a sign for itself: "the version (version)".
            count = next((n for n in range(2, GLOSS_WORDS + 1) if words[first : first + n][-1].end == match.end(1)), 0)
            before = first - count
            if (
                count
                and _letters(words, first, count) >= SHORT_LETTERS
                and before >= 0
                and words[before].paragraph == number
                and words[first - 1].end == match.start()
                and _alike(words, before, first, count)
            ):
                says = "The gloss is the term itself"
                yield Copies((before, first), (first, first + count), 0.7, None, FIRST_STAYS, says, place=match.span())


def _short(words: Words, start: int, count: int) -> bool:
    """Return whether so many words are few enough for an echo, and are more than an abbreviation."""
    return 0 < count <= SHORT_WORDS and _letters(words, start, count) >= SHORT_LETTERS


def _letters(words: Words, start: int, count: int) -> int:
    return sum(char.isalpha() for word in words[start : start + count] for char in word.stem)


def _captions(text: Segmented, words: Words) -> Iterator[Copies]:
    """Yield captions that stand twice: the same words under one number, or one number twice running."""
    label = caption_label(languages.get(text.document.language))
    if label is None:
        return
    before = ""
    by_number: dict[str, _Caption] = {}
    for k, word in enumerate(words):
        if word.border == PARAGRAPH and (match := label.match(text.flows[word.paragraph].text, word.start)):
            caption = _Caption(match.group(1), k, _behind(words, k, match.end()), _next_number(before, match.group(1)))
            before = caption.number
            other = by_number.get(caption.number)
            by_number[caption.number] = caption
            if other is not None and k - other.start <= FAR_CAPTION:
                yield from _caption_twice(text, words, other, caption)


class _Caption(NamedTuple):
    """A caption: its number, its first word, the first behind the number, whether it follows the number before."""

    number: str
    start: int
    behind: int
    in_order: bool


def caption_label(language: Language) -> re.Pattern[str] | None:
    """Return what begins the captions of a language, with the number as a group, or None; blanks may stand inside."""
    labels = "|".join(" ?".join(map(re.escape, word)) for word in language.caption_words)
    return re.compile(rf"(?:{labels})\s*(?:\.\s*)?(\d+(?:[.-]\d+)*)(?!\w)", re.IGNORECASE) if labels else None


def _behind(words: Words, start: int, place: int) -> int:
    """Return the first word of a paragraph that begins at a place in it or behind."""
    end = _paragraph_end(words, start)
    return next((n for n in range(start, end) if words[n].start >= place), end)


def _next_number(before: str, number: str) -> bool:
    return before.isdecimal() and number.isdecimal() and int(before) + 1 == int(number)


def _caption_twice(text: Segmented, words: Words, a: _Caption, b: _Caption) -> Iterator[Copies]:
    """Yield two captions of one number if they say the same, or stand one behind the other and are alike."""
    most = min(LONGEST_CAPTION, b.start - a.behind, len(words) - b.behind)
    count = next((n for n in range(most) if words[a.behind + n].stem != words[b.behind + n].stem), max(0, most))
    first, second = (a.start, a.behind + count), (b.start, b.behind + count)
    if count < CAPTION_WORDS:
        first, second = (a.start, b.start), (b.start, _paragraph_end(words, b.start))
        if not _both_captions(text, words, first, second):
            return
    # Where one of them follows the caption of the number before, the other is out of place.
    choice = Choice(False, "it is out of order") if a.in_order and not b.in_order else Choice(True, "")
    score = 0.7 if count >= CAPTION_WORDS else 0.55
    yield Copies(first, second, score, None, choice, f"A caption {a.number} stands twice", {"caption": a.number})


def _both_captions(text: Segmented, words: Words, first: Range, second: Range) -> bool:
    """Return whether two paragraphs are captions, not sentences on a figure, one behind the other and alike in part."""
    a, b = words[first[0]].paragraph, words[second[0]].paragraph
    common = {word.stem for word in words[slice(*first)]} & {word.stem for word in words[slice(*second)]}
    return (
        b == a + 1
        and "caption" in (text.paragraphs[a].kind, text.paragraphs[b].kind)
        and not SENTENCE_END.search(text.flows[a].text)
        and len(common) >= CAPTION_WORDS
    )


def _paragraph_end(words: Words, start: int) -> int:
    return next((k for k in range(start + 1, len(words)) if words[k].border == PARAGRAPH), len(words))
