"""What is in an index, taking something out of it, and whether it is sound."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tetrapla.errors import UnknownNameError
from tetrapla.store._store import Store, plainly
from tetrapla.store._words import spaced
from tetrapla.store._write import remove_source

__all__ = ["Listed", "check", "counts", "listed", "remove"]

TABLES = ("source", "document", "bead", "link", "passage", "paragraph", "sentence", "mention", "finding", "concept")


@dataclass(frozen=True, slots=True)
class Listed:
    """A source: what it is called, its documents by id, how much there is of it, when it was added (UTC, ISO 8601).

    One that is not `complete` was begun; queries do not see it.
    """

    name: str
    kind: str
    documents: tuple[str, ...]
    passages: int
    words: int
    mentions: int
    findings: int
    added: str
    complete: bool


def listed(store: Store) -> list[Listed]:
    """Return the sources of an index by name."""
    with plainly(store.path):
        connection = store.connection
        counts = [
            dict(connection.execute(f"SELECT document, count(*) FROM {table} GROUP BY document").fetchall())
            for table in ("passage", "mention", "finding")
        ]
        documents: dict[int, list[tuple[int, str, int]]] = {}
        for source, *row in connection.execute("SELECT source, id, name, words FROM document ORDER BY number"):
            documents.setdefault(source, []).append((row[0], row[1], row[2]))
        sources = connection.execute(
            "SELECT id, name, kind, added, complete FROM source ORDER BY name, complete DESC"
        ).fetchall()
    found = []
    for source, name, kind, added, complete in sources:
        own = documents.get(source, [])
        passages, mentions, findings = (sum(count.get(document, 0) for document, _, _ in own) for count in counts)
        words = sum(words for _, _, words in own)
        names = tuple(name for _, name, _ in own)
        found.append(Listed(name, kind, names, passages, words, mentions, findings, added, bool(complete)))
    return found


def remove(store: Store, name: str) -> int:
    """Take a source out of an index that was opened for writing and return how many passages it had.

    Raises:
        UnknownNameError: no source has this name.
        InputError: the index cannot be written.
    """
    with store.writing() as connection:
        sources = connection.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchall()
        if not sources:
            known = [known for (known,) in connection.execute("SELECT DISTINCT name FROM source")]
            raise UnknownNameError("source of this index", name, known)
        return sum(remove_source(connection, source) for (source,) in sources)


def counts(store: Store) -> dict[str, int]:
    """Return how many rows an index has of each kind, by the name of the table, what is not yet complete too."""
    with plainly(store.path):
        return {table: store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def check(store: Store) -> list[str]:
    """Return what is wrong with an index, a line each: its file, its rows, the full text. Nothing, if it is sound.

    Raises:
        InputError: the file is so damaged that it cannot be read.
    """
    with plainly(store.path):
        return [*_file(store.connection), *_rows(store.connection), *_full_text(store.connection)]


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (told,) in connection.execute("PRAGMA integrity_check(10)"):
        if told != "ok":
            yield f"the file is damaged: {told}"


def _rows(connection: sqlite3.Connection) -> Iterator[str]:
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(10):
        yield f"a row of {table} ({row}) belongs to a {parent} that is not there"
    wrong = connection.execute(
        "SELECT name, document.words, sum(passage.words) FROM document JOIN passage ON passage.document = document.id "
        "GROUP BY document.id HAVING document.words != sum(passage.words)"
    )
    for name, words, counted in wrong:
        yield f"document {name} should have {words} words, and its passages have {counted}"


def _full_text(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare how often the full text has each word with how often it stands in the passages."""
    expected: Counter[str] = Counter()
    for (text,) in connection.execute("SELECT text FROM passage"):
        expected.update(spaced(text).split())
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, passage_fts, row)")
    try:
        there = dict(connection.execute("SELECT term, cnt FROM temp.vocabulary").fetchall())
    finally:
        connection.execute("DROP TABLE temp.vocabulary")
    wrong = sorted(word for word in expected.keys() | there.keys() if expected[word] != there.get(word, 0))
    for word in wrong[:10]:
        yield f"the full text has {word!r} {there.get(word, 0)} times, the passages {expected[word]} times"
    if wrong[10:]:
        yield f"… and so with {len(wrong) - 10} more words"
