"""What a person decided on an alignment: links that are right, and links that are not.

    {"tetrapla": "0.1.0",
     "documents": [{"id": "zh", "language": "zh", "sha256": "…", "length": 17198}, …],
     "decisions": [{"verdict": "confirmed", "spans": {"zh": [[0, 9]], "en": [[0, 31]]}, "note": "…"},
                   {"verdict": "confirmed", "spans": {"zh": [], "en": [[32, 60]]}},
                   {"verdict": "refused", "spans": {"zh": [[10, 52]], "es": [[61, 99]]}}]}

A decision names two versions or more and holds for every two of them. Confirmed: these passages translate each other
and nothing else; one beside versions without a passage has no counterpart in those. Refused: they do not. Of two that
contradict each other the later counts. Offsets are of the raw texts, which are known by their hash; fields that are
not known are passed over, and a note is for people.

What decisions mean for the links of an alignment stands in `settle`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tetrapla import __version__
from tetrapla.align._backend import Fixed, Pair
from tetrapla.align.tokens import Sentences
from tetrapla.errors import InputError, UnknownNameError, WrongTextError
from tetrapla.files import named, read_text
from tetrapla.formats.json import parse
from tetrapla.model import Alignment, Document, Segment, Segmented, Span

__all__ = [
    "Decided",
    "Decision",
    "Decisions",
    "Verdict",
    "decisions_from",
    "dump_decisions",
    "fixed_of",
    "load_decisions",
    "reinstated",
]

Verdict = Literal["confirmed", "refused"]
Numbers = frozenset[int]
Block = tuple[Numbers, Numbers]  # sentences of two versions


@dataclass(frozen=True)
class Decided:
    """A text that something was decided on: its id in the decisions, its language, hash and length."""

    id: str
    language: str
    sha256: str
    length: int


@dataclass(frozen=True)
class Decision:
    """A verdict on passages of two versions or more, by the ids of the texts, and what the person wrote on it."""

    verdict: Verdict
    spans: Mapping[str, tuple[Span, ...]]
    note: str = ""


@dataclass(frozen=True)
class Decisions:
    """What was decided on some texts, the earliest first; `source` is the file that it stands in, for messages."""

    documents: tuple[Decided, ...]
    items: tuple[Decision, ...]
    source: str = "the decisions"


def decisions_from(
    alignment: Alignment, beads: Iterable[str], *, verdict: Verdict = "confirmed", note: str = ""
) -> Decisions:
    """Return the decisions that these beads of an alignment, by their ids, are right, or not.

    A bead of one version says, if it is confirmed, that no other version has a counterpart.

    Raises:
        InputError: a bead of one version is refused, which says nothing.
        UnknownNameError: no bead has the id.
    """
    known = {bead.id: bead for bead in alignment.beads}
    items = []
    for name in beads:
        if name not in known:
            raise UnknownNameError("bead of this alignment", name, known)
        spans = {own: tuple(found) for own, found in known[name].spans.items() if found}
        if len(spans) < 2:
            if verdict == "refused":
                raise InputError(f"the bead {name} is of one version: there is no link to refuse")
            spans = {doc.id: spans.get(doc.id, ()) for doc in alignment.documents}
        items.append(Decision(verdict, spans, note))
    documents = tuple(Decided(doc.id, doc.language, doc.sha256, len(doc.text)) for doc in alignment.documents)
    return Decisions(documents, tuple(items))


# Files


def dump_decisions(decisions: Decisions) -> str:
    """Return decisions as JSON, a document or a decision a line."""
    documents = [vars(doc) for doc in decisions.documents]
    items = [_record(decision) for decision in decisions.items]
    head = f'{{"tetrapla": {json.dumps(__version__)},\n "documents": [\n'
    return f'{head}{_lines(documents)}\n ],\n "decisions": [\n{_lines(items)}\n ]}}\n'


def _record(decision: Decision) -> dict[str, Any]:
    spans = {name: [[span.start, span.end] for span in found] for name, found in decision.spans.items()}
    return {"verdict": decision.verdict, "spans": spans} | ({"note": decision.note} if decision.note else {})


def _lines(records: Iterable[Mapping[str, Any]]) -> str:
    return ",\n".join(f"  {json.dumps(record, ensure_ascii=False)}" for record in records)


def load_decisions(path: str | Path) -> Decisions:
    """Return the decisions in a file, "-" for standard input.

    Raises:
        InputError: it cannot be read, or holds something that is no decision; says where.
    """
    name = named(path)
    value = parse(read_text(path, encoding="utf-8").text, name)
    if not isinstance(value, dict) or not all(isinstance(value.get(key), list) for key in ("documents", "decisions")):
        raise InputError(f"{name} holds no decisions: it has no lists of documents and decisions")
    documents = tuple(_document(r, f"{name}: documents[{k}]") for k, r in enumerate(value["documents"]))
    lengths = {doc.id: doc.length for doc in documents}
    if len(lengths) < len(documents):
        raise InputError(f"{name}: the ids of its documents must differ")
    items = tuple(_decision(r, f"{name}: decisions[{k}]", lengths) for k, r in enumerate(value["decisions"]))
    return Decisions(documents, items, name)


def _document(record: Any, where: str) -> Decided:
    match record:
        case {"id": str(own), "language": str(language), "sha256": str(sha256), "length": int(length)}:
            return Decided(own, language, sha256, length)
    raise InputError(f"{where} does not give id, language, sha256 and length of a text")


def _decision(record: Any, where: str, lengths: Mapping[str, int]) -> Decision:
    if not isinstance(record, dict) or not isinstance(record.get("spans"), dict):
        raise InputError(f"{where} is no decision: it has no spans by document")
    verdict = record.get("verdict")
    if verdict not in ("confirmed", "refused"):
        raise InputError(f"{where}: the verdict is {verdict!r}, neither confirmed nor refused")
    for name in record["spans"]:
        if name not in lengths:
            raise InputError(f"{where} speaks of a document {name!r} that the file does not list")
    spans = {name: _spans(pairs, f"{where}, {name}", lengths[name]) for name, pairs in record["spans"].items()}
    filled = sum(1 for found in spans.values() if found)
    if len(spans) < 2 or filled < (1 if verdict == "confirmed" else 2):
        raise InputError(f"{where}: what is {verdict} must name passages, and of two versions or more")
    note = record.get("note", "")
    return Decision(verdict, spans, note if isinstance(note, str) else "")


def _spans(pairs: Any, where: str, length: int) -> tuple[Span, ...]:
    if not isinstance(pairs, list):
        raise InputError(f"{where}: the spans are no list")
    return tuple(_span(pair, where, length) for pair in pairs)


def _span(pair: Any, where: str, length: int) -> Span:
    match pair:
        case [int(start), int(end)] if 0 <= start < end <= length:
            return Span(start, end)
    raise InputError(f"{where}: {pair!r} is no [start, end] within {length} characters")


# What they mean for versions


def reinstated(versions: Sequence[Segmented], decisions: Decisions) -> list[Segmented]:
    """Return the versions, and no longer as furniture what a person linked with another version.

    Raises:
        WrongTextError: the decisions are on other texts.
    """
    numbers = _numbers(decisions, [version.document for version in versions])
    linked: dict[int, list[Span]] = defaultdict(list)
    for decision in decisions.items:
        if decision.verdict == "confirmed" and sum(map(bool, decision.spans.values())) > 1:
            for name, spans in decision.spans.items():
                if name in numbers:
                    linked[numbers[name]] += spans
    return [_reinstated(version, linked[k]) if k in linked else version for k, version in enumerate(versions)]


def _reinstated(version: Segmented, spans: Sequence[Span]) -> Segmented:
    furniture = [k for k, paragraph in enumerate(version.paragraphs) if paragraph.kind == "furniture"]
    owners = _Owners(version.document, [version.paragraphs[k] for k in furniture])
    back = {furniture[k] for k in owners.inside(spans)}
    if not back:
        return version
    paragraphs, sentences = list(version.paragraphs), list(version.sentences)
    for k in back:
        paragraphs[k] = replace(paragraphs[k], kind="body")
        sentences[k] = tuple(replace(sentence, kind="body") for sentence in sentences[k])
    return replace(version, paragraphs=tuple(paragraphs), sentences=tuple(sentences))


def fixed_of(decisions: Decisions, versions: Sequence[Sentences]) -> dict[Pair, Fixed]:
    """Return what was decided on every two versions, by their numbers; a sentence belongs where most of it stands.

    Raises:
        WrongTextError: the decisions are on other texts.
    """
    documents = [version.source.document for version in versions]
    numbers = _numbers(decisions, documents)
    owners = [
        _Owners(document, [sentence.segment for sentence in version.items])
        for document, version in zip(documents, versions, strict=True)
    ]
    pairs: dict[Pair, _Blocks] = defaultdict(_Blocks)
    for decision in decisions.items:
        sides = {numbers[name]: spans for name, spans in decision.spans.items() if name in numbers}
        inside = {v: owners[v].inside(spans) for v, spans in sides.items()}
        for x, y in combinations(sorted(sides), 2):
            # A passage without a sentence of its own (a few letters of one, page furniture) decides nothing.
            if (inside[x] or inside[y]) and all(inside[v] or not sides[v] for v in (x, y)):
                pairs[x, y].add(decision.verdict, (inside[x], inside[y]))
    return {pair: blocks.fixed() for pair, blocks in pairs.items()}


def _numbers(decisions: Decisions, documents: Sequence[Document]) -> dict[str, int]:
    """Return which document each text of the decisions is; one that is not there at all is passed over."""
    numbers: dict[str, int] = {}
    for text in decisions.documents:
        same = [k for k, doc in enumerate(documents) if doc.sha256 == text.sha256 and k not in numbers.values()]
        if same:
            numbers[text.id] = next((k for k in same if documents[k].id == text.id), same[0])
    for k, doc in enumerate(documents):
        known = any(text.id == doc.id for text in decisions.documents)
        if k not in numbers.values() and (known or (decisions.items and len(numbers) < 2)):
            raise WrongTextError(
                f"{decisions.source}: these decisions are on another text than {doc.source or doc.id} has now; bring "
                "that text back, or align without them"
            )
    return numbers


class _Owners:
    """Which segment of a document has which character."""

    def __init__(self, document: Document, segments: Sequence[Segment]) -> None:
        self._owner = np.full(len(document.text), -1, dtype=np.int32)
        self._sizes = [sum(map(len, segment.spans)) for segment in segments]
        for k, segment in enumerate(segments):
            for span in segment.spans:
                self._owner[span.start : span.end] = k

    def inside(self, spans: Iterable[Span]) -> Numbers:
        """Return the segments of which more than half stands in some spans."""
        held: Counter[int] = Counter()
        for span in spans:
            owners, counts = np.unique(self._owner[span.start : span.end], return_counts=True)
            held.update(dict(zip(owners.tolist(), counts.tolist(), strict=True)))
        return frozenset(k for k, count in held.items() if k >= 0 and count * 2 > self._sizes[k])


class _Blocks:
    """Decisions on two versions, of which a later one takes back what it contradicts."""

    def __init__(self) -> None:
        self.confirmed: list[Block] = []
        self.refused: list[Block] = []

    def add(self, verdict: Verdict, block: Block) -> None:
        if verdict == "confirmed":
            self.refused = [rest for old in self.refused for rest in _without(old, block)]
            self.confirmed = [old for old in self.confirmed if not _contradict(old, block)]
            self.confirmed.append(block)
        else:
            self.confirmed = [old for old in self.confirmed if not (all(old) and _within(old, block))]
            self.refused.append(block)

    def fixed(self) -> Fixed:
        confirmed, refused = (
            [(tuple(sorted(a)), tuple(sorted(b))) for a, b in blocks] for blocks in (self.confirmed, self.refused)
        )
        return Fixed(confirmed, refused)


def _within(one: Block, other: Block) -> bool:
    return one[0] <= other[0] and one[1] <= other[1]


def _contradict(one: Block, other: Block) -> bool:
    """Return whether two links that are right cannot both be: they share a sentence, and neither is a part."""
    if not one[0] & other[0] and not one[1] & other[1]:
        return False
    same = [bool(a) == bool(b) for a, b in zip(one, other, strict=True)]
    return not (all(same) and (_within(one, other) or _within(other, one)))


def _without(refused: Block, confirmed: Block) -> list[Block]:
    """Return what stays refused after a link was confirmed; a part of it may still be wrong."""
    (a, b), (own, theirs) = refused, confirmed
    if not a & own or not b & theirs or (_within(refused, confirmed) and refused != confirmed):
        return [refused]
    return [(x, y) for x, y in ((a - own, b), (a & own, b - theirs)) if x and y]
