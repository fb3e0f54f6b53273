"""What is known of the texts under review, small enough to stay in the process that serves the page.

A version is kept as its running text (see `tetrapla.report.running`), the raw offset of each of its characters, and
where its sentences begin; with it the mentions of concepts and, once they have been looked for, the findings. The
paragraphs' own running texts and what the checks know on their way stay in the process that made them
(`tetrapla.review._work`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tetrapla.clean import accept
from tetrapla.model import Alignment, Document, Finding, Mention, Segmented, Span, ViewSpan
from tetrapla.pipeline import Aligned
from tetrapla.report.running import Running
from tetrapla.review._changes import FINDING
from tetrapla.segment import segment

__all__ = [
    "Form",
    "Found",
    "Indexes",
    "Places",
    "Point",
    "Prepared",
    "Seen",
    "Text",
    "finding_key",
    "glance",
    "prepared",
    "text_of",
]

Indexes = npt.NDArray[np.uint32]
Form = tuple[str, str, str]  # the id of a concept, a language, a form


def finding_key(document: str, finding: Finding) -> str:
    """Return the key of a finding in the ledger of a review."""
    return f"{FINDING}{document}:{finding.type}:{finding.start}-{finding.end}"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding without its evidence, its key in the ledger, and whether cleaning applies it unseen."""

    key: str
    finding: Finding
    applied: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the running text between two characters; `before` says that it belongs to the one before it."""

    at: int
    before: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A stretch of running text on which the finding of a number is seen, empty for a point (see `Point`).

    `first` says that its replacement is to stand here, and not where an earlier stretch of it is; `stays` marks the
    copy that a reviewer kept where he took out the other one.
    """

    start: int
    end: int
    number: int
    first: bool
    before: bool = False
    stays: bool = False


class Places:
    """Stretches of a raw text, each an item of one span or more, as arrays; `alone` are those of one, not empty."""

    def __init__(self, items: Sequence[Sequence[Span]]) -> None:
        self.items = items
        self.starts = _indexes(spans[0].start for spans in items)
        self.lasts = _indexes(max(spans[0].end - 1, 0) for spans in items)
        self.alone = np.fromiter((len(spans) == 1 and len(spans[0]) > 0 for spans in items), dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Text:
    """A version as it is read; `sentences` are the indexes in the running text at which one begins.

    `found` is None as long as the checks have not run.
    """

    running: Running
    sentences: Indexes
    mentions: tuple[Mention, ...] = ()
    found: tuple[Found, ...] | None = None

    @cached_property
    def by_key(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers of the findings that a key of the ledger names: mostly one."""
        numbers: dict[str, tuple[int, ...]] = {}
        for k, item in enumerate(self.found or ()):
            numbers[item.key] = (*numbers.get(item.key, ()), k)
        return numbers

    @cached_property
    def applied(self) -> tuple[int, ...]:
        """The numbers of the findings that cleaning applies unseen."""
        return tuple(k for k, item in enumerate(self.found or ()) if item.applied)

    @cached_property
    def places(self) -> Places:
        """Where the findings stand in the raw text."""
        return Places([item.finding.spans for item in self.found or ()])

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """Where the findings are seen in the running text, in order."""
        seen = (one for k, item in enumerate(self.found or ()) for one in self.seen_at(k, item.finding.spans))
        return tuple(sorted(seen, key=lambda one: (one.start, one.end)))

    @cached_property
    def reach(self) -> tuple[Indexes, Indexes]:
        """For each of `seen` where it starts, and how far it or an earlier one goes."""
        ends = _indexes(one.end for one in self.seen)
        return _indexes(one.start for one in self.seen), np.maximum.accumulate(ends)

    def seen_at(self, number: int, spans: Sequence[Span]) -> list[Seen]:
        """Return where a finding is seen whose replacement is for these raw spans."""
        places = self.running.places(spans)
        if places:
            return [Seen(place.start, place.end, number, first=k == 0) for k, place in enumerate(places)]
        point = self.point(spans[0].start)
        return [Seen(point.at, point.at, number, first=True, before=point.before)]

    def raw(self, place: ViewSpan) -> Span:
        """Return the raw stretch of a stretch of the running text that holds a character and crosses no tear."""
        return Span(self.running.offsets[place.start], self.running.offsets[place.end - 1] + 1)

    def raws(self, place: ViewSpan) -> tuple[Span, ...]:
        """Return the raw stretches of a stretch of the running text, in reading order: one, unless it crosses tears."""
        tears = self.running.tears
        inside = tears[bisect_right(tears, place.start) : bisect_left(tears, place.end)]
        return tuple(self.raw(ViewSpan(a, b)) for a, b in pairwise([place.start, *inside, place.end]))

    def part(self, index: int) -> tuple[int, int]:
        """Return which part of its paragraph holds the character at `index`, from 1, and in how many it is torn."""
        tears, paragraph = self.running.tears, self.running.paragraph(index)
        at = low = high = bisect_right(tears, index)
        while low and self.running.paragraph(tears[low - 1]) == paragraph:
            low -= 1
        while high < len(tears) and self.running.paragraph(tears[high]) == paragraph:
            high += 1
        return at - low + 1, high - low + 1

    def point(self, offset: int) -> Point:
        """Return where a raw offset stands that no character of its own: with the text that it touches."""
        touched = self.running.places([Span(offset - 1, offset)]) if offset else []
        following = self.running.places([Span(offset, offset + 1)])
        if touched and not following:
            return Point(touched[-1].end, before=True)
        return Point(self.running.point(offset), before=False)

    def words(self, spans: Iterable[Span]) -> str:
        """Return what some raw spans say as running text, a blank where stretches that do not touch meet."""
        text = self.running.text
        return " ".join(text[place.start : place.end].strip() for place in self.running.places(spans))


@dataclass(frozen=True)
class Prepared:
    """What is known of the texts of a review, by document id.

    `forms` are those that reviewers had added to the glossary when the texts were matched with it.
    """

    texts: Mapping[str, Text]
    forms: frozenset[Form] = frozenset()

    @property
    def checked(self) -> bool:
        """Whether the checks have run."""
        return all(text.found is not None for text in self.texts.values())

    @property
    def mentions(self) -> dict[str, tuple[Mention, ...]]:
        """Where the documents name concepts of the glossary that they were read with."""
        return {name: text.mentions for name, text in self.texts.items()}


def glance(alignment: Alignment) -> Prepared:
    """Return the texts of an alignment as they are read, without mentions and findings.

    It is quick, some 3 million characters a second, so that the page has texts while a worker goes on.
    """
    return Prepared({doc.id: text_of(segment(doc)) for doc in alignment.documents})


def prepared(aligned: Aligned, findings: Mapping[str, Sequence[Finding]] | None = None) -> Prepared:
    """Return what is known of aligned versions; `findings`, by document id, where the checks have run."""
    texts = {}
    for name, version in aligned.versions.items():
        found = None if findings is None else _found(version.document, findings.get(name, ()))
        texts[name] = replace(text_of(version), mentions=tuple(aligned.mentions[name]), found=found)
    return Prepared(texts)


def text_of(version: Segmented) -> Text:
    """Return what is known of a version that was segmented, and not yet searched for anything."""
    running = Running(version)
    starts = (
        places[0].start
        for sentences in version.sentences
        for sentence in sentences
        if (places := running.places(sentence.spans[:1]))
    )
    return Text(running, _indexes(sorted(starts)))


def _indexes(numbers: Iterable[int]) -> Indexes:
    return np.fromiter(numbers, dtype=np.uint32)


def _found(document: Document, findings: Sequence[Finding]) -> tuple[Found, ...]:
    """Return findings with whether cleaning applies them: an edit of theirs is among those that were accepted.

    Of a finding all edits are accepted or none, and each covers one of its spans.
    """
    made: dict[tuple[str, str], list[Span]] = {}
    for edit in accept(document, findings):
        made.setdefault((edit.rule, edit.replacement), []).append(edit.span)

    def applied(finding: Finding) -> bool:
        spans = made.get((finding.type, finding.replacement or ""), ())
        first = finding.spans[0]
        return finding.grade == "safe" and finding.replacement is not None and any(s.covers(first) for s in spans)

    return tuple(
        Found(finding_key(document.id, finding), replace(finding, evidence={}), applied(finding))
        for finding in findings
    )
