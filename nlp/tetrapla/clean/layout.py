"""Lines: those of a paragraph joined, torn paragraphs put together, paragraphs wrapped to a width.

Joining is safe where lines are those of a page; a blank line inside a paragraph is only believed where most of a text's
blank lines are (scanners set one behind every line), and what a page tore apart is put together for review: of a
hundred such places in damaged manuals, seventy-three were right.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from tetrapla import languages
from tetrapla.clean.choice import LINE_JOIN, LINE_WRAP, REJOIN
from tetrapla.clean.compose import by_place
from tetrapla.model import Document, Edit, Flow, Kind, Segmented, Span

__all__ = ["SET_OFF", "joins", "layout", "rejoins", "unwraps", "wraps"]

LEAST_JOINS = 10
SET_OFF = "\n\n"
SOFT_HYPHENS = "\u00ad\u2010"
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# Lines that no blank one parts.
BLOCK = re.compile(r"[^\s\n][^\n]*(?:\n[^\s\n][^\n]*)*")
# Kinds of paragraphs that are set as running text; the lines of others stay as they are.
WRAPPED: frozenset[Kind] = frozenset({"abstract", "keywords", "body", "list", "caption", "notes", "references"})
# Marks that begin no line, and those that end none, in text that is set without blanks.
NOT_FIRST = frozenset("，。；：！？、）】》」』”’…—,.;:!?)]}%")
NOT_LAST = frozenset("（【《「『“‘([{")


def layout(segmented: Segmented) -> list[Edit]:
    """Return the edits that put each paragraph on one line, by place: the safe ones of `joins`."""
    return [edit for edit in joins(segmented) if edit.grade == "safe"]


def joins(segmented: Segmented) -> list[Edit]:
    """Return the edits that put each paragraph on one line, as its flow has it; soft hyphens at line ends go.

    Paragraphs stay where they are, torn ones too, and so do the blank lines between them. A join over a blank line is
    for review, unless most blank lines of the text stand inside paragraphs; of a few in ragged lines that says nothing.
    """
    text = segmented.document.text
    found = sorted((edit for flow in segmented.flows for edit in _joins(flow, text)), key=by_place)
    over = {edit for edit in found if BLANK_LINE.search(edit.original)}
    least = 1 if languages.get(segmented.document.language).full_width else LEAST_JOINS
    if over and not (len(over) >= least and 2 * len(over) > len(BLANK_LINE.findall(text))):
        return [replace(edit, grade="review") if edit in over else edit for edit in found]
    return found


def _joins(flow: Flow, text: str) -> Iterator[Edit]:
    offsets = flow.offsets
    cuts = [0, *sorted(flow.tears), len(offsets)]
    for first, after in itertools.pairwise(cuts):
        if first == after:
            continue
        end = offsets[after - 1]
        at = text.find("\n", offsets[first], end)
        while at >= 0:
            # The flow's last character before the break, or the blank that stands for the break.
            k = bisect_right(offsets, at, first, after) - 1
            blank = text[offsets[k]].isspace()
            span = Span(offsets[k] if blank else offsets[k] + 1, offsets[k + 1])
            original, new = text[span.start : span.end], flow.text[k] if blank else ""
            if original != new and not original.strip(SOFT_HYPHENS + string.whitespace).strip():
                yield Edit(span, original, new, LINE_JOIN)
            at = text.find("\n", span.end, end)


def rejoins(segmented: Segmented) -> list[Edit]:
    """Return the edits that put torn paragraphs together, by place: what stands between follows.

    No character but blanks is lost or made: an edit spans what changes places. Of pieces that cross, or of several of
    one paragraph, the first only; the next round finds the others.
    """
    text = segmented.document.text
    found: list[Edit] = []
    for flow in segmented.flows:
        for tear in sorted(flow.tears):
            edit = _rejoined(flow, tear, text)
            if edit is not None:
                found.append(edit)
    kept: list[Edit] = []
    for edit in sorted(found):
        if not kept or kept[-1].span.end <= edit.span.start:
            kept.append(edit)
    return kept


def _rejoined(flow: Flow, tear: int, text: str) -> Edit | None:
    """Return the edit that puts what follows a tear behind what stands before it; None where that is not plain."""
    blank = flow.text[tear - 1].isspace()
    last = tear - 2 if blank else tear - 1
    after = min((t for t in flow.tears if t > tear), default=len(flow.offsets))
    span = Span(flow.offsets[last] + 1, flow.offsets[after - 1] + 1)
    start = flow.offsets[tear]
    between, piece = text[span.start : start], text[start : span.end]
    if start < span.start or not between.strip():
        return None
    joined = (" " if blank else "") + piece + between.rstrip()
    return Edit(span, text[span.start : span.end], joined, REJOIN, "review")


def wraps(segmented: Segmented, width: int) -> list[Edit]:
    """Return the edits that break paragraphs into lines of at most so many columns, by place.

    A full-width character takes two columns. Words are not broken, a longer one stands on a line of its own; text
    without blanks is broken anywhere but before a mark that begins no line or behind one that ends none. Paragraphs
    that are wrapped are set off by blank lines.
    """
    text = segmented.document.text
    edits: set[Edit] = set()
    for paragraph, _, _ in segmented:
        own = paragraph.spans[0]
        raw = segmented.document[own]
        if paragraph.kind in WRAPPED and len(paragraph.spans) == 1 and "\n" not in raw:
            places = [Span(own.start + place.start, own.start + place.end) for place in _breaks(raw, width)]
            edits.update(Edit(place, text[place.start : place.end], "\n", LINE_WRAP) for place in places)
            edits.update(_set_off(text, own) if places else ())
    return sorted(edits)


def unwraps(document: Document, width: int) -> list[Edit]:
    """Return the edits that take back what `wraps` did, by place: the lines between two blank lines are joined where
    they would be broken at the same places.
    """
    edits = []
    for match in BLOCK.finditer(document.text):
        lines = match.group().split("\n")
        joined = lines[0]
        for line in lines[1:]:
            joined += ("" if _full_width(joined[-1:]) and _full_width(line[:1]) else " ") + line
        if len(lines) > 1 and _broken(joined, width) == lines:
            at = match.start()
            for line, after in itertools.pairwise(lines):
                at += len(line)
                blank = "" if _full_width(line[-1]) and _full_width(after[0]) else " "
                edits.append(Edit(Span(at, at + 1), "\n", blank, LINE_WRAP))
                at += 1
    return edits


def _broken(text: str, width: int) -> list[str]:
    """Return the lines that a paragraph is broken into."""
    places = [Span(0, 0), *_breaks(text, width), Span(len(text), len(text))]
    return [text[before.end : after.start] for before, after in itertools.pairwise(places)]


def _columns(text: str) -> int:
    return sum(2 if _full_width(char) else 1 for char in text)


def _full_width(char: str) -> bool:
    return char != "" and unicodedata.east_asian_width(char) in "WF"


def _breaks(text: str, width: int) -> Iterator[Span]:
    """Yield where the lines of a paragraph end: a blank, or an empty span between full-width characters."""
    used, last = 0, Span(0, 0)
    for place in _places(text):
        more = _columns(text[last.end : place.start])
        if used + len(last) + more > width and last.end:
            yield last
            used = more
        else:
            used += len(last) + more
        last = place


def _places(text: str) -> Iterator[Span]:
    """Yield the places at which a line may end, and the end of the text."""
    for k in range(1, len(text)):
        before, char = text[k - 1], text[k]
        if char == " ":
            after = text[k + 1 : k + 2]
            if not before.isspace() and not after.isspace() and not (_full_width(before) and _full_width(after)):
                yield Span(k, k + 1)
        elif _full_width(char) and _full_width(before) and before not in NOT_LAST and char not in NOT_FIRST:
            yield Span(k, k)
    yield Span(len(text), len(text))


def _set_off(text: str, paragraph: Span) -> Iterator[Edit]:
    """Yield what sets a paragraph off from the lines before and behind it."""
    start, end = paragraph.start, paragraph.end
    while start and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    for place in (Span(start, paragraph.start), Span(paragraph.end, end)):
        gap = text[place.start : place.end]
        if gap.count("\n") == 1 and place.start > 0 and place.end < len(text):
            yield Edit(place, gap, SET_OFF, LINE_WRAP)
