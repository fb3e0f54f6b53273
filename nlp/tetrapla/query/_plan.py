"""How a query is asked of an index: which passages may fit, in the order of the index.

What the statements give may be too much but never too little; `_evaluate` decides. They stream: the first twenty hits
cost the same in a long index as in a short one.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

from tetrapla.query._bound import All, Any, Filter, Mentions, Near, Node, Not, Words, leaves
from tetrapla.query._conditions import FOUND, Condition, exactly, full_text, in_a_row, joined, may_hold, only_filters
from tetrapla.query._names import Names

__all__ = ["Plan", "Within", "plan"]

Within = Literal["passage", "sentence", "bead"]
# So many mentions of a concept are looked up at once; of one with more, each passage is asked whether it has some.
FEW = 8000


@dataclass(frozen=True)
class Plan:
    """A query ready to be asked.

    `live` is the condition on documents whose source is complete, where some is not; `range` are the first and the last
    passage of those documents that the query is limited to.
    """

    node: Node
    within: Within
    live: Condition | None = None
    range: tuple[int, int] | None = None

    @cached_property
    def filters(self) -> list[Filter]:
        """The filters of the query, each once."""
        return list(dict.fromkeys(leaf for leaf in leaves(self.node) if isinstance(leaf, Filter)))

    @cached_property
    def mentions(self) -> list[Mentions]:
        """The terms of mentions, each once."""
        return list(dict.fromkeys(leaf for leaf in leaves(self.node) if isinstance(leaf, Mentions)))

    @cached_property
    def has_terms(self) -> bool:
        """Whether the query looks for anything that stands at a place."""
        return any(not isinstance(leaf, Filter) for leaf in leaves(self.node, negated=False))

    @cached_property
    def scope(self) -> list[Condition]:
        """The conditions on passages that hold of all hits: the filters that stand beside everything else."""
        parts = self.node.parts if isinstance(self.node, All) else (self.node,)
        return [condition for part in parts if only_filters(part) and (condition := exactly(part))]

    @cached_property
    def types(self) -> list[str]:
        """The types of noise that the query asks for."""
        return [leaf.type for leaf in leaves(self.node, negated=False) if isinstance(leaf, Filter) and leaf.type]

    @cached_property
    def needs_text(self) -> bool:
        """Whether the text of a passage says if the query holds in it."""
        return any(isinstance(leaf, Words) for leaf in leaves(self.node)) or _has_near(self.node)

    def passages(self, connection: sqlite3.Connection, *, text: bool = False) -> Iterator[Sequence[int | str]]:
        """Yield the passages that may fit, by number: number, text where needed or asked for, whether filters hold."""
        columns = Condition(
            "".join(f", ({f.sql})" for f in self.filters), tuple(value for f in self.filters for value in f.values)
        )
        shown = "p.text" if text or self.needs_text else "''"
        few = self._few(connection)
        match_text = full_text(self.node)
        rest = may_hold(self.node, text=match_text is None, negated=self.within == "passage")
        if match_text:
            source, number = "passage_fts CROSS JOIN passage AS p ON p.id = passage_fts.rowid", "passage_fts.rowid"
            conditions = [Condition("passage_fts MATCH ?", (match_text,))]
        else:
            source, number = "passage AS p", "p.id"
            conditions = []
        if few:
            # With a plus, words are gone through and looked up among the few, not the other way round.
            conditions.append(Condition(f"{'+' if match_text else ''}{number} IN ({few.sql})", few.values))
        if self.range:
            conditions.append(Condition(f"{number} BETWEEN ? AND ?", self.range))
        where = joined([*conditions, *(c for c in (rest, self.live) if c)], "AND")
        yield from connection.execute(
            f"SELECT p.id, {shown}{columns.sql} FROM {source} WHERE {where.sql} ORDER BY {number}",
            (*columns.values, *where.values),
        )

    def _few(self, connection: sqlite3.Connection) -> Condition | None:
        """Return a statement for the few passages that have what all hits need, if there are so few of some."""
        parts = self.node.parts if isinstance(self.node, All) else (self.node,)
        for part in parts:
            rare: Condition | None = None
            if isinstance(part, Mentions) and part.names and part.elsewhere:
                concepts = ", ".join("?" * len(part.names))
                rare = Condition(f"SELECT m.passage FROM mention AS m WHERE m.concept IN ({concepts})", part.names)
            elif isinstance(part, Mentions):
                rare = Condition(f"SELECT m.passage FROM mention AS m WHERE {part.sql}", part.values)
            elif isinstance(part, Filter) and part.type:
                rare = Condition("SELECT f.passage FROM finding AS f WHERE f.type = ?", (part.type,))
            if rare:
                number = f"SELECT count(*) FROM ({rare.sql} LIMIT {FEW + 1})"
                if connection.execute(number, rare.values).fetchone()[0] <= FEW:
                    return rare
        return None

    def units(self, connection: sqlite3.Connection) -> Iterator[list[int]]:
        """Yield the passages of each bead in which the query may hold, and passages without one by themselves."""
        wanted = self._units(connection, self.node)
        live = self.live or Condition("1")
        of_bead, alone = Condition("p.bead IS NOT NULL"), Condition("p.bead IS NULL")
        if wanted is not None:
            beads, others = ([unit for unit in sorted(wanted) if (unit > 0) == bead] for bead in (True, False))
            of_bead = Condition("p.bead IN (SELECT value FROM json_each(?))", (json.dumps(beads),))
            alone = Condition("p.id IN (SELECT -value FROM json_each(?)) AND p.bead IS NULL", (json.dumps(others),))
        for condition, order in ((of_bead, "p.bead, p.id"), (alone, "p.id")):
            where = joined([condition, live], "AND")
            rows = connection.execute(
                f"SELECT coalesce(p.bead, -p.id), p.id FROM passage AS p WHERE {where.sql} ORDER BY {order}",
                where.values,
            )
            for _, unit in itertools.groupby(rows, itemgetter(0)):
                yield [number for _, number in unit]

    def _units(self, connection: sqlite3.Connection, node: Node) -> set[int] | None:
        """Return the beads (of passages without one, the number with a minus) in which a query may hold; None: all."""
        match node:
            case Words():
                sql = f"SELECT coalesce(p.bead, -p.id) FROM passage AS p WHERE {FOUND}"
                return {bead for (bead,) in connection.execute(sql, (node.match,))}
            case Mentions(sql, values):
                sql = f"SELECT coalesce(m.bead, -m.passage) FROM mention AS m WHERE {sql}"
                return {bead for (bead,) in connection.execute(sql, values)}
            case Near():
                return self._units(connection, All(tuple(in_a_row(node))))
            case All(parts):
                known = [beads for part in parts if (beads := self._units(connection, part)) is not None]
                return set.intersection(*known) if known else None
            case Any(parts):
                sides = [self._units(connection, part) for part in parts]
                return None if None in sides else set().union(*(side for side in sides if side))
        return None


def plan(connection: sqlite3.Connection, node: Node, within: Within, names: Names) -> Plan:
    """Return how a query is asked of an index."""
    incomplete = connection.execute("SELECT 1 FROM source WHERE NOT complete LIMIT 1").fetchone()
    live = Condition("p.document IN (SELECT id FROM live)") if incomplete else None
    parts = node.parts if isinstance(node, All) else (node,)
    limited = [part.documents for part in parts if isinstance(part, Filter) and part.documents]
    ranges = [[names.ranges[document] for document in some if document in names.ranges] for some in limited]
    first = max((min(start for start, _ in some) for some in ranges if some), default=0)
    last = min((max(end for _, end in some) for some in ranges if some), default=0)
    return Plan(node, within, live, (first, last) if any(ranges) else None)


def _has_near(node: Node) -> bool:
    match node:
        case All(parts) | Any(parts):
            return any(map(_has_near, parts))
        case Not(part):
            return _has_near(part)
    return isinstance(node, Near)
