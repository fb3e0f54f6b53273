"""Record files: the format of GNU recutils, as far as the glossary needs it, read and written without loss.

    # a comment, anywhere                    id: local-buzz
    %rec: Concept                            zh: 本地蜂鸣
                                             en: local buzz
    a blank line ends a record               def_en: What is in the air where people of a trade
                                             + meet day by day.

A field is ``name: value``; fields repeat; a line that begins with ``+`` goes on with the value on a new line, and a
backslash at the end of a line on the same one. `recsel` and `recfix` of GNU recutils read such files (GNU recutils
manual, "The Rec Format"). The text of the file stays what it is: a change touches the lines of its field and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tetrapla.errors import InputError
from tetrapla.files import read_bytes

__all__ = ["Field", "Record", "RecordFile", "read_records"]

FIELD = re.compile(r"([A-Za-z%][A-Za-z0-9_]*):[ \t]*(.*)", re.DOTALL)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it stands in a file: `line` is its first line, from 1, `lines` how many it takes."""

    name: str
    value: str
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one record, in their order."""

    fields: tuple[Field, ...]

    @property
    def line(self) -> int:
        """The line, from 1, on which the record begins."""
        return self.fields[0].line

    @property
    def last_line(self) -> int:
        """The line, from 1, on which the last field ends."""
        return self.fields[-1].line + self.fields[-1].lines - 1

    def all(self, name: str) -> list[str]:
        """Return the values of a field that may repeat."""
        return [field.value for field in self.fields if field.name == name]

    def get(self, name: str) -> str | None:
        """Return the first value of a field, or None where the record has none."""
        return next((field.value for field in self.fields if field.name == name), None)


@dataclass(frozen=True)
class RecordFile:
    r"""A file of records: its `text`, every blank and comment of it, and the records in it.

    >>> file = RecordFile("g.rec", "# ours\nid: a\nen: cat\n")
    >>> file.with_field(file.records[0], "en_alt", "tomcat").text
    '# ours\nid: a\nen: cat\nen_alt: tomcat\n'
    """

    name: str
    text: str

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The records in the order of the file; descriptors (``%rec: …``) are not among them.

        Raises:
            InputError: a line that is neither field nor comment nor blank; says file and line.
        """
        blocks: list[list[Field]] = [[]]
        for field in self._fields():
            if field is None:
                blocks.append([])
            else:
                blocks[-1].append(field)
        return tuple(Record(tuple(block)) for block in blocks if block and not block[0].name.startswith("%"))

    @cached_property
    def _lines(self) -> tuple[str, ...]:
        """The lines with their ends; only a line feed ends one."""
        return tuple(re.findall(r"[^\n]*\n|[^\n]+\Z", self.text))

    @property
    def _newline(self) -> str:
        return "\r\n" if self._lines and self._lines[0].endswith("\r\n") else "\n"

    def _fields(self) -> Iterator[Field | None]:
        """Yield the fields, and None for every blank line."""
        open_field: Field | None = None
        goes_on = False
        for number, raw in enumerate(self._lines, start=1):
            line = raw.removesuffix("\n").removesuffix("\r")
            if number == 1:
                line = line.removeprefix("\ufeff")
            if goes_on and open_field is not None:
                more = line
            elif line.startswith("+") and open_field is not None:
                more = "\n" + line[1:].removeprefix(" ")
            elif match := FIELD.fullmatch(line):
                if open_field is not None:
                    yield open_field
                open_field = Field(match[1], "", number, 0)
                more = match[2]
            elif not line.strip() or line.startswith("#"):
                if open_field is not None:
                    yield open_field
                open_field = None
                if not line.strip():
                    yield None
                continue
            else:
                raise InputError(
                    f"{self.name}:{number}: neither 'field: value' nor a comment nor blank: {line[:40]!r}; "
                    "begin the line with '+ ' if it goes on with the value above"
                )
            goes_on = more.endswith("\\")
            more = more.removesuffix("\\") if goes_on else more.rstrip(" \t")
            value = open_field.value + more
            open_field = Field(open_field.name, value, open_field.line, open_field.lines + 1)
        if open_field is not None:
            yield open_field

    def with_field(self, record: Record, name: str, value: str, *, after: Field | None = None) -> RecordFile:
        """Return the file with a field more, after another one or at the end of the record.

        Raises:
            ValueError: no name for a field, or a value that could not be read back.
        """
        at = record.last_line if after is None else after.line + after.lines - 1
        return self._replaced(at, at, _written(name, value))

    def with_value(self, field: Field, value: str) -> RecordFile:
        """Return the file with another value in a field; raises like `with_field`."""
        return self._replaced(field.line - 1, field.line + field.lines - 1, _written(field.name, value))

    def without(self, field: Field) -> RecordFile:
        """Return the file without a field."""
        return self._replaced(field.line - 1, field.line + field.lines - 1, [])

    def with_record(self, fields: Iterable[tuple[str, str]]) -> RecordFile:
        """Return the file with a record more at its end; raises like `with_field`."""
        lines = [line for name, value in fields for line in _written(name, value)]
        if self._lines and self._lines[-1].strip():
            lines.insert(0, "")
        return self._replaced(len(self._lines), len(self._lines), lines)

    def _replaced(self, start: int, end: int, lines: Iterable[str]) -> RecordFile:
        """Return the file with its lines [start, end), counted from 0, replaced."""
        before = list(self._lines[:start])
        new = [line + self._newline for line in lines]
        if new and before and not before[-1].endswith("\n"):
            before[-1] += self._newline
            # A file that did not end in a newline goes on not doing so.
            new[-1] = new[-1].removesuffix(self._newline)
        return RecordFile(self.name, "".join([*before, *new, *self._lines[end:]]))


def _written(name: str, value: str) -> list[str]:
    """Return the lines of a field."""
    if not NAME.fullmatch(name):
        raise ValueError(f"no name for a field: {name!r}")
    lines = value.split("\n")
    if "\r" in value or any(line.endswith((" ", "\t", "\\")) for line in lines) or lines[0][:1] in (" ", "\t"):
        raise ValueError(f"{name}: blanks at an end, a carriage return or a final backslash do not keep: {value!r}")
    return [f"{name}: {lines[0]}" if lines[0] else f"{name}:", *(f"+ {line}" if line else "+" for line in lines[1:])]


def read_records(path: Path) -> RecordFile:
    """Return the records of a file in UTF-8.

    Raises:
        InputError: no such file, not UTF-8, or a line that is no record's; says file and line.
    """
    data = read_bytes(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise InputError(f"{path}:{line}: not UTF-8 (byte 0x{data[e.start]:02X}); save the file as UTF-8") from e
    file = RecordFile(str(path), text)
    _ = file.records  # a bad line is told now, by name, and not where the first field is asked for
    return file
