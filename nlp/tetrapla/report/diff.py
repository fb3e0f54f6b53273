"""What cleaning changes, word by word, for a terminal: each place on a line of its own, marked as wdiff does.

    25  hyphenation  … of the regional [-innova- tion-]{+innovation+} system and …

With colours what goes is red and struck out, what comes is green and underlined, and the brackets are not needed. A
text may have any length and lines of any length: what is shown is cut around the edits, in linear time.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from tetrapla.model import Edit, View

__all__ = ["visible", "words"]

CONTEXT = 32  # characters of its line that stand before and after an edit
PIECE = 240  # characters of a passage that are shown; of a longer one, its two ends
CLOSE = 24  # characters between edits that are shown together ...
TOGETHER = 6  # ... as many as this
FINE = 80  # words of an edit within which it is looked for what stays
LEAST = 20  # columns for the text, however narrow the terminal
TOKEN = re.compile(r"\S+|\s+")
# Where a line may be broken: at blanks, and around each full-width character.
FULL = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
UNIT = re.compile(rf" +|[{FULL}]|[^ {FULL}]+")
# What would not be seen, or would change how the terminal shows the rest.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
BLANK = re.compile(r"[^\S \n\t]")
NAMES = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
BLANKS = str.maketrans("\n\r\t", "   ")

Kind = Literal["kept", "out", "in", "aside"]
STYLES: dict[Kind, str] = {"kept": "", "out": "31;9", "in": "32;4", "aside": "2"}


class _Piece(NamedTuple):
    kind: Kind
    text: str


def words(view: View, *, color: bool, width: int) -> str:
    """Return what a view changes, a line for each place with the number of its line and the types of the edits.

    `width` counts columns; longer places go on in the next line. Without `color`, brackets tell what goes and what
    comes. Changes of nothing but blanks and line ends that follow each other are shown as one. "" if nothing changes.
    """
    edits = [edit for edit in view.edits if edit.original != edit.replacement]
    if not edits:
        return ""
    doc = view.document
    after = [*(edit.span.start for edit in edits[1:]), len(doc.text)]
    groups = list(_groups(edits))
    types = [" ".join(dict.fromkeys(edit.rule for edit in edits[first:last])) for first, last in groups]
    number = len(f"{doc.line_of(edits[-1].span.start)}")
    column = min(max(map(len, types)), max(width // 4, LEAST // 2))
    blank = " " * (number + column + 2)
    out: list[str] = []
    before = 0
    for (first, last), named in zip(groups, types, strict=True):
        group = edits[first:last]
        pieces = list(_pieces(doc.text, group, before, after[last - 1], color=color))
        lines = _lines(pieces, max(width - len(blank) - 2, LEAST), color=color)
        margin = f"{doc.line_of(group[0].span.start):>{number}}  {named:{column}}"
        # A margin that is too long for its column has a line of its own.
        for k, line in enumerate(lines if len(margin) == len(blank) else ["", *lines]):
            head = margin if k == 0 else blank
            out.append(f"{_styled('aside', head, color)}  {line}".rstrip() + "\n")
        before = group[-1].span.end
    return "".join(out)


def _groups(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Yield the edits that are shown together, as half-open ranges."""
    first = 0
    for k in range(1, len(edits) + 1):
        if k == len(edits) or not _together(edits, first, k):
            yield first, k
            first = k


def _together(edits: Sequence[Edit], first: int, k: int) -> bool:
    if _of_blanks(edits[first]) or _of_blanks(edits[k]):
        return _of_blanks(edits[first]) and _of_blanks(edits[k]) and edits[first].rule == edits[k].rule
    return edits[k].span.start - edits[k - 1].span.end <= CLOSE and k - first < TOGETHER


def _of_blanks(edit: Edit) -> bool:
    return not edit.original.strip() and not edit.replacement.strip()


def _pieces(text: str, edits: Sequence[Edit], before: int, after: int, *, color: bool) -> Iterator[_Piece]:
    """Yield what is shown of some edits: a little of the line before, each change, what is between, a little after."""
    shown = edits[:1] if _of_blanks(edits[0]) else edits
    start, end = shown[0].span.start, shown[-1].span.end
    if len(shown) < len(edits):
        after = edits[1].span.start
    yield _Piece("kept", _left(text, max(before, start - CONTEXT), start))
    at = start
    for edit in shown:
        yield _Piece("kept", visible(text[at : edit.span.start]))
        yield from _change(edit, color=color)
        at = edit.span.end
    yield _Piece("kept", _right(text, end, min(after, end + CONTEXT)))
    if more := len(edits) - len(shown):
        yield _Piece("aside", f" (and {more:,} more)")


def _left(text: str, low: int, start: int) -> str:
    """Return what stands before a place in its line, begun at a word."""
    line = max(low, text.rfind("\n", low, start) + 1)
    if line > low or low == 0 or text[low - 1] == "\n":
        return visible(text[line:start])
    blank = text.find(" ", low, start)
    return "…" + visible(text[low if blank < 0 else blank : start])


def _right(text: str, end: int, high: int) -> str:
    """Return what stands behind a place in its line, ended at a word."""
    line = text.find("\n", end, high)
    if line >= 0 or high == len(text):
        return visible(text[end : line if line >= 0 else high])
    blank = text.rfind(" ", end, high)
    return visible(text[end : high if blank < 0 else blank + 1]) + "…"


def _change(edit: Edit, *, color: bool) -> Iterator[_Piece]:
    for kind, part in _parts(edit.original, edit.replacement):
        if part:
            seen = visible(part, changed=kind != "kept")
            yield _Piece(kind, seen if color or kind == "kept" else f"[-{seen}-]" if kind == "out" else f"{{+{seen}+}}")


def _parts(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    """Yield what stays, goes and comes, word by word; of a long passage only its ends are looked at."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    yield "kept", "".join(before[:head])
    before_tail, after_tail = len(before) - tail, len(after) - tail
    yield from _middle(before[head:before_tail], after[head:after_tail])
    yield "kept", "".join(before[before_tail:])


def _middle(before: list[str], after: list[str]) -> Iterator[tuple[Kind, str]]:
    """Yield the same of what is left between the words that stay; blanks that stay between two changes join these."""
    if max(len(before), len(after)) > FINE:
        yield from (("out", "".join(before)), ("in", "".join(after)))
        return
    out = new = ""
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal" and "".join(before[a:b]).strip():
            yield from (("out", out), ("in", new), ("kept", "".join(before[a:b])))
            out = new = ""
        else:
            out += "".join(before[a:b])
            new += "".join(after[c:d])
    yield from (("out", out), ("in", new))


def visible(text: str, *, changed: bool = False, most: int = PIECE) -> str:
    """Return a text on one line with signs for what would not be seen, the middle of a long one left out.

    In what is `changed`, blanks matter too.
    """
    if len(text) > most:
        text = f"{text[: (most - 2) // 2]} … {text[len(text) - (most - 3) // 2 :]}"
    if not changed:
        return HIDDEN.sub(_name, text.translate(BLANKS))
    seen = BLANK.sub(_name, HIDDEN.sub(_name, text))
    return seen if text.strip(" ") else "␣" * len(text)


def _name(match: re.Match[str]) -> str:
    return NAMES.get(match[0], f"<U+{ord(match[0]):04X}>")


def _lines(pieces: Sequence[_Piece], room: int, *, color: bool) -> list[str]:
    """Return pieces in lines of at most `room` columns."""
    from rich.cells import cell_len

    lines: list[list[_Piece]] = [[]]
    column = 0
    for kind, text in pieces:
        for unit in UNIT.findall(text):
            for part in _split(unit, room):
                size = cell_len(part)
                if column and column + size > room and not part.isspace():
                    lines.append([])
                    column = 0
                if column or not part.isspace():
                    lines[-1].append(_Piece(kind, part))
                    column += size
    return ["".join(_styled(kind, text, color) for kind, text in _merged(line)) for line in lines]


def _split(unit: str, room: int) -> list[str]:
    """Return a word in parts that a line has room for, also where its characters are two columns wide."""
    size = room // 2 if len(unit) > room // 2 and not unit.isascii() else room
    return [unit[k : k + size] for k in range(0, len(unit), size)]


def _merged(line: Sequence[_Piece]) -> Iterator[_Piece]:
    """Yield the pieces of a line, neighbours of one kind as one."""
    for k, piece in enumerate(line):
        if k and line[k - 1].kind == piece.kind:
            continue
        end = k
        while end < len(line) and line[end].kind == piece.kind:
            end += 1
        yield _Piece(piece.kind, "".join(part.text for part in line[k:end]))


def _styled(kind: Kind, text: str, color: bool) -> str:
    style = STYLES[kind]
    return f"\x1b[{style}m{text}\x1b[0m" if color and style and text.strip() else text
