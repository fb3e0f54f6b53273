"""How many places a query has: by SQL alone, wherever that can tell it exactly."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from tetrapla.query._bound import All, Any, Mentions, Near, Node, Not, Words, leaves
from tetrapla.query._conditions import FOUND, Condition, exact_text, exactly, full_text, joined, only_filters
from tetrapla.query._finder import Finder
from tetrapla.query._plan import Plan
from tetrapla.query._search import fitting

__all__ = ["count"]


def count(connection: sqlite3.Connection, plan: Plan) -> int:
    """Return the exact number of places of a query."""
    known = _by_sql(connection, plan) if plan.within == "passage" else None
    return known if known is not None else sum(len(found) for _, found in fitting(connection, plan))


def _by_sql(connection: sqlite3.Connection, plan: Plan) -> int | None:
    """Return the number of places in passages where SQL can tell it exactly, else None."""
    parts = plan.node.parts if isinstance(plan.node, All | Any) else (plan.node,)
    if not plan.has_terms:
        return _count_passages(connection, plan)
    terms = [part for part in parts if isinstance(part, Words | Mentions | Near)]
    others = [part for part in parts if part not in terms]
    if not terms or any(not only_filters(leaf) for part in others for leaf in leaves(part, negated=False)):
        return None
    either = isinstance(plan.node, Any)
    if either and others:
        return None
    mentions = [term for term in terms if isinstance(term, Mentions)]
    words = [term for term in terms if isinstance(term, Words) and len(term.words) == 1]
    if not all(exactly(part) for part in others):
        return None
    if len(mentions) == len(terms):
        return _count_mentions(connection, mentions, others, plan.live, either=either)
    if len(words) == len(terms):
        return _count_words(connection, words, others, plan.live, plan.range, either=either)
    if len(terms) == 1 and isinstance(terms[0], Words):
        return _count_phrase(connection, terms[0], others, plan.live)
    match terms:
        case [Near(Words(words=[_]) as one, Words(words=[_]) as other) as near]:
            return _count_near(connection, near, one, other, _rest(others, plan.live))
    return None


def _count_passages(connection: sqlite3.Connection, plan: Plan) -> int | None:
    """Count what is shown of a query without terms, see `_search`."""
    wanted = exactly(plan.node)
    if wanted is None:
        return None
    where = joined([wanted, *([plan.live] if plan.live else [])], "AND")
    found = f"SELECT p.id FROM passage AS p WHERE {where.sql}"
    values: list[str | int] = [*where.values]
    if plan.types:
        types = ", ".join("?" * len(plan.types))
        found = (
            "SELECT DISTINCT f.passage, f.start, f.end FROM finding AS f JOIN passage AS p ON p.id = f.passage "
            f"WHERE f.type IN ({types}) AND {where.sql}"
        )
        values = [*plan.types, *where.values]
    return int(connection.execute(f"SELECT count(*) FROM ({found})", values).fetchone()[0])


def _count_mentions(
    connection: sqlite3.Connection,
    terms: Sequence[Mentions],
    others: Sequence[Node],
    live: Condition | None,
    *,
    either: bool,
) -> int:
    wanted = joined([Condition(term.sql, term.values) for term in terms], "OR")
    rest = _rest(others if either or len(terms) == 1 else [*others, *terms], live)
    # A passage is looked up only where something is asked of it.
    passage = "JOIN passage AS p ON p.id = m.passage" if rest else ""
    where = joined([wanted, *rest], "AND")
    found = f"SELECT DISTINCT m.passage, m.start, m.end FROM mention AS m {passage} WHERE {where.sql}"
    return int(connection.execute(f"SELECT count(*) FROM ({found})", where.values).fetchone()[0])


def _count_words(
    connection: sqlite3.Connection,
    terms: Sequence[Words],
    others: Sequence[Node],
    live: Condition | None,
    range: tuple[int, int] | None,  # noqa: A002
    *,
    either: bool,
) -> int:
    """Count single words in the inverted index itself, without a look at any text."""
    terms = list(dict.fromkeys(terms))
    texts = [part for part in others if isinstance(part, Not) and exact_text(part.part)]
    rest = _rest([part for part in others if part not in texts], live)
    # A place counts once, also for a word and for the beginning of it; different words never share one.
    apart = len(terms) == 1 or not any(term.prefix for term in terms)
    if apart and (either or len(terms) == 1) and not texts and not rest:
        of_words = joined([_of_vocabulary(term) for term in terms], "OR")
        sql = f"SELECT coalesce(sum(cnt), 0) FROM temp.vocabulary WHERE {of_words.sql}"
        return int(connection.execute(sql, of_words.values).fetchone()[0])
    conditions = [Condition("i.doc BETWEEN ? AND ?", range)] if range else []
    if (len(terms) > 1 and not either) or texts:
        both = exact_text(All((*terms, *texts)))
        assert both is not None
        conditions.append(Condition("i.doc IN (SELECT rowid FROM passage_fts WHERE passage_fts MATCH ?)", (both,)))
    where = joined([*conditions, *rest], "AND")
    passage = "CROSS JOIN passage AS p ON p.id = i.doc" if rest else ""
    # Each word by itself: of several at once the whole vocabulary would be gone through.
    found = (" UNION ALL " if apart else " UNION ").join(
        f"SELECT i.doc, i.offset FROM temp.instance AS i {passage} WHERE {of_word.sql} AND {where.sql}"
        for of_word in map(_of_vocabulary, terms)
    )
    values = [value for term in terms for value in (*_of_vocabulary(term).values, *where.values)]
    return int(connection.execute(f"SELECT count(*) FROM ({found})", values).fetchone()[0])


def _count_near(connection: sqlite3.Connection, node: Near, one: Words, other: Words, rest: Sequence[Condition]) -> int:
    """Count single words that stand near each other, by their numbers in the inverted index."""
    near = full_text(node)
    assert near is not None
    where = joined(
        [Condition("i.doc IN (SELECT rowid FROM passage_fts WHERE passage_fts MATCH ?)", (near,)), *rest], "AND"
    )
    passage = "CROSS JOIN passage AS p ON p.id = i.doc" if rest else ""
    places = []
    for term in (one, other):
        word = _of_vocabulary(term)
        # Passages are so far apart that no word is near one of another.
        sql = f"SELECT i.doc << 32 | i.offset FROM temp.instance AS i {passage} WHERE {word.sql} AND {where.sql}"
        places.append(sorted(at for (at,) in connection.execute(sql, (*word.values, *where.values))))
    left, right = places
    return len({*_close(left, right, node.distance), *_close(right, left, node.distance)})


def _close(places: Sequence[int], others: Sequence[int], distance: int) -> Iterator[int]:
    """Yield the places that have one of the others within a distance, but not at the same place."""
    for at in places:
        behind = bisect_right(others, at)
        before = bisect_left(others, at) - 1
        if (behind < len(others) and others[behind] - at <= distance) or (
            before >= 0 and at - others[before] <= distance
        ):
            yield at


def _count_phrase(connection: sqlite3.Connection, term: Words, others: Sequence[Node], live: Condition | None) -> int:
    where = joined([Condition(FOUND, (term.match,)), *_rest(others, live)], "AND")
    count = Finder(term).count
    rows = connection.execute(f"SELECT p.text FROM passage AS p WHERE {where.sql}", where.values)
    return sum(count(text) for (text,) in rows)


def _rest(nodes: Sequence[Node], live: Condition | None) -> list[Condition]:
    """Return the exact conditions of some parts of a query, and that the document is part of the index."""
    return [condition for condition in (*map(exactly, nodes), live) if condition]


def _of_vocabulary(term: Words) -> Condition:
    (word,) = term.words
    if not term.prefix:
        return Condition("term = ?", (word,))
    return Condition("term >= ? AND term < ?", (word, word + "\U0010ffff"))
