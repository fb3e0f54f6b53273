"""Vectors on disk, so that none is computed twice: a file of SQLite that processes share, without any text in it."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tetrapla.errors import InputError

__all__ = ["Rows", "Store", "cache_folder", "fingerprint"]

Rows = dict[str, NDArray[np.float16]]

OFF = "off"  # what TETRAPLA_CACHE says to keep nothing
FILE = Path("embeddings", "vectors-1.sqlite")  # another number for another form of the table, or other vectors
PATIENCE = 10.0  # seconds to wait for another process that writes
SUM = 4  # bytes of a checksum: SQLite itself does not notice a vector that has gone bad
PARTS = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})  # files of a model that its vectors depend on
READ = 1_000_000  # bytes at the end of a file that tell it from others; of a larger one, its date as well


def cache_folder() -> Path | None:
    """Return where things are kept that can be computed again, None where nothing shall or can be kept."""
    given = os.environ.get("TETRAPLA_CACHE", "")
    if given:
        return None if given == OFF else Path(given)
    shared = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        # Its specification says to pass over what is not absolute.
        return (shared if shared.is_absolute() else Path.home() / ".cache") / "tetrapla"
    except RuntimeError:  # nobody's home
        return None


def fingerprint(folder: Path) -> bytes:
    """Return a hash of all files that the vectors of a model depend on, the same for a copy that keeps the dates.

    Raises:
        InputError: a file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for file in sorted(chain(folder.glob("*"), folder.glob("*/*"))):
            if file.suffix in PARTS and file.is_file():
                known = file.stat()
                date = known.st_mtime_ns if known.st_size > READ else 0
                digest.update(f"\n{file.relative_to(folder).as_posix()} {known.st_size} {date} ".encode())
                with file.open("rb") as opened:
                    opened.seek(max(known.st_size - READ, 0))
                    digest.update(opened.read())
    except OSError as e:
        raise InputError(f"the model in {folder} cannot be read: {(e.strerror or str(e)).lower()}") from e
    return digest.digest()


class Store:
    """Vectors by the hash of model and text, in a file under a folder; without a folder none are kept.

    Nothing about it is ever an error: what cannot be read is not there, what cannot be written is told once in the
    log, and a broken file is begun anew.
    """

    def __init__(self, folder: Path | None, model: bytes) -> None:
        self._file = None if folder is None else folder / FILE
        self._model = model

    def get(self, texts: Sequence[str]) -> Rows:
        """Return the vectors of those texts that are kept."""
        rows: Rows = {}

        def read(connection: sqlite3.Connection) -> None:
            for text in texts:
                key = self._key(text)
                for (blob,) in connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)):
                    if blob[:SUM] == _sum(key, blob[SUM:]):
                        rows[text] = np.frombuffer(blob[SUM:], dtype="<f2")

        self._safely(read)
        return rows

    def put(self, rows: Mapping[str, NDArray[np.float16]]) -> None:
        """Keep the vectors of some texts."""
        blobs = [(self._key(text), row.astype("<f2").tobytes()) for text, row in rows.items()]
        summed = [(key, _sum(key, blob) + blob) for key, blob in blobs]
        self._safely(lambda connection: connection.executemany("REPLACE INTO vectors VALUES (?, ?)", summed))

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._model + text.encode("utf-8", "surrogatepass")).digest()

    def _safely(self, action: Callable[[sqlite3.Connection], object]) -> None:
        """Do something with the file, as far as that can be done."""
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as connection, connection:
                # Nothing waits for the disk: what a power cut takes is computed again.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
                action(connection)
        except (OSError, sqlite3.OperationalError) as e:  # no right, no room, a lock that stays
            _tell(f"vectors of sentences are not kept in {self._file}: {e}")
        except sqlite3.DatabaseError:  # no database, or a broken one
            with suppress(OSError):
                self._file.unlink()


@cache
def _tell(message: str) -> None:
    """Log a message, once in a process."""
    logging.getLogger(__name__).warning(message)


def _sum(key: bytes, blob: bytes) -> bytes:
    return zlib.crc32(key + blob).to_bytes(SUM, "big")
