"""Long texts, read piece by piece in memory that does not grow with them.

What is small is read as any file is (see `tetrapla.files`). A longer text is read twice: once to make sure that all of
it is text in one encoding, so that nothing is written before that is known, and then in pieces. What standard input
brings waits in a file of its own between the two.
"""

from __future__ import annotations

import codecs
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tetrapla.errors import InputError
from tetrapla.files import SAMPLE, STDIN, Decoded, broken_utf8, decode, named, newline_style, opened

__all__ = ["TextStream", "open_stream"]

# Bytes: a text of fewer is read whole, a longer one in pieces of so many.
SMALL, PIECE = 4_000_000, 1_000_000
# What says of a file that its characters are two bytes and more: it is read whole.
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


@dataclass
class TextStream:
    """A text that comes in pieces: its `encoding` (without a BOM of its own) and whether a `bom` stood before it.

    What is known of all of it when the last piece is out: its `length` in code points, its `sha256`, its `newline` (see
    `Decoded`). `exact` is False where encoding the text again would not give the same bytes; `size` is in bytes.
    """

    source: str
    encoding: str
    bom: bool
    exact: bool
    size: int
    _pieces: Iterator[str] = field(repr=False)
    length: int = 0
    newline: str = ""

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of what came so far, as `tetrapla.model.sha256_of` has it."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[str]:
        """Yield the pieces, once; none ends between the two characters of a newline."""
        used: set[str] = set()
        for piece in self._pieces:
            self.length += len(piece)
            self._hash.update(piece.encode("utf-8", "surrogatepass"))
            if style := newline_style(piece):
                used.add(style)
                self.newline = style if len(used) == 1 else "mixed"
            yield piece

    @classmethod
    def of(cls, found: Decoded, *, size: int | None = None, target: str | None = None) -> TextStream:
        """Return a text that was read whole, in one piece; its `size` is that in UTF-8 where none is given.

        Raises:
            InputError: `target`, the encoding that it is to be written in, lacks a character of it.
        """
        if target is not None:
            _encodable(codecs.getincrementalencoder(target)(), found.text, target)
        if size is None:
            size = len(found.text.encode("utf-8", "surrogatepass"))
        return cls(found.source, found.encoding, found.bom, found.exact, size, iter([found.text]))


@contextmanager
def open_stream(path: str | Path, *, encoding: str | None = None, target: str | None = None) -> Iterator[TextStream]:
    """Give the text of a file, or of standard input for "-", piece by piece.

    `encoding` overrules the guess; `target` is the encoding that the text is to be written in, if not its own.

    Raises:
        InputError: it cannot be read as text, or `target` lacks a character of it.
    """
    name = named(path)
    with opened(path) as file:
        head = file.read(SMALL + 1)
        if len(head) <= SMALL or head.startswith(WIDE) or b"\x00" in head[:SAMPLE]:
            data = head + file.read()
            yield TextStream.of(decode(data, source=path, encoding=encoding), size=len(data), target=target)
            return
        with _seekable(file, head, is_pipe=str(path) == STDIN) as long:
            codec, bom = _codec_of(long, head, path, encoding)
            exact, size = _tested(long, codec, name, target)
            long.seek(0)
            yield TextStream(name, codec, bom, exact, size, _joined(_decoded(long, codec, name, bom=bom)))


@contextmanager
def _seekable(file: BinaryIO, head: bytes, *, is_pipe: bool) -> Iterator[BinaryIO]:
    """Give a file that can be read from its start again; what a pipe brings is put into one."""
    if not is_pipe:
        yield file
        return
    with tempfile.TemporaryFile() as spool:
        try:
            spool.write(head)
            shutil.copyfileobj(file, spool, PIECE)
        except OSError as e:
            raise InputError(f"cannot keep standard input for a second look: {(e.strerror or str(e)).lower()}") from e
        yield spool


def _codec_of(file: BinaryIO, head: bytes, path: str | Path, encoding: str | None) -> tuple[str, bool]:
    """Return the encoding of a long file, and whether it begins with a mark.

    It is told by the first part of the file, or, where that is ASCII, by what stands around the first byte that is not.
    """
    found = _told(head, path, encoding)
    if encoding is not None or found.encoding != "utf-8" or (at := _misfit(file, "utf-8")) is None:
        return found.encoding, found.bom
    file.seek(max(0, at - SAMPLE // 2))
    around = file.read(SAMPLE)
    if found.bom or not found.text.isascii() or broken_utf8(around):
        raise _broken(path, "utf-8", at, _lines_before(file, at))
    return _told(around.partition(b"\n")[2] or around, path, None).encoding, False


def _told(data: bytes, path: str | Path, encoding: str | None) -> Decoded:
    """Return a part of a file as text, without a character that is cut at its end."""
    for cut in (1, 2, 3):
        try:
            return decode(data[: 1 - cut] if cut > 1 else data, source=path, encoding=encoding)
        except InputError:
            continue
    return decode(data[:-3], source=path, encoding=encoding)


def _lines_before(file: BinaryIO, place: int) -> int:
    """Return how many lines end before a byte."""
    file.seek(0)
    count = 0
    while place > 0 and (data := file.read(min(PIECE, place))):
        count += data.count(b"\n")
        place -= len(data)
    return count


def _broken(path: str | Path, codec: str, place: int, lines: int) -> InputError:
    known = "UTF-8" if codec == "utf-8" else codec
    return InputError(
        f"{named(path)} is {known} but for broken places: byte {place} (line {lines + 1}) does not fit; "
        "mend it, or name its --encoding"
    )


def _misfit(file: BinaryIO, codec: str) -> int | None:
    """Return the place of the first byte that does not fit an encoding."""
    decoder, done = codecs.getincrementaldecoder(codec)(), 0
    file.seek(0)
    while data := file.read(PIECE):
        try:
            decoder.decode(data)
        except UnicodeDecodeError as e:
            return done + e.start
        done += len(data)
    return None


def _tested(file: BinaryIO, codec: str, name: str, target: str | None) -> tuple[bool, int]:
    """Return whether the text gives the same bytes again, and how many there are.

    Raises:
        InputError: it is no text in this encoding, or `target` lacks a character of it.
    """
    file.seek(0)
    back = codecs.getincrementalencoder(codec)() if codec != "utf-8" else None
    other = codecs.getincrementalencoder(target)() if target is not None else None
    came, went = hashlib.sha256(), hashlib.sha256()
    size = 0
    for data, text in _pairs(file, codec, name):
        size += len(data)
        if "\x00" in text:
            raise InputError(f"{name} is no plain text: NUL in it; name a text file, or its --encoding if it is one")
        if back is not None:
            came.update(data)
            went.update(_again(back, text))
        if other is not None and target is not None:
            _encodable(other, text, target)
    return back is None or came.digest() == went.digest(), size


def _again(encoder: codecs.IncrementalEncoder, text: str) -> bytes:
    try:
        return encoder.encode(text)
    except UnicodeEncodeError:
        return b""


def _encodable(encoder: codecs.IncrementalEncoder, text: str, target: str) -> None:
    try:
        encoder.encode(text)
    except UnicodeEncodeError as e:
        raise InputError(f"{target} has no character {text[e.start]!r}; try --output-encoding utf-8") from e


def _pairs(file: BinaryIO, codec: str, name: str) -> Iterator[tuple[bytes, str]]:
    """Yield a file's bytes, a piece at a time, each with the text that it completes."""
    decoder = codecs.getincrementaldecoder(codec)()
    done = line = 0
    while True:
        try:
            data = file.read(PIECE)
        except OSError as e:
            raise InputError(f"cannot read {name}: {(e.strerror or str(e)).lower()}") from e
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as e:
            raise _broken(name, codec, done + e.start, line + data.count(b"\n", 0, e.start)) from e
        if text:
            yield data, text
        if not data:
            return
        done, line = done + len(data), line + data.count(b"\n")


def _decoded(file: BinaryIO, codec: str, name: str, *, bom: bool) -> Iterator[str]:
    for _, text in _pairs(file, codec, name):
        yield text[1:] if bom else text
        bom = False


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    """Yield the pieces, a carriage return at the end of one put before the next."""
    held = ""
    for piece in pieces:
        text = held + piece
        held = "\r" if text.endswith("\r") else ""
        yield text[: len(text) - len(held)]
    if held:
        yield held
