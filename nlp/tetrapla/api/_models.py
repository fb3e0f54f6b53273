"""What the answers look like, for OpenAPI; names and values as in `tetrapla query --format jsonl`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

__all__ = [
    "ConceptModel", "Concordance", "Count", "DocumentModel", "Found", "Hit", "Mark", "Passage", "Problem",
    "RenderingsModel", "Side", "Source", "Welcome",
]  # fmt: skip


class Problem(BaseModel):
    """What is wrong with a request; `place` is the character of the query (from 0) where it cannot be understood."""

    error: str
    place: int | None = None


class Welcome(BaseModel):
    """What answers, and where it is described."""

    tetrapla: str
    openapi: str


class Mark(BaseModel):
    """A place in a text that names the concept of a hit."""

    start: int
    end: int
    form: str
    status: str
    damage: str | None


class Side(BaseModel):
    """The side of a bead in another version; `score` is the probability (0..1) of its link."""

    language: str
    text: str
    marks: list[Mark]
    score: float | None


class Hit(BaseModel):
    """A place that a query found; `start` and `end` count in the passage's text, `spans` in the raw text."""

    id: str
    source: str
    document: str
    language: str
    passage: int
    bead: str | None
    section: str
    kind: str
    start: int
    end: int
    left: str
    match: str
    right: str
    concept: str | None
    form: str | None
    status: str | None
    damage: str | None
    spans: list[tuple[int, int]]
    parallel: dict[str, Side]


class Concordance(BaseModel):
    """Some hits of a query, and how many there are in all."""

    query: str
    total: int
    hits: list[Hit]


class Count(BaseModel):
    """How many hits a query has."""

    query: str
    total: int


class DocumentModel(BaseModel):
    """A version in the index; `length` in code points, `words` those of its passages."""

    name: str
    language: str
    path: str
    sha256: str
    length: int
    words: int


class Source(BaseModel):
    """A file that was added to the index, and when (UTC)."""

    name: str
    kind: str
    sha256: str
    pivot: str
    added: str
    documents: list[DocumentModel]


class ConceptModel(BaseModel):
    """A concept as `tetrapla concept --format json` prints it, and how often the index names it."""

    id: str
    terms: dict[str, list[dict[str, str]]]
    definition: dict[str, str]
    subject: str
    homonyms: list[str]
    formerly: list[str]
    relations: list[dict[str, str]]
    systems: list[int]
    source: list[str]
    notes: list[str]
    mentions: int


class Found(BaseModel):
    """Something in a passage: a sentence, a mention or a finding, with its place in the text."""

    model_config = {"extra": "allow"}

    start: int
    end: int


class Passage(BaseModel):
    """A passage with what is known of it; `line` of the raw text, from 1, is where it begins."""

    id: int
    source: str
    document: str
    language: str
    bead: str | None
    number: int
    kind: str
    section: str
    line: int
    text: str
    sentence: list[Found]
    mention: list[Found]
    finding: list[Found]


class RenderingsModel(BaseModel):
    """All that the index knows of a concept: names, forms by version, gaps, beads that should have it, what is near."""

    concept: str
    names: dict[str, str | None]
    forms: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    expected: dict[str, int]
    near: list[dict[str, Any]]
    together: list[dict[str, Any]]
