"""Marks of a list of references that the scanner took for others: its entries are set alike, and the odd one is not.

    [7] FIELD A, HILL B. On boats [J]. The Lake, 2007(3): 35-42.

Which mark stands before the year and which between issue and pages the list itself says; styles differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tetrapla.checks._lexis import finding
from tetrapla.model import Finding, Flow, Segmented

__all__ = ["misread_marks"]

YEAR = r"(?:1[89]|20)\d\d"
BEFORE_YEAR = re.compile(rf"[^\W_]+(\s?[.,:;])\s?{YEAR}(?=\s?\(\d{{1,3}}\))")
BEFORE_PAGES = re.compile(rf"{YEAR}\s?\(\d{{1,3}}\)(\s?[.,:;])(?=\s?\d{{1,4}}\s?[-–—~]\s?\d)")
DOUBLED = re.compile(r"(?<=\w)(\s?\.)\s\.(?=\s[^\W\d_])")
QUOTED = re.compile(r"([«“]\s?)([^\W_]+)|[»”]")
# Entries that must agree, and their share of all that have a mark in this place.
FEWEST, SHARE = 4, 0.75


def misread_marks(text: Segmented) -> Iterator[Finding]:
    """Find marks in the list of references that are unlike those of the other entries, doubled or without a partner."""
    flows = [flow for paragraph, _, flow in text if paragraph.kind == "references"]
    for pattern in (BEFORE_YEAR, BEFORE_PAGES):
        yield from _unlike_the_others(flows, pattern)
    for flow in flows:
        for match in DOUBLED.finditer(flow.text):
            yield _mark(flow, match.span(), match.group(1), "A full stop stands twice.")
        yield from _unclosed(flow)


def _unlike_the_others(flows: Sequence[Flow], pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Find the marks, `pattern`'s group, that nearly all other entries set otherwise."""
    found = [(flow, match) for flow in flows for match in pattern.finditer(flow.text)]
    marks = Counter(match.group(1).strip() for _, match in found)
    usual, count = marks.most_common(1)[0] if marks else ("", 0)
    if count < FEWEST or count < SHARE * len(found):
        return
    written = Counter(match.group(1) for _, match in found if match.group(1).strip() == usual).most_common(1)[0][0]
    for flow, match in found:
        if match.group(1).strip() != usual:
            start, end = match.span()
            fix = flow.text[start : match.start(1)] + written + flow.text[match.end(1) : end]
            yield _mark(flow, (start, end), fix, f"The other entries of the list have “{usual}” here.")


def _unclosed(flow: Flow) -> Iterator[Finding]:
    """Find a quotation mark that opens in an entry and is closed nowhere, where it is the only one."""
    marks = list(QUOTED.finditer(flow.text))
    if len(marks) == 1 and marks[0].group(1):
        yield _mark(flow, marks[0].span(), marks[0].group(2), "A quotation opens here and is closed nowhere.")


def _mark(flow: Flow, place: tuple[int, int], fix: str, message: str) -> Finding:
    by = {"by": "the list of references"}
    return finding("char-confusion", flow, place, score=0.65, replacement=fix, message=message, evidence=by)
