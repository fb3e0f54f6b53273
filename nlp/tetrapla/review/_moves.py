"""Decisions that move text to another row, or to one of its own where it has no counterpart.

Each leaves every version parted among the rows as before: no character is lost, none stands twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tetrapla.errors import InputError
from tetrapla.model import Bead, Kind, Span
from tetrapla.review._draft import Asked, Draft, passed
from tetrapla.review._parts import Cover, inserted, joined, remade, size, spans_without
from tetrapla.review._rows import Row, Verdict

__all__ = ["absent", "extra", "furniture", "move"]

Spans = tuple[Span, ...]


# From one row to another


def move(draft: Draft, asked: Asked) -> str:
    """Move passages of a version to another row, or to one of their own; return what is told of it.

    They join no sentence link there but that of the passage of the pivot that they are put `beside`. In the same row
    they only change links.

    Raises:
        InputError: the row does not hold them, or the other one not the passage that they should stand beside.
        UnknownNameError: there is no such row or version.
    """
    source, version, to = draft.get(asked.row()), asked.version(), asked.args.get("to")
    moved, kept = _parted(draft, source, version, asked.spans("spans", source, version))
    what = _told(source, version, moved, kept)
    if to is None:
        target = Row(draft.fresh(source.id), _kind(source), {})
    elif isinstance(to, str):
        target = draft.get(to)
    else:
        raise InputError("'to' is the id of a row, or null for a row of its own")
    beside = asked.spans("beside", target, draft.pivot)
    if beside and version == draft.pivot:
        raise InputError(f"{version} is the pivot: other versions are put beside it")
    if target.id == source.id:
        if not beside:
            raise InputError(f"{what} stands in {source.id} already")
        links = _beside(_unlinked(source.links, version, moved), source, draft.pivot, beside, version, moved)
        draft.put(replace(source, links=links, hand=True))
        return f"linked {what} anew in {source.id}"
    draft.put(replace(_without(draft, source, version, kept), hand=True))
    draft.put(_with(draft, target, version, moved, beside))
    if not kept and len(source.spans) == 1:
        draft.leave_notes(target.id, [source.id])
    return f"moved {what} from {source.id} to {target.id}"


def _parted(draft: Draft, row: Row, version: str, wanted: Spans) -> tuple[Spans, Spans]:
    """Return what of a version leaves a row and what stays, in reading order; all leaves where nothing is wanted.

    Blanks alone are left nowhere: they go along.
    """
    own = row.spans.get(version, ())
    if not own:
        raise InputError(f"{row.id} has no text of {version}")
    if wanted and all(draft.blank(version, span) for span in wanted):
        raise InputError(f"these passages of {version} are nothing but blanks")
    left = joined(spans_without(own, wanted)) if wanted else ()
    kept = tuple(span for span in left if not draft.blank(version, span))
    return joined(spans_without(own, kept)), kept


def _told(row: Row, version: str, moved: Spans, kept: Spans) -> str:
    if not kept:
        return version
    cover = Cover(moved)
    number = sum(1 for link in row.links if cover.within(link.spans.get(version, ())))
    return f"{number:,} sentences of {version}" if number > 1 else f"a {'sentence' if number else 'part'} of {version}"


def _kind(row: Row) -> Kind:
    return "body" if row.kind == "furniture" else row.kind


def _without(draft: Draft, row: Row, version: str, kept: Spans) -> Row:
    """Return a row that keeps only some of a version, and nothing that was decided on that."""
    verdicts = {} if version == draft.pivot else {n: v for n, v in row.verdicts.items() if n != version}
    return remade(replace(row, verdicts=verdicts), {**row.spans, version: kept}, draft.pivot)


def _with(draft: Draft, row: Row, version: str, moved: Spans, beside: Spans) -> Row:
    """Return a row with more of a version, by hand: that is confirmed, where the row has text of the pivot."""
    spans = {**row.spans, version: inserted(row.spans.get(version, ()), moved)}
    # What stands beside a version that is not what it was has to be looked at anew.
    score = {} if version == draft.pivot else {name: p for name, p in row.score.items() if name != version}
    links = _beside(row.links, row, draft.pivot, beside, version, moved) if beside else row.links
    verdicts: dict[str, Verdict] = {} if version == draft.pivot else dict(row.verdicts)
    if version != draft.pivot and draft.pivot in spans:
        verdicts[version] = "confirmed"
    full = replace(row, spans=spans, score=score, verdicts=verdicts, hand=True)
    return remade(full, spans, draft.pivot, links)


def _unlinked(links: Sequence[Bead], version: str, moved: Spans) -> tuple[Bead, ...]:
    """Return links without some passages of a version."""
    left, cover = [], Cover(moved)
    for link in links:
        own = link.spans.get(version, ())
        spans = {**link.spans, version: spans_without(own, cover.within(own))}
        left.append(replace(link, spans={name: found for name, found in spans.items() if found}))
    return tuple(link for link in left if link.spans)


def _beside(links: Sequence[Bead], row: Row, pivot: str, beside: Spans, version: str, moved: Spans) -> tuple[Bead, ...]:
    """Return links, that of a passage of the pivot also with some passages of a version."""
    cover = Cover(beside)
    shared = [size(cover.within(link.spans.get(pivot, ()))) for link in links]
    if not any(shared):
        return (*links, Bead("", row.kind, {pivot: beside, version: moved}))
    k = shared.index(max(shared))
    link = links[k]
    spans = {**link.spans, version: inserted(link.spans.get(version, ()), moved)}
    score = {name: p for name, p in link.score.items() if name != version}
    return (*links[:k], replace(link, spans=spans, score=score), *links[k + 1 :])


# Text without a counterpart


def absent(draft: Draft, row: Row, version: str) -> None:
    """Decide that a version has nothing for a row of the pivot; what it has there goes to a row of its own.

    Raises:
        InputError: the row has no text of the pivot, or it is decided already.
    """
    if version == draft.pivot:
        raise InputError(f"{version} is the pivot: mark its text as extra (e) where no other version has it")
    if draft.pivot not in row.spans:
        raise InputError(f"{row.id} has no text of {draft.pivot} that {version} could lack")
    if row.verdicts.get(version) == "absent":
        raise InputError(f"{version} is absent in {row.id} already")
    if version in row.spans:
        # Not by hand: where this text belongs is not decided.
        draft.put(_alone(draft.fresh(row.id), _kind(row), row, version, row.spans[version], draft.pivot))
        row = _without(draft, row, version, ())
    draft.put(replace(row, verdicts={**row.verdicts, version: "absent"}))


def _alone(name: str, kind: Kind, row: Row, version: str, spans: Spans, pivot: str) -> Row:
    return remade(replace(row, id=name, kind=kind, score={}, verdicts={}, hand=False), {version: spans}, pivot)


def extra(draft: Draft, asked: Asked) -> str:
    """Decide that text of a version belongs to no row of the pivot, or, of the pivot, to no other version.

    It goes to a row of its own, unless it stands without the pivot already; return what is told of it.

    Raises:
        InputError: the rows do not hold it, or it is decided already.
        UnknownNameError: there is no such row or version.
    """
    return _set_apart(draft, asked, "extra")


def furniture(draft: Draft, asked: Asked) -> str:
    """Decide that text of a version is page furniture, such as a running head, in a row of its own.

    Returns:
        What is told of it.

    Raises:
        InputError: the rows do not hold it, or it is decided already.
        UnknownNameError: there is no such row or version.
    """
    return _set_apart(draft, asked, "furniture")


def _set_apart(draft: Draft, asked: Asked, verdict: Verdict) -> str:
    version, names = asked.version(), asked.some()
    reasons: list[InputError] = []
    told = ""
    for name in names:
        try:
            row = draft.get(name)
            wanted = asked.spans("spans", row, version)
            told = _apart(draft, row, version, wanted, verdict)
        except InputError as e:
            reasons.append(e)
    done = len(names) - len(reasons)
    if not done:
        raise reasons[0]
    if done > 1:
        told = f"{version} of {done:,} rows"
    return f"marked {told} as {verdict}{passed(len(reasons))}"


def _apart(draft: Draft, row: Row, version: str, wanted: Spans, verdict: Verdict) -> str:
    moved, kept = _parted(draft, row, version, wanted)
    what = f"{_told(row, version, moved, kept)} of {row.id}" if not kept else _told(row, version, moved, kept)
    kind: Kind = "furniture" if verdict == "furniture" else _kind(row)
    # What has no text of the pivot may go on standing beside what it translates in the other versions.
    together = verdict == "extra" and version != draft.pivot and draft.pivot not in row.spans
    if not kept and (together or len(row.spans) == 1):
        if row.verdicts.get(version) == verdict:
            raise InputError(f"{version} is {verdict} in {row.id} already")
        draft.put(replace(row, kind=kind, verdicts={**row.verdicts, version: verdict}))
        return what
    made = _alone(draft.fresh(row.id), kind, row, version, moved, draft.pivot)
    draft.put(replace(made, verdicts={version: verdict}))
    draft.put(_without(draft, row, version, kept))
    return f"{what} from {row.id}" if kept else what
