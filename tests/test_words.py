"""Words in pieces, run together, hyphenated: what is no case of one text."""

from __future__ import annotations

import random
import re
import timeit
from collections import Counter
from collections.abc import Mapping, Sequence

import hyphens
import pytest
import wordfreq
from hypothesis import given
from hypothesis import strategies as st

from tests.build import segmented
from tetrapla import checks
from tetrapla.checks import _lexis
from tetrapla.checks._lexis import LISTS, Lexis, lexis_of, words_of
from tetrapla.checks._pieces import joined_words
from tetrapla.checks._safety import begins_sentence, in_numbers
from tetrapla.checks._suspects import best_split, suspects_of
from tetrapla.clean import clean
from tetrapla.model import Finding, Flow, Segmented

KINDS = ("hyphenation", "letter-spacing", "merged-words", "split-word")
# Lines of about the same width, so that they are read as one paragraph.
WRAPPED = (
    "The ferry leaves the harbor every morning at seven and comes back\n"
    "in the afternoon. Nobody had told the visitors that the long expla-\n"
    "nation hung behind the door of the kitchen, between the high-\n"
    "end oven and the old stove. Since then the cook hangs up pre-\n"
    "and post-war photographs, and nobody reads the explanation any\n"
    "longer, not even the captain."
)


def found(text: str, language: str = "en") -> list[Finding]:
    return checks.run(segmented(text, language), only=KINDS)


def safe(findings: Sequence[Finding]) -> list[str]:
    return [finding.replacement or "" for finding in findings if finding.grade == "safe"]


# -------------------------------------------------------------------------------------------------- vocabulary


@pytest.mark.parametrize("language", ["en", "es", "fr", "zh", "hr", "no"])
def test_frequencies_are_those_of_wordfreq(language: str) -> None:
    assert Lexis(language).frequencies == wordfreq.get_frequency_dict(LISTS.get(language, language))


def test_an_unknown_language_has_no_frequencies() -> None:
    assert Lexis("und").frequencies == {}
    assert found("The inven- tory of t h e k i t c h e n and thewindow.", "und") == []


def test_the_vocabulary_counts_words_pairs_and_compounds() -> None:
    lexis = lexis_of(segmented("The red boat, the red Boat and a red-hot oven on page 3."))
    assert lexis.counts["red"] == 3
    assert (lexis.counts["boat"], lexis.capitals["boat"]) == (2, 1)
    assert (lexis.pairs["red", "boat"], lexis.pairs["boat", "the"]) == (2, 0)
    assert lexis.hyphenated["red-hot"] == 1
    assert lexis.numbered["page"] == 1


def test_what_a_line_divides_is_no_evidence_of_a_compound() -> None:
    assert lexis_of(segmented(WRAPPED)).hyphenated == {"post-war": 1}


@given(st.text(st.sampled_from("aB é.-1'\n湖"), max_size=60))
def test_words_are_the_runs_of_letters(text: str) -> None:
    words = [word for word in words_of(text) if word.strip()]
    assert words == [word.lower() for word in re.findall(r"[^\W\d_]+", text)]


def test_what_is_remembered_is_the_same_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    @_lexis.remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    monkeypatch.setattr(_lexis, "REMEMBERED", 1_000)
    texts = [f"{k:03}" * 40 for k in range(30)]
    assert [length(text) for text in texts for _ in range(3)] == [120] * 90
    assert asked == texts
    assert length(texts[0]) == 120
    assert asked == [*texts, texts[0]]


@given(st.text(st.sampled_from("aBÉœΣ𝐀İ .-1'\n湖"), max_size=40))
def test_words_are_counted_by_their_forms(text: str) -> None:
    forms = re.findall(r"[^\W\d_]+", text)
    lexis = Lexis("en", [Flow(text, range(len(text)))])
    assert lexis.counts == Counter(form.lower() for form in forms)
    assert lexis.capitals == Counter(form.lower() for form in forms if form[0].isupper())


def test_an_unknown_word_falls_into_two_known_ones() -> None:
    lexis = Lexis("en")
    assert best_split(lexis, "thewindow") == 3
    assert best_split(lexis, "xqzvbn") is None


def test_pairs_are_counted_that_would_make_a_word() -> None:
    suspects = suspects_of(segmented("Any body can see that any body can."))
    assert suspects.beside["any", "body"] == 2
    assert ("can", "see") not in suspects.beside


# -------------------------------------------------------------------------------------------- lines and hyphens


def test_words_at_the_ends_of_lines_are_joined_compounds_and_suspended_hyphens_kept() -> None:
    cleaned = clean(segmented(WRAPPED)).text
    assert "\n" not in cleaned
    for words in ("the long explanation hung", "the high-end oven", "hangs up pre- and post-war photographs"):
        assert words in cleaned


def test_a_conjunction_may_be_the_end_of_a_word() -> None:
    text = WRAPPED.replace("pre-\nand post-war", "a gover-\nnor and his")
    assert "hangs up a governor and his photographs" in clean(segmented(text)).text


class Halves:
    """Divides every word in its middle."""

    def positions(self, word: str) -> list[int]:
        return [len(word) // 2]


def test_the_bench_divides_words_at_the_ends_of_lines_and_finds_them_again() -> None:
    text = "The kitchen garden of the well-known harbor museum opens every morning at seven. " * 40
    wrapped, places = hyphens.set_in_lines(text, "en", Halves(), random.Random(1))
    assert {place.kind for place in places} == {"join", "keep", "leave"}
    for place in places:
        words = wrapped[place.span.start : place.span.end]
        joined = words.replace("-\n", "" if place.kind == "join" else "-") if place.kind != "leave" else words
        assert " ".join(joined.split()) == place.wanted


# ------------------------------------------------------------------------------------------------------- safety


@pytest.mark.parametrize(
    "text",
    [
        "They sailed past Zam- ora and Zamora again.",
        "They met the boatmen of Brit ain at the harbor.",
        "They met the boatmen of B r i t a i n at the harbor.",
        "We reached Zamora at noon. We left fromZamora again. Zamora is far.",
        "The cooperative has 5, 693 members in the valley.",
        "He types the command set_win dow or the path /usr/the window.",
        "He types `make-inven- tory`, then set_inven- tory.",
    ],
)
def test_names_numbers_and_code_are_for_review(text: str) -> None:
    assert safe(found(text)) == []


def test_a_name_behind_an_elision_is_for_review() -> None:
    assert safe(found("Il parle de l' Europe et de l' eau.", "fr")) == ["l'eau"]


def test_han_characters_stay_as_they_are() -> None:
    text = "湖边的 harbor 小船 the window 停在 innova- tion 旁边。第 - 向导 文档 (见 all)的网。"
    for finding in found(text, "zh"):
        assert finding.grade == "review"
        assert not re.search("[一-鿿]", finding.replacement or "")


def test_what_stands_alone_in_a_long_text_is_for_review() -> None:
    sound = "The harbor was full of boats and nobody knew where they came from. " * 300
    damage = [f"Nobody looked at the{word}. " for word in "window garden kitchen carpet mirror".split()]
    assert safe(found(damage[0])) == ["the window"]
    assert safe(found(sound + damage[0] + sound)) == []
    assert len(safe(found(sound + "".join(damage) + sound))) == 5


def test_places_are_in_numbers_where_others_are_near() -> None:
    assert in_numbers([], 0, rate=5_000) == frozenset()
    assert in_numbers([100], 1_000, rate=5_000) == {100}
    assert in_numbers([100, 90_000, 91_000, 92_000, 93_000, 94_000], 100_000, rate=5_000) >= {92_000}
    assert 100 not in in_numbers([100, 90_000], 100_000, rate=5_000)


@pytest.mark.parametrize(("text", "begins"), [("It is. So", True), ("It (So", False), ("«So", True), ("a So", False)])
def test_the_beginning_of_a_sentence(text: str, begins: bool) -> None:
    assert begins_sentence(text, text.index("So")) == begins


@given(st.text(st.sampled_from("ab e-'.\nLthew湖1"), max_size=120), st.sampled_from(["en", "es", "fr", "zh"]))
def test_only_blanks_and_hyphens_are_changed(text: str, language: str) -> None:
    for finding in found(text, language):
        old = "".join(text[span.start : span.end] for span in finding.spans)
        assert re.sub(r"[\s-]", "", old) == re.sub(r"[\s-]", "", finding.replacement or "")


# -------------------------------------------------------------------------------------------------------- speed


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "unit",
    ["a ", "b ", "x q z ", "ab", "aB", "ab- ", "thewindow ", "ex per i ment ", "l' ", "HTMLcode ", "1, 234 ", ")a"],
)
def test_time_grows_with_the_length_of_the_text(unit: str, language: str) -> None:
    def seconds(size: int) -> float:
        text = segmented((unit * size)[:size], language)
        return timeit.timeit(lambda: found_in(text), number=1)

    def found_in(text: Segmented) -> None:
        for kind in KINDS:
            list(checks.registry.get(kind).function(text))

    seconds(10)  # reads the frequencies of the language
    assert seconds(16_000) < 10 * seconds(4_000) + 0.1


def test_sound_text_is_not_looked_at_closely() -> None:
    text = segmented("The harbor was full of boats and nobody knew where they came from. " * 200)
    assert all(not places.pairs and not places.weak for places in suspects_of(text).places)
    assert joined_words(text) == ((),)


def test_one_language_takes_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(language: str, *, common: bool) -> Mapping[str, float]:
        asked.append(language)
        return frequencies(language, common=common)

    frequencies = _lexis._frequencies
    monkeypatch.setattr(_lexis, "_frequencies", read)
    found("Les enfants jouent au bord de la rivière. Ils regardent les bateaux qui passent.", "fr")
    assert set(asked) == {"fr"}
