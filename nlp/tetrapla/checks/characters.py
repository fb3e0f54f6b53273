"""Single characters that the scanner took for others: note marks, points of section numbers, letters, digits.

A wrong character is only believed where something else says what stood there: a series (note marks ①②③, section
numbers 3.1, 3.2), the vocabulary of the document ("mechansm" beside many a "mechanism"), another version.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tetrapla import checks
from tetrapla.checks._beads import Beads
from tetrapla.checks._lexis import Lexis, finding, lexis_of
from tetrapla.model import Finding, Flow, Segmented

__all__ = ["char_confusion", "char_confusion_compared"]

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# What scanners make of a circled number; ® and © are also themselves, @ stands in addresses.
MISREAD = "®©@Ⓐ-Ⓩⓐ-ⓩ"
# At the head of a note; a mark whose ring was read as brackets keeps one of them: "®)".
NOTE = re.compile(rf"^(?:[-•*]\s)?(?:([{CIRCLED}])|([{MISREAD}]\)?|\(D)(?![a-zß-ÿ]))\s*(?=\S)")
# In running text: right behind a word or a bracket, or between blanks; "[Ⓐ]", "^⑤" with what is left of a superscript.
MARK = re.compile(rf"([{CIRCLED}])|(?<![@©®])(\[[{MISREAD}]\]|\^\s?[{CIRCLED}]|[{MISREAD}])(?![\w@©®]|\s*\d{{4}})")


@dataclass(frozen=True)
class Mark:
    """A note mark: where it stands, its number where it can be read, whether it is as it should be."""

    flow: Flow
    start: int
    end: int
    number: int | None
    sound: bool

    @property
    def raw(self) -> int:
        """Where it begins in the raw text."""
        return self.flow.offsets[self.start]


@checks.add("char-confusion")
def char_confusion(text: Segmented) -> Iterator[Finding]:
    """A character that was taken for another: a note mark ("®" for "①"), a lost point ("32" for "3.2"), a letter."""
    yield from _note_marks(text)
    yield from _section_numbers(text)
    lexis = lexis_of(text)
    if lexis.frequencies:
        words = _Neighbours(lexis)
        for flow in text.flows:
            yield from _misspelt(lexis, words, flow)
            yield from _strokes(lexis, flow)
            yield from _digits(lexis, flow)
    for flow in text.flows:
        yield from _stray_signs(flow)


# ----------------------------------------------------------------------------------------------------- note marks


def _marks(text: Segmented) -> tuple[list[Mark], list[Mark]]:
    """Return the marks in running text and those at the heads of notes, each in order."""
    body: list[Mark] = []
    notes: list[Mark] = []
    for paragraph, _, flow in text:
        if paragraph.kind in ("references", "furniture", "author", "title"):
            continue
        head = NOTE.match(flow.text)
        if head is not None:
            group = 1 if head.group(1) else 2
            notes.append(_mark(flow, head, group))
        for match in MARK.finditer(flow.text, head.end() if head else 0):
            if match.group(1) is None and not _stands_alone(flow.text, match):
                continue
            group = 1 if match.group(1) else 2
            body.append(_mark(flow, match, group))
    body.sort(key=lambda mark: mark.raw)
    notes.sort(key=lambda mark: mark.raw)
    return body, notes


def _mark(flow: Flow, match: re.Match[str], group: int) -> Mark:
    mark = match.group(group)
    number = CIRCLED.index(mark[-1]) + 1 if mark[-1] in CIRCLED else None
    return Mark(flow, match.start(group), match.end(group), number, group == 1)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Return whether a sign stands where a note mark can: behind a word, before a blank or a mark."""
    before, after = text[: match.start()].rstrip(" ")[-1:], text[match.end() : match.end() + 1]
    behind = before.isalnum() or before in set(")”»\"'’]") or (match.group(2)[0] in "^[" and before in set(".,;"))
    return behind and not after.isalnum()


def _note_marks(text: Segmented) -> Iterator[Finding]:
    body, notes = _marks(text)
    # Without notes, or sound marks, ® and © are what they seem to be.
    if not body or (len(notes) < 2 and sum(mark.sound for mark in body) < 2):
        return
    last = len(notes)
    for marks, where in ((body, "text"), (notes, "notes")):
        numbers = _numbered(marks, last)
        for mark, number in zip(marks, numbers, strict=True):
            if not mark.sound:
                yield _misread(mark, number, 0.85 if number else 0.6, f"the series of marks in the {where}")


def _numbered(marks: Sequence[Mark], last: int) -> list[int | None]:
    """Return the number of each mark: misread ones fill the gap between sound ones where they fit it exactly."""
    known = [0, *(mark.number for mark in marks), (last or len(marks)) + 1]
    numbers = list(known)
    at = 0
    for k in range(1, len(known)):
        value, low = known[k], known[at]
        if value is None:
            continue
        if low is not None and value - low == k - at:
            for j in range(at + 1, k):
                numbers[j] = low + j - at
        at = k
    return [number if number is not None and 0 < number <= len(CIRCLED) else None for number in numbers[1:-1]]


def _misread(mark: Mark, number: int | None, score: float, by: str) -> Finding:
    fix = CIRCLED[number - 1] if number else None
    # Where the mark stuck to its note, the blank was lost with it.
    stuck = mark.start == 0 and mark.flow.text[mark.end : mark.end + 1].isalnum()
    return finding(
        "char-confusion",
        mark.flow,
        (mark.start, mark.end),
        score=score,
        replacement=fix + " " * stuck if fix else None,
        evidence={"by": by},
        message=f"A note mark was misread; by {by} it was {fix}." if fix else "A note mark was misread.",
    )


# ------------------------------------------------------------------------------------------------ section numbers

SECTION = re.compile(r"^(\d{1,3}(?:\.\d{1,2})*)\.?\s+(?=[^\W\d_]|[\"“«'])")
POINTLESS = re.compile(r"^(\d{2,3})\s+(?=[A-ZÀ-Þ\"“«])")
LETTERED = re.compile(r"^([\dlIO]+(?:\.[\dlIO]+)+)\.?\s+(?=[A-ZÀ-Þ\"“«])")

Section = tuple[int, ...]


def _section_numbers(text: Segmented) -> Iterator[Finding]:
    """Find section numbers that lost their points, by the numbers before and after."""
    heads: list[tuple[int, Flow, Section]] = []
    for paragraph, _, flow in text:
        match = SECTION.match(flow.text)
        if match is not None and paragraph.kind not in ("references", "notes", "list"):
            heads.append((flow.offsets[0], flow, tuple(map(int, match.group(1).split(".")))))
    heads.sort(key=lambda head: head[0])
    if sum(len(number) > 1 for _, _, number in heads) < 2:
        return
    before: Section = (0,)
    for k, (_, flow, number) in enumerate(heads):
        after = next((n for _, _, n in heads[k + 1 :] if len(n) > 1 or n[0] < 10), None)
        match = POINTLESS.match(flow.text)
        pointed = tuple(map(int, match.group(1))) if match else number
        if match and 0 not in pointed and _follows(pointed, before) and (after is None or after > pointed):
            yield _section(flow, match, ".".join(match.group(1)), 0.85)
            number = pointed
        if (len(number) > 1 or number[0] < 10) and number > before:
            before = number
    for _, _, flow in text:
        match = LETTERED.match(flow.text)
        if match is not None and not match.group(1).replace(".", "").isdigit() and match.group(1)[0].isdigit():
            yield _section(flow, match, match.group(1).translate(DIGIT_OF), 0.8)


def _follows(number: Section, before: Section) -> bool:
    """Return whether a section can come right after another: 3.2 after 3.1 or 3.1.4, 3.1 after 3, 4 after 3.3."""
    return any(number == (*before[:k], before[k] + 1) for k in range(len(before))) or number == (*before, 1)


def _section(flow: Flow, match: re.Match[str], number: str, score: float) -> Finding:
    return finding(
        "char-confusion",
        flow,
        match.span(1),
        score=score,
        replacement=number,
        message=f"The number of a section lost its points; it was {number}.",
        evidence={"by": "the numbers of the sections before and after"},
    )


# --------------------------------------------------------------------------------------------- letters and digits

WORD = re.compile(r"(?<![\w@/\\.&+=~*#$<>%'’-])[^\W\d_]{6,30}(?![\w@/\\&+=~*#$<>(-]|\.\w|['’]\w)")
STROKE = re.compile(r"(?<![\w|])\|([^\W\d_]+)(?![\w|])")
COLON = re.compile(r"(?<![\w./:-])([^\W\d_]{3,})[:;]([^\W\d_]{2,})(?![\w./:-])")
DIGIT_IN_WORD = re.compile(r"(?<![\w.@/-])([^\W\d_]+[015][^\W\d_]+)(?![\w@/-]|\.\w)")
LETTER_IN_NUMBER = re.compile(r"(?<![\w.,@/-])(?=[\dOolI]*\d[\dOolI]*\d)(?=\d*[OolI])([\dOolI]{3,})(?![\w@/-]|[.,]\d)")
DIGIT_OF = str.maketrans("OolI", "0011")
LETTERS_OF: Mapping[str, str] = {"0": "o", "1": "li", "5": "s"}
# A word of the document of which an unknown one may be a misreading: seen as often, known as well.
SEEN, KNOWN = 3, 3.5


class _Neighbours:
    """The frequent words of a document by what they become when a letter is left out (Garbe's symmetric deletes)."""

    def __init__(self, lexis: Lexis) -> None:
        self.by_deletion: defaultdict[str, list[str]] = defaultdict(list)
        for word, count in lexis.counts.items():
            if len(word) >= 7 and count >= SEEN and lexis.zipf(word) >= KNOWN:
                for form in (word, *_deletions(word)):
                    self.by_deletion[form].append(word)

    def of(self, word: str) -> set[str]:
        """Return the frequent words that one letter more, less or other makes out of this one."""
        found = {near for form in (word, *_deletions(word)) for near in self.by_deletion.get(form, ())}
        return {near for near in found if _one_edit(word, near)}


def _deletions(word: str) -> Iterator[str]:
    return (word[:k] + word[k + 1 :] for k in range(len(word)))


def _one_edit(a: str, b: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    return a != b and Levenshtein.distance(a, b, score_cutoff=1) <= 1


def _misspelt(lexis: Lexis, words: _Neighbours, flow: Flow) -> Iterator[Finding]:
    for match in WORD.finditer(flow.text):
        word = match.group()
        # Names are never guessed at; a form that comes again, or that is inflected otherwise, is meant.
        if not word.islower() or lexis.zipf(word) > 0 or lexis.counts[word] > 1:
            continue
        near = [w for w in words.of(word) if w[-2:] == word[-2:] and w != word[1:]]
        if len(near) == 1:
            yield finding(
                "char-confusion",
                flow,
                match.span(),
                score=0.75,
                replacement=near[0],
                evidence={"in the document": lexis.counts[near[0]]},
                message=f"“{word}” is no known word; “{near[0]}” is, and stands here {lexis.counts[near[0]]} times.",
            )


def _strokes(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    for match in STROKE.finditer(flow.text):
        fits = [letter + match.group(1) for letter in "Il" if lexis.strength(letter + match.group(1)) >= 4.5]
        if fits and lexis.strength(match.group(1), less=1) < 5:
            yield _sign(flow, match.span(), fits[0], "A letter was read as a stroke.", 0.8)
    for match in COLON.finditer(flow.text):
        first, second = match.group(1).lower(), match.group(2).lower()
        if lexis.pairs[first, second] and lexis.zipf(second) >= 5:
            fix = f"{match.group(1)} {match.group(2)}"
            yield _sign(flow, match.span(), fix, "A blank was read as a mark.", 0.7)


def _digits(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    for match in DIGIT_IN_WORD.finditer(flow.text):
        word = match.group(1)
        fits = [
            word.replace(digit, letter)
            for digit, letters in LETTERS_OF.items()
            for letter in letters
            if word.count(digit) == 1 and lexis.strength(word.replace(digit, letter)) >= 3.5
        ]
        if len(fits) == 1 and len(word) > 3:
            yield _sign(flow, match.span(), fits[0], "A letter was read as a digit.", 0.8)
    for match in LETTER_IN_NUMBER.finditer(flow.text):
        fix = match.group(1).translate(DIGIT_OF)
        yield _sign(flow, match.span(), fix, "A digit was read as a letter.", 0.7)


STRAY_QUOTE = re.compile(r"(?<![\w'’\"”])['’][\"“](?=\w)")
EMPHASIS = re.compile(r"(?<![\w*])\*\*(?=\w)([^*\n]{1,80}?\w)\*\*(?![\w*])")


def _stray_signs(flow: Flow) -> Iterator[Finding]:
    """Find signs that belong to nothing: an apostrophe before a quotation mark, asterisks of another format."""
    for match in STRAY_QUOTE.finditer(flow.text):
        if not re.search(r"\w?[\"”.,]?['’](?!\w)", flow.text[match.end() : match.end() + 300]):
            yield _sign(flow, match.span(), match.group()[1], "A stray apostrophe stands before a quotation.", 0.6)
    for match in EMPHASIS.finditer(flow.text):
        yield _sign(flow, match.span(), match.group(1), "Asterisks of another format stand around words.", 0.6)


def _sign(flow: Flow, place: tuple[int, int], fix: str, message: str, score: float) -> Finding:
    return finding("char-confusion", flow, place, score=score, replacement=fix, message=message)


# ----------------------------------------------------------------------------------------------------- comparison

# Signs and figures that no translator touches: "1+2+26+N", "G60/G25".
FORMULA = re.compile(r"(?<![A-Za-z\d+/])(?=[A-Za-z+/]*\d)(?=[A-Za-z\d]*[+/])[A-Za-z\d+/]{5,}(?![A-Za-z\d+/])")


@checks.add("char-confusion", takes="comparison")
def char_confusion_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """A note mark or a formula that was misread here and stands sound in the version that the others go by."""
    alignment = comparison.alignment
    if comparison.subject == alignment.pivot or alignment.pivot not in comparison.versions:
        return
    pivot = comparison.versions[alignment.pivot]
    here, there = Beads(alignment, comparison.subject), Beads(alignment, alignment.pivot)
    own = here.sorted_out(_marks(comparison.text)[0], lambda mark: mark.raw)
    sound = there.sorted_out([mark for mark in _marks(pivot)[0] if mark.sound], lambda mark: mark.raw)
    for bead, marks in own.items():
        answered = {mark.number for mark in marks if mark.sound}
        left = [mark.number for mark in sound.get(bead, ()) if mark.number not in answered]
        damaged = [mark for mark in marks if not mark.sound]
        if damaged and len(damaged) == len(left):
            for mark, number in zip(damaged, left, strict=True):
                yield _misread(mark, number, 0.95, "the other version")
    wanted = there.sorted_out(_formulas(pivot), lambda formula: formula[0].offsets[formula[1].start()])
    for bead, formulas in here.sorted_out(
        _formulas(comparison.text), lambda formula: formula[0].offsets[formula[1].start()]
    ).items():
        known = {match.group() for _, match in wanted.get(bead, ())}
        for flow, match in formulas:
            near = [formula for formula in known if _one_edit(match.group(), formula)]
            if match.group() not in known and len(near) == 1:
                yield _sign(flow, match.span(), near[0], f"The other version has {near[0]}.", 0.85)


def _formulas(text: Segmented) -> list[tuple[Flow, re.Match[str]]]:
    return [(flow, match) for flow in text.flows for match in FORMULA.finditer(flow.text)]
