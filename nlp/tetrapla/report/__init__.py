"""The report: one page that shows what was found in a set of versions, for people.

    documents   how many, how long, how well linked
    order       a dot plot of each version against the pivot
    noise       by type and version
    concepts    by frequency and version
    text        the versions side by side, with noise, concepts, sentences and scores where they stand

The page is one file. It loads nothing, which its own content policy forbids besides; it can be read without scripts,
on a phone, in print and in the dark. Made from the same data it is the same, byte by byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

from tetrapla import __version__
from tetrapla.errors import WrongTextError
from tetrapla.model import Alignment, Concept, Finding, Mention, Segmented
from tetrapla.report import figures, head
from tetrapla.report.columns import Column, Keys
from tetrapla.report.page import page
from tetrapla.report.plot import Plot
from tetrapla.report.rows import column_order, moved, row_order
from tetrapla.report.table import table
from tetrapla.report.text import attribute, shortened

__all__ = ["html"]


def html(
    alignment: Alignment,
    versions: Mapping[str, Segmented],
    findings: Mapping[str, Sequence[Finding]],
    mentions: Mapping[str, Sequence[Mention]],
    glossary: Mapping[str, Concept],
    *,
    title: str | None = None,
) -> str:
    """Return a report on an alignment as one HTML page that needs no other file.

    `versions` has each document of the alignment by its id; `findings` and `mentions`, by the same ids, may lack some.
    `glossary` goes by the id of the concept. The title is that of the pivot where none is given.

    Raises:
        WrongTextError: a document of the alignment is not among the versions, or is another text there.
    """
    _check(alignment, versions)
    names = column_order(alignment)
    keys = Keys(
        types={kind: k for k, kind in enumerate(figures.noise_counts(findings), start=1)},
        concepts={concept: k for k, concept in enumerate(figures.concept_counts(mentions), start=1)},
        glossary=glossary,
    )
    columns = [
        Column(k, versions[name], findings.get(name, ()), mentions.get(name, ()), keys) for k, name in enumerate(names)
    ]
    beads = row_order(alignment)
    astray = {column.document.id: moved(beads, alignment.pivot, column.document.id) for column in columns[1:]}
    signs: dict[str, dict[str, str]] = {}
    for column in columns[1:]:
        for bead in astray[column.document.id]:
            signs.setdefault(bead, {})[column.document.id] = column.label
    plots = _plots(alignment, versions, columns, {bead.id: k for k, bead in enumerate(beads, start=1)}, astray)
    main = "\n".join(
        [
            _beside(head.documents_section(alignment, versions, columns, beads), _part("guide.html")),
            plots,
            _beside(head.noise_section(findings, columns, keys), head.concepts_section(mentions, columns, keys)),
            _controls(columns),
            table(beads, columns, signs),
        ]
    )
    return _page(title or _title(alignment, versions), main, head.rules(keys))


def _beside(*sections: str) -> str:
    return f'<div class="beside">{"".join(sections)}</div>' if any(sections) else ""


def _check(alignment: Alignment, versions: Mapping[str, Segmented]) -> None:
    for doc in alignment.documents:
        if doc.id not in versions:
            raise WrongTextError(f"the report needs the text of {doc.id!r}, which the alignment speaks of")
        if versions[doc.id].document.text != doc.text:
            raise WrongTextError(f"{doc.id!r} is another text than the one that was aligned; align again")


def _title(alignment: Alignment, versions: Mapping[str, Segmented]) -> str:
    for paragraph, _, flow in versions[alignment.pivot]:
        if paragraph.kind == "title":
            return shortened(flow.text, 120)
    return "Versions side by side"


def _plots(
    alignment: Alignment,
    versions: Mapping[str, Segmented],
    columns: Sequence[Column],
    rows: Mapping[str, int],
    astray: Mapping[str, set[str]],
) -> str:
    if len(columns) < 2:
        return ""
    pivot = columns[0]
    headings = [
        (paragraph.start, flow.text)
        for paragraph, _, flow in versions[pivot.document.id]
        if paragraph.kind == "heading"
    ]
    drawn = "".join(
        f"<figure><figcaption>{attribute(column.label)} <small>{_moved(len(astray[column.document.id]))}</small>"
        "</figcaption>"
        + Plot(
            pivot.document, column.document, (pivot.label, column.label), rows, astray[column.document.id], headings
        ).svg(alignment.beads)
        + "</figure>"
        for column in columns[1:]
    )
    return (
        f'<section aria-labelledby="order"><h2 id="order">Order</h2><div class="plots">{drawn}</div>'
        f"{_part('scale.html')}</section>"
    )


def _moved(count: int) -> str:
    return "in the pivot’s order" if not count else f"{count} passage{'s' if count > 1 else ''} out of order"


def _controls(columns: Sequence[Column]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="version" value="{column.number}" checked>'
        f"{attribute(column.label)}</label>"
        for column in columns
    )
    return _part("controls.html").replace("{versions}", boxes)


def _page(title: str, main: str, rules: str) -> str:
    body = f"""<a class="skip" href="#text">To the text</a>
<header><h1 dir="auto">{attribute(title)}</h1></header>
<main>
{main}
</main>
<footer>Tetrapla {__version__}. Offsets and rows refer to the files named above, unchanged.</footer>"""
    return page(title, body, style=_part("report.css") + rules, script=_part("report.js"))


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
