"""Passages that a version says twice and the version that it translates says once.

Two renderings need not share a word: "Xigang gave money" and "The funds came from Xigang" are one clause of the pivot.
They are found like those that do share words, as a dovetail (see `_dovetail`), but words match as well that stand for
the same word of another version beside them. Likeness alone proves little, for parallel sentences are alike too ("The
first shift …. The second shift …."): what counts is how much of it the pivot has only once. Two words that match and
have each a word of its own there repeat nothing; Bertalign and Vecalign, which lack this question, make of a second
rendering a bead of one sentence with two (a stutter).

What speaks for a stutter is weighed by logistic regression, fitted on two papers, one translated by machine and one
with planted renderings, each in three languages (weighted five times), on manuals disturbed at random and on the same
manuals undisturbed (1.5 million characters, four times). On other random disturbances of the manuals, 203 of 225
repeats came out on top, and seven other places.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tetrapla import checks, languages
from tetrapla.checks._contrast import tells_apart
from tetrapla.checks._copies import Choice, Copies, Range, Taken, by_text, cut_off, finding_of, is_whole, unfinished
from tetrapla.checks._dovetail import (
    CAPITAL,
    CLAUSE,
    PARAGRAPH,
    RESTART,
    SEMICOLON,
    SENTENCE,
    Dovetail,
    Words,
    dovetail,
    is_inner_point,
)
from tetrapla.checks._loops import loops_of
from tetrapla.checks._pivot import witnesses_of
from tetrapla.checks._prior import prior
from tetrapla.checks._sides import ASKED, WELL_ASKED, Compared, Once, Versions
from tetrapla.checks.duplicates import caption_label, copies_of, duplicate
from tetrapla.model import Finding, Segmented

__all__ = ["renderings"]

# A clause behind a comma is a second rendering only where both are of some length, and much of it is said once: short
# ones are built alike on purpose ("kernel modules, kernel patches").
CLAUSE_WORDS, CLAUSE_PAIRS, CLAUSE_ONCE = 8, 5, 0.45
# The pivot says twice what it has so little of once, unless the match is of such a quality.
NEARLY_TWICE, LITTLE = 0.2, 25.0
# So many words must match; a copy of more words than this is no clause or sentence.
LEAST_PAIRS, LONGEST = 3, 70
# Below so many bits in common, whatever their order, nothing is aligned.
LEAST_SHARED = 6.0
# What the text alone gives so high a score stays where the pivot cannot be asked.
SURE = 0.65
# The borders of a copy are those of a clause or sentence so many words away.
NEAR = 5
# So much more of the pivot must the one copy cover for the other to go; more, if it hangs on another sentence.
MORE, MORE_BY_CLAUSE = 1.05, 1.2

# What each feature of a match counts in the logarithm of the odds (see `_probability`), and the probability to report.
WEIGHTS: Mapping[str, float] = {
    "one": -3.92,
    "quality": 2.7,
    "bits": -1.66,
    "share": 1.02,
    "once": 2.66,
    "once, asked": 1.72,
    "apart": -3.49,
    "together": 0.37,
    "clause": -1.24,
    "capital": -1.6,
    "restart": 0.06,
    "hangs": -0.64,
    "hangs inside": -0.36,
    "words": 0.22,
    "head": 1.31,
}
LEAST_SCORE = 0.5
# What is less likely is not even counted where it is asked how much of the kind a document has.
LEAST_COUNTED = 0.02
# The bits, weighed by shares and by what the pivot has only once, that make two sentences renderings of one whatever
# the aligner made of them.
APART_NET = 13.0

BRACKET = re.compile(r"[()（）\[\]]")
HAS_DIGIT = re.compile(r"\d")


@checks.add("duplicate", takes="comparison", replaces=True)
def renderings(comparison: checks.Comparison) -> Iterator[Finding]:
    """A passage that says again what stands next to it, also in other words where the original says it once.

    The finding is the copy to let go, and says why that one; `kept` is the other.
    """
    text, code = comparison.text, comparison.text.document.language
    # The original says nothing twice; what it is like beside its translations is no evidence.
    original = comparison.subject == comparison.alignment.pivot
    witnesses = () if original else witnesses_of(comparison)
    if not witnesses:
        yield from duplicate(text)
        return
    compared = Versions(comparison, witnesses)
    found = [*_told_alone(compared), *_stutters(compared), *_captions(compared)]
    taken = Taken()
    kept: dict[int, Range] = {}  # the copy that stays, with the one that goes for it
    for copies in sorted(found, key=lambda c: (-c.score, c.first, c.second)):
        choice = copies.choice or _by_original(compared, copies) or by_text(compared.words, code, copies)
        goes, stays = (copies.first, copies.second) if choice.first else (copies.second, copies.first)
        # Found in two ways, two copies may have been chosen from in two ways.
        for_it = {kept[k] for k in range(*goes) if k in kept}
        if taken.free(*goes) and not any(start < stays[1] and stays[0] < end for start, end in for_it):
            taken.take(*goes)
            kept.update(dict.fromkeys(range(*stays), goes))
            yield finding_of(text, compared.words, copies, choice)


# ---------------------------------------------------------------------------------------------------- stutters


def _told_alone(compared: Versions) -> Iterator[Copies]:
    """Yield the copies that the text alone tells, but for those that the pivot has twice as well."""
    for copies in copies_of(compared.text):
        if copies.match is not None:
            once = compared.once(copies.match)
            unsure = copies.score < SURE and compared.words[copies.first[0]].border >= SENTENCE
            if once.twice or (unsure and _apart(*compared.beads(copies.first, copies.second))):
                continue
            copies = replace(copies, evidence={**copies.evidence, "once": round(once.share, 2)})
        yield copies


def _stutters(compared: Versions) -> Iterator[Copies]:
    """Yield clauses and sentences with another rendering right behind them, the best of those that overlap."""
    taken, found = Taken(), []
    for copies in sorted(_candidates(compared), key=lambda c: (-c.score, c.first)):
        whole = copies.first[0], copies.second[1]
        if taken.free(*whole):
            taken.take(*whole)
            found.append((math.log(copies.score / (1 - copies.score)), copies))
    shift = prior([odds for odds, _ in found], len(compared.words))
    for odds, copies in found:
        score = 1 / (1 + math.exp(-(odds + shift)))
        if score >= LEAST_SCORE:
            yield replace(copies, score=score)


def _candidates(compared: Versions) -> Iterator[Copies]:
    """Yield the best match at every seam that has one: a sentence against the text behind it in its paragraph."""
    words = compared.words
    ends = [k for k, word in enumerate(words) if k and word.border == PARAGRAPH] + [len(words)]
    inside = {k for loop in loops_of(words) for k in range(loop.start + 1, loop.end)}
    sentence = 0
    for seam, word in enumerate(words):
        if seam and CAPITAL <= word.border <= SENTENCE and seam not in inside and _may_meet(compared, seam):
            first = max(sentence, seam - LONGEST)
            end = min(seam + LONGEST, seam + 2 * (seam - first) + 12, ends[bisect_right(ends, seam)])
            if words.shared(first, seam, end) >= LEAST_SHARED and (match := dovetail(words, first, seam, end)):
                copies = _judged(compared, match)
                if copies is not None and copies.score >= LEAST_COUNTED:
                    yield copies
        if word.border >= SENTENCE:
            sentence = seam


def _may_meet(compared: Versions, seam: int) -> bool:
    """Return whether two renderings may meet there: not at a bracket, nor at the point of a file's name."""
    words = compared.words
    flow = compared.text.flows[words[seam].paragraph].text
    before, here = words[seam - 1].end, words[seam].start
    if words[seam].border >= SENTENCE:
        # "New upstream release. (nouvelle version amont)" explains a sentence in the words of another language.
        return not is_inner_point(flow, before, here) and flow[here - 1 : here] not in ("(", "（")
    if words[seam].border == CAPITAL and words[seam - 1].stem not in unfinished(compared.code):
        return False
    return not BRACKET.search(flow, before, here)


def _judged(compared: Versions, match: Dovetail) -> Copies | None:
    """Return a match as two copies with the probability that they are renderings of one passage, if they may be."""
    words = compared.words
    if len(match.pairs) < LEAST_PAIRS or match.quality <= 0:
        return None
    first = _begin(words, match.first), match.seam
    second = match.seam, _end(words, match)
    seam = words[match.seam].border
    once = compared.once(match)
    nearly_twice = once.asked >= WELL_ASKED and once.share < NEARLY_TWICE and match.quality < LITTLE
    if once.twice or nearly_twice or _other_numbers(words, first, second):
        return None
    if seam in (CAPITAL, CLAUSE, SEMICOLON):
        if min(first[1] - first[0], second[1] - second[0]) < CLAUSE_WORDS or len(match.pairs) < CLAUSE_PAIRS:
            return None
        if seam != CAPITAL and (once.share < CLAUSE_ONCE or once.asked < ASKED):
            return None
    if tells_apart(compared.code, *([word.stem for word in words[slice(*copy)]] for copy in (first, second))):
        return None
    # The aligner may have given each copy a passage of its own; so much that is said once outweighs it.
    net = match.quality * once.share if once.known and seam == SENTENCE else 0.0
    return Copies(
        first=first,
        second=second,
        score=max(_probability(compared, match, first, second, once), net / (net + APART_NET)),
        match=match,
        evidence={
            "bits": round(match.bits, 1),
            "shares": [round(match.first_share, 2), round(match.second_share, 2)],
            "once": round(once.share, 2),
        },
    )


def _probability(compared: Versions, match: Dovetail, first: Range, second: Range, once: Once) -> float:
    """Return how likely two copies are renderings of one passage (0..1)."""
    words = compared.words
    beads = compared.beads(first, second)
    seam, hangs = words[match.seam].border, words[first[0]].border < SENTENCE
    features = {
        "one": 1.0,
        "quality": math.log2(match.quality + 1),
        "bits": math.log2(match.bits + 1),
        "share": min(1.0, max(match.first_share, match.second_share)),
        "once": once.share if once.known else 0.5,
        "once, asked": min(1.0, once.asked) * once.share if once.asked >= ASKED else 0.0,
        "apart": float(_apart(*beads)),
        "together": float(beads[0] == beads[1] and len(beads[0]) == 1),
        "clause": float(seam in (CLAUSE, SEMICOLON)),
        "capital": float(seam == CAPITAL),
        "restart": float(seam == RESTART),
        "hangs": float(hangs and seam == SENTENCE),
        "hangs inside": float(hangs and seam < SENTENCE),
        "words": math.log2(min(first[1] - first[0], second[1] - second[0])),
        "head": min(match.pairs[0][1] - match.seam, 8) / 8,
    }
    return 1 / (1 + math.exp(-sum(WEIGHTS[name] * value for name, value in features.items())))


def _apart(first: set[int], second: set[int]) -> bool:
    """Return whether the aligner gave two copies each its own passage of the original."""
    return bool(first and second) and not first & second


def _other_numbers(words: Words, first: Range, second: Range) -> bool:
    """Return whether each copy has a number that the other has not: steps, versions, years, but no renderings."""
    a, b = ({word.stem for word in words[slice(*copy)] if HAS_DIGIT.search(word.stem)} for copy in (first, second))
    return bool(a - b and b - a)


def _begin(words: Compared, first: int) -> int:
    """Return where the clause or sentence begins whose words match from `first` on, if that is near."""
    for least in (SENTENCE, CLAUSE):
        for k in range(first, max(-1, first - NEAR - 1), -1):
            if words[k].border >= least:
                return k
    return first


def _end(words: Compared, match: Dovetail) -> int:
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


# ---------------------------------------------------------------------------------------------------- which one goes


def _by_original(compared: Versions, copies: Copies) -> Choice | None:
    """Return which of two copies goes by what the original has: its terms, its words; None where that does not tell."""
    words, (first, second) = compared.words, (copies.first, copies.second)
    cut = cut_off(words, compared.code, copies)
    if copies.match is None or cut[0] != cut[1]:
        return None
    both, whole = (first[0], second[1]), is_whole(words, second)
    sound = [compared.sound(copy, both) for copy in (first, second)]
    broken = [compared.broken(copy, both) for copy in (first, second)]
    # A copy that says a thing wrongly still says more than one that leaves it out.
    wrong = [sorted(broken[k] & sound[1 - k]) for k in (0, 1)]
    if len(wrong[0]) != len(wrong[1]) and (whole or wrong[0]):
        worse = int(len(wrong[1]) > len(wrong[0]))
        return Choice(worse == 0, "it has a term wrong that the other has right", {"terms": wrong[worse]})
    covers = [round(compared.covered(copy, both), 2) for copy in (first, second)]
    more = MORE if words[first[0]].border >= SENTENCE else MORE_BY_CLAUSE
    if whole and covers[0] > more * covers[1]:
        return Choice(False, "it covers less of the original", {"covers": covers})
    if covers[1] > MORE * covers[0]:
        return Choice(True, "it covers less of the original", {"covers": covers})
    return None


# ---------------------------------------------------------------------------------------------------- captions


def _captions(compared: Versions) -> Iterator[Copies]:
    """Yield captions with the number of another one, where the original has one caption of that number."""
    text, witness, words = compared.text, compared.witnesses[0], compared.words
    original = Counter(number for _, number in _labelled(witness.other.text))
    by_number: dict[str, list[int]] = {}
    for k, number in _labelled(text):
        by_number.setdefault(number, []).append(k)
    starts = {words[k].paragraph: k for k in range(len(words) - 1, -1, -1) if words[k].border == PARAGRAPH}
    for number, paragraphs in by_number.items():
        if len(paragraphs) != 2 or original[number] != 1 or not all(k in starts for k in paragraphs):
            continue
        # The one that no bead links to the original, or else the one that says less, is the redundant one.
        linked = [bool(witness.beads_in(text.paragraphs[k].spans)) for k in paragraphs]
        least = min(range(2), key=lambda n: (linked[n], len(text.flows[paragraphs[n]].text)))
        first, second = ((starts[k], _paragraph_end(words, starts[k])) for k in paragraphs)
        why = "it says less" if linked[0] == linked[1] else "the original has no counterpart"
        says = f"A caption {number} stands twice, in the original once"
        yield Copies(first, second, 0.6, None, Choice(least == 0, why), says, {"caption": number})


def _paragraph_end(words: Words, start: int) -> int:
    number = words[start].paragraph
    return next((k for k in range(start, len(words)) if words[k].paragraph != number), len(words))


def _labelled(text: Segmented) -> list[tuple[int, str]]:
    """Return the paragraphs that are captions, and the number of each."""
    label = caption_label(languages.get(text.document.language))
    if label is None:
        return []
    return [
        (k, match.group(1))
        for k, (paragraph, _, flow) in enumerate(text)
        if paragraph.kind == "caption" and (match := label.match(flow.text))
    ]
