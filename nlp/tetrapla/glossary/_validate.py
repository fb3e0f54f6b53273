"""What is wrong with a glossary: one function a check, whose docstring is the message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tetrapla import languages
from tetrapla.glossary._glossary import DEFINITION_FIELD, OTHER_FIELDS, TERM_FIELD, Entry, Glossary
from tetrapla.glossary._records import Field
from tetrapla.glossary._units import squeeze
from tetrapla.model import Term

__all__ = ["CHECKS", "Problem", "validate"]

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Fields that stand once in a record; so do preferred terms and definitions.
ONCE = ("id",)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with a glossary: where (`line` from 1), in which concept, what, and by which check."""

    file: str
    line: int
    concept: str
    message: str
    check: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.concept}: {self.message}"


Found = Iterator[tuple[Entry, Field | None, str]]
Checker = Callable[[Glossary], Found]
CHECKS: dict[str, Checker] = {}


def _check(function: Checker) -> Checker:
    CHECKS[function.__name__.replace("_", "-")] = function
    return function


def validate(glossary: Glossary) -> list[Problem]:
    """Return everything that is wrong with a glossary, by file and line; empty when it is sound."""
    problems = []
    for name, function in CHECKS.items():
        title = (function.__doc__ or "").strip().removesuffix(".")
        for entry, field, detail in function(glossary):
            line = entry.record.line if field is None else field.line
            problems.append(Problem(entry.file.name, line, entry.concept.id, f"{title}: {detail}", name))
    return sorted(problems)


@_check
def duplicate_id(glossary: Glossary) -> Found:
    """Two concepts have one id."""
    first: dict[str, Entry] = {}
    for entry in glossary.entries:
        other = first.setdefault(entry.concept.id, entry)
        if other is not entry:
            yield entry, None, f"{entry.concept.id}, also at {other.file.name}:{other.record.line}"


@_check
def malformed_id(glossary: Glossary) -> Found:
    """An id is not small letters and digits joined by hyphens."""
    for entry in glossary.entries:
        if not ID.fullmatch(entry.concept.id):
            yield entry, None, entry.concept.id


@_check
def unknown_field(glossary: Glossary) -> Found:
    """No such field."""
    for entry, field in _fields(glossary):
        term, definition = TERM_FIELD.fullmatch(field.name), DEFINITION_FIELD.fullmatch(field.name)
        if field.name not in OTHER_FIELDS and not term and not definition:
            yield entry, field, field.name


@_check
def unknown_language(glossary: Glossary) -> Found:
    """No language is known by this code."""
    for entry, field in _fields(glossary):
        match = TERM_FIELD.fullmatch(field.name) or DEFINITION_FIELD.fullmatch(field.name)
        if match and field.name not in OTHER_FIELDS and not languages.is_known(match[1]):
            yield entry, field, f"{match[1]} in {field.name}"


@_check
def repeated_field(glossary: Glossary) -> Found:
    """A field that may stand only once stands twice."""
    for entry in glossary.entries:
        seen = set()
        for field in entry.record.fields:
            term, definition = TERM_FIELD.fullmatch(field.name), DEFINITION_FIELD.fullmatch(field.name)
            once = field.name in ONCE or definition or (term and not term[2])
            if once and field.name in seen:
                yield entry, field, field.name
            seen.add(field.name)


@_check
def empty_field(glossary: Glossary) -> Found:
    """A field has no value."""
    for entry, field in _fields(glossary):
        if not field.value:
            yield entry, field, field.name


@_check
def no_preferred_term(glossary: Glossary) -> Found:
    """A concept has no preferred term in a language of the glossary."""
    for entry in glossary.entries:
        for code in glossary.languages:
            if entry.concept.preferred(code) is None:
                yield entry, None, code


@_check
def no_definition(glossary: Glossary) -> Found:
    """A concept has no definition in a language in which others have one."""
    used = sorted({code for entry in glossary.entries for code in entry.concept.definition})
    for entry in glossary.entries:
        for code in used or ["en"]:
            if not entry.concept.definition.get(code):
                yield entry, None, code


@_check
def no_source(glossary: Glossary) -> Found:
    """A concept does not say where it is from."""
    for entry in glossary.entries:
        if not entry.concept.sources:
            yield entry, None, "add a line 'source: document section'"


@_check
def unresolved_relation(glossary: Glossary) -> Found:
    """A relation points at no concept."""
    for entry in glossary.entries:
        for relation in entry.concept.relations:
            if relation.target not in glossary:
                yield entry, _relation_field(entry, relation.target), f"{relation.type} {relation.target}"


@_check
def relation_to_itself(glossary: Glossary) -> Found:
    """A concept is related to itself."""
    for entry in glossary.entries:
        for relation in entry.concept.relations:
            if relation.target == entry.concept.id:
                yield entry, _relation_field(entry, relation.target), relation.type


@_check
def circle_of_broader(glossary: Glossary) -> Found:
    """A concept is broader than itself, by way of others."""
    above = {
        name: [relation.target for relation in concept.relations if relation.type == "broader"]
        for name, concept in glossary.items()
    }
    for entry in glossary.entries:
        seen: set[str] = set()
        todo = list(above[entry.concept.id])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += above.get(name, [])
        if entry.concept.id in seen:
            yield entry, None, ", ".join(sorted(seen))


@_check
def repeated_form(glossary: Glossary) -> Found:
    """A concept has one form twice."""
    for entry in glossary.entries:
        seen: dict[tuple[str, str], Term] = {}
        for term in entry.concept.terms:
            other = seen.setdefault((term.language, term.form.casefold()), term)
            if other is not term:
                yield entry, _term_field(entry, term), f"{term.form} ({term.language}: {other.status}, {term.status})"


@_check
def form_of_two_concepts(glossary: Glossary) -> Found:
    """A form is preferred or admitted for two concepts."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in glossary.entries:
        for term in entry.concept.terms:
            if term.status not in ("preferred", "admitted"):
                continue
            other = first.setdefault((term.language, _folded(term)), entry)
            if other.concept.id != entry.concept.id:
                yield entry, _term_field(entry, term), f"{term.form} ({term.language}), also of {other.concept.id}"


@_check
def not_composed(glossary: Glossary) -> Found:
    """A value is not in Unicode's composed form (NFC)."""
    for entry, field in _fields(glossary):
        if not unicodedata.is_normalized("NFC", field.value):
            yield entry, field, field.name


def _fields(glossary: Glossary) -> Iterator[tuple[Entry, Field]]:
    return ((entry, field) for entry in glossary.entries for field in entry.record.fields)


def _folded(term: Term) -> str:
    return squeeze(term.form).text


def _term_field(entry: Entry, term: Term) -> Field | None:
    """Return the last field with this form in this language: the later of two is the one too many."""
    found = [f for f in entry.record.fields if f.value == term.form and f.name.split("_")[0] == term.language]
    return found[-1] if found else None


def _relation_field(entry: Entry, target: str) -> Field | None:
    named = (f for f in entry.record.fields if f.name in ("broader", "related", "rel"))
    return next((f for f in named if f.value.split()[-1:] == [target]), None)
