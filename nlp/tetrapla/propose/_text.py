"""A version as words with places: what candidates are cut from and what beads are told by.

Words of alphabets have the key by which inflected forms are one (`glossary._units`); Chinese words are jieba's,
with its part of speech. Marks part words; what the glossary reads over (quotes, dashes within a word) does not.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tetrapla import languages
from tetrapla.glossary._units import HAN_CHARACTER, Units, squeeze
from tetrapla.model import Alignment, Mention, Segmented, Span
from tetrapla.propose._words import Closed, closed_words

__all__ = ["Key", "Text", "Word", "groups_of", "tagged", "text_of"]

Key = tuple[str, str]

# What stands here names no concepts of the text: names and titles of others.
LEFT_OUT = frozenset({"references", "author", "furniture"})
HEADS = frozenset({"title", "heading", "caption", "abstract", "keywords"})
DASHES = "-·"
QUOTES = re.compile(r"[\"“”„‟‹›«»「」『』]")
# Marks that part no words, with the character before them: "4.0", "R&D".
WITHIN = re.compile(r"\d\.(?=\d)|[A-Z\s]&")
# One raw character of what stands before and after a phrase that is set apart from the sentence.
OPENING, CLOSING = '"“‘「《(（«', '"”’」》)）»'


class Word(NamedTuple):
    """A word: its key, how it reads in small letters, its raw span, its bead (-1 for none) and its part of speech."""

    key: Key
    text: str
    low: str
    span: Span
    group: int
    tag: str


@dataclass(frozen=True)
class Text:
    """The words of a version in reading order, None where a mark or the end of a paragraph parts them.

    `function` says of each whether it is a function word, `left_out` whether it stands where no terms are sought,
    `head` whether it stands in a title, a heading, an abstract or a caption.
    """

    version: Segmented
    words: Sequence[Word | None]
    function: Sequence[bool]
    left_out: Sequence[bool]
    head: Sequence[bool]
    closed: Closed = field(repr=False)

    @property
    def language(self) -> str:
        """The language of the document."""
        return languages.get(self.version.document.language).code

    @property
    def han(self) -> bool:
        """Whether words stand without blanks between them."""
        return not languages.get(self.language).joiner

    @cached_property
    def _places(self) -> list[tuple[int, int, int]]:
        return sorted((word.span.start, word.span.end, k) for k, word in enumerate(self.words) if word)

    def words_in(self, spans: Sequence[Span]) -> tuple[int, int] | None:
        """Return the stretch of words [first, last + 1) that share a character with some spans, None for none."""
        found = []
        for span in spans:
            k = max(0, bisect_right(self._places, (span.start, span.end, len(self.words))) - 1)
            while k < len(self._places) and self._places[k][0] < span.end:
                if self._places[k][1] > span.start:
                    found.append(self._places[k][2])
                k += 1
        return (min(found), max(found) + 1) if found else None

    def raw(self, first: int, end: int) -> Span:
        """Return the raw span from the first word of a stretch to its last; of a torn one only its beginning."""
        inside = [word.span for word in self.words[first:end] if word]
        if inside[-1].end <= inside[0].start:
            return inside[0]
        return Span(inside[0].start, inside[-1].end)

    def form(self, first: int, end: int) -> str:
        """Return a stretch as it reads, on one line, without quotes."""
        span = self.raw(first, end)
        joiner = languages.get(self.language).joiner
        return joiner.join(QUOTES.sub(joiner, self.version.document[span]).split())

    def common_form(self, places: Sequence[tuple[int, int]]) -> str:
        """Return how a candidate mostly reads at its places; of forms as common, one in small letters."""
        forms = Counter(self.form(*place) for place in places)
        return min(forms, key=lambda form: (-forms[form], form != form.lower(), len(form), form))

    def groups(self, places: Sequence[tuple[int, int]]) -> list[int]:
        """Return the sentence beads that stretches of words begin in, each once, in order."""
        inside = (self.words[first] for first, _ in places)
        return list(dict.fromkeys(word.group for word in inside if word and word.group >= 0))

    def set_apart(self, first: int, end: int) -> bool:
        """Return whether a stretch stands in quotes or brackets, on one side at least."""
        span, text = self.raw(first, end), self.version.document.text
        return text[max(0, span.start - 1) : span.start] in set(OPENING) or text[span.end : span.end + 1] in set(
            CLOSING
        )

    def mentions(self, found: Sequence[Mention]) -> list[tuple[int, int, str]]:
        """Return mentions of concepts as stretches of words, each with its concept."""
        places = ((self.words_in(mention.spans), mention.concept) for mention in found)
        return [(*place, concept) for place, concept in places if place]


def groups_of(alignment: Alignment, document: str) -> list[tuple[int, int, int]]:
    """Return which sentence bead holds which raw stretch of a document: (start, end, number of the bead), in order."""
    parts = [part for bead in alignment.beads for part in bead.sentences or (bead,)]
    return sorted((s.start, s.end, n) for n, part in enumerate(parts) for s in part.spans.get(document, ()))


def text_of(version: Segmented, groups: Sequence[tuple[int, int, int]]) -> Text:
    """Return a version as words; `groups` are its sentence beads."""
    code = languages.get(version.document.language).code
    closed = closed_words(code)
    cut = _cut_han if not languages.get(code).joiner else _cut
    units = Units(code)
    words: list[Word | None] = []
    left_out, head = [], []
    for paragraph, _, flow in version:
        if paragraph.kind == "furniture":
            continue
        for piece in cut(flow.text, units):
            word = None
            if piece:
                key, start, end, tag = piece
                text = flow.text[start:end]
                span = Span(flow.offsets[start], max(flow.offsets[start], flow.offsets[end - 1]) + 1)
                word = Word(key, text, text.lower().replace("’", "'"), span, _group(groups, span.start), tag)
            words.append(word)
            left_out.append(paragraph.kind in LEFT_OUT)
            head.append(paragraph.kind in HEADS)
    function = [word is not None and word.low in closed.function for word in words]
    return Text(version, words, function, left_out, head, closed)


def _group(groups: Sequence[tuple[int, int, int]], at: int) -> int:
    k = bisect_left(groups, (at + 1, -1, -1)) - 1
    return groups[k][2] if k >= 0 and at < groups[k][1] else -1


Piece = tuple[Key, int, int, str] | None


def _cut(text: str, units: Units) -> list[Piece]:
    pieces: list[Piece] = []
    for unit in units.of(text):
        if text[unit.start].isalnum() and not HAN_CHARACTER.match(text, unit.start):
            pieces.append((unit.key, unit.start, unit.end, ""))
        elif not WITHIN.match(text, max(0, unit.start - 1)):
            pieces.append(None)
    return [*pieces, None]


def _cut_han(text: str, _: Units) -> list[Piece]:
    """Return jieba's words of a text; a dash between two of them parts them not ("core—periphery")."""
    squeezed = squeeze(text)
    pieces: list[Piece] = []
    at = 0
    for word, tag in tagged(squeezed.text):
        start, at = at, at + len(word)
        if word[0].isalnum():
            span = squeezed.origin(start), squeezed.origin(at - 1) + 1
            pieces.append(((word, ""), *span, tag))
        elif word not in DASHES:
            pieces.append(None)
    return [*pieces, None]


def tagged(text: str) -> list[tuple[str, str]]:
    """Return the words of a Chinese text with jieba's part of speech."""
    languages.get("zh").words("词")  # sets jieba up
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba.posseg
    return [(pair.word, pair.flag) for pair in jieba.posseg.cut(text)]
