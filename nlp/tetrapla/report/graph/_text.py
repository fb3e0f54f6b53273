"""A graph as text that other programs draw: Mermaid's flowcharts, Graphviz's DOT."""

from __future__ import annotations

import json

from tetrapla.report.graph._graph import Graph
from tetrapla.report.text import shown

__all__ = ["dot", "mermaid"]


def mermaid(graph: Graph) -> str:
    """Return a flowchart in Mermaid's language; nodes are numbered, for "end" may not be the id of one."""
    number = {node.id: f"n{k}" for k, node in enumerate(graph.nodes, start=1)}
    out = ["---", f"title: {json.dumps(graph.title, ensure_ascii=False)}", "---", "flowchart LR"]
    for node in graph.nodes:
        told = _entities(node.label) + (f"<br/>{_entities(node.figure)}" if node.figure else "")
        out.append(f'    {number[node.id]}["{told}"]{":::focus" if node.focus else ""}')
    for edge in graph.edges:
        line = f'-. "{_entities(edge.label)}" .-' if edge.symmetric else f'-- "{_entities(edge.label)}" -->'
        out.append(f"    {number[edge.source]} {line} {number[edge.target]}")
    if any(node.focus for node in graph.nodes):
        out.append("    classDef focus stroke-width:3px,font-weight:bold")
    return "\n".join(out) + "\n"


def _entities(text: str) -> str:
    """Return a text as it may stand within quotes, where Mermaid reads entities that begin with "#"."""
    plain = " ".join(shown(text).split())
    for char, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        plain = plain.replace(char, entity)
    return plain


def dot(graph: Graph) -> str:
    """Return a directed graph in DOT; relations that say the same in both directions are dashed, without arrow."""
    out = [
        "digraph {",
        f"    graph [label={_quoted(graph.title)}, labelloc=t, rankdir=LR]",
        '    node [shape=box, style="rounded,filled", fillcolor=white]',
    ]
    for node in graph.nodes:
        label = node.label + (f"\n{node.figure}" if node.figure else "")
        focus = ", fillcolor=lightyellow, penwidth=2" if node.focus else ""
        out.append(f"    {_quoted(node.id)} [label={_quoted(label)}{focus}]")
    for edge in graph.edges:
        both = ", dir=none, style=dashed" if edge.symmetric else ""
        out.append(f"    {_quoted(edge.source)} -> {_quoted(edge.target)} [label={_quoted(edge.label)}{both}]")
    return "\n".join([*out, "}"]) + "\n"


def _quoted(text: str) -> str:
    r"""Return a DOT string: quotes and backslashes escaped, line ends as "\n".

    >>> _quoted('a "b"')
    '"a \\"b\\""'
    """
    lines = shown(text).replace("\\", "\\\\").replace('"', '\\"').split("\n")
    return '"' + "\\n".join(lines) + '"'
