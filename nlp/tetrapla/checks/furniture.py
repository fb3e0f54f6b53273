"""What belongs to the page and not to the text: running heads, page numbers, addresses and debris between paragraphs.

Looked for line by line in the raw text, for a running head is as often glued to a paragraph as it stands alone. A
head is known by its other occurrences: the same words with a number that rises, or a heading of the document with a
number or ornaments beside it; or by what it says: the authors and the title of the document, the volume or issue of a
journal. Page numbers are known by rising through the document, together with those of the heads.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.model import Finding, Kind, Segmented, Span

__all__ = ["page_furniture"]

LONGEST = 160
NUMBER = re.compile(r"[-–—·•|\s]*(\d{1,4})[-–—·•|\s]*")
# What a line that is no more than a number, or has ornaments, begins with.
ORNAMENTS = frozenset("-–—·•|~*")
NUMBERED = re.compile(r"(\d{1,4})[ \t|·•–—-]+(\S.*)|(\S.*?)[ \t|·•–—-]+(\d{1,4})")
ORNAMENTED = re.compile(r"([·•|])\s*(\S.*\S)\s*\1|([~—–*-])\s+(\S.*\S)\s+\3")
# Bare, or behind the few words that announce it: "E-mail: …", "Correo electrónico: …".
ADDRESS = re.compile(
    r"(?:[*†]?\s?[^\W\d_][\w.-]{0,20}(?: [\w.-]{1,20}){0,2}\s?[:：]\s?)?"
    r"(?:(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}|mailto:\S+)",
    re.IGNORECASE,
)
# What ends a line with the address of somebody whose trade it names: "Research student, name@place.example".
TRADE = re.compile(r"(?:[^\W\d_][\w'’.-]{1,24} ){0,5}[^\W\d_][\w'’.-]{1,24} ?[,，;] ?(?=[\w.+-]{1,64}@)")
# The issue of a journal: a year and, before or after it, a volume or number ("2024, No. 2", "n° 2 · 2024", "2024(2)").
YEAR = re.compile(r"[12](?<!\d.)(?:(?<=1)[89]|(?<=2)0)\d\d(?!\d)")
ISSUE = re.compile(
    r"(?<!\w)(?:no?\.\s?[º°]?|n[º°]|núm(?:ero)?\.?|num(?:éro)?\.?|number|issue|vol(?:ume|umen)?\.?|v\.|tom[eo])\s?\d{1,4}"
    r"(?!\d)|(?<=[\d\s])\(\d{1,2}\)|第\s?\d{1,4}\s?[期卷]",
    re.IGNORECASE,
)
# Behind the first of several authors in a running head.
OTHERS = (["et", "al"], ["y", "otros"], ["et", "autres"], ["and", "others"], ["等"])
DEBRIS = re.compile(r"[^\w\s]*[ªº°|~^`´¨¬¦§¤¶][ªº°|~^`´¨¬¦§¤¶\W]*")
# What counts the parts of a text and is no running head without more words: "Step 2", "Figure 3".
COUNTED = re.compile(
    r"\W*(?:step|part|chapter|section|paso|parte|capítulo|sección|étape|partie|chapitre)\W*", re.IGNORECASE
)
ENDS = ".。…:：;；,，"


LONGEST_HEAD = 100
# What parts a running head: "Journal, 2024, No. 2", "2024 · n.º 2 · Journal".
LISTED = re.compile(r"\s?[,，·•|;；]\s?|\s{2,}|\s[–—-]\s")
PAGE_NUMBER = re.compile(r"^\d{1,4}\b|\b\d{1,4}$")
MARKS = " \t,，·•|;；()–—-"
# Characters of text to a page, fewest and most, figures and blank halves allowed for.
PAGE = (400, 12_000)


class Line(NamedTuple):
    """A line of the raw text, or a short block of lines, without the blanks around it."""

    start: int
    end: int
    text: str
    alone: bool


# A running head: its line, how sure it is, the number of the page where it has one.
Head = tuple[Line, float, int | None]


@checks.add("page-furniture", safe=True)
def page_furniture(text: Segmented) -> Iterator[Finding]:
    """A running head, a page number, an address or debris of the page that stands in the text."""
    every = _lines(text)
    lines = _outside(text, every, "table", "references", "notes", "title", "author")
    found: dict[int, tuple[Line, float, str]] = {}

    def add(line: Line, score: float, message: str) -> None:
        known = found.get(line.start)
        if known is None or known[1] < score:
            found[line.start] = (line, score, message)

    heads = [*_running_heads(text, lines), *_author_heads(text, every), *_journal_heads(text, lines)]
    for line, score, _ in heads:
        add(line, score, "A running head stands in the text.")
    for line, score in _page_numbers(lines, heads):
        add(line, score, "A page number stands in the text.")
    for line in lines:
        if len(line.text) < 6 and DEBRIS.fullmatch(line.text):
            add(line, 0.7, "Debris of the page stands in the text.")
    for line in _outside(text, every, "table", "references"):
        if "@" not in line.text:
            continue
        if ADDRESS.fullmatch(line.text):
            add(line, 0.75, "An address stands in the text.")
        trade = TRADE.match(line.text) if line.alone else None
        if trade is not None and ADDRESS.fullmatch(line.text, trade.end()):
            length = len(line.text) - trade.end()
            add(line._replace(start=line.end - length), 0.6, "An address stands in the text.")
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
    """Return the lines of the text, and short blocks as one."""
    raw = text.document.text
    out: list[Line] = []
    for block in _blocks(raw):
        single = len(block) == 1
        first, last = block[0][0], block[-1][1]
        # A head longer than the line was wrapped; a heading over a page number was not.
        if 1 < len(block) < 4 and not any(NUMBER.fullmatch(raw, start, end) for start, end in block):
            block.append((first, last))
        for start, end in block:
            if end - start > 2 * LONGEST:
                continue
            words = " ".join(raw[start:end].split())
            if len(words) <= LONGEST:
                out.append(Line(start, end, words, single or (start == first and end == last)))
    return out


def _outside(text: Segmented, lines: Sequence[Line], *kinds: Kind) -> list[Line]:
    """Return the lines that begin in no paragraph of some kinds."""
    spans = sorted(span for paragraph in text.paragraphs for span in paragraph.spans if paragraph.kind in kinds)
    if not spans:
        return list(lines)
    starts = [span.start for span in spans]
    out = []
    for line in lines:
        k = bisect_right(starts, line.start) - 1
        if k < 0 or line.start >= spans[k].end:
            out.append(line)
    return out


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Return the lines between blank ones, each from its first letter to its last."""
    block: list[tuple[int, int]] = []
    at = 0
    for raw in text.split("\n"):
        bare = raw.strip()
        if bare:
            start = at + len(raw) - len(raw.lstrip())
            block.append((start, start + len(bare)))
        elif block:
            yield block
            block = []
        at += len(raw) + 1
    if block:
        yield block


def _page_numbers(lines: Sequence[Line], heads: Sequence[Head]) -> Iterator[tuple[Line, float]]:
    """Find lone numbers on the longest chain that rises through the document, the numbers of running heads among it."""
    few = (line for line in lines if line.text[0] in ORNAMENTS or line.text[0].isdecimal())
    lone = [(line, int(m.group(1))) for line in few if (m := NUMBER.fullmatch(line.text))]
    beside = {(line.start, number) for line, _, number in heads if number is not None}
    pages = sorted({*beside, *((line.start, number) for line, number in lone)})
    chain = {pages[k] for k in _rising([number for _, number in pages])}
    if len(pages) == 1 and len(lone) == 1 and _in_prose(lines, *lone[0]):
        yield lone[0][0], 0.55
    # Two numbers rise by chance every other time, five out of five hardly ever.
    if len(chain) < 2 or len(chain) < 0.6 * len(pages):
        return
    first, last = min(chain), max(chain)
    score = 0.95 if len(chain) > 4 else 0.85 if len(chain) > 2 else 0.6
    if chain & beside and PAGE[0] <= (last[0] - first[0]) / (last[1] - first[1]) <= PAGE[1]:
        score = max(score, 0.8)
    # What is counted from 1 on may be the parts of the text.
    score = min(score, 0.85) if first[1] == 1 and not chain & beside else score
    for line, number in lone:
        if (line.start, number) in chain:
            yield line, score - (0 if line.alone else 0.05)


def _in_prose(lines: Sequence[Line], line: Line, number: int) -> bool:
    """Return whether a number of two or three digits stands alone between lines of words, and so counts no part."""
    k = lines.index(line)
    around = [other.text.count(" ") >= 4 for other in (*lines[max(0, k - 1) : k], *lines[k + 1 : k + 2])]
    return line.alone and 10 <= number < 1000 and len(around) == 2 and all(around)


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


def _running_heads(text: Segmented, lines: Sequence[Line]) -> Iterator[Head]:
    """Find lines that repeat a heading, or each other, but for a page number or ornaments."""
    cores = [(line, core, number) for line in lines for core, number in _cores(line.text)]
    if not cores:
        return
    whole = {_key(flow.text) for flow in text.flows if len(flow.text) <= LONGEST}
    whole.update(line.text.lower() for line in lines if line.alone)
    captions = {word.lower() for word in languages.get(text.document.language).caption_words}
    groups: defaultdict[str, list[tuple[Line, int | None]]] = defaultdict(list)
    for line, core, number in cores:
        known = _key(core) in whole
        counted = core.lower().strip(" .") in captions or COUNTED.fullmatch(core)
        if (known or core[-1] not in ENDS) and not counted:
            groups[_key(core)].append((line, number))
    for key, group in groups.items():
        numbers = [number for _, number in group if number is not None]
        steady = all(a < b for a, b in itertools.pairwise(numbers))
        known = key in whole
        if len(group) > 1 and steady and (len(group) > 2 or known or group[0][0].text[-1] not in ENDS):
            yield from ((line, 0.92 if len(group) > 2 or known else 0.7, number) for line, number in group)
        elif known and steady:
            yield from ((line, 0.8, number) for line, number in group)


def _author_heads(text: Segmented, every: Sequence[Line]) -> Iterator[Head]:
    """Find lines between paragraphs that repeat the authors, or authors and title, of the front matter."""
    front = {kind: [f for p, _, f in text if p.kind == kind and len(f.text) < 400] for kind in ("author", "title")}
    titles = [_words(flow.text) for flow in front["title"]]
    last = max((span.end for p in text.paragraphs if p.kind == "body" for span in p.spans), default=0)
    own = [span for p in text.paragraphs if p.kind == "author" for span in p.spans]
    names: list[list[str]] = []
    for flow in front["author"]:
        first, *others = re.split(r"\s*[,，、;；]\s*", flow.text)
        if others:
            names += [_words(flow.text), *([*_words(first), *more] for more in OTHERS)]
    if not names:
        return
    # A head on the second page may stand before any running text, where it is taken for a title.
    for line in _outside(text, every, "table", "references", "notes", "author"):
        # Behind the last paragraph the names of the authors are a signature.
        if not line.alone or line.start > last:
            continue
        # Title and authors set without a blank line between them are the front matter itself.
        if any(line.start <= span.start and span.end <= line.end for span in own):
            continue
        for core, number in [(line.text, None), *_cores(line.text)]:
            words = _words(core)
            if any(_is_head(words, authors, titles) for authors in names):
                yield line, 0.85, number
                break


def _is_head(words: list[str], authors: list[str], titles: Sequence[list[str]]) -> bool:
    """Return whether words are the authors, or the authors beside a title or the beginning of one."""
    if words[: len(authors)] == authors:
        rest = words[len(authors) :]
    elif words[-len(authors) :] == authors:
        rest = words[: -len(authors)]
    else:
        return False
    return not rest or (len(rest) > 2 and any(title[: len(rest)] == rest for title in titles))


def _journal_heads(text: Segmented, lines: Sequence[Line]) -> Iterator[Head]:
    """Find lines between paragraphs that name an issue of a journal; several journals are a list of references."""
    found: list[Head] = []
    journals: set[str] = set()
    for line in lines:
        # Of the three, the year is found fastest and stands on the fewest lines.
        if not line.alone or len(line.text) > LONGEST_HEAD or not YEAR.search(line.text):
            continue
        if not ISSUE.search(line.text) or line.text[-1] in ENDS or len(LISTED.split(line.text)) < 2:
            continue
        left = YEAR.sub("", ISSUE.sub("", line.text)).strip(MARKS)
        match = PAGE_NUMBER.search(left)
        journals.add(" ".join(_words(PAGE_NUMBER.sub("", left))))
        found.append((line, 0.8, int(match.group()) if match else None))
    if len(journals) == 1 and "" not in journals:
        yield from found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _cores(line: str) -> Iterator[tuple[str, int | None]]:
    """Return what is left of a line without a number at its start or end, or without ornaments (no number)."""
    match = ORNAMENTED.fullmatch(line) if line[0] in ORNAMENTS else None
    if match is not None:
        yield match.group(2) or match.group(4), None
    match = NUMBERED.fullmatch(line) if line[0].isdecimal() or line[-1].isdecimal() else None
    if match is not None:
        core, number = (match.group(2), match.group(1)) if match.group(1) else (match.group(3), match.group(4))
        if len(core) > 2 and any(char.isalpha() for char in core):
            yield core, int(number)


def _key(text: str) -> str:
    return " ".join(text.lower().split())
