"""Layers: circles are opened, concepts stand behind what leads to them, and labels stand in layers between.

Circles are opened by the greedy heuristic of Eades, Lin & Smyth ("A fast and effective heuristic for the feedback arc
set problem", 1993): of the orders of the nodes one with few edges that go back. Layers are those of the longest path,
and then every node moves towards the neighbours that it has more of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tetrapla.report.graph._graph import Edge, Graph

__all__ = ["Layered", "Stroke", "Vertex", "components", "layered"]

Arc = tuple[str, str]
# So often nodes are moved towards their neighbours; nothing moves after three or four times.
TIGHTENINGS = 12


@dataclass(frozen=True, slots=True)
class Vertex:
    """What has a place in the picture: a node (its id), a label (its text), or, with neither, a bend of a line.

    `bundle` is the number of a label, the same as that of the strokes that it is the label of.
    """

    layer: int
    node: str = ""
    label: str = ""
    family: str = ""
    bundle: int = -1


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line over vertices, by number, each in a layer next to the one before; with an arrow it points to the last.

    `edges` are the numbers of the edges that it is part of.
    """

    path: tuple[int, ...]
    bundle: int
    family: str
    edges: tuple[int, ...]
    arrow: bool = False
    symmetric: bool = False


@dataclass
class Layered:
    """Vertices in layers, and the strokes between them."""

    vertices: list[Vertex] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)

    def add(self, vertex: Vertex) -> int:
        """Add a vertex and return its number."""
        self.vertices.append(vertex)
        return len(self.vertices) - 1

    def path(self, start: int, end: int) -> tuple[int, ...]:
        """Return a path between two vertices, with a bend added in every layer between."""
        a, b = self.vertices[start].layer, self.vertices[end].layer
        step = 1 if a < b else -1
        bends = [self.add(Vertex(layer)) for layer in range(a + step, b, step)]
        return (start, *bends, end)

    def layers(self) -> list[list[int]]:
        """Return the vertices of each layer, by number."""
        out: list[list[int]] = [[] for _ in range(max(vertex.layer for vertex in self.vertices) + 1)]
        for number, vertex in enumerate(self.vertices):
            out[vertex.layer].append(number)
        return out

    def links(self) -> Iterator[tuple[int, int]]:
        """Yield the pieces of the strokes, each from the lower layer to the higher."""
        for stroke in self.strokes:
            for a, b in pairwise(stroke.path):
                yield (a, b) if self.vertices[a].layer < self.vertices[b].layer else (b, a)


def components(graph: Graph) -> list[list[str]]:
    """Return the ids of the nodes that hang together, the largest set first."""
    near: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
    found, seen = [], set()
    for node in near:
        todo, own = [node], []
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                own.append(name)
                todo += sorted(near[name], reverse=True)
        if own:
            found.append(own)
    return sorted(found, key=len, reverse=True)


def layered(names: Sequence[str], edges: Sequence[Edge], numbers: Sequence[int]) -> Layered:
    """Return nodes in even layers, the labels of their edges in odd ones; `numbers` are those of the edges."""
    rank = _ranks(names, edges)
    out = Layered()
    at = {name: out.add(Vertex(2 * rank[name], node=name)) for name in names}
    for hub, together in _bundles(edges, rank):
        first = edges[together[0]]
        layer = _label_layer(first, hub, rank)
        told = tuple(numbers[k] for k in together)
        label = out.add(Vertex(layer, label=first.label, family=first.family, bundle=told[0]))
        for name in dict.fromkeys(edges[k].source for k in together):
            own = told if name == hub else tuple(numbers[k] for k in together if edges[k].source == name)
            path = out.path(at[name], label)
            out.strokes.append(Stroke(path, told[0], first.family, own, symmetric=first.symmetric))
        for name in dict.fromkeys(edges[k].target for k in together):
            own = told if name == hub else tuple(numbers[k] for k in together if edges[k].target == name)
            path = out.path(label, at[name])
            out.strokes.append(Stroke(path, told[0], first.family, own, not first.symmetric, first.symmetric))
    return out


def _label_layer(edge: Edge, hub: str, rank: dict[str, int]) -> int:
    """Return the layer of a label: right beside its hub, on the side of the others."""
    other = edge.target if hub == edge.source else edge.source
    # Both in one layer: behind it.
    return 2 * rank[hub] + (1 if rank[other] >= rank[hub] else -1)


def _bundles(edges: Sequence[Edge], rank: dict[str, int]) -> Iterator[tuple[str, list[int]]]:
    """Yield edges, by number, that share a label, with the node that they share, the largest bundles first."""
    keys: list[list[Hashable]] = []
    for edge in edges:
        if edge.symmetric:
            keys.append([])
            continue
        forward = rank[edge.source] < rank[edge.target]
        keys.append([(edge.source, edge.type, "out", forward), (edge.target, edge.type, "in", forward)])
    left = dict.fromkeys(range(len(edges)))
    while left:
        sizes = Counter(key for number in left for key in keys[number])
        best = max(sizes, key=sizes.__getitem__, default=None)
        together = [number for number in left if best in keys[number]] if best is not None else [next(iter(left))]
        for number in together:
            del left[number]
        first = edges[together[0]]
        shared = {edges[number].source for number in together} == {first.source}
        yield (first.source if shared else first.target), together


def _ranks(names: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Return the rank of each node, from 0; a directed edge never joins two of one rank."""
    edges = list(edges)
    arcs = list(dict.fromkeys((e.source, e.target) for e in edges if not e.symmetric))
    order = _order(names, arcs)
    arcs = list(dict.fromkeys((a, b) if order[a] < order[b] else (b, a) for a, b in arcs))
    before: dict[str, list[str]] = {name: [] for name in names}
    after: dict[str, list[str]] = {name: [] for name in names}
    for a, b in arcs:
        before[b].append(a)
        after[a].append(b)
    beside: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        if edge.symmetric:
            beside[edge.source].append(edge.target)
            beside[edge.target].append(edge.source)
    rank: dict[str, int] = {}
    for name in sorted(names, key=order.__getitem__):
        rank[name] = max((rank[other] + 1 for other in before[name]), default=0)
    for _ in range(TIGHTENINGS):
        moved = [name for name in names if _moved(name, rank, before[name], after[name], beside[name])]
        if not moved:
            break
    used = {value: k for k, value in enumerate(sorted(set(rank.values())))}
    return {name: used[value] for name, value in rank.items()}


def _moved(name: str, rank: dict[str, int], before: list[str], after: list[str], beside: list[str]) -> bool:
    """Move a node to where its lines are shortest, as far as its neighbours let it; return whether it moved."""
    least = max((rank[other] + 1 for other in before), default=None)
    most = min((rank[other] - 1 for other in after), default=None)
    wanted = sorted(
        [rank[other] + 1 for other in before] + [rank[other] - 1 for other in after] + [rank[other] for other in beside]
    )
    if not wanted:
        return False
    # The sum of distances is least at the median.
    best = wanted[len(wanted) // 2] if len(after) + len(beside) > len(before) else wanted[(len(wanted) - 1) // 2]
    best = best if least is None else max(best, least)
    best = best if most is None else min(best, most)
    moved = best != rank[name]
    rank[name] = best
    return moved


def _order(names: Sequence[str], arcs: Sequence[Arc]) -> dict[str, int]:
    """Return the place of each node in an order in which few arcs go back."""
    outs: dict[str, set[str]] = {name: set() for name in names}
    ins: dict[str, set[str]] = {name: set() for name in names}
    for a, b in arcs:
        outs[a].add(b)
        ins[b].add(a)
    left = dict.fromkeys(names)
    head: list[str] = []
    tail: list[str] = []

    def take(name: str) -> None:
        del left[name]
        for other in outs[name]:
            ins[other].discard(name)
        for other in ins[name]:
            outs[other].discard(name)

    while left:
        if sinks := [name for name in left if not outs[name]]:
            for name in sinks:
                take(name)
            tail += reversed(sinks)
        elif sources := [name for name in left if not ins[name]]:
            for name in sources:
                take(name)
            head += sources
        else:
            best = max(left, key=lambda name: len(outs[name]) - len(ins[name]))
            take(best)
            head.append(best)
    return {name: place for place, name in enumerate([*head, *reversed(tail)])}
