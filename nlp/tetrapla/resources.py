"""Where the data of the corpus folder lies, in a checkout and in an installed wheel."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from tetrapla.errors import InputError

__all__ = ["corpus_root", "shared_root"]


def corpus_root() -> Path:
    """Return the folder that holds glossary, lexicon, sample and paper.

    In a wheel it is ``tetrapla/_corpus``; in a checkout ``corpus/`` beside ``nlp/``.

    Raises:
        InputError: neither is there (a broken installation).
    """
    package = Path(str(files("tetrapla")))
    for folder in (package / "_corpus", package.parent.parent / "corpus"):
        if (folder / "glossary").is_dir():
            return folder
    raise InputError(f"the data folder of Tetrapla is missing beside {package}; install the package again")


def shared_root() -> Path | None:
    """Return the folder of texts for measuring that are not ours to ship, or None where there is none.

    It is the folder named by the environment variable TETRAPLA_SHARED, else ``shared/`` beside the checkout.
    """
    named = os.environ.get("TETRAPLA_SHARED")
    folder = Path(named) if named else Path(str(files("tetrapla"))).parents[2] / "shared"
    return folder if folder.is_dir() else None
