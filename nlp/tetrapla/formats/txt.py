"""Plain text, in any encoding; also what every unknown suffix is read as."""

from __future__ import annotations

from pathlib import Path

from tetrapla.files import Decoded, read_text
from tetrapla.formats import registry


@registry.add(".txt")
def read_plain(path: str | Path, encoding: str | None) -> Decoded:
    """Return the text of a plain text file.

    Raises:
        InputError: it cannot be read as text.
    """
    return read_text(path, encoding=encoding)
