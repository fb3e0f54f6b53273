"""Decisions of a reviewer: what each one sets in the ledger, and how it is told.

A decision is a function from the rows as they stand and what is asked for to rows as they should stand. On several rows
or versions at once it is made where it can be made; what it cannot be made on is passed over and told, and only where
it can be made nowhere is it refused. Those that move text stand in `_moves` and `_cuts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import DAMAGES, STATUSES
from tetrapla.review import _cuts, _moves
from tetrapla.review._draft import NOTE, Asked, Draft, counted, passed
from tetrapla.review._parts import ALONE, fits
from tetrapla.review._rows import Row, Rows, Verdict

__all__ = ["FINDING", "NOTE", "OPS", "TERM", "Change", "change"]

FINDING, TERM = "finding:", "term:"  # what keys in the ledger begin with, as `NOTE`
DECISIONS = ("accepted", "rejected", "edited")
KEEP = ("this", "other")
BROKEN = ("deprecated", "noise")  # what a form may be for its damage


@dataclass(frozen=True)
class Change:
    """What a decision sets in the ledger, by key, None where nothing is decided any more; `told` is for people."""

    told: str
    set: Mapping[str, Any]


def _no_note(_: str) -> None:
    """Return the note on a row where there are none."""


def change(
    op: str,
    rows: Rows,
    names: Sequence[str],
    args: Mapping[str, Any],
    note: Callable[[str], str | None] = _no_note,
) -> Change:
    """Return what a decision, one of `OPS`, on rows by their ids sets; rows do not change yet.

    `note` gives the note on a row by its id; that of a row which goes away goes along with its text.

    Raises:
        InputError: it cannot be made; says why, for the reviewer.
        UnknownNameError: there is no such decision, row or version.
    """
    if op not in OPS:
        raise UnknownNameError("decision", op, OPS)
    draft = Draft(rows, note)
    told = OPS[op](draft, Asked(names, args, rows))
    changed = draft.items()
    if not changed:
        raise InputError("nothing would change: all of this is decided so already")
    return Change(told, changed)


# Verdicts on links


def _confirm(draft: Draft, asked: Asked) -> str:
    return _each(draft, asked, "confirmed", lambda row, version: _linked(draft, row, version, "confirmed"))


def _refuse(draft: Draft, asked: Asked) -> str:
    return _each(draft, asked, "refused", lambda row, version: _linked(draft, row, version, "refused"))


def _clear(draft: Draft, asked: Asked) -> str:
    return _each(draft, asked, "took back what was decided on", lambda row, version: _cleared(draft, row, version))


def _absent(draft: Draft, asked: Asked) -> str:
    return _each(draft, asked, "marked as absent", lambda row, version: _moves.absent(draft, row, version))


def _each(draft: Draft, asked: Asked, said: str, decide: Callable[[Row, str], None]) -> str:
    """Decide on every row and version where that is possible, and return what is told of it."""
    versions, names = asked.versions(), asked.some()
    decided: dict[str, list[str]] = {}
    reasons: list[InputError] = []
    for name in names:
        for version in versions:
            try:
                decide(draft.get(name), version)
            except InputError as e:
                reasons.append(e)
            else:
                decided.setdefault(name, []).append(version)
    if not decided:
        raise reasons[0]
    found = [version for version in versions if any(version in own for own in decided.values())]
    return f"{said} {', '.join(found)} in {counted(decided)}{passed(len(names) - len(decided))}"


def _linked(draft: Draft, row: Row, version: str, verdict: Verdict) -> None:
    """Decide on the link of a version with the pivot."""
    if version == draft.pivot:
        raise InputError(f"{version} is the pivot: links with it are decided on by the other version")
    if not fits(verdict, row, version, draft.pivot):
        if draft.pivot not in row.spans:
            raise InputError(f"{row.id} has no text of {draft.pivot}: mark {version} as extra (e) or furniture (f)")
        if verdict == "refused":
            raise InputError(f"{row.id} has no text of {version}: there is no link to refuse")
        raise InputError(f"{row.id} has no text of {version}: mark it as absent (x) if that is right")
    _judged(draft, row, version, verdict)


def _judged(draft: Draft, row: Row, version: str, verdict: Verdict) -> None:
    if row.verdicts.get(version) == verdict:
        raise InputError(f"{version} is {verdict} in {row.id} already")
    draft.put(replace(row, verdicts={**row.verdicts, version: verdict}))


def _cleared(draft: Draft, row: Row, version: str) -> None:
    if version not in row.verdicts:
        raise InputError(f"nothing is decided on {version} in {row.id}")
    verdicts = {name: verdict for name, verdict in row.verdicts.items() if name != version}
    base, kind = draft.rows.base(row.id), row.kind
    if row.verdicts[version] in ALONE:
        kind = base.kind if base else "body" if kind == "furniture" else kind
    draft.put(replace(row, verdicts=verdicts, kind=kind))


# On rows, findings and forms


def _note(draft: Draft, asked: Asked) -> str:
    text = asked.args.get("text", "")
    if not isinstance(text, str):
        raise InputError("a note is a text")
    names = asked.some()
    draft.more |= {f"{NOTE}{name}": text.strip() or None for name in names}
    return f"{'wrote a note on' if text.strip() else 'took away the note on'} {counted(names)}"


def _repair(draft: Draft, asked: Asked) -> str:
    """Decide on what a finding proposes: its key is `document:type:start-end`."""
    key = asked.text("finding").removeprefix(FINDING)
    document, kind, start, end = _finding(key, draft.rows)
    where = f"the finding {kind} in {document} at {start:,}–{end:,}"
    if asked.args.get("decision") is None:
        draft.more[f"{FINDING}{key}"] = None
        return f"took back what was decided on {where}"
    decision = _one_of(asked, "decision", DECISIONS)
    value: dict[str, Any] = {"decision": decision}
    if decision == "edited":
        replacement = asked.args.get("replacement")
        if not isinstance(replacement, str):
            raise InputError("an edited repair needs its text, which may be empty")
        value["replacement"] = replacement
    if asked.args.get("keep") is not None:
        value["keep"] = _one_of(asked, "keep", KEEP)
    draft.more[f"{FINDING}{key}"] = value
    copy = f", keeping {'this' if value['keep'] == 'this' else 'the other'} copy" if "keep" in value else ""
    return f"{decision} the repair of {where}{copy}"


def _finding(key: str, rows: Rows) -> tuple[str, str, int, int]:
    """Return document, type, start and end that the key of a finding names."""
    document, kind, place = ["", "", *key.rsplit(":", 2)][-3:]
    start, dash, end = place.partition("-")
    length = next((len(doc.text) for doc in rows.documents if doc.id == document), -1)
    numbers = dash and all(part.isascii() and part.isdecimal() and len(part) < 13 for part in (start, end))
    if not kind or not numbers or not int(start) <= int(end) <= length:
        raise InputError(f"{key[:80]!r} names no finding in these texts")
    return document, kind, int(start), int(end)


def _one_of(asked: Asked, key: str, known: Iterable[str]) -> str:
    value = asked.args.get(key)
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{key!r} should be one of {', '.join(known)}")
    return value


def _term(draft: Draft, asked: Asked) -> str:
    """Set the status of a form of a concept, known or new."""
    concept, language = asked.text("concept"), asked.text("language")
    form = " ".join(asked.text("form").split())
    key = f"{TERM}{concept}:{language}:{form}"
    if asked.args.get("status") is None:
        draft.more[key] = None
        return f"took back what was decided on “{form}” ({language}) for {concept}"
    status = _one_of(asked, "status", STATUSES)
    value = {"status": status}
    if asked.args.get("damage") is not None:
        if status not in BROKEN:
            raise InputError(f"only a form that is {' or '.join(BROKEN)} has a damage, none that is {status}")
        value["damage"] = _one_of(asked, "damage", DAMAGES)
    draft.more[key] = value
    return f"“{form}” ({language}) is {status} for {concept}"


# Each takes the rows as they would stand, to be changed, and what is asked for, and returns what is told of it.
OPS: Mapping[str, Callable[[Draft, Asked], str]] = MappingProxyType(
    {
        "confirm": _confirm,
        "refuse": _refuse,
        "clear": _clear,
        "absent": _absent,
        "move": _moves.move,
        "split": _cuts.split,
        "merge": _cuts.merge,
        "extra": _moves.extra,
        "furniture": _moves.furniture,
        "note": _note,
        "repair": _repair,
        "term": _term,
    }
)
