"""References in brackets and references to figures that the scanner garbled, repaired by their own series.

Numbers of a reference list are cited as "[1]", "[2-3]", "[2, 7]", rising through a text. The sound ones tell where a
garbled one stands in the series: "[lg'zo]" reads 19-20, and no sound mark cites 19 or 20, so that is what it was.
A shape without brackets ("policy 23,") is only believed where the numbers it reads as are missing. With another
version at hand, its marks in the aligned passage decide.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.checks._beads import Beads
from tetrapla.checks._lexis import Lexis, finding, lexis_of, remembered
from tetrapla.model import Finding, Flow, Grade, Segmented

__all__ = ["Series", "citation_damage", "citation_damage_compared", "loose_numbers", "series_of"]

Numbers = tuple[int, ...]

NUMBER_LIST = r"\d{1,3}(?:\s*[-–—,，、]\s*\d{1,3})*"
SOUND = re.compile(rf"[\[［]\s*({NUMBER_LIST})\s*[\]］]")
# "[1 6]", "[14 - 1 5]": sound but for blanks inside the numbers.
LOOSE_LIST = r"\d(?:[\d\s,–-]{0,16}\d)?"
LOOSE = re.compile(rf"\[\s*({LOOSE_LIST})\s*\]")

# What a scanner takes for the digits 0 to 9, the likeliest digit first, and for the dash of a range.
LOOKALIKES: Mapping[str, str] = {
    "l": "1", "I": "1", "i": "1", "|": "1", "!": "1", "t": "1", "o": "0", "O": "0", "Q": "0", "D": "0", "z": "2",
    "Z": "2", "A": "4", "s": "5", "S": "58", "$": "5", "g": "9", "q": "9", "B": "83", "b": "6", "G": "6", "T": "7",
    "/": "71", "?": "72", "&": "8",
}  # fmt: skip
DASHES = "'’‘`´~·*\"°-–—,; "
CONFUSED = "".join(re.escape(char) for char in [*LOOKALIKES, *DASHES])

# A pattern that begins with a set of few characters is looked for fast, one that begins with a word or a look back is
# tried at every character: what must stand before the sign, or the figure, is looked at from there.
GARBLED = re.compile(rf"\[(?<!\w\[\[)\s*((?=[^\]]{{0,9}}[^\]\s\d,–-])[\d{CONFUSED}]{{1,9}}?)\s*\]")
# A bracket that is another one, or a letter: "{3]", "[3)", "{3}", "f3]", "modell24]", "B2]", "[2 3 of".
MISMATCHED = re.compile(
    rf"[{{(\[](?:(?<=[{{(])\s?({NUMBER_LIST})\s?\]|(?<=\[)\s?({NUMBER_LIST})\s?[)}}]"
    rf"|(?<=\{{)\s?({NUMBER_LIST})\s?[}})J]|(?<=\()\s?({NUMBER_LIST})\s?[}}J](?!\w))"
)
CLOSED = re.compile(r"\](?<=\d.)(?![\w(])")
UNOPENED = re.compile(r"(?<![\w\[({])([^\W\d_]*)([1lIfrtB|!(])?(\d{1,3}(?:[-–,'’]\d{1,3})?)\]\Z")
# The closing bracket is lost or another sign: "[35;", "[12l.", "office(8J.".
UNCLOSED = re.compile(r"\[(?<!\w\[\[)\s?([\d&lIoOSZgBT]{1,4}?(?:[-–,'’]\d{1,3})?)[Jl1|)}]?(?=\s?[.;,:](?:\s|$))")
# A bare number behind a word, before a mark: "laboratory 2,", "divergence 35;".
NUMBER_STOPPED = re.compile(r"[.,;](?<=\d.)(?=\s|$)")
BARE = re.compile(r"\d{1,3}(?:[-–]\d{1,3})?\Z")
WORD_BEFORE = re.compile(r"[^\W\d_] \Z")
# No bracket at all: "formedf! .", "pattern > 7.", "policy 23," before a paragraph ends.
SIGN_STOPPED = re.compile(r"[.,;](?!\w)(?:(?<=[!|\d].)|(?<=[!|\d]\s.))")
GLUED = re.compile(r"(?<![\w-])([^\W\d_]{3,}?)[f{(t]?([!|]|\d{1,2}(?=[!|.,;]))[!|]?(?=[\s.,;]\Z)")
ANGLED = re.compile(r">(?:(?<=[^\W\d_] >)|(?<=[\"”»)] >))\s?(\d{1,3})(?=[.,;])")
# Numbers that only another version shows to be citations: "(29).", "(Unstable) 7."
BARE_LIST = re.compile(
    rf"\(\s?({NUMBER_LIST})\s?\)(?=\s?[.,;:]|\s[^\W\d_])|(?<=[\w)»”\"] )(\d{{1,3}}(?:[-–]\d{{1,3}})?)(?=[.,;](?:\s|$))"
)
TRAILING = re.compile(r"(?<=[^\W\d_] )(\d{2,3})[,;](?=\s*$)")

# Nothing of all that stands where this does not: a bracket, a stop behind a figure or a sign.
SIGNED = re.compile(r"[\[\]{(>.,;](?:(?<=[\[\]{>])|(?<=\()\s?\d|(?<=[!|\d].)|(?<=[!|\d]\s.))")

# A sound mark between two stops (".[4-5] |"), inside round brackets ("([16] )"), behind a caret of a lost superscript.
STOPPED = re.compile(rf"(\[\s*{NUMBER_LIST}\s*\])\s?([.;,|])")
STOP_BEFORE = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=[)»”\"]))\s?\.\s?\Z")
ROUND = re.compile(rf"\(\s*(\[\s*{LOOSE_LIST}\s*\])\s*\)")
CARET = re.compile(rf"\^\s?(\[\s*{NUMBER_LIST}\s*\])")

# Sound marks that a text must have before a garbled one is believed, and the share of them that must rise.
FEWEST, RISING = 3, 0.6
# Citations behind a place in which what comes next in the series is looked for: some cite once more what came before.
NEXT = 50
# Ways to read a garbled mark that are looked at.
MOST_READINGS = 16


@dataclass(frozen=True)
class Place:
    """A place where a citation seems garbled: what stands there, as which numbers it can be read."""

    flow: Flow
    start: int
    end: int
    readings: tuple[Numbers, ...]
    bracketed: bool
    before: str = ""
    after: str = ""
    narrow: bool = False  # to be believed only where the number is missing between the sound ones around it

    @property
    def raw(self) -> int:
        """Where it begins in the raw text."""
        return self.flow.offsets[self.start]


@dataclass(frozen=True)
class Series:
    """The sound citations of a text in order: where each stands in the raw text and which numbers it cites."""

    offsets: Sequence[int]
    numbers: Sequence[Numbers]

    def items(self) -> list[tuple[int, Numbers]]:
        """Return offset and numbers of each citation."""
        return list(zip(self.offsets, self.numbers, strict=True))

    @property
    def cited(self) -> frozenset[int]:
        """All numbers that are cited."""
        return frozenset(n for numbers in self.numbers for n in numbers)

    @cached_property
    def _highest(self) -> list[int]:
        """The highest number that is cited before each citation, and in the end of all."""
        return list(itertools.accumulate((max(numbers) for numbers in self.numbers), max, initial=0))

    def around(self, offset: int) -> range:
        """Return the numbers that can be cited first at a place: above all before it, below what comes next."""
        at = bisect_left(self.offsets, offset)
        low = self._highest[at]
        following = itertools.chain.from_iterable(self.numbers[at : at + NEXT])
        return range(low + 1, min((n for n in following if n > low), default=low + 1))

    def holds(self) -> bool:
        """Return whether this is a series: several numbers, most of them rising."""
        firsts = [numbers[0] for numbers in self.numbers]
        rising = sum(a <= b for a, b in itertools.pairwise(firsts))
        return len(self.cited) >= FEWEST and rising >= RISING * (len(firsts) - 1)


def series_of(text: Segmented) -> Series:
    """Return the sound citations of a text, those of the list of references left out."""
    found = sorted(
        (flow.offsets[start], numbers)
        for flow in _flows(text)
        for start, numbers in _sound_in(flow.text)
        if 0 not in numbers
    )
    return Series([offset for offset, _ in found], [numbers for _, numbers in found])


@remembered
def _sound_in(text: str) -> Sequence[tuple[int, Numbers]]:
    """Return the sound citations of a text: where each stands, and its numbers."""
    if "[" not in text and "［" not in text:
        return ()
    return [(match.start(), _expanded(match.group(1))) for match in SOUND.finditer(text)]


def _flows(text: Segmented) -> Iterator[Flow]:
    for paragraph, _, flow in text:
        if paragraph.kind not in ("references", "furniture", "table", "keywords"):
            yield flow


def _expanded(numbers: str) -> Numbers:
    """Return the numbers of "2, 7" or "30-33"."""
    out: list[int] = []
    for part in re.split(r"\s*[,，、;]\s*", numbers.strip()):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] < 20:
            out += range(ends[0], ends[1] + 1)
        else:
            out += ends
    return tuple(out)


def _written(numbers: Numbers) -> str:
    """Return numbers as a citation is written: (2, 7) as "[2, 7]", (30, 31, 32) as "[30-32]"."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return "[" + ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs) + "]"


def _read(garbled: str) -> tuple[Numbers, ...]:
    """Return the numbers that a garbled mark can be read as: one number, or the two ends of a range."""
    kinds = [LOOKALIKES.get(char, "-" if char in DASHES else char) for char in garbled]
    clear = ("".join(digits).strip("-") for digits in itertools.islice(itertools.product(*kinds), MOST_READINGS))
    return tuple(dict.fromkeys(reading for digits in clear for reading in _numbers(digits)))


def _numbers(clear: str) -> Iterator[Numbers]:
    """Give the numbers that digits, with a dash or without, can be read as, the likeliest first."""
    if not re.fullmatch(r"\d{1,4}(?:-+\d{1,3})?", clear):
        return
    readings: list[Numbers] = []
    if "-" in clear:
        readings.append(_expanded(re.sub("-+", "-", clear)))
    else:
        readings.append((int(clear),))
        # A range that lost its dash, a bracket read as a digit: "23" for "2-3", "71" for "7]".
        halves = [(int(clear[:k]), int(clear[k:])) for k in range(1, len(clear))]
        readings += [tuple(range(a, b + 1)) for a, b in halves if 0 < b - a < 5]
        if len(clear) > 1 and clear[-1] == "1":
            readings.append((int(clear[:-1]),))
    yield from (reading for reading in readings if reading and all(0 < n < 300 for n in reading))


@checks.add("citation-damage", safe=True)
def citation_damage(text: Segmented) -> Iterator[Finding]:
    """A reference in brackets, or one to a figure, that the scanner garbled ("word[l]", "([16] )", "(Figure 2 for")."""
    series = series_of(text)
    if series.holds():
        lexis = lexis_of(text)
        places = [place for flow in _flows(text) for place in _places(lexis, flow)]
        for place, numbers, sure in _by_series(series, places):
            yield _garbled(place, numbers, 0.9 if sure and place.bracketed else 0.65, "the series")
        bare = _bare(text)
        for flow in _flows(text):
            yield from _misplaced(flow, round_brackets=bare)
    yield from _figures(text)


def _bare(text: Segmented) -> bool:
    """Return whether most citations stand without round brackets around them."""
    wrapped = sum(len(ROUND.findall(flow.text)) for flow in _flows(text))
    return wrapped * 3 <= sum(len(_sound_in(flow.text)) for flow in _flows(text))


def _places(lexis: Lexis, flow: Flow) -> Iterator[Place]:
    """Find what looks like a garbled citation, each place once, in order."""
    end = 0
    for place in sorted(_candidates(lexis, flow), key=lambda p: (p.start, -p.end)):
        if place.start >= end and place.readings:
            end = place.end
            yield place


class _Signs(NamedTuple):
    """What in a text has the shape of a garbled citation, each shape with its places."""

    garbled: Sequence[re.Match[str]]
    mismatched: Sequence[re.Match[str]]
    unopened: Sequence[re.Match[str]]
    glued: Sequence[re.Match[str]]
    angled: Sequence[re.Match[str]]
    trailing: Sequence[re.Match[str]]
    unclosed: Sequence[re.Match[str]]
    bare: Sequence[re.Match[str]]


NO_SIGNS = _Signs((), (), (), (), (), (), (), ())


@remembered
def _signs(text: str) -> _Signs:
    if SIGNED.search(text) is None:
        return NO_SIGNS
    stopped = (mark.start() - text[mark.start() - 1].isspace() for mark in SIGN_STOPPED.finditer(text))
    signs = _Signs(
        list(GARBLED.finditer(text)),
        list(MISMATCHED.finditer(text)),
        list(_before(UNOPENED, text, (closed.end() for closed in CLOSED.finditer(text)))),
        list(_before(GLUED, text, (end + 1 for end in stopped))),
        list(ANGLED.finditer(text)),
        list(TRAILING.finditer(text, max(0, len(text) - 6))),
        list(UNCLOSED.finditer(text)),
        list(_before(BARE, text, (mark.start() for mark in NUMBER_STOPPED.finditer(text)), most=7)),
    )
    return signs if any(signs) else NO_SIGNS


def _candidates(lexis: Lexis, flow: Flow) -> Iterator[Place]:
    text, signs = flow.text, _signs(flow.text)
    for match in signs.garbled:
        yield _with_stops(Place(flow, match.start(), match.end(), _read(match.group(1)), True))
    for match in signs.mismatched:
        group = match.lastindex or 0
        # Where neither bracket is right these may be brackets of their own.
        yield Place(flow, match.start(), match.end(), (_expanded(match.group(group)),), group < 3)
    for match in signs.unopened:
        word = match.group(1)
        inside = text.rfind("[", 0, match.start()) > text.rfind("]", 0, match.start())
        keep = word if lexis.strength(word, less=1) >= lexis.strength(word[:-1]) else word[:-1]
        # A capital stands at the end of no word.
        capital = word[-1:].isupper() and word[:-1].islower()
        keep = word[:-1] if capital else keep
        if not inside and (len(word) < 2 or capital or lexis.strength(keep) >= 3):
            keep = keep if len(keep) > 1 else ""
            yield Place(flow, match.start(), match.end(), _read(match.group(3)), True, before=keep)
    for match in signs.glued:
        word = match.group(1)
        if lexis.zipf(word) >= 3.5 and (match.group(2) in "!|" or len(word) > 3):
            yield Place(flow, match.start(), match.end(), _read(match.group(2)), False, before=word)
    for match in signs.angled:
        yield Place(flow, match.start(), match.end(), _read(match.group(1)), False)
    for match in signs.trailing:
        yield Place(flow, match.start(), match.end(), _read(match.group(1)), False, after=".")
    for match in signs.unclosed:
        if "]" not in text[match.end() : match.end() + 60].split("[")[0]:
            yield Place(flow, match.start(), match.end(), _read(match.group(1)), True)
    for match in signs.bare:
        yield from _bare_number(lexis, flow, match)


def _before(pattern: re.Pattern[str], text: str, ends: Iterable[int], *, most: int = 40) -> Iterator[re.Match[str]]:
    """Find a pattern where it ends at one of some places; it is no longer than `most`, a word and a number."""
    for end in ends:
        match = pattern.search(text, max(0, end - most), end)
        if match is not None:
            yield match


def _bare_number(lexis: Lexis, flow: Flow, match: re.Match[str]) -> Iterator[Place]:
    text, start, end = flow.text, match.start() - 1, match.end() + 1
    before = text[max(0, start - 39) : start + 1]
    if not WORD_BEFORE.search(before):
        return
    word = before.rsplit(None, 1)[-1].strip("([«“\"'’").lower()
    # What is counted elsewhere too ("phase 2") is counted here.
    if 3 <= lexis.zipf(word) < 5.9 and len(word) > 3 and lexis.numbered[word] < 2:
        # A mark at a sentence's end was read as a comma: "laboratory 2, For".
        stop = text[match.end()] == "," and re.match(r"\s+[A-ZÀ-Þ]", text[end : end + 3])
        after = "." if stop else text[match.end()]
        yield Place(flow, start, end, _read(match.group()), False, after=after, narrow=True)


def _with_stops(place: Place) -> Place:
    """Return the place with what is wrong around it: stops on either side ("ground.[ZS] ."), round brackets."""
    text = place.flow.text
    left, right = text[max(0, place.start - 3) : place.start], text[place.end : place.end + 3]
    before, after = re.search(r"\s?\.\s?$", left), re.match(r"\s?([.;,|])", right[:2])
    opened, closed = re.search(r"\s?\(\s*$", left), re.match(r"\s*\)", right)
    if opened is not None and closed is not None:
        return replace(place, start=place.start - len(opened.group()), end=place.end + closed.end())
    if before is None or after is None or not text[max(0, place.start - 8) : place.start].rstrip(". ")[-4:].isalpha():
        return place
    mark = "." if after.group(1) == "|" else after.group(1)
    return replace(place, start=place.start - len(before.group()), end=place.end + after.end(), after=mark)


def _by_series(series: Series, places: Sequence[Place]) -> Iterator[tuple[Place, Numbers | None, bool]]:
    """Give each place the numbers that the series lacks there; whether that is sure."""
    bracketed = [max(r[-1] for r in p.readings) for p in places if p.bracketed]
    known = max(series.cited)
    # A garbled mark may cite the last entries; far beyond the sound ones it is misread.
    top = max([known, *(n for n in bracketed if n <= known + 12)])
    missing = set(range(1, top + 1)) - series.cited
    gaps = [series.around(place.raw) for place in places]
    left = set(missing)
    found: dict[int, Numbers] = {}
    for k, place in enumerate(places):
        due = left.intersection(gaps[k]) if place.narrow else left
        fit = next((r for r in place.readings if due.issuperset(r)), None)
        if fit is not None:
            found[k] = fit
            left.difference_update(fit)
    taken = missing - left
    crowd = Counter(gaps[k] for k in range(len(places)) if k not in found)
    for k, place in enumerate(places):
        if k in found:
            yield place, found[k], True
            continue
        if place.narrow:
            continue
        lost = left.intersection(gaps[k])
        if place.bracketed and lost and len(lost) < 5 and crowd[gaps[k]] == 1:
            yield place, tuple(sorted(lost)), False
            continue
        again = next((r for r in place.readings if taken.issuperset(r)), None)
        if again is not None or (place.bracketed and all(n <= top for n in place.readings[0])):
            yield place, again or place.readings[0], False


def _garbled(place: Place, numbers: Numbers | None, score: float, by: str) -> Finding:
    fix = None if numbers is None else f"{place.before}{_written(numbers)}{place.after}"
    grade: Grade = "safe" if score >= 0.9 and fix is not None and _as_it_stood(place, fix) else "review"
    return finding(
        "citation-damage",
        place.flow,
        (place.start, place.end),
        score=score,
        grade=grade,
        replacement=fix,
        evidence={"by": by, "read as": [list(reading) for reading in place.readings]},
        message=f"A citation is garbled; by {by} it was {_written(numbers)}." if numbers else "A citation is garbled.",
    )


def _as_it_stood(place: Place, fix: str) -> bool:
    """Return whether a repair leaves every figure as it is, and names: brackets may be set right without asking."""
    original = place.flow.text[place.start : place.end]
    return re.findall(r"\d+", original) == re.findall(r"\d+", fix) and place.before == place.before.lower()


def _misplaced(flow: Flow, *, round_brackets: bool) -> Iterator[Finding]:
    """Find citations that are sound but for what stands around them."""
    for match in STOPPED.finditer(flow.text):
        stop = STOP_BEFORE.search(flow.text, max(0, match.start() - 3), match.start())
        if stop is not None:
            mark = "." if match.group(2) == "|" else match.group(2)
            place, fix = (stop.start(), match.end()), _tight(match.group(1)) + mark
            yield _around(flow, place, fix, "A stop stands on either side of a citation.")
    for match in CARET.finditer(flow.text):
        yield _around(flow, match.span(), _tight(match.group(1)), "A caret of a lost superscript stands at a citation.")
    for match in ROUND.finditer(flow.text) if round_brackets else ():
        yield _around(flow, match.span(), _tight(match.group(1)), "Round brackets stand around a citation.")


def _tight(citation: str) -> str:
    """Return a citation without stray blanks: "[14 - 1 5 ]" as "[14-15]"."""
    return re.sub(r"\s+(?=[\]–—-])|(?<=[\[–—-])\s+|(?<=\d)\s+(?=\d)", "", citation)


def loose_numbers(text: Segmented) -> Iterator[tuple[Flow, tuple[int, int]]]:
    """Return the places of numbers with a blank inside in citations: "1 6" in "[14 - 1 6]"."""
    series = series_of(text)
    if not series.holds():
        return
    for flow in _flows(text):
        for match in LOOSE.finditer(flow.text):
            for number in re.finditer(r"(?<!\d)\d\s\d(?!\s?\d)", match.group(1)):
                whole = int(re.sub(r"\s", "", number.group()))
                if whole not in series.cited and whole <= max(series.cited) + 12:
                    yield flow, (match.start(1) + number.start(), match.start(1) + number.end())


def _around(flow: Flow, place: tuple[int, int], fix: str, message: str) -> Finding:
    return finding("citation-damage", flow, place, score=0.8, replacement=fix, message=message)


# ------------------------------------------------------------------------------------------------- figures, tables

TORN = re.compile(r"(\d{1,2})\s?\)\s?\.(?=\s)")


def _figures(text: Segmented) -> Iterator[Finding]:
    language = languages.get(text.document.language)
    if not language.caption_words or language.full_width:
        return
    begun, open_bracket, garbled, no_stop = _figure_shapes(language.caption_words)
    lexis = lexis_of(text)
    for flow in _flows(text):
        if begun.search(flow.text) is not None:
            for match in open_bracket.finditer(flow.text):
                following = flow.text[match.end() : match.end() + 60]
                if ")" not in re.split(r"[.(]", following)[0]:
                    fix = f"({match.group(1)} {match.group(2)})"
                    yield _figure(flow, match.span(), fix, "A reference to a figure lost its closing bracket.", 0.75)
            for match in garbled.finditer(flow.text):
                word = next(
                    (w for w in language.caption_words if re.fullmatch(_fuzzy(w), match.group(1))), match.group(1)
                )
                number = "".join(LOOKALIKES.get(char, char)[0] for char in match.group(2))
                closed = match.group(3) or ")" in re.split(r"[(\n]", flow.text[match.end() : match.end() + 60])[0]
                if word != match.group(1) or number != match.group(2):
                    message = "A reference to a figure is garbled."
                    yield _figure(flow, match.span(), f"({word} {number})", message, 0.9)
                elif not closed:
                    message = "A reference to a figure lost its closing bracket."
                    yield _figure(flow, match.span(), f"({word} {number})", message, 0.75)
            for match in no_stop.finditer(flow.text):
                word = match.group(2).lower()
                if lexis.zipf(word) >= 4 and lexis.counts[word] > lexis.capitals[word]:
                    fix = flow.text[match.start() : match.end()] + "."
                    yield _figure(flow, match.span(), fix, "The full stop after a reference to a figure is lost.", 0.6)
        torn = TORN.match(flow.text)
        if torn is not None and lexis.counts[language.caption_words[0].lower()]:
            fix = f"({language.caption_words[0]} {torn.group(1)})."
            yield _figure(flow, torn.span(), fix, "A reference to a figure is torn apart.", 0.6)


@cache
def _figure_shapes(caption_words: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Return how a reference to a figure begins, what one looks like without its end, garbled, and without a stop."""
    longest_first = sorted(caption_words, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    shapes = "|".join(map(_fuzzy, longest_first))
    return (
        re.compile(rf"\(\s?(?:{shapes})"),
        re.compile(rf"\(\s?({words})\s?(\d{{1,2}})(?=\s[^\W\d_])(?!\s(?:and|to|y|a|et|à|in|en|de|of|du)\b)"),
        re.compile(rf"\(\s?({shapes})\s?([\dlIO|]{{1,2}})\s?(\)|(?=[.;,](?:\s|$)))"),
        re.compile(rf"(?<=[\w\d])\s?\(\s?({words})\s?\d{{1,2}}\s?\)(?=\s([A-ZÀ-ÞŒ][^\W\d_]*))"),
    )


def _fuzzy(word: str) -> str:
    """Return a pattern for a word, its letters or the digits that they are taken for ("F1gura")."""
    return "".join({"i": "[i1l]", "l": "[l1I]", "o": "[o0]"}.get(char, re.escape(char)) for char in word)


def _figure(flow: Flow, place: tuple[int, int], fix: str, message: str, score: float) -> Finding:
    return finding("citation-damage", flow, place, score=score, replacement=fix, message=message)


# ----------------------------------------------------------------------------------------------------- comparison


@checks.add("citation-damage", takes="comparison", safe=True)
def citation_damage_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """A citation that is garbled here and sound in the aligned passage of the version that the others go by."""
    text, alignment = comparison.text, comparison.alignment
    if comparison.subject == alignment.pivot or alignment.pivot not in comparison.versions:
        return
    here, there = Beads(alignment, comparison.subject), Beads(alignment, alignment.pivot)
    yield from _unmarked_figures(text, here, comparison.versions[alignment.pivot], there)
    pivot, own = series_of(comparison.versions[alignment.pivot]), series_of(text)
    if len(pivot.cited) < FEWEST:
        return
    lexis = lexis_of(text)
    places = [p for flow in _flows(text) for p in _clear_of(_places(lexis, flow), _bare_lists(flow))]
    damaged = here.sorted_out(sorted(places, key=lambda place: place.raw), lambda place: place.raw)
    sound = here.sorted_out(_sound(text), lambda place: place.raw)
    for bead, wanted in there.sorted_out(pivot.items(), lambda item: item[0]).items():
        due = [numbers for _, numbers in wanted]
        paired = list(_paired(damaged.get(bead, ()), [place.readings[0] for place in sound.get(bead, ())], due))
        for place, numbers in paired:
            yield _garbled(place, numbers, 0.95 if place.bracketed else 0.85, "the other version")
        if not paired:
            yield from _other_number(sound.get(bead, ()), due, own.cited)


def _clear_of(places: Iterable[Place], others: Iterable[Place]) -> Iterator[Place]:
    """Return places, and those of the others that touch none of them."""
    kept = list(places)
    taken = {k for place in kept for k in range(place.start, place.end)}
    yield from kept
    yield from (other for other in others if taken.isdisjoint(range(other.start, other.end)))


def _bare_lists(flow: Flow) -> Iterator[Place]:
    for match in BARE_LIST.finditer(flow.text):
        numbers = _expanded(match.group(1) or match.group(2))
        if numbers and 0 not in numbers:
            yield Place(flow, match.start(), match.end(), (numbers,), False, narrow=True)


def _sound(text: Segmented) -> Iterator[Place]:
    for flow in _flows(text):
        for match in SOUND.finditer(flow.text):
            yield Place(flow, match.start(), match.end(), (_expanded(match.group(1)),), True)


def _other_number(sound: Sequence[Place], due: Sequence[Numbers], cited: frozenset[int]) -> Iterator[Finding]:
    """Find the one citation of a passage that differs from the other version's in a digit, which is cited nowhere."""
    wanted, known = set(due), {place.readings[0] for place in sound}
    here = [place for place in sound if place.readings[0] not in wanted]
    left = [numbers for numbers in due if numbers not in known]
    if len(here) == len(left) == 1 and not cited.intersection(left[0]):
        written, meant = _written(here[0].readings[0]), _written(left[0])
        if len(written) == len(meant) and sum(a != b for a, b in zip(written, meant, strict=True)) == 1:
            yield _garbled(here[0], left[0], 0.75, "the other version")


# What follows a reference to a figure in Chinese, and what it is in the languages with an alphabet.
FIGURE_MARK = re.compile(r"[(（]\s*图\s*(\d+)\s*[)）]\s*([：；。，])")
MARKS: Mapping[str, str] = {"：": ":", "；": ";", "。": ".", "，": ","}


def _unmarked_figures(text: Segmented, here: Beads, other: Segmented, there: Beads) -> Iterator[Finding]:
    """Find references to figures that lost the mark behind them, which the other version has."""
    words = "|".join(re.escape(word) for word in languages.get(text.document.language).caption_words)
    marks = [
        (flow.offsets[match.start()], match.group(1), MARKS[match.group(2)])
        for flow in other.flows
        for match in FIGURE_MARK.finditer(flow.text)
    ]
    if not words or not marks:
        return
    wanted = there.sorted_out(marks, lambda mark: mark[0])
    unmarked = re.compile(rf"\(\s?(?:{words})\s?(\d{{1,2}})\s?\)(?=\s[^\W\d_])")
    for flow in _flows(text):
        for match in unmarked.finditer(flow.text):
            bead = here.at(flow.offsets[match.start()])
            for _, number, mark in wanted.get(bead, ()) if bead is not None else ():
                if number == match.group(1):
                    fix = match.group() + mark
                    yield _figure(flow, match.span(), fix, "The mark behind a reference to a figure is lost.", 0.8)


def _paired(
    damaged: Sequence[Place], sound: Sequence[Numbers], wanted: Sequence[Numbers]
) -> Iterator[tuple[Place, Numbers]]:
    """Pair garbled citations with those of the other version that no sound one answers, in order."""
    answered = Counter(sound)
    left: Counter[Numbers] = Counter()
    for numbers in wanted:
        if answered[numbers]:
            answered[numbers] -= 1
        else:
            left[numbers] += 1
    rest: list[Place] = []
    for place in damaged:
        fit = next((reading for reading in place.readings if left[reading]), None)
        if fit is not None:
            yield place, fit
            left[fit] -= 1
        elif not place.narrow:
            rest.append(place)
    unpaired: list[Place] = []
    for place in rest:
        # The translation may say a passage twice: its marks come twice too.
        fit = _among(place.readings, wanted)
        if fit is not None:
            yield place, fit
            left[fit] -= left[fit] > 0
        else:
            unpaired.append(place)
    due = [numbers for numbers in dict.fromkeys(wanted) for _ in range(left[numbers])]
    if len(due) == len(unpaired):
        yield from zip(unpaired, due, strict=True)


def _among(readings: Sequence[Numbers], wanted: Sequence[Numbers]) -> Numbers | None:
    """Return the first of the wanted numbers that a mark can be read as, whole or in part."""
    parts = [set(reading) for reading in readings]
    return next((n for n in wanted[:NEXT] if n in readings or any(part <= set(n) for part in parts)), None)
