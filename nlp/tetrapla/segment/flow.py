"""Running text out of pieces of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tetrapla.languages import HAN, Language
from tetrapla.model import Flow
from tetrapla.segment.lines import Line
from tetrapla.segment.paragraphs import BREAK_HYPHENS

__all__ = ["flow_of"]

NARROW_WORD = re.compile(rf"[^\W{HAN}]")


def flow_of(pieces: Sequence[Sequence[Line]], language: Language) -> Flow:
    """Return the running text of a paragraph whose lines come in one or more pieces, in reading order."""
    chars: list[str] = []
    offsets: list[int] = []
    tears: set[int] = set()
    for piece in pieces:
        for k, line in enumerate(piece):
            if chars:
                joiner = _joiner(chars, line.text, language)
                if joiner is None:
                    chars.pop()
                    offsets.pop()
                elif joiner:
                    chars.append(joiner)
                    offsets.append(offsets[-1] + 1)
                if k == 0:
                    tears.add(len(chars))
            chars.extend(line.text)
            offsets.extend(range(line.span.start, line.span.end))
    return Flow("".join(chars), offsets, frozenset(tears))


def _joiner(before: Sequence[str], after: str, language: Language) -> str | None:
    """Return what stands between two lines: a blank, nothing, or None where the hyphen before goes too."""
    last, first = before[-1], after[0]
    letters = len(before) > 1 and before[-2].isalpha()
    if last in BREAK_HYPHENS and letters and first.islower():
        return None
    if last == "-" and letters and first.isalpha():
        # Nearly always a compound ("resource-" / "intensive"); what is none is for the check on hyphenation.
        return ""
    if language.joiner:
        return language.joiner
    # In Chinese a line ends anywhere; two Latin words, or a mark that ends a Latin one, want their blank back.
    narrow = NARROW_WORD.match(last) or (last in ".,;:!?)]" and len(before) > 1 and NARROW_WORD.match(before[-2]))
    return " " if narrow and NARROW_WORD.match(first) else ""
