"""`tetrapla export`: an alignment for other programs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tetrapla.cli._console import STDOUT, Encoding, Output, check_output, counted, deliver, names, say
from tetrapla.errors import InputError


def export(
    alignment: Annotated[str, typer.Argument(metavar="ALIGNMENT", help="What `tetrapla align` wrote.")],
    to: Annotated[
        str,
        typer.Option(metavar="FORMAT", help="tmx, xliff, xlsx, docx, tsv, moses, xces, tei, html or jsonl."),
    ],
    output: Output = STDOUT,
    level: Annotated[
        Literal["passages", "sentences", "both"], typer.Option(help="Beads of passages, of sentences, or both.")
    ] = "passages",
    versions: Annotated[
        list[str] | None,
        typer.Option(metavar="A,B", help="These versions only, the source first; all otherwise, the pivot first."),
    ] = None,
    linked: Annotated[bool, typer.Option("--linked", help="Only what all of these versions have.")] = False,
    cleaned: Annotated[bool, typer.Option("--cleaned", help="The texts after the safe repairs.")] = False,
    encoding: Encoding = None,
) -> None:
    """Write an alignment, with the texts, for other programs.

    TMX, XLIFF 2.1 (two versions), sheets and documents for an office program, a table (TSV), plain text a line a bead
    (Moses), links between sentences (XCES as OPUS has it, TEI), the report, or JSON Lines. Formats of several files
    write them beside -o, whose name they begin with.

    Example: tetrapla export out.json --to tmx --level both -o out.tmx

    Example: tetrapla export out.json --to xliff --versions zh,en -o out.xlf

    Example: tetrapla export out.json --to moses --linked -o corpus
    """
    from tetrapla import exports
    from tetrapla.formats import Known
    from tetrapla.formats.json import load_alignment
    from tetrapla.pipeline import find, reopen
    from tetrapla.progress import on_terminal

    form = exports.registry.get(to)
    loaded = load_alignment(alignment, encoding=encoding)
    stem = output.removesuffix(form.suffix)
    options = exports.Options(level, cleaned, linked, "alignment" if output == STDOUT else stem.rpartition("/")[2])
    wanted = exports.chosen(to, loaded, names(versions), options)
    if form.several and output == STDOUT:
        raise InputError(f"{to} is several files; say what their names begin with: -o STEM")
    with on_terminal() as progress:
        aligned = reopen(loaded, progress=progress)
        findings = find(aligned, progress=progress) if form.findings or cleaned else None
    known = Known(aligned.alignment, aligned.versions, aligned.mentions, findings)
    made = exports.dump(to, known, wanted, options)
    files = {stem + end if end else output: content for end, content in made.items()}
    for path in files:
        check_output(path, [alignment, *(doc.source for doc in loaded.documents)])
    for path, content in files.items():
        deliver(content, path)
    if output != STDOUT:
        say(f"{counted(len(files), 'file')}: {', '.join(files)}")
