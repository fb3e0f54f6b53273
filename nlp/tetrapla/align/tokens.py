"""Sentences as bags of tokens that can be compared across languages.

A token is a pair of what it is and how it reads: ``("en", "regional")`` a stem of a language, ``("#", "2016")`` a
number, ``("[]", "3")`` a citation, ``("①", "1")`` a note, ``("§", "3.2")`` a section number, ``("fig", "4")`` a
figure, ``("concept", "reverse-enclave")`` a concept of the glossary. Latin words in Chinese count as English, which
they nearly always are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tetrapla import languages
from tetrapla.model import Document, Flow, Mention, Segment, Segmented, Span, ViewSpan
from tetrapla.segment.lines import lines_of

__all__ = ["NUMBERS", "Sentence", "Sentences", "Token", "han_value", "numbers_in", "piece_of", "sentences_of"]

Token = tuple[str, str]

NUMBER = re.compile(r"\d+(?:[.,   ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
SCALE = re.compile(r"\s*(万亿|亿|万|千|百|%|％)")
SCALES = {"百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "万亿": 1e12}
HAN_NUMBER = re.compile(
    r"[零〇一二三四五六七八九十百千]+(?=(?:万亿|亿|万|[年月日个项条种类次位家人岁章节])|、)|[二三四五六七八九]?十[一二三四五六七八九]?"
)
HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CITATION = re.compile(r"\[\s*(\d{1,3}(?:\s*[-–—,，'’]\s*\d{1,3})*)\s*\]")
NOTE = re.compile(r"[①-⑳]")
SECTION = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,3})\.?[\s　]+\S")
FIGURE = re.compile(
    r"(图|表|Fig\.?|Figures?|Figuras?|Tables?|Tablas?|Tableaux?|Cuadros?)\s*(\d{1,3}(?:[.\-]\d+)?)", re.I
)
# A line that ends short of this share of its column ends a paragraph even if the next begins small.
SHORT = 0.85
SEMICOLON = re.compile(r"[;；]\s+(?=\S)")
HAN_RUN = re.compile(rf"[{languages.HAN}]+")

# Kinds of tokens that are numbers of something: they are what they are in every language.
NUMBERS = frozenset({"#", "[]", "①", "§", "fig"})


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document: its segment, the number of its paragraph, its tokens and its length in letters.

    `start` is where its text begins in the flow of the paragraph.
    """

    segment: Segment
    paragraph: int
    start: int
    text: str
    tokens: tuple[Token, ...]
    length: int


@dataclass(frozen=True)
class Sentences:
    """All sentences of a document in the order of the text, and its vocabulary."""

    source: Segmented
    items: tuple[Sentence, ...]

    def __len__(self) -> int:
        return len(self.items)

    @property
    def language(self) -> str:
        """The language of the document."""
        return self.source.document.language

    def with_items(self, items: Sequence[Sentence]) -> Sentences:
        """Return the document with other sentences of the same tokens, which keep their numbers and frequencies."""
        made = Sentences(self.source, tuple(items))
        made.__dict__.update(vocabulary=self.vocabulary, frequency=self.frequency)
        return made

    @cached_property
    def vocabulary(self) -> dict[Token, int]:
        """The number of every token, in the order in which they first stand in the text."""
        seen: dict[Token, int] = {}
        for sentence in self.items:
            for token in sentence.tokens:
                seen.setdefault(token, len(seen))
        return seen

    @cached_property
    def frequency(self) -> Counter[Token]:
        """In how many sentences every token stands."""
        return Counter(token for sentence in self.items for token in set(sentence.tokens))


def sentences_of(source: Segmented, mentions: Sequence[Mention] = (), *, clauses: bool = True) -> Sentences:
    """Return the sentences of a document with their tokens; furniture is left out.

    `mentions` give the concepts: one token for each sentence in which a mention begins. With `clauses`, sentences are
    cut at semicolons too, and where a line ends early and the next begins large.
    """
    language = source.document.language
    starts = sorted((mention.spans[0].start, mention.concept) for mention in mentions)
    early = _early_breaks(source.document) if clauses else []
    known: dict[Token, Token] = {}
    items = []
    for number, (paragraph, sentences, flow) in enumerate(source):
        if paragraph.kind == "furniture":
            continue
        for span in _spans(sentences, flow, clauses, early):
            text = flow.text[span.start : span.end]
            tokens = list(_tokens(text, language))
            if span.start == 0 and (match := SECTION.match(text)) and len(text) < 200:
                tokens.append(("§", match.group(1)))
            segment = Segment(f"{paragraph.id}.{span.start}", paragraph.kind, flow.to_raw(span))
            tokens += [("concept", concept) for concept in _within(starts, segment.spans)]
            # Each token is kept once: a long document has millions.
            shared = tuple(known.setdefault(token, token) for token in tokens)
            items.append(Sentence(segment, number, span.start, text, shared, sum(map(str.isalnum, text))))
    # Sentences of torn paragraphs stand where they begin.
    items.sort(key=lambda sentence: sentence.segment.start)
    return Sentences(source, tuple(items))


def piece_of(version: Sentences, sentence: Sentence, start: int, end: int) -> Sentence:
    """Return a part of a sentence, by places in its text, with those of its tokens that stand there."""
    flow = version.source.flows[sentence.paragraph]
    span = _trimmed(flow.text, sentence.start + start, sentence.start + end)
    text = flow.text[span.start : span.end]
    own = set(_tokens(text, version.language))
    # A concept or a section number is known of the whole sentence only.
    tokens = tuple(token for token in sentence.tokens if token in own or token[0] in ("concept", "§"))
    paragraph = version.source.paragraphs[sentence.paragraph]
    segment = Segment(f"{paragraph.id}.{span.start}", paragraph.kind, flow.to_raw(span))
    return Sentence(segment, sentence.paragraph, span.start, text, tokens, sum(map(str.isalnum, text)))


def _early_breaks(document: Document) -> list[int]:
    """Return the offsets of lines that begin large although their first word had found room on the line before.

    There a paragraph may begin whose break was lost, most often after a heading. A cut too many does little harm: both
    parts find the same place.
    """
    language = languages.get(document.language)
    if language.full_width:
        return []
    lines = lines_of(document, language)
    return [
        line.span.start
        for before, line in pairwise(lines)
        if before.width + 1 + len(line.text.split()[0]) < before.column * (SHORT if line.text[0].islower() else 1.0)
    ]


def _spans(sentences: Sequence[Segment], flow: Flow, clauses: bool, early: Sequence[int]) -> list[ViewSpan]:
    """Return the sentences as stretches of the flow, cut once more at semicolons if `clauses` says so, and at `early`.

    What stands between two semicolons is a sentence to many translators, and always to the Chinese; items of a list
    whose paragraphs were lost end with one.
    """
    place = {at: index for index, at in enumerate(flow.offsets)}
    spans = []
    for sentence in sentences:
        start, end = place[sentence.start], place[sentence.spans[-1].end - 1] + 1
        marks = SEMICOLON.finditer(flow.text, start, end) if clauses else ()
        cuts = {mark.start() + 1 for mark in marks}
        for span in sentence.spans:
            inside = early[bisect_left(early, span.start + 1) : bisect_left(early, span.end)]
            cuts.update(place[at] for at in inside if at in place)
        for cut in sorted(cuts):
            spans.append(_trimmed(flow.text, start, cut))
            start = cut
        spans.append(_trimmed(flow.text, start, end))
    return [span for span in spans if span.start < span.end]


def _trimmed(text: str, start: int, end: int) -> ViewSpan:
    """Return a stretch without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return ViewSpan(start, end)


def _within(starts: Sequence[tuple[int, str]], spans: Sequence[Span]) -> list[str]:
    return [
        concept
        for span in spans
        for _, concept in starts[bisect_left(starts, (span.start, "")) : bisect_left(starts, (span.end, ""))]
    ]


def _tokens(text: str, language: str) -> list[Token]:
    tokens: list[Token] = []
    rest = list(text)

    def take(match: re.Match[str]) -> None:
        rest[match.start() : match.end()] = " " * (match.end() - match.start())

    for match in CITATION.finditer(text):
        tokens += [("[]", str(n)) for n in _expand(match.group(1))]
        take(match)
    for match in NOTE.finditer(text):
        tokens.append(("①", str(ord(match.group()) - ord("①") + 1)))
        take(match)
    for match in FIGURE.finditer("".join(rest)):
        tokens.append(("fig", match.group(2)))
        take(match)
    if language != "zh":
        # What was left in the original stands for itself.
        for match in HAN_RUN.finditer("".join(rest)):
            tokens += [("zh", word.stem) for word in languages.get("zh").words(match.group())]
            take(match)
    left = "".join(rest)
    tokens += [("#", value) for value in numbers_in(left)]
    for word in languages.get(language).words(left):
        if word.text[0].isdigit():
            continue
        if language == "zh" and not HAN_RUN.match(word.text):
            tokens.append(("en", languages.get("en").stem(word.text)))
        elif len(word.stem) > 1 or HAN_RUN.match(word.stem):
            tokens.append((language, word.stem))
    return tokens


def _expand(citation: str) -> list[int]:
    """Return the numbers of a citation, ranges filled in.

    >>> _expand("2-4, 7")
    [2, 3, 4, 7]
    """
    found: list[int] = []
    for part in re.split(r"[,，'’]", citation):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] < 30:
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return found


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text in a form that is the same in all languages.

    >>> numbers_in("3.5万件，占 10,8 %, de 5,693; 二十年")
    ['35000', '10.8%', '5693', '20']
    """
    found = []
    for match in NUMBER.finditer(text):
        digits = re.sub(r"[   ]", "", match.group())
        if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
            value = float(re.sub(r"[.,]", "", digits))
        else:
            value = float(digits.replace(",", "."))
        scale = SCALE.match(text, match.end())
        mark = scale.group(1) if scale else ""
        value *= SCALES.get(mark, 1.0)
        found.append(f"{value:.10g}" + ("%" if mark in ("%", "％") else ""))
    for match in HAN_NUMBER.finditer(text):
        value = float(han_value(match.group()))
        scale = SCALE.match(text, match.end())
        found.append(f"{value * SCALES.get(scale.group(1) if scale else '', 1.0):.10g}")
    return found


def han_value(digits: str) -> int:
    """Return the value of a Chinese numeral below ten thousand, or of digits set one by one (二〇一六)."""
    if not any(c in "十百千" for c in digits):
        return int("".join(str(HAN_DIGITS[c]) for c in digits))
    total, current = 0, 0
    for c in digits:
        if c in HAN_DIGITS:
            current = HAN_DIGITS[c]
        else:
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            current = 0
    return total + current
