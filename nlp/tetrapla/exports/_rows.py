"""The beads of an alignment as rows of running text, in the order of the pivot: what most formats are made of.

Lines are joined and torn paragraphs put together; between two pieces that do not go on from each other stands a line
feed. Of every passage with sentence beads these say all: what none of them holds has a row of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tetrapla.clean import clean
from tetrapla.exports import Options
from tetrapla.formats import Known
from tetrapla.model import Bead, Edit, Segmented, Span
from tetrapla.report.rows import DOUBTFUL, row_order
from tetrapla.store._copy import FairCopy

__all__ = ["Row", "RowStatus", "Texts", "distinct", "figure", "one_line", "rows_of", "spans_without", "tokens"]

RowStatus = Literal["confirmed", "likely", "doubtful", "unrated", "alone"]
TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
BREAKS = re.compile(r"[ \t]*[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
CONFIRMED = 1.0  # what only a person's word gives


@dataclass(frozen=True)
class Row:
    """A bead of passages or of sentences with its running texts by document id; `passage` is the id of its passage."""

    id: str
    level: Literal["passage", "sentence"]
    passage: str
    bead: Bead
    texts: Mapping[str, str]

    @property
    def status(self) -> RowStatus:
        """How far its links are to be trusted: confirmed by a person, likely, doubtful, without scores, or no link."""
        if len(self.texts) < 2:
            return "alone"
        scores = self.bead.score.values()
        if not scores:
            return "unrated"
        if min(scores) < DOUBTFUL:
            return "doubtful"
        return "confirmed" if min(scores) >= CONFIRMED else "likely"


class Texts:
    """The running text of spans of the versions, as it stands or with the safe repairs made."""

    def __init__(self, known: Known, options: Options) -> None:
        self._known = known
        self._cleaned = options.cleaned
        self._copies: dict[str, FairCopy] = {}

    def of(self, name: str, spans: Iterable[Span]) -> str:
        """Return the running text of raw spans of a version, in their order."""
        if name not in self._copies:
            version = self._known.versions[name]
            self._copies[name] = FairCopy(version, self._edits(name, version))
        copy = self._copies[name]
        return copy.passage(copy.owned(spans))[0].strip()

    def _edits(self, name: str, version: Segmented) -> Sequence[Edit]:
        return clean(version, (self._known.findings or {}).get(name, ())).edits if self._cleaned else ()


def rows_of(known: Known, ids: Sequence[str], options: Options) -> list[Row]:
    """Return the beads of the level that is wanted; with both levels the sentences follow their passage."""
    texts = Texts(known, options)
    beads = row_order(known.alignment)
    rows: list[Row] = []
    names = distinct([bead.id for bead in beads])
    taken = set(names)
    for name, bead in zip(names, beads, strict=True):
        made = [_row(name, "passage", name, bead, texts)] if options.level != "sentences" else []
        if options.level != "passages":
            made += _sentences(name, bead, texts, taken)
        # A passage that is one sentence needs to be said only once.
        once = options.level == "both" and len(made) == 2 and made[0].texts == made[1].texts
        rows += made[:1] if once else made
    return [row for row in rows if len(row.texts) >= (len(ids) if options.linked else 1)]


def distinct(names: Iterable[str]) -> list[str]:
    """Return names, those that were there before or are empty made different ones.

    >>> distinct(["b1", "b1", ""])
    ['b1', 'b1-2', 'b3']
    """
    found: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        own = name or f"b{number}"
        while own in found:
            own += f"-{number}"
        found[own] = None
    return list(found)


def tokens(names: Iterable[str], prefix: str = "x") -> dict[str, str]:
    """Return what stands for each of some different names where only letters, digits and a few signs may stand.

    That is the name itself, if it can, else one by its number: ids of XML, and ends of file names.

    >>> tokens(["zh-2", "../en"], "d")
    {'zh-2': 'zh-2', '../en': 'd2'}
    """
    given = list(names)
    made = [name if TOKEN.fullmatch(name) else f"{prefix}{number}" for number, name in enumerate(given, start=1)]
    return dict(zip(given, distinct(made), strict=True))


def figure(value: float) -> str:
    """Return a number from 0 on with up to four places and no exponent, which some formats do not know.

    >>> figure(0.97), figure(0.00001), figure(100)
    ('0.97', '0', '100')
    """
    return f"{value:.4f}".rstrip("0").rstrip(".")


def one_line(text: str) -> str:
    r"""Return a text on one line: line breaks of every kind and tabs are blanks.

    >>> one_line("Torn\n here\tand there\u2028")
    'Torn here and there'
    """
    return BREAKS.sub(" ", text).strip()


def _row(name: str, level: Literal["passage", "sentence"], passage: str, bead: Bead, texts: Texts) -> Row:
    found = {own: texts.of(own, spans) for own, spans in bead.spans.items() if spans}
    return Row(name, level, passage, bead, {own: text for own, text in found.items() if text})


def _sentences(name: str, bead: Bead, texts: Texts, taken: set[str]) -> Iterator[Row]:
    beads = list(bead.sentences)
    held = {own: [span for sentence in beads for span in sentence.spans.get(own, ())] for own in bead.spans}
    if not any(held.values()):
        yield _row(name, "passage", name, bead, texts)
        return
    for own, spans in bead.spans.items():
        if rest := spans_without(spans, held[own]):
            beads.append(Bead("", bead.kind, {own: rest}))
    number = 1
    for sentence in beads:
        own = f"{name}.{number}"
        while own in taken:
            own += "s"
        row = _row(own, "sentence", name, replace(sentence, kind=bead.kind), texts)
        if row.texts:
            number += 1
            taken.add(own)
            yield row


def spans_without(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of some spans without others, in the order of the former.

    >>> spans_without([Span(0, 9)], [Span(4, 6), Span(5, 7)])
    (Span(start=0, end=4), Span(start=7, end=9))
    """
    gone = _joined(others)
    ends = [other.end for other in gone]
    left = []
    for span in spans:
        at = span.start
        for k in range(bisect_right(ends, span.start), len(gone)):
            if gone[k].start >= span.end:
                break
            if at < gone[k].start:
                left.append(Span(at, gone[k].start))
            at = gone[k].end
        if at < span.end:
            left.append(Span(at, span.end))
    return tuple(left)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in the order of the text, those that touch as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            span = Span(found[-1].start, max(found.pop().end, span.end))
        found.append(span)
    return found
