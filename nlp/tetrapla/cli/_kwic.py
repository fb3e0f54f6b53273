"""Lines of a concordance for a terminal: the hits one below the other, the other versions below each of them.

Columns are counted as a terminal shows them, in which Chinese characters take two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from tetrapla.query._line import line

if TYPE_CHECKING:
    from tetrapla.query import Concordance, Hit, Mark, Parallel

__all__ = ["CONTEXT", "kwic"]

CONTEXT = 160  # characters on either side, as many as the widest line may need
LEAST = 24  # columns for text, however narrow the terminal
LONGEST_NAME = 16  # columns for the name of a source
LONGEST = 0.4  # of the room for text may be the hit itself
STYLES = {"preferred": "32;1", "admitted": "32;1", "deprecated": "33;1", "noise": "31;1", None: "1", "aside": "2"}


def kwic(found: Concordance, versions: Mapping[str, Sequence[str]], *, width: int, color: bool) -> str:
    """Return hits as lines of at most `width` columns, the hits themselves one below the other.

    `versions` has the documents of each source: those that a hit does not stand in are given below its line. Without
    `color` they have brackets around what names the concept.
    """
    from rich.cells import cell_len

    several = len({hit.source for hit in found}) > 1
    heads = [_head(hit, several) for hit in found]
    sizes = [max(map(cell_len, column)) for column in zip(*heads, strict=True)] if heads else []
    margin = sum(sizes) + 2 * len(sizes)
    room = max(width - margin, LEAST)
    longest = max((min(cell_len(line(hit.match)), int(room * LONGEST)) for hit in found), default=0)
    before = (room - longest) // 2 - 1
    out = []
    for hit, head in zip(found, heads, strict=True):
        left, match = _tail(line(hit.left), before), _start(line(hit.match), int(room * LONGEST))
        right = _start(line(hit.right), room - before - 2 - cell_len(match))
        aside = "".join(_padded(cell, size) + "  " for cell, size in zip(head, sizes, strict=True))
        gap = " " * (before - cell_len(left))
        shown = f"{_styled(aside, 'aside', color)}{gap}{left} {_styled(match, _style(hit), color)} {right}"
        out.append(shown.rstrip() + "\n")
        out += _beside(hit, versions.get(hit.source, ()), " " * margin, room, color)
    return "".join(out)


def _head(hit: Hit, several: bool) -> tuple[str, ...]:
    """Return where a hit stands; of several sources also in which."""
    source = (_start(line(PurePath(hit.source).stem), LONGEST_NAME),) if several else ()
    return *source, hit.document, hit.bead or "", hit.section


def _beside(hit: Hit, versions: Sequence[str], margin: str, room: int, color: bool) -> Iterator[str]:
    """Yield a line for each other version of a bead, where other versions were asked for."""
    if not hit.parallel and hit.bead is None:
        return
    size = max(map(len, versions), default=0)
    others = dict.fromkeys([*(name for name in versions if name != hit.document), *hit.parallel])
    for name in others:
        side = hit.parallel.get(name)
        text = _side(hit, side, room - size - 2, color) if side else _styled("– no passage", "noise", color)
        yield f"{margin}{_styled(f'{name:{size}}', 'aside', color)}  {text}".rstrip() + "\n"


def _side(hit: Hit, side: Parallel, room: int, color: bool) -> str:
    """Return the part of another version that shows where it names the concept, or what stands at the same place."""
    from rich.cells import cell_len

    text, mark = side.text, side.nearest
    start, end = (mark.start, mark.end) if mark else (side.at, side.at)
    sign = "not named: " if hit.concept and not mark else ""
    inside = _start(line(text[start:end]), room)
    rest = max(room - cell_len(inside) - cell_len(sign) - (0 if color else 2), 0)
    left = _tail(line(text[max(0, start - room) : start]), rest // 3)
    right = _start(line(text[end : end + room]), rest - cell_len(left))
    if mark is None:
        return _styled(sign, "noise", color) + left + right
    return left + (_styled(inside, _style(mark), color) if color else f"[{inside}]") + right


def _tail(text: str, room: int) -> str:
    """Return the end of a text that has room, with a sign where something is left out."""
    from rich.cells import cell_len

    if cell_len(text) <= room:
        return text
    used, at = 1, len(text)
    while at and used + cell_len(text[at - 1]) <= room:
        at -= 1
        used += cell_len(text[at])
    return "…" + text[at:] if room > 0 else ""


def _start(text: str, room: int) -> str:
    """Return the beginning of a text that has room, with a sign where something is left out."""
    from rich.cells import cell_len

    if cell_len(text) <= room:
        return text
    used, at = 1, 0
    while at < len(text) and used + cell_len(text[at]) <= room:
        used += cell_len(text[at])
        at += 1
    return text[:at] + "…" if room > 0 else ""


def _padded(text: str, size: int) -> str:
    from rich.cells import cell_len

    return text + " " * (size - cell_len(text))


def _style(named: Hit | Mark) -> str | None:
    return "noise" if named.broken else named.status


def _styled(text: str, status: str | None, color: bool) -> str:
    return f"\x1b[{STYLES[status]}m{text}\x1b[0m" if color and text.strip() else text
