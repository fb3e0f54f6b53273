"""The data that everything else passes on: frozen, stand-off, in code points of the raw text.

The raw text never changes. Findings, edits, segments, beads and mentions lie beside it and point into it:

    raw text   "innova- tion of  the park"
    Finding                              hyphenation  [0, 12)  -> "innovation"
    Edit       [0, 12) "innova- tion" -> "innovation"
    View       "innovation of  the park", maps both ways

A `Span` counts in the raw text and a `ViewSpan` in a view: two types, so that a type checker refuses to mix them.
Terms: a bead is a group of passages that translate each other (Gale & Church 1993); concept and term as in ISO 704
and TBX; spans are half-open and count Unicode code points (the STAM model of stand-off annotation).
"""

from __future__ import annotations

import hashlib
import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from tetrapla.errors import EditError

__all__ = [
    "DAMAGES",
    "KINDS",
    "SOUND",
    "STATUSES",
    "Alignment",
    "Bead",
    "Concept",
    "Damage",
    "Document",
    "Edit",
    "Finding",
    "Flow",
    "Grade",
    "Kind",
    "Mention",
    "Reading",
    "Relation",
    "Segment",
    "Segmented",
    "Span",
    "Status",
    "Stretch",
    "Term",
    "View",
    "ViewSpan",
    "sha256_of",
]

Kind = Literal[
    "title", "author", "abstract", "keywords", "heading", "body", "list", "caption", "notes", "references",
    "table", "furniture", "other",
]  # fmt: skip
Grade = Literal["safe", "review"]
Status = Literal["preferred", "admitted", "deprecated", "noise"]
# What made a form that should not stand: a misread letter, a translation word by word, the wrong sense of a word, or
# a garbled name.
Damage = Literal["ocr", "literal", "sense", "name"]

KINDS: tuple[str, ...] = get_args(Kind)
# From the best to the worst, as in TBX; noise (skos:hiddenLabel) is what only damage made.
STATUSES: tuple[Status, ...] = get_args(Status)
DAMAGES: tuple[Damage, ...] = get_args(Damage)
# Those of forms that may stand.
SOUND: tuple[Status, ...] = ("preferred", "admitted")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch ``[start, end)`` of the raw text, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Return whether the other lies inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class ViewSpan:
    """A half-open stretch ``[start, end)`` of a derived text (a view or a flow), in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a view span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start


def sha256_of(text: str) -> str:
    """Return the hexadecimal SHA-256 of a text in UTF-8: what a text is known by.

    Lone surrogates, which no encoding can hold, are hashed as they are.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Document:
    """A text and what is known of it: `id` within its set, `language` (ISO 639-1, "und" when unknown), `source`."""

    id: str
    language: str
    text: str
    source: str = ""

    @cached_property
    def sha256(self) -> str:
        """The hash that ties files of offsets to this text."""
        return sha256_of(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(feed.end() for feed in re.finditer("\n", self.text))]

    def line_of(self, offset: int) -> int:
        """Return the number of the line, from 1, that holds the code point at `offset`; lines end at line feeds only.

        >>> Document("d", "en", "a\\nb").line_of(2)
        2
        """
        return bisect_right(self._line_starts, offset)

    def __getitem__(self, span: Span) -> str:
        return self.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Segment:
    """A paragraph or a sentence: its spans in the order in which they should be read (several where it is torn)."""

    id: str
    kind: Kind
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """The first code point of the segment in reading order."""
        return self.spans[0].start


@dataclass(frozen=True)
class Flow:
    """Running text read out of a document: lines joined, torn pieces put together, each character with its origin.

    `text` is what a reader reads; ``offsets[i]`` is the raw offset of its i-th character (for a space that stands
    for a line break, the offset of that break). Offsets rise but at `tears`, the indices at which another piece begins.
    """

    text: str
    offsets: Sequence[int]
    tears: frozenset[int] = frozenset()

    def to_raw(self, span: ViewSpan) -> tuple[Span, ...]:
        """Return the raw spans of a stretch of the flow, in reading order: one, unless it crosses a tear.

        >>> Flow("abcd", [7, 8, 2, 3], frozenset({2})).to_raw(ViewSpan(1, 3))
        (Span(start=8, end=9), Span(start=2, end=3))
        """
        if not self.tears:  # as nearly always
            return (Span(self.offsets[span.start], self.offsets[span.end - 1] + 1),) if span.start < span.end else ()
        cuts = [span.start, *sorted(t for t in self.tears if span.start < t < span.end), span.end]
        return tuple(Span(self.offsets[a], self.offsets[b - 1] + 1) for a, b in itertools.pairwise(cuts) if a < b)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a text: where, how sure (0..1), and what might be done about it.

    `replacement` is for the whole of the spans, "" where they should go, None where nothing is proposed. `kept` is
    the copy that a duplicate repeats. `grade` is what the check thinks: safe to repair without asking, or not.
    """

    type: str
    spans: tuple[Span, ...]
    score: float
    grade: Grade
    replacement: str | None = None
    concept: str | None = None
    kept: Span | None = None
    evidence: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    message: str = ""

    @property
    def start(self) -> int:
        """Where the finding begins in the raw text."""
        return min(span.start for span in self.spans)

    @property
    def end(self) -> int:
        """Where the finding ends in the raw text."""
        return max(span.end for span in self.spans)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A change of the raw text: `replacement` for `original`, which must stand at `span`; `rule` says why."""

    span: Span
    original: str
    replacement: str
    rule: str
    grade: Grade = "safe"

    @property
    def id(self) -> str:
        """A name that stays the same from run to run: place and rule."""
        return f"{self.span.start}-{self.span.end}-{self.rule}"


class View:
    """A document as it reads after some edits; maps both ways. Undo means leaving an edit out.

    >>> doc = Document("d", "en", "innova- tion now")
    >>> view = View(doc, [Edit(Span(0, 12), "innova- tion", "innovation", "hyphenation")])
    >>> view.text
    'innovation now'
    >>> view.to_raw(ViewSpan(11, 14))
    Span(start=13, end=16)
    """

    def __init__(self, document: Document, edits: Iterable[Edit] = ()) -> None:
        """Apply `edits`, given in any order.

        Raises:
            EditError: an edit's original does not stand at its span, or two edits overlap.
        """
        self.document = document
        self.edits = tuple(sorted(edits))
        raw = document.text
        out: list[str] = []
        # Pieces of the view, in order: where each begins in the view, where in the raw text, and whether it is kept.
        self._view_starts: list[int] = []
        self._raw_spans: list[Span] = []
        self._kept: list[bool] = []
        at = size = 0

        def piece(text: str, span: Span, kept: bool) -> None:
            nonlocal size
            self._view_starts.append(size)
            self._raw_spans.append(span)
            self._kept.append(kept)
            out.append(text)
            size += len(text)

        last: Edit | None = None
        for edit in self.edits:
            if edit.span.end > len(raw) or document[edit.span] != edit.original:
                raise EditError(
                    f"{document.id}: the text at {edit.span.start}–{edit.span.end} is not {edit.original[:40]!r}, "
                    f"as the edit {edit.id} expects; these edits belong to another text"
                )
            if edit.span.start < at or (last is not None and last.span == edit.span):
                raise EditError(f"{document.id}: edit {edit.id} overlaps {last.id if last else 'another'}")
            if at < edit.span.start:
                piece(raw[at : edit.span.start], Span(at, edit.span.start), True)
            piece(edit.replacement, edit.span, False)
            at, last = edit.span.end, edit
        if at < len(raw) or not out:
            piece(raw[at:], Span(at, len(raw)), True)
        self.text = "".join(out)
        self._view_ends = [*self._view_starts[1:], size]

    def without(self, edits: Iterable[Edit]) -> View:
        """Return the view with these edits undone."""
        gone = set(edits)
        return View(self.document, [edit for edit in self.edits if edit not in gone])

    def to_raw(self, span: ViewSpan) -> Span:
        """Return the raw stretch that a stretch of the view comes from.

        A character of a replacement comes from the whole of what it replaces. An empty span at a seam stands
        after the character before it.

        Raises:
            ValueError: the span reaches beyond the view.
        """
        if span.end > len(self.text):
            raise ValueError(f"the view has {len(self.text)} characters, not {span.end}")
        if span.start == span.end:
            at = self._raw_of(span.start - 1).end if span.start else 0
            return Span(at, at)
        return Span(self._raw_of(span.start).start, self._raw_of(span.end - 1).end)

    def _raw_of(self, index: int) -> Span:
        """Return the raw origin of the view's character at `index`."""
        # Pieces with an empty replacement share their start with the next one: the last that starts here holds it.
        k = bisect_right(self._view_starts, index) - 1
        raw = self._raw_spans[k]
        if not self._kept[k]:
            return raw
        at = raw.start + index - self._view_starts[k]
        return Span(at, at + 1)

    def to_view(self, span: Span) -> ViewSpan:
        """Return where a raw stretch stands in the view; what was cut out becomes empty, what was replaced whole.

        Raises:
            ValueError: the span reaches beyond the raw text.
        """
        if span.end > len(self.document.text):
            raise ValueError(f"the text has {len(self.document.text)} characters, not {span.end}")
        start = self._view_of(span.start, at_end=False)
        end = start if span.start == span.end else self._view_of(span.end, at_end=True)
        return ViewSpan(start, max(start, end))

    def _view_of(self, offset: int, *, at_end: bool) -> int:
        """Return the view's border for a raw border: of a replaced stretch, its outer side."""
        if at_end:
            k = bisect_left([s.end for s in self._raw_spans], offset) if offset else 0
        else:
            k = bisect_right([s.start for s in self._raw_spans], offset) - 1
        k = min(max(k, 0), len(self._raw_spans) - 1)
        raw, begin, end = self._raw_spans[k], self._view_starts[k], self._view_ends[k]
        if self._kept[k]:
            return begin + min(max(offset - raw.start, 0), len(raw))
        if at_end:
            return end if offset > raw.start else begin
        return end if offset >= raw.end and len(raw) else begin


@dataclass(frozen=True, slots=True)
class Term:
    """A form that names a concept in a language; `source` says where it was met. Noise: only damage made it.

    `damage` is what made a deprecated form or one of noise, None where that is not known.
    """

    form: str
    language: str
    status: Status
    source: str = ""
    damage: Damage | None = None

    @property
    def broken(self) -> bool:
        """Whether the form is damage: noise, or a form to avoid for what made it, not only for another being used."""
        return self.status == "noise" or (self.status == "deprecated" and self.damage is not None)


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link to another concept, e.g. ``Relation("broader", "innovation")``."""

    type: str
    target: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the glossary with every name that it has: `definition` by language, `systems` by number.

    `subject` is the field that it belongs to; `homonyms` are concepts that it knowingly shares a form with, `formerly`
    the ids that it had before.
    """

    id: str
    terms: tuple[Term, ...]
    definition: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    relations: tuple[Relation, ...] = ()
    sources: tuple[str, ...] = ()
    systems: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    subject: str = ""
    homonyms: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()

    def preferred(self, language: str) -> str | None:
        """Return the canonical form in a language, or None where the glossary has none."""
        for term in self.terms:
            if term.language == language and term.status == "preferred":
                return term.form
        return None


class Reading(NamedTuple):
    """What a form may stand for: a concept, by one of its terms."""

    concept: str
    term: Term


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a document names a concept, by which of its terms; `matched` is the text as it stands there.

    `others` is what else the form may stand for, best first: two concepts may share a form.
    """

    concept: str
    term: Term
    spans: tuple[Span, ...]
    matched: str = ""
    others: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Bead:
    """Passages that translate each other: spans by document id, the probability of each link (0..1), its evidence.

    A paragraph bead holds its sentence beads.
    """

    id: str
    kind: Kind
    spans: Mapping[str, tuple[Span, ...]]
    score: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    evidence: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    sentences: tuple[Bead, ...] = ()


@dataclass(frozen=True)
class Segmented:
    """A document with its paragraphs and their sentences, and the running text of each.

    `sentences` has, for every paragraph, its sentences in reading order. Paragraphs cover every non-space
    character of the document exactly once, and the sentences of a paragraph every one of the paragraph.
    """

    document: Document
    paragraphs: tuple[Segment, ...]
    sentences: tuple[tuple[Segment, ...], ...]
    flows: tuple[Flow, ...]

    def __iter__(self) -> Iterator[tuple[Segment, tuple[Segment, ...], Flow]]:
        return zip(self.paragraphs, self.sentences, self.flows, strict=True)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a document for which an alignment with another one, `against`, should be looked at.

    `spans` are its pieces in the order of the text; `why` says for people what is the matter; `score` is the mean
    probability of the links in it, by their lengths, text without a link counting as 0.
    """

    document: str
    against: str
    spans: tuple[Span, ...]
    why: str
    score: float


@dataclass(frozen=True)
class Alignment:
    """Beads over several documents; `pivot` is the id of the document whose paragraphs are the units.

    `derailed` are stretches in which the alignment has lost its way, `gaps` those that the other document lacks.
    """

    pivot: str
    documents: tuple[Document, ...]
    beads: tuple[Bead, ...]
    derailed: tuple[Stretch, ...] = ()
    gaps: tuple[Stretch, ...] = ()

    def document(self, name: str) -> Document | None:
        """Return the document with this id, or None."""
        return next((doc for doc in self.documents if doc.id == name), None)
