"""Alignments as data sets: Parquet that `datasets` reads, a row a bead, for whoever trains or measures.

    {"id": "b7", "kind": "body",
     "translation": {"zh": "…", "en": "…", "fr": null},             running text; null where a version has none
     "spans": {"zh": [[0, 41]], "en": [[210, 320], [6, 90]], "fr": null},
     "score": {"zh": null, "en": 0.97, "fr": null},
     "evidence": "{\"en\": [\"[3]\"]}"}                              JSON

Keys are ids of documents. What the spans belong to (hash, length, path of each document, the pivot) stands as JSON in
the metadata of the file, under ``tetrapla``, and in the description of the data set. Anyone opens it offline::

    datasets.load_dataset("parquet", data_files="out.parquet", split="train")
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapla.errors import InputError
from tetrapla.files import named, read_bytes
from tetrapla.formats import Known, Writer, writers
from tetrapla.formats._reading import reading_of
from tetrapla.formats.json import head_record, plain
from tetrapla.model import Alignment, Segmented

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["dataset", "dump_dataset", "load_dataset"]

HEAD = b"tetrapla"


def dataset(alignment: Alignment, versions: Mapping[str, Segmented]) -> Dataset:
    """Return an alignment as a data set in memory, a row a bead; `versions`, by document id, give the running texts."""
    from datasets import Dataset, DatasetInfo, Features, Translation, Value

    ids = [doc.id for doc in alignment.documents]
    features = Features(
        {
            "id": Value("string"),
            "kind": Value("string"),
            "translation": Translation(languages=ids),
            "spans": {name: [[Value("int64")]] for name in ids},
            "score": {name: Value("float64") for name in ids},
            "evidence": Value("string"),
        }
    )
    head = json.dumps(head_record(alignment), ensure_ascii=False)
    info = DatasetInfo(description=head, features=features)
    return Dataset.from_dict(_columns(alignment, ids, versions), features=features, info=info)


def _columns(alignment: Alignment, ids: list[str], versions: Mapping[str, Segmented]) -> dict[str, list[Any]]:
    readings = {name: reading_of(versions[name]) for name in ids}
    beads = alignment.beads
    return {
        "id": [bead.id for bead in beads],
        "kind": [bead.kind for bead in beads],
        "translation": [
            {name: readings[name].excerpt(bead.spans[name]) if bead.spans.get(name) else None for name in ids}
            for bead in beads
        ],
        "spans": [
            {name: [[s.start, s.end] for s in bead.spans[name]] if bead.spans.get(name) else None for name in ids}
            for bead in beads
        ],
        "score": [{name: bead.score.get(name) for name in ids} for bead in beads],
        "evidence": [json.dumps(bead.evidence, ensure_ascii=False, default=plain) for bead in beads],
    }


def dump_dataset(alignment: Alignment, versions: Mapping[str, Segmented]) -> bytes:
    """Return the bytes of a Parquet file of an alignment; see `dataset`."""
    from pyarrow import parquet  # type: ignore[import-untyped]  # comes with datasets; ships neither types nor stubs

    made = dataset(alignment, versions)
    table = made.data.table
    out = io.BytesIO()
    # By pyarrow: `Dataset.to_parquet` draws a progress bar, and keeps no metadata but the features.
    parquet.write_table(
        table.replace_schema_metadata({**table.schema.metadata, HEAD: made.info.description.encode()}), out
    )
    return out.getvalue()


def load_dataset(path: str | Path) -> Dataset:
    """Return the data set in a file that `dump_dataset` made, in memory: no cache is touched, nothing is asked for.

    Raises:
        InputError: it is no Parquet, or no data set of ours.
    """
    from pyarrow import ArrowException, parquet

    data, name = read_bytes(path), named(path)
    try:
        table = parquet.read_table(io.BytesIO(data))
    except (ArrowException, OSError) as e:
        raise InputError(f"{name} is no Parquet ({str(e).splitlines()[0]})") from e
    if HEAD not in (table.schema.metadata or {}):
        raise InputError(f"{name} is no alignment; make one with `tetrapla align … -o {Path(name).stem}.parquet`")

    from datasets import Dataset, DatasetInfo

    return Dataset(table, info=DatasetInfo(description=table.schema.metadata[HEAD].decode()))


def _dump(known: Known) -> bytes:
    return dump_dataset(known.alignment, known.versions)


writers.add(".parquet")(Writer(_dump))
