"""What only the other versions tell: second renderings in other words, cuts that read well, words without a place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import segmented
from tetrapla.checks import Comparison, run
from tetrapla.checks._pivot import number_of, witnesses_of
from tetrapla.model import Alignment, Bead, Finding, Mention, Span, Status, Term

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "comparison.jsonl").read_text(encoding="utf-8").splitlines()
]
TYPES = ("duplicate", "dangling", "truncation")

# A paragraph is a list of beads: the version's sentences, and those of the original that they translate.
Paragraphs = Sequence[Sequence[tuple[str, str]]]

# Sound sentences, so that a document has a measure and a vocabulary of its own.
SOUND: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("The village lies between two rivers and has six hundred inhabitants.", "村庄位于两条河之间，有六百名居民。"),
        ("Every spring the farmers repair the dam together.", "每年春天，农民一起修理水坝。"),
        ("The school was built by the teachers and the parents.", "学校由教师和家长建成。"),
        ("In winter the road to the city is closed by snow.", "冬天，通往城市的道路被雪封闭。"),
        ("The doctor visits the old people on Mondays.", "医生每周一看望老人。"),
        ("The shop sells bread, salt and tools.", "商店出售面包、盐和工具。"),
        ("The young people work in the factory near the station.", "年轻人在车站附近的工厂工作。"),
        ("The price of land has risen since the railway was opened.", "铁路开通以来，土地的价格上涨了。"),
        ("The council discusses the budget in public.", "委员会公开讨论预算。"),
        ("Many houses were abandoned after the flood.", "洪水之后，许多房屋被遗弃。"),
        ("The library lends books to the whole valley.", "图书馆把书借给整个山谷。"),
        ("The museum shows the history of the mine.", "博物馆展示矿山的历史。"),
        ("The market attracts visitors from the coast.", "市场吸引来自海岸的游客。"),
    ],
    "es": [
        ("El pueblo está entre dos ríos y tiene seiscientos habitantes.", "村庄位于两条河之间，有六百名居民。"),
        ("Cada primavera los agricultores reparan juntos la presa.", "每年春天，农民一起修理水坝。"),
        ("La escuela fue construida por los maestros y los padres.", "学校由教师和家长建成。"),
        ("En invierno la nieve cierra el camino a la ciudad.", "冬天，通往城市的道路被雪封闭。"),
        ("El médico visita a los ancianos los lunes.", "医生每周一看望老人。"),
        ("La tienda vende pan, sal y herramientas.", "商店出售面包、盐和工具。"),
        ("El museo muestra la historia de la mina.", "博物馆展示矿山的历史。"),
        ("El mercado atrae a visitantes de la costa.", "市场吸引来自海岸的游客。"),
    ],
    "fr": [
        (
            "Le village se trouve entre deux rivières et compte six cents habitants.",
            "村庄位于两条河之间，有六百名居民。",
        ),
        ("Chaque printemps, les paysans réparent ensemble le barrage.", "每年春天，农民一起修理水坝。"),
        ("L'école a été construite par les maîtres et les parents.", "学校由教师和家长建成。"),
        ("En hiver, la neige ferme la route de la ville.", "冬天，通往城市的道路被雪封闭。"),
        ("Le médecin rend visite aux vieillards le lundi.", "医生每周一看望老人。"),
        ("Le magasin vend du pain, du sel et des outils.", "商店出售面包、盐和工具。"),
        ("Le musée montre l'histoire de la mine.", "博物馆展示矿山的历史。"),
        ("Le marché attire des visiteurs de la côte.", "市场吸引来自海岸的游客。"),
    ],
}


FORMS: dict[str, list[tuple[str, Status]]] = {
    "en": [("water clock", "preferred"), ("aquatic watch", "noise")],
    "zh": [("水钟", "preferred")],
}


def aligned(paragraphs: Paragraphs, language: str) -> Comparison:
    """Return a version and its original, both given bead by bead; either side of a bead may be empty."""
    texts = {language: "", "zh": ""}
    beads = []
    for number, pairs in enumerate(paragraphs, start=1):
        inside = []
        starts = {name: len(text) for name, text in texts.items()}
        for k, pair in enumerate(pairs, start=1):
            spans = {}
            for (name, text), piece in zip(texts.items(), pair, strict=True):
                if piece:
                    space = " " if name != "zh" and len(text) > starts[name] else ""
                    spans[name] = (Span(len(text + space), len(text + space + piece)),)
                    texts[name] = text + space + piece
            inside.append(Bead(f"b{number}.{k}", "body", spans))
        whole = {name: (Span(starts[name], len(text)),) for name, text in texts.items() if len(text) > starts[name]}
        beads.append(Bead(f"b{number}", "body", whole, sentences=tuple(inside)))
        texts = {name: text + "\n\n" if len(text) > starts[name] else text for name, text in texts.items()}
    versions = {name: segmented(text, name) for name, text in texts.items()}
    alignment = Alignment("zh", tuple(version.document for version in versions.values()), tuple(beads))
    return Comparison(language, alignment, versions)


def found_in(comparison: Comparison, kind: str) -> list[Finding]:
    return run(comparison.text, only=[kind], comparison=comparison)


def case_of(case: dict[str, Any]) -> Comparison:
    # The case stands in the middle of a sound text.
    sound = SOUND[case["lang"]]
    around = [sound[:4], sound[4:]]
    return aligned([around[0], *case["paragraphs"], around[1]], case["lang"])


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['type']}: {case['label']}") for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    comparison = case_of(case)
    found = found_in(comparison, case["type"])
    assert [comparison.text.document[finding.spans[0]] for finding in found] == case["expected"], case["comment"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES if case["expected"]])
def test_the_text_alone_does_not_tell(case: dict[str, Any]) -> None:
    assert run(case_of(case).text, only=[case["type"]]) == []


@pytest.mark.parametrize("kind", TYPES)
def test_as_many_cases_must_stay_as_must_change(kind: str) -> None:
    change = Counter(bool(case["expected"]) for case in CASES if case["type"] == kind)
    assert change[False] >= change[True] >= 2


@pytest.mark.parametrize("language", sorted(SOUND))
@pytest.mark.parametrize("kind", TYPES)
def test_nothing_is_found_in_sound_text(kind: str, language: str) -> None:
    assert found_in(aligned([SOUND[language]], language), kind) == []


def test_a_second_rendering_is_kept_beside_the_one_that_goes() -> None:
    case = next(case for case in CASES if case["type"] == "duplicate" and case["expected"])
    comparison = case_of(case)
    (finding,) = found_in(comparison, "duplicate")
    assert finding.grade == "review"
    assert finding.replacement == ""
    assert finding.kept is not None
    assert not any(finding.kept.overlaps(span) for span in finding.spans)
    assert 0 < finding.evidence["once"] <= 1


def test_what_the_text_alone_tells_is_told_once() -> None:
    twice = "The shepherds brought their flocks down from the mountain before the first snow."
    comparison = aligned([[(f"{twice} {twice}", "牧羊人在第一场雪之前把羊群从山上赶下来。")], SOUND["en"]], "en")
    compared, alone = found_in(comparison, "duplicate"), run(comparison.text, only=["duplicate"])
    assert [(finding.spans, finding.kept) for finding in compared] == [(f.spans, f.kept) for f in alone]
    # The other version has it once, which makes it surer.
    assert compared[0].evidence["once"] == 1.0
    assert compared[0].score > alone[0].score


def test_what_the_original_says_twice_is_none() -> None:
    twice = "The farmers repair the dam together with the teachers of the school in every spring."
    original = "每年春天，农民和学校的教师一起修理水坝。"
    once = aligned([[(f"{twice} {twice}", original)], SOUND["en"]], "en")
    both = aligned([[(f"{twice} {twice}", original * 2)], SOUND["en"]], "en")
    assert len(found_in(once, "duplicate")) == 1
    assert found_in(both, "duplicate") == []


@pytest.mark.parametrize(("first", "second"), [("aquatic watch", "water clock"), ("water clock", "aquatic watch")])
def test_the_copy_with_the_sound_term_stays(first: str, second: str) -> None:
    copies = [
        f"The teachers of the village repair the {term} of the library with the money of the state every spring."
        for term in (first, second)
    ]
    original = "每年春天，村庄的教师用国家的资金修理图书馆的水钟。"
    comparison = aligned([[(" ".join(copies), original)], SOUND["en"]], "en")
    named = {
        name: [
            Mention("water-clock", Term(form, name, status), (Span(at, at + len(form)),))
            for form, status in forms
            if (at := comparison.versions[name].document.text.find(form)) >= 0
        ]
        for name, forms in FORMS.items()
    }
    (finding,) = found_in(replace(comparison, mentions=named), "duplicate")
    text = comparison.text.document
    assert "aquatic watch" in text[finding.spans[0]]
    assert finding.kept is not None
    assert "water clock" in text[finding.kept]
    assert finding.evidence["terms"] == ["water-clock"]
    assert "term wrong" in finding.message


def test_a_version_beside_nothing_is_judged_alone() -> None:
    text = segmented("The mill stood by the river. It was old.")
    comparison = Comparison("en", Alignment("en", (text.document,), ()), {"en": text})
    assert [found_in(comparison, kind) for kind in TYPES] == [[], [], []]


def test_the_original_is_judged_alone() -> None:
    case = next(case for case in CASES if case["type"] == "duplicate" and case["expected"])
    comparison = case_of(case)
    turned = Comparison("zh", comparison.alignment, comparison.versions)
    assert found_in(turned, "duplicate") == run(turned.text, only=["duplicate"])


def test_words_are_linked_by_lexicon_number_and_use() -> None:
    witness = witnesses_of(aligned([[*SOUND["en"], ("It cost 5,693 coins.", "它花了5693枚硬币。")]], "en"))[0]
    assert witness.links["villag"]["村庄"] > 0.4
    assert witness.links["#5693"] == {"#5693": 1.0}
    assert witness.back["村庄"]["villag"] == witness.links["villag"]["村庄"]


@given(st.from_regex(r"\d{1,3}(?:[.,]\d{1,3}){0,2}", fullmatch=True))
def test_a_number_has_one_form(digits: str) -> None:
    assert number_of(number_of(digits)[1:].replace(".", ",")) in (
        number_of(digits),
        number_of(digits.replace(",", ".")),
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(SOUND["en"]), max_size=6), st.integers(0, 5))
def test_any_alignment_can_be_judged(pairs: list[tuple[str, str]], shift: int) -> None:
    shifted = [(own, pairs[(k + shift) % len(pairs)][1] if k % 2 else "") for k, (own, _) in enumerate(pairs)]
    comparison = aligned([shifted, pairs], "en")
    for kind in TYPES:
        for finding in found_in(comparison, kind):
            assert all(0 <= span.start < span.end <= len(comparison.text.document.text) for span in finding.spans)


def test_findings_do_not_hang_on_the_order_of_sets() -> None:
    """The seed of Python's string hashes changes from process to process, and with it the order of sets."""
    code = (
        "from tetrapla import pipeline; from tetrapla.resources import corpus_root; root = corpus_root() / 'sample';"
        "from tetrapla.checks._pivot import witnesses_of;"
        "aligned = pipeline.align_files([root / 'zh.txt', root / 'fr.txt']);"
        "(witness,) = witnesses_of(aligned.comparison('fr'));"
        "links = sorted((form, sorted(targets.items())) for form, targets in witness.links.items());"
        "print(aligned.alignment.beads, links, pipeline.find(aligned))"
    )
    # With 0 and 1 a French text with a few Chinese words in it was once judged in two ways.
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1
