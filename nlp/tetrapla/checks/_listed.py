"""Where a version has a form that the glossary lists as wrong: of which concept, and which part of it is wrong.

A wrong form may be that of several concepts, and a longer one wrong in a part only, that of another concept: the other
version tells which are named there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tetrapla import checks
from tetrapla.checks._beads import Beads
from tetrapla.checks._named import Parts, is_sound
from tetrapla.model import SOUND, Concept, Mention, Segmented, Span

if TYPE_CHECKING:
    from tetrapla.glossary._wrong import Wrong, WrongForms

__all__ = ["Known", "known_alone", "known_compared"]

# The language of the names that tell which concepts are parts of another one.
NAMED_IN = "zh"


class Known(NamedTuple):
    """A wrong form where it stands: its spans and words, whether the other version agrees, and what that calls it.

    `phrase` is the beginning of a longer wrong form of which it is the rest.
    """

    wrong: Wrong
    spans: tuple[Span, ...]
    words: str
    agreed: bool
    named: str
    phrase: str = ""


def known_alone(
    text: Segmented, mentions: Iterable[Mention], glossary: Mapping[str, Concept], *, broken: bool
) -> Iterator[Known]:
    """Yield the wrong forms in a text by itself, of each the smallest part that is wrong; nothing agrees with them."""
    forms, parts = _wrong_forms(glossary, text, broken=broken), Parts(glossary, NAMED_IN)
    for mention in _wrong(mentions, broken=broken):
        part = _part(mention, forms, parts.below(mention.concept), text)
        yield part or Known(forms.whole(mention)[0], mention.spans, _words(mention, text), False, "")


def known_compared(comparison: checks.Comparison, *, broken: bool) -> Iterator[Known]:
    """Yield the wrong forms in a version, each the smallest term that is wrong, of the concept that is named there."""
    text = comparison.text
    mentions = list(_wrong(comparison.mentions.get(comparison.subject, ()), broken=broken))
    if not mentions:
        return
    named, beads = _named(comparison), Beads(comparison.alignment, comparison.subject)
    forms = _wrong_forms(comparison.glossary, text, broken=broken)
    pivot = comparison.versions[comparison.alignment.pivot].document.language
    parts = Parts(comparison.glossary, pivot)
    for mention in mentions:
        around = {beads.at(span.start) for span in mention.spans} | {beads.at(span.end - 1) for span in mention.spans}
        here: dict[str, str] = {}
        for bead in around:
            here |= named.get(bead, {}) if bead is not None else {}
        whole = forms.whole(mention)
        wrong = next((wrong for wrong in whole if wrong.concept in here), whole[0])
        agreed = wrong.concept in here
        # A name may be wrong only in that of another concept, which is in it in the other language as well.
        part = _part(mention, forms, parts.below(wrong.concept) | here.keys(), text)
        if part is not None:
            name = here.get(part.wrong.concept, "")
            yield part._replace(agreed=agreed or bool(name), named=name)
        else:
            yield Known(wrong, mention.spans, _words(mention, text), agreed, here.get(wrong.concept, ""))


def _part(mention: Mention, forms: WrongForms, concepts: Collection[str], text: Segmented) -> Known | None:
    """Return the part of a mention that is wrong as the name of one of some concepts, None where there is none."""
    part = next((inner for inner in forms.parts(mention) if inner.concept in concepts), None)
    spans = _spans_of(mention, part, text) if part is not None else ()
    if part is None or not spans:
        return None
    return Known(part, spans, mention.matched[part.start : part.end], False, "", mention.matched[: part.start])


def _wrong_forms(glossary: Mapping[str, Concept], text: Segmented, *, broken: bool) -> WrongForms:
    from tetrapla.glossary._wrong import WrongForms

    return WrongForms(glossary, text.document.language, broken=broken)


def _named(comparison: checks.Comparison) -> dict[int, dict[str, str]]:
    """Return what the pivot names soundly in each bead, and by which words; for the pivot, what any other does."""
    pivot, subject = comparison.alignment.pivot, comparison.subject
    witnesses = [pivot] if pivot != subject else [name for name in comparison.versions if name != subject]
    named: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for name in witnesses:
        mentions = [mention for mention in comparison.mentions.get(name, ()) if is_sound(mention)]
        parts = Parts(comparison.glossary, comparison.versions[name].document.language)
        beads = Beads(comparison.alignment, name)
        for bead, inside in beads.sorted_out(mentions, lambda mention: mention.spans[0].start).items():
            for mention in inside:
                for part in parts.of(mention):
                    named[bead].setdefault(part.concept, mention.matched[part.start : part.end])
            named[bead] |= {mention.concept: mention.matched for mention in inside}
    return named


def _wrong(mentions: Iterable[Mention], *, broken: bool) -> Iterator[Mention]:
    """Return the mentions by a form that is damage, or only to be avoided; those inside a longer such one left out."""
    wrong = [m for m in mentions if m.term.status not in SOUND and m.term.broken == broken]
    by_concept: defaultdict[str, list[Span]] = defaultdict(list)
    for mention in sorted(wrong, key=lambda m: (m.spans[0].start, -m.spans[-1].end)):
        place = Span(min(s.start for s in mention.spans), max(s.end for s in mention.spans))
        known = by_concept[mention.concept]
        if not (known and known[-1].covers(place)):
            known.append(place)
            yield mention


def _spans_of(mention: Mention, part: Wrong, text: Segmented) -> tuple[Span, ...]:
    """Return where a part of a mention stands in the raw text, nothing where the two differ in more than blanks."""
    raw = text.document.text
    ink = [k for span in mention.spans for k in range(span.start, span.end) if not raw[k].isspace()]
    matched = [k for k, char in enumerate(mention.matched) if not char.isspace()]
    if len(ink) != len(matched):
        return ()
    places = [k for k, at in zip(ink, matched, strict=True) if part.start <= at < part.end]
    start, end = min(places), max(places) + 1
    return tuple(
        Span(max(start, span.start), min(end, span.end))
        for span in mention.spans
        if span.start < end and start < span.end
    )


def _words(mention: Mention, text: Segmented) -> str:
    return mention.matched or " ".join(text.document[span] for span in mention.spans)
