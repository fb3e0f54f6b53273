"""From layers to a picture without ink: boxes with places, and lines through points.

Layers run across or down, whichever makes the picture more like a page. What does not hang together is laid out by
itself and set below.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tetrapla.report.graph._graph import Graph, Node
from tetrapla.report.graph._layers import Layered, Stroke, Vertex, components, layered
from tetrapla.report.graph._metrics import width_of, wrapped
from tetrapla.report.graph._order import ordered
from tetrapla.report.graph._place import placed

__all__ = ["LABEL", "LINE", "SMALL", "TEXT", "Box", "Layout", "Line", "laid_out"]

# Font sizes of concepts, figures and labels, the height of a line, all in pixels.
TEXT, SMALL, LABEL, LINE = 13.0, 11.0, 11.0, 17.0
# A box: how wide its text may be, and the blank within its border.
MOST, PAD_X, PAD_Y = 150.0, 11.0, 7.0
LABEL_PAD = 5.0
BOLD = 1.1  # how much wider letters are that are bold
# Between boxes of a layer, and the least and most between layers: steep lines need room.
APART = {True: 14.0, False: 22.0}
NEAR, FAR, SLOPE = 20.0, 84.0, 0.16
# Between what does not hang together, and around everything.
BREAK, MARGIN = 40.0, 16.0
# The shape that is best for a page, width by height, and how wide it may be before it must be scrolled.
SHAPE, WIDE = 1.35, 1500.0
PORT = 9.0  # between two lines that leave one side of a box


@dataclass(frozen=True, slots=True)
class Box:
    """A node or a label with its place: the middle, in pixels, and its size; `lines` are its text."""

    vertex: Vertex
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke as points, four a step: out of a box, out of its layer, into the next layer, into the next box.

    `across` is whether layers follow each other from left to right.
    """

    stroke: Stroke
    points: tuple[tuple[float, float], ...]
    across: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes and lines, and the size of the picture."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def laid_out(graph: Graph) -> Layout:
    """Return a graph with a place for everything; no two boxes overlap."""
    parts = []
    for names in components(graph):
        own = set(names)
        numbers = [k for k, edge in enumerate(graph.edges) if edge.source in own]
        net = layered([node.id for node in graph.nodes if node.id in own], [graph.edges[k] for k in numbers], numbers)
        order = ordered(net.layers(), list(net.links()))
        parts.append(min((_part(net, order, graph, across=way) for way in (True, False)), key=_badness))
    return _stacked(parts)


def _badness(part: Layout) -> float:
    """Return how far a picture is from a page: by its size, its shape, and what must be scrolled sideways."""
    shape = part.width / part.height / SHAPE
    return part.width * part.height * math.sqrt(max(shape, 1 / shape)) * max(1.0, part.width / WIDE)


def _stacked(parts: Sequence[Layout]) -> Layout:
    """Return layouts in rows, none wider than the widest of them."""
    most = max((part.width for part in parts), default=0.0)
    x = y = deepest = widest = 0.0
    boxes: list[Box] = []
    lines: list[Line] = []
    for part in parts:
        if x and x + part.width > most:
            x, y, deepest = 0.0, y + deepest + BREAK, 0.0
        dx, dy = x + MARGIN, y + MARGIN
        for box in part.boxes:
            boxes.append(Box(box.vertex, box.x + dx, box.y + dy, box.width, box.height, box.lines, box.node))
        for line in part.lines:
            points = tuple((a + dx, b + dy) for a, b in line.points)
            lines.append(Line(line.stroke, points, line.across))
        widest, deepest = max(widest, x + part.width), max(deepest, part.height)
        x += part.width + BREAK
    return Layout(widest + 2 * MARGIN, y + deepest + 2 * MARGIN, tuple(boxes), tuple(lines))


def _part(net: Layered, order: Sequence[Sequence[int]], graph: Graph, *, across: bool) -> Layout:
    """Return what hangs together with its places, the layers from left to right (`across`) or from top to bottom."""
    boxes = _sized(net, graph)
    # Along a layer, and through it: height and width where layers run across.
    along, through = (
        {k: (box.height if across else box.width) for k, box in boxes.items()},
        {k: (box.width if across else box.height) for k, box in boxes.items()},
    )
    bends = {k for k, vertex in enumerate(net.vertices) if not (vertex.node or vertex.label)}
    links = list(net.links())
    at = placed(order, links, along, bends, gap=APART[across])
    low = min(at[k] - along[k] / 2 for k in at)
    at = {k: value - low for k, value in at.items()}
    starts, ends = _columns(order, links, at, through)

    def point(layer_at: float, place: float) -> tuple[float, float]:
        return (layer_at, place) if across else (place, layer_at)

    set_boxes = []
    for k, box in boxes.items():
        if k not in bends:
            layer = net.vertices[k].layer
            x, y = point((starts[layer] + ends[layer]) / 2, at[k])
            set_boxes.append(Box(box.vertex, x, y, box.width, box.height, box.lines, box.node))
    return Layout(
        width=ends[-1] if across else max(at[k] + along[k] / 2 for k in at),
        height=max(at[k] + along[k] / 2 for k in at) if across else ends[-1],
        boxes=tuple(set_boxes),
        lines=tuple(_lines(net, at, along, through, starts, ends, point, across=across)),
    )


def _sized(net: Layered, graph: Graph) -> dict[int, Box]:
    """Return the boxes of all vertices, at no place yet; a bend is as thick as its line."""
    nodes = {node.id: node for node in graph.nodes}
    out = {}
    for k, vertex in enumerate(net.vertices):
        if vertex.node:
            node = nodes[vertex.node]
            lines = tuple(wrapped(node.label, graph.language, TEXT, MOST))
            size = TEXT * BOLD if node.focus else TEXT
            widest = max([width_of(line, size) for line in lines] + [width_of(node.figure, SMALL)])
            count = len(lines) + bool(node.figure)
            out[k] = Box(vertex, 0.0, 0.0, widest + 2 * PAD_X, count * LINE + 2 * PAD_Y, lines, node)
        elif vertex.label:
            width = width_of(vertex.label, LABEL) + 2 * LABEL_PAD
            out[k] = Box(vertex, 0.0, 0.0, width, LABEL + 2 * LABEL_PAD, (vertex.label,))
        else:
            out[k] = Box(vertex, 0.0, 0.0, 2.0, 2.0, ())
    return out


def _columns(
    order: Sequence[Sequence[int]], links: Sequence[tuple[int, int]], at: dict[int, float], through: dict[int, float]
) -> tuple[list[float], list[float]]:
    """Return where each layer starts and ends; there is more room before it the steeper lines run to it."""
    layer_of = {vertex: k for k, layer in enumerate(order) for vertex in layer}
    steepest = [0.0] * len(order)
    for a, b in links:
        steepest[layer_of[b]] = max(steepest[layer_of[b]], abs(at[a] - at[b]))
    starts, ends = [], []
    here = 0.0
    for k, layer in enumerate(order):
        here += min(FAR, max(NEAR, SLOPE * steepest[k])) if k else 0.0
        starts.append(here)
        here += max(through[vertex] for vertex in layer)
        ends.append(here)
    return starts, ends


def _lines(
    net: Layered,
    at: dict[int, float],
    along: dict[int, float],
    through: dict[int, float],
    starts: Sequence[float],
    ends: Sequence[float],
    point: Callable[[float, float], tuple[float, float]],
    *,
    across: bool,
) -> list[Line]:
    ports = _ports(net, at, along)
    out = []
    for number, stroke in enumerate(net.strokes):
        points = []
        for step, (a, b) in enumerate(pairwise(stroke.path)):
            forth = net.vertices[a].layer < net.vertices[b].layer
            for vertex, far, key in ((a, forth, (number, step, 0)), (b, not forth, (number, step, 1))):
                layer = net.vertices[vertex].layer
                middle = (starts[layer] + ends[layer]) / 2
                side = middle + through[vertex] / 2 * (1 if far else -1)
                edge = ends[layer] if far else starts[layer]
                place = at[vertex] + ports.get(key, 0.0)
                # From the side of the box to the border of its layer the line is straight: nothing is in its way.
                own = [point(side, place), point(edge, place)]
                points += own if vertex == a else own[::-1]
        out.append(Line(stroke, tuple(points), across))
    return out


def _ports(net: Layered, at: dict[int, float], along: dict[int, float]) -> dict[tuple[int, int, int], float]:
    """Return how far from the middle of a node each line ends there, by stroke, step and end."""
    sides: dict[tuple[int, bool], list[tuple[float, tuple[int, int, int]]]] = {}
    for number, stroke in enumerate(net.strokes):
        for step, (a, b) in enumerate(pairwise(stroke.path)):
            forth = net.vertices[a].layer < net.vertices[b].layer
            for end, (vertex, other, far) in enumerate(((a, b, forth), (b, a, not forth))):
                if net.vertices[vertex].node:
                    sides.setdefault((vertex, far), []).append((at[other], (number, step, end)))
    out = {}
    for (vertex, _), found in sides.items():
        found.sort()
        room = along[vertex] - 2 * PAD_Y
        step_by = min(PORT, room / max(len(found) - 1, 1))
        for k, (_, key) in enumerate(found):
            out[key] = (k - (len(found) - 1) / 2) * step_by
    return out
