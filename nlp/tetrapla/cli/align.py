"""`tetrapla align`: which paragraphs of several versions are the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tetrapla.cli._console import Encoding, by_file, check_output, counted, deliver, emit, say, table
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tetrapla.model import Alignment

Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="FILE=CODE", help="Language of a file; detected otherwise. Repeatable."),
]
Alignments = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Where to write; - is standard output. By suffix .json, .parquet or .spacy; JSON otherwise.",
    ),
]


def align(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Two versions or more, in any order.")],
    output: Alignments = "-",
    report: Annotated[str | None, typer.Option(metavar="PAGE.html", help="Write a report to look at, too.")] = None,
    pivot: Annotated[
        str | None, typer.Option(metavar="ID", help="Version whose paragraphs are the units, e.g. zh.")
    ] = None,
    language: Languages = None,
    encoding: Encoding = None,
    backend: Annotated[str, typer.Option(metavar="NAME", help="How links are found.")] = "coverage",
    model: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Ask a model of sentences, too; needs torch."),
    ] = None,
    sentences: Annotated[
        Literal["cut", "lines"],
        typer.Option(help="Cut paragraphs into sentences, or take each line of two files for one, in order."),
    ] = "cut",
    form: Annotated[
        Literal["json", "beads"],
        typer.Option(
            "--format", help="beads: a line for each group of lines, [0, 1]:[0]:0.93 (with --sentences lines)."
        ),
    ] = "json",
) -> None:
    """Align the paragraphs of several versions of one document.

    Writes JSON: each group of passages that translate each other, by offsets, with the probability of each link.
    An output that ends in .parquet is a data set for `datasets`, one in .spacy a DocBin for spaCy.

    Example: tetrapla align zh.txt en.txt es.txt fr.txt -o out.json --report out.html
    """
    if (sentences == "lines") != (form == "beads"):
        raise InputError("--sentences lines and --format beads go together; give both or neither")
    if sentences == "lines":
        _align_lines(files, output, by_file(language), encoding)
        return

    from tetrapla.formats import Known, writer_for
    from tetrapla.pipeline import align_files, find
    from tetrapla.progress import on_terminal
    from tetrapla.report import html

    if report == output:
        raise InputError("--report and -o name the same file; give the page a name of its own")
    for target in filter(None, (output, report)):
        check_output(target, files)
    writer = writer_for(output)
    with on_terminal() as progress:
        aligned = align_files(
            files,
            languages=by_file(language),
            pivot=pivot,
            encoding=encoding,
            backend=backend,
            model=model,
            progress=progress,
        )
        findings = find(aligned, progress=progress) if report is not None or writer.findings else None
        page = None
        if report is not None and findings is not None:
            page = html(aligned.alignment, aligned.versions, findings, aligned.mentions, aligned.glossary)
    deliver(writer.dump(Known(aligned.alignment, aligned.versions, aligned.mentions, findings)), output)
    if report is not None and page is not None:
        deliver(page, report)
    tell = say if "-" in (output, report) else emit
    tell(summary(aligned.alignment))
    if report not in (None, "-"):
        tell(f"report: {report}\n")


def _align_lines(files: list[str], output: str, languages: Mapping[str, str], encoding: str | None) -> None:
    from tetrapla.align.lines import align_lines
    from tetrapla.formats import read_documents
    from tetrapla.progress import on_terminal

    if len(files) != 2:
        raise InputError(f"--sentences lines aligns two files, not {len(files)}")
    check_output(output, files)
    source, target = read_documents(files, languages, encoding=encoding)
    with on_terminal() as progress:
        beads = align_lines(source, target, progress=progress)
    deliver("".join(f"{bead}\n" for bead in beads), output)


def summary(alignment: Alignment) -> str:
    """Return an alignment in a few lines that a person understands."""
    from tetrapla.pipeline import links

    rows = [
        (doc.id + (" (pivot)" if doc.id == alignment.pivot else ""), doc.source, f"{len(doc.text):,}")
        for doc in alignment.documents
    ]
    found = links(alignment)
    lines = [table(("version", "file", "characters"), rows, right=("characters",))]
    for size, count in found.paragraphs.items():
        linked = f"linked in {size} versions" if size > 1 else "in one version only"
        lines.append(f"{counted(count, 'paragraph')} {linked}")
    if found.score is not None:
        lines.append(f"mean probability that a link is right: {found.score:.2f}")
    return "\n".join(lines) + "\n"
