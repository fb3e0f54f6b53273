"""`tetrapla import`: an alignment of another program, or a review sheet, as ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tetrapla.cli._console import STDOUT, Encoding, Output, by_file, check_output, counted, deliver, say
from tetrapla.cli.align import Languages
from tetrapla.errors import InputError


def import_(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="A memory or sheet; or the links between lines, then the two texts."),
    ],
    output: Output = STDOUT,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FORMAT", help="tmx, hunalign, vecalign, bertalign, beads or xlsx; else by name."
        ),
    ] = None,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="Write its links as confirmed, for `tetrapla align --keep`.")
    ] = False,
    language: Languages = None,
    encoding: Encoding = None,
) -> None:
    """Make an alignment of what another program aligned: to score it, look at it, or go on from it.

    A memory (TMX) brings its texts, which are written beside -o. The others link the lines of two texts: numbers with
    tabs (hunalign), [0, 1]:[0]:cost (Vecalign), a list of pairs (Bertalign), or our own beads, whose third field is a
    probability. A review sheet (XLSX) that was edited becomes decisions.

    Example: tetrapla import out.tmx -o memory.json

    Example: tetrapla import out.beads en.txt fr.txt --from beads -o lines.json
    """
    from tetrapla import imports
    from tetrapla.align.decisions import Decisions, decisions_from, dump_decisions
    from tetrapla.formats.json import dump_alignment
    from tetrapla.progress import on_terminal

    stem = "imported" if output == STDOUT else Path(output).name.removesuffix(".json")
    with on_terminal() as progress:
        options = imports.Options(by_file(language), encoding, stem, progress)
        found = imports.read(files, from_, options)
    if found.texts and output == STDOUT:
        raise InputError(f"{files[0]} brings texts with it, which are written beside the alignment: name it with -o")
    beside = {str(Path(output).parent / name): text for name, text in found.texts.items()}
    for path in (output, *beside):
        check_output(path, files)
    for path, text in beside.items():
        deliver(text, path)
    result = found.result
    if decisions and not isinstance(result, Decisions):
        linked = [bead.id for bead in result.beads if sum(map(bool, bead.spans.values())) > 1]
        result = decisions_from(result, linked)
    if isinstance(result, Decisions):
        deliver(dump_decisions(result), output)
        say(counted(len(result.items), "decision"))
    else:
        deliver(dump_alignment(result), output)
        told = f"{counted(len(result.beads), 'bead')} of {', '.join(doc.id for doc in result.documents)}"
        say(f"{told}; texts: {', '.join(beside)}" if beside else told)
