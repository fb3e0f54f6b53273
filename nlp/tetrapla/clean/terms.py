"""One name for a concept: what a text calls it now and then gives way to what it mostly calls it.

Which name that is, only the whole text tells: it is read once to count (`tetrapla.glossary.usages`) and once to clean.
Forms that are damage are findings of the check `broken-term`, those to avoid for no damage of `deprecated-term`; here
are the sound ones of which there are too many. What is proposed is always to be looked at: two words for one thing may
be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from tetrapla import languages
from tetrapla.checks._fitting import Place, fitting
from tetrapla.checks.terms import FIELD, FIELD_PER, led
from tetrapla.clean.choice import UNIFORM
from tetrapla.clean.parts import read_parts
from tetrapla.detect import detect
from tetrapla.glossary._articles import leading, without_article
from tetrapla.glossary._consistency import Usage, is_akin, is_shorter, usages
from tetrapla.model import SOUND, Concept, Document, Finding, Mention, Segmented, Span, Term
from tetrapla.segment import segment

if TYPE_CHECKING:
    from tetrapla.glossary import Glossary

__all__ = ["Uniform", "replacements", "uniform"]

# How sure it is that a form should give way, by its status; of names that are parts of one another, or of one family;
# and what is left of that where an article before may have to change and it is not known into what.
SCORES: Mapping[str, float] = {"noise": 0.9, "deprecated": 0.7, "admitted": 0.6, "preferred": 0.6}
SHORTER, DISTURBED = 0.4, 0.5
# So many characters before a term are looked at, for the noun that it may go with.
BEFORE = 30


@cache
def _glossary() -> Glossary:
    # Cleaning that asks for no terms should not wait for them.
    from tetrapla.glossary import load

    return load()


@dataclass(frozen=True)
class Uniform:
    """The name that a text is to use for each concept, by language and by the id of the concept."""

    names: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)

    def findings(self, segmented: Segmented) -> Iterator[Finding]:
        """Yield what stands in a text or a part of it, soundly, by another name than the one to use."""
        from tetrapla.glossary import match

        names = self._of(segmented.document)
        if names:
            glossary = _glossary()
            sound = (mention for mention in match(segmented, glossary) if mention.term.status in SOUND)
            yield from replacements(segmented.document, sound, names, glossary)

    def renamed(self, doc: Document, finding: Finding) -> Finding:
        """Return what is said of a wrong form, with the name that the text uses where that is not the preferred one."""
        use = self._of(doc).get(finding.concept or "")
        if use is None or use.status == "preferred" or not finding.replacement:
            return finding
        # The article before is part of what is replaced where it has to change.
        head = Span(without_article(doc.text, finding.spans[0], use.language), finding.spans[0].end)
        spans = (head, *finding.spans[1:])
        words = " ".join(doc[span] for span in spans)
        spans, form = led(doc, spans, words, _fitted(use, words, _before(doc, head.start)))
        return replace(finding, spans=spans, replacement=form)

    def _of(self, doc: Document) -> Mapping[str, Term]:
        return self.names.get(languages.get(doc.language).code, {})


def uniform(pieces: Iterable[str], language: str | None) -> Uniform:
    """Return the name that a text in pieces should use for each concept; `language` is detected where it is None.

    None are named for a language in which the text hardly speaks of the glossary's field: there its everyday words
    mean other things.
    """
    from tetrapla.glossary import match

    glossary = _glossary()
    mentions: defaultdict[str, list[Mention]] = defaultdict(list)
    lengths: defaultdict[str, int] = defaultdict(int)
    for text in read_parts(pieces, language):
        code = languages.get(language or detect(text)).code
        lengths[code] += len(text)
        mentions[code] += match(segment(Document(code, code, text)), glossary)
    names = {code: _names(usages(found, glossary, code), lengths[code]) for code, found in mentions.items()}
    return Uniform({code: own for code, own in names.items() if own})


def _names(used: Iterable[Usage], length: int) -> dict[str, Term]:
    used = [usage for usage in used if usage.dominant is not None]
    if len(used) < max(FIELD, length / FIELD_PER):
        return {}
    return {usage.concept.id: usage.use for usage in used if usage.use is not None}


def replacements(
    doc: Document, mentions: Iterable[Mention], names: Mapping[str, Term], glossary: Mapping[str, Concept]
) -> Iterator[Finding]:
    """Yield the mentions whose form is not the one to use (`names`, by concept), with that in number and capitals.

    What may stand for another concept as well is left alone.
    """
    code = languages.get(doc.language).code
    for mention in mentions:
        use = names.get(mention.concept)
        if use is None or mention.others or mention.term == use or mention.term.language != code:
            continue
        before = _before(doc, mention.spans[0].start)
        words = mention.matched or " ".join(doc[span] for span in mention.spans)
        form = _fitted(use, words, before)
        if form == words:
            continue
        known = leading(doc.text, mention.spans[0].start, words, form, code) is not None
        spans, form = led(doc, mention.spans, words, form)
        yield Finding(
            type=UNIFORM,
            spans=spans,
            score=_score(mention.term, use) * (1 if known else DISTURBED),
            grade="review",
            replacement=form,
            concept=mention.concept,
            evidence={"form": mention.term.form, "status": mention.term.status, "use": use.form},
            message=f"{_called(glossary, mention.concept)} is mostly called “{use.form}” here.",
        )


def _before(doc: Document, start: int) -> str:
    return doc.text[max(0, start - BEFORE) : start]


def _fitted(use: Term, words: str, before: str) -> str:
    """Return a term in the number and with the capitals of the words that it is to stand for."""
    # A concept that has but this form: no other one is chosen.
    own = Concept("", (Term(use.form, use.language, "preferred"),))
    return fitting(own, Place(use.language, words, before)) or use.form


def _called(glossary: Mapping[str, Concept], name: str) -> str:
    return (glossary[name].preferred("zh") if name in glossary else None) or name


def _score(term: Term, use: Term) -> float:
    # "Divergent" is no name that "divergence" could stand for: one word of a family is not another's synonym.
    if len(term.form.split()) == len(use.form.split()) == 1 and is_akin(term.form, use.form):
        return SHORTER
    if term.status in SOUND and (is_shorter(term.form, use.form) or is_shorter(use.form, term.form)):
        return SHORTER
    return SCORES[term.status]
