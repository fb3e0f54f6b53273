"""Terms of the glossary that stand there in a wrong or unwanted form.

The glossary knows forms that only damage or machine translation made (status noise) and forms that it advises against
(deprecated). A form in a text is no proof by itself: "economic crisis" is a wrong rendering here and sound prose
elsewhere. It is a finding where the aligned passage of the version that the others go by names the concept; without
another version, where the text speaks of the glossary's field at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from tetrapla import checks
from tetrapla.checks._beads import Beads
from tetrapla.model import Concept, Finding, Mention, Segmented, Span

if TYPE_CHECKING:
    from tetrapla.glossary import Glossary

__all__ = ["broken_term", "broken_term_compared"]

BROKEN = ("noise", "deprecated")
# Different concepts that a text must name soundly to count as one of the field; a manual of 500,000 characters names
# some thirty by chance ("mechanism", "network"), the field's own papers more in a tenth of that length.
FIELD, FIELD_PER = 20, 3_000
# Scores by status: with the concept in the aligned passage, without it, and without any other version.
SCORES: Mapping[str, tuple[float, float, float]] = {"noise": (0.95, 0.55, 0.7), "deprecated": (0.85, 0.3, 0.5)}
LEAST = 0.5


@cache
def _glossary() -> Glossary:
    # Not where the module is imported: cleaning a text asks for no terms, and should not wait for them.
    from tetrapla.glossary import load

    return load()


@checks.add("broken-term")
def broken_term(text: Segmented) -> Iterator[Finding]:
    """A term of the glossary in a form that only damage or machine translation made ("cross-domain", "Muldaur")."""
    from tetrapla.glossary import match

    glossary = _glossary()
    mentions = match(text, glossary)
    sound = {mention.concept for mention in mentions if _sound(mention)}
    if len(sound) < max(FIELD, len(text.document.text) / FIELD_PER):
        return
    for mention in _broken(mentions):
        yield _finding(mention, glossary, text, SCORES[mention.term.status][2], "the text alone")


@checks.add("broken-term", takes="comparison", replaces=True)
def broken_term_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """A term in a wrong form where the aligned passage of the other version names its concept."""
    named, beads = _named(comparison), Beads(comparison.alignment, comparison.subject)
    for mention in _broken(comparison.mentions.get(comparison.subject, ())):
        around = {beads.at(span.start) for span in mention.spans} | {beads.at(span.end - 1) for span in mention.spans}
        agreed = any(mention.concept in named.get(bead, ()) for bead in around if bead is not None)
        score = SCORES[mention.term.status][0 if agreed else 1]
        if score >= LEAST:
            by = "the other version" if agreed else "the text alone"
            yield _finding(mention, comparison.glossary, comparison.text, score, by)


def _named(comparison: checks.Comparison) -> dict[int, set[str]]:
    """Return the concepts that the pivot names soundly in each bead; for the pivot itself, what any other does."""
    pivot, subject = comparison.alignment.pivot, comparison.subject
    witnesses = [pivot] if pivot != subject else [name for name in comparison.versions if name != subject]
    named: defaultdict[int, set[str]] = defaultdict(set)
    for name in witnesses:
        mentions = [mention for mention in comparison.mentions.get(name, ()) if _sound(mention)]
        beads = Beads(comparison.alignment, name)
        for bead, inside in beads.sorted_out(mentions, lambda mention: mention.spans[0].start).items():
            named[bead] |= {mention.concept for mention in inside}
    return named


def _sound(mention: Mention) -> bool:
    return mention.term.status not in BROKEN


def _broken(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Return the mentions by a broken form, those inside a longer broken one left out."""
    broken = [mention for mention in mentions if not _sound(mention)]
    by_concept: defaultdict[str, list[Span]] = defaultdict(list)
    for mention in sorted(broken, key=lambda m: (m.spans[0].start, -m.spans[-1].end)):
        place = Span(min(s.start for s in mention.spans), max(s.end for s in mention.spans))
        known = by_concept[mention.concept]
        if not (known and known[-1].covers(place)):
            known.append(place)
            yield mention


def _finding(mention: Mention, glossary: Mapping[str, Concept], text: Segmented, score: float, by: str) -> Finding:
    concept = glossary[mention.concept]
    preferred = concept.preferred(text.document.language)
    matched = mention.matched or " ".join(text.document[span] for span in mention.spans)
    fix = _as_written(preferred, matched) if preferred else None
    name = concept.preferred("zh") or concept.id
    return Finding(
        type="broken-term",
        spans=mention.spans,
        score=score,
        grade="review",
        replacement=fix if fix != matched else None,
        concept=concept.id,
        evidence={"by": by, "form": mention.term.form, "status": mention.term.status},
        message=f"“{mention.term.form}” is a wrong form for {name}" + (f"; the glossary has “{fix}”." if fix else "."),
    )


def _as_written(preferred: str, matched: str) -> str:
    """Return the canonical form with the capitals of what stands there."""
    if matched[:1].isupper() and preferred[:1].islower():
        return preferred[0].upper() + preferred[1:]
    return preferred
