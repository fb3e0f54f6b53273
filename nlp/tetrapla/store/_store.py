"""The file of an index, opened: made, brought to the present schema, refused where it is something else.

The file is in SQLite's write-ahead mode: readers go on reading what was committed while one process writes, and what
was committed stays, whenever a process is killed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from tetrapla.errors import InputError
from tetrapla.store._schema import APPLICATION, STEPS

__all__ = ["PATIENCE", "Store", "open_store"]

PATIENCE = 10.0  # seconds that one writer waits for another
CACHE = 64_000  # kB that a writer keeps in memory

# What went wrong, by the name that SQLite has for it, and what to do.
COMPLAINTS = {
    "SQLITE_BUSY": "another process is writing to it; wait until that is done, then try again",
    "SQLITE_LOCKED": "another process is writing to it; wait until that is done, then try again",
    "SQLITE_FULL": "no room left on the disk; what was there before still is: make room, then go on",
    "SQLITE_READONLY": "it is write-protected, or its folder is; nothing was changed",
    "SQLITE_CANTOPEN": "it cannot be opened; is its folder there, and may you write to it?",
    "SQLITE_NOTADB": "it is no index; name another file",
    "SQLITE_CORRUPT": "it is damaged; delete it and add the sources again",
    "SQLITE_IOERR": "the disk fails; nothing was changed",
}


class Store:
    """An index in a file, through one connection; close it, or use it in a ``with`` statement."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction: all that is done in it is committed, or, on an error, nothing.

        Raises:
            InputError: another process is writing, no room, no permission.
        """
        with plainly(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise


def open_store(path: str | Path, *, write: bool = False, create: bool = False, patience: float = PATIENCE) -> Store:
    """Return the index in a file, for reading only unless `write`; `create` makes it where there is none.

    An index of an older schema is brought to the present one. `patience` is how many seconds to wait for another
    process that writes.

    Raises:
        InputError: no such file, no index, made by a newer Tetrapla, no permission, no room.
    """
    file = Path(path)
    with plainly(file):
        if file.is_dir():
            raise InputError(f"{file} is a folder; name the file of an index in it")
        if not create and not file.is_file():
            raise InputError(f"no such index: {file}; make one with `tetrapla index add FILE --index {file}`")
        if not (write or create) and _version(file) == len(STEPS):
            return Store(file, _reader(file, patience))
        connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
        try:
            migrate(connection, file, STEPS, fresh=create)
            # A commit is on the disk before it is told of: they are few and large.
            for pragma in ("synchronous = FULL", f"cache_size = -{CACHE}", "journal_size_limit = 0"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        if write or create:
            return Store(file, connection)
        connection.close()
        return Store(file, _reader(file, patience))


def migrate(connection: sqlite3.Connection, file: Path, steps: Sequence[Sequence[str]], *, fresh: bool = False) -> None:
    """Bring the tables of an index to the schema behind the last of some steps, in one transaction.

    An empty file becomes an index where `fresh`. What is refused is not changed.

    Raises:
        InputError: it is no index, or was made by a newer Tetrapla.
    """
    if _checked(connection, file, len(steps), fresh=fresh) == len(steps):
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it since.
        for step in steps[_checked(connection, file, len(steps), fresh=fresh) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # not where the disk was full
            connection.execute("ROLLBACK")
        raise


def _checked(connection: sqlite3.Connection, file: Path, newest: int, *, fresh: bool) -> int:
    """Return the version of the schema of a file that is an index, or may become one; 0 for an empty one."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION and (tables or application or version):
        raise InputError(f"{file} is a database (SQLite), but no index of Tetrapla; name another file")
    if not version and not fresh:
        raise InputError(f"{file} is empty; fill it with `tetrapla index add FILE --index {file}`")
    if version > newest:
        raise InputError(
            f"{file} was made by a newer Tetrapla (schema {version}, known here: {newest}); install that, or name "
            "another file and add the sources again"
        )
    return int(version)


def _reader(file: Path, patience: float) -> sqlite3.Connection:
    """Return a connection that cannot write, and that threads may share."""
    # Where nothing can be written beside it, a write-ahead log cannot be kept: such a file is read as it stands.
    alone = not os.access(file.absolute().parent, os.W_OK) and not Path(f"{file}-wal").exists()
    address = f"{file.absolute().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")
    return sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)


def _version(file: Path) -> int:
    """Return the version of the schema of an index that is there."""
    connection = _reader(file, PATIENCE)
    try:
        return _checked(connection, file, len(STEPS), fresh=False)
    finally:
        connection.close()


@contextmanager
def plainly(file: Path) -> Iterator[None]:
    """Say in one line what SQLite, or the system, complains of.

    Raises:
        InputError: in place of any error of the database that is not a fault of ours.
    """
    try:
        yield
    except OSError as e:  # a path too long
        raise InputError(f"{file}: it cannot be opened ({(e.strerror or str(e)).lower()})") from e
    except sqlite3.Error as e:
        name = getattr(e, "sqlite_errorname", "")
        for start, complaint in COMPLAINTS.items():
            if name.startswith(start):
                raise InputError(f"{file}: {complaint}") from e
        raise
