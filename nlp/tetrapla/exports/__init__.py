"""Alignments into the formats of other programs, one file a format, chosen by name (`tetrapla export --to`).

A format is a function from what is known of an alignment, the ids of the versions wanted and options to files::

    exports.registry.add("tsv")(Export(dump, ".tsv"))

    def dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]: ...

Files go by what is put behind the stem of the output: "" is the output itself, ".en" or ".en.xml" stands beside it.
What a function gets is cut to the versions wanted already, their first being the pivot (see `restricted`); rows of
running text come from `exports._rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.exports._restrict import ids_of, restricted
from tetrapla.formats import Known
from tetrapla.model import Alignment
from tetrapla.registry import Registry

__all__ = ["LEVELS", "Export", "Level", "Options", "chosen", "dump", "ids_of", "registry", "restricted"]

Level = Literal["passages", "sentences", "both"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class Options:
    """What is wanted of an export: beads of passages, of sentences or both; the text as it stands, or cleaned.

    `cleaned` makes the safe repairs, for which `Known.findings` must be there; `linked` leaves out beads that not all
    versions wanted have; `stem` is the name of the output without its suffix, for files that name each other.
    """

    level: Level = "passages"
    cleaned: bool = False
    linked: bool = False
    stem: str = "alignment"


@dataclass(frozen=True)
class Export:
    """How a format writes an alignment; `suffix` is that of the output.

    `findings` says whether it tells of findings, which take time to look for; `bilingual`, that it holds two versions
    and no more; `several`, that it is more than one file; `levels`, which levels it can hold.
    """

    dump: Callable[[Known, Sequence[str], Options], Mapping[str, bytes]]
    suffix: str
    findings: bool = False
    bilingual: bool = False
    several: bool = False
    levels: tuple[Level, ...] = LEVELS


registry: Registry[Export] = Registry("export format", "tetrapla.exports")


def chosen(name: str, alignment: Alignment, ids: Sequence[str] | None, options: Options) -> list[str]:
    """Return the versions of an alignment that are wanted in a format, by default all, the pivot first.

    Raises:
        InputError: the format holds two versions and not that many, or not this level; a version is named twice.
        UnknownNameError: no format, or no version, has the name.
    """
    export, known = registry.get(name), ids_of(alignment)
    wanted = list(ids) if ids is not None else known
    for own in wanted:
        if own not in known:
            raise UnknownNameError("version of this alignment", own, known)
    if len(set(wanted)) < len(wanted):
        raise InputError(f"a version is named twice: {', '.join(wanted)}")
    if len(wanted) < 2:
        raise InputError("an export is of two versions or more; name them all, e.g. --versions zh,en")
    if export.bilingual and len(wanted) > 2:
        raise InputError(
            f"{name} holds two versions, not {len(wanted)}; name two of them, e.g. --versions {','.join(wanted[:2])}"
        )
    if options.level not in export.levels:
        raise InputError(f"{name} has no level {options.level}; name one of {', '.join(export.levels)}")
    return wanted


def dump(
    name: str, known: Known, ids: Sequence[str] | None = None, options: Options | None = None
) -> Mapping[str, bytes]:
    """Return the files of an alignment in a format, by what is put behind the stem of the output.

    `ids` are the versions wanted, the first being the pivot; by default all, that of the alignment first.

    Raises:
        InputError: the format cannot hold this; see `chosen`.
        UnknownNameError: no format, or no version, has the name.
        ValueError: the text is to be cleaned, and nobody has looked for findings.
    """
    wanted = options or Options()
    versions = chosen(name, known.alignment, ids, wanted)
    if wanted.cleaned and known.findings is None:
        raise ValueError("cleaned text takes findings")
    return registry.get(name).dump(restricted(known, versions), versions, wanted)
