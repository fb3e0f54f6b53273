"""Proposals as records for a person to go through: what is kept is moved into the glossary, the rest is deleted.

A new concept gets an id out of its English form (or a number), its forms, and notes with the evidence; definition,
source, subject and what no version has are for the person. A new form stands in a record of its concept, beside the
preferred terms. Examples are places of the texts, ``document:start-end`` in code points, never their sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tetrapla.glossary import Glossary, RecordFile
from tetrapla.glossary.exchange._concepts import slug
from tetrapla.propose._concepts import NewConcept, Wording
from tetrapla.propose._forms import NewForm

__all__ = ["records"]

HEAD = """\
# Proposals of `tetrapla glossary propose`, to be gone through: move what is right to the glossary, delete the rest.
# A note says of each version: rank among its proposals, how often, C-value, keyness (natural logarithm), places.
"""
MOST_WORDS_OF_ID = 5


def records(concepts: Sequence[NewConcept], forms: Sequence[NewForm], glossary: Glossary) -> RecordFile:
    """Return proposals as a file of records."""
    text = [HEAD]
    taken = set(glossary)
    for concept in concepts:
        text.append(_block(_new_concept(concept, taken)))
    for name in dict.fromkeys(form.concept for form in forms):
        text.append(_block(_new_forms(name, [form for form in forms if form.concept == name], glossary)))
    return RecordFile("proposals.rec", "\n".join(text))


def _block(fields: Iterable[tuple[str, str]]) -> str:
    return RecordFile("", "").with_record(fields).text


def _new_concept(concept: NewConcept, taken: set[str]) -> list[tuple[str, str]]:
    by_language: dict[str, Wording] = {}
    for wording in concept.wordings:
        by_language.setdefault(wording.language, wording)
    fields = [("id", _id(by_language, taken))]
    for code in sorted(by_language, key=_order):
        first, *others = by_language[code].forms
        fields += [(code, first), *((f"{code}_alt", form) for form in others)]
    return [*fields, *(("note", _evidence(wording)) for wording in concept.wordings)]


def _order(code: str) -> tuple[int, str]:
    return ("zh", "en", "es", "fr").index(code) if code in ("zh", "en", "es", "fr") else 4, code


def _id(by_language: dict[str, Wording], taken: set[str]) -> str:
    english = by_language.get("en")
    words = slug(english.forms[0]).split("-")[:MOST_WORDS_OF_ID] if english else []
    base = "-".join(words) or "proposal"
    number = 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def _evidence(wording: Wording) -> str:
    parts = (
        [f"proposed in {wording.document} at rank {wording.rank}"]
        if wording.rank
        else [f"opposite in {wording.document}"]
    )
    if wording.like is not None:
        parts.append(f"words alike {wording.like:.2f}")
    parts += [f"{wording.count}×", f"C-value {wording.c_value:.1f}", f"keyness {wording.keyness:.1f}"]
    return f"{', '.join(parts)}: {_places(wording)}"


def _places(wording: Wording) -> str:
    shown = " ".join(f"{wording.document}:{span.start}-{span.end}" for span in wording.spans)
    return shown + (" …" if wording.count > len(wording.spans) else "")


def _new_forms(name: str, forms: Sequence[NewForm], glossary: Glossary) -> list[tuple[str, str]]:
    concept = glossary[name]
    fields = [("id", name)]
    fields += [(term.language, term.form) for term in concept.terms if term.status == "preferred"]
    for form in forms:
        kind = f"wrong_{form.damage}" if form.damage else "alt"
        fields.append((f"{form.wording.language}_{kind}", form.wording.forms[0]))
    return fields + [("note", _why(form)) for form in forms]


def _why(form: NewForm) -> str:
    guess = f"perhaps wrong ({form.damage})" if form.damage else "perhaps right"
    wording, association = form.wording, form.association
    return (
        f"“{wording.forms[0]}” {guess}, rated {form.rating:.2f}: in {association.beads} of {form.lacking} beads that "
        f"lack the concept in {wording.document}, log-likelihood {association.likelihood:.1f}, words alike "
        f"{wording.like or 0:.2f}, spelt alike {form.spelt:.2f}: {_places(wording)}"
    )
