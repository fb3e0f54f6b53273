"""Two copies of a passage, which of them goes and why, and the finding made of them.

Of the rules the first that tells decides: what breaks off goes; then what the versions beside tell (see `renderings`);
a second sentence that adds nothing; a clause that hangs on another sentence, before the sentence that says it anew; the
copy that says less. Where none tells, the first one goes: of two renderings the later is mostly the better (in a paper
translated by machine the annotators marked the first one in 47 of 53 pairs).
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from tetrapla import languages
from tetrapla.checks._dovetail import RESTART, SENTENCE, Dovetail, Words
from tetrapla.checks.fragments import FUNCTION
from tetrapla.model import Finding, Flow, Segmented, Span, ViewSpan

__all__ = ["Choice", "Copies", "Range", "Taken", "by_text", "cut_off", "finding_of", "is_whole", "unfinished"]

Range = tuple[int, int]

# A copy with so few bits that the other one has not, or that has so much of it, says nothing more.
NOTHING_MORE, NEARLY_ALL = 1.0, 0.9
# What belongs to the word that it stands before without a blank, and to the word that it stands behind.
OPENING = "¿¡\"“«‘'([{（《「『【"
CLOSING = re.compile(r"[\"”»’)\]}）》」』】]*(?:\s?[.!?。！？…;；,，])*[\"”»’)\]}）》」』】]*")


@dataclass(frozen=True)
class Choice:
    """Which copy goes, the first or the second, and why: the end of a sentence for users."""

    first: bool
    why: str
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Copies:
    """Two copies of a passage as ranges of words, and how surely they are (0..1).

    Where a `match` proved them, which one goes is open, unless `choice` settles it. `says` is what users are told
    first. `place` is that of the second in its flow, where it is not that of its words with their marks.
    """

    first: Range
    second: Range
    score: float
    match: Dovetail | None = None
    choice: Choice | None = None
    says: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)
    place: Range | None = None


class Taken:
    """Ranges that do not overlap, for asking whether another one is free."""

    def __init__(self) -> None:
        self._ranges: list[Range] = []

    def free(self, start: int, end: int) -> bool:
        """Return whether a range meets none of those that are taken."""
        at = bisect_right(self._ranges, (start, end))
        before, after = self._ranges[max(0, at - 1) : at], self._ranges[at : at + 1]
        return all(taken[1] <= start for taken in before) and all(end <= taken[0] for taken in after)

    def take(self, start: int, end: int) -> None:
        """Take a range that is free."""
        insort(self._ranges, (start, end))


@cache
def unfinished(code: str) -> frozenset[str]:
    """Return the stems of words that hardly end a sentence."""
    language, function = languages.get(code), FUNCTION.get(code)
    return frozenset(map(language.stem, function.never | function.hardly)) if function else frozenset()


def cut_off(words: Words, code: str, copies: Copies) -> tuple[bool, bool]:
    """Return of two copies whether each stops, where it stops, at a word that hardly ends a sentence."""
    ends = copies.first[1], copies.second[1]
    stops = ends[0] == copies.second[0], ends[1] == len(words) or words[ends[1]].border >= RESTART
    first, second = (stop and words[end - 1].stem in unfinished(code) for stop, end in zip(stops, ends, strict=True))
    return first, second


def is_whole(words: Words, copy: Range) -> bool:
    """Return whether a copy ends with its sentence."""
    return copy[1] == len(words) or words[copy[1]].border >= SENTENCE


def by_text(words: Words, code: str, copies: Copies) -> Choice:
    """Return which of two copies goes by what the text alone tells."""
    match, whole = copies.match, is_whole(words, copies.second)
    hangs = words[copies.first[0]].border < SENTENCE
    cut = cut_off(words, code, copies)
    if cut[0] != cut[1]:
        return Choice(cut[0], "it breaks off")
    if match is None:
        return Choice(True, "it is the earlier one")
    if hangs:
        same = whole and match.second_more < NOTHING_MORE and match.first_share >= NEARLY_ALL
        return Choice(False, "it adds nothing") if same else Choice(True, "it hangs on another sentence")
    if whole and match.second_more < match.first_more:
        return Choice(False, "it says less")
    if match.first_more < match.second_more:
        return Choice(True, "it says less")
    return Choice(True, "it is the earlier one")


def finding_of(text: Segmented, words: Words, copies: Copies, choice: Choice) -> Finding:
    """Return the finding that one of two copies may go, as was chosen."""
    places = _places(text, words, copies)
    redundant, kept = places if choice.first else reversed(places)
    said = copies.says or f"Says again what stands right {'behind' if choice.first else 'before'} it"
    return Finding(
        type="duplicate",
        spans=redundant,
        score=round(copies.score, 3),
        grade="review",
        replacement="",
        # A copy that a page tore in two is known by its longer piece.
        kept=max(kept, key=len),
        evidence={**copies.evidence, **choice.evidence, "goes": choice.why} if choice.why else dict(copies.evidence),
        message=f"{said}; {choice.why}." if choice.why else f"{said}.",
    )


def _places(text: Segmented, words: Words, copies: Copies) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where two copies stand in the raw text, with the marks that belong to them."""
    flows = [text.flows[words[copy[0]].paragraph] for copy in (copies.first, copies.second)]
    first = _place(flows[0], words, copies.first)
    second = copies.place or _place(flows[1], words, copies.second)
    if flows[0] is flows[1] and first[1] > second[0] > first[0]:
        first = first[0], second[0]
    return flows[0].to_raw(ViewSpan(*first)), flows[1].to_raw(ViewSpan(*second))


def _place(flow: Flow, words: Words, copy: Range) -> Range:
    """Return where words stand in their flow, with the marks that belong to them."""
    start, end = words[copy[0]].start, words[copy[1] - 1].end
    while start and flow.text[start - 1] in OPENING and not (start > 1 and flow.text[start - 2].isalnum()):
        start -= 1
    closed = CLOSING.match(flow.text, end)
    return start, closed.end() if closed else end
