"""Sentences cut where a border of the pivot's paragraphs falls inside them.

Where a page lost a break, a heading and the sentence below it, or the ends of two paragraphs, run together into what
looks like one sentence. If a link spans two paragraphs of the pivot, or the sentence next to it in another paragraph
is linked with nothing, the words tell where the one ends: those before the cut have their counterparts in the first
paragraph, those after it in the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tetrapla import languages
from tetrapla.align._backend import Fixed, Pair, Path
from tetrapla.align.links import Links
from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentence, Sentences, Token, piece_of

__all__ = ["with_borders"]

Array = NDArray[np.float64]

LEAST = 0.03  # what a cut must gain, as a share of what all words of the sentence weigh
COVERED = 0.15  # and of what the passage before it, and after it, weighs it must cover


class _Cut(NamedTuple):
    """A sentence of the other version, the place in its text where it is cut, and which sentences both parts render."""

    other: int
    at: int
    before: tuple[int, ...]
    after: tuple[int, ...]


def with_borders(
    group: Sequence[Sentences], paths: Mapping[Pair, Path], fixed: Mapping[Pair, Fixed]
) -> tuple[list[Sentences], dict[Pair, Path], dict[Pair, Fixed]]:
    """Return versions, the pivot first, with such sentences cut, and paths and decisions by their new numbers."""
    versions = [group[0]]
    numbers: list[list[tuple[int, ...]]] = [[(i,) for i in range(len(group[0]))]]
    cuts: dict[int, dict[int, _Cut]] = {}
    for y in range(1, len(group)):
        decided = {j for (_, b), known in fixed.items() if b == y for _, other in known.confirmed for j in other}
        cuts[y] = {cut.other: cut for cut in _cuts(group[0], group[y], paths[0, y]) if cut.other not in decided}
        items: list[Sentence] = []
        new: list[tuple[int, ...]] = []
        for j, sentence in enumerate(group[y].items):
            pieces = _pieces(group[y], sentence, cuts[y][j]) if j in cuts[y] else (sentence,)
            new.append(tuple(range(len(items), len(items) + len(pieces))))
            items += pieces
        versions.append(group[y].with_items(items))
        numbers.append(new)
    moved = {}
    for (x, y), path in paths.items():
        links = [_moved(link, numbers[x], numbers[y]) for link in path.links]
        moved[x, y] = (
            _divided(replace(path, links=links), path, cuts[y], numbers[y]) if x == 0 else replace(path, links=links)
        )
    return versions, moved, {pair: _renumbered(known, numbers, pair) for pair, known in fixed.items()}


def _pieces(version: Sentences, sentence: Sentence, cut: _Cut) -> tuple[Sentence, ...]:
    return piece_of(version, sentence, 0, cut.at), piece_of(version, sentence, cut.at, len(sentence.text))


def _moved(link: Link, first: Sequence[tuple[int, ...]], second: Sequence[tuple[int, ...]]) -> Link:
    return Link(
        tuple(k for i in link.pivot for k in first[i]), tuple(k for j in link.other for k in second[j]), link.gain
    )


def _renumbered(known: Fixed, numbers: Sequence[Sequence[tuple[int, ...]]], pair: Pair) -> Fixed:
    def new(some: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[tuple[Sequence[int], Sequence[int]]]:
        first, second = numbers[pair[0]], numbers[pair[1]]
        return [([k for i in a for k in first[i]], [k for j in b for k in second[j]]) for a, b in some]

    return Fixed(new(known.confirmed), new(known.refused))


def _divided(moved: Path, path: Path, cuts: Mapping[int, _Cut], numbers: Sequence[tuple[int, ...]]) -> Path:
    """Return the path with each link of a sentence that was cut in two."""
    links, probabilities, signs = [], [], []
    for k, (link, old) in enumerate(zip(moved.links, path.links, strict=True)):
        cut = cuts.get(old.other[0]) if len(old.other) == 1 else None
        parts = [link]
        if cut is not None:
            first, second = numbers[cut.other]
            parts = [replace(link, pivot=cut.before, other=(first,)), replace(link, pivot=cut.after, other=(second,))]
        links += parts
        probabilities += [path.probabilities[k]] * len(parts)
        signs += [path.signs[k]] * len(parts) if path.signs else []
    return replace(moved, links=links, probabilities=probabilities, signs=signs)


def _cuts(pivot: Sentences, other: Sentences, path: Path) -> list[_Cut]:
    held = {i for link in path.links for i in link.pivot}, {j for link in path.links for j in link.other}
    weigh = _Weights(pivot, other, path.words)
    found = []
    for link in path.links:
        # A sentence that goes over a tear of the page is left whole.
        if len(link.other) != 1 or len(other.items[link.other[0]].segment.spans) != 1:
            continue
        best: tuple[float, _Cut] | None = None
        for before, after in _borders(pivot, link, *held, last=len(other) - 1):
            at, gain = weigh.cut(before, after, link.other[0])
            if gain >= LEAST and (best is None or gain > best[0]):
                best = gain, _Cut(link.other[0], at, before, after)
        if best is not None:
            found.append(best[1])
    return found


def _borders(
    pivot: Sentences, link: Link, held: set[int], held_other: set[int], *, last: int
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return which sentences of the pivot may lie before, and which behind, a border inside a link.

    A neighbour in the pivot that is linked with nothing counts only if the other version has no such neighbour there,
    which would be its counterpart.
    """
    paragraphs = [pivot.items[i].paragraph for i in link.pivot]
    inner = [k for k in range(1, len(paragraphs)) if paragraphs[k - 1] != paragraphs[k]]
    if inner:
        return [(link.pivot[:k], link.pivot[k:]) for k in inner]
    borders: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    low, high = link.pivot[0] - 1, link.pivot[-1] + 1
    j = link.other[0]
    if low >= 0 and low not in held and pivot.items[low].paragraph != paragraphs[0] and (j == 0 or j - 1 in held_other):
        borders.append(((low,), link.pivot))
    free = high < len(pivot) and high not in held and pivot.items[high].paragraph != paragraphs[-1]
    if free and (j == last or j + 1 in held_other):
        borders.append((link.pivot, (high,)))
    return borders


class _Weights:
    """What the words of a sentence weigh, and how much of that passages of the pivot cover."""

    def __init__(self, pivot: Sentences, other: Sentences, words: Links) -> None:
        self.pivot, self.other = pivot, other
        self.words = words
        self.language = languages.get(other.language)

    def cut(self, before: Sequence[int], after: Sequence[int], j: int) -> tuple[int, float]:
        """Return the best place of a cut in the text of a sentence, and what it gains (a share of its weight)."""
        text = self.other.items[j].text
        words = self.language.words(text)
        tokens: list[Token] = [(self.other.language, word.stem) for word in words]
        if len(words) < 3:
            return 0, 0.0
        idf = np.array([_idf(self.other, token) for token in tokens])
        first, second = (self._covered(passage, tokens) * idf for passage in (before, after))
        # F(k): the first k words stand for the first passage, the others for the second.
        split = np.concatenate([[0.0], np.cumsum(first)]) + np.concatenate([np.cumsum(second[::-1])[::-1], [0.0]])
        whole = float(idf.sum())
        inside = split[1:-1]
        gain = (float(inside.max()) - max(float(first.sum()), float(second.sum()))) / max(whole, 1e-6)
        ties = [k for k in range(1, len(words)) if split[k] >= inside.max() - 1e-9]
        k = max(ties, key=lambda k: (_likely(text, words[k - 1].end, words[k].start), -k))
        sound = all(
            self._rendered(passage, tokens[low:high]) >= COVERED
            for passage, low, high in ((before, 0, k), (after, k, len(words)))
        )
        return words[k].start, gain if sound else 0.0

    def _covered(self, passage: Sequence[int], tokens: Sequence[Token]) -> Array:
        """Return how well a passage of the pivot covers each of some tokens of the other version (0..1)."""
        known: dict[int, float] = {}
        for number in {self.pivot.vocabulary[token] for i in passage for token in self.pivot.items[i].tokens}:
            for target, weight in self.words.get(number, {}).items():
                known[target] = max(weight, known.get(target, 0.0))
        numbers = [self.other.vocabulary.get(token, -1) for token in tokens]
        return np.array([known.get(number, 0.0) for number in numbers])

    def _rendered(self, passage: Sequence[int], tokens: Sequence[Token]) -> float:
        """Return the share of a passage of the pivot, by weight, that some tokens of the other version cover (0..1)."""
        there = {self.other.vocabulary[token] for token in tokens if token in self.other.vocabulary}
        total = covered = 0.0
        for token in {token for i in passage for token in self.pivot.items[i].tokens}:
            weight = _idf(self.pivot, token)
            found = self.words.get(self.pivot.vocabulary[token], {})
            total += weight
            covered += weight * max((found[number] for number in there & found.keys()), default=0.0)
        return covered / max(total, 1e-6)


def _idf(version: Sentences, token: Token) -> float:
    return float(np.log((len(version) + 1) / (version.frequency[token] + 0.5))) + 0.05


def _likely(text: str, end: int, start: int) -> int:
    """Return how much the text itself looks like a border between two words."""
    return 2 * any(mark in ".:;!?" for mark in text[end:start]) + (not text[start].islower())
