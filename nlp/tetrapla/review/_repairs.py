"""The repairs that a review comes to, as edits of the raw texts.

Those that a reviewer accepted or edited, and those that are safe and that nobody rejected: what the page shows as the
cleaned text. They are made by `tetrapla.clean.accept`, in one round and with the lines as they are: what comes to light
only once a text is cleaned, no reviewer has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tetrapla.clean import accept
from tetrapla.model import Document, Edit
from tetrapla.review._changes import FINDING
from tetrapla.review._marks import Marked
from tetrapla.review._prepared import Text

__all__ = ["edits", "lost"]

SURE = 1.0


def edits(document: Document, text: Text, items: Mapping[str, Any]) -> list[Edit]:
    """Return the edits of a document by place; `text` has its findings, `items` are those of the ledger by key."""
    made = []
    for standing in Marked(document, text, items).standings:
        if standing.made:
            finding = replace(standing.found.finding, spans=standing.spans, replacement=standing.replacement)
            score = SURE if standing.found.key in items else finding.score
            made.append(replace(finding, grade="safe", score=score))
    return accept(document, made)


def lost(document: Document, text: Text, items: Mapping[str, Any]) -> int:
    """Return how many repairs were accepted that the checks do not find any more, and of which no text is known."""
    own = (key for key, value in items.items() if key.startswith(f"{FINDING}{document.id}:") and _needs_finding(value))
    return sum(1 for key in own if key not in text.by_key)


def _needs_finding(value: Mapping[str, Any]) -> bool:
    return value.get("decision") == "accepted" and value.get("replacement") is None
