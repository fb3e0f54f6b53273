"""Versions cut into sentences that have names, and beads as lists of these: for formats of links.

A sentence that reaches into two beads is cut there, so that every sentence belongs to one bead, and a text is the
sequence of its sentences. They go by the place where the passage begins that they belong to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tetrapla.exports import Options
from tetrapla.exports._rows import Row, Texts, rows_of
from tetrapla.formats import Known
from tetrapla.model import Segmented, Span

__all__ = ["Cut", "CutPassage", "CutSentence", "cut"]


@dataclass(frozen=True)
class CutSentence:
    """A sentence, or what of it belongs to one bead: its name within its text (``s1``), and its running text."""

    id: str
    text: str


@dataclass(frozen=True)
class CutPassage:
    """What a bead of passages has of a version: the id of the bead, the sentences."""

    bead: str
    sentences: tuple[CutSentence, ...]


@dataclass(frozen=True)
class Cut:
    """The passages of each version by document id, in the order of the text, and where each row's sentences are.

    `links` has the rows of the level that is wanted, each with the names of its sentences by document id.
    """

    passages: Mapping[str, Sequence[CutPassage]]
    links: Sequence[tuple[Row, Mapping[str, Sequence[str]]]]


def cut(known: Known, ids: Sequence[str], options: Options) -> Cut:
    """Return the versions cut, with links between passages or, where that is the level, between sentences."""
    every = replace(options, linked=False)
    rows = rows_of(known, ids, replace(every, level="sentences"))
    named: dict[str, dict[str, list[str]]] = defaultdict(dict)
    passages = {}
    texts = Texts(known, options)
    for name in ids:
        sides: dict[str, list[tuple[Row, tuple[Span, ...]]]] = {}
        boundaries = _Boundaries(known.versions[name])
        for row in rows:
            if name in row.texts:
                pieces = [(row, piece) for piece in boundaries.pieces(row.bead.spans[name])]
                sides.setdefault(row.passage, []).extend(pieces)
        made = []
        number = 0
        for bead, side in sorted(sides.items(), key=lambda item: item[1][0][1][0].start):
            sentences = []
            for row, piece in side:
                if text := texts.of(name, piece):
                    number += 1
                    sentences.append(CutSentence(f"s{number}", text))
                    for own in {row.id, row.passage}:
                        named[own].setdefault(name, []).append(f"s{number}")
            made.append(CutPassage(bead, tuple(sentences)))
        passages[name] = made
    wanted = rows if options.level == "sentences" else rows_of(known, ids, every)
    links = [(row, named[row.id]) for row in wanted]
    return Cut(passages, [link for link in links if not options.linked or len(link[1]) == len(ids)])


class _Boundaries:
    """Where the sentences of a version begin and end."""

    def __init__(self, version: Segmented) -> None:
        self._spans = sorted(
            (span, sentence.id) for sentences in version.sentences for sentence in sentences for span in sentence.spans
        )
        self._ends = [span.end for span, _ in self._spans]

    def pieces(self, spans: Iterable[Span]) -> list[tuple[Span, ...]]:
        """Return spans cut where a sentence ends, in their order; a sentence in several pieces is one.

        What is in no sentence, which is blanks, goes with the one that follows or with none.
        """
        found: list[tuple[Span, ...]] = []
        last = None
        for span in spans:
            at = span.start
            for k in range(bisect_right(self._ends, span.start), len(self._spans)):
                inside, own = self._spans[k]
                if inside.start >= span.end:
                    break
                end = min(inside.end, span.end)
                if own == last:
                    found[-1] = (*found[-1], Span(at, end))
                else:
                    found.append((Span(at, end),))
                at, last = end, own
        return found
