"""Which section a passage stands under, from the numbers of the headings.

Numbers are read as they are printed: "3.1", "第二章", "四、". A page also has lines that look like a numbered heading
and are none, so that only those count that make the longest rising sequence. Where no heading has a number, headings
are counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tetrapla.align.tokens import han_value
from tetrapla.model import Kind
from tetrapla.report.rows import longest_rising

__all__ = ["sections_of"]

HAN_NUMERAL = "[〇零一二三四五六七八九十百]{1,4}"
WORDS = "chapter|section|part|cap[ií]tulo|secci[oó]n|parte|chapitre|partie"
NUMBER = re.compile(
    rf"(?:(?:{WORDS})\s+)?"
    r"(?P<points>\d{1,2}(?:\s?\.\s?\d{1,2}){0,4})(?![\d%])\.?(?=[^\d\s.]|\s|$)"
    rf"|第\s?(?P<chapter>\d{{1,2}}|{HAN_NUMERAL})\s?[章节篇部]|(?P<han>{HAN_NUMERAL})、",
    re.IGNORECASE,
)
# Sections of their own, which belong to none that has a number.
BEHIND: frozenset[Kind] = frozenset({"notes", "references", "furniture"})


def sections_of(passages: Sequence[tuple[Kind, str]]) -> list[str]:
    """Return the section of each passage, given by kind and text in their order; '' before the first.

    A heading stands in the section that it opens.

    >>> sections_of([("title", "On parks"), ("heading", "1 Aims"), ("body", "…"), ("heading", "1.1 Scope")])
    ['', '1', '1', '1.1']
    """
    headings = [at for at, (kind, _) in enumerate(passages) if kind == "heading"]
    numbers = {at: number for at in headings if (number := _number(passages[at][1]))}
    if numbers:
        ranks = {number: rank for rank, number in enumerate(sorted(set(numbers.values())))}
        kept = longest_rising([ranks[number] for number in numbers.values()])
        opened = {at: ".".join(map(str, number)) for k, (at, number) in enumerate(numbers.items()) if k in kept}
    else:
        opened = {at: str(count) for count, at in enumerate(headings, start=1)}
    sections, current = [], ""
    kinds = [kind for kind, _ in passages]
    for at, (kind, after) in enumerate(zip(kinds, [*kinds[1:], None], strict=False)):
        current = opened.get(at, current)
        heads_notes = kind == "heading" and at not in opened and after in BEHIND
        sections.append("" if kind in BEHIND or heads_notes else current)
    return sections


def _number(heading: str) -> tuple[int, ...]:
    """Return the number that a heading begins with, part by part; none where it has no number."""
    match = NUMBER.match(unicodedata.normalize("NFKC", heading).lstrip())
    if match is None:
        return ()
    if points := match["points"]:
        return tuple(int(part) for part in points.split("."))
    numeral = match["chapter"] or match["han"]
    value = int(numeral) if numeral.isdecimal() else han_value(numeral)
    return (int(value),) if value else ()
