"""Alignments as a document to read and mark on paper (ECMA-376), by python-docx: landscape, a table a section.

A section begins with a row that is a title or a heading, which stands above its table as a heading of the document, so
that the document has an outline. The rows are those of the workbook; what was found stands under the score.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tetrapla.exports import Export, Options, registry
from tetrapla.exports._remarks import findings_of, score_of
from tetrapla.exports._rows import Row, rows_of
from tetrapla.formats import Known
from tetrapla.report.columns import label_of
from tetrapla.report.text import shortened, shown

if TYPE_CHECKING:
    from docx.document import Document as Paper

__all__: list[str] = []

OPENS = ("title", "heading")
LONGEST = 120  # of a heading, in characters
# In millimetres: A4 on its side, what stays free around, the narrow columns at the left and right of the texts.
PAGE, MARGIN, LEFT, RIGHT = (297, 210), 12, 16, 46
SIZE, SMALL = 9, 7  # of type, in points
BOXES = "☐ confirmed\n☐ refused"
Section = tuple[str, list[tuple[Row, str]]]  # its heading, and its rows with what was found in each


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    rows = rows_of(known, ids, options)
    paper = _paper()
    labels = [label_of(known.versions[name].document) for name in ids]
    paper.core_properties.title = shortened(shown(" – ".join(labels)), LONGEST)
    for name, label in zip(ids, labels, strict=True):
        doc = known.versions[name].document
        line = f"{label}: {doc.source or name}, {len(doc.text):,} characters, SHA-256 {doc.sha256}"
        _small(paper.add_paragraph().add_run(shown(line)))
    for heading, held in _sections(rows, findings_of(known, rows), ids):
        if heading:
            paper.add_heading(heading, level=1)
        _table(paper, ["id", *labels, "review"], [_cells(row, found, ids) for row, found in held])
    out = io.BytesIO()
    paper.save(out)
    return {"": out.getvalue()}


def _paper() -> Paper:
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Mm, PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    paper.styles["Normal"].font.size = Pt(SIZE)
    return paper


def _sections(rows: Sequence[Row], found: Sequence[str], ids: Sequence[str]) -> Iterator[Section]:
    """Yield the rows in sections; several headings that follow one another open one section."""
    heading, held = "", list[tuple[Row, str]]()
    begun = False  # whether more than headings stands in it
    for row, told in zip(rows, found, strict=True):
        if row.bead.kind in OPENS and ids[0] in row.texts:
            if begun:
                yield heading, held
                heading, held, begun = "", [], False
            heading = heading or shortened(shown(" ".join(row.texts[ids[0]].split())), LONGEST)
        begun = begun or row.bead.kind not in OPENS
        held.append((row, told))
    if held:
        yield heading, held


def _cells(row: Row, found: str, ids: Sequence[str]) -> list[str]:
    told = "\n".join(filter(None, (f"{row.status} {score_of(row)}".strip(), found, BOXES)))
    return [f"{row.id}\n{row.bead.kind}", *(row.texts.get(name, "") for name in ids), told]


def _table(paper: Paper, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from docx.shared import Mm

    text = (PAGE[0] - 2 * MARGIN - LEFT - RIGHT) / (len(head) - 2)
    widths = [Mm(LEFT), *[Mm(text)] * (len(head) - 2), Mm(RIGHT)]
    table = paper.add_table(rows=0, cols=len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate([head, *rows]):
        line = table.add_row()
        _mark(line, "w:tblHeader" if number == 0 else "w:cantSplit")
        for place, (cell, value, width) in enumerate(zip(line.cells, row, widths, strict=True)):
            cell.width = width
            run = cell.paragraphs[0].add_run(shown(value))
            run.bold = number == 0
            if place in (0, len(row) - 1):
                _small(run)


def _mark(row: Any, name: str) -> None:
    """Set a property of a row that python-docx has no word for: to stand on every page, or on one only."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _small(run: Any) -> None:
    from docx.shared import Pt

    run.font.size = Pt(SMALL)


registry.add("docx")(Export(_dump, ".docx", findings=True))
