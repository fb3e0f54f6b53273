"""Open indexes for requests that come at the same time: each has one to itself while it asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from tetrapla.query import Index

__all__ = ["Pool"]


class Pool:
    """Indexes of one file, opened as they are needed; as many as requests were ever answered at once."""

    def __init__(self, path: str | Path) -> None:
        """Open the first; raises like `tetrapla.open`."""
        self._path = path
        self._free: SimpleQueue[Index] = SimpleQueue()
        self._free.put(Index(path))

    @contextmanager
    def index(self) -> Iterator[Index]:
        """Give an index that nobody else uses."""
        try:
            index = self._free.get_nowait()
        except Empty:
            index = Index(self._path)
        try:
            yield index
        finally:
            self._free.put(index)

    def close(self) -> None:
        """Let the file go."""
        while not self._free.empty():
            self._free.get_nowait().close()
