"""The words that stand near hits more often than chance would have it, by logDice.

logDice = 14 + log2(2 f(xy) / (f(x) + f(y))), where f(xy) counts the hits that have the word within the window (Rychlý,
"A Lexicographer-Friendly Association Score", 2008): 14 at most, one more for each doubling, and the same in corpora of
any size. Each language has figures of its own. Where no blanks part words, they are those that the rules of the
language cut (of Chinese jieba's), and f(y) is how often their characters stand in the texts.
"""

from __future__ import annotations

import itertools
import json
import math
import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tetrapla import languages
from tetrapla.query._evaluate import Place
from tetrapla.query._plan import Plan
from tetrapla.query._results import Row, Rows
from tetrapla.query._search import fitting
from tetrapla.store import words

__all__ = ["Collocation", "collocations", "log_dice"]

# Words of a language that are given. Which ones is told by how often they stand in all languages, which is known at
# once; how often in their own, which takes a count of each, can only raise their score.
MOST = 300


@dataclass(frozen=True)
class Collocation(Row):
    """A word near hits: at how many of them (`left`, `right`: on which side), and how often it stands in all texts."""

    language: str
    word: str
    hits: int
    left: int
    right: int
    frequency: int
    log_dice: float


def log_dice(both: int, one: int, other: int) -> float:
    """Return the logDice of two things that occur so often, and together so often.

    >>> log_dice(10, 10, 10), round(log_dice(1, 1000, 1000), 2)
    (14.0, 4.03)
    """
    return 14 + math.log2(2 * both / (one + other))


def collocations(
    connection: sqlite3.Connection, plan: Plan, *, window: int, minimum: int, wanted: Sequence[str] | None
) -> Rows[Collocation]:
    """Return the words within `window` words of hits, at `minimum` hits at least, by language and logDice.

    `wanted` are the languages that are asked for, None for all.
    """
    of_document = dict(connection.execute("SELECT id, language FROM live"))
    hits: Counter[str] = Counter()
    near: dict[str, tuple[Counter[str], ...]] = {}
    for unit, found in fitting(connection, plan, text=True):
        for passage in unit:
            own = [place for place in found if place.passage == passage.id]
            code = of_document.get(_document(connection, passage.id)) if own else None
            if code is None or (wanted is not None and code not in wanted):
                continue
            hits[code] += len(own)
            counters = near.setdefault(code, (Counter(), Counter(), Counter()))
            for left, right in _windows(passage.text, code, own, window):
                for counter, around in zip(counters, (left | right, left, right), strict=True):
                    counter.update(around)
    rows = []
    for code, (both, before, behind) in near.items():
        candidates = _best(connection, {word: n for word, n in both.items() if n >= minimum}, hits[code], code)
        totals = _totals(connection, candidates, code)
        for word in candidates:
            # A word between two hits is near both.
            total = max(totals.get(word, 0), both[word])
            score = log_dice(both[word], hits[code], total)
            rows.append(Collocation(code, word, both[word], before[word], behind[word], total, score))
    return Rows(sorted(rows, key=lambda row: (row.language, -row.log_dice, row.word)))


def _best(connection: sqlite3.Connection, near: Mapping[str, int], hits: int, code: str) -> list[str]:
    """Return the words that are looked at of those near hits."""
    if len(near) <= MOST or not languages.get(code).joiner:
        return sorted(near, key=lambda word: (-near[word], word))[: 10 * MOST]
    totals = _everywhere(connection, list(near))
    scores = {word: log_dice(count, hits, max(totals.get(word, 0), count)) for word, count in near.items()}
    return sorted(near, key=lambda word: (-scores[word], word))[:MOST]


def _everywhere(connection: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, int]:
    """Return how often words stand in all texts of all languages."""
    sql = "SELECT term, cnt FROM json_each(?) AS w CROSS JOIN temp.vocabulary AS v ON v.term = w.value"
    return dict(connection.execute(sql, (json.dumps(wanted),)))


def _document(connection: sqlite3.Connection, passage: int) -> int:
    return int(connection.execute("SELECT document FROM passage WHERE id = ?", (passage,)).fetchone()[0])


def _windows(text: str, code: str, places: Iterable[Place], window: int) -> Iterable[tuple[set[str], set[str]]]:
    """Yield the words before and behind each place, without marks, numbers and single letters."""
    found = _cut(text, code)
    starts, ends = [start for start, _, _ in found], [end for _, end, _ in found]
    for place in places:
        before = bisect_right(ends, place.start)
        behind = bisect_left(starts, place.end)
        left = {word for *_, word in found[max(0, before - window) : before]}
        right = {word for *_, word in found[behind : behind + window]}
        yield {word for word in left if _tells(word)}, {word for word in right if _tells(word)}


def _cut(text: str, code: str) -> Sequence[tuple[int, int, str]]:
    rules = languages.get(code)
    if rules.joiner:
        return list(words(text))
    return [(word.start, word.end, word.stem) for word in rules.words(text)]


def _tells(word: str) -> bool:
    return not word.isdigit() and (len(word) > 1 or not word.isascii())


def _totals(connection: sqlite3.Connection, candidates: Sequence[str], code: str) -> dict[str, int]:
    """Return how often words stand in all texts of a language."""
    if not languages.get(code).joiner:
        return _totals_of_characters(connection, candidates, code)
    others = connection.execute("SELECT 1 FROM document WHERE language <> ? LIMIT 1", (code,)).fetchone()
    if not others:
        return _everywhere(connection, candidates)
    sql = (
        "SELECT i.term, count(*) FROM json_each(?) AS w CROSS JOIN temp.instance AS i ON i.term = w.value "
        "CROSS JOIN passage AS p ON p.id = i.doc WHERE p.document IN (SELECT id FROM live WHERE language = ?) "
        "GROUP BY i.term"
    )
    return dict(connection.execute(sql, (json.dumps(candidates), code)))


def _totals_of_characters(connection: sqlite3.Connection, candidates: Sequence[str], code: str) -> dict[str, int]:
    from ahocorasick_rs import AhoCorasick

    if not candidates:
        return {}
    automaton = AhoCorasick(list(candidates))
    texts = connection.execute(
        "SELECT text FROM passage WHERE document IN (SELECT id FROM live WHERE language = ?)", (code,)
    )
    found = (automaton.find_matches_as_indexes(text, overlapping=True) for (text,) in texts)
    counts = Counter(index for index, *_ in itertools.chain.from_iterable(found))
    return {candidates[index]: count for index, count in counts.items()}
