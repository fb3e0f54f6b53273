"""Check the tables of the lexicon; print a line for each thing that is wrong, and exit 1 if there is one.

    python scripts/check_lexicon.py [FOLDER]

Columns, empty cells, blanks at an end, composed form (NFC), a word twice in a cell, letters of another script than the
language's, and a Chinese word that has two rows: its renderings belong into one.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from tetrapla.files import read_bytes
from tetrapla.resources import corpus_root

LANGUAGES = ["zh", "en", "es", "fr"]
HAN = re.compile("[㐀-䶿一-鿿豈-﫿]")


def problems_of_row(line: str) -> Iterator[str]:
    cells = line.split("\t")
    if len(cells) != len(LANGUAGES):
        yield f"{len(cells)} columns, not {len(LANGUAGES)}"
        return
    if not unicodedata.is_normalized("NFC", line):
        yield "not in composed form (NFC)"
    for code, cell in zip(LANGUAGES, cells, strict=True):
        words = cell.split("|")
        if not cell.strip():
            yield f"no word in {code}"
        elif any(not word.strip() for word in words):
            yield f"nothing between two '|' in {code}"
        for word in words:
            if word.strip() != word or "  " in word:
                yield f"stray blanks in {code}: {word!r}"
            if word.strip() and bool(HAN.search(word)) != (code == "zh"):
                yield f"another script than that of {code}: {word!r}"
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield f"twice in {code}: {word!r}"


def problems_of(folder: Path) -> Iterator[str]:
    first: dict[str, str] = {}
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        yield f"{folder}: no tables (*.tsv)"
    for path in paths:
        try:
            header, *lines = read_bytes(path).decode("utf-8").split("\n")
        except UnicodeDecodeError as e:
            yield f"{path.name}: not UTF-8 (byte {e.start})"
            continue
        if header.split("\t") != LANGUAGES:
            yield f"{path.name}:1: the header is not {' '.join(LANGUAGES)}, parted by tabs"
        if not lines or lines[-1]:
            yield f"{path.name}: no newline at the end"
        for number, line in enumerate(lines if lines and lines[-1] else lines[:-1], start=2):
            place = f"{path.name}:{number}"
            for problem in problems_of_row(line):
                yield f"{place}: {problem}"
            for word in dict.fromkeys(line.split("\t")[0].split("|")):
                other = first.setdefault(word, place)
                if other != place:
                    yield f"{place}: {word!r} is at {other} already"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else corpus_root() / "lexicon"
    problems = list(problems_of(folder))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "sound", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
