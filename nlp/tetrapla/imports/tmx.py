"""Translation memories (TMX 1.4) as an alignment: a bead a unit, and for each language a text made of its passages.

Passages stand in the order of the memory, a paragraph each, which is all that a memory knows of its documents. Units
of sentences that name their passage, as `tetrapla export` writes them, become its sentence beads; scores and kinds of
its own making are kept. In other memories every unit is a passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from tetrapla.errors import InputError
from tetrapla.exports._rows import distinct
from tetrapla.files import named
from tetrapla.formats import check_language
from tetrapla.formats.tmx import MemoryUnit, Variant, read_memory
from tetrapla.imports import Import, Imported, Options, registry
from tetrapla.imports._texts import TextMaker
from tetrapla.model import KINDS, Alignment, Bead, Kind, Span

__all__: list[str] = []

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")  # of a version, and in the names of its files
WINDOW = 20_000  # characters in which a sentence is looked for
SCORE = re.compile(r"(0|1|0?\.\d{1,9}|1\.0{1,9})", re.ASCII)


def _read(paths: Sequence[str], options: Options) -> Imported:
    if len(paths) != 1:
        raise InputError(f"a memory is one file, not {len(paths)}; import them one by one")
    if options.languages or options.encoding:
        raise InputError("a memory says language and encoding itself; leave --language and --encoding out")
    made = _Made(named(paths[0]))
    for unit in read_memory(paths[0], options.progress):
        made.take(unit)
    return made.imported(options.stem)


class _Passage:
    """A passage in which sentences are found again: after those before it, else from its start."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0
        self._taken = bytearray(len(text))

    def place(self, sentence: str) -> int | None:
        """Return where a sentence begins that no other has taken, None where it is not found."""
        for start in (self._end, 0):
            at = self._text.find(sentence, start, start + WINDOW + len(sentence))
            if at >= 0 and not any(self._taken[at : at + len(sentence)]):
                self._end = at + len(sentence)
                self._taken[at : self._end] = b"\1" * len(sentence)
                return at
        return None


class _Made:
    """What is made of a memory, a unit at a time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.source: str | None = None
        self.texts: dict[str, TextMaker] = {}
        self.languages: dict[str, str] = {}
        self.beads: list[Bead] = []
        self.inside: dict[str, _Passage] = {}  # those of the last bead

    def take(self, unit: MemoryUnit) -> None:
        """Make a bead of a unit, or a sentence bead of the last one."""
        self.source = unit.source
        variants = _by_version(unit.variants)
        score = {own: float(v.properties["x-score"]) for own, v in variants.items() if _is_score(v)}
        if unit.segtype == "sentence" and self.beads and unit.properties.get("x-passage") == self.beads[-1].id:
            self._divide(variants, score)
        elif variants:
            self._add(unit, variants, score)

    def _add(self, unit: MemoryUnit, variants: Mapping[str, Variant], score: Mapping[str, float]) -> None:
        spans = {}
        for own, variant in variants.items():
            if own not in self.texts:
                check_language(variant.language)
                self.texts[own], self.languages[own] = TextMaker(), variant.language
            spans[own] = (self.texts[own].add(variant.text),)
        kind = unit.properties.get("x-kind", "")
        own_kind = cast(Kind, kind) if kind in KINDS else "body"
        self.beads.append(Bead(unit.id or f"b{len(self.beads) + 1}", own_kind, spans, score))
        self.inside = {own: _Passage(variant.text) for own, variant in variants.items()}

    def _divide(self, variants: Mapping[str, Variant], score: Mapping[str, float]) -> None:
        """Put a sentence bead into the last bead; it is passed over where its text is not found there in one piece."""
        bead = self.beads[-1]
        places = {own: self.inside[own].place(v.text) for own, v in variants.items() if own in self.inside}
        spans = {
            own: (Span(bead.spans[own][0].start + at, bead.spans[own][0].start + at + len(variants[own].text)),)
            for own, at in places.items()
            if at is not None
        }
        if len(spans) == len(variants):
            self.beads[-1] = replace(bead, sentences=(*bead.sentences, Bead("", bead.kind, spans, score)))

    def imported(self, stem: str) -> Imported:
        """Return the alignment, and its texts.

        Raises:
            InputError: it has fewer than two versions.
        """
        if len(self.texts) < 2:
            known = ", ".join(self.texts) or "no text at all"
            raise InputError(f"{self.name}: an alignment is of two versions or more, and this memory has {known}")
        pivot = next((own for own, code in self.languages.items() if code == self.source), next(iter(self.texts)))
        documents = tuple(
            self.texts[own].document(own, self.languages[own], f"{stem}.{own}.txt")
            for own in sorted(self.texts, key=lambda own: own != pivot)
        )
        names = distinct(bead.id for bead in self.beads)
        beads = tuple(replace(bead, id=own) for bead, own in zip(self.beads, names, strict=True))
        return Imported(Alignment(pivot, documents, beads), {doc.source: doc.text for doc in documents})


def _is_score(variant: Variant) -> bool:
    return SCORE.fullmatch(variant.properties.get("x-score", "")) is not None


def _by_version(variants: Iterable[Variant]) -> dict[str, Variant]:
    """Return variants by the version that they say they are of, else by language; of two of one the first counts."""
    found: dict[str, Variant] = {}
    for variant in variants:
        named = variant.properties.get("x-document", "")
        found.setdefault(named if NAME.fullmatch(named) else variant.language, variant)
    return found


registry.add("tmx")(Import(_read, (".tmx",), "a memory"))
