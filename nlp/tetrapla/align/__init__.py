"""Which passages of several versions translate each other, with a probability and the evidence for each link.

    segments -> sentences as bags of tokens -> links between the words of each two versions -> coverage
             -> the best way through each pair -> a lexicon learnt from it, votes of the other versions; again
             -> sentence links lifted to the paragraphs of the pivot, all versions at once

An aligner proper is a backend (`backends/`, one file each): it finds the links of every two versions.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence

from tetrapla.align._backend import Backend, Options, Path, registry
from tetrapla.align.lift import assigned, beads_of
from tetrapla.align.tokens import sentences_of
from tetrapla.align.torn import torn_pieces
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import Alignment, Mention, Segmented
from tetrapla.progress import Progress, silent
from tetrapla.segment.paragraphs import CLOSED

__all__ = ["Backend", "Options", "Path", "align", "registry"]


def align(
    versions: Sequence[Segmented],
    *,
    pivot: str | None = None,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
    backend: str = "coverage",
    model: pathlib.Path | None = None,
    progress: Progress = silent,
) -> Alignment:
    """Return the alignment of two or more versions of a document, in any order.

    `pivot` is the id of the version whose paragraphs are the units, by default the soundest; `mentions` are the
    concepts that each version names, by document id; `model` is the folder of a model that embeds sentences, asked
    besides (see `align.embed`).

    Raises:
        InputError: fewer than two versions, no model in the folder, or a backend that has no use for one.
        MissingPackageError: a model is given and torch is not installed.
        UnknownNameError: no version, or no backend, has the name.
    """
    if len(versions) < 2:
        raise InputError("an alignment takes two versions or more")
    ids = [version.document.id for version in versions]
    if pivot is not None and pivot not in ids:
        raise UnknownNameError("version", pivot, ids)
    centre = ids.index(pivot) if pivot is not None else _soundest(versions)
    find = registry.get(backend)
    known = mentions or {}
    sentences = [sentences_of(version, known.get(version.document.id, ())) for version in versions]
    # The pivot goes first: backends see every pair in the order of the list.
    order = [centre, *(v for v in range(len(versions)) if v != centre)]
    paths = find([sentences[v] for v in order], progress, Options(model))
    places, among = {}, {}
    for (x, y), path in paths.items():
        if x == 0:
            places[order[y]] = assigned(sentences[centre], sentences[order[y]], path.links, path.probabilities)
        else:
            among[order[x], order[y]] = path.links
    others = [(sentences[order[y]], path.links) for (x, y), path in paths.items() if x == 0]
    pieces = torn_pieces(sentences[centre], others)
    beads = beads_of(sentences, centre, places, among, pieces)
    return Alignment(ids[centre], tuple(version.document for version in versions), tuple(beads))


def _soundest(versions: Sequence[Segmented]) -> int:
    """Return the number of the version with the largest share of text in paragraphs that begin and end whole.

    Shares within two in a hundred count as equal: then the first version given is taken.
    """
    shares = []
    for version in versions:
        whole = total = 1
        for paragraph, _, flow in version:
            if paragraph.kind not in ("body", "list", "abstract", "notes"):
                continue
            total += len(flow.text)
            if CLOSED.search(flow.text) and not flow.text[0].islower():
                whole += len(flow.text)
        shares.append(whole / total)
    best = max(shares)
    return next(v for v, share in enumerate(shares) if share >= best - 0.02)
