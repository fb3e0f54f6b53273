"""How far two reviewers agree: observed agreement and Cohen's kappa (Cohen 1960) on what both judged.

Links are compared by the passages that they join, not by the rows that these stand in. A confirmed link says that its
passages translate each other and nothing else: whoever confirmed another link of the same text has refused the one at
hand, and whoever says of a passage that it has no counterpart has refused every link of it. What two journals have in
common, because one began as a copy of the other, nobody judged a second time: it is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapla.review._changes import FINDING
from tetrapla.review._ledger import Ledger
from tetrapla.review._rows import ROW

__all__ = ["Agreement", "agreement", "kappa_of"]

LINKED = ("confirmed", "refused")
Pieces = tuple[tuple[int, int], ...]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """How often two agree on `n` things that both judged.

    `observed` is the share (0..1) on which they do, `kappa` what of it is beyond chance (at most 1, 0 for chance);
    None where nothing was judged by both, or, for kappa, where both always gave one and the same verdict, so that
    chance alone would agree. `table` counts the pairs of verdicts, that of the first before that of the second.
    """

    n: int
    observed: float | None
    kappa: float | None
    table: Mapping[Pair, int]


def kappa_of(table: Mapping[Pair, int]) -> Agreement:
    """Return the agreement in a table of pairs of verdicts.

    >>> table = {("confirmed", "confirmed"): 20, ("confirmed", "refused"): 5,
    ...          ("refused", "confirmed"): 10, ("refused", "refused"): 15}
    >>> round(kappa_of(table).kappa, 6)
    0.4
    """
    n = sum(table.values())
    if not n:
        return Agreement(0, None, None, {})
    first, second = Counter[str](), Counter[str]()
    for (one, other), count in table.items():
        first[one] += count
        second[other] += count
    same = sum(count for (one, other), count in table.items() if one == other)
    chance = sum(first[verdict] * second[verdict] for verdict in first)  # in parts of n²
    kappa = None if chance == n * n else (n * same - chance) / (n * n - chance)
    return Agreement(n, same / n, kappa, dict(table))


def agreement(one: Ledger, other: Ledger, pivot: str) -> dict[str, Agreement]:
    """Return the agreement of two journals of the same texts: on "links", "links <version>" for each, and "repairs".

    Versions and kinds of judgement of which nothing was judged by both are there with an `n` of 0, if either judged it.
    """
    tables: dict[str, Counter[Pair]] = {"links": Counter()}
    judged, otherwise = _judgements(one, pivot), _judgements(other, pivot)
    for version in sorted({*judged, *otherwise}):
        table = Counter(_pairs(judged.get(version, ()), otherwise.get(version, ())))
        tables[f"links {version}"] = table
        tables["links"] += table
    tables["repairs"] = Counter(_repairs(one, other))
    return {name: kappa_of(table) for name, table in tables.items()}


# Links


@dataclass(frozen=True)
class _Judgement:
    """A verdict on a link: the text of the pivot and of the version, and the entry that it came with."""

    verdict: str
    pivot: Pieces
    own: Pieces
    entry: str

    def meets(self, other: _Judgement) -> bool:
        """Return whether the two speak of the same text, on either side."""
        return _overlap(self.pivot, other.pivot) or _overlap(self.own, other.own)


def _judgements(ledger: Ledger, pivot: str) -> dict[str, list[_Judgement]]:
    """Return by version the verdicts that stand, each with the entry that first gave it."""
    found: dict[str, list[_Judgement]] = defaultdict(list)
    for key, given in _given(ledger, pivot).items():
        if ledger.value(key):
            for version, judgement in given.items():
                found[version].append(judgement)
    return found


def _given(ledger: Ledger, pivot: str) -> dict[str, dict[str, _Judgement]]:
    """Return the judgements by row and version; those that stay as they were keep the entry that they came with."""
    rows: dict[str, dict[str, _Judgement]] = {}
    for entry in ledger.entries:
        for key, value in entry.set.items():
            if key.startswith(ROW):
                before = rows.get(key, {})
                rows[key] = {
                    version: _kept(before.get(version), judgement)
                    for version, judgement in _of_row(value, pivot, entry.id)
                }
    return rows


def _kept(before: _Judgement | None, now: _Judgement) -> _Judgement:
    same = before is not None and (before.verdict, before.pivot, before.own) == (now.verdict, now.pivot, now.own)
    return before if before is not None and same else now


def _of_row(value: Any, pivot: str, entry: str) -> Iterator[tuple[str, _Judgement]]:
    if not isinstance(value, dict):
        return
    spans = {name: tuple(sorted((a, b) for a, b in pairs)) for name, pairs in value.get("spans", {}).items()}
    for version, verdict in value.get("verdicts", {}).items():
        own = spans.get(version, ()) if version != pivot else ()
        yield version, _Judgement(verdict, spans.get(pivot, ()), own, entry)


def _pairs(one: Sequence[_Judgement], other: Sequence[_Judgement]) -> Iterator[Pair]:
    """Yield the verdicts of two reviewers on every link of a version that either judged, and the other, too."""
    theirs = {(judgement.pivot, judgement.own): judgement for judgement in other}
    mine = {(judgement.pivot, judgement.own) for judgement in one}
    for own in one:
        same = theirs.get((own.pivot, own.own))
        if same is not None and same.entry != own.entry:
            yield own.verdict, same.verdict
    ours, others = _Near(one), _Near(other)
    for own in one:
        if (own.pivot, own.own) not in theirs and (verdict := _implied(own, others.near(own))) is not None:
            yield own.verdict, verdict
    for their in other:
        if (their.pivot, their.own) not in mine and (verdict := _implied(their, ours.near(their))) is not None:
            yield verdict, their.verdict


def _implied(judgement: _Judgement, near: Iterable[_Judgement]) -> str | None:
    """Return what verdicts on other links of the same text say of a link, None where they say nothing."""
    for other in near:
        if other.verdict == "confirmed":
            return "refused" if judgement.verdict in LINKED else "confirmed"
        if other.verdict not in LINKED:
            return other.verdict
    return None


def _overlap(one: Pieces, other: Pieces) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


class _Near:
    """Judgements by the text that they speak of."""

    SIZE = 1_000  # characters

    def __init__(self, judgements: Iterable[_Judgement]) -> None:
        self._at: dict[tuple[str, int], list[_Judgement]] = defaultdict(list)
        for judgement in judgements:
            for place in self._places(judgement):
                self._at[place].append(judgement)

    def _places(self, judgement: _Judgement) -> Iterator[tuple[str, int]]:
        for side, pieces in (("pivot", judgement.pivot), ("own", judgement.own)):
            for start, end in pieces:
                for k in range(start // self.SIZE, max(start, end - 1) // self.SIZE + 1):
                    yield side, k

    def near(self, judgement: _Judgement) -> list[_Judgement]:
        """Return those that speak of the same text, each once."""
        found = {other: None for place in self._places(judgement) for other in self._at.get(place, ())}
        return [other for other in found if judgement.meets(other)]


# Repairs


def _repairs(one: Ledger, other: Ledger) -> Iterator[Pair]:
    """Yield what two reviewers decided on every repair that both judged."""
    theirs = other.items(FINDING)
    for key, value in one.items(FINDING).items():
        # By key, which is the place in the raw text; one and the same entry in both is not two judgements.
        if key in theirs and one.decision(key) != other.decision(key):
            yield _repair(value), _repair(theirs[key])


def _repair(value: Mapping[str, Any]) -> str:
    if value.get("decision") == "accepted" and value.get("keep") == "this":
        return "other copy out"  # the opposite of accepting that this one goes
    return str(value.get("decision"))
