from __future__ import annotations

import json
import timeit
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import compared, concept, segmented
from tetrapla import checks, clean
from tetrapla.checks import Comparison
from tetrapla.errors import UnknownNameError
from tetrapla.model import Finding, Segmented, Span

CASES = Path(__file__).parent / "cases"
# The types whose cases are texts with the spans and repairs that are to be found; other families have tests of their own.
TYPES = (
    "hyphenation letter-spacing split-word merged-words citation-damage char-confusion page-furniture language-leak "
    "mojibake ligature confusable repeated-word width untranslated"
).split()

# A little of every kind of damage, three languages in one.
DAMAGED = (
    "1 The boats\n\nThe inven- tory of the {museum] lists nine boats[l] .[2] ; and ten nets[3].\n\n11\n\n"
    "Français La barque de l' île est s i e m p r e blanca.Los remos no. |n winter® nobody comes.\n\n12\n\n"
    "El innovac ión 5, 693 barcas 湖边的小船 (Figura 2 para todos.\n\n13\n\n5). Thewindow of thewindow.\n\n"
    "Une barque amarrÃ©e, the the oﬃce and the b\u043e\xadat，２ 船, 船，船，船，船 船的的网。"
)


def cases(kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()]


def all_cases() -> list[Any]:
    return [pytest.param(kind, case, id=f"{kind}: {case['label']}") for kind in TYPES for case in cases(kind)]


@pytest.mark.parametrize(("kind", "case"), all_cases())
def test_cases(kind: str, case: dict[str, Any]) -> None:
    findings = checks.run(segmented(case["text"], case["lang"]))
    found = [[finding.start, finding.end, finding.replacement] for finding in findings if finding.type == kind]
    assert found == case["expected"], case["comment"]


# Types of which some findings are applied unseen, and whose cases say which are not.
GRADED = ("mojibake", "ligature", "confusable", "repeated-word")


@pytest.mark.parametrize("kind", GRADED)
def test_what_may_be_meant_is_for_review(kind: str) -> None:
    for case in cases(kind):
        grades = {f.grade for f in checks.run(segmented(case["text"], case["lang"]), only=[kind])}
        assert "safe" not in grades or "review only" not in case["comment"], case["label"]
    assert any("review only" in case["comment"] for case in cases(kind))
    assert checks.registry.get(kind).safe


@pytest.mark.parametrize("kind", GRADED)
@given(
    st.lists(
        st.sampled_from(
            "the of oﬃce Ã© Ã â€™ in\xadto bo\u0430t caf´e e \u0301 \u200b “ ( . Box a1 x/y \n\n".split(" ")
        ),
        max_size=9,
    )
)
def test_a_repair_that_is_safe_leaves_nothing_to_repair(kind: str, pieces: list[str]) -> None:
    once = clean.clean(segmented(" ".join(pieces)), only=[kind]).text
    assert clean.clean(segmented(once), only=[kind]).text == once


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text", ["Il a été là où l’on chante.", "El niño comió más piñón.", "«Señora», dijo él.", "磨坊很旧。"]
)
def test_a_text_that_was_decoded_wrongly_reads_well_again(text: str, encoding: str) -> None:
    import ftfy.bad_codecs

    ftfy.bad_codecs.ok()
    name = "sloppy-windows-1252" if encoding == "cp1252" else encoding
    sentence = "The letter said: " + text.encode().decode(name)
    assert clean.clean(segmented(sentence), only=["mojibake"], review=True).text == "The letter said: " + text


@pytest.mark.parametrize("case", cases("broken-term"), ids=lambda case: str(case["label"]))
def test_broken_terms(case: dict[str, Any]) -> None:
    concepts = [concept(name, **terms) for name, terms in case["concepts"].items()]
    comparison = compared([(case["text"], case["pivot"])], case["lang"], concepts=concepts)
    findings = checks.run(comparison.text, only=["broken-term", "deprecated-term"], comparison=comparison)
    assert [[f.start, f.end, f.replacement] for f in findings] == case["expected"], case["comment"]
    assert all(finding.concept in case["concepts"] for finding in findings)


@pytest.mark.parametrize("kind", [*TYPES, "broken-term"])
def test_as_many_cases_must_stay_as_must_change(kind: str) -> None:
    change = Counter(bool(case["expected"]) for case in cases(kind))
    assert min(change[True], change[False]) >= 6


# ------------------------------------------------------------------------------- what holds for every check


def keys() -> list[str]:
    return list(checks.registry)


def findings_of(key: str, text: Segmented) -> list[Finding]:
    check = checks.registry.get(key)
    if check.takes == "document":
        return list(check.function(text))
    name = text.document.id
    return list(check.function(Comparison(name, checks_alignment(text), {name: text})))


def checks_alignment(text: Segmented) -> Any:
    from tetrapla.model import Alignment, Bead

    bead = Bead("b1", "body", {text.document.id: (Span(0, len(text.document.text)),)})
    return Alignment(text.document.id, (text.document,), (bead,))


@pytest.mark.parametrize("key", keys())
def test_the_first_line_tells_users_what_is_found(key: str) -> None:
    summary = checks.registry.get(key).summary
    assert summary.endswith(".")
    assert summary[0].isupper()
    assert 20 < len(summary) < 140


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("language", ["en", "es", "fr", "zh", "de", "und"])
def test_findings_keep_the_contract(key: str, language: str) -> None:
    text = segmented(DAMAGED, language)
    findings = findings_of(key, text)
    assert findings == findings_of(key, segmented(DAMAGED, language))
    for finding in findings:
        assert finding.type == checks.registry.get(key).name
        assert all(0 <= span.start < span.end <= len(DAMAGED) for span in finding.spans)
        assert finding.replacement != "".join(text.document[span] for span in finding.spans)
        assert 0 <= finding.score <= 1
        assert finding.grade in ("safe", "review")
        assert finding.message.endswith((".", "”"))


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("text", ["", " \n\n ", "a", "\n"])
def test_nothing_is_found_in_nothing(key: str, text: str) -> None:
    assert findings_of(key, segmented(text)) == []


@given(st.text(st.sampled_from("ab eE-.'[]1①®\n湖|»"), max_size=80))
def test_any_text_can_be_checked(text: str) -> None:
    for finding in checks.run(segmented(text, "fr")):
        assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)


# A pattern that is tried from every letter of a run of letters, blank of blanks … takes quadratic time.
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "É",
        "O",
        " ",
        "1",
        "-",
        "[",
        "(",
        "a-",
        "a.",
        "[l",
        "English ",
        "①\n",
        "a 1, ",
        "Ã©",
        "é",
        "a´",
        "aо",
        "船 ",
    ],
)
def test_time_grows_with_the_length_of_the_text(kind: str, unit: str) -> None:
    function = checks.registry.get(kind).function

    def seconds(size: int) -> float:
        text = segmented((unit * size)[:size], "fr")
        return min(timeit.repeat(lambda: list(function(text)), number=1, repeat=2))

    seconds(10)  # reads the frequencies of the language
    assert seconds(12_000) < 8 * seconds(3_000) + 0.1


# ---------------------------------------------------------------------------------------------------- run


def test_findings_come_by_start() -> None:
    starts = [finding.start for finding in checks.run(segmented(DAMAGED))]
    assert starts == sorted(starts)
    assert starts


def test_only_and_skip_choose_types() -> None:
    text = segmented("The inven- tory of thewindow.")
    assert {f.type for f in checks.run(text, only=["hyphenation"])} == {"hyphenation"}
    assert "hyphenation" not in {f.type for f in checks.run(text, skip=["hyphenation"])}


def test_an_unknown_type_is_refused_with_a_guess() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hyphenation'"):
        checks.run(segmented("A boat."), only=["hyphenatoin"])


def test_one_piece_of_damage_has_one_name() -> None:
    text = "Horses eat oats[1]. Cows eat grass[2]. Ducks eat snails[3]. Pigs eat corn ([4 - 1 5])."
    touching = [f.type for f in checks.run(segmented(text)) if f.start >= text.index("([")]
    assert touching == ["citation-damage"]


def test_a_check_of_a_taken_name_is_refused() -> None:
    def other(text: Segmented) -> Iterator[Finding]:
        yield from ()

    assert "hyphenation" in checks.names()
    with pytest.raises(ValueError, match="two checks"):
        checks.add("hyphenation")(other)


# ------------------------------------------------------------------------------------------- comparison


def test_citations_are_repaired_from_the_other_version() -> None:
    comparison = compared(
        [
            ("Horses eat oats[1] and cows eat grass[3].", "马吃燕麦[1]，牛吃草[3]。"),
            ("Ducks eat snails > 51, as everybody in the village knows.", "鸭子吃蜗牛[2, 5]，村里人都知道。"),
            ("Pigs eat corn[6]. Geese eat it too.", "猪吃玉米[6]。鹅也吃。"),
        ]
    )
    found = [f for f in checks.run(comparison.text, comparison=comparison) if f.type == "citation-damage"]
    assert [(comparison.text.document[f.spans[0]], f.replacement) for f in found] == [("> 51", "[2, 5]")]


def test_note_marks_and_formulas_are_repaired_from_the_other_version() -> None:
    comparison = compared(
        [
            ("The first boat© is small, the second boat ② is red.", "第一条船①很小，第二条船②是红的。"),
            ("The plan is called 143+27+N by the fishermen.", "渔民把这个计划叫作1+3+27+N，人人都知道。"),
            ("The plan is called 143+27+N by the fishermen.", "渔民把这个计划叫作1+43+27+N，人人都知道。"),
        ]
    )
    found = [f for f in checks.run(comparison.text, comparison=comparison) if f.type == "char-confusion"]
    assert [f.replacement for f in found] == ["①", "1+3+27+N", "1+43+27+N"]


def test_a_mark_behind_a_figure_is_missed_only_where_the_other_version_has_it() -> None:
    comparison = compared(
        [
            ("The boats differ (Figure 1) the first is flat.", "船各不相同（图1）：第一条是平的。"),
            ("The nets differ (Figure 2) in size.", "渔网（图2）大小不同。"),
        ]
    )
    found = [f for f in checks.run(comparison.text, comparison=comparison) if f.type == "citation-damage"]
    assert [f.replacement for f in found] == ["(Figure 1):"]


def test_a_term_is_only_broken_where_the_other_version_names_its_concept() -> None:
    boat = concept("flatboat", zh="平底船", en="flatboat", en_deprecated="low ship")
    comparison = compared([("A low ship lay there.", "那里有一条平底船。"), ("A low ship sank.", "")], concepts=[boat])
    found = checks.run(comparison.text, only=["deprecated-term"], comparison=comparison)
    assert [(f.start, f.concept, f.replacement) for f in found] == [(2, "flatboat", "flatboat")]
