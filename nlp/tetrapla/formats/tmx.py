"""Translation memories (TMX 1.4) as passages of text by language, one unit after the other.

Files of any size are read in little memory. They come from strangers: entities, a DTD from elsewhere and elements
without end are refused (lxml's limits stay on).
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from tetrapla.errors import InputError
from tetrapla.files import STDIN, named, read_bytes
from tetrapla.markup import LANG, STRICT, check_entities, local_name
from tetrapla.progress import Progress, silent

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["MemoryUnit", "Variant", "read_memory", "read_units"]

GZIP = b"\x1f\x8b"
STEP = 1000  # units between two words of progress


@dataclass(frozen=True)
class Variant:
    """A passage in one language (``en-US`` is ``en``), and the properties that its file gives it, by type."""

    language: str
    text: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class MemoryUnit:
    """A unit of a memory: its id and what it is a unit of ("" where it does not say), properties, passages.

    `source` is the language that the memory is translated from, None where it does not say.
    """

    id: str
    segtype: str
    properties: Mapping[str, str]
    variants: tuple[Variant, ...]
    source: str | None


def read_units(path: str | Path, progress: Progress = silent) -> Iterator[dict[str, str]]:
    """Yield the units of a translation memory: for each language (``en-US`` is ``en``) its text; gzip is unpacked.

    Codes of formatting are left out of the text; of two variants in one language the first counts. `progress` is told
    the bytes that are read.

    Raises:
        InputError: it cannot be read, is no TMX, or holds what is refused; says file and line.
    """
    for unit in read_memory(path, progress):
        texts: dict[str, str] = {}
        for variant in unit.variants:
            texts.setdefault(variant.language, variant.text)
        yield texts


def read_memory(path: str | Path, progress: Progress = silent) -> Iterator[MemoryUnit]:
    """Yield the units of a translation memory with all that is said of them; see `read_units`.

    Raises:
        InputError: it cannot be read, is no TMX, or holds what is refused; says file and line.
    """
    from lxml import etree

    name = named(path)
    with _opened(path) as (file, raw):
        size = _size(raw)
        if not size:
            raise InputError(f"{name} is empty (0 bytes); is it the right file?")
        events = etree.iterparse(file, events=("start",), **STRICT)
        try:
            _check_root(next(events)[1], name)
            file.seek(0)
            source = None
            events = etree.iterparse(file, tag=("{*}header", "{*}tu"), **STRICT)
            for count, (_, element) in enumerate(events):
                if local_name(element) == "header":
                    source = _source(element)
                    continue
                yield _unit(element, name, source)
                _forget(element)
                if count % STEP == 0:
                    progress("read", raw.tell(), size)
        except etree.XMLSyntaxError as e:
            # lxml's own message is that of the last error, which the first one brought about.
            line, what = next(((error.line, error.message) for error in events.error_log), (1, str(e)))
            raise InputError(f"{name}:{line}: this XML cannot be read ({what}); mend it, or export it again") from e
        except (OSError, EOFError, zlib.error) as e:
            raise InputError(f"cannot read {name}: {str(e).lower()}") from e


@contextmanager
def _opened(path: str | Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Give what a file holds, unpacked, and the file itself, which tells how far it is read."""
    if str(path) == STDIN or not Path(path).is_file():
        # What cannot be read is told by this; pipes are read whole.
        data = io.BytesIO(read_bytes(path))
        yield data, data
        return
    try:
        with Path(path).open("rb") as file:
            packed = file.read(len(GZIP)) == GZIP
            file.seek(0)
            yield (cast(IO[bytes], gzip.GzipFile(fileobj=file)) if packed else file), file
    except OSError as e:
        raise InputError(f"cannot read {named(path)}: {(e.strerror or str(e)).lower()}") from e


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _check_root(root: _Element, name: str) -> None:
    """Refuse a file whose first element is not that of a TMX, or that declares entities."""
    if local_name(root) != "tmx":
        raise InputError(f"{name}:1: no TMX, for it begins with <{local_name(root)}>, not <tmx>; is it the right file?")
    check_entities(root, name)


def _source(header: _Element) -> str | None:
    tag = header.get("srclang", "")
    return None if tag in ("", "*all*") else _language(tag)


def _language(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


def _unit(element: _Element, name: str, source: str | None) -> MemoryUnit:
    variants = []
    for variant in element.iterchildren("{*}tuv"):
        tag = variant.get(LANG) or variant.get("lang")
        if not tag:
            raise InputError(f"{name}:{variant.sourceline}: a <tuv> without xml:lang; say its language, or delete it")
        seg = next(variant.iterchildren("{*}seg"), None)
        text = " ".join(_text(seg).split()) if seg is not None else ""
        if text:
            variants.append(Variant(_language(tag), text, _properties(variant)))
    return MemoryUnit(
        element.get("tuid", ""), element.get("segtype", ""), _properties(element), tuple(variants), source
    )


def _properties(element: _Element) -> dict[str, str]:
    return {prop.get("type", ""): (prop.text or "").strip() for prop in element.iterchildren("{*}prop")}


def _text(element: _Element) -> str:
    """Return the text of a segment; of what stands inside, only highlighted text is text, the rest is codes."""
    pieces = [element.text or ""]
    for child in element.iterchildren():
        if isinstance(child.tag, str) and local_name(child) == "hi":
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _forget(element: _Element) -> None:
    """Free a unit that has been read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
