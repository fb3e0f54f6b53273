"""What another version tells of single marks and words: citations and numbers in them, what was left in English."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import compared, concept
from tetrapla.checks import Comparison, run
from tetrapla.model import Finding

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "versions.jsonl").read_text(encoding="utf-8").splitlines()
]
TYPES = ("citation-damage", "language-leak")


def comparison_of(case: dict[str, Any]) -> Comparison:
    concepts = [concept(name, **terms) for name, terms in case.get("concepts", {}).items()]
    return compared([(own, pivot) for own, pivot in case["passages"]], case["lang"], concepts=concepts)


def found_in(case: dict[str, Any]) -> list[Finding]:
    comparison = comparison_of(case)
    return run(comparison.text, only=[case["type"]], comparison=comparison)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['type']}: {case['label']}") for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    text = comparison_of(case).text.document.text
    found = [[text[finding.start : finding.end], finding.replacement] for finding in found_in(case)]
    assert found == case["expected"], case["comment"]


@pytest.mark.parametrize("kind", TYPES)
def test_as_many_cases_must_stay_as_must_change(kind: str) -> None:
    change = Counter(bool(case["expected"]) for case in CASES if case["type"] == kind)
    assert change[False] >= change[True] >= 2


def test_a_number_is_never_set_right_without_asking() -> None:
    case = next(case for case in CASES if case["label"] == "another number")
    assert [finding.grade for finding in found_in(case)] == ["review"]


WORDS = st.sampled_from(
    "casa del lago [1] [2] [8] (3) 4. 12, [l] the old house of water ® ① 湖边 ] [ 。 «Lago» Mar".split()
)
PASSAGES = st.lists(st.tuples(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8)), max_size=4)


@given(PASSAGES)
def test_any_two_versions_can_be_compared(passages: list[tuple[list[str], list[str]]]) -> None:
    pairs = [(" ".join(own), " ".join(pivot)) for own, pivot in passages if own]
    comparison = compared(pairs, "es")
    length = len(comparison.text.document.text)
    for finding in run(comparison.text, only=[*TYPES, "char-confusion"], comparison=comparison):
        assert 0 <= finding.start < finding.end <= length
