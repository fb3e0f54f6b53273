"""The main job in one call: versions of a document in, everything that is known of them out.

    read -> segment -> match concepts -> align -> decide what shared names mean -> check each version in the light of
    the others -> clean

The steps are the library's own and can be taken one by one; this puts them in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tetrapla.align import align
from tetrapla.align.decisions import Decisions
from tetrapla.checks import Comparison
from tetrapla.checks import run as run_checks
from tetrapla.clean import clean
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.formats import read_documents
from tetrapla.glossary import Glossary, match
from tetrapla.glossary import load as load_glossary
from tetrapla.lexicon import Lexicon
from tetrapla.model import Alignment, Document, Finding, Mention, Segmented, View
from tetrapla.progress import Progress, silent
from tetrapla.readings import decide
from tetrapla.segment import segment, set_apart

__all__ = ["Aligned", "Links", "Result", "align_files", "examine", "find", "links", "prepare", "reopen", "run"]

FURNITURE = "page-furniture"
SURE = 0.7  # what the check on furniture must be for a paragraph to be set apart


@dataclass(frozen=True)
class Aligned:
    """Versions of a document with their alignment; `mentions` says where each names which concept of the glossary.

    Versions and mentions go by document id, in the order in which the versions were given.
    """

    versions: Mapping[str, Segmented]
    alignment: Alignment
    glossary: Glossary
    mentions: Mapping[str, Sequence[Mention]]

    def comparison(self, subject: str) -> Comparison:
        """Return one version in the light of the others.

        Raises:
            UnknownNameError: no version has this id.
        """
        if subject not in self.versions:
            raise UnknownNameError("document of this alignment", subject, self.versions)
        return Comparison(subject, self.alignment, self.versions, self.mentions, self.glossary)


@dataclass(frozen=True)
class Result:
    """What is known of the versions of a document; all by document id but the alignment and the glossary.

    `findings` are those of a version in the light of the others, by start; `views` is each text as it reads after
    the safe repairs.
    """

    versions: Mapping[str, Segmented]
    alignment: Alignment
    glossary: Glossary
    mentions: Mapping[str, Sequence[Mention]]
    findings: Mapping[str, Sequence[Finding]]
    views: Mapping[str, View]


@dataclass(frozen=True)
class Links:
    """An alignment in figures: paragraphs by the number of versions that they stand in, and how sure (0..1, mean)."""

    paragraphs: Mapping[int, int]
    score: float | None


def prepare(
    documents: Sequence[Document], glossary: Glossary, progress: Progress = silent
) -> tuple[dict[str, Segmented], dict[str, list[Mention]]]:
    """Return the documents segmented, page furniture set apart, and where they name which concept, by document id."""
    versions, mentions = {}, {}
    for done, doc in enumerate(documents):
        progress("segmenting", done, len(documents))
        versions[doc.id] = _without_furniture(segment(doc))
        mentions[doc.id] = match(versions[doc.id], glossary)
    progress("segmenting", len(documents), len(documents))
    return versions, mentions


def _without_furniture(version: Segmented) -> Segmented:
    """Return the version with what its page surely left in it set apart, so that it is aligned with nothing."""
    found = run_checks(version, only=[FURNITURE])
    return set_apart(version, [span for finding in found if finding.score >= SURE for span in finding.spans])


def align_files(
    paths: Sequence[str | Path],
    *,
    languages: Mapping[str, str] | None = None,
    pivot: str | None = None,
    encoding: str | None = None,
    backend: str = "coverage",
    model: str | Path | None = None,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
    progress: Progress = silent,
) -> Aligned:
    """Return the versions in some files, aligned; `languages` by path as given, the others are detected.

    `pivot` is the id of the version whose paragraphs are the units, by default the soundest; `backend` is a name of
    `tetrapla.align.registry`; `model` is a model that embeds sentences (see `tetrapla.align.embed`); `lexicon` stands
    beside the one that comes with Tetrapla; `decisions` of a person stay, and the rest is aligned around them.

    Raises:
        InputError: fewer than two files, or one cannot be read; no such model, or a backend without use for it.
        MissingPackageError: a model is given and torch is not installed.
        UnknownNameError: no version, or no backend, has the name.
        WrongTextError: the decisions are on other texts.
    """
    if len(paths) < 2:
        raise InputError("an alignment takes two files or more, each a version of the same document")
    documents = read_documents(paths, languages, encoding=encoding)
    if pivot is not None and pivot not in (ids := [doc.id for doc in documents]):
        raise UnknownNameError("version", pivot, ids)
    glossary = load_glossary()
    versions, mentions = prepare(documents, glossary, progress)
    alignment = align(
        tuple(versions.values()),
        pivot=pivot,
        mentions=mentions,
        backend=backend,
        model=model,
        lexicon=lexicon,
        decisions=decisions,
        progress=progress,
    )
    return Aligned(versions, alignment, glossary, decide(alignment, mentions))


def reopen(alignment: Alignment, *, glossary: Glossary | None = None, progress: Progress = silent) -> Aligned:
    """Return the versions of an alignment that was made before; `glossary` is ours unless another is given."""
    glossary = load_glossary() if glossary is None else glossary
    versions, mentions = prepare(alignment.documents, glossary, progress)
    return Aligned(versions, alignment, glossary, decide(alignment, mentions))


def find(aligned: Aligned, *, progress: Progress = silent) -> dict[str, list[Finding]]:
    """Return what is wrong with each version, in the light of the others, by document id."""
    findings = {}
    for done, (name, version) in enumerate(aligned.versions.items()):
        progress("checking", done, len(aligned.versions))
        findings[name] = run_checks(version, comparison=aligned.comparison(name))
    progress("checking", len(aligned.versions), len(aligned.versions))
    return findings


def examine(aligned: Aligned, *, progress: Progress = silent) -> Result:
    """Return what is known of aligned versions: findings, mentions of concepts, cleaned texts."""
    findings = find(aligned, progress=progress)
    views = {}
    for done, (name, version) in enumerate(aligned.versions.items()):
        progress("cleaning", done, len(aligned.versions))
        views[name] = clean(version, findings[name])
    progress("cleaning", len(aligned.versions), len(aligned.versions))
    return Result(aligned.versions, aligned.alignment, aligned.glossary, aligned.mentions, findings, views)


def run(
    paths: Sequence[str | Path],
    *,
    languages: Mapping[str, str] | None = None,
    pivot: str | None = None,
    encoding: str | None = None,
    backend: str = "coverage",
    model: str | Path | None = None,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
    progress: Progress = silent,
) -> Result:
    """Return all that is known of the versions in some files; see `align_files` and `examine`.

    Raises:
        InputError: fewer than two files, or one cannot be read; no such model, or a backend without use for it.
        MissingPackageError: a model is given and torch is not installed.
        UnknownNameError: no version, or no backend, has the name.
        WrongTextError: the decisions are on other texts.
    """
    aligned = align_files(
        paths,
        languages=languages,
        pivot=pivot,
        encoding=encoding,
        backend=backend,
        model=model,
        lexicon=lexicon,
        decisions=decisions,
        progress=progress,
    )
    return examine(aligned, progress=progress)


def links(alignment: Alignment) -> Links:
    """Return how many paragraphs stand in how many versions, page furniture left out, and how sure their links are."""
    beads = [bead for bead in alignment.beads if bead.kind != "furniture"]
    counts = Counter(sum(1 for spans in bead.spans.values() if spans) for bead in beads)
    scores = [score for bead in beads for score in bead.score.values()]
    return Links(dict(sorted(counts.items(), reverse=True)), sum(scores) / len(scores) if scores else None)
