"""Questions to an index: the language, exactness against an evaluator that looks at every text, figures, pages."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tetrapla
from tetrapla.cli import main
from tetrapla.errors import InputError, MissingPackageError, UnknownNameError
from tetrapla.model import Bead, Document, Span
from tetrapla.query import Concordance, Index, QueryError, parse
from tetrapla.query import _syntax as syntax
from tetrapla.query._bound import Words
from tetrapla.query._collocations import log_dice
from tetrapla.query._dispersion import deviation, juilland
from tetrapla.query._finder import Finder, folded
from tetrapla.query._names import Names
from tetrapla.query._plan import Within
from tetrapla.store import Origins, Run, open_store, words
from tetrapla.store._passages import Passage
from tetrapla.store._write import SourceInfo, publish, write_document, write_source

# ---------------------------------------------------------------- indexes made by hand

CONCEPTS: dict[str, dict[str, Any]] = {
    "ferry": {
        "terms": {
            "zh": [{"form": "渡船", "status": "preferred"}],
            "en": [
                {"form": "ferry", "status": "preferred"},
                {"form": "fairy", "status": "noise", "damage": "literal"},
                {"form": "faery", "status": "deprecated", "damage": "ocr"},
            ],
            "fr": [{"form": "bac", "status": "preferred"}, {"form": "fée", "status": "noise"}],
        },
        "relations": [],
    },
    "night-ferry": {
        "terms": {
            "zh": [{"form": "夜渡", "status": "preferred"}],
            "en": [
                {"form": "night ferry", "status": "preferred"},
                {"form": "late boat", "status": "deprecated"},
                {"form": "night fairy", "status": "noise"},
            ],
            "fr": [{"form": "bac de nuit", "status": "preferred"}],
        },
        "relations": [{"type": "broader", "target": "ferry"}],
    },
    "harbour": {
        "terms": {
            "zh": [{"form": "港口", "status": "preferred"}],
            "en": [{"form": "harbour", "status": "preferred"}, {"form": "port", "status": "admitted"}],
            "fr": [{"form": "port", "status": "preferred"}],
        },
        "relations": [],
    },
}
FORMS: dict[str, tuple[str, str, str, str | None]] = {
    term["form"]: (name, language, term["status"], term.get("damage"))
    for name, record in CONCEPTS.items()
    for language, terms in record["terms"].items()
    for term in terms
    if (name, term["form"]) != ("harbour", "port") or language == "fr"
}


@dataclass
class Side:
    """A passage to be: its text and what is known of it; mentions are places with a form of the glossary."""

    text: str
    mentions: list[tuple[int, int, str]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    findings: list[tuple[str, int, int]] = field(default_factory=list)  # of a broken-term, the ferry is meant
    kind: str = "body"
    section: str = ""


@dataclass
class Source:
    """A source to be: its beads, each with sides by version, or the passages of a text (beads of one side)."""

    name: str
    versions: Sequence[str]
    beads: Sequence[Mapping[str, Side]]
    single: bool = False


def named(text: str) -> Side:
    """Return a passage whose mentions are where the forms of the glossary stand, the longest first."""
    mentions: list[tuple[int, int, str]] = []
    for form in sorted(FORMS, key=len, reverse=True):
        for match in re.finditer(re.escape(form), text):
            if not any(start < match.end() and match.start() < end for start, end, _ in mentions):
                mentions.append((*match.span(), form))
    sentences = [match.span() for match in re.finditer(r"[^.。\s][^.。]*[.。]?", text)]
    return Side(text, sorted(mentions), sentences)


def build(path: Path, sources: Iterable[Source]) -> Path:
    with open_store(path, create=True) as store:
        store.connection.execute("PRAGMA synchronous = OFF")
        with store.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO concept (id, record) VALUES (?, ?)",
                [(name, json.dumps({"id": name, **record})) for name, record in CONCEPTS.items()],
            )
            for source in sources:
                _write(connection, source)
    return path


def _write(connection: sqlite3.Connection, source: Source) -> None:
    kind = "text" if source.single else "alignment"
    info = SourceInfo(source.name, kind, "0", "by hand", source.versions[0])
    beads = [] if source.single else [Bead(f"b{k}", "body", {}) for k in range(1, len(source.beads) + 1)]
    own = write_source(connection, info, beads)
    for number, version in enumerate(source.versions, start=1):
        passages = [
            _passage(None if source.single else k, sides[version])
            for k, sides in enumerate(source.beads)
            if version in sides
        ]
        document = Document(version, version.split("-")[0], "x" * 9, f"{source.name}/{version}.txt")
        scores = {} if number == 1 or source.single else {p.bead: 0.9 for p in passages if p.bead is not None}
        write_document(connection, own, number, document, (), passages, scores)
    publish(connection, own)


def _passage(bead: int | None, side: Side) -> Passage:
    return Passage(
        bead,
        side.kind,
        side.section,
        side.text,
        Origins((Run(0, 100, len(side.text), len(side.text), kept=True),)).dumps(),
        10 + (bead or 0),
        [(None, start, end) for start, end in side.sentences],
        [(FORMS[form][0], form, *FORMS[form][1:], start, end) for start, end, form in sorted(side.mentions)],
        [
            (
                kind,
                "review",
                0.5,
                start,
                end,
                side.text[start:end],
                None,
                "ferry" if kind == "broken-term" else None,
                "",
            )
            for kind, start, end in side.findings
        ],
    )


PAIRS = [
    ("夜渡到港口。渡船很慢。", "The night ferry reached the harbour. The ferry is slow.", "Le bac de nuit va au port."),
    ("渡船在夜里开。", "The fairy sails at night.", "Le bac part la nuit."),
    ("港口在城外。", "The harbour lies outside the town; the ferry, too.", ""),
    ("夜渡收费高，渡船便宜。", "The late boat is dear, the port is near.", "La fée coûte cher."),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    beads = []
    for k, texts in enumerate(PAIRS):
        sides = {code: named(text) for code, text in zip(("zh", "en", "fr"), texts, strict=True) if text}
        for side in sides.values():
            side.section = ("1", "1.1", "2", "10")[k]
        beads.append(sides)
    beads[1]["en"].kind = "heading"
    beads[1]["en"].findings = [("broken-term", 4, 9)]  # which is a mention, too
    beads[3]["en"].findings = [("truncation", 4, 13), ("broken-term", 17, 21)]
    notes = named("A ferry in “brackets”. The cafe\u0301 by the 反 向 飞地, the core–periphery, the core. Periphery!")
    folder = tmp_path_factory.mktemp("index")
    return build(
        folder / "x.db",
        [Source("boats.json", ("zh", "en", "fr"), beads), Source("notes.txt", ("en",), [{"en": notes}], single=True)],
    )


@pytest.fixture
def index(path: Path) -> Iterator[Index]:
    with tetrapla.open(path) as opened:
        yield opened


def answer(index: Index, query: str, within: Within = "passage") -> Concordance | QueryError:
    try:
        return index.query(query, limit=None, within=within)
    except QueryError as e:
        return e


def matches(index: Index, query: str, within: Within = "passage") -> list[str]:
    return [hit.match for hit in index.query(query, limit=None, within=within)]


# ---------------------------------------------------------------- the language

SYNTAX = [
    ("boat", "boat"),
    ("反向飞地", "反向飞地"),
    ("boat harbour", "(boat harbour)"),
    ("boat AND harbour", "(boat harbour)"),
    ("boat OR harbour quay", "(boat | (harbour quay))"),
    ("NOT boat", "!boat"),
    ("-boat", "!boat"),
    ("NOT NOT boat", "!!boat"),
    ("quay -(boat OR raft)", "(quay !(boat | raft))"),
    ("a near:3 b near:5 c", "((a ~3 b) ~5 c)"),
    ("NOT a near:2 b", "!(a ~2 b)"),
    ("innov*", "innov*"),
    ('"a boat"', "'a boat'"),
    ('"a boat"*', "'a boat'*"),
    (r'"say \"no\""', "'say \"no\"'"),
    ("“夜 渡”", "'夜 渡'"),
    ("（夜渡 OR 渡船）", "(夜渡 | 渡船)"),
    ("concept:night-ferry", "concept=night-ferry"),
    ("concept:ferry+", "concept=ferry+"),
    ('concept:"night ferry"+', "concept='night ferry'+"),
    ("concept：夜渡", "concept=夜渡"),
    ("LANG:en", "lang=en"),
    ("-lang:en", "!lang=en"),
    ("core-periphery", "core-periphery"),
    ("well-known -known", "(well-known !known)"),
    ("http://x.org", "http://x.org"),
    ("3:15", "3:15"),
    ("and or not", "(and or not)"),
    ('"AND"', "AND"),
]


def written(node: syntax.Node) -> str:
    match node:
        case syntax.Text(text, prefix):
            return quoted(text) + "*" * prefix
        case syntax.Field(name, value, plus):
            return f"{name}={quoted(value)}" + "+" * plus
        case syntax.Not(part):
            return f"!{written(part)}"
        case syntax.Near(left, right, distance):
            return f"({written(left)} ~{distance} {written(right)})"
        case syntax.All(parts):
            return f"({' '.join(map(written, parts))})"
        case syntax.Any(parts):
            return f"({' | '.join(map(written, parts))})"


def quoted(text: str) -> str:
    return f"'{text}'" if " " in text else text


@pytest.mark.parametrize(("query", "tree"), SYNTAX)
def test_queries_are_read(query: str, tree: str) -> None:
    assert written(parse(query)) == tree


WRONG = [
    ("", 0, "empty"),
    ("   ", 0, "empty"),
    ("(boat", 0, "never closed"),
    ("boat)", 4, "never opened"),
    ("()", 1, "expected before this bracket"),
    ("boat AND", 8, "the query ends"),
    ("boat AND OR quay", 9, "before OR"),
    ("OR boat", 0, "before OR"),
    ("boat NOT", 8, "the query ends"),
    ('say "no', 4, "quote is never closed"),
    ("“夜渡", 0, "” was expected"),
    ("bo*at", 2, "end of a word"),
    ("*", 0, "end of a word"),
    ("near:3 boat", 0, "between two terms"),
    ("boat near:x quay", 10, "a number from 1"),
    ("boat near:0 quay", 10, "a number from 1"),
    ("boat near:99999 quay", 10, "a number from 1"),
    ("boat near:3", 11, "the query ends"),
    ("concept: boat", 8, "value was expected"),
    ('concept:""', 8, "value was expected"),
    ("conept:boat", 0, "did you mean concept:?"),
    ("boat colour:red", 5, "no field is called colour"),
    ("boat \ud800", 5, "no character"),
]


@pytest.mark.parametrize(("query", "place", "problem"), WRONG)
def test_what_cannot_be_read_is_pointed_at(query: str, place: int, problem: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.place == place
    assert problem in caught.value.problem
    shown, pointer = caught.value.pointer.split("\n")
    assert pointer == f"{' ' * place}^ {caught.value.problem}"
    assert len(shown) == len(query)


def test_the_caret_stands_under_wide_characters() -> None:
    with pytest.raises(QueryError) as caught:
        parse("反向飞地 (boat")
    assert caught.value.pointer.split("\n")[1].startswith(" " * 9 + "^")


UNKNOWN = [
    ("concept:fery", 0, "did you mean 'ferry'"),
    ("boat form:ferri", 5, "'ferry'"),
    ("status:bad", 0, "preferred"),
    ("damage:bad", 0, "literal"),
    ("lang:de", 0, "en"),
    ("boat missing:de", 5, "fr"),
    ("doc:nowhere", 0, "document"),
    ("kind:poem", 0, "heading"),
    ("type:truncaton", 0, "did you mean 'truncation'"),
    ("boat 。", 5, "no word"),
    ("boat near:3 lang:en", 12, "joins words"),
    ("(boat AND quay) near:3 ferry", 0, "joins words"),
    ("boat near:3 (NOT quay)", 13, "joins words"),
]


@pytest.mark.parametrize(("query", "place", "problem"), UNKNOWN)
def test_names_the_index_does_not_have_are_pointed_at(index: Index, query: str, place: int, problem: str) -> None:
    with pytest.raises(QueryError) as caught:
        index.query(query)
    assert abs(caught.value.place - place) <= 1
    assert problem in caught.value.problem


HOSTILE = [
    "(" * 10_000,
    "(" * 3_999,
    "(" * 12 + "ferry" + ")" * 12,
    *(
        "".join(f"(NOT {term} OR {term} " for term in [leaf] * 6) + leaf + ")" * 6
        for leaf in ("ferry", "concept:ferry", "missing:fr", '"a ferry"', "type:truncation")
    ),
    "(NOT (ferry missing:fr OR concept:ferry+ missing:fr lang:en" * 5 + "))" * 5,
    "NOT " * 900 + "ferry",
    "ferry " * 99,
    "ferry OR " * 99 + "ferry",
    " near:5 ".join(["ferry"] * 100),
    '"' * 3_999,
    "ferry\x00 harbour\x00",
    "\x00",
    "'; DROP TABLE passage; --",
    '"ferry" OR 1=1 UNION SELECT * FROM concept',
    'text:ferry NEAR(ferry harbour, 2) ^ferry {text}: "ferry"* + "a"',
    '"NEAR(ferry)" "AND" "ferry OR harbour"',
    "concept:'ferry'",
    'concept:"x\') OR 1 --"',
    "section:%",
    "section:1%",
    "doc:../../etc/passwd",
    "𝒇𝒆𝒓𝒓𝒚 \u202eferry",
    "-" * 3_000,
    "*" * 3_000,
    "concept:ferry+" * 200,
    "a" * 3_999 + "*",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_answered_or_refused_at_once(index: Index, query: str) -> None:
    began = time.perf_counter()
    found = answer(index, query)
    if isinstance(found, QueryError):
        assert len(found.pointer) < 1_500
    else:
        assert found.total == index.count(query) >= len(found)
    assert time.perf_counter() - began < 2
    assert index.count("ferry") == 4


@given(st.text(st.sampled_from('ab飞 ()"“”:*+-\\NOTARDearconcept5.\x00'), max_size=30))
def test_any_text_is_a_query_or_refused(query: str) -> None:
    try:
        parse(query)
    except QueryError as e:
        refused = e
    else:
        return
    assert 0 <= refused.place <= len(query)
    assert refused.pointer.count("\n") == 1


# ---------------------------------------------------------------- what is found

FOUND = [
    ("ferry", ["ferry"] * 4),
    ("FERRY", ["ferry"] * 4),
    ("ferr", []),
    ("ferr*", ["ferry"] * 4),
    ("渡", ["渡", "渡", "渡", "渡", "渡"]),
    ("渡船", ["渡船"] * 3),
    ("船在夜", ["船在夜"]),
    ("港口渡船", []),
    ("高渡", []),  # a comma stands between
    ('"the ferry"', ["The ferry", "the ferry"]),
    ('"town the"', []),
    ('"town; the"', ["town; the"]),
    ('"ferry too"', []),
    ("café", ["cafe\u0301"]),
    ("cafe", []),
    ("反向", []),
    ('"反 向"', ["反 向"]),
    ('"core periphery"', ["core–periphery"]),
    ("core-periphery", ["core–periphery"]),
    ('"core. periphery"', ["core. Periphery"]),
    ('"in brackets"', ["in “brackets"]),
    ("ferry harbour", ["ferry", "harbour", "ferry", "harbour", "ferry"]),
    ("ferry OR fairy", ["ferry", "ferry", "fairy", "ferry", "ferry"]),
    ("ferry -harbour", ["ferry"]),
    ("the near:1 ferry", ["The", "ferry", "the", "ferry"]),
    ("night near:2 harbour", []),
    ("night near:4 harbour", ["night", "harbour"]),
    ("harbour near:4 night", ["night", "harbour"]),
    ("渡 near:1 夜", ["夜", "渡", "夜", "渡"]),
    ("(fairy OR boat) near:2 (sails OR late)", ["fairy", "sails", "late", "boat"]),
    ("concept:ferry", ["渡船", "渡船", "渡船", "ferry", "fairy", "ferry", "bac", "fée", "ferry"]),
    ("concept:fairy lang:en", ["ferry", "fairy", "ferry", "ferry"]),
    ("concept:ferry+ lang:fr", ["bac de nuit", "bac", "fée"]),
    ("concept:ferry status:noise", ["fairy", "fée"]),
    ("concept:ferry lang:en -status:preferred", ["fairy"]),
    ("damage:literal", ["fairy"]),
    ("concept:ferry lang:en -damage:literal", ["ferry", "ferry", "ferry"]),
    ("concept:ferry status:noise -damage:literal", ["fée"]),
    ("status:noise lang:fr", ["fée"]),
    ("concept:ferry+ (status:noise OR status:deprecated) lang:en", ["fairy", "late boat"]),
    ('form:"late boat"', ["late boat"]),
    ("concept:night-ferry form:late-boat", ["late boat"]),
    ("concept:ferry missing:fr lang:zh", ["渡船", "渡船"]),
    ("concept:harbour missing:fr lang:en", ["harbour", "port"]),
    ("concept:ferry NOT missing:fr lang:zh", ["渡船"]),
    ("missing:fr lang:en", [PAIRS[2][1]]),
    ("town missing:fr", ["town"]),
    ("missing:zh", []),
    ("section:1 lang:en", [PAIRS[0][1], PAIRS[1][1]]),
    ("section:1. harbour", ["harbour"]),
    ("section:10 lang:fr", [PAIRS[3][2]]),
    ("kind:heading", [PAIRS[1][1]]),
    ("type:truncation", ["late boat"]),
    ("type:truncation dear", ["dear"]),
    ("doc:notes.txt core", ["core", "core"]),
    ("doc:boats ferry", ["ferry", "ferry", "ferry"]),
    ("doc:fr nuit", ["nuit", "nuit"]),
    ("(night OR (town 1843)) lang:en", ["night", "night"]),
]


@pytest.mark.parametrize(("query", "expected"), FOUND)
def test_hits(index: Index, query: str, expected: list[str]) -> None:
    assert matches(index, query) == expected
    assert index.count(query) == len(expected) == index.query(query, limit=1).total


WITHINS: tuple[Within, ...] = ("passage", "sentence", "bead")
WITHIN: list[tuple[str, Within, list[str]]] = [
    ("night slow", "passage", ["night", "slow"]),
    ("night slow", "sentence", []),
    ("night harbour", "sentence", ["night", "harbour"]),
    ("harbour -slow", "sentence", ["harbour", "harbour"]),
    ("渡船 fairy", "passage", []),
    ("渡船 fairy", "bead", ["渡船", "fairy"]),
    ("(渡船 lang:zh) (bac lang:fr)", "bead", ["渡船", "bac", "渡船", "bac"]),
    ("渡船 -bac", "bead", ["渡船"]),
    ("渡船 bac lang:zh", "bead", []),
    ("concept:ferry fairy OR core", "bead", ["渡船", "fairy", "bac", "core", "core"]),
]


@pytest.mark.parametrize(("query", "within", "expected"), WITHIN)
def test_what_a_conjunction_holds_in(index: Index, query: str, within: Within, expected: list[str]) -> None:
    assert matches(index, query, within) == expected


def test_a_hit_knows_where_it_stands(index: Index) -> None:
    (hit,) = index.query("fairy", parallel=True)
    assert (hit.document, hit.language, hit.bead, hit.section, hit.kind) == ("en", "en", "b2", "1.1", "heading")
    assert (hit.left, hit.match, hit.right) == ("The ", "fairy", " sails at night.")
    assert (hit.concept, hit.form, hit.status) == ("ferry", "fairy", "noise")
    assert hit.spans == (Span(104, 109),)
    assert list(hit.parallel) == ["zh", "fr"]
    assert [hit.parallel["zh"].text[mark.start : mark.end] for mark in hit.parallel["zh"].marks] == ["渡船"]
    assert hit.parallel["fr"].score == 0.9
    assert hit.parallel["zh"].score is None


def test_words_within_a_term_mark_its_concept(index: Index) -> None:
    (hit,) = index.query("late", parallel=True)
    assert hit.concept is None
    assert [mark.form for mark in hit.parallel["zh"].marks] == ["夜渡"]


def test_pages_of_hits_are_parts_of_all_hits(index: Index) -> None:
    everything = [hit.id for hit in index.query("the", limit=None)]
    assert everything == sorted(set(everything), key=everything.index)
    pages = [index.query("the", limit=3, offset=offset) for offset in range(0, len(everything) + 3, 3)]
    assert [hit.id for page in pages for hit in page] == everything
    assert {page.total for page in pages} == {len(everything)}


def test_orders(index: Index) -> None:
    assert [hit.right.split()[0] for hit in index.query("the lang:en doc:boats", sort="right", limit=3)] == [
        "fairy",
        "ferry",
        "ferry,",
    ]
    left = [hit.left.split()[-1] for hit in index.query("concept:harbour lang:en", sort="left")]
    assert left == sorted(left, key=str.lower)
    assert [hit.match for hit in index.query("concept:ferry lang:en", sort="match", limit=2)] == ["fairy", "ferry"]
    assert [hit.document for hit in index.query("concept:ferry", sort="document")][:4] == ["en"] * 4
    with pytest.raises(UnknownNameError):
        index.query("the", sort="rhyme")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError):
        index.query("the", within="page")  # type: ignore[arg-type]


def test_a_source_that_is_not_complete_is_not_there(tmp_path: Path) -> None:
    sources = [Source("a.txt", ("en",), [{"en": named("The ferry.")}], single=True)]
    path = build(tmp_path / "x.db", sources)
    with open_store(path, write=True) as store, store.writing() as connection:
        connection.execute("UPDATE source SET complete = 0")
    build(path, [Source("b.txt", ("en",), [{"en": named("A ferry.")}], single=True)])
    with tetrapla.open(path) as index:
        assert [hit.source for hit in index.query("ferry")] == ["b.txt"]
        assert index.count("ferry") == index.count("concept:ferry") == index.count("lang:en") == 1
        assert [row.hits for row in index.frequency("ferry")] == [1]
        assert [source["name"] for source in index.sources()] == ["b.txt"]
        assert next(c for c in index.concepts() if c["id"] == "ferry")["mentions"] == 1


def test_an_index_that_changes_is_read_again(tmp_path: Path) -> None:
    path = build(tmp_path / "x.db", [Source("a.txt", ("en",), [{"en": named("The ferry.")}], single=True)])
    with tetrapla.open(path) as index:
        with pytest.raises(QueryError):
            index.count("lang:fr")
        build(path, [Source("b.txt", ("fr",), [{"fr": named("Le bac.")}], single=True)])
        assert index.count("lang:fr") == 1


def test_an_index_is_opened_for_reading_only(path: Path, tmp_path: Path) -> None:
    with tetrapla.open(path) as index, pytest.raises(Exception, match="readonly"):
        index._connection.execute("DELETE FROM passage")
    with pytest.raises(InputError, match="no such index"):
        tetrapla.open(tmp_path / "none.db")


# ---------------------------------------------------------------- against an evaluator that looks at every text

PIECES = [
    "飞",
    "地",
    "飞地",
    "ab",
    "a",
    "Á",
    "b",
    "a-b",
    "…",
    ", ",
    " ",
    " ",
    ". ",
    "’",
    "é",
    "e\u0301",
    "ß",
    "SS",
    "\n",
]
SECTIONS = ["", "1", "1.1", "2"]
FORM_NAMES = sorted(FORMS)


@st.composite
def sides(draw: st.DrawFn) -> Side:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12)))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: (min(pair), max(pair)))
    some = spans.filter(lambda span: span[0] < span[1])
    mentions = draw(st.lists(st.tuples(some, st.sampled_from(FORM_NAMES)), max_size=3))
    middle = draw(st.integers(0, len(text)))
    return Side(
        text,
        [(*span, form) for span, form in mentions],
        [span for span in ((0, middle), (middle, len(text))) if span[0] < span[1]],
        [("truncation", *draw(spans))] if draw(st.booleans()) else [],
        draw(st.sampled_from(["body", "heading"])),
        draw(st.sampled_from(SECTIONS)),
    )


@st.composite
def corpora(draw: st.DrawFn) -> list[Source]:
    versions = ("zh", "en", "fr")
    beads = draw(st.lists(st.dictionaries(st.sampled_from(versions), sides(), min_size=1), min_size=1, max_size=4))
    found = [Source("one.json", versions, beads)]
    if draw(st.booleans()):
        found.append(Source("two.json", ("zh", "en"), [{"zh": draw(sides()), "en": draw(sides())}]))
    if draw(st.booleans()):
        found.append(Source("notes.txt", ("en",), [{"en": draw(sides())}], single=True))
    return found


terms = st.one_of(
    st.builds(
        syntax.Text,
        st.lists(st.sampled_from(["飞", "地", "a", "b", "ab", "á", "é", "ss", "-", " ", ", "]), min_size=1, max_size=4)
        .map("".join)
        .filter(lambda text: any(words(text))),
        st.booleans(),
    ),
    st.builds(syntax.Field, st.just("concept"), st.sampled_from(sorted(CONCEPTS)), st.booleans()),
    st.builds(syntax.Field, st.just("form"), st.sampled_from(FORM_NAMES)),
    st.builds(syntax.Field, st.just("status"), st.sampled_from(["noise", "preferred", "deprecated"])),
    st.builds(syntax.Field, st.just("damage"), st.sampled_from(["literal", "ocr", "name"])),
)
filters = st.one_of(
    st.builds(syntax.Field, st.just("lang"), st.sampled_from(["zh", "en", "fr"])),
    st.builds(syntax.Field, st.just("section"), st.sampled_from(["1", "1.1", "2"])),
    st.builds(syntax.Field, st.just("kind"), st.sampled_from(["body", "heading"])),
    st.builds(syntax.Field, st.just("missing"), st.sampled_from(["zh", "fr"])),
)
nears = st.builds(
    syntax.Near, terms, st.one_of(terms, st.builds(syntax.Any, st.tuples(terms, terms))), st.integers(1, 3)
)
trees: st.SearchStrategy[Any] = st.recursive(
    st.one_of(terms, terms, filters, nears),
    lambda parts: st.one_of(
        st.builds(syntax.All, st.lists(parts, min_size=2, max_size=3).map(tuple)),
        st.builds(syntax.Any, st.lists(parts, min_size=2, max_size=3).map(tuple)),
        st.builds(syntax.Not, parts),
    ),
    max_leaves=5,
)


def typed(node: syntax.Node) -> str:
    """Return a tree as somebody would type it."""
    match node:
        case syntax.Text(text, prefix):
            return f'"{text}"' + "*" * prefix
        case syntax.Field(name, value, plus):
            return f'{name}:"{value}"' + "+" * plus
        case syntax.Not(part):
            return f"NOT ({typed(part)})"
        case syntax.Near(left, right, distance):
            return f"({typed(left)}) near:{distance} ({typed(right)})"
        case syntax.All(parts):
            return f"({' '.join(map(typed, parts))})"
        case syntax.Any(parts):
            return f"({' OR '.join(map(typed, parts))})"


@dataclass
class Known:
    """A passage as the evaluator knows it."""

    number: int
    side: Side
    version: str
    bead: tuple[str, int] | None
    others: dict[str, Side | None]  # what stands beside it in the bead, by the versions of the source


Place = tuple[int, int, int]


def known_passages(sources: Sequence[Source]) -> list[Known]:
    found: list[Known] = []
    for source in sources:
        for version in source.versions:
            for k, bead in enumerate(source.beads):
                if version in bead:
                    others = {} if source.single else {name: bead.get(name) for name in source.versions}
                    own = None if source.single else (source.name, k)
                    found.append(Known(len(found) + 1, bead[version], version, own, others))
    return found


class Naive:
    """Holds a query against every passage as the documentation says, and in no other way."""

    MARKS = re.compile("[\\s\"'’‘“”«»–—-]+")

    def __init__(self, passages: Sequence[Known], within: Within) -> None:
        self.passages = passages
        self.within = within

    def hits(self, tree: syntax.Node) -> list[Place]:
        found: set[Place] = set()
        for scope, bounds in self.units():
            if (own := self.holds(tree, scope, bounds)) is not None:
                found |= own if self.has_terms(tree) else self.shown(tree, scope, bounds)
        return sorted(found)

    def units(self) -> Iterator[tuple[list[Known], tuple[int, int] | None]]:
        if self.within == "bead":
            for key, group in itertools.groupby(
                sorted(self.passages, key=lambda p: (p.bead or ("", -p.number), p.number)),
                key=lambda p: p.bead or p.number,
            ):
                assert key
                yield list(group), None
        for passage in self.passages if self.within != "bead" else ():
            if self.within == "passage":
                yield [passage], None
            else:
                yield from (([passage], bounds) for bounds in passage.side.sentences)

    def shown(self, tree: syntax.Node, scope: list[Known], bounds: tuple[int, int] | None) -> set[Place]:
        fitting = [p for p in scope if self.within != "bead" or self.holds(tree, [p], bounds) == set()]
        return {(p.number, *(bounds or (0, len(p.side.text)))) for p in fitting}

    def has_terms(self, node: syntax.Node) -> bool:
        match node:
            case syntax.All(parts) | syntax.Any(parts):
                return any(map(self.has_terms, parts))
            case syntax.Field(name=name):
                return name in ("concept", "form", "status", "damage")
        return isinstance(node, syntax.Text | syntax.Near)

    # A query on a unit: None where it does not hold, else the places of its terms.
    def holds(self, node: syntax.Node, scope: list[Known], bounds: tuple[int, int] | None) -> set[Place] | None:
        match node:
            case syntax.All():
                return self.all_hold(node, scope, bounds)
            case syntax.Any(parts):
                held = [own for part in parts if (own := self.holds(part, scope, bounds)) is not None]
                return set().union(*held) if held else None
            case syntax.Not(part) if not self.is_filter(part):
                return set() if self.holds(part, scope, bounds) is None else None
            case _ if self.is_filter(node):
                return set() if any(self.fits(node, p) for p in scope) else None
        return {(p.number, *span) for p in scope for span in self.standing(node, p, bounds)} or None

    def all_hold(self, node: syntax.All, scope: list[Known], bounds: tuple[int, int] | None) -> set[Place] | None:
        parts = node.parts
        carriers = [part for part in parts if self.carries(part)]
        attributes = [part for part in parts if self.is_attribute(part)]
        if carriers:
            joined = [syntax.All((carrier, *attributes)) for carrier in carriers]
        elif any(map(self.asserts, attributes)):
            joined = [syntax.All(tuple(attributes))]
        else:
            joined, attributes = [], []
        rest = [part for part in parts if not any(part is p for p in (*carriers, *attributes))]
        within = [p for p in scope if all(self.fits(part, p) for part in rest if self.is_filter(part))]
        if not within:
            return None
        found: set[Place] = set()
        for one in joined:
            own = {(p.number, *m) for p in within for m in self.mentions(one, p) if self.inside(m, bounds)}
            if not own:
                return None
            found |= own
        for part in rest:
            if not self.is_filter(part):
                held = self.holds(part, within, bounds)
                if held is None:
                    return None
                found |= held
        return found

    def carries(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Field(name="concept"):
                return True
            case syntax.Any(parts):
                return all(map(self.carries, parts))
            case syntax.All(parts):
                return [self.carries(p) for p in parts].count(True) == 1 and all(
                    self.carries(p) or self.is_attribute(p) for p in parts
                )
        return False

    def is_attribute(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Field(name=name):
                return name in ("form", "status", "damage", "missing")
            case syntax.All(parts) | syntax.Any(parts):
                return all(map(self.is_attribute, parts))
            case syntax.Not(part):
                return self.is_attribute(part)
        return False

    def asserts(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Field(name=name):
                return name in ("form", "status", "damage")
            case syntax.All(parts):
                return any(map(self.asserts, parts))
            case syntax.Any(parts):
                return all(map(self.asserts, parts))
        return False

    def is_filter(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Field(name=name):
                return name in ("lang", "section", "kind", "missing")
            case syntax.All(parts):
                return not any(map(self.asserts, parts)) and all(map(self.is_filter, parts))
            case syntax.Any(parts):
                return all(map(self.is_filter, parts))
            case syntax.Not(part):
                return self.is_filter(part)
        return False

    def fits(self, node: syntax.Node, passage: Known) -> bool:
        match node:
            case syntax.All(parts):
                return all(self.fits(part, passage) for part in parts)
            case syntax.Any(parts):
                return any(self.fits(part, passage) for part in parts)
            case syntax.Not(part):
                return not self.fits(part, passage)
            case syntax.Field("lang", value):
                return passage.version == value
            case syntax.Field("section", value):
                return f"{passage.side.section}.".startswith(f"{value}.")
            case syntax.Field("kind", value):
                return passage.side.kind == value
            case syntax.Field("missing", value):
                return value in passage.others and passage.others[value] is None
        raise AssertionError(node)

    def mentions(self, node: syntax.Node, passage: Known) -> set[tuple[int, int]]:
        return {(s, e) for s, e, form in passage.side.mentions if self.said_of(node, form, passage)}

    def said_of(self, node: syntax.Node, form: str, passage: Known) -> bool:
        concept, _, status, damage = FORMS[form]
        match node:
            case syntax.All(parts):
                return all(self.said_of(part, form, passage) for part in parts)
            case syntax.Any(parts):
                return any(self.said_of(part, form, passage) for part in parts)
            case syntax.Not(part):
                return not self.said_of(part, form, passage)
            case syntax.Field("concept", value, plus):
                return concept == value or (plus and (value, concept) == ("ferry", "night-ferry"))
            case syntax.Field("form", value):
                return form == value or (concept, form, value) == ("harbour", "port", "port")
            case syntax.Field("status", value):
                return status == value
            case syntax.Field("damage", value):
                return damage == value
            case syntax.Field("missing", value):
                if value not in passage.others:
                    return False
                beside = passage.others[value]
                named = [FORMS[other] for *_, other in beside.mentions] if beside else []
                return (concept, value) not in {
                    (other, language)
                    for other, language, how, broken in named
                    if how != "noise" and (how != "deprecated" or broken is None)
                }
        raise AssertionError(node)

    def standing(self, node: syntax.Node, passage: Known, bounds: tuple[int, int] | None) -> set[tuple[int, int]]:
        match node:
            case syntax.Text():
                found = self.spelled(node, passage.side.text)
            case syntax.Any(parts):
                found = set().union(*(self.standing(part, passage, bounds) for part in parts))
            case syntax.Near(left, right, distance):
                one, other = (self.standing(part, passage, bounds) for part in (left, right))
                pairs = [(a, b) for a in one for b in other if self.close(passage.side.text, a, b, distance)]
                found = {span for pair in pairs for span in pair}
            case _:
                found = self.mentions(node, passage)
        return {span for span in found if self.inside(span, bounds)}

    def inside(self, span: tuple[int, int], bounds: tuple[int, int] | None) -> bool:
        return bounds is None or (bounds[0] <= span[0] and span[1] <= bounds[1])

    def spelled(self, node: syntax.Text, text: str) -> set[tuple[int, int]]:
        wanted, tokens = list(words(node.text)), list(words(text))
        found = set()
        for first in range(len(tokens) - len(wanted) + 1):
            own = tokens[first : first + len(wanted)]
            same = all(a.folded == b.folded for a, b in zip(own[:-1], wanted, strict=False))
            last, end = own[-1].folded, wanted[-1].folded
            if not same or not (last.startswith(end) if node.prefix else last == end):
                continue
            for (a, b), (c, d) in zip(itertools.pairwise(own), itertools.pairwise(wanted), strict=True):
                there, asked = text[a.end : b.start], node.text[c.end : d.start]
                if (there != "") if not asked else self.MARKS.sub("", there) != self.MARKS.sub("", asked):
                    break
            else:
                found.add((own[0].start, own[-1].end))
        return found

    def close(self, text: str, one: tuple[int, int], other: tuple[int, int], distance: int) -> bool:
        numbers = []
        for start, end in (one, other):
            tokens = list(words(text))
            first = sum(token.end <= start for token in tokens)
            numbers.append((first, max(first, sum(token.start < end for token in tokens) - 1)))
        (a, b), (c, d) = numbers
        return 0 < c - b <= distance or 0 < a - d <= distance


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(corpora(), st.lists(trees, min_size=4, max_size=8))
def test_exactly_what_is_there_is_found(folder: Path, sources: list[Source], queries: list[syntax.Node]) -> None:
    path = build(folder / "random.db", sources)
    passages = known_passages(sources)
    try:
        with Index(path) as index:
            for tree in queries:
                query = typed(tree)
                for within in WITHINS:
                    found = answer(index, query, within)
                    if isinstance(found, QueryError):
                        assert "no language of the index" in str(found)
                        continue
                    places = [(hit.passage, hit.start, hit.end) for hit in found]
                    assert sorted(places) == Naive(passages, within).hits(tree), query
                    assert len(set(places)) == len(places)
                    assert index.count(query, within=within) == len(places), query
                    if within == "passage":
                        assert places == sorted(places)
                        assert sum(row.hits for row in index.frequency(query)) == len(places)
                        assert len(index.query(query, limit=2)) == min(2, len(places))
    finally:
        for file in folder.glob("random.db*"):
            file.unlink()


@given(
    st.lists(st.sampled_from(["飞", "地", "a", "ab", "Á", "é", "ß", "-", " "]), min_size=1, max_size=3)
    .map("".join)
    .filter(lambda text: any(words(text))),
    st.booleans(),
    st.lists(st.sampled_from([*PIECES, "\u0301", "ﬁ", "İ", "豈", "𠀀", "नि", "ก็", "_", "1"]), max_size=14).map("".join),
)
def test_fast_search_finds_what_words_say(text: str, prefix: bool, passage: str) -> None:
    from tetrapla.query._bound import marks_between

    found = list(words(text))
    gaps = [text[a.end : b.start] for a, b in itertools.pairwise(found)]
    wanted = Words(
        tuple(word.folded for word in found),
        tuple(map(marks_between, gaps)),
        tuple(not gap for gap in gaps),
        prefix,
        "",
    )
    finder = Finder(wanted)
    assert finder.find(passage, folded(passage)) == finder.by_words(passage)
    assert finder.count(passage) == len(finder.by_words(passage))


# ---------------------------------------------------------------- figures


def test_frequency(index: Index) -> None:
    rows = index.frequency("concept:ferry")
    assert [(row.values, row.hits, row.passages) for row in rows] == [
        (("en",), 4, 4),
        (("zh",), 3, 3),
        (("fr",), 2, 2),
    ]
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert rows[1].per_million == pytest.approx(3e6 / sum(len(re.findall(r"\w", zh)) for zh, *_ in PAIRS))
    by_form = index.frequency("concept:ferry lang:en", "form,status")
    assert [row.values for row in by_form] == [("ferry", "preferred"), ("fairy", "noise")]
    sections = index.frequency("the lang:en", "section")
    assert [row.values[0] for row in sections] == ["", "1", "1.1", "2", "10"]
    assert index.frequency("“the ferry”", "form")[0].to_dict()["form"] == "the ferry"
    assert index.frequency("渡船 lang:zh", "form")[0].values == ("渡船",)
    assert index.frequency("nowhere") == ()
    with pytest.raises(UnknownNameError, match="version"):
        index.frequency("the", "colour")


def test_collocations(index: Index) -> None:
    rows = index.collocations("concept:ferry+ lang:en", minimum=2, window=2)
    (the,) = [row for row in rows if row.word == "the"]
    assert (the.language, the.hits, the.left, the.frequency) == ("en", 5, 5, 13)
    assert the.log_dice == pytest.approx(log_dice(5, 6, 13))
    assert index.collocations("concept:ferry+", minimum=1, language="fr")[0].language == "fr"
    assert {row.language for row in index.collocations("concept:ferry", minimum=1)} == {"zh", "en", "fr"}
    assert index.collocations("nowhere") == ()


def test_dispersion(index: Index) -> None:
    rows = {row.document: row for row in index.dispersion("concept:ferry doc:boats")}
    assert list(rows) == ["zh", "en", "fr"]
    assert rows["en"].hits == len(rows["en"].places) == 3
    assert all(0 <= place < 1 for row in rows.values() for place in row.places)
    assert index.dispersion("concept:ferry lang:zh", parts="section")[0].parts == 4
    by_document = index.dispersion("ferry", parts="document")
    assert [(row.language, row.parts, row.hits) for row in by_document] == [("en", 2, 4)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 50)), min_size=1, max_size=8))
def test_measures_of_dispersion_stay_in_their_bounds(parts: list[tuple[int, int]]) -> None:
    counts, sizes = [count for count, _ in parts], [float(size) for _, size in parts]
    d, dp = juilland(counts, sizes), deviation(counts, sizes)
    assert (d is None) == (dp is None) == (len(parts) < 2 or not any(counts))
    assert d is None or -1e-9 <= d <= 1
    assert dp is None or 0 <= dp < 1


def test_cooccurrence(index: Index) -> None:
    rows = index.cooccurrence("concept:harbour lang:en")
    assert [(row.other, row.units, row.frequency, row.frequency_other) for row in rows] == [
        ("night-ferry", 2, 3, 2),
        ("ferry", 2, 3, 4),
    ]
    assert index.cooccurrence("harbour", within="sentence")[0].other == "harbour"
    pairs = index.cooccurrence(within="bead")
    assert {(row.concept, row.other): row.units for row in pairs} == {
        ("ferry", "harbour"): 3,
        ("ferry", "night-ferry"): 2,
        ("harbour", "night-ferry"): 2,
    }
    assert {row.units for row in index.cooccurrence("lang:fr")} == set()


def test_renderings_answer_all_at_once(index: Index) -> None:
    for name in ("渡船", "concept:ferry", "fairy", "ferry"):
        found = index.renderings(name)
        assert found.concept == "ferry"
    forms = [(row.version, row.form, row.status, row.damage, row.hits, row.sections) for row in found.forms]
    assert forms == [
        ("zh", "渡船", "preferred", None, 3, (("1", 1), ("1.1", 1), ("10", 1))),
        ("en", "ferry", "preferred", None, 3, (("", 1), ("1", 1), ("2", 1))),
        ("en", "dear", "suspected", None, 1, (("10", 1),)),
        ("en", "fairy", "noise", "literal", 1, (("1.1", 1),)),
        ("fr", "bac", "preferred", None, 1, (("1.1", 1),)),
        ("fr", "fée", "noise", None, 1, (("10", 1),)),
    ]
    gaps = [(row.version, row.bead, row.section, row.why) for row in found.missing]
    assert gaps == [
        ("en", "b2", "1.1", "damaged"),
        ("en", "b4", "10", "suspected"),
        ("fr", "b1", "1", "in a longer term"),
        ("fr", "b4", "10", "damaged"),
    ]
    assert found.expected == {"en": 3, "fr": 3}
    assert {row.language for row in found.near} <= {"zh", "en", "fr"}
    assert [(row.why, row.line) for row in index.renderings("harbour").missing] == [("no passage", None)]
    assert found.missing[1].forms == ("dear",)
    assert [(row.other, row.units) for row in found.together] == [("harbour", 3), ("night-ferry", 2)]
    json.dumps(found.to_dict())
    for query in ("ferry harbour", "concept:ferry+", "lang:en", "ferry*"):
        with pytest.raises(QueryError):
            index.renderings(query)


def test_a_form_is_missing_where_it_is_damage_or_another_language(tmp_path: Path) -> None:
    texts = [
        ("渡船", "The faery.", "La 渡船."),  # deprecated for its damage; not translated
        ("夜渡", "The late boat.", "Le bac."),  # deprecated for no damage
        ("渡船", "A boat with oars.", "Le bac."),
        ("渡船", "The night ferry.", "Le bac."),  # part of another term
    ]
    beads = [{code: named(text) for code, text in zip(("zh", "en", "fr"), row, strict=True)} for row in texts]
    with Index(build(tmp_path / "x.db", [Source("boats.json", ("zh", "en", "fr"), beads)])) as index:
        found = index.renderings("ferry")
        gaps = [(row.version, row.bead, row.line, row.pivot_line, row.why, row.forms, row.at) for row in found.missing]
        assert gaps == [
            ("en", "b1", 10, 10, "damaged", ("faery",), 0),
            ("en", "b3", 12, 12, "not named", (), 0),
            ("en", "b4", 13, 13, "in a longer term", ("night ferry",), 0),
            ("fr", "b1", 10, 10, "not translated", ("渡船",), 0),
        ]
        forms = {(row.form, row.version, row.form_language, row.status, row.damage) for row in found.forms}
        assert {("faery", "en", "en", "deprecated", "ocr"), ("渡船", "fr", "zh", "preferred", None)} <= forms
        assert [row.version for row in index.renderings("night-ferry").missing] == ["fr"]
        for version in ("en", "fr"):
            beads_of = [row.bead for row in found.missing if row.version == version]
            assert [hit.bead for hit in index.query(f"concept:ferry missing:{version} lang:zh")] == beads_of
        (hit,) = index.query("concept:ferry lang:en", parallel=True)
        assert (hit.status, hit.damage, hit.broken) == ("deprecated", "ocr", True)
        assert [(mark.damage, mark.broken) for mark in hit.parallel["zh"].marks] == [(None, False)]
        assert not index.query("concept:night-ferry lang:en")[0].broken


def test_passages_and_beads_are_told_with_all_that_is_known(index: Index) -> None:
    sides = index.bead("b4")
    assert [side["document"] for side in sides] == ["zh", "en", "fr"]
    assert [finding["type"] for finding in sides[1]["finding"]] == ["truncation", "broken-term"]
    assert [mention["form"] for mention in sides[1]["mention"]] == ["late boat", "port"]
    assert sides[0] == index.passage(sides[0]["id"])
    for wrong in (lambda: index.passage(999), lambda: index.bead("b99"), lambda: index.bead("b1", source="x")):
        with pytest.raises(UnknownNameError):
            wrong()


def test_tables_become_data_frames(index: Index) -> None:
    frame = index.query("concept:ferry lang:en", parallel=True).to_pandas()
    assert list(frame["match"]) == ["ferry", "fairy", "ferry", "ferry"]
    assert frame["zh"][1] == PAIRS[1][0]
    assert list(index.frequency("ferry", "version,section").to_pandas().columns[:3]) == ["version", "section", "hits"]
    assert len(index.renderings("ferry").forms.to_pandas()) == 6
    assert json.loads(json.dumps(index.query("ferry", parallel=True).to_dicts()))[0]["spans"] == [[110, 115]]


def test_narrower_concepts_of_a_circle_are_found(tmp_path: Path) -> None:
    path = build(tmp_path / "x.db", [])
    with open_store(path, write=True) as store:
        with store.writing() as connection:
            for name, other in (("a", "b"), ("b", "a")):
                record = {"id": name, "terms": {}, "relations": [{"type": "broader", "target": other}]}
                connection.execute("INSERT INTO concept (id, record) VALUES (?, ?)", (name, json.dumps(record)))
        assert sorted(Names(store.connection).narrower(["a"])) == ["a", "b"]


# ---------------------------------------------------------------- the command


@dataclass
class Ran:
    status: int
    out: str
    err: str


class Command:
    def __init__(self, path: Path, capture: pytest.CaptureFixture[bytes]) -> None:
        self.path = path
        self.capture = capture

    def __call__(self, *argv: str) -> Ran:
        self.capture.readouterr()
        status = main(["query", *argv, "--index", str(self.path)])
        out, err = self.capture.readouterr()
        return Ran(status, out.decode(), err.decode())


@pytest.fixture
def run(path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command(path, capsysbinary)


def test_lines_stand_below_each_other(run: Command) -> None:
    from rich.cells import cell_len

    done = run("fairy OR dear OR 收费 OR coûte OR 城外")
    assert done.status == 0
    assert done.err == "5 hits\n"
    lines = done.out.splitlines()
    hits = ("城外", "收费", "fairy", "dear", "coûte")
    assert len({cell_len(line[: line.index(hit)]) for line, hit in zip(lines, hits, strict=True)}) == 1
    assert all(cell_len(line) <= 120 for line in lines)


def test_other_versions_stand_below_with_the_concept_marked(run: Command) -> None:
    shown = run("concept:ferry", "--parallel").out
    assert "[渡船]" in shown
    assert "not named: " in shown
    assert any(line.endswith("– no passage") for line in run("town", "--parallel").out.splitlines())


def test_colours_mark_the_status(run: Command) -> None:
    assert "\x1b[31;1mfairy\x1b[0m" in run("fairy", "--color", "always").out
    assert "\x1b" not in run("fairy", "--color", "never").out


def test_controls_in_a_text_do_not_reach_the_terminal(tmp_path: Path, run: Command) -> None:
    text = "The ferry\x1b[2J\u202e sails\nat once."
    run.path = build(tmp_path / "x.db", [Source("a.txt", ("en",), [{"en": named(text)}], single=True)])
    shown = run("ferry").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(shown.splitlines()) == 1


def test_formats(run: Command, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("concept:ferry", "--format", "csv", "--parallel").out)))
    assert [row["match"] for row in rows][3:5] == ["ferry", "fairy"]
    assert rows[4]["zh"] == PAIRS[1][0]
    records = [json.loads(line) for line in run("concept:ferry", "--format", "jsonl", "--limit", "2").out.splitlines()]
    assert [record["document"] for record in records] == ["zh", "zh"]
    out = tmp_path / "x.html"
    done = run("concept:ferry", "--format", "html", "--parallel", "-o", str(out))
    assert done.out == ""
    page = out.read_text("utf-8")
    assert 'class="match noise"' in page
    assert not re.search(r"(?:src|href|url)\s*[=(]", page)
    assert run("ferry", "--count").out == "4\n"
    assert run("nowhere").err == "0 hits for nowhere\n"
    assert run("nowhere", "--format", "csv").out == ""


def test_pages_hold_any_text(tmp_path: Path, run: Command) -> None:
    text = 'The ferry <script>alert("x")</script> & \x00 <img src=x>'
    run.path = build(tmp_path / "x.db", [Source("<b>.txt", ("en",), [{"en": named(text)}], single=True)])
    page = run('ferry -"<b>"', "--format", "html").out
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page
    assert "\x00" not in page


FIGURES = [
    ("concept:ferry", "--frequency", "version,section"),
    ("concept:ferry", "--collocations"),
    ("concept:ferry", "--dispersion"),
    ("concept:harbour", "--cooccurrence"),
    ("lang:en", "--cooccurrence"),
    ("渡船", "--renderings"),
]


@pytest.mark.parametrize("asked", FIGURES, ids=[f[1] for f in FIGURES])
def test_figures_in_all_formats(run: Command, asked: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*asked)
    assert done.status == 0
    assert len(done.out.splitlines()) > 2
    lines = run(*asked, "--format", "jsonl").out.splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)
    table = list(csv.reader(io.StringIO(run(*asked, "--format", "csv").out)))
    assert len({len(row) for row in table}) == 1
    assert "<table" in run(*asked, "--format", "html").out


def test_renderings_are_told_in_one_call(run: Command) -> None:
    shown = run("渡船", "--renderings").out
    for told in ("fairy", "word by word", "damaged", "in a longer term", "en 2 of 3", "logDice"):
        assert told in shown


WRONG_USE = [
    (("(ferry",), "never closed"),
    (("concept:fery",), "did you mean 'ferry'"),
    (("ferry", "--frequency", "colour"), "colour"),
    (("ferry", "--frequency", "version", "--dispersion"), "one at a time"),
    (("ferry", "--count", "--dispersion"), "--count"),
    (("ferry harbour", "--renderings"), "one concept"),
    (("ferry", "--dispersion", "--plot", "x.gif"), ".svg or .png"),
    (("ferry", "--plot", "y.gif"), "y.gif: pictures are drawn"),
    (("nowhere", "--dispersion", "--plot", "x.svg"), "nothing to draw"),
    (("zzz", "--renderings"), "no concept is called 'zzz'.\n"),
]


@pytest.mark.parametrize(("argv", "told"), WRONG_USE, ids=[told for _, told in WRONG_USE])
def test_wrong_use_is_told_in_plain_words(run: Command, argv: tuple[str, ...], told: str) -> None:
    if "--plot" in argv:
        pytest.importorskip("matplotlib")
    done = run(*argv)
    assert done.status == 2
    assert done.out == ""
    assert told in done.err


def test_any_limit_may_be_asked_for(run: Command, index: Index) -> None:
    most = run("ferry", "--limit", "9" * 30)
    assert (most.status, most.out) == (0, run("ferry").out)
    wrong: list[dict[str, Any]] = [{"limit": -1}, {"offset": -1}]
    for limits in wrong:
        with pytest.raises(ValueError, match="below 0"):
            index.query("ferry", **limits)


def test_a_form_to_avoid_for_its_damage_looks_like_noise(tmp_path: Path, run: Command) -> None:
    texts = {"en": named("The faery. The late boat."), "zh": named("渡船")}
    run.path = build(tmp_path / "x.db", [Source("boats.json", ("zh", "en"), [texts])])
    shown = run("status:deprecated", "--color", "always").out
    assert "\x1b[31;1mfaery\x1b[0m" in shown
    assert "\x1b[33;1mlate boat\x1b[0m" in shown
    page = run("status:deprecated", "--format", "html").out
    assert re.findall(r'<td class="match (\w+)"', page) == ["noise", "deprecated"]
    table = run("渡船", "--renderings")
    assert "misread letters" in table.out
    assert table.err == "2 mentions, 1 of them damaged; 1 gap\n"
    assert "advised against" in run("night-ferry", "--renderings").out


def test_of_several_sources_each_line_names_its_own(run: Command) -> None:
    assert {line.split()[0] for line in run("ferry").out.splitlines()} == {"boats", "notes"}
    assert {line.split()[0] for line in run("ferry doc:boats").out.splitlines()} == {"en"}


def test_a_damaged_index_is_said_to_be_one(tmp_path: Path, run: Command) -> None:
    run.path = build(tmp_path / "x.db", [Source("a.txt", ("en",), [{"en": named("The ferry.")}] * 200, single=True)])
    data = bytearray(run.path.read_bytes())
    data[8_192:] = bytes(len(data) - 8_192)
    run.path.write_bytes(data)
    done = run("ferry")
    assert done.status == 2
    assert "damaged" in done.err


def test_the_index_is_not_written_over(run: Command) -> None:
    before = run.path.read_bytes()
    assert run("ferry", "-o", str(run.path)).status == 2
    assert run.path.read_bytes() == before


def test_the_caret_is_printed(run: Command) -> None:
    done = run("反向 AND (boat")
    assert done.err.splitlines()[1:] == ["  反向 AND (boat", "           ^ this bracket is never closed"]


@pytest.mark.parametrize("asked", [*FIGURES, ("ferry",)], ids=lambda asked: asked[-1])
def test_pictures(run: Command, asked: tuple[str, ...], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "picture.svg"
    assert run(*asked, "--plot", str(out)).status == 0
    picture = out.read_bytes()
    assert b"<svg" in picture
    assert not re.search(rb'href="(?!#|data:)', picture)
    assert run(*asked, "--plot", str(out)).status == 0
    assert out.read_bytes() == picture


def test_a_png_is_drawn(run: Command, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert run("ferry", "--dispersion", "--plot", str(tmp_path / "x.png")).status == 0
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"


def test_without_matplotlib_the_extra_is_named(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    from tetrapla.report import plots

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingPackageError, match=r"tetrapla\[plot\]"):
        plots.draw("x.svg", "dispersion", "ferry", index.dispersion("ferry"))


def test_a_query_loads_no_heavy_package(path: Path) -> None:
    import subprocess

    heavy = "numpy", "pandas", "matplotlib", "jieba", "spacy", "lxml"
    code = (
        f"import sys; from tetrapla.cli import main; main(['query', 'ferry', '--parallel', '--index', {str(path)!r}]);"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
