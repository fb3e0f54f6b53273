"""What the page is told of a document under review, for OpenAPI; spans are ``[start, end)`` in raw code points.

Answers are written from dictionaries at once, since a large document has tens of thousands of values; a test holds them
against these models.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tetrapla.review._rows import Verdict

__all__ = ["Changes", "Conflicting", "Documents", "History", "JobModel", "Problem", "Review", "SpanModel", "Strict"]

SpanModel = tuple[int, int]


class Strict(BaseModel):
    """An answer with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Problem(Strict):
    """What is wrong, in one line."""

    error: str


class DocumentModel(Strict):
    """A document that can be reviewed, or why it cannot.

    `reviewed` counts the rows that anything was decided on, be it on one of the versions only.
    """

    id: str
    name: str
    versions: list[str]
    rows: int
    reviewed: int
    error: str | None


class Documents(Strict):
    """What was opened."""

    documents: list[DocumentModel]


class VersionModel(Strict):
    """A version: `length` is in code points, `source` the path that the alignment has for it."""

    id: str
    label: str
    language: str
    length: int
    source: str


class RowRecord(Strict):
    """A row as it stands; `counts` are findings by version and type, `concepts` indices into those of the review."""

    id: str
    rev: str
    kind: str
    spans: dict[str, list[SpanModel]]
    score: dict[str, float]
    verdicts: dict[str, Verdict]
    hand: bool
    note: str
    counts: dict[str, dict[str, int]]
    concepts: list[int]
    disputed: bool


class TypeModel(Strict):
    """A type of findings: how it is drawn, the quality check that it belongs to, and what it finds."""

    name: str
    short: str
    hue: int
    line: str
    group: str
    what: str


class GroupModel(Strict):
    """A quality check, of one type of findings or more."""

    name: str
    title: str


class Named(Strict):
    """A concept and what it is called."""

    id: str
    name: str


class JobModel(Strict):
    """Work in the background; `told` says how it stands, `changed` which rows it set once it is done."""

    id: str
    kind: Literal["read", "prepare", "check", "align"]
    state: Literal["running", "done", "failed", "stopped"]
    stage: str
    done: int
    total: int
    told: str
    changed: list[str]


class Turns(Strict):
    """What undo would take back and redo do again, None for nothing."""

    undo: str | None
    redo: str | None


class ProgressModel(Strict):
    """How many rows of a version are reviewed, doubtful and left, and in how many seconds they may be done."""

    reviewed: int
    doubtful: int
    left: int
    total: int
    seconds: float | None


class State(Strict):
    """What is known of a review besides its rows; `n` counts the entries, `stale` the changes of rows since a check."""

    n: int
    history: Turns
    progress: dict[str, ProgressModel]
    ready: bool
    checked: bool
    stale: int


class Review(State):
    """All of a review but the texts."""

    name: str
    pivot: str
    me: str
    versions: list[VersionModel]
    rows: list[RowRecord]
    types: list[TypeModel]
    groups: list[GroupModel]
    concepts: list[Named]
    jobs: list[JobModel]


class EntryModel(Strict):
    """What a reviewer did, and when (UTC)."""

    id: str
    at: str
    by: str
    op: str
    told: str
    undoes: str | None


class Changes(State):
    """What became of a review since some entry; `order` are all ids of rows where they or their order changed."""

    rows: list[RowRecord]
    gone: list[str]
    order: list[str] | None
    findings: dict[str, dict[str, Any] | None]
    terms: dict[str, dict[str, Any] | None]
    entries: list[EntryModel]


class History(Strict):
    """The entries of a review, the newest first."""

    entries: list[EntryModel]


class Clash(Strict):
    """An item that somebody has set since, and who."""

    key: str
    by: str
    at: str
    told: str


class Conflicting(Strict):
    """A decision that was not taken: what it is about changed since, and how it stands now."""

    error: str
    conflict: list[Clash]
    changes: Changes
