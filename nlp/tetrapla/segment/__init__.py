"""From raw text to paragraphs and sentences: what a reader would take for one, whatever the page did to it.

    lines  ->  paragraphs  ->  kinds  ->  torn ones joined  ->  flows  ->  sentences

Every step keeps raw offsets. Paragraphs cover each non-space character exactly once.
"""

from __future__ import annotations

from tetrapla import languages
from tetrapla.model import Document, Segment, Segmented, ViewSpan
from tetrapla.segment.flow import flow_of
from tetrapla.segment.kinds import kinds_of
from tetrapla.segment.lines import lines_of
from tetrapla.segment.paragraphs import paragraphs_of
from tetrapla.segment.torn import join_torn

__all__ = ["segment"]


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
        flow = flow_of(pieces, document.text, language)
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
