"""Two sets of edits, one made after the other, as one set of edits of the raw text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tetrapla.model import Document, Edit, Grade, Span

__all__ = ["by_place", "composed", "made"]


def by_place(edit: Edit) -> tuple[int, int]:
    """Return where an edit stands, to sort those by that overlap none: faster than by all that they are."""
    return edit.span.start, edit.span.end


def composed(doc: Document, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return the edits of the raw text that do what `first` and then, on its result, `second` do.

    Edits of the two that meet become one; edits that come to nothing vanish.
    """
    if not first or not second:
        return sorted((edit for edit in (*first, *second) if edit.original != edit.replacement), key=by_place)
    text = made(doc.text, first)
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
        new = made(text, later, start, end)
        if doc[raw] != new:
            rules = list(dict.fromkeys(rule for _, _, edit, _ in group for rule in edit.rule.split("+")))
            grade: Grade = "review" if any(edit.grade == "review" for _, _, edit, _ in group) else "safe"
            edits.append(Edit(raw, doc[raw], new, "+".join(rules), grade))
    return edits


def made(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """Return a text, or a stretch of it, with edits applied that lie inside and do not overlap."""
    out, at = [], start
    for edit in sorted(edits, key=by_place):
        out += [text[at : edit.span.start], edit.replacement]
        at = edit.span.end
    return "".join([*out, text[at:end]])
