"""Conditions in SQL on passages: what must be so for a query to hold, and what is so if and only if it does.

Full text does not see the marks between words, and knows no sentences: of a phrase it says where it may stand. All
values are bound, and none is ever part of a statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tetrapla.query._bound import All, Any, Filter, Mentions, Near, Node, Not, Words, leaves

__all__ = ["FOUND", "Condition", "exact_text", "exactly", "full_text", "in_a_row", "joined", "may_hold", "only_filters"]

# By the passage, whatever else the condition names: of a frequent concept there are too many mentions to go through.
MENTIONED = "EXISTS (SELECT 1 FROM mention AS m INDEXED BY mention_by_passage WHERE m.passage = p.id AND ({}))"
FOUND = "p.id IN (SELECT rowid FROM passage_fts WHERE passage_fts MATCH ?)"
MOST_PAIRS = 100  # of phrases that full text is asked for near each other


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL with what is bound to it."""

    sql: str
    values: tuple[str | int, ...] = ()


def joined(conditions: Sequence[Condition], word: str) -> Condition:
    """Return conditions with AND or OR between them; without any, one that always holds."""
    sql = f" {word} ".join(f"({condition.sql})" for condition in conditions)
    return Condition(sql or "1", tuple(value for condition in conditions for value in condition.values))


def full_text(node: Node) -> str | None:
    """Return what a passage must match in the full text so that the query may hold, or None where it need not."""
    match node:
        case Words():
            return node.match
        case Near(left, right, distance):
            one, other = _phrases(left), _phrases(right)
            near = (
                [f"NEAR({a} {b}, {distance})" for a in one for b in other]
                if len(one) * len(other) <= MOST_PAIRS
                else []
            )
            both = [f"({text})" for side in in_a_row(node) if (text := full_text(side))]
            return " OR ".join(near) or " AND ".join(both) or None
        case All(parts):
            found = [f"({text})" for part in parts if (text := full_text(part))]
            return " AND ".join(found) or None
        case Any(parts):
            sides = [full_text(part) for part in parts]
            return " OR ".join(f"({side})" for side in sides) if all(sides) else None
    return None


def in_a_row(node: Near) -> list[Node]:
    """Return the terms of a near: b near: c, which would be nested deep."""
    row: list[Node] = [node.right]
    left = node.left
    while isinstance(left, Near):
        row.append(left.right)
        left = left.left
    return [left, *reversed(row)]


def _phrases(node: Node) -> list[str]:
    """Return the phrases that a side of near: may stand for; none where it may be something else."""
    match node:
        case Words():
            return [node.match]
        case Any(parts):
            sides = [_phrases(part) for part in parts]
            return [phrase for side in sides for phrase in side] if all(sides) else []
    return []


def exact_text(node: Node) -> str | None:
    """Return what a passage must match in the full text where the query holds if and only if it does, or None."""
    match node:
        case Words(words=words):
            return node.match if len(words) == 1 else None
        case Any(parts):
            sides = [exact_text(part) for part in parts]
            return " OR ".join(f"({side})" for side in sides) if all(sides) else None
        case All(parts):
            found = [exact_text(part) for part in parts if not isinstance(part, Not)]
            without = [exact_text(part.part) for part in parts if isinstance(part, Not)]
            if not found or not all(found) or not all(without):
                return None
            return " NOT ".join([" AND ".join(f"({text})" for text in found), *(f"({text})" for text in without)])
    return None


def may_hold(node: Node, *, text: bool = True, negated: bool = True) -> Condition | None:
    """Return a condition on a passage `p` without which the query cannot hold in it, or None where none is known.

    `text` may be left out where it is asked otherwise; `negated` terms are no condition on the passage where the query
    must hold in a part of it.
    """
    match node:
        case Words():
            return Condition(FOUND, (node.match,)) if text else None
        case Mentions(sql, values):
            return Condition(MENTIONED.format(sql), values)
        case Filter(sql, values):
            return Condition(sql, values)
        case Near():
            return may_hold(All(tuple(in_a_row(node))), text=text)
        case All(parts):
            found = [c for part in parts if (c := may_hold(part, text=text, negated=negated))]
            return joined(found, "AND") if found else None
        case Any(parts):
            sides = [may_hold(part, negated=negated) for part in parts]
            if not text and full_text(node):
                return None
            return joined([side for side in sides if side], "OR") if all(sides) else None
        case Not(part):
            inner = exactly(part, each=True) if negated or only_filters(part) else None
            return Condition(f"NOT ({inner.sql})", inner.values) if inner else None


def exactly(node: Node, *, each: bool = False) -> Condition | None:
    """Return the condition on a passage `p` under which the query holds in it and else not, or None if SQL has none.

    With `each`, mentions are looked up passage by passage, which is better for few passages, else all at once.
    """
    match node:
        case Words(words=words):
            return Condition(FOUND, (node.match,)) if len(words) == 1 else None
        case Mentions(sql, values):
            found = "p.id IN (SELECT m.passage FROM mention AS m WHERE {})"
            return Condition((MENTIONED if each else found).format(sql), values)
        case Filter(sql, values):
            return Condition(sql, values)
        case All(parts) | Any(parts):
            text = exact_text(node)
            if text:
                return Condition(FOUND, (text,))
            found_in = [exactly(part, each=each) for part in parts]
            known = [condition for condition in found_in if condition]
            return joined(known, "AND" if isinstance(node, All) else "OR") if len(known) == len(found_in) else None
        case Not(part):
            inner = exactly(part, each=each)
            return Condition(f"NOT ({inner.sql})", inner.values) if inner else None
    return None


def only_filters(node: Node) -> bool:
    """Return whether a query has nothing but filters."""
    return all(isinstance(leaf, Filter) for leaf in leaves(node))
