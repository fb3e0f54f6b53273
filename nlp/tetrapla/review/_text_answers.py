"""What the page is told of the texts under review, for OpenAPI; see `_answers`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tetrapla.review._answers import SpanModel, Strict

__all__ = ["Cells", "ConceptCard", "Found", "Original"]


Origin = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=3)]


class Run(Strict):
    """A stretch of text and the indices of the marks on it."""

    t: str
    m: list[int]


class Sentence(Strict):
    """A sentence of a cell; sentences of a row with the same `link` translate each other, `score` sure (0..1).

    `map` leads from the text of the runs back to the file. An item holds from an index of that text, in UTF-16 units,
    to that of the next item: [index, offset] where from that raw offset on each code point is the next one, [index,
    start, end] where the text stands in place of a raw stretch, empty where it was put in.
    """

    spans: list[SpanModel]
    link: int | None
    score: float | None
    runs: list[Run]
    map: list[Origin]


class Piece(BaseModel):
    """A piece of a paragraph: where it stands in the file, and its sentences."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    span: SpanModel
    line: int
    end_line: int
    torn: bool
    from_: Annotated[str, Field(alias="from")]
    sentences: list[Sentence]


class Copy(Strict):
    """The copy that a duplicate repeats, and the row it stands in."""

    text: str
    row: str | None


class FindingMark(Strict):
    """A finding in the text, what it proposes, and what was decided on it."""

    finding: str
    type: str
    state: Literal["applied", "offered", "rejected", "edited", "flagged"]
    grade: Literal["safe", "review"]
    score: float
    text: str
    replacement: str | None
    message: str
    concept: str | None
    kept: Copy | None
    keep: Literal["this", "other"] | None


class ConceptMark(Strict):
    """A place that names a concept, and by which of its forms."""

    concept: str
    name: str
    form: str
    status: str
    matched: str


class Cell(Strict):
    """What a version has in a row."""

    row: str
    version: str
    rev: str
    marks: list[FindingMark | ConceptMark]
    pieces: list[Piece]


class Cells(Strict):
    """Some cells, as of so many entries."""

    n: int
    cells: list[Cell]


class Line(Strict):
    """A line of the file, by its number from 1."""

    number: int
    text: str


class OriginalPiece(Strict):
    """A piece of a cell as the file has it."""

    span: SpanModel
    lines: list[Line]


class Original(Strict):
    """A cell as the file has it."""

    pieces: list[OriginalPiece]


class TermModel(Strict):
    """A form of a concept, how often each version has it, and whether a reviewer set it."""

    form: str
    language: str
    status: str
    damage: str | None
    counts: dict[str, int]
    yours: bool


class RelationModel(Strict):
    """A relation to another concept."""

    label: str
    id: str
    name: str


class ConceptCard(Strict):
    """A concept of the glossary, with what was decided on its forms, and the rows that name it."""

    id: str
    name: str
    definition: dict[str, str]
    terms: list[TermModel]
    counts: dict[str, int]
    relations: list[RelationModel]
    rows: list[str]


class Found(Strict):
    """The rows that a search found, and how many there are."""

    rows: list[str]
    total: int
