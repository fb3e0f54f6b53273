"""Measure how long a large index takes to write and to answer, and print the figures as Markdown tables.

    python scripts/bench/query.py [--only store|query|add] [--beads 50000] [--words 107] [--added 2000] [--index FILE]

store   an index of so many beads in four versions, written as `tetrapla index add` writes it once texts are cut and
        matched: seconds, without those in which its text is made up, and memory at its peak
query   questions of many kinds to that index (`questions.py`): milliseconds for the first hits with the aligned
        versions, and for the count
add     `tetrapla index add` from the shell on an alignment of so many beads of the same text, start, segmentation and
        matching included: without findings, and with them on a hundredth of it

The text is ours, made up: words of the lexicon, the frequent ones more often (Zipf's law), in sentences. In every bead
the versions name the same three concepts, mostly by the canonical form, now and then by another one or not at all; one
passage in five has a finding. Passages have so many words on average, some 900 bytes. FILE keeps the index for the next
run, which does not write it again; otherwise it goes to a temporary folder.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from draws import say
from quality import LANGUAGES, positive, table
from questions import measured

from tetrapla import lexicon
from tetrapla.errors import TetraplaError
from tetrapla.formats.json import dump_alignment
from tetrapla.glossary import Glossary, load
from tetrapla.model import Alignment, Bead, Document, Segment, Span
from tetrapla.store import Origins, Run, Store, open_store
from tetrapla.store._concepts import write_concepts
from tetrapla.store._passages import FindingRow, MentionRow, Passage, SentenceRow
from tetrapla.store._write import SourceInfo, publish, write_document, write_source

PIVOT = "zh"
NAME = "made-up.json"
SENTENCE = 20  # words
CONCEPTS = 3  # that a bead names
SECTION = 40  # beads
OTHER_FORM, LEFT_OUT, NOISE = 0.2, 0.1, 0.2  # shares of mentions, of mentions, and of passages with a finding
NOISES = ("hyphenation", "spacing", "confusion", "truncation")
MB = 1_000_000


class Made(NamedTuple):
    """A passage as it was made up: its text, its sentences, where it names which term of which concept."""

    text: str
    sentences: list[SentenceRow]
    mentions: list[MentionRow]


@dataclass(frozen=True)
class Maker:
    """Makes up passages, the same ones each time: of the version in a language, `words` long."""

    glossary: Glossary
    words: int

    @cached_property
    def _vocabulary(self) -> Mapping[str, tuple[list[str], list[float]]]:
        """The words of each language with their cumulative weights."""
        found = {}
        for code in LANGUAGES:
            words = list(dict.fromkeys(row[0] for row in lexicon.load().columns[code] if row))
            random.Random(code).shuffle(words)
            found[code] = (words, list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words)))))
        return found

    @cached_property
    def _concepts(self) -> list[str]:
        return [name for name, concept in self.glossary.items() if all(map(concept.preferred, LANGUAGES))]

    def side(self, bead: int, code: str) -> Made:
        """Return the passage of a bead in a language; every so many beads it is a heading."""
        chance = random.Random(f"{bead} {code}")
        length = 4 if bead % SECTION == 0 else chance.randint(self.words // 2, self.words * 3 // 2)
        words, weights = self._vocabulary[code]
        drawn: list[str] = chance.choices(words, cum_weights=weights, k=length)
        named = {}
        for concept in random.Random(bead).sample(self._concepts, CONCEPTS):
            terms = [term for term in self.glossary[concept].terms if term.language == code]
            if chance.random() >= LEFT_OUT:
                term = chance.choice(terms) if chance.random() < OTHER_FORM else terms[0]
                named[chance.randrange(length)] = (concept, term.form, code, term.status, term.damage)
        return _joined(drawn, named, code)

    def section(self, bead: int) -> str:
        """Return the section of a bead."""
        return f"{bead // SECTION // 9 + 1}.{bead // SECTION % 9 + 1}"


def _joined(drawn: Sequence[str], named: Mapping[int, tuple[str, str, str, str, str | None]], code: str) -> Made:
    """Return words as sentences; `named` says instead of which word stands which term."""
    joiner, end = ("", "。") if code == PIVOT else (" ", ". ")
    pieces: list[str] = []
    sentences: list[SentenceRow] = []
    mentions: list[MentionRow] = []
    at = start = 0
    for k, word in enumerate(drawn):
        if k in named:
            word = named[k][1]
            mentions.append((*named[k], at, at + len(word)))
        last = k + 1 == len(drawn)
        pieces.append(word + (end.rstrip() if last else end if k % SENTENCE == SENTENCE - 1 else joiner))
        at += len(pieces[-1])
        if last or k % SENTENCE == SENTENCE - 1:
            sentences.append((None, start, at if last else at - len(end) + len(end.rstrip())))
            start = at
    return Made("".join(pieces), sentences, mentions)


class Making:
    """The passages of one version as they are made up; keeps count of the time that takes, of the text and of bytes."""

    def __init__(self, maker: Maker, code: str, beads: int) -> None:
        self.maker, self.code, self.beads = maker, code, beads
        self.seconds = 0.0
        self.length = self.bytes = 0

    def __iter__(self) -> Iterator[Passage]:
        began = time.perf_counter()
        for bead in range(self.beads):
            passage = self._passage(bead)
            self.seconds += time.perf_counter() - began
            yield passage
            began = time.perf_counter()

    def _passage(self, bead: int) -> Passage:
        made = self.maker.side(bead, self.code)
        origins = Origins((Run(0, self.length, len(made.text), len(made.text), kept=True),)).dumps()
        self.length += len(made.text) + 2
        self.bytes += len(made.text.encode())
        kind = "heading" if bead % SECTION == 0 else "body"
        findings: list[FindingRow] = []
        chance = random.Random(f"{bead} {self.code} noise")
        if chance.random() < NOISE:
            start, end = made.sentences[0][1:]
            findings.append((chance.choice(NOISES), "review", 0.6, start, end, made.text[start:end], None, None, ""))
        section = self.maker.section(bead)
        return Passage(bead, kind, section, made.text, origins, bead + 1, made.sentences, made.mentions, findings)


class Written(NamedTuple):
    """What writing an index took: `seconds` without those in which its text was made up, `memory` in bytes."""

    passages: int
    text: int
    seconds: float
    making: float
    memory: int
    size: int


def write(path: Path, beads: int, words: int) -> Written:
    """Write an index of made-up text to a new file."""
    maker = Maker(load(), words)
    versions = [Making(maker, code, beads) for code in LANGUAGES]
    began = time.perf_counter()
    with open_store(path, create=True) as store:
        _write(store, versions, maker.glossary, beads)
    seconds = time.perf_counter() - began
    making = sum(version.seconds for version in versions)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    text = sum(version.bytes for version in versions)
    return Written(len(versions) * beads, text, seconds - making, making, memory, path.stat().st_size)


def _write(store: Store, versions: Sequence[Making], glossary: Glossary, beads: int) -> None:
    source = SourceInfo(NAME, "alignment", "made up", "made up", PIVOT)
    kinds = (Bead(f"b{k + 1}", "heading" if k % SECTION == 0 else "body", {}) for k in range(beads))
    with store.writing() as connection:
        own = write_source(connection, source, kinds)
    for number, version in enumerate(versions, start=1):
        scores = {} if version.code == PIVOT else dict.fromkeys(range(beads), 0.9)
        with store.writing() as connection:
            document = Document(version.code, version.code, "", f"{version.code}.txt")
            paragraphs: Sequence[Segment] = ()
            write_document(connection, own, number, document, paragraphs, version, scores)
    with store.writing() as connection:
        write_concepts(connection, glossary)
        publish(connection, own)


# ---------------------------------------------------------------- sections


def store(path: Path, beads: int, words: int) -> str:
    """Return how long an index takes to write."""
    say(f"store: {len(LANGUAGES) * beads:,} passages")
    cost = write(path, beads, words)
    row = (
        f"{cost.passages:,}",
        f"{cost.text / MB:,.0f}",
        f"{cost.seconds:.1f}",
        f"{cost.passages / cost.seconds:,.0f}",
        f"{cost.making:.1f}",
        f"{cost.memory / MB:,.0f}",
        f"{cost.size / MB:,.0f}",
    )
    columns = ("passages", "MB of text", "seconds", "passages a second", "(making up)", "MB of memory", "MB of index")
    return table(columns, [row])


def added(beads: int, words: int) -> str:
    """Return how long `tetrapla index add` takes from the shell."""
    rows = []
    for count, option in ((beads, "--no-findings"), (max(beads // 100, 1), "--findings")):
        say(f"add: {len(LANGUAGES) * count:,} passages, {option}")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            size = _aligned(folder, count, words)
            began = time.perf_counter()
            command = [sys.executable, "-m", "tetrapla", "index", "add", NAME, "--index", "x.db", option]
            subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)
            seconds = time.perf_counter() - began
        passages = len(LANGUAGES) * count
        figures = (f"{passages:,}", f"{size / MB:,.1f}", f"{seconds:.1f}", f"{passages / seconds:,.0f}")
        rows.append((option, *figures))
    return table(("index add", "passages", "MB of text", "seconds", "passages a second"), rows)


def _aligned(folder: Path, beads: int, words: int) -> int:
    """Write an alignment of made-up text to a folder and return how many bytes its texts have."""
    maker = Maker(load(), words)
    documents, spans = [], []
    for code in LANGUAGES:
        texts = [maker.side(bead, code).text for bead in range(beads)]
        for bead in range(0, beads, SECTION):
            texts[bead] = f"{maker.section(bead)} {texts[bead].rstrip('。.')}"
        starts = list(itertools.accumulate((len(text) + 2 for text in texts), initial=0))
        spans.append([Span(start, start + len(text)) for start, text in zip(starts, texts, strict=False)])
        documents.append(Document(code, code, "\n\n".join(texts), f"{code}.txt"))
        (folder / f"{code}.txt").write_bytes(documents[-1].text.encode())
    sides = [dict(zip(LANGUAGES, ((span,) for span in own), strict=True)) for own in zip(*spans, strict=True)]
    linked = [
        Bead(
            f"b{k + 1}", "heading" if k % SECTION == 0 else "body", side, {code: 0.9 for code in side if code != PIVOT}
        )
        for k, side in enumerate(sides)
    ]
    (folder / NAME).write_text(dump_alignment(Alignment(PIVOT, tuple(documents), tuple(linked))), encoding="utf-8")
    return sum((folder / f"{code}.txt").stat().st_size for code in LANGUAGES)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    sections = ("store", "query", "add")
    parser.add_argument("--only", choices=sections, action="append", help="what to measure (default: all)")
    parser.add_argument("--beads", type=positive, default=50_000, help="of the index (default: %(default)s)")
    parser.add_argument("--words", type=positive, default=107, help="of a passage, on average (default: %(default)s)")
    parser.add_argument("--added", type=positive, default=2_000, help="beads for `add` (default: %(default)s)")
    parser.add_argument("--index", type=Path, metavar="FILE", help="where the index is kept (default: it is not)")
    options = parser.parse_args(argv)
    chosen = options.only or sections
    try:
        with tempfile.TemporaryDirectory() as name:
            index = options.index or Path(name) / "made-up.db"
            if {"store", "query"} & {*chosen} and not index.exists():
                print(f"## store\n\n{store(index, options.beads, options.words)}", flush=True)
            if "query" in chosen:
                print(f"## query\n\n{measured(index)}", flush=True)
        if "add" in chosen:
            print(f"## add\n\n{added(options.added, options.words)}", flush=True)
    except TetraplaError as e:
        say(str(e))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
