"""How good an alignment or a list of findings is, against gold.

Alignment is scored by characters, so that no segmentation is favoured: each non-space character of the other version
asks how well the bead that holds it agrees with the gold paragraph that it belongs to. Findings are matched with gold
spans one to one, best overlap first.

Gold of an alignment::

    {"pivot": {"language", "units": {UNIT: [[start, end], …]}},
     "other": {"language", "segments": [[start, end, UNIT], …]}}

where a unit called JUNK… or EXTRA… is nothing that the pivot has, and EITHER… is not scored. Gold of noise is a
list of ``{"type", "start", "end", "fix"}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapla.model import Alignment, Bead, Finding, Span

__all__ = ["AlignmentScore", "FindingScore", "score_alignment", "score_findings"]

SLACK = 8  # characters by which two spans of a word may differ whatever their share
CUT_SLACK = 20  # characters between the ends of two truncations that are the same cut


@dataclass(frozen=True)
class AlignmentScore:
    """Shares 0..1: of bead text that is right, of gold text that is held, and of what has no counterpart left alone."""

    precision: float
    recall: float
    reject: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


@dataclass(frozen=True)
class FindingScore:
    """How many gold spans, findings, and pairs of the two there are."""

    gold: int
    found: int
    hit: int

    @property
    def precision(self) -> float:
        """The share of findings that are right; 0 where nothing was found."""
        return self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of gold that was found; 0 where there is none."""
        return self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def score_alignment(alignment: Alignment, pivot: str, other: str, gold: Mapping[str, Any]) -> AlignmentScore:
    """Return how well the beads link two versions, named by their ids, against gold offsets.

    Raises:
        KeyError: the alignment has no such version, or gold lacks a field.
    """
    texts = {doc.id: doc.text for doc in alignment.documents}
    units = {unit: _characters(spans, texts[pivot]) for unit, spans in gold["pivot"]["units"].items()}
    held = [_characters(_pairs(bead, pivot), texts[pivot]) for bead in alignment.beads]
    bead_at = {i: k for k, bead in enumerate(alignment.beads) for i in _characters(_pairs(bead, other), texts[other])}
    precision = recall = scored = rejected = rejectable = 0.0
    for start, end, unit in gold["other"]["segments"]:
        for i in _characters([(start, end)], texts[other]):
            bead = held[bead_at[i]] if i in bead_at else frozenset()
            if unit in units:
                common = len(bead & units[unit])
                precision += common / len(bead) if bead else 0.0
                recall += common / len(units[unit])
                scored += 1
            elif unit.startswith(("JUNK", "EXTRA")):
                rejectable += 1
                rejected += not bead
    return AlignmentScore(
        precision / scored if scored else 0.0,
        recall / scored if scored else 0.0,
        rejected / rejectable if rejectable else 1.0,
    )


def _pairs(bead: Bead, name: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in bead.spans.get(name, ())]


def _characters(spans: Iterable[Sequence[int]], text: str) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end) if not text[i].isspace())


def score_findings(findings: Sequence[Finding], gold: Sequence[Mapping[str, Any]]) -> dict[str, FindingScore]:
    """Return the score of each type of noise that gold or the findings have, by name.

    A duplicate may name either of the two renderings: its `kept` span counts as well as its own.
    """
    types = sorted({g["type"] for g in gold} | {finding.type for finding in findings})
    scores = {}
    for kind in types:
        wanted = [Span(g["start"], g["end"]) for g in gold if g["type"] == kind]
        found = [finding for finding in findings if finding.type == kind]
        scores[kind] = FindingScore(len(wanted), len(found), _matches(kind, wanted, found))
    return scores


def _matches(kind: str, wanted: Sequence[Span], found: Sequence[Finding]) -> int:
    """Return how many pairs of gold and finding there are when each is used once, the best first."""
    pairs = []
    for i, span in enumerate(wanted):
        for j, finding in enumerate(found):
            whole = Span(finding.start, finding.end)
            options = [whole, finding.kept] if kind == "duplicate" and finding.kept else [whole]
            closeness = max(_closeness(kind, span, option) for option in options)
            if closeness > 0:
                pairs.append((-closeness, i, j))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
    return len(used_gold)


def _closeness(kind: str, gold: Span, found: Span) -> float:
    """Return how well a finding covers gold: 0 unless they share half of the shorter and a third of the longer."""
    if kind == "truncation":
        apart = abs(gold.end - found.end)
        return 1 / (1 + apart) if apart <= CUT_SLACK and len(found) <= 3 * max(len(gold), 2 * CUT_SLACK) else 0.0
    common = min(gold.end, found.end) - max(gold.start, found.start)
    shorter, longer = sorted((len(gold), len(found)))
    if common <= 0 or common * 2 < shorter or common * 3 < min(longer, max(longer - SLACK, 1)):
        return 0.0
    return common / longer
