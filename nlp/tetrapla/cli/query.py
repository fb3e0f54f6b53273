"""`tetrapla query`: what an index has, as lines with their context, as figures, as pages and pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from tetrapla.cli._console import Color, Output, check_output, colored, counted, deliver, say, screen_width
from tetrapla.cli._figures import as_csv, as_jsonl, as_table, flat, flat_hits, parts, told
from tetrapla.cli.index import DEFAULT, Index
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.query import Concordance
    from tetrapla.query import Index as Opened
    from tetrapla.query._renderings import Renderings
    from tetrapla.query._results import Row

WRONG_USE = 2
SHOWN = 20  # rows of a table of figures for each language, where --limit says nothing else

Sort = Literal["text", "left", "right", "match", "document"]
Within = Literal["passage", "sentence", "bead"]
Format = Literal["table", "csv", "jsonl", "html"]
View = Literal["lines", "frequency", "collocations", "dispersion", "cooccurrence", "renderings"]


def query(
    text: Annotated[
        str, typer.Argument(metavar="QUERY", help="What to look for; NOT, or - but at the beginning, means not.")
    ],
    index: Index = DEFAULT,
    parallel: Annotated[bool, typer.Option("--parallel", help="Show the other versions below each line.")] = False,
    sort: Annotated[Sort, typer.Option(help="Order of the lines; left and right by what stands there.")] = "text",
    limit: Annotated[int, typer.Option(min=0, help="So many lines or rows at most; 0 for all.")] = SHOWN,
    within: Annotated[Within, typer.Option(help="What all terms must stand in.")] = "passage",
    context: Annotated[int, typer.Option(min=0, help="Characters on either side, in csv, jsonl and html.")] = 80,
    count: Annotated[bool, typer.Option("--count", help="Print the number of hits and nothing else.")] = False,
    frequency: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help="Count by version, language, section, document, kind, concept, form, status, damage."
        ),
    ] = None,
    collocations: Annotated[bool, typer.Option("--collocations", help="The words that stand near hits.")] = False,
    window: Annotated[int, typer.Option(min=1, help="Words on either side, for --collocations.")] = 5,
    dispersion: Annotated[bool, typer.Option("--dispersion", help="How evenly hits are spread.")] = False,
    cooccurrence: Annotated[
        bool, typer.Option("--cooccurrence", help="The concepts named with hits; of filters alone, all pairs.")
    ] = False,
    renderings: Annotated[
        bool, typer.Option("--renderings", help="All of one concept: its forms by version, damage, gaps, words near.")
    ] = False,
    plot: Annotated[
        str | None, typer.Option(metavar="FILE.svg|png", help="Draw what was asked for; needs tetrapla[plot].")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = "table",  # noqa: A002
    output: Output = "-",
    color: Color = "auto",
) -> None:
    """Ask an index: hits with their context and the other versions, or figures of them.

    A query has words, prefix*, "phrases", concept:ID, form:"…", status:noise, damage:ocr, lang:es, doc:NAME,
    section:3.1, kind:heading, type:truncation, missing:fr, A near:5 B, AND (also by a blank), OR, NOT or -, brackets.

    Example: tetrapla query 'concept:reverse-enclave lang:es' --index x.db --parallel --sort right

    Example: tetrapla query 反向飞地 --index x.db --renderings

    Example: tetrapla query 'innov* near:5 element*' --index x.db --frequency version,section --format csv
    """
    import tetrapla
    from tetrapla.cli._kwic import CONTEXT
    from tetrapla.query import QueryError
    from tetrapla.store._store import plainly

    view = _view(frequency, collocations, dispersion, cooccurrence, renderings)
    if count and (view != "lines" or plot):
        raise InputError("--count prints a number; leave out the other")
    if plot:
        from tetrapla.report.plots import suffix_of

        suffix_of(plot)
    for written in (output, plot or output):
        check_output(written, [str(index)])
    with plainly(index), tetrapla.open(index) as opened:
        try:
            if count:
                deliver(f"{opened.count(text, within=within)}\n", output)
            elif view == "lines":
                most = limit or None
                around = CONTEXT if format == "table" else context
                found = opened.query(text, limit=most, sort=sort, context=around, parallel=parallel, within=within)
                _lines(opened, found, text, format, output, color)
                if plot:
                    _plot(plot, "dispersion", text, opened.dispersion(text, within=within))
            elif view == "renderings":
                _renderings(opened.renderings(text), text, format, output, plot, limit)
            else:
                rows = _figures(opened, view, text, frequency or "", window, within)
                _rows(view, rows, text, format, output, limit)
                if plot:
                    _plot(plot, view, text, rows)
        except QueryError as e:
            say("tetrapla: the query cannot be understood\n  " + e.pointer.replace("\n", "\n  "))
            raise typer.Exit(WRONG_USE) from e


def _view(frequency: str | None, *flags: bool) -> View:
    """Return what is asked for.

    Raises:
        InputError: more than one thing.
    """
    names: Sequence[View] = get_args(View)[1:]
    chosen = [name for name, wanted in zip(names, (frequency is not None, *flags), strict=True) if wanted]
    if len(chosen) > 1:
        raise InputError(f"--{chosen[0]} and --{chosen[1]} are two tables; ask for one at a time")
    return chosen[0] if chosen else "lines"


def _figures(opened: Opened, view: View, text: str, by: str, window: int, within: Within) -> Sequence[Row]:
    match view:
        case "frequency":
            return opened.frequency(text, by, within=within)
        case "collocations":
            return opened.collocations(text, window=window, within=within)
        case "dispersion":
            return opened.dispersion(text, within=within)
    return opened.cooccurrence(text, within=within)


def _lines(opened: Opened, found: Concordance, text: str, format: Format, output: str, color: str) -> None:  # noqa: A002
    if format == "jsonl":
        deliver(as_jsonl(found.to_dicts()), output)
    elif format == "csv":
        deliver(as_csv(flat_hits(found)), output)
    elif format == "html":
        from tetrapla.report.concordance import concordance_page

        deliver(concordance_page(found, _versions(opened)), output)
    else:
        from tetrapla.cli._kwic import kwic

        wanted = any(hit.parallel for hit in found)
        shown = kwic(
            found, _versions(opened) if wanted else {}, width=screen_width(), color=output == "-" and colored(color)
        )
        if shown:
            deliver(shown, output)
    if found.total:
        say(_of_all(counted(found.total, "hit"), len(found), found.total))
    else:
        say(f"0 hits for {text}")


def _of_all(told: str, shown: int, total: int) -> str:
    return told + (f", {shown:,} shown; --limit 0 for all" if shown < total else "")


def _versions(opened: Opened) -> dict[str, list[str]]:
    return {source["name"]: [doc["name"] for doc in source["documents"]] for source in opened.sources()}


def _rows(view: View, rows: Sequence[Row], text: str, format: Format, output: str, limit: int) -> None:  # noqa: A002
    shown = _first(rows, limit)
    if format == "jsonl":
        deliver(as_jsonl(row.to_dict() for row in shown), output)
    elif format == "csv":
        deliver(as_csv([flat(row.to_dict()) for row in shown]), output)
    elif format == "html":
        from tetrapla.report.concordance import figures_page

        deliver(figures_page(f"{text}: {view}", [(view, [told(row.to_dict()) for row in shown])]), output)
    elif shown:
        deliver(as_table([told(row.to_dict()) for row in shown]), output)
    say(_of_all(counted(len(rows), "row"), len(shown), len(rows)))


def _first(rows: Sequence[Row], limit: int) -> list[Row]:
    """Return the first rows, of collocations the first of each language."""
    taken: dict[Any, int] = {}
    shown = []
    for row in rows:
        group = getattr(row, "language", None) if hasattr(row, "word") else None
        taken[group] = taken.get(group, 0) + 1
        if not limit or taken[group] <= limit:
            shown.append(row)
    return shown


def _renderings(found: Renderings, text: str, format: Format, output: str, plot: str | None, limit: int) -> None:  # noqa: A002
    if format == "jsonl":
        deliver(json.dumps(found.to_dict(), ensure_ascii=False) + "\n", output)
    elif format == "csv":
        deliver(as_csv([flat(row.to_dict()) for row in found.forms]), output)
    else:
        tables = parts(found, limit)
        if format == "html":
            from tetrapla.report.concordance import figures_page

            deliver(figures_page(f"{found.concept}: {'; '.join(found.names.values())}", tables), output)
        else:
            shown = [f"\n{title}\n\n{as_table(rows)}" for title, rows in tables if rows]
            deliver("".join([f"{found.concept}: {'; '.join(found.names.values())}\n", *shown]), output)
    hits, broken = (sum(row.hits for row in rows) for rows in (found.forms, [r for r in found.forms if r.broken]))
    told = f"{counted(hits, 'mention')}, {broken:,} of them damaged; {counted(len(found.missing), 'gap')}"
    say(told + ("; csv has the forms only, jsonl everything" if format == "csv" else ""))
    if plot:
        _plot(plot, "renderings", text, found.forms)


def _plot(file: str, view: str, text: str, rows: Sequence[Row]) -> None:
    from tetrapla.report.plots import draw

    draw(file, view, text, rows)
    say(f"drew {file}")
