"""A review as it stands at one moment: texts, rows, glossary and decisions, for what is read off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tetrapla.model import Document
from tetrapla.review._concepts import Concepts
from tetrapla.review._homes import Homes
from tetrapla.review._marks import Marked
from tetrapla.review._prepared import Prepared

__all__ = ["Look"]


@dataclass(frozen=True)
class Look:
    """A review at one moment; `documents` go by id, `items` are those of the ledger, of which findings are looked at.

    Make a new one of the old parts and the new ones after each change; what costs something is made when asked for.
    """

    documents: Mapping[str, Document]
    prepared: Prepared
    concepts: Concepts
    homes: Homes
    items: Mapping[str, Any]
    _marked: dict[str, Marked] = field(default_factory=dict, init=False, repr=False, compare=False)

    def marked(self, document: str) -> Marked:
        """Return the findings of a document with what was decided on them."""
        if document not in self._marked:
            text = self.prepared.texts[document]
            self._marked[document] = Marked(self.documents[document], text, self.items)
        return self._marked[document]
