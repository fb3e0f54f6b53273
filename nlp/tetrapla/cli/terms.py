"""`tetrapla terms`: which concepts a text names, by which names, and how uniformly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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
    from tetrapla.glossary import FormCount, Glossary, Row, Usage
    from tetrapla.model import Mention, Segmented

MARKS = {"preferred": "", "admitted": "", "deprecated": " (deprecated)", "noise": " (wrong)"}


def terms(
    file: Annotated[str, typer.Argument(metavar="FILE|ALIGNMENT", help="A text, or what `tetrapla align` wrote.")],
    consistency: Annotated[
        bool,
        typer.Option(
            "--consistency", help="Tell where a concept has several names, which one to use, and what to change."
        ),
    ] = False,
    format: Annotated[Literal["table", "json"], typer.Option(help="How to print them.")] = "table",  # noqa: A002
    output: Output = "-",
    language: LanguageCode = None,
    encoding: Encoding = None,
) -> None:
    """List the concepts that a text, or each version of an alignment, names, and by which names.

    With --consistency the table has the concepts that a version does not name uniformly, JSON has all, with the places
    to change; `tetrapla clean --terms` changes them.

    Example: tetrapla terms out.json

    Example: tetrapla terms out.json --consistency

    Example: tetrapla terms zh.txt --format json
    """
    from tetrapla.glossary import load
    from tetrapla.glossary import table as tabulated

    check_output(output, [file])
    glossary = load()
    versions, mentions = _mentions(file, glossary, language, encoding)
    say_generic(version.document for version in versions.values())
    if consistency:
        _tell_usage(versions, mentions, glossary, format, output)
        return
    rows = tabulated(mentions, glossary)
    if format == "json":
        places = {name: _by_concept(found) for name, found in mentions.items()}
        _deliver_json([_record(row, places) for row in rows], output)
        return
    if rows:
        cells = [(row.concept.id, *(_forms(row.forms[name]) for name in mentions)) for row in rows]
        deliver(table(("concept", *mentions), cells), output)
    say(counted(len(rows), "concept"))


def _mentions(
    file: str, glossary: Glossary, language: str | None, encoding: str | None
) -> tuple[dict[str, Segmented], dict[str, list[Mention]]]:
    """Return the versions in a file and what they name, both by document id."""
    from tetrapla.formats import read
    from tetrapla.formats.json import load_alignment
    from tetrapla.glossary import match
    from tetrapla.readings import decide
    from tetrapla.segment import segment

    if not file.lower().endswith(".json"):
        version = segment(read(file, language=language, encoding=encoding))
        return {version.document.id: version}, {version.document.id: match(version, glossary)}
    alignment = load_alignment(file, encoding=encoding)
    versions = {doc.id: segment(doc) for doc in alignment.documents}
    return versions, decide(alignment, {name: match(version, glossary) for name, version in versions.items()})


def _deliver_json(records: object, output: str) -> None:
    deliver(json.dumps(records, ensure_ascii=False, indent=1) + "\n", output)


def _forms(forms: Iterable[FormCount]) -> str:
    return "; ".join(f"{form.term.form}{MARKS[form.term.status]} ×{form.count}" for form in forms) or "–"


def _by_concept(found: Sequence[Mention]) -> dict[str, list[Mention]]:
    places: dict[str, list[Mention]] = {}
    for mention in found:
        places.setdefault(mention.concept, []).append(mention)
    return places


def _record(row: Row, places: Mapping[str, Mapping[str, Sequence[Mention]]]) -> dict[str, Any]:
    """Return a row with the places of its mentions, which go by document and concept."""
    from tetrapla.glossary import as_json

    here = {name: _places(found.get(row.concept.id, ())) for name, found in places.items()}
    return as_json(row.concept) | {"mentions": here}


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


def _tell_usage(
    versions: Mapping[str, Segmented],
    mentions: Mapping[str, Sequence[Mention]],
    glossary: Glossary,
    format: str,  # noqa: A002
    output: str,
) -> None:
    from tetrapla.glossary import usages

    used = {name: usages(mentions[name], glossary, version.document.language) for name, version in versions.items()}
    if format == "json":
        records = [
            record
            for name, version in versions.items()
            for record in _usage_records(version, mentions[name], used[name], glossary)
        ]
        _deliver_json(records, output)
        return
    rows = [
        (
            usage.concept.id,
            name,
            f"{usage.share:.0%}",
            usage.use.form if usage.use else "–",
            _forms(usage.forms),
            _do(usage),
        )
        for concept in glossary
        for name, found in used.items()
        for usage in found
        if usage.concept.id == concept and usage.to_change
    ]
    if rows:
        columns = ("concept", "version", "uniform", "use", "used", "to change")
        deliver(table(columns, rows, right=("uniform",)), output)
    for name, found in used.items():
        alike = sum(not usage.to_change for usage in found)
        say(f"{name}: {counted(len(found), 'concept')}, {alike} uniform, {_changes(found)} to change")


def _do(usage: Usage) -> str:
    return f"{sum(form.count for form in usage.to_change)} of {usage.total}"


def _changes(found: Iterable[Usage]) -> int:
    return sum(form.count for usage in found for form in usage.to_change)


def _usage_records(
    version: Segmented, mentions: Sequence[Mention], used: Sequence[Usage], glossary: Glossary
) -> list[dict[str, Any]]:
    """Return how a version names its concepts, and where which words would give way to which."""
    from tetrapla.clean.terms import replacements

    doc = version.document
    names = {usage.concept.id: usage.use for usage in used if usage.use is not None}
    places: dict[str, list[dict[str, Any]]] = {}
    for finding in replacements(doc, mentions, names, glossary):
        places.setdefault(finding.concept or "", []).append(
            {
                "text": " … ".join(doc[span] for span in finding.spans),
                "spans": [[span.start, span.end] for span in finding.spans],
                "form": finding.evidence["form"],
                "status": finding.evidence["status"],
                "replacement": finding.replacement,
                "score": round(finding.score, 2),
            }
        )
    return [_usage_record(doc.id, usage, places.get(usage.concept.id, [])) for usage in used]


def _usage_record(name: str, usage: Usage, places: list[dict[str, Any]]) -> dict[str, Any]:
    changed = {form.term for form in usage.to_change}
    return {
        "concept": usage.concept.id,
        "document": name,
        "total": usage.total,
        "dominant": usage.dominant.term.form if usage.dominant else None,
        "uniform": round(usage.share, 3),
        "use": usage.use.form if usage.use else None,
        "forms": [
            {
                "form": form.term.form,
                "status": form.term.status,
                "count": form.count,
                "change": form.term in changed,
            }
            for form in usage.forms
        ],
        "places": places,
    }
