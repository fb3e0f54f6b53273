"""Translation memories (TMX 1.4b, LISA 2005): a unit for each bead, with a variant for each version that it has.

    <tu tuid="b7" segtype="paragraph">
      <prop type="x-kind">body</prop> <prop type="x-status">likely</prop>
      <tuv xml:lang="zh"><seg>…</seg></tuv>
      <tuv xml:lang="en"><prop type="x-score">0.97</prop><seg>…</seg></tuv>
    </tu>

A score is the probability that the link with the pivot, the source language of the memory, is right. Units of
sentences follow that of their passage and name it (``x-passage``). A version that is not called like its language
(``zh-2``) says its name (``x-document``); the header has the hash of each text (``x-text``). What has no counterpart
is a unit with one variant; ``linked`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tetrapla import __version__
from tetrapla.exports import Export, Options, registry
from tetrapla.exports._rows import Row, figure, rows_of
from tetrapla.exports._xml import add, serialised
from tetrapla.formats import Known
from tetrapla.markup import LANG
from tetrapla.model import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__: list[str] = []

SEGTYPES = {"passage": "paragraph", "sentence": "sentence"}


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    from lxml import etree

    documents = {doc.id: doc for doc in known.alignment.documents}
    root = etree.Element("tmx", version="1.4")
    header = add(
        root,
        "header",
        creationtool="Tetrapla",
        creationtoolversion=__version__,
        segtype="sentence" if options.level == "sentences" else "paragraph",
        adminlang="en",
        srclang=documents[ids[0]].language,
        datatype="plaintext",
    )
    header.set("o-tmf", "Tetrapla alignment")
    for name in ids:
        add(header, "prop", f"{name} {documents[name].sha256}", type="x-text")
    body = add(root, "body")
    for row in rows_of(known, ids, options):
        _unit(body, row, ids, documents)
    return {"": serialised(root, whole=["seg"])}


def _unit(body: _Element, row: Row, ids: Sequence[str], documents: Mapping[str, Document]) -> None:
    unit = add(body, "tu", tuid=row.id, segtype=SEGTYPES[row.level])
    if row.passage != row.id:
        add(unit, "prop", row.passage, type="x-passage")
    add(unit, "prop", row.bead.kind, type="x-kind")
    add(unit, "prop", row.status, type="x-status")
    for name in ids:
        if name not in row.texts:
            continue
        variant = add(unit, "tuv")
        variant.set(LANG, documents[name].language)
        if name != documents[name].language:
            add(variant, "prop", name, type="x-document")
        if name in row.bead.score:
            add(variant, "prop", figure(row.bead.score[name]), type="x-score")
        add(variant, "seg", row.texts[name])


registry.add("tmx")(Export(_dump, ".tmx"))
