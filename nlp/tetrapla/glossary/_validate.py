"""What is wrong with a glossary: one function a check, whose docstring is the message."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tetrapla import languages
from tetrapla.glossary._fields import DAMAGES, ID, SUBJECTS, definition_language, is_field, term_language
from tetrapla.glossary._glossary import Entry, Glossary
from tetrapla.glossary._records import Field
from tetrapla.glossary._relations import RELATIONS, Fact, drawn
from tetrapla.glossary._units import squeeze
from tetrapla.model import SOUND, STATUSES, Status, Term

__all__ = ["CHECKS", "Problem", "validate"]

# Fields that stand once in a record; so do preferred terms and definitions.
ONCE = ("id", "subject")
LISTED = ("formerly", "homonym", "system", "source", "note")
BROKEN: Sequence[Status] = ("deprecated", "noise")


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
        if not is_field(field.name):
            yield entry, field, field.name


@_check
def unknown_language(glossary: Glossary) -> Found:
    """No language is known by this code."""
    for entry, field in _fields(glossary):
        code = term_language(field.name) or definition_language(field.name)
        if code and not languages.is_known(code):
            yield entry, field, f"{code} in {field.name}"


@_check
def repeated_field(glossary: Glossary) -> Found:
    """A field that may stand only once stands twice."""
    for entry in glossary.entries:
        seen: set[tuple[str, str]] = set()
        for field in entry.record.fields:
            once = field.name in ONCE or definition_language(field.name) or term_language(field.name) == field.name
            # Others may stand twice, but not with one value; terms and relations have checks of their own.
            key = (field.name, "" if once else field.value)
            if key in seen and (once or field.name in LISTED):
                yield entry, field, field.name if once else f"{field.name} {field.value}"
            seen.add(key)


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
    """A concept has no definition in a language in which most others have one."""
    counts = Counter(code for entry in glossary.entries for code in entry.concept.definition)
    used = sorted(code for code, count in counts.items() if 2 * count > len(glossary))
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
def unknown_relation(glossary: Glossary) -> Found:
    """No relation is of this type."""
    for entry in glossary.entries:
        for relation in entry.concept.relations:
            if relation.type not in RELATIONS:
                near = difflib.get_close_matches(relation.type, RELATIONS, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                yield entry, _relation_field(entry, relation.target), f"{relation.type} {relation.target}{hint}"


@_check
def repeated_relation(glossary: Glossary) -> Found:
    """A relation is said twice, on its one concept or on both."""
    first: dict[Fact, Entry] = {}
    for entry in glossary.entries:
        for relation in entry.concept.relations:
            if relation.type in RELATIONS:
                other = first.setdefault(drawn(entry.concept.id, relation), entry)
                if other is not entry or entry.concept.relations.count(relation) > 1:
                    told = f"{relation.type} {relation.target}, also of {other.concept.id}"
                    yield entry, _relation_field(entry, relation.target), told


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
    """A form is preferred or admitted for two concepts that do not name each other as homonyms."""
    for entry, term, other in _shared(glossary, SOUND):
        if other.concept.id not in entry.concept.homonyms:
            yield entry, _term_field(entry, term), f"{term.form} ({term.language}), also of {other.concept.id}"


@_check
def wrong_form_elsewhere_right(glossary: Glossary) -> Found:
    """A form that is deprecated or noise here is preferred or admitted for a concept that is no homonym."""
    for entry, term, other in _shared(glossary, BROKEN):
        if other.concept.id not in entry.concept.homonyms:
            yield entry, _term_field(entry, term), f"{term.form} ({term.language}), a sound form of {other.concept.id}"


@_check
def no_damage(glossary: Glossary) -> Found:
    """A form of noise does not say what made it, where others do."""
    noise = [(entry, term) for entry in glossary.entries for term in entry.concept.terms if term.status == "noise"]
    if any(term.damage for _, term in noise):
        for entry, term in noise:
            if not term.damage:
                kinds = " ".join(f"{term.language}_wrong_{kind}" for kind in DAMAGES)
                yield entry, _term_field(entry, term), f"{term.form}; write one of {kinds}"


@_check
def subject(glossary: Glossary) -> Found:
    """A concept belongs to no field, where others do, or to one that is not known."""
    if any(entry.concept.subject for entry in glossary.entries):
        for entry in glossary.entries:
            if entry.concept.subject not in SUBJECTS:
                yield (
                    entry,
                    None,
                    f"{entry.concept.subject or 'none'}; write 'subject:' and one of {', '.join(SUBJECTS)}",
                )


@_check
def homonym(glossary: Glossary) -> Found:
    """A concept is named as a homonym and is none, or does not say so itself."""
    shared = {(entry.concept.id, other.concept.id) for entry, _, other in _shared(glossary, STATUSES)}
    for entry in glossary.entries:
        here = entry.concept.id
        for name in entry.concept.homonyms:
            if name not in glossary or here not in glossary[name].homonyms:
                yield entry, None, f"{name} does not name {here}"
            elif not {(here, name), (name, here)} & shared:
                yield entry, None, f"no form is both of {here} and of {name}"


@_check
def former_id(glossary: Glossary) -> Found:
    """An id that a concept had before is the id of a concept, or two had it."""
    first: dict[str, Entry] = {}
    for entry in glossary.entries:
        for name in entry.concept.formerly:
            other = first.setdefault(name, entry)
            if name in glossary or other is not entry:
                yield entry, None, name


@_check
def not_composed(glossary: Glossary) -> Found:
    """A value is not in Unicode's composed form (NFC)."""
    for entry, field in _fields(glossary):
        if not unicodedata.is_normalized("NFC", field.value):
            yield entry, field, field.name


def _fields(glossary: Glossary) -> Iterator[tuple[Entry, Field]]:
    return ((entry, field) for entry in glossary.entries for field in entry.record.fields)


def _shared(glossary: Glossary, statuses: Sequence[Status]) -> Iterator[tuple[Entry, Term, Entry]]:
    """Yield terms of these statuses that are sound forms of another concept, too: the later one where both are."""
    sound: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in glossary.entries:
        for term in entry.concept.terms:
            if term.status in SOUND:
                sound[term.language, _folded(term)].append(entry)
    for entry in glossary.entries:
        for term in entry.concept.terms:
            if term.status not in statuses:
                continue
            for other in sound[term.language, _folded(term)]:
                if other.concept.id == entry.concept.id:
                    if term.status in SOUND:
                        break
                    continue
                yield entry, term, other


def _folded(term: Term) -> str:
    return squeeze(term.form).text


def _term_field(entry: Entry, term: Term) -> Field | None:
    """Return the last field with this form in this language: the later of two is the one too many."""
    found = [f for f in entry.record.fields if f.value == term.form and f.name.split("_")[0] == term.language]
    return found[-1] if found else None


def _relation_field(entry: Entry, target: str) -> Field | None:
    named = (f for f in entry.record.fields if f.name in ("broader", "related", "rel"))
    return next((f for f in named if f.value.split()[-1:] == [target]), None)
