"""`tetrapla demo`: the whole job on a small sample of our own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from tetrapla.cli._console import check_output, counted, deliver, emit, say, table
from tetrapla.cli.align import summary

if TYPE_CHECKING:
    from tetrapla.pipeline import Result

LANGUAGES = ("zh", "en", "es", "fr")


def demo(
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PAGE.html", help="Write a report to look at, too.")
    ] = None,
) -> None:
    """Do the whole job on the sample that comes with Tetrapla: a short article in four languages, scanned and garbled.

    Example: tetrapla demo -o demo.html
    """
    from tetrapla.pipeline import run
    from tetrapla.progress import on_terminal
    from tetrapla.resources import corpus_root

    paths = [str(corpus_root() / "sample" / f"{language}.txt") for language in LANGUAGES]
    if output is not None:
        check_output(output, paths)
    with on_terminal() as progress:
        result = run(paths, progress=progress)
    told = "\n".join((summary(result.alignment), _noise(result), _repairs(result), _concepts(result)))
    if output is None:
        emit(told)
        return
    from tetrapla.report import html

    deliver(html(result.alignment, result.versions, result.findings, result.mentions, result.glossary), output)
    if output == "-":
        say(told)
    else:
        emit(f"{told}\nreport: {output}\n")


def _noise(result: Result) -> str:
    counts = {name: Counter(finding.type for finding in found) for name, found in result.findings.items()}
    types = sorted(set().union(*counts.values()))
    if not types:
        return "no noise found\n"
    rows = [(kind, *(counts[name][kind] or "–" for name in counts)) for kind in types]
    return "noise found\n" + table(("type", *counts), rows, right=tuple(counts))


def _repairs(result: Result) -> str:
    from tetrapla.clean import LINE_JOIN

    joins = {name: sum(edit.rule == LINE_JOIN for edit in view.edits) for name, view in result.views.items()}
    rows = [(name, len(view.edits) - joins[name], joins[name]) for name, view in result.views.items()]
    columns = ("version", "safe repairs", "lines joined")
    return "cleaned\n" + table(columns, rows, right=columns[1:])


def _concepts(result: Result) -> str:
    from tetrapla.glossary import table as tabulated

    rows = tabulated(result.mentions, result.glossary)
    cells = [
        (
            name,
            sum(1 for row in rows if row.forms[name]),
            len(found),
            sum(1 for mention in found if mention.term.status == "noise"),
        )
        for name, found in result.mentions.items()
    ]
    columns = ("version", "concepts", "mentions", "by a wrong name")
    return f"{counted(len(rows), 'concept')} of the glossary\n" + table(columns, cells, right=columns[1:])
