"""Cleaning in rounds, until nothing is left to do.

One repair can bring another to light (a joined line shows a split word), so that what is cleaned is looked at once
more; what a round changes is composed with what the rounds before changed, and edits always speak of the raw text. The
rounds are bounded: places that go on changing are left as they came, and where even that does not come to rest the
text stays as it is. So cleaning twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tetrapla import checks
from tetrapla.clean.accept import accepted, clashes
from tetrapla.clean.choice import LINE_JOIN, LINE_WRAP, REJOIN, RULES, WRONG, Choice
from tetrapla.clean.compose import by_place, composed, made
from tetrapla.clean.layout import SET_OFF, joins, rejoins, unwraps, wraps
from tetrapla.model import Document, Edit, Finding, Segmented
from tetrapla.rank import ranked
from tetrapla.segment import segment

if TYPE_CHECKING:
    from tetrapla.clean.terms import Uniform

__all__ = ["edits_of"]

# On the paper two rounds are enough and a third finds nothing; what changes for longer than this goes in circles.
ROUNDS = 4
LAYOUTS = 8


def edits_of(segmented: Segmented, findings: Iterable[Finding] | None, choice: Choice) -> list[Edit]:
    """Return the edits that clean a text; `findings` are those of the first round, by default what the checks find."""
    doc, width = segmented.document, choice.width
    if width is None or not choice.lines(LINE_WRAP):
        return _settled(segmented, findings, choice)
    # A text that was wrapped before is read as it was then: its lines are no lines of a page.
    before = unwraps(doc, width)
    flat = _read(doc, before) if before else segmented
    edits = composed(doc, before, _settled(flat, None if before else findings, choice))
    return composed(doc, edits, _wrapped(_read(doc, edits), width))


def _wrapped(flat: Segmented, width: int) -> list[Edit]:
    """Return the edits that wrap a text so that the same lines are joined when it is read again.

    Lines that would be taken for one paragraph though they are none are set apart.
    """
    breaks = wraps(flat, width)
    for _ in range(ROUNDS):
        doc = replace(flat.document, text=made(flat.document.text, breaks))
        own: set[int] = set()
        shift = 0
        for edit in breaks:
            own.add(edit.span.start + shift)
            shift += len(edit.replacement) - len(edit.span)
        others = [edit for edit in unwraps(doc, width) if edit.span.start not in own]
        if not others:
            break
        breaks = composed(flat.document, breaks, [replace(edit, replacement=SET_OFF) for edit in others])
    return breaks


def _settled(segmented: Segmented, findings: Iterable[Finding] | None, choice: Choice) -> list[Edit]:
    """Return the edits of all rounds if nothing is left to do after them, else those that leave lines alone, else none.

    What is returned for a text that does not come to rest must come to rest by itself: it is looked at again.
    """
    doc = segmented.document
    edits, settled = _rounds(segmented, findings, choice)
    if settled or not _rounds(_read(doc, edits), None, choice)[0]:
        return edits
    alone = replace(choice, keep_lines=True)
    edits, settled = _rounds(segmented, findings, alone)
    again, restful = _rounds(_read(doc, edits), None, choice)
    return edits if settled and not (again and restful) else []


def _read(doc: Document, edits: Iterable[Edit]) -> Segmented:
    """Return the text that edits make, segmented."""
    return segment(replace(doc, text=made(doc.text, edits)))


def _rounds(segmented: Segmented, findings: Iterable[Finding] | None, choice: Choice) -> tuple[list[Edit], bool]:
    """Return the edits of all rounds, and whether the last one found nothing more to do.

    Where it still did, the places that it would have changed are left as they came.
    """
    doc = segmented.document
    total: list[Edit] = []
    for _ in range(ROUNDS):
        new = _round(segmented, findings, choice)
        if not new:
            return total, True
        total = composed(doc, total, new)
        segmented, findings = _read(doc, total), None
        # Long lines make others look short: that is gone on with for as long as it takes, and takes no checks.
        for _ in range(LAYOUTS):
            more = _lines(segmented, choice)
            if not more:
                break
            total = composed(doc, total, more)
            segmented = _read(doc, total)
    restless = _round(segmented, None, choice)
    if not restless:
        return total, True
    kept = {edit for edit in composed(doc, total, restless) if edit in set(total)}
    return sorted(kept), False


def _round(segmented: Segmented, findings: Iterable[Finding] | None, choice: Choice) -> list[Edit]:
    """Return the edits of one round: what is accepted, and what is done about lines where no repair touches them."""
    if findings is None:
        findings = checks.run(segmented, only=choice.checks, skip=choice.skip - RULES, safe=choice.unseen)
        if choice.terms is not None:
            findings = _with_terms(segmented, findings, choice, choice.terms)
        if choice.lm is not None:
            findings = ranked(segmented.document, findings, choice.lm)
    edits = accepted(segmented.document, choice.settings.applied(findings), choice)
    return _with(edits, _lines(segmented, choice))


def _with_terms(segmented: Segmented, findings: Iterable[Finding], choice: Choice, terms: Uniform) -> list[Finding]:
    """Return findings with what is to be said of terms: wrong forms, and sound ones of which there are too many."""
    doc, found = segmented.document, list(findings)
    # Checks whose findings are only for review have not been asked where nothing is reviewed.
    wanted = WRONG - choice.skip if choice.only is None else (WRONG & choice.only) - choice.skip
    if choice.unseen and wanted:
        found += checks.run(segmented, only=wanted)
    found = [terms.renamed(doc, finding) if finding.type in WRONG else finding for finding in found]
    return [*found, *terms.findings(segmented)]


def _lines(segmented: Segmented, choice: Choice) -> list[Edit]:
    """Return what is to be done about lines."""
    edits: list[Edit] = []
    if choice.lines(LINE_JOIN):
        edits = [join for join in joins(segmented) if choice.lines(LINE_JOIN, join.grade)]
    if choice.lines(REJOIN, "safe" if choice.rejoin else "review"):
        edits = _with(edits, rejoins(segmented))
    return edits


def _with(edits: list[Edit], more: Iterable[Edit]) -> list[Edit]:
    """Return edits with those of some others that clash with none of them."""
    if not edits:
        return list(more)
    return sorted([*edits, *(edit for edit in more if not clashes(edits, edit))], key=by_place)
