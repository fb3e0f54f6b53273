"""Sparse bags of words, glossary and lexicon, a lexicon learnt on the way, votes between the versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tetrapla import lexicon
from tetrapla.align._backend import NO_OPTIONS, Options, Path, registry
from tetrapla.align.confidence import probabilities
from tetrapla.align.coverage import Coverage, Matrix, coverage_of
from tetrapla.align.embed import similarities
from tetrapla.align.learn import learnt_links
from tetrapla.align.links import first_links, join_links
from tetrapla.align.order import Link, Prices, background_of, best_path
from tetrapla.align.tokens import Sentences
from tetrapla.align.votes import votes_for
from tetrapla.progress import Progress

ROUNDS = 2  # times that a lexicon is learnt and the versions are aligned again
LEAST = 0.3  # a link less probable is none: between strangers nearly all are
VOTE = 0.4  # what the other versions' votes count beside direct evidence
STRANGE = 1.0  # what speaks against linking a reference with anything else
MODEL = 0.4  # and what a model of sentences counts; set like VOTE, not tuned on any model

Pair = tuple[int, int]


# Lines that are sentences and keep their order: merges are real here, and no block earns a jump.
IN_ORDER = Prices(extra=0.08, skip_pivot=0.06, skip_other=0.06, near=2.0, jump=2.0, length=0.12, floor=-0.05)


@registry.add("coverage")
def coverage(versions: Sequence[Sentences], progress: Progress, options: Options = NO_OPTIONS) -> Mapping[Pair, Path]:
    """Return the links of every two versions, whatever order their parts stand in."""
    return _find(versions, Prices(), progress, options)


@registry.add("coverage-in-order")
def coverage_in_order(
    versions: Sequence[Sentences], progress: Progress, options: Options = NO_OPTIONS
) -> Mapping[Pair, Path]:
    """Return the links of every two versions that say the same in the same order."""
    return _find(versions, IN_ORDER, progress, options)


def _find(versions: Sequence[Sentences], prices: Prices, progress: Progress, options: Options) -> Mapping[Pair, Path]:
    pairs = [(x, y) for x in range(len(versions)) for y in range(x + 1, len(versions))]
    alike = similarities(versions, options.model, progress) if options.model is not None else {}
    general = {pair: first_links(versions[pair[0]], versions[pair[1]], _entries(versions, pair)) for pair in pairs}
    lengths = {(x, y): _lengths(versions[x], versions[y]) for x, y in pairs}
    strange = {(x, y): _strange(versions[x], versions[y]) for x, y in pairs}
    links = dict(general)
    paths: dict[Pair, Sequence[Link]] = {}
    done, total = 0, len(pairs) * (ROUNDS + 1)
    for turn in range(ROUNDS + 1):
        covered = {(x, y): coverage_of(versions[x], versions[y], links[x, y]) for x, y in pairs}
        # Votes take a third version, and a way through it from the turn before.
        margins = {pair: _margin(covered[pair]) for pair in pairs} if paths and len(versions) > 2 else {}
        found: dict[Pair, Sequence[Link]] = {}
        for x, y in pairs:
            votes = votes_for((x, y), len(versions), margins, paths) if margins else None
            extra = _added(votes, alike.get((x, y)), strange[x, y])
            found[x, y] = best_path(covered[x, y], lengths[x, y], prices, extra)
            done += 1
            progress("align", done, total)
        paths = found
        if turn < ROUNDS:
            links = {
                (x, y): join_links(general[x, y], learnt_links(versions[x], versions[y], paths[x, y])) for x, y in pairs
            }
    return {pair: _kept(path) for pair, path in paths.items()}


def _margin(covered: Coverage) -> Matrix:
    """Return how far each two sentences stand out above their background."""
    single = covered.passage(1, 1)
    margin: Matrix = single - background_of(single)
    return margin


def _added(votes: Matrix | None, alike: Matrix | None, strange: Matrix) -> Matrix:
    """Return what speaks for each two sentences besides their words: other versions, the model, what they are."""
    total = strange
    for weight, table in ((VOTE, votes), (MODEL, alike)):
        if table is not None:
            total = total + np.float32(weight) * table
    return total


def _strange(a: Sentences, b: Sentences) -> Matrix:
    """Return what speaks against each two sentences: a list of references is full of the words of the text itself."""
    first, second = (
        np.array([version.source.paragraphs[s.paragraph].kind == "references" for s in version.items])
        for version in (a, b)
    )
    return np.where(first[:, None] != second[None, :], np.float32(-STRANGE), np.float32(0.0))


def _kept(links: Sequence[Link]) -> Path:
    """Return the links that are not sheer chance, with their probabilities."""
    kept = [(link, p) for link, p in zip(links, probabilities(links), strict=True) if p >= LEAST]
    return Path([link for link, _ in kept], [p for _, p in kept])


def _entries(versions: Sequence[Sentences], pair: Pair) -> lexicon.Links:
    """Return what the general lexicon has for two versions; nothing for a language that it does not know."""
    general = lexicon.load()
    a, b = versions[pair[0]].language, versions[pair[1]].language
    return general.links(a, b) if a != b and {a, b} <= set(general.languages) else {}


def _lengths(a: Sentences, b: Sentences) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lengths of all sentences, those of the second version scaled to the total of the first."""
    first = np.array([sentence.length for sentence in a.items], dtype=np.float64)
    second = np.array([sentence.length for sentence in b.items], dtype=np.float64)
    ratio = first.sum() / max(second.sum(), 1.0)
    return first, second * ratio
