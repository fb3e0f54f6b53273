"""The types of relations between concepts: a closed list in inverse pairs, with labels in four languages.

A fact is stored once, on either of its two concepts: ``rel: approved-by state-council`` here says as much as ``rel:
approves …`` there would. `drawn` puts each fact the way it is drawn, from the whole to the part, from the problem to
the answer, from the cause to the effect; `told` gives a concept the facts that stand elsewhere, by their inverse names.
Hierarchical, associative and typed relations as in ISO 704 and ISO 25964 (thesauri), whose *broader* and *related* are
SKOS's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tetrapla.model import Concept, Relation

__all__ = [
    "RELATIONS",
    "Fact",
    "Family",
    "RelationType",
    "drawn",
    "inverse_of",
    "is_symmetric",
    "relation_label",
    "told",
]

# What relations have in common, for the eye: a family has a colour.
Family = Literal["order", "kin", "cause", "answer", "means", "exchange", "place"]


@dataclass(frozen=True, slots=True)
class RelationType:
    """A type of relation as it is drawn, `name`, and read backwards, `inverse`; labels by language, of both."""

    name: str
    inverse: str
    family: Family
    labels: Mapping[str, str]
    inverse_labels: Mapping[str, str]

    @property
    def symmetric(self) -> bool:
        """Whether it says the same in both directions."""
        return self.name == self.inverse


class Fact(NamedTuple):
    """A relation the way it is drawn: from `source` to `target`, its type the `name` of a `RelationType`."""

    source: str
    type: str
    target: str


LANGUAGES = ("zh", "en", "es", "fr")

# A row a type: its family, name and inverse; labels in zh, en, es, fr, then those of the inverse. The first name is
# how it is drawn.
ROWS: tuple[tuple[Family, str, str, str, str], ...] = (
    (
        "order", "narrower", "broader",
        "下位概念|narrower|más específico|plus spécifique",
        "上位概念|broader|más general|plus général",
    ),
    (
        "order", "has-part", "part-of",
        "包含|has part|tiene como parte|comprend",
        "属于|part of|parte de|fait partie de",
    ),
    (
        "order", "has-example", "example-of",
        "实例|has example|ejemplo|exemple",
        "是其实例|example of|ejemplo de|exemple de",
    ),
    (
        "order", "has-form", "form-of",
        "形式|has form|tiene forma|a pour forme",
        "是其形式|form of|forma de|forme de",
    ),
    (
        "order", "classifies", "classified-by",
        "划分|classifies|clasifica|classe",
        "划分依据|classified by|clasificado por|classé selon",
    ),
    (
        "kin", "related", "related",
        "相关|related|relacionado|apparenté",
        "相关|related|relacionado|apparenté",
    ),
    (
        "kin", "opposite-of", "opposite-of",
        "相对|opposite of|opuesto a|opposé à",
        "相对|opposite of|opuesto a|opposé à",
    ),
    (
        "kin", "compared-with", "compared-with",
        "对比|compared with|comparado con|comparé à",
        "对比|compared with|comparado con|comparé à",
    ),
    (
        "kin", "paired-with", "paired-with",
        "结对|paired with|emparejado con|jumelé avec",
        "结对|paired with|emparejado con|jumelé avec",
    ),
    (
        "cause", "leads-to", "caused-by",
        "导致|leads to|lleva a|conduit à",
        "起因于|caused by|causado por|causé par",
    ),
    (
        "cause", "drives", "driven-by",
        "驱动|drives|impulsa|entraîne",
        "受驱动于|driven by|impulsado por|entraîné par",
    ),
    (
        "cause", "enables", "enabled-by",
        "使可能|enables|posibilita|rend possible",
        "得益于|enabled by|posibilitado por|rendu possible par",
    ),
    (
        "cause", "reinforces", "reinforced-by",
        "强化|reinforces|refuerza|renforce",
        "被强化于|reinforced by|reforzado por|renforcé par",
    ),
    (
        "cause", "curbs", "curbed-by",
        "抑制|curbs|frena|freine",
        "受抑制于|curbed by|frenado por|freiné par",
    ),
    (
        "cause", "misses", "missed-by",
        "达不到|misses|no alcanza|n’atteint pas",
        "未被达到于|missed by|no alcanzado por|non atteint par",
    ),
    (
        "cause", "changes", "changed-by",
        "改变|changes|cambia|modifie",
        "被改变于|changed by|cambiado por|modifié par",
    ),
    (
        "answer", "answered-by", "answers",
        "对策|answered by|tiene respuesta en|trouve réponse dans",
        "应对|answers|responde a|répond à",
    ),
    (
        "answer", "limited-by", "limits",
        "受限于|limited by|limitado por|limité par",
        "限制|limits|limita|limite",
    ),
    (
        "answer", "explains", "explained-by",
        "解释|explains|explica|explique",
        "由其解释|explained by|explicado por|expliqué par",
    ),
    (
        "answer", "basis-of", "based-on",
        "是其依据|basis of|base de|fonde",
        "依据|based on|basado en|fondé sur",
    ),
    (
        "answer", "proposes", "proposed-by",
        "提出|proposes|propone|propose",
        "提出者|proposed by|propuesto por|proposé par",
    ),
    (
        "means", "aims-at", "aim-of",
        "目的|aims at|tiene por fin|vise",
        "是其目的|aim of|fin de|but de",
    ),
    (
        "means", "uses", "used-by",
        "运用|uses|usa|utilise",
        "被用于|used by|usado por|utilisé par",
    ),
    (
        "means", "needs", "needed-by",
        "需要|needs|necesita|a besoin de",
        "为其所需|needed by|necesario para|nécessaire à",
    ),
    (
        "means", "carried-by", "carries",
        "载体|carried by|tiene por soporte|porté par",
        "承载|carries|es soporte de|porte",
    ),
    (
        "means", "sets-up", "set-up-by",
        "设立|sets up|establece|établit",
        "设立者|set up by|establecido por|établi par",
    ),
    (
        "means", "approves", "approved-by",
        "批复|approves|aprueba|approuve",
        "批复部门|approved by|aprobado por|approuvé par",
    ),
    (
        "means", "acts-as", "role-of",
        "充当|acts as|actúa como|joue le rôle de",
        "由其充当|role of|papel de|rôle de",
    ),
    (
        "exchange", "gives", "given-by",
        "提供|gives|aporta|apporte",
        "提供者|given by|aportado por|apporté par",
    ),
    (
        "exchange", "given-to", "gets",
        "给予|given to|se da a|va à",
        "获得|gets|obtiene|obtient",
    ),
    (
        "exchange", "exchanged-for", "exchanged-for",
        "互换|exchanged for|se cambia por|échangé contre",
        "互换|exchanged for|se cambia por|échangé contre",
    ),
    (
        "exchange", "attracts", "attracted-by",
        "吸引|attracts|atrae|attire",
        "被吸引于|attracted by|atraído por|attiré par",
    ),
    (
        "exchange", "moves", "moved-by",
        "使流动|moves|mueve|fait circuler",
        "流动方式|moved by|movido por|mis en mouvement par",
    ),
    (
        "place", "moves-to", "destination-of",
        "流向|moves to|va hacia|se dirige vers",
        "是其去向|destination of|destino de|destination de",
    ),
    (
        "place", "located-in", "location-of",
        "位于|located in|situado en|situé dans",
        "所在地|location of|lugar de|lieu de",
    ),
)  # fmt: skip


def _type(family: Family, name: str, inverse: str, labels: str, inverse_labels: str) -> RelationType:
    forward, backward = (dict(zip(LANGUAGES, row.split("|"), strict=True)) for row in (labels, inverse_labels))
    return RelationType(name, inverse, family, forward, backward)


# By either of its names.
RELATIONS: Mapping[str, RelationType] = {
    name: made for row in ROWS for made in (_type(*row),) for name in (made.name, made.inverse)
}


def inverse_of(name: str) -> str:
    """Return the name of a relation read backwards; a type that is not in the list is its own.

    >>> inverse_of("answers"), inverse_of("related")
    ('answered-by', 'related')
    """
    known = RELATIONS.get(name)
    if known is None:
        return name
    return known.inverse if name == known.name else known.name


def is_symmetric(name: str) -> bool:
    """Return whether a type of relation says the same in both directions."""
    return name in RELATIONS and RELATIONS[name].symmetric


def relation_label(name: str, language: str) -> str:
    """Return what a type of relation is called in a language, its name without hyphens where there is no label.

    >>> relation_label("approved-by", "es"), relation_label("approves", "zh")
    ('aprobado por', '批复')
    """
    known = RELATIONS.get(name)
    if known is None:
        return name.replace("-", " ")
    labels = known.labels if name == known.name else known.inverse_labels
    return labels.get(language, name.replace("-", " "))


def drawn(source: str, relation: Relation) -> Fact:
    """Return the fact that a relation of the concept `source` states, the way it is drawn.

    >>> drawn("mismatch", Relation("caused-by", "profit-seeking"))
    Fact(source='profit-seeking', type='leads-to', target='mismatch')
    """
    known = RELATIONS.get(relation.type)
    if known is None or relation.type == known.name:
        fact = Fact(source, relation.type, relation.target)
    else:
        fact = Fact(relation.target, known.name, source)
    if is_symmetric(fact.type) and fact.target < fact.source:
        return Fact(fact.target, fact.type, fact.source)
    return fact


def told(glossary: Mapping[str, Concept], name: str) -> Iterator[Relation]:
    """Yield the relations of a concept, those that it states itself and then what others say of it, each once.

    Raises:
        KeyError: the glossary has no such concept.
    """
    own = dict.fromkeys(glossary[name].relations)
    yield from own
    for other, concept in glossary.items():
        for relation in concept.relations:
            back = Relation(inverse_of(relation.type), other)
            if relation.target == name and back not in own:
                own[back] = None
                yield back
