"""What questions are answered with: typed and frozen; a row of a table, a record of JSON, a line of a data frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

from tetrapla.model import Span

if TYPE_CHECKING:
    import pandas

__all__ = ["Concordance", "Hit", "Mark", "Parallel", "Row", "Rows", "is_broken"]


class Mark(NamedTuple):
    """A place in a passage that names a concept: by which form, of which status, made by what damage."""

    start: int
    end: int
    form: str
    status: str
    damage: str | None

    @property
    def broken(self) -> bool:
        """Whether the form is damage, as of `model.Term`."""
        return is_broken(self.status, self.damage)


def is_broken(status: str | None, damage: str | None) -> bool:
    """Return whether a form is damage, as `model.Term.broken`: one to avoid for no damage is not."""
    return status == "noise" or (status == "deprecated" and damage is not None)


@dataclass(frozen=True, slots=True)
class Parallel:
    """The side of a bead in another version: its text, and where it names the concept of the hit.

    `at` is as far into the text as the hit is into its own passage; `score` the estimated probability (0..1) that the
    link to the pivot is right, None where there is none.
    """

    document: str
    language: str
    text: str
    marks: tuple[Mark, ...] = ()
    at: int = 0
    score: float | None = None

    @property
    def nearest(self) -> Mark | None:
        """The mark that most likely answers to the hit: the one that is nearest to `at`."""
        return min(self.marks, key=lambda mark: abs(mark.start - self.at), default=None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a query found.

    `passage` is the number of the passage in the index; `start` and `end` count in its text, `spans` in the raw text of
    the document. `left` and `right` are what stands beside it in the passage. `concept`, `form`, `status` and `damage`
    are those of the mention that the place is, None where it is none. `parallel` has the other versions by the
    document's name.
    """

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
    spans: tuple[Span, ...]
    parallel: Mapping[str, Parallel] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether the hit is a mention by a form that is damage, as of `model.Term`."""
        return is_broken(self.status, self.damage)

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as a record of JSON; spans are pairs."""
        record = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        record["spans"] = [[span.start, span.end] for span in self.spans]
        record["parallel"] = {
            name: {
                "language": side.language,
                "text": side.text,
                "marks": [mark._asdict() for mark in side.marks],
                "score": side.score,
            }
            for name, side in self.parallel.items()
        }
        return record


@dataclass(frozen=True)
class Concordance(Sequence[Hit]):
    """The hits that were asked for; `total` is how many there are in all, counted when it is first asked for."""

    query: str
    hits: tuple[Hit, ...]
    counted: Callable[[], int] = field(repr=False, compare=False)

    @cached_property
    def total(self) -> int:
        """The exact number of hits in the index."""
        return self.counted()

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...

    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self.hits[index]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the hits as records of JSON."""
        return [hit.to_dict() for hit in self.hits]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a data frame with a row for each hit and a column for the text of each other version."""
        import pandas

        columns = [f.name for f in dataclasses.fields(Hit) if f.name != "parallel"]
        names = list(dict.fromkeys(name for hit in self.hits for name in hit.parallel))
        rows = []
        for hit in self.hits:
            record = hit.to_dict()
            sides = (hit.parallel.get(name) for name in names)
            rows.append([*(record[column] for column in columns), *(side.text if side else None for side in sides)])
        return pandas.DataFrame(rows, columns=[*columns, *names])


@dataclass(frozen=True)
class Row:
    """A row of a table of figures."""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as a record of JSON."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


R = TypeVar("R", bound=Row)


class Rows(tuple[R, ...], Generic[R]):
    """Rows of a table, the most telling first."""

    __slots__ = ()

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as records of JSON."""
        return [row.to_dict() for row in self]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a data frame with a line for each row."""
        import pandas

        return pandas.DataFrame(self.to_dicts())


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, Row):
        return value.to_dict()
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
