"""What a review workbook keeps beside the rows that people edit, so that it can be read back as decisions.

Its first sheet, `review`, is for people: rows may be moved, sorted, deleted. The second, `texts`, says which texts they
are of, by hash; a hidden third, `passages`, has by the id of each row the offsets of its passages and a digest of what
the cell showed. A seal over these two tells whether somebody changed them; it guards against slips, not forgers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tetrapla.align.decisions import Decided
from tetrapla.errors import InputError
from tetrapla.model import Span, sha256_of
from tetrapla.office import CELL, escaped, unescaped
from tetrapla.report.text import shown

__all__ = [
    "ID", "NOTE", "PASSAGES", "REVIEW", "TEXTS", "VERDICT", "VERDICTS", "Passage", "Text", "cell_of", "digest", "plain",
    "read_kept", "rows_of_passages", "rows_of_texts",
]  # fmt: skip

REVIEW, TEXTS, PASSAGES = "review", "texts", "passages"
ID, VERDICT, NOTE = "id", "verdict", "note"
VERDICTS = ("confirmed", "refused")

TEXT_HEAD = ["version", "language", "sha256", "characters", "column"]
PASSAGE_HEAD = [ID, "version", "spans", "shown"]
SEAL = "seal"
SPAN = re.compile(r"(\d{1,12})-(\d{1,12})")
CUT = " … [cut: a cell holds no more]"
PIECES = 1000  # spans of a row of the sheet `passages`: as many as surely go into a cell


@dataclass(frozen=True)
class Text:
    """A text that a workbook is of, and the name of its column in the sheet for people."""

    decided: Decided
    column: str


@dataclass(frozen=True)
class Passage:
    """What a row is of, by the ids of the versions that have something there: spans, and the digest of the cell."""

    spans: Mapping[str, tuple[Span, ...]]
    shown: Mapping[str, str]


def cell_of(text: str) -> str:
    """Return a text as a cell may hold it; what is too long for one is cut, which hurts no offset.

    >>> cell_of("_x0041_ " + chr(7))
    '_x005F_x0041_ ␇'
    """
    cell = escaped(shown(text))
    units = cell.encode("utf-16-le")
    if len(units) <= 2 * CELL:
        return cell
    return units[: 2 * (CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def plain(cell: str) -> str:
    """Return what a cell says; spaces and line breaks, which office programs change, are single spaces."""
    return " ".join(unescaped(cell).split())


def digest(cell: str) -> str:
    """Return what the text of a cell is known by."""
    return sha256_of(plain(cell))[:16]


def rows_of_texts(texts: Iterable[Text], passages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows of the sheet `texts`, with the seal over itself and the rows of the sheet `passages`."""
    rows = [TEXT_HEAD]
    for text in texts:
        own = text.decided
        cells = (own.id, own.language, own.sha256, str(own.length), text.column)
        rows.append([cell_of(value) for value in cells])
    return [*rows, [SEAL, "", _seal(rows, passages)]]


def rows_of_passages(passages: Mapping[str, Passage]) -> list[list[str]]:
    """Return the rows of the sheet `passages`, in the order given."""
    rows = [PASSAGE_HEAD]
    for name, passage in passages.items():
        for version, spans in passage.spans.items():
            for k in range(0, len(spans), PIECES):
                pieces = " ".join(f"{span.start}-{span.end}" for span in spans[k : k + PIECES])
                rows.append([cell_of(name), cell_of(version), pieces, passage.shown[version]])
    return rows


def _seal(*sheets: Iterable[Sequence[str]]) -> str:
    return sha256_of("\n\n".join("\n".join("\t".join(row) for row in sheet) for sheet in sheets))


def read_kept(sheets: Mapping[str, Sequence[Sequence[str]]], name: str) -> tuple[list[Text], dict[str, Passage]]:
    """Return the texts and, by the ids of the rows, the passages that a workbook keeps; `name` is for messages.

    Raises:
        InputError: it is no workbook of ours, or these sheets were changed.
    """
    if not {REVIEW, TEXTS, PASSAGES} <= sheets.keys():
        raise InputError(
            f"{name} is no review sheet: it lacks one of the sheets {REVIEW}, {TEXTS} and {PASSAGES}; make one with "
            "`tetrapla export ALIGNMENT --to xlsx`"
        )
    end = next((k for k, row in enumerate(sheets[TEXTS]) if row[:1] == [SEAL]), len(sheets[TEXTS]))
    rows, passages = sheets[TEXTS][:end], sheets[PASSAGES]
    if sheets[TEXTS][end : end + 1] != [[SEAL, "", _seal(rows, passages)]]:
        raise InputError(
            f"{name}: the sheets {TEXTS} and {PASSAGES} are not as they were exported, so that nobody can tell which "
            "passages were judged; export again and copy the verdicts over"
        )
    try:
        texts = [_text(*row) for row in rows[1:]]
        return texts, _passages(passages[1:], {text.decided.id: text.decided.length for text in texts})
    except (ValueError, TypeError, KeyError) as e:  # the seal is right, and yet this is nothing that we write
        raise InputError(f"{name}: the sheets {TEXTS} and {PASSAGES} cannot be read; export again") from e


def _text(version: str, language: str, sha256: str, length: str, column: str) -> Text:
    return Text(Decided(plain(version), language, sha256, int(length)), plain(column))


def _passages(rows: Iterable[Sequence[str]], lengths: Mapping[str, int]) -> dict[str, Passage]:
    found: dict[str, tuple[dict[str, list[Span]], dict[str, str]]] = {}
    for name, version, pieces, known in rows:
        spans, digests = found.setdefault(plain(name), ({}, {}))
        own = plain(version)
        spans.setdefault(own, []).extend(_spans(pieces, lengths[own]))
        digests[own] = known
    return {
        name: Passage({version: tuple(own) for version, own in spans.items()}, digests)
        for name, (spans, digests) in found.items()
    }


def _spans(pieces: str, length: int) -> Iterator[Span]:
    for piece in pieces.split():
        found = SPAN.fullmatch(piece)
        if found is None or not int(found[1]) < int(found[2]) <= length:
            raise ValueError(piece)
        yield Span(int(found[1]), int(found[2]))
