"""From findings to a cleaned text: the one place where thresholds and conflicts are settled.

    findings --accept--> edits --apply--> view          layout: the lines of each paragraph joined

A check says what it found and how sure it is; only here is it decided what is done. Every repair is an edit of the raw
text, so that each can be left out again (`undo`). Cleaning is done in rounds (see `tetrapla.clean.rounds`), and
cleaning twice changes nothing more. A long text is cleaned in parts (see `tetrapla.clean.parts`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tetrapla.clean.accept import accepted
from tetrapla.clean.choice import LINE_JOIN, LINE_WRAP, MIN_SCORE, REJOIN, RULES, Choice
from tetrapla.clean.diff import diff
from tetrapla.clean.layout import layout
from tetrapla.clean.parts import Part, Worker, cleaned_parts, parts_of
from tetrapla.clean.rounds import edits_of
from tetrapla.clean.undo import apply, undo
from tetrapla.model import Document, Edit, Finding, Segmented, View
from tetrapla.settings import Settings

__all__ = [
    "LINE_JOIN",
    "LINE_WRAP",
    "REJOIN",
    "RULES",
    "Choice",
    "Part",
    "Worker",
    "accept",
    "apply",
    "clean",
    "cleaned_parts",
    "diff",
    "layout",
    "parts_of",
    "undo",
]


def accept(
    doc: Document,
    findings: Iterable[Finding],
    *,
    only: Collection[str] | None = None,
    skip: Collection[str] = (),
    review: bool = False,
    min_score: float = MIN_SCORE,
) -> list[Edit]:
    """Return the edits that findings come to, by place, none overlapping another.

    Findings without a replacement are never applied, those to review only with `review` and a score of at least
    `min_score` (0..1). A finding that covers others replaces them; of two that cross, the better score wins. Where
    a passage goes, the blanks on one side go with it.

    Raises:
        EditError: a finding belongs to another text.
    """
    choice = Choice(None if only is None else frozenset(only), frozenset(skip), review, min_score)
    return accepted(doc, findings, choice)


def clean(
    segmented: Segmented,
    findings: Iterable[Finding] | None = None,
    *,
    only: Collection[str] | None = None,
    skip: Collection[str] = (),
    review: bool = False,
    min_score: float = MIN_SCORE,
    keep_lines: bool = False,
    rejoin: bool = False,
    width: int | None = None,
    settings: Settings | None = None,
) -> View:
    """Return the document as it reads after repair, its edits those of the raw text.

    `findings` are by default what the checks find in the document alone; give those of a comparison where there is
    one. With `only` nothing else is applied, no joining of lines either; `keep_lines` leaves lines as they are,
    `rejoin` puts torn paragraphs together, `width` wraps paragraphs to so many columns. `settings` say what each type
    is worth. Cleaning a cleaned text changes nothing more.

    Raises:
        UnknownNameError: `only` or `skip` names no check.
    """
    choice = Choice.of(
        only=only,
        skip=skip,
        review=review,
        min_score=min_score,
        keep_lines=keep_lines,
        rejoin=rejoin,
        width=width,
        settings=settings or Settings(),
    )
    return View(segmented.document, edits_of(segmented, findings, choice))
