"""Clean units in, gold out: the files that the scorers of alignment and of noise read.

    PIVOT-OTHER.alignment.json   {"pivot": {"language", "units": {UNIT: [[start, end], …]}},
                                  "other": {"language", "segments": [[start, end, UNIT], …]}, "texts": {…: sha256}}
    LANG.noise.json              [{"type", "start", "end", "quote", "fix", …}, …], with the Chinese term as "concept"

Offsets are code points of the damaged text. In "segments" a unit that the pivot lacks is ``EXTRA:UNIT``, and what
belongs to no unit is ``JUNK``. An alignment groups passages and has no direction, so that one file serves a pair
both ways round.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, cast

from tetrapla.disturb.text import JUNK, Damaged, Unit
from tetrapla.errors import InputError
from tetrapla.model import KINDS, Kind, sha256_of

__all__ = ["alignment_gold", "gold_files", "noise_gold", "read_units"]


def read_units(folder: str | Path) -> dict[str, tuple[Unit, ...]]:
    """Return the clean units of a corpus by language.

    The folder holds ``units.tsv`` (a head line, then unit, tab, kind) and ``clean/LANG.txt``, each with one
    paragraph a line for every unit, in the same order, and a blank line between.

    Raises:
        InputError: a file is missing, or texts and units do not go together.
    """
    folder = Path(folder)
    try:
        rows = [line.split("\t") for line in (folder / "units.tsv").read_text(encoding="utf-8").splitlines()[1:]]
        texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "clean").glob("*.txt"))}
    except OSError as e:
        raise InputError(f"cannot read the clean corpus {folder}: {e}") from e
    for number, row in enumerate(rows, 2):
        if len(row) != 2 or row[1] not in KINDS:
            raise InputError(f"{folder / 'units.tsv'}:{number}: not a unit, a tab and a kind ({', '.join(KINDS)})")
    found: dict[str, tuple[Unit, ...]] = {}
    for language, text in texts.items():
        paragraphs = text.rstrip("\n").split("\n\n")
        if len(paragraphs) != len(rows):
            raise InputError(f"clean/{language}.txt has {len(paragraphs)} paragraphs, units.tsv {len(rows)} units")
        found[language] = tuple(
            Unit(name, cast(Kind, kind), paragraph) for (name, kind), paragraph in zip(rows, paragraphs, strict=True)
        )
    return found


def alignment_gold(pivot: Damaged, other: Damaged) -> dict[str, Any]:
    """Return the gold alignment of a pair of texts made from the same units."""
    units: dict[str, list[list[int]]] = {}
    for seg in sorted(pivot.segments, key=lambda s: (s.part, s.start)):
        if seg.unit != JUNK:
            units.setdefault(seg.unit, []).append([seg.start, seg.end])
    segments = [
        [seg.start, seg.end, seg.unit if seg.unit in units or seg.unit == JUNK else f"EXTRA:{seg.unit}"]
        for seg in other.segments
    ]
    return {
        "pivot": {"language": pivot.language, "units": units},
        "other": {"language": other.language, "segments": segments},
        "texts": {made.language: sha256_of(made.text) for made in (pivot, other)},
    }


def noise_gold(made: Damaged) -> list[dict[str, Any]]:
    """Return the gold noise of a text, by start."""
    rows = []
    for noise in made.noise:
        row: dict[str, Any] = {
            "type": noise.type, "start": noise.start, "end": noise.end, "quote": noise.quote, "fix": noise.fix,
        }  # fmt: skip
        optional = {"concept": noise.concept, "unit": noise.unit, "note": noise.note}
        rows.append(row | {key: value for key, value in optional.items() if value is not None})
    return rows


def gold_files(made: Mapping[str, Damaged], order: Sequence[str] = ("zh", "en", "es", "fr")) -> dict[str, str]:
    """Return name and content of the gold files of damaged versions; of a pair the earlier in `order` is the pivot."""
    files: dict[str, str] = {}
    languages = [*(x for x in order if x in made), *sorted(set(made) - set(order))]
    for pivot, other in combinations(languages, 2):
        files[f"{pivot}-{other}.alignment.json"] = "".join(_json(alignment_gold(made[pivot], made[other]))) + "\n"
    for language in languages:
        files[f"{language}.noise.json"] = "".join(_json(noise_gold(made[language]))) + "\n"
    return files


def _json(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield JSON with one segment, unit or finding a line: a small change in the plan is one in the file."""
    nested = isinstance(value, (dict, list)) and any(isinstance(v, (dict, list)) for v in _values(value))
    if not nested or depth > 2:
        yield json.dumps(value, ensure_ascii=False)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield opening + "\n"
    items = list(value.items()) if isinstance(value, dict) else [(None, v) for v in value]
    for k, (key, item) in enumerate(items):
        yield "" if key is None else json.dumps(key, ensure_ascii=False) + ": "
        yield from _json(item, depth + 1)
        yield ",\n" if k < len(items) - 1 else "\n"
    yield closing


def _values(value: dict[str, Any] | list[Any]) -> Sequence[Any]:
    return list(value.values()) if isinstance(value, dict) else value
