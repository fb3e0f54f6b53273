"""Documents cut into passages, with everything that is known of each of them.

A passage is the side of a bead in a document, or a paragraph of a single text. Sentences, mentions of concepts and
findings are found in the raw text; here they get their places in the passages. What lies in two passages is cut to
each (sentences) or stands in the first (mentions, findings).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tetrapla.model import Document, Edit, Finding, Kind, Mention, Segmented, Span
from tetrapla.store._copy import FairCopy, Stretch

__all__ = ["FindingRow", "MentionRow", "Passage", "SentenceRow", "Side", "passages_of"]

SentenceRow = tuple[int | None, int, int]
"""The index of the paragraph, and the place."""
MentionRow = tuple[str, str, str, str, str | None, int, int]
"""Concept, form, language, status and damage of the form, and the place."""
FindingRow = tuple[str, str, float, int, int, str, str | None, str | None, str]
"""Type, grade, score, place, raw text, replacement, concept, message."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is to be a passage: its raw spans in reading order, and the index of its bead, if it has one."""

    spans: tuple[Span, ...]
    kind: Kind
    section: str = ""
    bead: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the index holds it; `origins` as `Origins.dumps` gives them, `bead` the index of its bead.

    `line` is the raw line, from 1, on which it begins.
    """

    bead: int | None
    kind: str
    section: str
    text: str
    origins: str
    line: int
    sentences: Sequence[SentenceRow] = ()
    mentions: Sequence[MentionRow] = ()
    findings: Sequence[FindingRow] = ()


def passages_of(
    version: Segmented,
    sides: Sequence[Side],
    mentions: Sequence[Mention] = (),
    findings: Sequence[Finding] = (),
    edits: Sequence[Edit] = (),
) -> Iterator[Passage]:
    """Return the passages of a document in the order of the sides; `edits`, by place, are the repairs to be made."""
    copy = FairCopy(version, edits)
    drafts = [_draft(copy, side) for side in sides]
    places = _Places(copy, sides, drafts)
    for number, sentences in enumerate(version.sentences):
        for sentence in sentences:
            for index, place in places.of(sentence.spans).items():
                drafts[index].sentences.append((number, *place))
    for mention in mentions:
        for index, place in itertools.islice(places.of(mention.spans).items(), 1):
            term = mention.term
            row = (mention.concept, term.form, term.language, term.status, term.damage, *place)
            drafts[index].mentions.append(row)
    mended = _Mended(edits)
    for finding in findings if sides else ():
        index, place = places.first(finding)
        if finding in mended:
            place = Stretch(place.start, place.start)
        drafts[index].findings.append(_finding_row(finding, place, version.document))
    return (_passage(version.document, side, draft) for side, draft in zip(sides, drafts, strict=True))


@dataclass(slots=True)
class _Draft:
    """A passage that is being filled: where its stretches stand in the fair copy and where in its own text."""

    stretches: list[Stretch]
    starts: list[int]
    text: str
    origins: str
    sentences: list[SentenceRow] = field(default_factory=list)
    mentions: list[MentionRow] = field(default_factory=list)
    findings: list[FindingRow] = field(default_factory=list)


def _draft(copy: FairCopy, side: Side) -> _Draft:
    stretches = copy.owned(side.spans)
    text, origins, starts = copy.passage(stretches)
    return _Draft(stretches, starts, text, origins.dumps())


def _passage(raw: Document, side: Side, draft: _Draft) -> Passage:
    return Passage(
        side.bead,
        side.kind,
        side.section,
        draft.text,
        draft.origins,
        raw.line_of(side.spans[0].start),
        sorted(draft.sentences, key=lambda row: row[1:]),
        sorted(draft.mentions, key=lambda row: row[5:]),
        sorted(draft.findings, key=lambda row: row[3:5]),
    )


class _Places:
    """Where raw spans of a document stand in its passages."""

    def __init__(self, copy: FairCopy, sides: Sequence[Side], drafts: Sequence[_Draft]) -> None:
        self._copy = copy
        self._lengths = [len(draft.text) for draft in drafts]
        self._stretches = sorted(
            (stretch, start, index)
            for index, draft in enumerate(drafts)
            for stretch, start in zip(draft.stretches, draft.starts, strict=True)
        )
        self._ends = [stretch.end for stretch, _, _ in self._stretches]
        self._raw = sorted((span, index) for index, side in enumerate(sides) for span in side.spans)
        self._raw_ends = [span.end for span, _ in self._raw]

    def of(self, spans: Iterable[Span]) -> dict[int, Stretch]:
        """Return the places of some raw spans by the index of the passage, the first in reading order first."""
        found: dict[int, Stretch] = {}
        for place in self._copy.touched(spans):
            for index, own in self._in_passages(place):
                before = found.get(index, own)
                found[index] = Stretch(min(before.start, own.start), max(before.end, own.end))
        return found

    def first(self, finding: Finding) -> tuple[int, Stretch]:
        """Return the passage that a finding belongs to, and its place there: empty where all of its text is gone."""
        for found in self.of(finding.spans).items():
            return found
        k = min(bisect_right(self._raw_ends, finding.spans[0].start), len(self._raw) - 1)
        index = self._raw[k][1]
        point = self._copy.point(finding.spans[0].start)
        for own, place in self._in_passages(Stretch(point, point + 1)):
            if own == index:
                return index, Stretch(place.start, place.start)
        return index, Stretch(self._lengths[index], self._lengths[index])

    def _in_passages(self, place: Stretch) -> Iterator[tuple[int, Stretch]]:
        """Yield what a stretch of the fair copy is in each passage that has a part of it."""
        for k in range(bisect_right(self._ends, place.start), len(self._stretches)):
            stretch, start, index = self._stretches[k]
            if stretch.start >= place.end:
                return
            a, b = max(stretch.start, place.start), min(stretch.end, place.end)
            if a < b:
                yield index, Stretch(start + a - stretch.start, start + b - stretch.start)


class _Mended:
    """Tells the findings that edits have taken care of."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._ends = [edit.span.end for edit in edits]

    def __contains__(self, finding: Finding) -> bool:
        return finding.replacement is not None and any(self._touches(span, finding.type) for span in finding.spans)

    def _touches(self, span: Span, rule: str) -> bool:
        for k in range(bisect_left(self._ends, span.start), len(self._edits)):
            edit = self._edits[k]
            if edit.span.start > span.end:
                return False
            if rule in edit.rule.split("+"):
                return True
        return False


def _finding_row(finding: Finding, place: Stretch, raw: Document) -> FindingRow:
    text = " ".join(raw[span] for span in finding.spans)
    told = (text, finding.replacement, finding.concept, finding.message)
    return finding.type, finding.grade, finding.score, *place, *told
