"""`tetrapla glossary`: the glossary as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tetrapla.cli._console import counted, emit, say
from tetrapla.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Look after the glossary of concepts.")


@app.callback()
def glossary() -> None:
    """Look after the glossary of concepts."""


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of record files (*.rec), or one; ours otherwise.")
    ] = None,
) -> None:
    """Check the glossary: ids, statuses, relations that lead nowhere, forms of two concepts.

    Exits with 2 where something is wrong.

    Example: tetrapla glossary check my-glossary/
    """
    from tetrapla.glossary import load, validate

    loaded = load(folder)
    problems = validate(loaded)
    emit("".join(f"{problem}\n" for problem in problems))
    if problems:
        raise InputError(f"the glossary has {counted(len(problems), 'problem')}")
    say(f"{counted(len(loaded), 'concept')}, nothing wrong")
