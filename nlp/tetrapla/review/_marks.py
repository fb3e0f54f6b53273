"""Findings as they stand under review: what was decided on each, and where in the running text it is seen.

What a reviewer decides goes before what cleaning would do unseen: a repair that he accepts takes the place of others
that it overlaps. Of two copies of a passage `keep` names the one that stays: "other" the copy that the finding says is
repeated (so it is where nothing is said), "this" the one that it would take out.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from tetrapla.model import Document, Finding, Span
from tetrapla.review._changes import FINDING
from tetrapla.review._prepared import Found, Seen, Text

__all__ = ["Marked", "Standing", "State", "said"]

State = Literal["applied", "offered", "rejected", "edited", "flagged"]
MADE = ("applied", "edited")  # what stands in the cleaned text
NOT_SURE = 0.0  # of a finding that only the ledger remembers


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding with what became of it; `replacement` is what it proposes now, `keep` which copy stays.

    `spans` are the raw stretches that the replacement is for: those of the finding, or those of the other copy.
    """

    found: Found
    state: State
    replacement: str | None
    keep: Literal["this", "other"] | None
    spans: tuple[Span, ...]

    @property
    def made(self) -> bool:
        """Whether the cleaned text has the replacement."""
        return self.state in MADE and self.replacement is not None


class Marked:
    """The findings of one document under review; `items` are those of the ledger, by key."""

    def __init__(self, document: Document, text: Text, items: Mapping[str, Any]) -> None:
        self.text = text
        prefix = f"{FINDING}{document.id}:"
        own = {key: value for key, value in items.items() if key.startswith(prefix) and isinstance(value, Mapping)}
        remembered = [_remembered(key, prefix, value, document) for key, value in own.items() if key not in text.by_key]
        self._found = (*(text.found or ()), *filter(None, remembered))
        numbers = {key: text.by_key.get(key, ()) for key in own}
        numbers |= {
            item.key: (k,) for k, item in enumerate(self._found[len(text.found or ()) :], len(text.found or ()))
        }
        self._decided = {k: _standing(self._found[k], own[key]) for key, ks in numbers.items() for k in ks}
        self._decided |= self._set_back()

    @property
    def standings(self) -> list[Standing]:
        """All findings as they stand, and what was repaired that the checks do not find."""
        return [self.standing(k) for k in range(len(self._found))]

    def standing(self, number: int) -> Standing:
        """Return the finding of a number as it stands."""
        decided = self._decided.get(number)
        return _standing(self._found[number], None) if decided is None else decided

    def within(self, start: int, end: int) -> list[Seen]:
        """Return what is seen in a stretch of the running text, in order, not cut to it."""
        starts, reach = self.text.reach
        low, high = reach.searchsorted(start), starts.searchsorted(end, side="right")
        seen = [
            one for one in self.text.seen[low:high] if _in(one, start, end) and one.number not in self._elsewhere[0]
        ]
        return [*seen, *(one for one in self._elsewhere[1] if _in(one, start, end))]

    @cached_property
    def made(self) -> list[Seen]:
        """Where repairs are made, in order."""
        kept = (one for one in self.text.seen if one.number not in self._elsewhere[0])
        found = [one for one in (*kept, *self._elsewhere[1]) if self.is_made(one)]
        return sorted(found, key=lambda one: (one.start, one.end))

    def is_made(self, seen: Seen) -> bool:
        """Return whether a replacement stands for what is seen."""
        return not seen.stays and self.standing(seen.number).made

    @cached_property
    def _elsewhere(self) -> tuple[frozenset[int], tuple[Seen, ...]]:
        """The findings that are not seen where the text says, and where they are."""
        moved: list[Seen] = []
        numbers = set()
        for k, standing in self._decided.items():
            spans = standing.found.finding.spans
            if k >= len(self.text.found or ()) or standing.spans != spans:
                numbers.add(k)
                moved += self.text.seen_at(k, standing.spans)
            if standing.spans != spans:
                moved += [replace(one, stays=True) for one in self.text.seen_at(k, spans)]
        return frozenset(numbers), tuple(moved)

    def _set_back(self) -> dict[int, Standing]:
        """Return repairs that cannot be made beside others, as "offered".

        Those that a reviewer decided on stay before those made unseen, which clash with none of their own; of his own
        the longer, then the surer.
        """

        def rank(k: int) -> tuple[int, float]:
            return -sum(map(len, self._decided[k].spans)), -self._found[k].finding.score

        back: dict[int, Standing] = {}
        taken: list[tuple[int, int]] = []
        for k in sorted((k for k, standing in self._decided.items() if standing.made), key=rank):
            spans = [(span.start, span.end) for span in self._decided[k].spans]
            if any(_clashes(taken, span) for span in spans):
                back[k] = replace(self._decided[k], state="offered")
            else:
                for span in spans:
                    insort(taken, span)
        for k in self.text.applied if taken else ():
            spans = [(span.start, span.end) for span in self._found[k].finding.spans]
            if k not in self._decided and any(_clashes(taken, span) for span in spans):
                back[k] = replace(self.standing(k), state="offered")
        return back


def _in(seen: Seen, start: int, end: int) -> bool:
    if seen.start < seen.end:
        return seen.start < end and start < seen.end
    return start < seen.start <= end if seen.before else start <= seen.start < end


def _standing(found: Found, value: Any) -> Standing:
    finding = found.finding
    decision = value.get("decision") if isinstance(value, Mapping) else None
    if decision not in ("accepted", "rejected", "edited"):
        state: State = "applied" if found.applied else "flagged" if finding.replacement is None else "offered"
        return Standing(found, state, finding.replacement, None, finding.spans)
    keep = value.get("keep")
    if decision == "rejected":
        return Standing(found, "rejected", finding.replacement, keep, finding.spans)
    if keep is not None and finding.kept is not None:
        spans = (finding.kept,) if keep == "this" else finding.spans
        return Standing(found, "applied", "", keep, spans)
    replacement = value.get("replacement", finding.replacement)
    state = "flagged" if replacement is None else "edited" if decision == "edited" else "applied"
    return Standing(found, state, replacement, keep, finding.spans)


def _remembered(key: str, prefix: str, value: Mapping[str, Any], document: Document) -> Found | None:
    """Return a repair that a reviewer made and the checks do not find, or not any more; None where none is known."""
    kind, _, place = key.removeprefix(prefix).rpartition(":")
    start, _, end = place.partition("-")
    if value.get("replacement") is None or not (start.isdecimal() and end.isdecimal()):
        return None
    given, spans = value.get("spans", [[int(start), int(end)]]), []
    for pair in given if isinstance(given, list) else ():
        match pair:
            case [int(low), int(high)] if 0 <= low <= high <= len(document.text):
                spans.append(Span(low, high))
            case _:
                return None
    if not spans:
        return None
    return Found(key, Finding(kind, tuple(spans), NOT_SURE, "review", value["replacement"]), applied=False)


def said(key: str, value: Any, texts: Mapping[str, Text]) -> Any:
    """Return a decision on a finding with the repair that it is of, so that it stands without the finding, too.

    The checks may not find it any more, once they or the rows are others. `spans` are said where they are not those of
    the key.
    """
    text = texts.get(key.removeprefix(FINDING).rsplit(":", 2)[0])
    if text is None or not isinstance(value, Mapping):
        return value
    found = text.found or ()
    made = (standing for k in text.by_key.get(key, ()) if (standing := _standing(found[k], value)).made)
    surest = sorted(made, key=lambda standing: -standing.found.finding.score)
    if not surest:
        return value
    standing = surest[0]
    spans = [[span.start, span.end] for span in standing.spans]
    where = {} if key.endswith(f":{spans[0][0]}-{spans[-1][1]}") and len(spans) == 1 else {"spans": spans}
    return {"replacement": standing.replacement, **value, **where}


def _clashes(taken: Sequence[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Return whether a span shares a character with some that are sorted and disjoint, or is the same point."""
    at = bisect_left(taken, span)
    return any(
        (start < span[1] and span[0] < end) or (start, end) == span for start, end in taken[max(0, at - 1) : at + 1]
    )
