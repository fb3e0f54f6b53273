"""What is told of a concept under review: definition, forms with their counts, relations, and where it is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tetrapla.errors import UnknownNameError
from tetrapla.glossary import relation_label, told
from tetrapla.model import STATUSES
from tetrapla.review._changes import TERM
from tetrapla.review._concepts import LABELS
from tetrapla.review._look import Look
from tetrapla.review._prepared import Places

__all__ = ["card"]


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of a concept in a language, as cards count it."""

    language: str
    form: str


def card(look: Look, name: str) -> dict[str, Any]:
    """Return what is to be told of a concept: definition, forms with their counts by version, relations, rows.

    Raises:
        UnknownNameError: the glossary has no such concept.
    """
    concepts = look.concepts
    if name not in concepts.glossary:
        raise UnknownNameError("concept", name, get_close_matches(name, concepts.glossary), similar=True)
    concept = concepts.glossary[name]
    counts: dict[_Form, Counter[str]] = {}
    rows: dict[int, None] = {}
    for document, mentions in concepts.mentions.items():
        own = [mention for mention in mentions if mention.concept == name]
        for mention in own:
            counts.setdefault(_Form(mention.term.language, mention.term.form), Counter())[document] += 1
        rows |= dict.fromkeys(look.homes.rows_of(document, Places([mention.spans for mention in own])).tolist())
    return {
        "id": name,
        "name": concepts.name(name, LABELS),
        "definition": dict(concept.definition),
        "terms": [
            {
                "form": term.form,
                "language": term.language,
                "status": term.status,
                "damage": term.damage,
                "counts": dict(counts.get(_Form(term.language, term.form), {})),
                "yours": look.items.get(f"{TERM}{name}:{term.language}:{term.form}") is not None,
            }
            for term in sorted(concept.terms, key=lambda term: (term.language, STATUSES.index(term.status)))
        ],
        "counts": dict(sum(counts.values(), Counter[str]())),
        "relations": [
            {
                "label": relation_label(relation.type, LABELS),
                "id": relation.target,
                "name": concepts.name(relation.target, LABELS),
            }
            for relation in told(concepts.glossary, name)
            if relation.target in concepts.glossary
        ],
        "rows": [look.homes.ids[number] for number in sorted(rows) if number >= 0],
    }
