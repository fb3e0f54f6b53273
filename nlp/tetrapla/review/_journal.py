"""The file of a review: a line that says of which texts and alignment, then an entry a line, which only ever grows.

    {"tetrapla": "0.1.0", "journal": 1, "pivot": "zh", "documents": [{"id": "zh", "language": "zh", "sha256": "…",
     "length": 17198}, …], "alignment": "…"}
    {"id": "5f0c…", "at": "2025-01-31T09:30:00Z", "by": "ana", "op": "confirm", "told": "confirmed en of b12",
     "was": {"row:b12": ""}, "set": {"row:b12": {…}}}

An entry counts as saved once its line is on the disk (written, then fsync, as a write-ahead log is: Mohan et al. 1992).
What a program left half written when it was killed was never said to be saved, and is cut off when the file is opened
again. One program at a time may have it open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from tetrapla import __version__
from tetrapla.align.decisions import Decided
from tetrapla.errors import InputError, TetraplaError, WrongTextError
from tetrapla.files import opened, writing
from tetrapla.formats.json import plain
from tetrapla.review._ledger import Entry, Ledger
from tetrapla.review._lock import lock

__all__ = ["SUFFIX", "Head", "Journal", "journal_path", "read_journal", "write_journal"]

VERSION = 1
SUFFIX = ".review.jsonl"
MEND = "bring the file back from a copy, or keep one and take out this line and all below it"
BINARY = getattr(os, "O_BINARY", 0)  # without it Windows would change line feeds


@dataclass(frozen=True)
class Head:
    """What a review is of: the id of the pivot, the texts, and the digest of the alignment that it began with."""

    pivot: str
    documents: tuple[Decided, ...]
    alignment: str

    def to_record(self) -> dict[str, Any]:
        """Return the head as JSON has it."""
        documents = [vars(document) for document in self.documents]
        return {
            "tetrapla": __version__,
            "journal": VERSION,
            "pivot": self.pivot,
            "documents": documents,
            "alignment": self.alignment,
        }

    @classmethod
    def from_record(cls, record: Any, where: str) -> Head:
        """Return the head that a record holds; fields that are not known are passed over.

        Raises:
            InputError: it is none, or of a later version; begins with `where`.
        """
        match record:
            case {"journal": int(version), "pivot": str(pivot), "documents": list(texts), "alignment": str(digest)}:
                if version > VERSION:
                    raise InputError(f"{where}: this journal was begun by a later Tetrapla; install that one")
                return cls(pivot, tuple(_document(text, where) for text in texts), digest)
        raise InputError(f"{where}: this is no journal of a review; `tetrapla review` begins one")

    def same_texts(self, other: Head) -> bool:
        """Return whether two reviews are of the same texts, under the same ids, and by the paragraphs of the same."""
        own, theirs = ({(text.id, text.sha256) for text in head.documents} for head in (self, other))
        return own == theirs and self.pivot == other.pivot


def _document(record: Any, where: str) -> Decided:
    match record:
        case {"id": str(own), "language": str(language), "sha256": str(sha256), "length": int(length)}:
            return Decided(own, language, sha256, length)
    raise InputError(f"{where}: a document of the journal lacks its id, language, sha256 or length")


def journal_path(alignment_path: str | Path) -> Path:
    """Return where the review of an alignment is kept.

    >>> journal_path("paper.json").name
    'paper.review.jsonl'
    """
    path = Path(alignment_path)
    return path.with_name(path.stem + SUFFIX)


def read_journal(path: str | Path) -> tuple[Head, Ledger]:
    """Return what is in a journal; a last line that is half written is passed over.

    Raises:
        InputError: no such file, or a line is damaged; says which, and what to do.
    """
    with opened(path) as file:
        head, ledger, _ = _read(file.read(), str(path))
    return head, ledger


def write_journal(path: str | Path, head: Head, entries: Iterable[Entry]) -> None:
    """Write a journal whole, in place of what stood there.

    Raises:
        InputError: it cannot be written, or a program has the one that stands there open.
    """
    with suppress(FileNotFoundError), Path(path).open("rb") as file:
        # Whoever has it open would go on writing to a file that has no name any more.
        lock(file, str(path))
    with writing(path) as file:
        file.write(_line(head.to_record()))
        file.writelines(_line(entry.to_record()) for entry in entries)


class Journal:
    """A journal that is open to be written; a context manager that closes it. Nobody else can open it meanwhile."""

    def __init__(self, path: Path, file: BinaryIO, head: Head, ledger: Ledger, size: int) -> None:
        """Use `Journal.open`."""
        self.path, self.head, self.ledger = path, head, ledger
        self._file = file
        self._size = size  # of what is saved; anything behind it is not

    @classmethod
    def open(cls, path: str | Path, head: Head) -> Journal:
        """Return the journal in a file, which is made with `head` where there is none.

        The head of a file that is there may name another alignment of the same texts: see `alignment`.

        Raises:
            InputError: it is damaged, open in another program, or cannot be written.
            WrongTextError: it is of other texts.
        """
        path = Path(path)
        try:
            # Never cuts off what is there, and leaves no moment between looking for the file and making it.
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | BINARY, 0o666), "r+b", buffering=0)
        except OSError as e:
            raise InputError(f"cannot write the journal {path}: {_reason(e)}; --journal takes another place") from e
        try:
            lock(file, str(path))
            return cls._begun(path, file, head)
        except BaseException:
            file.close()
            raise

    @classmethod
    def _begun(cls, path: Path, file: BinaryIO, head: Head) -> Journal:
        first = _line(head.to_record())
        data = file.read()
        if data != first and first.startswith(data):  # nothing, or a head half written, and so without entries
            journal = cls(path, file, head, Ledger(), 0)
            journal._save(first)
            _sync_folder(path)
            return journal
        found, ledger, size = _read(data, str(path))
        if not found.same_texts(head):
            raise WrongTextError(
                f"{path} is the journal of a review of other texts, or by another pivot; name another with --journal"
            )
        journal = cls(path, file, found, ledger, size)
        journal._save(b"" if data[:size].endswith(b"\n") else b"\n")
        return journal

    @property
    def alignment(self) -> str:
        """The digest of the alignment that the entries stand on now."""
        return self.ledger.alignment or self.head.alignment

    def append(self, entry: Entry) -> None:
        """Save an entry: once this returns it is on the disk and in the ledger, and where it raises in neither.

        Raises:
            Conflict: an item that its author had before him was set since.
            InputError: it does not fit in another way, or cannot be saved, e.g. for want of room.
        """
        self.ledger.check(entry)
        self._save(_line(entry.to_record()))
        self.ledger.append(entry)

    def _save(self, data: bytes) -> None:
        """Put bytes behind what is saved, and on the disk; where that fails, cut the file back to what was saved."""
        try:
            if not os.path.samestat(os.fstat(self._file.fileno()), self.path.stat()):
                raise FileNotFoundError(None, "another file stands in its place")
            self._cut_back()
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            self._file.flush()
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as e:  # a ValueError where it was closed
            with suppress(OSError, ValueError):  # else the next save does it, before it writes anything
                self._cut_back()
            raise InputError(f"cannot save to {self.path}: {_reason(e)}; what was to be saved is not") from e
        self._size += len(data)

    def _cut_back(self) -> None:
        if self._file.seek(0, os.SEEK_END) > self._size:
            self._file.truncate(self._size)
        self._file.seek(self._size)

    def close(self) -> None:
        """Close the file, so that other programs can open it."""
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _line(record: dict[str, Any]) -> bytes:
    # A lone surrogate, which a page may send, must not stand in the way of saving the rest.
    return f"{json.dumps(record, ensure_ascii=False, default=plain)}\n".encode("utf-8", "surrogatepass")


def _read(data: bytes, name: str) -> tuple[Head, Ledger, int]:
    """Return what stands in a journal, and how many of its bytes are sound."""
    *lines, last = data.split(b"\n")
    if last and _is_record(last):  # whole, but for the line feed
        lines, last = [*lines, last], b""
    elif lines and b"\0" in lines[-1]:
        # A disk that lost power may have made a file longer before it wrote what stands there.
        last = lines.pop() + b"\n"
    if not lines:
        raise InputError(f"{name} is no journal of a review; name another one with --journal")
    if not _is_record(lines[0]):
        raise InputError(f"{name} does not begin as a journal of a review does; name another one, or bring back a copy")
    head = Head.from_record(_parsed(lines[0], f"{name}, line 1"), f"{name}, line 1")
    return head, _replayed(lines, name), len(data) - len(last)


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.decode("utf-8", "surrogatepass")), dict)
    except (ValueError, RecursionError):
        return False


def _replayed(lines: Sequence[bytes], name: str) -> Ledger:
    """Return the ledger that the lines behind the first come to."""
    ledger = Ledger()
    for number, line in enumerate(lines[1:], start=2):
        where = f"{name}, line {number}"
        if not line.strip():
            continue
        entry = Entry.from_record(_parsed(line, where), where)
        try:
            ledger.append(entry)
        except TetraplaError as e:
            raise InputError(f"{where}: this does not follow from the lines before it ({e}); {MEND}") from e
    return ledger


def _parsed(line: bytes, where: str) -> Any:
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as e:
        raise InputError(f"{where}: this line is damaged ({e}); {MEND}") from e


def _sync_folder(path: Path) -> None:
    """Put the name of a new file on the disk, too, where the system has that as a step of its own."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network disks cannot
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()
