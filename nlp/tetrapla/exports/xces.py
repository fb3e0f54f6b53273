"""Sentence links as OPUS has them: XCES align (the CES DTD cesAlign), with the sentences that they point to.

    out.xml       <linkGrp targType="s" fromDoc="out.zh.xml" toDoc="out.en.xml">
                    <link id="SL1" xtargets="s1 s2;s1" certainty="0.97"/>
    out.zh.xml    <text><p id="p1"><s id="s1">…</s> <s id="s2">…</s></p></text>

The format links two texts: each two versions have a group of their own, and `certainty` is the probability that this
link is right; of two versions that are none the pivot it is that both links with the pivot are. With the level
passages a link has all sentences of a passage. What has no counterpart has a link with one side, as in OPUS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from tetrapla.exports import Export, Options, registry
from tetrapla.exports._cut import Cut, CutPassage, cut
from tetrapla.exports._restrict import pair_score
from tetrapla.exports._rows import figure, tokens
from tetrapla.exports._xml import add, serialised
from tetrapla.formats import Known
from tetrapla.markup import LANG

__all__: list[str] = []

DOCTYPE = '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">'


def _dump(known: Known, ids: Sequence[str], options: Options) -> Mapping[str, bytes]:
    made = cut(known, ids, options)
    languages = {doc.id: doc.language for doc in known.alignment.documents}
    ends = {name: f".{end}.xml" for name, end in tokens(ids, "v").items()}
    files = {"": _links(made, ids, {name: f"{options.stem}{end}" for name, end in ends.items()})}
    return files | {ends[name]: _text(made.passages[name], languages[name]) for name in ids}


def _links(made: Cut, ids: Sequence[str], files: Mapping[str, str]) -> bytes:
    from lxml import etree

    root = etree.Element("cesAlign", version="1.0")
    number = 0
    for one, other in combinations(ids, 2):
        group = add(root, "linkGrp", targType="s", fromDoc=files[one], toDoc=files[other])
        for row, sides in made.links:
            if one not in sides and other not in sides:
                continue
            number += 1
            targets = ";".join(" ".join(sides.get(name, ())) for name in (one, other))
            link = add(group, "link", id=f"SL{number}", xtargets=targets)
            score = pair_score(row.bead, ids[0], one, other)
            if score is not None:
                link.set("certainty", figure(score))
    return serialised(root, doctype=DOCTYPE)


def _text(passages: Sequence[CutPassage], language: str) -> bytes:
    from lxml import etree

    root = etree.Element("text")
    root.set(LANG, language)
    for number, passage in enumerate(passages, start=1):
        paragraph = add(root, "p", id=f"p{number}")
        for sentence in passage.sentences:
            add(paragraph, "s", sentence.text, id=sentence.id)
    return serialised(root, whole=["s"])


registry.add("xces")(Export(_dump, ".xml", several=True, levels=("passages", "sentences")))
