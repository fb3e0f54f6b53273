"""The versions side by side: a row for each bead, a column for each version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tetrapla.align.evidence import told
from tetrapla.model import Bead
from tetrapla.report.columns import Cell, Column
from tetrapla.report.rows import DOUBTFUL
from tetrapla.report.text import attribute, shortened

__all__ = ["table"]

LONGEST_EVIDENCE = 240  # characters for each version


def table(beads: Sequence[Bead], columns: Sequence[Column], moved: Mapping[str, Mapping[str, str]]) -> str:
    """Return the table of all beads, in the order given; the pivot's column is the first.

    `moved` has, by the id of a bead, the labels of the versions in which it stands out of order, by their ids.
    """
    cells = [column.cells(beads) for column in columns]
    heads = "".join(
        f'<th scope="col" class="v{column.number}">{attribute(column.label)}{"" if k else " <small>pivot</small>"}</th>'
        for k, column in enumerate(columns)
    )
    rows = [
        _row(number, bead, columns, [found[number - 1] for found in cells], moved.get(bead.id, {}))
        for number, bead in enumerate(beads, start=1)
    ]
    return (
        '<table class="text" id="text"><caption>The versions side by side</caption>'
        f'<thead><tr><th scope="col" class="row">Row</th>{heads}</tr></thead>\n<tbody>\n{"".join(rows)}</tbody></table>'
    )


def _row(
    number: int, bead: Bead, columns: Sequence[Column], cells: Sequence[Cell | None], moved: Mapping[str, str]
) -> str:
    present = [cell for cell in cells if cell is not None]
    scores = [bead.score.get(column.document.id) for column in columns]
    states = {
        "doubtful": any(s is not None and s < DOUBTFUL for s, c in zip(scores, cells, strict=True) if c),
        "lone": len(present) < 2,
        "gaps": len(present) < len(columns),
        "moved": bool(moved),
        "noise": any(cell.noise for cell in present),
    }
    state = " ".join(name for name, holds in states.items() if holds)
    told = f"bead {bead.id}" + "".join(f"\n{name}: {_evidence(said)}" for name, said in bead.evidence.items())
    signs = f'<span class="sign">moved in {attribute(", ".join(moved.values()))}</span>' if moved else ""
    head = (
        f'<th scope="row" class="row"><a href="#r{number}" title="{attribute(told)}">{number}</a>'
        f'<span class="kind">{bead.kind}</span>{signs}</th>'
    )
    body = "".join(_cell(c, cell, s, states["lone"]) for c, cell, s in zip(columns, cells, scores, strict=True))
    return f'<tr id="r{number}" data-is="{state}">{head}{body}</tr>\n'


def _cell(column: Column, cell: Cell | None, score: float | None, lone: bool) -> str:
    label = f'<span class="who">{attribute(column.label)}</span>'
    if cell is None:
        return f'<td class="v{column.number} none"><div class="link">{label}<span class="sign">none</span></div></td>'
    classes, link = f"v{column.number}", label
    if score is not None and not lone:
        share = min(max(score, 0.0), 1.0) if score == score else 0.0
        told = "probability that the link is right"
        link += f'<span class="score" style="--s:{share:.0%}" title="{told}">{score:.2f}</span>'
        if score < DOUBTFUL:
            classes += " doubt"
            link += '<span class="sign">doubtful</span>'
    if lone:
        classes += " lone"
        link += '<span class="sign">no counterpart</span>'
    language = attribute(column.document.language)
    return f'<td class="{classes}" lang="{language}"><div class="link" lang="en">{link}</div>{cell.html}</td>'


def _evidence(evidence: object) -> str:
    return shortened("; ".join(f"{name}: {text}" for name, text in told(evidence)), LONGEST_EVIDENCE)
