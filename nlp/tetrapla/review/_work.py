"""Work that takes long, each in a process of its own: reading the texts, checking them, aligning what is left.

What comes in and out is pickled in a folder that nobody else can read and that goes when the work ends. Of running
texts that the server has, mostly all, a result holds the digests, so that it need not have them twice. The worker
writes a line of JSON for each step on its standard output::

    {"stage": "checking", "done": 1, "total": 4}
    {"error": "…"}                                  it could not be done, and why
    {"finished": true}                              the result is there

It ends by itself when its standard input does, that is when the process that started it is gone.
"""

from __future__ import annotations

import copyreg
import json
import os
import pickle
import shutil
import sys
import threading
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Literal

from tetrapla import align, pipeline
from tetrapla.align.decisions import Decisions
from tetrapla.errors import TetraplaError
from tetrapla.glossary import Glossary
from tetrapla.glossary import load as load_glossary
from tetrapla.model import NOTHING, Alignment, Document
from tetrapla.progress import Progress
from tetrapla.report.running import Running
from tetrapla.review._prepared import Prepared, glance, prepared
from tetrapla.review._terms import added, changed, glossary_of

__all__ = ["Kind", "Work", "dumped", "loaded", "work"]

Kind = Literal["read", "prepare", "check", "align"]
REQUEST, RESULT, MESSAGES = "request", "result", "messages"
LESS_URGENT = 5  # what this counts for beside the page, as of `nice`


@dataclass(frozen=True)
class Work:
    """What is to be worked on: the alignment as it stands, the ledger's items on terms, what was decided on links."""

    alignment: Alignment
    terms: Mapping[str, Any] = field(default_factory=dict)
    decisions: Decisions | None = None


def work(kind: Kind, given: Work, progress: Progress) -> Prepared | Alignment:
    """Return what a kind of work comes to.

    read      the texts as they are read
    prepare   the same, and where they name concepts
    check     the same, and what is wrong with each text in the light of the others
    align     an alignment of the same texts around the decisions, with the same pivot; it has no documents
    """
    if kind == "read":
        return glance(given.alignment)
    if kind == "align":
        return _aligned(given, progress)
    base = load_glossary()
    concepts = changed(base, given.terms)
    aligned = pipeline.reopen(given.alignment, glossary=_glossary(base, given), progress=progress)
    findings = pipeline.find(aligned, progress=progress) if kind == "check" else None
    return replace(prepared(aligned, findings), forms=frozenset(added(base, concepts)))


def _aligned(given: Work, progress: Progress) -> Alignment:
    versions, mentions = pipeline.prepare(given.alignment.documents, _glossary(load_glossary(), given), progress)
    made = align.align(
        tuple(versions.values()),
        pivot=given.alignment.pivot,
        mentions=mentions,
        decisions=given.decisions,
        progress=progress,
    )
    return replace(made, documents=())


def _glossary(base: Glossary, given: Work) -> Glossary:
    return glossary_of(changed(base, given.terms)) if given.terms else base


# Files


def _document(name: str, language: str, text: bytes, source: str) -> Document:
    return Document(name, language, text.decode("utf-8", "surrogatepass"), source)


class _Pickler(pickle.Pickler):
    """Writes read-only mappings, which have no form of their own, as plain ones, and known running texts by digest.

    A text goes as bytes: where it goes as it is, Python keeps the bytes with it for ever, and the server has it twice.
    """

    dispatch_table = copyreg.dispatch_table | {
        MappingProxyType: lambda mapping: (dict, (dict(mapping),)),
        Document: lambda doc: (
            _document, (doc.id, doc.language, doc.text.encode("utf-8", "surrogatepass"), doc.source)
        ),
    }  # fmt: skip

    def __init__(self, file: BinaryIO, known: Container[str]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._known = known

    def persistent_id(self, value: object) -> str | None:
        return value.digest if isinstance(value, Running) and value.digest in self._known else None


class _Unpickler(pickle.Unpickler):
    """Reads what was written so."""

    def __init__(self, file: BinaryIO, known: Mapping[str, Running]) -> None:
        super().__init__(file)
        self._known = known

    def persistent_load(self, digest: str) -> Running:
        return self._known[digest]


def dumped(value: object, path: Path, known: Container[str] = ()) -> None:
    """Write a value to a file, whole or not at all; running texts with these digests need not be in it."""
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        _Pickler(file, known).dump(value)
    beside.replace(path)


def loaded(path: Path, known: Mapping[str, Running] = NOTHING) -> Any:
    """Return a value that was written to a file; `known` are the running texts, by digest, that may not be in it."""
    with path.open("rb") as file:
        return _Unpickler(file, known).load()


# The process


def main(folder: Path) -> int:
    """Do the work that a folder asks for; return the status to exit with."""
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    if hasattr(os, "nice"):  # not on Windows
        os.nice(LESS_URGENT)
    try:
        kind, given, known = loaded(folder / REQUEST)
        result = work(kind, given, lambda stage, done, total: _say(stage=stage, done=done, total=total))
        dumped(result, folder / RESULT, known)
    except TetraplaError as e:
        _say(error=str(e))
        return 1
    _say(finished=True)
    return 0


def _say(**told: object) -> None:
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def _end_with_parent(folder: Path) -> None:
    # Not through `sys.stdin`, which the interpreter could not close at its end while it is read here.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    # At once: while all the packages are taken down nobody would tidy the folder, should the server end meanwhile.
    os._exit(main(Path(sys.argv[1])))
