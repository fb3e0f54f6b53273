"""An index, opened for questions.

with tetrapla.open("x.db") as index:
    for hit in index.query("concept:reverse-enclave lang:es", parallel=True):
        ...
"""

from __future__ import annotations

import heapq
import itertools
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tetrapla.errors import UnknownNameError
from tetrapla.query import _syntax as syntax
from tetrapla.query._bind import bind
from tetrapla.query._count import count
from tetrapla.query._evaluate import Place
from tetrapla.query._hits import hits
from tetrapla.query._names import Names
from tetrapla.query._order import SORTS, Sort, key
from tetrapla.query._plan import Plan, Within, plan
from tetrapla.query._results import Concordance, Rows
from tetrapla.query._search import fitting, places
from tetrapla.query._syntax import QueryError
from tetrapla.store import open_store

if TYPE_CHECKING:
    from tetrapla.query._collocations import Collocation
    from tetrapla.query._cooccurrence import Cooccurrence
    from tetrapla.query._dispersion import Dispersion, Parts
    from tetrapla.query._frequency import Frequency
    from tetrapla.query._renderings import Renderings

__all__ = ["Index"]

# The inverted index itself: how often each word stands in all texts, and at which of their words.
INVERTED = (
    "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, passage_fts, row)",
    "CREATE VIRTUAL TABLE temp.instance USING fts5vocab (main, passage_fts, instance)",
)
# Bytes of the file that are read as memory; pages are shared with other processes.
MAPPED = 1 << 32
WITHIN: tuple[Within, ...] = ("passage", "sentence", "bead")
NEAR = 8  # words near a concept that are given for each language with its renderings
TOGETHER = 10  # concepts that are named together with it


class Index:
    """An index in a file, open for reading only; close it, or use it in a ``with`` statement."""

    def __init__(self, path: str | Path) -> None:
        """Open an index.

        Raises:
            InputError: no such file, or no index; says what to do.
        """
        self._store = open_store(path)
        self._connection = self._store.connection
        self._connection.execute(f"PRAGMA mmap_size = {MAPPED}")
        for statement in INVERTED:
            self._connection.execute(statement)
        self._known_names: tuple[int, Names] | None = None

    @property
    def _names(self) -> Names:
        """The names in the index, read again when another process has changed it."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if self._known_names is None or self._known_names[0] != version:
            self._known_names = (version, Names(self._connection))
        return self._known_names[1]

    def __enter__(self) -> Index:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def query(
        self,
        text: str,
        *,
        limit: int | None = 20,
        offset: int = 0,
        sort: Sort = "text",
        context: int = 40,
        parallel: bool = False,
        within: Within = "passage",
    ) -> Concordance:
        """Return hits of a query, at most `limit` (None: all) from number `offset` on.

        `sort` is "text" (as they stand), "left" or "right" (by what stands before or behind), "match" or "document";
        `context` counts characters on either side; `parallel` adds the other versions of the bead; `within` is what a
        conjunction must hold in.

        Raises:
            QueryError: the query cannot be understood, or names what the index does not have.
            UnknownNameError: no such order, or no such unit.
            ValueError: `limit` or `offset` is below 0.
        """
        if offset < 0 or (limit or 0) < 0:
            raise ValueError(f"limit and offset cannot be below 0, as {limit} and {offset}")
        if sort not in SORTS:
            raise UnknownNameError("order", sort, SORTS)
        asked = self._plan(text, within)
        found = list(self._sorted(asked, sort, offset, limit))
        all_of_them = offset == 0 and (limit is None or len(found) < limit)
        counted = partial(int, len(found)) if all_of_them else partial(count, self._connection, asked)
        return Concordance(text, hits(self._connection, found, context=context, parallel=parallel), counted)

    def count(self, text: str, *, within: Within = "passage") -> int:
        """Return the exact number of hits; raises like `query`."""
        return count(self._connection, self._plan(text, within))

    def frequency(
        self, text: str, by: str | Sequence[str] = "version", *, within: Within = "passage"
    ) -> Rows[Frequency]:
        """Return how many hits there are by version, language, section, document, kind, form, status, damage or
        concept.

        Several names, also in one string with commas, are counted together. Raises like `query`.
        """
        from tetrapla.query._frequency import frequency

        names = [name.strip() for name in by.split(",")] if isinstance(by, str) else by
        return frequency(self._connection, self._plan(text, within), names)

    def collocations(
        self,
        text: str,
        *,
        window: int = 5,
        minimum: int = 2,
        language: str | None = None,
        within: Within = "passage",
    ) -> Rows[Collocation]:
        """Return the words within `window` words of hits, at `minimum` of them at least, by language and logDice.

        `language` limits them to the documents of one. Raises like `query`, also where no document is in it.
        """
        from tetrapla.query._collocations import collocations

        asked = self._plan(text, within)
        wanted = self._names.language(language) if language else None
        return collocations(self._connection, asked, window=window, minimum=minimum, wanted=wanted)

    def dispersion(self, text: str, *, parts: Parts = 10, within: Within = "passage") -> Rows[Dispersion]:
        """Return how evenly the hits are spread over each document in equal `parts`, or over its "section"s.

        With "document", the parts are the documents of each language. Raises like `query`.
        """
        from tetrapla.query._dispersion import dispersion

        return dispersion(self._connection, self._plan(text, within), parts)

    def cooccurrence(self, text: str | None = None, *, within: Within = "passage") -> Rows[Cooccurrence]:
        """Return the concepts named together with the hits of a query, or, without one, the pairs of all concepts.

        A query of nothing but filters gives the pairs in what these leave. Raises like `query`.
        """
        from tetrapla.query._cooccurrence import pairs, with_hits

        asked = self._plan(text, within) if text is not None else None
        if text is None or asked is None or not asked.has_terms:
            return pairs(self._connection, asked, _known(within))
        return with_hits(self._connection, asked, text)

    def renderings(self, concept: str) -> Renderings:
        """Return how a concept is rendered: forms by version with counts, damage, gaps, what stands near.

        The concept is given by its id or any of its names, or as ``concept:NAME``.

        Raises:
            QueryError: it is something else, or nothing in the index is called so.
        """
        from tetrapla.query._renderings import renderings

        name = self._concept(concept)
        near = self.collocations(f"concept:{name}")
        first = [row for _, rows in itertools.groupby(near, lambda row: row.language) for row in list(rows)[:NEAR]]
        together = Rows(self.cooccurrence(f"concept:{name}", within="bead")[:TOGETHER])
        return renderings(self._connection, name, self._names.concepts[name], Rows(first), together)

    def concepts(self) -> list[dict[str, Any]]:
        """Return the glossary as it was when the index was made, each concept with how often it is mentioned."""
        counts = dict(
            self._connection.execute(
                "SELECT concept, count(*) FROM mention WHERE document IN (SELECT id FROM live) GROUP BY concept"
            )
        )
        return [record | {"mentions": counts.get(name, 0)} for name, record in self._names.concepts.items()]

    def concept(self, name: str) -> dict[str, Any]:
        """Return a concept by its id, as `concepts` does.

        Raises:
            UnknownNameError: the index has none of this id.
        """
        record = self._names.concepts.get(name)
        if record is None:
            raise UnknownNameError("concept of this index", name, (), similar=True)
        (count,) = self._connection.execute(
            "SELECT count(*) FROM mention WHERE concept = ? AND document IN (SELECT id FROM live)", (name,)
        ).fetchone()
        return record | {"mentions": count}

    def sources(self) -> list[dict[str, Any]]:
        """Return what is in the index: each source with its documents."""
        sources = self._connection.execute(
            "SELECT id, name, kind, sha256, pivot, added FROM source WHERE complete ORDER BY id"
        ).fetchall()
        columns = ("name", "kind", "sha256", "pivot", "added")
        return [
            dict(zip(columns, row, strict=True)) | {"documents": self._documents(number)} for number, *row in sources
        ]

    def _documents(self, source: int) -> list[dict[str, Any]]:
        columns = ("name", "language", "path", "sha256", "length", "words")
        rows = self._connection.execute(
            f"SELECT {', '.join(columns)} FROM live WHERE source = ? ORDER BY number", (source,)
        )
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def passage(self, number: int) -> dict[str, Any]:
        """Return a passage by its number: its text, where it stands, and what is known of it.

        Raises:
            UnknownNameError: there is none with this number.
        """
        row = self._connection.execute(
            "SELECT p.id, s.name, d.name, d.language, b.name, p.number, p.kind, p.section, p.line, p.text "
            "FROM passage AS p JOIN live AS d ON d.id = p.document JOIN source AS s ON s.id = d.source "
            "LEFT JOIN bead AS b ON b.id = p.bead WHERE p.id = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise UnknownNameError("passage", str(number), (), similar=True)
        columns = ("id", "source", "document", "language", "bead", "number", "kind", "section", "line", "text")
        return dict(zip(columns, row, strict=True)) | {
            name: self._beside(name, number, fields)
            for name, fields in (
                ("sentence", ("start", "end")),
                ("mention", ("concept", "form", "status", "damage", "start", "end")),
                ("finding", ("type", "grade", "score", "start", "end", "text", "replacement", "concept", "message")),
            )
        }

    def _beside(self, table: str, passage: int, fields: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._connection.execute(
            f"SELECT {', '.join(fields)} FROM {table} WHERE passage = ? ORDER BY start, end, id", (passage,)
        )
        return [dict(zip(fields, row, strict=True)) for row in rows]

    def bead(self, name: str, *, source: str | None = None) -> list[dict[str, Any]]:
        """Return the passages of a bead by its name, as `passage` does, in the order of the documents.

        Raises:
            UnknownNameError: no source, or not this one, has a bead of this name.
        """
        found = self._connection.execute(
            "SELECT p.id FROM bead AS b JOIN source AS s ON s.id = b.source AND s.complete "
            "JOIN passage AS p ON p.bead = b.id JOIN document AS d ON d.id = p.document "
            "WHERE b.name = ? AND s.name = coalesce(?, s.name) ORDER BY s.id, d.number, p.number",
            (name, source),
        ).fetchall()
        if not found:
            raise UnknownNameError("bead", name, (), similar=True)
        return [self.passage(number) for (number,) in found]

    def _plan(self, text: str, within: Within) -> Plan:
        tree, names = syntax.parse(text), self._names
        return plan(self._connection, bind(text, tree, names), _known(within), names)

    def _sorted(self, asked: Plan, sort: Sort, offset: int, limit: int | None) -> Iterator[Place]:
        end = None if limit is None else min(offset + limit, sys.maxsize)
        if sort == "text":
            return itertools.islice(places(self._connection, asked), offset, end)
        keyed = (
            (
                self._document_key(place) if sort == "document" else key(place, texts[place.passage], sort),
                place[:3],
                place,
            )
            for unit, found in fitting(self._connection, asked, text=True)
            for texts in ({passage.id: passage.text for passage in unit},)
            for place in found
        )
        first = sorted(keyed) if end is None else heapq.nsmallest(end, keyed)
        return (place for *_, place in first[offset:])

    def _document_key(self, place: Place) -> Any:
        return self._connection.execute(
            "SELECT d.name, s.name, p.number FROM passage AS p JOIN document AS d ON d.id = p.document "
            "JOIN source AS s ON s.id = d.source WHERE p.id = ?",
            (place.passage,),
        ).fetchone()

    def _concept(self, text: str) -> str:
        """Return the id of the concept that a query consists of."""
        tree = syntax.parse(text)
        match tree:
            case syntax.Field(name="concept", value=name, plus=False) | syntax.Text(text=name, prefix=False):
                pass
            case _:
                raise QueryError(text, 0, "renderings are told of one concept, given by its id or a name in quotes")
        try:
            return self._names.concept(name)[0]
        except UnknownNameError as e:
            raise QueryError(text, tree.at, str(e)) from e


def _known(within: str) -> Within:
    for name in WITHIN:
        if name == within:
            return name
    raise UnknownNameError("unit", within, WITHIN)
