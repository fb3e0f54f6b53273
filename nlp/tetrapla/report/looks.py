"""How a type of noise is drawn: line, colour, and the short name that stands for both in print.

The line tells families apart without colour: spaces dotted, hyphens dashed, wrong characters solid, wrong words and
sense wavy, what is there too often double. What should go is struck through besides.
"""

from __future__ import annotations

from dataclasses import dataclass

from tetrapla.report.text import hue_of

__all__ = ["Look", "look_of"]


@dataclass(frozen=True, slots=True)
class Look:
    """A hue in degrees, a style of underline as CSS names it, and a name of at most six letters."""

    hue: int
    line: str
    short: str


KNOWN = {
    "hyphenation": Look(28, "dashed", "hyph"),
    "letter-spacing": Look(265, "dotted", "space"),
    "split-word": Look(205, "dotted", "split"),
    "merged-words": Look(235, "dotted", "merged"),
    "citation-damage": Look(330, "solid", "cite"),
    "char-confusion": Look(300, "solid", "char"),
    "page-furniture": Look(60, "double", "page"),
    "duplicate": Look(0, "double", "dupl"),
    "language-leak": Look(95, "double", "leak"),
    "dangling": Look(45, "double", "dangl"),
    "truncation": Look(350, "wavy", "trunc"),
    "broken-term": Look(15, "wavy", "term"),
}


def look_of(kind: str) -> Look:
    """Return how a type of noise is drawn; a type that is new here has a colour of its own and a solid line."""
    if kind in KNOWN:
        return KNOWN[kind]
    letters = "".join(char for char in kind if char.isascii() and char.isalpha())
    return Look(hue_of(kind), "solid", letters[:6].lower() or "other")
