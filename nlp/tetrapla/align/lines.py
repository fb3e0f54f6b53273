"""Texts of which each line is a sentence: the links between their lines, nothing cut or joined.

For sets with gold for sentences, and for whoever has sentences already. Lines keep their order, so jumps cost more
than any block earns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tetrapla.align._backend import Group, Options, registry
from tetrapla.align.tokens import Sentences, sentences_of
from tetrapla.lexicon import Lexicon
from tetrapla.model import Document, Flow, Segment, Segmented, Span
from tetrapla.progress import Progress, silent

__all__ = ["BACKEND", "LineBead", "align_line_pairs", "align_lines"]

BACKEND = "coverage-in-order"


@dataclass(frozen=True)
class LineBead:
    """Lines of two texts, numbered from 0, that translate each other, and the probability that they do (0..1).

    A line without a counterpart, a blank one too, has a bead of its own; its probability is that of having none.
    """

    source: tuple[int, ...]
    target: tuple[int, ...]
    probability: float

    def __str__(self) -> str:
        """Return the bead in Vecalign's notation, the probability third: ``[0, 1]:[0]:0.93``."""
        return f"{list(self.source)}:{list(self.target)}:{self.probability:.2f}"


def align_lines(
    source: Document,
    target: Document,
    *,
    backend: str = BACKEND,
    model: str | Path | None = None,
    lexicon: Lexicon | None = None,
    progress: Progress = silent,
) -> list[LineBead]:
    """Return the beads of two texts of one sentence a line, in the order of the first; see `align_line_pairs`."""
    [beads] = align_line_pairs([(source, target)], backend=backend, model=model, lexicon=lexicon, progress=progress)
    return beads


def align_line_pairs(
    pairs: Sequence[tuple[Document, Document]],
    *,
    backend: str = BACKEND,
    model: str | Path | None = None,
    lexicon: Lexicon | None = None,
    progress: Progress = silent,
) -> list[list[LineBead]]:
    """Return the beads of each two texts of one sentence a line, in the order of the first.

    The pairs share what is learnt from them, those of the same two languages. `model` is a model that embeds
    sentences, asked besides (see `align.embed`); `lexicon` stands beside the one that comes with Tetrapla.

    Raises:
        InputError: no such model, or a backend that has no use for what it is told.
        MissingPackageError: a model is given and torch is not installed.
        UnknownNameError: no backend has the name.
    """
    find = registry.get(backend)
    lines = [(_lines(source), _lines(target)) for source, target in pairs]
    groups = [Group([left, right]) for (left, _), (right, _) in lines]
    found = find(groups, progress, Options(model, lexicon))
    beads = []
    for (source, target), ((_, rows), (_, columns)), paths in zip(pairs, lines, found, strict=True):
        path = paths[0, 1]
        linked = [
            LineBead(tuple(rows[i] for i in link.pivot), tuple(columns[j] for j in link.other), probability)
            for link, probability in zip(path.links, path.probabilities, strict=True)
        ]
        beads.append(_with_unmatched(linked, _count(source), _count(target)))
    return beads


def _count(document: Document) -> int:
    """Return the number of lines; a line feed at the very end begins no other."""
    return document.text.count("\n") + (not document.text.endswith("\n"))


def _lines(document: Document) -> tuple[Sentences, list[int]]:
    """Return the lines that are not blank as sentences, and their numbers."""
    paragraphs, flows, numbers = [], [], []
    at = 0
    for number, line in enumerate(document.text.split("\n")):
        text = line.strip()
        if text:
            start = at + line.index(text)
            paragraphs.append(Segment(f"p{number + 1}", "other", (Span(start, start + len(text)),)))
            flows.append(Flow(text, range(start, start + len(text))))
            numbers.append(number)
        at += len(line) + 1
    sentences = tuple((Segment(f"{p.id}.1", p.kind, p.spans),) for p in paragraphs)
    source = Segmented(document, tuple(paragraphs), sentences, tuple(flows))
    return sentences_of(source, clauses=False), numbers


def _with_unmatched(beads: Sequence[LineBead], rows: int, columns: int) -> list[LineBead]:
    """Return the beads with one more for each line that none has, in the order of the source."""
    # What the path passed over earned less than nothing; how surely it has no counterpart is not estimated further.
    alone = 0.5
    matched = {i for bead in beads for i in bead.source}, {j for bead in beads for j in bead.target}
    keyed = [((float(bead.source[0]), 0, bead.target[0]), bead) for bead in beads]
    keyed += [((float(i), 0, 0), LineBead((i,), (), alone)) for i in range(rows) if i not in matched[0]]
    before = {bead.target[-1]: bead.source[-1] for bead in beads}
    last = -1.0
    for j in range(columns):
        last = float(before.get(j, last))
        if j not in matched[1]:
            keyed.append(((last, 1, j), LineBead((), (j,), alone)))
    return [bead for _, bead in sorted(keyed, key=lambda item: item[0])]
