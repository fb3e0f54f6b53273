"""XLIFF 2.1 (OASIS 2018) for programs of translators: two versions, a unit a passage, its links as segments.

    <unit id="b7">
      <mtc:matches><mtc:match ref="#m1" matchQuality="97" …>…</mtc:match></mtc:matches>    module Translation Candidates
      <mda:metadata>…<mda:meta type="kind">body</mda:meta>…</mda:metadata>                 module Metadata
      <notes><note category="finding">en: number-mismatch “12”</note></notes>
      <segment id="s1" state="translated" subState="tetrapla:likely">
        <source><mrk id="m1" type="mtc:match">…</mrk></source><target>…</target></segment></unit>

The quality of a match is the probability of the link in hundredths. A link that a person confirmed is `reviewed`, one
without a target `initial`. With the level passages a unit has one segment. Notes say what the checks found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from tetrapla.errors import InputError
from tetrapla.exports import Export, Options, registry
from tetrapla.exports._remarks import findings_of
from tetrapla.exports._rows import Row, figure, rows_of, tokens
from tetrapla.exports._xml import SPACE, add, serialised
from tetrapla.formats import Known

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__: list[str] = []

XLIFF = "urn:oasis:names:tc:xliff:document:2.0"
MATCHES = "urn:oasis:names:tc:xliff:matches:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    from lxml import etree

    rows = rows_of(known, ids, options if options.level == "passages" else replace(options, level="sentences"))
    if not rows:
        raise InputError("no passage is left to export, and an XLIFF cannot be empty; ask for more of them")
    documents = {doc.id: doc for doc in known.alignment.documents}
    source, target = (documents[name] for name in ids)
    root = etree.Element(
        f"{{{XLIFF}}}xliff",
        {"version": "2.1", "srcLang": source.language, "trgLang": target.language},
        {None: XLIFF, "mtc": MATCHES, "mda": METADATA},
    )
    file = add(root, "file", id="f1", original=PurePath(source.source).name or source.id)
    file.set(SPACE, "preserve")
    remarks = dict(zip((row.id for row in rows), findings_of(known, rows), strict=True))
    names = tokens(dict.fromkeys(row.passage for row in rows), "u")
    for passage, group in groupby(rows, lambda row: row.passage):
        _unit(file, names[passage], list(group), ids, remarks)
    return {"": serialised(root, whole=["source", "target"])}


def _unit(file: _Element, name: str, rows: Sequence[Row], ids: Sequence[str], remarks: Mapping[str, str]) -> None:
    unit = add(file, "unit", id=name)
    matched = [number for number, row in enumerate(rows, start=1) if row.bead.score.get(ids[1]) is not None]
    if matched:
        matches = add(unit, f"{{{MATCHES}}}matches")
        for number in matched:
            _match(matches, number, rows[number - 1], ids)
    group = add(add(unit, f"{{{METADATA}}}metadata"), f"{{{METADATA}}}metaGroup", category="tetrapla")
    add(group, f"{{{METADATA}}}meta", rows[0].bead.kind, type="kind")
    add(group, f"{{{METADATA}}}meta", rows[0].passage, type="bead")
    if told := [line for row in rows for line in remarks[row.id].split("\n") if line]:
        notes = add(unit, "notes")
        for line in told:
            add(notes, "note", line, category="finding")
    for number, row in enumerate(rows, start=1):
        _segment(unit, number, row, ids, marked=number in matched)


def _match(matches: _Element, number: int, row: Row, ids: Sequence[str]) -> None:
    quality = figure(100 * row.bead.score[ids[1]])
    match = add(
        matches, f"{{{MATCHES}}}match", ref=f"#m{number}", origin="Tetrapla alignment", type="other",
        matchQuality=quality,
    )  # fmt: skip
    for tag, name in zip(("source", "target"), ids, strict=True):
        add(match, f"{{{XLIFF}}}{tag}", row.texts.get(name, ""))


def _segment(unit: _Element, number: int, row: Row, ids: Sequence[str], *, marked: bool) -> None:
    source, target = (row.texts.get(name) for name in ids)
    state = "initial" if target is None else "reviewed" if row.status == "confirmed" else "translated"
    segment = add(unit, "segment", id=f"s{number}", state=state, subState=f"tetrapla:{row.status}")
    element = add(segment, "source", None if marked else source)
    if marked:
        add(element, "mrk", source, id=f"m{number}", type="mtc:match")
    if target is not None:
        add(segment, "target", target)


registry.add("xliff")(Export(_dump, ".xlf", findings=True, bilingual=True))
