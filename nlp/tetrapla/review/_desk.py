"""One document under review: its journal, its rows as they stand, what is known of its texts, and work on them.

Everything that changes goes through one lock: a decision is checked against what stands, saved, and only then shown to
anybody. Pages learn of it from the feed and ask for what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tetrapla.errors import InputError, TetraplaError
from tetrapla.report.columns import label_of
from tetrapla.report.rows import column_order
from tetrapla.review._changes import FINDING, NOTE, TERM, change
from tetrapla.review._feed import Feed
from tetrapla.review._ledger import REBASE, REDO, UNDO, Conflict, Entry
from tetrapla.review._records import entry_record
from tetrapla.review._renewal import Renewal
from tetrapla.review._rows import ROW
from tetrapla.review._state import State
from tetrapla.review._texts import Texts
from tetrapla.review._types import GROUPS, types

__all__ = ["Desk", "Refused", "decided"]


class Refused(TetraplaError):  # noqa: N818 - of two reviewers the second is told, nobody made an error
    """A decision on what somebody has changed since: by whom, and what is to be known of it now."""

    def __init__(self, clash: Conflict, changes: dict[str, Any]) -> None:
        super().__init__(str(clash))
        self.conflict = [
            {"key": key, "by": entry.by, "at": entry.at, "told": entry.told} for key, entry in clash.keys.items()
        ]
        self.changes = changes


class Desk:
    """A document that is open for review; close it to let its journal go."""

    def __init__(self, name: str, path: Path, journal: Path, by: str) -> None:
        """Open an alignment and its journal, and begin to read the texts; raises like `State`."""
        self.name = name
        self.feed = Feed()
        self._state = State(path, journal, by)
        self.texts = Texts(self._state)
        self.work = Renewal(self._state, self.feed)
        self.work.read()

    @property
    def n(self) -> int:
        """How many entries the journal has."""
        return self._state.n

    @property
    def busy(self) -> bool:
        """Whether a page looks at it, or work is under way."""
        return bool(self.feed) or self.work.busy

    def close(self) -> None:
        """Stop all work and let the journal go."""
        self.feed.close()
        self.work.close()
        self._state.close()

    # What there is

    def listing(self) -> dict[str, Any]:
        """Return how the document is listed among others."""
        with self._state.lock:
            return {
                "name": self.name,
                "versions": column_order(self._state.alignment),
                "rows": len(self._state.rows),
                "reviewed": decided(self._state.ledger.items(ROW).values()),
                "error": None,
            }

    def review(self, by: str | None = None) -> dict[str, Any]:
        """Return all but the texts, as a reviewer has it; by default who started this."""
        documents = {doc.id: doc for doc in self._state.alignment.documents}
        with self._state.lock:
            return self._status(by or self._state.by) | {
                "name": self.name,
                "pivot": self._state.alignment.pivot,
                "me": self._state.by,
                "versions": [
                    {
                        "id": name, "label": label_of(documents[name]), "language": documents[name].language,
                        "length": len(documents[name].text), "source": documents[name].source,
                    }
                    for name in column_order(self._state.alignment)
                ],
                "rows": self._state.records.all(),
                "types": types(),
                "groups": [{"name": name, "title": title} for name, title in GROUPS.items()],
                "concepts": self._state.reading.look().concepts.names if self._state.reading.ready else [],
                "jobs": self.work.records(),
            }  # fmt: skip

    def _status(self, by: str) -> dict[str, Any]:
        undo, redo = self._state.ledger.undoable(by), self._state.ledger.redoable(by)
        return {
            "n": self.n,
            "history": {"undo": undo and undo.told, "redo": redo and redo.told},
            "progress": self._state.records.progress(by),
            "ready": self._state.reading.ready,
            "checked": self._state.reading.checked,
            "stale": self.work.stale,
        }

    def changes(self, since: int, by: str | None = None) -> dict[str, Any]:
        """Return what became of the review since so many entries; since more than there are, all of it."""
        with self._state.lock:
            since = since if since <= self.n else 0
            entries = self._state.ledger.entries[since:]
            keys = dict.fromkeys(key for entry in entries for key in entry.set)
            return (
                self._status(by or self._state.by)
                | self._state.records.changed(since)
                | {
                    "findings": {key: self._state.ledger.value(key) for key in keys if key.startswith(FINDING)},
                    "terms": {key: self._state.ledger.value(key) for key in keys if key.startswith(TERM)},
                    "entries": [entry_record(entry) for entry in entries],
                }
            )

    def history(self, limit: int) -> list[dict[str, Any]]:
        """Return entries, the newest first, at most `limit`."""
        with self._state.lock:
            return [entry_record(entry) for entry in self._state.ledger.entries[: -limit - 1 : -1]]

    # What is decided

    def decide(
        self,
        op: str,
        seen: Mapping[str, str],
        args: Mapping[str, Any],
        *,
        since: int = 0,
        by: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Save a decision on rows, given by id with the revision that the reviewer saw; return what changed `since`.

        It gets the id `name`, if any; under one that he has decided with before, nothing is done again.

        Raises:
            InputError: it cannot be done, or not be saved, or `name` is of another entry.
            Refused: what it is about was changed since.
            UnknownNameError: there is no such row, or no such decision.
        """

        def made() -> Entry:
            self._compare({f"{ROW}{row}": rev for row, rev in seen.items()})
            ledger, reading = self._state.ledger, self._state.reading
            wanted = change(op, self._state.rows, list(seen), args, lambda row: ledger.value(f"{NOTE}{row}"))
            reading.check({key: value for key, value in wanted.set.items() if key.startswith(TERM)})
            values = reading.said({key: value for key, value in wanted.set.items() if key.startswith(FINDING)})
            # The page knows all that was set in the first `since` entries, and nothing that was set after them.
            known = {key: self._rev_at(key, since) for key in wanted.set if key.removeprefix(ROW) not in seen}
            return ledger.new(by or self._state.by, op, wanted.told, {**wanted.set, **values}, known)

        return self._change(op, made, since, by, name)

    def undo(self, *, since: int = 0, by: str | None = None, name: str | None = None) -> dict[str, Any]:
        """Take back a reviewer's newest decision that still can be; return what changed `since`, as `decide`."""
        return self._turn(UNDO, self._state.ledger.undo, since, by, name)

    def redo(self, *, since: int = 0, by: str | None = None, name: str | None = None) -> dict[str, Any]:
        """Do again what a reviewer took back last; return what changed `since`, as `decide`."""
        return self._turn(REDO, self._state.ledger.redo, since, by, name)

    def _turn(
        self, op: str, turn: Callable[[str], Entry | None], since: int, by: str | None, name: str | None
    ) -> dict[str, Any]:
        def made() -> Entry:
            entry = turn(by or self._state.by)
            if entry is None:
                raise InputError(f"there is nothing to {'take back' if op == UNDO else 'do again'}")
            return entry

        return self._change(op, made, since, by, name)

    def _change(
        self, op: str, made: Callable[[], Entry], since: int, by: str | None, name: str | None
    ) -> dict[str, Any]:
        with self._state.lock:
            if self._is_done(op, by, name):
                return self.changes(since, by)
            try:
                entry = made()
                self._state.save(entry if name is None else replace(entry, id=name))
            except Conflict as clash:
                raise Refused(clash, self.changes(since, by)) from clash
            answer = self.changes(since, by)
        self.feed.tell("changed", answer["n"])
        return answer

    def _is_done(self, op: str, by: str | None, name: str | None) -> bool:
        """Return whether this was sent before, and only the answer was lost."""
        known = self._state.ledger.entry(name or "")
        if known is not None and (known.op, known.by) != (op, by or self._state.by):
            raise InputError(f"{name} is the id of another decision")
        return known is not None

    def _compare(self, seen: Mapping[str, str]) -> None:
        """Make sure that a row which was seen is still what it was, before it is asked what can be done with it."""
        self._state.ledger.check(self._state.ledger.new(self._state.by, "", "", {}, seen))

    def _rev_at(self, key: str, since: int) -> str:
        """Return the revision that an item had after so many entries."""
        entries: Sequence[Entry] = self._state.ledger.entries
        if not any(key in entry.set for entry in entries[since:]):
            return self._state.ledger.rev(key)
        return next((entry.id for entry in reversed(entries[:since]) if key in entry.set or entry.op == REBASE), "")


def decided(values: Iterable[Mapping[str, Any]]) -> int:
    """Return how many of the rows in a ledger something was decided on."""
    return sum(1 for value in values if value.get("verdicts") or value.get("hand"))
