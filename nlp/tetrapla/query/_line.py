"""Text on one line of a terminal, character for character."""

from __future__ import annotations

__all__ = ["line"]


def line(text: str) -> str:
    """Return a text with blanks for all white space, and a sign for what does not show or changes how the rest does.

    >>> line("a\\tb\\u202ec")
    'a b�c'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)
