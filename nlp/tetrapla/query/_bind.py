"""Binding a query to an index: names are looked up, and what speaks of one mention is put together.

What is said of a concept beside it – form:, status:, damage:, missing:, and their negations – holds of one and the same
mention: `concept:x status:noise` is a wrong rendering of x, not a passage that also has some wrong form. Without a
concept beside them form:, status: and damage: speak of any one mention, and missing: of the passage. What stands in
brackets stands by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tetrapla.errors import UnknownNameError
from tetrapla.model import DAMAGES, KINDS, STATUSES
from tetrapla.query import _syntax as syntax
from tetrapla.query._bound import All, Any, Filter, Mentions, Near, Node, Not, Parameters, Words, marks_between
from tetrapla.query._names import Names
from tetrapla.query._syntax import QueryError
from tetrapla.store import phrase, words

__all__ = ["BROKEN", "OWN", "bind"]

# As `model.Term.broken`, of a mention: a form to avoid for no damage names its concept all the same.
BROKEN = "({0}.status = 'noise' OR {0}.status = 'deprecated' AND {0}.damage IS NOT NULL)"
# A form in the language of its document `d`, of any of its regions.
OWN = "(d.language = {0}.language OR d.language LIKE {0}.language || '-%')"
ATTRIBUTES = ("form", "status", "damage", "missing")


def bind(query: str, tree: syntax.Node, names: Names) -> Node:
    """Return what a query asks of an index.

    Raises:
        QueryError: a name that nothing in the index is known by, no word in a term, near: between other than terms.
    """
    return _Binder(query, names).bind(tree)


class _Binder:
    def __init__(self, query: str, names: Names) -> None:
        self.query = query
        self.names = names

    def bind(self, node: syntax.Node) -> Node:
        match node:
            case syntax.Text():
                return self.text(node)
            case syntax.Field(name=name):
                return self.mention(node) if name in ("concept", "form", "status", "damage") else self.filter(node)
            case syntax.Any(parts):
                return Any(tuple(self.bind(part) for part in parts))
            case syntax.Not(part):
                return Not(self.bind(part))
            case syntax.Near():
                return Near(self.beside(node.left), self.beside(node.right), node.distance)
            case syntax.All(parts):
                return self.all_of(parts)

    def all_of(self, parts: Sequence[syntax.Node]) -> Node:
        """Bind a conjunction, in which what is said of the same mention becomes one condition."""
        carriers = [part for part in parts if _carries(part)]
        attributes = [part for part in parts if _is_attribute(part)]
        bound: list[Node] = []
        if carriers:
            bound += [self.mention(syntax.All((carrier, *attributes))) for carrier in carriers]
        elif any(map(_asserts_mention, attributes)):
            bound.append(self.mention(syntax.All(tuple(attributes))))
        else:
            attributes = []
        others = [part for part in parts if part not in carriers and part not in attributes]
        bound += [self.bind(part) for part in others]
        return bound[0] if len(bound) == 1 else All(tuple(bound))

    def text(self, node: syntax.Text) -> Words:
        found = list(words(node.text))
        if not found:
            raise QueryError(self.query, node.at, "there is no word in this; marks alone are not indexed")
        gaps = [node.text[a.end : b.start] for a, b in itertools.pairwise(found)]
        return Words(
            tuple(word.folded for word in found),
            tuple(marks_between(gap) for gap in gaps),
            tuple(not gap for gap in gaps),
            node.prefix,
            phrase(node.text, prefix=node.prefix),
        )

    def mention(self, node: syntax.Node) -> Mentions:
        """Return one condition on a mention for a tree of nothing but fields that speak of mentions."""
        match node:
            case syntax.All(parts) | syntax.Any(parts):
                bound = [self.mention(part) for part in parts]
                sql = (" AND " if isinstance(node, syntax.All) else " OR ").join(f"({part.sql})" for part in bound)
                names = dict.fromkeys(name for part in bound for name in part.names)
                values = tuple(value for part in bound for value in part.values)
                return Mentions(sql, values, tuple(names), any(part.elsewhere for part in bound))
            case syntax.Not(part):
                inner = self.mention(part)
                return Mentions(f"NOT ({inner.sql})", inner.values, elsewhere=inner.elsewhere)
            case syntax.Field(name="concept"):
                found = self.looked_up(node)
                return Mentions(f"m.concept IN ({_places(found)})", tuple(found), tuple(found))
            case syntax.Field(name="form", value=value):
                try:
                    pairs = self.names.form(value)
                except UnknownNameError as e:
                    raise QueryError(self.query, node.at, str(e)) from e
                one = "(m.concept = ? AND m.form = ?)"
                return Mentions(" OR ".join([one] * len(pairs)), tuple(part for pair in pairs for part in pair))
            case syntax.Field(name="status", value=value):
                if value not in STATUSES:
                    raise QueryError(self.query, node.at, str(UnknownNameError("status", value, STATUSES)))
                return Mentions("m.status = ?", (value,))
            case syntax.Field(name="damage", value=value):
                if value not in DAMAGES:
                    raise QueryError(self.query, node.at, str(UnknownNameError("kind of damage", value, DAMAGES)))
                return Mentions("m.damage IS ?", (value,))  # which a negation finds where there is none
            case syntax.Field(name="missing"):
                where, of_version = self.sides(node)
                # The few versions of a source first, then the bead in each.
                sound = (
                    "SELECT 1 FROM document AS d CROSS JOIN mention AS s "
                    "ON s.concept = m.concept AND s.document = d.id AND s.bead = m.bead "
                    "WHERE d.source = (SELECT source FROM document WHERE id = m.document) "
                    f"AND d.{where} AND NOT {BROKEN.format('s')} AND {OWN.format('s')}"
                )
                sql = f"m.bead IS NOT NULL AND m.document IN ({_beside(where)}) AND NOT EXISTS ({sound})"
                return Mentions(sql, (*of_version, *of_version), elsewhere=True)
        raise AssertionError(node)

    def looked_up(self, node: syntax.Field) -> list[str]:
        try:
            found = self.names.concept(node.value)
        except UnknownNameError as e:
            raise QueryError(self.query, node.at, str(e)) from e
        return self.names.narrower(found) if node.plus else found

    def sides(self, node: syntax.Field) -> tuple[str, Parameters]:
        """Return the condition on documents to be the version that missing: names."""
        try:
            if any(own == node.value for _, own, *_ in self.names.documents):
                return "name = ?", (node.value,)
            where, values = _in_language(self.names.language(node.value))
        except UnknownNameError as e:
            raise QueryError(self.query, node.at, str(e)) from e
        return where, tuple(values)

    def filter(self, node: syntax.Field) -> Filter:
        """Return the condition on passages that a field sets."""
        value = node.value
        try:
            match node.name:
                case "lang":
                    languages = self.names.language(value)
                    where, values = _in_language(languages)
                    numbers = [number for number, _, language, *_ in self.names.documents if language in languages]
                    # With a plus, passages are read in their order until there are enough, not all and then sorted.
                    sql = f"+p.document IN (SELECT id FROM document WHERE {where})"
                    return Filter(sql, tuple(values), documents=tuple(numbers))
                case "doc":
                    numbers = self.names.document(value)
                    return Filter(f"+p.document IN ({_places(numbers)})", tuple(numbers), documents=tuple(numbers))
                case "section":
                    number = value.rstrip(".")
                    inside = f"{number}."
                    return Filter("(p.section = ? OR substr(p.section, 1, ?) = ?)", (number, len(inside), inside))
                case "kind":
                    if value not in KINDS:
                        raise UnknownNameError("kind of passage", value, KINDS)
                    return Filter("p.kind = ?", (value,))
                case "type":
                    known = self.names.type(value)
                    there = "EXISTS (SELECT 1 FROM finding AS f WHERE f.passage = p.id AND f.type = ?)"
                    return Filter(there, (known,), known)
        except UnknownNameError as e:
            raise QueryError(self.query, node.at, str(e)) from e
        where, of_version = self.sides(node)
        # With a plus, the few sides of a bead are held against the versions, not each version against the bead.
        there = (
            "SELECT 1 FROM passage AS q WHERE q.bead = p.bead AND "
            f"+q.document IN (SELECT id FROM document WHERE {where})"
        )
        sql = f"(p.bead IS NOT NULL AND p.document IN ({_beside(where)}) AND NOT EXISTS ({there}))"
        return Filter(sql, (*of_version, *of_version))

    def beside(self, node: syntax.Node) -> Node:
        """Bind a side of near:, which must be something that stands at a place."""
        bound = self.bind(node)
        if not _stands(bound):
            raise QueryError(
                self.query,
                node.at,
                "near: joins words, phrases, concepts and forms, or several by OR, and nothing else",
            )
        return bound


def _carries(node: syntax.Node) -> bool:
    """Return whether a part names a concept, for what stands beside it to speak of."""
    match node:
        case syntax.Field(name=name):
            return name == "concept"
        case syntax.Any(parts):
            return all(_carries(part) for part in parts)
        case syntax.All(parts):
            return sum(map(_carries, parts)) == 1 and all(_carries(part) or _is_attribute(part) for part in parts)
    return False


def _is_attribute(node: syntax.Node) -> bool:
    """Return whether a part speaks of nothing but a mention's form, status, damage, and what is missing beside it."""
    match node:
        case syntax.Field(name=name):
            return name in ATTRIBUTES
        case syntax.All(parts) | syntax.Any(parts):
            return all(_is_attribute(part) for part in parts)
        case syntax.Not(part):
            return _is_attribute(part)
    return False


def _asserts_mention(node: syntax.Node) -> bool:
    """Return whether a part of attributes can only hold where there is a mention."""
    match node:
        case syntax.Field(name=name):
            return name in ("form", "status", "damage")
        case syntax.All(parts):
            return any(_asserts_mention(part) for part in parts)
        case syntax.Any(parts):
            return all(_asserts_mention(part) for part in parts)
    return False


def _stands(node: Node) -> bool:
    match node:
        case Words() | Mentions() | Near():
            return True
        case Any(parts):
            return all(_stands(part) for part in parts)
    return False


def _in_language(languages: Sequence[str]) -> tuple[str, list[str]]:
    return f"language IN ({_places(languages)})", list(languages)


def _beside(where: str) -> str:
    """Return a query for all documents that a version stands beside."""
    return f"SELECT id FROM document WHERE source IN (SELECT source FROM document WHERE {where})"


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
