"""Single characters that the scanner took for others: note marks, points of section numbers, letters, digits.

A wrong character is only believed where something else says what stood there: a series (note marks ①②③, section
numbers 3.1, 3.2), the vocabulary of the document ("mechansm" beside many a "mechanism"), another version.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tetrapla import checks
from tetrapla.checks._beads import Beads
from tetrapla.checks._lexis import Lexis, finding, lexis_of
from tetrapla.checks._references import misread_marks
from tetrapla.model import Finding, Flow, Segmented

__all__ = ["char_confusion", "char_confusion_compared"]

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# What scanners make of a circled number; ® and © are also themselves, @ stands in addresses.
MISREAD = "®©@Ⓐ-Ⓩⓐ-ⓩ"
# At the head of a note; a mark whose ring was read as brackets keeps one of them: "®)".
NOTE = re.compile(rf"^(?:[-•*]\s)?(?:([{CIRCLED}])|([{MISREAD}]\)?|\(D)(?![a-zß-ÿ]))\s*(?=\S)")
# In running text: right behind a word or a bracket, or between blanks; "[Ⓐ]", "^⑤" with what is left of a superscript.
MARK = re.compile(rf"([{CIRCLED}])|(?<![@©®])(\[[{MISREAD}]\]|\^\s?[{CIRCLED}]|[{MISREAD}]\)?)(?![\w@©®]|\s*\d{{4}})")


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
    yield from _items(text)
    yield from misread_marks(text)
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
            mark = _mark(flow, match, group)
            # "(Acme ®)": the bracket is another one's.
            before = flow.text[max(0, mark.start - 200) : mark.start]
            if match.group().endswith(")") and before.rfind("(") > before.rfind(")"):
                mark = replace(mark, end=mark.end - 1)
            body.append(mark)
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
# A number of a heading with blanks behind its points, or letters for digits: "1. l", "1. 2.".
SPACED = re.compile(r"^(\d{1,2}(?:\.\s?[\dlIO]{1,2}){1,3}\.?)\s+(?=[A-ZÀ-Þ\"“«¿¡][^\W\d_]|[À-Þ]\s)")
POINTLESS = re.compile(r"^(\d{2,3})\s+(?=[A-ZÀ-Þ\"“«])")
LETTERED = re.compile(r"^([\dlIO]{1,3}(?:\.[\dlIO]{1,3}){1,4})\.?\s+(?=[A-ZÀ-Þ\"“«])")

Section = tuple[int, ...]


def _section_numbers(text: Segmented) -> Iterator[Finding]:
    """Find section numbers that lost their points, or have blanks or letters in them, by those before and after."""
    heads = sorted(_heads(text), key=lambda head: head[0].offsets[0])
    if sum(len(number) > 1 for _, number, _ in heads) < 2:
        return
    before: Section = (0,)
    for k, (flow, number, garbled) in enumerate(heads):
        after = next((n for _, n, _ in heads[k + 1 :] if len(n) > 1 or n[0] < 10), None)
        if garbled is not None and _follows(number, before) and (after is None or after > number):
            yield _section(flow, garbled, ".".join(map(str, number)), 0.85)
        match = POINTLESS.match(flow.text) if garbled is None else None
        pointed = tuple(map(int, match.group(1))) if match else number
        if match and 0 not in pointed and _follows(pointed, before) and (after is None or after > pointed):
            yield _section(flow, match, ".".join(match.group(1)), 0.85)
            number = pointed
        if (len(number) > 1 or number[0] < 10) and number > before:
            before = number


def _heads(text: Segmented) -> Iterator[tuple[Flow, Section, re.Match[str] | None]]:
    """Return the paragraphs that begin with the number of a section, how it reads, and where it is garbled."""
    for paragraph, _, flow in text:
        if paragraph.kind in ("references", "notes", "list"):
            continue
        spaced = SPACED.match(flow.text) if paragraph.kind == "heading" else None
        match = spaced or LETTERED.match(flow.text) or SECTION.match(flow.text)
        if match is None:
            continue
        clear = re.sub(r"\s", "", match.group(1)).rstrip(".")
        number = tuple(int(part) for part in clear.translate(DIGIT_OF).split("."))
        sound = clear == match.group(1).rstrip(".") and clear.replace(".", "").isdigit()
        if match.group(1)[0].isdigit():
            yield flow, number, None if sound else match


ITEM = re.compile(r"^[(（]\s?([\dlIOSBZ]{1,2})\s?[)）](?=\s?\S)")
# Digits, and letters, that look like a digit.
LOOKALIKES: Mapping[str, str] = {
    "1": "lI7",
    "2": "Z",
    "3": "8",
    "5": "S6",
    "6": "8G",
    "8": "B3",
    "0": "O",
    "7": "1",
    "9": "g",
}


def _marked(text: Segmented) -> list[tuple[Flow, re.Match[str]]]:
    """Return the paragraphs that begin with a number, or what may be one, in round brackets; in order."""
    flows = sorted((flow for flow in text.flows if flow.text), key=lambda flow: flow.offsets[0])
    return [(flow, match) for flow in flows if (match := ITEM.match(flow.text))]


def _items(text: Segmented) -> Iterator[Finding]:
    """Find misread numbers of items, "(l)" before "(2)", "(8)" behind "(2)", by the items before and after."""
    items = _marked(text)
    read = [int(mark) if (mark := match.group(1)).isdigit() else None for _, match in items]
    for k, (flow, match) in enumerate(items):
        before, after = read[k - 1] if k else None, read[k + 1] if k + 1 < len(read) else None
        if before is not None and read[k] not in (before + 1, 1) and after in (None, 1, before + 2):
            yield from _item(flow, match, before + 1, "the items around it")
        elif read[k] is None and after is not None:
            yield from _item(flow, match, after - 1, "the item behind it")


def _item(flow: Flow, match: re.Match[str], number: int, by: str) -> Iterator[Finding]:
    """Find an item that stands where `number` is due, if its mark looks alike."""
    written, mark = str(number), match.group(1)
    alike = len(mark) == len(written) and all(
        char == digit or char in LOOKALIKES.get(digit, "") for char, digit in zip(mark, written, strict=True)
    )
    if alike and mark != written:
        yield _sign(flow, match.span(), f"({number})", f"By {by} this is ({number}).", 0.75)


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

# A word, also behind what elides before it: "l'eau".
WORD = re.compile(
    r"(?:(?<![\w@/\\.&+=~*#$<>%'’-])|(?<=(?<!\w)[cdjlmnstCDJLMNST]['’]))[^\W\d_]{6,30}(?![\w@/\\&+=~*#$<>(-]|\.\w|['’]\w)"
)
HYPHEN = re.compile(r"[^\W\d_][-\u00ad] $")
LONE = re.compile(r"(?<!\w)([^\W\d_]) $")
STROKE = re.compile(r"(?<![\w|])\|([^\W\d_]+)(?![\w|])")
COLON = re.compile(r"(?<![\w./:-])([^\W\d_]{3,})[:;]([^\W\d_]{2,})(?![\w./:-])")
DIGIT_IN_WORD = re.compile(r"(?<![\w.@/-])([^\W\d_]+[015][^\W\d_]*)(?![\w@/-]|\.\w)")
CAPITAL_IN_WORD = re.compile(r"(?<![\w.@/-])([^\W\d_]*[a-zß-ÿ]I[a-zß-ÿ][^\W\d_]*)(?![\w@/-]|\.\w)")
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


# Letters that a scanner takes for one another (both ways), after the tables of OCR errors of Kukich (1992).
CONFUSED = [
    pair
    for a, b in (
        shapes.split()
        for shapes in "rn m|in m|ni m|nn m|cl d|li h|vv w|ii u|ri n|l i|b h|c e|u n|t f|t r|f s|o a|o c|g q|v y".split(
            "|"
        )
    )
    for pair in ((a, b), (b, a))
]
# Letters with the accents that a language sets on them.
ACCENTED: Mapping[str, tuple[str, ...]] = {
    "es": ("aá", "eé", "ií", "oó", "uúü", "nñ"),
    "fr": ("aàâ", "eéèêë", "iîï", "oô", "uùûü", "cç"),
}


def _deletions(word: str) -> Iterator[str]:
    return (word[:k] + word[k + 1 :] for k in range(len(word)))


def _one_edit(a: str, b: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    return a != b and Levenshtein.distance(a, b, score_cutoff=1) <= 1


def _misspelt(lexis: Lexis, words: _Neighbours, flow: Flow) -> Iterator[Finding]:
    for match in WORD.finditer(flow.text):
        word = match.group()
        # A form that comes again, or that is inflected otherwise, is meant.
        if not word[1:].islower() or lexis.zipf(word) > 0 or lexis.counts[word.lower()] > 1:
            continue
        # Behind a hyphen or a lone letter it is the rest of a word in pieces: "sis- tema", "s istema".
        if HYPHEN.search(flow.text, max(0, match.start() - 3), match.start()):
            continue
        alone = LONE.search(flow.text, max(0, match.start() - 3), match.start())
        if alone is not None and not lexis.strength(alone.group(1)):
            continue
        # Names are never guessed at, but for words that stand here in small letters too.
        near = [w for w in words.of(word) if w[-2:] == word[-2:] and w != word[1:]] if word.islower() else []
        score = 0.75
        if len(near) != 1:
            near, score = _confused(lexis, word), 0.7
        if len(near) == 1:
            fix = near[0].capitalize() if word[0].isupper() else near[0]
            yield finding(
                "char-confusion",
                flow,
                match.span(),
                score=score,
                replacement=fix,
                evidence={"in the document": lexis.counts[near[0]], "frequency": round(lexis.zipf(near[0]), 1)},
                message=f"“{word}” is no known word; “{fix}” is, and looks alike.",
            )


def _confused(lexis: Lexis, word: str) -> list[str]:
    """Return the word that an unknown one is a misreading of, by letters that look alike or accents: one or none."""
    lower = word.lower()
    readings = {
        lower[:k] + right + lower[k + len(wrong) :]
        for wrong, right in CONFUSED
        for k in range(len(lower) - len(wrong) + 1)
        if lower.startswith(wrong, k)
    }
    accents = ACCENTED.get(lexis.language, ())
    plain = lower.translate({ord(char): group[0] for group in accents for char in group})
    for form in {lower, plain} if accents else ():
        for k, char in enumerate(form):
            group = next((group for group in accents if char in group), "")
            readings.update(form[:k] + other + form[k + 1 :] for other in group if other != char)
    if not accents or plain != lower:
        readings.add(plain)
    known = sorted(((lexis.strength(w), w) for w in readings - {lower} if lexis.zipf(w) >= KNOWN), reverse=True)
    if not known or (len(known) > 1 and known[0][0] < known[1][0] + 1):
        return []
    best = known[0][1]
    here = lexis.counts[best] - lexis.capitals[best]
    return [best] if here > 0 or (word.islower() and not _foreign(lexis, lower)) else []


def _foreign(lexis: Lexis, word: str) -> bool:
    """Return whether a word of a text in another language is an English one."""
    return lexis.language != "en" and Lexis("en", common=True).zipf(word) > 0


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
        # At the end of a word a digit may count something: "phase1", a note.
        if len(fits) == 1 and len(word) > 3 and (word[-1].isalpha() or not lexis.zipf(word[:-1])):
            yield _sign(flow, match.span(), fits[0], "A letter was read as a digit.", 0.8)
    for match in CAPITAL_IN_WORD.finditer(flow.text):
        fix = match.group(1).replace("I", "l")
        if lexis.zipf(fix) >= 2 and not lexis.zipf(match.group(1)) and match.group(1).count("I") == 1:
            yield _sign(flow, match.span(), fix, "A small letter was read as a capital.", 0.8)
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
    """A note mark, an item's number or a formula that was misread here; the version that the others go by has it."""
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
    items = there.sorted_out(_marked(pivot), _place)
    for bead, paragraphs in here.sorted_out(_marked(comparison.text), _place).items():
        due = [match.group(1) for _, match in items.get(bead, ()) if match.group(1).isdigit()]
        if len(due) == len(paragraphs) == 1:
            yield from _item(*paragraphs[0], int(due[0]), "the other version")
    wanted = there.sorted_out(_formulas(pivot), _place)
    for bead, formulas in here.sorted_out(_formulas(comparison.text), _place).items():
        known = {match.group() for _, match in wanted.get(bead, ())}
        for flow, match in formulas:
            near = [formula for formula in known if _one_edit(match.group(), formula)]
            if match.group() not in known and len(near) == 1:
                yield _sign(flow, match.span(), near[0], f"The other version has {near[0]}.", 0.85)


def _place(found: tuple[Flow, re.Match[str]]) -> int:
    """Return where a match begins in the raw text."""
    return found[0].offsets[found[1].start()]


def _formulas(text: Segmented) -> list[tuple[Flow, re.Match[str]]]:
    return [(flow, match) for flow in text.flows for match in FORMULA.finditer(flow.text)]
