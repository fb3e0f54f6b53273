"""Carry out a plan of damage on the units of one text, and keep book of it.

    Unit      a clean paragraph
    Change    replaces [start, end) of a unit's clean text; its marks are the noise that this puts in
    Block     a stretch of a unit that is set as a paragraph (a torn unit has several), or a text placed between them
    Layout    how the blocks are set: width of a line, lost indent, blank lines
    Plan      changes, blocks in the order in which they stand, layout

All offsets of a plan count in the clean unit, so that its parts know nothing of each other; `damage` alone turns
them into offsets of the damaged text. What it returns is true by construction: nothing is searched for again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from tetrapla.errors import InputError
from tetrapla.model import Kind

__all__ = [
    "JUNK",
    "TYPES",
    "WORD_LEVEL",
    "Block",
    "Change",
    "Damaged",
    "GoldNoise",
    "GoldSegment",
    "Layout",
    "Mark",
    "Plan",
    "Seam",
    "Unit",
    "blocks_of",
    "damage",
    "line_ends",
    "moved",
    "placed",
    "torn",
]

Seam = Literal["blank", "line", "space"]

JUNK = "JUNK"
# Noise that touches a word or a mark and leaves what is said as it is: undone, it gives the clean text back.
WORD_LEVEL = frozenset(
    "hyphenation letter-spacing split-word merged-words citation-damage char-confusion broken-term".split()
)
TYPES = WORD_LEVEL | frozenset("page-furniture duplicate language-leak dangling truncation".split())

# A paragraph of these kinds begins with an indent, which scans lose: its first line has fewer characters than the
# others.
INDENTED = frozenset(["body", "list", "notes"])
# In Chinese setting a line does not begin with these, nor end with an opening bracket or quotation mark, and figures
# and Latin words stay whole.
CHINESE_TOKEN = re.compile(r"[“‘（《【]*(?:[!-~–]+|\s|.)[，。；：、！？”’）》】…]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph of the clean text of one language; units of all languages with the same id translate each other."""

    id: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Noise in a text that is put in: ``[start, end)`` of that text; `fix` should stand there, "" for nothing.

    `concept` is the Chinese term that a broken term renders.
    """

    type: str
    start: int
    end: int
    fix: str
    concept: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """`new` for ``[start, end)`` of a unit's clean text; at a tear, an insertion is the side's that it leans to."""

    start: int
    end: int
    new: str
    marks: tuple[Mark, ...] = ()
    leans: Literal["left", "right"] = "right"
    source: str = ""

    @property
    def order(self) -> tuple[int, int, int]:
        """Where the change stands among the others of its unit."""
        return self.start, self.end, self.leans == "right"


@dataclass(frozen=True, slots=True)
class Block:
    """``[start, end)`` of a unit's clean text, set as a paragraph; or, with `insert`, a text put between paragraphs.

    `name` is what layout says when it means this block; `unit` is whose text it is, `JUNK` for nobody's; `part`
    counts the pieces of a unit in reading order from 1 (0 for a text put in); `seam` is what stands between it and
    the next block.
    """

    name: str
    unit: str
    start: int = 0
    end: int = 0
    part: int = 1
    insert: Change | None = None
    seam: Seam = "blank"


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines are set: at most `wrap` characters (None: unwrapped), `indent` fewer on a paragraph's first line.

    With `blank_lines` a blank line stands after every line. In Chinese an ASCII character counts half.
    """

    wrap: int | None = None
    indent: int = 0
    blank_lines: bool = False


@dataclass(frozen=True)
class Plan:
    """What is done to the units of one language: changes by unit, blocks in the order in which they stand, layout."""

    blocks: tuple[Block, ...]
    changes: Mapping[str, Sequence[Change]] = field(default_factory=lambda: MappingProxyType({}))
    layout: Layout = Layout()


@dataclass(frozen=True, slots=True)
class GoldSegment:
    """``[start, end)`` of the damaged text is the unit's, or `JUNK`; `part` gives the reading order of torn pieces."""

    start: int
    end: int
    unit: str
    part: int


@dataclass(frozen=True, slots=True)
class GoldNoise:
    """Noise at ``[start, end)`` of the damaged text, where `quote` stands and `fix` should."""

    type: str
    start: int
    end: int
    quote: str
    fix: str
    unit: str
    concept: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Damaged:
    """A damaged text with its gold: segments that cover every non-space character once, noise by start."""

    language: str
    text: str
    segments: tuple[GoldSegment, ...]
    noise: tuple[GoldNoise, ...]

    def undone(self, types: Collection[str] = TYPES) -> dict[str, str]:
        """Return each unit's text with its torn pieces joined and all noise of these types taken back by its fix.

        Of noise inside noise only the outer is taken back. White space is made even: one space for any run of it,
        none in Chinese, so that the texts compare with clean ones however lines were wrapped.
        """
        pieces: dict[str, list[tuple[int, int, str]]] = {}
        for seg in self.segments:
            inside = [n for n in self.noise if n.type in types and seg.start <= n.start and n.end <= seg.end]
            # Longest first where two begin together: the outer one is met before what lies in it.
            inside.sort(key=lambda n: (n.start, -n.end))
            out, at = [], seg.start
            for noise in inside:
                if noise.start < at:
                    continue
                out += [self.text[at : noise.start], noise.fix]
                at = noise.end
            out.append(self.text[at : seg.end])
            pieces.setdefault(seg.unit, []).append((seg.part, seg.start, "".join(out)))
        glue = "" if self.language == "zh" else " "
        return {
            unit: even_space(glue.join(text for *_, text in sorted(found)), self.language)
            for unit, found in pieces.items()
        }


def even_space(text: str, language: str) -> str:
    """Return the text with one space for each run of white space, with none in Chinese."""
    return ("" if language == "zh" else " ").join(text.split())


def blocks_of(units: Iterable[Unit]) -> list[Block]:
    """Return the blocks of an undamaged text: one a unit."""
    return [Block(unit.id, unit.id, 0, len(unit.text)) for unit in units]


def _index(blocks: Sequence[Block], name: str) -> int:
    for k, block in enumerate(blocks):
        if block.name == name:
            return k
    raise InputError(f"there is no block {name}; perhaps it is dropped, or not torn that often")


def torn(blocks: Sequence[Block], unit: str, offset: int) -> list[Block]:
    """Return the blocks with the unit cut at an offset of its clean text; the new part follows the old and ends like
    it.

    Raises:
        InputError: the unit has no text on both sides of the offset, or is cut behind it already.
    """
    count = sum(block.unit == unit and block.insert is None for block in blocks)
    k = _index(blocks, unit if count <= 1 else f"{unit}/{count}")
    old = blocks[k]
    if not old.start < offset < old.end:
        raise InputError(f"{unit} cannot be torn there: tears of a unit are given in reading order, inside its text")
    new = replace(old, name=f"{unit}/{old.part + 1}", start=offset, part=old.part + 1)
    return [*blocks[:k], replace(old, end=offset, seam="blank"), new, *blocks[k + 1 :]]


def moved(blocks: Sequence[Block], names: Sequence[str], behind: str) -> list[Block]:
    """Return the blocks with those named put, in this order, behind another one.

    Raises:
        InputError: no block has that name, or one should stand behind itself.
    """
    run = [blocks[_index(blocks, name)] for name in names]
    rest = [block for block in blocks if block not in run]
    k = _index(rest, behind) + 1
    return [*rest[:k], *run, *rest[k:]]


def placed(blocks: Sequence[Block], behind: str, unit: str, insert: Change) -> list[Block]:
    """Return the blocks with a text of its own put behind another block."""
    k = _index(blocks, behind) + 1
    count = sum(block.insert is not None for block in blocks)
    return [*blocks[:k], Block(f"+{count + 1}", unit, part=0, insert=insert), *blocks[k:]]


@dataclass
class _Piece:
    """A block's damaged text before it is set: whose characters are whose, and the noise in them."""

    block: Block
    text: str = ""
    owners: list[tuple[int, int, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str, marks: Iterable[Mark] = ()) -> None:
        at = len(self.text)
        self.text += text
        shifted = [replace(m, start=at + m.start, end=at + m.end) for m in marks]
        self.marks += shifted
        # Text of the page stands inside a paragraph, yet is no part of it.
        for start, end in sorted((m.start, m.end) for m in shifted if m.type == "page-furniture"):
            self._give(at, start, self.block.unit)
            self._give(start, end, JUNK)
            at = end
        self._give(at, len(self.text), self.block.unit)

    def _give(self, start: int, end: int, unit: str) -> None:
        if start == end:
            return
        if self.owners and self.owners[-1][2] == unit:
            start = self.owners.pop()[0]
        self.owners.append((start, end, unit))


def damage(language: str, units: Iterable[Unit], plan: Plan) -> Damaged:
    """Return the text that a plan makes of clean units, with its gold.

    Raises:
        InputError: changes of a unit overlap, or one reaches over a tear.
    """
    by_id = {unit.id: unit for unit in units}
    pieces = [_piece(block, by_id, plan.changes) for block in plan.blocks]
    indents = [
        plan.layout.indent if b.part == 1 and b.insert is None and by_id[b.unit].kind in INDENTED else 0
        for b in plan.blocks
    ]
    text, maps = _set(pieces, indents, language, plan.layout)
    segments: list[GoldSegment] = []
    noise: list[GoldNoise] = []
    for piece, at in zip(pieces, maps, strict=True):
        for start, end, unit in piece.owners:
            stretch = piece.text[start:end]
            start += len(stretch) - len(stretch.lstrip())
            end -= len(stretch) - len(stretch.rstrip())
            if start < end:
                segments.append(GoldSegment(at[start], at[end - 1] + 1, unit, piece.block.part))
        for mark in piece.marks:
            start, end = at[mark.start], at[mark.end - 1] + 1
            quote = text[start:end]
            noise.append(GoldNoise(mark.type, start, end, quote, mark.fix, piece.block.unit, mark.concept, mark.note))
    noise.sort(key=lambda n: (n.start, n.end, n.type))
    return Damaged(language, text, tuple(segments), tuple(noise))


def _piece(block: Block, units: Mapping[str, Unit], changes: Mapping[str, Sequence[Change]]) -> _Piece:
    """Return the text of a block, with the changes that fall into it."""
    piece = _Piece(block)
    if block.insert is not None:
        piece.add(block.insert.new, block.insert.marks)
        return piece
    clean = units[block.unit].text
    start, end = block.start, block.end
    start += len(clean[start:end]) - len(clean[start:end].lstrip())
    end -= len(clean[start:end]) - len(clean[start:end].rstrip())
    at = start
    last: Change | None = None
    for change in sorted(changes.get(block.unit, ()), key=lambda c: c.order):
        if not _falls_into(change, block, len(clean)):
            continue
        if last is not None and change.start < last.end:
            raise InputError(f"{change.source or block.unit}: this overlaps the change of {last.source or block.unit}")
        piece.add(clean[at : max(at, change.start)])
        piece.add(change.new, change.marks)
        at, last = max(at, change.end), change
    piece.add(clean[at : max(at, end)])
    return piece


def _falls_into(change: Change, block: Block, length: int) -> bool:
    """Return whether a change is this block's; an insertion at a tear is one side's only."""
    if change.start == change.end and change.start in (block.start, block.end):
        if change.start == block.start:
            return block.start == 0 or change.leans == "right"
        return block.end == length or change.leans == "left"
    inside = block.start <= change.start and change.end <= block.end
    if not inside and change.start < block.end and block.start < change.end:
        raise InputError(f"{change.source or block.unit}: {block.unit} is torn inside the text of this change")
    return inside


def _set(
    pieces: Sequence[_Piece], indents: Sequence[int], language: str, layout: Layout
) -> tuple[str, list[list[int]]]:
    """Return the text with its lines wrapped, and for each piece the offset of each of its characters."""
    setter = _Chinese(layout) if language == "zh" else _Latin(layout)
    between: dict[Seam, str] = {"blank": "\n\n", "line": "\n", "space": ""}
    for k, (piece, indent) in enumerate(zip(pieces, indents, strict=True)):
        seam = pieces[k - 1].block.seam if k else "blank"
        if seam != "space":
            if k:
                setter.put(between[seam])
            setter.column = indent
        # The first word of what follows in the same line must be known to break the line before it.
        setter.piece(piece.text, joined=seam == "space" and k > 0)
    setter.put("\n")
    return "".join(setter.out), setter.maps


class _Latin:
    """Sets words: a space becomes a line end where the next word would pass the width."""

    def __init__(self, layout: Layout) -> None:
        self.wrap = layout.wrap
        self.end_of_line = "\n\n" if layout.blank_lines else "\n"
        self.out: list[str] = []
        self.size = 0
        self.column = 0.0
        self.maps: list[list[int]] = []

    def put(self, text: str) -> None:
        self.out.append(text)
        self.size += len(text)

    def piece(self, text: str, *, joined: bool) -> None:
        if joined:
            self._space(text)
        at = []
        for k, char in enumerate(text):
            at.append(self.size)
            if char == " " and k:
                self._space(text[k + 1 :])
            else:
                self.put(char)
                self.column += 1
        self.maps.append(at)

    def _space(self, rest: str) -> None:
        word = rest.split(" ", 1)[0]
        if self.wrap is not None and self.column and self.column + 1 + len(word) > self.wrap:
            self.put(self.end_of_line)
            self.column = 0.0
        else:
            self.put(" ")
            self.column += 1


class _Chinese(_Latin):
    """Sets characters; see `CHINESE_TOKEN` for where a line may break."""

    def piece(self, text: str, *, joined: bool) -> None:
        at: list[int] = []
        for token in CHINESE_TOKEN.findall(text):
            # A full-width mark may hang over the end of a line, as in print.
            width = sum(_width(char) for char in token.rstrip("，。；：、！？”’）》】…"))
            if self.wrap is not None and self.column and self.column + width > self.wrap and not token.isspace():
                self.put(self.end_of_line)
                self.column = 0.0
            for char in token:
                at.append(self.size)
                self.put(char)
                self.column += _width(char)
        self.maps.append(at)


def _width(char: str) -> float:
    return 0.5 if char.isascii() else 1.0


def line_ends(length: int, layout: Layout) -> list[float]:
    """Return where the lines of a Chinese paragraph of so many characters end, as shares of its length, 0..1.

    About: what hangs over or is moved down as a whole is not counted. Most sentences that a translation cuts short
    are cut where a line of the original ends: it was fed line by line.
    """
    if layout.wrap is None or length == 0:
        return []
    return [at / length for at in range(layout.wrap - layout.indent, length, layout.wrap)]
