"""Measure how long cleaning takes and how much memory, from the shell, and print the figures as Markdown tables.

    python scripts/bench/clean.py [--only large|small] [--mb 20 | --mb 20,200] [--text mixed --text en ...]
                                  [--repeat 3] [--jobs 1] [--data DIR]

large   so many MB (10⁶ bytes of UTF-8) of the texts DIR/paper/XX.txt, the same one again and again, or all four in
        turn (`mixed`): `tetrapla clean FILE -o OUT`, and ftfy in the same run, line by line, its fixes of width and of
        quotes off
small   the English article of corpus/sample: how long one waits

Each run is a process of its own, start and loading of words included: seconds by the clock and of all processors (which
say more on a busy machine), MB a second by the clock, and MB of memory at its peak, that of the processes that it
starts added; the median of the runs, which take turns. What is repaired once is repaired again in every copy, and words
that were looked up once are known, so new text may take a little longer.

DIR is `shared_root()` by default; where it is missing, the sample stands in for the paper.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from draws import say
from quality import LANGUAGES, positive, table

from tetrapla.errors import InputError, TetraplaError
from tetrapla.resources import corpus_root, shared_root

MIXED = "mixed"
MB = 1_000_000

# Runs a command in a small process between, for a child counts the memory of what it was forked from as its own.
# Gives its exit code, its seconds by the clock and of processors, and its peak in bytes: the sum over the processes of
# what is theirs alone and their share of the rest, as Linux has it, looked at often; no less than what the system noted
# of one of them, which macOS has in bytes and Linux in kB.
MEASURE = """
import os, subprocess, sys, threading, time

def family(process):
    yield process
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children") as children:
            for child in children.read().split():
                yield from family(child)

def share(process):
    with open(f"/proc/{process}/smaps_rollup") as figures:
        return sum(int(line.split()[1]) * 1024 for line in figures if line.startswith("Pss:"))

def watch():
    global peak
    while not done.wait(0.05):
        try:
            peak = max(peak, sum(map(share, family(child.pid))))
        except (OSError, ValueError):  # it has just ended, or this is no Linux
            pass

peak, done = 0, threading.Event()
began = time.perf_counter()
with open(sys.argv[1], "wb") as err:
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err)
    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(child.pid, 0)
seconds = time.perf_counter() - began
done.set()
watcher.join()
most = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime, max(peak, most))
"""

FTFY = """
import sys, ftfy
config = ftfy.TextFixerConfig(fix_character_width=False, uncurl_quotes=False)
as_it_is = {"encoding": "utf-8", "newline": ""}
with open(sys.argv[1], **as_it_is) as source, open(sys.argv[2], "w", **as_it_is) as target:
    target.writelines(ftfy.fix_text(line, config) for line in source)
"""


class Cost(NamedTuple):
    """What a run took: seconds by the clock and of all processors, and memory at its peak in bytes."""

    seconds: float
    work: float
    memory: float


PROGRAMS = ("tetrapla", "ftfy")


def command(program: str, source: Path, target: Path, jobs: int = 1) -> list[str]:
    """Return how a program is called that reads one file and writes another."""
    if program == "ftfy":
        return [sys.executable, "-c", FTFY, str(source), str(target)]
    return [sys.executable, "-m", "tetrapla", "clean", str(source), "-o", str(target), "--jobs", str(jobs)]


def measured(program: str, source: Path, folder: Path, jobs: int = 1) -> Cost:
    """Return what one run of a program takes; files are left in the folder.

    Raises:
        InputError: it fails; says with what.
    """
    errors, target = folder / "stderr", folder / "out.txt"
    around = [sys.executable, "-S", "-c", MEASURE, str(errors), *command(program, source, target, jobs)]
    ran = subprocess.run(around, capture_output=True, encoding="utf-8", check=False)
    if ran.returncode:
        raise InputError(f"{program} could not be run: {ran.stderr.strip()[-200:]}")
    code, *figures = ran.stdout.split()
    if int(code):
        raise InputError(f"{program} failed ({code}): {errors.read_text('utf-8', 'replace').strip()[-200:]}")
    return Cost(*map(float, figures))


def medians(source: Path, folder: Path, repeat: int, jobs: int = 1) -> list[Cost]:
    """Return what each program takes, the median of runs in turn, so that a busy minute hits all of them."""
    rounds = [[measured(program, source, folder, jobs) for program in PROGRAMS] for _ in range(repeat)]
    return [Cost(*map(statistics.median, zip(*costs, strict=True))) for costs in zip(*rounds, strict=True)]


def sources(data: Path | None) -> dict[str, list[Path]]:
    """Return the files that large texts are made of, by the name of the text: the paper's, else the sample's."""
    folder = data / "paper" if data else corpus_root() / "sample"
    if not all((folder / f"{code}.txt").is_file() for code in LANGUAGES):
        say(f"there is no {folder / 'XX.txt'} in four languages; the sample stands in for it")
        folder = corpus_root() / "sample"
    paths = {code: [folder / f"{code}.txt"] for code in LANGUAGES}
    return {MIXED: [path for own in paths.values() for path in own], **paths}


def filled(paths: Sequence[Path], size: int) -> Iterator[bytes]:
    """Give texts, again and again, until they are so many bytes or a little more; the last one ends at a line's end."""
    contents = [path.read_bytes().rstrip() + b"\n\n" for path in paths]
    for content in itertools.cycle(contents):
        if size < len(content):
            yield content[: content.find(b"\n", max(size - 1, 0)) + 1]
            return
        yield content
        size -= len(content)


def large(data: Path | None, texts: Sequence[str], sizes: Sequence[float], repeat: int, jobs: int) -> str:
    """Return how fast large texts are cleaned, and in how much memory."""
    known = sources(data)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for text in texts:
            for size in sizes:
                say(f"{text}, {size:g} MB")
                source = folder / "text.txt"
                with source.open("wb") as file:
                    file.writelines(filled(known[text], int(size * MB)))
                written = source.stat().st_size / MB
                for program, cost in zip(PROGRAMS, medians(source, folder, repeat, jobs), strict=True):
                    figures = (f"{cost.seconds:.1f}", f"{cost.work:.1f}", f"{written / cost.seconds:.2f}")
                    rows.append((f"{text}, {program}", f"{written:,.1f}", *figures, f"{cost.memory / MB:,.0f}"))
    return table(("text, program", "MB", "seconds", "CPU seconds", "MB a second", "MB of memory"), rows)


def small(repeat: int) -> str:
    """Return how long a small text takes."""
    source = corpus_root() / "sample" / "en.txt"
    say(f"small: {source.name}")
    with tempfile.TemporaryDirectory() as name:
        costs = medians(source, Path(name), repeat)
    size = f"{source.stat().st_size:,}"
    rows = [
        (program, size, f"{c.seconds:.2f}", f"{c.work:.2f}", f"{c.memory / MB:,.0f}")
        for program, c in zip(PROGRAMS, costs, strict=True)
    ]
    return table(("small text", "bytes", "seconds", "CPU seconds", "MB of memory"), rows)


def megabytes(value: str) -> list[float]:
    sizes = [float(size) for size in value.split(",")]
    if not all(0 < size < 10_000 for size in sizes):
        raise argparse.ArgumentTypeError(f"{value} are no sizes in MB")
    return sizes


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", choices=("large", "small"), action="append", help="what to measure (default: both)")
    parser.add_argument("--mb", type=megabytes, default=[20.0], metavar="MB,MB", help="sizes (default: 20)")
    parser.add_argument(
        "--text", choices=(MIXED, *LANGUAGES), action="append", help="made of what; repeatable (default: mixed)"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the texts lie (default: TETRAPLA_SHARED)")
    parser.add_argument("--repeat", type=positive, default=3, help="runs, of which the median (default: %(default)s)")
    parser.add_argument("--jobs", type=positive, default=1, help="processes of ours (default: %(default)s)")
    options = parser.parse_args(argv)
    chosen = options.only or ("large", "small")
    data = options.data or shared_root()
    try:
        if "large" in chosen:
            print(
                f"## large\n\n{large(data, options.text or [MIXED], options.mb, options.repeat, options.jobs)}",
                flush=True,
            )
        if "small" in chosen:
            print(f"## small\n\n{small(options.repeat)}", flush=True)
    except TetraplaError as e:
        say(str(e))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
