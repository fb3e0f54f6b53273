"""Adding files to an index: alignments that `tetrapla align` wrote, and single texts.

Each document of a source is committed by itself, and last of all the mark that the source is complete. So an add that
was killed goes on with the first document that is missing, and what stood in the index before stands until its
successor is complete. Between two commits others may write: what they did is looked at anew in each transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tetrapla import __version__
from tetrapla.errors import InputError
from tetrapla.model import Bead
from tetrapla.progress import Progress, silent
from tetrapla.store._store import Store, open_store
from tetrapla.store._write import SourceInfo, publish, remove_source, storable, write_document, write_source

if TYPE_CHECKING:
    from tetrapla.glossary import Glossary

__all__ = ["Added", "State", "add", "add_files"]

# Seconds that one of several processes of ours waits for the others, which write long documents.
MUCH_PATIENCE = 600.0

State = Literal["added", "resumed", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file: the name of its source, and how many passages the index has of it now."""

    name: str
    state: State
    passages: int


def add(
    store: Store,
    path: str | Path,
    *,
    findings: bool = True,
    language: str | None = None,
    encoding: str | None = None,
    glossary: Glossary | None = None,
    progress: Progress = silent,
) -> Added:
    """Put a file into an index that was opened for writing: an alignment (``.json``) or a text in any other format.

    A file that is there and has not changed is left as it is, one that has changed is replaced. Without `findings`
    nothing is looked for that is wrong with the texts and nothing repaired, which is much faster. `language` is that of
    a text, else detected; `encoding` overrules the guess. `glossary` is ours unless another is given; of many files,
    load it once.

    Raises:
        InputError: the file cannot be read, or the index not be written.
        WrongTextError: a text has changed since the alignment was made.
    """
    # What reads and checks texts takes longer to load than a query to answer.
    from tetrapla.glossary import load as load_glossary
    from tetrapla.store._concepts import digest, write_concepts
    from tetrapla.store._read import contents_of

    contents = contents_of(path, language=language, encoding=encoding)
    glossary = load_glossary() if glossary is None else glossary
    recipe = _recipe(digest(glossary), language=language, findings=findings)
    source = SourceInfo(storable(str(Path(path))), contents.kind, contents.sha256, recipe, contents.pivot)
    with store.writing() as connection:
        _forget_begun(connection, source)
        there = _same(connection, source, complete=True)
        if there is not None:
            return Added(source.name, "unchanged", _passages(connection, there))
        own, state = _begun(connection, source, contents.beads)
        done = _documents(connection, own, source.name)
    for part in contents.parts(glossary, done, findings=findings, progress=progress):
        with store.writing() as connection:
            document = part.version.document
            if document.id not in _documents(connection, own, source.name):
                write_document(
                    connection, own, part.number, document, part.version.paragraphs, part.passages, part.scores
                )
    with store.writing() as connection:
        _documents(connection, own, source.name)
        write_concepts(connection, glossary)
        publish(connection, own)
        return Added(source.name, state, _passages(connection, own))


def add_files(
    index: str | Path,
    paths: Sequence[str | Path],
    *,
    jobs: int = 1,
    findings: bool = True,
    language: str | None = None,
    encoding: str | None = None,
    progress: Progress = silent,
) -> Iterator[Added]:
    """Put files into an index, which is made where there is none, and yield what became of each, in their order.

    `jobs` processes read and check files at once, each of which writes when no other does; see `add`.

    Raises:
        InputError: a file cannot be read, or the index not be written; the files before are in it.
        WrongTextError: a text has changed since the alignment was made.
    """
    from tetrapla.glossary import load as load_glossary

    worker = _Worker(Path(index), load_glossary(), findings, language, encoding)
    # Closed again: a connection must not be open where a process splits in two.
    open_store(index, create=True).close()
    if jobs == 1 or len(paths) < 2:
        with open_store(index, write=True) as store:
            for path in paths:
                yield worker.add(store, path, progress)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for done, added in enumerate(pool.map(worker, paths), start=1):
            progress("adding", done, len(paths))
            yield added


@dataclass(frozen=True)
class _Worker:
    """Puts a file into an index, with the same options each time."""

    index: Path
    glossary: Glossary
    findings: bool
    language: str | None
    encoding: str | None

    def __call__(self, path: str | Path) -> Added:
        with open_store(self.index, write=True, patience=MUCH_PATIENCE) as store:
            return self.add(store, path, silent)

    def add(self, store: Store, path: str | Path, progress: Progress) -> Added:
        return add(
            store,
            path,
            findings=self.findings,
            language=self.language,
            encoding=self.encoding,
            glossary=self.glossary,
            progress=progress,
        )


def _recipe(glossary: str, *, language: str | None, findings: bool) -> str:
    """Return what the rows of a source hang on besides what is in the file."""
    told = [f"tetrapla {__version__}", f"glossary {glossary}"]
    told += [f"language {language}"] if language else []
    return ", ".join([*told, "findings"] if findings else told)


def _same(connection: sqlite3.Connection, source: SourceInfo, *, complete: bool) -> int | None:
    """Return the id of a source that is there with the same contents, made in the same way."""
    row = connection.execute(
        "SELECT id FROM source WHERE name = ? AND sha256 = ? AND recipe = ? AND complete = ?",
        (source.name, source.sha256, source.recipe, complete),
    ).fetchone()
    return None if row is None else int(row[0])


def _forget_begun(connection: sqlite3.Connection, source: SourceInfo) -> None:
    """Remove what was begun under the name of a source when the file, or the way to read it, was another."""
    for (old,) in connection.execute(
        "SELECT id FROM source WHERE name = ? AND NOT complete AND (sha256 != ? OR recipe != ?)",
        (source.name, source.sha256, source.recipe),
    ).fetchall():
        remove_source(connection, old)


def _begun(connection: sqlite3.Connection, source: SourceInfo, beads: Sequence[Bead]) -> tuple[int, State]:
    """Return the id of a source that has been begun, now or before, and what will have become of it."""
    half = _same(connection, source, complete=False)
    if half is not None:
        return half, "resumed"
    there = connection.execute("SELECT 1 FROM source WHERE name = ?", (source.name,)).fetchone()
    return write_source(connection, source, beads), "replaced" if there else "added"


def _documents(connection: sqlite3.Connection, source: int, name: str) -> set[str]:
    """Return the ids of the documents that a source has so far.

    Raises:
        InputError: another process has removed or replaced it.
    """
    if connection.execute("SELECT 1 FROM source WHERE id = ?", (source,)).fetchone() is None:
        raise InputError(f"another process has removed {name} from the index, or replaced it; add it again")
    return {own for (own,) in connection.execute("SELECT name FROM document WHERE source = ?", (source,))}


def _passages(connection: sqlite3.Connection, source: int) -> int:
    counted = "SELECT count(*) FROM passage JOIN document ON document.id = passage.document WHERE source = ?"
    (count,) = connection.execute(counted, (source,)).fetchone()
    return int(count)
