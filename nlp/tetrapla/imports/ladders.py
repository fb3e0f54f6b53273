"""Links between the lines of two texts, as other aligners write them: hunalign, Vecalign, Bertalign, our own beads.

    hunalign     12\t13\t0.35                   a ladder: up to the next rung, these lines go together; how well
    vecalign     [0, 1]:[0]:0.284               lines of both, and what that costs
    bertalign    [0, 1]:[0]                     the same without; or [([0, 1], [0]), ([2], [1])], as Python prints it
    beads        [0, 1]:[0]:0.93                what `tetrapla align --format beads` writes: the third is a probability

Lines count from 0. What is no probability is no score: it goes into the evidence of the bead, as `cost` or `quality`
(Varga et al. 2005; Thompson & Koehn 2019; Liu & Zhu 2023). A line that no bead has gets one of its own.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tetrapla.errors import InputError
from tetrapla.files import named, read_text
from tetrapla.formats import read_documents
from tetrapla.formats.json import parse
from tetrapla.imports import Import, Imported, Options, registry
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.score import BEAD, NUMBER

__all__: list[str] = []

RUNG = re.compile(r"(\d{1,9})\t(\d{1,9})(?:\t(\S+))?", re.ASCII)
FIGURE = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
NUMBERS_ONLY = re.compile(r"[\[\](),\s\d]*", re.ASCII)
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Link:
    """Lines of two texts that go together, what the file says of them, and where it does."""

    where: str
    source: tuple[int, ...]
    target: tuple[int, ...]
    figure: float | None = None


@dataclass(frozen=True)
class Form:
    """How an aligner writes links: its name, how they are read, and what its figures are (score: a probability)."""

    name: str
    links: Callable[[str, str, Sequence[int]], Iterator[Link]]
    figure: str

    def read(self, paths: Sequence[str], options: Options) -> Imported:
        """Return the alignment in a file of links, followed by its two texts.

        Raises:
            InputError: a file cannot be read, or a link is none, or leads nowhere; says which.
        """
        if len(paths) != 3:
            raise InputError(f"{self.name} takes three files, links and two texts, not {len(paths)}")
        documents = read_documents(paths[1:], options.languages, encoding=options.encoding)
        lines = [_lines(document) for document in documents]
        counts = [len(found) for found in lines]
        links = list(self.links(read_text(paths[0], encoding="utf-8").text, named(paths[0]), counts))
        if not links:
            raise InputError(f"{named(paths[0])} holds no links; is it the right file?")
        _check(links, documents, counts)
        beads: list[Bead] = []
        for link in _with_rest(links, counts):
            sides = zip(documents, lines, (link.source, link.target), strict=True)
            spans = {document.id: _spans(own, numbers) for document, own, numbers in sides}
            spans = {own: found for own, found in spans.items() if found}
            if spans:  # else blank lines
                beads.append(self._bead(f"b{len(beads) + 1}", spans, link))
        return Imported(Alignment(documents[0].id, tuple(documents), tuple(beads)))

    def _bead(self, own: str, spans: Mapping[str, tuple[Span, ...]], link: Link) -> Bead:
        if link.figure is None or len(spans) < 2:
            return Bead(own, "body", spans)
        other = list(spans)[1]
        if self.figure != "score":
            return Bead(own, "body", spans, evidence={other: {"by": self.name, self.figure: link.figure}})
        if not 0 <= link.figure <= 1:
            raise InputError(f"{link.where}: {link.figure} is no probability; import it with --from vecalign")
        return Bead(own, "body", spans, {other: link.figure})


# Readers


def _ladder(text: str, name: str, counts: Sequence[int]) -> Iterator[Link]:
    """Yield the links of a ladder: what lies between one rung and the next."""
    last: tuple[int, int, float | None] | None = None
    for where, line in _filled(text, name):
        rung = RUNG.fullmatch(line)
        if not rung or (rung[3] and _figure(rung[3]) is None):
            raise InputError(f"{where}: no rung, such as 12, tab, 13, tab, 0.35; run hunalign without -text")
        own, other = int(rung[1]), int(rung[2])
        if own > counts[0] or other > counts[1]:
            raise InputError(
                f"{where}: the texts have {counts[0]:,} and {counts[1]:,} lines, and no rung {own}, {other}"
            )
        if last is not None:
            if own < last[0] or other < last[1]:
                raise InputError(f"{where}: a rung stands below the one before it, as on no ladder")
            if (own, other) != last[:2]:
                yield Link(where, tuple(range(last[0], own)), tuple(range(last[1], other)), last[2])
        last = own, other, _figure(rung[3] or "")


def _notation(text: str, name: str, counts: Sequence[int]) -> Iterator[Link]:
    """Yield the links of a file with one a line, ``[0, 1]:[0]:0.93``."""
    for where, line in _filled(text, name):
        found = BEAD.fullmatch(BLANKS.sub(" ", line))
        if not found:
            raise InputError(f"{where}: this is no bead of lines, such as [0, 1]:[0]:0.93")
        source, target = (tuple(map(int, NUMBER.findall(side or ""))) for side in found.groups())
        yield Link(where, source, target, _figure(line.rpartition("]")[2].strip(": \t")))


def _pairs(text: str, name: str, counts: Sequence[int]) -> Iterator[Link]:
    """Yield the links of a list of pairs as Python prints it, or of a file with one a line."""
    if not re.match(r"\s*\[\s*[(\[]", text):
        yield from _notation(text, name, counts)
        return
    if not NUMBERS_ONLY.fullmatch(text):
        raise InputError(f"{name}: a list of pairs has nothing but whole numbers, such as [([0, 1], [0]), ([2], [1])]")
    for number, pair in enumerate(parse(text.replace("(", "[").replace(")", "]"), name), start=1):
        match pair:
            case [list(source), list(target)] if all(isinstance(n, int) for n in [*source, *target]):
                yield Link(f"{name}, pair {number}", tuple(source), tuple(target))
            case _:
                raise InputError(f"{name}: pair {number} is no pair of lists of lines, such as ([0, 1], [0])")


def _filled(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that are not blank, each with its place."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{name}, line {number}", line.strip()


def _figure(text: str) -> float | None:
    value = float(text) if FIGURE.fullmatch(text) else None
    return value if value is not None and math.isfinite(value) else None


# What links mean for texts


def _lines(document: Document) -> list[Span | None]:
    """Return where each line of a text has something but blanks, None for a blank one."""
    found: list[Span | None] = []
    at = 0
    for line in document.text.removesuffix("\n").split("\n"):
        start = at + len(line) - len(line.lstrip())
        found.append(Span(start, at + len(line.rstrip())) if line.strip() else None)
        at += len(line) + 1
    return found


def _check(links: Iterable[Link], documents: Sequence[Document], counts: Sequence[int]) -> None:
    owners: list[dict[int, str]] = [{}, {}]
    for link in links:
        for side, numbers in enumerate((link.source, link.target)):
            for number in numbers:
                if number >= counts[side]:
                    path = documents[side].source
                    raise InputError(f"{link.where}: {path} has {counts[side]:,} lines, from 0, and no line {number}")
                if number in owners[side]:
                    raise InputError(f"{link.where}: line {number} stands in another link, too: {owners[side][number]}")
                owners[side][number] = link.where


def _with_rest(links: Sequence[Link], counts: Sequence[int]) -> Iterator[Link]:
    """Yield links, and before each the lines without a link that stand before it in their text."""
    held = [{n for link in links for n in link.source}, {n for link in links for n in link.target}]
    alone = [[n for n in range(count) if n not in own] for count, own in zip(counts, held, strict=True)]
    at = [0, 0]
    for link in links:
        for side, numbers in enumerate((link.source, link.target)):
            end = bisect_left(alone[side], min(numbers), at[side]) if numbers else at[side]
            yield from (_alone(side, number) for number in alone[side][at[side] : end])
            at[side] = end
        yield link
    for side in (0, 1):
        yield from (_alone(side, number) for number in alone[side][at[side] :])


def _alone(side: int, number: int) -> Link:
    return Link("", () if side else (number,), (number,) if side else ())


def _spans(lines: Sequence[Span | None], numbers: Sequence[int]) -> tuple[Span, ...]:
    """Return what some lines of a text hold, those that follow each other as one."""
    spans: list[Span] = []
    last = -1
    for number in numbers:
        line = lines[number]
        if line is None:
            continue
        spans.append(Span(spans.pop().start, line.end) if spans and number == last + 1 else line)
        last = number
    return tuple(spans)


for form in (
    Form("hunalign", _ladder, "quality"),
    Form("vecalign", _notation, "cost"),
    Form("bertalign", _pairs, "cost"),
    Form("beads", _notation, "score"),
):
    registry.add(form.name)(Import(form.read, takes="the links, then the two texts"))
