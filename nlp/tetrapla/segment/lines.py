"""The lines of a text and how wide each could have been: what tells a wrapped line from a last one."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tetrapla.languages import FULL_WIDTH, Language
from tetrapla.model import Document, Span

__all__ = ["Line", "lines_of", "width_of"]

FULL_WIDTH_LETTER = re.compile(rf"[{FULL_WIDTH}]")
LETTER = re.compile(r"[^\W\d_]")
# A window of lines to either side that shares its column width with a line; columns change from page to page.
WINDOW = 12
# The share of lines that must be about full for a text to count as wrapped; lists and headings have few.
LEAST_SUPPORT = 0.1
HANGING = re.compile(r"[①-⑳]")  # a note's mark is set out to the left of its column
STICKS_OUT = 2.5  # a line that is so much wider than a column does not stand in it
SAME_COLUMN = 2.0  # columns of the same text that differ by no more are one
# A Latin line with as many blanks is prose (the second half of a caption in two languages), not a name or a path.
FEW_WORDS = 4
# Wider lines than this many columns are no lines of a page but whole paragraphs.
WIDEST_PAGE = 220


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the blanks at its ends.

    `width` is in columns (a full-width character is one in full-width text and two elsewhere, see `width_of`);
    `column` is the width of the column that it stands in, 0 where lines are not wrapped; `indent` the number of
    blanks before it; `gap` the number of blank lines before it; `han` whether it is written in
    Chinese or Japanese.
    """

    span: Span
    text: str
    width: float
    indent: int
    gap: int
    han: bool
    column: float = 0.0


def width_of(text: str) -> float:
    """Return the width of a text in full-width characters; a narrow character counts half of one.

    >>> width_of("图 2")
    2.0
    """
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def lines_of(document: Document, language: Language) -> list[Line]:
    """Return the lines of a document that are not blank, in order, each with the width of its column."""
    lines: list[Line] = []
    at = gap = 0
    for raw in document.text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = at + raw.index(stripped[0])
            lines.append(
                Line(
                    span=Span(start, start + len(stripped)),
                    text=stripped,
                    width=width_of(stripped) if language.full_width else float(len(stripped)),
                    indent=start - at,
                    gap=gap,
                    han=language.full_width
                    and (FULL_WIDTH_LETTER.search(stripped) is not None or not LETTER.search(stripped)),
                )
            )
            gap = 0
        else:
            gap += 1
        at += len(raw) + 1
    return _with_columns(_with_scripts(lines, language), language)


def _with_scripts(lines: list[Line], language: Language) -> list[Line]:
    """Return the lines with a single Latin line among Chinese ones, a name or a path, counted as Chinese."""
    if not language.full_width:
        return lines
    alike = [True, *(line.han for line in lines), True]
    return [
        replace(line, han=True)
        if not line.han and alike[i] and alike[i + 2] and line.text.count(" ") < FEW_WORDS
        else line
        for i, line in enumerate(lines)
    ]


def _with_columns(lines: list[Line], language: Language) -> list[Line]:
    """Return the lines with the width of the column around each, 0 where the text is not wrapped."""
    found = list(lines)
    for han in (True, False):
        places = [i for i, line in enumerate(lines) if line.han == han]
        page = WIDEST_PAGE / 2 if language.full_width else WIDEST_PAGE
        columns = _Columns([lines[i] for i in places], han)
        usual, support = columns.of(0, len(places))
        if len(places) < 4 or usual > page:
            continue
        if support < LEAST_SUPPORT * len(places):
            usual = 0.0
        for k, i in enumerate(places):
            found[i] = replace(lines[i], column=_own_column(columns, k, usual, page))
    return found


def _own_column(columns: _Columns, k: int, usual: float, page: float) -> float:
    """Return the width of the column that line k stands in: the usual one, or one that the lines around it share.

    Where the column changes, the lines before tell one width and those after another: the line's own width says
    which it belongs to.
    """
    options = []
    low, high = max(0, k - WINDOW), min(len(columns), k + WINDOW + 1)
    for start, end in ((low, k + 1), (k, high), (low, high)):
        column, support = columns.of(start, end)
        # Short lines, of a list say, look like a narrow column by chance: that takes more of them.
        share = 0.3 if column > usual else 0.6
        if support >= max(3.0, share * (end - start)) and column <= page:
            # A difference of two or less is chance, for the usual width rests on many more lines.
            options.append(usual if abs(column - usual) <= SAME_COLUMN else column)
    if not options:
        return usual
    return min(options, key=lambda column: _misfit(columns.width(k) - column))


def _misfit(over: float) -> float:
    """Return how badly a line fits a column that it is so much wider than (0: full, or full but for an indent)."""
    if over > STICKS_OUT:
        return over
    return 0.0 if over >= -0.5 else 0.5 if -2.5 <= over <= -1.0 else 2.0


class _Columns:
    """The lines of a document in one script: how wide the full ones among each some neighbours are.

    In full-width text full lines agree to a character (a mark may hang over the edge), first lines lack their
    indent, and few lines are wider; ragged lines come close to the edge, and hardly one passes it.
    """

    def __init__(self, lines: Sequence[Line], han: bool) -> None:
        self._han = han
        self._widths = [line.width for line in lines]
        self._shapes = [
            None if HANGING.match(line.text) else (round(line.width * 2) / 2, _ending(line.text[-1])) for line in lines
        ]
        # What follows a line goes before another one: most stretches are asked for twice.
        self._known: dict[tuple[int, int], tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._widths)

    def width(self, k: int) -> float:
        """Return the width of a line."""
        return self._widths[k]

    def of(self, start: int, end: int) -> tuple[float, float]:
        """Return the width that full lines of a stretch have, and how many lines support it."""
        known = self._known.get((start, end))
        if known is None:
            known = self._known[start, end] = self._agreed(start, end) if self._han else self._ragged(start, end)
        return known

    def _ragged(self, start: int, end: int) -> tuple[float, float]:
        widths = sorted(self._widths[start:end])
        if not widths:
            return 0.0, 0.0
        edge = widths[-2] if len(widths) > 3 else widths[-1]
        return edge, float(len(widths) - bisect_left(widths, 0.85 * edge))

    def _agreed(self, start: int, end: int) -> tuple[float, float]:
        counts = Counter(shape for shape in self._shapes[start:end] if shape is not None)
        best, most = 0.0, 0.0
        for edge in sorted({width for width, _ in counts}):
            support = sum([count * _support(width - edge, ending) for (width, ending), count in counts.items()])
            if support > most:
                best, most = edge, support
        return best, most


def _ending(char: str) -> str:
    """Return what a line ends with: a Chinese character, a mark, or a Latin letter or digit."""
    return "mark" if not char.isalnum() else "latin" if char.isascii() else "han"


@lru_cache(maxsize=10_000)
def _support(over: float, ending: str) -> float:
    """Return what a line that is so much wider than a column says for it.

    A line that ends with a Chinese character is full to half a character, or a first line that lost its indent of
    two; a mark may hang over the edge; a Latin word is not cut and may stick out or leave room.
    """
    if over > STICKS_OUT:
        return -1.0
    if ending == "latin":
        return 0.4 if over >= -0.5 else 0.2 if -2.5 <= over <= -1.0 else 0.0
    hang = 1.0 if ending == "mark" else 0.0
    if over > 0.5 + hang:
        return -1.0 if ending == "han" else -0.3
    if over >= 0.0:
        return 1.0
    return 0.9 if -2.0 <= over <= -1.5 + hang else 0.0
