"""From raw text to paragraphs and sentences: what a reader would take for one, whatever the page did to it.

    lines  ->  paragraphs  ->  kinds  ->  torn ones joined  ->  flows  ->  sentences

Every step keeps raw offsets. Paragraphs cover each non-space character exactly once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tetrapla import languages
from tetrapla.model import Document, Segment, Segmented, Span, ViewSpan
from tetrapla.segment.flow import flow_of
from tetrapla.segment.kinds import kinds_of
from tetrapla.segment.lines import lines_of
from tetrapla.segment.paragraphs import paragraphs_of
from tetrapla.segment.torn import join_torn

__all__ = ["segment", "set_apart"]


def segment(document: Document) -> Segmented:
    """Return the document with its paragraphs, their sentences and the running text of each.

    Paragraphs come in the order of their first character and are called ``p1``, ``p2`` …; the sentences of ``p1``
    ``p1.1``, ``p1.2`` …
    """
    language = languages.get(document.language)
    lines = lines_of(document, language)
    blocks = paragraphs_of(lines, language)
    groups = join_torn(blocks, kinds_of(blocks, language), language)
    paragraphs, flows, sentences = [], [], []
    for number, (pieces, kind) in enumerate(groups, start=1):
        flow = flow_of(pieces, language)
        paragraph = Segment(f"p{number}", kind, flow.to_raw(ViewSpan(0, len(flow.text))))
        paragraphs.append(paragraph)
        flows.append(flow)
        sentences.append(
            tuple(
                Segment(f"{paragraph.id}.{k}", kind, flow.to_raw(span))
                for k, span in enumerate(language.sentences(flow.text), start=1)
            )
        )
    return Segmented(document, tuple(paragraphs), tuple(sentences), tuple(flows))


def set_apart(segmented: Segmented, furniture: Sequence[Span]) -> Segmented:
    """Return the document with the paragraphs that lie wholly in spans of page furniture marked as such."""

    def marked(segment: Segment) -> Segment:
        inside = all(any(span.covers(own) for span in furniture) for own in segment.spans)
        return replace(segment, kind="furniture") if inside else segment

    paragraphs = tuple(marked(paragraph) for paragraph in segmented.paragraphs)
    sentences = tuple(
        tuple(replace(sentence, kind=paragraph.kind) for sentence in own)
        for paragraph, own in zip(paragraphs, segmented.sentences, strict=True)
    )
    return replace(segmented, paragraphs=paragraphs, sentences=sentences)
