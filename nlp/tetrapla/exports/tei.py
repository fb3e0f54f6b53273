"""TEI P5 with stand-off links: every version as a text, and beside them links between their passages or sentences.

    <standOff><linkGrp type="translation">
      <link n="b7" type="likely" cert="0.97" target="#zh.p7 #en.p6 #fr.p8"/>
    </linkGrp></standOff>
    <text xml:lang="zh"><body><ab xml:id="zh.p7"><s xml:id="zh.s12">…</s></ab></body></text>

A link has as many targets as it takes, of all versions at once; `cert` is the least of its probabilities. What has no
counterpart has no link: a link of TEI has two targets or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from tetrapla.exports import Export, Options, registry
from tetrapla.exports._cut import Cut, cut
from tetrapla.exports._rows import Row, figure, tokens
from tetrapla.exports._xml import ID, add, serialised
from tetrapla.formats import Known
from tetrapla.markup import LANG
from tetrapla.model import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__: list[str] = []

NAMESPACE = "http://www.tei-c.org/ns/1.0"


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    from lxml import etree

    made = cut(known, ids, options)
    documents = {doc.id: doc for doc in known.alignment.documents}
    root = etree.Element(f"{{{NAMESPACE}}}TEI", nsmap={None: NAMESPACE})
    _header(root, [documents[name] for name in ids])
    names = tokens(ids, "v")
    places = {
        name: {passage.bead: f"{names[name]}.p{k}" for k, passage in enumerate(made.passages[name], start=1)}
        for name in ids
    }
    group = add(add(root, "standOff"), "linkGrp", type="translation")
    for row, sides in made.links:
        if len(sides) > 1:
            _link(group, row, _targets(row, sides, ids, places, names))
    for name in ids:
        _text(root, made, name, documents[name].language, names[name])
    return {"": serialised(root, whole=["s"])}


def _header(root: _Element, documents: Sequence[Document]) -> None:
    description = add(add(root, "teiHeader"), "fileDesc")
    add(add(description, "titleStmt"), "title", "Versions of one document, aligned")
    add(add(description, "publicationStmt"), "p", "Exported by Tetrapla from an alignment of texts.")
    source = add(description, "sourceDesc")
    for doc in documents:
        add(source, "p", f"{doc.id}: {PurePath(doc.source).name}, sha256 {doc.sha256}")


def _targets(
    row: Row,
    sides: Mapping[str, Sequence[str]],
    ids: Sequence[str],
    places: Mapping[str, Mapping[str, str]],
    names: Mapping[str, str],
) -> list[str]:
    if row.level == "passage":
        return [places[name][row.id] for name in ids if name in sides]
    return [f"{names[name]}.{own}" for name in ids for own in sides.get(name, ())]


def _link(group: _Element, row: Row, targets: Sequence[str]) -> None:
    link = add(group, "link", n=row.id, type=row.status)
    if row.bead.score:
        link.set("cert", figure(min(row.bead.score.values())))
    link.set("target", " ".join(f"#{target}" for target in targets))


def _text(root: _Element, made: Cut, name: str, language: str, prefix: str) -> None:
    text = add(root, "text")
    text.set(LANG, language)
    body = add(text, "body")
    for number, passage in enumerate(made.passages[name], start=1):
        block = add(body, "ab")
        block.set(ID, f"{prefix}.p{number}")
        for sentence in passage.sentences:
            add(block, "s", sentence.text).set(ID, f"{prefix}.{sentence.id}")
    if not made.passages[name]:
        add(body, "ab")  # a body is never empty


registry.add("tei")(Export(_dump, ".tei.xml", levels=("passages", "sentences")))
