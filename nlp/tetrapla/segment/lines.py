"""The lines of a text and how wide each could have been: what tells a wrapped line from a last one."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

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
LEAST_OVER = -2.5  # one that is narrower by more says nothing for it
SAME_COLUMN = 2.0  # columns of the same text that differ by no more are one
# A Latin line with as many blanks is prose (the second half of a caption in two languages), not a name or a path.
FEW_WORDS = 4
# Wider lines than this many columns are no lines of a page but whole paragraphs.
WIDEST_PAGE = 220


class Line(NamedTuple):
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
    return sum(map(_WIDTHS.__getitem__, text)) / 2


class _Widths(dict[str, int]):
    """The width of each character in halves of a full-width one, told when it is first asked for."""

    def __missing__(self, char: str) -> int:
        width = self[char] = 2 if unicodedata.east_asian_width(char) in "WFA" else 1
        return width


_WIDTHS = _Widths()


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
        line._replace(han=True)
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
        shapes = [_shape(lines[i]) for i in places]
        usual, support = _full_width(shapes) if han else _ragged([lines[i].width for i in places])
        if len(places) < 4 or usual > page:
            continue
        if support < LEAST_SUPPORT * len(places):
            usual = 0.0
        widths = [lines[i].width for i in places]
        around = _by_window(_agreed(shapes) if han else _margins(widths), len(places))
        for i, width, columns in zip(places, widths, around, strict=True):
            column = _own_column(width, columns, usual, page)
            if column:
                found[i] = lines[i]._replace(column=column)
    return found


# A column: the width that full lines of a stretch have, how many lines support it, and how many there are.
Column = tuple[float, float, int]


def _own_column(width: float, columns: Sequence[Column], usual: float, page: float) -> float:
    """Return the width of the column that a line stands in: the usual one, or one that the lines around it share.

    Where the column changes, the lines before tell one width and those after another: the line's own width says
    which it belongs to.
    """
    options = []
    for column, support, count in columns:
        # Short lines, of a list say, look like a narrow column by chance: that takes more of them.
        share = 0.3 if column > usual else 0.6
        if support >= max(3.0, share * count) and column <= page:
            # A difference of two or less is chance, for the usual width rests on many more lines.
            options.append(usual if abs(column - usual) <= SAME_COLUMN else column)
    if not options:
        return usual
    return min(options, key=lambda column: _misfit(width - column))


def _misfit(over: float) -> float:
    """Return how badly a line fits a column that it is so much wider than (0: full, or full but for an indent)."""
    if over > STICKS_OUT:
        return over
    return 0.0 if over >= -0.5 else 0.5 if -2.5 <= over <= -1.0 else 2.0


def _by_window(stretches: Callable[[int], list[Column]], count: int) -> Iterator[tuple[Column, Column, Column]]:
    """Yield for each line the columns of the lines before and with it, with and after it, and all of these.

    `stretches` gives the columns of all stretches of so many lines, by the line behind the last; those at the start and
    at the end of the text are shorter.
    """
    one, both = stretches(WINDOW + 1), stretches(2 * WINDOW + 1)
    for k in range(count):
        yield one[k], one[k + WINDOW], both[k + WINDOW]


def _margins(widths: Sequence[float]) -> Callable[[int], list[Column]]:
    """Return a function from a size to the columns of stretches of ragged lines: hardly one passes the edge."""

    def stretches(size: int) -> list[Column]:
        ends = range(1, len(widths) + size)
        return [(*_ragged(widths[max(0, end - size) : end]), min(end, size, len(widths) + size - end)) for end in ends]

    return stretches


def _ragged(widths: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(widths)
    if not ordered:
        return 0.0, 0.0
    edge = ordered[-2] if len(ordered) > 3 else ordered[-1]
    return edge, float(len(ordered) - bisect_left(ordered, 0.85 * edge))


# The width of a line in half characters, and what it ends with; None for one that does not stand in a column.
Shape = tuple[int, str] | None


def _shape(line: Line) -> Shape:
    return None if HANGING.match(line.text) else (round(line.width * 2), _ending(line.text[-1]))


def _agreed(shapes: Sequence[Shape]) -> Callable[[int], list[Column]]:
    """Return a function from a size to the columns of stretches of full-width lines.

    Full lines agree to a character (a mark may hang over the edge), first lines lack their indent, and few lines are
    wider.
    """

    def stretches(size: int) -> list[Column]:
        found, agreement = [], _Agreement()
        for end in range(1, len(shapes) + size):
            if end <= len(shapes):
                agreement.count(shapes[end - 1], 1)
            if end > size:
                agreement.count(shapes[end - size - 1], -1)
            found.append((*agreement.best(), min(end, size, len(shapes) + size - end)))
        return found

    return stretches


def _full_width(shapes: Sequence[Shape]) -> tuple[float, float]:
    agreement = _Agreement()
    for shape in shapes:
        agreement.count(shape, 1)
    return agreement.best()


class _Agreement:
    """How well full-width lines agree on the edge of a column; lines come and go."""

    def __init__(self) -> None:
        self._widths: list[int] = []  # of the lines in half characters, sorted
        self._near: defaultdict[int, int] = defaultdict(int)  # the support for each edge by the lines in its reach

    def count(self, shape: Shape, times: int) -> None:
        """Let a line come (1) or go (-1)."""
        if shape is None:
            return
        width, near = shape[0], self._near
        if times > 0:
            insort(self._widths, width)
        else:
            del self._widths[bisect_left(self._widths, width)]
        for over, support in _supports(shape[1]):
            near[width - over] += times * support

    def best(self) -> tuple[float, float]:
        """Return the edge that lines support best, and how many do."""
        best, most, count = 0, 0, len(self._widths)
        for edge in dict.fromkeys(self._widths):
            near = self._near[edge]
            if near > most:
                support = near - 10 * (count - bisect_right(self._widths, edge + 2 * STICKS_OUT))
                if support > most:
                    best, most = edge, support
        return best / 2, most / 10


def _ending(char: str) -> str:
    """Return what a line ends with: a Chinese character, a mark, or a Latin letter or digit."""
    return "mark" if not char.isalnum() else "latin" if char.isascii() else "han"


@cache
def _supports(ending: str) -> tuple[tuple[int, int], ...]:
    """Return by how many half characters a line may be wider than an edge in its reach, and what it says for it."""
    overs = range(round(2 * LEAST_OVER), round(2 * STICKS_OUT) + 1)
    return tuple((over, support) for over in overs if (support := _support(over / 2, ending)))


def _support(over: float, ending: str) -> int:
    """Return what a line that is so much wider than an edge says for a column there, in tenths of a line.

    A line that ends with a Chinese character is full to half a character, or a first line that lost its indent of
    two; a mark may hang over the edge; a Latin word is not cut and may stick out or leave room.
    """
    if ending == "latin":
        return 4 if over >= -0.5 else 2 if over <= -1.0 else 0
    hang = 1.0 if ending == "mark" else 0.0
    if over > 0.5 + hang:
        return -10 if ending == "han" else -3
    if over >= 0.0:
        return 10
    return 9 if -2.0 <= over <= -1.5 + hang else 0
