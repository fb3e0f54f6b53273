"""Texts made of passages that came without one: a paragraph each, and where it stands."""

from __future__ import annotations

from tetrapla.errors import InputError
from tetrapla.files import decode
from tetrapla.model import Document, Span

__all__ = ["TextMaker"]

BETWEEN = "\n\n"


class TextMaker:
    """A text that grows by a paragraph at a time."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._at = 0

    def add(self, passage: str) -> Span:
        """Add a passage and return where it stands."""
        start = self._at
        self._pieces.append(passage)
        self._at += len(passage) + len(BETWEEN)
        return Span(start, start + len(passage))

    def document(self, own: str, language: str, path: str) -> Document:
        """Return the document, to be written to a file as UTF-8.

        Raises:
            InputError: the file would not be read as this text again.
        """
        text = BETWEEN.join([*self._pieces, ""])
        if decode(text.encode(), source=path, encoding="utf-8").text != text:
            raise InputError(f"{path}: this text begins with a mark that no file keeps; take it out of the memory")
        return Document(own, language, text, path)
