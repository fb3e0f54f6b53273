"""What stands beside the texts of a row for those who review it: how sure its links are, and what was found in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import inf

from tetrapla.exports._rows import Row
from tetrapla.formats import Known
from tetrapla.model import Document, Finding, Span
from tetrapla.report.text import shortened

__all__ = ["findings_of", "score_of"]

# Of a finding so many characters are quoted; of a row so many findings are told.
QUOTED, TOLD = 40, 12
Places = list[tuple[int, int, int]]  # start, end, row


def score_of(row: Row) -> str:
    """Return the probability of a row's link, "" where it has none: of several the lowest, then each with its version.

    So that a column of them, which are text, can be sorted by the worst.
    """
    scores = {name: f"{score:.2f}" for name, score in row.bead.score.items() if name in row.texts}
    if len(row.texts) < 2 or not scores:
        return ""
    worst = min(scores.values())
    return worst if len(scores) == 1 else f"{worst} ({', '.join(f'{name} {score}' for name, score in scores.items())})"


def findings_of(known: Known, rows: Sequence[Row]) -> list[str]:
    """Return for each row what was found in it, a line each; a finding belongs to the row in which it begins."""
    told: list[list[str]] = [[] for _ in rows]
    for name, findings in (known.findings or {}).items():
        document = known.versions[name].document
        places = [_places(rows, name, level) for level in ("passage", "sentence")]
        for finding in findings:
            for row in (_holder(spans, finding.start) for spans in places):
                if row is not None:
                    told[row].append(_line(document, finding))
    return ["\n".join(_bounded(lines)) for lines in told]


def _places(rows: Iterable[Row], name: str, level: str) -> Places:
    found = ((k, row.bead.spans.get(name, ())) for k, row in enumerate(rows) if row.level == level)
    return sorted((span.start, span.end, k) for k, spans in found for span in spans)


def _holder(places: Places, offset: int) -> int | None:
    k = bisect_right(places, (offset, inf)) - 1
    return places[k][2] if k >= 0 and offset < places[k][1] else None


def _line(document: Document, finding: Finding) -> str:
    quoted = shortened(" ".join(_first(document, finding.spans).split()), QUOTED)
    line = f"{document.id}: {finding.type}" + (f" “{quoted}”" if quoted else "")
    if finding.replacement is None:
        return line
    return f"{line} → {f'“{shortened(finding.replacement, QUOTED)}”' if finding.replacement else 'remove'}"


def _first(document: Document, spans: Iterable[Span]) -> str:
    """Return the beginning of the text of some spans, with no more of it than can be told."""
    first = min(spans)
    return document[Span(first.start, min(first.end, first.start + 4 * QUOTED))]


def _bounded(lines: Sequence[str]) -> Sequence[str]:
    return lines if len(lines) <= TOLD else [*lines[:TOLD], f"and {len(lines) - TOLD:,} more"]
