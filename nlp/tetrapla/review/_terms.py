"""The glossary with what reviewers decided on its terms: forms that they added, statuses that they set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from tetrapla.glossary import Glossary
from tetrapla.model import DAMAGES, STATUSES, Concept, Damage, Status, Term
from tetrapla.review._changes import TERM
from tetrapla.review._prepared import Form

__all__ = ["added", "changed", "glossary_of"]


def changed(glossary: Mapping[str, Concept], items: Mapping[str, Any]) -> dict[str, Concept]:
    """Return the glossary, by id, with what the ledger's items say of terms; those of no known concept are left out.

    A language prefers one form: where another one is set to be preferred, the old one is admitted.
    """
    concepts = dict(glossary)
    for key, value in items.items():
        name, language, form, *_ = [*key.removeprefix(TERM).split(":", 2), "", ""]
        known = key.startswith(TERM) and name in concepts and form
        if known and isinstance(value, Mapping) and value.get("status") in STATUSES:
            damage = value.get("damage") if value.get("damage") in DAMAGES else None
            term = Term(form, language, cast(Status, value["status"]), damage=cast("Damage | None", damage))
            concepts[name] = _with(concepts[name], term)
    return concepts


def _with(concept: Concept, term: Term) -> Concept:
    terms = [
        replace(old, status="admitted")
        if term.status == old.status == "preferred" and old.language == term.language and old.form != term.form
        else old
        for old in concept.terms
    ]
    for k, old in enumerate(terms):
        if (old.language, old.form) == (term.language, term.form):
            terms[k] = replace(term, source=old.source)
            return replace(concept, terms=tuple(terms))
    return replace(concept, terms=(*terms, term))


def glossary_of(concepts: Mapping[str, Concept]) -> Glossary:
    """Return concepts, by id, as a glossary that texts can be matched with.

    Raises:
        ValueError: a form that no glossary can hold.
    """
    # A file each: to one file of hundreds of records none is added without all being read again.
    return Glossary(tuple(Glossary.of([concept], name=f"{name}.rec").files[0] for name, concept in concepts.items()))


def added(base: Mapping[str, Concept], glossary: Mapping[str, Concept]) -> dict[Form, Term]:
    """Return the forms that a glossary has and another one, of the same concepts, has not."""
    found = {}
    for name, concept in glossary.items():
        known = {(term.language, term.form) for term in base[name].terms}
        found.update({(name, t.language, t.form): t for t in concept.terms if (t.language, t.form) not in known})
    return found
