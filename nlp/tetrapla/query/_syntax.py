"""The query language: text to a tree of frozen nodes, by recursive descent.

    query  = any ;  any = all { OR all } ;  all = not { [AND] not } ;  not = (NOT | -) not | near
    near   = primary { near:N primary } ;  primary = "(" any ")" | term
    term   = word | prefix* | "a phrase" | field:value

Quotes and brackets may be Chinese ones, and so may the colon. A query may be as hostile as it likes: it is read once,
and what is too long or too deep is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from tetrapla.errors import InputError
from tetrapla.query._line import line

__all__ = ["FIELDS", "All", "Any", "Field", "Near", "Node", "Not", "QueryError", "Text", "parse"]

FIELDS = {
    "concept": "a concept by its id or any of its names; concept:ID+ with its narrower ones",
    "form": "a form of the glossary, as a text uses it",
    "status": "preferred, admitted, deprecated or noise",
    "damage": "what made a wrong form: ocr, literal, sense or name",
    "lang": "a language, e.g. es",
    "doc": "a document by its name, e.g. en-2, or its file",
    "section": "a section by its number; 3 holds 3.1",
    "kind": "a kind of passage, e.g. heading",
    "type": "a type of noise, e.g. truncation",
    "missing": "a version that lacks the concept beside it, or the passage",
    "near": "within so many words, e.g. boat near:5 harbour",
}
LONGEST = 4000  # characters
DEEPEST = 12  # brackets and NOTs within each other; SQLite reads no statement that is nested very deep
MOST = 100  # terms
FARTHEST = 1000  # words of near:
OPEN, CLOSE = "(（", ")）"
QUOTES = {'"': '"', "“": "”", "「": "」", "«": "»"}
TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<open>-?[(（])
    |(?P<close>[)）])
    |(?P<field>-?[A-Za-z]+[:：](?=[^\s:：/]|\s|$))
    |(?P<quote>-?["“「«])
    |(?P<word>[^\s()（）"“「«]+)""",
    re.VERBOSE,
)
VALUE = re.compile(r"[^\s()（）\"“「«]+")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class QueryError(InputError):
    """A query that cannot be understood: what is wrong, and at which character (from 0) of the query.

    >>> print(QueryError("boat AND", 8, "a term is missing here").pointer)
    boat AND
            ^ a term is missing here
    """

    def __init__(self, query: str, place: int, problem: str) -> None:
        super().__init__(f"the query cannot be understood at character {place + 1}: {problem}")
        self.query = query
        self.place = place
        self.problem = problem

    @property
    def pointer(self) -> str:
        """The query on one line and a caret under the place, with what is wrong; far from the place it is cut."""
        from rich.cells import cell_len

        start = max(0, self.place - AROUND)
        shown = line(self.query[start : self.place + AROUND])
        before, after = ("…" if start else ""), ("…" if self.place + AROUND < len(self.query) else "")
        indent = cell_len(before + shown[: self.place - start])
        return f"{before}{shown}{after}\n{' ' * indent}^ {self.problem}"


AROUND = 50  # characters of a query before and after the place of an error


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a phrase as it was written; of a prefix, the last word is the beginning of one."""

    text: str
    prefix: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """What stands behind the colon of a field; `plus` where a + follows, for the narrower concepts too."""

    name: str
    value: str
    plus: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class All:
    """What must all hold."""

    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Any:
    """What must hold in one of its parts at least."""

    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms with at most `distance` words from the end of one to the beginning of the other; neighbours have 1."""

    left: Node
    right: Node
    distance: int
    at: int = field(default=0, compare=False)


Node = Text | Field | All | Any | Not | Near


def parse(query: str) -> Node:
    """Return the tree of a query.

    >>> parse('concept:local-buzz NOT lang:es').parts[1]
    Not(part=Field(name='lang', value='es', plus=False, at=23), at=19)

    Raises:
        QueryError: it cannot be understood; says where, and what was expected.
    """
    if len(query) > LONGEST:
        raise QueryError(query, LONGEST, f"a query has at most {LONGEST:,} characters, this one {len(query):,}")
    broken = re.search("[\ud800-\udfff]", query)
    if broken:
        raise QueryError(query, broken.start(), "this is no character")
    return _Parser(query).parse()


class _Token(NamedTuple):
    kind: str  # open, close, term, near, AND, OR, NOT or end
    at: int
    node: Node | None = None
    distance: int = 0


class _Parser:
    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = list(_tokens(query))
        self.next = 0
        terms = [token for token in self.tokens if token.kind == "term"]
        if len(terms) > MOST:
            raise QueryError(query, terms[MOST].at, f"a query has at most {MOST} terms, this one {len(terms):,}")

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def parse(self) -> Node:
        if self.token.kind == "end":
            raise QueryError(self.query, 0, "the query is empty; write a word, a “phrase” or a field such as concept:")
        node = self.any_of(0)
        if self.token.kind != "end":
            self.fail("a bracket is closed here that was never opened")
        return node

    def any_of(self, depth: int) -> Node:
        at, parts = self.token.at, [self.all_of(depth)]
        while self.token.kind == "OR":
            self.next += 1
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts), at)

    def all_of(self, depth: int) -> Node:
        at, parts = self.token.at, [self.negated(depth)]
        while self.token.kind in ("AND", "NOT", "open", "term"):
            self.next += self.token.kind == "AND"
            parts.append(self.negated(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts), at)

    def negated(self, depth: int) -> Node:
        if self.token.kind != "NOT":
            return self.near(depth)
        at = self.token.at
        self.deeper(depth)
        self.next += 1
        return Not(self.negated(depth + 1), at)

    def near(self, depth: int) -> Node:
        node = self.primary(depth)
        while self.token.kind == "near":
            near = self.token
            self.next += 1
            node = Near(node, self.primary(depth), near.distance, near.at)
        return node

    def primary(self, depth: int) -> Node:
        token = self.token
        if token.kind == "term":
            self.next += 1
            assert token.node is not None
            return token.node
        if token.kind != "open":
            self.fail(EXPECTED[token.kind])
        self.deeper(depth)
        self.next += 1
        node = self.any_of(depth + 1)
        if self.token.kind != "close":
            raise QueryError(self.query, token.at, "this bracket is never closed")
        self.next += 1
        return node

    def deeper(self, depth: int) -> None:
        if depth >= DEEPEST:
            self.fail(f"more than {DEEPEST} brackets or NOTs within each other")

    def fail(self, problem: str) -> NoReturn:
        raise QueryError(self.query, self.token.at, problem)


EXPECTED = {
    "end": "a term was expected here, but the query ends",
    "close": "a term was expected before this bracket",
    "AND": "a term was expected before AND; in quotes it is a word",
    "OR": "a term was expected before OR; in quotes it is a word",
    "NOT": "a term was expected here, not NOT",
    "near": "near: stands between two terms, e.g. boat near:5 harbour",
}


def _tokens(query: str) -> Iterator[_Token]:
    at = 0
    while at < len(query):
        match = TOKEN.match(query, at)
        if match is None:  # a closing quote is a word; nothing else is left out
            raise QueryError(query, at, "this cannot stand here")
        kind, text, at = match.lastgroup, match.group(), match.end()
        if kind == "blank":
            continue
        start = match.start()
        if text[0] == "-" and len(text) > 1:
            yield _Token("NOT", start)
            start, text = start + 1, text[1:]
        if kind == "quote":
            phrase, at = _quoted(query, start)
            starred = query.startswith("*", at)
            at += starred
            yield _Token("term", start, Text(phrase, starred, start))
        elif kind == "field":
            token, at = _field(query, start, text[:-1], at)
            yield token
        elif kind == "word":
            yield _word(query, start, text)
        else:
            assert kind is not None
            yield _Token(kind, start)
    yield _Token("end", len(query))


def _word(query: str, start: int, text: str) -> _Token:
    if text in ("AND", "OR", "NOT"):
        return _Token(text, start)
    word = text.removesuffix("*")
    star = word.find("*")
    if star >= 0 or not word:
        raise QueryError(query, start + max(star, 0), "a * stands at the end of a word, e.g. innov*")
    return _Token("term", start, Text(word, word != text, start))


def _quoted(query: str, start: int) -> tuple[str, int]:
    r"""Return what stands in quotes, and where it ends; \" is a quote in it."""
    close = QUOTES[query[start]]
    at = start + 1
    while at < len(query) and query[at] != close:
        at += 1 + (query[at] == "\\")
    if at >= len(query):
        raise QueryError(query, start, f"this quote is never closed; {close} was expected")
    return ESCAPED.sub(r"\1", query[start + 1 : at]), at + 1


def _field(query: str, start: int, name: str, at: int) -> tuple[_Token, int]:
    name = name.lower()
    if name not in FIELDS:
        guess = difflib.get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean {guess[0]}:?" if guess else f"known are {', '.join(FIELDS)};"
        raise QueryError(query, start, f"no field is called {name}: – {hint} In quotes it is text")
    if at < len(query) and query[at] in QUOTES:
        value, end = _quoted(query, at)
    else:
        match = VALUE.match(query, at)
        value, end = (match.group(), match.end()) if match else ("", at)
    plus = name == "concept" and (query.startswith("+", end) or (value.endswith("+") and query[at] not in QUOTES))
    if plus:
        value, end = (value, end + 1) if query.startswith("+", end) else (value[:-1], end)
    if not value.strip():
        raise QueryError(query, at, f"a value was expected after {name}: ({FIELDS[name]})")
    if name != "near":
        return _Token("term", start, Field(name, value, plus, start)), end
    if not (value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= FARTHEST):
        raise QueryError(query, at, f"a number from 1 to {FARTHEST:,} was expected after near:")
    return _Token("near", start, distance=int(value)), end
