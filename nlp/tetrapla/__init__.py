"""Tetrapla: align, clean and query the versions of one document in Chinese, English, Spanish and French."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tetrapla.query import Index

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(path: str | Path) -> Index:  # noqa: A001
    """Return the index in a file (see `tetrapla index add`), opened for questions; close it, or use ``with``.

    Raises:
        InputError: no such file, or no index; says what to do.
    """
    from tetrapla.query import Index

    return Index(path)
