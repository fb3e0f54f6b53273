"""Measure how good the checks for noise are, and print the figures as Markdown tables.

    python scripts/bench/noise.py [--only planted|clean|paper|whitespace] [--level heavy] [--alone] [--draws 6]
                                  [--seed 1] [--jobs 1] [--gold FOLDER] [--data DIR]

planted     stretches of the manuals of DIR/corpora, drawn by the seed and damaged at a level by DIR/eval/disturb.py:
            each type of noise that it plants
clean       stretches that are left as they are: what is found there is false
paper       the versions in DIR/paper that have gold, FOLDER/paper.XX.noise.json (FOLDER is DIR/eval/gold by default)
whitespace  DIR/eval/whitespace-*/corrupt.txt, lines whose white space is damaged, and correct.txt

Versions are checked in the light of each other, with `--alone` (and the paper always) each by itself as well. F1,
precision and recall are shares 0..1 of `tetrapla.score`, over all draws together; behind F1 stands the manual with the
worst. `repaired right` is the share of the hits whose repair gives what gold has, white space and . , ; : left aside;
of duplicates, the share whose own span, not that of the kept copy, is the one that gold names.

Of white space, a place counts where some is to be put or taken away, and lines whose other characters are changed are
not scored, but counted. Findings in paragraphs of clean text go by what the manual says they are: lists are list items
and cells of tables, all else is prose. DIR is `shared_root()` by default; what is not there is named on standard error
and left out. scripts/bench/safety.py measures what is applied unseen.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from draws import Stretch, damaged, data_of, report, say, there
from quality import COUNT, LANGUAGES, LEVELS, OTHERS, PIVOT, Setting, parser_of, table

from tetrapla import checks
from tetrapla.clean import clean as cleaned
from tetrapla.errors import InputError
from tetrapla.files import read_text
from tetrapla.model import Document, Finding
from tetrapla.pipeline import align_files
from tetrapla.score import FindingScore, score_findings
from tetrapla.segment import segment

Gold = Sequence[Mapping[str, Any]]

TYPES = (
    "hyphenation", "letter-spacing", "split-word", "merged-words", "citation-damage", "char-confusion",
    "page-furniture", "duplicate", "language-leak", "dangling", "truncation", "broken-term",
)  # fmt: skip
OPEN = "mistranslation"  # gold of this type is not scored: a finding there is neither right nor wrong
TOGETHER, ALONE = "with the others", "alone"
CLEAN_COUNT = 300  # paragraphs of a stretch that is not damaged: false findings are few
PER = 100_000  # characters
GRADES = ("safe", "review")
LISTS = frozenset({"list", "cell"})  # kinds of paragraphs; all others are prose
SPACES = ("split-word", "merged-words", "letter-spacing")  # whose repair changes white space and nothing else
LEFT_ASIDE = re.compile(r"[\s.,;:]")


@dataclass(frozen=True)
class Options(Setting):
    """What is measured besides: the level of damage, where gold of the paper lies, whether versions alone are too."""

    level: str
    gold: Path
    alone: bool


@dataclass(frozen=True)
class Tally:
    """How findings of a type and gold agree, as counts; `repaired` of the hits are repaired as gold has it."""

    gold: int = 0
    found: int = 0
    hit: int = 0
    repaired: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.gold + other.gold, self.found + other.found, self.hit + other.hit, self.repaired + other.repaired
        )

    @property
    def score(self) -> FindingScore:
        """The shares."""
        return FindingScore(self.gold, self.found, self.hit)

    @property
    def right(self) -> str:
        """The share of the hits that are repaired right, to show."""
        return f"{self.repaired / self.hit:.2f}" if self.hit else "–"


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


# ---------------------------------------------------------------- one version against its gold


def tallied(findings: Sequence[Finding], gold: Gold, text: str) -> dict[str, Tally]:
    """Return how findings and gold agree, by type."""
    scored = [g for g in gold if g["type"] != OPEN]
    unscored = [g for g in gold if g["type"] == OPEN]
    counted = [f for f in findings if not (any(_hits(f, g) for g in unscored) and not _any_hit(f, scored))]
    scores = score_findings(counted, scored)
    by_type = {kind: [f for f in counted if f.type == kind] for kind in scores}
    repaired = Counter(g["type"] for g in scored if any(_repairs(f, g, text) for f in by_type[g["type"]]))
    return {kind: Tally(s.gold, s.found, s.hit, min(repaired[kind], s.hit)) for kind, s in scores.items()}


def _any_hit(finding: Finding, gold: Gold) -> bool:
    return any(g["type"] == finding.type and _hits(finding, g) for g in gold)


def _hits(finding: Finding, gold: Mapping[str, Any]) -> bool:
    """Return whether a finding covers gold, of whatever type, as the scorer has it for the type of the finding."""
    return score_findings([finding], [{**gold, "type": finding.type}])[finding.type].hit == 1


def _repairs(finding: Finding, gold: Mapping[str, Any], text: str) -> bool:
    """Return whether a finding hits gold and makes of it what gold says; the windows are compared, not the spans."""
    if finding.replacement is None and finding.type != "duplicate":
        return False
    own = replace(finding, kept=None)
    if not _hits(own, gold):
        return False
    if finding.type == "duplicate":
        return True
    start, end = min(gold["start"], finding.start), max(gold["end"], finding.end)

    def window(a: int, b: int, new: str | None) -> str:
        return LEFT_ASIDE.sub("", text[start:a] + (new or "") + text[b:end])

    return window(finding.start, finding.end, finding.replacement) == window(
        gold["start"], gold["end"], gold.get("fix")
    )


def checked(folder: Path, *, alone: bool) -> Iterator[tuple[str, str, str, list[Finding]]]:
    """Give how a version was checked, its language, its text and what was found, for the versions in a folder."""
    paths = {str(folder / f"{code}.txt"): code for code in LANGUAGES}
    aligned = align_files(list(paths), languages=paths, pivot=PIVOT)
    for doc in aligned.alignment.documents:
        comparison = aligned.comparison(doc.id)
        yield TOGETHER, doc.language, doc.text, checks.run(comparison.text, comparison=comparison)
        if alone:
            yield ALONE, doc.language, doc.text, checks.run(segment(doc))


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


# ---------------------------------------------------------------- planted noise

Planted = dict[tuple[str, str, str], Tally]  # how checked, language, type


def stretch_tallied(task: tuple[Stretch, bool]) -> Planted:
    """Return how findings in a damaged stretch, and in its versions alone if told so, agree with what was planted."""
    stretch, alone = task
    say(str(stretch))
    found: Planted = {}
    with damaged(stretch) as folder:
        for way, code, text, findings in checked(folder, alone=alone):
            if code in OTHERS:
                tallies = tallied(findings, load(folder / f"{code}.noise.json"), text)
                found |= {(way, code, kind): tally for kind, tally in tallies.items()}
    return found


def planted(options: Options) -> str:
    """Return the scores of each type of noise that is planted in the manuals."""
    tasks = [
        (replace(stretch, level=options.level), options.alone)
        for manual in options.manuals("*/gold.json")
        for stretch in options.stretches(manual, COUNT)
    ]
    drawn = list(zip((stretch.manual.name for stretch, _ in tasks), options.each(stretch_tallied, tasks), strict=True))
    kinds = sorted({kind for _, found in drawn for (_, _, kind), tally in found.items() if tally.gold})
    return "\n".join(_planted_table(drawn, kinds, way, options.level) for way in ways(options)) if kinds else ""


def ways(options: Options) -> tuple[str, ...]:
    return (TOGETHER, ALONE) if options.alone else (TOGETHER,)


def _planted_table(drawn: Sequence[tuple[str, Planted]], kinds: Sequence[str], way: str, level: str) -> str:
    names = list(dict.fromkeys(name for name, _ in drawn))

    def pooled(chosen: Sequence[str], codes: Sequence[str] = OTHERS, manuals: Sequence[str] = names) -> Tally:
        keys = [(way, code, kind) for code in codes for kind in chosen]
        return total(found.get(key, Tally()) for name, found in drawn if name in manuals for key in keys)

    rows = []
    for row, chosen in [*((kind, [kind]) for kind in kinds), ("all of these", kinds)]:
        whole = pooled(chosen)
        worst = min(pooled(chosen, manuals=[name]).score.f1 for name in names if pooled(chosen, manuals=[name]).gold)
        each = (f"{pooled(chosen, [code]).score.f1:.2f}" for code in OTHERS)
        rows.append((row, whole.gold, *each, f"{whole.score.f1:.2f} ({worst:.2f})", *shares(whole)))
    by_language = (f"F1 {code}" for code in OTHERS)
    return table((f"{level}, {way}", "gold", *by_language, "F1", "precision", "recall", "repaired right"), rows)


def shares(tally: Tally) -> tuple[str, str, str]:
    return f"{tally.score.precision:.2f}", f"{tally.score.recall:.2f}", tally.right


# ---------------------------------------------------------------- clean text

Counts = Counter[tuple[str, ...]]  # see `stretch_false`


def stretch_false(task: tuple[Stretch, bool]) -> Counts:
    """Return what is found in a stretch that is not damaged, counted.

    The keys are of language, sort of text and "characters", or of those, how it was checked, type and grade.
    """
    stretch, alone = task
    say(str(stretch))
    kinds = {bead["id"]: bead["kind"] for bead in load(stretch.manual / "gold.json")}
    counts: Counts = Counter()
    with damaged(stretch) as folder:
        places = {code: sorts_of(folder, code, kinds) for code in LANGUAGES}
        for way, code, text, findings in checked(folder, alone=alone):
            starts, sorts = zip(*places[code], strict=True)
            if way == TOGETHER:
                for sort, start, end in zip(sorts, starts, (*starts[1:], len(text)), strict=True):
                    counts[code, sort, "characters"] += end - start
            for finding in findings:
                sort = sorts[max(bisect_right(starts, finding.start) - 1, 0)]
                counts[code, sort, way, finding.type, finding.grade] += 1
    return counts


def sorts_of(folder: Path, code: str, kinds: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return where stretches of prose and of lists begin in a version, by its gold, the first at 0."""
    if code == PIVOT:
        units = load(folder / f"{PIVOT}-{OTHERS[0]}.alignment.json")["pivot"]["units"]
        starts = sorted((start, unit) for unit, spans in units.items() for start, _ in spans)
    else:
        segments = load(folder / f"{PIVOT}-{code}.alignment.json")["other"]["segments"]
        starts = sorted((start, unit) for start, _, unit in segments)
    found = [(start, "lists" if kinds.get(unit) in LISTS else "prose") for start, unit in starts]
    return [(0, found[0][1]), *found[1:]] if found else [(0, "prose")]


def clean(options: Options) -> str:
    """Return how much is found in clean text, by language and sort of text, and by type."""
    tasks = [
        (stretch, options.alone)
        for manual in options.manuals("*/gold.json")
        for stretch in options.stretches(manual, CLEAN_COUNT)
    ]
    counts: Counts = sum(options.each(stretch_false, tasks), Counter())
    if not counts:
        return ""

    def size(codes: Iterable[str], sorts: Iterable[str]) -> int:
        return sum(counts[code, sort, "characters"] for code, sort in itertools.product(codes, sorts))

    def rate(way: str, codes: Sequence[str], sorts: Sequence[str], kinds: Iterable[str], grades: Iterable[str]) -> str:
        """Return findings of some types and grades in so many characters, to show."""
        found = sum(counts[key] for key in itertools.product(codes, sorts, (way,), kinds, grades))
        characters = size(codes, sorts)
        return f"{found * PER / characters:.1f}" if characters else "–"

    every = ("prose", "lists")
    kinds = sorted({key[3] for key in counts if len(key) == 5})
    others = [kind for kind in kinds if kind != "duplicate"]
    groups = [(code, [code], sort) for code in LANGUAGES for sort in every]
    groups += [("all", list(LANGUAGES), sort) for sort in every]
    found = []
    for way in ways(options):
        rows: list[tuple[str, ...]] = []
        for name, codes, sort in groups:
            rates = [rate(way, codes, [sort], ["duplicate"], GRADES)]
            rates += [rate(way, codes, [sort], others, [grade]) for grade in GRADES]
            rows.append((f"{name}, {sort}", f"{size(codes, [sort]):,}", *rates))
        title = f"false in {PER:,} characters, {way}"
        found.append(table((title, "characters", "duplicates", "others, safe", "others, for review"), rows))
        rows = [(kind, *(rate(way, LANGUAGES, every, [kind], [grade]) for grade in GRADES)) for kind in kinds]
        found.append(table((title, *GRADES), rows))
    return "\n".join(found)


# ---------------------------------------------------------------- the paper


def paper(options: Options) -> str:
    """Return the scores of the versions of the paper that have gold, in the light of the others and alone."""
    golds = {code: options.gold / f"paper.{code}.noise.json" for code in OTHERS}
    golds = {code: path for code, path in golds.items() if there([path])}
    texts = [options.data / "paper" / f"{code}.txt" for code in LANGUAGES]
    if not golds or not there(texts):
        return ""
    say("paper")
    found: dict[tuple[str, str], dict[str, Tally]] = {}
    for way, code, text, findings in checked(options.data / "paper", alone=True):
        if code in golds:
            scored = [finding for finding in findings if finding.type in TYPES]
            found[code, way] = tallied(scored, load(golds[code]), text)
    return "\n".join(_paper_table(code, found[code, TOGETHER], found[code, ALONE]) for code in golds)


def _paper_table(code: str, compared: Mapping[str, Tally], alone: Mapping[str, Tally]) -> str:
    kinds = [kind for kind in TYPES if kind in compared or kind in alone]
    words = [kind for kind in kinds if kind != "broken-term"]
    rows = []
    for name, chosen in [*((kind, [kind]) for kind in kinds), ("all but broken-term", words), ("all", kinds)]:
        one, other = (total(tallies.get(kind, Tally()) for kind in chosen) for tallies in (compared, alone))
        rows.append((name, one.gold, f"{one.score.f1:.2f}", *shares(one), f"{other.score.f1:.2f}", *shares(other)))
    figures = ("F1", "precision", "recall", "repaired right")
    return table((f"paper, {code}", "gold", *figures, *(f"{figure} {ALONE}" for figure in figures)), rows)


# ---------------------------------------------------------------- white space


def whitespace(options: Options) -> str:
    """Return the scores of white space repaired, by what is safe and by what is for review as well."""
    rows = []
    for path in options.found("eval", "whitespace-*/corrupt.txt"):
        right = path.with_name("correct.txt")
        if not there([right]):
            continue
        say(f"white space: {path.parent.name}")
        doc = Document(path.parent.name, "en", read_text(path, encoding="utf-8").text)
        gold = read_text(right, encoding="utf-8").text.split("\n")
        for name, review in (("safe", False), ("safe and for review", True)):
            made = cleaned(segment(doc), only=SPACES, review=review, keep_lines=True).text.split("\n")
            score, skipped = spaced(doc.text.split("\n"), made, gold)
            figures = (f"{share:.3f}" for share in (score.f1, score.precision, score.recall))
            rows.append((f"{path.parent.name}, {name}", score.gold, *figures, skipped))
    columns = ("white space", "places", "F1", "precision", "recall", "lines not scored")
    return table(columns, rows) if rows else ""


def spaced(before: Sequence[str], after: Sequence[str], gold: Sequence[str]) -> tuple[FindingScore, int]:
    """Return the score of the places where white space was to be put or taken away, and how many lines have none.

    A place is known by the number of other characters before it in the line; lines correspond, and one whose other
    characters are not those of gold has no score.

    Raises:
        InputError: there are not as many lines of each.

    >>> spaced(["a b cd"], ["ab cd"], ["ab c d"])
    (FindingScore(gold=2, found=1, hit=1), 0)
    """
    if not len(before) == len(after) == len(gold):
        raise InputError(f"lines do not correspond: {len(before)}, {len(after)} and {len(gold)}")
    wanted = found = hit = skipped = 0
    for line, made, right in zip(before, after, gold, strict=True):
        if not bare(line) == bare(made) == bare(right):
            skipped += 1
            continue
        want, did = places(line) ^ places(right), places(line) ^ places(made)
        wanted, found, hit = wanted + len(want), found + len(did), hit + len(want & did)
    return FindingScore(wanted, found, hit), skipped


def bare(line: str) -> str:
    return "".join(line.split())


def places(line: str) -> frozenset[int]:
    """Return after how many other characters white space stands in a line, its ends left out."""
    ends = itertools.accumulate(map(len, line.split()))
    return frozenset(ends) - {len(bare(line))}


SECTIONS: dict[str, Callable[[Options], str]] = {
    "planted": planted,
    "clean": clean,
    "paper": paper,
    "whitespace": whitespace,
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = parser_of(__doc__, SECTIONS)
    parser.add_argument("--level", choices=LEVELS, default="heavy", help="of planted noise (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="check each version by itself, too")
    parser.add_argument("--gold", type=Path, metavar="FOLDER", help="gold of the paper (default: DIR/eval/gold)")
    given = parser.parse_args(argv)
    data = data_of(given.data)
    if data is None:
        return 0
    gold = given.gold or data / "eval" / "gold"
    options = Options(data, given.draws, given.seed, given.jobs, given.level, gold, given.alone)
    return report(SECTIONS, given.only, options)


if __name__ == "__main__":
    sys.exit(main())
