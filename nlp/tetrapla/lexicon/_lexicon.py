"""Tables from several sources as one lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tetrapla.errors import UnknownNameError
from tetrapla.lexicon._table import Links, Rows, Table, Unit, base, greatest, unit_of

__all__ = ["Found", "Lexicon", "joined"]


class Found(NamedTuple):
    """A link of a word that was asked for: from which language to what, its worth (0..1), and who says so."""

    source: str
    target: str
    form: str
    weight: float
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """What some tables know together.

    Each table weighs its own links, since how ambiguous a word is can only be told within one source; a link counts
    what it is worth in the table that thinks most of it.
    """

    tables: Sequence[Table]
    _links: dict[tuple[str, str], Links] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the lexicon, in alphabetical order."""
        return tuple(sorted({code for table in self.tables for code in table.languages}))

    @cached_property
    def columns(self) -> Mapping[str, Rows]:
        """For each language the words of every row of every table; none where a table has not the language."""
        return {
            code: [row for table in self.tables for row in table.columns.get(code, [()] * len(table))]
            for code in sorted({code for table in self.tables for code in table.columns})
        }

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(map(len, self.tables))

    def links(self, source: str, target: str) -> Links:
        """Return what each word of the source language may be in the target language, and the worth of each link.

        Raises:
            UnknownNameError: the lexicon does not have one of the languages.
        """
        pair = self._known(source), self._known(target)
        if pair not in self._links:
            self._links[pair] = greatest([t.links(*pair) for t in self.tables if {*pair} <= t.languages])
        return self._links[pair]

    def look(self, word: str, language: str | None = None) -> list[Found]:
        """Return what a word, in any form, links to, by language and best first; `language` is any where it is None.

        Raises:
            UnknownNameError: the lexicon does not have the language.
        """
        codes = self.languages if language is None else [self._known(language)]
        return [
            found for source in codes for target in self.languages if target != source
            for found in self._looked_up(unit_of(word, source), source, target)
        ]  # fmt: skip

    def _looked_up(self, unit: Unit, source: str, target: str) -> list[Found]:
        row = self.links(source, target).get(unit, {})
        if not row:
            return []
        having = [table for table in self.tables if unit in table.links(source, target)]
        forms = {other: form for table in reversed(having) for other, form in table.forms(target).items()}
        told = {other: tuple(t.source for t in having if other in t.links(source, target)[unit]) for other in row}
        found = [Found(source, target, forms[other], weight, told[other]) for other, weight in row.items()]
        return sorted(found, key=lambda one: (-one.weight, one.form))

    def _known(self, tag: str) -> str:
        code = base(tag)
        if code not in self.languages:
            raise UnknownNameError("language of the lexicon", tag, self.languages)
        return code


def joined(lexicons: Iterable[Lexicon]) -> Lexicon:
    """Return several lexicons as one; see `Lexicon` for what a link then counts."""
    return Lexicon([table for lexicon in lexicons for table in lexicon.tables])
