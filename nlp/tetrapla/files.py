"""Files in and out: bytes to text in any common encoding and back, without losing one of them.

The text keeps its newlines as they are; a byte order mark (BOM) is taken off and remembered. What cannot be text is
refused with a line that says what, where and what to do. Encodings are tried in the order of how sure they are:
a BOM, strict UTF-8 (other encodings almost never form it by chance), then what chardet finds likely, best first.
"""

from __future__ import annotations

import codecs
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tetrapla.errors import InputError

__all__ = [
    "MAX_BYTES",
    "STDIN",
    "Decoded",
    "broken_utf8",
    "decode",
    "named",
    "newline_style",
    "opened",
    "read_bytes",
    "read_text",
    "write_atomic",
    "writing",
]

MAX_BYTES = 200_000_000
STDIN = "-"

# The longer marks first: that of UTF-32-LE begins with that of UTF-16-LE.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    ("\ufeff".encode("gb18030"), "gb18030"),
)

# First bytes of files that are often taken for text, or renamed to .txt, and the way out for each.
TO_TEXT = "save it as plain text first"
MAGIC = (
    (b"%PDF-", "a PDF", "take its text out first, e.g. with pdftotext, or tesseract for a scan"),
    (b"PK\x03\x04", "a zip archive or an office document (docx, odt, epub)", TO_TEXT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (doc, xls)", TO_TEXT),
    (b"{\\rtf", "a rich text (RTF) document", TO_TEXT),
    (b"%!PS", "a PostScript file", "take its text out first, e.g. with ps2ascii"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "read it with an OCR program such as tesseract first"),
    (b"\xff\xd8\xff", "a JPEG image", "read it with an OCR program such as tesseract first"),
    (b"GIF8", "a GIF image", "read it with an OCR program such as tesseract first"),
    (b"II*\x00", "a TIFF image", "read it with an OCR program such as tesseract first"),
    (b"MM\x00*", "a TIFF image", "read it with an OCR program such as tesseract first"),
    (b"AT&TFORM", "a DjVu file", "take its text out first, e.g. with djvutxt"),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"BZh", "compressed (bzip2)", "unpack it first"),
    (b"\xfd7zXZ\x00", "compressed (xz)", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)", "unpack it first"),
    (b"\x7fELF", "a program", "name a text file"),
    (b"SQLite format 3\x00", "a database (SQLite)", "name a text file"),
)

# Controls that texts do hold: tab, newlines, vertical tab, form feed of page ends, end-of-file of DOS, escape.
TEXT_CONTROLS = frozenset("\t\n\v\f\r\x1a\x1b\x85")
CONTROLS = frozenset(map(chr, [*range(32), *range(127, 160)])) - TEXT_CONTROLS
# Scans carry a stray soft hyphen or two as a control; files that are no text have tens of percent.
MAX_CONTROLS = 0.02
# UTF-8 with a few broken bytes keeps nearly all its other characters; another encoding read as UTF-8 keeps none.
MAX_BROKEN = 0.1
# As much as chardet needs; whole files are only decoded, not guessed over.
SAMPLE = 400_000


@dataclass(frozen=True)
class Decoded:
    """A text as it came out of a file, and what it takes to give every byte back.

    `encoding` is a name that Python knows, without a BOM of its own; `bom` says whether a mark stood before the text;
    `newline` is the newline used ("\\n", "\\r\\n", "\\r", "mixed", or "" where there is none); `exact` is False where
    encoding the text again would not give the same bytes (some old encodings write one character two ways).
    """

    text: str
    encoding: str
    bom: bool
    newline: str
    source: str
    exact: bool = True

    def encode(self, text: str | None = None) -> bytes:
        """Return the bytes of a text, by default this one, in the encoding of the file and with its BOM.

        Raises:
            InputError: the encoding lacks a character of the text.
        """
        whole = ("\ufeff" if self.bom else "") + (self.text if text is None else text)
        try:
            return whole.encode(self.encoding)
        except UnicodeEncodeError as e:
            raise InputError(
                f"{self.source}: its encoding {self.encoding} has no character {whole[e.start]!r}; "
                "write in another one with --output-encoding utf-8"
            ) from e


def newline_style(text: str) -> str:
    r"""Return the newline that a text uses: "\n", "\r\n", "\r", "mixed", or "" for none.

    >>> newline_style("a\r\nb\r\n")
    '\r\n'
    """
    crlf = text.count("\r\n")
    counts = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    used = [style for style, count in counts.items() if count]
    return "mixed" if len(used) > 1 else "".join(used)


def named(path: str | Path) -> str:
    """Return how messages name a file."""
    return "standard input" if str(path) == STDIN else str(path)


def decode(data: bytes, *, source: str | Path, encoding: str | None = None) -> Decoded:
    r"""Return the text of a file's bytes; `source` names the file in messages, `encoding` overrules the guess.

    >>> decode("año\r\n".encode("utf-16"), source="a.txt").text
    'año\r\n'
    >>> found = decode("El camión llegó ayer por la mañana.".encode("cp1252"), source="a.txt")
    >>> found.text, found.encoding
    ('El camión llegó ayer por la mañana.', 'cp1252')

    Raises:
        InputError: nothing in it, no text, not in `encoding`, or in no encoding that can be told.
    """
    name = named(source)
    if not data:
        raise InputError(f"{name} is empty (0 bytes); is it the right file?")
    for magic, what, hint in MAGIC:
        if data.startswith(magic):
            raise InputError(f"{name} is {what}, not plain text; {hint}")
    decoded = _decode_as(data, name, encoding) if encoding else _decode_by_guess(data, name)
    if not decoded.text.strip("\u200b\ufeff \t\r\n\f\v\u3000\xa0"):
        raise InputError(f"{name} holds nothing but blanks; is it the right file?")
    if complaint := _not_text(decoded.text):
        raise InputError(f"{name} is no plain text: {complaint}; name a text file, or its --encoding if it is one")
    return decoded


def _decode_as(data: bytes, name: str, encoding: str) -> Decoded:
    """Decode in the encoding that the user named."""
    try:
        codec = codecs.lookup(encoding).name
        "a".encode(codec)  # refuses what is no encoding of text, such as hex
    except (LookupError, ValueError) as e:
        raise InputError(f"no encoding is called {encoding!r}; try utf-8, gb18030, big5, cp1252 or utf-16") from e
    codec = codec.removesuffix("-sig")
    for bom, family in BOMS:
        if not data.startswith(bom):
            continue
        if family in (codec, f"{codec}-le", f"{codec}-be"):
            codec = family
        elif family == "utf-8":  # in the others a mark is text that could stand there, if rarely
            raise InputError(f"{name} begins with the mark of UTF-8, so it is not {encoding}; leave --encoding out")
        break
    if codec in ("utf-16", "utf-32"):  # without a mark: as on nearly all machines
        codec += "-le"
    try:
        return _decoded(data, codec, name)
    except UnicodeDecodeError as e:
        raise InputError(
            f"{name} is not in {encoding}: {_bad_byte(data, e)}; leave --encoding out or name another"
        ) from e


def _decode_by_guess(data: bytes, name: str) -> Decoded:
    for bom, family in BOMS:
        if data.startswith(bom):
            try:
                return _decoded(data, family, name)
            except UnicodeDecodeError as e:
                raise InputError(f"{name} begins with the mark of {family}, but {_bad_byte(data, e)}") from e
    try:
        if b"\x00" not in data:  # with NUL bytes it would be UTF-16 or UTF-32 without a mark, or no text
            return _decoded(data, "utf-8", name)
    except UnicodeDecodeError as e:
        if broken_utf8(data):
            raise InputError(
                f"{name} is UTF-8 but for broken places: {_bad_byte(data, e)}; mend it, or name its --encoding"
            ) from e
    best: Decoded | None = None
    for encoding in _likely_encodings(data) if _may_be_wide(data) else ():
        try:
            found = _decoded(data, encoding, name)
        except (UnicodeDecodeError, LookupError):
            continue
        if _not_text(found.text):
            continue
        if found.exact:
            return found
        best = best or found
    if best is None:
        nul = data.find(b"\x00")
        line = data.count(b"\n", 0, max(nul, 0)) + 1
        what = "is in no encoding that can be told" if nul < 0 else f"is no plain text: NUL byte at {nul} (line {line})"
        raise InputError(f"{name} {what}; name a text file, or its --encoding if it is one")
    return best


def _decoded(data: bytes, encoding: str, name: str) -> Decoded:
    text = data.decode(encoding)
    exact = _gives_back(text, encoding, data)
    bom = text.startswith("\ufeff")
    text = text[1:] if bom else text
    return Decoded(text, encoding, bom, newline_style(text), name, exact)


def _gives_back(text: str, encoding: str, data: bytes) -> bool:
    try:
        return text.encode(encoding) == data
    except UnicodeEncodeError:
        return False


def broken_utf8(data: bytes) -> bool:
    """Return whether the bytes are UTF-8 but for a few: a copy cut short, a byte lost on the way."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text) - broken
    return broken <= MAX_BROKEN * sound


def _may_be_wide(data: bytes) -> bool:
    """Return False where NUL bytes stand in what has one byte a character, and so in no text.

    Taken as UTF-16, a line of ASCII with a stray NUL is rare Chinese: "x000" is two Han characters. In true UTF-16
    every second byte of Latin text is NUL, and nearly four of ten bytes of Chinese text lie above ASCII.
    """
    sample = data[:SAMPLE]
    return 0 not in sample or sum(byte == 0 or byte > 127 for byte in sample) > 0.3 * len(sample)


def _likely_encodings(data: bytes) -> Iterator[str]:
    """Yield Python's names of the encodings that chardet finds possible, the likeliest first."""
    import chardet

    for guess in chardet.detect_all(data[:SAMPLE]):
        name = guess["encoding"]
        if not name:
            continue
        # As browsers do: what calls itself Latin-1 may hold the curly quotes of cp1252, which has all of it besides.
        yield "cp1252" if name.upper() == "ISO-8859-1" else codecs.lookup(name).name


def _bad_byte(data: bytes, error: UnicodeDecodeError) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    return f"byte 0x{data[error.start]:02X} at {error.start} (line {line}) does not fit"


def _not_text(text: str) -> str:
    """Return why this is no text, "" where it may be one."""
    if "\x00" in text:
        at = text.index("\x00")
        return f"NUL at {at} (line {text.count(chr(10), 0, at) + 1})"
    head = text[:SAMPLE]
    controls = sum(map(head.count, CONTROLS))
    if controls > MAX_CONTROLS * len(head):
        return f"{controls / len(head):.0%} of it are control characters"
    return ""


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file, or of standard input for "-".

    Raises:
        InputError: no such file, a directory, no permission, over `MAX_BYTES`.
    """
    with opened(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{named(path)} has more than {MAX_BYTES // 1_000_000} MB, the limit for one text; split it first"
        )
    return data


@contextmanager
def opened(path: str | Path) -> Iterator[BinaryIO]:
    """Give a file to read bytes from, or standard input for "-".

    Raises:
        InputError: no such file, a directory, no permission, a disk that fails while it is read.
    """
    name = named(path)
    try:
        if str(path) == STDIN:
            yield _standard_input()
        elif "\0" in str(path):
            raise InputError(f"cannot read {name!r}: a file has no NUL in its name")
        else:
            with Path(path).open("rb") as file:
                yield file
    except FileNotFoundError as e:
        raise InputError(f"no such file: {name}") from e
    except IsADirectoryError as e:
        raise InputError(f"{name} is a folder; name the text files in it") from e
    except PermissionError as e:
        raise InputError(f"no permission to read {name}") from e
    except OSError as e:  # a path too long, a disk that fails
        raise InputError(f"cannot read {name}: {_reason(e)}") from e


def _standard_input() -> BinaryIO:
    return sys.stdin.buffer


def read_text(path: str | Path, *, encoding: str | None = None) -> Decoded:
    """Return the text of a file, or of standard input for "-".

    Raises:
        InputError: it cannot be read as text.
    """
    return decode(read_bytes(path), source=path, encoding=encoding)


def write_atomic(path: str | Path, content: str | bytes) -> None:
    """Write a file whole or not at all; text is written as UTF-8, as it is. See `writing`.

    Raises:
        InputError: no such folder, no permission, no room; what stood there before still does.
    """
    with writing(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def writing(path: str | Path) -> Iterator[BinaryIO]:
    """Give a file to write to that takes the place of `path` when all is written, and vanishes where that fails.

    The file keeps its permissions, a link stays a link, and what is no regular file (a pipe, /dev/null) is written to.

    Raises:
        InputError: no such folder, no permission, no room; what stood there before still does.
    """
    try:
        target = Path(path).resolve()
        mode = target.stat().st_mode if target.exists() else None
    except (OSError, ValueError) as e:  # a path too long, a NUL in it
        raise InputError(f"cannot write {path}: {_reason(e)}; nothing was changed") from e
    try:
        if mode is not None and not stat.S_ISREG(mode):
            with target.open("wb") as file:
                yield file
            return
        if mode is not None and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "write-protected")
        with _beside(target, mode) as file:
            yield file
    except FileNotFoundError as e:
        raise InputError(f"cannot write {path}: there is no folder {Path(path).parent}; make it first") from e
    except IsADirectoryError as e:
        raise InputError(f"cannot write {path}: it is a folder; name a file in it") from e
    except OSError as e:
        raise InputError(f"cannot write {path}: {_reason(e)}; nothing was changed") from e


@contextmanager
def _beside(target: Path, mode: int | None) -> Iterator[BinaryIO]:
    beside = target.parent / f".tetrapla-{secrets.token_hex(6)}.tmp"
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()
