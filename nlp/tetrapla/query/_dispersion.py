"""How evenly hits are spread over a text: Juilland's D and Gries's DP.

D = 1 - V / sqrt(n - 1), V the coefficient of variation of the rates in n parts (Juilland & Chang-Rodríguez, "Frequency
Dictionary of Spanish Words", 1964): 1 where they are even. DP is half the sum of the differences between the share of
hits and the share of words of each part (Gries, "Dispersions and adjusted frequencies in corpora", 2008): 0 where the
hits are spread as the words are, near 1 where one small part has them all.
"""

from __future__ import annotations

import itertools
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tetrapla.query._evaluate import Place
from tetrapla.query._plan import Plan
from tetrapla.query._results import Row, Rows
from tetrapla.query._search import places

__all__ = ["Dispersion", "Parts", "deviation", "dispersion", "juilland"]

Parts = int | Literal["section", "document"]


@dataclass(frozen=True)
class Dispersion(Row):
    """How hits are spread over a document, or over the documents of a language (`source` is "" then).

    `places` are where the hits stand, as shares (0..1) of the words of the document, or of all of them in their order.
    `d` and `dp` are None where there are fewer than two parts.
    """

    source: str
    document: str
    language: str
    hits: int
    parts: int
    d: float | None
    dp: float | None
    places: tuple[float, ...]


def juilland(counts: Sequence[int], sizes: Sequence[float]) -> float | None:
    """Return Juilland's D of counts in parts of some sizes, or None for fewer than two parts or no count.

    >>> juilland([5, 5], [100, 100]), juilland([10, 0], [100, 100])
    (1.0, 0.0)
    """
    rates = [count / size for count, size in zip(counts, sizes, strict=True) if size]
    if len(rates) < 2 or not any(rates):
        return None
    mean = sum(rates) / len(rates)
    spread = math.sqrt(sum((rate - mean) ** 2 for rate in rates) / len(rates))
    return 1 - spread / mean / math.sqrt(len(rates) - 1)


def deviation(counts: Sequence[int], sizes: Sequence[float]) -> float | None:
    """Return Gries's DP of counts in parts of some sizes, or None for fewer than two parts or no count.

    >>> deviation([5, 5], [100, 100]), deviation([10, 0], [100, 100])
    (0.0, 0.5)
    """
    hits, size = sum(counts), sum(sizes)
    if len(counts) < 2 or not hits or not size:
        return None
    return sum(abs(count / hits - part / size) for count, part in zip(counts, sizes, strict=True)) / 2


@dataclass
class _Text:
    """A document: its passages in reading order, each with the words before it, its words, and its section."""

    source: str
    name: str
    language: str
    passages: dict[int, tuple[int, int, str]]
    size: int
    hits: list[tuple[float, str]]


def dispersion(connection: sqlite3.Connection, plan: Plan, parts: Parts) -> Rows[Dispersion]:
    """Return how a query's hits are spread over each document that has some, in equal parts or in its sections.

    With "document" the parts are the documents of a language.
    """
    texts: dict[int, _Text] = {}
    of_passage: dict[int, int] = {}
    for place in places(connection, plan):
        if place.passage not in of_passage:
            _load(connection, place.passage, texts, of_passage)
        text = texts[of_passage[place.passage]]
        before, size, section = text.passages[place.passage]
        text.hits.append((before + size * _share(connection, place), section))
    if parts == "document":
        return _over_documents(connection, texts)
    return Rows(_of_text(text, parts) for _, text in sorted(texts.items()))


def _share(connection: sqlite3.Connection, place: Place) -> float:
    """Return where in its passage a place stands, 0..1, by characters."""
    (length,) = connection.execute("SELECT length(text) FROM passage WHERE id = ?", (place.passage,)).fetchone()
    return float(place.start / max(length, 1))


def _load(connection: sqlite3.Connection, passage: int, texts: dict[int, _Text], of_passage: dict[int, int]) -> None:
    """Read the document that a passage belongs to."""
    number, source, name, language = connection.execute(
        "SELECT d.id, s.name, d.name, d.language FROM passage AS p JOIN document AS d ON d.id = p.document "
        "JOIN source AS s ON s.id = d.source WHERE p.id = ?",
        (passage,),
    ).fetchone()
    passages = {}
    at = 0
    for found, size, section in connection.execute(
        "SELECT id, words, section FROM passage WHERE document = ? ORDER BY number", (number,)
    ):
        passages[found] = (at, size, section)
        of_passage[found] = number
        at += size
    texts[number] = _Text(source, name, language, passages, at, [])


def _of_text(text: _Text, parts: int | Literal["section"]) -> Dispersion:
    size = max(text.size, 1)
    if parts == "section":
        sizes: dict[str, int] = {}
        for _, words, section in text.passages.values():
            sizes[section] = sizes.get(section, 0) + words
        counts = dict.fromkeys(sizes, 0)
        for _, section in text.hits:
            counts[section] += 1
        of_parts: list[float] = list(sizes.values())
        in_parts = list(counts.values())
    else:
        of_parts = [size / parts] * parts
        in_parts = [0] * parts
        for at, _ in text.hits:
            in_parts[min(int(at * parts / size), parts - 1)] += 1
    places = tuple(sorted(round(at / size, 6) for at, _ in text.hits))
    return Dispersion(
        text.source, text.name, text.language, len(places), len(of_parts),
        juilland(in_parts, of_parts), deviation(in_parts, of_parts), places,
    )  # fmt: skip


def _over_documents(connection: sqlite3.Connection, texts: dict[int, _Text]) -> Rows[Dispersion]:
    rows = []
    known = connection.execute("SELECT language, id, words FROM live ORDER BY language, id")
    for language, group in itertools.groupby(known, lambda row: str(row[0])):
        documents = [(number, words) for _, number, words in group]
        counts = [len(texts[number].hits) if number in texts else 0 for number, _ in documents]
        if not any(counts):
            continue
        sizes = [float(words) for _, words in documents]
        starts = itertools.accumulate(sizes, initial=0.0)
        total = max(sum(sizes), 1.0)
        found = tuple(
            round((start + at) / total, 6)
            for start, (number, _) in zip(starts, documents, strict=False)
            for at, _ in (sorted(texts[number].hits) if number in texts else ())
        )
        rows.append(
            Dispersion(
                "", "", language, sum(counts), len(sizes), juilland(counts, sizes), deviation(counts, sizes), found
            )
        )
    return Rows(rows)
