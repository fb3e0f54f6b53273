"""Which concepts the other version names in a bead, those within the name of another one too.

Matching keeps the longest names only: 跨域重组 is found, and 跨域 in it is not. Where a term is wrong the part that is
wrong counts, so the parts are asked for as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from tetrapla import languages
from tetrapla.model import Concept, Mention

__all__ = ["Part", "Parts", "is_sound"]

LEAST = 2


class Part(NamedTuple):
    """A concept named within the name of another one, and where: ``matched[start:end]``."""

    concept: str
    start: int
    end: int


class Parts:
    """The names of concepts within longer names, in a language without blanks between words; none in others."""

    def __init__(self, glossary: Mapping[str, Concept], language: str) -> None:
        self._glossary = glossary
        self._code = language.split("-")[0].lower()
        self._known: dict[tuple[str, str], tuple[Part, ...]] = {}

    @cached_property
    def _forms(self) -> list[tuple[str, str]]:
        if languages.get(self._code).joiner:
            return []
        terms = [(term, name) for name, concept in self._glossary.items() for term in concept.terms]
        return [
            (term.form, name)
            for term, name in terms
            if term.language == self._code and not term.broken and len(term.form) >= LEAST
        ]

    def of(self, mention: Mention) -> tuple[Part, ...]:
        """Return the concepts that a mention names besides its own, by where they begin."""
        return self.within(mention.matched, mention.concept)

    def within(self, name: str, concept: str) -> tuple[Part, ...]:
        """Return the concepts that a name of a concept holds besides it, by where they begin."""
        key = concept, name
        if key not in self._known:
            found = {
                Part(other, at, at + len(form))
                for form, other in self._forms
                if other != concept and len(form) < len(name) and (at := name.find(form)) >= 0
            }
            self._known[key] = tuple(sorted(found, key=lambda part: (part.start, part.start - part.end, part.concept)))
        return self._known[key]

    def below(self, concept: str) -> set[str]:
        """Return the concepts that the preferred name of a concept holds."""
        name = self._glossary[concept].preferred(self._code)
        return {part.concept for part in self.within(name, concept)} if name else set()

    def all(self, mentions: Iterable[Mention]) -> set[str]:
        """Return the concepts that some mentions name, by themselves or within."""
        return {name for mention in mentions for name in (mention.concept, *(p.concept for p in self.of(mention)))}


def is_sound(mention: Mention) -> bool:
    """Return whether a mention's term is no damage: preferred, admitted, or advised against for no damage."""
    return not mention.term.broken
