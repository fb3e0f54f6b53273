"""The orders in which hits can be read: as they stand, or by what stands before, behind or in them.

To read lines by their context is what a concordance is for (Sinclair, "Corpus, Concordance, Collocation", 1991). Words
are compared without case, and without accents where nothing else differs.
"""

from __future__ import annotations

from typing import Literal, get_args

from tetrapla.languages import without_accents
from tetrapla.query._evaluate import Place
from tetrapla.store import words

__all__ = ["SORTS", "Sort", "key"]

Sort = Literal["text", "left", "right", "match", "document"]
SORTS: tuple[str, ...] = get_args(Sort)
CONTEXT = 60  # characters that are compared

Key = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def key(place: Place, text: str, sort: Sort) -> Key:
    """Return what a place in a text is sorted by: before (nearest first), behind, or the words themselves.

    >>> key(Place(1, 4, 8), "The Park of Lin’an", "right")[0]
    ('of', 'lin', 'an')
    """
    left = _words(text[max(0, place.start - CONTEXT) : place.start])[::-1]
    right = _words(text[place.end : place.end + CONTEXT])
    match = _words(text[place.start : place.end])
    first = {"left": left, "right": right, "match": match}.get(sort, [])
    others = match + right if sort == "left" else match + left if sort == "right" else right + left
    return tuple(map(without_accents, first)), tuple(first), tuple(map(without_accents, others))


def _words(text: str) -> list[str]:
    return [word.folded for word in words(text)]
