"""JSON Lines: findings, and edits with what it takes to undo them.

A finding a line, by start:

    {"type": "hyphenation", "start": 0, "end": 12, "text": "innova- tion", "replacement": "innovation",
     "score": 0.98, "grade": "safe", "message": "…", "evidence": {…}}

with `concept` and `zh` where a concept is meant, `kept` for the copy that a duplicate repeats and `spans` where it has
several; `replacement` is absent where nothing is proposed. A file of edits begins with a line on the text that they
belong to, its bytes (encoding, newline, BOM) and the text that they make of it, so that undoing gives every byte back:

    {"tetrapla": "0.1.0", "path": "en.txt", "sha256": "…", "length": 20391, "encoding": "cp1252", "bom": false,
     "newline": "\\r\\n", "cleaned": "…"}
    {"id": "0-12-hyphenation", "start": 0, "end": 12, "original": "innova- tion", "replacement": "innovation",
     "rule": "hyphenation", "grade": "safe"}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from tetrapla import __version__
from tetrapla.errors import InputError, WrongTextError
from tetrapla.files import Decoded, decode, named, read_bytes, read_text
from tetrapla.formats.json import plain
from tetrapla.model import Concept, Document, Edit, Finding, Grade, Span, View, sha256_of
from tetrapla.stream import TextStream

__all__ = [
    "EditLog",
    "dump_edit",
    "dump_edits",
    "dump_findings",
    "finding_record",
    "load_edits",
    "load_findings",
]

PIVOT_LANGUAGE = "zh"  # the glossary's concepts are named after their Chinese terms


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=plain)


def finding_record(finding: Finding, doc: Document, glossary: Mapping[str, Concept] | None = None) -> dict[str, Any]:
    """Return a finding as a record; `glossary`, by id, gives the Chinese term of its concept."""
    record: dict[str, Any] = {
        "type": finding.type,
        "start": finding.start,
        "end": finding.end,
        "text": doc[Span(finding.start, finding.end)],
    }
    if finding.replacement is not None:
        record["replacement"] = finding.replacement
    record |= {"score": finding.score, "grade": finding.grade, "message": finding.message}
    if finding.concept is not None:
        record["concept"] = finding.concept
        concept = (glossary or {}).get(finding.concept)
        if concept is not None and (term := concept.preferred(PIVOT_LANGUAGE)):
            record["zh"] = term
    if finding.kept is not None:
        record["kept"] = [finding.kept.start, finding.kept.end]
    if len(finding.spans) > 1:
        record["spans"] = [[span.start, span.end] for span in finding.spans]
    record["evidence"] = finding.evidence
    return record


def dump_findings(findings: Iterable[Finding], doc: Document, glossary: Mapping[str, Concept] | None = None) -> str:
    """Return findings as JSON Lines, in the order given."""
    return "".join(f"{_line(finding_record(finding, doc, glossary))}\n" for finding in findings)


def load_findings(path: str | Path) -> list[Finding]:
    """Return the findings in a file; an empty one has none.

    Raises:
        InputError: a line is no finding; says which.
    """
    data = read_bytes(path)
    if not data.strip():
        return []
    name = named(path)
    findings = []
    for where, record in _records(decode(data, source=path, encoding="utf-8").text, name):
        try:
            findings.append(_finding(record))
        except (KeyError, TypeError, ValueError) as e:
            raise InputError(f"{where}: this is no finding ({_why(e)})") from e
    return findings


def _finding(record: Mapping[str, Any]) -> Finding:
    spans = record.get("spans") or [[record["start"], record["end"]]]
    kept = record.get("kept")
    return Finding(
        type=str(record["type"]),
        spans=tuple(Span(int(start), int(end)) for start, end in spans),
        score=float(record["score"]),
        grade=_grade(record["grade"]),
        replacement=record.get("replacement"),
        concept=record.get("concept"),
        kept=None if kept is None else Span(*kept),
        evidence=record.get("evidence", {}),
        message=record.get("message", ""),
    )


def _grade(value: str) -> Grade:
    for grade in get_args(Grade):
        if value == grade:
            return grade  # type: ignore[no-any-return]  # get_args forgets that these are the grades
    raise ValueError(f"grade {value!r} is neither safe nor review")


def _records(text: str, name: str) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield each line's object with its place for messages; blank lines are passed over."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as e:
            raise InputError(f"{where}: this is no JSON ({e.msg.lower()})") from e
        if not isinstance(record, dict):
            raise InputError(f"{where}: this is no JSON object")
        yield where, record


def _why(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


@dataclass(frozen=True)
class EditLog:
    """Edits with the text that they belong to: its hash, length and file, and the hash of what they make of it."""

    path: str
    sha256: str
    length: int
    encoding: str
    bom: bool
    newline: str
    cleaned: str
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, view: View, decoded: Decoded) -> EditLog:
        """Return the log of a view's edits; `decoded` is the file that its document came out of.

        Raises:
            InputError: the file's bytes could not be given back (see `Decoded.exact`).
        """
        doc = view.document
        log = cls.head(decoded, path=doc.source, sha256=doc.sha256, length=len(doc.text), cleaned=sha256_of(view.text))
        return replace(log, edits=view.edits)

    @classmethod
    def head(cls, came: Decoded | TextStream, *, path: str, sha256: str, length: int, cleaned: str) -> EditLog:
        """Return a log without edits: what is known of the text that came out of a file, and of what is made of it.

        Raises:
            InputError: the file's bytes could not be given back (see `Decoded.exact`).
        """
        if not came.exact:
            raise InputError(
                f"{came.source}: {came.encoding} writes some character two ways, so that undoing could not give "
                "every byte back; convert the file to UTF-8 first"
            )
        return cls(path, sha256, length, came.encoding, came.bom, came.newline, cleaned, edits=())

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text as the file had them."""
        return Decoded(text, self.encoding, self.bom, self.newline, self.path).encode()

    def raw(self, data: bytes, *, source: str | Path) -> Document:
        """Return the text that the edits belong to, out of its file's bytes.

        Raises:
            WrongTextError: it is another text.
        """
        text = self._known(data, source, self.sha256)
        if text is None:
            raise WrongTextError(f"these edits belong to {self.path} as it was then, not to {named(source)}")
        return Document("document", "und", text, str(source))

    def made(self, data: bytes, *, source: str | Path) -> str:
        """Return the text that the edits made, out of its file's bytes.

        Raises:
            WrongTextError: it is another text, or was changed since.
        """
        text = self._known(data, source, self.cleaned)
        if text is None:
            raise WrongTextError(f"{named(source)} is not the text that these edits made of {self.path}")
        return text

    def without(self, ids: Collection[str], text: str) -> EditLog:
        """Return what is left of the log when the edits with these ids are undone, which gives `text`.

        Raises:
            WrongTextError: nothing is left, and it is not the text that the edits were made for.
        """
        left = tuple(edit for edit in self.edits if edit.id not in ids)
        cleaned = sha256_of(text)
        if not left and cleaned != self.sha256:
            raise WrongTextError(f"the edits do not lead back to {self.path}: their file was changed")
        return replace(self, edits=left, cleaned=cleaned)

    def _known(self, data: bytes, source: str | Path, sha256: str) -> str | None:
        """Return the text of some bytes if its hash is the one given: read as the log says, else as one would guess.

        By its hash it is known to be a text, whatever it looks like: what is cleaned may be empty.
        """
        try:
            text = data.decode(self.encoding).removeprefix("\ufeff" if self.bom else "")
        except (UnicodeDecodeError, LookupError):
            text = ""
        if sha256_of(text) != sha256:
            text = decode(data, source=source).text
        return text if sha256_of(text) == sha256 else None


def dump_edits(log: EditLog) -> str:
    """Return edits as JSON Lines, the text they belong to in the first."""
    head = {
        "tetrapla": __version__,
        "path": log.path,
        "sha256": log.sha256,
        "length": log.length,
        "encoding": log.encoding,
        "bom": log.bom,
        "newline": log.newline,
        "cleaned": log.cleaned,
    }
    return "".join([f"{_line(head)}\n", *map(dump_edit, log.edits)])


def dump_edit(edit: Edit) -> str:
    """Return an edit as a line of JSON."""
    record = {
        "id": edit.id,
        "start": edit.span.start,
        "end": edit.span.end,
        "original": edit.original,
        "replacement": edit.replacement,
        "rule": edit.rule,
        "grade": edit.grade,
    }
    return f"{_line(record)}\n"


def load_edits(path: str | Path) -> EditLog:
    """Return the edits in a file.

    Raises:
        InputError: it holds none, or a line is malformed; says which.
    """
    name = named(path)
    (where, head), *lines = _records(read_text(path, encoding="utf-8").text, name)
    try:
        log = _head(head)
        edits = []
        for line, record in lines:
            where = line
            edits.append(_edit(record))
    except (KeyError, TypeError, ValueError) as e:
        raise InputError(f"{where}: this is no file of edits; `tetrapla clean --edits` writes one ({_why(e)})") from e
    return replace(log, edits=tuple(sorted(edits)))


def _head(record: Mapping[str, Any]) -> EditLog:
    words = {key: record[key] for key in ("path", "sha256", "encoding", "newline", "cleaned")}
    if not all(isinstance(word, str) for word in words.values()):
        raise TypeError("a field of the first line is no text")
    return EditLog(**words, length=int(record["length"]), bom=bool(record["bom"]), edits=())


def _edit(record: Mapping[str, Any]) -> Edit:
    span = Span(int(record["start"]), int(record["end"]))
    original, replacement, rule = (str(record[key]) for key in ("original", "replacement", "rule"))
    return Edit(span, original, replacement, rule, _grade(record["grade"]))
