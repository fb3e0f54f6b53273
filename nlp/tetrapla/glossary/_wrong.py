"""The forms that a glossary says are wrong, by their words: which concepts one may stand for, and which are in it.

A wrong form may be that of several concepts ("land indicator" for the quota of land and for that of its use): which of
them is meant, only the other version tells. And a longer one may be wrong in a part only, that of another concept:
"cross-domain reorganization" reorganizes soundly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from tetrapla.glossary._units import Units
from tetrapla.model import SOUND, Concept, Mention, Term

__all__ = ["Wrong", "WrongForms"]


class Wrong(NamedTuple):
    """A concept of which a form is wrong, the term, and which part of a mention it is: ``matched[start:end]``."""

    concept: str
    term: Term
    start: int
    end: int


class WrongForms:
    """The wrong forms of one language; `broken` are damage, the others only to be avoided."""

    def __init__(self, glossary: Mapping[str, Concept], language: str, *, broken: bool) -> None:
        self._code = language.split("-")[0].lower()
        self._units = Units(self._code)
        self._concepts: defaultdict[tuple[tuple[str, str], ...], list[tuple[str, Term]]] = defaultdict(list)
        for name, concept in glossary.items():
            for term in concept.terms:
                if term.language == self._code and term.status not in SOUND and term.broken == broken:
                    self._concepts[self._units.of_form(term.form)].append((name, term))

    def whole(self, mention: Mention) -> list[Wrong]:
        """Return the concepts that a mention may stand for, its own first."""
        same = self._concepts.get(self._units.of_form(mention.term.form), [])
        own = [pair for pair in same if pair[0] == mention.concept] or [(mention.concept, mention.term)]
        others = [pair for pair in same if pair[0] != mention.concept]
        return [Wrong(name, term, 0, len(mention.matched)) for name, term in own + others]

    def parts(self, mention: Mention) -> list[Wrong]:
        """Return the wrong forms of other concepts within a mention, the longest first."""
        units = self._units.of(mention.matched)
        found = []
        for i in range(len(units)):
            for j in range(i + 1, len(units) + 1):
                if j - i < len(units):
                    key = tuple(unit.key for unit in units[i:j])
                    for name, term in self._concepts.get(key, ()):
                        if name != mention.concept:
                            found.append(Wrong(name, term, units[i].start, units[j - 1].end))
        return sorted(found, key=lambda wrong: (wrong.start - wrong.end, wrong.start, wrong.concept))
