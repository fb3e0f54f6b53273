"""Lines to paragraphs: the cheapest way to read the page.

Two states a line, first of its paragraph or not, and one decision between two lines: they belong together, or a
paragraph ends. A line that goes on should be as wide as its column (a first line less its indent, which scanners
lose: in Chinese two characters); a line that ends should look like an end. The costs are about the negative
logarithms of how often each is seen on wrapped text; the cheapest sequence is found by dynamic programming, as
line breaking is set by Knuth & Plass (1981), read backwards.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tetrapla import languages
from tetrapla.languages import Language
from tetrapla.segment.lines import Line

__all__ = ["CLOSED", "paragraphs_of"]

Block = tuple[Line, ...]


def _captions() -> re.Pattern[str]:
    """Return what a caption begins with in any language that has a file, and something behind its number."""
    words = {word.rstrip(".") for code in languages.registry for word in languages.get(code).caption_words}
    known = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?:{known})\.?\s*\d+(?:[.\-]\d+)*[\s.:：．　]*\S", re.IGNORECASE)


CLOSED = re.compile(
    r"[.!?。！？…；;:：؟۔।॥։።។៕။།][\"'”’»」』)）\]】》]*(?:\s*\^?[\[［(（][^\[\]()（）]{1,20}[\]］)）])?[\"”’»」』)）]?\s*[.。]?$"
)
NOT_FIRST = re.compile(r"[,.;:!?%)\]}»”’，。；：！？、）】》」』…]")
NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?[\s　]+\S|第[一二三四五六七八九十百\d]+[章节篇部]|[一二三四五六七八九十]{1,3}、)"
)
CAPTION = _captions()
# A caption proper has a blank or a mark behind its number; a sentence about the figure has none.
SET_CAPTION = re.compile(r"[图表]\s*\d+(?:[.\-]\d+)*[\s.:：．　]+\S")
MARK = re.compile(r"[①-⑳]\s*[^\s，。；：、！？）,.;:)]|[-•·▪‣◦*]\s+\S|[(（]\d{1,2}[)）]\s*\S")
REFERENCE = re.compile(r"\[\d{1,3}\]\s+\S")
BLANKS = re.compile(r"\s+")
OPENING = "“‘（《〈「『【[("
# A hyphen that only a line break brings forth: soft (U+00AD), or U+2010 as typesetters' PDF have it.
BREAK_HYPHENS = "\u00ad\u2010"
FULL = 0.9  # the share of a column from which on a line is full, for wide ones
CUT_WORD = 6.0  # the price of ending a paragraph inside a word
UNWRAPPED = 2.0  # that of ending one at the end of a line, in a text that is not wrapped
# What announces an abstract or a caption stands within so many characters.
LONGEST_HEAD = 200
# What an indent at the start of a Chinese paragraph takes, in characters.
INDENT = 2.0


def paragraphs_of(lines: Sequence[Line], language: Language) -> list[Block]:
    """Return the lines grouped into paragraphs, in the order of the text."""
    if not lines:
        return []
    wrapped = sum(line.column > 0 for line in lines) * 2 > len(lines)
    gaps = _usual_gap(lines)
    # The price of the best reading so far whose last line is the first of its paragraph, or goes on with one; and what
    # the line before was, for either.
    first, rest = 0.0, math.inf
    back: list[tuple[bool, bool]] = []
    seen = _look(lines[0], language)
    for line in lines[1:]:
        before, seen = seen, _look(line, language)
        cut = CUT_WORD if before.line.text[-1] in BREAK_HYPHENS and seen.small else 0.0
        if wrapped:
            on = rest + _goes_on(before, seen, False, language), first + _goes_on(before, seen, True, language)
            off = rest + _ends(before, seen, False, gaps, language), first + _ends(before, seen, True, gaps, language)
        else:
            joined = _unwrapped(before, seen)
            on, off = (rest + joined, first + joined), (rest + UNWRAPPED, first + UNWRAPPED)
        back.append((off[1] < off[0], on[1] < on[0]))
        first, rest = min(off) + cut, min(on)
    state = first < rest
    firsts = [state]
    for before_first, before_rest in reversed(back):
        state = before_first if state else before_rest
        firsts.append(state)
    firsts.reverse()
    blocks: list[list[Line]] = []
    for line, begins in zip(lines, firsts, strict=True):
        if begins or not blocks:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return [part for block in blocks for part in _without_caption(tuple(block))]


def _without_caption(block: Block) -> list[Block]:
    """Return a caption and the running text that was taken for its rest as two: captions do not end in full stops."""
    if len(block) > 2 and block[0].han and SET_CAPTION.match(block[0].text) and block[-1].text[-1] == "。":
        size = 2 if _one_caption(block[0], block[1]) else 1
        return [block[:size], block[size:]]
    return [block]


def _usual_gap(lines: Sequence[Line]) -> tuple[int, float]:
    """Return the usual number of blank lines between two lines, and the share of lines with any before them."""
    gaps = sorted(line.gap for line in lines[1:])
    if not gaps:
        return 0, 0.0
    return gaps[len(gaps) // 2], sum(gap > 0 for gap in gaps) / len(gaps)


class _Look(NamedTuple):
    """What a line looks like by itself: the marks it begins with, whether it begins small and ends in an end mark.

    `anew` is whether it begins as only a new paragraph does: abstract, keywords, caption, item of a list, note.
    """

    line: Line
    caption: bool
    mark: bool
    anew: bool
    numbered: bool
    small: bool
    closed: bool


def _look(line: Line, language: Language) -> _Look:
    text = line.text
    caption = CAPTION.match(text) is not None
    mark = caption or MARK.match(text) is not None
    begin = BLANKS.sub("", text[:LONGEST_HEAD]) if language.full_width else text[:LONGEST_HEAD]
    return _Look(
        line,
        caption,
        mark,
        mark or begin.lower().startswith(_lowered(language.abstract_words + language.keyword_words)),
        NUMBERED.match(text) is not None,
        text[0].islower(),
        CLOSED.search(text) is not None,
    )


@lru_cache(maxsize=64)
def _lowered(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that announce abstract and keywords, the English ones too, in small letters."""
    return tuple(word.lower() for word in (*words, "Abstract", "Keywords"))


def _goes_on(before: _Look, after: _Look, first: bool, language: Language) -> float:
    """Return the price of reading two lines as parts of one paragraph."""
    if before.caption and after.caption and _one_caption(before.line, after.line):
        return -2.0
    line, upper = after.line, before.line
    price = 0.0
    if upper.han != line.han:
        price += 3.0
    if first and _heading_goes_on(before, after):
        price += 0.3
    elif upper.han:
        short = upper.column - (INDENT if first else 0.0) - upper.width
        if short > 0.75:
            # One short is right where the next character may not end, or its successor not begin a line.
            kept = len(line.text) > 1 and (
                line.text[0] in OPENING or NOT_FIRST.match(line.text[1]) or line.text[1] == "—"
            )
            price += min(8.0, 2.6 * (short - (1.0 if kept else 0.0)))
        elif first and short < -1.2:
            price += 0.6  # as a first line it is too wide: an indent was lost by others here
    elif (room := _room(upper, line, language)) > 0:
        price += min(7.0, (0.35 if language.full_width else 0.16) * room)
    if after.anew:
        price += 6.0
    if after.numbered and len(line.text) < 60:
        price += 2.0
    if line.indent >= 4 or line.text.startswith("　"):
        price += 2.0
    return price


def _room(before: Line, line: Line, language: Language) -> float:
    """Return how much of a ragged line is left when the first word of the next is put into it too."""
    word = line.text.find(" ")
    size = (word if word >= 0 else len(line.text)) + 1
    return before.column - before.width - size * (0.5 if language.full_width else 1.0)


def _one_caption(before: Line, line: Line) -> bool:
    """Return whether two lines are a caption in two languages, one under the other, with the same number."""
    return (
        before.han != line.han
        and CAPTION.match(before.text) is not None
        and CAPTION.match(line.text) is not None
        and _number(before) == _number(line)
    )


def _number(line: Line) -> str:
    match = re.search(r"\d+(?:[.\-]\d+)*", line.text)
    return match.group() if match else ""


def _heading_goes_on(before: _Look, after: _Look) -> bool:
    """Return whether a numbered heading, set in a larger letter and so narrower, goes on in the next line."""
    upper, line = before.line, after.line
    return (
        _looks_like_heading(before)
        and not before.closed
        and upper.han == line.han
        and upper.width >= 0.65 * upper.column
        and line.width < line.column - INDENT - 0.5
        and not after.closed
        and not after.numbered
        and not after.mark
        and (upper.han or after.small)
    )


def _looks_like_heading(look: _Look) -> bool:
    """Return whether a line may be a heading, or its first line, if it is the first of its paragraph."""
    return look.numbered and look.line.width < look.line.column + 4


def _unwrapped(before: _Look, after: _Look) -> float:
    """Return the price of joining two lines of a text that is not wrapped: only a sentence torn in two is joined.

    Items of a list begin small too, but one after the other.
    """
    torn = not before.closed and after.small and not before.small
    return 1.0 if torn and not after.line.han and len(before.line.text) > 40 else 4.0


def _ends(before: _Look, after: _Look, first: bool, gaps: tuple[int, float], language: Language) -> float:
    """Return the price of reading the first line as the last of its paragraph."""
    line, upper = after.line, before.line
    usual, share = gaps
    price = 0.0
    heading = (first and _looks_like_heading(before)) or before.caption
    full = (
        upper.width >= min(upper.column - INDENT - 0.5, FULL * upper.column)
        if upper.han
        else upper.column > 0 and _room(upper, line, language) <= 0
    )
    if upper.text[-1] in ";；" and (first or not upper.han):
        price += 3.0 if full else 1.5
    elif not before.closed:
        if full and upper.han == line.han and not (heading and upper.han) and not after.anew:
            # Full, and the sentence goes on; a capital after a blank line may begin something else all the same.
            price += 1.0 if line.gap and not upper.han and line.text[0].isupper() else 3.5
        price += 0.8 if heading and not (first and _heading_goes_on(before, after)) else 3.0
        if first and upper.width < 0.6 * upper.column:
            price -= 1.8  # a short line alone: a heading, a name, a running head
    if upper.han and upper.width > upper.column - 0.5:
        price += 1.2
    if upper.han != line.han:
        price -= 1.0
    if NOT_FIRST.match(line.text):
        price += 5.0
    elif after.small:
        # Items of a list begin small, after what announces them and after one another.
        price += 1.0 if upper.text[-1] in ":;" else 3.0
    if line.han and not line.text[0].isascii() and line.width - line.column > -0.6 and not line.indent:
        price += 0.8  # a first line as wide as the others: no indent was lost here
    if usual and language.full_width:
        price -= 2.0 if line.gap > usual else 0.0
    elif 0.02 < share < 0.9:
        # Blank lines stand for something here, though not for everything: scanners leave them at every page.
        price += -2.5 if line.gap else 1.5
    return price
