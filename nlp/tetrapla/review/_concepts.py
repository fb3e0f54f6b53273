"""The concepts of a review: the glossary as reviewers have it now, and where its texts name what.

A status that is set shows at once wherever the form stands, and so does a form that is added.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from tetrapla.glossary import usages
from tetrapla.model import Alignment, Concept, Mention
from tetrapla.review._mentions import mentions_of
from tetrapla.review._prepared import Places, Prepared
from tetrapla.review._terms import changed

__all__ = ["LABELS", "Concepts"]

LABELS = "en"  # the language of the page
Place = tuple[int, int, int]  # start and end in the running text, and the number of the mention


class Concepts:
    """The concepts of a review and where its texts name them; made anew once a term or the texts have changed."""

    def __init__(
        self, glossary: Mapping[str, Concept], prepared: Prepared, alignment: Alignment, items: Mapping[str, Any]
    ) -> None:
        """Take the glossary that the texts were matched with, and what the ledger's items say of terms."""
        self.glossary: Mapping[str, Concept] = changed(glossary, items)
        self._pivot = alignment.pivot
        self._languages = {doc.id: doc.language for doc in alignment.documents}
        self._running = {name: text.running for name, text in prepared.texts.items()}
        self.mentions: Mapping[str, Sequence[Mention]] = mentions_of(prepared, alignment, glossary, self.glossary)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each concept, by id, in the glossary; it stays when terms change."""
        return {name: k for k, name in enumerate(self.glossary)}

    @property
    def names(self) -> list[dict[str, str]]:
        """All concepts, "id" and "name", in the order of the glossary."""
        return [{"id": name, "name": self.name(name, LABELS)} for name in self.glossary]

    def name(self, concept: str, language: str) -> str:
        """Return what a concept is called in a language; its id where the glossary has no name."""
        known = self.glossary.get(concept)
        return (known and known.preferred(language.split("-")[0].lower())) or concept

    def places(self, document: str) -> Places:
        """Return where the mentions of a document stand in the raw text."""
        return self._raw_places[document]

    def inconsistent(self, document: str) -> Sequence[int]:
        """Return the numbers of the mentions by a form that would give way to the one that the document should use.

        The pivot has none: it is the original, and calls things as it likes.
        """
        return self._inconsistent[document]

    def within(self, document: str, start: int, end: int) -> list[Place]:
        """Return where concepts are named in a stretch of the running text: start, end and number of the mention."""
        places, reach = self._places[document]
        found = []
        for k in range(bisect_left(places, (start - reach,)), bisect_left(places, (end,))):
            if places[k][1] > start:
                found.append(places[k])
        return found

    @cached_property
    def _places(self) -> Mapping[str, tuple[list[Place], int]]:
        """Where the mentions stand in the running texts, in order, and how long the longest of them is."""
        out = {}
        for document, mentions in self.mentions.items():
            running = self._running[document]
            found = sorted(
                (place.start, place.end, k)
                for k, mention in enumerate(mentions)
                for place in running.places(mention.spans)
            )
            out[document] = (found, max((end - start for start, end, _ in found), default=0))
        return out

    @cached_property
    def _raw_places(self) -> Mapping[str, Places]:
        return {name: Places([mention.spans for mention in own]) for name, own in self.mentions.items()}

    @cached_property
    def _inconsistent(self) -> Mapping[str, Sequence[int]]:
        out = {}
        for document, mentions in self.mentions.items():
            found = [] if document == self._pivot else usages(mentions, self.glossary, self._languages[document])
            change = {(usage.concept.id, form.term) for usage in found for form in usage.to_change}
            out[document] = [k for k, mention in enumerate(mentions) if (mention.concept, mention.term) in change]
        return out
