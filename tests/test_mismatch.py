"""Numbers and citations that differ between versions, and passages that were not translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import segmented
from tetrapla.checks import Comparison, run
from tetrapla.checks.numbers import values_in
from tetrapla.model import Alignment, Bead, Finding, Span

LANGUAGES = ("zh", "en", "es", "fr")
# Passages of four versions that translate each other, with numbers in all the ways of writing them.
SOUND = (
    ("第三座磨坊建于1897年。", "The third mill was built in 1897.", "El tercer molino se construyó en 1897.", "Le troisième moulin date de 1897."),
    ("磨坊每年磨3.5万袋面粉。", "It grinds 35,000 sacks a year.", "Muele 35 000 sacos al año.", "Il moud 35 000 sacs par an."),
    ("价格上涨了12.5%。", "The price rose by 12.5%.", "El precio subió un 12,5 %.", "Le prix a monté de 12,5 %."),
    ("两位磨坊主有二十三个孩子。", "The two millers had 23 children.", "Los dos molineros tenían 23 hijos.", "Les deux meuniers avaient vingt-trois enfants."),
    ("磨坊于19世纪关闭。", "It closed in the nineteenth century.", "Cerró en el siglo XIX.", "Il a fermé au XIXe siècle."),
    ("5月12日重新开放。", "It opened again on 12 May.", "Volvió a abrir el 12 de mayo.", "Il a rouvert le 12 mai."),
    ("耗资２００万元。", "It cost 2 million yuan.", "Costó 2 millones de yuanes.", "Il a coûté 2 millions de yuans."),
)  # fmt: skip


def compared(passages: Sequence[Sequence[str]], subject: str, languages: Sequence[str] = LANGUAGES) -> Comparison:
    """Return one of several versions in the light of the others; each passage is a paragraph of one sentence."""
    texts = dict.fromkeys(languages, "")
    beads = []
    for k, passage in enumerate(passages, start=1):
        spans = {}
        for name, piece in zip(languages, passage, strict=True):
            if piece:
                spans[name] = (Span(len(texts[name]), len(texts[name]) + len(piece)),)
                texts[name] += piece + "\n\n"
        bead = Bead(f"b{k}", "body", spans, dict.fromkeys(languages[1:], 0.95))
        beads.append(replace(bead, sentences=(replace(bead, id=f"b{k}.1"),)))
    versions = {name: segmented(text, name) for name, text in texts.items()}
    alignment = Alignment(languages[0], tuple(version.document for version in versions.values()), tuple(beads))
    return Comparison(subject, alignment, versions)


def found_in(comparison: Comparison, kind: str) -> list[Finding]:
    return run(comparison.text, only=[kind], comparison=comparison)


def told(comparison: Comparison, kind: str) -> list[tuple[str, str | None]]:
    text = comparison.text.document
    return [(text[finding.spans[0]], finding.replacement) for finding in found_in(comparison, kind)]


def changed(k: int, language: str, old: str, new: str) -> Sequence[Sequence[str]]:
    """Return the sound passages with one of them changed in one language."""
    at = LANGUAGES.index(language)
    assert old in SOUND[k][at]
    passage = [text.replace(old, new) if at == here else text for here, text in enumerate(SOUND[k])]
    return [*SOUND[:k], passage, *SOUND[k + 1 :]]


# -------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("k", "language", "old", "new", "expected"),
    [
        (0, "en", "1897", "18 97", [("18 97", "1897")]),
        (0, "en", "1897", "1897 3", []),
        (1, "en", "35,000", "35, 000", [("35, 000", "35,000")]),
        (2, "es", "12,5", "12, 5", [("12, 5", "12,5")]),
        (2, "en", "12.5", "12. 5", [("12. 5", "12.5")]),
        (2, "en", "12.5", "12.\n5", [("12.\n5", "12.5")]),
        (3, "en", "23", "2 3", [("2 3", "23")]),
        (1, "fr", "35 000", "35 000", []),  # thousands set apart
        (3, "en", "23 children", "2, 3 children", []),  # another number
    ],
)
def test_a_number_in_pieces_is_found(
    k: int, language: str, old: str, new: str, expected: list[tuple[str, str | None]]
) -> None:
    found = compared(changed(k, language, old, new), language)
    assert told(found, "split-word") == expected
    assert all(finding.grade == "review" for finding in found_in(found, "split-word"))


def test_numbers_in_a_row_are_no_number() -> None:
    rows = [("第1、2页，共12页。", "Pages 1, 2 of 12.", "Páginas 1, 2 de 12.", "Pages 1, 2 sur 12."), *SOUND]
    for language in LANGUAGES:
        assert found_in(compared(rows, language), "split-word") == []


@pytest.mark.parametrize("subject", LANGUAGES)
def test_the_same_number_may_be_written_in_many_ways(subject: str) -> None:
    assert found_in(compared(SOUND, subject), "number-mismatch") == []


@pytest.mark.parametrize(
    ("k", "language", "old", "new", "expected"),
    [
        (0, "en", "1897", "1879", [("1879", "1897")]),
        (0, "zh", "1897", "1891", [("1891", "1897")]),
        (1, "fr", "35 000", "33 000", [("33 000", None)]),
        (2, "es", "12,5", "12,8", [("12,8", None)]),
        (3, "en", "23", "28", [("28", None)]),
        (5, "zh", "12日", "17日", [("17", "12")]),
        (6, "es", "2 millones", "7 millones", [("7", "2")]),
    ],
)
def test_another_number_is_found(
    k: int, language: str, old: str, new: str, expected: list[tuple[str, str | None]]
) -> None:
    found = told(compared(changed(k, language, old, new), language), "number-mismatch")
    assert [text for text, _ in found] == [text for text, _ in expected]
    assert [fix for _, fix in found if fix] == [fix for _, fix in expected if fix]


def test_only_the_version_that_differs_is_told() -> None:
    passages = changed(0, "en", "1897", "1879")
    assert [told(compared(passages, name), "number-mismatch") for name in ("zh", "es", "fr")] == [[], [], []]


def test_of_two_versions_either_may_be_wrong() -> None:
    passages = [(zh, en) for zh, en, _, _ in changed(0, "en", "1897", "1879")]
    for subject in ("zh", "en"):
        (finding,) = found_in(compared(passages, subject, ("zh", "en")), "number-mismatch")
        assert finding.grade == "review"
        assert finding.score < 0.8


def test_what_the_others_write_is_said() -> None:
    (finding,) = found_in(compared(changed(0, "fr", "1897", "1807"), "fr"), "number-mismatch")
    assert finding.evidence["others"] == {"zh": "1897", "en": "1897", "es": "1897"}
    assert finding.score > 0.8
    assert "1897" in finding.message


@pytest.mark.parametrize(
    ("k", "language", "old", "new"),
    [
        (0, "en", " in 1897", ""),  # left away
        (0, "en", "was built", "was, after 7 years, built"),  # added, while nothing is missing
        (3, "en", "two millers", "2 millers"),
        (6, "fr", "2 millions", "2 000 000"),
        (5, "es", "12 de mayo", "12/5"),
        (0, "en", "1897", "1897 [12]"),  # a citation
    ],
)
def test_a_number_may_be_added_left_away_or_written_otherwise(k: int, language: str, old: str, new: str) -> None:
    assert told(compared(changed(k, language, old, new), language), "number-mismatch") == []


def test_a_number_may_stand_in_the_next_sentence() -> None:
    passages = [list(passage) for passage in SOUND]
    passages[0][1], passages[1][1] = "There was a third mill.", "Built in 1897, it grinds 35,000 sacks a year."
    assert told(compared(passages, "en"), "number-mismatch") == []


def test_a_link_that_is_not_sure_tells_nothing() -> None:
    comparison = compared(changed(0, "en", "1897", "1879"), "en")
    weak = [
        replace(bead, sentences=(replace(bead.sentences[0], score=dict.fromkeys(LANGUAGES[1:], 0.3)),))
        for bead in comparison.alignment.beads
    ]
    assert (
        told(replace(comparison, alignment=replace(comparison.alignment, beads=tuple(weak))), "number-mismatch") == []
    )


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("二〇二四年", "zh", {2024.0, 2.0, 0.0, 4.0}),
        ("第三百零二页", "zh", {302.0}),
        ("一万两千", "zh", {12000.0}),
        ("十几个", "zh", {10.0}),
        ("twenty-one", "en", {20.0, 1.0, 21.0}),
        ("treinta y dos", "es", {30.0, 32.0, 2.0}),
        ("soixante et onze", "fr", {60.0, 71.0, 11.0}),
        ("two hundred", "en", {2.0, 200.0, 100.0}),
        ("Louis XIV", "fr", {14.0}),
        ("a boat", "en", set()),
    ],
)
def test_numbers_in_words(text: str, language: str, values: set[float]) -> None:
    assert set(values_in(text, language)) == values


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.text("1234567890一二十百万.,: []%IVX年", max_size=12)] * 4), max_size=4))
def test_any_numbers_can_be_compared(passages: list[tuple[str, ...]]) -> None:
    for kind in ("number-mismatch", "citation-mismatch"):
        for subject in LANGUAGES:
            for finding in found_in(compared(passages, subject), kind):
                assert all(0 <= span.start < span.end for span in finding.spans)
                assert finding.grade == "review"


# ------------------------------------------------------------------------------------------------------ citations

CITED = [
    ("马吃燕麦[1]。", "Horses eat oats[1].", "Los caballos comen avena[1].", "Les chevaux mangent de l'avoine[1]."),
    ("牛吃草[2-3]。", "Cows eat grass[2-3].", "Las vacas comen hierba[2-3].", "Les vaches broutent[2-3]."),
    ("鸭吃蜗牛[4]。", "Ducks eat snails[4].", "Los patos comen caracoles[4].", "Les canards mangent des escargots[4]."),
    ("鹅吃玉米[5]。", "Geese eat corn[5].", "Los gansos comen maíz[5].", "Les oies mangent du maïs[5]."),
    ("狗守门。", "Dogs guard the door.", "Los perros guardan la puerta.", "Les chiens gardent la porte."),
]


def cited(k: int, language: str, old: str, new: str) -> list[tuple[str, ...]]:
    at = LANGUAGES.index(language)
    passage = tuple(text.replace(old, new) if at == here else text for here, text in enumerate(CITED[k]))
    return [*CITED[:k], passage, *CITED[k + 1 :]]


@pytest.mark.parametrize("subject", LANGUAGES)
def test_sound_citations_are_left_alone(subject: str) -> None:
    assert found_in(compared(CITED, subject), "citation-mismatch") == []


def test_another_citation_is_found() -> None:
    assert told(compared(cited(2, "en", "[4]", "[9]"), "en"), "citation-mismatch") == [("[9]", "[4]")]
    assert told(compared(cited(1, "es", "[2-3]", "[2-8]"), "es"), "citation-mismatch") == [("[2-8]", None)]


def test_a_citation_that_is_missing_is_told_at_the_end_of_its_sentence() -> None:
    (finding,) = found_in(compared(cited(2, "fr", "[4]", ""), "fr"), "citation-mismatch")
    assert finding.evidence["missing"] == 4
    assert finding.replacement is None
    assert compared(cited(2, "fr", "[4]", ""), "fr").text.document[finding.spans[0]] == "escargots."


@pytest.mark.parametrize(
    ("k", "old", "new"),
    [
        (2, "Ducks eat snails[4]", "Ducks[4] eat snails"),
        (2, "snails[4]", "snails [ 4 ]"),
        (2, "snails[4]", "snails([4] )"),  # garbled: another check's
        (2, "snails[4]", "snails{4]"),
        (4, "Dogs guard the door.", ""),
    ],
)
def test_citations_that_moved_or_are_garbled_are_not_told(k: int, old: str, new: str) -> None:
    assert found_in(compared(cited(k, "en", old, new), "en"), "citation-mismatch") == []


def test_a_citation_may_stand_in_the_next_paragraph() -> None:
    passages = cited(2, "en", "[4]", "")
    passages[3] = (CITED[3][0], "Geese eat corn[4][5].", *CITED[3][2:])
    assert found_in(compared(passages, "en"), "citation-mismatch") == []


# ---------------------------------------------------------------------------------------------- what was left alone

LEFT = "The miller sold his flour to the people of the valley for many years."


def test_a_sentence_that_another_version_has_word_for_word_was_left() -> None:
    passages = [list(passage) for passage in SOUND]
    passages[1][0], passages[1][1] = LEFT, LEFT
    (finding,) = found_in(compared(passages, "zh"), "untranslated")
    assert finding.evidence == {"language": "en", "version": "en"}
    assert finding.score > 0.8
    assert finding.replacement is None
    assert found_in(compared(passages, "en"), "untranslated") == []


def test_what_no_other_version_has_is_told_by_its_words_alone() -> None:
    passages = [list(passage) for passage in SOUND]
    passages[1][0] = LEFT
    (finding,) = found_in(compared(passages, "zh"), "untranslated")
    assert finding.evidence == {"language": "en"}


def test_commands_and_names_are_the_same_in_all_versions() -> None:
    passages = [
        *SOUND,
        ["sudo apt-get install --yes lib-mill/stable -t wheat"] * 4,
        ["Otto Meier, Ann Field, Li Lei"] * 4,
    ]
    for subject in LANGUAGES:
        assert found_in(compared(passages, subject), "untranslated") == []
