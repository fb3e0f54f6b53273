"""What is to be looked at in each row: findings by type and version, and the concepts that it names.

A finding counts until something is decided on it, in the row that holds most of it. Besides what the checks find, a
mention counts as "inconsistent" whose form would give way to the one that its version should use for the concept, but
not in the pivot, which is the original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from tetrapla.review._look import Look
from tetrapla.review._types import INCONSISTENT

__all__ = ["Counts", "counts", "named"]

Counts = dict[str, dict[str, dict[str, int]]]


def counts(look: Look, only: Collection[str] | None = None) -> Counts:
    """Return how many findings rows have, by row, version and type; `only` of these rows. Rows without are left out."""
    found: Counts = {}
    ids, wanted = look.homes.ids, _wanted(look, only)
    for version in look.prepared.texts:
        for (row, kind), count in Counter(_to_look_at(look, version, wanted)).items():
            found.setdefault(ids[row], {}).setdefault(version, {})[kind] = count
    return found


def _wanted(look: Look, only: Collection[str] | None) -> Collection[int]:
    """Return the numbers of the rows that are asked for."""
    return range(len(look.homes.ids)) if only is None else {look.homes.numbers[name] for name in only}


def _to_look_at(look: Look, version: str, wanted: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield the number of a row and a type for whatever counts in a version."""
    text, items = look.prepared.texts[version], look.items
    found = text.found or ()
    for row, item in zip(look.homes.rows_of(version, text.places).tolist(), found, strict=True):
        if row in wanted and items.get(item.key) is None:
            yield row, item.finding.type
    rows = look.homes.rows_of(version, look.concepts.places(version))
    for row in rows[look.concepts.inconsistent(version)].tolist():
        if row in wanted:
            yield row, INCONSISTENT


def named(look: Look, only: Collection[str] | None = None) -> dict[str, list[int]]:
    """Return the concepts that rows name in any version, by row, as numbers of `Concepts.names`, in their order."""
    found: dict[int, set[int]] = {}
    numbers, wanted = look.concepts.numbers, _wanted(look, only)
    for version, mentions in look.concepts.mentions.items():
        rows = look.homes.rows_of(version, look.concepts.places(version)).tolist()
        for row, mention in zip(rows, mentions, strict=True):
            if row in wanted and mention.concept in numbers:
                found.setdefault(row, set()).add(numbers[mention.concept])
    return {look.homes.ids[row]: sorted(own) for row, own in found.items()}
