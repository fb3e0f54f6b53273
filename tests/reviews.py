"""What tests of reviews build and draw: rows of sentences as short as can be, and decisions on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tetrapla.errors import InputError
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.review._changes import Change, change
from tetrapla.review._rows import ROW, Rows, row_of

__all__ = ["alignment_of", "decide", "decided", "held", "parted", "size_of", "stands", "taken"]

IDS = ("zh", "en", "es")
OPS = ("confirm", "refuse", "clear", "absent", "move", "split", "merge", "extra", "furniture")


def alignment_of(*rows: Mapping[str, Sequence[int]], size: int = 12, links: bool = True) -> Alignment:
    """Return an alignment with beads b1, b2 …, given by the numbers of their sentences in each version, from 1.

    Sentence 3 of en is "en3." at 16–20, and so on: five characters each, the last a blank. Those at the same place in
    a row are linked. What is in no row has one of its own behind them.
    """
    documents = tuple(Document(name, name, "".join(f"{name}{k % 10}. " for k in range(1, size + 1))) for name in IDS)
    beads = []
    for k, row in enumerate(rows, start=1):
        spans = {name: tuple(spans_of(numbers)) for name, numbers in row.items() if numbers}
        score = {name: 0.9 for name in spans if name != "zh" and "zh" in spans}
        longest = max(map(len, row.values()), default=0)
        sentences = [_link(row, n) for n in range(longest)] if links else []
        beads.append(Bead(f"b{k}", "body", spans, score, sentences=tuple(sentences)))
    for name in IDS:
        for n in sorted(set(range(1, size + 1)) - {n for row in rows for n in row.get(name, ())}):
            beads.append(Bead(f"b{len(beads) + 1}", "body", {name: tuple(spans_of([n]))}))
    return Alignment("zh", documents, tuple(beads))


def _link(row: Mapping[str, Sequence[int]], n: int) -> Bead:
    spans = {name: tuple(spans_of(numbers[n : n + 1])) for name, numbers in row.items() if numbers[n : n + 1]}
    return Bead("", "body", spans, {name: 0.9 for name in spans if name != "zh" and "zh" in spans})


def spans_of(numbers: Iterable[int]) -> list[Span]:
    """Return the spans of sentences, of those that follow each other one with the blank between them."""
    found: list[Span] = []
    for n in numbers:
        start = 5 * (n - 1)
        if found and found[-1].end + 1 == start:
            start = found.pop().start
        found.append(Span(start, 5 * n - 1))
    return found


def size_of(alignment: Alignment) -> int:
    """Return how many sentences its versions have."""
    return len(alignment.documents[0].text) // 5


def stands(rows: Rows, name: str) -> dict[str, str]:
    """Return the texts of a row in reading order, its pieces parted by bars."""
    texts = {doc.id: doc.text for doc in rows.documents}
    spans = rows.get(name).spans
    return {own: "|".join(texts[own][s.start : s.end] for s in spans[own]) for own in IDS if own in spans}


def held(spans: Iterable[Mapping[str, Iterable[Span]]], documents: Iterable[Document]) -> Counter[tuple[str, int]]:
    """Return how often each character of the texts that is no blank stands in some passages."""
    texts = {doc.id: doc.text for doc in documents}
    return Counter(
        (name, k)
        for each in spans
        for name, found in each.items()
        for span in found
        for k in range(span.start, span.end)
        if not texts[name][k].isspace()
    )


def taken(rows: Rows, set_: Mapping[str, Any]) -> None:
    """Put into rows what the ledger says of them."""
    values = {key.removeprefix(ROW): value for key, value in set_.items() if key.startswith(ROW)}
    rows.put({name: None if value is None else row_of(name, value) for name, value in values.items()})


def decide(rows: Rows, op: str, names: Sequence[str], **args: Any) -> Change:
    """Make a decision, and return it."""
    made = change(op, rows, names, args)
    taken(rows, made.set)
    return made


@st.composite
def parted(draw: st.DrawFn, size: int | None = None) -> Alignment:
    """Alignments in which every sentence of every version stands in one row, often torn and out of order."""
    size = size or draw(st.integers(1, 8))
    number = draw(st.integers(1, 5))
    rows: list[dict[str, list[int]]] = [{} for _ in range(number)]
    for name in IDS:
        order = draw(st.permutations(range(1, size + 1))) if draw(st.booleans()) else range(1, size + 1)
        for n in order:
            rows[draw(st.integers(0, number - 1))].setdefault(name, []).append(n)
    return alignment_of(*(row for row in rows if row), size=size, links=draw(st.booleans()))


@st.composite
def decided(draw: st.DrawFn, most: int = 6) -> tuple[Alignment, Rows, list[Change]]:
    """Alignments, what random decisions made of them, and these."""
    alignment = draw(parted())
    rows = Rows(alignment)
    changes = []
    for _ in range(draw(st.integers(0, most))):
        op = draw(st.sampled_from(OPS))
        least = 2 if op == "merge" else 1
        if len(rows) < least:
            continue
        most_names = 1 if op in ("move", "split") else 3
        names = draw(st.lists(st.sampled_from(rows.ids), unique=True, min_size=least, max_size=max(least, most_names)))
        try:
            changes.append(decide(rows, op, names, **_args(draw, op, rows, names[0])))
        except InputError:
            continue
    return alignment, rows, changes


def _args(draw: st.DrawFn, op: str, rows: Rows, name: str) -> dict[str, Any]:
    row = rows.get(name)
    version = draw(st.sampled_from(sorted(row.spans)))
    args: dict[str, Any] = {"version": version}
    if op in ("confirm", "refuse", "clear", "absent"):
        return {"versions": draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))}
    if op == "split":
        span = draw(st.sampled_from(row.spans[version]))
        return {**args, "at": draw(st.integers(span.start, span.end - 1))}
    if op in ("move", "extra", "furniture") and draw(st.booleans()):
        span = draw(st.sampled_from(row.spans[version]))
        start = draw(st.integers(span.start, span.end - 1))
        args["spans"] = [[start, draw(st.integers(start + 1, span.end))]]
    if op == "move":
        args["to"] = draw(st.none() | st.sampled_from(rows.ids))
        if args["to"] and "zh" in rows.get(args["to"]).spans and draw(st.booleans()):
            span = rows.get(args["to"]).spans["zh"][0]
            args["beside"] = [[span.start, span.end]]
    return args
