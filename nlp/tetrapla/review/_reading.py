"""The texts of a review as they are read now: made anew only as far as a decision, or what became known, changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.model import Alignment, Concept
from tetrapla.report.running import Running
from tetrapla.review._changes import TERM
from tetrapla.review._concepts import Concepts
from tetrapla.review._homes import Homes
from tetrapla.review._ledger import Ledger
from tetrapla.review._look import Look
from tetrapla.review._marks import said
from tetrapla.review._prepared import Prepared
from tetrapla.review._rows import Rows

__all__ = ["NotReady", "Reading"]

EARLY = "still reading the texts; try again in a moment"


class NotReady(TetraplaError):  # noqa: N818 - it is only too early
    """Something that is asked of texts which are still being read."""


class Reading:
    """What there is to be looked at, once the texts were read; ask under the lock of the rows and the ledger."""

    def __init__(self, alignment: Alignment, rows: Rows, ledger: Ledger) -> None:
        self._alignment = alignment
        self._rows = rows
        self._ledger = ledger
        self._documents = {doc.id: doc for doc in alignment.documents}
        self._glossary: Mapping[str, Concept] = {}
        self._prepared: Prepared | None = None
        self._concepts: Concepts | None = None
        self._homes: Homes | None = None
        self._look: Look | None = None

    @property
    def ready(self) -> bool:
        """Whether the texts were read."""
        return self._prepared is not None

    @property
    def checked(self) -> bool:
        """Whether they were searched for what may be wrong."""
        return self._prepared is not None and self._prepared.checked

    @property
    def running(self) -> list[Running]:
        """The running texts, as far as they were read."""
        return [] if self._prepared is None else [text.running for text in self._prepared.texts.values()]

    def learn(self, prepared: Prepared, glossary: Mapping[str, Concept]) -> None:
        """Take what the texts read, and the glossary, by id, that they were matched with."""
        self._prepared, self._glossary = prepared, glossary
        self._concepts = self._look = None

    def forget(self, *, moved: bool, keys: Collection[str]) -> None:
        """Look again at what changed: where text stands, if any was `moved`, and the items with these keys."""
        if moved:
            self._homes = None
        if any(key.startswith(TERM) for key in keys):
            self._concepts = None
        self._look = None

    def check(self, terms: Mapping[str, Any]) -> None:
        """Make sure that a glossary can hold what is decided on terms, by their keys in the ledger.

        Raises:
            InputError: a form that none can hold.
            NotReady: the texts, and the glossary, are still being read.
            UnknownNameError: there is no such concept.
        """
        if not terms:
            return
        if self._prepared is None:
            raise NotReady(EARLY)
        for key in terms:
            concept = key.removeprefix(TERM).split(":")[0]
            if concept not in self._glossary:
                raise UnknownNameError("concept", concept, (), similar=True)
        try:
            Concepts(self._glossary, self._prepared, self._alignment, {**self._ledger.items(TERM), **terms})
        except ValueError as e:
            raise InputError(f"this form cannot stand in a glossary: {e}") from e

    def said(self, decisions: Mapping[str, Any]) -> dict[str, Any]:
        """Return decisions on findings, by their keys in the ledger, with the repair that each one is of, if known."""
        texts = {} if self._prepared is None else self._prepared.texts
        return {key: said(key, value, texts) for key, value in decisions.items()}

    def look(self) -> Look:
        """Return what is there now.

        Raises:
            NotReady: the texts are still being read.
        """
        if self._prepared is None:
            raise NotReady(EARLY)
        if self._look is None:
            items: Mapping[str, Any] = self._ledger.items()
            if self._concepts is None:
                self._concepts = Concepts(self._glossary, self._prepared, self._alignment, items)
            if self._homes is None:
                self._homes = Homes(map(self._rows.get, self._rows.ids))
            self._look = Look(self._documents, self._prepared, self._concepts, self._homes, items)
        return self._look
