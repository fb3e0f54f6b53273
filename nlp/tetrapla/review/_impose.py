"""Decided rows put onto another alignment of the same texts: they stand, and all else is as the new one has it.

A row is decided that has a verdict or was changed by hand. Fixed in it are all versions, if it was changed by hand,
else the pivot and those with a verdict; these it keeps as they are, and no other row has anything of them. Its other
versions come from the new alignment: what is linked there with the row's text of the pivot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tetrapla.model import Alignment, Bead, Span
from tetrapla.review._changes import NOTE
from tetrapla.review._ledger import DISPUTED
from tetrapla.review._parts import inserted, remade, size, within
from tetrapla.review._rows import ROW, Row, Rows, fresh, row_of
from tetrapla.review._shares import Held, Shares

__all__ = ["imposed", "is_decided", "rebased", "replaced"]

Spans = tuple[Span, ...]
BY_ROW = (f"{DISPUTED}{ROW}", f"{DISPUTED}{NOTE}")  # keys that end in the id of a row, besides those themselves
NEARLY = 0.01  # scores that differ by less are the same to a reader


def is_decided(row: Row) -> bool:
    """Return whether a reviewer has decided something on a row that another alignment must not change."""
    return row.hand or bool(row.verdicts)


def imposed(new: Alignment, decided: Iterable[Row], pivot: str) -> dict[str, Row]:
    """Return the rows of an alignment, by id, with decided rows standing in it as they were decided.

    `decided` may hold rows on which nothing is decided: they only give their ids to rows that have most of the same
    text. Other rows have the id of their bead, or one made from it where that is taken. Blanks that would be left
    alone are in no row.
    """
    known = list(decided)
    sure = {row.id: row for row in known if is_decided(row)}
    ground = Held({name: _fixed(row, pivot) for name, row in sure.items()})
    found = {name: remade(row, _fixed(row, pivot), pivot) for name, row in sure.items()}
    rows = Rows(new)
    left: list[Row] = []
    for row in map(rows.get, rows.ids):
        shares = Shares(row, ground, sure, pivot, new)
        if not shares.claimed:
            left.append(row)
            continue
        dealt = shares.dealt()
        for name, spans in dealt.items():
            if name is not None:
                found[name] = _joined(found[name], row, spans, pivot)
        left.append(remade(row, dealt.get(None, {}), pivot))
    told = [_without_blanks(row, new, pivot) for row in left]
    names = _names([row for row in told if row.spans], known, sure)
    return found | {row.id: row for row in names}


def _without_blanks(row: Row, new: Alignment, pivot: str) -> Row:
    """Return a row without spans that hold nothing but blanks, which are what a cut leaves."""
    texts = {doc.id: doc for doc in new.documents}
    spans = {name: tuple(s for s in own if texts[name][s].strip()) for name, own in row.spans.items()}
    return row if spans == row.spans else remade(row, spans, pivot)


def _fixed(row: Row, pivot: str) -> dict[str, Spans]:
    """Return what of a decided row another alignment must not change."""
    return {name: spans for name, spans in row.spans.items() if row.hand or name == pivot or name in row.verdicts}


def _joined(row: Row, new: Row, spans: Mapping[str, Spans], pivot: str) -> Row:
    """Return a decided row with what it gets of a new one, linked as there by the sentences that both have."""
    full = {**row.spans, **{name: inserted(row.spans.get(name, ()), found) for name, found in spans.items()}}
    score = {**row.score}
    for name in spans:
        if name in new.score:
            score[name] = min(score.get(name, new.score[name]), new.score[name])
    by = pivot if pivot in row.spans else next(iter(row.spans))
    links = list(row.links)
    for link in new.links:
        own = {name: within(found, spans.get(name, ())) for name, found in link.spans.items()}
        own = {name: found for name, found in own.items() if found}
        if own:
            _attach(links, replace(link, spans=own, kind=row.kind), within(link.spans.get(by, ()), row.spans[by]), by)
    return replace(row, spans=full, score=score, links=tuple(links))


def _attach(links: list[Bead], more: Bead, beside: Spans, by: str) -> None:
    """Put a link to the one that has most of what it stands beside, or as a new one."""
    shared = [size(within(link.spans.get(by, ()), beside)) for link in links]
    if not any(shared):
        spans = {by: beside, **more.spans} if beside else more.spans
        links.append(replace(more, spans=spans))
        return
    k = shared.index(max(shared))
    held = links[k]
    spans = {name: inserted(held.spans.get(name, ()), found) for name, found in more.spans.items()}
    score = {name: p for name, p in more.score.items() if name in spans}
    links[k] = replace(held, spans={**held.spans, **spans}, score={**held.score, **score})


# Ids


def _names(left: Sequence[Row], known: Sequence[Row], sure: Mapping[str, Row]) -> list[Row]:
    """Return new rows with the ids of those before that have most of the same text."""
    before = _matches(left, [row for row in known if row.id not in sure])
    taken = {row.id for row in known}
    named = []
    for k, row in enumerate(left):
        own = before.get(k, row.id)
        if k not in before and own in taken:
            own = fresh(row.id, taken.__contains__)
        taken.add(own)
        named.append(replace(row, id=own))
    return named


def _matches(rows: Sequence[Row], others: Sequence[Row]) -> dict[int, str]:
    """Return by the number of a row the id of the other one with most of the same text, each once.

    They share more than half of the text of one of them.
    """
    sizes = {row.id: sum(map(size, row.spans.values())) for row in others}
    ground = Held({row.id: row.spans for row in others})
    shared: list[tuple[int, int, str]] = []
    for k, row in enumerate(rows):
        counts: Counter[str] = Counter()
        for version, spans in row.spans.items():
            counts.update({name: size(found) for name, found in ground.over(version, spans).items()})
        own = sum(map(size, row.spans.values()))
        shared += [(count, k, name) for name, count in counts.items() if 2 * count > min(own, sizes[name])]
    found: dict[int, str] = {}
    given: set[str] = set()
    for _, k, name in sorted(shared, key=lambda match: (-match[0], match[1:])):
        if k not in found and name not in given:
            found[k] = name
            given.add(name)
    return found


# For the ledger


def replaced(rows: Rows, wanted: Mapping[str, Row]) -> dict[str, Any]:
    """Return what the ledger should say so that rows stand as wanted, by its keys: only what differs from now.

    A row that has the same text as now and nearly the same scores stays as it is.
    """
    gone = {name: Row(name, "body", {}) for name in rows.ids if name not in wanted}
    changed = {name: row for name, row in wanted.items() if name not in rows or not _alike(row, rows.get(name))}
    return rows.items(gone | changed)


def _alike(one: Row, other: Row) -> bool:
    if replace(one, score={}, links=()) != replace(other, score={}, links=()) or one.score.keys() != other.score.keys():
        return False
    return [link.spans for link in one.links] == [link.spans for link in other.links] and all(
        abs(value - other.score[name]) < NEARLY for name, value in one.score.items()
    )


def rebased(old: Mapping[str, Any], new: Alignment) -> dict[str, Any]:
    """Return all that a ledger should say once its decisions stand on another alignment of the same texts.

    `old` is what it says, by key. Decided rows get the ids of the beads that have most of the same text; notes and what
    is disputed go along with them. What is said of a row that cannot be told any more goes to one near its number, and
    a note says so. Findings and forms know nothing of rows and stay.

    Raises:
        InputError: it says something of a row that is none of these texts.
    """
    rows = Rows(new)
    before = {key.removeprefix(ROW): value for key, value in old.items() if key.startswith(ROW) and value is not None}
    known = [row_of(name, value) for name, value in before.items()]
    decided = [row for row in known if row.spans and is_decided(row)]
    matches = _matches(decided, [rows.get(name) for name in rows.ids])
    taken = set(rows.ids)
    now: dict[str, str] = {}
    for k, row in enumerate(decided):
        now[row.id] = matches[k] if k in matches else fresh(row.id, taken.__contains__)
        taken.add(now[row.id])
    wanted = imposed(new, [replace(row, id=now[row.id]) for row in decided], new.pivot)
    there = [name for name in rows.ids if name in wanted] or list(wanted)  # all of them may be decided, with other ids
    home = _Homes(now, {row.id for row in known if row.id not in now}, there)
    kept = {key: value for key, value in old.items() if value is not None and not key.startswith((ROW, NOTE))}
    kept = _disputed({key: kept.pop(key) for key in list(kept) if key.startswith(BY_ROW)}, home) | kept
    notes = {key.removeprefix(NOTE): text for key, text in old.items() if key.startswith(NOTE) and text}
    return replaced(rows, wanted) | kept | _notes(notes, home)


@dataclass(frozen=True)
class _Homes:
    """Where what is said of rows belongs on another alignment, which has the rows `ids`.

    `now` are the new ids of decided rows; `unknown` are those that were others before than an alignment has them.
    """

    now: Mapping[str, str]
    unknown: Collection[str]
    ids: Sequence[str]

    def is_sure(self, name: str) -> bool:
        """Return whether the row is still there."""
        return name in self.now or (name not in self.unknown and name in self.ids)

    def of(self, name: str) -> str:
        """Return the id that a row has now; that of one near it, where it is not there any more."""
        if self.is_sure(name):
            return self.now.get(name, name)
        stem = name.partition("+")[0]
        return stem if stem in self.ids else (self.ids[-1] if self.ids else name)


def _disputed(items: Mapping[str, Any], home: _Homes) -> dict[str, Any]:
    """Return what is disputed of rows by key, after where they are now; what finds no place there keeps its key."""
    found: dict[str, Any] = {}
    places = {}
    for key in items:
        prefix = next(prefix for prefix in BY_ROW if key.startswith(prefix))
        places[key] = (prefix, key.removeprefix(prefix))
    for key in sorted(items, key=lambda key: not home.is_sure(places[key][1])):
        prefix, name = places[key]
        own = f"{prefix}{home.of(name)}"
        found[key if own in found else own] = items[key]
    return found


def _notes(notes: Mapping[str, str], home: _Homes) -> dict[str, str]:
    """Return notes by key, after where their rows are now; several on one row as lines of one."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, text in notes.items():
        told = text if home.is_sure(name) else f"{text} (on {name} of an earlier alignment)"
        found[home.of(name)].append(told)
    return {f"{NOTE}{name}": "\n".join(texts) for name, texts in found.items()}
