"""What belongs to the page and not to the text: running heads, page numbers, addresses and debris between paragraphs.

Looked for line by line in the raw text, for a running head is as often glued to a paragraph as it stands alone. A
head is known by its other occurrences: the same words with a number that rises, or a heading of the document with a
number or ornaments beside it. Page numbers are known by rising through the document.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tetrapla import checks, languages
from tetrapla.model import Finding, Segmented, Span

__all__ = ["page_furniture"]

LONGEST = 160
NUMBER = re.compile(r"[-–—·•|\s]*(\d{1,4})[-–—·•|\s]*")
NUMBERED = re.compile(r"(\d{1,4})[ \t|·•–—-]+(\S.*)|(\S.*?)[ \t|·•–—-]+(\d{1,4})")
ORNAMENTED = re.compile(r"([·•|])\s*(\S.*\S)\s*\1|([~—–*-])\s+(\S.*\S)\s+\3")
ADDRESS = re.compile(r"(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+|mailto:\S+", re.IGNORECASE)
DEBRIS = re.compile(r"[^\w\s]*[ªº°|~^`´¨¬¦§¤¶][ªº°|~^`´¨¬¦§¤¶\W]*")
# What counts the parts of a text and is no running head without more words: "Step 2", "Figure 3".
COUNTED = re.compile(
    r"\W*(?:step|part|chapter|section|paso|parte|capítulo|sección|étape|partie|chapitre)\W*", re.IGNORECASE
)
ENDS = ".。…:：;；,，"


@dataclass(frozen=True)
class Line:
    """A line of the raw text, or a short block of lines, without the blanks around it."""

    start: int
    end: int
    text: str
    alone: bool


@checks.add("page-furniture")
def page_furniture(text: Segmented) -> Iterator[Finding]:
    """A running head, a page number, an address or debris of the page that stands in the text."""
    lines = _lines(text)
    found: dict[int, tuple[Line, float, str]] = {}

    def add(line: Line, score: float, message: str) -> None:
        known = found.get(line.start)
        if known is None or known[1] < score:
            found[line.start] = (line, score, message)

    for line, score in _page_numbers(lines):
        add(line, score, "A page number stands in the text.")
    for line, score in _running_heads(text, lines):
        add(line, score, "A running head stands in the text.")
    for line in lines:
        if ADDRESS.fullmatch(line.text) and not _front(text, line):
            add(line, 0.75, "An address stands in the text.")
        elif len(line.text) < 6 and DEBRIS.fullmatch(line.text):
            add(line, 0.7, "Debris of the page stands in the text.")
    for line, score, message in found.values():
        yield Finding(
            type="page-furniture",
            spans=(Span(line.start, line.end),),
            score=score,
            grade="safe" if score >= 0.9 else "review",
            replacement="",
            message=message,
            evidence={"line": text.document.line_of(line.start)},
        )


def _lines(text: Segmented) -> list[Line]:
    """Return the lines of the text, those of tables, references and notes left out, and short blocks as one."""
    skipped = [
        span
        for paragraph in text.paragraphs
        for span in paragraph.spans
        if paragraph.kind in ("table", "references", "notes", "title", "author")
    ]
    skipped.sort()
    starts = [span.start for span in skipped]
    out: list[Line] = []
    for block in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text.document.text):
        places = [m.span() for m in re.finditer(r"[^\n]*\S[^\n]*", block.group())]
        single = len(places) == 1
        # A head longer than the line was wrapped; a heading over a page number was not.
        if 1 < len(places) < 4 and not any(NUMBER.fullmatch(block.group()[a:b].strip()) for a, b in places):
            places.append((0, len(block.group())))
        for start, end in places:
            raw = block.group()[start:end]
            words = " ".join(raw.split())
            at = block.start() + start + len(raw) - len(raw.lstrip())
            k = bisect_right(starts, at) - 1
            if len(words) <= LONGEST and not (k >= 0 and at < skipped[k].end):
                last = block.start() + end - (len(raw) - len(raw.rstrip()))
                out.append(Line(at, last, words, single or end - start == len(block.group())))
    return out


def _page_numbers(lines: Sequence[Line]) -> Iterator[tuple[Line, float]]:
    """Find lone numbers on the longest chain that rises through the document."""
    numbers = [(line, int(m.group(1))) for line in lines if (m := NUMBER.fullmatch(line.text))]
    chain = _rising([number for _, number in numbers])
    # Two numbers rise by chance every other time, five out of five hardly ever.
    if len(chain) < 2 or len(chain) < 0.6 * len(numbers):
        return
    for k in chain:
        line, _ = numbers[k]
        yield line, (0.95 if len(chain) > 4 else 0.85 if len(chain) > 2 else 0.6) - (0 if line.alone else 0.05)


def _rising(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest strictly rising chain."""
    tails: list[int] = []
    places: list[int] = []
    back: list[int] = []
    for k, number in enumerate(numbers):
        at = bisect_left(tails, number)
        back.append(places[at - 1] if at else -1)
        if at == len(tails):
            tails.append(number)
            places.append(k)
        else:
            tails[at], places[at] = number, k
    chain: list[int] = []
    k = places[-1] if places else -1
    while k >= 0:
        chain.append(k)
        k = back[k]
    return chain[::-1]


def _running_heads(text: Segmented, lines: Sequence[Line]) -> Iterator[tuple[Line, float]]:
    """Find lines that repeat a heading, or each other, but for a page number or ornaments."""
    whole = Counter(_key(flow.text) for flow in text.flows if len(flow.text) <= LONGEST)
    whole.update(_key(line.text) for line in lines if line.alone)
    captions = {word.lower() for word in languages.get(text.document.language).caption_words}
    groups: defaultdict[str, list[tuple[Line, int]]] = defaultdict(list)
    for line in lines:
        for core, number in _cores(line.text):
            if core.lower().strip(" .") not in captions and not COUNTED.fullmatch(core):
                groups[_key(core)].append((line, number))
    for key, group in groups.items():
        numbers = [number for _, number in group if number >= 0]
        steady = all(a < b for a, b in itertools.pairwise(numbers))
        known = whole[key] > 0
        if len(group) > 1 and steady and (len(group) > 2 or known or group[0][0].text[-1] not in ENDS):
            yield from ((line, 0.92 if len(group) > 2 or known else 0.7) for line, _ in group)
        elif known and steady:
            yield from ((line, 0.8) for line, _ in group)


def _cores(line: str) -> Iterator[tuple[str, int]]:
    """Return what is left of a line without a number at its start or end, or without ornaments (number -1)."""
    match = ORNAMENTED.fullmatch(line)
    if match is not None:
        yield match.group(2) or match.group(4), -1
    match = NUMBERED.fullmatch(line)
    if match is not None:
        core, number = (match.group(2), match.group(1)) if match.group(1) else (match.group(3), match.group(4))
        if len(core) > 2 and any(char.isalpha() for char in core) and core[-1] not in ENDS:
            yield core, int(number)


def _key(text: str) -> str:
    return " ".join(text.lower().split())


def _front(text: Segmented, line: Line) -> bool:
    """Return whether a line stands in the front matter: before the first paragraph of running text."""
    body = [paragraph.start for paragraph in text.paragraphs if paragraph.kind == "body"]
    return not body or line.start < min(body)
