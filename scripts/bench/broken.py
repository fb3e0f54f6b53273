"""Measure how broken terms are found: with the glossary's wrong forms, and by what stands opposite alone.

    python scripts/bench/broken.py [--only sample|paper|manuals|weights] [--draws 2] [--seed 1] [--data DIR]

sample      the article of corpus/sample, whose broken terms were made up for it
paper       the versions in DIR/paper, those that have gold DIR/eval/gold/paper.XX.noise.json
manuals     stretches of the manuals of DIR/corpora, drawn by the seed and not damaged: all that is found there is false
weights     only if asked for: what the traits of a rendering weigh when they are fitted anew on sample and paper

Each is aligned and checked with the glossary as it is, without its forms of noise, and without those and the
deprecated ones: then only a term's absence tells, and what stands in its place. Precision, recall, F1 and `concept`,
the share of the hits that name gold's concept, are shares 0..1; gold of the type mistranslation is not scored, and a
finding on it is neither right nor wrong. Of manuals it is told how many findings there are in 100,000 characters. DIR
is `shared_root()` by default; what is not there is named on standard error and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from draws import Texts, damaged, data_of, report, say

from tetrapla.align import align
from tetrapla.checks import run
from tetrapla.checks._absent import WEIGHTS, absent_of
from tetrapla.formats import read_documents
from tetrapla.glossary import Glossary
from tetrapla.glossary import load as load_glossary
from tetrapla.model import Finding, Segmented, Span, Status
from tetrapla.pipeline import Aligned, prepare
from tetrapla.resources import corpus_root
from tetrapla.score import score_findings

KIND, UNSCORED = "broken-term", "mistranslation"
PIVOT, OTHERS = "zh", ("en", "es", "fr")
COUNT = 120  # paragraphs of a stretch of a manual
# What is taken out of the glossary, from nothing to all that it knows of wrong forms.
VARIANTS: Mapping[str, tuple[Status, ...]] = {
    "as it is": (),
    "no noise": ("noise",),
    "no noise, nothing deprecated": ("noise", "deprecated"),
}


@dataclass(frozen=True)
class Score:
    """How many gold spans there are, findings, pairs of the two, and pairs with one concept."""

    gold: int
    found: int
    hit: int
    concept: int

    def row(self) -> list[str]:
        """Return precision, recall, F1 and the share of hits with the right concept."""
        precision, recall = self.hit / max(1, self.found), self.hit / max(1, self.gold)
        f1 = 2 * precision * recall / (precision + recall) if self.hit else 0.0
        return [str(self.gold), *(f"{x:.2f}" for x in (precision, recall, f1, self.concept / max(1, self.hit)))]


def without(glossary: Glossary, statuses: Sequence[Status]) -> Glossary:
    """Return a glossary without the forms of some statuses."""
    if not statuses:
        return glossary
    return Glossary.of(
        replace(concept, terms=tuple(term for term in concept.terms if term.status not in statuses))
        for concept in glossary.values()
    )


def aligned(folder: Path, glossary: Glossary) -> Aligned:
    """Return the versions in a folder, aligned and matched with this glossary and no other."""
    documents = read_documents([folder / f"{code}.txt" for code in (PIVOT, *OTHERS)])
    versions, mentions = prepare(documents, glossary)
    return Aligned(versions, align(tuple(versions.values()), pivot=PIVOT, mentions=mentions), glossary, mentions)


def broken_terms(known: Aligned, code: str) -> list[Finding]:
    """Return the broken terms that are found in a version in the light of the others."""
    return run(known.versions[code], only=[KIND], comparison=known.comparison(code))


def scored(findings: Sequence[Finding], gold: Sequence[Mapping[str, Any]], glossary: Glossary) -> Score:
    """Return how findings agree with gold, and how often they name its concept."""
    wanted = [g for g in gold if g["type"] == KIND]
    loose = [{**g, "type": KIND} for g in gold if g["type"] == UNSCORED]
    counted = [f for f in findings if _hits([f], wanted) or not _hits([f], loose)]
    named_gold = [{**g, "type": f"{KIND} {g.get('concept')}"} for g in wanted]
    named = [replace(f, type=f"{KIND} {glossary[f.concept].preferred(PIVOT) if f.concept else ''}") for f in counted]
    concept = sum(score.hit for score in score_findings(named, named_gold).values())
    return Score(len(wanted), len(counted), _hits(counted, wanted), concept)


def _hits(findings: Sequence[Finding], gold: Sequence[Mapping[str, Any]]) -> int:
    score = score_findings(findings, gold).get(KIND)
    return score.hit if score else 0


def measured(folder: Path, golds: Mapping[str, Path]) -> str:
    """Return a table with a row for each variant of the glossary and version that has gold."""
    whole = load_glossary()
    lines = [
        "| glossary | version | gold | precision | recall | F1 | concept |",
        "| --- | --- | --: | --: | --: | --: | --: |",
    ]
    for name, statuses in VARIANTS.items():
        glossary = without(whole, statuses)
        known = aligned(folder, glossary)
        for code, path in golds.items():
            gold = json.loads(path.read_text(encoding="utf-8"))
            score = scored(broken_terms(known, code), gold, glossary)
            lines.append(f"| {name} | {code} | {' | '.join(score.row())} |")
    return "\n".join(lines) + "\n"


def sample(_: Texts | None) -> str:
    """Return how the made-up damage of the sample is found."""
    folder, golds = next(_with_gold(None))
    return measured(folder, golds)


def _with_gold(texts: Texts | None) -> Iterator[tuple[Path, dict[str, Path]]]:
    """Yield the sample, and the paper where it is: the folder of the versions, and the gold of each that has some."""
    folder = corpus_root() / "sample"
    yield folder, {code: folder / "gold" / f"{code}.noise.json" for code in OTHERS}
    if texts is not None:
        folder = texts.data / "paper"
        golds = {code: texts.data / "eval" / "gold" / f"paper.{code}.noise.json" for code in OTHERS}
        golds = {code: path for code, path in golds.items() if path.exists()}
        if golds and folder.is_dir():
            yield folder, golds
        else:
            say(f"there is no {folder}, or no gold of it; left out")


def paper(texts: Texts | None) -> str:
    """Return how the damage of the paper is found."""
    return "".join(measured(folder, golds) for folder, golds in list(_with_gold(texts))[1:])


def manuals(texts: Texts | None) -> str:
    """Return how many findings there are where none should be."""
    if texts is None:
        return ""
    glossary = load_glossary()
    lines = ["| manual | characters | found | in 100,000 |", "| --- | --: | --: | --: |"]
    for manual in texts.manuals("*/gold.json"):
        size = found = 0
        for version, count in _false(texts, manual, glossary):
            size += len(version.document.text)
            found += count
        lines.append(f"| {manual.name} | {size:,} | {found} | {found / max(1, size) * 100_000:.1f} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def _false(texts: Texts, manual: Path, glossary: Glossary) -> Iterator[tuple[Segmented, int]]:
    for stretch in texts.stretches(manual, COUNT):
        with damaged(stretch) as folder:
            known = aligned(folder, glossary)
        for code in OTHERS:
            yield known.versions[code], len(broken_terms(known, code))


def weights(texts: Texts | None) -> str:
    """Return what each trait weighs, fitted on all candidates for all terms that are due (logistic regression)."""
    glossary = without(load_glossary(), VARIANTS["no noise, nothing deprecated"])
    rows: list[list[float]] = []
    right: list[bool] = []
    for folder, golds in _with_gold(texts):
        known = aligned(folder, glossary)
        for code, path in golds.items():
            gold = [g for g in json.loads(path.read_text(encoding="utf-8")) if g["type"] == KIND]
            absent = absent_of(known.comparison(code))
            for due in absent.terms.due if absent else ():
                for candidate in absent.candidates(due) if absent else ():
                    rows.append([candidate.traits[name] for name in WEIGHTS])
                    right.append(_is_one(absent.span(candidate), gold) if absent else False)
    fitted = _regression(np.array(rows), np.array(right, dtype=float))
    lines = ["| trait | fitted | in use |", "| --- | --: | --: |"]
    pairs = zip(WEIGHTS.items(), fitted, strict=True)
    return "\n".join([*lines, *(f"| {name} | {new:.2f} | {old:.2f} |" for (name, old), new in pairs)]) + "\n"


def _is_one(span: Span, gold: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a stretch shares half of its characters, and of theirs together, with one of gold."""
    for g in gold:
        common = min(span.end, g["end"]) - max(span.start, g["start"])
        if common > 0 and common / (max(span.end, g["end"]) - min(span.start, g["start"])) >= 0.5:
            return True
    return False


def _regression(rows: Any, right: Any) -> Any:
    """Return the weights of a logistic regression with a ridge of 1, by Newton's method with halved steps."""
    weights = np.zeros(rows.shape[1])
    ridge = np.ones(rows.shape[1])
    ridge[0] = 1e-6

    def loss(w: Any) -> float:
        odds = rows @ w
        return float((np.logaddexp(0, odds) - right * odds).sum() + (ridge * w * w).sum() / 2)

    for _ in range(50):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right) + ridge * weights
        step = np.linalg.solve((rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge), slope)
        size = 1.0
        while size > 1e-6 and loss(weights - size * step) > loss(weights):
            size /= 2
        weights = weights - size * step
        if float(abs(size * step).max()) < 1e-4:
            break
    return weights


SECTIONS = {"sample": sample, "paper": paper, "manuals": manuals, "weights": weights}
BY_DEFAULT = ("sample", "paper", "manuals")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(SECTIONS))
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args(arguments)
    data = data_of(given.data)
    texts = Texts(data, given.draws, given.seed) if data else None
    return report(SECTIONS, given.only or BY_DEFAULT, texts)


if __name__ == "__main__":
    sys.exit(main())
