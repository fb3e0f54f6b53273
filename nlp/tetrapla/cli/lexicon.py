"""`tetrapla lexicon`: word lists that a user brings, or learns from texts that are aligned already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from tetrapla.cli._console import Output, check_output, counted, deliver, emit, say, table
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.align.teach import Pair

app = typer.Typer(no_args_is_help=True, help="Bring a lexicon, or learn one from aligned texts.")

SHOWN = 20  # malformed lines that are told; a file of another format has nothing else

Brought = Annotated[
    list[str] | None,
    typer.Option(
        "--lexicon",
        metavar="FILE",
        help="A lexicon of yours, beside ours: our TSV, CC-CEDICT, MUSE (FILE=en-fr to tell languages). Repeatable.",
    ),
]


@app.callback()
def lexicon() -> None:
    """Bring a lexicon, or learn one from aligned texts."""


@app.command()
def learn(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="TMX, alignments (.json), or tables of sentences (.tsv)."),
    ],
    output: Output = "-",
    pair: Annotated[
        list[str] | None, typer.Option(metavar="zh-en", help="Languages to link; all there are otherwise. Repeatable.")
    ] = None,
    min_weight: Annotated[float, typer.Option(min=0.0, max=1.0, help="What a pair of words is worth at least.")] = 0.2,
    min_count: Annotated[int, typer.Option(min=1, help="Passages that it stands in at least.")] = 2,
) -> None:
    """Learn a lexicon from text that is aligned already: a table of words with weights, to be read and mended.

    Example: tetrapla lexicon learn memory.tmx -o mine.tsv --pair zh-en
    """
    from tetrapla.align.teach import lexicon_from, units_in
    from tetrapla.lexicon import dump
    from tetrapla.progress import on_terminal

    check_output(output, files)
    pairs = [_pair(value) for value in pair or ()]
    with on_terminal() as progress:
        units = (unit for file in files for unit in units_in(file, pairs[0] if pairs else None, progress))
        learnt = lexicon_from(units, pairs or None, min_weight=min_weight, min_count=min_count, progress=progress)
    deliver(dump(learnt), output)
    say(f"{counted(len(learnt), 'entry', 'entries')} of {', '.join(learnt.columns)}")


def _pair(value: str) -> Pair:
    match = re.fullmatch(r"([a-z]{2,3})-([a-z]{2,3})", value)
    if match is None or match.group(1) == match.group(2):
        raise InputError(f"--pair {value}: write two language codes, e.g. --pair zh-en")
    return match.group(1), match.group(2)


@app.command()
def look(
    word: Annotated[str, typer.Argument(metavar="WORD", help="A word, in any of its forms.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="CODE", help="Its language; any of the lexicon otherwise.")
    ] = None,
    given: Brought = None,
) -> None:
    """Look up what a word may be in other languages, and what each link is worth (0 to 1).

    Example: tetrapla lexicon look 期限 --lexicon cedict_ts.u8
    """
    from tetrapla.lexicon import brought, joined, load

    found = joined([load(), brought(given or ())]).look(word, source)
    if found:
        rows = [(f"{one.source}-{one.target}", one.form, f"{one.weight:.2f}", ", ".join(one.tables)) for one in found]
        emit(table(("from-to", "word", "worth", "lexicon"), rows, right=("worth",)))
    say(counted(len(found), "link"))


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A lexicon; FILE=en-fr tells its languages.")],
) -> None:
    """Check that a lexicon can be read: how many entries of which languages, or the lines that are malformed.

    Exits with 2 where there are any.

    Example: tetrapla lexicon check cedict_ts.u8
    """
    from tetrapla.lexicon import read_with_problems, split

    asked = split(file)
    known, problems = read_with_problems(*asked)
    if problems:
        emit("".join(f"{problem}\n" for problem in problems[:SHOWN]))
        raise InputError(f"{asked[0]} has {counted(len(problems), 'malformed line')}")
    say(f"{counted(len(known), 'entry', 'entries')} of {', '.join(known.languages)}, nothing wrong")
