"""The general lexicon: which words of one language may stand for which of another.

What comes with Tetrapla, what users have and what was learnt from their texts are tables; a `Lexicon` joins them::

    zh          en                     es             fr
    期限|截止日期    deadline|time limit    plazo          délai|date limite

A row is a sense; ``|`` parts words that say the same. Each row links every pair of its languages, by stems: a text is
looked up word by word, as its language cuts it. Dictionaries in the formats of CC-CEDICT and MUSE are read, too.
"""

from __future__ import annotations

from tetrapla.lexicon._lexicon import Found, Lexicon, joined
from tetrapla.lexicon._read import brought, load, read, read_with_problems, split
from tetrapla.lexicon._table import Links, Table, Unit
from tetrapla.lexicon._tsv import dump

__all__ = [
    "Found",
    "Lexicon",
    "Links",
    "Table",
    "Unit",
    "brought",
    "dump",
    "joined",
    "load",
    "read",
    "read_with_problems",
    "split",
]
