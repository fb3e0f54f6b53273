"""Where texts under review name concepts: as they were matched, and by what reviewers have decided on terms since.

A form that is added is sought in the running texts, it alone, and joins the mentions that were found before as
`tetrapla.glossary.match` would have had it: none lies within another, and where two concepts share a form the better
status counts, then what the aligned passages say (`tetrapla.readings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tetrapla import languages
from tetrapla.glossary import Matcher
from tetrapla.model import STATUSES, Alignment, Concept, Mention, Reading, Term, ViewSpan
from tetrapla.readings import decide
from tetrapla.review._prepared import Form, Prepared, Text
from tetrapla.review._terms import added, glossary_of

__all__ = ["mentions_of"]


def mentions_of(
    prepared: Prepared, alignment: Alignment, base: Mapping[str, Concept], glossary: Mapping[str, Concept]
) -> dict[str, tuple[Mention, ...]]:
    """Return the mentions of each document by the terms of a glossary that was made out of another one, `base`."""
    now = {(name, term.language, term.form): term for name, own in glossary.items() for term in own.terms}
    before = {
        document: tuple(kept for mention in mentions if (kept := _as_now(mention, now)) is not None)
        for document, mentions in prepared.mentions.items()
    }
    new = {form: term for form, term in added(base, glossary).items() if form not in prepared.forms}
    if not new:
        return before
    matcher = Matcher(glossary_of(_concepts_of(new)))
    joined = dict(before)
    for doc in alignment.documents:
        text = prepared.texts[doc.id]
        if any(_may_stand(term, text.running.text, doc.language) for term in new.values()):
            joined[doc.id] = _joined(before[doc.id], _found(text, matcher, doc.language))
    return _told_apart(alignment, before, joined)


def _told_apart(
    alignment: Alignment, before: Mapping[str, Sequence[Mention]], joined: dict[str, tuple[Mention, ...]]
) -> dict[str, tuple[Mention, ...]]:
    """Return mentions with those that are new, and may mean two concepts, as the aligned passages tell."""
    known = {document: frozenset(mentions) for document, mentions in before.items()}
    if not any(m.others and m not in known[document] for document, mentions in joined.items() for m in mentions):
        return joined
    sure = decide(alignment, joined)
    return {
        document: tuple(old if old in known[document] else new for old, new in zip(own, sure[document], strict=True))
        for document, own in joined.items()
    }


def _as_now(mention: Mention, now: Mapping[Form, Term]) -> Mention | None:
    """Return a mention with its terms as they are now, None where the glossary has none of them any more."""
    readings = [Reading(mention.concept, mention.term), *mention.others]
    found = [
        Reading(name, now[name, term.language, term.form])
        for name, term in readings
        if (name, term.language, term.form) in now
    ]
    if found == readings:
        return mention
    return replace(mention, concept=found[0].concept, term=found[0].term, others=tuple(found[1:])) if found else None


def _concepts_of(forms: Mapping[Form, Term]) -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    for (name, _, _), term in forms.items():
        found[name] = Concept(name, (*(found[name].terms if name in found else ()), term))
    return found


def _may_stand(term: Term, text: str, language: str) -> bool:
    """Return whether a form may be found in a text of a language; asked before the whole text is looked through."""
    if term.language == languages.get(language).code:
        return True
    # Of other languages those are sought that `Matcher.find` tells of, and no inflected forms of theirs.
    return term.form.casefold() in text.casefold()


def _found(text: Text, matcher: Matcher, language: str) -> list[Mention]:
    """Return where a text has the forms of a matcher, paragraph by paragraph."""
    running = text.running.text
    bounds = [*text.running.paragraphs, len(running)]
    flows = [running[start:end] for start, end in pairwise(bounds)]
    mentions = []
    for start, hits in zip(bounds, matcher.find_each(flows, language), strict=False):
        for hit in hits:
            first, *others = hit.candidates
            spans = text.raws(ViewSpan(start + hit.start, start + hit.end))
            readings = tuple(Reading(other.concept, other.term) for other in others)
            matched = running[start + hit.start : start + hit.end]
            mentions.append(Mention(first.concept, first.term, spans, matched, readings))
    return mentions


def _joined(old: Sequence[Mention], new: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return mentions of both kinds, by place, none within another; of one place the better status is meant."""
    spans = {mention.spans: mention for mention in old}
    rest = []
    for mention in new:
        same = spans.get(mention.spans)
        if same is None:
            rest.append(mention)
        else:
            spans[mention.spans] = _shared(same, mention)
    ordered = sorted([*spans.values(), *rest], key=lambda m: (m.spans[0].start, -m.spans[-1].end))
    kept: list[Mention] = []
    for mention in ordered:
        # The first of those that begin no later reaches farthest, or has been told to hold this one.
        if kept and len(kept[-1].spans) == len(mention.spans) == 1 and kept[-1].spans[0].covers(mention.spans[0]):
            continue
        kept.append(mention)
    return tuple(sorted(kept, key=lambda mention: mention.spans))


def _shared(old: Mention, new: Mention) -> Mention:
    readings = [Reading(m.concept, m.term) for m in (old, new)] + [*old.others, *new.others]
    best, *others = sorted(dict.fromkeys(readings), key=lambda reading: STATUSES.index(reading.term.status))
    return replace(old, concept=best.concept, term=best.term, others=tuple(others))
