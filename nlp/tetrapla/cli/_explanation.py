"""Why a passage is linked as it is, for people: what `tetrapla align --explain` prints."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from tetrapla import languages
from tetrapla.align.evidence import told
from tetrapla.cli._console import shorten
from tetrapla.errors import InputError
from tetrapla.model import Alignment, Bead, Document, Span, Stretch

__all__ = ["explanation", "stretch_lines"]

QUOTED = 100  # columns of a text that are shown
LABEL = 13  # columns of what stands before each line of evidence
PIECES = 4  # of a torn passage that are named
LITTLE = 0.2  # what covers no more above the mean is hardly more than chance
NEAR = 3  # names that an error guesses


def explanation(alignment: Alignment, name: str) -> str:
    """Return what is known of a bead in some lines: its texts, what speaks for each link, and the second best place.

    `name` is the id of a bead, or a line of a document, ``en:120`` or ``texts/en.txt:120``; a line may hold several.

    Raises:
        InputError: no bead has the name, no document or no line of it; says which ones come near.
    """
    return "\n".join(_Explained(alignment, bead).text() for bead in _named(alignment, name))


def stretch_lines(alignment: Alignment) -> list[str]:
    """Return a line for each stretch that has derailed or that another version lacks; none where all is well."""
    lines = [f"derailed: {_where(alignment, s.document, s.spans)}: {s.why}" for s in alignment.derailed]

    def place(gap: Stretch) -> tuple[str, tuple[Span, ...]]:
        return gap.document, gap.spans

    for (name, spans), gaps in groupby(sorted(alignment.gaps, key=place), key=place):
        lacking = ", ".join(gap.against for gap in gaps)
        lines.append(f"missing: {_where(alignment, name, spans)}: has no counterpart in {lacking}")
    return lines


def _named(alignment: Alignment, name: str) -> list[Bead]:
    """Return the bead with an id, or the beads that a line holds, in the order of the text."""
    found = [bead for bead in alignment.beads if bead.id == name]
    if found:
        return found
    which, _, number = name.rpartition(":")
    documents = [doc for doc in alignment.documents if which in (doc.id, doc.source, Path(doc.source).name)]
    if which and number.isdecimal() and documents:
        return _at_line(alignment, documents[0], int(number))
    if which and number.isdecimal():
        known = ", ".join(f"{doc.id} ({doc.source})" if doc.source else doc.id for doc in alignment.documents)
        raise InputError(f"no document of this alignment is called {which!r}; there are {known}")
    near = difflib.get_close_matches(name, [bead.id for bead in alignment.beads], n=NEAR, cutoff=0.0)
    line = f"{alignment.documents[0].id}:1" if alignment.documents else "en:1"
    raise InputError(
        f"no bead is called {name!r}; near it are {', '.join(near)}. A line of a text will do, too: {line}"
    )


def _at_line(alignment: Alignment, doc: Document, number: int) -> list[Bead]:
    lines = doc.text.split("\n")
    if not 1 <= number <= len(lines):
        raise InputError(f"{doc.source or doc.id} has no line {number}; it has {len(lines)}")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    line = Span(start, start + len(lines[number - 1]))
    placed = sorted(((span, bead) for bead in alignment.beads for span in bead.spans.get(doc.id, ())), key=_start)
    found = [bead for span, bead in placed if span.overlaps(line)]
    if found:
        return list({bead.id: bead for bead in found}.values())
    before = [f"{bead.id} before it" for span, bead in placed if span.end <= line.start][-1:]
    after = [f"{bead.id} after it" for span, bead in placed if span.start >= line.end][:1]
    raise InputError(f"line {number} of {doc.source or doc.id} is in no bead; {' and '.join(before + after)}")


def _start(item: tuple[Span, Bead]) -> Span:
    return item[0]


def _where(alignment: Alignment, name: str, spans: Sequence[Span]) -> str:
    doc = _document(alignment, name)
    return f"{doc.source or doc.id} {_lines(doc, spans)}"


def _document(alignment: Alignment, name: str) -> Document:
    doc = alignment.document(name)
    if doc is None:
        raise InputError(f"the alignment speaks of a document {name!r} that is not in it")
    return doc


def _lines(doc: Document, spans: Sequence[Span]) -> str:
    """Return the lines in which spans stand."""
    pieces = []
    for span in spans[:PIECES]:
        first, last = doc.line_of(span.start), doc.line_of(max(span.end - 1, span.start))
        pieces.append(f"{first}" if first == last else f"{first}–{last}")
    more = ", …" if len(spans) > PIECES else ""
    word = "line" if len(pieces) == 1 and "–" not in pieces[0] else "lines"
    return f"{word} {', '.join(dict.fromkeys(pieces))}{more}"


def _quoted(doc: Document, spans: Sequence[Span]) -> str:
    language = languages.get(doc.language)
    lines = [line.strip() for span in spans for line in doc[span].split("\n")]
    return f"“{shorten(language.joiner.join(filter(None, lines)), QUOTED // (1 + language.full_width))}”"


class _Explained:
    """One bead of an alignment, while it is put in words."""

    def __init__(self, alignment: Alignment, bead: Bead) -> None:
        self.alignment = alignment
        self.bead = bead
        self.beads = {other.id: other for other in alignment.beads}

    def text(self) -> str:
        pivot = self.alignment.pivot
        out = [f"{self.bead.id}, {self.bead.kind}"]
        names = sorted((doc.id for doc in self.alignment.documents), key=lambda name: name != pivot)
        for name in names:
            if self.bead.spans.get(name):
                out += ["", *self._side(name)]
            elif self.bead.kind != "furniture":
                out += ["", *self._lack(name)]
        if self.bead.kind == "furniture":
            out += ["", "furniture of the page, which is linked with nothing"]
        return "\n".join(out) + "\n"

    def _side(self, name: str) -> list[str]:
        """Return what is to say of one version in the bead."""
        doc, spans = _document(self.alignment, name), self.bead.spans[name]
        score = self.bead.score.get(name)
        head = f"{name}, {_lines(doc, spans)}" + (f", probability {score:.2f}" if score is not None else "")
        out = [head, f"  {_quoted(doc, spans)}"]
        evidence = self.bead.evidence.get(name)
        if evidence is not None:
            out += [f"  {label:{LABEL}}{text}" for label, text in told(evidence)]
            out += [f"  {'':{LABEL}}{line}" for line in self._second(name, evidence)]
        out += [f"  {'derailed':{LABEL}}{s.why}" for s in self.alignment.derailed if _holds(s, name, spans)]
        return out

    def _second(self, name: str, evidence: object) -> list[str]:
        """Return more of the best other place: what stands there, and what keeps a passage from it that has none."""
        second = evidence.get("second") if isinstance(evidence, Mapping) else None
        place = self.beads.get(str(second.get("bead"))) if isinstance(second, Mapping) else None
        pivot = self.alignment.pivot
        if not isinstance(second, Mapping) or place is None or not place.spans.get(pivot):
            return []
        doc, start = _document(self.alignment, pivot), second.get("start")
        spans = place.spans[pivot]
        if isinstance(start, int):
            spans = tuple(Span(max(span.start, start), span.end) for span in spans if span.end > start) or spans
        out = [f"{pivot}, {_lines(doc, spans[:1])}, {_quoted(doc, spans[:1])}"]
        if "covers" in second:
            out += self._why_not(name, place, second["covers"])
        return out

    def _why_not(self, name: str, place: Bead, covers: object) -> list[str]:
        out = []
        if isinstance(covers, int | float) and covers < LITTLE:
            out.append("that is hardly more than chance")
        if place.spans.get(name):
            doc, score = _document(self.alignment, name), place.score.get(name)
            sure = f" with probability {score:.2f}" if score is not None else ""
            out.append(f"{place.id} has {name}, {_lines(doc, place.spans[name])},{sure} already".replace(",  ", ", "))
        before, after = self._beside(name, self.bead.spans[name])
        around = " and ".join(f"{word} {bead.id}" for word, bead in (("after", before), ("before", after)) if bead)
        if around:
            out.append(f"it stands {around}")
        return out

    def _lack(self, name: str) -> list[str]:
        """Return what stands where a version should have the bead."""
        own = next(iter(self.bead.spans))
        own = self.alignment.pivot if self.alignment.pivot in self.bead.spans else own
        before, after = self._beside(own, self.bead.spans[own], name)
        out = [f"{name}: nothing is linked with it"]
        doc = _document(self.alignment, name)
        for word, bead in (("before it", before), ("after it", after)):
            if bead:
                out.append(f"  {word:{LABEL}}{bead.id}, {_lines(doc, bead.spans[name])}")
        out += [f"  {'gap':{LABEL}}{s.why}" for s in self.alignment.gaps if s.against == name and self._in(s)]
        return out

    def _in(self, stretch: Stretch) -> bool:
        return _holds(stretch, stretch.document, self.bead.spans.get(stretch.document, ()))

    def _beside(self, name: str, spans: Sequence[Span], *others: str) -> tuple[Bead | None, Bead | None]:
        """Return the linked beads before and after a passage of a version, of those that have other versions too."""
        wanted = {name, *(others or (self.alignment.pivot,))}
        linked = [bead for bead in self.alignment.beads if all(bead.spans.get(one) for one in wanted)]
        first, last = min(spans).start, max(span.end for span in spans)
        before = [bead for bead in linked if bead.spans[name][0].end <= first]
        after = [bead for bead in linked if bead.spans[name][0].start >= last]
        return (
            max(before, key=lambda bead: bead.spans[name][0], default=None),
            min(after, key=lambda bead: bead.spans[name][0], default=None),
        )


def _holds(stretch: Stretch, name: str, spans: Sequence[Span]) -> bool:
    return stretch.document == name and any(a.overlaps(b) for a in stretch.spans for b in spans)
