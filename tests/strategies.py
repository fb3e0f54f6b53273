"""What Hypothesis draws: texts, edits that apply, findings, alignments."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from tetrapla.model import Alignment, Bead, Document, Edit, Finding, Grade, Kind, Span

# Letters of all four languages, marks that tear texts apart, characters beyond the BMP, the newlines of old files.
CHARACTERS = st.one_of(
    st.sampled_from("aeio bnst.,-\n\r\t éñçœ«»“”’ 中文献对齐。，；①®　"),
    st.characters(exclude_categories=["Cs", "Cc"]),  # no file may hold the first, and hardly any the second
)
texts = st.text(CHARACTERS, max_size=60)
scores = st.floats(0, 1)
grades: st.SearchStrategy[Grade] = st.sampled_from(get_args(Grade))
kinds: st.SearchStrategy[Kind] = st.sampled_from(get_args(Kind))
names = st.text("abcxyz-", min_size=1, max_size=8)


@st.composite
def documents(draw: st.DrawFn, min_size: int = 0) -> Document:
    text = draw(st.text(CHARACTERS, min_size=min_size, max_size=60))
    return Document(draw(names), draw(st.sampled_from(["zh", "en", "es", "fr", "und"])), text, "a.txt")


@st.composite
def spans(draw: st.DrawFn, length: int) -> Span:
    start = draw(st.integers(0, length))
    return Span(start, draw(st.integers(start, length)))


@st.composite
def edits(draw: st.DrawFn, doc: Document) -> list[Edit]:
    """Edits of a document that do not overlap, in any order; some insert, some delete, some touch."""
    cuts = sorted(draw(st.lists(st.integers(0, len(doc.text)), max_size=12)))
    found: dict[Span, Edit] = {}
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        span = Span(start, end)
        replacement = draw(st.text(CHARACTERS, max_size=5))
        found[span] = Edit(span, doc[span], replacement, draw(names), draw(grades))
    return draw(st.permutations(list(found.values())))


@st.composite
def edited(draw: st.DrawFn) -> tuple[Document, list[Edit]]:
    doc = draw(documents())
    return doc, draw(edits(doc))


@st.composite
def findings(draw: st.DrawFn, doc: Document) -> Finding:
    return Finding(
        type=draw(names),
        spans=tuple(draw(st.lists(spans(len(doc.text)), min_size=1, max_size=3))),
        score=draw(scores),
        grade=draw(grades),
        replacement=draw(st.none() | texts),
        concept=draw(st.none() | names),
        kept=draw(st.none() | spans(len(doc.text))),
        evidence=draw(st.dictionaries(names, scores | texts | st.lists(st.integers()), max_size=2)),
        message=draw(texts),
    )


@st.composite
def beads(draw: st.DrawFn, docs: tuple[Document, ...], depth: int = 1) -> Bead:
    some = draw(st.lists(st.sampled_from(docs), unique=True, min_size=1))
    sides = {doc.id: tuple(draw(st.lists(spans(len(doc.text)), min_size=1, max_size=3))) for doc in some}
    return Bead(
        id=draw(names),
        kind=draw(kinds),
        spans=sides,
        score={name: draw(scores) for name in sides},
        evidence=draw(st.dictionaries(names, scores | st.lists(texts, max_size=2), max_size=2)),
        sentences=tuple(draw(st.lists(beads(docs, depth - 1), max_size=2))) if depth else (),
    )


@st.composite
def alignments(draw: st.DrawFn) -> Alignment:
    """Alignments of texts whose files are called after their ids; no text is blank, as no file may be."""
    ids = draw(st.lists(names, unique=True, min_size=2, max_size=4))
    docs = tuple(Document(name, "en", f"x{draw(texts)}", f"{name}.txt") for name in ids)
    return Alignment(draw(st.sampled_from(ids)), docs, tuple(draw(st.lists(beads(docs), max_size=4))))
