"""Glossaries as tables of text: commas (RFC 4180) or tabs between the cells, UTF-8 with a mark for Excel's sake.

Where the decimal sign is a comma, as in Spanish and French, Excel saves CSV with semicolons: those are read, too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from tetrapla.errors import InputError
from tetrapla.files import decode
from tetrapla.glossary.exchange import Exchange, registry
from tetrapla.glossary.exchange._rows import concepts_in, rows_of
from tetrapla.model import Concept

__all__: list[str] = []

# A cell of more is no glossary's; Python's own limit is lower and not ours to change for a whole process.
LONGEST = 131_072


def _dump(delimiter: str) -> Callable[[Sequence[Concept]], bytes]:
    def dump(concepts: Sequence[Concept]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows_of(concepts))
        # Without the mark Excel takes UTF-8 for the code page of the country.
        return out.getvalue().encode("utf-8-sig")

    return dump


def _load(delimiter: str) -> Callable[[bytes, str], list[Concept]]:
    def load(data: bytes, name: str) -> list[Concept]:
        text = decode(data, source=name).text
        # The names of columns hold neither sign.
        head = text[: text.find("\n")] if "\n" in text else text
        between = ";" if delimiter == "," and ";" in head and "," not in head else delimiter
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
        try:
            return concepts_in(rows, name)
        except csv.Error as e:
            raise InputError(f"{name}:{rows.line_num}: this is no table ({e}); export it again") from e

    return load


for suffix, between in ((".csv", ","), (".tsv", "\t")):
    registry.add(suffix)(Exchange(_dump(between), _load(between)))
