"""Dot plots: where the passages of the pivot stand in another version.

A box for a bead, a stroke in it for each pair of sentences. A version in the pivot's order is a diagonal from the
upper left; what was moved stands beside it; grey bands are what the other side lacks.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tetrapla.model import Bead, Document, Span
from tetrapla.report.text import attribute

__all__ = ["Plot", "grade_of"]

WIDTH, HEIGHT = 350, 320
LEFT, TOP, RIGHT, BOTTOM = 56, 8, 8, 40
# Scores below these are drawn in the first, second … of the colours of the style sheet.
GRADES = (0.5, 0.7, 0.9)
# The least side of a box, in units of the drawing, so that a heading can still be seen and hit.
LEAST = 2.2


def grade_of(score: float | None) -> int:
    """Return the class of a score, 0 (doubtful) to 3 (sure); of no score, the second best."""
    if score is None:
        return 2
    return sum(score >= limit for limit in GRADES)


@dataclass(frozen=True)
class Plot:
    """The drawing of one version against the pivot.

    `rows` has the number of the row of each bead by its id, `moved` the ids of beads out of order, `headings` places
    in the pivot where a section begins, with what is written there.
    """

    pivot: Document
    version: Document
    names: tuple[str, str]
    rows: Mapping[str, int]
    moved: Collection[str]
    headings: Sequence[tuple[int, str]] = ()

    def svg(self, beads: Iterable[Bead]) -> str:
        """Return the drawing as an SVG element; every bead is a link to its row."""
        beads = list(beads)
        one, other = self.names
        linked = [bead for bead in beads if bead.spans.get(self.pivot.id) and bead.spans.get(self.version.id)]
        label = attribute(f"Order of {other} against {one}: {len(linked)} linked passages, {len(self.moved)} moved")
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{label}">'
            f'<rect class="ground" x="{LEFT}" y="{TOP}" width="{self._w}" height="{self._h}"/>'
            f"{self._bands(beads)}{self._headings()}{self._axes()}"
            f"{''.join(self._bead(bead) for bead in linked)}</svg>"
        )

    @property
    def _w(self) -> int:
        return WIDTH - LEFT - RIGHT

    @property
    def _h(self) -> int:
        return HEIGHT - TOP - BOTTOM

    def _x(self, offset: int) -> float:
        return LEFT + self._w * offset / max(len(self.pivot.text), 1)

    def _y(self, offset: int) -> float:
        return TOP + self._h * offset / max(len(self.version.text), 1)

    def _bands(self, beads: Iterable[Bead]) -> str:
        """Return the stretches of either text that the other lacks."""
        across, down = [], []
        for bead in beads:
            here, there = bead.spans.get(self.pivot.id, ()), bead.spans.get(self.version.id, ())
            if not there:
                across += [f"M{self._x(s.start):.1f} {TOP}V{TOP + self._h}H{self._x(s.end):.1f}V{TOP}z" for s in here]
            if not here:
                down += [f"M{LEFT} {self._y(s.start):.1f}H{LEFT + self._w}V{self._y(s.end):.1f}H{LEFT}z" for s in there]
        return f'<path class="lack" d="{"".join(across + down)}"/>' if across or down else ""

    def _headings(self) -> str:
        if not self.headings:
            return ""
        path = "".join(f"M{self._x(offset):.1f} {TOP}v{self._h}" for offset, _ in self.headings)
        return f'<path class="section" d="{path}"/>'

    def _axes(self) -> str:
        out = []
        for offset in _ticks(len(self.pivot.text)):
            x = self._x(offset)
            out.append(f'<path class="tick" d="M{x:.1f} {TOP + self._h}v4"/>')
            out.append(f'<text x="{x:.1f}" y="{TOP + self._h + 15}" text-anchor="middle">{offset:,}</text>')
        for offset in _ticks(len(self.version.text)):
            y = self._y(offset)
            out.append(f'<path class="tick" d="M{LEFT} {y:.1f}h-4"/>')
            out.append(f'<text x="{LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{offset:,}</text>')
        one, other = (attribute(name) for name in self.names)
        middle = TOP + self._h / 2
        out.append(
            f'<text class="axis" x="{LEFT + self._w / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">'
            f"{one}: characters</text>"
            f'<text class="axis" x="10" y="{middle:.0f}" text-anchor="middle" '
            f'transform="rotate(-90 10 {middle:.0f})">{other}</text>'
        )
        return "".join(out)

    def _bead(self, bead: Bead) -> str:
        score = bead.score.get(self.version.id)
        row = self.rows[bead.id]
        here, there = _longest(bead.spans[self.pivot.id]), _longest(bead.spans[self.version.id])
        x, y = self._x(here.start), self._y(there.start)
        width = max(self._x(here.end) - x, LEAST)
        height = max(self._y(there.end) - y, LEAST)
        state = " moved" if bead.id in self.moved else ""
        told = f"row {row}, {bead.kind}" + (f", score {score:.2f}" if score is not None else "")
        told += ", out of order" if state else ""
        return (
            f'<a href="#r{row}" tabindex="-1" class="q{grade_of(score)}{state}"><title>{attribute(told)}</title>'
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>{self._strokes(bead)}</a>'
        )

    def _strokes(self, bead: Bead) -> str:
        """Return the sentence pairs of a bead, or the bead itself where it has none, a path for each colour."""
        paths: dict[int, str] = {}
        for pair in bead.sentences or (bead,):
            if not (pair.spans.get(self.pivot.id) and pair.spans.get(self.version.id)):
                continue
            here, there = _longest(pair.spans[self.pivot.id]), _longest(pair.spans[self.version.id])
            grade = grade_of(pair.score.get(self.version.id, bead.score.get(self.version.id)))
            stroke = (
                f"M{self._x(here.start):.1f} {self._y(there.start):.1f}"
                f"L{self._x(here.end):.1f} {self._y(there.end):.1f}"
            )
            paths[grade] = paths.get(grade, "") + stroke
        return "".join(f'<path class="q{grade}" d="{paths[grade]}"/>' for grade in sorted(paths))


def _longest(spans: Sequence[Span]) -> Span:
    return max(spans, key=len)


def _ticks(length: int) -> range:
    """Return round numbers up to a length, some four to eight of them.

    >>> list(_ticks(17198))
    [0, 5000, 10000, 15000]
    """
    step, factors = 1, itertools.cycle((2, 2.5, 2))
    while length > step * 7:
        step = int(step * next(factors))
    return range(0, length + 1, step)
