"""Terms of the glossary that stand there in a wrong form.

The glossary knows forms that only damage or machine translation made (status noise, or deprecated with what made it)
and forms that it advises against for no damage, since another is used (deprecated): those are told by a check of their
own. A form in a text is no proof by itself: "economic crisis" is a wrong rendering here and sound prose
elsewhere. It is a finding where the aligned passage of the version that the others go by names the concept; without
another version, where the text speaks of the glossary's field at all. What was garbled in a way that nobody has listed
is sought where the other version names a concept and this one has none of its forms (see `_absent`).

The finding is the smallest term that is wrong: of "cross-domain reorganization" that is "cross-domain". An article or
preposition before it is part of the finding where it has to change with the term ("d'indices", "de quotas").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from tetrapla import checks
from tetrapla.checks._listed import Known, known_alone, known_compared
from tetrapla.checks._named import is_sound
from tetrapla.model import Concept, Document, Finding, Segmented, Span

if TYPE_CHECKING:
    from tetrapla.checks._absent import Rendering
    from tetrapla.checks._fitting import Place
    from tetrapla.glossary import Glossary

__all__ = [
    "FIELD",
    "FIELD_PER",
    "broken_term",
    "broken_term_compared",
    "deprecated_term",
    "deprecated_term_compared",
    "led",
]

# Different concepts that a text must name soundly to count as one of the field; a manual of 500,000 characters names
# some thirty by chance ("mechanism", "network"), the field's own papers more in a tenth of that length.
FIELD, FIELD_PER = 20, 3_000
# Scores by status: with the concept in the aligned passage, without it, and without any other version.
SCORES: Mapping[str, tuple[float, float, float]] = {"noise": (0.95, 0.55, 0.7), "deprecated": (0.85, 0.3, 0.5)}
LEAST = 0.5
# What only stands where a term should is reported from this probability on.
LEAST_ABSENT = 0.4
# So much of the text around a place says what form fits it.
AROUND = 40
DAMAGE = {
    "ocr": "misread letters",
    "literal": "a translation word by word",
    "sense": "the wrong sense of a word",
    "name": "a garbled name",
}


@cache
def _glossary() -> Glossary:
    # Not where the module is imported: cleaning a text asks for no terms, and should not wait for them.
    from tetrapla.glossary import load

    return load()


@checks.add("broken-term")
def broken_term(text: Segmented) -> Iterator[Finding]:
    """A term of the glossary in a form that only damage or machine translation made ("cross-domain", "Muldaur")."""
    return _alone(text, broken=True)


@checks.add("deprecated-term")
def deprecated_term(text: Segmented) -> Iterator[Finding]:
    """A term in a form that the glossary advises against, since another one is used ("innovation subject")."""
    return _alone(text, broken=False)


def _alone(text: Segmented, *, broken: bool) -> Iterator[Finding]:
    from tetrapla.glossary import match

    glossary = _glossary()
    mentions = match(text, glossary)
    sound = {mention.concept for mention in mentions if is_sound(mention)}
    if len(sound) < max(FIELD, len(text.document.text) / FIELD_PER):
        return
    for known in known_alone(text, mentions, glossary, broken=broken):
        yield _known_finding(known, glossary, text, SCORES[known.wrong.term.status][2], "the text alone")


@checks.add("broken-term", takes="comparison", replaces=True)
def broken_term_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """A term in a wrong form, or other words in its place, where the aligned passage of the other version names it."""
    found = list(_listed(comparison, broken=True))
    yield from found
    taken = [span for finding in found for span in finding.spans]
    yield from _absent_findings(comparison, taken)


@checks.add("deprecated-term", takes="comparison", replaces=True)
def deprecated_term_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """A term in a form that the glossary advises against, where the aligned passage of the other version names it."""
    return _listed(comparison, broken=False)


# ---------------------------------------------------------------------------------------------------- known forms


def _listed(comparison: checks.Comparison, *, broken: bool) -> Iterator[Finding]:
    for known in known_compared(comparison, broken=broken):
        score = SCORES[known.wrong.term.status][0 if known.agreed else 1]
        if score >= LEAST:
            by = "the other version" if known.agreed else "the text alone"
            yield _known_finding(known, comparison.glossary, comparison.text, score, by)


def _known_finding(known: Known, glossary: Mapping[str, Concept], text: Segmented, score: float, by: str) -> Finding:
    term, concept = known.wrong.term, glossary[known.wrong.concept]
    damage = f", {DAMAGE[term.damage]}" if term.damage in DAMAGE else ""
    evidence: dict[str, Any] = {"by": by, "form": term.form, "status": term.status}
    if term.damage:
        evidence["damage"] = term.damage
    if known.named:
        evidence["named"] = known.named
    told = "a wrong form" if term.broken else "a form to avoid"
    why = f"“{term.form}” is {told} for {concept.preferred('zh') or concept.id}{damage}"
    place = _place(text, known.spans, known.words)._replace(named=known.named, phrase=known.phrase)
    kind = "broken-term" if term.broken else "deprecated-term"
    return _finding(concept, text, place, known.spans, score, evidence, why, kind=kind)


# ------------------------------------------------------------------------------------------------ unknown forms


def _absent_findings(comparison: checks.Comparison, taken: Iterable[Span]) -> Iterator[Finding]:
    """Yield what stands where a term should stand, away from what was found already."""
    from tetrapla.checks._absent import absent_of

    absent = absent_of(comparison)
    known = sorted(taken)
    for rendering in absent.renderings if absent else ():
        span = absent.span(rendering) if absent else Span(0, 0)
        if rendering.score >= LEAST_ABSENT and not any(span.overlaps(other) for other in known):
            yield _absent_finding(comparison, rendering, span)


def _absent_finding(comparison: checks.Comparison, rendering: Rendering, span: Span) -> Finding:
    from tetrapla.checks._absent import TOLD

    concept, text = comparison.glossary[rendering.due.concept], comparison.text
    words = " ".join(text.document[span].split())
    evidence: dict[str, Any] = {"by": "what stands opposite", "named": rendering.due.term}
    evidence |= {told: round(rendering.traits[name], 2) for name, told in TOLD.items() if rendering.traits[name]}
    why = (
        f"The other version has {rendering.due.term}, this one has none of its forms there, "
        f"and “{words}” stands where it should"
    )
    place = _place(text, (span,), words)._replace(named=rendering.due.term)
    return _finding(concept, text, place, (span,), rendering.score, evidence, why)


# ------------------------------------------------------------------------------------------------ findings


def _place(text: Segmented, spans: tuple[Span, ...], words: str) -> Place:
    from tetrapla.checks._fitting import Place

    raw, start, end = text.document.text, spans[0].start, spans[-1].end
    return Place(text.document.language, words, raw[max(0, start - AROUND) : start], raw[end : end + AROUND])


def _finding(
    concept: Concept,
    text: Segmented,
    place: Place,
    spans: tuple[Span, ...],
    score: float,
    evidence: Mapping[str, Any],
    why: str,
    *,
    kind: str = "broken-term",
) -> Finding:
    from tetrapla.checks._fitting import fitting

    fix = fitting(concept, place)
    words = fix
    if fix is not None:
        spans, words = led(text.document, spans, place.words, fix)
    return Finding(
        type=kind,
        spans=spans,
        score=round(score, 3),
        grade="review",
        replacement=words if fix != place.words else None,
        concept=concept.id,
        evidence=evidence,
        message=why + (f"; the glossary has “{fix}”." if fix else "."),
    )


def led(doc: Document, spans: tuple[Span, ...], old: str, new: str) -> tuple[tuple[Span, ...], str]:
    """Return a new term that replaces an old one, with the article before it if that has to change, and its spans."""
    from tetrapla.glossary._articles import leading

    start, article = leading(doc.text, spans[0].start, old, new, doc.language.split("-")[0].lower()) or (0, "")
    if not article:
        return spans, new
    return (Span(start, spans[0].end), *spans[1:]), article + new
