"""Marks over text: noise, concepts and sentences overlap as they like, elements of a page must nest.

The text is cut at every border of a mark. Each run lies within some marks, which are opened in one fixed order, and
between two runs only what differs is closed and opened again::

    text      t h e  o l d  p a r k          <s>the <f>old</f></s><f> park</f>
    s         =============
    f                ==============
"""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tetrapla.model import ViewSpan

__all__ = ["Mark", "Placed", "marked", "spread"]


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """An element around text: its name, its attributes (as they stand in the page) and what follows its end.

    Of two marks over the same text the one with the smaller `rank` is outside.
    """

    rank: tuple[int, ...]
    name: str
    attributes: str
    after: str = ""

    def opening(self, *, ends: bool) -> str:
        """Return the tag before a piece of the text: the last one, or one with ``data-on``, for it goes on."""
        return f"<{self.name} {self.attributes}{'' if ends else ' data-on'}>"


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark over the stretch ``[start, end)`` of a text; empty where it marks a point.

    `last` says that the mark ends here, so that what follows it is due.
    """

    start: int
    end: int
    mark: Mark
    last: bool = True


def spread(placed: Iterable[Placed], stretches: Sequence[ViewSpan]) -> list[list[Placed]]:
    """Return for each stretch, of those in order, the marks that touch it; a point goes where text follows it.

    A mark ends in the last stretch that it touches, even where it reaches beyond.
    """
    found: list[list[Placed]] = [[] for _ in stretches]
    starts = [stretch.start for stretch in stretches]
    for item in placed:
        k = max(bisect_right(starts, item.start) - 1, 0)
        touched = [k] if item.start == item.end and stretches else []
        while k < len(stretches) and stretches[k].start < item.end:
            if item.start < stretches[k].end:
                touched.append(k)
            k += 1
        for k in touched[:-1]:
            found[k].append(replace(item, last=False))
        for k in touched[-1:]:
            found[k].append(item)
    return found


def marked(text: str, stretch: ViewSpan, placed: Iterable[Placed]) -> str:
    """Return a stretch of a text as HTML with the marks around it, cut to the stretch; without tags it is the text.

    What follows a mark (`Mark.after`) comes after it, unless the mark goes on elsewhere (`Placed.last`).
    """
    low, high = stretch.start, stretch.end
    items = sorted(
        (replace(p, start=min(max(p.start, low), high), end=min(max(p.end, low), high)) for p in placed),
        key=lambda p: (p.start, p.mark.rank),
    )
    cuts = sorted({low, high, *(p.start for p in items), *(p.end for p in items)})
    out: list[str] = []
    opened: list[tuple[Mark, int]] = []
    active: list[Placed] = []
    waiting = 0
    for at, following in pairwise([*cuts, high]):
        ended = [p for p in active if p.end <= at]
        active = [p for p in active if p.end > at]
        while waiting < len(items) and items[waiting].start == at:
            item = items[waiting]
            (active if item.end > at else ended).append(item)
            waiting += 1
        now = sorted((p.mark for p in active), key=lambda mark: mark.rank)
        opened = _change(out, opened, now, ended)
        out.append(html.escape(text[at:following]))
    return "".join(out)


def _change(
    out: list[str], opened: Sequence[tuple[Mark, int]], now: Sequence[Mark], ended: Sequence[Placed]
) -> list[tuple[Mark, int]]:
    """Write what stands between two runs: the ends of marks, what follows these, points, and the starts of marks.

    Return the marks that are open now, each with the place of its tag in `out`: whether a piece is the last one is
    known only at its end.
    """
    common = 0
    for (before, _), after in zip(opened, now, strict=False):
        if before is not after:
            break
        common += 1
    done = {id(item.mark) for item in ended if item.last}
    for mark, place in reversed(opened[common:]):
        out.append(f"</{mark.name}>")
        out[place] = mark.opening(ends=id(mark) in done)
    for item in sorted(ended, key=lambda p: (p.start == p.end, tuple(-n for n in p.mark.rank))):
        if item.start == item.end:
            out.append(f"{item.mark.opening(ends=True)}</{item.mark.name}>")
        if item.last:
            out.append(item.mark.after)
    still = list(opened[:common])
    for mark in now[common:]:
        still.append((mark, len(out)))
        out.append("")
    return still
