"""The glossary in an index, so that an index explains itself, and by what a glossary is known."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from functools import lru_cache

from tetrapla.glossary import Glossary, as_json

__all__ = ["digest", "write_concepts"]

LANGUAGES = ("zh", "en", "es", "fr")  # that a concept has a column for


# The same for each of many files that are added.
@lru_cache(maxsize=4)
def _rows(glossary: Glossary) -> tuple[tuple[str | None, ...], ...]:
    """Return the rows of the concepts, the last column with all that is known of one as JSON."""
    return tuple(
        (name, *map(concept.preferred, LANGUAGES), json.dumps(as_json(concept), ensure_ascii=False))
        for name, concept in glossary.items()
    )


@lru_cache(maxsize=4)
def digest(glossary: Glossary) -> str:
    """Return what tells a glossary from any other one: a hash of its concepts, whatever the files look like."""
    return hashlib.sha256(json.dumps([row[-1] for row in _rows(glossary)]).encode()).hexdigest()[:16]


def write_concepts(connection: sqlite3.Connection, glossary: Glossary) -> None:
    """Write the concepts of a glossary; those that are there and differ are replaced, others stay."""
    connection.executemany(
        "INSERT INTO concept (id, zh, en, es, fr, record) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "zh = excluded.zh, en = excluded.en, es = excluded.es, fr = excluded.fr, record = excluded.record "
        "WHERE record != excluded.record",
        _rows(glossary),
    )
