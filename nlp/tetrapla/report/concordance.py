"""A concordance, or figures of one, as a page that needs no other file and loads nothing.

Hits stand one below the other with what is before and behind them, and below each the other versions of its bead, with
the same concept marked in them. The page needs no script; it can be read on a phone, in print and in the dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from tetrapla import __version__
from tetrapla.query import Concordance, Hit, Mark, Parallel
from tetrapla.report.page import page
from tetrapla.report.text import attribute

__all__ = ["concordance_page", "figures_page"]

AROUND = 160  # characters of another version that are shown on either side of what names the concept


def concordance_page(found: Concordance, versions: Mapping[str, Sequence[str]]) -> str:
    """Return hits as a page; `versions` has the documents of each source, in the order in which they are shown."""
    told = f"{found.total:,} hit{'' if found.total == 1 else 's'}"
    if len(found) < found.total:
        told += f", {len(found):,} shown"
    rows = "".join(_rows(hit, versions.get(hit.source, ())) for hit in found)
    table = f'<table class="lines"><caption>{told}</caption><tbody>\n{rows}</tbody></table>'
    return _page(found.query, table)


def figures_page(title: str, tables: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> str:
    """Return tables of figures as a page, each with its heading; the first row of a table says its columns."""
    return _page(title, "".join(_figures(heading, rows) for heading, rows in tables))


def _rows(hit: Hit, versions: Sequence[str]) -> str:
    where = " · ".join(part for part in (hit.document, hit.bead, hit.section and f"§ {hit.section}") if part)
    said = "; ".join(part for part in (hit.source, hit.kind, hit.concept, hit.form, hit.status, hit.damage) if part)
    language = attribute(hit.language)
    line = (
        f'<tr class="hit"><th scope="row" class="where" title="{attribute(said)}">{attribute(where)}</th>'
        f'<td class="left" lang="{language}"><div><span>{_text(hit.left)}</span></div></td>'
        f'<td class="match {_class_of(hit)}" lang="{language}">{_text(hit.match)}</td>'
        f'<td class="right" lang="{language}">{_text(hit.right)}</td></tr>\n'
    )
    if not hit.parallel:
        return line
    names = dict.fromkeys([*(name for name in versions if name != hit.document), *hit.parallel])
    return line + "".join(_side(hit, name, hit.parallel.get(name)) for name in names)


def _side(hit: Hit, name: str, side: Parallel | None) -> str:
    if side is None:
        cell = '<td colspan="3"><span class="gap">no passage</span></td>'
    else:
        gap = '<span class="gap">not named:</span> ' if hit.concept and not side.marks else ""
        cell = f'<td colspan="3" lang="{attribute(side.language)}">{gap}{_marked(side)}</td>'
    return f'<tr class="side"><th scope="row" class="where">{attribute(name)}</th>{cell}</tr>\n'


def _marked(side: Parallel) -> str:
    """Return the part of another version around what names the concept."""
    first = side.nearest.start if side.nearest else side.at
    start, end = max(0, first - AROUND), min(len(side.text), first + 2 * AROUND)
    pieces = ["…" if start else ""]
    at = start
    for mark in side.marks:
        if at <= mark.start and mark.end <= end:
            said = "; ".join(part for part in (mark.form, mark.status, mark.damage) if part)
            named = f'<mark class="{_class_of(mark)}" title="{attribute(said)}">'
            pieces += [_text(side.text[at : mark.start]), named, _text(side.text[mark.start : mark.end]), "</mark>"]
            at = mark.end
    return "".join([*pieces, _text(side.text[at:end]), "…" if end < len(side.text) else ""])


def _class_of(named: Hit | Mark) -> str:
    return "noise" if named.broken else named.status or ""


def _figures(heading: str, rows: Sequence[Mapping[str, Any]]) -> str:
    title = f"<h2>{attribute(heading)}</h2>"
    if not rows:
        return f'<section>{title}<p class="told">None.</p></section>'
    right = {name for name in rows[0] if all(_is_figure(row[name]) for row in rows)}
    head = "".join(f'<th scope="col"{_class(name in right)}>{attribute(name)}</th>' for name in rows[0])
    body = "".join(
        f"<tr>{''.join(f'<td{_class(name in right)}>{_text(str(value))}</td>' for name, value in row.items())}</tr>\n"
        for row in rows
    )
    return (
        f'<section>{title}<div class="wide"><table class="figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{body}</tbody></table></div></section>"
    )


def _is_figure(value: object) -> bool:
    """Return whether a value is a number, or the sign that there is none."""
    return str(value) == "–" or str(value).strip("-%").replace(",", "").replace(".", "", 1).isdigit()


def _class(figure: bool) -> str:
    return ' class="n"' if figure else ""


def _text(text: str) -> str:
    return attribute(" ".join(text.split("\n")))


def _page(title: str, main: str) -> str:
    body = f"""<header><h1 dir="auto">{attribute(title)}</h1></header>
<main>
{main}
</main>
<footer>Tetrapla {__version__}</footer>"""
    return page(title, body, style=files(__package__).joinpath("concordance.css").read_text(encoding="utf-8"))
