"""Edits applied to their text, and taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tetrapla.errors import EditError, UnknownNameError
from tetrapla.model import Document, Edit, View

__all__ = ["apply", "undo"]


def apply(doc: Document, edits: Iterable[Edit]) -> View:
    """Return the document as it reads after edits, given in any order.

    Raises:
        EditError: an edit's original does not stand at its span, or two edits overlap.
    """
    return View(doc, edits)


def undo(cleaned: str, edits: Iterable[Edit], only: Collection[str] | None = None) -> str:
    """Return the raw text back from a cleaned one and the edits that made it; with `only`, undo those ids alone.

    >>> from tetrapla.model import Span
    >>> undo("innovation now", [Edit(Span(0, 12), "innova- tion", "innovation", "hyphenation")])
    'innova- tion now'

    Raises:
        EditError: a replacement does not stand where it should; the text or the edits are others.
        UnknownNameError: `only` names no edit.
    """
    made = sorted(edits)
    known = {edit.id for edit in made}
    for name in only or ():
        if name not in known:
            raise UnknownNameError("edit", name, known)
    out, at, shift = [], 0, 0
    for edit in made:
        start = edit.span.start + shift
        end = start + len(edit.replacement)
        if start < at or cleaned[start:end] != edit.replacement:
            raise EditError(
                f"{edit.replacement[:40]!r} does not stand at {start}–{end} of the cleaned text, as the edit {edit.id} "
                f"expects; the text was changed since, or these edits belong to another one"
            )
        back = only is None or edit.id in only
        out += [cleaned[at:start], edit.original if back else edit.replacement]
        at = end
        shift += len(edit.replacement) - len(edit.span)
    return "".join([*out, cleaned[at:]])
