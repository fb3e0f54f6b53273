"""The work under way: started, watched, stopped; see `tetrapla.review._work` for what it is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import tetrapla
from tetrapla.model import Alignment
from tetrapla.report.running import Running
from tetrapla.review._prepared import Prepared
from tetrapla.review._work import MESSAGES, REQUEST, RESULT, Kind, Work, dumped, loaded

__all__ = ["Job", "Jobs", "Result"]

State = Literal["running", "done", "failed", "stopped"]
Result = Prepared | Alignment
PATIENCE = 3.0  # seconds that a worker has to end before it is killed
AGAIN = "start it again"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work as it stands: how far in which `stage` (`done` of `total`), and what is to be told of it."""

    id: str
    kind: Kind
    state: State = "running"
    stage: str = "starting"
    done: int = 0
    total: int = 0
    told: str = ""


@dataclass
class _Running:
    """A job with its process."""

    job: Job
    process: subprocess.Popen[bytes]
    folder: Path
    thread: threading.Thread | None = None
    stopped: bool = False


class Jobs:
    """Workers of one document, each a process; both callbacks come from a thread of their own.

    `on_progress` gets a job that has gone on, `on_done` one that has ended, with its result, None where there is none.
    """

    def __init__(self, on_progress: Callable[[Job], None], on_done: Callable[[Job, Result | None], None]) -> None:
        self._on_progress = on_progress
        self._on_done = on_done
        self._lock = threading.Lock()
        self._jobs: dict[str, _Running] = {}

    def start(self, kind: Kind, given: Work, known: Iterable[Running] = ()) -> Job:
        """Start some work and return it; running texts that are known already are shared with the result.

        Raises:
            OSError: no process can be started, or there is no room for what it needs.
        """
        folder = Path(tempfile.mkdtemp(prefix="tetrapla-review-"))
        try:
            shared = {running.digest: running for running in known}
            dumped((kind, given, frozenset(shared)), folder / REQUEST)
            with (folder / MESSAGES).open("wb") as messages:
                process = subprocess.Popen(
                    # -P: no module is taken from the folder that the user happens to be in.
                    [sys.executable, "-P", "-m", "tetrapla.review._work", str(folder)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=messages,
                    env=os.environ | {"PYTHONPATH": _path()},
                )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._lock:
            job = Job(f"j{len(self._jobs) + 1}", kind)
            running = self._jobs[job.id] = _Running(job, process, folder)
        running.thread = threading.Thread(target=self._watch, args=(running, given, shared), daemon=True)
        running.thread.start()
        return job

    def get(self, name: str) -> Job | None:
        """Return the job with an id, None where there is none."""
        running = self._jobs.get(name)
        return running.job if running else None

    def list(self) -> list[Job]:
        """Return all jobs, the earliest first."""
        with self._lock:
            return [running.job for running in self._jobs.values()]

    def stop(self, name: str) -> Job | None:
        """End a job that is running, and return it, None where there is none; its state changes once it has ended."""
        running = self._jobs.get(name)
        if running is None:
            return None
        with self._lock:
            running.stopped = running.job.state == "running"
        if running.stopped:
            running.process.terminate()
        return running.job

    def close(self) -> None:
        """End all that is running and wait for it."""
        for name, running in list(self._jobs.items()):
            self.stop(name)
            if running.thread is not None:
                running.thread.join(PATIENCE)
                if running.thread.is_alive():
                    running.process.kill()
                    running.thread.join(PATIENCE)  # it takes the folder away, else that would stay

    def _watch(self, running: _Running, given: Work, known: Mapping[str, Running]) -> None:
        error, finished = "", False
        assert running.process.stdout is not None
        for line in running.process.stdout:
            told = _record(line)
            error = str(told.get("error", error))
            finished |= told.get("finished") is True
            if "stage" in told:
                self._set(running, stage=str(told["stage"]), done=int(told["done"]), total=int(told["total"]))
                self._on_progress(running.job)
        status = running.process.wait()
        result = None
        if finished and not running.stopped:
            try:
                result = _result(running.folder / RESULT, given, known)
            except Exception as e:  # whatever a file that is cut short makes of it: the job must not seem to go on
                error = f"the result cannot be read ({e}); {AGAIN}"
        error = error or _why(status, running.folder / MESSAGES)
        self._release(running)
        if running.stopped:
            self._set(running, state="stopped", told="stopped")
        elif result is None:
            self._set(running, state="failed", told=error)
        else:
            self._set(running, state="done", told="done")
        self._on_done(running.job, result)

    def _set(self, running: _Running, **values: Any) -> None:
        with self._lock:
            running.job = replace(running.job, **values)

    def _release(self, running: _Running) -> None:
        shutil.rmtree(running.folder, ignore_errors=True)
        for pipe in (running.process.stdin, running.process.stdout):
            if pipe is not None:
                pipe.close()


def _path() -> str:
    """Return where a worker finds this package, which may not be installed."""
    own = str(Path(tetrapla.__file__).parent.parent)
    return os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH")])])


def _record(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:  # a library has printed something
        return {}
    return value if isinstance(value, dict) else {}


def _result(path: Path, given: Work, known: Mapping[str, Running]) -> Result:
    """Return what a worker of ours has written; the texts of an alignment stay ours."""
    result: Result = loaded(path, known)
    return replace(result, documents=given.alignment.documents) if isinstance(result, Alignment) else result


def _why(status: int, messages: Path) -> str:
    """Return a line on a worker that ended without a result."""
    if status < 0:
        # Some have no name of their own, as most of those for real time.
        name = next((known.name for known in signal.Signals if known == -status), f"signal {-status}")
        return f"the worker was ended from outside ({name}), perhaps for want of memory; {AGAIN}"
    try:
        last = messages.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1]
    except (OSError, IndexError):
        last = f"status {status}"
    return f"the worker broke off: {last}"
