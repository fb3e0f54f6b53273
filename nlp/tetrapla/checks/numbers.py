"""Numbers that one version has and the others have otherwise: 5,693 here, 5963 there.

A number is compared by its value, however it is written: "5,693", "5 693", "5693"; "3.5万", "35 000", "thirty-five
thousand"; "第三", "third", "III"; "5月", "May". Translators spell numbers out, count otherwise and leave some away, so
that a number is only reported where no other version has it in the passage or beside it, and where the others have one
instead that this version lacks there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tetrapla import checks
from tetrapla.model import Bead, Document, Finding, Span

__all__ = ["number_mismatch", "split_number", "values_in"]

Values = frozenset[float | str]

# Groups of three figures, a decimal, a row of numbers with points or colons between ("2.6.32", "12:30").
FIGURES = re.compile(
    r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?![\d.])(?:,\d+)?"
    r"|\d{1,3}(?:[ \xa0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.:]\d+){2,}|\d+(?:[.,]\d+)?"
)
# Figures that a blank parts, with or without a mark before it; thousands that are set apart by blanks.
TORN = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]?[ \xa0\u202f]\d{1,3})+(?!\d|[.,]\d)")
GROUPED = re.compile(r"\d{1,3}(?:[ \xa0\u202f]\d{3})+")
WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
# A citation, and what is left of one.
CITATION = re.compile(r"\[[^\[\]\n]{1,24}\]?|［[^］\n]{1,24}］")

# What a number behind figures is multiplied by.
SCALES: Mapping[str, float] = {
    "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "十亿": 1e9, "万亿": 1e12,
    "萬": 1e4, "億": 1e8, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mil": 1e3,
    "millón": 1e6, "millones": 1e6, "cientos": 1e2, "mille": 1e3, "millions": 1e6, "milliard": 1e9, "milliards": 1e9,
    "billions": 1e9, "k": 1e3, "m": 1e6,
}  # fmt: skip
SCALE = re.compile(rf"[ \xa0\u202f]?(mil millones|{'|'.join(sorted(SCALES, key=len, reverse=True))})(?![a-zà-ÿ])", re.I)
DECADE = re.compile(r"\s?(?:年代|s\b|'s\b)")
AFTERNOON = re.compile(r"\s?[pP]\.?\s?[mM]\b")

HAN_DIGITS: Mapping[str, int] = {char: k for k, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
HAN_UNITS: Mapping[str, float] = {"十": 10, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
HAN_NUMBER = re.compile(rf"[{''.join(HAN_DIGITS)}十百千万亿]+")
ROMAN = re.compile(r"(?<![\w-])(?=[IVXLC])(?:X[LC]|L?X{0,4})(?:I[XV]|V?I{0,4})(?:er|e|ème)?(?![\w])")
ROMAN_DIGITS: Mapping[str, int] = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}

# Numbers in words, cardinal and ordinal, with months: what figures may be in another version.
WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "zero no none never", "one first once single january", "two second twice both pair double half february",
        "three third triple march", "four fourth quarter april", "five fifth may", "six sixth june",
        "seven seventh july", "eight eighth august", "nine ninth september", "ten tenth october",
        "eleven eleventh november", "twelve twelfth dozen december", "thirteen thirteenth", "fourteen fourteenth",
        "fifteen fifteenth", "sixteen sixteenth", "seventeen seventeenth", "eighteen eighteenth",
        "nineteen nineteenth", "twenty twentieth",
    ),
    "es": (
        "cero ningún ninguno ninguna", "un uno una primer primero primera enero",
        "dos segundo segunda ambos ambas par doble mitad medio media febrero",
        "tres tercer tercero tercera triple marzo", "cuatro cuarto cuarta abril", "cinco quinto quinta mayo",
        "seis sexto sexta junio", "siete séptimo séptima julio", "ocho octavo octava agosto",
        "nueve noveno novena septiembre", "diez décimo décima octubre", "once noviembre", "doce docena diciembre",
        "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte",
    ),
    "fr": (
        "zéro aucun aucune", "un une premier première janvier",
        "deux second seconde deuxième double moitié demi février", "trois troisième triple mars",
        "quatre quatrième quart avril", "cinq cinquième mai", "six sixième juin", "sept septième juillet",
        "huit huitième août", "neuf neuvième septembre", "dix dixième octobre", "onze onzième novembre",
        "douze douzième douzaine décembre", "treize treizième", "quatorze", "quinze", "seize", "dix-sept", "dix-huit",
        "dix-neuf", "vingt vingtième",
    ),
}  # fmt: skip
TENS: Mapping[str, tuple[str, ...]] = {
    "en": ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"),
    "es": ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa", "cien"),
    "fr": ("trente", "quarante", "cinquante", "soixante", "soixante-dix", "quatre-vingt", "quatre-vingt-dix", "cent"),
}
LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# Kinds of paragraphs whose numbers translators change, or whose lines are not read in order.
LEFT_OUT = frozenset({"references", "table", "furniture", "author", "keywords"})
# How sure a link must be, and one that no third version confirms.
LINKED, LINKED_ALONE = 0.6, 0.85
# Numbers of one passage that no other version has; where there are more, the passages are others.
MOST = 3
# How much the figures must be like those of a single witness among several (0..1).
ALIKE = 0.5


class Number(NamedTuple):
    """A number in figures: where it stands in the raw text, how it is written, what it may be."""

    start: int
    end: int
    text: str
    values: Values


@checks.add("number-mismatch", takes="comparison")
def number_mismatch(comparison: checks.Comparison) -> Iterator[Finding]:
    """A number that the other versions have otherwise in the same passage ("5,963" beside 5693)."""
    subject = comparison.subject
    others = [name for name in comparison.versions if name != subject]
    beads = list(_sentences(comparison.alignment.beads))
    passages = [
        {name: _read(comparison.versions[name].document, bead.spans.get(name, ())) for name in (subject, *others)}
        for bead in beads
    ]
    for k, (bead, here) in enumerate(zip(beads, passages, strict=True)):
        if bead.kind in LEFT_OUT or not here[subject].numbers:
            continue
        near = passages[max(0, k - 1) : k + 2]
        witnesses = [name for name in others if _link(comparison, bead, name) >= LINKED and bead.spans.get(name)]
        if witnesses:
            yield from _different(comparison, bead, here, near, witnesses)


@checks.add("split-word", takes="comparison")
def split_number(comparison: checks.Comparison) -> Iterator[Finding]:
    """A number with a blank inside, which the other versions have whole in the same passage ("1. 32", "1 4 70")."""
    doc = comparison.text.document
    others = [name for name in comparison.versions if name != comparison.subject]
    # By the paragraph: the point in "1. 32" may end a sentence for all that is known.
    for bead in comparison.alignment.beads:
        torn = [found for span in bead.spans.get(comparison.subject, ()) for found in _torn(doc, span)]
        if bead.kind in LEFT_OUT | {"heading"} or not torn:
            continue
        told = {
            name: _whole(comparison.versions[name].document, bead.spans.get(name, ()))
            for name in others
            if _link(comparison, bead, name) >= LINKED
        }
        figures = frozenset[float | str]().union(*told.values())
        for place, joined, whole, pieces in torn:
            if whole & figures and any(not piece & figures for piece in pieces):
                yield Finding(
                    "split-word",
                    (place,),
                    score=0.85,
                    grade="review",
                    replacement=joined,
                    evidence={"in": [name for name, values in told.items() if whole & values]},
                    message=f"A blank stands inside {joined}, which the other versions have.",
                )


def _whole(doc: Document, spans: Iterable[Span]) -> Values:
    """Return what the numbers in figures may be that stand in some spans, but for those that may be in pieces."""
    values: set[float | str] = set()
    for span in spans:
        torn = [place for place, *_ in _torn(doc, span)]
        for number in _numbers(doc, span)[0]:
            if not any(place.start <= number.start < place.end for place in torn):
                values |= number.values
    return frozenset(values)


def _torn(doc: Document, span: Span) -> Iterator[tuple[Span, str, Values, list[Values]]]:
    """Yield figures with blanks between that may be one number: where, that number, its values, those of its parts."""
    text = CITATION.sub(lambda match: " " * len(match.group()), doc[span].translate(WIDE)).replace("\n", " ")
    for match in TORN.finditer(text):
        joined = re.sub(r"\s", "", match.group())
        # With what stands behind it, which may be a scale.
        read = joined + text[match.end() : match.end() + 30]
        number = FIGURES.match(read)
        if number is None or number.group() != joined or GROUPED.fullmatch(match.group()):
            continue
        pieces = [_values(match.group(), piece) for piece in FIGURES.finditer(match.group())]
        place = Span(span.start + match.start(), span.start + match.end())
        yield place, joined, _values(read, number), pieces


class Passage(NamedTuple):
    """What a version has in a passage: its numbers in figures, and the values of all numbers, in words too."""

    numbers: tuple[Number, ...]
    values: Values


def _sentences(beads: Iterable[Bead]) -> Iterator[Bead]:
    for bead in beads:
        yield from bead.sentences or (bead,)


def _link(comparison: checks.Comparison, bead: Bead, name: str) -> float:
    """Return how sure it is that this version and another one say the same in a bead (0..1)."""
    pivot = comparison.alignment.pivot
    scores = [bead.score.get(version, 0.0) for version in (comparison.subject, name) if version != pivot]
    return min(scores, default=0.0)


def _read(doc: Document, spans: Iterable[Span]) -> Passage:
    numbers: list[Number] = []
    values: set[float | str] = set()
    for span in spans:
        found, others = _numbers(doc, span)
        numbers += found
        values |= others
    return Passage(tuple(numbers), frozenset(values).union(*(number.values for number in numbers)))


def _numbers(doc: Document, span: Span) -> tuple[list[Number], set[float | str]]:
    """Return the numbers in figures of a span, citations left out, and the values of numbers in words."""
    text = CITATION.sub(lambda match: " " * len(match.group()), doc[span].translate(WIDE))
    found = [
        Number(span.start + match.start(), span.start + match.end(), match.group(), _values(text, match))
        for match in FIGURES.finditer(text)
    ]
    return found, set(values_in(text, doc.language))


def _values(text: str, match: re.Match[str]) -> Values:
    """Return what figures may be: as they stand, times what stands behind them, a year of a decade, an hour."""
    digits = match.group()
    plain = re.sub(r"[ \xa0\u202f]", "", digits)
    if re.search(r"[.:]\d+[.:]", plain) and not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain):
        return frozenset({plain})
    if re.fullmatch(r"\d{1,3}(?:[.,，]\d{3})+", plain):
        # Grouped, or a decimal with three places.
        readings = {float(re.sub(r"[.,，]", "", plain))}
        if plain.count(".") + plain.count(",") == 1:
            readings.add(float(plain.replace(",", ".").replace("，", ".")))
    else:
        whole, mark, part = plain.rpartition("." if plain.rfind(".") > plain.rfind(",") else ",")
        readings = {float(re.sub(r"[.,，]", "", whole) + "." + part) if mark else float(plain)}
    value = min(readings)
    scale = SCALE.match(text, match.end())
    if scale is not None:
        words = scale.group(1).lower().split()
        readings |= {reading * _product(words) for reading in set(readings)}
    if DECADE.match(text, match.end()):
        readings |= {value % 100, 1900 + value, 2000 + value}
    if AFTERNOON.match(text, match.end()):
        readings.add(value + 12)
    return frozenset(readings)


def _product(words: Sequence[str]) -> float:
    product = 1.0
    for word in words:
        product *= SCALES[word]
    return product


def values_in(text: str, language: str) -> Iterator[float]:
    """Return what the numbers that are written in words may be: Han numerals, number words, months, Roman numerals.

    >>> sorted(set(values_in("第十二章，两百个", "zh"))), sorted(set(values_in("chapter XII, the third", "en")))
    ([12.0, 200.0], [3.0, 12.0])
    """
    if language == "zh":
        for run in HAN_NUMBER.findall(text):
            yield from _han_values(run)
        return
    known = _known(language)
    words = [word.lower() for word in LETTERS.findall(text)]
    for k, word in enumerate(words):
        if word in known:
            yield known[word]
            following = SCALES.get(words[k + 1]) if k + 1 < len(words) else None
            if following:
                yield known[word] * following
            # "twenty-one", "treinta y dos", "soixante et onze".
            after = [other for other in words[k + 1 : k + 3] if other not in ("y", "et", "and")]
            if known[word] >= 20 and after and known.get(after[0], 99) < 20:
                yield known[word] + known[after[0]]
        elif "-" in word:
            parts = [known[part] for part in word.split("-") if part in known]
            yield from [*parts, float(sum(parts))]
        elif word in SCALES and len(word) > 2:
            yield SCALES[word]
    for match in ROMAN.finditer(text):
        yield _roman(match.group())


@cache
def _known(language: str) -> Mapping[str, float]:
    """Return the number words of a language and their values."""
    known = {word: float(k) for k, words in enumerate(WORDS.get(language, ())) for word in words.split()}
    return {**{word: 30.0 + 10 * k for k, word in enumerate(TENS.get(language, ()))}, **known}


def _han_values(run: str) -> Iterator[float]:
    """Return what a run of Han numerals may be: "二十三" 23, "二〇二四" 2024, "三、四" both, "千" also in 一千."""
    if all(char in HAN_DIGITS for char in run):
        yield float("".join(str(HAN_DIGITS[char]) for char in run))
        yield from (float(HAN_DIGITS[char]) for char in run)
        return
    total = section = digit = 0.0
    for char in run:
        if char in HAN_DIGITS:
            digit = float(HAN_DIGITS[char])
        elif HAN_UNITS[char] >= 1e4:
            total, section, digit = (total + section + digit or 1.0) * HAN_UNITS[char], 0.0, 0.0
        else:
            section, digit = section + (digit or 1.0) * HAN_UNITS[char], 0.0
    yield total + section + digit


def _roman(numeral: str) -> float:
    digits = [ROMAN_DIGITS[char] for char in numeral if char in ROMAN_DIGITS]
    return float(sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True)))


def _different(
    comparison: checks.Comparison,
    bead: Bead,
    here: Mapping[str, Passage],
    near: Sequence[Mapping[str, Passage]],
    witnesses: Sequence[str],
) -> Iterator[Finding]:
    """Find the numbers of a passage that no other version has, and what the others have instead."""
    own = here[comparison.subject]
    known = frozenset[float | str]().union(
        *(passage[name].values for passage in near for name in here if name != comparison.subject)
    )
    said = frozenset[float | str]().union(*(passage[comparison.subject].values for passage in near))
    strange = [number for number in own.numbers if not number.values & known]
    if not strange or len(strange) > MOST:
        return
    instead = {name: _missing(here[name], own, said) for name in witnesses}
    for number in strange:
        votes: Counter[Values] = Counter()
        written: dict[Values, dict[str, str]] = {}
        for name, left in instead.items():
            for other in left:
                votes[other.values] += 1
                written.setdefault(other.values, {})[name] = other.text
        best = max(votes, key=lambda values: (votes[values], _alike(number, written[values].values())), default=None)
        if best is not None:
            yield from _finding(comparison, bead, number, written[best], len(witnesses))


def _missing(other: Passage, own: Passage, said: Values) -> list[Number]:
    """Return the numbers of another version that this one lacks in the passage, or has less often there."""
    left = list(own.numbers)
    missing = []
    for number in other.numbers:
        match = next((mine for mine in left if mine.values & number.values), None)
        if match is not None:
            left.remove(match)
        elif not number.values & said or any(mine.values & number.values for mine in own.numbers):
            missing.append(number)
    return missing


def _alike(number: Number, others: Iterable[str]) -> float:
    """Return how much the figures of a number are like those that others have (0..1)."""
    from rapidfuzz.distance import Levenshtein

    return max(Levenshtein.normalized_similarity(_bare(number.text), _bare(other)) for other in others)


def _bare(figures: str) -> str:
    return re.sub(r"\D", "", figures)


def _finding(
    comparison: checks.Comparison, bead: Bead, number: Number, others: Mapping[str, str], witnesses: int
) -> Iterator[Finding]:
    link = max(_link(comparison, bead, name) for name in others)
    alike = _alike(number, others.values())
    if len(others) == 1 and (witnesses > 1 or link < LINKED_ALONE) and alike < ALIKE:
        return
    score = (0.9 if len(others) > 1 else 0.7) - 0.2 * (1 - alike)
    # What the others agree on, unless this version counts in other units ("2 million", "2,000,000").
    fix = next(iter(others.values()))
    agreed = len(others) > 1 and set(others.values()) == {fix} and len(_bare(fix)) == len(_bare(number.text))
    listed = ", ".join(f"{name} {text}" for name, text in others.items())
    yield Finding(
        type="number-mismatch",
        spans=(Span(number.start, number.end),),
        score=round(score * min(1.0, link + 0.1), 3),
        grade="review",
        replacement=fix if agreed else None,
        evidence={"others": dict(others), "alike": round(alike, 2)},
        message=f"The other versions have another number here: {listed}.",
    )
