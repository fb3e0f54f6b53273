"""One table of words, from one source, and the worth of the links in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from tetrapla import languages

__all__ = ["SENSES", "SYNONYMS", "Links", "Rows", "Table", "Unit", "base", "greatest", "unit_of"]

# The stem of a word, or the stems of several that stand together ("time limit"); of Chinese the word itself.
Unit = str | tuple[str, ...]
# From a unit of one language to those of another, and how much each link is worth (0..1).
Links = Mapping[Unit, Mapping[Unit, float]]
Rows = Sequence[Sequence[str]]

# A link that is the only one of both its words is worth 1; one of n on one side and m on the other (n·m) to the minus
# this. Even shares in both directions have the geometric mean -1/2: so where the alternatives are the senses of a word,
# of which a passage means one. Half that where most alternatives are synonyms.
SYNONYMS, SENSES = 0.25, 0.5


def base(tag: str) -> str:
    """Return the language of a tag.

    >>> base("zh-Hant")
    'zh'
    """
    return tag.replace("_", "-").split("-")[0].lower()


@dataclass(frozen=True)
class Table:
    """Rows of words that translate each other: for each language, or variety of one, the words of every row.

    >>> table = Table({"zh": (("期限",),), "en": (("deadlines", "time limit"),)})
    >>> sorted(table.links("zh", "en")["期限"], key=str)
    [('time', 'limit'), 'deadlin']

    `weights` (0..1) says of each row what its links are worth. Without it the more ways a word can be rendered, and
    the more words share a rendering, the less a link is worth, to the power of `ambiguity`; each two columns of
    varieties (zh, zh-Hant) are weighed by themselves, or a word written in two ways would seem to have two renderings.
    Links of less than `least` are left out. `source` names the table where a person asks.
    """

    columns: Mapping[str, Rows]
    weights: Sequence[float] | None = None
    ambiguity: float = SYNONYMS
    least: float = 0.0
    source: str = ""
    _units: dict[str, list[list[Unit]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _links: dict[tuple[str, str], Links] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values()), ()))

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the table, whatever their varieties."""
        return frozenset(map(base, self.columns))

    def links(self, source: str, target: str) -> Links:
        """Return what each word of one language may be in another, with the worth; nothing where it has not both."""
        if (source, target) not in self._links:
            self._links[source, target] = greatest(
                [
                    self._linked(ours, theirs)
                    for ours in self.columns
                    for theirs in self.columns
                    if base(ours) == source and base(theirs) == target
                ]
            )
        return self._links[source, target]

    def forms(self, language: str) -> dict[Unit, str]:
        """Return the words of a language by their units; where inflected forms share one, the first."""
        first: dict[Unit, str] = {}
        for tag in self.columns:
            if base(tag) == language:
                for row in self.columns[tag]:
                    for form in row:
                        first.setdefault(unit_of(form, tag), form)
        return first

    def units(self, tag: str) -> list[list[Unit]]:
        """Return the units of every row of a column."""
        if tag not in self._units:
            self._units[tag] = _stemmed(self.columns[tag], tag)
        return self._units[tag]

    def _linked(self, ours: str, theirs: str) -> Links:
        if self.weights is None:
            links = _by_ambiguity(self.units(ours), self.units(theirs), self.ambiguity)
        else:
            links = _by_weight(self.units(ours), self.units(theirs), self.weights)
        if not self.least:
            return links
        strong = {
            unit: {other: weight for other, weight in row.items() if weight >= self.least}
            for unit, row in links.items()
        }
        return {unit: row for unit, row in strong.items() if row}


def greatest(tables: Sequence[Links]) -> Links:
    """Return the union of link tables; a link counts what it is worth in the table that thinks most of it.

    Sources agree because they copy each other, so that two of them are no more proof than one; and what a source does
    not have is no proof against it, for all are full of gaps.
    """
    if len(tables) == 1:
        return tables[0]
    union: dict[Unit, dict[Unit, float]] = {}
    for links in tables:
        for unit, row in links.items():
            known = union.setdefault(unit, {})
            for other, weight in row.items():
                if weight > known.get(other, 0.0):
                    known[other] = weight
    return MappingProxyType(union)


def unit_of(word: str, tag: str) -> Unit:
    """Return the unit that a word is looked up by; an empty one for a form without letters or digits."""
    language = languages.get(tag)
    if language.full_width:
        return word.lower()
    stems = tuple(found.stem for found in language.words(word))
    return stems[0] if len(stems) == 1 else stems


def _stemmed(rows: Rows, tag: str) -> list[list[Unit]]:
    known = {form: unit_of(form, tag) for form in {form: None for row in rows for form in row}}
    # A form without letters or digits links to nothing.
    return [[unit for form in row if (unit := known[form])] for row in rows]


def _by_ambiguity(source: Sequence[Sequence[Unit]], target: Sequence[Sequence[Unit]], ambiguity: float) -> Links:
    links: dict[Unit, dict[Unit, float]] = {}
    for ours, theirs in zip(source, target, strict=True):
        if theirs:
            for unit in ours:
                links.setdefault(unit, {}).update(dict.fromkeys(theirs, 0.0))
    width = Counter(other for row in links.values() for other in row)
    share = {other: float(count) ** -ambiguity for other, count in width.items()}
    for row in links.values():
        own = float(len(row)) ** -ambiguity
        for other in row:
            row[other] = own * share[other]
    return MappingProxyType(links)


def _by_weight(source: Sequence[Sequence[Unit]], target: Sequence[Sequence[Unit]], weights: Sequence[float]) -> Links:
    links: dict[Unit, dict[Unit, float]] = {}
    for ours, theirs, weight in zip(source, target, weights, strict=True):
        if not weight:
            continue
        for unit in ours:
            for other in theirs:
                row = links.setdefault(unit, {})
                row[other] = max(weight, row.get(other, 0.0))
    return MappingProxyType(links)
