"""The rows as the page has them, each made once and again when something in it changes, and since when it is so."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from statistics import median_grouped
from typing import Any

from tetrapla.review._changes import FINDING, NOTE, TERM
from tetrapla.review._ledger import DISPUTED, Entry, Ledger
from tetrapla.review._quality import Counts, counts, named
from tetrapla.review._reading import Reading
from tetrapla.review._result import figures
from tetrapla.review._rows import ROW, Rows, row_of, row_value, row_values

__all__ = ["Records", "entry_record", "pace"]

PAUSE = 120.0  # seconds between two decisions of a reviewer who has not gone away
FASTEST = 0.5  # seconds, half of what the journal tells apart


class Records:
    """The records of all rows; keep it in step with the ledger by `took`."""

    def __init__(self, rows: Rows, ledger: Ledger, reading: Reading) -> None:
        self._rows = rows
        self._ledger = ledger
        self._reading = reading
        self._counts: Counts = {}
        self._named: dict[str, list[int]] = {}
        self._made: dict[str, dict[str, Any]] = {}
        # After how many entries a record became what it is, a row was taken away, the order was last another.
        self._since: dict[str, int] = {}
        self._gone: dict[str, int] = {}
        self._ordered = 0
        self._moves: list[int] = []
        self._refresh(rows.ids, 0)

    def took(self, entry: Entry) -> None:
        """Bring the rows and their records to what an entry set, which the ledger has taken."""
        n = len(self._ledger.entries)
        own = row_values(entry.set)
        spans = self._spans(own)
        if self._rows.put({name: None if value is None else row_of(name, value) for name, value in own.items()}):
            self._ordered = n
        moved = self._spans(own) != spans
        if moved:
            self._moves.append(n)
        others = {key for key in entry.set if key.startswith((FINDING, TERM))}
        affected = {key.removeprefix(DISPUTED).removeprefix(ROW).removeprefix(NOTE) for key in entry.set} - others
        if moved or others:
            self._reading.forget(moved=moved, keys=others)
            affected |= self._count()
        self._refresh(affected, n)

    def _spans(self, names: Iterable[str]) -> list[object]:
        return [self._rows.get(name).spans if name in self._rows else None for name in names]

    def learn(self) -> None:
        """Take what has become known of the texts."""
        self._refresh(self._count(), len(self._ledger.entries))

    def _count(self) -> set[str]:
        """Count again what is to be looked at, and return the rows where that is something else now."""
        if not self._reading.ready:
            return set()
        look = self._reading.look()
        found, concepts = counts(look), named(look)
        changed = _differing(self._counts, found) | _differing(self._named, concepts)
        self._counts, self._named = found, concepts
        return changed

    def _refresh(self, names: Iterable[str], n: int) -> None:
        for name in names:
            if name not in self._rows:
                if self._made.pop(name, None) is not None:
                    self._gone[name] = n
                continue
            record = self._record(name)
            if record != self._made.get(name):
                self._made[name] = record
                self._since[name] = n
                self._gone.pop(name, None)

    def _record(self, name: str) -> dict[str, Any]:
        row, value = self._rows.get(name), row_value(self._rows.get(name))
        return {
            "id": name,
            "rev": self._ledger.rev(f"{ROW}{name}"),
            "kind": row.kind,
            "spans": value["spans"],
            "score": {own: score for own, score in value["score"].items() if math.isfinite(score)},
            "verdicts": value["verdicts"],
            "hand": row.hand,
            "note": str(self._ledger.value(f"{NOTE}{name}") or ""),
            "counts": self._counts.get(name, {}),
            "concepts": self._named.get(name, []),
            "disputed": any(self._ledger.value(f"{DISPUTED}{kind}{name}") is not None for kind in (ROW, NOTE)),
        }

    def all(self) -> list[dict[str, Any]]:
        """Return the records of all rows in their order."""
        return [self._made[name] for name in self._rows.ids]

    def changed(self, since: int) -> dict[str, Any]:
        """Return the records that changed since so many entries, what is gone, and the order where it is another."""
        return {
            "rows": [self._made[name] for name in self._rows.ids if self._since[name] > since],
            "gone": [name for name, at in self._gone.items() if at > since],
            "order": list(self._rows.ids) if self._ordered > since else None,
        }

    def moves(self, since: int) -> int:
        """Return how many entries since so many have set rows."""
        return sum(1 for n in self._moves if n > since)

    def progress(self, by: str) -> dict[str, dict[str, Any]]:
        """Return how far each version but the pivot is, with the seconds that a reviewer may take for the rest."""
        seconds = pace(entry for entry in self._ledger.entries if entry.by == by)
        found = {}
        for document in self._rows.documents:
            if document.id != self._rows.pivot:
                figure = figures(self._rows, document.id)
                found[document.id] = {
                    "reviewed": figure.reviewed,
                    "doubtful": figure.doubtful,
                    "left": figure.left,
                    "total": figure.total,
                    "seconds": None if seconds is None else round(figure.left * seconds, 1),
                }
        return found


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def pace(entries: Iterable[Entry]) -> float | None:
    """Return the median time in seconds between decisions, pauses left out; None before there are two.

    The journal has whole seconds: the median is that of grouped data.
    """
    times = [datetime.fromisoformat(entry.at).timestamp() for entry in entries]
    gaps = [gap for a, b in pairwise(times) if 0 <= (gap := b - a) <= PAUSE]
    return max(median_grouped(gaps), FASTEST) if gaps else None


def entry_record(entry: Entry) -> dict[str, Any]:
    """Return an entry as the page has it."""
    return {name: getattr(entry, name) for name in ("id", "at", "by", "op", "told", "undoes")}
