"""The concepts of the glossary in spaCy's documents: the component ``tetrapla_concepts``.

spaCy finds it where Tetrapla is installed (entry points of the group ``spacy_factories``); in a checkout, import this
module first::

    nlp = spacy.blank("fr")
    nlp.add_pipe("tetrapla_concepts")
    for span in nlp("Les enclaves inversées sont rares.").spans["tetrapla_concepts"]:
        print(span.text, span.label_, span._.tetrapla_form, span._.tetrapla_status)

The label of a span is the id of its concept, `tetrapla_form` the form of the glossary that stands there and
`tetrapla_status` its status: preferred, admitted, deprecated or noise. They are kept as the id and the kb_id of the
span, so that they are saved with it. Spans grow to whole tokens where they begin or end inside one; of a form that two
concepts share, the better status counts, as no other version tells.

Terms may wrap over lines but not over blank ones. Chinese wants words, not characters, for tokens; ``segmenter`` is a
setting of spaCy's own tokenizer::

    config = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}}}
    nlp = spacy.blank("zh", config=config)
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from tetrapla.files import write_atomic
from tetrapla.glossary import Glossary, Hit, Matcher, RecordFile, load
from tetrapla.glossary._records import read_records

__all__ = ["NAME", "ConceptFinder", "concept_finder"]

NAME = "tetrapla_concepts"
ANY = "xx"  # spaCy's word for a language without rules
BLANK_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")
GLOSSARY, SETTINGS = "glossary", "settings.json"


def _form(span: Span) -> str:
    return span.id_


def _status(span: Span) -> str:
    return span.kb_id_


# Functions with a name, which can be sent to other processes.
Span.set_extension("tetrapla_form", getter=_form, force=True)
Span.set_extension("tetrapla_status", getter=_status, force=True)


class ConceptFinder:
    """Marks where a document names concepts, in ``doc.spans[spans_key]``.

    The glossary is read when it is first needed. Saved with its pipeline, a component has it with it.
    """

    def __init__(self, language: str, *, glossary: Path | None = None, spans_key: str = NAME) -> None:
        self.language = language
        self.spans_key = spans_key
        self._path = glossary
        self._glossary: Glossary | None = None
        self._matcher: Matcher | None = None

    @property
    def glossary(self) -> Glossary:
        """The glossary whose terms are sought; may be set.

        Raises:
            InputError: there is none at the path that was given, or it is malformed.
        """
        if self._glossary is None:
            self._glossary = load(self._path)
        return self._glossary

    @glossary.setter
    def glossary(self, glossary: Glossary) -> None:
        self._glossary, self._matcher = glossary, None

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with its concepts marked.

        Raises:
            InputError: the glossary cannot be read.
        """
        if self._matcher is None:
            self._matcher = Matcher(self.glossary)
        found: dict[tuple[int, int, str], Span] = {}
        for hit in _hits(self._matcher, doc.text, self.language):
            concept, term = hit.candidate.concept, hit.candidate.term
            span = doc.char_span(
                hit.start, hit.end, concept, kb_id=term.status, span_id=term.form, alignment_mode="expand"
            )
            if span is not None:  # two hits in one token are two of the same place
                found.setdefault((span.start, span.end, concept), span)
        doc.spans[self.spans_key] = list(found.values())
        return doc

    def to_bytes(self, *, exclude: Collection[str] = ()) -> bytes:
        """Return the component with its glossary; `exclude` is spaCy's and has no effect."""
        return json.dumps({"settings": self._settings(), "glossary": self._records()}, ensure_ascii=False).encode(
            "utf-8"
        )

    def from_bytes(self, data: bytes, *, exclude: Collection[str] = ()) -> ConceptFinder:
        """Become what `to_bytes` returned, and return self."""
        read = json.loads(data)
        return self._become(read["settings"], read["glossary"])

    def to_disk(self, path: Path | str, *, exclude: Collection[str] = ()) -> None:
        """Write the component into a folder: its glossary as record files."""
        folder = Path(path) / GLOSSARY
        folder.mkdir(parents=True, exist_ok=True)
        records = self._records()
        for name, text in records.items():
            write_atomic(folder / name, text.encode("utf-8"))
        for old in folder.glob("*.rec"):
            if old.name not in records:
                old.unlink()
        write_atomic(Path(path) / SETTINGS, json.dumps(self._settings()))

    def from_disk(self, path: Path | str, *, exclude: Collection[str] = ()) -> ConceptFinder:
        """Become what `to_disk` wrote, and return self.

        Raises:
            InputError: a file of the glossary is malformed.
        """
        files = [read_records(file) for file in sorted((Path(path) / GLOSSARY).glob("*.rec"))]
        settings = json.loads((Path(path) / SETTINGS).read_text("utf-8"))
        return self._become(settings, {file.name: file.text for file in files})

    def __reduce__(self) -> tuple[Any, ...]:
        # The automata of a matcher cannot be sent to another process; they are made anew there.
        return _restored, (self.to_bytes(),)

    def _settings(self) -> dict[str, str]:
        return {"language": self.language, "spans_key": self.spans_key}

    def _records(self) -> dict[str, str]:
        """Return the texts of the glossary's files by names of their own: where they came from is nobody's concern."""
        return {f"{k:04}.rec": file.text for k, file in enumerate(self.glossary.files)}

    def _become(self, settings: dict[str, str], records: dict[str, str]) -> ConceptFinder:
        self.language, self.spans_key = settings["language"], settings["spans_key"]
        self.glossary = Glossary(tuple(RecordFile(name, text) for name, text in records.items()))
        return self


def _restored(data: bytes) -> ConceptFinder:
    return ConceptFinder("").from_bytes(data)


def _hits(matcher: Matcher, text: str, language: str) -> Iterator[Hit]:
    """Yield the hits of each paragraph, by their places in the text."""
    borders = [0, *(border for blank in BLANK_LINES.finditer(text) for border in blank.span()), len(text)]
    starts = borders[::2]
    paragraphs = [text[start:end] for start, end in zip(starts, borders[1::2], strict=True)]
    for at, hits in zip(starts, matcher.find_each(paragraphs, language), strict=True):
        yield from (hit._replace(start=at + hit.start, end=at + hit.end) for hit in hits)


@Language.factory(NAME, assigns=["doc.spans"], default_config={"glossary": None, "spans_key": NAME, "language": None})
def concept_finder(
    nlp: Language, name: str, glossary: str | None, spans_key: str, language: str | None
) -> ConceptFinder:
    """Return the component for a pipeline.

    `glossary` is a file or folder of records, by default that of Tetrapla; `language` that of the texts, by default the
    pipeline's (ISO 639-1).
    """
    return ConceptFinder(
        language or nlp.lang or ANY, glossary=Path(glossary) if glossary else None, spans_key=spans_key
    )
