"""Running text out of pieces of lines."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from tetrapla.languages import SPACELESS, Language
from tetrapla.model import Flow
from tetrapla.segment.lines import Line
from tetrapla.segment.paragraphs import BREAK_HYPHENS

__all__ = ["conjunctions", "flow_of"]

SPACED_WORD = re.compile(rf"[^\W{SPACELESS}]")
FIRST_WORD = re.compile(r"[^\W\d_]++(?![\w-])")
# Behind one of these a hyphen hangs in the air: "pre- and post-war", "fuerzas económico- y sociopolíticas".
CONJUNCTIONS = {
    "en": frozenset("and or to nor but".split()),
    "es": frozenset("y e o u ni".split()),
    "fr": frozenset("et ou ni".split()),
}
OTHER_CONJUNCTIONS = frozenset("and und oder bis bzw sowie en of ed od o e og och eller i".split())


def conjunctions(language: str) -> frozenset[str]:
    """Return the words of a language that may follow a first part without its second: "pre- and post-war"."""
    return CONJUNCTIONS.get(language, OTHER_CONJUNCTIONS)


def flow_of(pieces: Sequence[Sequence[Line]], language: Language) -> Flow:
    """Return the running text of a paragraph whose lines come in one or more pieces, in reading order."""
    parts: list[str] = []
    # A number object for every character of a long document would take more memory than all the rest.
    offsets = array("I")
    tears: set[int] = set()
    for piece in pieces:
        for k, line in enumerate(piece):
            if parts:
                joiner = _joiner(parts[-1], line.text, language)
                if joiner is None:
                    parts[-1] = parts[-1][:-1]
                    offsets.pop()
                elif joiner:
                    parts.append(joiner)
                    offsets.append(offsets[-1] + 1)
                if k == 0:
                    tears.add(len(offsets))
            parts.append(line.text)
            offsets.extend(range(line.span.start, line.span.end))
    return Flow("".join(parts), offsets, frozenset(tears))


def _joiner(before: str, after: str, language: Language) -> str | None:
    """Return what stands between two lines: a blank, nothing, or None where the hyphen before goes too."""
    last, first = before[-1], after[0]
    letters = len(before) > 1 and before[-2].isalpha()
    if last in BREAK_HYPHENS and letters and first.islower():
        return None
    if last == "-" and letters and first.isalpha():
        # Nearly always a compound ("resource-" / "intensive"); what is none is for the check on hyphenation.
        word = FIRST_WORD.match(after)
        return " " if word and word.group() in conjunctions(language.code) else ""
    if language.joiner:
        return language.joiner
    # Without blanks between words a line ends anywhere; two Latin words, or a mark that ends one, want theirs back.
    narrow = SPACED_WORD.match(last) or (last in ".,;:!?)]" and len(before) > 1 and SPACED_WORD.match(before[-2]))
    return " " if narrow and SPACED_WORD.match(first) else ""
