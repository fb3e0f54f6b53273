"""An alignment cut down to some of its versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import TypeVar

from tetrapla.formats import Known
from tetrapla.model import Alignment, Bead

__all__ = ["ids_of", "pair_score", "restricted"]

T = TypeVar("T")


def ids_of(alignment: Alignment) -> list[str]:
    """Return the ids of the documents of an alignment, the pivot first."""
    return sorted((doc.id for doc in alignment.documents), key=lambda name: name != alignment.pivot)


def restricted(known: Known, ids: Sequence[str]) -> Known:
    """Return what is known of these versions alone, the first of them being the pivot.

    Where the pivot is another than before, the score of a link is that of both links that lead over the old one.
    """
    alignment = known.alignment
    if list(ids) == ids_of(alignment):
        return known
    documents = {doc.id: doc for doc in alignment.documents}
    beads = (_bead(bead, ids, alignment.pivot) for bead in alignment.beads)
    made = Alignment(
        ids[0],
        tuple(documents[name] for name in ids),
        tuple(bead for bead in beads if bead is not None),
        *(
            tuple(stretch for stretch in stretches if {stretch.document, stretch.against} <= set(ids))
            for stretches in (alignment.derailed, alignment.gaps)
        ),
    )
    return Known(
        made,
        _only(known.versions, ids),
        None if known.mentions is None else _only(known.mentions, ids),
        None if known.findings is None else _only(known.findings, ids),
    )


def _only(given: Mapping[str, T], ids: Sequence[str]) -> dict[str, T]:
    return {name: given[name] for name in ids if name in given}


def _bead(bead: Bead, ids: Sequence[str], pivot: str) -> Bead | None:
    spans = {name: bead.spans[name] for name in ids if bead.spans.get(name)}
    if not spans:
        return None
    scores = {name: pair_score(bead, pivot, ids[0], name) for name in spans if name != ids[0]}
    sentences = (_bead(sentence, ids, pivot) for sentence in bead.sentences)
    return replace(
        bead,
        spans=spans,
        score={name: score for name, score in scores.items() if score is not None and len(spans) > 1},
        evidence=_only(bead.evidence, ids),
        sentences=tuple(sentence for sentence in sentences if sentence is not None),
    )


def pair_score(bead: Bead, pivot: str, one: str, other: str) -> float | None:
    """Return the probability that the passages of two versions in a bead translate each other, None where unknown.

    The scores of a bead are of links with the pivot; of two other versions it is that both are right.
    """
    if not bead.spans.get(one) or not bead.spans.get(other):
        return None
    scores = [bead.score.get(name) for name in (one, other) if name != pivot]
    known = [score for score in scores if score is not None]
    if not bead.spans.get(pivot):  # then a score is of the link with the other versions
        return min(known, default=None)
    return round(prod(known), 4) if known and len(known) == len(scores) else None
