"""From places to hits: what stands around them, where that is in the raw text, and what other versions have there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tetrapla.query._evaluate import Named, Place
from tetrapla.query._results import Hit, Mark, Parallel
from tetrapla.store import Origins

__all__ = ["hits"]


class _Passage(NamedTuple):
    id: int
    document: int
    bead: int | None
    kind: str
    section: str
    text: str
    origins: str
    name: str
    language: str
    source: str
    bead_name: str | None


def hits(connection: sqlite3.Connection, places: Sequence[Place], *, context: int, parallel: bool) -> tuple[Hit, ...]:
    """Return places as hits, with at most `context` characters on either side, and the other versions if wanted."""
    passages = _passages(connection, places)
    mentions = _mentions(connection, list(passages))
    sides = _sides(connection, list(passages.values())) if parallel else {}
    marks = _mentions(connection, [side.id for found in sides.values() for side, _ in found])
    made = []
    for place in places:
        passage = passages[place.passage]
        around = [m for m in mentions.get(passage.id, ()) if m.start <= place.start and place.end <= m.end]
        named = place.named or next((m.named for m in around if m[1:3] == place[1:3]), None)
        concepts = {named.concept} if named else {m.named.concept for m in around if m.named}
        beside = {
            side.name: Parallel(
                side.name,
                side.language,
                side.text,
                tuple(
                    Mark(m.start, m.end, m.named.form, m.named.status, m.named.damage or None)
                    for m in marks.get(side.id, ())
                    if m.named and m.named.concept in concepts
                ),
                round(len(side.text) * place.start / max(len(passage.text), 1)),
                score,
            )
            for side, score in sides.get(passage.bead or 0, ())
            if side.id != passage.id
        }
        made.append(_hit(place, passage, named, beside, context))
    return tuple(made)


def _hit(place: Place, passage: _Passage, named: Named | None, beside: Mapping[str, Parallel], context: int) -> Hit:
    text = passage.text
    return Hit(
        id=f"{passage.id}:{place.start}-{place.end}",
        source=passage.source,
        document=passage.name,
        language=passage.language,
        passage=passage.id,
        bead=passage.bead_name,
        section=passage.section,
        kind=passage.kind,
        start=place.start,
        end=place.end,
        left=text[max(0, place.start - context) : place.start],
        match=text[place.start : place.end],
        right=text[place.end : place.end + context],
        concept=named.concept if named else None,
        form=named.form if named else None,
        status=named.status if named else None,
        damage=(named.damage or None) if named else None,
        spans=Origins.of(passage.origins).to_raw(place.start, place.end),
        parallel=beside,
    )


COLUMNS = (
    "SELECT p.id, p.document, p.bead, p.kind, p.section, p.text, p.origins, d.name, d.language, s.name, b.name "
    "FROM json_each(?) AS wanted CROSS JOIN passage AS p ON p.{} = wanted.value "
    "JOIN document AS d ON d.id = p.document JOIN source AS s ON s.id = d.source "
    "LEFT JOIN bead AS b ON b.id = p.bead ORDER BY d.number"
)


def _passages(connection: sqlite3.Connection, places: Sequence[Place]) -> dict[int, _Passage]:
    wanted = json.dumps(sorted({place.passage for place in places}))
    return {row[0]: _Passage(*row) for row in connection.execute(COLUMNS.format("id"), (wanted,))}


def _sides(
    connection: sqlite3.Connection, passages: Sequence[_Passage]
) -> dict[int, list[tuple[_Passage, float | None]]]:
    """Return the passages of each bead with the score of their links, in the order of the documents."""
    beads = json.dumps(sorted({passage.bead for passage in passages if passage.bead is not None}))
    scores = {
        (bead, document): score
        for bead, document, score in connection.execute(
            "SELECT bead, document, score FROM link WHERE bead IN (SELECT value FROM json_each(?))", (beads,)
        )
    }
    found: dict[int, list[tuple[_Passage, float | None]]] = {}
    for row in connection.execute(COLUMNS.format("bead"), (beads,)):
        side = _Passage(*row)
        found.setdefault(side.bead or 0, []).append((side, scores.get((side.bead or 0, side.document))))
    return found


def _mentions(connection: sqlite3.Connection, passages: Sequence[int]) -> dict[int, list[Place]]:
    rows = connection.execute(
        "SELECT m.passage, m.start, m.end, m.concept, m.form, m.status, coalesce(m.damage, '') "
        "FROM json_each(?) AS wanted CROSS JOIN mention AS m INDEXED BY mention_by_passage ON m.passage = wanted.value "
        "ORDER BY m.passage, m.start",
        (json.dumps(passages),),
    )
    found: dict[int, list[Place]] = {}
    for passage, start, end, *named in rows:
        found.setdefault(passage, []).append(Place(passage, start, end, Named(*named)))
    return found
