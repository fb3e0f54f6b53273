"""How often: hits by version, language, section, form … with what that is in a million words."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tetrapla.errors import UnknownNameError
from tetrapla.query._conditions import joined
from tetrapla.query._evaluate import Passage, Place
from tetrapla.query._plan import Plan
from tetrapla.query._results import Row, Rows
from tetrapla.query._search import fitting
from tetrapla.store import words

__all__ = ["BY", "Frequency", "frequency"]

# What belongs to a passage, as the database has it; the rest belongs to the place itself.
OF_PASSAGE = {
    "version": "d.name",
    "language": "d.language",
    "section": "p.section",
    "document": "s.name || ' (' || d.name || ')'",
    "kind": "p.kind",
}
OF_PLACE = ("form", "status", "damage", "concept")
BY = (*OF_PASSAGE, *OF_PLACE)
TABLES = "passage AS p JOIN document AS d ON d.id = p.document JOIN source AS s ON s.id = d.source"


@dataclass(frozen=True)
class Frequency(Row):
    """How many hits have some values (of `by`, in its order), in how many passages, and their share of all hits.

    `per_million` is what the hits are in a million words of the passages that the filters of the query leave, and that
    have these values where they are values of passages.
    """

    by: tuple[str, ...]
    values: tuple[str, ...]
    hits: int
    passages: int
    share: float
    per_million: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the row as a record of JSON, each value under its name."""
        figures = ("hits", "passages", "share", "per_million")
        return dict(zip(self.by, self.values, strict=True)) | {name: getattr(self, name) for name in figures}


def frequency(connection: sqlite3.Connection, plan: Plan, by: Sequence[str]) -> Rows[Frequency]:
    """Return the frequencies of a query's hits by some values, the highest first; sections in their order.

    Raises:
        UnknownNameError: hits have no such value.
    """
    for name in by:
        if name not in BY:
            raise UnknownNameError("value to count by", name, BY)
    hits: Counter[tuple[str, ...]] = Counter()
    passages: dict[tuple[str, ...], set[int]] = {}
    of_passage = [name for name in by if name in OF_PASSAGE]
    found = Counter(_labelled(connection, plan, "form" in by))
    known = _values(connection, of_passage, {passage for passage, *_ in found})
    for (passage, *of_place), count in found.items():
        own = dict(zip(of_passage, known[passage], strict=True)) | dict(zip(OF_PLACE, of_place, strict=True))
        values = tuple(own[name] for name in by)
        hits[values] += count
        passages.setdefault(values, set()).add(passage)
    total = hits.total()
    sizes = _sizes(connection, plan, of_passage)
    rows = []
    for values, count in hits.items():
        size = sizes.get(tuple(value for name, value in zip(by, values, strict=True) if name in OF_PASSAGE), 0)
        rate = 1e6 * count / size if size else None
        rows.append(Frequency(tuple(by), values, count, len(passages[values]), count / total, rate))
    return Rows(_ranked(rows))


def _ranked(rows: Sequence[Frequency]) -> list[Frequency]:
    """Return rows by their hits; where sections are among the values, by the other values' hits, then as numbered."""
    by = rows[0].by if rows else ()
    if "section" not in by:
        return sorted(rows, key=lambda row: (-row.hits, row.values))
    totals: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        totals[_but_section(row)] += row.hits
    return sorted(rows, key=lambda row: (-totals[_but_section(row)], _but_section(row), _number(row)))


def _but_section(row: Frequency) -> tuple[str, ...]:
    return tuple(value for name, value in zip(row.by, row.values, strict=True) if name != "section")


def _number(row: Frequency) -> list[tuple[int, str]]:
    """Return the number of a row's section as it is sorted: 3.10 behind 3.9."""
    return [(int(part) if part.isdigit() else 0, part) for part in row.values[row.by.index("section")].split(".")]


def _labelled(connection: sqlite3.Connection, plan: Plan, forms: bool) -> Any:
    """Yield each hit as its passage and the values of `OF_PLACE`."""
    for unit, places in fitting(connection, plan, text=forms):
        texts = {passage.id: passage for passage in unit}
        for place in places:
            if place.named:
                yield (
                    place.passage,
                    place.named.form,
                    place.named.status,
                    place.named.damage or "–",
                    place.named.concept,
                )
            else:
                yield place.passage, _form(texts[place.passage], place) if forms else "", "–", "–", "–"


def _form(passage: Passage, place: Place) -> str:
    """Return the words at a place as they are compared; Chinese ones without blanks between."""
    stretch = passage.text[place.start : place.end]
    found = list(words(stretch))
    pieces = [
        ("" if a is None or a.end == b.start else " ") + b.folded for a, b in zip([None, *found], found, strict=False)
    ]
    return "".join(pieces)


def _values(connection: sqlite3.Connection, names: Sequence[str], passages: set[int]) -> dict[int, tuple[str, ...]]:
    if not names:
        return dict.fromkeys(passages, ())
    columns = ", ".join(OF_PASSAGE[name] for name in names)
    rows = connection.execute(
        f"SELECT p.id, {columns} FROM {TABLES} WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(passages)),),
    )
    return {number: tuple(values) for number, *values in rows}


def _sizes(connection: sqlite3.Connection, plan: Plan, names: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return how many words the passages have that the filters leave, by values."""
    where = joined([*plan.scope, *([plan.live] if plan.live else [])], "AND")
    columns = [OF_PASSAGE[name] for name in names]
    if not where.values and where.sql == "1" and not {"section", "kind"} & set(names):
        tables, size = "document AS d JOIN source AS s ON s.id = d.source", "d.words"
    else:
        tables, size = TABLES, "p.words"
    group = f" GROUP BY {', '.join(columns)}" if columns else ""
    rows = connection.execute(
        f"SELECT {', '.join([*columns, f'sum({size})'])} FROM {tables} WHERE {where.sql}{group}", where.values
    )
    return {tuple(values): size or 0 for *values, size in rows}
