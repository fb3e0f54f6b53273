"""`tetrapla apply`: edits that were made, looked at or changed elsewhere, applied to their text."""

from __future__ import annotations

from typing import Annotated

import typer

from tetrapla.cli._console import Output, check_output, counted, deliver, say


def apply(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text that the edits belong to.")],
    edits: Annotated[str, typer.Option(metavar="EDITS.jsonl", help="What `tetrapla clean --edits` wrote.")],
    output: Output = "-",
) -> None:
    """Apply a file of edits to the text that they belong to; lines may have been taken out of it.

    Example: tetrapla apply en.txt --edits en.edits.jsonl -o en.clean.txt
    """
    from tetrapla.clean import apply as applied
    from tetrapla.files import read_bytes
    from tetrapla.formats.jsonl import load_edits

    check_output(output, [file, edits])
    log = load_edits(edits)
    view = applied(log.raw(read_bytes(file), source=file), log.edits)
    deliver(log.encode(view.text), output)
    say(f"applied {counted(len(view.edits), 'edit')}")
