"""Our own tables: a header of language codes, a row a sense, ``|`` between words that say the same.

A column ``weight`` (0..1) says what each row is worth, as learnt lexicons have it; then a cell may be empty, for what
is learnt is learnt two languages at a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tetrapla.errors import InputError
from tetrapla.lexicon._table import Table

__all__ = ["WEIGHT", "dump", "header_of", "parse"]

WEIGHT = "weight"
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def header_of(line: str) -> list[str] | None:
    r"""Return the columns that a first line names, or None where it is no header.

    >>> header_of("zh\ten\tweight"), header_of("zh,en")
    (['zh', 'en', 'weight'], None)
    """
    header = line.rstrip("\r").split("\t")
    codes = [name for name in header if name != WEIGHT]
    sound = len(codes) > 1 and len(set(header)) == len(header) and all(map(CODE.fullmatch, codes))
    return header if sound else None


def parse(lines: Sequence[str], name: str, problems: list[str]) -> Table:
    """Return the table in the lines of a file; what is wrong with them is added to `problems`, a line each."""
    header = header_of(lines[0])
    if header is None:
        problems.append(
            f"{name}:1: not a header of two or more language codes, once each, with tabs between, such as "
            f"zh, tab, en: {lines[0][:60]!r}"
        )
        return Table({})
    columns: dict[str, list[Sequence[str]]] = {code: [] for code in header if code != WEIGHT}
    weights: list[float] | None = [] if WEIGHT in header else None
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip("\r\n\t "):
            continue
        cells = line.rstrip("\r").split("\t")
        if wrong := _wrong(cells, header):
            problems.append(f"{name}:{number}: {wrong}: {line[:60]!r}")
            continue
        for code, cell in zip(header, cells, strict=True):
            if code != WEIGHT:
                columns[code].append([word.strip() for word in cell.split("|")] if cell else ())
            elif weights is not None:
                weights.append(float(cell))
    return Table(columns, weights, source=name)


def _wrong(cells: Sequence[str], header: Sequence[str]) -> str:
    """Return what is wrong with a row and what to do, "" where it is sound."""
    if len(cells) != len(header):
        return f"{len(cells)} columns where the header has {len(header)}; put a tab between two columns"
    learnt = WEIGHT in header
    words = [cell for code, cell in zip(header, cells, strict=True) if code != WEIGHT]
    if learnt and len(list(filter(None, words))) < 2:
        return "fewer than two words; write a word and what it means, or delete the line"
    if not learnt and "" in words:
        return "an empty cell; write a word, or delete the line"
    if any(not word.strip() for cell in words if cell for word in cell.split("|")):
        return "an empty cell, or nothing between two '|'; write a word there, or take the '|' out"
    if learnt and not _is_weight(weight := cells[header.index(WEIGHT)]):
        return f"{weight!r} is no weight; write a number from 0 to 1, such as 0.5"
    return ""


def _is_weight(text: str) -> bool:
    try:
        return 0.0 <= float(text) <= 1.0
    except ValueError:
        return False


def dump(table: Table) -> str:
    """Return a table as text that `read` reads.

    Raises:
        InputError: a word holds a tab, a newline or a ``|``.
    """
    for rows in table.columns.values():
        for row in rows:
            for word in row:
                if re.search(r"[\t\n\r|]", word):
                    raise InputError(f"{word!r} cannot stand in a table; take tab, newline and '|' out")
    columns = [["|".join(row) for row in rows] for rows in table.columns.values()]
    header = list(table.columns)
    if table.weights is not None:
        columns.append([f"{weight:.2f}" for weight in table.weights])
        header.append(WEIGHT)
    lines = ["\t".join(header), *("\t".join(cells) for cells in zip(*columns, strict=True))]
    return "".join(f"{line}\n" for line in lines)
