"""`tetrapla check`: what is wrong with a text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tetrapla.cli._console import (
    Encoding,
    Format,
    Only,
    Output,
    Skip,
    check_output,
    counted,
    deliver,
    names,
    say,
    say_generic,
    shorten,
    table,
)
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.model import Concept, Document, Finding


def check(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A text; - is standard input.")] = None,
    alignment: Annotated[
        str | None, typer.Option(metavar="OUT.json", help="Check a version in the light of the others.")
    ] = None,
    document: Annotated[str | None, typer.Option(metavar="ID", help="Which version of the alignment, e.g. en.")] = None,
    format: Annotated[Format, typer.Option(help="How to print the findings.")] = "table",  # noqa: A002  its name outside
    only: Only = None,
    skip: Skip = None,
    output: Output = "-",
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the text; detected otherwise.")
    ] = None,
    encoding: Encoding = None,
) -> None:
    """Find the noise in a text: split words, duplicates, damaged citations, wrong terms ...

    Exits with 1 where something is found.

    Example: tetrapla check en.txt --skip dangling --format jsonl

    Example: tetrapla check --alignment out.json --document en
    """
    from tetrapla.checks import run
    from tetrapla.glossary import load

    if (file is None) == (alignment is None):
        raise InputError("give one FILE to check, or --alignment OUT.json with --document ID (see --help)")
    check_output(output, filter(None, (file, alignment)))
    chosen, skipped = names(only), names(skip) or ()
    if alignment is not None:
        doc, findings, glossary = _compared(alignment, document, chosen, skipped, encoding)
    else:
        from tetrapla.formats import read
        from tetrapla.segment import segment

        if document is not None:
            raise InputError("--document names a version of an alignment; give --alignment OUT.json too")
        doc = read(str(file), language=language, encoding=encoding)
        findings, glossary = run(segment(doc), only=chosen, skip=skipped), load()
    say_generic([doc])
    deliver(_printed(findings, doc, glossary, format), output)
    if format == "table" and output == "-":
        say(counted(len(findings), "finding") if findings else "nothing found")
    if findings:
        raise typer.Exit(1)


def _compared(
    path: str, subject: str | None, only: Sequence[str] | None, skip: Sequence[str], encoding: str | None
) -> tuple[Document, list[Finding], Mapping[str, Concept]]:
    from tetrapla.checks import run
    from tetrapla.formats.json import load_alignment
    from tetrapla.pipeline import reopen
    from tetrapla.progress import on_terminal

    alignment = load_alignment(path, encoding=encoding)
    if subject is None:
        known = ", ".join(doc.id for doc in alignment.documents)
        raise InputError(f"--alignment needs --document ID, one of {known}")
    with on_terminal() as progress:
        aligned = reopen(alignment, progress=progress)
        comparison = aligned.comparison(subject)
        findings = run(comparison.text, only=only, skip=skip, comparison=comparison)
    return comparison.text.document, findings, aligned.glossary


def _printed(findings: Sequence[Finding], doc: Document, glossary: Mapping[str, Concept], format: Format) -> str:  # noqa: A002
    from tetrapla.formats.jsonl import dump_findings, finding_record

    if format == "jsonl":
        return dump_findings(findings, doc, glossary)
    if format == "json":
        records = [finding_record(finding, doc, glossary) for finding in findings]
        return json.dumps(records, ensure_ascii=False, indent=1, default=dict) + "\n"
    if not findings:
        return ""
    rows = [
        (
            doc.line_of(finding.start),
            finding.type,
            finding.grade,
            f"{finding.score:.2f}",
            shorten(" … ".join(doc[span] for span in finding.spans)),
            _repair(finding),
            finding.message,
        )
        for finding in findings
    ]
    return table(("line", "type", "grade", "score", "text", "repair", "why"), rows, right=("line", "score"))


def _repair(finding: Finding) -> str:
    if finding.replacement is None:
        return ""
    return shorten(finding.replacement) or "(goes)"
