"""Documents out of files and alignments into them, one file a format, chosen by suffix.

A format is a function from a path (and an encoding, or None) to a `Decoded` text, registered by suffix::

    @formats.registry.add(".txt")
    def read_plain(path: str | Path, encoding: str | None) -> Decoded: ...

A suffix that no format claims is plain text. What Tetrapla itself writes and reads again stands in `formats.json`
(alignments) and `formats.jsonl` (findings and edits). Alignments go out in other formats, too, by suffix again::

    formats.writers.add(".json")(Writer(dump))        # dump: Known -> text or bytes

A suffix that no writer claims is JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tetrapla.detect import detect
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.files import STDIN, Decoded, named
from tetrapla.model import Alignment, Document, Finding, Mention, Segmented
from tetrapla.registry import Registry
from tetrapla.stream import TextStream, open_stream

__all__ = [
    "Known",
    "Reader",
    "Writer",
    "check_language",
    "open_text",
    "read",
    "read_documents",
    "registry",
    "writer_for",
    "writers",
]

Reader = Callable[[str | Path, str | None], Decoded]
registry: Registry[Reader] = Registry("format", "tetrapla.formats")

PLAIN, JSON = ".txt", ".json"
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Known:
    """What a file of an alignment may tell: the versions and, where they were looked for, mentions and findings.

    All by document id but the alignment; None where nothing was looked for.
    """

    alignment: Alignment
    versions: Mapping[str, Segmented]
    mentions: Mapping[str, Sequence[Mention]] | None = None
    findings: Mapping[str, Sequence[Finding]] | None = None


@dataclass(frozen=True)
class Writer:
    """How a format writes an alignment; `findings` says whether it tells of findings, which take time to look for."""

    dump: Callable[[Known], str | bytes]
    findings: bool = False


writers: Registry[Writer] = Registry("format of alignments", "tetrapla.formats", group="tetrapla.formats.writers")


def writer_for(path: str | Path) -> Writer:
    """Return the writer that a file's suffix asks for, else ("-" too) that of JSON."""
    suffix = Path(path).suffix.lower()
    return writers.get(suffix if suffix in writers else JSON)


def check_language(code: str | None) -> None:
    """Make sure that a language's code is one.

    Raises:
        InputError: it is none.
    """
    if code is not None and not CODE.fullmatch(code):
        raise InputError(f"{code!r} is no language code; write two letters (ISO 639-1), such as zh, en, es or fr")


def read(
    path: str | Path,
    *,
    language: str | None = None,
    id: str | None = None,  # noqa: A002  the model's word for it
    encoding: str | None = None,
) -> Document:
    """Return the document in a file ("-" is standard input).

    `language` is detected where it is None, `id` is the language by default.

    Raises:
        InputError: the file cannot be read as text, or `language` is no code.
    """
    check_language(language)
    text = registry.get(_suffix(path))(path, encoding).text
    code = language or detect(text)
    return Document(id or code, code, text, str(path))


@contextmanager
def open_text(path: str | Path, *, encoding: str | None = None, target: str | None = None) -> Iterator[TextStream]:
    """Give the text of a file ("-" is standard input) piece by piece; what is no plain text is read whole first.

    `encoding` overrules the guess; `target` is the encoding that the text is to be written in, if not its own.

    Raises:
        InputError: the file cannot be read as text, or `target` lacks a character of it.
    """
    suffix = _suffix(path)
    if suffix == PLAIN:
        with open_stream(path, encoding=encoding, target=target) as stream:
            yield stream
    else:
        yield TextStream.of(registry.get(suffix)(path, encoding), target=target)


def _suffix(path: str | Path) -> str:
    """Return the suffix whose format a file is read as."""
    suffix = "" if str(path) == STDIN else Path(path).suffix.lower()
    # Plain text is what most files are, and to be known without loading all formats.
    return suffix if suffix not in ("", PLAIN) and suffix in registry else PLAIN


def read_documents(
    paths: Sequence[str | Path], languages: Mapping[str, str] | None = None, *, encoding: str | None = None
) -> list[Document]:
    """Return the documents in several files; `languages` gives the language of some of them, by path as given.

    A document's id is its language; where one comes again, ``zh-2``, ``zh-3`` in the order given.

    Raises:
        InputError: one cannot be read, or standard input is named twice.
        UnknownNameError: `languages` names a path that is not among them.
    """
    names = [str(path) for path in paths]
    if names.count(STDIN) > 1:
        raise InputError(f"{named(STDIN)} can be read only once; give the other text as a file")
    for name in languages or {}:
        if name not in names:
            raise UnknownNameError("file of this command", name, names)
    documents: list[Document] = []
    taken: dict[str, int] = {}
    for name in names:
        doc = read(name, language=(languages or {}).get(name), encoding=encoding)
        count = taken[doc.language] = taken.get(doc.language, 0) + 1
        own = doc.language if count == 1 else f"{doc.language}-{count}"
        documents.append(Document(own, doc.language, doc.text, doc.source))
    return documents
