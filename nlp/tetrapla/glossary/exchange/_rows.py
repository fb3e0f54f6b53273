"""Concepts as a table: a row each, a column for each name of a field that any of them has.

Where a field stands more than once, its values stand in one cell with " | " between them; a bar or a backslash in a
value has a backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from tetrapla.errors import InputError
from tetrapla.glossary._fields import OTHER_FIELDS, definition_language, fields_of, is_field, term_language
from tetrapla.glossary.exchange._concepts import concept_from
from tetrapla.model import Concept

__all__ = ["concepts_in", "rows_of"]

BETWEEN = " | "
PIECE = re.compile(r"(?:\\.|[^|\\])*", re.DOTALL)
# The columns of names come first, then definitions, then the rest.
STATUS = ("", "alt", "deprecated", "wrong")
LAST = ("subject", "homonym", "broader", "related", "rel", "system", "source", "note")


def rows_of(concepts: Sequence[Concept]) -> list[list[str]]:
    """Return the rows, the first with the names of the columns."""
    records = [fields_of(concept) for concept in concepts]
    codes = list(dict.fromkeys(term.language for concept in concepts for term in concept.terms))
    codes += sorted({code for concept in concepts for code in concept.definition} - set(codes))
    columns = sorted({name for fields in records for name, _ in fields}, key=partial(_place, codes))
    return [columns, *([_cell(fields, column) for column in columns] for fields in records)]


def _place(codes: Sequence[str], name: str) -> tuple[int, int, int, str]:
    if code := definition_language(name):
        return 2, codes.index(code), 0, ""
    if code := term_language(name):
        status, _, damage = name.removeprefix(code).removeprefix("_").partition("_")
        return 1, codes.index(code), STATUS.index(status), damage
    return (3, LAST.index(name), 0, "") if name in LAST else (0, OTHER_FIELDS.index(name), 0, "")


def _cell(fields: Iterable[tuple[str, str]], column: str) -> str:
    return BETWEEN.join(re.sub(r"([\\|])", r"\\\1", value) for name, value in fields if name == column)


def concepts_in(rows: Iterable[Sequence[str]], name: str) -> list[Concept]:
    """Return the concepts in the rows of a table, of which the first names the columns; empty rows are passed over.

    Raises:
        InputError: a column that no concept has, two of one name, none with ids, a malformed value; says the row.
    """
    numbered = ((number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row))
    first = next(numbered, None)
    if first is None:
        raise InputError(f"{name} is an empty table; its first row names the columns: id, zh, en, en_alt …")
    columns = [cell.strip() for cell in first[1]]
    while columns and not columns[-1]:
        columns.pop()
    _check(columns, f"{name}:{first[0]}")
    return [concept_from(_fields(columns, row, f"{name}:{number}"), name, number) for number, row in numbered]


def _check(columns: Sequence[str], where: str) -> None:
    if "id" not in columns:
        raise InputError(f"{where}: no column is called id; the first row names the columns: id, zh, en, en_alt …")
    for k, column in enumerate(columns):
        if not is_field(column):
            raise InputError(f"{where}: no concept has a field {column!r}; rename the column, or leave it out")
        if column in columns[:k]:
            raise InputError(f"{where}: two columns are called {column}; put them into one, with {BETWEEN!r} between")


def _fields(columns: Sequence[str], row: Sequence[str], where: str) -> Iterator[tuple[str, str]]:
    if any(cell.strip() for cell in row[len(columns) :]):
        raise InputError(f"{where}: more cells than columns; is something not in quotes?")
    for column, cell in zip(columns, row, strict=False):
        for value in _values(cell):
            yield column, value


def _values(cell: str) -> Iterator[str]:
    at = 0
    while at <= len(cell):
        match = PIECE.match(cell, at)
        end = match.end() if match else at
        if end < len(cell) and cell[end] == "\\":  # at the very end of the cell: of itself
            end += 1
        yield re.sub(r"\\(.)", r"\1", cell[at:end], flags=re.DOTALL).strip()
        at = end + 1
