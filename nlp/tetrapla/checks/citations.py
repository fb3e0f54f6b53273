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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tetrapla import checks, languages
from tetrapla.checks._beads import Beads
from tetrapla.checks._lexis import Lexis, finding, lexis_of
from tetrapla.model import Finding, Flow, Grade, Segmented

__all__ = ["Series", "citation_damage", "citation_damage_compared", "loose_numbers", "series_of"]

Numbers = tuple[int, ...]

NUMBER_LIST = r"\d{1,3}(?:\s*[-–—,，、]\s*\d{1,3})*"
SOUND = re.compile(rf"[\[［]\s*({NUMBER_LIST})\s*[\]］]")
# "[1 6]", "[14 - 1 5]": sound but for blanks inside the numbers.
LOOSE_LIST = r"\d(?:[\d\s,–-]{0,16}\d)?"
LOOSE = re.compile(rf"\[\s*({LOOSE_LIST})\s*\]")

# What a scanner takes for the digits 0 to 9, and for the dash of a range.
LOOKALIKES: Mapping[str, str] = {
    "l": "1", "I": "1", "i": "1", "|": "1", "!": "1", "t": "1", "o": "0", "O": "0", "Q": "0", "z": "2", "Z": "2",
    "s": "5", "S": "5", "g": "9", "q": "9", "B": "8", "b": "6", "G": "6", "T": "7", "&": "8",
}  # fmt: skip
DASHES = "'’‘`´~·*\"°-–—,; "
CONFUSED = "".join(re.escape(char) for char in [*LOOKALIKES, *DASHES])

GARBLED = re.compile(rf"(?<!\w\[)\[\s*((?=[^\]]*[^\]\s\d,–-])[\d{CONFUSED}]{{1,9}}?)\s*\]")
# A bracket that is another one, or a letter: "{3]", "[3)", "f3]", "modell24]", "B2]", "[2 3 of".
MISMATCHED = re.compile(rf"[{{(]\s?({NUMBER_LIST})\s?\]|\[\s?({NUMBER_LIST})\s?[)}}]")
UNOPENED = re.compile(r"(?<![\w\[({])([^\W\d_]*)([1lIfrtB|!(])?(\d{1,3}(?:[-–,'’]\d{1,3})?)\](?![\w(])")
# The closing bracket is lost or another sign: "[35;", "[12l.", "office(8J.".
UNCLOSED = re.compile(
    r"(?<!\w\[)\[\s?([\d&lIoOSZgBT]{1,4}(?:[-–,'’]\d{1,3})?)[J|)}]?(?=\s?[.;,:](?:\s|$))"
    r"|(?<=[^\W\d_])\s?\(\s?(\d{1,2})J(?=\s?[.;,:]|\s)"
)
# A bare number behind a word, before a mark: "laboratory 2,", "divergence 35;".
BARE = re.compile(r"(?<=[^\W\d_]) (\d{1,3})([.,;])(?=\s|$)")
# No bracket at all: "formedf! .", "pattern > 7.", "policy 23," before a paragraph ends.
GLUED = re.compile(r"(?<![\w-])([^\W\d_]{3,}?)[f{(t]?([!|]|\d{1,2}(?=[!|.,;]))[!|]?(?=\s?[.,;](?!\w))")
ANGLED = re.compile(r"(?:(?<=[^\W\d_] )|(?<=[\"”»)] ))>\s?(\d{1,3})(?=[.,;])")
TRAILING = re.compile(r"(?<=[^\W\d_] )(\d{2,3})[,;](?=\s*$)")

# A sound mark between two stops (".[4-5] |"), inside round brackets ("([16] )"), behind a caret of a lost superscript.
STOPPED = re.compile(rf"(?<=[^\W\d_]{{4}})\s?\.\s?(\[\s*{NUMBER_LIST}\s*\])\s?([.;,|])")
ROUND = re.compile(rf"\(\s*(\[\s*{LOOSE_LIST}\s*\])\s*\)")
CARET = re.compile(rf"\^\s?(\[\s*{NUMBER_LIST}\s*\])")

# Sound marks that a text must have before a garbled one is believed, and the share of them that must rise.
FEWEST, RISING = 3, 0.6


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

    def holds(self) -> bool:
        """Return whether this is a series: several numbers, most of them rising."""
        firsts = [numbers[0] for numbers in self.numbers]
        rising = sum(a <= b for a, b in itertools.pairwise(firsts))
        return len(self.cited) >= FEWEST and rising >= RISING * (len(firsts) - 1)


def series_of(text: Segmented) -> Series:
    """Return the sound citations of a text, those of the list of references left out."""
    found = sorted(
        (flow.offsets[match.start()], numbers)
        for flow in _flows(text)
        for match in SOUND.finditer(flow.text)
        if 0 not in (numbers := _expanded(match.group(1)))
    )
    return Series([offset for offset, _ in found], [numbers for _, numbers in found])


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
    clear = "".join(LOOKALIKES.get(char, "-" if char in DASHES else char) for char in garbled).strip("-")
    if not re.fullmatch(r"\d{1,4}(?:-+\d{1,3})?", clear):
        return ()
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
    return tuple(reading for reading in readings if reading and all(0 < n < 300 for n in reading))


@checks.add("citation-damage")
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
    return wrapped * 3 <= sum(len(SOUND.findall(flow.text)) for flow in _flows(text))


def _places(lexis: Lexis, flow: Flow) -> Iterator[Place]:
    """Find what looks like a garbled citation, each place once, in order."""
    end = 0
    for place in sorted(_candidates(lexis, flow), key=lambda p: (p.start, -p.end)):
        if place.start >= end and place.readings:
            end = place.end
            yield place


def _candidates(lexis: Lexis, flow: Flow) -> Iterator[Place]:
    text = flow.text
    for match in GARBLED.finditer(text):
        yield _with_stops(Place(flow, match.start(), match.end(), _read(match.group(1)), True))
    for match in MISMATCHED.finditer(text):
        yield Place(flow, match.start(), match.end(), (_expanded(match.group(1) or match.group(2)),), True)
    for match in UNOPENED.finditer(text):
        word = match.group(1)
        inside = text.rfind("[", 0, match.start()) > text.rfind("]", 0, match.start())
        keep = word if lexis.strength(word) >= lexis.strength(word[:-1]) else word[:-1]
        if not inside and (len(word) < 2 or lexis.strength(keep) >= 3):
            keep = keep if len(keep) > 1 else ""
            yield Place(flow, match.start(), match.end(), _read(match.group(3)), True, before=keep)
    for match in GLUED.finditer(text):
        word = match.group(1)
        if lexis.zipf(word) >= 3.5 and (match.group(2) in "!|" or len(word) > 3):
            yield Place(flow, match.start(), match.end(), _read(match.group(2)), False, before=word)
    for match in ANGLED.finditer(text):
        yield Place(flow, match.start(), match.end(), _read(match.group(1)), False)
    for match in TRAILING.finditer(text):
        yield Place(flow, match.start(), match.end(), _read(match.group(1)), False, after=".")
    for match in UNCLOSED.finditer(text):
        if "]" not in text[match.end() : match.end() + 60].split("[")[0]:
            yield Place(flow, match.start(), match.end(), _read(match.group(1) or match.group(2)), True)
    for match in BARE.finditer(text):
        word = text[: match.start()][-40:].rsplit(None, 1)[-1].strip("([«“\"'’").lower()
        # What is counted elsewhere too ("phase 2") is counted here.
        if 3 <= lexis.zipf(word) < 5.9 and len(word) > 3 and lexis.numbered[word] < 2:
            after = match.group(2)
            # A mark at a sentence's end was read as a comma: "laboratory 2, For".
            after = "." if after == "," and re.match(r"\s+[A-ZÀ-Þ]", text[match.end() : match.end() + 3]) else after
            yield Place(flow, match.start(), match.end(), _read(match.group(1)), False, after=after, narrow=True)


def _with_stops(place: Place) -> Place:
    """Return the place with what is wrong around it: stops on either side ("ground.[ZS] ."), round brackets."""
    text = place.flow.text
    before = re.search(r"\s?\.\s?$", text[: place.start][-3:])
    after = re.match(r"\s?([.;,|])", text[place.end :][:2])
    opened, closed = re.search(r"\s?\(\s*$", text[: place.start][-3:]), re.match(r"\s*\)", text[place.end :][:3])
    if opened is not None and closed is not None:
        return replace(place, start=place.start - len(opened.group()), end=place.end + closed.end())
    if before is None or after is None or not text[: place.start][-8:].rstrip(". ")[-4:].isalpha():
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
    found: dict[int, Numbers] = {}
    for k, place in enumerate(places):
        left = missing.difference(*found.values())
        due = _lost_between(series, place, left) if place.narrow else left
        fit = next((r for r in place.readings if due.issuperset(r)), None)
        if fit is not None:
            found[k] = fit
    for k, place in enumerate(places):
        taken = {n for numbers in found.values() for n in numbers}
        if k in found:
            yield place, found[k], True
            continue
        if place.narrow:
            continue
        lost = _lost_between(series, place, missing - taken)
        alone = not any(
            j != k and j not in found and _lost_between(series, p, lost) == lost for j, p in enumerate(places)
        )
        if place.bracketed and lost and len(lost) < 5 and alone:
            yield place, tuple(sorted(lost)), False
            continue
        again = next((r for r in place.readings if taken.issuperset(r)), None)
        if again is not None or (place.bracketed and all(n <= top for n in place.readings[0])):
            yield place, again or place.readings[0], False


def _lost_between(series: Series, place: Place, missing: Iterable[int]) -> set[int]:
    """Return the missing numbers that belong between the sound citations around a place."""
    at = bisect_left(series.offsets, place.raw)
    low = max((n for numbers in series.numbers[:at] for n in numbers), default=0)
    high = min((n for numbers in series.numbers[at:] for n in numbers if n > low), default=low + 1)
    return {n for n in missing if low < n < high}


def _garbled(place: Place, numbers: Numbers | None, score: float, by: str) -> Finding:
    fix = None if numbers is None else f"{place.before}{_written(numbers)}{place.after}"
    grade: Grade = "safe" if score >= 0.9 else "review"
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


def _misplaced(flow: Flow, *, round_brackets: bool) -> Iterator[Finding]:
    """Find citations that are sound but for what stands around them."""
    for match in STOPPED.finditer(flow.text):
        mark = "." if match.group(2) == "|" else match.group(2)
        yield _around(flow, match.span(), _tight(match.group(1)) + mark, "A stop stands on either side of a citation.")
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


def _figures(text: Segmented) -> Iterator[Finding]:
    language = languages.get(text.document.language)
    if not language.caption_words or language.full_width:
        return
    words = "|".join(sorted((re.escape(word) for word in language.caption_words), key=len, reverse=True))
    open_bracket = re.compile(rf"\(\s?({words})\s?(\d{{1,2}})(?=\s[^\W\d_])(?!\s(?:and|to|y|a|et|à|in|en|de|of|du)\b)")
    shapes = "|".join(_fuzzy(word) for word in sorted(language.caption_words, key=len, reverse=True))
    garbled = re.compile(rf"\(\s?({shapes})\s?([\dlIO|]{{1,2}})\s?(\)|(?=[.;,](?:\s|$)))")
    no_stop = re.compile(rf"(?<=[\w\d])\s?\(\s?({words})\s?\d{{1,2}}\s?\)(?=\s([A-ZÀ-ÞŒ][^\W\d_]*))")
    lexis = lexis_of(text)
    for flow in _flows(text):
        for match in open_bracket.finditer(flow.text):
            following = flow.text[match.end() : match.end() + 60]
            if ")" not in re.split(r"[.(]", following)[0]:
                fix = f"({match.group(1)} {match.group(2)})"
                yield _figure(flow, match.span(), fix, "A reference to a figure lost its closing bracket.", 0.75)
        for match in garbled.finditer(flow.text):
            word = next((w for w in language.caption_words if re.fullmatch(_fuzzy(w), match.group(1))), match.group(1))
            number = "".join(LOOKALIKES.get(char, char) for char in match.group(2))
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
        torn = re.match(r"(\d{1,2})\s?\)\s?\.(?=\s)", flow.text)
        if torn is not None and lexis.counts[language.caption_words[0].lower()]:
            fix = f"({language.caption_words[0]} {torn.group(1)})."
            yield _figure(flow, torn.span(), fix, "A reference to a figure is torn apart.", 0.6)


def _fuzzy(word: str) -> str:
    """Return a pattern for a word, its letters or the digits that they are taken for ("F1gura")."""
    return "".join({"i": "[i1l]", "l": "[l1I]", "o": "[o0]"}.get(char, re.escape(char)) for char in word)


def _figure(flow: Flow, place: tuple[int, int], fix: str, message: str, score: float) -> Finding:
    return finding("citation-damage", flow, place, score=score, replacement=fix, message=message)


# ----------------------------------------------------------------------------------------------------- comparison


@checks.add("citation-damage", takes="comparison")
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
    places = sorted((p for flow in _flows(text) for p in _places(lexis, flow)), key=lambda place: place.raw)
    damaged = here.sorted_out(places, lambda place: place.raw)
    sound = here.sorted_out(own.items(), lambda item: item[0])
    wanted = there.sorted_out(pivot.items(), lambda item: item[0])
    for bead, garbled in damaged.items():
        if bead in wanted:
            answered = [numbers for _, numbers in sound.get(bead, ())]
            for place, numbers in _paired(garbled, answered, [numbers for _, numbers in wanted[bead]]):
                yield _garbled(place, numbers, 0.95 if place.bracketed else 0.85, "the other version")


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
    left = list(wanted)
    for numbers in sound:
        if numbers in left:
            left.remove(numbers)
    rest = list(damaged)
    for place in damaged:
        fit = next((n for n in left if n in place.readings), None)
        if fit is not None:
            yield place, fit
            rest.remove(place)
            left.remove(fit)
    rest = [place for place in rest if not place.narrow]
    for place in list(rest):
        # The translation may say a passage twice: its marks come twice too.
        fit = next((n for n in wanted if n in place.readings or any(set(r) <= set(n) for r in place.readings)), None)
        if fit is not None:
            yield place, fit
            rest.remove(place)
            if fit in left:
                left.remove(fit)
    if len(left) == len(rest):
        yield from zip(rest, left, strict=True)
