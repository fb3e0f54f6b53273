"""What was opened for review: an alignment, the alignments in a folder, or those in an index.

Nothing outside of what was opened can be reached: documents go by numbers, and what a link in a folder leads to
elsewhere is not read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.files import read_text
from tetrapla.formats.json import load_alignment, parse
from tetrapla.review._desk import Desk, decided
from tetrapla.review._journal import journal_path, read_journal
from tetrapla.review._rows import ROW

__all__ = ["Shelf"]

OPEN = 4  # documents that stay open while nobody looks at them
SQLITE = b"SQLite format 3\0"


@dataclass
class _Item:
    """A document on the shelf; `error` says why it cannot be reviewed, `desk` is where it is, once it was opened."""

    name: str
    path: Path
    journal: Path
    error: str | None = None
    desk: Desk | None = None
    uses: int = 0
    used: int = 0  # when last, in uses of the shelf
    lock: threading.Lock = field(default_factory=threading.Lock)
    listed: tuple[object, dict[str, Any]] | None = None


class Shelf:
    """The documents that can be reviewed, opened as they are asked for; `by` is the reviewer who started it."""

    def __init__(self, path: str | Path, *, by: str, journal: Path | None = None) -> None:
        """Look what is there; a single alignment is opened at once.

        Raises:
            InputError: nothing that can be reviewed, or `journal` is given for more than one document.
            WrongTextError: a text of a single alignment has changed since it was made.
        """
        self.by = by
        self._lock = threading.Lock()
        self._uses = count(1)
        path = Path(path)
        if path.is_dir() or _is_index(path):
            if journal is not None:
                raise InputError("--journal is for one alignment; those in a folder have a journal each beside them")
            items = _in_folder(path) if path.is_dir() else _in_index(path)
            if not items:
                raise InputError(f"{path}: no alignment in it; make one with `tetrapla align`")
            self._items = {str(number): item for number, item in enumerate(items, start=1)}
        else:
            item = _Item(path.name, path, journal or journal_path(path))
            item.desk = Desk(item.name, item.path, item.journal, by)
            self._items = {"1": item}

    def documents(self) -> list[dict[str, Any]]:
        """Return what was opened, each with what is wrong with it."""
        return [{"id": name, **_listing(item)} for name, item in self._items.items()]

    @contextmanager
    def desk(self, name: str) -> Iterator[Desk]:
        """Give the desk with a document, which stays open as long as it is used.

        Raises:
            InputError: it cannot be read, or another program reviews it.
            UnknownNameError: no document has this id.
            WrongTextError: a text has changed since the alignment was made.
        """
        item = self._items.get(name)
        if item is None:
            raise UnknownNameError("document", name, self._items)
        if item.error is not None:
            raise InputError(f"{item.name}: {item.error}")
        with self._lock:
            item.uses += 1
            item.used = next(self._uses)
        try:
            with item.lock:
                if item.desk is None:
                    item.desk = Desk(item.name, item.path, item.journal, self.by)
            yield item.desk
        finally:
            with self._lock:
                item.uses -= 1
            self._tidy()

    def _tidy(self) -> None:
        """Close what nobody has looked at for longest."""
        with self._lock:
            opened = sorted((item for item in self._items.values() if item.desk is not None), key=lambda i: i.used)
            idle = [item for item in opened if not item.uses and item.desk is not None and not item.desk.busy]
            for item in idle[: max(len(opened) - OPEN, 0)]:
                desk, item.desk = item.desk, None
                if desk is not None:
                    desk.close()

    def hang_up(self) -> None:
        """End what pages listen to, so that the program can end."""
        for item in self._items.values():
            if item.desk is not None:
                item.desk.feed.close()

    def close(self) -> None:
        """Stop all work and let the journals go."""
        for item in self._items.values():
            if item.desk is not None:
                item.desk.close()
                item.desk = None


def _is_index(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except OSError:  # what is not there is told when it is read as an alignment
        return False


def _in_folder(folder: Path) -> list[_Item]:
    """Return the alignments in a folder by name; what else ends in .json is passed over."""
    root = folder.resolve()
    items = []
    for path in sorted(folder.glob("*.json")):
        item = _Item(path.name, path, journal_path(path))
        if not all(found.resolve().is_relative_to(root) for found in (path, item.journal)):
            item.error = "it is a link that leads out of the folder that was opened"
            items.append(item)
        elif path.is_file() and _is_alignment(path):
            items.append(item)
    return items


def _is_alignment(path: Path) -> bool:
    try:
        value = parse(read_text(path, encoding="utf-8").text, str(path))
    except TetraplaError:
        return False
    return isinstance(value, dict) and {"documents", "beads"} <= value.keys()


def _in_index(path: Path) -> list[_Item]:
    """Return the alignments in an index, which has the paths that they were added by."""
    from tetrapla.query import Index

    with Index(path) as index:
        names = [source["name"] for source in index.sources() if source["kind"] == "alignment"]
    items = []
    for name in names:
        found = next((p for p in (Path(name), path.parent / name) if p.is_file()), None)
        missing = None if found else "it is no longer where it was when the index was made"
        place = found or Path(name)
        items.append(_Item(name, place, journal_path(place), missing))
    return items


def _listing(item: _Item) -> dict[str, Any]:
    """Return how a document is listed; one that is not open is read again only when it, or its journal, changed."""
    desk = item.desk
    if desk is not None:
        return desk.listing()
    stamp = (_stamp(item.path), _stamp(item.journal))
    if item.listed is None or item.listed[0] != stamp:
        item.listed = (stamp, _read(item))
    return item.listed[1]


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(item: _Item) -> dict[str, Any]:
    record: dict[str, Any] = {"name": item.name, "versions": [], "rows": 0, "reviewed": 0, "error": item.error}
    if item.error is not None:
        return record
    try:
        alignment = load_alignment(item.path)
        record |= {"versions": [doc.id for doc in alignment.documents], "rows": len(alignment.beads)}
        if item.journal.is_file():
            _, ledger = read_journal(item.journal)
            record["reviewed"] = decided(ledger.items(ROW).values())
    except TetraplaError as e:
        record["error"] = " ".join(str(e).split())
    return record
