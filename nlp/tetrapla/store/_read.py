"""What a file gives to the index: a source, its beads, and its documents one after the other, cut into passages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tetrapla import checks, pipeline
from tetrapla.clean import clean
from tetrapla.formats import read
from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.glossary import Glossary
from tetrapla.model import Alignment, Bead, Document, Edit, Finding, Kind, Segmented, sha256_of
from tetrapla.progress import Progress
from tetrapla.report.rows import row_order
from tetrapla.store._copy import FairCopy
from tetrapla.store._passages import Passage, Side, passages_of
from tetrapla.store._sections import sections_of

__all__ = ["AlignmentFile", "Contents", "Part", "TextFile", "contents_of"]


@dataclass(frozen=True)
class Part:
    """A document of a source: its place among them, from 1, its passages, and its links by the index of the bead."""

    number: int
    version: Segmented
    passages: Iterator[Passage]
    scores: Mapping[int, float]


class Contents(Protocol):
    """What is in a file: `sha256` is of all that is in it, `pivot` the id of a document."""

    kind: str
    sha256: str
    pivot: str
    beads: Sequence[Bead]

    def parts(self, glossary: Glossary, done: Collection[str], *, findings: bool, progress: Progress) -> Iterator[Part]:
        """Yield the documents but those with ids in `done`; with `findings`, searched for noise and repaired."""
        ...


def contents_of(path: str | Path, *, language: str | None = None, encoding: str | None = None) -> Contents:
    """Return what is in a file: an alignment (``.json``), or a text in any other format.

    Raises:
        InputError: it cannot be read.
        WrongTextError: a text has changed since the alignment was made.
    """
    if str(path).lower().endswith(".json"):
        return AlignmentFile(load_alignment(path, encoding=encoding))
    return TextFile(read(path, language=language, encoding=encoding))


class TextFile:
    """A single text: its passages are its paragraphs."""

    kind = "text"

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sha256 = document.sha256
        self.pivot = document.id
        self.beads: Sequence[Bead] = ()

    def parts(self, glossary: Glossary, done: Collection[str], *, findings: bool, progress: Progress) -> Iterator[Part]:
        """Yield the document, unless its id is in `done`; with `findings`, searched for noise and repaired."""
        if self.document.id in done:
            return
        versions, mentions = pipeline.prepare([self.document], glossary, progress)
        version = versions[self.document.id]
        found: list[Finding] = []
        edits: Sequence[Edit] = ()
        if findings:
            found = checks.run(version)
            edits = clean(version, found).edits
        sections = sections_of([(p.kind, flow.text) for p, _, flow in version])
        sides = [
            Side(paragraph.spans, paragraph.kind, section)
            for paragraph, section in zip(version.paragraphs, sections, strict=True)
        ]
        yield Part(1, version, passages_of(version, sides, mentions[self.document.id], found, edits), {})


class AlignmentFile:
    """An alignment: its passages are the sides of its beads, in the order of the pivot."""

    kind = "alignment"

    def __init__(self, alignment: Alignment) -> None:
        self.alignment = alignment
        # The texts are in it by their own hashes.
        self.sha256 = sha256_of(dump_alignment(alignment))
        self.pivot = alignment.pivot
        self.beads: Sequence[Bead] = row_order(alignment)

    def parts(self, glossary: Glossary, done: Collection[str], *, findings: bool, progress: Progress) -> Iterator[Part]:
        """Yield the documents but those with ids in `done`; with `findings`, searched for noise and repaired."""
        if all(doc.id in done for doc in self.alignment.documents):
            return
        aligned = pipeline.reopen(self.alignment, glossary=glossary, progress=progress)
        sections = self._sections(aligned.versions[self.pivot])
        for number, (name, version) in enumerate(aligned.versions.items(), start=1):
            if name in done:
                continue
            progress("indexing", number - 1, len(aligned.versions))
            found: list[Finding] = []
            edits: Sequence[Edit] = ()
            if findings:
                found = checks.run(version, comparison=aligned.comparison(name))
                edits = clean(version, found).edits
            sides = [
                Side(bead.spans[name], bead.kind, sections[index], index)
                for index, bead in enumerate(self.beads)
                if bead.spans.get(name)
            ]
            scores = {index: bead.score[name] for index, bead in enumerate(self.beads) if name in bead.score}
            yield Part(number, version, passages_of(version, sides, aligned.mentions[name], found, edits), scores)
        progress("indexing", len(aligned.versions), len(aligned.versions))

    def _sections(self, pivot: Segmented) -> list[str]:
        """Return the section of each bead: that of the pivot, where it stands or would stand."""
        copy = FairCopy(pivot)
        texts = [copy.passage(copy.owned(bead.spans.get(self.pivot, ())))[0] for bead in self.beads]
        # A heading that the pivot does not have opens no section.
        kinds: list[Kind] = [bead.kind if bead.spans.get(self.pivot) else "other" for bead in self.beads]
        return sections_of(list(zip(kinds, texts, strict=True)))
