"""The places of a query, one after the other, in the order of the index."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from tetrapla.query._bound import Mentions
from tetrapla.query._evaluate import Evaluator, Named, Passage, Place, once
from tetrapla.query._plan import Plan

__all__ = ["fitting", "places"]

T = TypeVar("T")

# Passages that are looked at together: few at first, as most questions end with the first twenty hits.
FIRST, MOST = 24, 1000


def places(connection: sqlite3.Connection, plan: Plan) -> Iterator[Place]:
    """Yield the places of all terms of a query; of one without terms, the noise it asks for, or whole passages."""
    for _, found in fitting(connection, plan):
        yield from found


def fitting(
    connection: sqlite3.Connection, plan: Plan, *, text: bool = False
) -> Iterator[tuple[Sequence[Passage], Sequence[Place]]]:
    """Yield the units that fit with the places in them; `text` reads the passages also where none is needed."""
    for unit, found in _units(connection, plan, text):
        if found or plan.has_terms:
            yield unit, found
        else:
            yield unit, list(_of_filters(connection, plan, unit))


def _units(connection: sqlite3.Connection, plan: Plan, text: bool) -> Iterator[tuple[list[Passage], list[Place]]]:
    evaluator = Evaluator(plan.node)
    if plan.within == "bead":
        for units in _chunks(plan.units(connection)):
            known = {p.id: p for p in _read(connection, plan, [number for unit in units for number in unit])}
            for unit in units:
                passages = [known[number] for number in unit]
                places = evaluator.places(passages)
                if places is not None:
                    yield passages, places
        return
    for rows in _chunks(plan.passages(connection, text=text)):
        chunk = _with_mentions(connection, plan, [_passage(plan, row) for row in rows])
        bounds = _sentences(connection, chunk) if plan.within == "sentence" else {}
        for passage in chunk:
            if plan.within == "passage":
                found = evaluator.places([passage])
            else:
                found = _in_sentences(evaluator, plan, passage, bounds.get(passage.id, ()))
            if found is not None:
                yield [passage], found


def _in_sentences(
    evaluator: Evaluator, plan: Plan, passage: Passage, sentences: Iterable[tuple[int, int]]
) -> list[Place] | None:
    """Return the places in the sentences of a passage that fit, of a query without terms the sentences themselves."""
    found = [(span, evaluator.places([passage], span)) for span in sentences]
    held = [(span, places) for span, places in found if places is not None]
    if not plan.has_terms:
        return [Place(passage.id, *span) for span, _ in held] or None
    return once(place for _, places in held for place in places) or None


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    size = FIRST
    while chunk := list(itertools.islice(iterator, size)):
        yield chunk
        size = min(size * 4, MOST)


def _passage(plan: Plan, row: Sequence[int | str]) -> Passage:
    number, text, *holds = row
    return Passage(int(number), str(text), dict(zip(plan.filters, map(bool, holds), strict=True)))


def _read(connection: sqlite3.Connection, plan: Plan, numbers: Sequence[int]) -> list[Passage]:
    """Return passages by their numbers."""
    columns = "".join(f", ({f.sql})" for f in plan.filters)
    values = tuple(value for f in plan.filters for value in f.values)
    rows = connection.execute(
        f"SELECT p.id, p.text{columns} FROM passage AS p WHERE p.id IN (SELECT value FROM json_each(?))",
        (*values, json.dumps(numbers)),
    )
    return _with_mentions(connection, plan, [_passage(plan, row) for row in rows])


def _with_mentions(connection: sqlite3.Connection, plan: Plan, chunk: list[Passage]) -> list[Passage]:
    """Return passages with the mentions that terms ask for."""
    numbers = json.dumps([passage.id for passage in chunk])
    for term in plan.mentions:
        found = _mentions(connection, term, numbers)
        for passage in chunk:
            passage.mentions[term] = found.get(passage.id, [])
    return chunk


def _mentions(connection: sqlite3.Connection, term: Mentions, numbers: str) -> dict[int, list[Place]]:
    rows = connection.execute(
        "SELECT m.passage, m.start, m.end, m.concept, m.form, m.status, coalesce(m.damage, '') "
        "FROM json_each(?) AS wanted CROSS JOIN mention AS m INDEXED BY mention_by_passage ON m.passage = wanted.value "
        f"WHERE {term.sql}",
        (numbers, *term.values),
    )
    found: dict[int, list[Place]] = {}
    for passage, start, end, *named in rows:
        found.setdefault(passage, []).append(Place(passage, start, end, Named(*named)))
    return found


def _sentences(connection: sqlite3.Connection, chunk: Sequence[Passage]) -> dict[int, list[tuple[int, int]]]:
    rows = connection.execute(
        "SELECT s.passage, s.start, s.end FROM json_each(?) AS wanted "
        "CROSS JOIN sentence AS s ON s.passage = wanted.value ORDER BY s.passage, s.start",
        (json.dumps([passage.id for passage in chunk]),),
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for passage, start, end in rows:
        found.setdefault(passage, []).append((start, end))
    return found


def _of_filters(connection: sqlite3.Connection, plan: Plan, unit: Sequence[Passage]) -> Iterator[Place]:
    """Yield what is shown of a unit where nothing but filters was asked for."""
    types = plan.types
    for passage in unit:
        if plan.within == "bead" and Evaluator(plan.node).places([passage]) != []:
            continue
        if not types:
            ((length,),) = connection.execute("SELECT length(text) FROM passage WHERE id = ?", (passage.id,))
            yield Place(passage.id, 0, length)
            continue
        spans = connection.execute(
            f"SELECT DISTINCT start, end FROM finding WHERE passage = ? AND type IN ({', '.join('?' * len(types))}) "
            "ORDER BY start, end",
            (passage.id, *types),
        )
        yield from (Place(passage.id, start, end) for start, end in spans)
