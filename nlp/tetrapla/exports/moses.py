"""Plain text for training, as Moses has it: a file a version, a bead a line, the same number of lines in each.

Line breaks in a text are blanks. A version that lacks a bead has an empty line there; ``linked`` leaves such beads
out, as training wants it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tetrapla.exports import Export, Options, registry
from tetrapla.exports._rows import one_line, rows_of, tokens
from tetrapla.formats import Known

__all__: list[str] = []


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    rows, ends = rows_of(known, ids, options), tokens(ids, "v")
    return {
        f".{ends[name]}": "".join(f"{one_line(row.texts.get(name, ''))}\n" for row in rows).encode() for name in ids
    }


registry.add("moses")(Export(_dump, "", several=True, levels=("passages", "sentences")))
