"""Lists of word pairs as the MUSE project has them: ``word translation`` a line, a blank or a tab between.

The languages are in the file's name (``en-fr.txt``, ``en-fr.0-5000.txt``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from tetrapla.lexicon._cedict import LEAST
from tetrapla.lexicon._table import SENSES, Table

__all__ = ["pair_in", "parse"]

NAME = re.compile(r"(?:^|[^A-Za-z])([a-z]{2,3})-([a-z]{2,3})(?=[.\d]|$)")


def pair_in(name: str) -> tuple[str, str] | None:
    """Return the two languages that the name of a file tells.

    >>> pair_in("muse/en-fr.0-5000.txt"), pair_in("words.txt")
    (('en', 'fr'), None)
    """
    match = NAME.search(PurePath(name).name)
    return (match.group(1), match.group(2)) if match and match.group(1) != match.group(2) else None


def parse(lines: Sequence[str], name: str, pair: tuple[str, str], problems: list[str]) -> Table:
    """Return the pairs in the lines of a file; what is wrong with them is added to `problems`, a line each."""
    ours: list[Sequence[str]] = []
    theirs: list[Sequence[str]] = []
    for number, line in enumerate(lines, start=1):
        words = [word.strip() for word in line.split("\t")] if "\t" in line else line.split()
        if words in ([], ["", ""]):
            continue
        if len(words) != 2 or "" in words:
            problems.append(
                f"{name}:{number}: not a word, a tab or a blank, and its translation; a tab parts words of several "
                f"parts: {line[:60]!r}"
            )
            continue
        ours.append(words[:1])
        theirs.append(words[1:])
    columns = {pair[0]: ours, pair[1]: theirs}
    return Table(columns, ambiguity=SENSES, least=LEAST, source=name)
