"""What the head of the report counts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from tetrapla.model import Alignment, Bead, Finding, Grade, Mention, Segmented

__all__ = ["concept_counts", "linked_characters", "mean_score", "noise_counts", "versions_per_paragraph"]


def versions_per_paragraph(alignment: Alignment, pivot: Segmented) -> Counter[int]:
    """Return how many of the pivot's paragraphs stand in so many versions, the pivot among them; furniture aside."""
    beads = sorted(
        (span.start, span.end, frozenset(name for name, spans in bead.spans.items() if spans))
        for bead in alignment.beads
        for span in bead.spans.get(alignment.pivot, ())
    )
    starts = [start for start, _, _ in beads]
    ends = [end for _, end, _ in beads]
    counts: Counter[int] = Counter()
    for paragraph in pivot.paragraphs:
        if paragraph.kind == "furniture":
            continue
        names: set[str] = {alignment.pivot}
        for span in paragraph.spans:
            for _, _, found in beads[bisect_right(ends, span.start) : bisect_left(starts, span.end)]:
                names |= found
        counts[len(names)] += 1
    return counts


def _size(bead: Bead, name: str) -> int:
    return sum(len(span) for span in bead.spans.get(name, ()))


def linked_characters(alignment: Alignment, name: str) -> float:
    """Return the share, 0..1, of a document's aligned characters that stand in a bead with another version."""
    all_, linked = 0, 0
    for bead in alignment.beads:
        size = _size(bead, name)
        all_ += size
        if sum(1 for spans in bead.spans.values() if spans) > 1:
            linked += size
    return linked / all_ if all_ else 0.0


def mean_score(alignment: Alignment, name: str) -> float | None:
    """Return the mean score, by character, of the links of a version, or None where it has none."""
    weights = [(bead.score[name], _size(bead, name)) for bead in alignment.beads if name in bead.score]
    total = sum(size for _, size in weights)
    return sum(score * size for score, size in weights) / total if total else None


def noise_counts(findings: Mapping[str, Sequence[Finding]]) -> dict[str, dict[str, Counter[Grade]]]:
    """Return by type and document how many findings there are of either grade; the commonest type first."""
    counts: dict[str, dict[str, Counter[Grade]]] = defaultdict(lambda: defaultdict(Counter))
    for name, found in findings.items():
        for finding in found:
            counts[finding.type][name][finding.grade] += 1

    def commonest(kind: str) -> tuple[int, str]:
        return -sum(grades.total() for grades in counts[kind].values()), kind

    return {kind: dict(counts[kind]) for kind in sorted(counts, key=commonest)}


def concept_counts(mentions: Mapping[str, Sequence[Mention]]) -> dict[str, Counter[str]]:
    """Return by concept how often each document mentions it; the most frequent concept first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, found in mentions.items():
        for mention in found:
            counts[mention.concept][name] += 1
    return {concept: counts[concept] for concept in sorted(counts, key=lambda c: (-counts[c].total(), c))}
