"""The general lexicon: which words of one language may stand for which of another.

Tables (``*.tsv``) with a header of language codes and a row a sense; ``|`` parts words that say the same::

    zh          en                     es             fr
    期限|截止日期    deadline|time limit    plazo          délai|date limite

Each row links every pair of its languages, by stems: a text is looked up word by word, as its language cuts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from tetrapla import languages
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.files import read_bytes
from tetrapla.resources import corpus_root

__all__ = ["Lexicon", "Links", "Unit", "load"]

# The stem of a word, or the stems of several that stand together ("time limit"); of Chinese the word itself.
Unit = str | tuple[str, ...]
# From a unit of one language to those of another, and how much each link is worth (0..1).
Links = Mapping[Unit, Mapping[Unit, float]]

# A link that is the only one of both its words is worth 1; one of n on one side and m on the other (n·m) to the minus
# this. The geometric mean of even shares in both directions would be -1/2; half that, as most alternatives are
# synonyms.
AMBIGUITY = 0.25


@dataclass(frozen=True)
class Lexicon:
    """Rows of words that translate each other: for each language, the words of every row.

    >>> lexicon = Lexicon({"zh": (("期限",),), "en": (("deadlines", "time limit"),)})
    >>> sorted(lexicon.links("zh", "en")["期限"], key=str)
    [('time', 'limit'), 'deadlin']
    """

    columns: Mapping[str, Sequence[Sequence[str]]]
    _links: dict[tuple[str, str], Links] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the lexicon, in alphabetical order."""
        return tuple(sorted(self.columns))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values()), ()))

    def links(self, source: str, target: str) -> Links:
        """Return what each word of the source language may be in the target language, and the worth of each link.

        The more ways a word can be rendered, and the more words share a rendering, the less a link is worth.

        Raises:
            UnknownNameError: the lexicon does not have one of the languages.
        """
        for code in (source, target):
            if code not in self.columns:
                raise UnknownNameError("language of the lexicon", code, self.languages)
        if (source, target) not in self._links:
            self._links[source, target] = _links(self._units(source), self._units(target))
        return self._links[source, target]

    def _units(self, code: str) -> list[list[Unit]]:
        if code not in self._stemmed:
            self._stemmed[code] = _stemmed(self.columns[code], code)
        return self._stemmed[code]

    @cached_property
    def _stemmed(self) -> dict[str, list[list[Unit]]]:
        return {}


def _stemmed(rows: Iterable[Sequence[str]], code: str) -> list[list[Unit]]:
    language = languages.get(code)
    if language.full_width:
        return [[word.lower() for word in row] for row in rows]
    known: dict[str, Unit] = {}
    for row in rows:
        for form in row:
            if form not in known:
                stems = tuple(word.stem for word in language.words(form))
                known[form] = stems[0] if len(stems) == 1 else stems
    # A form without letters or digits has no stems and links to nothing.
    return [[unit for form in row if (unit := known[form])] for row in rows]


def _links(source: Sequence[Sequence[Unit]], target: Sequence[Sequence[Unit]]) -> Links:
    forward: dict[Unit, set[Unit]] = {}
    backward: dict[Unit, set[Unit]] = {}
    for ours, theirs in zip(source, target, strict=True):
        for unit in ours:
            forward.setdefault(unit, set()).update(theirs)
        for unit in theirs:
            backward.setdefault(unit, set()).update(ours)
    width = {unit: float(len(units)) ** -AMBIGUITY for unit, units in backward.items()}
    return MappingProxyType(
        {
            unit: {other: float(len(others)) ** -AMBIGUITY * width[other] for other in others}
            for unit, others in forward.items()
            if others
        }
    )


def load(folder: Path | None = None) -> Lexicon:
    """Return the lexicon in the tables (``*.tsv``) of a folder, by default the one that comes with Tetrapla.

    Raises:
        InputError: no table in the folder, or a malformed line; says file and line.
    """
    return _own() if folder is None else _from(folder)


@cache
def _own() -> Lexicon:
    """Return the lexicon that comes with Tetrapla; it is the same for a whole process."""
    return _from(corpus_root() / "lexicon")


def _from(folder: Path) -> Lexicon:
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise InputError(f"{folder} holds no tables (*.tsv)")
    tables = [_read(path) for path in paths]
    codes = sorted({code for header, _ in tables for code in header})
    columns: dict[str, list[Sequence[str]]] = {code: [] for code in codes}
    for header, rows in tables:
        for code in codes:
            # A table without this language has nothing to say of it, row for row.
            k = header.index(code) if code in header else None
            columns[code] += [() if k is None else row[k] for row in rows]
    return Lexicon(columns)


def _read(path: Path) -> tuple[list[str], list[list[list[str]]]]:
    """Return the languages of a table's header, and its rows: for each language the words."""
    try:
        lines = read_bytes(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as e:
        raise InputError(f"{path} is not UTF-8 (byte {e.start}); save it as UTF-8") from e
    header = lines[0].rstrip("\r").split("\t")
    if len(set(header)) < len(header) or any(code not in languages.registry for code in header):
        known = ", ".join(languages.registry)
        raise InputError(f"{path}:1: not a header of language codes (of {known}), once each: {lines[0][:60]!r}")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line or line == "\r":
            continue
        row = [cell.split("|") for cell in line.rstrip("\r").split("\t")]
        if len(row) != len(header):
            raise InputError(f"{path}:{number}: {len(row)} columns where the header has {len(header)}: {line[:60]!r}")
        if any("" in cell for cell in row):
            raise InputError(f"{path}:{number}: an empty cell, or nothing between two '|': {line[:60]!r}")
        rows.append(row)
    return header, rows
