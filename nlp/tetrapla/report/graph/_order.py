"""The order of vertices in their layers, with few crossings.

Each vertex moves to the mean place of its neighbours in the layer before, layer by layer, forth and back (the
barycentre method of Sugiyama, Tagawa & Toda 1981); then neighbours in a layer change places where that takes crossings
away. Of all orders seen the best is kept. Few sweeps are needed for some hundred vertices.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

__all__ = ["crossings", "ordered"]

SWEEPS = 16
# Exchanges of neighbours are tried for so many rounds; each must take crossings away.
EXCHANGES = 30
# Pictures of more vertices than this, which nobody could read, get fewer of both in proportion.
READABLE = 1_500

Near = Mapping[int, Sequence[int]]


def crossings(upper: Sequence[int], lower: Sequence[int], down: Near) -> int:
    """Return how many links between two layers cross; `down` has the neighbours in the lower one.

    >>> crossings([1, 2], [3, 4], {1: [4], 2: [3]})
    1
    """
    place = {vertex: k for k, vertex in enumerate(lower)}
    seen: list[int] = []
    count = 0
    for vertex in upper:
        ends = sorted(place[other] for other in down.get(vertex, ()))
        count += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return count


def ordered(layers: Sequence[Sequence[int]], links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the layers in an order with few crossings; links go from a vertex to one in the next layer."""
    down: dict[int, list[int]] = {vertex: [] for layer in layers for vertex in layer}
    up: dict[int, list[int]] = {vertex: [] for layer in layers for vertex in layer}
    for a, b in links:
        down[a].append(b)
        up[b].append(a)
    best: list[list[int]] = [list(layer) for layer in layers]
    fewest = _total(best, down)
    effort = min(1.0, READABLE / len(down))
    for start in (_from(layers, up, down), best):
        now = [list(layer) for layer in start]
        for sweep in range(max(2, int(SWEEPS * effort))):
            if sweep % 2 == 0:
                for k in range(1, len(now)):
                    now[k] = _by_barycentre(now[k], now[k - 1], up)
            else:
                for k in range(len(now) - 2, -1, -1):
                    now[k] = _by_barycentre(now[k], now[k + 1], down)
            tried = [list(layer) for layer in now]
            _exchange(tried, up, down, rounds=int(EXCHANGES * effort))
            if (count := _total(tried, down)) < fewest:
                best, fewest = tried, count
    return best


def _from(layers: Sequence[Sequence[int]], up: Near, down: Near) -> list[list[int]]:
    """Return the layers in the order in which a walk from the first vertices comes by."""
    came: dict[int, None] = {}
    for first in (vertex for layer in layers for vertex in layer):
        todo = [first]
        while todo:
            vertex = todo.pop()
            if vertex not in came:
                came[vertex] = None
                todo += [*reversed(up[vertex]), *reversed(down[vertex])]
    place = {vertex: k for k, vertex in enumerate(came)}
    return [sorted(layer, key=place.__getitem__) for layer in layers]


def _total(layers: Sequence[Sequence[int]], down: Near) -> int:
    return sum(crossings(a, b, down) for a, b in pairwise(layers))


def _by_barycentre(layer: Sequence[int], fixed: Sequence[int], near: Near) -> list[int]:
    place = {vertex: k for k, vertex in enumerate(fixed)}
    own = {vertex: float(k) for k, vertex in enumerate(layer)}
    mean = {v: sum(place[o] for o in near[v]) / len(near[v]) if near[v] else own[v] for v in layer}
    return sorted(layer, key=mean.__getitem__)


def _exchange(layers: list[list[int]], up: Near, down: Near, *, rounds: int) -> None:
    """Let neighbours change places where that takes crossings away."""
    for _ in range(rounds):
        better = False
        for k, layer in enumerate(layers):
            above = {vertex: n for n, vertex in enumerate(layers[k - 1])} if k else {}
            below = {vertex: n for n, vertex in enumerate(layers[k + 1])} if k + 1 < len(layers) else {}
            for at in range(len(layer) - 1):
                a, b = layer[at], layer[at + 1]
                gain = _gain(a, b, up, above) + _gain(a, b, down, below)
                if gain > 0:
                    layer[at], layer[at + 1] = b, a
                    better = True
        if not better:
            return


def _gain(a: int, b: int, near: Near, place: Mapping[int, int]) -> int:
    """Return how many crossings go when `b` stands before `a` and not behind it."""
    ours = sorted(place[other] for other in near[a] if other in place)
    theirs = sorted(place[other] for other in near[b] if other in place)
    now = sum(len(ours) - bisect_right(ours, end) for end in theirs)
    then = sum(len(theirs) - bisect_right(theirs, end) for end in ours)
    return now - then
