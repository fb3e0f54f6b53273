"""Alignments and decisions out of the files of other programs, one file a format (`tetrapla import --from`).

A format is a function from the files that the user names, and options, to what they say::

    imports.registry.add("tmx")(Import(read, (".tmx",)))

    def read(paths: Sequence[str], options: Options) -> Imported: ...

An alignment goes by offsets into its texts: where a file brings texts with it, these are written beside the output,
as `Imported.texts` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tetrapla.align.decisions import Decisions
from tetrapla.errors import InputError
from tetrapla.files import named
from tetrapla.model import Alignment
from tetrapla.progress import Progress, silent
from tetrapla.registry import Registry

__all__ = ["Import", "Imported", "Options", "format_of", "read", "registry"]


@dataclass(frozen=True)
class Options:
    """What a reader is told: languages of files by path as given, the encoding of texts, and the name of the output.

    `stem` is the name of the output without its suffix: texts that are written beside it begin with it.
    """

    languages: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    stem: str = "imported"
    progress: Progress = silent


@dataclass(frozen=True)
class Imported:
    """What some files say; `texts` are to be written beside the output, by file name."""

    result: Alignment | Decisions
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Import:
    """How a format is read; `suffixes` are those that tell it, `takes` says for people which files it needs."""

    read: Callable[[Sequence[str], Options], Imported]
    suffixes: tuple[str, ...] = ()
    takes: str = "one file"


registry: Registry[Import] = Registry("import format", "tetrapla.imports")


def format_of(paths: Sequence[str]) -> str:
    """Return the name of the format that the suffix of the first file tells.

    Raises:
        InputError: it tells none.
    """
    name = paths[0].lower().removesuffix(".gz") if paths else ""
    for known in registry:
        if Path(name).suffix in registry.get(known).suffixes:
            return known
    where = named(paths[0]) if paths else "no file"
    raise InputError(f"{where}: its name tells no format; say it with --from: {', '.join(registry)}")


def read(paths: Sequence[str], name: str | None = None, options: Options | None = None) -> Imported:
    """Return what some files say, in the format of this name, or else of the suffix of the first.

    Raises:
        InputError: one cannot be read, is not what it should be, or is hostile; says where.
        UnknownNameError: no format has the name.
    """
    return registry.get(name or format_of(paths)).read(paths, options or Options())
