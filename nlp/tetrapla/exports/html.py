"""The report of `tetrapla align --report` as an export: a page with the versions side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tetrapla.exports import Export, Options, registry
from tetrapla.formats import Known
from tetrapla.glossary import load
from tetrapla.report import html

__all__: list[str] = []


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    page = html(known.alignment, known.versions, known.findings or {}, known.mentions or {}, load())
    return {"": page.encode()}


registry.add("html")(Export(_dump, ".html", findings=True, levels=("passages",)))
