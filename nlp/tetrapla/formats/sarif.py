"""SARIF 2.1.0 (OASIS, 2020): findings as editors and code hosts show those of linters.

One run with a rule for each type and a result for each finding. Lines and columns count from 1, offsets from 0, both
in Unicode code points (`columnKind`); the end is the place after the last character. The level tells how much it
matters: a safe finding, or one that is sure enough, is a warning, another one a note; `rank` is the score in percent.
A fix does what `tetrapla clean --review` would do about the finding alone. The fingerprint is of the words at the
place and around it, so that a result stays the same where lines are added above.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tetrapla import __version__
from tetrapla.files import STDIN
from tetrapla.formats.json import plain
from tetrapla.formats.jsonl import finding_record
from tetrapla.model import Concept, Document, Finding, Span

__all__ = ["SCHEMA", "VERSION", "dump_sarif"]

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "wordsAround/v1"
AROUND = 40  # characters on either side of a finding that its fingerprint knows
SURE = 0.7  # from here on what is to be reviewed is a warning
# What a record of a finding has beyond what SARIF has a place for.
OWN = ("grade", "concept", "zh", "evidence")
PLACEHOLDER = re.compile(r"([{}])")
LINK = re.compile(r"([\[\]])(?=[^\[\]]*\]\(|\()")


def dump_sarif(
    checked: Iterable[tuple[Document, Sequence[Finding]]], glossary: Mapping[str, Concept] | None = None
) -> str:
    """Return the findings in some documents as a SARIF log; `glossary`, by id, gives the Chinese term of a concept.

    Files below the working directory are named relative to it, so that the log tells nothing of the machine.
    """
    pairs = list(checked)
    rules = _rules(finding.type for _, findings in pairs for finding in findings)
    places = {rule["id"]: k for k, rule in enumerate(rules)}
    results, artifacts = [], []
    for index, (doc, findings) in enumerate(pairs):
        text = _Text(doc, index)
        artifacts.append(
            {"location": {"uri": text.uri}, "properties": {"language": doc.language, "sha256": doc.sha256}}
        )
        seen: Counter[str] = Counter()
        results += [_result(text, finding, places, seen, glossary) for finding in findings]
    driver = {"name": "Tetrapla", "version": __version__, "semanticVersion": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "artifacts": artifacts, "results": results}
    log = {"$schema": SCHEMA, "version": VERSION, "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1, default=plain) + "\n"


def _rules(found: Iterable[str]) -> list[dict[str, Any]]:
    """Return a rule for each type that there is a check for, and for those that were found without one."""
    from tetrapla.checks import every

    rules: dict[str, dict[str, Any]] = {}
    for check in every():
        rule = rules.setdefault(check.name, {"id": check.name})
        # Where two checks look for a type, the one that sees other versions too says more.
        rule["shortDescription" if "shortDescription" not in rule else "fullDescription"] = _message(check.summary)
        rule["defaultConfiguration"] = {"level": "warning" if check.safe else "note"}
    for name in found:
        rules.setdefault(name, {"id": name})
    return [rules[name] for name in sorted(rules)]


def _message(text: str) -> dict[str, str]:
    """Return a text as a message in which nothing is taken for a placeholder or a link."""
    return {"text": LINK.sub(r"\\\1", PLACEHOLDER.sub(r"\1\1", text))}


def _result(
    text: _Text,
    finding: Finding,
    rules: Mapping[str, int],
    seen: Counter[str],
    glossary: Mapping[str, Concept] | None,
) -> dict[str, Any]:
    record = finding_record(finding, text.doc, glossary)
    sure = finding.grade == "safe" or finding.score >= SURE
    result: dict[str, Any] = {
        "ruleId": finding.type,
        "ruleIndex": rules[finding.type],
        "level": "warning" if sure else "note",
        "message": _message(finding.message or finding.type),
        "locations": [text.location(span) for span in finding.spans],
        "rank": round(100 * finding.score, 2),
        "partialFingerprints": {FINGERPRINT: text.fingerprint(finding, seen)},
        "properties": {key: record[key] for key in OWN if key in record},
    }
    if finding.kept is not None:
        result["relatedLocations"] = [text.location(finding.kept) | {"message": {"text": "what it says again"}}]
    if fix := text.fix(finding):
        result["fixes"] = [fix]
    return result


class _Text:
    """A document as a log speaks of it: a uri, lines and columns."""

    def __init__(self, doc: Document, index: int) -> None:
        self.doc = doc
        self.index = index
        self.uri = _uri(doc.source)

    @cached_property
    def starts(self) -> list[int]:
        """Where lines start."""
        return [0, *(feed.end() for feed in re.finditer("\n", self.doc.text))]

    def region(self, span: Span) -> dict[str, int]:
        """Return a stretch as a region."""
        lines = [bisect_right(self.starts, offset) for offset in (span.start, span.end)]
        first, last = (
            offset - self.starts[line - 1] + 1 for offset, line in zip((span.start, span.end), lines, strict=True)
        )
        return {
            "startLine": lines[0],
            "startColumn": first,
            "endLine": lines[1],
            "endColumn": last,
            "charOffset": span.start,
            "charLength": len(span),
        }

    @property
    def artifact(self) -> dict[str, Any]:
        """The file, as a location names it."""
        return {"uri": self.uri, "index": self.index}

    def location(self, span: Span) -> dict[str, Any]:
        """Return a stretch as a location."""
        return {"physicalLocation": {"artifactLocation": self.artifact, "region": self.region(span)}}

    def fix(self, finding: Finding) -> dict[str, Any] | None:
        """Return what would be done about a finding, or None where it proposes nothing or what stands there already."""
        from tetrapla.clean import accept

        edits = accept(self.doc, [finding], review=True, min_score=0.0)
        if not edits:
            return None
        replacements = [
            {"deletedRegion": self.region(edit.span), "insertedContent": {"text": edit.replacement}} for edit in edits
        ]
        change = {"artifactLocation": self.artifact, "replacements": replacements}
        said = f"write “{finding.replacement}”" if finding.replacement else "take it out"
        return {"description": _message(said), "artifactChanges": [change]}

    def fingerprint(self, finding: Finding, seen: Counter[str]) -> str:
        """Return what a finding is known by while its words and those around stay; `seen` tells equal ones apart."""
        words = [" ".join(self.doc.text[max(0, s.start - AROUND) : s.end + AROUND].split()) for s in finding.spans]
        told = "\0".join([finding.type, *(self.doc[span] for span in finding.spans), *words])
        print_ = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[print_] += 1
        return f"{print_}:{seen[print_]}"


def _uri(source: str) -> str:
    """Return the name of a file as a uri: relative below the working directory, absolute elsewhere.

    >>> _uri("texts/año 1.txt")
    'texts/a%C3%B1o%201.txt'
    """
    if source in ("", STDIN):
        return quote(source or "text")
    path = Path(os.path.normpath(Path(source).absolute()))
    try:
        return quote(path.relative_to(Path.cwd()).as_posix().encode("utf-8", "surrogateescape"))
    except ValueError:
        return path.as_uri()
