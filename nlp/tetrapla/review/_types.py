"""The types of findings as the page has them: how each is drawn, and to which quality check it belongs."""

from __future__ import annotations

from functools import cache
from typing import Any

from tetrapla import checks
from tetrapla.report.looks import look_of

__all__ = ["GROUPS", "INCONSISTENT", "types"]

INCONSISTENT = "inconsistent"  # no check, but what `tetrapla.glossary` would rather call a concept
# Quality checks in the order in which the page has them; a row where a version is absent is told by its spans.
GROUPS = {
    "numbers": "Numbers",
    "citations": "Citations",
    "untranslated": "Untranslated",
    "terminology": "Terminology",
    INCONSISTENT: "Inconsistent",
    "duplicates": "Duplicates",
    "absent": "Absent",
    "other": "Other noise",
}
GROUP_OF = {
    "number-mismatch": "numbers",
    "citation-damage": "citations",
    "citation-mismatch": "citations",
    "language-leak": "untranslated",
    "untranslated": "untranslated",
    "broken-term": "terminology",
    "deprecated-term": "terminology",
    INCONSISTENT: INCONSISTENT,
    "duplicate": "duplicates",
    "repeated-word": "duplicates",
}
RENDERED = "A concept is called otherwise than by the form that this version uses for it most, or should."


@cache
def types() -> list[dict[str, Any]]:
    """Return the types by quality check and name, as the page has them."""
    found = {check.name: check.summary for check in reversed(checks.every())} | {INCONSISTENT: RENDERED}
    order = list(GROUPS)
    records = [_type(name, what) for name, what in sorted(found.items())]
    return sorted(records, key=lambda record: order.index(record["group"]))


def _type(name: str, what: str) -> dict[str, Any]:
    look = look_of(name)
    group = GROUP_OF.get(name, "other")
    return {"name": name, "short": look.short, "hue": look.hue, "line": look.line, "group": group, "what": what}
