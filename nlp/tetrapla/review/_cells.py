"""What the page shows of a row in one version: cleaned text in pieces and sentences, with what is marked in it.

    row's raw spans -> stretches of running text -> cut at tears into pieces, at sentences and links, at marks into runs

A run is text with the marks that it lies in. Where a repair is made, one run has the replacement and the rest of what
it replaces is empty, so that the runs one after another are the cleaned text; without repairs they are the running text
of the row's spans, each character once, in the order of the spans, whatever a reviewer has put together in the row.
The "map" of a sentence leads from its text back to the file, so that a part of it can be moved, see `_runs.origins`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from tetrapla.model import Document, Mention, Span, ViewSpan
from tetrapla.report.text import shown
from tetrapla.review._look import Look
from tetrapla.review._marks import Marked
from tetrapla.review._prepared import Seen, Text
from tetrapla.review._runs import Marking, Stretch, meets, origins, runs

if TYPE_CHECKING:
    from tetrapla.review._rows import Row

__all__ = ["cells", "original"]

Record = dict[str, Any]
Key = tuple[str, int]  # of a mark: what it is, and the number of the finding or mention


def cells(look: Look, rows: Iterable[Row], versions: Sequence[str]) -> list[Record]:
    """Return what these versions have in these rows, a record a cell; where a row has nothing there is no cell.

    A record has "row", "version", "marks" and "pieces"; offsets in it are raw. Sentences of a row have the same
    "link" where they translate each other, None where nothing does.
    """
    return [_Cell(look, row, name).record() for row in rows for name in versions if row.spans.get(name)]


def original(document: Document, row: Row) -> Record:
    """Return what a document has in a row as the file has it: pieces with their lines, cut to the piece."""
    return {"pieces": [_piece_as_is(document, span) for span in row.spans.get(document.id, ())]}


def _piece_as_is(document: Document, span: Span) -> Record:
    first = document.line_of(span.start)
    lines = document[span].split("\n")
    return {
        "span": [span.start, span.end],
        "lines": [{"number": first + k, "text": shown(line.removesuffix("\r"))} for k, line in enumerate(lines)],
    }


@dataclass
class _Cell:
    """One cell while it is made."""

    look: Look
    row: Row
    version: str
    marks: list[Record] = field(default_factory=list)
    _numbers: dict[Key, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.document = self.look.documents[self.version]
        self.text: Text = self.look.prepared.texts[self.version]
        self.marked: Marked = self.look.marked(self.version)

    def record(self) -> Record:
        pieces = [self._piece(piece) for piece in self._pieces()]
        return {"row": self.row.id, "version": self.version, "marks": self.marks, "pieces": pieces}

    def _pieces(self) -> Iterator[ViewSpan]:
        """Yield the stretches of running text that the row has, cut where the parts of a torn paragraph meet."""
        tears = self.text.running.tears
        for place in self.text.running.places(self.row.spans[self.version]):
            inside = tears[bisect_right(tears, place.start) : bisect_left(tears, place.end)]
            for start, end in pairwise([place.start, *inside, place.end]):
                yield ViewSpan(start, end)

    def _piece(self, piece: ViewSpan) -> Record:
        raw = self._raw(piece.start, piece.end)
        line, end_line = self.document.line_of(raw.start), self.document.line_of(max(raw.start, raw.end - 1))
        part, parts = self.text.part(piece.start)
        return {
            "span": [raw.start, raw.end],
            "line": line,
            "end_line": end_line,
            "torn": parts > 1,
            "from": _told(line, end_line, part, parts),
            "sentences": self._sentences(piece),
        }

    def _raw(self, start: int, end: int) -> Span:
        """Return the raw stretch of a stretch of running text, without the blanks at its ends."""
        text = self.text.running.text
        low, high = start, end
        while low < high and text[low].isspace():
            low += 1
        while high > low and text[high - 1].isspace():
            high -= 1
        return self.text.raw(ViewSpan(low, high) if low < high else ViewSpan(start, end))

    def _sentences(self, piece: ViewSpan) -> list[Record]:
        """Return the sentences of a piece: those of the text, cut besides where another link begins."""
        links = self._links(piece)
        starts = self.text.sentences
        low, high = starts.searchsorted(piece.start, side="right"), starts.searchsorted(piece.end)
        borders = {int(start) for start in starts[low:high]} | {at for start, end, _ in links for at in (start, end)}
        cuts = sorted({piece.start, piece.end, *(at for at in borders if piece.start < at < piece.end)})
        stretches = self._stretches(piece)
        return [
            self._sentence(unit, links, [s for s in stretches if meets(s, unit, piece.end)])
            for unit in pairwise(self._without_blank_units(cuts))
        ]

    def _without_blank_units(self, cuts: Sequence[int]) -> list[int]:
        """Return the borders of sentences without those between which there are blanks only."""
        text = self.text.running.text
        kept = [start for start, end in pairwise(cuts) if text[start:end].strip()]
        return [cuts[0], *kept[1:], cuts[-1]]

    def _links(self, piece: ViewSpan) -> list[tuple[int, int, int]]:
        """Return the stretches of a piece that a link of the row has, with its number."""
        places, reach = self._linked
        found = []
        for k in range(bisect_right(reach, piece.start), len(places)):
            start, end, number = places[k]
            if start >= piece.end:
                break
            if end > piece.start:
                found.append((max(start, piece.start), min(end, piece.end), number))
        return sorted(found)

    @cached_property
    def _linked(self) -> tuple[list[tuple[int, int, int]], list[int]]:
        """The stretches that links of the row have, by place, and how far each or an earlier one goes."""
        places = sorted(
            (place.start, place.end, number)
            for number, link in enumerate(self.row.links)
            for place in self.text.running.places(link.spans.get(self.version, ()))
        )
        return places, list(accumulate((end for _, end, _ in places), max))

    def _sentence(self, unit: Stretch, links: Iterable[tuple[int, int, int]], stretches: list[Marking]) -> Record:
        start, end = unit
        raw = self._raw(start, end)
        shares = [(min(end, b) - max(start, a), -number) for a, b, number in links if a < end and start < b]
        link = -max(shares)[1] if shares else None
        # A sentence that stands in its link alone has no counterpart.
        linked = link is not None and sum(1 for spans in self.row.links[link].spans.values() if spans) > 1
        score = self.row.links[link].score.get(self.version) if linked and link is not None else None
        own = list(runs(self.text.running.text, unit, stretches))
        return {
            "spans": [[raw.start, raw.end]],
            "link": link if linked else None,
            "score": score,
            "runs": [run.record() for run in own],
            "map": origins(own, self.text.running.offsets),
        }

    def _stretches(self, piece: ViewSpan) -> list[Marking]:
        """Return the stretches of a piece that are marked, cut to it."""
        found = []
        for seen in self.marked.within(piece.start, piece.end):
            kind, make = ("stays", self._staying) if seen.stays else ("finding", self._finding)
            number = self._number((kind, seen.number), make)
            # What begins before this piece has its replacement there.
            first = seen.first and seen.start >= piece.start
            made = self.marked.is_made(seen)
            new = (self.marked.standing(seen.number).replacement or "") if made and first else ""
            found.append(Marking(*_cut(seen, piece), number, new if made else None))
        for start, end, index in self.look.concepts.within(self.version, piece.start, piece.end):
            number = self._number(("concept", index), self._concept)
            found.append(Marking(max(start, piece.start), min(end, piece.end), number))
        return found

    def _number(self, key: Key, make: Any) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.marks)
            self.marks.append(make(key[1]))
        return self._numbers[key]

    def _finding(self, number: int) -> Record:
        standing = self.marked.standing(number)
        finding = standing.found.finding
        kept = None
        if finding.kept is not None:
            stays = finding.spans if standing.keep == "this" else (finding.kept,)
            kept = {"text": self.text.words(stays), "row": self.look.homes.row_at(self.version, stays[0].start)}
        return {
            "finding": standing.found.key,
            "type": finding.type,
            "state": standing.state,
            "grade": finding.grade,
            "score": finding.score,
            "text": self.text.words(standing.spans),
            "replacement": standing.replacement,
            "message": finding.message,
            "concept": finding.concept,
            "kept": kept,
            "keep": standing.keep,
        }

    def _staying(self, number: int) -> Record:
        """Return the mark of the copy that the finding would take out and a reviewer kept."""
        standing = self.marked.standing(number)
        gone = {
            "text": self.text.words(standing.spans),
            "row": self.look.homes.row_at(self.version, standing.spans[0].start),
        }
        own = self.text.words(standing.found.finding.spans)
        return self._finding(number) | {"state": "rejected", "text": own, "kept": gone}

    def _concept(self, index: int) -> Record:
        mention: Mention = self.look.concepts.mentions[self.version][index]
        return {
            "concept": mention.concept,
            "name": self.look.concepts.name(mention.concept, self.document.language),
            "form": mention.term.form,
            "status": mention.term.status,
            "matched": shown(mention.matched),
        }


def _cut(seen: Seen, piece: ViewSpan) -> Stretch:
    return max(seen.start, piece.start), min(max(seen.end, piece.start), piece.end)


def _told(line: int, end_line: int, part: int, parts: int) -> str:
    lines = f"line {line}" if line == end_line else f"lines {line}–{end_line}"
    return lines if parts == 1 else f"{lines}, part {part} of {parts} of a torn paragraph"
