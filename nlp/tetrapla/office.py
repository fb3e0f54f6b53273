"""Workbooks of office programs (ECMA-376) that come from strangers, read as rows of text by openpyxl.

What unpacks to more than is sane, declares a DTD, or has cells without end is refused; a formula is read as the value
that it last had. In a cell ``_x0041_`` is the character of this number, so that these letters themselves must be
written as ``_x005F_x0041_``.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from tetrapla.errors import InputError

__all__ = ["CELL", "escaped", "read_sheets", "unescaped"]

# What a cell of Excel holds, in UTF-16 units, and a sheet, in rows.
CELL, ROWS = 32_767, 1 << 20
# What all parts of a file may unpack to, in bytes, and its sheets hold together, in characters; a cell counts as ten.
UNPACKED, HELD, EMPTY = 200_000_000, 200_000_000, 10
BLOCK = 1 << 16
DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
OVERLAP = len(b"<!DOCTYPE") - 1
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # two may share a low line


def escaped(text: str) -> str:
    """Return a text for a cell, so that an office program shows the letters ``_x0041_`` as they are.

    >>> escaped("_x0041_")
    '_x005F_x0041_'
    """
    return LIKE_ESCAPE.sub("_x005F_", text)


def unescaped(text: str) -> str:
    """Return what an office program shows for the text of a cell; half characters are U+FFFD.

    >>> unescaped("_x005F_x0041_ _x000D_") == "_x0041_ " + chr(13)
    True
    """
    return ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def read_sheets(data: bytes, name: str, *, use: str) -> dict[str, list[list[str]]]:
    """Return the sheets of a workbook in their order: rows of text by title; empty cells at the end are left out.

    `name` is the file's and `use` what it should be ("a glossary"), for messages.

    Raises:
        InputError: it is no workbook, unpacks to more than is sane, has a DTD or cells without end.
    """
    _check(data, name, use)

    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        left = HELD
        sheets = {}
        for sheet in book.worksheets:
            sheets[sheet.title], left = _rows(sheet, left)
    except _EndlessError as e:
        raise InputError(f"{name}: its rows go on without end, more than {use} needs; is it the right file?") from e
    except Exception as e:  # openpyxl raises what it stumbles over: KeyError, ValueError, ParseError, TypeError …
        raise InputError(f"{name}: this workbook cannot be read ({type(e).__name__}: {str(e)[:80]})") from e
    if not sheets:
        raise InputError(f"{name}: this workbook cannot be read: it has no sheet")
    return sheets


class _EndlessError(Exception):
    """The sheets hold more than they may."""


def _rows(sheet: Any, left: int) -> tuple[list[list[str]], int]:
    """Return the rows of a sheet, and what of the characters left for all sheets is left after it."""
    # Excel's own idea of where a sheet ends may be a million rows below what is written.
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    for row in sheet.iter_rows(values_only=True):
        # A number typed into a cell, such as that of a system, comes as one.
        cells = ["" if cell is None else str(cell) for cell in row]
        # A line of XML can ask for any number of cells, which come as empty ones, and all may share one long text.
        left -= EMPTY * len(cells) + sum(map(len, cells))
        if left < 0 or len(rows) == ROWS:
            raise _EndlessError
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows, left


def _check(data: bytes, name: str, use: str) -> None:
    """Refuse what is no workbook, unpacks to more than is sane, or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > UNPACKED:
                raise InputError(f"{name}: it unpacks to {size:,} bytes, more than {use} needs; is it the right file?")
            for part in archive.infolist():
                with archive.open(part) as file:
                    if _has_dtd(file):
                        raise InputError(f"{name}: {part.filename} has a DTD, which no workbook has; it is not read")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as e:
        raise InputError(f"{name}: this is no workbook (.xlsx); save it as one") from e


def _has_dtd(file: IO[bytes]) -> bool:
    """Return whether a part declares a document type anywhere: a long comment may stand before it."""
    return any(DTD.search(block) for block in _blocks(file))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a part block by block, each with the end of the one before it; in UTF-16, too, ASCII stands as such."""
    end = b""
    while read := file.read(BLOCK):
        block = end + read.replace(b"\0", b"")
        yield block
        end = block[-OVERLAP:]
