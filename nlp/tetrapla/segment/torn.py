"""Paragraphs that a figure, an abstract or another column interrupts, put together where the evidence is plain."""

from __future__ import annotations

from collections.abc import Sequence

from tetrapla.languages import Language
from tetrapla.model import Kind
from tetrapla.segment.lines import Line
from tetrapla.segment.paragraphs import CLOSED, INDENT, NOT_FIRST, NUMBERED

__all__ = ["join_torn"]

Block = Sequence[Line]

# How many paragraphs may stand between the two parts.
REACH = 4
INTERRUPTING: frozenset[Kind] = frozenset({"caption", "abstract", "furniture", "table", "title", "author", "keywords"})


def join_torn(blocks: Sequence[Block], kinds: Sequence[Kind], language: Language) -> list[tuple[list[Block], Kind]]:
    """Return paragraphs as lists of pieces in reading order, with their kinds, by their first piece."""
    after: dict[int, int] = {}
    taken: set[int] = set()
    for i in range(len(blocks)):
        if not _open_end(blocks[i], kinds[i]):
            continue
        for j in range(i + 1, min(len(blocks), i + 1 + REACH)):
            if (
                j not in taken
                and kinds[j] in ("body", "notes", "list")
                and _open_start(blocks[j], kinds[i : j + 1], language)
            ):
                after[i] = j
                taken.add(j)
                break
            if kinds[j] not in INTERRUPTING and not _whole(blocks[j], kinds[j]):
                break
    for j in range(1, len(blocks)):
        before = _interrupted(blocks, kinds, j, language) if j not in taken else None
        if before is not None and before not in after:
            after[before] = j
            taken.add(j)
    groups = []
    for i in range(len(blocks)):
        if i in taken:
            continue
        pieces, at = [blocks[i]], i
        while at in after:
            at = after[at]
            pieces.append(blocks[at])
        groups.append((pieces, kinds[i]))
    return groups


def _interrupted(blocks: Sequence[Block], kinds: Sequence[Kind], j: int, language: Language) -> int | None:
    """Return the paragraph that goes on in paragraph j behind figures and the like, though it stopped at a full stop.

    Only where lines tell: the first of several that lost no indent.
    """
    i = j - 1
    while i >= 0 and j - i <= REACH and kinds[i] in INTERRUPTING:
        i -= 1
    if i < 0 or i == j - 1 or kinds[i] != "body" or kinds[j] != "body" or len(blocks[j]) < 2:
        return None
    first = blocks[j][0]
    by_width = language.full_width and first.han and first.column > 0
    return (
        i
        if by_width and not NUMBERED.match(first.text) and _open_start(blocks[j], kinds[i : j + 1], language)
        else None
    )


def _open_end(block: Block, kind: Kind) -> bool:
    """Return whether a paragraph stops in the middle of a sentence."""
    last = block[-1].text
    return (
        kind in ("body", "notes", "list")
        and not CLOSED.search(last)
        and not NUMBERED.match(block[0].text)
        and not (block[0].text[0].islower() and not block[0].han)  # an item of a list; the next one is no rest of it
        and not (block[0].han and last[-1].isascii())
    )


def _whole(block: Block, kind: Kind) -> bool:
    """Return whether a paragraph may stand between two parts of another: it is complete in itself."""
    return kind == "heading" or bool(CLOSED.search(block[-1].text))


def _open_start(block: Block, kinds: Sequence[Kind], language: Language) -> bool:
    """Return whether a paragraph begins in the middle of a sentence.

    Its first line lost no indent, or begins with a small letter, or with a mark that nothing begins with. A single
    line tells nothing by its width: it is taken only where nothing but a caption or the like stands between.
    """
    first = block[0]
    if NOT_FIRST.match(first.text):
        return True
    if not language.full_width:
        return first.text[0].islower()
    if not first.han or not first.column:
        return False
    if len(block) == 1:
        return (
            all(kind in INTERRUPTING for kind in kinds[1:-1]) and len(kinds) > 2 and first.width < first.column - INDENT
        )
    cut_word = first.text[-1].isascii() or block[1].text[0].isascii()  # Latin words are not cut: no telling by width
    return first.width >= first.column - 0.5 and not cut_word
