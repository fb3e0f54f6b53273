"""Versions of a document as spaCy's `Doc`s, in a `DocBin`: for whoever searches or trains with spaCy.

A `Doc` is the running text of a version (lines joined, torn paragraphs put together, a blank line between two), cut
by a blank pipeline: words and sentences, no tags. Sentences are those of Tetrapla. Groups of spans, `doc.spans`:

    paragraphs   label: kind (body, heading …)   span id: the paragraph's
    beads        label: id of the bead; spans of the same label in two `Doc`s translate each other
    concepts     label: id of the concept
    noise        label: type of the finding      span id: type and place, for those in several pieces

Spans grow to whole words where they begin or end inside one. `doc.user_data` has the document's id, language, source
and sha256, and with `offsets` the way back: `raw_spans` gives the places in the raw text. To read them again::

    from spacy.tokens import DocBin
    zh, en = DocBin().from_disk("out.spacy").get_docs(spacy.blank("xx").vocab)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tetrapla import languages
from tetrapla.formats import Known, Writer, writers
from tetrapla.formats._reading import Reading, reading_of
from tetrapla.model import Alignment, Finding, Mention, Segmented, Span, ViewSpan

if TYPE_CHECKING:
    import spacy.language
    import spacy.tokens
    import spacy.vocab

__all__ = ["docs", "dump_docs", "raw_spans"]

# Its own default cuts characters.
JIEBA = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}}}
ANY = "xx"  # spaCy's word for a language without rules


@cache
def _blank(code: str) -> spacy.language.Language:
    """Return the blank pipeline of a language: once a process, as that of French takes two seconds.

    Where spaCy knows no words of the language, or needs a package for them that is not installed, words are ours.
    """
    with warnings.catch_warnings():
        # Third parties' at first import.
        warnings.simplefilter("ignore")
        import spacy

        if code == "zh":
            languages.get("zh").words("")  # loads jieba our way: without its messages and its shared cache
            return spacy.blank("zh", config=JIEBA)
        try:
            return spacy.blank(code)
        except ImportError:
            pipeline = spacy.blank(ANY)
            pipeline.tokenizer = partial(_by_our_words, pipeline.vocab, languages.get(code))
            return pipeline


def _by_our_words(vocab: spacy.vocab.Vocab, language: languages.Language, text: str) -> spacy.tokens.Doc:
    """Return a text cut where words begin and end; what stands between two without blanks is a token, too."""
    from spacy.tokens import Doc
    from spacy.util import get_words_and_spaces

    cuts = sorted({0, len(text), *(at for word in language.words(text) for at in (word.start, word.end))})
    pieces = [piece for start, end in pairwise(cuts) for piece in text[start:end].split()]
    words, spaces = get_words_and_spaces(pieces, text)
    return Doc(vocab, words=words, spaces=spaces)


def docs(
    alignment: Alignment,
    versions: Mapping[str, Segmented],
    *,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
    findings: Mapping[str, Sequence[Finding]] | None = None,
) -> list[spacy.tokens.Doc]:
    """Return the versions of an alignment as spaCy's documents, in its order; everything else by document id."""
    made = []
    for document in alignment.documents:
        name, version = document.id, versions[document.id]
        reading = reading_of(version)
        doc = _cut(reading, version)
        _mark(doc, reading, "paragraphs", ((p.spans, p.kind, p.id) for p in version.paragraphs))
        _mark(doc, reading, "beads", ((bead.spans.get(name, ()), bead.id, "") for bead in alignment.beads))
        _mark(doc, reading, "concepts", ((m.spans, m.concept, "") for m in (mentions or {}).get(name, ())))
        noise = (findings or {}).get(name, ())
        _mark(doc, reading, "noise", ((f.spans, f.type, f"{f.type}-{f.start}-{f.end}") for f in noise))
        doc.user_data |= {
            "id": name,
            "language": document.language,
            "source": document.source,
            "sha256": document.sha256,
            "offsets": [list(run) for run in reading.runs],
        }
        made.append(doc)
    return made


def _cut(reading: Reading, version: Segmented) -> spacy.tokens.Doc:
    """Return the running text cut into words and sentences."""
    # The tokenizer itself: the pipeline would refuse a text beyond a million characters, which only parsers mind.
    doc: spacy.tokens.Doc = _blank(version.document.language.split("-")[0].lower()).tokenizer(reading.text)
    starts = {
        place.start
        for sentences in version.sentences
        for sentence in sentences
        for place in reading.places(sentence.spans)[:1]
    }
    for token in doc:
        token.is_sent_start = any(at in starts for at in range(token.idx, token.idx + len(token)))
    return doc


def _mark(
    doc: spacy.tokens.Doc, reading: Reading, group: str, marks: Iterable[tuple[Sequence[Span], str, str]]
) -> None:
    """Add a group of spans, each given by its raw spans, label and id."""
    doc.spans[group] = [
        span
        for spans, label, own in marks
        for place in reading.places(spans)
        if (span := doc.char_span(place.start, place.end, label, alignment_mode="expand", span_id=own)) is not None
    ]


def raw_spans(span: spacy.tokens.Span) -> tuple[Span, ...]:
    """Return where the words of a span of such a `Doc` stand in the raw text, in reading order.

    Several where a line break or a tear lies between them. The raw text must be that of ``doc.user_data["sha256"]``.
    """
    runs: Any = span.doc.user_data["offsets"]
    reading = Reading(span.doc.text, tuple((start, raw, length) for start, raw, length in runs))
    return reading.to_raw(ViewSpan(span.start_char, span.end_char))


def dump_docs(
    alignment: Alignment,
    versions: Mapping[str, Segmented],
    *,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
    findings: Mapping[str, Sequence[Finding]] | None = None,
) -> bytes:
    """Return the bytes of a ``.spacy`` file; see `docs`."""
    made = docs(alignment, versions, mentions=mentions, findings=findings)
    from spacy.tokens import DocBin

    return DocBin(store_user_data=True, docs=made).to_bytes()


def _dump(known: Known) -> bytes:
    return dump_docs(known.alignment, known.versions, mentions=known.mentions, findings=known.findings)


writers.add(".spacy")(Writer(_dump, findings=True))
