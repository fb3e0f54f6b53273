"""What a journal comes to on an alignment, which may be another one of the same texts than it was begun with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tetrapla.errors import WrongTextError
from tetrapla.model import Alignment
from tetrapla.review._impose import rebased
from tetrapla.review._journal import Head
from tetrapla.review._ledger import Ledger
from tetrapla.review._rows import digest

__all__ = ["items_on"]


def items_on(alignment: Alignment, head: Head, ledger: Ledger) -> Mapping[str, Any]:
    """Return the items of a journal by key; rows and their notes carried over where it is of another alignment.

    Raises:
        WrongTextError: it is of other texts.
    """
    texts = {(doc.id, doc.sha256) for doc in alignment.documents}
    if head.pivot != alignment.pivot or {(text.id, text.sha256) for text in head.documents} != texts:
        raise WrongTextError("this journal is of a review of other texts, or by another pivot")
    items = ledger.items()
    return items if (ledger.alignment or head.alignment) == digest(alignment) else rebased(items, alignment)
