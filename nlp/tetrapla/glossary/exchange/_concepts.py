"""Concepts out of the fields that a file of another format gives: what may stand in a record, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tetrapla.errors import InputError
from tetrapla.glossary._fields import ID, concept_of, definition_language, is_field
from tetrapla.glossary._records import Field, Record, RecordFile
from tetrapla.model import Concept

__all__ = ["check_ids", "concept_from", "own_ids", "slug"]

BREAK = re.compile(r"[ \t]*\r?\n")


def concept_from(fields: Iterable[tuple[str, str]], name: str, line: int) -> Concept:
    """Return the concept that fields (names and values) tell of; blanks at the ends of values are left out.

    A second subject, or a second definition in a language, becomes a note.

    Raises:
        InputError: a field that no record has, a malformed value, no id or two; says file and line.
    """
    return concept_of(RecordFile(name, ""), Record(tuple(_fields(fields, name, line)) or (Field("note", "", line),)))


def _fields(fields: Iterable[tuple[str, str]], name: str, line: int) -> Iterator[Field]:
    seen: set[str] = set()
    for field, value in fields:
        if not is_field(field):
            raise InputError(
                f"{name}:{line}: no field of a concept is called {field!r}; "
                "fields are id, en, en_alt, def_en, source and so on, with a language of two letters"
            )
        kept = BREAK.sub("\n", value).strip(" \t\r\n")
        if not kept:
            continue
        if field == "id" and field in seen:
            raise InputError(
                f"{name}:{line}: a second id, {kept!r}; a concept has one, "
                "and a record cannot hold a preferred term in Indonesian, whose code is id, too"
            )
        if field in seen and (field == "subject" or definition_language(field)):
            yield Field("note", f"{field}: {kept}", line)
            continue
        seen.add(field)
        yield Field(field, kept, line)


def slug(name: str) -> str:
    """Return an id for something that has a name of another make: small letters and digits joined by hyphens.

    >>> slug("Reverse Enclave (park)")
    'reverse-enclave-park'
    """
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def own_ids(names: Iterable[str]) -> list[str]:
    """Return an id for each name of another make, in order; what is an id stays as it is, what is made is unique.

    >>> own_ids(["C 1", "", "c-1", "C_1"])
    ['c-1-2', 'concept-2', 'c-1', 'c-1-3']
    """
    given = list(names)
    taken = {name for name in given if ID.fullmatch(name)}
    last: Counter[str] = Counter()
    ids = []
    for number, name in enumerate(given, start=1):
        own = made = name if ID.fullmatch(name) else slug(name) or f"concept-{number}"
        while made in taken and made != name:
            last[own] += 1
            made = f"{own}-{last[own] + 1}"
        taken.add(made)
        ids.append(made)
    return ids


def check_ids(concepts: Iterable[Concept]) -> None:
    """Refuse concepts whose ids, or those that they lead to, cannot stand in an XML id or a URI.

    Raises:
        InputError: there is one; says which.
    """
    for concept in concepts:
        for name in (concept.id, *(relation.target for relation in concept.relations), *concept.homonyms):
            if not ID.fullmatch(name):
                raise InputError(
                    f"{concept.id}: {name!r} is no id, which is small letters and digits joined by hyphens; "
                    "`tetrapla glossary check` tells where it stands"
                )
