"""Measure what cleaning makes of hyphens at the ends of lines, and print the figures as a Markdown table.

    python scripts/bench/hyphens.py [--draws 2] [--seed 1] [--review] [--missed] [--data DIR]

The paragraphs of DIR/corpora/*/{en,es,fr}.txt are set anew in lines of a width that the seed draws, words divided as
TeX does (pyphen; `pip install pyphen`), and cleaned. Three kinds of places are looked at:

join    a word divided at a line's end, "innova-" / "tion": must be one word again
keep    a compound divided at its own hyphen, "multi-" / "center": must keep the hyphen and get no blank
leave   a hyphen that hangs in the air, "pre- and post-war", at a line's end or not: must stay as it is. Manuals have
        next to none, so some of their compounds are said twice, once without their second part

Balanced accuracy is the mean of two shares, of the words joined and of the other hyphens kept. With `--review`, repairs
that are for review are made, too; without, only what `tetrapla clean` does unseen. `--missed` prints what went wrong.
DIR is `shared_root()` by default; what is not there is named on standard error and left out.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from draws import say

from tetrapla.clean import clean
from tetrapla.model import Document, Span
from tetrapla.resources import shared_root
from tetrapla.segment import segment

LANGUAGES = {"en": "and", "es": "y", "fr": "et"}
WIDTHS = (44, 96)
WORD = re.compile(r"([^\w]*)([^\W\d_]{4,})([^\w-]*)")
COMPOUND = re.compile(r"([^\w]*)([^\W\d_]{2,}(?:-[^\W\d_]{2,})+)([^\w-]*)")
SUSPENDED = 0.2  # the share of compounds that are said twice
JOIN, KEEP, LEAVE = "join", "keep", "leave"


@dataclass(frozen=True)
class Place:
    """A hyphen: where its words stand in the wrapped text, what it is, and how they should read."""

    span: Span
    kind: str
    wanted: str


@dataclass
class Page:
    """A text that is being set: its lines so far, and the hyphens in them."""

    parts: list[str]
    places: list[Place]
    size: int = 0

    def put(self, text: str) -> int:
        """Add a piece of text and return where it begins."""
        start = self.size
        self.parts.append(text)
        self.size += len(text)
        return start

    def mark(self, start: int, kind: str, wanted: str) -> None:
        """Note a hyphen in what was set since `start`."""
        self.places.append(Place(Span(start, self.size), kind, wanted))


def suspended(words: Sequence[str], language: str, chance: random.Random) -> Iterator[list[str]]:
    """Give words, one or three at a time: some compounds with another one before them that lacks its second part."""
    firsts = [match.group(2).split("-")[0] for match in map(COMPOUND.fullmatch, words) if match]
    for word in words:
        match = COMPOUND.fullmatch(word)
        if match and not match.group(1) and match.group(2).islower() and chance.random() < SUSPENDED:
            yield [f"{chance.choice(firsts).lower()}-", LANGUAGES[language], word]
        else:
            yield [word]


def set_in_lines(text: str, language: str, hyphenator: Any, chance: random.Random) -> tuple[str, list[Place]]:
    """Return a text in lines of one width, and the hyphens that are looked at."""
    page = Page([], [])
    width = chance.randint(*WIDTHS)
    for paragraph in text.split("\n\n"):
        room = width
        for group in suspended(paragraph.split(), language, chance):
            start = page.size
            for k, word in enumerate(group):
                room = set_word(page, word, room, width, hyphenator)
                if k == 1:
                    page.mark(start, LEAVE, " ".join(group[:2]))
        page.put("\n\n")
    return "".join(page.parts), page.places


def set_word(page: Page, word: str, room: int, width: int, hyphenator: Any) -> int:
    """Set a word, divided where it must and can be, and return the room that is left on its line."""
    blank = "" if room == width else " "
    if len(blank + word) <= room:
        page.put(blank + word)
        return room - len(blank + word)
    head, kind = divided(word, room - len(blank) - 1, hyphenator)
    if head:
        page.put(blank)
        start = page.put(f"{head}-\n")
        rest = word[len(head) + (kind == KEEP) :]
        page.put(rest)
        page.mark(start, kind, word)
        return width - len(rest)
    page.put("\n" if blank else "")
    page.put(word)
    return max(0, width - len(word))


def divided(word: str, room: int, hyphenator: Any) -> tuple[str, str]:
    """Return as much of a word as fits, without a hyphen, and how it is divided; "" where it cannot be."""
    if match := COMPOUND.fullmatch(word):
        at = word.rfind("-", 0, max(0, room + 1))
        return (word[:at], KEEP) if at > len(match.group(1)) else ("", KEEP)
    if match := WORD.fullmatch(word):
        before, letters, _ = match.groups()
        ends = [int(at) for at in hyphenator.positions(letters) if int(at) + len(before) <= room]
        if ends:
            return word[: len(before) + max(ends)], JOIN
    return "", JOIN


def measured(text: str, language: str, places: Sequence[Place], *, review: bool) -> Iterator[tuple[Place, str]]:
    """Give each place and how it reads after cleaning."""
    view = clean(segment(Document(language, language, text)), review=review)
    for place in places:
        span = view.to_view(place.span)
        yield place, " ".join(view.text[span.start : span.end].split())


def row(path: Path, draws: int, seed: int, *, review: bool, missed: bool) -> list[object]:
    """Return the figures of one text."""
    language = path.stem
    pyphen: Any = importlib.import_module("pyphen")
    hyphenator = pyphen.Pyphen(lang="en_US" if language == "en" else language)
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for draw in range(draws):
        chance = random.Random(f"{seed + draw}/{path.parent.name}/{language}")
        text, places = set_in_lines(path.read_text("utf-8"), language, hyphenator, chance)
        for place, reading in measured(text, language, places, review=review):
            seen[place.kind] += 1
            right[place.kind] += reading == place.wanted
            if missed and reading != place.wanted:
                print(f"{path.parent.name}\t{language}\t{place.kind}\t{place.wanted}\t{reading}", file=sys.stderr)
    joined = right[JOIN] / max(1, seen[JOIN])
    kept = (right[KEEP] + right[LEAVE]) / max(1, seen[KEEP] + seen[LEAVE])
    counts = [f"{right[kind]}/{seen[kind]}" for kind in (JOIN, KEEP, LEAVE)]
    return [path.parent.name, language, f"{(joined + kept) / 2:.3f}", f"{joined:.3f}", f"{kept:.3f}", *counts]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--review", action="store_true")
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--data", type=Path, default=shared_root())
    options = parser.parse_args(arguments)
    paths = [] if options.data is None else sorted(Path(options.data).glob("corpora/*/??.txt"))
    paths = [path for path in paths if path.stem in LANGUAGES]
    if not paths or importlib.util.find_spec("pyphen") is None:
        say("there is no pyphen (pip install pyphen); left out" if paths else f"no corpora in {options.data}; left out")
        return 0
    columns = ["manual", "language", "balanced", "joined", "kept", JOIN, KEEP, LEAVE]
    print(f"| {' | '.join(columns)} |\n| --- | --- |{' --: |' * (len(columns) - 2)}")
    for path in paths:
        figures = row(path, options.draws, options.seed, review=options.review, missed=options.missed)
        print(f"| {' | '.join(map(str, figures))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
