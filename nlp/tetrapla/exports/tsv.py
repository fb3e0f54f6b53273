"""A table with tabs: a row a bead, a column a version, the first row naming them.

    id  level  kind  status  zh  en  score en

Line breaks and tabs in a text are blanks. A score is the probability that the link with the first version is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tetrapla.exports import Export, Options, registry
from tetrapla.exports._rows import figure, one_line, rows_of
from tetrapla.formats import Known

__all__: list[str] = []


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    lines = [["id", "level", "kind", "status", *ids, *(f"score {name}" for name in ids[1:])]]
    for row in rows_of(known, ids, options):
        scores = (figure(row.bead.score[name]) if name in row.bead.score else "" for name in ids[1:])
        lines.append([row.id, row.level, row.bead.kind, row.status, *(row.texts.get(n, "") for n in ids), *scores])
    return {"": "".join("\t".join(map(one_line, cells)) + "\n" for cells in lines).encode()}


registry.add("tsv")(Export(_dump, ".tsv"))
