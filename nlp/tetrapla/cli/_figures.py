"""Answers of `tetrapla query` as records and tables: figures as a person reads them, lists as text for CSV."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tetrapla.cli._console import table

if TYPE_CHECKING:
    from tetrapla.query import Concordance
    from tetrapla.query._renderings import Rendering, Renderings

__all__ = ["as_csv", "as_jsonl", "as_table", "flat", "flat_hits", "parts", "told"]

TITLES = {
    "per_million": "per million",
    "log_dice": "logDice",
    "d": "D",
    "dp": "DP",
    "frequency_other": "frequency of other",
}
FIGURES = ("share", "per million", "logDice", "D", "DP")
NONE = "–"  # in place of a figure or a section
BARS = " ▁▂▃▄▅▆▇█"
DAMAGES = {"ocr": "misread letters", "literal": "word by word", "sense": "wrong sense", "name": "garbled name"}
# What is said of a form of which no kind of damage is known.
UNEXPLAINED = {"deprecated": "advised against", "noise": "damaged"}
AROUND = 40  # characters on either side of where a version should name a concept
PLACES = 40  # columns of the picture of where hits stand


def flat_hits(found: Concordance) -> list[dict[str, Any]]:
    """Return hits as records of text and numbers, the other versions as columns."""
    names = dict.fromkeys(name for hit in found for name in hit.parallel)
    return [
        record
        | {"spans": " ".join(f"{start}-{end}" for start, end in record["spans"])}
        | {name: sides[name]["text"] if name in sides else "" for name in names}
        for record in found.to_dicts()
        for sides in (record.pop("parallel"),)
    ]


def parts(found: Renderings, limit: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the tables of a concept, each with its title; of concepts, and of gaps in each version, at most
    `limit` rows, 0 for all."""
    forms = [
        {
            "version": row.version,
            "form": row.form,
            "status": row.status,
            "note": _note(row),
            "hits": row.hits,
            "share": _figure("share", row.share),
            "sections": ", ".join(f"{section or NONE} ×{hits}" for section, hits in row.sections),
        }
        for row in found.forms
    ]
    several = len({row.source for row in found.missing}) > 1
    gaps: list[dict[str, Any]] = [
        ({"source": row.source} if several else {})
        | {
            "version": row.version,
            "bead": row.bead,
            "section": row.section or NONE,
            "line": row.line or NONE,
            "pivot line": row.pivot_line,
            "why": row.why,
            "instead": "; ".join(row.forms) or _around(row.text, row.at),
        }
        for rows in _grouped(found.missing, "version").values()
        for row in (rows[:limit] if limit else rows)
    ]
    near = [
        {"language": language, "words": ", ".join(f"{row.word} {row.log_dice:.1f}" for row in rows)}
        for language, rows in _grouped(found.near, "language").items()
    ]
    together = [
        {"concept": row.other, "beads with both": row.units, "logDice": _figure("log_dice", row.log_dice)}
        for row in (found.together[:limit] if limit else found.together)
    ]
    missing = Counter(row.version for row in found.missing)
    lacking = "; ".join(f"{version} {missing[version]} of {beads}" for version, beads in found.expected.items())
    cut = f"; {len(gaps)} of {len(found.missing)} shown" if len(gaps) < len(found.missing) else ""
    return [
        ("Renderings", forms),
        (f"Missing, of the beads whose pivot names it: {lacking}{cut}" if lacking else "Missing", gaps),
        ("Words near it (logDice)", near),
        ("Concepts named in the same beads", together),
    ]


def _note(row: Rendering) -> str:
    """Return what is wrong with a form, in words, and its language if that is not the version's."""
    if row.status == "suspected":
        return "not in the glossary"
    if row.form_language != row.language.split("-")[0]:
        return f"in {row.form_language}" + (f", {DAMAGES[row.damage]}" if row.damage else "")
    return DAMAGES.get(row.damage or "", UNEXPLAINED.get(row.status, ""))


def _around(text: str, at: int) -> str:
    """Return what stands about a place in a text."""
    start, end = max(0, at - AROUND), at + AROUND
    shown = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}"


def _grouped(rows: Iterable[Any], name: str) -> dict[str, list[Any]]:
    """Return rows by a value that they have, in their order."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def as_table(records: Sequence[Mapping[str, Any]]) -> str:
    """Return records as a table for a terminal."""
    right = [
        name
        for name in records[0]
        if name in FIGURES or all(isinstance(record[name], int | float) or record[name] == NONE for record in records)
    ]
    return table(list(records[0]), [list(record.values()) for record in records], right=right)


def told(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a person reads it."""
    return {TITLES.get(name, name): _figure(name, value) for name, value in record.items()}


def _figure(name: str, value: Any) -> Any:
    if name == "places":
        return _places(value)
    if value is None:
        return NONE
    if name == "share":
        return f"{value:.1%}"
    return f"{value:,.2f}" if isinstance(value, float) else value


def _places(shares: Iterable[float]) -> str:
    """Return where hits stand in a text as a row of small bars."""
    counts = [0] * PLACES
    for share in shares:
        counts[min(int(share * PLACES), PLACES - 1)] += 1
    most = max(counts)
    return "".join(BARS[-(-count * (len(BARS) - 1) // most)] if count else "·" for count in counts)


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with lists as text."""
    return {
        name: " ".join(":".join(map(str, part)) if isinstance(part, list) else str(part) for part in value)
        if isinstance(value, list)
        else value
        for name, value in record.items()
    }


def as_jsonl(records: Iterable[Mapping[str, Any]]) -> str:
    """Return records as JSON, one on a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def as_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """Return records as comma-separated values, the first line the names; nothing for no records."""
    out = io.StringIO()
    if records:
        writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    return out.getvalue()
