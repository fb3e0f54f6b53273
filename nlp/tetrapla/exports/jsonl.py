"""JSON Lines with texts: a bead a line, for scripts and data sets.

    {"id": "b7", "level": "passage", "passage": "b7", "kind": "body", "status": "likely",
     "text": {"zh": "…", "en": "…"}, "score": {"en": 0.97}, "spans": {"zh": [[0, 41]], "en": [[210, 320], [6, 90]]}}

Keys are ids of documents; a version that lacks the bead is not there. Spans are of the raw texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from tetrapla.exports import Export, Options, registry
from tetrapla.exports._rows import Row, rows_of
from tetrapla.formats import Known

__all__: list[str] = []


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    lines = (json.dumps(_record(row, ids), ensure_ascii=False) for row in rows_of(known, ids, options))
    return {"": "".join(f"{line}\n" for line in lines).encode()}


def _record(row: Row, ids: Sequence[str]) -> dict[str, object]:
    return {
        "id": row.id,
        "level": row.level,
        "passage": row.passage,
        "kind": row.bead.kind,
        "status": row.status,
        "text": {name: row.texts[name] for name in ids if name in row.texts},
        "score": dict(row.bead.score),
        "spans": {
            name: [[span.start, span.end] for span in row.bead.spans[name]] for name in ids if row.bead.spans.get(name)
        },
    }


registry.add("jsonl")(Export(_dump, ".jsonl"))
