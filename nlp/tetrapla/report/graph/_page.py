"""A graph as a page by itself: the picture, what its colours mean, and every concept with its names and relations."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from tetrapla import __version__
from tetrapla.glossary import System, inverse_of, relation_label
from tetrapla.model import Concept
from tetrapla.report.graph._graph import Graph, Node
from tetrapla.report.graph._svg import style, svg
from tetrapla.report.page import page
from tetrapla.report.text import attribute

__all__ = ["graph_page"]

LANGUAGES = ("zh", "en", "es", "fr")
# What the page itself says, in the language of its labels.
WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "concepts": ("概念", "Concepts", "Conceptos", "Concepts"),
    "relations": ("关系", "Relations", "Relaciones", "Relations"),
    "source": ("出处", "Source", "Fuente", "Source"),
    "skip": ("跳到概念列表", "To the list of concepts", "A la lista de conceptos", "Vers la liste des concepts"),
    "dashed": (
        "虚线：双向关系。着色的概念是这一系统的核心。",
        "Dashed: a relation that says the same in both directions. Shaded: what the system turns on.",
        "Discontinua: relación que vale en ambos sentidos. Sombreado: aquello en torno a lo cual gira el sistema.",
        "Pointillé : relation qui vaut dans les deux sens. Ombré : ce autour de quoi le système tourne.",
    ),
    "choose": (
        "将指针移到概念上或用 Tab 键选中，即可看到它的定义和关系；回车跳到列表。",
        "Point at a concept, or reach it by Tab, for its definition and relations; Enter goes to the list.",
        "Señale un concepto, o llegue a él con Tab, para ver su definición y sus relaciones; Intro lleva a la lista.",
        "Pointez un concept, ou atteignez-le par Tab, pour sa définition et ses relations ; Entrée mène à la liste.",
    ),
}


def graph_page(graph: Graph, system: System, glossary: Mapping[str, Concept]) -> str:
    """Return a graph as one HTML page that needs no other file; `glossary` goes by the id of the concept."""
    items = "\n".join(_item(node, glossary[node.id], graph) for node in graph.nodes)
    sources = "; ".join(system.sources)
    body = f"""<a class="skip" href="#concepts">{_word("skip", graph)}</a>
<header><h1>{system.number}. {attribute(graph.title)}</h1>
<p class="told">{_others(system, graph)}</p></header>
<main>
<p class="told">{_word("choose", graph)}</p>
<div class="picture">
{svg(graph, alone=False)}</div>
<p class="legend graph">{_legend(graph)}</p>
<p class="told">{_word("dashed", graph)}</p>
<h2 id="concepts">{_word("concepts", graph)}</h2>
<dl>
{items}
</dl>
</main>
<div class="detail" role="status" hidden></div>
<footer>{_word("source", graph)}: {attribute(sources)}. Tetrapla {__version__}.</footer>"""
    return page(graph.title, body, style=style() + _part("page.css"), script=_part("page.js"), language=graph.language)


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _word(name: str, graph: Graph) -> str:
    words = dict(zip(LANGUAGES, WORDS[name], strict=True))
    return attribute(words.get(graph.language, words["en"]))


def _others(system: System, graph: Graph) -> str:
    """Return the title in the other languages."""
    titles = (
        f'<span lang="{attribute(code)}">{attribute(text)}</span>'
        for code, text in system.titles.items()
        if code != graph.language
    )
    return " · ".join(titles)


def _legend(graph: Graph) -> str:
    """Return the types of relations that occur, each in the colour of its family."""
    found = sorted({(edge.family, edge.label) for edge in graph.edges})
    return " ".join(f'<span class="{attribute(family)}">{attribute(label)}</span>' for family, label in found)


def _item(node: Node, concept: Concept, graph: Graph) -> str:
    names = " · ".join(
        f'<span lang="{code}">{attribute(form)}</span>'
        for code in LANGUAGES
        if code != graph.language and (form := concept.preferred(code))
    )
    figure = f' <small class="n">{attribute(node.figure)}</small>' if node.figure else ""
    # A definition that is in no language of the page is in English.
    language = graph.language if graph.language in concept.definition else "en"
    told = f'<dd lang="{language}">{attribute(node.told)}</dd>' if node.told else ""
    labels = {other.id: other.label for other in graph.nodes}
    links: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.source == node.id:
            links.setdefault(edge.label, []).append(edge.target)
        elif edge.target == node.id:
            links.setdefault(relation_label(inverse_of(edge.type), graph.language), []).append(edge.source)
    listed = "; ".join(
        f"<b>{attribute(label)}</b> "
        + ", ".join(f'<a href="#c-{attribute(other)}">{attribute(labels[other])}</a>' for other in others)
        for label, others in links.items()
    )
    relations = f'<dd class="links">{listed}</dd>' if listed else ""
    return (
        f'<div id="c-{attribute(node.id)}" tabindex="-1"><dt>{attribute(node.label)}{figure} '
        f"<small>{names}</small></dt>{told}{relations}</div>"
    )
