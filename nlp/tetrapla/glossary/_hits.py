"""What a search for terms finds: stretches of running text, and the terms that each may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from tetrapla.model import Term

__all__ = ["Candidate", "Found", "Hit", "best_first", "maximal", "outer"]

# As the automaton gives it: the number of a form, and where it starts and ends.
Found = tuple[int, int, int]


class Candidate(NamedTuple):
    """A term that a hit may stand for; the least is the best: by status, then the longer form, then the earlier."""

    rank: int
    minus_length: int
    order: int
    concept: str
    term: Term


class Hit(NamedTuple):
    """A stretch ``[start, end)`` of running text that names a concept; `candidates`, one a concept, are best first."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]

    @property
    def candidate(self) -> Candidate:
        """The best of the candidates, as far as the form alone tells."""
        return self.candidates[0]


def best_first(
    candidates: Iterable[Candidate], key: Callable[[Candidate], str]
) -> tuple[list[str], list[tuple[Candidate, ...]]]:
    """Return what the forms are reduced to by `key`, each once, and the candidates of each: one a concept, best first.

    Forms of which nothing is left are left out.
    """
    forms: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        forms.setdefault(key(candidate), []).append(candidate)
    forms.pop("", None)
    return list(forms), [_one_a_concept(same) for same in forms.values()]


def _one_a_concept(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for candidate in sorted(candidates):
        found.setdefault(candidate.concept, candidate)
    return tuple(found.values())


def outer(found: Iterable[Found]) -> Sequence[Found]:
    """Return those of the finds that lie in no other, in order.

    They must come by their ends, and of one end the longest first, as they come out of an Aho-Corasick automaton.
    """
    kept: list[Found] = []
    reach = -1
    for find in found:
        _, start, end = find
        if end == reach:  # within the one before, which is longer
            continue
        while kept and kept[-1][1] >= start:
            kept.pop()
        kept.append(find)
        reach = end
    return kept


def maximal(hits: Iterable[Hit]) -> list[Hit]:
    """Return those of the hits that lie in no other, in order; of several in one place the first that is given."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=itemgetter(0, 1)):
        if kept and hit.end <= kept[-1].end:
            continue
        if kept and hit.start == kept[-1].start:
            kept.pop()
        kept.append(hit)
    return kept
