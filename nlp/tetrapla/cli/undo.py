"""`tetrapla undo`: a text as it was before it was cleaned."""

from __future__ import annotations

from typing import Annotated

import typer

from tetrapla.cli._console import Output, check_output, counted, deliver, names, say
from tetrapla.errors import InputError


def undo(
    cleaned: Annotated[str, typer.Argument(metavar="CLEANED", help="What `tetrapla clean` wrote.")],
    edits: Annotated[str, typer.Option(metavar="EDITS.jsonl", help="The edits that it wrote with it.")],
    edit: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Undo this edit only. Repeatable; ids are in EDITS.jsonl.")
    ] = None,
    left: Annotated[
        str | None,
        typer.Option(metavar="LEFT.jsonl", help="Write the edits that are left, to undo more of them later."),
    ] = None,
    output: Output = "-",
) -> None:
    """Give a cleaned text back as it was, every byte of it, or with single edits undone.

    Example: tetrapla undo en.clean.txt --edits en.edits.jsonl -o en.txt

    Example: tetrapla undo en.clean.txt --edits en.edits.jsonl --edit 0-12-hyphenation --left left.jsonl
    """
    from tetrapla.clean import undo as undone
    from tetrapla.files import read_bytes
    from tetrapla.formats.jsonl import dump_edits, load_edits

    check_output(output, [cleaned, edits])
    if left is not None and left == output:
        raise InputError("--left and the text would both go to one place; give the edits a file of their own")
    log = load_edits(edits)
    chosen = names(edit)
    text = undone(log.made(read_bytes(cleaned), source=cleaned), log.edits, chosen)
    gone = {item.id for item in log.edits} if chosen is None else set(chosen)
    rest = log.without(gone, text)
    deliver(log.encode(text), output)
    if left is not None:
        deliver(dump_edits(rest), left)
    say(f"undid {counted(len(gone), 'edit')}, {len(rest.edits):,} left")
