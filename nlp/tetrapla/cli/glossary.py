"""`tetrapla glossary`: the glossary as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tetrapla.cli._console import Encoding, Output, check_output, counted, deliver, emit, say
from tetrapla.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Look after the glossary of concepts.")


Folder = Annotated[
    Path | None, typer.Option("--glossary", metavar="PATH", help="A folder of record files (*.rec), or one; else ours.")
]


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


SHOWN = 10  # problems of a glossary that was imported


@app.command()
def propose(
    alignment: Annotated[str, typer.Argument(metavar="ALIGNMENT", help="What `tetrapla align` wrote.")],
    output: Output = "-",
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Propose for the versions in this language only.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Proposals of each kind for a version, at most.")] = 100,
    new: Annotated[bool, typer.Option("--new", help="New concepts only.")] = False,
    forms: Annotated[bool, typer.Option("--forms", help="New forms of known concepts only.")] = False,
    folder: Folder = None,
    encoding: Encoding = None,
) -> None:
    """Propose what the glossary lacks: new concepts, and new forms of known ones, as records to go through.

    What is proposed is told by C-value, keyness and what stands opposite; notes give the evidence, and places.

    Example: tetrapla glossary propose out.json -o proposals.rec

    Example: tetrapla glossary propose out.json --language fr --forms --limit 20
    """
    from tetrapla.formats.json import load_alignment
    from tetrapla.glossary import load
    from tetrapla.pipeline import prepare
    from tetrapla.progress import on_terminal
    from tetrapla.propose import propose as proposed
    from tetrapla.propose import records

    check_output(output, [alignment])
    loaded, known = load_alignment(alignment, encoding=encoding), load(folder)
    both = new == forms
    with on_terminal() as progress:
        versions, mentions = prepare(loaded.documents, known, progress)
        found = proposed(
            versions,
            loaded,
            mentions,
            known,
            limit=limit,
            language=language,
            concepts=new or both,
            forms=forms or both,
            progress=progress,
        )
    deliver(records(found.concepts, found.forms, known).text, output)
    say(f"{counted(len(found.concepts), 'new concept')}, {counted(len(found.forms), 'new form')} proposed")


@app.command("export")
def export(
    output: Output = "-",
    to: Annotated[
        str | None, typer.Option(metavar="tbx|ttl|csv|tsv|xlsx|json", help="Format; by the suffix of -o otherwise.")
    ] = None,
    folder: Folder = None,
) -> None:
    """Write the glossary for other programs: TBX (2019), SKOS (Turtle), a table (CSV, TSV, XLSX) or JSON.

    Nothing is lost: `tetrapla glossary import` makes the same concepts of it.

    Example: tetrapla glossary export -o glossary.tbx

    Example: tetrapla glossary export -o glossary.xlsx

    Example: tetrapla glossary export --to tsv --glossary my-glossary/
    """
    from tetrapla.glossary import load
    from tetrapla.glossary.exchange import dump

    check_output(output, [])
    loaded = load(folder)
    deliver(dump(loaded.values(), _suffix(to, output, "--to")), output)
    say(counted(len(loaded), "concept"))


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A glossary in one of these formats; - is standard input.")
    ],
    output: Output = "-",
    from_: Annotated[
        str | None, typer.Option("--from", metavar="tbx|ttl|csv|tsv|xlsx|json", help="Format; by the suffix otherwise.")
    ] = None,
) -> None:
    """Make a record file (*.rec) of a glossary of another program, and say what is wrong with it.

    Ids become small letters and digits joined by hyphens. Where the file tells no status, the first term of a language
    is the preferred one, the others are admitted.

    Example: tetrapla glossary import glossary.tbx -o mine.rec
    """
    from tetrapla.glossary import Glossary, validate
    from tetrapla.glossary.exchange import read

    check_output(output, [file])
    try:
        made = Glossary.of(read(file, _suffix(from_, file, "--from")), name=output)
    except ValueError as e:
        raise InputError(f"{file}: {e}; mend it there, and import it again") from e
    deliver(made.files[0].text, output)
    problems = validate(made)
    for problem in problems[:SHOWN]:
        say(str(problem))
    say(f"{counted(len(made), 'concept')}, {counted(len(problems), 'problem')}")


def _suffix(named: str | None, path: str, option: str) -> str:
    from tetrapla.glossary.exchange import registry

    suffix = f".{named.lower().removeprefix('.')}" if named else Path(path).suffix.lower()
    if suffix not in registry:
        known = ", ".join(name.removeprefix(".") for name in registry)
        what = f"{suffix} is no format of glossaries" if suffix else "nothing tells the format of the glossary"
        raise InputError(f"{what}; name one of {known} by {option}")
    return suffix
