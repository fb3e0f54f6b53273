"""The head of the report: the documents, how well they are linked, their noise and their concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tetrapla import checks
from tetrapla.model import Alignment, Bead, Concept, Finding, Grade, Mention, Segmented
from tetrapla.report import figures
from tetrapla.report.columns import Column, Keys
from tetrapla.report.looks import look_of
from tetrapla.report.text import attribute, hue_of

__all__ = ["concepts_section", "documents_section", "noise_section", "rules"]

# Concepts that the head shows at once; the others are folded away.
TOP_CONCEPTS = 12


def rules(keys: Keys) -> str:
    """Return the style rules that give each type of noise its line and each concept its colour."""
    out = []
    for kind, number in keys.types.items():
        look = look_of(kind)
        out.append(f'[data-t="{number}"]{{--h:{look.hue};--line:{look.line};--short:"{look.short}"}}')
    out += [f'[data-c="{number}"]{{--h:{hue_of(concept)}}}' for concept, number in keys.concepts.items()]
    return "\n".join(out)


def documents_section(
    alignment: Alignment, versions: Mapping[str, Segmented], columns: Sequence[Column], beads: Sequence[Bead]
) -> str:
    """Return the table of documents, how many versions the pivot's paragraphs stand in, and what has derailed.

    `beads` are the rows of the page.
    """
    body = []
    for column in columns:
        doc, version = column.document, versions[column.document.id]
        pivot = doc.id == alignment.pivot
        score = figures.mean_score(alignment, doc.id)
        body.append(
            f'<tr><th scope="row">{attribute(column.label)}{" <small>pivot</small>" if pivot else ""}'
            f'<span class="path">{attribute(doc.source)}</span></th>'
            f'<td class="n">{len(doc.text):,}</td><td class="n">{len(version.paragraphs):,}</td>'
            f'<td class="n">{sum(len(sentences) for sentences in version.sentences):,}</td>'
            f'<td class="n">{figures.linked_characters(alignment, doc.id):.0%}</td>'
            f'<td class="n">{"–" if score is None else f"{score:.2f}"}</td></tr>'
        )
    return (
        '<section aria-labelledby="documents"><h2 id="documents">Documents</h2><div class="wide"><table class="facts">'
        '<thead><tr><th scope="col">Version</th><th scope="col" class="n">Characters</th>'
        '<th scope="col" class="n">Paragraphs</th><th scope="col" class="n">Sentences</th>'
        '<th scope="col" class="n" title="share of the characters that have a counterpart">Linked</th>'
        '<th scope="col" class="n" title="mean probability of a link, by character">Score</th></tr>'
        f"</thead><tbody>{''.join(body)}</tbody></table></div>"
        f"{_coverage(alignment, versions)}{_stretches(alignment, columns, beads)}</section>"
    )


def _stretches(alignment: Alignment, columns: Sequence[Column], beads: Sequence[Bead]) -> str:
    """Return the list of stretches that have derailed or that another version lacks, each with its rows."""
    labels = {column.document.id: column.label for column in columns}
    items = []
    for sign, stretches in (("derailed", alignment.derailed), ("missing", alignment.gaps)):
        for stretch in stretches:
            rows = [
                row
                for row, bead in enumerate(beads, start=1)
                if any(a.overlaps(b) for a in bead.spans.get(stretch.document, ()) for b in stretch.spans)
            ]
            place = f'<a href="#r{rows[0]}">from row {rows[0]}</a>' if rows else ""
            items.append(
                f"<li><b>{sign}</b> {attribute(labels[stretch.document])} {place}: {attribute(stretch.why)}</li>"
            )
    return f'<ul class="told">{"".join(items)}</ul>' if items else ""


def _coverage(alignment: Alignment, versions: Mapping[str, Segmented]) -> str:
    counts = figures.versions_per_paragraph(alignment, versions[alignment.pivot])
    total = counts.total()
    if not total:
        return ""
    steps = range(len(alignment.documents), 0, -1)
    parts = "".join(
        f'<span class="k{min(k, 5)}" style="flex-grow:{counts[k]}">{counts[k]}</span>' for k in steps if counts[k]
    )
    told = "; ".join(
        f"<b>{counts[k]}</b> in {f'{k} versions' if k > 1 else 'the pivot only'}" for k in steps if counts[k]
    )
    return (
        f'<p class="told">Of the {total} paragraphs of the pivot, {told}.</p>'
        f'<div class="cover" aria-hidden="true">{parts}</div>'
    )


def noise_section(findings: Mapping[str, Sequence[Finding]], columns: Sequence[Column], keys: Keys) -> str:
    """Return the table of noise by type and version; each type stands there as it is drawn in the text."""
    counts = figures.noise_counts(findings)
    if not counts:
        return ""
    told = {check.name: check.summary for check in reversed(checks.every())}
    body = []
    for kind, by_version in counts.items():
        cells = "".join(f"<td>{_grades(by_version.get(column.document.id))}</td>" for column in columns)
        body.append(
            f'<tr><th scope="row"><mark class="f safe" data-t="{keys.types[kind]}">{attribute(kind)}</mark>'
            f"<small>{attribute(told.get(kind, ''))}</small></th>{cells}</tr>"
        )
    sums = [Counter(finding.grade for finding in findings.get(column.document.id, ())) for column in columns]
    body.append(f'<tr class="sum"><th scope="row">All</th>{"".join(f"<td>{_grades(s)}</td>" for s in sums)}</tr>')
    heads = "".join(f'<th scope="col">{attribute(column.label)}</th>' for column in columns)
    return (
        '<section aria-labelledby="noise"><h2 id="noise">Noise</h2><div class="wide"><table class="facts counts">'
        f'<thead><tr><th scope="col">Type</th>{heads}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
        '<p class="told">Bold: safe to repair. After the sign <ins class="ask">?</ins>: for review.</p></section>'
    )


def _grades(counts: Mapping[Grade, int] | None) -> str:
    if not counts or not sum(counts.values()):
        return '<span class="no">–</span>'
    safe, review = counts.get("safe", 0), counts.get("review", 0)
    told = [f"<b>{safe}</b>"] if safe else []
    if review:
        told.append(f'<ins class="ask">?</ins>{review}')
    return " ".join(told)


def concepts_section(mentions: Mapping[str, Sequence[Mention]], columns: Sequence[Column], keys: Keys) -> str:
    """Return the table of concepts by version, the most frequent ones open and the others folded away."""
    counts = figures.concept_counts(mentions)
    if not counts:
        return ""
    rows = [_concept_row(concept, counts[concept], columns, keys) for concept in counts]
    heads = "".join(f'<th scope="col" colspan="2">{attribute(column.label)}</th>' for column in columns)
    head = f'<thead><tr><th scope="col"><abbr title="number">No.</abbr></th>{heads}</tr></thead>'
    first, *rest = (
        f'<div class="wide"><table class="facts terms">{head}<tbody>{"".join(some)}</tbody></table></div>'
        for some in (rows[:TOP_CONCEPTS], rows[TOP_CONCEPTS:])
        if some
    )
    folded = "".join(
        f"<details><summary>{len(rows) - TOP_CONCEPTS} more concepts</summary>{more}</details>" for more in rest
    )
    return (
        f'<section aria-labelledby="concepts"><h2 id="concepts">Concepts</h2>{first}{folded}'
        '<p class="told">Each concept with its canonical form and how often a version names it, in whatever form.</p>'
        "</section>"
    )


def _concept_row(concept: str, counts: Counter[str], columns: Sequence[Column], keys: Keys) -> str:
    number = keys.concepts[concept]
    known: Concept | None = keys.glossary.get(concept)
    cells = []
    for column in columns:
        doc = column.document
        form = known.preferred(doc.language) if known else None
        count = counts[doc.id]
        cells.append(
            f'<td lang="{attribute(doc.language)}">{attribute(form) if form else "–"}</td>'
            f'<td class="n{"" if count else " no"}">{count}</td>'
        )
    return (
        f'<tr><th scope="row"><button type="button" class="c" data-c="{number}" aria-pressed="false" '
        f'title="{attribute(concept)}">{number}</button></th>{"".join(cells)}</tr>'
    )
