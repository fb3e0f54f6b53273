"""`tetrapla check`: what is wrong with a text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tetrapla.cli._console import (
    Config,
    Encoding,
    LanguageCode,
    Lm,
    NoConfig,
    Only,
    Output,
    Skip,
    check_output,
    counted,
    deliver,
    names,
    say,
    say_generic,
    screen_width,
    settings_of,
    shorten,
    table,
)
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.model import Concept, Document, Finding
    from tetrapla.settings import Settings

WIDE = 100  # columns of a terminal from which on a table has room for the reasons
# Columns of a table: what a passage and its repair get beside reasons, a file's name with the line, and all the rest.
QUOTED, REPAIR, PLACE, REST = 22, 18, 34, 46


@dataclass(frozen=True)
class Checked:
    """A text with what was found in it; `glossary` has the concepts that findings speak of."""

    document: Document
    findings: Sequence[Finding]
    glossary: Mapping[str, Concept]


def check(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="Texts; - is standard input.", show_default=False)
    ] = None,
    alignment: Annotated[
        str | None, typer.Option(metavar="OUT.json", help="Check a version in the light of the others.")
    ] = None,
    document: Annotated[str | None, typer.Option(metavar="ID", help="Which version of the alignment, e.g. en.")] = None,
    format: Annotated[  # noqa: A002  its name outside
        Literal["table", "jsonl", "json", "sarif"], typer.Option(help="How to print the findings.")
    ] = "table",
    only: Only = None,
    skip: Skip = None,
    min_score: Annotated[
        float | None, typer.Option(min=0, max=1, help="How sure a finding must be to be shown, 0 to 1.")
    ] = None,
    grade: Annotated[
        Literal["safe", "review"] | None, typer.Option(help="Only what is safe to repair, or only the rest.")
    ] = None,
    lm: Lm = None,
    output: Output = "-",
    config: Config = None,
    no_config: NoConfig = False,
    language: LanguageCode = None,
    encoding: Encoding = None,
) -> None:
    """Find the noise in a text: split words, duplicates, damaged citations, wrong terms ...

    Exits with 1 where something is found.

    Example: tetrapla check en.txt --skip dangling --format jsonl

    Example: tetrapla check --alignment out.json --document en --format sarif -o en.sarif
    """
    if bool(files) == (alignment is not None):
        raise InputError("give one FILE to check, or --alignment OUT.json with --document ID (see --help)")
    given = list(dict.fromkeys(files or ()))
    check_output(output, [*given, *filter(None, (alignment, config))])
    settings = settings_of(config, no_config).checking(only=names(only), skip=names(skip), min_score=min_score)
    if alignment is not None:
        checked = [compared(alignment, document, settings, encoding)]
    else:
        if document is not None:
            raise InputError("--document names a version of an alignment; give --alignment OUT.json too")
        checked = [alone(file, settings, language, encoding) for file in given]
    if lm is not None:
        checked = [_ranked(one, lm) for one in checked]
    say_generic(one.document for one in checked)
    shown = [Checked(one.document, settings.shown(one.findings, grade=grade), one.glossary) for one in checked]
    count = sum(len(one.findings) for one in shown)
    deliver(PRINTED[format](shown), output)
    if format == "table" and output == "-":
        say(counted(count, "finding") if count else "nothing found")
    if count:
        raise typer.Exit(1)


def _ranked(one: Checked, lm: str) -> Checked:
    from tetrapla.progress import on_terminal
    from tetrapla.rank import ranked

    with on_terminal() as progress:
        return replace(one, findings=ranked(one.document, one.findings, lm, progress=progress))


def alone(file: str, settings: Settings, language: str | None, encoding: str | None) -> Checked:
    """Return a text with what is found in it by itself, before settings are applied.

    Raises:
        InputError: it cannot be read.
    """
    from tetrapla.checks import run
    from tetrapla.formats import read
    from tetrapla.glossary import load
    from tetrapla.segment import segment

    doc = read(file, language=language, encoding=encoding)
    return Checked(doc, run(segment(doc), only=settings.check.only, skip=_skipped(settings)), load())


def compared(path: str, subject: str | None, settings: Settings, encoding: str | None) -> Checked:
    """Return a version of an alignment with what is found in it in the light of the others.

    Raises:
        InputError: the alignment cannot be read, or no version is named.
        UnknownNameError: no version is called so.
    """
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
        findings = run(comparison.text, only=settings.check.only, skip=_skipped(settings), comparison=comparison)
    return Checked(comparison.text.document, findings, aligned.glossary)


def _skipped(settings: Settings) -> set[str]:
    return {*settings.check.skip, *settings.off}


def _records(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """Return the findings as records, with the name of the file where there are several."""
    from tetrapla.formats.jsonl import finding_record

    return [
        ({"path": one.document.source} if len(checked) > 1 else {})
        | finding_record(finding, one.document, one.glossary)
        for one in checked
        for finding in one.findings
    ]


def _jsonl(checked: Sequence[Checked]) -> str:
    return "".join(f"{json.dumps(record, ensure_ascii=False, default=dict)}\n" for record in _records(checked))


def _json(checked: Sequence[Checked]) -> str:
    return json.dumps(_records(checked), ensure_ascii=False, indent=1, default=dict) + "\n"


def _sarif(checked: Sequence[Checked]) -> str:
    from tetrapla.formats.sarif import dump_sarif

    return dump_sarif([(one.document, one.findings) for one in checked], checked[0].glossary)


def _table(checked: Sequence[Checked]) -> str:
    """Return the findings as a table, passages in two lines at most; a narrow terminal has no room for the reasons."""
    width = screen_width()
    several, reasons = len(checked) > 1, width >= WIDE
    half = max((width - REST) // 2 - several * PLACE // 2, QUOTED // 2)
    most = {"text": QUOTED if reasons else half, "repair": REPAIR if reasons else half}
    if several:
        most["place"] = PLACE
    rows = [
        [*_row(finding, one.document, most), *([finding.message] if reasons else [])]
        for one in checked
        for finding in one.findings
    ]
    if not rows:
        return ""
    columns = ["place" if several else "line", "type", "grade", "score", "text", "repair"]
    return table([*columns, "why"] if reasons else columns, rows, right=("line", "score"), most=most)


def _row(finding: Finding, doc: Document, most: Mapping[str, int]) -> list[str]:
    line = doc.line_of(finding.start)
    repair = finding.replacement
    return [
        f"{doc.source}:{line}" if "place" in most else f"{line}",
        finding.type,
        finding.grade,
        f"{finding.score:.2f}",
        shorten(" … ".join(doc[span] for span in finding.spans), 2 * most["text"]),
        "" if repair is None else shorten(repair, 2 * most["repair"]) or "(goes)",
    ]


PRINTED = {"table": _table, "jsonl": _jsonl, "json": _json, "sarif": _sarif}
