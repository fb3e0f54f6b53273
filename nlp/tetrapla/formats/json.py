"""Alignments as JSON: documents by hash, beads by offsets; no text is stored.

    {"tetrapla": "0.1.0", "pivot": "zh",
     "documents": [{"id": "zh", "language": "zh", "path": "zh.txt", "sha256": "…", "length": 17198}, …],
     "derailed": [{"document": "en", "against": "zh", "spans": [[7975, 21116]], "why": "…", "score": 0.03}, …],
     "gaps": [{"document": "zh", "against": "en", "spans": …, "why": "…", "score": 0.0}, …],
     "beads": [{"id": "b1", "kind": "body", "spans": {"zh": [[0, 9]], "en": [[0, 31]]}, "score": {"en": 0.97},
                "evidence": {…}, "sentences": [{"spans": …, "score": …}, …]}, …]}

Derailed are stretches where the alignment has lost its way, gaps those that the other document lacks: see
`tetrapla.align.derailed`; for the evidence of a bead see `tetrapla.align.evidence`. Files without them are as good.
Reading one takes the files that it was made from, and refuses them where they have changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from tetrapla import __version__
from tetrapla.errors import InputError, WrongTextError
from tetrapla.files import STDIN, named, read_text
from tetrapla.formats import Known, Writer, read, writers
from tetrapla.model import KINDS, NOTHING, Alignment, Bead, Document, Kind, Span, Stretch

__all__ = ["dump_alignment", "head_record", "load_alignment", "parse", "plain"]


def plain(value: object) -> object:
    """Return what the encoder should write for a value it does not know: mappings that are no dict, and sets.

    Raises:
        TypeError: it is something else.
    """
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=plain)


def dump_alignment(alignment: Alignment) -> str:
    """Return an alignment as JSON, a document or a bead a line, so that two of them can be compared line by line."""
    documents = ",\n".join(f"  {_line(_document(doc))}" for doc in alignment.documents)
    beads = ",\n".join(f"  {_line(_bead(bead))}" for bead in alignment.beads)
    head = f'"tetrapla": {_line(__version__)}, "pivot": {_line(alignment.pivot)}'
    told = "".join(
        f' "{name}": [{",".join(f"{chr(10)}  {_line(_stretch(stretch))}" for stretch in stretches)}],\n'
        for name, stretches in (("derailed", alignment.derailed), ("gaps", alignment.gaps))
    )
    return f'{{{head},\n "documents": [\n{documents}\n ],\n{told} "beads": [\n{beads}\n ]}}\n'


def _dump(known: Known) -> str:
    return dump_alignment(known.alignment)


writers.add(".json")(Writer(_dump))


def head_record(alignment: Alignment) -> dict[str, Any]:
    """Return what an alignment is of: all of its record but the beads."""
    documents = [_document(doc) for doc in alignment.documents]
    return {
        "tetrapla": __version__,
        "pivot": alignment.pivot,
        "documents": documents,
        "derailed": [_stretch(stretch) for stretch in alignment.derailed],
        "gaps": [_stretch(stretch) for stretch in alignment.gaps],
    }


def _document(doc: Document) -> dict[str, Any]:
    return {
        "id": doc.id,
        "language": doc.language,
        "path": doc.source,
        "sha256": doc.sha256,
        "length": len(doc.text),
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "document": stretch.document,
        "against": stretch.against,
        "spans": [[span.start, span.end] for span in stretch.spans],
        "why": stretch.why,
        "score": stretch.score,
    }


def _bead(bead: Bead) -> dict[str, Any]:
    return {
        "id": bead.id,
        "kind": bead.kind,
        "spans": {name: [[span.start, span.end] for span in spans] for name, spans in bead.spans.items()},
        "score": bead.score,
        "evidence": bead.evidence,
        "sentences": [_bead(sentence) for sentence in bead.sentences],
    }


def parse(text: str, name: str, *, without: str | None = None) -> Any:
    """Return the value that a JSON text holds; `name` is its file's in the message.

    Fields called `without` are left out as they are met, so that they take no memory.

    Raises:
        InputError: it is malformed; says in which line.
    """

    def kept(record: dict[str | None, Any]) -> dict[str | None, Any]:
        record.pop(without, None)
        return record

    try:
        return json.loads(text, object_hook=kept if without else None)
    except json.JSONDecodeError as e:
        raise InputError(f"{name}, line {e.lineno}: this is no JSON ({e.msg.lower()})") from e
    except (RecursionError, ValueError) as e:  # nested without end; an integer of thousands of digits
        raise InputError(f"{name}: this JSON cannot be read ({e})") from e


def load_alignment(path: str | Path, *, encoding: str | None = None, evidence: bool = True) -> Alignment:
    """Return the alignment in a file, with the texts it was made from.

    Each text is looked for under its path as given: from the working directory, then from the folder of the file.
    `encoding` is that of the texts, where the alignment was made with one named. Without `evidence`, of which there is
    more than of all else, beads have none.

    Raises:
        InputError: the file is no alignment, or a text is not there.
        WrongTextError: a text has changed since the alignment was made.
    """
    name = named(path)
    content = read_text(path, encoding="utf-8").text
    reader = _Reader(name, parse(content, name, without=None if evidence else "evidence"))
    del content  # of a long document some megabytes, which the texts can have
    folder = Path() if str(path) == STDIN else Path(path).parent
    return reader.alignment(folder, encoding)


class _Reader:
    """Reads the parts of an alignment, and says of each that is not as it should be where it stands."""

    def __init__(self, name: str, value: Any) -> None:
        self.name = name
        if not isinstance(value, dict) or not {"documents", "beads"} <= value.keys():
            raise InputError(f"{name} is no alignment: it has no documents and beads; make one with `tetrapla align`")
        self.value = value

    def get(self, record: Any, key: str, kind: type, where: str) -> Any:
        """Return a field of a record, which must be of a type."""
        if not isinstance(record, dict):
            raise InputError(f"{self.name}: {where} is no object")
        value = record.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InputError(f"{self.name}: {key!r} of {where} is not {_NAMES[kind]}")
        return value

    def alignment(self, folder: Path, encoding: str | None) -> Alignment:
        pivot = self.get(self.value, "pivot", str, "the alignment")
        records = self.get(self.value, "documents", list, "the alignment")
        documents = tuple(self.document(r, f"documents[{i}]", folder, encoding) for i, r in enumerate(records))
        lengths = {doc.id: len(doc.text) for doc in documents}
        if len(lengths) < len(documents) or pivot not in lengths:
            raise InputError(f"{self.name}: the ids of its documents must differ, and the pivot {pivot!r} be one")
        beads = self.get(self.value, "beads", list, "the alignment")
        found = []
        for i, record in enumerate(beads):
            found.append(self.bead(record, f"beads[{i}]", lengths))
            beads[i] = None  # it was read, and later beads can have its room
        derailed, gaps = (self.stretches(name, lengths) for name in ("derailed", "gaps"))
        return Alignment(pivot, documents, tuple(found), derailed, gaps)

    def stretches(self, name: str, lengths: Mapping[str, int]) -> tuple[Stretch, ...]:
        records = self.get(self.value, name, list, "the alignment") if name in self.value else []
        return tuple(self.stretch(record, f"{name}[{i}]", lengths) for i, record in enumerate(records))

    def stretch(self, record: Any, where: str, lengths: Mapping[str, int]) -> Stretch:
        own, against, why = (self.get(record, key, str, where) for key in ("document", "against", "why"))
        if against not in lengths:
            raise InputError(f"{self.name}: {where} speaks of a document {against!r} that is not in it")
        spans = self.spans(own, self.get(record, "spans", list, where), where, lengths)
        if not spans:
            raise InputError(f"{self.name}: {where} has no spans")
        score = record.get("score")
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise InputError(f"{self.name}: 'score' of {where} is no number")
        return Stretch(own, against, spans, why, float(score))

    def document(self, record: Any, where: str, folder: Path, encoding: str | None) -> Document:
        own, language, path, sha256 = (self.get(record, k, str, where) for k in ("id", "language", "path", "sha256"))
        if path == STDIN:
            raise InputError(f"{self.name}: {own!r} was read from standard input; align it again from a file")
        candidates = list(dict.fromkeys(p for p in (Path(path), folder / path) if p.is_file()))
        if not candidates:
            raise InputError(f"{self.name}: its text {path} is neither here nor in {folder}; bring it back")
        for candidate in candidates:
            doc = read(candidate, language=language, id=own, encoding=encoding)
            if doc.sha256 == sha256:
                return Document(own, language, doc.text, path)
        raise WrongTextError(
            f"{self.name} was made from another text than {candidates[0]} has now; align again, or bring that text back"
        )

    def bead(self, record: Any, where: str, lengths: Mapping[str, int]) -> Bead:
        kind = self.get(record, "kind", str, where) if "kind" in record else "body"
        if kind not in KINDS:
            raise InputError(f"{self.name}: {where} is of no known kind: {kind!r}; known: {', '.join(KINDS)}")
        spans = self.get(record, "spans", dict, where)
        score = self.get(record, "score", dict, where) if "score" in record else {}
        if not all(isinstance(value, int | float) for value in score.values()):
            raise InputError(f"{self.name}: 'score' of {where} is not numbers by document")
        sentences = self.get(record, "sentences", list, where) if "sentences" in record else []
        return Bead(
            id=self.get(record, "id", str, where) if "id" in record else where,
            kind=cast(Kind, kind),
            spans={name: self.spans(name, value, where, lengths) for name, value in spans.items()},
            score={name: float(value) for name, value in score.items()},
            evidence=self.get(record, "evidence", dict, where) if "evidence" in record else NOTHING,
            sentences=tuple(self.bead(s, f"{where}.sentences[{i}]", lengths) for i, s in enumerate(sentences)),
        )

    def spans(self, name: str, value: Any, where: str, lengths: Mapping[str, int]) -> tuple[Span, ...]:
        if name not in lengths:
            raise InputError(f"{self.name}: {where} speaks of a document {name!r} that is not in it")
        if not isinstance(value, list):
            raise InputError(f"{self.name}: spans of {name} in {where} are no list")
        return tuple([self.span(pair, name, where, lengths[name]) for pair in value])

    def span(self, pair: Any, name: str, where: str, length: int) -> Span:
        match pair:
            case [int(start), int(end)] if 0 <= start <= end <= length:
                return Span(start, end)
        raise InputError(
            f"{self.name}: {pair!r} of {name} in {where} is no [start, end] within its {length} characters"
        )


_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}
