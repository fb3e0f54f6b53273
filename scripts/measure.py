"""Measure Tetrapla and print the figures that the README quotes, as Markdown tables.

    python scripts/measure.py [--only sample|paper|manuals] [--update README.md scripts/bench/README.md]
    python scripts/measure.py --only manuals --corpus maint-guide --level light --level heavy

sample    the article of corpus/sample, whose damage is known: always there
paper     a scanned paper and three machine translations of it, with gold made by hand
manuals   manuals in four languages, damaged by chance, with gold for what was done to them

The texts of the last two are not ours to ship: they are looked for in `shared_root()`, and measured with the scorers
that lie beside them. With --update the tables are not printed but put into files, each into the one that has a place
for it between the comments `<!-- measure NAME -->` and `<!-- /measure -->`; what was not measured stays as it was.

A figure says little about new texts where the answer was known before: beside the score of broken terms stands how many
of them the glossary lists word for word.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.files import read_text, write_atomic
from tetrapla.formats.json import dump_alignment
from tetrapla.formats.jsonl import dump_findings
from tetrapla.glossary import Glossary
from tetrapla.model import Alignment, Segmented
from tetrapla.pipeline import Result, align_files, run
from tetrapla.progress import on_terminal
from tetrapla.resources import corpus_root, shared_root
from tetrapla.score import FindingScore, score_alignment, score_findings

SECTIONS = ("sample", "paper", "manuals")
LANGUAGES = ("zh", "en", "es", "fr")
MANUALS = ("debian-handbook", "maint-guide", "libreoffice-guides")
STARTS = (300,)  # scripts/bench/quality.py draws many
END = "<!-- /measure -->"
PAIRS = tuple((a, b) for i, a in enumerate(LANGUAGES) for b in LANGUAGES[i + 1 :])


@dataclass(frozen=True)
class Timed:
    """What the main job found, and the seconds that it took: on the clock, and of one processor."""

    result: Result
    clock: float
    processor: float


@dataclass(frozen=True)
class Manuals:
    """Which stretches of which manuals are measured, and how badly they are damaged."""

    corpora: Sequence[str]
    levels: Sequence[str]
    starts: Sequence[int]
    count: int
    seed: int


def say(message: str) -> None:
    print(message, file=sys.stderr)


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; all columns but the first are figures, to the right."""
    lines = [columns, ["---", *("--:" for _ in columns[1:])], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def job(folder: Path) -> Timed:
    """Do the main job on the four versions in a folder."""
    clock, processor = time.perf_counter(), time.process_time()
    with on_terminal() as progress:
        result = run([folder / f"{language}.txt" for language in LANGUAGES], progress=progress)
    return Timed(result, time.perf_counter() - clock, time.process_time() - processor)


def speed(timed: Timed) -> str:
    size = sum(len(version.document.text) for version in timed.result.versions.values())
    seconds = f"{timed.processor:.1f} seconds of one processor, {timed.clock:.1f} on the clock"
    return f"The main job on these {size:,} characters, start of Python left out: {seconds}.\n"


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def paragraphs_found(version: Segmented, units: Mapping[str, Sequence[Sequence[int]]]) -> int:
    """Return how many paragraphs of gold are found exactly: every character that is no blank, and no other."""
    text = version.document.text

    def inked(spans: Iterable[Sequence[int]]) -> frozenset[int]:
        return frozenset(i for start, end in spans for i in range(start, end) if not text[i].isspace())

    found = {inked((span.start, span.end) for span in paragraph.spans) for paragraph in version.paragraphs}
    return sum(inked(spans) in found for spans in units.values())


def listed(glossary: Glossary, golds: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return how many broken terms of gold, by language, stand word for word in the glossary as forms to avoid."""

    def plain(form: str, language: str) -> tuple[str, str]:
        # A compound may stand over the end of a line: "Hi-" and "Tech".
        return re.sub(r"-\s+", "-", " ".join(form.casefold().split())), language

    avoided = {
        plain(term.form, term.language)
        for concept in glossary.values()
        for term in concept.terms
        if term.status in ("noise", "deprecated")
    }
    broken = [plain(g["quote"], code) for code, gold in golds.items() for g in gold if g["type"] == "broken-term"]
    known = sum(form in avoided for form in broken)
    return f"Of the {len(broken)} broken terms, {known} stand word for word in the glossary as forms to avoid.\n"


# ---------------------------------------------------------------- the sample: scored by the library itself


def sample_tables() -> str:
    folder = corpus_root() / "sample"
    timed = job(folder)
    result = timed.result
    scores = [
        score_alignment(result.alignment, a, b, load(folder / "gold" / f"{a}-{b}.alignment.json")) for a, b in PAIRS
    ]
    rows = [
        (name, *(f"{figure:.2f}" for figure in figures))
        for name, figures in (("F1", [score.f1 for score in scores]), ("reject", [score.reject for score in scores]))
    ]
    units = load(folder / "gold" / "zh-en.alignment.json")["pivot"]["units"]
    exact = (
        f"{paragraphs_found(result.versions['zh'], units)} of {len(units)} paragraphs of the Chinese found exactly.\n"
    )
    links = markdown(("alignment", *(f"{a}–{b}" for a, b in PAIRS)), rows)
    golds = {name: load(folder / "gold" / f"{name}.noise.json") for name in LANGUAGES}
    remarks = exact + listed(result.glossary, golds) + speed(timed)
    return "\n".join((links, noise_of_sample(result, golds), remarks))


def noise_of_sample(result: Result, golds: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return the F1 of each type of noise by version, and over all of them how much there is and is found.

    Types of which everything is found, and nothing else, share a row. What is found of types that were not planted
    is counted below.
    """
    planted = {g["type"] for gold in golds.values() for g in gold}
    scores = {name: score_findings(result.findings[name], gold) for name, gold in golds.items()}
    by_kind = {kind: [score.get(kind, FindingScore(0, 0, 0)) for score in scores.values()] for kind in sorted(planted)}
    perfect = [kind for kind, each in by_kind.items() if (all_ := added(each)).gold == all_.found == all_.hit]
    rows = [noise_row(f"`{kind}`", [each]) for kind, each in by_kind.items() if kind not in perfect]
    if perfect:
        rows.insert(0, noise_row(", ".join(f"`{kind}`" for kind in perfect), [by_kind[kind] for kind in perfect]))
    rows.append(noise_row("all types", list(by_kind.values())))
    others = Counter(f.type for found in result.findings.values() for f in found if f.type not in planted)
    besides = f"\nFound besides, not planted: {', '.join(f'{n} {kind}' for kind, n in sorted(others.items()))}.\n"
    return markdown(("noise, F1", *scores, "planted", "found", "right"), rows) + (besides if others else "")


def noise_row(name: str, scores: Sequence[Sequence[FindingScore]]) -> tuple[object, ...]:
    """Return the row of some types, whose scores come by version."""
    versions = [added(each) for each in zip(*scores, strict=True)]
    return name, *(cell(score) for score in versions), *counts(added(versions))


def added(scores: Sequence[FindingScore]) -> FindingScore:
    return FindingScore(sum(s.gold for s in scores), sum(s.found for s in scores), sum(s.hit for s in scores))


def counts(score: FindingScore) -> tuple[int, int, int]:
    return score.gold, score.found, score.hit


def cell(score: FindingScore) -> str:
    return f"{score.f1:.2f}" if score.gold or score.found else "–"


# ---------------------------------------------------------------- texts that are not shipped, with their scorers


def scored(shared: Path, script: str, *arguments: object) -> str:
    """Return what a script beside the texts prints.

    Raises:
        InputError: it fails.
    """
    command = [sys.executable, str(shared / "eval" / script), *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if ran.returncode:
        raise InputError(f"{script} failed: {ran.stderr.strip().splitlines()[-1:]}")
    return ran.stdout


def figure(name: str, printed: str) -> float:
    """Return the figure that stands behind a name in what a scorer printed.

    Raises:
        InputError: it is not there.
    """
    found = re.findall(rf"{re.escape(name)}:? (\d+(?:\.\d+)?)", printed)
    if not found:
        raise InputError(f"the scorer told no {name}: {printed.strip()[:80]!r}")
    return float(found[-1])


def links_scored(shared: Path, alignment: Alignment, gold: Path, texts: Path, pair: tuple[str, str]) -> str:
    """Return what the scorer tells of the links between two versions."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "alignment.json"
        written.write_text(dump_alignment(alignment), encoding="utf-8")
        files = [texts / f"{language}.txt" for language in pair]
        options = ("--pivot-file", files[0], "--other-file", files[1], "--docs", ",".join(pair))
        # Calibration asks for the scores of links to the pivot, which only those of that pair are.
        calibration = ("--calibration",) if alignment.pivot == pair[0] else ()
        return scored(shared, "score_alignment.py", written, gold, *options, *calibration)


def noise_scored(shared: Path, result: Result, name: str, gold: Path, text: Path) -> str:
    """Return what the scorer tells of the findings in one version."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "findings.jsonl"
        doc = result.versions[name].document
        written.write_text(dump_findings(result.findings[name], doc, result.glossary), encoding="utf-8")
        return scored(shared, "score_noise.py", written, gold, "--text", text)


def total(printed: str, name: str) -> tuple[str, ...]:
    """Return gold, found, precision, recall and F1 of one of the sums under a table of findings."""
    line = next((line for line in printed.splitlines() if line.startswith(f"{name}:")), "")
    sizes = re.search(r"\((\d+) gold, (\d+) found\)", line)
    if not sizes:
        raise InputError(f"the scorer told no sum of {name}")
    return (*sizes.groups(), *(f"{figure(what, line):.2f}" for what in ("precision", "recall", "F1")))


def paper_tables(shared: Path) -> str:
    texts, gold = shared / "paper", shared / "eval" / "gold"
    timed = job(texts)
    result = timed.result
    links = gold / "paper.zh-en.alignment.json"
    told = links_scored(shared, result.alignment, links, texts, ("zh", "en"))
    units = load(links)["pivot"]["units"]
    names = ("F1", "precision", "recall", "reject")
    rows = [
        (f"zh–en: {', '.join(names)}", ", ".join(f"{figure(name, told):.3f}" for name in names)),
        (
            "paragraphs of the Chinese found exactly",
            f"{paragraphs_found(result.versions['zh'], units)} of {len(units)}",
        ),
    ]
    if result.alignment.pivot == "zh":
        error = figure("expected calibration error", told)
        rows.insert(1, ("zh–en: calibration error of the probabilities", f"{error:.3f}"))
    shares = companion_links(shared)
    strangers = f"another paper on the field, linked to {', '.join(shares)} by mistake"
    rows.append((strangers, ", ".join(f"{share:.1%}" for share in shares.values())))
    known = listed(result.glossary, {"en": load(gold / "paper.en.noise.json")})
    return "\n".join((markdown(("the paper", ""), rows), noise_of_paper(shared, result, gold), known + speed(timed)))


def companion_links(shared: Path) -> dict[str, float]:
    """Return, by version of the paper, how much of it is linked above 0.5 to a text that is no version of it."""
    texts, companion = shared / "paper", shared / "paper" / "companion.zh.txt"
    shares = {}
    for language in LANGUAGES:
        say(f"paper: the companion against {language}")
        found = align_files([companion, texts / f"{language}.txt"], pivot="zh").alignment
        ids = [doc.id for doc in found.documents]
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "alignment.json"
            written.write_text(dump_alignment(found), encoding="utf-8")
            files = ("--pivot-file", companion, "--other-file", texts / f"{language}.txt")
            options = (*files, "--docs", ",".join(ids), "--calibration")
            shares[language] = figure("linked above 0.5", scored(shared, "score_alignment.py", written, "-", *options))
    return shares


def noise_of_paper(shared: Path, result: Result, gold: Path) -> str:
    printed = noise_scored(shared, result, "en", gold / "paper.en.noise.json", shared / "paper" / "en.txt")
    rows: list[tuple[str, ...]] = []
    perfect: list[tuple[str, int]] = []
    for line in printed.splitlines():
        if found := re.match(r"([a-z-]+) +(\d+) +(\d+) +\d+ +(\S+) +(\S+) +(\S+)", line):
            kind, *figures = found.groups()
            if figures[-1] == "1.00":
                perfect.append((f"`{kind}`", int(figures[0])))
            else:
                rows.append((f"`{kind}`", *figures))
    if perfect:
        count = str(sum(number for _, number in perfect))
        rows.insert(0, (", ".join(kind for kind, _ in perfect), count, count, *["1.00"] * 3))
    rows += [(name, *total(printed, name)) for name in ("all but broken-term", "all")]
    return markdown(("noise in the English", "gold", "found", "precision", "recall", "F1"), rows)


def manual_tables(shared: Path, manuals: Manuals) -> str:
    known = [folder.parent.name for folder in sorted((shared / "corpora").glob("*/gold.json"))]
    for corpus in manuals.corpora:
        if corpus not in known:
            raise UnknownNameError("manual", corpus, known)
    rows = []
    for corpus, level, start in itertools.product(manuals.corpora, manuals.levels, manuals.starts):
        say(f"manuals: {corpus} from paragraph {start}, {level}")
        with tempfile.TemporaryDirectory() as folder:
            stretch = ("--start", start, "--count", manuals.count, "--seed", manuals.seed, "--level", level)
            scored(shared, "disturb.py", shared / "corpora" / corpus, folder, *stretch)
            rows.append((f"{corpus}, from {start}", level, *manual_row(shared, Path(folder))))
    links, noise = (f"zh–{name}" for name in LANGUAGES[1:]), (f"noise {name}" for name in LANGUAGES[1:])
    return markdown(("manual", "damage", *links, *noise, "zh paragraphs", "seconds"), rows)


def manual_row(shared: Path, folder: Path) -> list[str]:
    """Return the figures of a stretch of a manual that was damaged into a folder: F1 but for the last two."""
    timed = job(folder)
    result = timed.result
    cells = []
    for other in LANGUAGES[1:]:
        gold = folder / f"zh-{other}.alignment.json"
        cells.append(f"{figure('F1', links_scored(shared, result.alignment, gold, folder, ('zh', other))):.2f}")
    for name in LANGUAGES[1:]:
        printed = noise_scored(shared, result, name, folder / f"{name}.noise.json", folder / f"{name}.txt")
        # Nothing is planted at the level "clean", and the words of a manual are none of the glossary.
        planted, found, *_, f1 = total(printed, "all but broken-term")
        cells.append(f1 if planted != "0" else f"{found} false")
    units = load(folder / "zh-en.alignment.json")["pivot"]["units"]
    exact = f"{paragraphs_found(result.versions['zh'], units)} of {len(units)}"
    return [*cells, exact, f"{timed.processor:.0f}"]


# ---------------------------------------------------------------- the page, and the command


def updated(pages: Mapping[Path, str], tables: Mapping[str, str]) -> dict[Path, str]:
    """Return pages with new tables between their comments.

    Raises:
        InputError: no page has a place for one of them.
    """
    new = dict(pages)
    for name, content in tables.items():
        begin = f"<!-- measure {name} -->\n"
        places = [path for path, page in new.items() if END in page.partition(begin)[2]]
        if not places:
            raise InputError(f"no place for {name}: write {begin.strip()} and {END} on lines of their own")
        for path in places:
            before, _, rest = new[path].partition(begin)
            new[path] = f"{before}{begin}\n{content}\n{END}{rest.partition(END)[2]}"
    return new


def measured(wanted: Sequence[str], manuals: Manuals) -> dict[str, str]:
    """Return the tables of the sections that are wanted and whose texts are here."""
    shared, tables = shared_root(), {}
    for name in wanted:
        say(f"measuring: {name}")
        if name == "sample":
            tables[name] = sample_tables()
        elif shared is None:
            say(f"{name}: left out, the texts for it are not here (TETRAPLA_SHARED names their folder)")
        else:
            tables[name] = paper_tables(shared) if name == "paper" else manual_tables(shared, manuals)
    return tables


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", choices=SECTIONS, action="append", help="what to measure; repeatable (default: all)")
    parser.add_argument("--corpus", action="append", help="a manual; repeatable (default: all three)")
    parser.add_argument("--level", action="append", help="how badly manuals are damaged; repeatable (default: paper)")
    parser.add_argument("--start", type=int, action="append", help="first paragraph; repeatable (default: 300)")
    parser.add_argument("--count", type=int, default=120, help="how many paragraphs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which damage by chance (default: %(default)s)")
    parser.add_argument(
        "--update", type=Path, nargs="+", metavar="FILE", help="put the tables into these files, between their comments"
    )
    options = parser.parse_args(argv)
    manuals = Manuals(
        corpora=options.corpus or MANUALS,
        levels=options.level or ["paper"],
        starts=options.start or STARTS,
        count=options.count,
        seed=options.seed,
    )
    try:
        pages = {path: read_text(path).text for path in options.update or ()}
        tables = measured(options.only or SECTIONS, manuals)
        if options.update:
            for path, page in updated(pages, tables).items():
                write_atomic(path, page)
        else:
            print("\n".join(f"## {name}\n\n{content}" for name, content in tables.items()), end="")
    except TetraplaError as e:
        say(f"measure: {e}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
