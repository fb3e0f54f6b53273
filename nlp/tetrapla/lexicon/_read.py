"""Lexicons out of files: which format it is, and what is wrong with one, told line by line."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path, PurePath

from tetrapla.errors import InputError
from tetrapla.files import MAX_BYTES, decode, named, read_bytes
from tetrapla.lexicon import _cedict, _muse, _tsv
from tetrapla.lexicon._lexicon import Lexicon, joined
from tetrapla.lexicon._table import Table, base
from tetrapla.resources import corpus_root

__all__ = ["brought", "load", "read", "read_with_problems", "split"]

GZIP = b"\x1f\x8b"
OWN = "tetrapla"  # what the tables that come with Tetrapla are called


def read(path: str | Path, source: str | None = None, target: str | None = None) -> Lexicon:
    """Return the lexicon in a file, "-" for standard input; gzip is unpacked.

    It is one of our tables (a header of language codes, with tabs between), a dictionary in the format of CC-CEDICT,
    or word pairs as MUSE has them. `source` and `target` are the languages, where the file does not tell them.

    Raises:
        InputError: it cannot be read, or a line is malformed; says file, line and what to do.
    """
    lexicon, problems = read_with_problems(path, source, target)
    if problems:
        more = f" (and {len(problems) - 1:,} more lines)" if len(problems) > 1 else ""
        raise InputError(f"{problems[0]}{more}")
    return lexicon


def read_with_problems(
    path: str | Path, source: str | None = None, target: str | None = None
) -> tuple[Lexicon, list[str]]:
    """Return what can be read of a lexicon, and what is wrong with its other lines, one message each; see `read`.

    Raises:
        InputError: it cannot be read at all.
    """
    name, lines = named(path), _lines(path)
    problems: list[str] = []
    table = _parser(lines, name, source, target)(problems)
    if not problems and not len(table):
        raise InputError(f"{name} holds no entries; is it the right file?")
    return Lexicon([table]), problems


def brought(given: Sequence[str]) -> Lexicon:
    """Return what the files that a user names hold, joined; `load` has what comes with Tetrapla.

    Each is ``FILE``, or ``FILE=en-fr`` where the file does not tell its languages.

    Raises:
        InputError: one cannot be read.
    """
    return joined(read(*split(value)) for value in given)


def split(value: str) -> tuple[str, str | None, str | None]:
    """Return the file and the languages in ``FILE=en-fr``, None where they are not told.

    >>> split("words.txt=en-fr"), split("a=b.tsv")
    (('words.txt', 'en', 'fr'), ('a=b.tsv', None, None))
    """
    path, _, told = value.rpartition("=")
    pair = _muse.pair_in(told) if path else None
    return (path, *pair) if pair else (value, None, None)


def load(folder: Path | None = None) -> Lexicon:
    """Return the lexicon in the tables (``*.tsv``) of a folder, by default the one that comes with Tetrapla.

    Raises:
        InputError: no table in the folder, or a malformed line; says file and line.
    """
    return _own() if folder is None else _from(folder)


@cache
def _own() -> Lexicon:
    """Return the lexicon that comes with Tetrapla; it is the same for a whole process."""
    return _from(corpus_root() / "lexicon")


def _from(folder: Path) -> Lexicon:
    """Return the tables of a folder as one: together they say how ambiguous a word is."""
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise InputError(f"{folder} holds no tables (*.tsv)")
    problems: list[str] = []
    tables = [_tsv.parse(_lines(path), str(path), problems) for path in paths]
    if problems:
        raise InputError(problems[0])
    return Lexicon([Table(Lexicon(tables).columns, source=OWN)])


def _lines(path: str | Path) -> list[str]:
    data = read_bytes(path)
    if data.startswith(GZIP):
        data = _unpacked(data, named(path))
    return decode(data, source=path).text.split("\n")


def _unpacked(data: bytes, name: str) -> bytes:
    try:
        unpacked = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as e:
        raise InputError(f"{name} is a damaged gzip file ({str(e).lower()}); fetch it again") from e
    if len(unpacked) > MAX_BYTES:
        raise InputError(f"{name} has more than {MAX_BYTES // 1_000_000} MB when unpacked; split it first")
    return unpacked


def _parser(lines: Sequence[str], name: str, source: str | None, target: str | None) -> Callable[[list[str]], Table]:
    """Return what reads the format that a file is in."""
    if _cedict.is_cedict(lines):
        other = next((code for code in (target, source) if code and base(code) != "zh"), _cedict.language_of(name))
        return lambda problems: _cedict.parse(lines, name, other, problems)
    pair = (source, target) if source and target else _muse.pair_in(name)
    header = _tsv.header_of(lines[0])
    # "the", "le": a first pair of words may look like two codes; it is a header where no other codes are told.
    if header and (pair is None or set(pair) <= set(map(base, header))):
        return lambda problems: _tsv.parse(lines, name, problems)
    if pair is not None and PurePath(name.removesuffix(".gz")).suffix != ".tsv":
        return lambda problems: _muse.parse(lines, name, pair, problems)
    if "\t" in lines[0]:
        return lambda problems: _tsv.parse(lines, name, problems)
    raise InputError(
        f"{name}:1: no header of language codes with tabs between, no entry of CC-CEDICT, and no languages in the "
        f"file's name, as en-fr.txt has them; write {name}=en-fr if it is a list of word pairs: {lines[0][:60]!r}"
    )
