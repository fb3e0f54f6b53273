"""The index: many aligned documents and single texts in one SQLite file, for questions that are answered at once.

    with open_store("x.db", create=True) as store:
        add(store, "out.json")

The tables are described in `tetrapla.store._schema`, what a word is in `tetrapla.store._words`. Readers need
`open_store(path)`, the tables, `phrase` for the full text, `words` to find a hit again in the text of its passage, and
`Origins.of(passage.origins).to_raw(start, end)` for the raw spans of a place.
"""

from tetrapla.store._add import Added, State, add, add_files
from tetrapla.store._list import Listed, check, counts, listed, remove
from tetrapla.store._origins import Origins, Run
from tetrapla.store._schema import APPLICATION, STEPS, VERSION
from tetrapla.store._store import PATIENCE, Store, open_store
from tetrapla.store._words import Token, phrase, spaced, words

__all__ = [
    "APPLICATION",
    "PATIENCE",
    "STEPS",
    "VERSION",
    "Added",
    "Listed",
    "Origins",
    "Run",
    "State",
    "Store",
    "Token",
    "add",
    "add_files",
    "check",
    "counts",
    "listed",
    "open_store",
    "phrase",
    "remove",
    "spaced",
    "words",
]
