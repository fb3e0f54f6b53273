"""Which passages of several versions translate each other, with a probability and the evidence for each link.

    segments -> sentences as bags of tokens -> links between the words of each two versions -> coverage
             -> the best way through each pair -> a lexicon learnt from it, votes of the other versions; again
             -> what a person decided, made sure of
             -> sentence links lifted to the paragraphs of the pivot, all versions at once

An aligner proper is a backend (`backends/`, one file each): it finds the links of every two versions.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence

from tetrapla.align._backend import Backend, Fixed, Group, Options, Pair, Path, registry
from tetrapla.align.borders import with_borders
from tetrapla.align.decisions import Decisions, fixed_of, reinstated
from tetrapla.align.derailed import with_stretches
from tetrapla.align.lift import assigned, beads_of, without_strays
from tetrapla.align.settle import agreed, placed, settled, whole_pieces
from tetrapla.align.tokens import Sentences, sentences_of
from tetrapla.align.torn import torn_pieces
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.lexicon import Lexicon
from tetrapla.model import Alignment, Bead, Mention, Segmented
from tetrapla.progress import Progress, silent
from tetrapla.segment.paragraphs import CLOSED

__all__ = ["Backend", "Group", "Options", "Path", "align", "registry"]


def align(
    versions: Sequence[Segmented],
    *,
    pivot: str | None = None,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
    backend: str = "coverage",
    model: str | pathlib.Path | None = None,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
    progress: Progress = silent,
) -> Alignment:
    """Return the alignment of two or more versions of a document, in any order.

    `pivot` is the id of the version whose paragraphs are the units, by default the soundest; `mentions` are the
    concepts that each version names, by document id; `model` is a model that embeds sentences, asked besides (see
    `align.embed`); `lexicon` stands beside the one that comes with Tetrapla; `decisions` are what a person decided,
    which stays whatever the texts say.

    Raises:
        InputError: fewer than two versions, no such model, or a backend that has no use for what it is told.
        MissingPackageError: a model is given and torch is not installed.
        UnknownNameError: no version, or no backend, has the name.
        WrongTextError: the decisions are on other texts.
    """
    if len(versions) < 2:
        raise InputError("an alignment takes two versions or more")
    ids = [version.document.id for version in versions]
    if pivot is not None and pivot not in ids:
        raise UnknownNameError("version", pivot, ids)
    centre = ids.index(pivot) if pivot is not None else _soundest(versions)
    find = registry.get(backend)
    if decisions is not None:
        versions = reinstated(versions, decisions)
    known = mentions or {}
    sentences = [sentences_of(version, known.get(version.document.id, ())) for version in versions]
    # The pivot goes first: backends see every pair in the order of the list.
    order = [centre, *(v for v in range(len(versions)) if v != centre)]
    group = [sentences[v] for v in order]
    fixed = fixed_of(decisions, group) if decisions is not None else {}
    [paths] = find([Group(group, fixed)], progress, Options(model, lexicon))
    beads = _beads(group, paths, fixed)
    return with_stretches(Alignment(ids[centre], tuple(version.document for version in versions), tuple(beads)))


def _beads(group: Sequence[Sentences], paths: Mapping[Pair, Path], fixed: Mapping[Pair, Fixed]) -> list[Bead]:
    """Return the beads of versions, the pivot first, after what was decided on them."""
    paths = {pair: settled(path, fixed[pair]) if pair in fixed else path for pair, path in paths.items()}
    group, paths, fixed = with_borders(group, paths, fixed)
    places = {}
    for y in range(1, len(group)):
        path = paths[0, y]
        places[y] = assigned(group[0], group[y], path.links, path.probabilities)
        if (0, y) in fixed:
            places[y] = placed(places[y], fixed[0, y], group[0])
    among = {pair: path.links for pair, path in paths.items() if pair[0] != 0}
    places = agreed(without_strays(group, places), fixed, among)
    pieces = torn_pieces(group[0], [(group[y], paths[0, y].links) for y in range(1, len(group))])
    pieces = whole_pieces(pieces, [fixed[0, y] for y in range(1, len(group)) if (0, y) in fixed], group[0])
    return beads_of(group, 0, places, among, pieces, {y: paths[0, y] for y in range(1, len(group))})


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
