"""A long document in four versions, made up, and its alignment: what the review page is measured with.

The paragraphs of the built-in sample come over and over, each time with other numbers. Now and then a passage is torn,
stands elsewhere, is missing, or belongs to nothing; links have probabilities of all sizes, sentences are linked one by
one. No aligner is run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tetrapla.formats.json import dump_alignment
from tetrapla.model import KINDS, Alignment, Bead, Document, Kind, Span
from tetrapla.resources import corpus_root

__all__ = ["LANGUAGES", "made_up", "written"]

LANGUAGES = ("zh", "en", "es", "fr")
PIVOT = LANGUAGES[0]
NAME = "made-up.json"
# What happens to a passage of another version than the pivot, in shares.
TORN, MOVED, MISSING, JUNK = 0.04, 0.03, 0.04, 0.01
LAST = {"zh": "第{}段。", "en": " Paragraph {}.", "es": " Párrafo {}.", "fr": " Paragraphe {}."}
AWAY = 12  # beads by which a passage is moved
LINE = (58, 88)  # characters of a line, at least and at most

END = re.compile(r"[.!?][”»\"]?(?=\s)|[。！？][”’]?")
Spans = tuple[Span, ...]


@dataclass
class _Text:
    """A text as it is written: its pieces, and where those of each bead lie; `junk` is what belongs to none."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    places: dict[int, list[Span]] = field(default_factory=dict)
    junk: list[Span] = field(default_factory=list)

    def put(self, piece: str) -> Span:
        start = self.length
        self.pieces += [re.sub(rf"(.{{{LINE[0]},{LINE[1]}}}) ", r"\1\n", piece), "\n\n"]
        self.length += len(piece) + 2
        return Span(start, start + len(piece))

    def put_for(self, bead: int, piece: str) -> None:
        self.places.setdefault(bead, []).append(self.put(piece))


def made_up(beads: int) -> Alignment:
    """Return an alignment of so many beads, and of some furniture besides; the same one each time."""
    texts = {code: _text(code, beads) for code in LANGUAGES}
    raw = {code: "".join(text.pieces) for code, text in texts.items()}
    kinds = _kinds()
    chance = random.Random("probabilities")
    linked = []
    for bead in range(beads):
        spans = {code: tuple(text.places[bead]) for code, text in texts.items() if bead in text.places}
        linked.append(_bead(f"b{bead + 1}", kinds[bead % len(kinds)], spans, raw, chance))
    junk = ((code, span) for code, text in texts.items() for span in text.junk)
    for number, (code, span) in enumerate(junk, start=beads + 1):
        linked.append(Bead(f"b{number}", "furniture", {code: (span,)}))
    documents = tuple(Document(code, code, raw[code], f"{code}.txt") for code in LANGUAGES)
    return Alignment(PIVOT, documents, tuple(linked))


def written(folder: Path, beads: int) -> Path:
    """Write the texts and their alignment to a folder, unless it has them, and return the path of the alignment."""
    path = folder / NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        alignment = made_up(beads)
        for doc in alignment.documents:
            (folder / doc.source).write_bytes(doc.text.encode())
        path.write_text(dump_alignment(alignment), encoding="utf-8")
    return path


def _kinds() -> list[Kind]:
    rows = (corpus_root() / "sample" / "units.tsv").read_text("utf-8").splitlines()[1:]
    names = [row.split("\t")[1] for row in rows]
    return [kind for name in names for kind in KINDS if kind == name]  # type: ignore[misc]


def _passages(code: str, beads: int) -> Iterator[str]:
    """Yield the passages of a version: no two are the same, and the same numbers stand in all versions."""
    lines = (corpus_root() / "sample" / "clean" / f"{code}.txt").read_text("utf-8").splitlines()
    paragraphs = [line for line in lines if line.strip()]
    for bead in range(beads):
        lap, k = divmod(bead, len(paragraphs))
        told = re.sub(r"\d{2,}", lambda number, lap=lap: str(int(number[0]) + lap), paragraphs[k])  # type: ignore[misc]
        yield told + LAST[code].format(bead + 1)


def _text(code: str, beads: int) -> _Text:
    """Write the passages of a version, some of them damaged unless it is the pivot."""
    text = _Text()
    chance = random.Random(code)
    later: dict[int, list[tuple[int, str]]] = {}  # by the bead after which it stands: whose it is
    for bead, passage in enumerate(_passages(code, beads)):
        fate = 1.0 if code == PIVOT else chance.random()
        middle = passage.find(" ", len(passage) // 2)
        if fate < TORN and middle > 0:
            text.put_for(bead, passage[:middle])
            later.setdefault(min(bead + 1, beads - 1), []).append((bead, passage[middle + 1 :]))
        elif fate < TORN + MOVED:
            later.setdefault(min(bead + AWAY, beads - 1), []).append((bead, passage))
        elif fate >= TORN + MOVED + MISSING:
            text.put_for(bead, passage)
        if 1 - JUNK <= fate < 1:
            text.junk.append(text.put(f"Page {bead + 1}"))
        for owner, piece in later.pop(bead, ()):
            text.put_for(owner, piece)
    return text


def _bead(name: str, kind: Kind, spans: Mapping[str, Spans], raw: Mapping[str, str], chance: random.Random) -> Bead:
    """Return a bead with its sentences linked one by one; the last link takes what is left over."""
    score = {code: round(chance.betavariate(6, 1), 3) for code in spans if code != PIVOT}
    parts = {code: list(_sentences(raw[code], own)) for code, own in spans.items()}
    count = min(map(len, parts.values()))
    links = []
    for k in range(count):
        stop = None if k == count - 1 else k + 1
        links.append(Bead(f"{name}.{k + 1}", kind, {code: tuple(own[k:stop]) for code, own in parts.items()}, score))
    return Bead(name, kind, spans, score, sentences=tuple(links))


def _sentences(raw: str, spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        borders = [span.start, *(m.end() for m in END.finditer(raw, span.start, span.end)), span.end]
        for start, end in pairwise(borders):
            own = raw[start:end]
            if own.strip():
                yield Span(start + len(own) - len(own.lstrip()), end)
