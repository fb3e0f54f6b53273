"""What is drawn: the concepts of a system and the relations among them, with their labels in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tetrapla.glossary import RELATIONS, Family, System, is_symmetric, members, network, relation_label
from tetrapla.model import Concept

__all__ = ["Edge", "Graph", "Node", "graph_of"]


@dataclass(frozen=True, slots=True)
class Node:
    """A concept: its id, what it is called, a figure and a definition that are told of it.

    `focus` is whether the system turns on it.
    """

    id: str
    label: str
    figure: str = ""
    told: str = ""
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, by their ids; `label` is what its type is called, a symmetric one has no arrow."""

    source: str
    target: str
    type: str
    label: str
    family: Family = "kin"
    symmetric: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges with a title, their labels in `language`."""

    title: str
    language: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(system: System, glossary: Mapping[str, Concept], language: str) -> Graph:
    """Return a system with its labels in a language; a concept without a preferred term there keeps its id."""
    names = members(glossary, system.number)
    return Graph(
        title=system.title(language),
        language=language,
        nodes=tuple(_node(glossary[name], system, language) for name in names),
        edges=tuple(
            Edge(
                fact.source,
                fact.target,
                fact.type,
                relation_label(fact.type, language),
                RELATIONS[fact.type].family if fact.type in RELATIONS else "kin",
                is_symmetric(fact.type),
            )
            for fact in network(glossary, names)
        ),
    )


def _node(concept: Concept, system: System, language: str) -> Node:
    figure = system.figures.get(concept.id)
    # Not every definition is in every language; the English one is better than none.
    told = concept.definition.get(language) or concept.definition.get("en", "")
    return Node(
        concept.id,
        concept.preferred(language) or concept.id,
        "" if figure is None else f"{figure:,}",
        told,
        concept.id in system.focus,
    )
