"""`tetrapla terms`: which concepts a text names, and by which names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tetrapla.cli._console import (
    Encoding,
    LanguageCode,
    Output,
    check_output,
    counted,
    deliver,
    say,
    say_generic,
    table,
)

if TYPE_CHECKING:
    from tetrapla.glossary import Row
    from tetrapla.model import Mention, Segmented


def terms(
    file: Annotated[str, typer.Argument(metavar="FILE|ALIGNMENT", help="A text, or what `tetrapla align` wrote.")],
    format: Annotated[Literal["table", "json"], typer.Option(help="How to print them.")] = "table",  # noqa: A002
    output: Output = "-",
    language: LanguageCode = None,
    encoding: Encoding = None,
) -> None:
    """List the concepts that a text, or each version of an alignment, names, and by which names.

    Example: tetrapla terms out.json

    Example: tetrapla terms zh.txt --format json
    """
    from tetrapla.glossary import load, match
    from tetrapla.glossary import table as tabulated

    check_output(output, [file])
    glossary = load()
    versions = _versions(file, language, encoding)
    say_generic(version.document for version in versions)
    mentions = {version.document.id: match(version, glossary) for version in versions}
    rows = tabulated(mentions, glossary)
    if format == "json":
        deliver(json.dumps([_record(row, mentions) for row in rows], ensure_ascii=False, indent=1) + "\n", output)
        return
    if rows:
        cells = [(row.concept.id, *(_forms(row, name) for name in mentions)) for row in rows]
        deliver(table(("concept", *mentions), cells), output)
    say(counted(len(rows), "concept"))


def _versions(file: str, language: str | None, encoding: str | None) -> list[Segmented]:
    from tetrapla.formats import read
    from tetrapla.formats.json import load_alignment
    from tetrapla.segment import segment

    if file.lower().endswith(".json"):
        return [segment(doc) for doc in load_alignment(file, encoding=encoding).documents]
    return [segment(read(file, language=language, encoding=encoding))]


def _forms(row: Row, name: str) -> str:
    marks = {"preferred": "", "admitted": "", "deprecated": " (deprecated)", "noise": " (wrong)"}
    return "; ".join(f"{form.term.form}{marks[form.term.status]} ×{form.count}" for form in row.forms[name]) or "–"


def _record(row: Row, mentions: dict[str, list[Mention]]) -> dict[str, Any]:
    from tetrapla.glossary import as_json

    places = {name: [m for m in found if m.concept == row.concept.id] for name, found in mentions.items()}
    return as_json(row.concept) | {"mentions": {name: _places(found) for name, found in places.items()}}


def _places(found: Sequence[Mention]) -> list[dict[str, Any]]:
    return [
        {
            "form": mention.term.form,
            "status": mention.term.status,
            "text": mention.matched,
            "spans": [[span.start, span.end] for span in mention.spans],
        }
        for mention in found
    ]
