"""Lines to paragraphs: the cheapest way to read the page.

Two states a line, first of its paragraph or not, and one decision between two lines: they belong together, or a
paragraph ends. A line that goes on should be as wide as its column (a first line less its indent, which scanners
lose: in Chinese two characters); a line that ends should look like an end. The costs are about the negative
logarithms of how often each is seen on wrapped text; the cheapest sequence is found by dynamic programming, as
line breaking is set by Knuth & Plass (1981), read backwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tetrapla import languages
from tetrapla.languages import Language
from tetrapla.segment.lines import Line

__all__ = ["CLOSED", "begins_anew", "paragraphs_of"]

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
# What an indent at the start of a Chinese paragraph takes, in characters.
INDENT = 2.0


def paragraphs_of(lines: Sequence[Line], language: Language) -> list[Block]:
    """Return the lines grouped into paragraphs, in the order of the text."""
    if not lines:
        return []
    wrapped = sum(line.column > 0 for line in lines) * 2 > len(lines)
    gaps = _usual_gap(lines)
    # The price of the best reading so far whose last line is, or is not, the first of its paragraph.
    cost: dict[bool, float] = {True: 0.0}
    back: list[dict[bool, bool]] = []
    for i in range(1, len(lines)):
        before, line = lines[i - 1], lines[i]
        nxt: dict[bool, float] = {}
        came: dict[bool, bool] = {}
        for state, so_far in cost.items():
            together = so_far + (_goes_on(before, line, state, language) if wrapped else _unwrapped(before, line))
            apart = so_far + _ends(before, line, state, gaps, language, wrapped)
            if before.text[-1] in BREAK_HYPHENS and line.text[0].islower():
                apart += CUT_WORD
            for new, value in ((False, together), (True, apart)):
                if new not in nxt or value < nxt[new]:
                    nxt[new], came[new] = value, state
        cost = nxt
        back.append(came)
    state = min(cost, key=lambda s: cost[s])
    firsts = [state]
    for came in reversed(back):
        state = came[state]
        firsts.append(state)
    firsts.reverse()
    blocks: list[list[Line]] = []
    for line, first in zip(lines, firsts, strict=True):
        if first or not blocks:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return [part for block in blocks for part in _without_caption(tuple(block))]


def _without_caption(block: Block) -> list[Block]:
    """Return a caption and the running text that was taken for its rest as two: captions do not end in full stops."""
    if len(block) > 2 and block[0].han and SET_CAPTION.match(block[0].text) and block[-1].text[-1] == "。":
        size = 2 if _same_caption(block[0], block[1]) else 1
        return [block[:size], block[size:]]
    return [block]


def _usual_gap(lines: Sequence[Line]) -> tuple[int, float]:
    """Return the usual number of blank lines between two lines, and the share of lines with any before them."""
    gaps = sorted(line.gap for line in lines[1:])
    if not gaps:
        return 0, 0.0
    return gaps[len(gaps) // 2], sum(gap > 0 for gap in gaps) / len(gaps)


def begins_anew(line: Line, language: Language) -> bool:
    """Return whether a line begins as only a new paragraph does: abstract, keywords, heading number, caption, note."""
    text = BLANKS.sub("", line.text) if language.full_width else line.text
    heads = _lowered(language.abstract_words + language.keyword_words)
    return text.lower().startswith(heads) or begins_anew_mark(line)


@lru_cache(maxsize=64)
def _lowered(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that announce abstract and keywords, the English ones too, in small letters."""
    return tuple(word.lower() for word in (*words, "Abstract", "Keywords"))


def _goes_on(before: Line, line: Line, first: bool, language: Language) -> float:
    """Return the price of reading two lines as parts of one paragraph."""
    if _same_caption(before, line):
        return -2.0
    price = 0.0
    if before.han != line.han:
        price += 3.0
    if _heading_goes_on(before, line, first):
        price += 0.3
    elif before.han:
        short = before.column - (INDENT if first else 0.0) - before.width
        if short > 0.75:
            # One short is right where the next character may not end, or its successor not begin a line.
            kept = len(line.text) > 1 and (
                line.text[0] in OPENING or NOT_FIRST.match(line.text[1]) or line.text[1] == "—"
            )
            price += min(8.0, 2.6 * (short - (1.0 if kept else 0.0)))
        elif first and short < -1.2:
            price += 0.6  # as a first line it is too wide: an indent was lost by others here
    elif (room := _room(before, line, language)) > 0:
        price += min(7.0, (0.35 if language.full_width else 0.16) * room)
    if begins_anew(line, language):
        price += 6.0
    if NUMBERED.match(line.text) and len(line.text) < 60:
        price += 2.0
    if line.indent >= 4 or line.text.startswith("　"):
        price += 2.0
    return price


def _room(before: Line, line: Line, language: Language) -> float:
    """Return how much of a ragged line is left when the first word of the next is put into it too."""
    word = line.text.split(" ", 1)[0]
    return before.column - before.width - (len(word) + 1) * (0.5 if language.full_width else 1.0)


def _same_caption(before: Line, line: Line) -> bool:
    """Return whether two lines are a caption in two languages, one under the other, with the same number."""
    return (
        before.han != line.han
        and bool(CAPTION.match(before.text) and CAPTION.match(line.text))
        and _number(before) == _number(line)
    )


def _number(line: Line) -> str:
    match = re.search(r"\d+(?:[.\-]\d+)*", line.text)
    return match.group() if match else ""


def _heading_goes_on(before: Line, line: Line, first: bool) -> bool:
    """Return whether a numbered heading, set in a larger letter and so narrower, goes on in the next line."""
    return (
        _looks_like_heading(before, first)
        and CLOSED.search(before.text) is None
        and before.han == line.han
        and before.width >= 0.65 * before.column
        and line.width < line.column - INDENT - 0.5
        and not CLOSED.search(line.text)
        and not NUMBERED.match(line.text)
        and not begins_anew_mark(line)
        and (before.han or line.text[0].islower())
    )


def begins_anew_mark(line: Line) -> bool:
    """Return whether a line begins with a caption's or a list item's mark."""
    return bool(CAPTION.match(line.text) or MARK.match(line.text))


def _looks_like_heading(line: Line, first: bool) -> bool:
    return first and bool(NUMBERED.match(line.text)) and line.width < line.column + 4


def _unwrapped(before: Line, line: Line) -> float:
    """Return the price of joining two lines of a text that is not wrapped: only a sentence torn in two is joined.

    Items of a list begin small too, but one after the other.
    """
    torn = not CLOSED.search(before.text) and line.text[0].islower() and not before.text[0].islower()
    return 1.0 if torn and not line.han and len(before.text) > 40 else 4.0


def _ends(before: Line, line: Line, first: bool, gaps: tuple[int, float], language: Language, wrapped: bool) -> float:
    """Return the price of reading the first line as the last of its paragraph."""
    if not wrapped:
        return 2.0
    usual, share = gaps
    price = 0.0
    heading = _looks_like_heading(before, first) or bool(CAPTION.match(before.text))
    full = (
        before.width >= min(before.column - INDENT - 0.5, FULL * before.column)
        if before.han
        else before.column > 0 and _room(before, line, language) <= 0
    )
    if before.text[-1] in ";；" and (first or not before.han):
        price += 3.0 if full else 1.5
    elif not CLOSED.search(before.text):
        if full and before.han == line.han and not (heading and before.han) and not begins_anew(line, language):
            # Full, and the sentence goes on; a capital after a blank line may begin something else all the same.
            price += 1.0 if line.gap and not before.han and line.text[0].isupper() else 3.5
        price += 0.8 if heading and not _heading_goes_on(before, line, first) else 3.0
        if first and before.width < 0.6 * before.column:
            price -= 1.8  # a short line alone: a heading, a name, a running head
    if before.han and before.width > before.column - 0.5:
        price += 1.2
    if before.han != line.han:
        price -= 1.0
    if NOT_FIRST.match(line.text):
        price += 5.0
    elif line.text[0].islower():
        # Items of a list begin small, after what announces them and after one another.
        price += 1.0 if before.text[-1] in ":;" else 3.0
    if line.han and not line.text[0].isascii() and line.width - line.column > -0.6 and not line.indent:
        price += 0.8  # a first line as wide as the others: no indent was lost here
    if usual and language.full_width:
        price -= 2.0 if line.gap > usual else 0.0
    elif 0.02 < share < 0.9:
        # Blank lines stand for something here, though not for everything: scanners leave them at every page.
        price += -2.5 if line.gap else 1.5
    return price
