"""Mixed widths in Chinese: half-width marks between Han characters, full-width letters and figures, stray blanks.

What is right is what the document does: where most commas between Han characters are full-width, a narrow one is a
slip; where most brackets are narrow, none is. Between Han and Latin letters writers set a blank or set none, and
nothing is said of that, nor of the ends of lines. No Han character is part of a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.checks._lexis import finding
from tetrapla.languages import FULL_WIDTH
from tetrapla.model import Finding, Flow, Segment, Segmented

__all__ = ["width"]

FULL: Mapping[str, str] = {
    ",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）",
}  # fmt: skip
HALF: Mapping[str, str] = {**{full: half for half, full in FULL.items()}, "、": ","}
HAN = f"[{FULL_WIDTH}]"
NARROW_MARK = re.compile(rf"(?<={HAN})[,.;:?!](?:[ \xa0]*(?={HAN})|(?=\s*$))")
NARROW_BRACKETS = re.compile(
    rf"(?<={HAN})[ \xa0]?\((?={HAN})[^()]{{1,60}}(?<={HAN})\)[ \xa0]?(?=[{FULL_WIDTH}，。；：、]|$)"
)
WIDE_BRACKETS = re.compile(rf"（(?={HAN})[^（）]{{1,60}}(?<={HAN})）")
WIDE_MARK = re.compile(rf"(?<={HAN})[，。；：？！](?={HAN}|\s*$)")

WIDE_LETTERS = re.compile(r"[Ａ-Ｚａ-ｚ]+")
WIDE_FIGURES = re.compile(r"[０-９]+(?:[．，：／][０-９]+)*％?")
# Where a Latin letter stands beside it, it is a letter of that word; see the check for confusable characters.
LONE_WIDE = re.compile(r"(?<![A-Za-zÀ-ɏ])[Ａ-Ｚａ-ｚ０-９．／]*[Ａ-Ｚａ-ｚ０-９](?![A-Za-zÀ-ɏ])")
TO_HALF = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)})

# Not before the path of a menu: "选择 工具 - 选项".
BLANK = re.compile(rf"(?<={HAN})[ \xa0\u3000]+(?={HAN})(?![^\s，。]{{1,12}} [-–>→▸] )")
BLANK_AT_MARK = re.compile(
    rf"(?<={HAN})[ \xa0]+(?=[，。；：？！、（）《》「」『』])|(?<=[，。；：？！、（）《》「」『』])[ \xa0]+(?={HAN})"
)
NUMBERED = re.compile(r"第\s?[\d一二三四五六七八九十百]{1,4}\s?[章节篇部卷回条]\s*$")  # its title stands behind a blank
LISTED = frozenset({"table", "author", "keywords", "references", "furniture"})
HEADED = frozenset({"heading", "title", "caption", "list"})

# What stands beside a Han character belongs to a quotation.
LATIN_WIDE = re.compile(
    rf"(?<![{FULL_WIDTH}“”‘’]) ?[，。；：？！、] ?(?![{FULL_WIDTH}])"
    rf"|（(?=[^（）{FULL_WIDTH}]{{0,80}}）)|(?<=[A-Za-zÀ-ɏ\d.])）"
)

# How many times the usual form must outnumber the other, and how often it must stand there.
MAJORITY, FEWEST = 4, 3


class Usage(NamedTuple):
    """How a document writes: marks between Han characters, letters and figures, by their narrow form and width."""

    wide: Counter[str]
    narrow: Counter[str]

    def is_wide(self, mark: str) -> bool:
        """Return whether the document writes a mark wide as a rule."""
        return self.wide[mark] >= max(FEWEST, MAJORITY * self.narrow[mark])

    def is_narrow(self, mark: str) -> bool:
        """Return whether the document writes a mark narrow as a rule."""
        return self.narrow[mark] >= max(FEWEST, MAJORITY * self.wide[mark])


@checks.add("width")
def width(text: Segmented) -> Iterator[Finding]:
    """A mark, letter or figure of the wrong width, or a stray blank, in Chinese ("船,船", "ＡＢＣ", "小 船")."""
    if languages.get(text.document.language).code != "zh":
        yield from _in_latin(text)
        return
    usage = _usage(text)
    for paragraph, _, flow in text:
        if paragraph.kind in LISTED:
            continue
        yield from _marks(usage, flow)
        yield from _letters(usage, flow)
        yield from _stray(paragraph, flow)


def _usage(text: Segmented) -> Usage:
    usage = Usage(Counter(), Counter())
    for flow in text.flows:
        usage.wide.update(HALF[mark] for mark in WIDE_MARK.findall(flow.text))
        usage.narrow.update(match[0] for match in NARROW_MARK.findall(flow.text))
        usage.wide["("] += len(WIDE_BRACKETS.findall(flow.text))
        usage.narrow["("] += len(NARROW_BRACKETS.findall(flow.text))
        usage.wide.update("A0"[run[0] <= "９"] for run in LONE_WIDE.findall(flow.text))
        usage.narrow.update("A0"[run.isdigit()] for run in re.findall(r"[A-Za-z]+|\d+", flow.text) if run.isascii())
    return usage


def _marks(usage: Usage, flow: Flow) -> Iterator[Finding]:
    for match in NARROW_MARK.finditer(flow.text):
        mark = match.group()[0]
        if usage.is_wide(mark):
            yield _finding(flow, match.span(), FULL[mark], 0.8 if mark != "." else 0.7)
    for match in NARROW_BRACKETS.finditer(flow.text) if usage.is_wide("(") else ():
        opens, closes = match.group().index("("), match.group().index(")")
        yield _finding(flow, (match.start(), match.start() + opens + 1), "（", 0.75)
        yield _finding(flow, (match.start() + closes, match.end()), "）", 0.75)


def _letters(usage: Usage, flow: Flow) -> Iterator[Finding]:
    for mark, shape in (("A", WIDE_LETTERS), ("0", WIDE_FIGURES)):
        for match in shape.finditer(flow.text) if usage.is_narrow(mark) else ():
            yield _finding(flow, match.span(), match.group().translate(TO_HALF), 0.75)


def _stray(paragraph: Segment, flow: Flow) -> Iterator[Finding]:
    """Find blanks that part Han characters; in headings and lists they are often meant ("目 录")."""
    for match in BLANK.finditer(flow.text):
        meant = paragraph.kind in HEADED or "\u3000" in match.group()
        if not NUMBERED.search(flow.text, max(0, match.start() - 10), match.start()):
            message = "A blank stands between Han characters."
            score = 0.4 if meant else 0.6
            yield finding("width", flow, match.span(), score=score, replacement="", message=message)
    for match in BLANK_AT_MARK.finditer(flow.text):
        message = "A blank stands beside a full-width mark."
        yield finding("width", flow, match.span(), score=0.75, replacement="", message=message)


def _in_latin(text: Segmented) -> Iterator[Finding]:
    """Find full-width marks and letters in a text that is written with an alphabet."""
    if languages.get(text.document.language).full_width:
        return
    for paragraph, _, flow in text:
        if flow.text.isascii() or paragraph.kind in LISTED:
            continue
        for match in LATIN_WIDE.finditer(flow.text):
            mark = HALF[match.group().strip()]
            blank = " " if mark not in "()" and flow.text[match.end() : match.end() + 1].isalnum() else ""
            yield _finding(flow, match.span(), mark + blank, 0.85)
        for match in LONE_WIDE.finditer(flow.text):
            yield _finding(flow, match.span(), match.group().translate(TO_HALF), 0.8)


def _finding(flow: Flow, place: tuple[int, int], fix: str, score: float) -> Finding:
    message = f"Elsewhere the text writes “{fix.strip()}”; this is of another width."
    return finding("width", flow, place, score=score, replacement=fix, message=message)
