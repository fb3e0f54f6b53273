"""What is done beside the page: texts read, then searched; the rest aligned again around what was decided.

Reading begins by itself when a document is opened, then come the concepts, then the search for what may be wrong. Not
even reading is done in this process, which would answer nobody quickly for some seconds.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tetrapla.errors import TetraplaError
from tetrapla.glossary import load as load_glossary
from tetrapla.model import Alignment
from tetrapla.review._background import Background
from tetrapla.review._changes import NOTE, TERM
from tetrapla.review._feed import Feed
from tetrapla.review._impose import imposed, is_decided, replaced
from tetrapla.review._jobs import Job, Result
from tetrapla.review._prepared import Prepared, glance
from tetrapla.review._result import decisions, reviewed
from tetrapla.review._rows import ROW
from tetrapla.review._state import State
from tetrapla.review._work import Kind, Work

__all__ = ["Renewal"]

ALIGN = "align"


class Renewal:
    """Work on an open document; pages hear of it by the feed."""

    def __init__(self, state: State, feed: Feed) -> None:
        self._state = state
        self._feed = feed
        self._checked = 0  # how many entries there were when the last search began
        self._began: dict[str, int] = {}
        self._by: dict[str, str] = {}  # who has asked for a job
        self._background = Background(feed, self._taken)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._background.busy

    @property
    def stale(self) -> int:
        """How many decisions have moved text since the texts were searched."""
        return self._state.records.moves(self._checked) if self._state.reading.checked else 0

    def records(self) -> list[dict[str, Any]]:
        """Return the jobs as the page has them, the earliest first."""
        return self._background.records()

    def read(self) -> None:
        """Begin to read the texts, and return at once."""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            self.start("read")
        except TetraplaError:  # closed meanwhile, or no process to be had: what is read here can be worked with
            self._learn(glance(self._state.alignment))

    def _learn(self, prepared: Prepared) -> None:
        glossary = load_glossary()
        with self._state.lock:
            self._state.reading.learn(prepared, glossary)
            self._state.records.learn()
        _give_back()
        self._feed.tell("changed", self._state.n)

    def start(self, kind: Kind, by: str | None = None) -> dict[str, Any]:
        """Start work on the rows as they stand, for a reviewer, who can undo what it changes; return the job.

        Raises:
            InputError: no process can be started.
            NotReady: such work is under way.
        """
        state = self._state
        with state.lock:
            terms = state.ledger.items(TERM)
            if kind == "read":
                given = Work(replace(state.alignment, beads=()))
            elif kind == ALIGN:
                notes = {key.removeprefix(NOTE): text for key, text in state.ledger.items(NOTE).items()}
                given = Work(state.alignment, terms, decisions(state.rows, notes))
            else:
                given = Work(reviewed(state.rows, state.alignment), terms)
            job = self._background.start(kind, given, state.reading.running)
            self._began[job["id"]], self._by[job["id"]] = state.n, by or state.by
            return job

    def stop(self, name: str) -> dict[str, Any]:
        """Stop a job and return it; its state changes once it has ended.

        Raises:
            UnknownNameError: there is no such job.
        """
        return self._background.stop(name)

    def close(self) -> None:
        """End all that is under way."""
        self._background.close()

    def _taken(self, job: Job, result: Result | None) -> tuple[str, list[str]]:
        """Take what a job came to, None where nothing; return what to tell of it and the rows that are others now."""
        if job.kind == "read":
            # It costs little, and without it there would be nothing: where a worker cannot do it, we do.
            self._follow(result if isinstance(result, Prepared) else glance(self._state.alignment), "prepare")
            return job.told, []
        if result is None:
            return job.told, []
        if isinstance(result, Alignment):
            return self._imposed(job, result)
        if job.kind == "check":
            with self._state.lock:
                self._checked = self._began.get(job.id, 0)
                self._learn(result)
            return "looked for what may be wrong", []
        self._follow(result, "check")
        return "read", []

    def _follow(self, prepared: Prepared, kind: Kind) -> None:
        """Take what was read, and go on with other work."""
        if not self._state.reading.checked:  # unless a search that was asked for has been faster
            self._learn(prepared)
        with suppress(TetraplaError):  # closed meanwhile, or no process to be had: what was read can be worked with
            self.start(kind)

    def _imposed(self, job: Job, new: Alignment) -> tuple[str, list[str]]:
        """Put what was decided, also since, onto a new alignment, and set the rows that are others there."""
        state = self._state
        with state.lock:
            rows = [state.rows.get(name) for name in state.rows.ids]
            values = replaced(state.rows, imposed(new, rows, state.rows.pivot))
            if not values:
                return "aligned again: nothing is other than before", []
            told = f"aligned again around {sum(map(is_decided, rows))} decided rows: {len(values)} rows are others now"
            state.save(state.ledger.new(self._by.get(job.id, state.by), ALIGN, told, values))
            changed = [name for name in state.rows.ids if f"{ROW}{name}" in values]
        self._feed.tell("changed", state.n)
        return told, changed


def _give_back() -> None:
    """Give memory back that what was known before took; of a long document some 40 MB, which C libraries keep."""
    gc.collect()
    with suppress(OSError, AttributeError):  # only that of GNU can be told
        ctypes.CDLL(None).malloc_trim(0)
