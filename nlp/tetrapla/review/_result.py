"""What a review comes to: the alignment as reviewed, its decisions for `align --keep`, and how far it has come.

A row concerns a version if it has text of that or of the pivot. It is reviewed for the version once something is
decided on that, or on text of the pivot that belongs to no version; page furniture needs no decision. What is not
reviewed is doubtful where the link is more likely wrong than right, or where one of the two has nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tetrapla.align.decisions import Decided, Decision, Decisions
from tetrapla.exports._rows import CONFIRMED
from tetrapla.model import NOTHING, Alignment, Bead, Stretch
from tetrapla.report.rows import DOUBTFUL
from tetrapla.review._parts import ALONE
from tetrapla.review._rows import Row, Rows

__all__ = ["Progress", "concerns", "decisions", "figures", "is_doubtful", "is_reviewed", "reviewed"]


@dataclass(frozen=True)
class Progress:
    """Rows that concern a version: reviewed, left, those of the latter that are doubtful, and all of them."""

    reviewed: int
    doubtful: int
    left: int
    total: int


def concerns(row: Row, version: str, pivot: str) -> bool:
    """Return whether a row has text of a version or of the pivot."""
    return version in row.spans or pivot in row.spans


def is_reviewed(row: Row, version: str, pivot: str) -> bool:
    """Return whether nothing is left to decide on a version in a row."""
    if version in row.verdicts or row.verdicts.get(pivot) in ALONE:
        return True
    return row.kind == "furniture" and not row.hand


def is_doubtful(row: Row, version: str, pivot: str) -> bool:
    """Return whether a version in a row is not reviewed and most needs to be."""
    if is_reviewed(row, version, pivot) or not concerns(row, version, pivot):
        return False
    alone = version not in row.spans or pivot not in row.spans
    return (alone and row.kind != "furniture") or row.score.get(version, CONFIRMED) < DOUBTFUL


def figures(rows: Rows, version: str) -> Progress:
    """Return how far the review of a version has come."""
    own = [row for row in map(rows.get, rows.ids) if concerns(row, version, rows.pivot)]
    done = sum(1 for row in own if is_reviewed(row, version, rows.pivot))
    doubtful = sum(1 for row in own if is_doubtful(row, version, rows.pivot))
    return Progress(done, doubtful, len(own) - done, len(own))


# The alignment


def reviewed(rows: Rows, alignment: Alignment) -> Alignment:
    """Return an alignment as reviewed: its beads are the rows, in their order.

    Confirmed links have the score 1; refused ones are parted, so that the version stands in a bead of its own. Evidence
    stays with what stands as the aligner had it; derailed stretches and gaps go where all of them is reviewed.
    """
    beads: list[Bead] = []
    evidence = {bead.id: bead.evidence for bead in alignment.beads}
    taken = set(rows.ids)
    for name in rows.ids:
        row, base = rows.get(name), rows.base(name)
        refused = [version for version, verdict in row.verdicts.items() if verdict == "refused"]
        beads.append(_bead(row, refused, rows.pivot, _standing(row, base, evidence.get(name, NOTHING), rows.pivot)))
        for version in refused:
            own = rows.fresh_id(name, taken)
            taken.add(own)
            beads.append(Bead(own, row.kind, {version: row.spans[version]}))
    derailed, gaps = (tuple(_left(rows, stretches)) for stretches in (alignment.derailed, alignment.gaps))
    return replace(alignment, beads=tuple(beads), derailed=derailed, gaps=gaps)


def _bead(row: Row, refused: Iterable[str], pivot: str, evidence: Mapping[str, Any]) -> Bead:
    """Return a row as a bead, without the versions whose links with the pivot are refused."""
    gone = set(refused)
    sure = {version for version, verdict in row.verdicts.items() if verdict == "confirmed"}
    sentences = (_judged(link, gone, sure, pivot) for link in row.links)
    whole = _judged(Bead(row.id, row.kind, row.spans, row.score, evidence), gone, sure, pivot)
    # Verdicts may have changed the kind of the row, and its links are of that kind.
    own = tuple(replace(sentence, kind=row.kind) for sentence in sentences if sentence.spans)
    return replace(whole, evidence={n: v for n, v in evidence.items() if n not in gone}, sentences=own)


def _judged(bead: Bead, gone: set[str], sure: set[str], pivot: str) -> Bead:
    spans = {name: found for name, found in bead.spans.items() if name not in gone}
    score = {name: value for name, value in bead.score.items() if name in spans}
    if pivot in spans:
        score |= dict.fromkeys((name for name in spans if name in sure), CONFIRMED)
    return replace(bead, spans=spans, score=score)


def _standing(row: Row, base: Row | None, evidence: Mapping[str, Any], pivot: str) -> dict[str, Any]:
    """Return the evidence of the links between passages that are as they were."""
    if base is None or row.spans.get(pivot) != base.spans.get(pivot):
        return {}
    return {name: told for name, told in evidence.items() if row.spans.get(name) == base.spans.get(name)}


def _left(rows: Rows, stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches that are not reviewed in full."""
    for stretch in stretches:
        versions = [name for name in (stretch.document, stretch.against) if name != rows.pivot]
        inside = [row for row in map(rows.get, rows.ids) if _touches(row, stretch)]
        if not inside or not all(is_reviewed(row, name, rows.pivot) for row in inside for name in versions):
            yield stretch


def _touches(row: Row, stretch: Stretch) -> bool:
    return any(span.overlaps(part) for span in row.spans.get(stretch.document, ()) for part in stretch.spans)


# Decisions for another run


def decisions(rows: Rows, notes: Mapping[str, str] = NOTHING) -> Decisions:
    """Return what was decided on rows, in their order, as `align --keep` takes it; `notes` by the ids of rows.

    Versions that are confirmed beside the same text of the pivot translate each other, too. What has no counterpart is
    confirmed as one-sided: page furniture in every other version, and what is extra in the pivot.
    """
    documents = tuple(Decided(doc.id, doc.language, doc.sha256, len(doc.text)) for doc in rows.documents)
    ids = [doc.id for doc in documents]
    items = [
        replace(item, note=notes.get(name, "")) for name in rows.ids for item in _items(rows.get(name), rows.pivot, ids)
    ]
    return Decisions(documents, tuple(items))


def _items(row: Row, pivot: str, ids: Iterable[str]) -> Iterator[Decision]:
    confirmed = [name for name, verdict in row.verdicts.items() if verdict == "confirmed"]
    if confirmed:
        yield Decision("confirmed", {name: row.spans[name] for name in (pivot, *confirmed)})
    for name, verdict in row.verdicts.items():
        if verdict == "refused":
            yield Decision("refused", {own: row.spans[own] for own in (pivot, name)})
        elif verdict == "absent":
            yield Decision("confirmed", {pivot: row.spans[pivot], name: ()})
        elif verdict in ALONE:
            everywhere = verdict == "furniture" or name == pivot
            others = (own for own in ids if own != name and (everywhere or own == pivot))
            yield Decision("confirmed", {name: row.spans[name], **dict.fromkeys(others, ())})
