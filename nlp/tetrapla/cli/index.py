"""`tetrapla index`: many documents in one file, for `tetrapla query`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from tetrapla.cli._console import Encoding, LanguageCode, counted, emit, say, table
from tetrapla.errors import InputError

__all__ = ["Index", "app"]

Index = Annotated[
    Path,
    typer.Option(
        "--index", metavar="FILE", envvar="TETRAPLA_INDEX", readable=False, help="The index, a file of its own."
    ),
]
DEFAULT = Path("tetrapla.db")

app = typer.Typer(no_args_is_help=True, help="Collect documents in one file, to ask `tetrapla query` about.")


@app.callback()
def index() -> None:
    """Collect documents in one file, to ask `tetrapla query` about."""


@app.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="What `tetrapla align` wrote (.json), or a text.")
    ],
    index: Index = DEFAULT,
    findings: Annotated[
        bool, typer.Option("--findings/--no-findings", help="Look for noise and make the safe repairs; takes longest.")
    ] = True,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Processes that work on several files at once.")] = 1,
    language: LanguageCode = None,
    encoding: Encoding = None,
) -> None:
    """Put alignments and single texts into an index; the file is made where there is none.

    A file that is there already is skipped, or replaced where it has changed. Whatever stops this, the next run goes on
    from there.

    Example: tetrapla index add out.json --index x.db

    Example: tetrapla index add zh.txt en.txt --index x.db --no-findings
    """
    from tetrapla.progress import on_terminal
    from tetrapla.store import add_files

    states: Counter[str] = Counter()
    with on_terminal() as progress:
        for added in add_files(
            index, files, jobs=jobs, findings=findings, language=language, encoding=encoding, progress=progress
        ):
            states[added.state] += 1
            say(f"{added.name}: {added.state}, {counted(added.passages, 'passage')}")
    if len(files) > 1:
        say(f"{index}: " + ", ".join(f"{count:,} {state}" for state, count in states.items()))


@app.command("list")
def list_(index: Index = DEFAULT) -> None:
    """List what is in an index.

    Example: tetrapla index list --index x.db
    """
    from tetrapla.store import listed, open_store

    with open_store(index) as store:
        sources = listed(store)
    rows = [
        (
            source.name,
            " ".join(source.documents),
            *(f"{count:,}" for count in (source.passages, source.words, source.mentions, source.findings)),
            f"{source.added[:10]} {source.added[11:16]}" if source.complete else "not finished: add it again",
        )
        for source in sources
    ]
    figures = ("passages", "words", "mentions", "findings")
    if rows:
        emit(table(("source", "documents", *figures, "added (UTC)"), rows, right=figures))
    say(f"{counted(len(rows), 'source')}, {counted(sum(source.passages for source in sources), 'passage')}")


@app.command()
def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="A source as `tetrapla index list` has it.")],
    index: Index = DEFAULT,
) -> None:
    """Take sources out of an index; the files that they came from stay.

    Example: tetrapla index remove out.json --index x.db
    """
    from tetrapla.store import open_store
    from tetrapla.store import remove as remove_from

    with open_store(index, write=True) as store:
        rows = [(name, f"{remove_from(store, name):,}") for name in names]
    emit(table(("removed", "passages"), rows, right=("passages",)))


@app.command()
def check(index: Index = DEFAULT) -> None:
    """See whether an index is sound: its file, its rows, its full text. Exits with 2 where it is not.

    Example: tetrapla index check --index x.db
    """
    from tetrapla.store import check as problems_of
    from tetrapla.store import counts, open_store

    with open_store(index) as store:
        problems = problems_of(store)
        rows = [(f"{kind}s", f"{count:,}") for kind, count in counts(store).items()]
    emit(table(("of", "count"), rows, right=("count",)))
    emit("".join(f"{problem}\n" for problem in problems))
    if problems:
        raise InputError(f"{index} has {counted(len(problems), 'problem')}; delete it and add its sources again")
    say(f"{index}: nothing wrong")
