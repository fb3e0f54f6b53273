"""One entry of a review: who decided what and when, and on what he had before him."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tetrapla.errors import InputError
from tetrapla.formats.json import plain

__all__ = ["REBASE", "REDO", "UNDO", "Entry"]

UNDO, REDO, REBASE = "undo", "redo", "rebase"
TEXTS = ("id", "at", "by", "op", "told")
ENCODER = json.JSONEncoder(ensure_ascii=False, default=plain)


class _Packed(Mapping[str, Any]):
    """Values by key, kept as JSON: the history of a long review takes a tenth of what its lists of numbers would."""

    __slots__ = ("_texts",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._texts = {key: ENCODER.encode(value) for key, value in values.items()}

    def __getitem__(self, key: str) -> Any:
        return json.loads(self._texts[key])

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True)
class Entry:
    """One transaction: who decided what and when, which revisions he had before him, and what it sets.

    `op` names the kind of decision, `told` says in one line what was done; `at` is in UTC, to the second. `undoes` is
    the entry that an undo or a redo takes back, `alignment` the digest of the one that a rebase leads to.
    """

    id: str
    at: str
    by: str
    op: str
    told: str
    was: Mapping[str, str]
    set: Mapping[str, Any]
    undoes: str | None = None
    alignment: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "set", _Packed(self.set))

    def to_record(self) -> dict[str, Any]:
        """Return the entry as JSON has it."""
        record: dict[str, Any] = {name: getattr(self, name) for name in TEXTS}
        record |= {"was": dict(self.was), "set": dict(self.set)}
        more = {"undoes": self.undoes, "alignment": self.alignment}
        return record | {name: value for name, value in more.items() if value is not None}

    @classmethod
    def now(
        cls, by: str, op: str, told: str, was: Mapping[str, str], values: Mapping[str, Any], undoes: str | None = None
    ) -> Entry:
        """Return an entry of now, with an id of its own."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return cls(secrets.token_hex(8), at, by, op, told, was, values, undoes)

    @classmethod
    def from_record(cls, record: Any, where: str) -> Entry:
        """Return the entry that a record holds; fields that are not known are passed over.

        Raises:
            InputError: it is none; begins with `where`.
        """
        if not isinstance(record, dict):
            raise InputError(f"{where}: this is no entry of a review, which is an object")
        texts: dict[str, Any] = {name: record.get(name) for name in TEXTS}
        for name, text in texts.items():
            if not isinstance(text, str) or (name == "id" and not text):
                raise InputError(f"{where}: {name!r} of the entry is no text")
        was, values = record.get("was"), record.get("set")
        if not isinstance(was, dict) or not all(isinstance(rev, str) for rev in was.values()):
            raise InputError(f"{where}: 'was' of the entry does not give revisions by key")
        if not isinstance(values, dict):
            raise InputError(f"{where}: 'set' of the entry does not give values by key")
        undoes, alignment = record.get("undoes"), record.get("alignment")
        if not all(value is None or isinstance(value, str) for value in (undoes, alignment)):
            raise InputError(f"{where}: 'undoes' or 'alignment' of the entry is no text")
        return cls(**texts, was=was, set=values, undoes=undoes, alignment=alignment)
