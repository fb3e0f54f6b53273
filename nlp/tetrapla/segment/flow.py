"""Running text out of pieces of lines."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from tetrapla.languages import SPACELESS, Language
from tetrapla.model import Flow
from tetrapla.segment.lines import Line
from tetrapla.segment.paragraphs import BREAK_HYPHENS

__all__ = ["flow_of"]

SPACED_WORD = re.compile(rf"[^\W{SPACELESS}]")


def flow_of(pieces: Sequence[Sequence[Line]], language: Language) -> Flow:
    """Return the running text of a paragraph whose lines come in one or more pieces, in reading order."""
    chars: list[str] = []
    # A number object for every character of a long document would take more memory than all the rest.
    offsets = array("I")
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
    # Without blanks between words a line ends anywhere; two Latin words, or a mark that ends one, want theirs back.
    narrow = SPACED_WORD.match(last) or (last in ".,;:!?)]" and len(before) > 1 and SPACED_WORD.match(before[-2]))
    return " " if narrow and SPACED_WORD.match(first) else ""
