"""A query held against passages, exactly: whether it holds there, and at which places its terms stand.

What the database gives are passages that may fit; what is decided here is what does. A *unit* is what a conjunction
must hold in: a passage, a sentence of one, or all versions of a bead. A filter limits the passages of the unit in which
the terms beside it may stand. The places of a unit that fits are those of all terms that are not under a NOT, but of an
OR only of the sides that hold.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tetrapla.query._bound import All, Any, Filter, Mentions, Near, Node, Not, Words
from tetrapla.query._finder import Finder, folded
from tetrapla.store._words import WORD

__all__ = ["Evaluator", "Named", "Passage", "Place", "once"]


class Named(NamedTuple):
    """A mention: which concept, by which form of which status; `damage` is "" for none, or where it is not known."""

    concept: str
    form: str
    status: str
    damage: str


class Place(NamedTuple):
    """Where a term of a query stands: in the text of a passage; with the mention that it is, if it is one."""

    passage: int
    start: int
    end: int
    named: Named | None = None


@dataclass(eq=False)
class Passage:
    """A passage that may fit; `holds` has the filters that do, `mentions` the places of each term of mentions."""

    id: int
    text: str
    holds: Mapping[Filter, bool] = field(default_factory=dict)
    mentions: dict[Mentions, list[Place]] = field(default_factory=dict)

    @cached_property
    def borders(self) -> tuple[list[int], list[int]]:
        """Where the words of the text begin and end."""
        spans = [word.span() for word in WORD.finditer(self.text)]
        return [start for start, _ in spans], [end for _, end in spans]

    @cached_property
    def without_case(self) -> str | None:
        """The text folded, see `folded`."""
        return folded(self.text)


Bounds = tuple[int, int] | None


class Evaluator:
    """Holds one query against units."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._finders: dict[Words, Finder] = {}

    def places(self, unit: Sequence[Passage], bounds: Bounds = None) -> list[Place] | None:
        """Return the places of the terms in a unit, by passage, start and end, or None where the query does not hold.

        `bounds` are those of a sentence in its passage. The list is empty for a query without a term.
        """
        found = self._places(self.node, unit, bounds)
        return found if not found else once(found)

    def _places(self, node: Node, scope: Sequence[Passage], bounds: Bounds) -> list[Place] | None:
        match node:
            case Words() | Mentions():
                return self._standing(node, scope, bounds) or None
            case Near():
                return self._near(node, scope, bounds) or None
            case Any(parts):
                sides = [self._places(part, scope, bounds) for part in parts]
                if all(side is None for side in sides):
                    return None
                return [place for side in sides if side for place in side]
            case All(parts):
                return self._all(parts, scope, bounds)
            case Not(part) if not _is_filter(part):
                return [] if self._places(part, scope, bounds) is None else None
        return [] if any(_holds(node, passage) for passage in scope) else None

    def _all(self, parts: Sequence[Node], scope: Sequence[Passage], bounds: Bounds) -> list[Place] | None:
        filters = [part for part in parts if _is_filter(part)]
        inside = [passage for passage in scope if all(_holds(part, passage) for part in filters)]
        if not inside:
            return None
        found: list[Place] = []
        for part in parts:
            if not _is_filter(part):
                places = self._places(part, inside, bounds)
                if places is None:
                    return None
                found += places
        return found

    def _standing(self, node: Words | Mentions, scope: Iterable[Passage], bounds: Bounds) -> list[Place]:
        found: list[Place] = []
        for passage in scope:
            if isinstance(node, Mentions):
                found += passage.mentions.get(node, ())
            else:
                if node not in self._finders:
                    self._finders[node] = Finder(node)
                found += [
                    Place(passage.id, *hit) for hit in self._finders[node].find(passage.text, passage.without_case)
                ]
        if bounds is None:
            return found
        return [place for place in found if bounds[0] <= place.start and place.end <= bounds[1]]

    def _near(self, node: Near, scope: Iterable[Passage], bounds: Bounds) -> list[Place]:
        found: list[Place] = []
        for passage in scope:
            left = self._places(node.left, [passage], bounds)
            right = self._places(node.right, [passage], bounds) if left else None
            if left and right:
                found += _close(left, right, passage, node.distance) + _close(right, left, passage, node.distance)
        return found


def _close(places: Iterable[Place], others: Iterable[Place], passage: Passage, distance: int) -> list[Place]:
    """Return those places that have one of the others within some words, before or behind."""
    ranges = [_words_of(other, passage) for other in others]
    firsts = sorted(first for first, _ in ranges)
    lasts = sorted(last for _, last in ranges)
    found = []
    for place in places:
        first, last = _words_of(place, passage)
        after = bisect_right(firsts, last)
        before = bisect_left(lasts, first) - 1
        behind = after < len(firsts) and firsts[after] - last <= distance
        if behind or (before >= 0 and first - lasts[before] <= distance):
            found.append(place)
    return found


def _words_of(place: Place, passage: Passage) -> tuple[int, int]:
    """Return the numbers of the first and the last word of a place."""
    starts, ends = passage.borders
    first = bisect_right(ends, place.start)
    return first, max(first, bisect_left(starts, place.end) - 1)


def _is_filter(node: Node) -> bool:
    match node:
        case Filter():
            return True
        case All(parts) | Any(parts):
            return all(map(_is_filter, parts))
        case Not(part):
            return _is_filter(part)
    return False


def _holds(node: Node, passage: Passage) -> bool:
    """Return whether a filter, or filters joined, hold of a passage."""
    match node:
        case Filter():
            return passage.holds[node]
        case All(parts):
            return all(_holds(part, passage) for part in parts)
        case Any(parts):
            return any(_holds(part, passage) for part in parts)
        case Not(part):
            return not _holds(part, passage)
    raise AssertionError(node)


def once(places: Iterable[Place]) -> list[Place]:
    """Return places sorted, each stretch once: as a mention rather than as mere words."""
    best: dict[tuple[int, int, int], Place] = {}
    for place in places:
        known = best.get(place[:3])
        if known is None or (known.named or ("~",)) > (place.named or ("~",)):
            best[place[:3]] = place
    return sorted(best.values(), key=lambda place: place[:3])
