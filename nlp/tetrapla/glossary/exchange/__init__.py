"""Glossaries into the formats of other programs and back, one file a format, chosen by suffix.

    .tbx          TermBase eXchange (ISO 30042:2019, TBX-Basic)      tbx.py
    .ttl          SKOS (W3C 2009) in Turtle                          skos.py
    .csv .tsv     a row a concept, a column a field                  table.py
    .xlsx         the same table for an office program               xlsx.py
    .json         what `tetrapla concept --format json` prints       json.py

All fields of a concept survive the way out and back. The order of its fields does not, where the format has none (a
table goes by columns, SKOS by sets); that of its terms within a language and a status does, but in SKOS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tetrapla.errors import InputError
from tetrapla.files import named, read_bytes
from tetrapla.glossary._relations import Fact, drawn
from tetrapla.glossary.exchange._concepts import own_ids
from tetrapla.model import Concept
from tetrapla.registry import Registry

__all__ = ["Exchange", "dump", "read", "registry"]


@dataclass(frozen=True)
class Exchange:
    """A format: `dump` makes the bytes of a file of concepts, `load` reads them; it is told the name of the file."""

    dump: Callable[[Sequence[Concept]], bytes]
    load: Callable[[bytes, str], list[Concept]]


registry: Registry[Exchange] = Registry(
    "format of glossaries", "tetrapla.glossary.exchange", group="tetrapla.glossary.formats"
)


def dump(concepts: Iterable[Concept], suffix: str) -> bytes:
    """Return a file of concepts in the format of a suffix (".tbx").

    Raises:
        InputError: something in a concept cannot stand in such a file.
        UnknownNameError: no format has the suffix.
    """
    return registry.get(suffix).dump(list(concepts))


def read(path: str | Path, suffix: str | None = None) -> list[Concept]:
    """Return the concepts in a file ("-" is standard input) in the format of its suffix, or of the one given.

    A relation that the file states on both of its concepts, as other programs do, is kept on the first. What is no id
    of ours, such as one with blanks, is made one.

    Raises:
        InputError: it cannot be read, is not what it should be, says a thing twice, or is hostile; says where.
        UnknownNameError: no format has the suffix.
    """
    exchange = registry.get(suffix or Path(path).suffix.lower())
    concepts = exchange.load(read_bytes(path), named(path))
    if not concepts:
        raise InputError(f"{named(path)} holds no concepts; is it the right file?")
    seen: set[str] = set()
    for concept in concepts:
        if concept.id in seen:
            raise InputError(f"{named(path)}: two concepts are called {concept.id!r}; give one of them another id")
        seen.add(concept.id)
    return _related_once(_renamed(concepts))


def _renamed(concepts: Sequence[Concept]) -> list[Concept]:
    """Return the concepts with ids of ours, also where they lead to one another."""
    names = [concept.id for concept in concepts]
    own = dict(zip(names, own_ids(names), strict=True))
    return [
        replace(
            concept,
            id=own[concept.id],
            relations=tuple(replace(one, target=own.get(one.target, one.target)) for one in concept.relations),
            homonyms=tuple(own.get(name, name) for name in concept.homonyms),
        )
        for concept in concepts
    ]


def _related_once(concepts: Iterable[Concept]) -> list[Concept]:
    seen: set[Fact] = set()
    found = []
    for concept in concepts:
        kept = []
        for relation in concept.relations:
            fact = drawn(concept.id, relation)
            if fact not in seen:
                seen.add(fact)
                kept.append(relation)
        found.append(replace(concept, relations=tuple(kept)))
    return found
