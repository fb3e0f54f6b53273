"""Texts that are known without being shipped: by their hash, with the spans of their paragraphs and an alignment.

    corpus/paper/zh.json         {"id": "zh", "language": "zh", "sha256": "…", "length": 17198,
                                  "paragraphs": [{"id": "p1", "kind": "title", "spans": [[0, 19]]}, …]}
    corpus/paper/alignment.json  what `tetrapla align` writes, without paths

Whoever has such a text adds it: it is recognised by the SHA-256 of its decoded text, and its path is kept in an index
of the user's own, together with nothing of the text. Alignment, checks and cleaning never look here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from tetrapla import __version__
from tetrapla.errors import InputError
from tetrapla.files import read_bytes, read_text, write_atomic
from tetrapla.model import Kind, Segment, Span, sha256_of
from tetrapla.resources import corpus_root

__all__ = ["Added", "KnownText", "Verdict", "add", "added", "default_store", "joined_alignment", "list_known", "verify"]

ALIGNMENT = "alignment.json"


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text by its hash: `length` in code points, its paragraphs as spans in it."""

    id: str
    language: str
    sha256: str
    length: int
    paragraphs: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A known text and where the user has it."""

    text: KnownText
    path: Path


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an added file is still what it was: `problem` says what is wrong, None where nothing is."""

    id: str
    path: Path
    problem: str | None


def default_store() -> Path:
    """Return where the index of the user's texts lies: in the folder that the platform has for data of programs."""
    home = Path.home()
    if named := os.environ.get("XDG_DATA_HOME"):
        folder = Path(named)
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = home / ".local" / "share"
    return folder / "tetrapla" / "corpus.json"


def list_known(folder: Path | None = None) -> list[KnownText]:
    """Return the known texts in the order of their files, by default those that come with Tetrapla.

    Raises:
        InputError: a file is malformed.
    """
    paths = sorted((folder or corpus_root() / "paper").glob("*.json"))
    return [_known(path) for path in paths if path.name != ALIGNMENT]


def add(paths: Iterable[Path], *, store: Path | None = None, folder: Path | None = None) -> list[Added]:
    """Recognise files by what is in them, keep their paths, and return them; all of them or none.

    `store` is the index to write, by default the user's; `folder` holds what is known.

    Raises:
        InputError: a file cannot be read or is none of the known texts, or the index cannot be written.
    """
    known = {text.sha256: text for text in list_known(folder)}
    new = [_recognised(Path(path), known) for path in paths]
    store = store or default_store()
    index = _index(store) | {item.text.sha256: str(item.path) for item in new}
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InputError(f"cannot make the folder {store.parent} for the index ({e.strerror}); name another") from e
    texts = [{"sha256": sha256, "path": path} for sha256, path in sorted(index.items())]
    write_atomic(store, json.dumps({"tetrapla": __version__, "texts": texts}, ensure_ascii=False, indent=1) + "\n")
    return new


def added(*, store: Path | None = None, folder: Path | None = None) -> list[Added]:
    """Return the known texts that the user has added, in the order of `list_known`.

    Raises:
        InputError: the index or a file of what is known is malformed.
    """
    index = _index(store or default_store())
    return [Added(text, Path(index[text.sha256])) for text in list_known(folder) if text.sha256 in index]


def verify(*, store: Path | None = None, folder: Path | None = None) -> list[Verdict]:
    """Return for each file in the user's index, by id, whether it is there, still the same, and its spans fit.

    Raises:
        InputError: the index or a file of what is known is malformed.
    """
    known = {text.sha256: text for text in list_known(folder)}
    verdicts = []
    for sha256, path in _index(store or default_store()).items():
        text = known.get(sha256)
        problem = "this version of Tetrapla knows no such text" if text is None else _problem(text, Path(path))
        verdicts.append(Verdict(text.id if text else sha256[:12], Path(path), problem))
    return sorted(verdicts, key=lambda verdict: verdict.id)


def joined_alignment(*, store: Path | None = None, folder: Path | None = None) -> str:
    """Return the alignment of the known texts as JSON, with the paths at which the user has them.

    Raises:
        InputError: nothing is known of an alignment, or a text of it has not been added.
    """
    path = (folder or corpus_root() / "paper") / ALIGNMENT
    value = _json(path)
    where = {item.text.sha256: str(item.path) for item in added(store=store, folder=folder)}
    documents = value.get("documents")
    if not isinstance(documents, list) or not all(isinstance(doc, dict) for doc in documents):
        raise InputError(f"{path} is no alignment: it has no documents")
    lacking = [str(doc.get("id")) for doc in documents if doc.get("sha256") not in where]
    if lacking:
        raise InputError(
            f"these texts are not known to be here: {', '.join(lacking)}; name them to `tetrapla corpus add`"
        )
    for doc in documents:
        doc["path"] = where[doc["sha256"]]
    return json.dumps(value, ensure_ascii=False) + "\n"


def _recognised(path: Path, known: Mapping[str, KnownText]) -> Added:
    text = read_text(path).text
    if found := known.get(sha256_of(text)):
        return Added(found, path.resolve())
    names = ", ".join(f"{item.id} ({item.length} characters)" for item in known.values()) or "none"
    for changed, how in _variants(text):
        if found := known.get(sha256_of(changed)):
            raise InputError(f"{path} is the known text {found.id} but for {how}; its offsets would not fit")
    raise InputError(f"{path} ({len(text)} characters) is none of the known texts: {names}")


def _variants(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text as it may have been before a transfer changed it, and what that changed."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    yield unix, "the ends of its lines"
    yield text.replace("\n", "\r\n"), "the ends of its lines"
    yield text.removesuffix("\n"), "the newline at its end"
    yield text + "\n", "the newline at its end"
    yield unix.replace("\f", ""), "its form feeds"


def _problem(text: KnownText, path: Path) -> str | None:
    try:
        raw = read_text(path).text
    except InputError as e:
        return str(e)
    if sha256_of(raw) != text.sha256:
        return "its text has changed since it was added; bring back the one that was added"
    return _misfit(text, raw)


def _misfit(text: KnownText, raw: str) -> str | None:
    """Return how the spans of the paragraphs do not fit the text, None where they do."""
    at = 0
    for span in sorted(span for paragraph in text.paragraphs for span in paragraph.spans):
        if span.start < at:
            return f"two paragraphs hold the character at {span.start}"
        if span.end > len(raw):
            return f"a paragraph ends at {span.end}, beyond the text"
        if raw[at : span.start].strip():
            return f"no paragraph holds what stands from {at} to {span.start}"
        at = span.end
    return f"no paragraph holds what stands from {at} on" if raw[at:].strip() else None


def _index(store: Path) -> dict[str, str]:
    """Return the paths in the user's index by the hash of their text; none where there is no index yet."""
    if not store.exists():
        return {}
    texts = _json(store).get("texts")
    if not isinstance(texts, list):
        raise InputError(f"{store} is no index of texts; move it away and add the texts again")
    index = {}
    for item in texts:
        match item:
            case {"sha256": str(sha256), "path": str(path)}:
                index[sha256] = path
            case _:
                raise InputError(
                    f"{store}: an entry without sha256 and path; move the file away and add the texts again"
                )
    return index


def _known(path: Path) -> KnownText:
    match _json(path):
        case {"id": str(name), "language": str(language), "sha256": str(sha256), "length": int(length), **rest}:
            paragraphs = rest.get("paragraphs")
            if isinstance(paragraphs, list):
                segments = tuple(_segment(path, item) for item in paragraphs)
                return KnownText(name, language, sha256, length, segments)
    raise InputError(f"{path}: not id, language, sha256, length and paragraphs of a text")


def _segment(path: Path, item: Any) -> Segment:
    match item:
        case {"id": str(name), "kind": kind, "spans": [_, *_] as spans} if kind in get_args(Kind):
            return Segment(name, kind, tuple(_span(path, pair) for pair in spans))
    raise InputError(f"{path}: a paragraph without id, kind and spans: {str(item)[:60]}")


def _span(path: Path, pair: Any) -> Span:
    match pair:
        case [int(start), int(end)] if 0 <= start <= end:
            return Span(start, end)
    raise InputError(f"{path}: not the start and end of a span: {str(pair)[:60]}")


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(read_bytes(path))
    except (UnicodeDecodeError, ValueError, RecursionError) as e:
        raise InputError(f"{path} is not JSON: {e}") from e
    if not isinstance(value, dict):
        raise InputError(f"{path} holds no JSON object")
    return value
