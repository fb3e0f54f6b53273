"""Long texts in parts: each is cleaned as a text of its own, so that memory does not grow with the text.

Where a part ends is told by the text around, not by a count from the start: of the ends of paragraphs within reach the
one is taken whose next words have the least checksum (content-defined chunking, Muthitacharoen, Chen & Mazières 2001).
So a cleaned text falls into the same parts, though what was cleaned away moved all that follows.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from tetrapla.clean.choice import Choice
from tetrapla.clean.compose import made
from tetrapla.clean.rounds import edits_of
from tetrapla.clean.sections import sections_of
from tetrapla.detect import detect
from tetrapla.model import Document, Edit, Span
from tetrapla.segment import segment

__all__ = ["Part", "Worker", "cleaned_parts", "parts_of", "read_parts"]

# Characters other than blanks that a part has, at most, and the share of them from which on it may end.
SIZE, LEAST = 200_000, 0.6
# So many letters behind a border decide whether it is taken.
KEY = 24

CLOSED = re.compile(r"[.!?。！？…:：;；]\W*$")
SENTENCE_END = re.compile(r"[.!?]\s+|[。！？]\s*|\s+")


@dataclass(frozen=True)
class Part:
    """A part of a text, its language, and the edits that clean it, in code points of the part."""

    text: str
    language: str
    edits: tuple[Edit, ...]

    @property
    def cleaned(self) -> str:
        """The part as it reads after its edits."""
        return made(self.text, self.edits)

    def moved(self, offset: int) -> Iterator[Edit]:
        """Yield the edits as they stand in a text where the part begins at `offset`."""
        for edit in self.edits:
            span = Span(edit.span.start + offset, edit.span.end + offset)
            yield Edit(span, edit.original, edit.replacement, edit.rule, edit.grade)


@dataclass(frozen=True)
class Worker:
    """Cleans a part by a choice; where `language` is None, it is detected for each section of one language."""

    choice: Choice
    language: str | None = None

    def __call__(self, text: str) -> Part:
        """Return a part, cleaned."""
        language = self.language or detect(text)
        doc = Document(language, language, text)
        return Part(text, language, tuple(edits_of(segment(doc), None, self.choice)))


def cleaned_parts(pieces: Iterable[str], worker: Worker, *, jobs: int = 1, size: int = SIZE) -> Iterator[Part]:
    """Yield the parts of a text that comes in pieces, cleaned, in order; `jobs` processes work on them at once."""
    parts = read_parts(pieces, worker.language, size=size)
    first = [part for _, part in zip(range(2), parts, strict=False)]
    if jobs == 1 or len(first) == 1:
        yield from map(worker, first)
        yield from map(worker, parts)
        return
    waiting: deque[Future[Part]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        waiting.extend(pool.submit(worker, part) for part in first)
        for part in parts:
            waiting.append(pool.submit(worker, part))
            # Those that are ready and not fetched take memory, too.
            while len(waiting) > jobs + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def read_parts(pieces: Iterable[str], language: str | None, *, size: int = SIZE) -> Iterator[str]:
    """Yield a text that comes in pieces as `cleaned_parts` reads it; where `language` is None, each part has one."""
    parts = parts_of(pieces, size)
    return parts if language is not None else (section for part in parts for section in sections_of(part))


def parts_of(pieces: Iterable[str], size: int = SIZE) -> Iterator[str]:
    """Yield a text that comes in pieces in parts of at most `size` characters other than blanks.

    A part ends where a paragraph does, or else a line, a sentence, a word.
    """
    held: list[str] = []
    count = 0
    for piece in itertools.chain(pieces, [""]):
        held.append(piece)
        count += _inked(piece)
        # What stands behind a border has a say in it: unless the text ends, so much more is waited for.
        while count > size + (4 * KEY if piece else 0):
            text = "".join(held)
            end = _border(text, size)
            yield text[:end]
            held = [text[end:]]
            count = _inked(held[0])
    if last := "".join(held):
        yield last


def _inked(text: str) -> int:
    """Return how many characters are neither blanks nor line feeds."""
    return len(text) - text.count(" ") - text.count("\n")


def _border(text: str, size: int) -> int:
    """Return where the first part of a text ends that is longer than a part may be."""
    places = list(_line_ends(text, size))
    if places:
        least = min(rank for rank, _ in places)
        ends = [at for rank, at in places if rank == least]
    else:
        ends = [match.end() for match in SENTENCE_END.finditer(text, int(LEAST * size), size)]
    return min(ends, key=lambda at: (_checksum(text, at), at), default=size)


def _line_ends(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield the ends of lines that a part may end at, each behind how bad a place it is."""
    least, at, count, closed, blank = int(LEAST * size), 0, 0, False, False
    while True:
        end = text.find("\n", at) + 1
        if not end:
            return
        line = text[at:end]
        ink = line.strip()
        if ink:
            if at and count >= least:
                yield _rank(ink, closed=closed, blank=blank), at
            closed, blank = CLOSED.search(ink[-40:]) is not None, False
        else:
            blank = True
        count += _inked(line)
        if count > size:
            return
        at = end


def _rank(line: str, *, closed: bool, blank: bool) -> int:
    """Return how bad it is to begin a part with a line, 0 for the first of a paragraph."""
    return (not closed) + (not blank) + 2 * line[0].islower()


def _checksum(text: str, at: int) -> int:
    letters = "".join(text[at : at + 4 * KEY].split())[:KEY]
    return zlib.crc32(letters.encode("utf-8", "surrogatepass"))
