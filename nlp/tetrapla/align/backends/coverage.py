"""Sparse bags of words, glossary and lexicon, a lexicon learnt on the way, votes between the versions."""

from __future__ import annotations

import pathlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tetrapla import lexicon
from tetrapla.align import embed
from tetrapla.align._backend import NO_OPTIONS, Fixed, Group, Options, Pair, Path, Signs, registry
from tetrapla.align.confidence import probabilities
from tetrapla.align.coverage import Coverage, LinkTable, Matrix, bags_of, coverage_of, link_table
from tetrapla.align.learn import learnt_links
from tetrapla.align.links import Links, first_links, join_links
from tetrapla.align.order import Link, Prices, background_of, best_path, drift_of, expected_of, gains_of
from tetrapla.align.parts import Part, joined, parts_of
from tetrapla.align.tokens import Sentences
from tetrapla.align.votes import votes_for
from tetrapla.progress import Progress

__all__ = ["IN_ORDER", "Settings", "find"]

Ints = NDArray[np.int64]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """What the aligner is made of; scripts/bench/ablation.py measures it without each.

    rounds: times, at most, that a lexicon is learnt and the versions are aligned again;
    settled: when a smaller share of the links changes there is nothing left to learn;
    vote: what the other versions' votes count beside direct evidence;
    strange: what speaks against linking a reference with anything else;
    least: a link less probable is none, for between strangers nearly all are;
    outlier: nor one whose odds are so many times worse than those of the usual link of its texts;
    lexicon: whether the general one is asked;
    drift: what speaks against linking what stands out of order, for each length of the pivot;
    related: whether the versions are known to say the same;
    usual: what one sentence linked with one stands out above the background in the texts that the price of a merge
    is meant for, None where that price is the same for all.
    """

    prices: Prices = field(default_factory=Prices)
    rounds: int = 2
    settled: float = 0.0
    vote: float = 0.4
    strange: float = 1.0
    least: float = 0.4
    outlier: float = 4.5
    lexicon: bool = True
    drift: float = 0.2
    related: bool = False
    usual: float | None = None


# Lines that are sentences and keep their order: merges are real here, and no block earns a jump.
IN_ORDER = Settings(
    Prices(
        extra=0.08,
        skip_pivot=0.06,
        skip_other=0.06,
        near=np.inf,
        jump=np.inf,
        length=0.12,
        floor=-0.05,
        information=0.7,
        sizes=((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (1, 4), (4, 1), (2, 3), (3, 2), (2, 4), (4, 2)),
    ),
    rounds=3,
    settled=0.05,
    least=0.0,
    drift=0.0,
    outlier=np.inf,
    related=True,
    usual=0.22,
)
USUAL_SHARE = (0.2, 3.0)  # a text says by no more than this what merges cost in it
SAME = 0.8  # what two sentences cover of each other, above the background, that say the same word for word
DECIDED = 5.0  # what a person's word earns or costs: more than any evidence


@registry.add("coverage")
def coverage(
    groups: Sequence[Group], progress: Progress, options: Options = NO_OPTIONS
) -> Sequence[Mapping[Pair, Path]]:
    """Return the links of every two versions, whatever order their parts stand in."""
    return find(groups, Settings(), progress, options)


@registry.add("coverage-in-order")
def coverage_in_order(
    groups: Sequence[Group], progress: Progress, options: Options = NO_OPTIONS
) -> Sequence[Mapping[Pair, Path]]:
    """Return the links of every two versions that say the same in the same order."""
    return find(groups, IN_ORDER, progress, options)


def find(
    groups: Sequence[Group], settings: Settings, progress: Progress, options: Options = NO_OPTIONS
) -> list[Mapping[Pair, Path]]:
    """Return the links of every two versions of each group."""
    # Joined once: links that a lexicon has worked out are kept with it.
    known = lexicon.load() if options.lexicon is None else lexicon.joined([lexicon.load(), options.lexicon])
    works = [_Work(group, settings, known) for group in groups]
    if options.model is not None:
        for work in works:
            work.embed(options.model, progress)
    done, total = 0, len(works) * (settings.rounds + 1)
    for turn in range(settings.rounds + 1):
        for work in works:
            work.align()
            done += 1
            progress("align", done, total)
        if turn == settings.rounds or (turn and all(work.changed < settings.settled for work in works)):
            break
        _learn(works)
    progress("align", total, total)
    return [work.paths() for work in works]


class _Work:
    """A group of versions while they are aligned: what is known of them, and the links of the last turn."""

    def __init__(self, group: Group, settings: Settings, known: lexicon.Lexicon) -> None:
        self.versions = group.versions
        self.fixed = group.fixed
        self.settings = settings
        self.pairs = list(combinations(range(len(group.versions)), 2))
        self.general = {pair: _general(group.versions, pair, settings, known) for pair in self.pairs}
        self.words = dict(self.general)
        self.bags = [bags_of(version) for version in group.versions]
        self.lengths = [np.array([s.length for s in version.items], dtype=np.float64) for version in group.versions]
        self.references = [_references(version) for version in group.versions]
        tables = {y: link_table(self.general[0, y]) for y in range(1, len(group.versions))}
        self.parts = parts_of(self.bags, tables, settings.prices, settings.drift)
        self.found: dict[Pair, list[Link]] = {}
        self.signs: dict[Pair, dict[Link, Signs]] = {pair: {} for pair in self.pairs}
        self.changed = 1.0  # the share of the links that the last turn found anew
        # Where each sentence of the second version would stand in the first, in the same order; by pair and part.
        self.expected: dict[tuple[Pair, int], Array] = {}
        self.vectors: list[Matrix] = []
        # How much the model counts, by pair; while it is None pairs are gathered to judge the model by.
        self.trust: dict[Pair, float] | None = None
        self.samples: dict[Pair, list[embed.Sample]] = {pair: [] for pair in self.pairs}

    def embed(self, model: str | pathlib.Path, progress: Progress) -> None:
        """Ask a model, too, from the next turn on, and as much as it agrees with what words tell for sure."""
        texts = [sentence.text for version in self.versions for sentence in version.items]
        rows = embed.vectors(texts, model, progress=progress)
        ends = np.cumsum([len(version) for version in self.versions])[:-1]
        self.vectors = np.split(rows, ends)
        self.align()
        self.trust = {pair: embed.weight(samples) for pair, samples in self.samples.items()}
        self.found, self.samples = {}, {}

    def align(self) -> None:
        """Find the links of every two versions, with the words and the votes that there are by now."""
        prices = {pair: self._prices(pair) for pair in self.pairs}
        self.signs = {pair: {} for pair in self.pairs}
        tables = {pair: link_table(self.words[pair]) for pair in self.pairs}
        found: dict[Pair, list[list[Link]]] = {pair: [] for pair in self.pairs}
        for number, part in enumerate(self.parts):
            for pair, links in self._align_part(number, part, tables, prices).items():
                found[pair].append(links)
        before = self.found
        self.found = {pair: joined(links) if len(links) > 1 else links[0] for pair, links in found.items()}
        self.changed = _changed(before, self.found)

    def _prices(self, pair: Pair) -> Prices:
        """Return the prices for two versions: the more sentences say of each other, the more a merge must earn.

        Where translation is close a stray sentence beside a sound pair looks like half a merge; where it is free, or
        little is known of the words, real merges earn no more than that.
        """
        prices, usual = self.settings.prices, self.settings.usual
        single = [sign.words for link, sign in self.signs[pair].items() if len(link.pivot) == len(link.other) == 1]
        if usual is None or not single:
            return prices
        least, most = USUAL_SHARE
        return replace(prices, extra=prices.extra * min(max(sum(single) / len(single) / usual, least), most))

    def _align_part(
        self, number: int, part: Part, tables: Mapping[Pair, LinkTable], prices: Mapping[Pair, Prices]
    ) -> dict[Pair, list[Link]]:
        bags = [bag.part(sentences) for bag, sentences in zip(self.bags, part, strict=True)]
        covered = {
            (x, y): coverage_of(bags[x], bags[y], tables[x, y], most=self.settings.prices.most) for x, y in self.pairs
        }
        before = {(x, y): _inside(self.found[x, y], part[x], part[y]) for x, y in self.pairs} if self.found else {}
        margins = {pair: _margin(covered[pair]) for pair in self.pairs}
        # Votes take a third version, and a way through it from the turn before.
        voted = bool(before) and len(part) > 2
        found = {}
        for x, y in self.pairs:
            votes = votes_for((x, y), len(part), margins, before) if voted else None
            lengths = self._lengths(x, y, part)
            extra = self._extra((x, y), part, votes)
            if self.settings.drift:
                extra -= np.float32(self.settings.drift) * self._drift((x, y), number, covered[x, y], lengths, extra)
            decided = _decided(self.fixed[x, y], part[x], part[y]) if (x, y) in self.fixed else None
            links = best_path(covered[x, y], lengths, prices[x, y], extra, decided)
            if self.vectors and self.trust is None:
                lexical = gains_of(covered[x, y], lengths, prices[x, y], extra)[0]
                self.samples[x, y].append(embed.sample(self._alike((x, y), part), lexical, links))
            signs = _signs(links, margins[x, y], votes, part[x])
            found[x, y] = [_moved(link, part[x], part[y]) for link in links]
            self.signs[x, y].update(zip(found[x, y], signs, strict=True))
        return found

    def _lengths(self, x: int, y: int, part: Part) -> tuple[Array, Array]:
        """Return the lengths of sentences, those of the second version scaled to the total of the first."""
        ratio = self.lengths[x].sum() / max(self.lengths[y].sum(), 1.0)
        return self.lengths[x][part[x]], self.lengths[y][part[y]] * ratio

    def _drift(self, pair: Pair, number: int, covered: Coverage, lengths: tuple[Array, Array], extra: Matrix) -> Matrix:
        """Return how far each two sentences of a part stand out of order; the order is that of the first turn."""
        if (pair, number) not in self.expected:
            self.expected[pair, number] = expected_of(covered, lengths, self.settings.prices, extra)
        return drift_of(self.expected[pair, number], covered.weight_a.size)

    def _alike(self, pair: Pair, part: Part) -> Matrix:
        """Return how alike the model finds each two sentences, above the background."""
        return embed.margins(self.vectors[pair[0]][part[pair[0]]], self.vectors[pair[1]][part[pair[1]]])

    def _extra(self, pair: Pair, part: Part, votes: Matrix | None) -> Matrix:
        """Return what speaks for each two sentences besides their words: other versions, a model, what they are."""
        rows, columns = part[pair[0]], part[pair[1]]
        # A list of references is full of the words of the text itself.
        differ = self.references[pair[0]][rows][:, None] != self.references[pair[1]][columns][None, :]
        total: Matrix = np.where(differ, np.float32(-self.settings.strange), np.float32(0.0))
        if votes is not None:
            total += np.float32(self.settings.vote) * votes
        if self.trust is not None and self.trust[pair] > 0:
            total += np.float32(self.trust[pair]) * self._alike(pair, part)
        return total

    def paths(self) -> dict[Pair, Path]:
        """Return the links that are not sheer chance, with their probabilities."""
        paths = {}
        for (x, y), links in self.found.items():
            signs = [self.signs[x, y][link] for link in links]
            letters = [sum(self.versions[y].items[j].length for j in link.other) for link in links]
            chances = probabilities(links, signs, letters, related=self.settings.related)
            least = _least(chances, letters, self.settings)
            # A doubtful sentence stays if what stands beside it in its paragraph goes to the same place and is sound,
            # or if hardly a word of it is without its counterpart.
            together = _together(links, self.versions[x], self.versions[y])
            sound = {key for key, chance in zip(together, chances, strict=True) if chance >= least}
            kept = [
                k
                for k, chance in enumerate(chances)
                if chance >= self.settings.least and (together[k] in sound or signs[k].words >= SAME)
            ]
            paths[x, y] = Path(
                [links[k] for k in kept], [chances[k] for k in kept], [signs[k] for k in kept], self.words[x, y]
            )
        return paths


def _learn(works: Sequence[_Work]) -> None:
    """Add to the words of each pair what all links between its two languages teach."""
    same: dict[tuple[str, str], list[tuple[_Work, Pair]]] = defaultdict(list)
    for work in works:
        for x, y in work.pairs:
            same[work.versions[x].language, work.versions[y].language].append((work, (x, y)))
    for members in same.values():
        taught = learnt_links([(w.versions[x], w.versions[y], w.found[x, y]) for w, (x, y) in members])
        for (work, pair), links in zip(members, taught, strict=True):
            work.words[pair] = join_links(work.general[pair], links)


def _changed(before: Mapping[Pair, Sequence[Link]], after: Mapping[Pair, Sequence[Link]]) -> float:
    """Return the share of links that there were not before, whatever they earn (0..1)."""
    known = {(pair, link.pivot, link.other) for pair, links in before.items() for link in links}
    found = [(pair, link.pivot, link.other) for pair, links in after.items() for link in links]
    return sum(link not in known for link in found) / max(len(found), 1)


def _general(versions: Sequence[Sentences], pair: Pair, settings: Settings, known: lexicon.Lexicon) -> Links:
    """Return what is known of the words of two versions before they are aligned."""
    a, b = versions[pair[0]], versions[pair[1]]
    if not settings.lexicon or a.language == b.language or not {a.language, b.language} <= set(known.languages):
        return first_links(a, b, {})
    return first_links(a, b, known.links(a.language, b.language))


def _references(version: Sentences) -> NDArray[np.bool_]:
    paragraphs = version.source.paragraphs
    return np.array([paragraphs[s.paragraph].kind == "references" for s in version.items], dtype=bool)


def _margin(covered: Coverage) -> Matrix:
    """Return how far each two sentences stand out above their background."""
    single = covered.passage(1, 1)
    margin: Matrix = single - background_of(single)
    return margin


def _signs(links: Sequence[Link], margin: Matrix, votes: Matrix | None, rows: Ints) -> list[Signs]:
    """Return what speaks for each link, and for the best place that its sentences could have instead.

    `rows` are the numbers of the sentences of the first version in the whole of it.
    """
    both = margin if votes is None else margin + votes
    signs = []
    for link in links:
        own, first, last = list(link.pivot), link.other[0], link.other[-1] + 1
        words = margin[own, first:last].max(axis=0).mean()
        told = None if votes is None else float(votes[own, first:last].max(axis=0).mean())
        elsewhere = both[:, first:last].mean(axis=1)
        elsewhere[own] = -1.0
        at = int(elsewhere.argmax())
        rival = float(elsewhere[at])
        signs.append(Signs(float(words), told, rival, int(rows[at]) if rival > -1.0 else None))
    return signs


def _together(links: Sequence[Link], a: Sentences, b: Sentences) -> list[tuple[int, int]]:
    """Return for each link the paragraphs of both versions that it is of."""
    return [(a.items[link.pivot[0]].paragraph, b.items[link.other[0]].paragraph) for link in links]


def _least(chances: Sequence[float], letters: Sequence[int], settings: Settings) -> float:
    """Return how probable a link must be: where most are nearly sure, one that is merely likely stands out as wrong."""
    if not chances:
        return settings.least
    order = np.argsort(chances, kind="stable")
    run = np.cumsum(np.array(letters, dtype=np.float64)[order])
    usual = chances[order[int(np.searchsorted(run, run[-1] / 2))]]
    odds = usual / max(1.0 - usual, 1e-6) / settings.outlier
    return max(settings.least, float(odds / (1.0 + odds)))


def _decided(fixed: Fixed, rows: Ints, columns: Ints) -> Matrix:
    """Return what a person's word says for and against each two sentences."""
    table = np.zeros((len(rows), len(columns)), dtype=np.float32)
    for pivot, other in fixed.confirmed:
        own_rows, own_columns = np.isin(rows, pivot), np.isin(columns, other)
        table[own_rows] = -DECIDED
        table[:, own_columns] = -DECIDED
        table[np.ix_(own_rows, own_columns)] = DECIDED
    for pivot, other in fixed.refused:
        table[np.ix_(np.isin(rows, pivot), np.isin(columns, other))] = -DECIDED
    return table


def _inside(links: Sequence[Link], rows: Ints, columns: Ints) -> list[Link]:
    """Return the links between sentences of a part, by their numbers in it; `links` go by the other version."""
    row, column = ({int(number): k for k, number in enumerate(numbers)} for numbers in (rows, columns))
    first = [link.other[0] for link in links]
    low, high = (bisect_left(first, columns[0]), bisect_right(first, columns[-1])) if len(columns) else (0, 0)
    return [
        Link(tuple(row[i] for i in link.pivot), tuple(column[j] for j in link.other), link.gain)
        for link in links[low:high]
        if all(i in row for i in link.pivot) and all(j in column for j in link.other)
    ]


def _moved(link: Link, rows: Ints, columns: Ints) -> Link:
    """Return a link between sentences of a part by their numbers in the versions."""
    return Link(tuple(int(rows[i]) for i in link.pivot), tuple(int(columns[j]) for j in link.other), link.gain)
