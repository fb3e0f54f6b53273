"""`tetrapla score`: how good an alignment is, against gold."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tetrapla.cli._console import Encoding, Output, check_output, deliver, names, table
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.score import AlignmentScore, Bin, Calibration, LineScores

NO_GOLD = "-"
Docs = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="The two versions, the pivot first, by their ids; told by gold's languages else."),
]


def score(
    alignment: Annotated[
        str, typer.Argument(metavar="ALIGNMENT", help="What `tetrapla align` wrote: JSON, or beads of lines.")
    ],
    gold: Annotated[
        str,
        typer.Argument(metavar="GOLD", help="What is right, JSON or beads; - for texts that are no versions at all."),
    ],
    docs: Docs = None,
    calibrated: Annotated[
        bool, typer.Option("--calibration", help="Tell how far the scores are probabilities, too; of JSON.")
    ] = False,
    format: Annotated[Literal["table", "json"], typer.Option(help="How to print it.")] = "table",  # noqa: A002
    output: Output = "-",
    encoding: Encoding = None,
) -> None:
    """Score an alignment against gold.

    Of JSON, by the characters of the other version: precision, recall and F1 of the pivot text that they are linked
    to, and the share left unlinked of what has no counterpart (reject). Of beads of lines: precision, recall and F1,
    strict and lax, as Vecalign's score.py counts them.

    Example: tetrapla score out.json gold.json --calibration

    Example: tetrapla score out.json - --docs zh,en --calibration

    Example: tetrapla score out.beads gold.en-es --format json
    """
    check_output(output, [alignment, gold])
    if gold == NO_GOLD or _is_json(gold):
        record, told = _of_versions(alignment, gold, names([docs] if docs else None), calibrated, encoding)
    elif docs or calibrated or encoding:
        raise InputError(f"{gold} is of lines: --docs, --calibration and --encoding are for alignments in JSON")
    else:
        record, told = _of_lines(alignment, gold)
    deliver(json.dumps(record, ensure_ascii=False, indent=1) + "\n" if format == "json" else told, output)


def _is_json(path: str) -> bool:
    from tetrapla.files import read_text

    return read_text(path, encoding="utf-8").text.lstrip().startswith("{")


def _of_lines(found: str, gold: str) -> tuple[dict[str, Any], str]:
    """Return what is known of beads of lines, as a record and as a table."""
    from tetrapla.score import load_beads, score_beads

    scores = score_beads(load_beads(found), load_beads(gold))
    return _line_record(scores), _line_table(scores)


def _line_record(scores: LineScores) -> dict[str, Any]:
    return {
        name: {"precision": s.precision, "recall": s.recall, "f1": s.f1} | asdict(s)
        for name, s in (("strict", scores.strict), ("lax", scores.lax))
    }


def _line_table(scores: LineScores) -> str:
    columns = ("beads", "precision", "recall", "F1", "right", "found", "held", "gold")
    rows = [
        (name, f"{s.precision:.4f}", f"{s.recall:.4f}", f"{s.f1:.4f}", s.right, s.found, s.held, s.gold)
        for name, s in (("strict", scores.strict), ("lax", scores.lax))
    ]
    return table(columns, rows, right=columns[1:])


def _of_versions(
    path: str, gold: str, docs: list[str] | None, calibrated: bool, encoding: str | None
) -> tuple[dict[str, Any], str]:
    """Return what is known of the links of two versions, as a record and as tables."""
    from tetrapla.errors import UnknownNameError
    from tetrapla.formats.json import load_alignment
    from tetrapla.score import calibration, load_gold, pair_of, score_alignment, unrelated

    if docs is not None and len(set(docs)) != 2:
        raise InputError("--docs names two versions, the pivot first: --docs zh,en")
    if gold == NO_GOLD and docs is None:
        raise InputError("without gold, name the two versions: --docs zh,en")
    truth = {} if gold == NO_GOLD else load_gold(gold)
    alignment = load_alignment(path, encoding=encoding)
    pivot, other = docs or pair_of(alignment, truth)
    lengths = {doc.id: len(doc.text) for doc in alignment.documents}
    if other not in lengths:
        raise UnknownNameError("version", other, lengths)
    truth = truth or unrelated(lengths[other])
    scores = score_alignment(alignment, pivot, other, truth)
    scale = calibration(alignment, pivot, other, truth) if calibrated else None
    record: dict[str, Any] = {"pivot": pivot, "other": other} | _record(scores)
    if scale is None:
        return record, _table(scores)
    return record | {"calibration": asdict(scale)}, f"{_table(scores)}\n{_calibration_table(scale)}"


def _record(score: AlignmentScore) -> dict[str, Any]:
    """Return a score as a record; null is what was not measured, for want of such characters."""
    known = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {
        **(known if score.scored else dict.fromkeys(known)),
        "reject": score.reject if score.rejectable else None,
        "scored": score.scored,
        "rejectable": score.rejectable,
    }


def _table(score: AlignmentScore) -> str:
    rows = []
    if score.scored:
        shares = (("precision", score.precision), ("recall", score.recall), ("F1", score.f1))
        rows += [(name, f"{share:.4f}", f"{score.scored:,}") for name, share in shares]
    if score.rejectable:
        rows.append(("reject", f"{score.reject:.3f}", f"{score.rejectable:,}"))
    return table(("figure", "share", "of characters"), rows, right=("share", "of characters"))


def _calibration_table(scale: Calibration) -> str:
    columns = ("score", "characters", "mean score", "right")
    rows = [(f"{b.low:.1f}–{b.high:.1f}", f"{b.characters:,}", *_means(b)) for b in scale.bins]
    told = f"expected calibration error {scale.error:.3f}; linked above 0.5: {scale.linked:.3f}\n"
    return f"{table(columns, rows, right=columns[1:])}\n{told}"


def _means(part: Bin) -> tuple[str, str]:
    if part.score is None or part.right is None:
        return "–", "–"
    return f"{part.score:.2f}", f"{part.right:.2f}"
