"""What the fields of a record say of a concept, and a concept as the fields of a record.

id              the concept's name: small letters and digits joined by hyphens; never changes
formerly        an id that it had before; finds it for ever
zh en es fr     the preferred form in a language, once each
xx_alt          a form that is right, too (admitted)
xx_deprecated   a form to avoid; what made it may follow: xx_deprecated_literal
xx_wrong        a form that only damage made (noise), and what: xx_wrong_ocr, _literal, _sense, _name
def_xx          a definition of one to three sentences
subject         the field that it belongs to, out of `SUBJECTS`
homonym         the id of a concept that it knowingly shares a form with; both say so
broader related the ids of other concepts, as in SKOS
rel             the type of another relation and the id that it leads to
system          the number of a system that it is part of
source          the document and section that it is from
note            for people
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from tetrapla.errors import InputError
from tetrapla.glossary._records import Field, Record, RecordFile
from tetrapla.model import DAMAGES, Concept, Damage, Relation, Status, Term

__all__ = [
    "DAMAGES",
    "ID",
    "SUBJECTS",
    "SUFFIXES",
    "concept_of",
    "definition_language",
    "field_name",
    "fields_of",
    "is_field",
    "is_term",
    "term_language",
    "term_of",
]

SUFFIXES: Mapping[Status, str] = {"preferred": "", "admitted": "_alt", "deprecated": "_deprecated", "noise": "_wrong"}
STATUS_OF = {suffix: status for status, suffix in SUFFIXES.items()}
SUBJECTS = (
    "innovation",
    "regional economics",
    "economic theory",
    "economic geography",
    "urban planning",
    "governance",
    "science and technology policy",
    "industry and enterprise",
    "place",
    "person",
    "institution",
)

# What an id is.
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TERM_FIELD = re.compile(rf"([a-z]{{2}})(?:(_alt)?|(_deprecated|_wrong)(?:_({'|'.join(DAMAGES)}))?)")
DEFINITION_FIELD = re.compile(r"def_([a-z]{2})")
# "id" is also the code of Indonesian: the concept's name comes first.
OTHER_FIELDS = (
    "id", "formerly", "subject", "homonym", "broader", "related", "rel", "system", "source", "note",
)  # fmt: skip


def term_of(field: Field) -> Term | None:
    """Return the term that a field gives, None where it gives none.

    >>> term_of(Field("es_wrong_literal", "abeja local", 1))
    Term(form='abeja local', language='es', status='noise', source='', damage='literal')
    """
    match = TERM_FIELD.fullmatch(field.name)
    if match is None or field.name in OTHER_FIELDS:
        return None
    status = STATUS_OF[match[2] or match[3] or ""]
    return Term(field.value, match[1], status, damage=cast("Damage | None", match[4]))


def term_language(name: str) -> str | None:
    """Return the language of the terms that fields of a name give, None where they give none."""
    match = TERM_FIELD.fullmatch(name)
    return match[1] if match and name not in OTHER_FIELDS else None


def definition_language(name: str) -> str | None:
    """Return the language of the definition that fields of a name give, None where they give none."""
    match = DEFINITION_FIELD.fullmatch(name)
    return match[1] if match else None


def is_term(field: Field, language: str = "") -> bool:
    """Return whether a field gives a term, of a language where one is named."""
    found = term_language(field.name)
    return found is not None and language in ("", found)


def is_field(name: str) -> bool:
    """Return whether records of a glossary may have fields of this name."""
    return name in OTHER_FIELDS or term_language(name) is not None or definition_language(name) is not None


def field_name(term: Term) -> str:
    """Return the name of the field that a term stands in."""
    damage = f"_{term.damage}" if term.damage and term.status in ("deprecated", "noise") else ""
    return term.language + SUFFIXES[term.status] + damage


def concept_of(file: RecordFile, record: Record) -> Concept:
    """Return what a record says; what is in no known field is for `validate` to tell.

    Raises:
        InputError: it has no id, or a field whose value is malformed; says file and line.
    """
    name = record.get("id")
    if not name:
        raise InputError(f"{file.name}:{record.line}: a record without an id; add a line 'id: …' or remove it")
    terms, relations, systems = [], [], []
    definition: dict[str, str] = {}
    for field in record.fields:
        if term := term_of(field):
            terms.append(term)
        elif code := definition_language(field.name):
            definition.setdefault(code, field.value)
        elif field.name in ("broader", "related"):
            relations.append(Relation(field.name, field.value))
        elif field.name == "rel":
            relations.append(_relation(file, field))
        elif field.name == "system":
            systems.append(_number(file, field))
    return Concept(
        id=name,
        terms=tuple(terms),
        definition=definition,
        relations=tuple(relations),
        sources=tuple(record.all("source")),
        systems=tuple(systems),
        notes=tuple(record.all("note")),
        subject=record.get("subject") or "",
        homonyms=tuple(record.all("homonym")),
        formerly=tuple(record.all("formerly")),
    )


def _relation(file: RecordFile, field: Field) -> Relation:
    words = field.value.split()
    if len(words) != 2:
        raise InputError(f"{file.name}:{field.line}: not 'rel: TYPE ID': {field.value!r}")
    return Relation(words[0], words[1])


def _number(file: RecordFile, field: Field) -> int:
    if not field.value.isascii() or not field.value.isdigit():
        raise InputError(f"{file.name}:{field.line}: not the number of a system: {field.value!r}")
    return int(field.value)


def fields_of(concept: Concept) -> list[tuple[str, str]]:
    """Return a concept as the fields of a record, names and values, in the order in which the glossary is written."""
    return [
        ("id", concept.id),
        *(("formerly", name) for name in concept.formerly),
        *((field_name(term), term.form) for term in concept.terms),
        *((f"def_{code}", text) for code, text in concept.definition.items()),
        *([("subject", concept.subject)] if concept.subject else []),
        *(("homonym", other) for other in concept.homonyms),
        *(
            (relation.type, relation.target)
            if relation.type in ("broader", "related")
            else ("rel", f"{relation.type} {relation.target}")
            for relation in concept.relations
        ),
        *(("system", str(number)) for number in concept.systems),
        *(("source", source) for source in concept.sources),
        *(("note", note) for note in concept.notes),
    ]
