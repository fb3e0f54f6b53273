"""`tetrapla corpus`: texts that are known by their hash, and where you have them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tetrapla.cli._console import Output, counted, deliver, emit, say, table
from tetrapla.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Texts that are known without being shipped: add yours.")


@app.callback()
def corpus() -> None:
    """Texts that are known without being shipped: add yours."""


@app.command("list")
def list_() -> None:
    """List the texts that are known, and where you have them.

    Example: tetrapla corpus list
    """
    from tetrapla import corpus as library

    here = {item.text.sha256: str(item.path) for item in library.added()}
    known = library.list_known()
    rows = [
        (text.id, text.language, f"{text.length:,}", len(text.paragraphs), text.sha256[:12], here.get(text.sha256, "–"))
        for text in known
    ]
    if rows:
        columns = ("id", "language", "characters", "paragraphs", "sha256", "file")
        emit(table(columns, rows, right=("characters", "paragraphs")))
    say(f"{counted(len(known), 'text')} known, {len(here)} added")


@app.command()
def add(files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files of texts that are known.")]) -> None:
    """Say where you have a known text; it is recognised by what is in it.

    Example: tetrapla corpus add zh.txt en.txt
    """
    from tetrapla import corpus as library

    for item in library.add(files):
        say(f"{item.text.id}: {item.path}")


@app.command()
def verify() -> None:
    """See whether the texts you added are still there and the same. Exits with 2 where one is not.

    Example: tetrapla corpus verify
    """
    from tetrapla import corpus as library

    verdicts = library.verify()
    emit("".join(f"{verdict.id}: {verdict.path}: {verdict.problem or 'sound'}\n" for verdict in verdicts))
    wrong = [verdict for verdict in verdicts if verdict.problem]
    if wrong:
        raise InputError(f"{counted(len(wrong), 'text')} of {len(verdicts)} cannot be used")
    say(f"{counted(len(verdicts), 'text')}, nothing wrong")


@app.command()
def alignment(output: Output = "-") -> None:
    """Write the reviewed alignment of the known texts, with the paths at which you have them.

    Example: tetrapla corpus alignment -o known.json
    """
    from tetrapla import corpus as library

    deliver(library.joined_alignment(), output)
