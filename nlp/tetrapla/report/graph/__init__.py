"""A system of concepts as a picture: SVG, an HTML page, or the text of Mermaid or of Graphviz's DOT.

The picture is laid out in layers (Sugiyama, Tagawa & Toda, "Methods for visual understanding of hierarchical system
structures", IEEE SMC 11, 1981): circles are opened, concepts get layers, crossings are reduced, places are found. What
a relation is called stands in the picture as a small label of its own, shared by relations of one type that leave, or
reach, one concept: so no label lies on another thing, and a dozen parts of a whole say "has part" once.

Pictures and pages are files by themselves: they load nothing, follow the light or dark of the reader's system, and
come out the same from the same data, byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tetrapla.errors import UnknownNameError
from tetrapla.glossary import System
from tetrapla.model import Concept
from tetrapla.report.graph._graph import Edge, Graph, Node, graph_of
from tetrapla.report.graph._page import graph_page
from tetrapla.report.graph._svg import svg
from tetrapla.report.graph._text import dot, mermaid

__all__ = ["FORMATS", "SUFFIXES", "Edge", "Graph", "Node", "dot", "graph_of", "graph_page", "mermaid", "render", "svg"]

SUFFIXES: Mapping[str, str] = {
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
}
FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))


def render(system: System, glossary: Mapping[str, Concept], *, language: str = "en", format: str = "svg") -> str:  # noqa: A002
    """Return a system drawn in one of `FORMATS`, its labels in a language.

    Raises:
        UnknownNameError: no such format.
    """
    graph = graph_of(system, glossary, language)
    writers: Mapping[str, Callable[[], str]] = {
        "svg": lambda: svg(graph, alone=True),
        "html": lambda: graph_page(graph, system, glossary),
        "mermaid": lambda: mermaid(graph),
        "dot": lambda: dot(graph),
    }
    if format not in writers:
        raise UnknownNameError("format", format, FORMATS)
    return writers[format]()
