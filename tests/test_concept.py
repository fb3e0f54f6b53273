"""`tetrapla concept`, and the types of relations that it tells."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.test_cli import Run, run
from tetrapla.glossary import RELATIONS, Glossary, inverse_of, is_symmetric, load, load_systems, relation_label, told
from tetrapla.glossary._relations import drawn
from tetrapla.model import Concept, Relation

__all__ = ["run"]  # a fixture

LANGUAGES = ("zh", "en", "es", "fr")


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load()


@pytest.mark.parametrize("name", RELATIONS)
def test_a_type_of_relation_has_an_inverse_and_labels(name: str) -> None:
    assert inverse_of(inverse_of(name)) == name
    assert is_symmetric(name) == (inverse_of(name) == name)
    for language in LANGUAGES:
        assert relation_label(name, language)
    assert relation_label(name, "de") == name.replace("-", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_types_are_called_the_same(language: str) -> None:
    labels = Counter(relation_label(name, language) for name in RELATIONS)
    assert [label for label, count in labels.items() if count > 1] == []


def test_the_list_is_closed_and_the_glossary_keeps_to_it(glossary: Glossary) -> None:
    assert len({kind.name for kind in RELATIONS.values()}) == 35
    used = {relation.type for concept in glossary.values() for relation in concept.relations}
    assert used <= set(RELATIONS)


def test_every_fact_of_the_glossary_is_stored_once(glossary: Glossary) -> None:
    facts = Counter(drawn(name, relation) for name, concept in glossary.items() for relation in concept.relations)
    assert [fact for fact, count in facts.items() if count > 1] == []


def test_either_end_tells_a_fact() -> None:
    small = {
        "a": Concept("a", (), relations=(Relation("caused-by", "b"), Relation("related", "c"))),
        "b": Concept("b", ()),
        "c": Concept("c", (), relations=(Relation("related", "a"), Relation("our-own-type", "b"))),
    }
    assert list(told(small, "a")) == [Relation("caused-by", "b"), Relation("related", "c")]
    assert list(told(small, "b")) == [Relation("leads-to", "a"), Relation("our-own-type", "c")]
    assert list(told(small, "c")) == [Relation("related", "a"), Relation("our-own-type", "b")]


def test_what_one_end_tells_the_other_tells(glossary: Glossary) -> None:
    for name in list(glossary)[::7]:
        for relation in told(glossary, name):
            assert Relation(inverse_of(relation.type), name) in set(told(glossary, relation.target))


@pytest.mark.parametrize(
    "words",
    [("myrdal",), ("缪达尔",), ("Myrdal", "--labels", "zh"), ("--labels", "fr", "Myrdal"), ("show", "myrdal"), ("--", "myrdal")],
)  # fmt: skip
def test_a_first_word_that_is_no_command_is_a_concept(run: Run, words: tuple[str, ...]) -> None:
    done = run("concept", *words)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("myrdal\n  zh: 缪达尔")


@pytest.mark.parametrize("words", [("myrdal", "--format", "json"), ("--format", "json", "myrdal")])
def test_json_as_the_contract_has_it(run: Run, words: tuple[str, ...]) -> None:
    done = run("concept", *words)
    record = json.loads(done.out)
    assert done.status == 0
    assert record["id"] == "myrdal"
    assert {"form": "缪达尔", "status": "preferred"} in record["terms"]["zh"]
    assert {"type": "proposes", "target": "circular-cumulative-causation"} in record["relations"]
    back = json.loads(run("concept", "circular-cumulative-causation", "--format", "json").out)
    assert {"type": "proposed-by", "target": "myrdal"} in back["relations"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no such thing as this",), "has no concept or term 'no such thing as this'"),
        (("show", "graph"), "has no concept or term 'graph'"),
        (("show",), "name one concept, or one system"),
        (("show", "myrdal", "--system", "1"), "name one concept, or one system"),
        (("show", "--system", "12"), "no system is called '12'"),
        (("graph", "0"), "no system is called '0'"),
        (("graph", "1", "-o", "x.png"), "no format is known by .png"),
        (("graph", "1", "--labels", "de"), "de"),
        (("graph",), "SYSTEM"),
        ((), ""),
    ],
)
def test_bad_use_is_one_clear_line(run: Run, words: tuple[str, ...], told: str) -> None:
    done = run("concept", *words)
    assert done.status == 2
    assert told in done.err
    assert "Traceback" not in done.err


def test_help_is_of_the_group_or_of_what_is_asked_for(run: Run) -> None:
    assert "systems" in run("concept", "--help").out
    assert "ID_OR_TERM" in run("concept", "myrdal", "--help").out


def test_a_concept_is_told_with_its_statuses_and_relations(run: Run) -> None:
    out = run("concept", "local-buzz", "--labels", "es").out
    assert "  es: zumbido local" in out
    assert "(admitted)" in out
    assert "  propuesto por: Bathelt (bathelt)\n" in out
    assert "  system 5: El mecanismo de cooperación del parque\n" in out
    assert "  source: paper 3.1\n" in out


def test_systems_are_listed(run: Run) -> None:
    out = run("concept", "systems", "--labels", "zh").out
    assert "供需蛛网模型" in out
    assert out.count("\n") == 12
    records = json.loads(run("concept", "systems", "--format", "json").out)
    assert [record["number"] for record in records] == list(range(1, 11))
    assert all(record["concepts"] and record["relations"] for record in records)


def test_a_system_is_listed_as_its_relations(run: Run) -> None:
    out = run("concept", "show", "--system", "cobweb-model").out
    assert out.startswith("2 cobweb-model: The cobweb model of supply and demand\n")
    assert "  convergent cobweb (convergent-cobweb)\n" in out
    assert "    leads to: equilibrium (equilibrium)\n" in out
    record = json.loads(run("concept", "show", "--system", "2", "--format", "json").out)
    assert {"source": "convergent-cobweb", "type": "leads-to", "target": "equilibrium"} in record["relations"]


@pytest.mark.parametrize(
    ("output", "begins"),
    [
        ("a.svg", "<?xml"),
        ("a.HTML", "<!DOCTYPE html>"),
        ("a.mmd", "---\ntitle:"),
        ("a.gv", "digraph {"),
        ("-", "<?xml"),
    ],
)
def test_a_system_is_drawn_by_the_suffix_of_the_output(run: Run, output: str, begins: str) -> None:
    done = run("concept", "graph", "3", "-o", output, "--labels", "fr")
    assert (done.status, done.err) == (0, "")
    made = done.out if output == "-" else Path(output).read_text("utf-8")
    assert made.startswith(begins)
    assert "effet Matthieu" in made


def test_a_format_that_is_named_wins(run: Run) -> None:
    out = run("concept", "graph", "三", "--format", "svg")
    assert out.status == 2
    title = load_systems()[2].title("zh")
    made = run("concept", "graph", title, "--format", "svg").bytes
    assert ElementTree.fromstring(made).get("lang") == "en"
