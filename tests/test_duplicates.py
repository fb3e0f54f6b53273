"""What the cases of duplicate, dangling and truncation cannot say: which copy is kept, how sure, what repeats mean."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import documents
from tetrapla.checks import run
from tetrapla.checks._contrast import tells_apart
from tetrapla.checks._dovetail import dovetail, words_of
from tetrapla.checks._loops import loops_of
from tetrapla.checks._prior import prior
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


def test_even_a_sentence_repeated_word_for_word_is_never_removed_unseen() -> None:
    text = f"Nobody came. {SHEEP} {SHEEP} Then the village was full."
    (finding,) = duplicates(text)
    assert at(text, finding) == (SHEEP, SHEEP)
    assert (finding.grade, finding.replacement) == ("review", "")
    assert finding.score > 0.7
    assert clean(segmented(text)).text == text


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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"It was rich. {LONG} until the great fire. {LONG}. So it went on.", "it says less"),
        (f"It was rich. {LONG} and of the. {LONG} and of the northern ridge.", "it breaks off"),
        (
            f"It was rich, for {LONG[0].lower()}{LONG[1:]} at the bend. {LONG} in two shares.",
            "it hangs on another sentence",
        ),
    ],
)
def test_why_a_copy_goes_is_said(text: str, why: str) -> None:
    (finding,) = duplicates(text)
    assert finding.message.endswith(f"{why}.")
    assert finding.evidence["goes"] == why


def test_a_loop_says_how_often() -> None:
    (finding,) = duplicates("The clerk wrote that " + "the toll of the bridge, " * 6 + "had to be paid in silver.")
    assert finding.evidence["times"] == 6


def test_a_hundred_copies_of_a_text_are_looked_at_like_one() -> None:
    # Captions were once compared each with each, to the ends of the copies: hours for a book said forty times.
    text = f"{LONG}.\n\nFig. 1 A mill\n\n" * 300 + "a B " * 5000 + "\n\n" + f"{SHEEP} " * 1000
    assert {finding.grade for finding in duplicates(text)} == {"review"}


def test_a_caption_far_away_is_none() -> None:
    caption = "Fig. 3 Boats of the upper river and their masts"
    prose = "\n\n".join(
        f"In the year {year} the boats of that river were counted by the toll office." for year in range(200)
    )
    assert [f for f in duplicates(f"{caption}\n\n{prose}\n\n{caption}\n\nEnd.") if "caption" in f.message] == []


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


def sound(sentences: int) -> str:
    """Text of so many paragraphs of one sentence, no two of them alike."""
    letters = "abdegiklmnoprstuvz"
    words = [a + b + c + d for a in letters for b in "aeiou" for c in letters for d in "aeiou"]
    return "\n\n".join(
        " ".join(words[k % 8000 : k % 8000 + 20]).capitalize() + "." for k in range(0, 20 * sentences, 20)
    )


def test_in_a_long_sound_text_a_repeat_needs_more_evidence() -> None:
    weak = (
        f"Nobody came. {SHEEP} In autumn the shepherds led all their flocks down from the high mountain before winter."
    )
    strong = f"Nobody came. {SHEEP} {SHEEP.replace('brought', 'led')}"
    assert [len(duplicates(text)) for text in (weak, strong)] == [1, 1]
    assert [len(duplicates(f"{text}\n\n{sound(400)}")) for text in (weak, strong)] == [0, 1]


def test_a_sentence_word_for_word_is_found_in_the_soundest_text() -> None:
    assert len(duplicates(f"Nobody came. {SHEEP} {SHEEP}\n\n{sound(800)}")) == 1


@given(st.lists(st.floats(-30, 30), max_size=30), st.floats(0, 1e7))
def test_a_prior_only_ever_asks_for_more(odds: list[float], words: float) -> None:
    shift = prior(odds, words)
    assert shift <= 0.0
    assert prior(odds, 2 * words) <= shift + 1e-3
    assert prior([*odds, 0.0], words) >= shift - 1e-3


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
        assert finding.type != "duplicate" or finding.grade == "review"


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*LONG.split()[:4], "the", "the", ".", ","]), min_size=1, max_size=60))
def test_a_loop_says_the_same_words_from_first_to_last(tokens: list[str]) -> None:
    words = words_of(segmented(" ".join(tokens)))
    loops = loops_of(words)
    for loop in loops:
        assert loop.times >= 3
        assert all(words[k].stem == words[k - loop.period].stem for k in range(loop.start + loop.period, loop.end))
    assert all(a.end <= b.start for a, b in pairwise(loops))


def test_synonyms_tell_nothing_apart() -> None:
    assert not tells_apart("fr", ["huit", "an"], ["huit", "anné"])
    assert tells_apart("zh", ["左边", "边的"], ["右边", "边的"])
    assert not tells_apart("sv", ["vänster"], ["höger"])


def test_importing_the_check_loads_nothing_heavy() -> None:
    code = "import sys; import tetrapla.checks.duplicates, tetrapla.checks.renderings; print('numpy' in sys.modules)"
    run_alone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run_alone.stdout.strip() == "False"


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
