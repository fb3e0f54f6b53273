"""The beads of an alignment as they stand now: as the aligner made them, and as reviewers have changed them since.

A row is a bead with what was decided on it. What the ledger says of rows goes by their ids: the whole row as it stands,
nothing where it is as the alignment has it, `{"gone": true}` for a bead that is no more:

    {"kind": "body", "spans": {"zh": [[0, 9]], "en": [[0, 31]]}, "score": {"en": 0.97},
     "verdicts": {"en": "confirmed"}, "hand": false, "links": [{"spans": {…}, "score": {…}}, …]}

Rows know nothing of who decided when; that is the ledger's. Their order is that of the report (`report.rows`).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.exports._rows import distinct
from tetrapla.model import KINDS, NOTHING, Alignment, Bead, Document, Kind, Span, sha256_of
from tetrapla.report.rows import row_order

__all__ = ["ROW", "VERDICTS", "Row", "Rows", "Verdict", "digest", "fresh", "row_of", "row_value", "row_values"]

Verdict = Literal["confirmed", "refused", "absent", "extra", "furniture"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
ROW = "row:"  # what the keys of rows begin with in the ledger
GONE = {"gone": True}
Start = dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A bead under review; `spans` in reading order, and only of versions that have something here.

    `verdicts` say by version what was decided: "confirmed" and "refused" of its link with the pivot, "absent" where it
    has nothing for this text of the pivot, "extra" and "furniture" of text that belongs to no row of the pivot (by the
    pivot's own id: its text belongs to no other version). `hand` says that a reviewer changed what is in the row,
    `links` are its sentences, those together that translate each other. A row without spans is one that is no more.
    """

    id: str
    kind: Kind
    spans: Mapping[str, tuple[Span, ...]]
    score: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    verdicts: Mapping[str, Verdict] = field(default_factory=lambda: NOTHING)
    hand: bool = False
    links: tuple[Bead, ...] = ()


def row_value(row: Row) -> dict[str, Any]:
    """Return what the ledger says of a row."""
    if not row.spans:
        return dict(GONE)
    links = [{"spans": _pairs(link.spans), "score": dict(link.score)} for link in row.links]
    return {
        "kind": row.kind,
        "spans": _pairs(row.spans),
        "score": dict(row.score),
        "verdicts": dict(row.verdicts),
        "hand": row.hand,
        "links": links,
    }


def _pairs(spans: Mapping[str, Iterable[Span]]) -> dict[str, list[list[int]]]:
    return {name: [[span.start, span.end] for span in found] for name, found in spans.items()}


def row_of(name: str, value: Any) -> Row:
    """Return the row that the ledger has under an id; one without spans, where it says that the row is gone.

    Raises:
        InputError: the value is none of a row.
    """
    match value:
        case {"gone": True}:
            return Row(name, "body", {})
        case {"kind": str(kind), "spans": dict(spans), "score": dict(score), "verdicts": dict(verdicts),
              "hand": bool(hand), "links": list(links)} if (
            kind in KINDS and all(verdict in VERDICTS for verdict in verdicts.values())
        ):  # fmt: skip
            own = cast(Kind, kind)
            beads = tuple(_link(name, own, link) for link in links)
            return Row(name, own, _spans(name, spans), _score(name, score), dict(verdicts), hand, beads)
    raise InputError(f"what the journal has under {ROW}{name} is no row")


def _link(name: str, kind: Kind, value: Any) -> Bead:
    match value:
        case {"spans": dict(spans), "score": dict(score)}:
            return Bead("", kind, _spans(name, spans), _score(name, score))
    raise InputError(f"a link in {ROW}{name} of the journal has no spans and score")


def _spans(name: str, value: Mapping[Any, Any]) -> dict[str, tuple[Span, ...]]:
    try:
        found = {own: tuple(Span(*map(_whole, pair)) for pair in pairs) for own, pairs in value.items()}
    except (TypeError, ValueError) as e:
        raise InputError(f"the spans in {ROW}{name} of the journal are no lists of [start, end]") from e
    return {own: spans for own, spans in found.items() if spans}


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


def _score(name: str, value: Mapping[Any, Any]) -> dict[str, float]:
    if not all(type(number) in (int, float) for number in value.values()):
        raise InputError(f"the score in {ROW}{name} of the journal is not numbers by version")
    return {own: float(number) for own, number in value.items()}


def _of_bead(name: str, bead: Bead) -> Row:
    """Return a bead as a row on which nothing is decided."""
    links = (_plain(sentence, bead.kind) for sentence in bead.sentences)
    plain = _plain(bead, bead.kind)
    return Row(name, bead.kind, plain.spans, plain.score, links=tuple(link for link in links if link.spans))


def _plain(bead: Bead, kind: Kind) -> Bead:
    # Mostly there is nothing to leave out: then the bead's own mappings do, and nothing is kept twice.
    spans, score = bead.spans, bead.score
    if not all(found and all(map(len, found)) for found in spans.values()):
        full = {own: tuple(span for span in found if len(span)) for own, found in spans.items()}
        spans = {own: found for own, found in full.items() if found}
    if not score.keys() <= spans.keys():
        score = {own: value for own, value in score.items() if own in spans}
    return Bead("", kind, spans, score)


class Rows:
    """The rows of an alignment as they stand, by id and in their order."""

    def __init__(self, alignment: Alignment, values: Mapping[str, Any] = NOTHING) -> None:
        """Take the beads of an alignment, and what the ledger says of rows by their ids.

        Beads that share an id get one each, by their order; those without text are passed over.

        Raises:
            InputError: the ledger has something that is no row of these texts.
        """
        self.pivot = alignment.pivot
        self.documents: tuple[Document, ...] = alignment.documents
        self._lengths = {doc.id: len(doc.text) for doc in alignment.documents}
        names = distinct([bead.id for bead in alignment.beads])
        made = {name: _of_bead(name, bead) for name, bead in zip(names, alignment.beads, strict=True)}
        self._base = {name: row for name, row in made.items() if row.spans}
        self._rank = {name: k for k, name in enumerate(self._base)}
        self._rows = dict(self._base)
        self._ids: tuple[str, ...] = ()
        self._met = set(names)
        self._set({name: None if value is None else row_of(name, value) for name, value in values.items()})
        self._sort()

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rows in their order: that of the pivot, what is not in it where its own version has it."""
        return self._ids

    def get(self, name: str) -> Row:
        """Return the row with an id.

        Raises:
            UnknownNameError: there is none now.
        """
        if name not in self._rows:
            raise UnknownNameError("row of this alignment", name, (), similar=True)
        return self._rows[name]

    def base(self, name: str) -> Row | None:
        """Return the row as the alignment has it, None where it has none with this id."""
        return self._base.get(name)

    def put(self, changes: Mapping[str, Row | None]) -> bool:
        """Take rows as they stand now, by id, and return whether the order of rows has changed, or which there are.

        None brings back the row of the alignment, or takes away one that it does not have; so does, in either case, a
        row without spans.

        Raises:
            InputError: a row does not fit these texts; nothing is changed then.
        """
        # What is decided on a row mostly moves nothing: then the order need not be found again.
        before = {name: self._starts(name) for name in changes}
        self._set(changes)
        if all(self._starts(name) == starts for name, starts in before.items()):
            return False
        ids = self._ids
        self._sort()
        return ids != self._ids

    def _starts(self, name: str) -> Start:
        row = self._rows.get(name)
        return {own: spans[0].start for own, spans in row.spans.items()} if row else {}

    def _set(self, changes: Mapping[str, Row | None]) -> None:
        wanted = {name: self._base.get(name) if row is None else row for name, row in changes.items()}
        for wish in filter(None, wanted.values()):
            self.check(wish)
        for name, row in wanted.items():
            self._met.add(name)
            if row is None or not row.spans:
                self._rows.pop(name, None)
            else:
                self._rows[name] = row

    def check(self, row: Row) -> None:
        """Make sure that a row is one of these texts.

        Raises:
            InputError: it has text that is not there, or a verdict on a version that is not.
        """
        if not row.verdicts.keys() <= self._lengths.keys():
            raise InputError(f"the row {row.id} has a verdict on a version that these texts do not have")
        for spans in (row.spans, *(link.spans for link in row.links)):
            for own, found in spans.items():
                if any(span.end > self._lengths.get(own, 0) for span in found):
                    raise InputError(f"the row {row.id} reaches beyond the text of {own!r}")

    def _sort(self) -> None:
        last = len(self._rank)
        names = sorted(self._rows, key=lambda name: (self._rank.get(name, last), name))
        beads = tuple(Bead(name, "body", self._rows[name].spans) for name in names)
        self._ids = tuple(bead.id for bead in row_order(Alignment(self.pivot, self.documents, beads)))

    def items(self, changes: Mapping[str, Row | None]) -> dict[str, Any]:
        """Return what the ledger should say so that rows stand as in `changes` (see `put`), by their keys in it."""
        found: dict[str, Any] = {}
        for name, row in changes.items():
            base = self._base.get(name)
            as_before = row is None or row == base or (base is None and not row.spans)
            found[f"{ROW}{name}"] = None if as_before or row is None else row_value(row)
        return found

    def fresh_id(self, near: str, taken: Container[str] = ()) -> str:
        """Return an id that no row has or had here, nor is among those `taken`, after the row that it comes from."""
        return fresh(near, lambda name: name in self._met or name in taken)


def fresh(near: str, is_taken: Callable[[str], bool]) -> str:
    """Return an id made from another one, the first that is not taken.

    >>> fresh("b12", {"b12", "b12+1"}.__contains__), fresh("b12+1", {"b12+1"}.__contains__)
    ('b12+2', 'b12+2')
    """
    stem, plus, number = near.rpartition("+")
    if not plus or not number.isdecimal():
        stem = near
    return next(name for k in itertools.count(1) if not is_taken(name := f"{stem}+{k}"))


def row_values(items: Mapping[str, Any]) -> dict[str, Any]:
    """Return what items of a ledger say of rows, by the ids of the rows; other items are left out."""
    return {key.removeprefix(ROW): value for key, value in items.items() if key.startswith(ROW)}


def digest(alignment: Alignment) -> str:
    """Return the hash by which an alignment is known: of the ids and spans of its beads, in hexadecimal.

    Scores and evidence do not count, nor do the texts, which have hashes of their own.
    """
    beads = [[bead.id, _pairs(bead.spans)] for bead in alignment.beads]
    return sha256_of(json.dumps(beads, sort_keys=True))
