"""What the cases of duplicate, dangling and truncation cannot say: which copy is kept, how sure, what repeats mean."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import documents
from tetrapla.checks import run
from tetrapla.checks._dovetail import dovetail, words_of
from tetrapla.clean import clean
from tetrapla.model import Document, Finding, Segmented
from tetrapla.segment import segment

SHEEP = "The shepherds brought their flocks down from the mountain before the first snow."
LONG = "The council of the harbour town paid the masons every autumn in salt from its own old mines below the hill"


CASES = Path(__file__).parent / "cases"
TYPES = ("duplicate", "dangling", "truncation")


def cases(kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("kind", "case"),
    [pytest.param(kind, case, id=f"{kind}: {case['label']}") for kind in TYPES for case in cases(kind)],
)
def test_cases(kind: str, case: dict[str, Any]) -> None:
    findings = run(segmented(case["text"], case["lang"]), only=[kind])
    assert [[f.start, f.end, f.replacement] for f in findings] == case["expected"], case["comment"]


@pytest.mark.parametrize("kind", TYPES)
def test_as_many_cases_must_stay_as_must_change(kind: str) -> None:
    change = Counter(bool(case["expected"]) for case in cases(kind))
    assert min(change[True], change[False]) >= 6


def segmented(text: str, language: str = "en") -> Segmented:
    return segment(Document("doc", language, text))


def duplicates(text: str, language: str = "en") -> list[Finding]:
    return run(segmented(text, language), only=["duplicate"])


def at(text: str, finding: Finding) -> tuple[str, str]:
    assert finding.kept is not None
    return text[finding.start : finding.end], text[finding.kept.start : finding.kept.end]


def test_a_sentence_repeated_word_for_word_is_safe_to_remove() -> None:
    text = f"Nobody came. {SHEEP} {SHEEP} Then the village was full."
    (finding,) = duplicates(text)
    assert at(text, finding) == (SHEEP, SHEEP)
    assert finding.grade == "safe"
    assert clean(segmented(text)).text == f"Nobody came. {SHEEP} Then the village was full."


def test_another_wording_is_for_review() -> None:
    text = f"Nobody came. {SHEEP} {SHEEP.replace('brought', 'led')} Then the village was full."
    (finding,) = duplicates(text)
    assert (finding.grade, finding.replacement) == ("review", "")
    assert clean(segmented(text)).text == text


def test_the_copy_that_says_less_goes() -> None:
    less = f"{LONG}."
    more = f"{LONG}, which nobody but its own clerks was ever allowed to enter."
    for text in (f"It was rich. {less} {more}", f"It was rich. {more} {less}"):
        (finding,) = duplicates(text)
        assert at(text, finding)[0] == less


def test_three_renderings_leave_one() -> None:
    text = f"It was rich. {LONG}. {LONG}. {LONG}. So it went on."
    assert len(duplicates(text)) == 2


def test_a_copy_with_another_number_is_none() -> None:
    one, two = (SHEEP.replace("first snow", f"snow of {year}") for year in (1703, 1704))
    assert duplicates(f"Nobody came. {one} {two}") == []


def test_what_the_document_says_all_the_time_tells_little() -> None:
    phrase = "the free flow of goods over the old salt road"
    once = f"In those years {phrase} was open to everyone. Merchants praised {phrase} in their letters."
    words = words_of(segmented(once))
    again = words_of(segmented(f"{once} " + " ".join(f"The {k} towns paid for {phrase}." for k in range(20))))
    first = next(k for k, word in enumerate(words) if word.stem == "flow")
    assert again.bits[first] < words.bits[first] / 2


def test_a_caption_out_of_order_is_the_redundant_one() -> None:
    caption = "Fig. 3 Boats of the upper river and their masts"
    prose = "The boats of the upper river were built from the wood of the hills by two families."
    text = f"{prose}\n\nFig. 1 Map of the river\n\n{caption}\n\n{prose} They were light.\n\nFig. 2 A lock\n\n{caption}\n\nEnd."
    found = [finding for finding in duplicates(text) if "caption" in finding.message]
    assert [at(text, finding) for finding in found] == [(caption, caption)]
    assert found[0].start < text.index("Fig. 2")


def test_a_caption_in_two_languages_is_none() -> None:
    text = "图3 河上的船只与桅杆及其制造方法\n\nFig. 3 Boats of the upper river and their masts\n\n河上的船都是用山里的木头造的。"
    assert duplicates(text, "zh") == []


def test_the_score_rises_with_what_is_said_again() -> None:
    short = "Nobody came. The two shepherds brought the flocks home. The two shepherds brought the flocks home again."
    longer = f"Nobody came. {LONG}. {LONG}, as ever."
    (low,), (high,) = duplicates(short), duplicates(longer)
    assert 0.5 <= low.score < high.score <= 1.0


@pytest.mark.parametrize("kind", ["dangling", "truncation"])
def test_other_languages_have_no_fragments(kind: str) -> None:
    text = "Räven sprang över isen och. Vargen stod kvar på stranden och såg efter den hela natten."
    assert run(segmented(text, "sv"), only=[kind]) == []


@settings(max_examples=60)
@given(documents())
def test_any_text_can_be_looked_at(doc: Document) -> None:
    text = segment(doc)
    for finding in run(text, only=["duplicate", "dangling", "truncation"]):
        assert 0.0 <= finding.score <= 1.0
        assert finding.end <= len(doc.text)
        assert all(len(span) for span in finding.spans)


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*LONG.split(), ",", ".", ";"]), min_size=4, max_size=40), st.data())
def test_a_match_lies_in_order_on_both_sides_of_its_seam(tokens: list[str], data: st.DataObject) -> None:
    words = words_of(segmented(" ".join(tokens)))
    if len(words) < 2:
        return
    seam = data.draw(st.integers(1, len(words) - 1))
    match = dovetail(words, 0, seam, len(words))
    if match is not None:
        assert all(match.first <= a < seam <= b < match.end for a, b in match.pairs)
        assert all(a < c and b < d for (a, b), (c, d) in pairwise(match.pairs))
        assert 0.0 <= match.first_share <= 1.0
        assert 0.0 <= match.second_share <= 1.0 + 1e-9
