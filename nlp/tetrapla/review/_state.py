"""A document that is open for review: its journal, its rows as they stand, and what is known of its texts.

Everything that changes is changed under one lock, and saved before it is shown to anybody.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tetrapla.align.decisions import Decided
from tetrapla.formats.json import load_alignment
from tetrapla.review._impose import rebased
from tetrapla.review._journal import Head, Journal
from tetrapla.review._ledger import REBASE, Entry
from tetrapla.review._reading import Reading
from tetrapla.review._records import Records
from tetrapla.review._rows import ROW, Rows, digest, row_values

__all__ = ["State"]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from searching for garbage while very many things are made that stay: it takes half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class State:
    """What the parts of a desk share; hold `lock` to look at more than one of its fields, or to change any."""

    def __init__(self, path: Path, journal: Path, by: str) -> None:
        """Open an alignment and its journal, which is begun where there is none; `by` is the reviewer.

        A journal of another alignment of the same texts is carried over to this one.

        Raises:
            InputError: either cannot be read, or another program has the journal open.
            WrongTextError: a text has changed since the alignment was made.
        """
        self.lock = threading.RLock()
        self.by = by
        with _uncollected():
            self._open(path, journal)

    def _open(self, path: Path, journal: Path) -> None:
        self.alignment = load_alignment(path, evidence=False)
        own = digest(self.alignment)
        texts = tuple(Decided(doc.id, doc.language, doc.sha256, len(doc.text)) for doc in self.alignment.documents)
        self._journal = Journal.open(journal, Head(self.alignment.pivot, texts, own))
        try:
            self.ledger = self._journal.ledger
            if self._journal.alignment != own:
                self._journal.append(self._carried(own))
            self.rows = Rows(self.alignment, row_values(self.ledger.items(ROW)))
            self.reading = Reading(self.alignment, self.rows, self.ledger)
            self.records = Records(self.rows, self.ledger, self.reading)
        except BaseException:
            self._journal.close()
            raise

    def _carried(self, own: str) -> Entry:
        """Return the entry that carries what was decided over to another alignment of the same texts."""
        values = rebased(self.ledger.items(), self.alignment)
        told = "carried what was decided over to another alignment of the same texts"
        return replace(self.ledger.new(self.by, REBASE, told, values), alignment=own)

    @property
    def n(self) -> int:
        """How many entries the journal has."""
        return len(self.ledger.entries)

    def save(self, entry: Entry) -> None:
        """Put an entry into the journal, and bring rows and records to what it sets.

        Raises:
            Conflict: an item that its author had before him was set since.
            InputError: it cannot be saved; then nothing has changed.
        """
        self._journal.append(entry)
        self.records.took(entry)

    def close(self) -> None:
        """Let the journal go."""
        with self.lock:
            self._journal.close()
