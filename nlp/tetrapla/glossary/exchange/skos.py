"""Glossaries as SKOS (W3C Recommendation, 2009) in Turtle, by rdflib.

    preferred    skos:prefLabel         definition   skos:definition        broader   skos:broader
    admitted     skos:altLabel          note         skos:note              related   skos:related
    noise        skos:hiddenLabel       source       dcterms:source         id        urn:tetrapla:concept:ID

What is broader is said from above as well (skos:narrower), and what has nothing broader is a top concept of the
scheme, for programs that draw no conclusions; read is either direction, and every kind of skos:note. Deprecated forms
are hidden labels, too: found in a search, shown to nobody. What SKOS has no word for stands in properties of our own,
in urn:tetrapla:property:, which other programs pass over. SKOS allows a concept one prefLabel a language, and no label
of two kinds (integrity conditions S13, S14); rdflib looks for neither, so this does. A language of a country ("en-GB")
is read as the language.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tetrapla.errors import InputError
from tetrapla.glossary._fields import DAMAGES, ID, field_name
from tetrapla.glossary.exchange import Exchange, registry
from tetrapla.glossary.exchange._concepts import check_ids, concept_from, own_ids
from tetrapla.model import Concept, Damage, Status, Term

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

__all__: list[str] = []

# What rdflib finds odd in a URI is no concern of who imports a file; programs that log still hear of it.
logging.getLogger("rdflib").addHandler(logging.NullHandler())

CONCEPT, PROPERTY, SCHEME = "urn:tetrapla:concept:", "urn:tetrapla:property:", "urn:tetrapla:glossary"
RELATION = f"{PROPERTY}rel-"
NOTES = ("note", "scopeNote", "example", "editorialNote", "historyNote", "changeNote")
LABEL: Mapping[Status, str] = {
    "preferred": "prefLabel", "admitted": "altLabel", "deprecated": "hiddenLabel", "noise": "hiddenLabel",
}  # fmt: skip


def _dump(concepts: Sequence[Concept]) -> bytes:
    from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

    check_ids(concepts)
    graph = Graph(bind_namespaces="none")
    own = Namespace(PROPERTY)
    for prefix, space in (("skos", SKOS), ("dcterms", DCTERMS), ("rdfs", RDFS), ("tetrapla", own), ("", CONCEPT)):
        graph.bind(prefix, space)
    scheme = URIRef(SCHEME)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("Glossary", lang="en")))
    for name in ("deprecated", *DAMAGES):
        graph.add((own[name], RDFS.subPropertyOf, SKOS.hiddenLabel))
    for concept in concepts:
        node = URIRef(CONCEPT + concept.id)
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SKOS.inScheme, scheme))
        for term in concept.terms:
            label = Literal(term.form, lang=term.language)
            graph.add((node, SKOS[LABEL[term.status]], label))
            if term.status == "deprecated":
                graph.add((node, own.deprecated, label))
            if term.damage:
                graph.add((node, own[term.damage], label))
        for code, text in concept.definition.items():
            graph.add((node, SKOS.definition, Literal(text, lang=code)))
        for relation in concept.relations:
            known = relation.type in ("broader", "related")
            kind = SKOS[relation.type] if known else URIRef(RELATION + relation.type)
            graph.add((node, kind, URIRef(CONCEPT + relation.target)))
            if relation.type == "broader":
                graph.add((URIRef(CONCEPT + relation.target), SKOS.narrower, node))
        if not any(relation.type == "broader" for relation in concept.relations):
            graph.add((node, SKOS.topConceptOf, scheme))
            graph.add((scheme, SKOS.hasTopConcept, node))
        texts = [(own.subject, [concept.subject] if concept.subject else []), (own.formerly, concept.formerly)]
        texts += [(DCTERMS.source, concept.sources), (SKOS.note, concept.notes)]
        for kind, values in texts:
            for value in values:
                graph.add((node, kind, Literal(value)))
        for number in concept.systems:
            graph.add((node, own.system, Literal(number)))
        for other in concept.homonyms:
            graph.add((node, own.homonym, URIRef(CONCEPT + other)))
    data: bytes = graph.serialize(format="turtle", encoding="utf-8")
    return data


def _load(data: bytes, name: str) -> list[Concept]:
    from rdflib import RDF, SKOS, Graph

    graph = Graph()
    try:
        graph.parse(data=data, format="turtle")
    except RecursionError as e:
        raise InputError(f"{name}: this Turtle is nested too deeply to be a glossary; export it again") from e
    except Exception as e:  # rdflib's parser raises BadSyntax, and whatever it stumbles over
        raise InputError(f"{name}: this is no Turtle ({' '.join(str(e).split())[:120]})") from e
    nodes = sorted(set(graph.subjects(RDF.type, SKOS.Concept)), key=str)
    ids = dict(zip(nodes, own_ids(map(_name, nodes)), strict=True))
    return [concept_from(_fields(graph, node, ids, name), name, 1) for node in nodes]


def _name(node: Node) -> str:
    """Return what a URI calls a concept: its last part."""
    own = str(node).removeprefix(CONCEPT)
    return own if ID.fullmatch(own) else own.rstrip("/#").replace("/", "#").rpartition("#")[2]


def _fields(graph: Graph, node: Node, ids: Mapping[Node, str], name: str) -> Iterator[tuple[str, str]]:
    from rdflib import DCTERMS, SKOS, URIRef

    def texts(kind: str) -> list[str]:
        return sorted(str(value) for value in graph.objects(node, URIRef(kind)))

    yield "id", ids[node]
    for term in _terms(graph, node, ids[node], name):
        yield field_name(term), term.form
    for text in sorted(graph.objects(node, SKOS.definition), key=str):
        yield f"def_{_language(text, ids[node], name)}", str(text)
    for field, kind in (
        ("subject", f"{PROPERTY}subject"), ("formerly", f"{PROPERTY}formerly"), ("system", f"{PROPERTY}system"),
        ("source", str(DCTERMS.source)), *(("note", str(SKOS[kind])) for kind in NOTES),
    ):  # fmt: skip
        for value in texts(kind):
            yield field, value
    above = {*graph.objects(node, SKOS.broader), *graph.subjects(SKOS.narrower, node)}
    yield from (("broader", ids[target]) for target in sorted(above, key=str) if target in ids)
    for link, target in sorted(graph.predicate_objects(node), key=str):
        if target not in ids:
            continue
        if link == SKOS.related:
            yield "related", ids[target]
        elif str(link) == f"{PROPERTY}homonym":
            yield "homonym", ids[target]
        elif str(link).startswith(RELATION):
            yield "rel", f"{str(link).removeprefix(RELATION)} {ids[target]}"


def _terms(graph: Graph, node: Node, id_: str, name: str) -> list[Term]:
    from rdflib import SKOS, URIRef

    seen: dict[tuple[str, str], Status] = {}
    exact: dict[tuple[str, str], Status] = {}  # by the whole tag, such as "en-GB"
    preferred: dict[str, str] = {}  # by the whole tag, too
    first: dict[str, str] = {}
    kinds: tuple[tuple[Status, str], ...] = (
        ("preferred", "prefLabel"),
        ("admitted", "altLabel"),
        ("noise", "hiddenLabel"),
    )
    for status, kind in kinds:
        for label in sorted(graph.objects(node, SKOS[kind]), key=lambda label: (_tag(label), str(label))):
            code, form, tag = _language(label, id_, name), str(label), _tag(label)
            if status == "preferred" and preferred.setdefault(tag, form) != form:
                raise InputError(
                    f"{name}: {id_} has two prefLabels in {tag!r}, {preferred[tag]!r} and {form!r}; keep one"
                )
            if exact.setdefault((tag, form), status) != status:
                raise InputError(f"{name}: {id_} has {form!r} ({tag}) as two kinds of labels; keep one")
            # What the language as such prefers comes first, then what its countries do.
            second = status == "preferred" and first.setdefault(code, form) != form
            seen.setdefault((code, form), "admitted" if second else status)
    damage: dict[tuple[str, str], Damage] = {
        (_language(label, id_, name), str(label)): kind
        for kind in DAMAGES
        for label in graph.objects(node, URIRef(PROPERTY + kind))
    }
    avoided = {(_language(x, id_, name), str(x)) for x in graph.objects(node, URIRef(f"{PROPERTY}deprecated"))}
    return [
        Term(form, code, "deprecated" if (code, form) in avoided else status, damage=damage.get((code, form)))
        for (code, form), status in seen.items()
    ]


def _tag(text: Node) -> str:
    return str(getattr(text, "language", None) or "").lower()


def _language(text: Node, id_: str, name: str) -> str:
    if not _tag(text):
        raise InputError(f'{name}: {id_} has a text without a language, {str(text)[:40]!r}; write it as "…"@en')
    return _tag(text).split("-")[0]


registry.add(".ttl")(Exchange(_dump, _load))
