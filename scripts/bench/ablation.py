"""Measure what each step of the aligner is worth: leave it out, align again, and print the changes as a table.

    python scripts/bench/ablation.py [--only STEP ...] [--together] [--draws 3] [--seed 1] [--jobs 1] [--data DIR]
    python scripts/bench/ablation.py --steps

paper        F1 of the versions in DIR/paper, with gold DIR/eval/gold/*.alignment.json
light, heavy F1, the mean of all six pairs, of stretches of the manuals of DIR/corpora, drawn by the seed and damaged at
             that level by DIR/eval/disturb.py
gaps         F1, and reject, of stretches of DIR/corpora/*/gaps, in which each version lacks other paragraphs
calibration  expected calibration error of the scores in light, heavy and gaps; low is good
strangers    what is linked above 0.5 between texts that are no versions of each other; low is good
lines        strict F1 of texts of one sentence a line, DIR/eval/*/XX.txt and YY.txt, with gold DIR/eval/*/gold.XX-YY

See `tetrapla.score` for the figures; here they are in points, hundredths. The first row is the whole aligner, every
other one how the figures change without a step: the mean over the texts and its standard error, each text measured with
and without, so that nothing else differs. In bold is what is more than chance, by that error (in 95 cases of 100), or
half a point where there is only one text. The last columns say how long the rest takes, and whether it aligns worse. A
step without which nothing is worse does not earn its place, unless it stands in for another: with `--together` the
steps named are left out all at once, too.

Where a step has no setting of its own it is left out by replacing a name of the library (`STEPS`): so nothing stands in
the aligner only to be switched off. The weights of confidence are not fitted anew; scripts/bench/confidence.py does.
`--steps` lists the names of the steps. DIR is `shared_root()` by default; what is not there is named on standard error
and left out.
"""

from __future__ import annotations

import argparse
import itertools
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from draws import Stretch, Texts, damaged, data_of, say, there

from tetrapla import align as package
from tetrapla import lexicon, pipeline, segment
from tetrapla.align import confidence, coverage, learn, lift, links, order, parts, tokens
from tetrapla.align.backends import coverage as backend
from tetrapla.align.backends.coverage import Settings
from tetrapla.align.lines import align_lines
from tetrapla.errors import TetraplaError
from tetrapla.formats import read_documents
from tetrapla.glossary import load as load_glossary
from tetrapla.lexicon import Lexicon
from tetrapla.model import Alignment, Document
from tetrapla.score import calibration, load_beads, load_gold, pair_of, score_alignment, score_beads, unrelated

PIVOT, OTHERS = "zh", ("en", "es", "fr")
LANGUAGES = (PIVOT, *OTHERS)
PAIRS = tuple(itertools.combinations(LANGUAGES, 2))
LEVELS = ("light", "heavy")
COUNT, GAP_COUNT = 120, 300  # paragraphs of a stretch
LINES = re.compile(r"gold\.([a-z]{2,3})-([a-z]{2,3})")

WHOLE, TIME = "whole", "time"
WARM = (WHOLE,)  # what comes first loads what all others find loaded, and its time does not count
LOW = {"calibration", "strangers"}  # columns in which less is better
COLUMNS = ("paper", *LEVELS, "gaps", "gaps reject", "calibration", "strangers", "lines")
# A change is one if it exceeds so many of its standard errors: Student's t for 95 in a hundred, by the number of texts.
CLEAR = {2: 12.7, 3: 4.3, 4: 3.2, 5: 2.8, 6: 2.6, 7: 2.4, 8: 2.4, 9: 2.3}
MANY = 2.2  # for more texts
ALONE = 0.5  # points, where one text has no spread

Patch = tuple[object, str, object]  # a module, a name in it, and what stands there instead
Figures = dict[str, float]  # a figure, or seconds, by column
Results = Mapping[str, Figures]  # by step; of one text

# ---------------------------------------------------------------- the steps


@dataclass(frozen=True)
class Step:
    """How to do without a step of the chain: names to replace, settings of either aligner to change.

    `anew` where texts must be read into paragraphs anew for it.
    """

    patches: Sequence[Patch] = ()
    changes: Sequence[Callable[[Settings], Settings]] = ()
    anew: bool = False

    @contextmanager
    def left_out(self) -> Iterator[None]:
        """Do without the step for a while."""
        find = backend.find

        def found(groups: Any, settings: Settings, *others: Any) -> Any:
            for change in self.changes:
                settings = change(settings)
            return find(groups, settings, *others)

        with ExitStack() as stack:
            for target, name, value in (*self.patches, (backend, "find", found)):
                stack.enter_context(patch.object(target, name, value))
            yield


def together(steps: Iterable[Step]) -> Step:
    """Return several steps as one."""
    all_of = list(steps)
    patches = tuple(itertools.chain.from_iterable(step.patches for step in all_of))
    changes = tuple(itertools.chain.from_iterable(step.changes for step in all_of))
    return Step(patches, changes, any(step.anew for step in all_of))


def without(*patches: Patch) -> Step:
    return Step(patches)


def changed(change: Callable[[Settings], Settings]) -> Step:
    return Step(changes=(change,))


def settings(**values: Any) -> Step:
    return changed(lambda known: replace(known, **values))


def prices(**values: Any) -> Step:
    return changed(lambda known: replace(known, prices=replace(known.prices, **values)))


def smaller(most: int) -> Step:
    """Return the step of merging more than so many sentences."""

    def change(known: Settings) -> Settings:
        sizes = tuple(size for size in known.prices.sizes if sum(size) <= most)
        return replace(known, prices=replace(known.prices, sizes=sizes))

    return changed(change)


@cache
def every(step: int) -> Lexicon:
    """Return the lexicon that comes with Tetrapla, of its rows only every so many."""
    tables = []
    for table in WORDS().tables:
        columns = {code: rows[::step] for code, rows in table.columns.items()}
        tables.append(replace(table, columns=columns, weights=table.weights and table.weights[::step]))
    return Lexicon(tables)


def nothing(*_: object) -> None:
    """Do nothing, in place of what would add something."""


def flat(table: coverage.Matrix) -> coverage.Matrix:
    return np.zeros_like(table)


def equal(count: int, frequency: coverage.Matrix) -> coverage.Matrix:
    return np.ones_like(frequency)


def each_alone(found: Sequence[object], *_: object) -> list[Any]:
    return [(k, k) for k in range(len(found))]


def ungrouped(found: Sequence[object], *_: object) -> list[list[int]]:
    return [[k] for k in range(len(found))]


def untorn(blocks: Sequence[Any], kinds: Sequence[Any], _: object) -> list[Any]:
    return [([block], kind) for block, kind in zip(blocks, kinds, strict=True)]


WORDS = lexicon.load
NEVER = re.compile(r"(?!)")  # matches nothing
# As sure of every place as links are on average.
ANYWHERE = np.where(np.array(confidence.RIGHT) == "one", 3.0, 0.0)

STEPS: dict[str, Step] = {
    # What links words before anything is aligned.
    "lexicon": settings(lexicon=False),
    "three quarters of the lexicon": without((lexicon, "load", lambda: every(4))),
    "half of the lexicon": without((lexicon, "load", lambda: every(2))),
    "translations of several words": without((links, "WORDS", 0.0)),
    "parts of unknown Chinese words": without((links, "_parts", lambda *_: [])),
    "Chinese words that hold a translation": without((links, "_compounds", lambda _: {})),
    "glossary": Step([(pipeline, "match", lambda *_: [])], anew=True),
    "cognates": without((links, "_add_cognates", nothing)),
    "pinyin": without((links, "_add_pinyin", nothing)),
    "numbers": without((tokens, "numbers_in", lambda _: [])),
    "numbers in Chinese characters": without((tokens, "HAN_NUMBER", NEVER)),
    "scales of numbers": without((tokens, "SCALE", NEVER)),
    "citations": without((tokens, "CITATION", NEVER)),
    "notes": without((tokens, "NOTE", NEVER)),
    "figures": without((tokens, "FIGURE", NEVER)),
    "sections": without((tokens, "SECTION", NEVER)),
    # How much two passages cover of each other.
    "weight of rare words": without((coverage, "_idf", equal)),
    "background": without((order, "background_of", flat), (backend, "background_of", flat)),
    "length": prices(length=0.0),
    "floor": prices(floor=0.0),
    "references kept apart": settings(strange=0.0),
    # What the texts themselves teach, and each other.
    "learning": settings(rounds=0),
    "the second round of learning": settings(rounds=1),
    "leaving function words unlearnt": without((learn, "USUAL", 1.0)),
    "votes": settings(vote=0.0),
    # The order.
    "drift": settings(drift=0.0),
    "near jumps": prices(near=np.inf),
    "far jumps": prices(jump=np.inf),
    "all jumps": prices(near=np.inf, jump=np.inf),
    "merges": smaller(2),
    "merges of four sentences or more": smaller(3),
    "merges of five sentences or more": smaller(4),
    "short documents left whole": without((parts, "LARGE", 1), (parts, "SIZE", 100)),
    # Sentences and paragraphs.
    "cuts at semicolons": without((tokens, "SEMICOLON", NEVER)),
    "cuts at early line breaks": without((tokens, "_early_breaks", lambda _: [])),
    "furniture set apart": Step([(pipeline, "SURE", 2.0)], anew=True),
    "torn paragraphs joined": Step([(segment, "join_torn", untorn)], anew=True),
    "sentences cut at borders of the pivot": without((package, "with_borders", lambda *given: given)),
    "torn pieces of the pivot joined": without((package, "torn_pieces", lambda *_: {})),
    "filling": without((lift, "FILL", 0)),
    "filled in at a discount": without((lift, "FILLED", 1.0)),
    "links among the others": without((lift, "_joined", ungrouped)),
    # Which links are none.
    "least probability": settings(least=0.0),
    "outliers dropped": settings(outlier=np.inf),
    "doubtful links kept beside sound ones": without((backend, "_together", each_alone)),
    "whether the texts are related": settings(related=True),
    "whether the place is right": without((confidence, "RIGHT_WEIGHTS", ANYWHERE)),
}


JOIN = " + "


def step_of(name: str) -> Step:
    """Return the step of a name, or of several with ` + ` between them; none for the whole aligner."""
    return together(STEPS[one] for one in name.split(JOIN) if one != WHOLE)


def ablated(
    names: Sequence[str], documents: Sequence[Document], figures: Callable[[Alignment], Figures]
) -> dict[str, Figures]:
    """Return the figures of versions, the first of them the pivot: of the whole aligner, and without each step."""
    glossary = load_glossary()
    prepared = pipeline.prepare(documents, glossary)
    found = {}
    for name in (*WARM, WHOLE, *names):
        step = step_of(name)
        with step.left_out():
            versions, mentions = pipeline.prepare(documents, glossary) if step.anew else prepared
            began = time.process_time()
            alignment = package.align(tuple(versions.values()), pivot=documents[0].id, mentions=mentions)
            seconds = time.process_time() - began
        found[name] = {**figures(alignment), TIME: seconds}
    return found


# ---------------------------------------------------------------- the texts


def versions(folder: Path) -> list[Document]:
    """Return the versions in a folder, the pivot first."""
    texts = of_language(folder, LANGUAGES)
    return read_documents(list(texts), texts)


def of_language(folder: Path, codes: Iterable[str]) -> dict[str, str]:
    """Return the paths of versions in a folder, with their languages."""
    return {str(folder / f"{code}.txt"): code for code in codes}


def paper(folder: Path, golds: Sequence[Path], names: Sequence[str]) -> dict[str, Figures]:
    """Return the figures of the paper, the mean of what has gold."""
    say("paper")
    loaded = [load_gold(path) for path in golds]

    def figures(alignment: Alignment) -> Figures:
        scores = [score_alignment(alignment, *pair_of(alignment, gold), gold) for gold in loaded]
        return {"paper": statistics.fmean(score.f1 for score in scores)}

    return ablated(names, versions(folder), figures)


def manual(stretch: Stretch, column: str, names: Sequence[str]) -> dict[str, Figures]:
    """Return the figures of a stretch, the mean of all six pairs of versions, aligned at once."""
    say(str(stretch))
    with damaged(stretch) as folder:
        golds = {pair: load_gold(folder / f"{'-'.join(pair)}.alignment.json") for pair in PAIRS}

        def figures(alignment: Alignment) -> Figures:
            scores = [score_alignment(alignment, *pair, gold) for pair, gold in golds.items()]
            scales = [calibration(alignment, *pair, gold) for pair, gold in golds.items() if pair[0] == PIVOT]
            found = {
                column: statistics.fmean(score.f1 for score in scores),
                "calibration": statistics.fmean(scale.error for scale in scales),
            }
            if column == "gaps":
                found["gaps reject"] = statistics.fmean(score.reject for score in scores)
            return found

        return ablated(names, versions(folder), figures)


def strangers(first: Path, second: Path, code: str, names: Sequence[str]) -> dict[str, Figures]:
    """Return how much of a Chinese text is linked with one that it is no version of."""
    documents = read_documents([first, second], {str(first): PIVOT, str(second): code})

    def figures(alignment: Alignment) -> Figures:
        pivot, other = alignment.documents
        return {"strangers": calibration(alignment, pivot.id, other.id, unrelated(len(other.text))).linked}

    return ablated(names, documents, figures)


def companion(folder: Path, code: str, names: Sequence[str]) -> dict[str, Figures]:
    say(f"the companion against {code}")
    return strangers(folder / "companion.zh.txt", folder / f"{code}.txt", code, names)


def two_manuals(one: Stretch, other: Stretch, names: Sequence[str]) -> dict[str, Figures]:
    """Return how much of the Chinese of one stretch is linked with another in other languages, on average."""
    say(f"{one}, against {other}")
    with damaged(one) as first, damaged(other) as second:
        found = [strangers(first / f"{PIVOT}.txt", second / f"{code}.txt", code, names) for code in OTHERS]
    return {
        name: {column: statistics.fmean(result[name][column] for result in found) for column in figures}
        for name, figures in found[0].items()
    }


def lines(gold: Path, codes: Sequence[str], names: Sequence[str]) -> dict[str, Figures]:
    """Return the figures of a set with a sentence a line."""
    say(f"lines: {gold.parent.name}")
    texts = of_language(gold.parent, codes)
    source, target = read_documents(list(texts), texts)
    beads = load_beads(gold)
    found = {}
    for name in (*WARM, WHOLE, *names):
        with step_of(name).left_out():
            began = time.process_time()
            aligned = align_lines(source, target)
            seconds = time.process_time() - began
        scores = score_beads([(bead.source, bead.target) for bead in aligned], beads)
        found[name] = {"lines": scores.strict.f1, TIME: seconds}
    return found


Task = Callable[[Sequence[str]], dict[str, Figures]]


def tasks_of(setting: Texts) -> Iterator[Task]:
    """Give what there is to measure on, each a function of the steps to leave out."""
    golds = setting.found("eval/gold", "*.alignment.json")
    folder = setting.data / "paper"
    texts = [folder / f"{code}.txt" for code in LANGUAGES]
    if there(texts):
        if golds:
            yield partial(paper, folder, golds)
        if there([folder / "companion.zh.txt"]):
            yield from (partial(companion, folder, code) for code in LANGUAGES)
    whole = setting.manuals("*/gold.json")
    for draw in (draw for path in whole for draw in setting.stretches(path, COUNT)):
        yield from (partial(manual, replace(draw, level=level), level) for level in LEVELS)
    for path in setting.manuals("*/gaps/gold.json"):
        yield from (partial(manual, draw, "gaps") for draw in setting.stretches(path, GAP_COUNT))
    for one, other in itertools.combinations(whole, 2):
        drawn = zip(setting.stretches(one, COUNT), setting.stretches(other, COUNT), strict=True)
        yield from (partial(two_manuals, *two) for two in drawn)
    for gold in setting.found("eval", "*/gold.*-*"):
        name = LINES.fullmatch(gold.name)
        if name and there(gold.parent / f"{code}.txt" for code in name.groups()):
            yield partial(lines, gold, name.groups())


def measured(setting: Texts, names: Sequence[str], jobs: int) -> list[Results]:
    """Return the figures of every text, of the whole aligner and without each of the steps."""
    tasks = list(tasks_of(setting))
    if jobs == 1:
        return [task(names) for task in tasks]
    with ProcessPoolExecutor(jobs) as pool:
        return [future.result() for future in [pool.submit(task, names) for task in tasks]]


# ---------------------------------------------------------------- the table


@dataclass(frozen=True)
class Change:
    """What a column changes by without a step, in points: the mean over the texts and its standard error.

    The error is None where there is one text only.
    """

    mean: float
    error: float | None
    texts: int

    @property
    def clear(self) -> bool:
        """Whether it is more than chance."""
        if self.error is None:
            return abs(self.mean) >= ALONE
        return abs(self.mean) > CLEAR.get(self.texts, MANY) * self.error

    def __str__(self) -> str:
        if not self.mean and not self.error:
            return "·"  # nothing at all
        text = f"{self.mean:+.2f}" + ("" if self.error is None else f" ± {self.error:.2f}")
        return f"**{text}**" if self.clear else text


def change_of(results: Sequence[Results], name: str, column: str) -> Change:
    """Return what a column changes by without a step, on the texts that have the column."""
    points = [100 * (found[name][column] - found[WHOLE][column]) for found in results if column in found[WHOLE]]
    error = statistics.stdev(points) / len(points) ** 0.5 if len(points) > 1 else None
    return Change(statistics.fmean(points), error, len(points))


def verdict(changes: Mapping[str, Change]) -> str:
    """Return what becomes of alignment without a step, by the changes that are more than chance."""
    clear = {(change.mean < 0) != (column in LOW) for column, change in changes.items() if change.clear}
    return {(): "same", (True,): "worse", (False,): "better"}.get(tuple(clear), "both")


def table_of(results: Sequence[Results], names: Sequence[str]) -> str:
    """Return a table in Markdown: the whole aligner, and how the figures change without each step."""
    known = [column for column in COLUMNS if any(column in found[WHOLE] for found in results)]
    sums: dict[str, float] = defaultdict(float)
    for found in results:
        for name, figures in found.items():
            sums[name] += figures[TIME]
    whole = [
        f"{100 * statistics.fmean(f[WHOLE][column] for f in results if column in f[WHOLE]):.2f}" for column in known
    ]
    rows = [[WHOLE, *whole, f"{sums[WHOLE]:.1f} s", ""]]
    for name in names:
        changes = {column: change_of(results, name, column) for column in known}
        slower = sums[name] / max(sums[WHOLE], 1e-9) - 1
        rows.append([name, *map(str, changes.values()), f"{slower:+.0%}", verdict(changes)])
    marks = [f"{column} (low)" if column in LOW else column for column in known]
    head = [["without", *marks, TIME, "it is"], ["---", *["--:"] * (len(known) + 1), "---"]]
    return "".join(f"| {' | '.join(row)} |\n" for row in (*head, *rows))


def positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value} is not 1 or more")
    return number


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--only", choices=STEPS, action="append", metavar="STEP", help="what to leave out; repeatable (default: each)"
    )
    parser.add_argument("--together", action="store_true", help="leave these out all at once, too")
    parser.add_argument("--steps", action="store_true", help="list the steps, and measure nothing")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the texts lie (default: TETRAPLA_SHARED)")
    parser.add_argument("--draws", type=positive, default=3, help="stretches of each manual (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which stretches and damage (default: %(default)s)")
    parser.add_argument("--jobs", type=positive, default=1, help="processes (default: %(default)s)")
    options = parser.parse_args(argv)
    if options.steps:
        print("\n".join(STEPS))
        return 0
    data = data_of(options.data)
    if data is None:
        return 0
    names = options.only or list(STEPS)
    if options.together and len(names) > 1:
        names = [*names, JOIN.join(names)]
    try:
        results = measured(Texts(data, options.draws, options.seed), names, options.jobs)
    except TetraplaError as e:
        say(str(e))
        return 2
    if results:
        print(table_of(results, names), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
