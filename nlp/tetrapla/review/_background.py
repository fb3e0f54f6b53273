"""Work on a document in the background, as pages are told of it: one of a kind at a time, done only when all is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any

from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.report.running import Running
from tetrapla.review._feed import Feed
from tetrapla.review._jobs import Job, Jobs, Result
from tetrapla.review._reading import NotReady
from tetrapla.review._work import Kind, Work

__all__ = ["Background"]

Taken = Callable[[Job, Result | None], tuple[str, list[str]]]


class Background:
    """The jobs of a document; `taken` is given each that ended, with what it came to or None.

    It returns what to tell and the rows that changed.
    """

    def __init__(self, feed: Feed, taken: Taken) -> None:
        self._feed = feed
        self._taken = taken
        self._lock = threading.Lock()
        self._closed = False
        self._records: dict[str, dict[str, Any]] = {}
        self._jobs = Jobs(self._tell, self._ended)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return any(record["state"] == "running" for record in list(self._records.values()))

    def records(self) -> list[dict[str, Any]]:
        """Return the jobs as the page has them, the earliest first."""
        return list(self._records.values())

    def start(self, kind: Kind, given: Work, known: Iterable[Running] = ()) -> dict[str, Any]:
        """Start a job and return it; running texts that are known already are shared with its result.

        Raises:
            InputError: no process can be started.
            NotReady: one of this kind is under way.
        """
        with self._lock:
            if self._closed:
                raise InputError("this document was closed; open it again")
            if any(record["kind"] == kind and record["state"] == "running" for record in self._records.values()):
                raise NotReady("this is under way already; wait until it is done, or stop it")
            try:
                job = self._jobs.start(kind, given, known)
            except OSError as e:
                raise InputError(f"no process can be started for this: {e.strerror or e}") from e
            # A quick worker may have told of itself already.
            return self._records.setdefault(job.id, _record(job))

    def stop(self, name: str) -> dict[str, Any]:
        """Stop a job, unless it has ended, and return it as it stands.

        Raises:
            UnknownNameError: there is none with this id.
        """
        if self._jobs.stop(name) is None:
            raise UnknownNameError("job", name, self._records)
        return self._records[name]

    def close(self) -> None:
        """End all that is under way."""
        with self._lock:
            self._closed = True
        self._jobs.close()

    def _tell(self, job: Job, changed: list[str] | None = None) -> None:
        self._records[job.id] = record = _record(job, changed)
        self._feed.tell("job", record)

    def _ended(self, job: Job, result: Result | None) -> None:
        changed: list[str] = []
        if not self._closed:
            try:
                told, changed = self._taken(job, result)
                job = replace(job, told=told)
            except TetraplaError as e:  # a full disk
                job = replace(job, state="failed", told=" ".join(str(e).split()))
            except BaseException:  # a fault of ours, which must not leave the job running for ever
                self._tell(replace(job, state="failed", told="the program failed on what came of this; start it again"))
                raise
        self._tell(job, changed)


def _record(job: Job, changed: list[str] | None = None) -> dict[str, Any]:
    return asdict(job) | {"changed": changed or []}
