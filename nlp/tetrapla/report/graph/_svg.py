"""A graph as SVG: boxes, lines with arrows, labels; colours by what relations have in common."""

from __future__ import annotations

from importlib.resources import files

from tetrapla import __version__
from tetrapla.report.graph._graph import Edge, Graph
from tetrapla.report.graph._layout import LINE, TEXT, Box, Layout, Line, laid_out
from tetrapla.report.text import attribute

__all__ = ["style", "svg"]

ARROW = 8.0  # how long the head of an arrow is
LITTLE = 22.0  # a shift that keeps clear of the boxes beside a line


def style() -> str:
    """Return the style rules of pictures, for light and dark."""
    return files(__package__).joinpath("graph.css").read_text(encoding="utf-8")


def svg(graph: Graph, *, alone: bool) -> str:
    """Return a graph as SVG: a file of its own (`alone`), or a part of a page, whose nodes then link to the page."""
    layout = laid_out(graph)
    size = f'width="{layout.width:.0f}" height="{layout.height:.0f}"'
    # In a page a wide picture shrinks a little before it must be scrolled.
    own_width = "" if alone else f' style="--width:{layout.width:.0f}px"'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' if alone else ""
    space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    own = f'<style>{style()}</style><rect class="ground" width="100%" height="100%"/>' if alone else ""
    made_by = f"<!-- Tetrapla {__version__} -->" if alone else ""
    parts = [
        f'{head}<svg{space} class="graph" viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" {size}{own_width} '
        f'role="{"img" if alone else "group"}" lang="{attribute(graph.language)}" aria-labelledby="graph-title">',
        f'{made_by}<title id="graph-title">{attribute(graph.title)}</title>',
        f"<desc>{attribute(_told(graph))}</desc>{own}",
        *(_line(line, graph) for line in layout.lines),
        *(_label(box) for box in layout.boxes if box.node is None),
        *_nodes(layout, alone=alone),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _told(graph: Graph) -> str:
    """Return the graph in words, for those who do not see it."""
    names = {node.id: node.label for node in graph.nodes}
    return "; ".join(f"{names[edge.source]} – {edge.label} – {names[edge.target]}" for edge in graph.edges)


def _nodes(layout: Layout, *, alone: bool) -> list[str]:
    out = []
    for box in sorted((box for box in layout.boxes if box.node), key=lambda box: (box.y, box.x)):
        node = box.node
        if node is None:
            continue
        inner = (
            f"<title>{attribute(node.label)}{': ' if node.told else ''}{attribute(node.told)}</title>"
            f'<rect x="{box.x - box.width / 2:.1f}" y="{box.y - box.height / 2:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="6"/>{_text(box, node.figure)}'
        )
        kind = "node focus" if node.focus else "node"
        name = attribute(node.id)
        out.append(
            f'<g class="{kind}" data-id="{name}">{inner}</g>'
            if alone
            else f'<a class="{kind}" data-id="{name}" href="#c-{name}">{inner}</a>'
        )
    return out


def _text(box: Box, figure: str) -> str:
    lines = [*box.lines, *([figure] if figure else [])]
    # The middle of small letters stands a third of the size above the line that they stand on.
    first = box.y - (len(lines) - 1) * LINE / 2 + TEXT * 0.36
    spans = "".join(
        f'<tspan x="{box.x:.1f}" y="{first + k * LINE:.1f}"{_figure(k, box)}>{attribute(line)}</tspan>'
        for k, line in enumerate(lines)
    )
    return f"<text>{spans}</text>"


def _figure(k: int, box: Box) -> str:
    return ' class="figure"' if k >= len(box.lines) else ""


def _label(box: Box) -> str:
    x, y = box.x - box.width / 2, box.y - box.height / 2
    return (
        f'<g class="label {attribute(box.vertex.family)}" data-label="{box.vertex.bundle}">'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="9"/>'
        f'<text x="{box.x:.1f}" y="{box.y + 4:.1f}">{attribute(box.lines[0])}</text></g>'
    )


def _line(line: Line, graph: Graph) -> str:
    stroke = line.stroke
    points = list(line.points)
    head = ""
    if stroke.arrow:
        # Lines end along the axis of the layers: two sides of the head lie to the left and right of it.
        step = 1 if points[-1][not line.across] > points[-4][not line.across] else -1
        dx, dy = (step, 0) if line.across else (0, step)
        wing = f"{-dx * ARROW - dy * 4:.1f} {-dy * ARROW + dx * 4:.1f}"
        back = f"{dy * 8:.1f} {-dx * 8:.1f}"
        x, y = points[-1]
        head = f'<path class="head" d="M{x:.1f} {y:.1f}l{wing}l{back}z"/>'
        points[-1] = (x - dx * (ARROW - 1), y - dy * (ARROW - 1))
    ends = " ".join(_ends(graph.edges[k]) for k in stroke.edges)
    kind = f"line {stroke.family}" + (" both" if stroke.symmetric else "")
    own = f'data-label="{stroke.bundle}" data-ends="{attribute(ends)}"'
    return f'<g class="{kind}" {own}><path d="{_path(points, across=line.across)}"/>{head}</g>'


def _ends(edge: Edge) -> str:
    return f"{edge.source}>{edge.target}"


def _path(points: list[tuple[float, float]], *, across: bool) -> str:
    """Return a path: straight through layers, bowed between them; what shifts little is bowed all the way."""
    out = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for k in range(0, len(points), 4):
        start, leave, arrive, end = points[k : k + 4]
        little = abs(start[across] - end[across]) <= LITTLE
        (ax, ay), (bx, by) = (start, end) if little else (leave, arrive)
        bend = ((ax + bx) / 2, ay, (ax + bx) / 2, by) if across else (ax, (ay + by) / 2, bx, (ay + by) / 2)
        bow = " ".join(f"{value:.1f}" for value in bend)
        out.append(f"L{ax:.1f} {ay:.1f}C{bow} {bx:.1f} {by:.1f}L{end[0]:.1f} {end[1]:.1f}")
    return "".join(out)
