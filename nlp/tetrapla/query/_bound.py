"""A query bound to an index: what it asks of passages, words with their marks, and conditions in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = [
    "BRIDGED",
    "All",
    "Any",
    "Filter",
    "Mentions",
    "Near",
    "Node",
    "Not",
    "Parameters",
    "Words",
    "leaves",
    "marks_between",
]

Parameters = tuple[str | int, ...]
# What does not part the words of a phrase: "core periphery" finds "core–periphery".
BRIDGED = re.compile("[\\s\u00ad\u200b\"'“”‘’„‟‹›«»「」『』‐‑‒–—―−－─-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Words one after the other, as they are compared; `marks` stand between them, `joined` where nothing may.

    Of a `prefix` the last word may go on.
    """

    words: tuple[str, ...]
    marks: tuple[str, ...]
    joined: tuple[bool, ...]
    prefix: bool
    match: str  # for FTS5; finds too much, as that does not see marks


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions `m` of concepts, by a condition in SQL.

    `names` are the concepts that it names, one of which each mention is of then; `elsewhere` says that it looks at
    other passages, too, which takes its time.
    """

    sql: str
    values: Parameters
    names: tuple[str, ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition in SQL on passages `p`; `type` where it asks for a type of noise, `documents` where for documents."""

    sql: str
    values: Parameters
    type: str = ""
    documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """What must all hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """What must hold in one part at least."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms with at most `distance` words from the end of one to the beginning of the other."""

    left: Node
    right: Node
    distance: int


Node = Words | Mentions | Filter | All | Any | Not | Near


def leaves(node: Node, *, negated: bool = True) -> Iterator[Words | Mentions | Filter]:
    """Yield the terms and filters of a query, with or without those under a NOT."""
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part, negated=negated)
        case Near(left, right, _):
            yield from leaves(left, negated=negated)
            yield from leaves(right, negated=negated)
        case Not(part):
            if negated:
                yield from leaves(part)
        case _:
            yield node


def marks_between(text: str) -> str:
    """Return what stands between two words without blanks, quotes, hyphens and dashes."""
    return BRIDGED.sub("", text)
