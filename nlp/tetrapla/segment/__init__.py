"""From raw text to paragraphs and sentences: what a reader would take for one, whatever the page did to it.

    lines  ->  paragraphs  ->  kinds  ->  torn ones joined  ->  flows  ->  sentences

Every step keeps raw offsets. Paragraphs cover each non-space character exactly once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from tetrapla import languages
from tetrapla.model import Document, Segment, Segmented, Span, ViewSpan
from tetrapla.segment.flow import flow_of
from tetrapla.segment.kinds import kinds_of
from tetrapla.segment.lines import lines_of
from tetrapla.segment.paragraphs import paragraphs_of
from tetrapla.segment.torn import join_torn

__all__ = ["segment", "set_apart"]


def segment(document: Document, furniture: Sequence[Span] = ()) -> Segmented:
    """Return the document with its paragraphs, their sentences and the running text of each.

    Paragraphs come in the order of their first character and are called ``p1``, ``p2`` …; the sentences of ``p1``
    ``p1.1``, ``p1.2`` … Lines that lie in spans of `furniture`, which are no part of the text, are paragraphs of
    their own, and what stands before and after them is read as if they were not there.
    """
    language = languages.get(document.language)
    lines = lines_of(document, language)
    inside = _inside(furniture)
    kept = [line for line in lines if not inside(line.span)]
    blocks = paragraphs_of(kept, language)
    groups = join_torn(blocks, kinds_of(blocks, language), language)
    if len(kept) < len(lines):
        groups += [([[line]], "furniture") for line in lines if inside(line.span)]
        groups.sort(key=lambda group: group[0][0][0].span.start)
    paragraphs, flows, sentences = [], [], []
    for number, (pieces, kind) in enumerate(groups, start=1):
        flow = flow_of(pieces, language)
        paragraph = Segment(f"p{number}", kind, flow.to_raw(ViewSpan(0, len(flow.text))))
        paragraphs.append(paragraph)
        flows.append(flow)
        sentences.append(
            tuple(
                Segment(f"{paragraph.id}.{k}", kind, flow.to_raw(span))
                for k, span in enumerate(_sentences(language.code, flow.text), start=1)
            )
        )
    return Segmented(document, tuple(paragraphs), tuple(sentences), tuple(flows))


# A text is read again once it is cleaned, and most of its paragraphs are what they were.
@lru_cache(maxsize=2_000)
def _sentences(code: str, text: str) -> Sequence[ViewSpan]:
    return languages.get(code).sentences(text)


def _inside(spans: Sequence[Span]) -> Callable[[Span], bool]:
    """Return a function that says whether a span lies wholly in one of some others."""
    ordered = sorted(spans)
    starts = [span.start for span in ordered]
    # Of all that begin no later the one that reaches farthest covers whatever any of them covers.
    ends = list(accumulate((span.end for span in ordered), max))

    def inside(own: Span) -> bool:
        k = bisect_right(starts, own.start) - 1
        return k >= 0 and own.end <= ends[k]

    return inside


def set_apart(segmented: Segmented, furniture: Sequence[Span]) -> Segmented:
    """Return the document with what lies in spans of page furniture marked as such, in paragraphs of its own."""
    inside = _inside(furniture)
    whole = {span for paragraph in segmented.paragraphs for span in paragraph.spans if inside(span)}
    covered = _inside(sorted(whole))
    if not all(covered(span) for span in furniture):
        # Some stands on a line inside a paragraph, which is read anew without it.
        return segment(segmented.document, furniture)

    def marked(segment: Segment) -> Segment:
        return replace(segment, kind="furniture") if all(map(inside, segment.spans)) else segment

    paragraphs = tuple(marked(paragraph) for paragraph in segmented.paragraphs)
    sentences = tuple(
        tuple(replace(sentence, kind=paragraph.kind) for sentence in own)
        for paragraph, own in zip(paragraphs, segmented.sentences, strict=True)
    )
    return replace(segmented, paragraphs=paragraphs, sentences=sentences)
