"""What a decision asks for, and the rows as they would stand after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import Span
from tetrapla.review._parts import size, within
from tetrapla.review._rows import Row, Rows

__all__ = ["NOTE", "Asked", "Draft", "counted", "passed"]

NOTE = "note:"  # what the keys of notes begin with in the ledger


def counted(names: Iterable[str]) -> str:
    """Return rows as they are told: the id of one, the number of several."""
    own = list(names)
    return own[0] if len(own) == 1 else f"{len(own):,} rows"


def passed(number: int) -> str:
    """Return how rows are told that were passed over."""
    return f"; {number:,} passed over" if number else ""


@dataclass
class Draft:
    """Rows as they would stand, and whatever else the ledger should say; the rows themselves do not change."""

    rows: Rows
    note: Callable[[str], str | None]  # by the id of a row
    _changed: dict[str, Row] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def pivot(self) -> str:
        """The id of the pivot."""
        return self.rows.pivot

    def get(self, name: str) -> Row:
        """Return a row as it would stand.

        Raises:
            InputError: the decision itself has taken it away.
            UnknownNameError: there is none with this id.
        """
        row = self._changed.get(name) or self.rows.get(name)
        if not row.spans:
            raise InputError(f"{name} is no more: its text went to another row")
        return row

    def put(self, row: Row) -> None:
        """Take a row as it should stand; one without spans as one that is no more."""
        self._changed[row.id] = row

    def leave_notes(self, to: str, gone: Iterable[str]) -> None:
        """Put the notes of rows that are no more under that of the row that has their text now."""
        notes = {name: text for name in gone if (text := self.note(name))}
        if notes:
            self.more |= dict.fromkeys(f"{NOTE}{name}" for name in notes)
            self.more[f"{NOTE}{to}"] = "\n".join(filter(None, [self.note(to), *notes.values()]))

    def fresh(self, near: str) -> str:
        """Return an id that no row has, after the row that it comes from."""
        return self.rows.fresh_id(near, self._changed)

    def blank(self, version: str, span: Span) -> bool:
        """Return whether nothing but blanks stands in a span."""
        text = next(doc for doc in self.rows.documents if doc.id == version).text
        return not text[span.start : span.end].strip()

    def items(self) -> dict[str, Any]:
        """Return what the ledger should say, by its keys: only what differs from how it stands."""
        changed = {n: row for n, row in self._changed.items() if n not in self.rows or row != self.rows.get(n)}
        return self.rows.items(changed) | self.more


@dataclass(frozen=True)
class Asked:
    """The rows that a decision is about, by id, and its arguments, which may be anything that JSON can hold."""

    names: Sequence[str]
    args: Mapping[str, Any]
    rows: Rows

    def row(self) -> str:
        """Return the one row that the decision is about.

        Raises:
            InputError: it is about none, or several.
        """
        if len(self.names) != 1:
            raise InputError(f"this is decided on one row at a time, not {len(self.names)}")
        return self.names[0]

    def some(self, least: int = 1) -> Sequence[str]:
        """Return the rows, each once and in the order of rows.

        Raises:
            InputError: they are too few.
            UnknownNameError: one is not there.
        """
        wanted = {self.rows.get(name).id for name in self.names}
        if len(wanted) < least:
            raise InputError(f"this needs {'a row' if least == 1 else f'{least} rows'}; choose more")
        return [name for name in self.rows.ids if name in wanted] if len(wanted) > 1 else list(wanted)

    def version(self) -> str:
        """Return the version that the decision is about.

        Raises:
            InputError: none is named.
            UnknownNameError: there is no such version.
        """
        return self._known(self.args.get("version"))

    def versions(self) -> list[str]:
        """Return the versions that the decision is about, each once.

        Raises:
            InputError: none is named.
            UnknownNameError: there is no such version.
        """
        wanted = self.args.get("versions")
        if not isinstance(wanted, list) or not wanted:
            raise InputError("this is decided on versions; name one or more")
        return list(dict.fromkeys(map(self._known, wanted)))

    def _known(self, name: Any) -> str:
        if not isinstance(name, str):
            raise InputError("this is decided on a version; name one")
        ids = [doc.id for doc in self.rows.documents]
        if name not in ids:
            raise UnknownNameError("version", name, ids)
        return name

    def spans(self, key: str, row: Row, version: str) -> tuple[Span, ...]:
        """Return the passages that an argument names, in the reading order of the row; () where it is left out.

        Raises:
            InputError: they are no passages, overlap, or are not all in the row.
        """
        value = self.args.get(key)
        if value is None:
            return ()
        found = _spans(value)
        here = within(row.spans.get(version, ()), found)
        if not found or size(here) != size(found):
            raise InputError(f"{row.id} does not hold these passages of {version}, or no longer; look again")
        return here

    def text(self, key: str) -> str:
        """Return an argument that is a text with something in it.

        Raises:
            InputError: it is none.
        """
        value = self.args.get(key)
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{key!r} should be a text with something in it")
        return value


def _spans(value: Any) -> tuple[Span, ...]:
    if not isinstance(value, list):
        raise InputError("passages are a list of [start, end]")
    found = set()
    for pair in value:
        match pair:
            case [int(start), int(end)] if 0 <= start < end:
                found.add(Span(start, end))
            case _:
                raise InputError("passages are a list of [start, end]")
    return tuple(sorted(found))
