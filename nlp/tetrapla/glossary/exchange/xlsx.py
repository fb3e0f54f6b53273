"""Glossaries as a sheet for an office program (ECMA-376), by openpyxl."""

from __future__ import annotations

import io
from collections.abc import Sequence

from tetrapla.errors import InputError
from tetrapla.glossary.exchange import Exchange, registry
from tetrapla.glossary.exchange._rows import concepts_in, rows_of
from tetrapla.model import Concept
from tetrapla.office import CELL, read_sheets

__all__: list[str] = []

WIDTH = 28  # of a column, in characters
SHEET = "glossary"


def _dump(concepts: Sequence[Concept]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    rows = rows_of(concepts)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if not value:
                continue
            if len(value) > CELL:
                raise InputError(f"{row[0]}: {rows[0][column - 1]} is longer than a cell of Excel; export it as .csv")
            cell = sheet.cell(number, column)
            try:
                cell.value = value
            except IllegalCharacterError as e:
                raise InputError(f"{row[0]}: {rows[0][column - 1]} has a control character; take it out") from e
            cell.data_type = "s"  # what begins with "=" is text here, not a formula
            cell.number_format = "@"  # and stays text where it is changed: "3-4" is no date
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _load(data: bytes, name: str) -> list[Concept]:
    sheets = read_sheets(data, name, use="a glossary")
    return concepts_in(sheets.get(SHEET) or next(iter(sheets.values()), []), name)


registry.add(".xlsx")(Exchange(_dump, _load))
