"""The systems of the glossary: small networks of concepts that a paper describes as a whole.

A concept says of which systems it is part (``system: 3``); the relations among the members of one are the system. What
a system is called stands in ``systems/systems.rec`` beside the glossary.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.glossary._records import Field, Record, RecordFile, read_records
from tetrapla.glossary._relations import Fact, drawn
from tetrapla.model import Concept
from tetrapla.resources import corpus_root

__all__ = ["System", "find_system", "load_systems", "members", "network"]

TITLE = "title_"
ONCE = ("number", "name")
VAGUE = ("related", "narrower")


@dataclass(frozen=True, slots=True)
class System:
    """A system: its number, a short name, titles by language, and where it is described.

    `focus` are the concepts that it turns on, `figures` numbers that the source gives for a concept.
    """

    number: int
    name: str
    titles: Mapping[str, str]
    focus: tuple[str, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return its title in a language, or its name where it has none."""
        return self.titles.get(language, self.name)


def load_systems(folder: Path | None = None) -> tuple[System, ...]:
    """Return the systems of a glossary, a folder, by number; by default of the one that comes with Tetrapla.

    A glossary without ``systems/systems.rec`` has none.

    Raises:
        InputError: a malformed line, a record without number or name, or a number that comes twice.
    """
    path = (corpus_root() / "glossary" if folder is None else folder) / "systems" / "systems.rec"
    if not path.is_file():
        return ()
    file = read_records(path)
    found: dict[int, System] = {}
    for record in file.records:
        system = _system(file, record)
        if system.number in found:
            raise InputError(f"{file.name}:{record.line}: there is a system {system.number} already")
        found[system.number] = system
    return tuple(found[number] for number in sorted(found))


def _system(file: RecordFile, record: Record) -> System:
    for name in ONCE:
        if not record.get(name):
            raise InputError(f"{file.name}:{record.line}: a system without a {name}; add a line '{name}: …'")
    fields = record.fields
    return System(
        number=next(_number(file, own, own.value) for own in fields if own.name == "number"),
        name=record.get("name") or "",
        titles={own.name.removeprefix(TITLE): own.value for own in fields if own.name.startswith(TITLE)},
        focus=tuple(record.all("focus")),
        figures=dict(_figure(file, own) for own in fields if own.name == "figure"),
        sources=tuple(record.all("source")),
    )


def _figure(file: RecordFile, own: Field) -> tuple[str, int]:
    concept, _, value = own.value.partition(" ")
    return concept, _number(file, own, value)


def _number(file: RecordFile, own: Field, value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise InputError(f"{file.name}:{own.line}: not a number: {own.name}: {own.value!r}")
    return int(value)


def find_system(name: str, systems: Sequence[System]) -> System:
    """Return the system with a number, a name or, in any language, a title; case does not matter.

    Raises:
        UnknownNameError: there is none; the message names the known ones.
    """
    wanted = name.strip().casefold()
    for system in systems:
        if wanted in map(str.casefold, (str(system.number), system.name, *system.titles.values())):
            return system
    raise UnknownNameError("system", name, [f"{system.number} {system.name}" for system in systems])


def members(glossary: Mapping[str, Concept], number: int) -> list[str]:
    """Return the ids of the concepts of a system, in the order of the glossary."""
    return [name for name, concept in glossary.items() if number in concept.systems]


def network(glossary: Mapping[str, Concept], names: Collection[str]) -> list[Fact]:
    """Return the relations among some concepts the way they are drawn, each once.

    That two are related, or one narrower, goes without saying where another relation tells how.
    """
    inside = set(names)
    facts = dict.fromkeys(
        drawn(name, relation)
        for name in names
        for relation in glossary[name].relations
        if relation.target in inside and relation.target != name
    )
    told = {frozenset((fact.source, fact.target)) for fact in facts if fact.type not in VAGUE}
    return [fact for fact in facts if fact.type not in VAGUE or frozenset((fact.source, fact.target)) not in told]
