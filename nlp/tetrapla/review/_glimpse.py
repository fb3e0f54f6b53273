"""What some rows read as long as the whole texts are not read: each passage out of its surroundings.

To read a long document takes seconds, to read what is on the screen some hundredths of one. Little of it may come out
otherwise than it will from the whole text: what stands far from the rest of its torn paragraph, or is page furniture
by its coming again. What was found and decided in the texts is not marked yet.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tetrapla.model import Alignment, Document, Flow, Segment, Segmented, Span
from tetrapla.review._concepts import Concepts
from tetrapla.review._homes import Homes
from tetrapla.review._look import Look
from tetrapla.review._prepared import Prepared, text_of
from tetrapla.segment import segment

if TYPE_CHECKING:
    from tetrapla.review._rows import Row

__all__ = ["glimpse"]

AROUND = 1500  # characters before and after a passage, by which it is told how lines of its text are joined


def glimpse(alignment: Alignment, rows: Sequence[Row], versions: Iterable[str]) -> Look:
    """Return a look at these versions of these rows, and at nothing else."""
    documents = {doc.id: doc for doc in alignment.documents}
    texts = {
        name: text_of(_near(documents[name], [span for row in rows for span in row.spans.get(name, ())]))
        for name in versions
    }
    prepared = Prepared(texts)
    return Look(documents, prepared, Concepts({}, prepared, alignment, {}), Homes(()), {})


def _near(document: Document, spans: Iterable[Span]) -> Segmented:
    """Return what is read of a document around some spans of it."""
    parts = [_part(document, window) for window in _windows(document.text, spans)]
    sentences = tuple(own for part in parts for own in part.sentences)
    return Segmented(document, (), sentences, tuple(flow for part in parts for flow in part.flows))


def _windows(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the stretches of a text around some spans of it, in whole lines; those that meet are one."""
    start, end = 0, -2  # so that a first line, which begins at 0, does not go on with what is not there
    for span in sorted(spans):
        low = text.rfind("\n", 0, max(span.start - AROUND, 0)) + 1
        line_end = text.find("\n", span.end + AROUND)
        high = len(text) if line_end < 0 else line_end
        if low > end + 1:
            if end >= 0:
                yield Span(start, end)
            start = low
        end = max(end, high)
    if end >= 0:
        yield Span(start, end)


def _part(document: Document, window: Span) -> Segmented:
    """Return what a stretch of a document reads alone, with the offsets of the whole."""
    by = window.start
    own = segment(replace(document, text=document[window]))

    def moved(sentence: Segment) -> Segment:
        return replace(sentence, spans=tuple(Span(span.start + by, span.end + by) for span in sentence.spans))

    sentences = tuple(tuple(map(moved, found)) for found in own.sentences)
    flows = (Flow(flow.text, array("I", (offset + by for offset in flow.offsets)), flow.tears) for flow in own.flows)
    return Segmented(document, (), sentences, tuple(flows))
