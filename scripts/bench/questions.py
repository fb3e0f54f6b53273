"""Questions for an index of made-up text, drawn from what is in it, and how long they take: for `query.py`.

Words and phrases are drawn where they stand, so that frequent ones come more often, as people ask; each question is
asked once before it is timed, as an index that is in use is in memory. All figures are milliseconds.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from quality import table

import tetrapla
from tetrapla.query import Index
from tetrapla.store import words

EACH = 25  # questions of a kind
RUNS = 3  # of each, of which the median counts
HITS = 20


def measured(path: Path) -> str:
    """Return how long questions of each kind take: the first hits with the aligned versions, and the count."""
    rows = []
    all_first, all_counts = [], []
    with tetrapla.open(path) as index:
        for kind, questions in _questions(index).items():
            first = [_timed(lambda q=q: index.query(q, limit=HITS, parallel=True)) for q in questions]  # type: ignore[misc]
            counts = [_timed(lambda q=q: index.count(q)) for q in questions]  # type: ignore[misc]
            hits = [index.count(q) for q in questions]
            all_first += first
            all_counts += counts
            figures = (statistics.median(first), _p95(first), statistics.median(counts), _p95(counts))
            rows.append((f"`{questions[0]}`", kind, f"{statistics.median(hits):,.0f}", *map("{:.1f}".format, figures)))
    figures = (statistics.median(all_first), _p95(all_first), statistics.median(all_counts), _p95(all_counts))
    rows.append(("all", "", "", *map("{:.1f}".format, figures)))
    return table(("such as", "kind", "hits (median)", f"{HITS} hits", "p95", "count", "p95"), rows)


def _timed(ask: Callable[[], object]) -> float:
    ask()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def _p95(times: list[float]) -> float:
    return sorted(times)[min(int(0.95 * len(times)), len(times) - 1)]


def _questions(index: Index) -> dict[str, list[str]]:
    """Return questions by their kind."""
    chance = random.Random(5)
    languages = [str(document["language"]) for source in index.sources() for document in source["documents"]]
    last = max(number for (number,) in index._connection.execute("SELECT max(id) FROM passage"))

    def passage(language: str | None = None) -> str:
        while True:
            found = index.passage(chance.randint(1, last))
            if language in (None, found["language"]) and len(found["text"]) > 100:
                return str(found["text"])

    def run(size: int, language: str) -> str:
        """Return words that stand one after the other in a sentence."""
        while True:
            text = passage(language)
            found = list(words(text))
            at = chance.randrange(len(found) - size)
            stretch = text[found[at].start : found[at + size - 1].end]
            if not set(stretch) & set(".。"):
                return stretch

    def latin() -> str:
        return chance.choice([language for language in languages if language != "zh"])

    def rare() -> Iterator[str]:
        rows = index._connection.execute("SELECT term FROM temp.vocabulary WHERE doc BETWEEN 5 AND 200").fetchall()
        while True:
            yield chance.choice(rows)[0]

    concepts = [record["id"] for record in index.concepts() if record["mentions"]]
    seldom = rare()

    def concept() -> str:
        return f"concept:{chance.choice(concepts)}"

    kinds: dict[str, Callable[[], str]] = {
        "word": lambda: run(1, latin()),
        "rare word": lambda: next(seldom),
        "word, language": lambda: f"{run(1, 'es')} lang:es",
        "beginning of words": lambda: run(1, latin())[:4] + "*",
        "phrase of two": lambda: f'"{run(2, latin())}"',
        "phrase of three": lambda: f'"{run(3, latin())}"',
        "one character": lambda: run(1, "zh"),
        "two characters": lambda: run(2, "zh"),
        "four characters": lambda: run(4, "zh"),
        "two words": lambda: f"{run(1, 'en')} {run(1, 'en')}",
        "near": lambda: f"{run(1, 'en')} near:5 {run(1, 'en')}",
        "or": lambda: f"{run(1, 'fr')} OR {run(1, 'fr')}",
        "not": lambda: f"{run(1, 'fr')} NOT {run(1, 'fr')}",
        "concept": concept,
        "concept, language": lambda: f"{concept()} lang:{latin()}",
        "wrong form": lambda: f"{concept()} status:noise",
        "missing": lambda: f"{concept()} missing:fr",
        "concept and word": lambda: f"{concept()} {run(1, 'en')}",
        "section": lambda: f"section:{chance.randint(1, 100)} {run(1, 'en')}",
        "noise": lambda: f"type:truncation {concept()}",
    }
    return {kind: list(dict.fromkeys(draw() for _ in range(EACH))) for kind, draw in kinds.items()}
