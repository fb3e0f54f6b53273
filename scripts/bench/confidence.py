"""Fit the curve that turns what a link earns into a probability; print the weights for tetrapla.align.confidence.

    python scripts/bench/confidence.py [--sets 3] [--seed 1] [--gaps N]

Takes the parallel manuals of the measuring texts (TETRAPLA_SHARED): chapters through `tetrapla.disturb` at every
level are pairs that are versions of each other, chapters of different manuals pairs that are none. Prints the
expected calibration error of the fitted weights on chapters that were not fitted on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tetrapla.align import registry
from tetrapla.align.confidence import FEATURES, features
from tetrapla.align.tokens import Sentences, sentences_of
from tetrapla.disturb import LEVELS, Damaged, Unit, disturb
from tetrapla.model import Document, Kind
from tetrapla.progress import silent
from tetrapla.resources import shared_root
from tetrapla.segment import segment

Array = NDArray[np.float64]
LANGUAGES = ("zh", "en", "es", "fr")
KINDS: dict[str, Kind] = {"heading": "heading", "list": "list", "cell": "table"}
COUNT = 90  # paragraphs of a chapter
ROUNDS = 400


def chapters(root: Path, start: int) -> Iterator[dict[str, list[Unit]]]:
    """Give a stretch of each manual: for each language its units."""
    for folder in sorted(root.iterdir()):
        if not (folder / "gold.json").is_file():
            continue
        beads = json.loads((folder / "gold.json").read_text("utf-8"))[start : start + COUNT]
        texts = {code: (folder / f"{code}.txt").read_text("utf-8").rstrip("\n").split("\n\n") for code in LANGUAGES}
        if beads:
            yield {
                code: [
                    Unit(b["id"], KINDS.get(b["kind"], "body"), " ".join(texts[code][i] for i in b[code]))
                    for b in beads
                    if b[code]
                ]
                for code in LANGUAGES
            }


def owners(rendering: Damaged) -> dict[int, str]:
    """Return for each character which unit it belongs to."""
    return {i: part.unit for part in rendering.segments for i in range(part.start, part.end)}


def sentences(code: str, rendering: Damaged) -> Sentences:
    """Return the sentences of a damaged text."""
    return sentences_of(segment(Document(code, code, rendering.text)))


def rows(pivot: Damaged, others: Sequence[tuple[str, Damaged]], related: bool) -> Iterator[tuple[Array, Array, Array]]:
    """Give features, targets (the share of the pivot paragraph that is right) and weights for each other version."""
    left = sentences("zh", pivot)
    versions = [left, *(sentences(code, other) for code, other in others)]
    unit_of = owners(pivot)
    held = [
        [unit_of.get(i, "") for span in p.spans for i in range(span.start, span.end) if not pivot.text[i].isspace()]
        for p in left.source.paragraphs
    ]
    paths = registry.get("coverage")(versions, silent)
    for v in range(1, len(versions)):
        own = owners(others[v - 1][1])
        links = paths[0, v].links
        targets, weights = [], []
        for link in links:
            units = held[left.items[link.pivot[0]].paragraph]
            unit = own.get(versions[v].items[link.other[0]].segment.start, "-")
            targets.append(sum(u == unit for u in units) / max(len(units), 1) if related else 0.0)
            weights.append(float(sum(versions[v].items[j].length for j in link.other)))
        if links:
            yield features(links), np.array(targets), np.array(weights)


def sample(root: Path, starts: Sequence[int], seed: int, gaps: int) -> tuple[Array, Array, Array]:
    """Return features, targets and weights of related and unrelated pairs."""
    parts: list[tuple[Array, Array, Array]] = []
    for start in starts:
        found = list(chapters(root, start))
        for k, units in enumerate(found):
            if gaps:
                units = {**units, "zh": [unit for n, unit in enumerate(units["zh"]) if n % gaps != seed % gaps]}
            for level in LEVELS:
                made = disturb(units, rates=level, seed=seed + start)
                parts += rows(made["zh"], [(code, made[code]) for code in LANGUAGES[1:]], True)
                if level == "light" and len(found) > 1:
                    stranger = disturb(found[(k + 1) % len(found)], rates=level, seed=seed + start)
                    parts += rows(made["zh"], [("en", stranger["en"])], False)
                    parts += rows(made["zh"], [("fr", stranger["fr"]), ("es", stranger["es"])], False)
        print(f"  chapters from {start} on: {len(parts)} pairs", file=sys.stderr)
    # Each pair counts alike, however long; strangers together as much as a fifth of the versions.
    return (
        np.concatenate([x for x, _, _ in parts]),
        np.concatenate([y for _, y, _ in parts]),
        np.concatenate([w / w.sum() for _, _, w in parts]),
    )


def fit(x: Array, y: Array, w: Array) -> Array:
    """Return the weights of a logistic regression by Newton's method, slightly held back."""
    beta = np.zeros(x.shape[1])
    hold = np.eye(x.shape[1]) * 1e-3 * w.sum()
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-(x @ beta)))
        gradient = x.T @ (w * (y - p)) - hold @ beta
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + hold
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def calibration_error(x: Array, y: Array, w: Array, beta: Array) -> float:
    """Return the expected calibration error over ten bins."""
    p = 1 / (1 + np.exp(-(x @ beta)))
    bins = np.minimum((p * 10).astype(int), 9)
    gaps = [abs(float((w[bins == b] * (p[bins == b] - y[bins == b])).sum())) for b in range(10)]
    return sum(gaps) / float(w.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sets", type=int, default=3, help="stretches of each manual to fit on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gaps", type=int, default=0, help="leave every N-th paragraph of the pivot out")
    options = parser.parse_args()
    root = shared_root()
    if root is None:
        sys.exit("the measuring texts are missing: set TETRAPLA_SHARED to their folder")
    starts = [k * 2 * COUNT for k in range(options.sets)]
    x, y, w = sample(root / "corpora", starts, options.seed, options.gaps)
    beta = fit(x, y, w)
    print("WEIGHTS = np.array([" + ", ".join(f"{b:.2f}" for b in beta) + "])", "  #", ", ".join(FEATURES))
    print(f"expected calibration error, fitted on: {calibration_error(x, y, w, beta):.3f}")
    x, y, w = sample(root / "corpora", [start + COUNT for start in starts[:2]], options.seed + 1, options.gaps)
    print(f"expected calibration error, held out:  {calibration_error(x, y, w, beta):.3f}")


if __name__ == "__main__":
    main()
