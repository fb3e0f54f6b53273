"""Measure how long alignment takes and how much memory, from the shell, and print the figures as Markdown tables.

    python scripts/bench/align.py [--only manuals|lines|paper] [--sizes 2500,5000,10000,20000] [--repeat 1] [--seed 1]
                                  [--peer hunalign=PATH] [--data DIR]

manuals     so many paragraphs in four languages at once: the manuals of DIR/corpora in even shares, damaged by
            DIR/eval/disturb.py, one after the other; again with another seed where they have fewer paragraphs
lines       4,000 × 4,900 sentences of the manuals, one a line, in order; every fifth or so lacks in the Chinese
paper       the versions in DIR/paper

Each run is `tetrapla align` in a process of its own, start and loading of words included: seconds by the clock and of
all processors (which say more on a busy machine), and MB (10⁶ bytes) of memory at its peak; the median of the runs. How
seconds grow, n^e, is told by least squares over the logarithms. F1 is a share 0..1 and should be high: see
`tetrapla.score`.

Of sentences only so much is known: those of two paragraphs that translate each other belong together. Where one of the
two is a single sentence that is a bead, and strict F1 is over such; `inside` is the share of linked lines whose bead
has lines of two such paragraphs only.

A peer gets the same sentences, cut into words and stemmed as ours are, and the lexicon of Tetrapla as its dictionary;
of manuals those of Chinese and English as Tetrapla cuts them, which go to the paragraphs that they are linked with.
DIR is `shared_root()` by default; what is not there is named on standard error and left out.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from draws import data_of, report, say

from tetrapla import languages, lexicon
from tetrapla.errors import InputError
from tetrapla.formats import read_documents
from tetrapla.formats.json import load_alignment
from tetrapla.model import Alignment, Bead, Segmented, Span
from tetrapla.score import Lines, load_beads, load_gold, score_alignment, score_beads
from tetrapla.segment import segment

PIVOT, OTHERS = "zh", ("en", "es", "fr")
LANGUAGES = (PIVOT, *OTHERS)
LEVEL = "paper"
SIZES = (2_500, 5_000, 10_000, 20_000)
ROWS, COLUMNS = 4_000, 4_900  # lines of the Chinese and of the English text
PEERS = ("hunalign",)
TETRAPLA = (sys.executable, "-m", "tetrapla", "align")
MB = 1_000_000

# Runs a command in a small process between, for a child counts the memory of what it was forked from as its own.
# Gives its exit code, its seconds by the clock and of processors, and its peak, which macOS has in bytes, Linux in kB.
MEASURE = """
import os, subprocess, sys, time
began = time.perf_counter()
with open(sys.argv[1], "wb") as out, open(sys.argv[2], "wb") as err:
    child = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    _, status, used = os.wait4(child.pid, 0)
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - began, used.ru_utime + used.ru_stime, peak)
"""


class Cost(NamedTuple):
    """What a run took: seconds by the clock and of all processors, and memory at its peak in bytes."""

    seconds: float
    work: float
    memory: float


@dataclass(frozen=True)
class Setting:
    """Where the texts lie, how many paragraphs are aligned, how often, and the programs of peers by name."""

    data: Path
    sizes: Sequence[int]
    repeat: int
    seed: int
    peers: dict[str, str]

    def manuals(self) -> list[Path]:
        """Return the folders of the manuals; say so where there are none."""
        pattern = self.data / "corpora" / "*" / "gold.json"
        found = sorted(path.parent for path in self.data.glob("corpora/*/gold.json"))
        if not found:
            say(f"there is no {pattern}; left out")
        return found


def measured(command: Sequence[str], output: Path, repeat: int) -> Cost:
    """Return what a command takes whose standard output goes to a file, the median of some runs.

    Raises:
        InputError: it fails; says with what.
    """
    costs = []
    errors = output.with_name(f"{output.name}.stderr")
    for _ in range(repeat):
        around = [sys.executable, "-S", "-c", MEASURE, str(output), str(errors), *command]
        ran = subprocess.run(around, capture_output=True, encoding="utf-8", check=False)
        if ran.returncode:
            raise InputError(f"{command[0]} could not be run: {ran.stderr.strip()[-200:]}")
        code, *figures = ran.stdout.split()
        if int(code):
            raise InputError(f"{' '.join(command)} failed ({code}): {errors.read_text('utf-8').strip()[-200:]}")
        costs.append(Cost(*map(float, figures)))
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def grown(costs: Sequence[tuple[int, Cost]]) -> str:
    """Return how what runs took grew with two sizes or more."""
    seconds, work = (exponent([(size, cost[k]) for size, cost in costs]) for k in (0, 1))
    return f"seconds grow like n^{seconds:.2f}, CPU seconds like n^{work:.2f}"


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return e where y grows like x^e, by least squares over the logarithms.

    >>> round(exponent([(10, 3), (100, 30), (1000, 300)]), 6)
    1.0
    """
    slope, _ = statistics.linear_regression(*zip(*((math.log(x), math.log(y)) for x, y in points), strict=True))
    return slope


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown, figures to the right."""
    lines = [columns, ["---", *["--:"] * (len(columns) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


COST = ("seconds", "CPU seconds", "MB")


def shown(cost: Cost) -> tuple[str, str, str]:
    return f"{cost.seconds:.1f}", f"{cost.work:.1f}", f"{cost.memory / MB:,.0f}"


# ---------------------------------------------------------------- manuals


def shares(counts: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """Return how many paragraphs each copy takes of each manual, so that every size is of the same mixture.

    >>> shares([200, 100], 150), shares([200, 100], 450)
    ([(100, 50)], [(150, 75), (150, 75)])
    """
    copies = -(-size // sum(counts))
    ends = [size * copy // copies for copy in range(copies + 1)]
    return [_portions(counts, b - a) for a, b in pairwise(ends)]


def _portions(counts: Sequence[int], size: int) -> tuple[int, ...]:
    ends = [round(size * sum(counts[:k]) / sum(counts)) for k in range(len(counts) + 1)]
    return tuple(b - a for a, b in pairwise(ends))


class Joined:
    """Damaged texts one after the other, with their gold: offsets moved, units told apart."""

    def __init__(self) -> None:
        self.texts = dict.fromkeys(LANGUAGES, "")
        self.units: dict[str, list[list[int]]] = {}
        self.segments: dict[str, list[list[Any]]] = {code: [] for code in OTHERS}

    def add(self, folder: Path, name: str) -> None:
        """Add the texts of a folder; `name` is that of no other one."""
        first = len(self.texts[PIVOT])
        for code in OTHERS:
            gold = load_gold(folder / f"{PIVOT}-{code}.alignment.json")
            units, segments = gold["pivot"]["units"], gold["other"]["segments"]
            for unit, spans in units.items():
                self.units[f"{name}/{unit}"] = [[start + first, end + first] for start, end in spans]
            at = len(self.texts[code])
            self.segments[code] += [
                [start + at, end + at, f"{name}/{unit}" if unit in units else unit] for start, end, unit in segments
            ]
        for code in LANGUAGES:
            # As it is: `read_text` would make line feeds of other ends of lines.
            self.texts[code] += (folder / f"{code}.txt").read_bytes().decode("utf-8")

    def gold(self, code: str) -> dict[str, Any]:
        """Return the gold of the pivot and a version, for `score_alignment`."""
        return {
            "pivot": {"language": PIVOT, "units": self.units},
            "other": {"language": code, "segments": self.segments[code]},
        }


def joined(setting: Setting, manuals: Sequence[Path], size: int) -> Joined:
    """Return that many paragraphs of manuals, damaged.

    Raises:
        InputError: the script that damages them fails.
    """
    script = setting.data / "eval" / "disturb.py"
    counts = [len(json.loads((manual / "gold.json").read_text("utf-8"))) for manual in manuals]
    whole = Joined()
    for copy, portions in enumerate(shares(counts, size)):
        for manual, count in zip(manuals, portions, strict=True):
            with tempfile.TemporaryDirectory() as folder:
                options = ("--count", str(count), "--seed", str(setting.seed + copy), "--level", LEVEL)
                command = [sys.executable, str(script), str(manual), folder, *options]
                ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
                if ran.returncode:
                    raise InputError(f"{script} failed on {manual.name}: {ran.stderr.strip()[-200:]}")
                whole.add(Path(folder), f"{copy}/{manual.name}")
    return whole


def manuals(setting: Setting) -> str:
    """Return what manuals of some sizes take and how well they are aligned."""
    found = setting.manuals()
    script = setting.data / "eval" / "disturb.py"
    if found and not script.exists():
        say(f"there is no {script}; left out")
    if not found or not script.exists():
        return ""
    rows: list[Sequence[object]] = []
    costs: dict[str, list[tuple[int, Cost]]] = defaultdict(list)
    for size in setting.sizes:
        whole = joined(setting, found, size)
        characters = sum(map(len, whole.texts.values()))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            paths = {code: folder / f"{code}.txt" for code in LANGUAGES}
            for code, text in whole.texts.items():
                paths[code].write_text(text, "utf-8", newline="")
            say(f"manuals: {size:,} paragraphs, {characters:,} characters")
            output = folder / "out.json"
            command = [*TETRAPLA, *map(str, paths.values()), "--pivot", PIVOT, "-o", str(output)]
            cost = measured(command, folder / "out.txt", setting.repeat)
            alignment = load_alignment(output)
            scores = (score_alignment(alignment, PIVOT, code, whole.gold(code)).f1 for code in OTHERS)
            rows.append((f"{size:,}", "tetrapla", f"{characters:,}", *shown(cost), *(f"{f1:.3f}" for f1 in scores)))
            costs["tetrapla"].append((size, cost))
            for peer, program in setting.peers.items():
                say(f"manuals: {peer}")
                source, target = (segment(doc) for doc in read_documents([paths[PIVOT], paths["en"]]))
                cost, beads = laddered(program, _sentences(source), _sentences(target), folder, setting.repeat)
                f1 = score_alignment(lifted(beads, source, target), PIVOT, "en", whole.gold("en")).f1
                size_of_both = f"{len(source.document.text) + len(target.document.text):,}"
                rows.append(
                    (f"{size:,}", f"{peer}, {PIVOT}–en alone", size_of_both, *shown(cost), f"{f1:.3f}", "–", "–")
                )
                costs[peer].append((size, cost))
    columns = ("paragraphs", "", "characters", *COST, *(f"F1 {PIVOT}–{code}" for code in OTHERS))
    grows = [f"{name}: {grown(of)}\n" for name, of in costs.items() if len(of) > 1]
    return "\n".join((table(columns, rows), *grows))


def _sentences(text: Segmented) -> list[tuple[str, str]]:
    """Return the sentences of a text, each with its language."""
    return [
        (text.document.language, " ".join(text.document[span] for span in sentence.spans))
        for sentences in text.sentences
        for sentence in sentences
    ]


def lifted(beads: Iterable[Lines], pivot: Segmented, other: Segmented) -> Alignment:
    """Return beads of sentences as an alignment of paragraphs, each with that which most of its pivot side is in."""
    paragraph = [k for k, own in enumerate(pivot.sentences) for _ in own]
    theirs = [sentence.spans for own in other.sentences for sentence in own]
    spans: dict[int, list[Span]] = defaultdict(list)
    for source, target in beads:
        if source:
            [(most, _)] = Counter(paragraph[i] for i in source).most_common(1)
            spans[most] += [span for j in target for span in theirs[j]]
    ids = pivot.document.id, other.document.id
    found = (
        Bead(own.id, own.kind, {ids[0]: own.spans, ids[1]: tuple(spans[k])}) for k, own in enumerate(pivot.paragraphs)
    )
    return Alignment(ids[0], (pivot.document, other.document), tuple(found))


# ---------------------------------------------------------------- lines


@dataclass(frozen=True)
class Couple:
    """The sentences of two paragraphs that translate each other; the first side is empty where its version lacks it."""

    source: Sequence[str]
    target: Sequence[str]


def couples(manuals: Sequence[Path], chance: random.Random) -> list[Couple]:
    """Return paragraphs of the manuals, in even shares and in order: 4,000 sentences of Chinese, 4,900 of English."""
    found = [list(_couples(manual)) for manual in manuals]
    have = sum(len(couple.target) for own in found for couple in own)
    # Somewhat more than is wanted, for what does not fit goes.
    part = min(1.0, COLUMNS * 1.02 / max(have, 1))
    taken: list[Couple] = []
    left = COLUMNS
    for couple in (couple for own in found for couple in own[: math.ceil(len(own) * part)]):
        if len(couple.target) <= left:
            taken.append(couple)
            left -= len(couple.target)
    over = sum(len(couple.source) for couple in taken) - ROWS
    for k in chance.sample(range(len(taken)), len(taken)):
        if 0 < len(taken[k].source) <= over:
            over -= len(taken[k].source)
            taken[k] = Couple((), taken[k].target)
    return taken


def _couples(manual: Path) -> Iterator[Couple]:
    texts = {code: (manual / f"{code}.txt").read_text("utf-8").rstrip("\n").split("\n\n") for code in (PIVOT, "en")}
    for bead in json.loads((manual / "gold.json").read_text("utf-8")):
        both = [" ".join(" ".join(texts[code][i] for i in bead[code]).split()) for code in (PIVOT, "en")]
        cut = [
            [text[span.start : span.end] for span in languages.get(code).sentences(text)]
            for code, text in zip((PIVOT, "en"), both, strict=True)
        ]
        if all(cut):
            yield Couple(cut[0], cut[1])


def known_beads(paragraphs: Sequence[Couple]) -> list[Lines]:
    """Return the beads of the paragraphs with a sentence at most on one side, and those that a version lacks."""
    beads: list[Lines] = []
    i = j = 0
    for couple in paragraphs:
        rows, columns = range(i, i + len(couple.source)), range(j, j + len(couple.target))
        if not rows:
            beads += [((), (column,)) for column in columns]
        elif len(rows) == 1 or len(columns) == 1:
            beads.append((tuple(rows), tuple(columns)))
        i, j = rows.stop, columns.stop
    return beads


def scored_lines(found: Sequence[Lines], paragraphs: Sequence[Couple]) -> tuple[float, float]:
    """Return strict F1 of the beads that gold knows of, and the share of linked lines whose bead stays inside."""
    gold = known_beads(paragraphs)
    known = {i for source, _ in gold for i in source}, {j for _, target in gold for j in target}
    told = [bead for bead in found if not known[0].isdisjoint(bead[0]) or not known[1].isdisjoint(bead[1])]
    rows = [k for k, couple in enumerate(paragraphs) for _ in couple.source]
    columns = [k for k, couple in enumerate(paragraphs) for _ in couple.target]
    linked = inside = 0
    for source, target in found:
        if source and target:
            linked += len(source) + len(target)
            if len({rows[i] for i in source} | {columns[j] for j in target}) == 1:
                inside += len(source) + len(target)
    return score_beads(told, gold).strict.f1, inside / linked if linked else 0.0


def lines(setting: Setting) -> str:
    """Return what a pair of texts of a sentence a line takes and how well it is aligned."""
    found = setting.manuals()
    if not found:
        return ""
    paragraphs = couples(found, random.Random(setting.seed))
    source = [sentence for couple in paragraphs for sentence in couple.source]
    target = [sentence for couple in paragraphs for sentence in couple.target]
    size = f"{len(source):,} × {len(target):,}"
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = {PIVOT: folder / f"{PIVOT}.txt", "en": folder / "en.txt"}
        for code, sentences in ((PIVOT, source), ("en", target)):
            paths[code].write_text("".join(f"{sentence}\n" for sentence in sentences), "utf-8", newline="")
        say(f"lines: {size}")
        output = folder / "out.beads"
        command = [*TETRAPLA, *map(str, paths.values()), "--sentences", "lines", "--format", "beads", "-o", str(output)]
        cost = measured(command, folder / "out.txt", setting.repeat)
        runs = [("tetrapla", cost, load_beads(output))]
        for peer, program in setting.peers.items():
            say(f"lines: {peer}")
            texts = [(PIVOT, sentence) for sentence in source], [("en", sentence) for sentence in target]
            runs.append((peer, *laddered(program, *texts, folder, setting.repeat)))
        for who, cost, beads in runs:
            rows.append((who, size, *shown(cost), *(f"{share:.3f}" for share in scored_lines(beads, paragraphs))))
    return table(("lines", "size", *COST, "strict F1", "inside"), rows)


# ---------------------------------------------------------------- paper


def paper(setting: Setting) -> str:
    """Return what the paper in four languages takes."""
    texts = [setting.data / "paper" / f"{code}.txt" for code in LANGUAGES]
    missing = [path for path in texts if not path.exists()]
    for path in missing:
        say(f"there is no {path}; left out")
    if missing:
        return ""
    characters = sum(len(path.read_text("utf-8")) for path in texts)
    say(f"paper: {characters:,} characters")
    with tempfile.TemporaryDirectory() as name:
        command = [*TETRAPLA, *map(str, texts), "-o", str(Path(name) / "out.json")]
        cost = measured(command, Path(name) / "out.txt", setting.repeat)
    return table(("paper", "characters", *COST), [("tetrapla", f"{characters:,}", *shown(cost))])


# ---------------------------------------------------------------- peers


def laddered(
    program: str, source: Sequence[tuple[str, str]], target: Sequence[tuple[str, str]], folder: Path, repeat: int
) -> tuple[Cost, list[Lines]]:
    """Return what hunalign takes for two lists of sentences, each with its language, and the beads that it finds.

    Raises:
        InputError: it fails, or what it writes is no ladder.
    """
    paths = [folder / name for name in ("peer.dic", "peer.source", "peer.target", "peer.ladder")]
    paths[0].write_text(dictionary(source[0][0], target[0][0]), "utf-8")
    for path, sentences in zip(paths[1:3], (source, target), strict=True):
        path.write_text("".join(f"{stems(text, code)}\n" for code, text in sentences), "utf-8")
    cost = measured([program, "-utf", *map(str, paths[:3])], paths[3], repeat)
    return cost, ladder_beads(paths[3].read_text("utf-8"))


def stems(text: str, language: str) -> str:
    """Return the stems of a sentence with blanks between; never nothing, for that would be no sentence."""
    return " ".join(word.stem for word in languages.get(language).words(text)) or "-"


def dictionary(source: str, target: str) -> str:
    """Return the lexicon as hunalign reads it, an entry a line: the words of the target first."""
    links = lexicon.load().links(source, target)
    return "".join(f"{_spaced(other)} @ {_spaced(unit)}\n" for unit, row in links.items() for other in row)


def _spaced(unit: lexicon.Unit) -> str:
    return unit if isinstance(unit, str) else " ".join(unit)


def ladder_beads(ladder: str) -> list[Lines]:
    """Return the beads between the rungs of a ladder; rungs are numbers of lines that stand above them.

    Raises:
        InputError: a line has no two whole numbers, or falls behind the one before.

    >>> ladder_beads("0\\t0\\t0.3\\n1\\t2\\t0.1\\n1\\t3\\t0.0\\n")
    [((0,), (0, 1)), ((), (2,))]
    """
    rungs = []
    for number, line in enumerate(ladder.splitlines(), start=1):
        places = line.split("\t")[:2]
        if len(places) < 2 or not all(place.isascii() and place.isdigit() for place in places):
            raise InputError(f"line {number} of what the peer wrote is no rung of a ladder: {line[:60]!r}")
        rungs.append((int(places[0]), int(places[1])))
    beads: list[Lines] = []
    for (i, j), (k, m) in pairwise(rungs):
        if k < i or m < j:
            raise InputError(f"the rung {k}, {m} of what the peer wrote stands below {i}, {j}")
        if (i, j) != (k, m):
            beads.append((tuple(range(i, k)), tuple(range(j, m))))
    return beads


SECTIONS: dict[str, Callable[[Setting], str]] = {"manuals": manuals, "lines": lines, "paper": paper}


def positive(value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value} is no number from 1 on")
    return number


def numbers(value: str) -> list[int]:
    return sorted({positive(part) for part in value.split(",")})


def named_program(value: str) -> tuple[str, str]:
    name, _, path = value.partition("=")
    if name not in PEERS or not path:
        raise argparse.ArgumentTypeError(f"{value} is no NAME=PATH with a name of {', '.join(PEERS)}")
    return name, path


def installed(peers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the programs of peers that are there, and say which are not."""
    found = {}
    for name, path in peers:
        program = shutil.which(path)
        if program is None:
            say(f"there is no program {path}; {name} is left out")
        else:
            found[name] = program
    return found


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", choices=SECTIONS, action="append", help="what to measure; repeatable (default: all)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the texts lie (default: TETRAPLA_SHARED)")
    parser.add_argument(
        "--sizes", type=numbers, default=list(SIZES), metavar="N,N", help="paragraphs of the manuals, in each language"
    )
    parser.add_argument("--repeat", type=positive, default=1, help="runs of which the median is given")
    parser.add_argument("--seed", type=int, default=1, help="which damage and gaps (default: %(default)s)")
    parser.add_argument(
        "--peer", type=named_program, action="append", default=[], metavar="hunalign=PATH", help="run a peer, too"
    )
    options = parser.parse_args(argv)
    data = data_of(options.data)
    if data is None:
        return 0
    setting = Setting(data, options.sizes, options.repeat, options.seed, installed(options.peer))
    return report(SECTIONS, options.only, setting)


if __name__ == "__main__":
    sys.exit(main())
