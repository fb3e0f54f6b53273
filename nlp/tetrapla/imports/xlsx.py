"""The workbook of `tetrapla export --to xlsx`, edited in an office program, as the decisions of its reviewer.

Each row with a verdict is a decision on the passages that it was exported with, whatever its texts say now: a text that
somebody changed goes into the note. Rows may have been moved, sorted or deleted, and columns too, but those of ids and
verdicts. Passages that the hidden sheet knows by offsets, of the texts with the hashes there: `align` refuses others.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tetrapla.align.decisions import Decision, Decisions, Verdict
from tetrapla.errors import InputError
from tetrapla.exports._kept import ID, NOTE, REVIEW, VERDICT, VERDICTS, Passage, Text, digest, plain, read_kept
from tetrapla.files import named, read_bytes
from tetrapla.imports import Import, Imported, Options, registry
from tetrapla.office import read_sheets, unescaped

__all__: list[str] = []

TOLD = 5  # rows that a message names


def _read(paths: Sequence[str], options: Options) -> Imported:
    if len(paths) != 1:
        raise InputError(f"a review sheet is read alone, not {len(paths)} at once; import them one by one")
    name = named(paths[0])
    return Imported(_decisions(read_bytes(paths[0]), name))


def _decisions(data: bytes, name: str) -> Decisions:
    sheets = read_sheets(data, name, use="a review sheet")
    texts, passages = read_kept(sheets, name)
    order = {own: k for k, own in enumerate(passages)}
    lines = _lines(sheets[REVIEW], texts, passages, name)
    judged: dict[str, _Line] = {}
    for line in lines:
        if not line.verdict:
            continue
        if line.id in judged:
            raise InputError(f"{line.where}: {line.id} has a verdict in row {judged[line.id].number} already; keep one")
        judged[line.id] = line
    _tell([line for line in lines if not line.verdict and line.note], name)
    # In the order of the export: of two that contradict each other the later counts, wherever it was moved to.
    inorder = sorted(judged.values(), key=lambda line: order[line.id])
    items = [_decision(line, passages[line.id], texts) for line in inorder]
    return Decisions(tuple(text.decided for text in texts), tuple(items), name)


@dataclass(frozen=True)
class _Line:
    """A row of the sheet for people: its number in the sheet, and what the reviewer put there."""

    where: str
    number: int
    id: str
    verdict: str
    note: str


def _lines(
    rows: Sequence[Sequence[str]], texts: Sequence[Text], passages: Mapping[str, Passage], name: str
) -> list[_Line]:
    head = [plain(cell) for cell in rows[0]] if rows else []
    for column in (ID, VERDICT):
        if head.count(column) != 1:
            raise InputError(f"{name}, sheet {REVIEW}: its first row must have one column called {column}; put it back")
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        full = [*row, *[""] * (len(head) - len(row))]
        # Columns beyond the head, and further ones of a name, are notes that nobody asked for.
        cells = dict(reversed(list(zip(head, full, strict=False))))
        where = f"{name}, row {number}"
        own, verdict = plain(cells.get(ID, "")), plain(cells.get(VERDICT, "")).casefold()
        if not own and not verdict:
            continue
        if own not in passages:
            raise InputError(f"{where}: no row was exported with the id {own!r}; put its id back, or delete the row")
        if verdict not in ("", *VERDICTS):
            raise InputError(
                f"{where}: the verdict on {own} is {verdict[:40]!r}; write {' or '.join(VERDICTS)}, or nothing"
            )
        lines.append(_Line(where, number, own, verdict, _note(cells, texts, passages[own])))
    return lines


def _note(cells: Mapping[str, str], texts: Sequence[Text], passage: Passage) -> str:
    """Return what the reviewer wrote, and to which texts that were changed since."""
    said = [unescaped(cells.get(NOTE, "")).strip()]
    for text in texts:
        if text.column not in cells:  # somebody took the column out
            continue
        own, cell = text.decided.id, cells[text.column]
        if digest(cell) != passage.shown.get(own, digest("")):
            said.append(f"{own} should read: {plain(cell)}" if plain(cell) else f"{own} was taken out")
    return "\n".join(filter(None, said))


def _decision(line: _Line, passage: Passage, texts: Sequence[Text]) -> Decision:
    verdict = cast(Verdict, line.verdict)
    if len(passage.spans) > 1:
        return Decision(verdict, passage.spans, line.note)
    if verdict == "refused":
        raise InputError(
            f"{line.where}: {line.id} is of one version: there is no link to refuse; leave its verdict blank"
        )
    return Decision(verdict, {text.decided.id: passage.spans.get(text.decided.id, ()) for text in texts}, line.note)


def _tell(lines: Sequence[_Line], name: str) -> None:
    """Log which rows say something that no decision can hold."""
    if lines:
        rows = ", ".join(str(line.number) for line in lines[:TOLD]) + (" …" if len(lines) > TOLD else "")
        logging.getLogger(__name__).warning(
            f"{name}: {len(lines):,} rows have a note or a changed text, but no verdict, and are passed over: {rows}"
        )


registry.add("xlsx")(Import(_read, (".xlsx",), "the workbook of one review"))
