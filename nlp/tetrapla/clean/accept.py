"""From findings to edits: of those that clash, which are applied."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from tetrapla.clean.choice import Choice
from tetrapla.errors import EditError
from tetrapla.model import Document, Edit, Finding, Span

__all__ = ["accepted", "clashes"]

# Marks that stand right behind a word.
CLOSING = ",.;:!?)]}»”’，。；：！？、）】》」』"


def accepted(doc: Document, findings: Iterable[Finding], choice: Choice) -> list[Edit]:
    """Return the edits that findings come to, by place, none overlapping another.

    A finding that covers others replaces them; of two that cross, the better score wins. Where a passage goes, the
    blanks on one side go with it.

    Raises:
        EditError: a finding belongs to another text.
    """
    wanted = [(finding, _edits_of(doc, finding)) for finding in findings if choice.wants(finding)]
    wanted = [(finding, edits) for finding, edits in wanted if edits]
    covered = _covered([Span(edits[0].span.start, edits[-1].span.end) for _, edits in wanted])

    def rank(at: int) -> tuple[bool, float, bool, int, str]:
        finding, edits = wanted[at]
        # Those that nothing covers first; among equals the surer, the safe one, the longer.
        return covered[at], -finding.score, finding.grade != "safe", -sum(len(e.span) for e in edits), finding.type

    taken: list[Edit] = []
    for at in sorted(range(len(wanted)), key=lambda k: (rank(k), wanted[k][1])):
        if not any(clashes(taken, edit) for edit in wanted[at][1]):
            for edit in wanted[at][1]:
                insort(taken, edit)
    return taken


def _edits_of(doc: Document, finding: Finding) -> list[Edit]:
    """Return the edits of one finding, by place: the replacement stands at the first span, the others go."""
    if finding.end > len(doc.text):
        raise EditError(f"{doc.id}: a finding ends at {finding.end}, beyond the text; it belongs to another one")
    edits = []
    for k, span in enumerate(finding.spans):
        new = finding.replacement or "" if k == 0 else ""
        where = span if new else _with_blanks(doc.text, span)
        if doc[where] != new:
            edits.append(Edit(where, doc[where], new, finding.type, finding.grade))
    # Two spans of one finding may both claim the blanks between them.
    apart: list[Edit] = []
    for edit in sorted(edits):
        if not clashes(apart, edit):
            apart.append(edit)
    return apart


def _with_blanks(text: str, span: Span) -> Span:
    """Return a passage that goes with the blanks of one side, of two runs of blanks the weaker, fewer line ends."""
    start, end = span.start, span.end
    while start and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    before, after = text[start : span.start], text[span.end : end]
    if end == len(text):
        return Span(start, span.end)
    if start == 0:
        return Span(span.start, end)
    if not after and text[end] in CLOSING:
        return Span(start, span.end)
    if not before or not after:
        return span
    if before.count("\n") < after.count("\n"):
        return Span(start, span.end)
    return Span(span.start, end)


def _covered(spans: Sequence[Span]) -> list[bool]:
    """Return which spans lie strictly inside another of them."""
    order = sorted(range(len(spans)), key=lambda k: (spans[k].start, -spans[k].end))
    covered = [False] * len(spans)
    reach, widest = -1, Span(0, 0)
    for k in order:
        if spans[k].end <= reach and spans[k] != widest:
            covered[k] = True
        elif spans[k].end > reach:
            reach, widest = spans[k].end, spans[k]
    return covered


def clashes(taken: Sequence[Edit], edit: Edit) -> bool:
    """Return whether an edit shares a character, or a place to insert, with edits that are sorted and disjoint."""
    at = bisect_left(taken, edit)
    return any(_overlap(other.span, edit.span) for other in taken[max(0, at - 1) : at + 1])


def _overlap(a: Span, b: Span) -> bool:
    if len(a) and len(b):
        return a.overlaps(b)
    return a.start <= b.end and b.start <= a.end
