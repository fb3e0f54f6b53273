"""From findings to a cleaned text: the one place where thresholds and conflicts are settled.

    findings --accept--> edits --apply--> view          layout: the lines of each paragraph joined

A check says what it found and how sure it is; only here is it decided what is done. Every repair is an edit of the raw
text, so that each can be left out again (`undo`).

Cleaning is done in rounds, as one repair can bring another to light (a joined line shows a split word). The rounds
are bounded, and what a round changes is composed with what the rounds before changed, so that edits always speak of
the raw text. Cleaning twice changes nothing more: places that go on changing are left as they came, and where even
that does not come to rest the text stays as it is.
"""

from __future__ import annotations

import itertools
import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tetrapla import checks
from tetrapla.errors import EditError, UnknownNameError
from tetrapla.model import Document, Edit, Finding, Flow, Grade, Segmented, Span, View
from tetrapla.segment import segment

__all__ = ["LINE_JOIN", "accept", "apply", "clean", "diff", "layout", "undo"]

LINE_JOIN = "line-join"
# On the paper two rounds are enough and a third finds nothing; what changes for longer than this goes in circles.
ROUNDS = 6
MIN_SCORE = 0.5
SOFT_HYPHENS = "\u00ad\u2010"
# Marks that stand right behind a word.
CLOSING = ",.;:!?)]}»”’，。；：！？、）】》」』"
# Lines that stay the same around a change in a diff, as everywhere.
CONTEXT = 3
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class _Choice:
    """Which findings are to be applied, and whether lines are joined."""

    only: frozenset[str] | None
    skip: frozenset[str]
    review: bool
    min_score: float
    lines: bool

    def wants(self, finding: Finding) -> bool:
        if finding.replacement is None or finding.type in self.skip:
            return False
        if self.only is not None and finding.type not in self.only:
            return False
        return finding.grade == "safe" or (self.review and finding.score >= self.min_score)


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
    """
    choice = _Choice(None if only is None else frozenset(only), frozenset(skip), review, min_score, False)
    return _accept(doc, findings, choice)


def _accept(doc: Document, findings: Iterable[Finding], choice: _Choice) -> list[Edit]:
    wanted = [(finding, _edits_of(doc, finding)) for finding in findings if choice.wants(finding)]
    wanted = [(finding, edits) for finding, edits in wanted if edits]
    covered = _covered([Span(edits[0].span.start, edits[-1].span.end) for _, edits in wanted])

    def rank(at: int) -> tuple[bool, float, bool, int, str]:
        finding, edits = wanted[at]
        # Those that nothing covers first; among equals the surer, the safe one, the longer.
        return covered[at], -finding.score, finding.grade != "safe", -sum(len(e.span) for e in edits), finding.type

    taken: list[Edit] = []
    for at in sorted(range(len(wanted)), key=lambda k: (rank(k), wanted[k][1])):
        if not any(_clashes(taken, edit) for edit in wanted[at][1]):
            for edit in wanted[at][1]:
                taken.insert(bisect_left(taken, edit), edit)
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
    return sorted(edits)


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


def _clashes(taken: Sequence[Edit], edit: Edit) -> bool:
    """Return whether an edit shares a character, or a place to insert, with edits that are sorted and disjoint."""
    at = bisect_left(taken, edit)
    return any(_overlap(other.span, edit.span) for other in taken[max(0, at - 1) : at + 1])


def _overlap(a: Span, b: Span) -> bool:
    if len(a) and len(b):
        return a.overlaps(b)
    return a.start <= b.end and b.start <= a.end


def layout(segmented: Segmented) -> list[Edit]:
    """Return the edits that put each paragraph on one line, as its flow has it; soft hyphens at line ends go.

    Paragraphs stay where they are, torn ones too, and so do the blank lines between them.
    """
    text = segmented.document.text
    return sorted(edit for flow in segmented.flows for edit in _joins(flow, text))


def _joins(flow: Flow, text: str) -> Iterator[Edit]:
    offsets = flow.offsets
    cuts = [0, *sorted(flow.tears), len(offsets)]
    for first, after in itertools.pairwise(cuts):
        if first == after:
            continue
        end = offsets[after - 1]
        at = text.find("\n", offsets[first], end)
        while at >= 0:
            # The flow's last character before the break, or the blank that stands for the break.
            k = bisect_right(offsets, at, first, after) - 1
            blank = text[offsets[k]].isspace()
            span = Span(offsets[k] if blank else offsets[k] + 1, offsets[k + 1])
            original, new = text[span.start : span.end], flow.text[k] if blank else ""
            if original != new and not original.strip(SOFT_HYPHENS + string.whitespace).strip():
                yield Edit(span, original, new, LINE_JOIN)
            at = text.find("\n", span.end, end)


def clean(
    segmented: Segmented,
    findings: Iterable[Finding] | None = None,
    *,
    only: Collection[str] | None = None,
    skip: Collection[str] = (),
    review: bool = False,
    min_score: float = MIN_SCORE,
    keep_lines: bool = False,
) -> View:
    """Return the document as it reads after repair, its edits those of the raw text.

    `findings` are by default what the checks find in the document alone; give those of a comparison where there is
    one. With `only` nothing else is applied, no joining of lines either; `keep_lines` leaves lines as they are.
    Cleaning a cleaned text changes nothing more.

    Raises:
        UnknownNameError: `only` or `skip` names no check.
    """
    known = {*checks.names(), LINE_JOIN}
    for name in [*(only or ()), *skip]:
        if name not in known:
            raise UnknownNameError("check", name, known)
    lines = (only is None or LINE_JOIN in only) and LINE_JOIN not in skip and not keep_lines
    choice = _Choice(None if only is None else frozenset(only), frozenset(skip), review, min_score, lines)
    doc = segmented.document
    edits, settled = _rounds(segmented, findings, choice)
    if not settled:
        again, _ = _rounds(segment(replace(doc, text=View(doc, edits).text)), None, choice)
        if again:
            edits = []
    return View(doc, edits)


def _rounds(segmented: Segmented, findings: Iterable[Finding] | None, choice: _Choice) -> tuple[list[Edit], bool]:
    """Return the edits of all rounds, and whether the last one found nothing more to do.

    Where it still did, the places that it would have changed are left as they came.
    """
    doc = segmented.document
    total: list[Edit] = []
    for _ in range(ROUNDS):
        new = _round(segmented, findings, choice)
        if not new:
            return total, True
        total = _compose(doc, total, new)
        segmented, findings = segment(replace(doc, text=View(doc, total).text)), None
    restless = _round(segmented, None, choice)
    if not restless:
        return total, True
    kept = {edit for edit in _compose(doc, total, restless) if edit in set(total)}
    return sorted(kept), False


def _round(segmented: Segmented, findings: Iterable[Finding] | None, choice: _Choice) -> list[Edit]:
    """Return the edits of one round: what is accepted, and the lines to join where no repair covers the break."""
    if findings is None:
        names = set(checks.names())
        only = None if choice.only is None else choice.only & names
        findings = checks.run(segmented, only=only, skip=choice.skip & names)
    edits = _accept(segmented.document, findings, choice)
    if choice.lines:
        edits = sorted([*edits, *(join for join in layout(segmented) if not _clashes(edits, join))])
    return edits


def _compose(doc: Document, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return the edits of the raw text that do what `first` and then, on its result, `second` do.

    Edits of the two that meet become one; edits that come to nothing vanish.
    """
    text = View(doc, first).text
    # Where the first edits stand in the view, as (start, end, None) with the edit, and the second ones beside them.
    items: list[tuple[int, int, Edit, bool]] = [(e.span.start, e.span.end, e, False) for e in second]
    shift = 0
    for edit in first:
        start = edit.span.start + shift
        items.append((start, start + len(edit.replacement), edit, True))
        shift += len(edit.replacement) - len(edit.span)
    items.sort(key=lambda item: (item[0], item[1], not item[3]))
    groups: list[list[tuple[int, int, Edit, bool]]] = []
    reach = -1
    for item in items:
        last = groups[-1][-1] if groups else None
        # An edit that is empty in the view meets what it touches; others must share a character.
        touching = last is not None and item[0] == reach and (item[0] == item[1] or last[0] == last[1])
        if groups and (item[0] < reach or touching):
            groups[-1].append(item)
            reach = max(reach, item[1])
        else:
            groups.append([item])
            reach = item[1]
    edits: list[Edit] = []
    shift = 0
    for group in groups:
        start, end = group[0][0], max(item[1] for item in group)
        own = sum(len(e.replacement) - len(e.span) for _, _, e, is_first in group if is_first)
        raw = Span(start - shift, end - shift - own)
        shift += own
        later = [edit for _, _, edit, is_first in group if not is_first]
        new = _patched(text, start, end, later)
        if doc[raw] != new:
            rules = list(dict.fromkeys(rule for _, _, edit, _ in group for rule in edit.rule.split("+")))
            grade: Grade = "review" if any(edit.grade == "review" for _, _, edit, _ in group) else "safe"
            edits.append(Edit(raw, doc[raw], new, "+".join(rules), grade))
    return edits


def _patched(text: str, start: int, end: int, edits: Iterable[Edit]) -> str:
    """Return a stretch of a text with edits inside it applied."""
    out, at = [], start
    for edit in sorted(edits):
        out += [text[at : edit.span.start], edit.replacement]
        at = edit.span.end
    return "".join([*out, text[at:end]])


def apply(doc: Document, edits: Iterable[Edit]) -> View:
    """Return the document as it reads after edits, given in any order.

    Raises:
        EditError: an edit's original does not stand at its span, or two edits overlap.
    """
    return View(doc, edits)


def undo(cleaned: str, edits: Iterable[Edit], only: Collection[str] | None = None) -> str:
    """Return the raw text back from a cleaned one and the edits that made it; with `only`, undo those ids alone.

    >>> undo("innovation now", [Edit(Span(0, 12), "innova- tion", "innovation", "hyphenation")])
    'innova- tion now'

    Raises:
        EditError: a replacement does not stand where it should; the text or the edits are others.
        UnknownNameError: `only` names no edit.
    """
    made = sorted(edits)
    known = {edit.id for edit in made}
    for name in only or ():
        if name not in known:
            raise UnknownNameError("edit", name, known)
    out, at, shift = [], 0, 0
    for edit in made:
        start = edit.span.start + shift
        end = start + len(edit.replacement)
        if start < at or cleaned[start:end] != edit.replacement:
            raise EditError(
                f"{edit.replacement[:40]!r} does not stand at {start}–{end} of the cleaned text, as the edit {edit.id} "
                f"expects; the text was changed since, or these edits belong to another one"
            )
        back = only is None or edit.id in only
        out += [cleaned[at:start], edit.original if back else edit.replacement]
        at = end
        shift += len(edit.replacement) - len(edit.span)
    return "".join([*out, cleaned[at:]])


def diff(view: View) -> str:
    """Return what a view changes as a unified diff by lines, "" where nothing changed; takes linear time."""
    raw, made = _lines(view.document.text), _lines(view.text)
    hunks: list[list[_Change]] = []
    for change in _changes(view):
        if hunks and change.raw.start - hunks[-1][-1].raw.stop <= 2 * CONTEXT:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    if not hunks:
        return ""
    name = view.document.source or view.document.id
    out = [f"--- {name}\n", f"+++ {name} (cleaned)\n"]
    for hunk in hunks:
        start, stop = max(0, hunk[0].raw.start - CONTEXT), min(len(raw), hunk[-1].raw.stop + CONTEXT)
        before, after = hunk[0].raw.start - start, stop - hunk[-1].raw.stop
        new = range(hunk[0].made.start - before, hunk[-1].made.stop + after)
        out.append(f"@@ -{_place(range(start, stop))} +{_place(new)} @@\n")
        at = start
        for change in hunk:
            out += [f" {line}" for line in raw[at : change.raw.start]]
            out += [f"-{line}" for line in raw[change.raw.start : change.raw.stop]]
            out += [f"+{line}" for line in made[change.made.start : change.made.stop]]
            at = change.raw.stop
        out += [f" {line}" for line in raw[at:stop]]
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in out)


class _Change(NamedTuple):
    """Lines, from 0, of the raw text and of the view that stand for each other."""

    raw: range
    made: range


def _changes(view: View) -> list[_Change]:
    """Return the lines that edits touch, in order; edits that share a line make one change."""
    made = Document(view.document.id, view.document.language, view.text)
    changes: list[_Change] = []
    shift = 0
    for edit in view.edits:
        if edit.original == edit.replacement:
            continue
        start = edit.span.start + shift
        shift += len(edit.replacement) - len(edit.span)
        old = _touched(view.document, edit.span.start, edit.span.end)
        new = _touched(made, start, start + len(edit.replacement))
        if changes and old.start < changes[-1].raw.stop:
            last = changes.pop()
            old = range(last.raw.start, max(last.raw.stop, old.stop))
            new = range(last.made.start, max(last.made.stop, new.stop))
        changes.append(_Change(old, new))
    return changes


def _touched(doc: Document, start: int, end: int) -> range:
    """Return the lines, from 0, that hold the ends of a stretch; none for the place after the last line feed."""
    last = len(_LINE.findall(doc.text)) if start == len(doc.text) else doc.line_of(end)
    return range(min(doc.line_of(start) - 1, last), last)


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends; lines end at line feeds only."""
    return _LINE.findall(text)


def _place(lines: range) -> str:
    """Return lines as a hunk's header names them: the first from 1, or the one before an empty stretch; how many."""
    return f"{lines.start + 1 if lines else lines.start},{len(lines)}"
