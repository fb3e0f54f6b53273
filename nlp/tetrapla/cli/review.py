"""`tetrapla review`: the page on which an alignment is checked, and what comes of it."""

from __future__ import annotations

import getpass
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tetrapla.cli._console import STDOUT, check_output, counted, deliver, emit, say, table
from tetrapla.cli.concept import _ShowsByDefault
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tetrapla.model import Alignment
    from tetrapla.review import Agreement, Disagreement, Rows

LOCAL = ("127.0.0.1", "localhost", "::1")
SHOWN = 30  # disagreements
NOBODY = "reviewer"

JournalFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where the decisions are kept; paper.review.jsonl by default.")
]


class _OpensByDefault(_ShowsByDefault):
    """A group in which a first word that is no command is what `open` is asked for."""

    default = "open"


app = typer.Typer(cls=_OpensByDefault, no_args_is_help=True)


@app.callback()
def review() -> None:
    """Check an alignment on a page in the browser; every decision is kept and can be undone.

    Example: tetrapla review paper.json

    Example: tetrapla review merge ana.review.jsonl ben.review.jsonl -o both.review.jsonl

    Example: tetrapla review result paper.json -o reviewed.json
    """


@app.command("open")
def open_(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="An alignment, a folder with some, or an index of `tetrapla index`.")
    ],
    by: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who decides; by default who is logged in.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Where to listen; 8766 by default, or if that is taken any; 0 for any."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at; others than 127.0.0.1 let other machines in.")] = (
        LOCAL[0]
    ),
    journal: JournalFile = None,
    browser: Annotated[
        bool, typer.Option(help="Open the page in the browser, by a private file (one in a sandbox may not see it).")
    ] = True,
) -> None:
    """Open the page; decisions go to paper.review.jsonl beside paper.json. `open` itself may be left out.

    Example: tetrapla review open paper.json --as ana --port 8700

    Example: tetrapla review papers/ --no-browser
    """
    from tetrapla.review._serve import serve

    def ready(address: str) -> None:
        say(f"{address} is the page, for whoever has this address; Ctrl-C ends it")

    if host not in LOCAL:
        say(f"{host} can be reached by other machines, and what goes there can be read on the way: trust the network")
    browse = webbrowser.open if browser else None
    serve(path, host=host, port=port, by=by or _user(), journal=journal, ready=ready, browse=browse)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return NOBODY


@app.command()
def merge(
    one: Annotated[str, typer.Argument(metavar="A", help="A journal, whose decisions stand where the two differ.")],
    other: Annotated[str, typer.Argument(metavar="B", help="A journal of the same texts.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write the merged journal.")],
    alignment: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What A was made on; by default paper.json for paper.review.jsonl."),
    ] = None,
) -> None:
    """Make one journal of two, and tell how far they agree (Cohen's kappa) and where they do not.

    Nothing is lost: where the two decided the same differently, A's decision stands and the page shows both.

    Example: tetrapla review merge paper.review.jsonl ben.review.jsonl -o both.review.jsonl
    """
    from tetrapla.formats.json import load_alignment
    from tetrapla.review import agreement, read_journal, write_journal
    from tetrapla.review import merge as merged

    check_output(output, [one, other])
    first, second = read_journal(_journal(one)), read_journal(_journal(other))
    found = merged(first, second, load_alignment(alignment or _beside(one)))
    (head, ledger), (_, others) = first, second
    emit(_agreements(agreement(ledger, others, head.pivot)))
    if found.disagreements:
        emit(f"\n{_disagreements(found.disagreements)}")
    write_journal(output, found.head, found.ledger.entries)
    added, disputed = counted(len(found.added), "entry", "entries"), len(found.disagreements)
    say(f"{output}: {one} and {added} of {other}; {disputed:,} disputed" + (", A's stands" if disputed else ""))


@app.command()
def result(
    alignment: Annotated[str, typer.Argument(metavar="ALIGNMENT", help="What was reviewed.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the alignment as reviewed.")
    ] = None,
    decisions: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the decisions, for `tetrapla align --keep`.")
    ] = None,
    edits: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the repairs of each text, for `tetrapla apply`.")
    ] = None,
    terms: Annotated[
        str | None, typer.Option(metavar="FILE.json", help="Write the glossary, for `tetrapla glossary import`.")
    ] = None,
    journal: JournalFile = None,
) -> None:
    """Write what a review came to: the alignment, to standard output if nothing else is asked for, and more.

    Example: tetrapla review result paper.json -o reviewed.json --decisions kept.json

    Example: tetrapla review result paper.json --edits repairs/ --terms glossary.json
    """
    from tetrapla.align.decisions import dump_decisions
    from tetrapla.formats.json import dump_alignment, load_alignment
    from tetrapla.review import NOTE, Rows, items_on, journal_path, read_journal, reviewed, row_values
    from tetrapla.review import decisions as decided

    loaded = load_alignment(alignment)
    kept = _journal(str(journal or journal_path(alignment)))
    items = items_on(loaded, *read_journal(kept))
    rows = Rows(loaded, row_values(items))
    made = reviewed(rows, loaded)
    if output is None and not any((decisions, edits, terms)):
        output = STDOUT
    _check_names(output, decisions, terms)
    files: dict[str, str | bytes] = {}
    if output is not None:
        files[output] = dump_alignment(made)
    if decisions is not None:
        notes = {key.removeprefix(NOTE): text for key, text in items.items() if key.startswith(NOTE)}
        files[decisions] = dump_decisions(decided(rows, notes))
    if terms is not None:
        files[terms] = _glossary(items)
    if edits is not None:
        files |= _edits(made, items, edits, Path(alignment).parent)
    for file in files:
        check_output(file, [alignment, str(kept), *(doc.source for doc in loaded.documents)])
    if edits is not None:
        _make(edits)
    for file, content in files.items():
        deliver(content, file)
    for name in (doc.id for doc in loaded.documents if doc.id != loaded.pivot):
        say(_told(name, rows))


def _check_names(*outputs: str | None) -> None:
    """Make sure that no output takes the place of another."""
    names = [name if name == STDOUT else Path(name).resolve() for name in outputs if name is not None]
    if len(set(names)) < len(names):
        raise InputError("two of what is to be written have one name; give each a file of its own")


# Journals


def _journal(path: str) -> str:
    """Return the name of a journal that is there.

    Raises:
        InputError: it is not.
    """
    if not Path(path).is_file():
        raise InputError(f"no journal {path}: nothing was decided yet, or it is elsewhere; `tetrapla review` makes one")
    return path


def _beside(journal: str) -> Path:
    """Return the alignment that a journal stands beside.

    Raises:
        InputError: none does.
    """
    from tetrapla.review import SUFFIX

    path = Path(journal)
    found = path.with_name(path.name.removesuffix(SUFFIX) + ".json")
    if not path.name.endswith(SUFFIX) or not found.is_file():
        raise InputError(f"the alignment that {journal} was made on is not beside it; name it with --alignment")
    return found


# Agreement

WHY = "– where nothing was judged by both; no kappa either where both always gave one and the same verdict"


def _agreements(found: Mapping[str, Agreement]) -> str:
    rows = [(name, each.n, _figure(each.observed), _figure(each.kappa)) for name, each in found.items()]
    pairs = [
        (name, one, other, count)
        for name, each in found.items()
        if name != "links"  # those of the versions together
        for (one, other), count in sorted(each.table.items(), key=lambda item: -item[1])
    ]
    told = table(("agreement on", "judged by both", "agree", "kappa"), rows, right=("judged by both", "agree", "kappa"))
    if any(each.kappa is None for each in found.values()):
        told += f"{WHY}\n"
    return f"{told}\n{table(('', 'A', 'B', 'times'), pairs, right=('times',))}" if pairs else told


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _disagreements(found: Sequence[Disagreement]) -> str:
    rows = []
    for each in found[:SHOWN]:
        ours = "–" if each.decided is None else f"{each.decided.told} ({each.decided.by}, {each.decided.at})"
        rows.append((each.key, ours, f"{each.otherwise.told} ({each.otherwise.by}, {each.otherwise.at})"))
    more = f"and {len(found) - SHOWN:,} more\n" if len(found) > SHOWN else ""
    return table(("disputed", "A", "B"), rows, most={"disputed": 40}) + more


# What a review comes to


def _told(version: str, rows: Rows) -> str:
    from tetrapla.review import figures

    found = figures(rows, version)
    return f"{version}: {found.reviewed:,} of {found.total:,} rows reviewed, {found.doubtful:,} doubtful"


def _glossary(items: Mapping[str, object]) -> bytes:
    from tetrapla.glossary import load
    from tetrapla.glossary.exchange import dump
    from tetrapla.review import changed_glossary

    loaded = load()
    made = changed_glossary(loaded, items)
    say(f"terms of {counted(sum(made[name] != loaded[name] for name in made), 'concept')} changed")
    return dump(made.values(), ".json")


def _edits(alignment: Alignment, items: Mapping[str, object], folder: Path, beside: Path) -> dict[str, str | bytes]:
    """Return the files of edits by name, one for each text."""
    from tetrapla.files import read_text
    from tetrapla.formats.jsonl import EditLog, dump_edits
    from tetrapla.model import View
    from tetrapla.pipeline import find, reopen
    from tetrapla.progress import on_terminal
    from tetrapla.review import lost_repairs, prepared, repairs

    with on_terminal() as progress:
        aligned = reopen(alignment, progress=progress)
        texts = prepared(aligned, find(aligned, progress=progress)).texts
    files: dict[str, str | bytes] = {}
    for doc in alignment.documents:
        made = repairs(doc, texts[doc.id], items)
        source = next(path for path in (Path(doc.source), beside / doc.source) if path.is_file())
        decoded = read_text(source)
        if decoded.text != doc.text:
            raise InputError(f"{source} is no plain text in an encoding of its own: its repairs cannot be written")
        files[str(folder / f"{doc.id}.edits.jsonl")] = dump_edits(EditLog.of(View(doc, made), decoded))
        gone = lost_repairs(doc, texts[doc.id], items)
        say(f"{doc.id}: {counted(len(made), 'edit')}" + (f"; {gone} accepted are found no longer" if gone else ""))
    return files


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InputError(f"cannot make the folder {folder}: {(e.strerror or str(e)).lower()}") from e
