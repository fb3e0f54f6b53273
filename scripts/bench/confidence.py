"""Fit the curves that turn what a link earns into a probability; print the weights for tetrapla.align.confidence.

    python scripts/bench/confidence.py [--data DIR] [--seeds 3] [--hold-out CORPUS]

Takes the parallel manuals in DIR/corpora (by default `shared_root()`): stretches of them through DIR/eval/disturb.py at
every level are versions of each other, stretches of different manuals are not. Prints the weights, and the expected
calibration error by level and the share of strangers linked, of a manual that was not fitted on where one is named.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tetrapla.align import Group
from tetrapla.align.backends.coverage import Settings, find
from tetrapla.align.confidence import RELATED, RIGHT, Features, features
from tetrapla.align.tokens import Sentences, sentences_of
from tetrapla.formats import read_documents
from tetrapla.glossary import load as load_glossary
from tetrapla.pipeline import prepare
from tetrapla.progress import silent
from tetrapla.resources import shared_root

Array = NDArray[np.float64]
LANGUAGES = ("zh", "en", "es", "fr")
LEVELS = ("clean", "light", "paper", "heavy")
COUNT = 120  # paragraphs of a stretch
GAPS = 300  # and of a text with gaps of its own, which is not damaged
MIXED = 0.1  # what a text counts of which only half has a counterpart
HOLD = {"related": 1e-5, "right": 1e-3}  # how much weights are held back
ROUNDS = 80


@dataclass(frozen=True)
class Pair:
    """The links of two texts: features, what is right of each (0..1), weights, and where they come from."""

    features: Features
    right: Array
    weights: Array
    corpora: frozenset[str]
    level: str
    pivot: str


def draws(data: Path, folder: Path, seeds: int) -> Iterator[tuple[str, str, Path]]:
    """Make damaged stretches of all manuals; give corpus, level and folder of each."""
    corpora = [path.parent for path in sorted((data / "corpora").rglob("gold.json"))]
    for corpus, seed in itertools.product(corpora, range(1, seeds + 1)):
        gaps = corpus.name == "gaps"
        name = corpus.parent.name if gaps else corpus.name
        total = len(json.loads((corpus / "gold.json").read_text("utf-8")))
        count = GAPS if gaps else COUNT
        start = random.Random(f"{corpus.name}/{seed}").randrange(max(1, total - count))
        for level in LEVELS[:1] if gaps else LEVELS:
            out = folder / f"{name}-{corpus.name}-{seed}-{level}"
            stretch = ("--start", str(start), "--count", str(count), "--seed", str(seed), "--level", level)
            command = [sys.executable, str(data / "eval" / "disturb.py"), str(corpus), str(out), *stretch]
            subprocess.run(command, check=True, capture_output=True)
            yield name, "gaps" if gaps else level, out


def read(folder: Path) -> dict[str, Sentences]:
    paths = {str(folder / f"{code}.txt"): code for code in LANGUAGES}
    versions, mentions = prepare(read_documents(list(paths), paths), load_glossary())
    return {name: sentences_of(version, mentions[name]) for name, version in versions.items()}


def pairs_of(
    versions: Mapping[str, Sentences],
) -> Iterator[tuple[str, str, Features, Array, Sequence[tuple[int, int]]]]:
    """Align versions; give for every two the features of their links, their lengths and their first sentences."""
    names = list(versions)
    group = Group(list(versions.values()))
    [paths] = find([group], Settings(least=0.0, outlier=np.inf), silent)
    for (x, y), path in paths.items():
        if path.links:
            letters = [sum(group.versions[y].items[j].length for j in link.other) for link in path.links]
            found = features(path.links, path.signs, letters)
            places = [(link.pivot[0], link.other[0]) for link in path.links]
            yield names[x], names[y], found, np.array(letters, dtype=np.float64) + 1, places


def versions_of(name: str, level: str, folder: Path) -> Iterator[Pair]:
    """Give the pairs of a damaged text, all versions together and two by two."""
    versions = read(folder)
    for chosen in (LANGUAGES, ("zh", "en"), ("en", "fr")):
        for a, b, found, weights, places in pairs_of({code: versions[code] for code in chosen}):
            gold = json.loads((folder / f"{a}-{b}.alignment.json").read_text("utf-8"))
            pivot = {i: unit for unit, spans in gold["pivot"]["units"].items() for s, e in spans for i in range(s, e)}
            other = {i: unit for s, e, unit in gold["other"]["segments"] for i in range(s, e)}
            right = [share(versions[a], i, versions[b], j, pivot, other) for i, j in places]
            yield Pair(found, np.array(right), weights, frozenset({name}), level, a)


def share(a: Sentences, i: int, b: Sentences, j: int, pivot: Mapping[int, str], other: Mapping[int, str]) -> float:
    """Return the share of the paragraph of a sentence of a that is the counterpart of a sentence of b."""
    unit = other.get(b.items[j].segment.start, "")
    source = a.source
    text = source.document.text
    spans = source.paragraphs[a.items[i].paragraph].spans
    held = [pivot.get(k, "") == unit for span in spans for k in range(span.start, span.end) if not text[k].isspace()]
    return sum(held) / max(len(held), 1)


def strangers_of(one: tuple[str, Path], two: tuple[str, Path]) -> Iterator[Pair]:
    """Give the pairs of two texts that are no versions of each other."""
    ours, theirs = read(one[1]), read(two[1])
    for left, right in ((["zh"], ["en"]), (["zh"], ["es", "fr"]), (["en"], ["fr"]), (["zh"], ["zh"])):
        versions = {f"1-{code}": ours[code] for code in left} | {f"2-{code}": theirs[code] for code in right}
        for a, b, found, weights, _ in pairs_of(versions):
            if a[0] != b[0]:
                yield Pair(found, np.zeros(len(weights)), weights, frozenset({one[0], two[0]}), "strangers", a[2:])


def halves(versions: Sequence[Pair], strangers: Sequence[Pair]) -> Iterator[tuple[Array, Array, Array]]:
    """Give texts of which only the first half has a counterpart: features of being related, answers, weights."""
    chance = random.Random(0)
    for pair in versions:
        other = chance.choice(strangers)
        n = len(pair.weights) // 2
        m = min(len(other.weights), max(n, 5))
        rows = np.concatenate([pair.features.related[:n], other.features.related[:m]])
        weights = np.concatenate([pair.weights[:n], other.weights[:m]])
        # What is said of the texts on the whole is the mean of both.
        for column, name in enumerate(RELATED):
            if name in ("texts", "claimed", "beaten"):
                rows[:, column] = np.average(rows[:, column], weights=weights)
        yield rows, np.concatenate([np.ones(n), np.zeros(m)]), weights


def fit(parts: Sequence[tuple[Array, Array, Array]], counts: Iterable[float], hold: float) -> Array:
    """Return the weights of a logistic regression by Newton's method; each part counts as much as `counts` says."""
    x = np.concatenate([part[0] for part in parts])
    y = np.concatenate([part[1] for part in parts])
    w = np.concatenate([part[2] / part[2].sum() * count for part, count in zip(parts, counts, strict=True)])
    beta = np.zeros(x.shape[1])
    back = np.eye(x.shape[1]) * hold * w.sum()
    for _ in range(ROUNDS):
        p = curve(x, beta)
        step = np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + back, x.T @ (w * (y - p)) - back @ beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def curve(x: Array, beta: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
    return result


def fitted(versions: Sequence[Pair], strangers: Sequence[Pair]) -> tuple[Array, Array]:
    """Return the weights of both curves."""
    said = [(pair.features.related, np.ones(len(pair.weights)), pair.weights) for pair in versions]
    unsaid = [(pair.features.related, np.zeros(len(pair.weights)), pair.weights) for pair in strangers]
    mixed = list(halves(versions, strangers))
    counts = [1.0] * len(said) + [2.0] * len(unsaid) + [MIXED] * len(mixed)
    right = [(pair.features.right, pair.right, pair.weights) for pair in versions]
    return fit([*said, *unsaid, *mixed], counts, HOLD["related"]), fit(right, [1.0] * len(right), HOLD["right"])


def calibration_error(pair: Pair, chance: Array) -> float:
    """Return the expected calibration error over ten bins."""
    bins = np.minimum((chance * 10).astype(int), 9)
    gaps = [abs(float((pair.weights * (chance - pair.right))[bins == b].sum())) for b in range(10)]
    return sum(gaps) / float(pair.weights.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, help="folder with corpora/ and eval/disturb.py")
    parser.add_argument("--seeds", type=int, default=3, help="stretches of each manual (default: %(default)s)")
    parser.add_argument("--hold-out", metavar="CORPUS", help="fit without this manual and measure on it")
    options = parser.parse_args()
    data = options.data or shared_root()
    if data is None or not (data / "eval" / "disturb.py").is_file():
        sys.exit("the measuring texts are missing: name their folder with --data, or set TETRAPLA_SHARED")
    versions: list[Pair] = []
    strangers: list[Pair] = []
    with tempfile.TemporaryDirectory() as folder:
        made = list(draws(data, Path(folder), options.seeds))
        for name, level, out in made:
            versions += versions_of(name, level, out)
            print(f"  {out.name}: {len(versions)} pairs", file=sys.stderr)
        for level in ("clean", "paper"):
            texts = [(name, out) for name, kind, out in made if kind == level]
            for (one, two), _ in zip(itertools.combinations(texts, 2), range(6 * options.seeds), strict=False):
                strangers += strangers_of(one, two) if one[0] != two[0] else ()
    # Paragraphs of the pivot that are cut wrongly are no fault of a link, and only the Chinese are hardly ever.
    known = [pair for pair in versions if pair.pivot == "zh" and options.hold_out not in pair.corpora]
    related, right = fitted(known, [pair for pair in strangers if options.hold_out not in pair.corpora])
    for title, names, weights in (("RELATED", RELATED, related), ("RIGHT", RIGHT, right)):
        print(f"{title}_WEIGHTS = np.array([{', '.join(f'{b:.2f}' for b in weights)}])", "  #", ", ".join(names))
    errors: dict[str, list[float]] = defaultdict(list)
    for pair in versions:
        if pair.pivot == "zh" and options.hold_out in {None, *pair.corpora}:
            chance = curve(pair.features.right, right) * curve(pair.features.related, related)
            errors[pair.level].append(calibration_error(pair, chance))
    for level, found in errors.items():
        print(f"{level}: expected calibration error {np.mean(found):.3f}, at most {max(found):.3f}")
    linked = [
        float((pair.weights * (curve(pair.features.right, right) * curve(pair.features.related, related) > 0.5)).sum())
        / float(pair.weights.sum())
        for pair in strangers
        if options.hold_out in {None, *pair.corpora}
    ]
    print(f"strangers: {np.mean(linked):.4f} of the links above 0.5, at most {max(linked):.4f}")


if __name__ == "__main__":
    main()
