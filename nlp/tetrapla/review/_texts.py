"""What the page asks of the texts under review: cells, lines of the file, concepts, places where something stands.

What is asked of is looked up under the lock, and made without it, so that decisions need not wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tetrapla.errors import UnknownNameError
from tetrapla.model import Document
from tetrapla.report.rows import column_order
from tetrapla.review._cards import card
from tetrapla.review._cells import cells, original
from tetrapla.review._glimpse import glimpse
from tetrapla.review._rows import ROW
from tetrapla.review._search import search
from tetrapla.review._state import State

__all__ = ["Texts"]


class Texts:
    """The texts of an open document."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._documents = {doc.id: doc for doc in state.alignment.documents}

    def cells(self, names: Sequence[str], versions: Sequence[str]) -> dict[str, Any]:
        """Return what is to be shown of rows in some versions, as `_cells` describes it, with their revisions.

        A row that is no more, since it was asked for, is left out.

        Raises:
            UnknownNameError: there is no such version.
        """
        self._known(versions)
        with self._state.lock:
            n, look = self._state.n, self._state.reading.look() if self._state.reading.ready else None
            rows = [self._state.rows.get(name) for name in names if name in self._state.rows]
            revs = {name: self._state.ledger.rev(f"{ROW}{name}") for name in names}
        if look is None:
            look = glimpse(self._state.alignment, rows, versions)
        return {"n": n, "cells": [cell | {"rev": revs[cell["row"]]} for cell in cells(look, rows, versions)]}

    def original(self, name: str, version: str) -> dict[str, Any]:
        """Return what a row has in a version as the file has it.

        Raises:
            UnknownNameError: there is no such row, or no such version.
        """
        (document,) = self._known([version])
        with self._state.lock:
            row = self._state.rows.get(name)
        return original(document, row)

    def concept(self, name: str) -> dict[str, Any]:
        """Return what is to be told of a concept.

        Raises:
            NotReady: the texts are still being read.
            UnknownNameError: there is no such concept.
        """
        with self._state.lock:
            look = self._state.reading.look()
        return card(look, name)

    def search(self, text: str, versions: Sequence[str]) -> dict[str, Any]:
        """Return the rows that have a text in some versions, in all if none is named.

        Raises:
            NotReady: the texts are still being read.
            UnknownNameError: there is no such version.
        """
        wanted = [doc.id for doc in self._known(versions or column_order(self._state.alignment))]
        with self._state.lock:
            look = self._state.reading.look()
        found = search(look, text, wanted)
        return {"rows": found, "total": len(found)}

    def _known(self, names: Sequence[str]) -> list[Document]:
        for name in names:
            if name not in self._documents:
                raise UnknownNameError("version", name, self._documents)
        return [self._documents[name] for name in names]
