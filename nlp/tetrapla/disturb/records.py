"""Plans of damage that people write: records of ``field: value`` lines, as GNU recutils reads them.

    damage: hyphenation            tear: en P06                    layout: zh
    at: en P03                     before: Between 2015            wrap: 20
    replace: questionnaires                                        indent: 2
    with: question- naires         move: en F1                     blank_lines: yes
                                   to: after P06

The head of ``corpus/sample/plan.rec`` lists every record and field. A text that an instruction names must stand
exactly once in the clean unit: a plan that has gone stale is refused with its file and line, not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from tetrapla.disturb.text import (
    JUNK,
    TYPES,
    WORD_LEVEL,
    Block,
    Change,
    Layout,
    Mark,
    Plan,
    Seam,
    Unit,
    blocks_of,
    moved,
    placed,
    torn,
)
from tetrapla.errors import InputError

__all__ = ["read_plan"]

FIELD = re.compile(r"([a-z_]+):(?: (.*))?$")
FIELDS = {  # of each kind of record: those it must have, those it may have
    "layout": ("", "wrap indent blank_lines"),
    "tear": ("before", ""),
    "move": ("to", ""),
    "drop": ("", ""),
    "seam": ("is", ""),
    "place": ("at with owner", "concept within note"),
    "damage": ("at with", "replace before after mark fix concept within note"),
}
SEAMS: Mapping[str, Seam] = {"blank": "blank", "line": "line", "space": "space"}
REPEATABLE = frozenset(["within"])


@dataclass(frozen=True)
class _Record:
    """One instruction: what it does, to what, and the line on which it begins."""

    path: str
    line: int
    does: str
    subject: str
    fields: Mapping[str, Sequence[str]]

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"

    def refuse(self, why: str) -> NoReturn:
        raise InputError(f"{self.where}: {why}")

    def get(self, name: str) -> str | None:
        values = self.fields.get(name)
        return values[0] if values else None

    def need(self, name: str) -> str:
        return self.fields[name][0]  # `_records` has seen that it is there


@dataclass
class _Draft:
    """A plan of one language while its records are read."""

    units: dict[str, Unit]
    blocks: list[Block]
    changes: dict[str, list[Change]] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)


def read_plan(path: str | Path, clean: Mapping[str, Sequence[Unit]]) -> dict[str, Plan]:
    """Return the plan of each language of `clean` that a file of records gives.

    Raises:
        InputError: a record is malformed, or the text it names does not stand exactly once in its unit (file and
        line).
    """
    drafts = {
        language: _Draft({unit.id: unit for unit in units}, blocks_of(units)) for language, units in clean.items()
    }
    for record in _records(path):
        HANDLERS[record.does](record, drafts)
    return {
        language: Plan(tuple(draft.blocks), {k: tuple(v) for k, v in draft.changes.items()}, draft.layout)
        for language, draft in drafts.items()
    }


def _records(path: str | Path) -> Iterator[_Record]:
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"cannot read the plan {path}: {e}") from e
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            match = FIELD.match(line)
            if match is None:
                raise InputError(f"{path}:{number}: not a `field: value` line; a remark begins with #")
            found.append((number, match[1], match[2] or ""))
        elif found:
            yield _record(str(path), found)
            found = []


def _record(path: str, lines: Sequence[tuple[int, str, str]]) -> _Record:
    line, does, subject = lines[0]
    fields: dict[str, list[str]] = {}
    for _, name, value in lines[1:]:
        fields.setdefault(name, []).append(value)
    record = _Record(path, line, does, subject, fields)
    if does not in FIELDS:
        record.refuse(f"no record begins with {does!r}; known: {', '.join(FIELDS)}")
    needed, allowed = (names.split() for names in FIELDS[does])
    for name in needed:
        if name not in fields:
            record.refuse(f"a record of {does} needs the field {name!r}")
    for name, values in fields.items():
        if name not in needed and name not in allowed:
            record.refuse(f"a record of {does} has no field {name!r}; known: {', '.join([*needed, *allowed])}")
        if len(values) > 1 and name not in REPEATABLE:
            record.refuse(f"the field {name!r} stands {len(values)} times; perhaps a blank line is missing")
    return record


def _draft(record: _Record, drafts: Mapping[str, _Draft], language: str) -> _Draft:
    if language not in drafts:
        record.refuse(f"there is no clean text in {language!r}; there are {', '.join(drafts)}")
    return drafts[language]


def _named(record: _Record, drafts: Mapping[str, _Draft], text: str) -> tuple[_Draft, str, list[str]]:
    """Read ``LANG UNIT [UNIT…]``."""
    language, *names = text.split()
    if not names:
        record.refuse(f"{record.does} names a language and a unit, such as `en P01`")
    return _draft(record, drafts, language), language, names


def _unit(record: _Record, draft: _Draft, name: str) -> Unit:
    if name not in draft.units:
        record.refuse(f"there is no unit {name!r}")
    return draft.units[name]


def _once(record: _Record, text: str, part: str, what: str) -> int:
    count = text.count(part) if part else 0
    if count != 1:
        record.refuse(f"{part!r} stands {count} times in {what}, not once")
    return text.index(part)


def _layout(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    draft = _draft(record, drafts, record.subject)
    try:
        wrap, indent = record.get("wrap"), int(record.get("indent") or 0)
        draft.layout = Layout(int(wrap) if wrap else None, indent, record.get("blank_lines") == "yes")
    except ValueError:
        record.refuse("wrap and indent are whole numbers")


def _tear(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    draft, _, names = _named(record, drafts, record.subject)
    unit = _unit(record, draft, names[0])
    offset = _once(record, unit.text, record.need("before"), unit.id)
    draft.blocks = _tried(record, lambda: torn(draft.blocks, unit.id, offset))


def _move(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    draft, _, names = _named(record, drafts, record.subject)
    behind = _behind(record, record.need("to"))
    draft.blocks = _tried(record, lambda: moved(draft.blocks, names, behind))


def _drop(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    draft, _, names = _named(record, drafts, record.subject)
    unit = _unit(record, draft, names[0]).id
    draft.blocks = [block for block in draft.blocks if block.unit != unit]


def _seam(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    draft, _, names = _named(record, drafts, record.subject)
    seam = SEAMS.get(record.need("is"))
    if seam is None:
        record.refuse(f"a seam is {', '.join(SEAMS)}, not {record.need('is')!r}")
    if not any(block.name == names[0] for block in draft.blocks):
        record.refuse(f"there is no block {names[0]}")
    draft.blocks = [replace(b, seam=seam) if b.name == names[0] else b for b in draft.blocks]


def _place(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    language, _, behind = record.need("at").partition(" ")
    draft = _draft(record, drafts, language)
    owner = record.need("owner")
    unit = JUNK if owner == JUNK else _unit(record, draft, owner).id
    text = record.need("with")
    own = Mark(_type(record, record.subject), 0, len(text), "", record.get("concept"), record.get("note"))
    insert = Change(0, 0, text, (own, *_within(record, text)), source=record.where)
    draft.blocks = _tried(record, lambda: placed(draft.blocks, _behind(record, behind), unit, insert))


def _damage(record: _Record, drafts: Mapping[str, _Draft]) -> None:
    draft, language, names = _named(record, drafts, record.need("at"))
    unit = _unit(record, draft, names[0])
    where = [name for name in ("replace", "before", "after") if name in record.fields]
    if len(where) != 1:
        record.refuse("damage takes one of replace, before and after")
    clean, new = record.need(where[0]), record.need("with")
    offset = _once(record, unit.text, clean, unit.id)
    gap = "" if language == "zh" else " "
    if where[0] == "replace":
        marks = (_mark(record, new, clean), *_within(record, new))
        change = Change(offset, offset + len(clean), new, marks, source=record.where)
    else:
        marks = (_mark(record, new, ""), *_within(record, new))
        if where[0] == "before":
            change = Change(offset, offset, new + gap, marks, "right", record.where)
        else:
            marks = tuple(replace(m, start=m.start + len(gap), end=m.end + len(gap)) for m in marks)
            change = Change(offset + len(clean), offset + len(clean), gap + new, marks, "left", record.where)
    draft.changes.setdefault(unit.id, []).append(change)


def _mark(record: _Record, new: str, clean: str) -> Mark:
    """Return what gold marks in the text that a record of damage puts in, for the clean text that stood there."""
    kind, concept = _type(record, record.subject), record.get("concept")
    part, fix = record.get("mark"), record.get("fix")
    start, end = 0, len(new)
    if part is not None:
        if fix is None:
            record.refuse("where only a part is marked, the fix must be said")
        start = _once(record, new, part, "`with`")
        end = start + len(part)
    fix = clean if fix is None else fix
    if kind in WORD_LEVEL and new[:start] + fix + new[end:] != clean:
        record.refuse(f"the fix of {kind} does not give the clean text back")
    if (kind == "broken-term") != (concept is not None):
        record.refuse("broken-term, and no other noise, names its concept")
    return Mark(kind, start, end, fix, concept, record.get("note"))


def _within(record: _Record, new: str) -> list[Mark]:
    """Return the noise inside a text put in: ``TYPE | TEXT | FIX [| TERM]``."""
    marks = []
    for value in record.fields.get("within", ()):
        parts = [part.strip() for part in value.split("|")]
        if len(parts) not in (3, 4):
            record.refuse("within is `TYPE | TEXT | FIX [| TERM]`")
        start = _once(record, new, parts[1], "`with`")
        concept = parts[3] if len(parts) == 4 else None
        marks.append(Mark(_type(record, parts[0]), start, start + len(parts[1]), parts[2], concept))
    return marks


def _type(record: _Record, name: str) -> str:
    if name not in TYPES:
        record.refuse(f"{name!r} is no type of noise; known: {', '.join(sorted(TYPES))}")
    return name


def _behind(record: _Record, text: str) -> str:
    if not text.startswith("after "):
        record.refuse(f"a place is `after UNIT`, not {text!r}")
    return text.removeprefix("after ").strip()


def _tried(record: _Record, step: Callable[[], list[Block]]) -> list[Block]:
    try:
        return step()
    except InputError as e:
        raise InputError(f"{record.where}: {e}") from e


HANDLERS: Mapping[str, Callable[[_Record, Mapping[str, _Draft]], None]] = {
    "layout": _layout,
    "tear": _tear,
    "move": _move,
    "drop": _drop,
    "seam": _seam,
    "place": _place,
    "damage": _damage,
}
