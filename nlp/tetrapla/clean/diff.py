"""What cleaning changes, as a unified diff by lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from tetrapla.model import Document, View

__all__ = ["diff"]

# Lines that stay the same around a change in a diff, as everywhere.
CONTEXT = 3
LINE = re.compile(r"[^\n]*\n|[^\n]+")


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
    last = len(LINE.findall(doc.text)) if start == len(doc.text) else doc.line_of(end)
    return range(min(doc.line_of(start) - 1, last), last)


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends; lines end at line feeds only."""
    return LINE.findall(text)


def _place(lines: range) -> str:
    """Return lines as a hunk's header names them: the first from 1, or the one before an empty stretch; how many."""
    return f"{lines.start + 1 if lines else lines.start},{len(lines)}"
