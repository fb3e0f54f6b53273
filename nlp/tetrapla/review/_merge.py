"""Two journals of one review made into one, and nothing of either lost.

A merge of three states, as of `diff3` (Khanna, Kunal & Pierce 2007): that in which the two parted, and what each has
made of it. What only one of them decided stands. Verdicts of the two on different versions of one row both stand. Of
what they decided differently the first journal's stands, and the item is marked as disputed, with what the second had,
until somebody decides it anew.

Rows whose text was moved hang together: where the first has moved it otherwise, all that the second moved with it is
disputed, so that no passage comes to stand in two rows or in none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tetrapla.errors import InputError, TetraplaError, WrongTextError
from tetrapla.model import Alignment
from tetrapla.review._carry import items_on
from tetrapla.review._journal import Head
from tetrapla.review._ledger import DISPUTED, REBASE, Entry, Ledger
from tetrapla.review._rows import ROW, Rows, digest, row_of, row_value

__all__ = ["Disagreement", "Merged", "merge"]

MERGE = "merge"
CONTESTED = object()  # what becomes of two values that cannot both stand
Place = tuple[str, int, int]  # a document and a stretch of it


@dataclass(frozen=True)
class Disagreement:
    """An item that two journals decided differently: the value of each, and the entries that these come from.

    None is the value of one who decided nothing on the item, but on a row that it hangs together with.
    """

    key: str
    one: Any
    other: Any
    decided: Entry | None
    otherwise: Entry


@dataclass(frozen=True)
class Merged:
    """What two journals make: a head, all entries, those of them that the first had not, and what is disputed."""

    head: Head
    ledger: Ledger
    added: tuple[Entry, ...]
    disagreements: tuple[Disagreement, ...]


def merge(one: tuple[Head, Ledger], other: tuple[Head, Ledger], alignment: Alignment) -> Merged:
    """Return the journal that two make; `alignment` is the one that the first is of.

    Every entry of the second that the first lacks is there under its id, by its reviewer and of its time, and sets what
    of it stands. Where the second is of another alignment of the same texts, what it comes to is carried over to that
    of the first, as one entry.

    Raises:
        InputError: `alignment` is another one than that of the first, or one of them has a row that is none.
        WrongTextError: the journals are of different texts.
    """
    (head, first), (other_head, second) = one, other
    if not head.same_texts(other_head):
        raise WrongTextError("the two journals are of different texts, or by different pivots: they cannot be merged")
    current = first.alignment or head.alignment
    if digest(alignment) != current:
        raise InputError("the first journal is of another alignment; name the one that it was made on with --alignment")
    rows = Rows(alignment)
    for ledger in (first, second):  # one of them comes from somebody else, perhaps by mail
        _check(ledger, rows)
    known = {entry.id for entry in first.entries}
    at = next((k for k, entry in enumerate(second.entries) if entry.id not in known), len(second.entries))
    tail = [entry for entry in second.entries[at:] if entry.id not in known]
    parted = Ledger(second.entries[:at]).items()
    if (second.alignment or other_head.alignment) != current or any(entry.op == REBASE for entry in tail):
        parted, tail = {}, [_carried(other, tail, current, alignment)] if tail else []
        tail = [entry for entry in tail if entry.id not in known]
    states = _States(parted, first, tail, rows)
    ledger = Ledger(first.entries)
    for entry in tail:
        ledger.append(states.rewritten(entry, ledger))
    return Merged(head, ledger, tuple(ledger.entries[len(first.entries) :]), tuple(states.disagreements()))


def _check(ledger: Ledger, rows: Rows) -> None:
    """Make sure that all that was ever decided on rows can be said of these texts."""
    for entry in ledger.entries:
        for key, value in entry.set.items():
            if key.startswith(ROW) and value is not None:
                rows.check(row_of(key.removeprefix(ROW), value))


def _carried(other: tuple[Head, Ledger], tail: Sequence[Entry], current: str, alignment: Alignment) -> Entry:
    """Return one entry that sets all that a journal comes to that was, for a time at least, of another alignment."""
    head, ledger = other
    items = items_on(alignment, head, ledger)
    # Always the same id for the same journal: whoever merges it once more adds nothing.
    name = hashlib.sha256(" ".join([current, *(entry.id for entry in ledger.entries)]).encode()).hexdigest()[:16]
    who = ", ".join(dict.fromkeys(entry.by for entry in tail))
    return Entry(name, tail[-1].at, who, MERGE, "carried over from a review of another alignment", {}, items)


class _States:
    """The three states of a merge: in which the two parted, and what each has made of it."""

    def __init__(self, base: Mapping[str, Any], first: Ledger, tail: Sequence[Entry], rows: Rows) -> None:
        self._base, self._first, self._rows = base, first, rows
        self._last = {key: entry for entry in tail for key in entry.set}
        self._other = {key: entry.set[key] for key, entry in self._last.items() if entry.set[key] != base.get(key)}
        alone = (key for key in self._other if not key.startswith((ROW, DISPUTED)))
        self._disputed = [key for key in alone if self._joined(key) is CONTESTED]
        self._disputed += [key for group in self._groups() if self._clashing(group) for key in self._changed(group)]
        self._is_disputed = frozenset(self._disputed)

    def disagreements(self) -> Iterator[Disagreement]:
        """Yield what is disputed."""
        for key in self._disputed:
            decided = self._first.decision(key)
            yield Disagreement(key, self._first.value(key), self._other[key], decided, self._last[key])

    def rewritten(self, entry: Entry, ledger: Ledger) -> Entry:
        """Return an entry of the second journal as it follows from a ledger, and sets what of it stands."""
        values: dict[str, Any] = {}
        marks: dict[str, Any] = {}
        for key, value in entry.set.items():
            if key in self._is_disputed:
                marks[f"{DISPUTED}{key}"] = self._mark(key, value, entry)
                continue
            joined = _joined(self._base.get(key), self._one(key), value)
            values[key] = ledger.value(key) if joined is CONTESTED else joined
        values |= marks
        found = replace(entry, was={key: ledger.rev(key) for key in values}, set=values)
        try:
            ledger.check(found)
        except TetraplaError:  # an undo or redo of what the first journal knows nothing of
            found = replace(found, op=MERGE, undoes=None)
        return found

    def _mark(self, key: str, value: Any, entry: Entry) -> Any:
        """Return what the ledger says of a disputed item, None where the entry agrees with the first journal."""
        one = self._one(key)
        if value == one:
            return None
        decided = self._first.decision(key)
        who = {"by": decided.by, "at": decided.at} if decided else {}
        return {"one": {"value": one, **who}, "other": {"value": value, "by": entry.by, "at": entry.at}}

    def _one(self, key: str) -> Any:
        return self._first.value(key)

    def _joined(self, key: str) -> Any:
        """Return the value of an item in the merged journal, or `CONTESTED`."""
        if key not in self._other:
            return self._one(key)
        return _joined(self._base.get(key), self._one(key), self._other[key])

    # Rows that hang together

    def _groups(self) -> list[list[str]]:
        """Return the rows that either has changed, those together that share text in any of the three states."""
        own = {key for key in (*self._base, *self._first.items(ROW)) if self._one(key) != self._base.get(key)}
        changed = [key for key in dict.fromkeys((*own, *self._other)) if key.startswith(ROW)]
        leader = {key: key for key in changed}

        def lead(key: str) -> str:
            while leader[key] != key:
                leader[key] = key = leader[leader[key]]
            return key

        states = {key: (self._base.get(key), self._one(key), self._other.get(key)) for key in changed}
        for a, b in self._meeting({key: [p for v in states[key] for p in self._places(key, v)] for key in changed}):
            leader[lead(a)] = lead(b)
        groups: dict[str, list[str]] = {}
        for key in changed:
            groups.setdefault(lead(key), []).append(key)
        return list(groups.values())

    def _clashing(self, group: Sequence[str]) -> bool:
        """Return whether what the two made of rows that hang together cannot stand side by side."""
        if not any(key in self._other for key in group) or all(self._one(key) == self._base.get(key) for key in group):
            return False  # only one of them has changed anything
        joined = {key: self._joined(key) for key in group}
        if any(value is CONTESTED for value in joined.values()):
            return True
        return any(True for _ in self._meeting({key: self._places(key, value) for key, value in joined.items()}))

    def _changed(self, group: Sequence[str]) -> Iterator[str]:
        yield from (key for key in group if key in self._other and self._other[key] != self._one(key))

    def _places(self, key: str, value: Any) -> list[Place]:
        """Return the text of a row by what the ledger has under its key, where that is nothing by the alignment."""
        if value is None:
            row = self._rows.base(key.removeprefix(ROW))
            value = {} if row is None else row_value(row)
        return [(name, start, end) for name, spans in value.get("spans", {}).items() for start, end in spans]

    @staticmethod
    def _meeting(places: Mapping[str, Sequence[Place]]) -> Iterator[tuple[str, str]]:
        """Yield pairs of rows that share a character, enough of them to tell which hang together."""
        name, reach, widest = "", 0, ""
        for (own, start, end), key in sorted((place, key) for key, found in places.items() for place in found):
            if own == name and start < reach and key != widest:
                yield widest, key
            if own != name or end > reach:
                name, reach, widest = own, end, key


def _joined(base: Any, one: Any, other: Any) -> Any:
    """Return the value that three states of an item come to, or `CONTESTED`."""
    if one == other or other == base:
        return one
    if one == base:
        return other
    if not all(isinstance(value, dict) and isinstance(value.get("verdicts"), dict) for value in (one, other)):
        return CONTESTED
    if {**one, "verdicts": {}} != {**other, "verdicts": {}}:
        return CONTESTED
    before = base.get("verdicts", {}) if isinstance(base, dict) else {}
    verdicts = {}
    for name in {**one["verdicts"], **other["verdicts"]}:
        verdict = _joined(before.get(name), one["verdicts"].get(name), other["verdicts"].get(name))
        if verdict is CONTESTED:
            return CONTESTED
        if verdict is not None:
            verdicts[name] = verdict
    return {**one, "verdicts": verdicts}
