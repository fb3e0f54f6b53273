"""Alignments as a workbook for those who review in an office program (ECMA-376), by openpyxl.

A row a passage or sentence, with a column a version and two for the reviewer: a verdict, to be chosen, and a note.
`tetrapla import` reads it back as decisions; what it needs for that stands in `_kept`. All cells are text: what begins
with = + - or @ is no formula, and stays none when somebody edits it.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tetrapla.align.decisions import Decided
from tetrapla.errors import InputError
from tetrapla.exports import Export, Options, registry
from tetrapla.exports._kept import (
    ID,
    NOTE,
    PASSAGES,
    REVIEW,
    TEXTS,
    VERDICT,
    VERDICTS,
    Passage,
    Text,
    cell_of,
    digest,
    plain,
    rows_of_passages,
    rows_of_texts,
)
from tetrapla.exports._remarks import findings_of, score_of
from tetrapla.exports._rows import Row, rows_of
from tetrapla.formats import Known
from tetrapla.model import Document
from tetrapla.report.columns import label_of

__all__: list[str] = []

# Widths of columns, in characters; the versions share what they have.
WIDTHS = {ID: 9, "order": 8, "kind": 11, "score": 12, "status": 11, "findings": 34, VERDICT: 13, NOTE: 32}
SHARED, NARROWEST = 130, 28
FORMULA = tuple("=+-@\t")
HELP = f"{VERDICTS[0]}: these passages translate each other and nothing else. {VERDICTS[1]}: they do not. Else blank."


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    from openpyxl import Workbook

    rows = rows_of(known, ids, options)
    _check(rows)
    documents = [known.versions[name].document for name in ids]
    texts = [Text(_decided(doc), label_of(doc)) for doc in documents]
    table = _table(known, rows, ids, [text.column for text in texts])
    passages = rows_of_passages(
        {row.id: _passage(row, ids, cells[3:]) for row, cells in zip(rows, table[1:], strict=True)}
    )

    book = Workbook()
    _write_review(book.active, table, [text.column for text in texts])
    _write_kept(book.create_sheet(TEXTS), rows_of_texts(texts, passages))
    hidden = book.create_sheet(PASSAGES)
    _write_kept(hidden, passages)
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return {"": out.getvalue()}


def _check(rows: Sequence[Row]) -> None:
    for name, count in Counter(plain(row.id) for row in rows).items():
        if count > 1 or not name:
            raise InputError(f"{count} rows would be called {name!r}, and no verdict could be read back; align again")


def _decided(doc: Document) -> Decided:
    return Decided(doc.id, doc.language, doc.sha256, len(doc.text))


def _table(known: Known, rows: Sequence[Row], ids: Sequence[str], labels: Sequence[str]) -> list[list[str]]:
    """Return the rows of the sheet for people as the cells hold them, the head first."""
    table = [[ID, "order", "kind", *labels, "score", "status", "findings", VERDICT, NOTE]]
    digits = len(str(len(rows)))
    for number, (row, found) in enumerate(zip(rows, findings_of(known, rows), strict=True), start=1):
        texts = [row.texts.get(name, "") for name in ids]
        # With zeros before them numbers that are text are sorted as numbers.
        line = [row.id, f"{number:0{digits}}", row.bead.kind, *texts, score_of(row), row.status, found, "", ""]
        table.append([cell_of(value) for value in line])
    return table


def _passage(row: Row, ids: Sequence[str], cells: Sequence[str]) -> Passage:
    own = {name: cell for name, cell in zip(ids, cells, strict=False) if name in row.texts}
    return Passage(
        {name: tuple(span for span in row.bead.spans[name] if len(span)) for name in own},
        {name: digest(cell) for name, cell in own.items()},
    )


def _write_review(sheet: Any, table: Sequence[Sequence[str]], labels: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.title = REVIEW
    _write(sheet, table)
    head = table[0]
    for column, name in enumerate(head, start=1):
        width = max(SHARED // len(labels), NARROWEST) if name in labels else WIDTHS[name]
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = f"{get_column_letter(len(head))}{len(table)}"
    sheet.auto_filter.ref = f"A1:{last}"
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    if len(table) > 1:
        choice = DataValidation("list", formula1=f'"{",".join(VERDICTS)}"', allow_blank=True, showErrorMessage=True)
        choice.error, choice.errorTitle = f"Write {' or '.join(VERDICTS)}, or leave it blank.", "No verdict"
        choice.prompt, choice.promptTitle, choice.showInputMessage = HELP, "Verdict", True
        letter = get_column_letter(head.index(VERDICT) + 1)
        choice.add(f"{letter}2:{letter}{len(table)}")
        sheet.add_data_validation(choice)


def _write_kept(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    _write(sheet, rows)
    sheet.freeze_panes = "A2"
    for letter, width in (("A", 12), ("B", 12), ("C", 68), ("D", 18), ("E", 18)):
        sheet.column_dimensions[letter].width = width


def _write(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    filled = PatternFill("solid", fgColor="DDE6F0")
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.alignment = wrapped
            cell.number_format = "@"
            if value:
                cell.value = value
                cell.data_type = "s"  # what begins with "=" is text here, not a formula
            if value.startswith(FORMULA):
                cell.quotePrefix = True
            if number == 1:
                cell.font, cell.fill = bold, filled


registry.add("xlsx")(Export(_dump, ".xlsx", findings=True))
