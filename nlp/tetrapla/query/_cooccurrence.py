"""Which concepts are named together: in a passage, a sentence, or a bead, by counts and logDice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from tetrapla.query._bound import Mentions, leaves
from tetrapla.query._collocations import log_dice
from tetrapla.query._conditions import Condition, joined
from tetrapla.query._plan import Plan, Within
from tetrapla.query._results import Row, Rows
from tetrapla.query._search import places

__all__ = ["Cooccurrence", "pairs", "with_hits"]

UNITS = {"passage": "m.passage", "sentence": "t.id", "bead": "coalesce(m.bead, -m.passage)"}
SENTENCE = "JOIN sentence AS t ON t.passage = m.passage AND t.start <= m.start AND m.start < t.end"
PAIRS = 2000


@dataclass(frozen=True)
class Cooccurrence(Row):
    """A concept and another: how many units name both (`units`), and how many the one and the other.

    For a query that is no concept, `concept` is the query.
    """

    concept: str
    other: str
    units: int
    frequency: int
    frequency_other: int
    log_dice: float


def with_hits(connection: sqlite3.Connection, plan: Plan, query: str) -> Rows[Cooccurrence]:
    """Return the concepts in the units that have a hit of a query, by logDice; not those that it asks for itself."""
    own = {name for leaf in leaves(plan.node, negated=False) if isinstance(leaf, Mentions) for name in leaf.names}
    within = plan.within
    units = set(_units(connection, plan))
    if not units:
        return Rows()
    source, where = _mentions(plan, within)
    totals = dict(
        connection.execute(
            f"SELECT m.concept, count(DISTINCT {UNITS[within]}) FROM {source} WHERE {where.sql} GROUP BY m.concept",
            where.values,
        )
    )
    together = connection.execute(
        f"SELECT m.concept, count(DISTINCT {UNITS[within]}) FROM {source} "
        f"WHERE {where.sql} AND {UNITS[within]} IN (SELECT value FROM json_each(?)) GROUP BY m.concept",
        (*where.values, json.dumps(sorted(units))),
    )
    name = ", ".join(sorted(own)) or query
    return _ranked(
        Cooccurrence(name, other, both, len(units), totals[other], log_dice(both, len(units), totals[other]))
        for other, both in together
        if other not in own
    )


def pairs(connection: sqlite3.Connection, plan: Plan | None, within: Within, *, minimum: int = 2) -> Rows[Cooccurrence]:
    """Return the pairs of concepts that `minimum` units name at least, by logDice; of the units that filters leave."""
    source, where = _mentions(plan, within)
    named = f"SELECT DISTINCT m.concept AS concept, {UNITS[within]} AS unit FROM {source} WHERE {where.sql}"
    totals: dict[str, int] = dict(
        connection.execute(f"SELECT concept, count(*) FROM ({named}) GROUP BY concept", where.values)
    )
    together = connection.execute(
        f"WITH named AS MATERIALIZED ({named}) SELECT a.concept, b.concept, count(*) FROM named AS a JOIN named AS b "
        "ON a.unit = b.unit AND a.concept < b.concept GROUP BY a.concept, b.concept HAVING count(*) >= ? "
        "ORDER BY 3 DESC LIMIT ?",
        (*where.values, minimum, PAIRS),
    )
    return _ranked(
        Cooccurrence(one, other, both, totals[one], totals[other], log_dice(both, totals[one], totals[other]))
        for one, other, both in together
    )


def _ranked(rows: Iterable[Cooccurrence]) -> Rows[Cooccurrence]:
    return Rows(sorted(rows, key=lambda row: (-row.log_dice, -row.units, row.concept, row.other)))


def _mentions(plan: Plan | None, within: Within) -> tuple[str, Condition]:
    """Return the mentions that the filters of a query leave: what to read them from, and the condition."""
    conditions = [*plan.scope, *([plan.live] if plan.live else [])] if plan else []
    source = "mention AS m"
    if conditions:
        source += " JOIN passage AS p ON p.id = m.passage"
    if within == "sentence":
        source += f" {SENTENCE}"
    return source, joined(conditions, "AND")


def _units(connection: sqlite3.Connection, plan: Plan) -> Iterable[int]:
    """Yield the units that have a hit."""
    for place in places(connection, plan):
        if plan.within == "passage":
            yield place.passage
        elif plan.within == "bead":
            yield from connection.execute(
                "SELECT coalesce(bead, -id) FROM passage WHERE id = ?", (place.passage,)
            ).fetchone()
        else:
            found = connection.execute(
                "SELECT id FROM sentence WHERE passage = ? AND start <= ? AND ? < end",
                (place.passage, place.start, place.start),
            ).fetchone()
            yield from found or ()
