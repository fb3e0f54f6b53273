"""What Tetrapla raises, on purpose.

TetraplaError              base: one clear line for a person; the command line prints it and exits 2
├── InputError             a file cannot be read: encoding, empty, binary, malformed (says file and line)
├── WrongTextError         offsets (alignment, edits, gold) that belong to another text
├── EditError              an edit whose original does not stand in the text, or that overlaps another
├── UnknownNameError       no such check, language, format, concept …; names the known ones and a guess
└── MissingPackageError    an optional package is not installed; names the step and the pip line
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "EditError",
    "InputError",
    "MissingPackageError",
    "TetraplaError",
    "UnknownNameError",
    "WrongTextError",
]


class TetraplaError(Exception):
    """Base of all errors that Tetrapla raises on purpose; its text is one line for a person."""


class InputError(TetraplaError):
    """A file that cannot be read as what it should be."""


class WrongTextError(TetraplaError):
    """Offsets that belong to another text than the one given."""


class EditError(TetraplaError):
    """An edit that cannot be applied."""


class UnknownNameError(TetraplaError):
    """A name that nothing is known by; `known` is all that is, or, with `similar`, what of it is like the name.

    >>> print(UnknownNameError("check", "duplicat", ["dangling", "duplicate"]))
    no check is called 'duplicat'; did you mean 'duplicate'? Known: dangling, duplicate
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], *, similar: bool = False) -> None:
        names = sorted(known)
        guess = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {guess[0]!r}?" if guess else "."
        listed = f" {'Similar' if similar else 'Known'}: {', '.join(names) or 'none'}" if names or not similar else ""
        super().__init__(f"no {kind} is called {name!r}{hint}{listed}")


class MissingPackageError(TetraplaError):
    """An optional package that a step needs and that is not installed."""

    def __init__(self, package: str, step: str, extra: str) -> None:
        super().__init__(f"{step} needs the package {package}: pip install 'tetrapla[{extra}]'")
