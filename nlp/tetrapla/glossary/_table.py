"""Which names a document uses for each concept, how often, and which concepts it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapla.glossary._glossary import Glossary
from tetrapla.model import STATUSES, Concept, Mention, Term

__all__ = ["FormCount", "Row", "table"]


@dataclass(frozen=True, slots=True)
class FormCount:
    """A term and how often a document uses it, inflected or not."""

    term: Term
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """A concept that some document names: its forms by document, the best status first, then the most frequent."""

    concept: Concept
    forms: Mapping[str, tuple[FormCount, ...]]

    @property
    def missing(self) -> tuple[str, ...]:
        """The documents that do not name the concept by any form of any status."""
        return tuple(name for name, forms in self.forms.items() if not forms)

    @property
    def damaged(self) -> tuple[str, ...]:
        """The documents that name the concept by wrong forms only."""
        return tuple(
            name for name, forms in self.forms.items() if forms and all(form.term.status == "noise" for form in forms)
        )


def table(mentions: Mapping[str, Sequence[Mention]], glossary: Glossary) -> list[Row]:
    """Return a row for each concept that is mentioned, in the order of the glossary; `mentions` go by document id.

    Raises:
        KeyError: a mention of a concept that the glossary does not have.
    """
    counts: dict[str, dict[str, Counter[Term]]] = {}
    for name, found in mentions.items():
        for mention in found:
            counts.setdefault(mention.concept, {}).setdefault(name, Counter())[mention.term] += 1
    strangers = set(counts) - set(glossary)
    if strangers:
        raise KeyError(f"mentions of concepts that the glossary does not have: {', '.join(sorted(strangers))}")
    return [
        Row(glossary[concept], {name: _forms(counts[concept].get(name, Counter())) for name in mentions})
        for concept in glossary
        if concept in counts
    ]


def _forms(counts: Counter[Term]) -> tuple[FormCount, ...]:
    ranked = sorted(counts.items(), key=lambda item: (STATUSES.index(item[0].status), -item[1], item[0].form))
    return tuple(FormCount(term, count) for term, count in ranked)
