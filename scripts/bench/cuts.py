"""Fit the regressions that tell a sentence that was cut; print the weights for tetrapla.checks.cuts.

    python scripts/bench/cuts.py [--data DIR] [--draws 8] [--seed 1]

Stretches of the manuals of DIR/corpora (by default `shared_root()`) are drawn by the seed, damaged by
DIR/eval/disturb.py at the levels heavy (as many as `--draws`), paper (half as many) and clean (three), and aligned.
Prints the weights fitted on all of them, and for each manual how well those do that were fitted on the other ones:
what is found, and what of it right, among the cuts whose sentence ends in a mark.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from draws import Stretch, Texts, damaged, say
from numpy.typing import NDArray

from tetrapla.checks.cuts import LEAST_PROBABILITY, Ending, counterparts_of, endings, lack_features, posteriors
from tetrapla.pipeline import Aligned, align_files
from tetrapla.resources import shared_root

Array = NDArray[np.float64]
LANGUAGES = ("zh", "en", "es", "fr")
COUNT = 130  # paragraphs of a stretch
SLACK = 20  # characters between the end of a sentence and that of the cut
HOLD = 4.0  # how much weights are held back
ROUNDS = 30


@dataclass(frozen=True)
class Judged:
    """The sentences of a version that may be cut, which of them are, and where they come from."""

    manual: str
    level: str
    endings: Sequence[Ending]
    cut: Sequence[bool]


@dataclass(frozen=True)
class Fit:
    """Weights by name, the bias among them: of the original, of other translations, of all of them together."""

    pivot: Mapping[str, float]
    lack: Mapping[str, float]
    ending: Mapping[str, float]

    def odds(self, ending: Ending) -> float:
        """Return the log odds of a cut."""
        return weighed(self.ending, ending.features(by_version(self.pivot, self.lack, ending)))


def weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return weights["bias"] + sum(weights[name] * value for name, value in features.items())


def by_version(pivot: Mapping[str, float], lack: Mapping[str, float], ending: Ending) -> list[float]:
    return [weighed(pivot if found.pivot else lack, lack_features(found)) for found in ending.lacks]


def stretches(texts: Texts) -> Iterator[Stretch]:
    """Give the stretches of all manuals, at each level other ones."""
    for manual in texts.manuals("*/gold.json"):
        levels = ["heavy"] * texts.draws + ["paper"] * (texts.draws // 2) + ["clean"] * 3
        drawn = Texts(texts.data, len(levels), texts.seed).stretches(manual, COUNT)
        for level, found in zip(levels, drawn, strict=True):
            yield Stretch(found.script, found.manual, found.start, found.count, found.seed, level)


def read(stretch: Stretch) -> Iterator[Judged]:
    """Damage and align a stretch; give its versions."""
    with damaged(stretch) as folder:
        paths = {str(folder / f"{code}.txt"): code for code in LANGUAGES}
        aligned = align_files(list(paths), languages=paths, pivot="zh")
        for language in LANGUAGES[1:]:
            noise = json.loads((folder / f"{language}.noise.json").read_text("utf-8"))
            yield judged(aligned, language, noise, stretch.manual.name, stretch.level)


def judged(
    aligned: Aligned, language: str, noise: Iterable[Mapping[str, str | int]], manual: str, level: str
) -> Judged:
    comparison = aligned.comparison(language)
    counterparts = counterparts_of(comparison)
    ends = [int(mark["end"]) for mark in noise if mark["type"] == "truncation"]
    found = list(endings(comparison.text, counterparts))
    pieces = [counterparts[0].own[k] for k, _ in found]
    cut = [any(abs(end - piece.spans[-1].end) <= SLACK for end in ends) for piece in pieces]
    return Judged(manual, level, [ending for _, ending in found], cut)


def regression(rows: Sequence[Mapping[str, float]], answers: Sequence[bool]) -> dict[str, float]:
    """Return the weights of a logistic regression by Newton's method, held back in units of their spread."""
    names = list(rows[0])
    x = np.array([[row[name] for name in names] for row in rows])
    y = np.array(answers, dtype=np.float64)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    x = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    beta = np.zeros(x.shape[1])
    back = np.eye(x.shape[1]) * HOLD
    back[0, 0] = 1e-3
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        step = np.linalg.solve((x * (p * (1 - p) + 1e-6)[:, None]).T @ x + back, x.T @ (y - p) - back @ beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    weights = beta[1:] / spread
    return {"bias": float(beta[0] - weights @ mean), **dict(zip(names, map(float, weights), strict=True))}


def fitted(texts: Sequence[Judged]) -> Fit:
    """Return the weights of both regressions."""
    pairs = [(ending, cut) for text in texts for ending, cut in zip(text.endings, text.cut, strict=True)]
    lacks = [(lack, cut) for ending, cut in pairs for lack in ending.lacks]
    pivot, other = (
        regression([lack_features(lack) for lack in found], answers)
        for found, answers in (
            zip(*((lack, cut) for lack, cut in lacks if lack.pivot is whether), strict=True)
            for whether in (True, False)
        )
    )
    rows = [ending.features(by_version(pivot, other, ending)) for ending, _ in pairs]
    return Fit(pivot, other, regression(rows, [cut for _, cut in pairs]))


def measure(fit: Fit, texts: Sequence[Judged], level: str) -> str:
    """Return how well the sentences of a level are told, in words."""
    found = right = cuts = 0
    for text in texts:
        if text.level == level:
            odds = [fit.odds(ending) for ending in text.endings]
            told = [p >= LEAST_PROBABILITY for p in posteriors(odds)]
            found += sum(told)
            right += sum(a and b for a, b in zip(told, text.cut, strict=True))
            cuts += sum(text.cut)
    f1 = 2 * right / (found + cuts) if found + cuts else 1.0
    return f"{level}: {cuts} cuts, {found} found, {right} right, F1 {f1:.3f}"


def table(name: str, weights: Mapping[str, float]) -> str:
    return f"{name} = {{" + ", ".join(f'"{key}": {value:.2f}' for key, value in weights.items()) + "}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, help="folder with corpora/ and eval/disturb.py")
    parser.add_argument("--draws", type=int, default=8, help="heavy stretches of each manual (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which stretches (default: %(default)s)")
    options = parser.parse_args()
    data = options.data or shared_root()
    if data is None:
        parser.error("name the folder with corpora/ and eval/disturb.py: --data DIR")
    texts: list[Judged] = []
    for stretch in stretches(Texts(data, options.draws, options.seed)):
        say(str(stretch))
        texts += read(stretch)
    show(texts)


def show(texts: Sequence[Judged]) -> None:
    """Print the weights, and what they are worth on manuals that they were not fitted on."""
    for manual in sorted({text.manual for text in texts}):
        fit = fitted([text for text in texts if text.manual != manual])
        own = [text for text in texts if text.manual == manual]
        print(f"{manual}, fitted on the others:", "; ".join(measure(fit, own, x) for x in ("heavy", "paper", "clean")))
    fit = fitted(texts)
    share = sum(sum(text.cut) for text in texts) / sum(len(text.cut) for text in texts)
    print(table("PIVOT_WEIGHTS", fit.pivot), table("LACK_WEIGHTS", fit.lack))
    print(table("ENDING_WEIGHTS", fit.ending), f"FITTED_SHARE = {share:.4f}", sep="\n")


if __name__ == "__main__":
    main()
