"""Search in the texts under review: as they are read, and as they read after the repairs; case and accents aside.

Lines are joined in running text, so that what is sought may stand across the end of one; a blank in what is sought
stands for any blanks, and between characters of a script without blanks for none as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tetrapla.languages import SPACELESS, without_accents
from tetrapla.review._look import Look
from tetrapla.review._marks import Marked
from tetrapla.review._prepared import Indexes

__all__ = ["search"]

APART = "\0"
MARGIN = 20  # blanks that a blank in what is sought may stand for
SPACELESS_LETTER = re.compile(f"[{SPACELESS}]")


def search(look: Look, text: str, versions: Sequence[str]) -> list[str]:
    """Return the ids of the rows in which one of the versions has a text, in their order; none for blanks alone."""
    wanted = _pattern(text)
    if wanted is None:
        return []
    found: set[int] = set()
    for name in versions:
        running = look.prepared.texts[name].running
        places = _known(running.text).places(wanted)
        if look.marked(name).made:
            cleaned, origins = _repaired(running.text, look.marked(name), 2 * len(text) + MARGIN)
            places = np.concatenate([places, origins[_Folded(cleaned).places(wanted)]])
        found.update(np.unique(look.homes.rows_at(name, running.offsets.at(places))).tolist())
    return [look.homes.ids[number] for number in sorted(found) if number >= 0]


def _pattern(text: str) -> re.Pattern[str] | None:
    """Return what finds a text among folded ones."""
    words = re.split(r"(\s+)", "".join(map(_letter, text)).strip())
    parts = [_blank(words[k - 1], words[k + 1]) if k % 2 else re.escape(word) for k, word in enumerate(words)]
    return re.compile("".join(parts)) if any(words) else None


def _blank(before: str, after: str) -> str:
    spaceless = SPACELESS_LETTER.match(before[-1]) or SPACELESS_LETTER.match(after[0])
    return r"\s*" if spaceless else r"\s+"


class _Folded:
    """A text without case and accents; `origins` says where each character stood, None where all stand as they did."""

    def __init__(self, text: str) -> None:
        table = {ord(char): _letter(char) for char in set(text)}
        self.text = text.translate(table)
        self.origins: Indexes | None = None
        if len(self.text) < len(text):
            self.origins = np.flatnonzero([bool(table[ord(char)]) for char in text]).astype(np.uint32)

    def places(self, wanted: re.Pattern[str]) -> Indexes:
        """Return the indexes in the text as it was at which what is sought begins."""
        starts = np.fromiter((match.start() for match in wanted.finditer(self.text)), dtype=np.uint32)
        return starts if self.origins is None else self.origins[starts]


# The versions of a document or two.
_known = lru_cache(maxsize=8)(_Folded)


def _repaired(text: str, marked: Marked, reach: int) -> tuple[str, Indexes]:
    """Return what stands around the repairs of a running text once they are made, and where each character is from.

    Of what stands farther from a repair than `reach` characters nothing is there: it is the same without the repair.
    """
    parts: list[str] = []
    firsts: list[int] = []
    at = 0
    for seen in marked.made:
        if seen.start >= at:
            new = marked.standing(seen.number).replacement or "" if seen.first else ""
            near = (
                [(at, seen.start)]
                if seen.start - at <= 2 * reach
                else [(at, at + reach), (seen.start - reach, seen.start)]
            )
            for start, end in near:
                # By turns what stands as it did, and what is put in: a repair, or what parts two places.
                parts += [text[start:end], new if end == seen.start else APART]
                firsts += [start, min(end, len(text) - 1)]
            at = seen.end
    parts.append(text[at : at + reach])
    firsts.append(at)
    sizes = [len(part) for part in parts]
    begins = np.cumsum([0, *sizes[:-1]])
    stays = np.repeat(np.arange(len(sizes)) % 2 == 0, sizes)
    origins = np.repeat(firsts, sizes) + np.where(stays, np.arange(sum(sizes)) - np.repeat(begins, sizes), 0)
    return "".join(parts), origins.astype(np.uint32)


def _letter(char: str) -> str:
    """Return a letter without case and accents, nothing for an accent set apart; one character at most."""
    plain = without_accents(char)
    small = plain.lower()
    return small if len(small) == 1 else plain if len(plain) < 2 else char
