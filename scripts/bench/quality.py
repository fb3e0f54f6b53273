"""Measure how good alignment is, and print the figures as Markdown tables.

    python scripts/bench/quality.py [--only paper|manuals|gaps|strangers|lines] [--draws 6] [--seed 1] [--jobs 1]
                                    [--data DIR]

paper       the versions in DIR/paper, with gold DIR/eval/gold/*.alignment.json
manuals     stretches of the manuals of DIR/corpora, drawn by the seed and damaged at four levels by DIR/eval/disturb.py
gaps        stretches of DIR/corpora/*/gaps, manuals in which each version lacks other paragraphs, not damaged
strangers   texts that are no versions of each other: DIR/paper/companion.zh.txt and the paper; two different manuals
lines       texts of one sentence a line, DIR/eval/*/XX.txt and YY.txt, with gold DIR/eval/*/gold.XX-YY

F1 and reject are shares 0..1 and should be high, the calibration error and what is linked between strangers low: see
`tetrapla.score`. A cell has the mean over the draws (and over the pairs, for what stands once for all of them) and,
behind it, the worst. DIR is `shared_root()` by default; what is not there is named on standard error and left out. This
measures alignment alone, over many draws, to compare ways to align; scripts/measure.py measures the whole job, for the
README.
"""

from __future__ import annotations

import argparse
import itertools
import re
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from draws import Stretch, Texts, damaged, data_of, report, say, there

from tetrapla.align.lines import align_lines
from tetrapla.formats import read_documents
from tetrapla.model import Alignment
from tetrapla.pipeline import align_files
from tetrapla.score import (
    AlignmentScore,
    Calibration,
    LineScores,
    calibration,
    load_beads,
    load_gold,
    pair_of,
    score_alignment,
    score_beads,
    unrelated,
)

PIVOT, OTHERS = "zh", ("en", "es", "fr")
LANGUAGES = (PIVOT, *OTHERS)
PAIRS = tuple(itertools.combinations(LANGUAGES, 2))
LEVELS = ("clean", "light", "paper", "heavy")
COUNT, GAP_COUNT = 120, 300  # paragraphs of a stretch
LINES = re.compile(r"gold\.([a-z]{2,3})-([a-z]{2,3})")

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Measured:
    """How good the links of two versions are; `scale` is None where scores are of links to a third one."""

    pair: tuple[str, str]
    score: AlignmentScore
    scale: Calibration | None


@dataclass(frozen=True)
class Setting(Texts):
    """Where the texts lie, how many stretches are drawn of each manual, and how many processes work."""

    jobs: int

    def each(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        """Return what the work gives for each task, in their order."""
        if self.jobs == 1:
            return list(map(work, tasks))
        with ProcessPoolExecutor(self.jobs) as pool:
            return list(pool.map(work, tasks))


def aligned(first: Path, *others: tuple[str, Path]) -> Alignment:
    """Return the alignment of a Chinese text, which is the pivot, with others by their languages."""
    languages = {str(first): PIVOT} | {str(path): code for code, path in others}
    return align_files([first, *(path for _, path in others)], languages=languages, pivot=PIVOT).alignment


def measured(alignment: Alignment, pair: tuple[str, str], gold: dict[str, Any]) -> Measured:
    scale = calibration(alignment, *pair, gold) if alignment.pivot == pair[0] else None
    return Measured(pair, score_alignment(alignment, *pair, gold), scale)


def spread(values: Iterable[float], worst: Callable[[list[float]], float]) -> str:
    """Return the mean of some figures and, if they are several, the worst of them."""
    known = list(values)
    if not known:
        return "–"
    return f"{statistics.fmean(known):.3f}" + (f" ({worst(known):.3f})" if len(known) > 1 else "")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown, figures to the right."""
    lines = [columns, ["---", *["--:"] * (len(columns) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


# ---------------------------------------------------------------- versions of each other


def paper(setting: Setting) -> str:
    """Return the scores of the paper, all its versions aligned at once, for each pair that has gold."""
    golds = setting.found("eval/gold", "*.alignment.json")
    texts = {code: setting.data / "paper" / f"{code}.txt" for code in LANGUAGES}
    if not golds or not there(texts.values()):
        return ""
    say("paper")
    alignment = aligned(texts[PIVOT], *((code, texts[code]) for code in OTHERS))
    rows = []
    for path in golds:
        gold = load_gold(path)
        found = measured(alignment, pair_of(alignment, gold), gold)
        score, scale = found.score, found.scale
        figures = (score.f1, score.precision, score.recall)
        reject = f"{score.reject:.3f}" if score.rejectable else "–"
        told = (f"{scale.error:.3f}", f"{scale.linked:.3f}") if scale else ("–", "–")
        rows.append(("–".join(found.pair), *(f"{figure:.4f}" for figure in figures), reject, *told))
    return table(("paper", "F1", "precision", "recall", "reject", "calibration error", "linked"), rows)


def stretch_measured(stretch: Stretch) -> list[Measured]:
    """Return the scores of all six pairs of versions of a stretch, aligned at once."""
    say(str(stretch))
    with damaged(stretch) as folder:
        alignment = aligned(folder / f"{PIVOT}.txt", *((code, folder / f"{code}.txt") for code in OTHERS))
        golds = {pair: load_gold(folder / f"{'-'.join(pair)}.alignment.json") for pair in PAIRS}
        return [measured(alignment, pair, gold) for pair, gold in golds.items()]


def figures(found: Sequence[Measured]) -> list[str]:
    """Return F1 of each pair, then reject of the pairs with the pivot and of the others, and the calibration error."""
    lacking = [one for one in found if one.score.rejectable]
    return [
        *(spread((one.score.f1 for one in found if one.pair == pair), min) for pair in PAIRS),
        *(spread((m.score.reject for m in lacking if (PIVOT in m.pair) is pivot), min) for pivot in (True, False)),
        spread((one.scale.error for one in found if one.scale), max),
    ]


FIGURES = (*(f"F1 {'–'.join(pair)}" for pair in PAIRS), f"reject, {PIVOT}–", "reject, others", "calibration error")


def manuals(setting: Setting) -> str:
    """Return the scores of each manual at each level of damage, and of all of them together."""
    tasks = [
        replace(stretch, level=level)
        for manual in setting.manuals("*/gold.json")
        for stretch in setting.stretches(manual, COUNT)
        for level in LEVELS
    ]
    found = list(zip(tasks, setting.each(stretch_measured, tasks), strict=True))
    names = list(dict.fromkeys(task.manual.name for task in tasks))
    rows = []
    for name, level in itertools.product([*names, "all"] if names else [], LEVELS):
        chosen = [one for task, ms in found for one in ms if task.level == level and name in (task.manual.name, "all")]
        rows.append((f"{name}, {level}", *figures(chosen)))
    return table(("manual, damage", *FIGURES), rows) if rows else ""


def gaps(setting: Setting) -> str:
    """Return the scores of manuals in which each version lacks other paragraphs."""
    folders = setting.manuals("*/gaps/gold.json")
    rows = []
    for folder in folders:
        found = setting.each(stretch_measured, setting.stretches(folder, GAP_COUNT))
        rows.append((folder.parent.name, *figures([one for ms in found for one in ms])))
    return table(("manual with gaps", *FIGURES), rows) if rows else ""


# ---------------------------------------------------------------- no versions of each other


def mistaken(first: Path, code: str, second: Path) -> Calibration:
    """Return how far a Chinese text is linked with one that it is no version of."""
    alignment = aligned(first, (code, second))
    pivot, other = alignment.documents
    return calibration(alignment, pivot.id, other.id, unrelated(len(other.text)))


def manuals_mistaken(pair: tuple[Stretch, Stretch]) -> dict[str, Calibration]:
    """Return how far the Chinese of one stretch is linked with the other languages of another, by language."""
    say(f"{pair[0]}, against {pair[1]}")
    with damaged(pair[0]) as one, damaged(pair[1]) as other:
        return {code: mistaken(one / f"{PIVOT}.txt", code, other / f"{code}.txt") for code in OTHERS}


def strangers(setting: Setting) -> str:
    """Return how much is linked between texts that are no versions of each other."""
    rows: list[Sequence[object]] = []
    companion = setting.data / "paper" / "companion.zh.txt"
    for code in LANGUAGES:
        text = setting.data / "paper" / f"{code}.txt"
        if there([companion, text]):
            say(f"the companion against {code}")
            rows.append((f"companion–paper {code}", *mistakes([mistaken(companion, code, text)])))
    folders = setting.manuals("*/gold.json")
    if len(folders) == 1:
        say("one manual alone has no stranger; left out")
    drawn = (map(setting.stretches, two, (COUNT, COUNT)) for two in itertools.combinations(folders, 2))
    tasks = [pair for one, other in drawn for pair in zip(one, other, strict=True)]
    found = setting.each(manuals_mistaken, tasks)
    for code in OTHERS if found else ():
        rows.append((f"two manuals, {PIVOT}–{code}", *mistakes([scales[code] for scales in found])))
    columns = ("strangers", "linked above 0.5", "linked at all", "calibration error")
    return table(columns, rows) if rows else ""


def mistakes(found: Sequence[Calibration]) -> tuple[str, ...]:
    """Return which shares of the characters are linked by mistake, and the error of the scores of those links."""
    shares = ((scale.linked, sum(b.characters for b in scale.bins) / scale.characters, scale.error) for scale in found)
    return tuple(spread(column, max) for column in zip(*shares, strict=True))


# ---------------------------------------------------------------- sentences


def line_set(gold: Path) -> LineScores | None:
    """Return the scores of a set with a sentence a line, None where it is no set or lacks its texts."""
    name = LINES.fullmatch(gold.name)
    codes = name.groups() if name else ()
    texts = {str(gold.parent / f"{code}.txt"): code for code in codes}
    if not texts or not there(map(Path, texts)):
        return None
    say(f"lines: {gold.parent.name}")
    source, target = read_documents(list(texts), texts)
    return score_beads([(bead.source, bead.target) for bead in align_lines(source, target)], load_beads(gold))


def lines(setting: Setting) -> str:
    """Return the scores of sentence beads."""
    golds = setting.found("eval", "*/gold.*-*")
    rows = []
    for gold, scores in zip(golds, setting.each(line_set, golds), strict=True):
        if scores is not None:
            both = (f"{share:.4f}" for s in (scores.strict, scores.lax) for share in (s.f1, s.precision, s.recall))
            rows.append((gold.parent.name, *both))
    names = [f"{how} {what}" for how in ("strict", "lax") for what in ("F1", "precision", "recall")]
    return table(("sentences", *names), rows) if rows else ""


SECTIONS: dict[str, Callable[[Setting], str]] = {
    "paper": paper,
    "manuals": manuals,
    "gaps": gaps,
    "strangers": strangers,
    "lines": lines,
}


def positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value} is not 1 or more")
    return number


def parser_of(doc: str | None, sections: Iterable[str]) -> argparse.ArgumentParser:
    """Return a parser of the options that all measurements on draws have, `Setting` and the sections."""
    parser = argparse.ArgumentParser(description=(doc or "").split("\n")[0])
    parser.add_argument("--only", choices=sections, action="append", help="what to measure; repeatable (default: all)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the texts lie (default: TETRAPLA_SHARED)")
    parser.add_argument("--draws", type=positive, default=6, help="stretches of each manual (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which stretches and damage (default: %(default)s)")
    parser.add_argument("--jobs", type=positive, default=1, help="processes (default: %(default)s)")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    options = parser_of(__doc__, SECTIONS).parse_args(argv)
    data = data_of(options.data)
    if data is None:
        return 0
    setting = Setting(data, options.draws, options.seed, options.jobs)
    return report(SECTIONS, options.only, setting)


if __name__ == "__main__":
    sys.exit(main())
