"""Decisions that split a row, or join rows to one.

Each leaves every version parted among the rows as before: no character is lost, none stands twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain

from tetrapla.errors import InputError
from tetrapla.model import Span
from tetrapla.review._draft import Asked, Draft
from tetrapla.review._parts import ALONE, divided, in_text_order, joined, remade
from tetrapla.review._rows import Row, Verdict

__all__ = ["merge", "split"]

Spans = tuple[Span, ...]


def split(draft: Draft, asked: Asked) -> str:
    """Cut a row in two before a raw offset of a version; return what is told of it.

    What comes later in the reading order of that version goes to a new row, and the other versions along the sentence
    links. A link stays confirmed in both where both have it, and what is said of all of a text holds for its parts.

    Raises:
        InputError: the offset is not inside the row's text of that version.
        UnknownNameError: there is no such row or version.
    """
    row, version, at = draft.get(asked.row()), asked.version(), asked.args.get("at")
    own = row.spans.get(version, ())
    if type(at) is not int or not any(span.start <= at < span.end for span in own):
        raise InputError(f"the cut must stand inside the text of {version} in {row.id}")
    sides = _cut(own, at)
    if any(all(draft.blank(version, span) for span in side) for side in sides):
        raise InputError(f"nothing of {version} in {row.id} stands on the other side of the cut")
    parts = {name: sides if name == version else divided(row, version, sides, name) for name in row.spans}
    made = [
        remade(replace(row, id=name, hand=True), {own: both[k] for own, both in parts.items()}, draft.pivot)
        for k, name in enumerate((row.id, draft.fresh(row.id)))
    ]
    for half, other in zip(made, reversed(made), strict=True):
        draft.put(replace(half, verdicts=_in_both(half.verdicts, other.verdicts)))
    return f"split {row.id} at {at:,} of {version}; its second part is {made[1].id}"


def _cut(spans: Spans, at: int) -> list[Spans]:
    """Return what comes before an offset in reading order, and the rest."""
    k = next(k for k, span in enumerate(spans) if span.start <= at < span.end)
    return [joined((*spans[:k], Span(spans[k].start, at))), joined((Span(at, spans[k].end), *spans[k + 1 :]))]


def _in_both(own: Mapping[str, Verdict], other: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Return the verdicts of a half that hold for it: a refusal is of the whole, and one may be right after all."""
    return {
        name: verdict
        for name, verdict in own.items()
        if verdict in ALONE or (verdict in ("confirmed", "absent") and other.get(name) == verdict)
    }


def merge(draft: Draft, asked: Asked) -> str:
    """Join rows into the first of them; return what is told of it.

    Each version in the order of its text, unless a row reads otherwise: then as it is read, row after row. A verdict
    stands where all of them have it; notes are joined, each as lines of its own.

    Raises:
        InputError: there are less than two rows.
        UnknownNameError: one is not there.
    """
    rows = [draft.get(name) for name in asked.some(2)]
    first = rows[0]
    versions = dict.fromkeys(chain.from_iterable(row.spans for row in rows))
    spans = {name: _read([row.spans.get(name, ()) for row in rows]) for name in versions}
    rated = dict.fromkeys(chain.from_iterable(row.score for row in rows))
    score = {name: min(row.score[name] for row in rows if name in row.score) for name in rated}
    verdicts = reduce(lambda a, b: {n: v for n, v in a.items() if b.get(n) == v}, (dict(row.verdicts) for row in rows))
    # The kind of what has text of the pivot, and of furniture only where nothing else is there.
    best = min(rows, key=lambda row: (row.kind == "furniture", draft.pivot not in row.spans))
    links = tuple(chain.from_iterable(row.links for row in rows))
    whole = Row(first.id, best.kind, first.spans, score, verdicts, True)
    draft.put(remade(whole, spans, draft.pivot, [replace(link, kind=best.kind) for link in links]))
    for row in rows[1:]:
        draft.put(Row(row.id, "body", {}))
    draft.leave_notes(first.id, (row.id for row in rows[1:]))
    if len(rows) == 2:
        return f"merged {rows[1].id} into {first.id}"
    return f"merged {len(rows):,} rows into {first.id}"


def _read(parts: Sequence[Spans]) -> Spans:
    spans = tuple(chain.from_iterable(parts))
    return joined(sorted(spans) if all(map(in_text_order, parts)) else spans)
