"""Rows into the tables: a source, then its documents one by one, then the mark that it is complete.

What is written goes through in batches, so that memory does not grow with the document.
"""

from __future__ import annotations

import datetime
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tetrapla.model import Bead, Document, Segment
from tetrapla.store._words import spaced

if TYPE_CHECKING:
    from tetrapla.store._passages import Passage

__all__ = ["SourceInfo", "publish", "remove_source", "storable", "write_document", "write_source"]

BATCH = 1_000  # passages
# What hangs on a passage, and what on a document.
OF_PASSAGES = ("sentence", "mention", "finding")
OF_DOCUMENTS = ("passage", "paragraph", "link")


@dataclass(frozen=True)
class SourceInfo:
    """What a source is: the columns of its row."""

    name: str
    kind: str
    sha256: str
    recipe: str
    pivot: str


def write_source(connection: sqlite3.Connection, source: SourceInfo, beads: Iterable[Bead]) -> int:
    """Write a source, not yet complete, with its beads in their order; return its id."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    row = (source.name, source.kind, source.sha256, source.recipe, source.pivot, now)
    own = _inserted(
        connection, "INSERT INTO source (name, kind, sha256, recipe, pivot, added) VALUES (?, ?, ?, ?, ?, ?)", row
    )
    rows = ((own, number, bead.id, bead.kind) for number, bead in enumerate(beads, start=1))
    connection.executemany("INSERT INTO bead (source, number, name, kind) VALUES (?, ?, ?, ?)", rows)
    return own


def write_document(
    connection: sqlite3.Connection,
    source: int,
    number: int,
    document: Document,
    paragraphs: Sequence[Segment],
    passages: Iterable[Passage],
    scores: Mapping[int, float],
) -> int:
    """Write a document of a source with its passages and all that belongs to them; return how many passages it has.

    `number` is its place among the documents of the source, from 1; `scores` has those of its links by the index of
    the bead. Call it in a transaction of its own.
    """
    row = (
        source,
        number,
        document.id,
        document.language,
        storable(document.source),
        document.sha256,
        len(document.text),
    )
    own = _inserted(
        connection,
        "INSERT INTO document (source, number, name, language, path, sha256, length, words) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        row,
    )
    beads = [bead for (bead,) in connection.execute("SELECT id FROM bead WHERE source = ? ORDER BY number", (source,))]
    links = ((beads[index], own, score) for index, score in scores.items())
    connection.executemany("INSERT INTO link (bead, document, score) VALUES (?, ?, ?)", links)
    first = _next(connection, "paragraph")
    connection.executemany(
        "INSERT INTO paragraph (id, document, number, kind, start, end) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (first + k, own, k + 1, p.kind, min(s.start for s in p.spans), max(s.end for s in p.spans))
            for k, p in enumerate(paragraphs)
        ),
    )
    count = words = 0
    next_passage = _next(connection, "passage")
    for batch in _batches(passages):
        texts = [spaced(passage.text) for passage in batch]
        counts = [text.count(" ") + bool(text) for text in texts]
        rows = [
            (next_passage + k, own, None if p.bead is None else beads[p.bead], count + k + 1, p, texts[k], counts[k])
            for k, p in enumerate(batch)
        ]
        _write_batch(connection, rows, first)
        count += len(batch)
        next_passage += len(batch)
        words += sum(counts)
    connection.execute("UPDATE document SET words = ? WHERE id = ?", (words, own))
    return count


# Ids of passage, document and bead, number, passage, its words and their count.
_Row: TypeAlias = "tuple[int, int, int | None, int, Passage, str, int]"


def _write_batch(connection: sqlite3.Connection, rows: Sequence[_Row], paragraph: int) -> None:
    """Write passages; `paragraph` is the id of the document's first one."""
    connection.executemany(
        "INSERT INTO passage (id, document, bead, number, kind, section, text, origins, line, words) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (own, document, bead, number, p.kind, p.section, p.text, p.origins, p.line, words)
            for own, document, bead, number, p, _, words in rows
        ),
    )
    connection.executemany(
        "INSERT INTO passage_fts (rowid, text) VALUES (?, ?)", ((own, text) for own, _, _, _, _, text, _ in rows)
    )
    connection.executemany(
        "INSERT INTO sentence (passage, paragraph, number, start, end) VALUES (?, ?, ?, ?, ?)",
        (
            (own, None if index is None else paragraph + index, number, start, end)
            for own, _, _, _, p, _, _ in rows
            for number, (index, start, end) in enumerate(p.sentences, start=1)
        ),
    )
    connection.executemany(
        "INSERT INTO mention (passage, document, bead, concept, form, language, status, damage, start, end) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((own, document, bead, *mention) for own, document, bead, _, p, _, _ in rows for mention in p.mentions),
    )
    connection.executemany(
        "INSERT INTO finding "
        "(passage, document, type, grade, score, start, end, text, replacement, concept, message) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((own, document, *finding) for own, document, _, _, p, _, _ in rows for finding in p.findings),
    )


def _batches(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    stream = iter(passages)
    while batch := list(itertools.islice(stream, BATCH)):
        yield batch


def _inserted(connection: sqlite3.Connection, statement: str, row: Sequence[object]) -> int:
    """Insert a row and return its id."""
    return int(connection.execute(statement, row).lastrowid or 0)


def storable(name: str) -> str:
    """Return the name of a file in characters only: its bytes may be none in any encoding."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _next(connection: sqlite3.Connection, table: str) -> int:
    (last,) = connection.execute(f"SELECT max(id) FROM {table}").fetchone()
    return (last or 0) + 1


def publish(connection: sqlite3.Connection, source: int) -> None:
    """Mark a source as complete and remove the one that it replaces, if there is one; call it in a transaction."""
    old = connection.execute(
        "SELECT old.id FROM source AS new JOIN source AS old USING (name) "
        "WHERE new.id = ? AND old.id != new.id AND old.complete",
        (source,),
    ).fetchone()
    if old is not None:
        remove_source(connection, *old)
    connection.execute("UPDATE source SET complete = 1 WHERE id = ?", (source,))


def remove_source(connection: sqlite3.Connection, source: int) -> int:
    """Remove a source with all that belongs to it and return how many passages it had; call it in a transaction."""
    count = 0
    documents = connection.execute("SELECT id FROM document WHERE source = ?", (source,)).fetchall()
    for document in documents:
        # A table that keeps no text must be told what it is to forget.
        passages = connection.execute("SELECT id, text FROM passage WHERE document = ?", document)
        count += connection.executemany(
            "INSERT INTO passage_fts (passage_fts, rowid, text) VALUES ('delete', ?, ?)",
            ((own, spaced(text)) for own, text in passages),
        ).rowcount
        for table in OF_PASSAGES:
            connection.execute(
                f"DELETE FROM {table} WHERE passage IN (SELECT id FROM passage WHERE document = ?)", document
            )
        for table in OF_DOCUMENTS:
            connection.execute(f"DELETE FROM {table} WHERE document = ?", document)
    connection.execute("DELETE FROM document WHERE source = ?", (source,))
    connection.execute("DELETE FROM bead WHERE source = ?", (source,))
    connection.execute("DELETE FROM source WHERE id = ?", (source,))
    return count
