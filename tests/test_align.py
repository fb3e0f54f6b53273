"""Alignment: what it finds, and what must hold of every aligner."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapla import glossary, lexicon
from tetrapla.align import Group, Options, align, parts, registry
from tetrapla.align.learn import taught
from tetrapla.align.lines import LineBead, align_line_pairs, align_lines
from tetrapla.align.tokens import Token, numbers_in, sentences_of
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import Alignment, Document, Segmented
from tetrapla.progress import silent
from tetrapla.resources import corpus_root
from tetrapla.score import score_alignment
from tetrapla.segment import segment

LANGUAGES = ("zh", "en", "es", "fr")
CLEAN = {code: (corpus_root() / "sample" / "clean" / f"{code}.txt").read_text("utf-8") for code in LANGUAGES}


def version(language: str, text: str, name: str | None = None) -> Segmented:
    return segment(Document(name or language, language, text))


def paragraphs(language: str) -> list[str]:
    return CLEAN[language].rstrip("\n").split("\n\n")


def gold(pivot: Sequence[str], other: Sequence[str], order: Sequence[int]) -> dict[str, object]:
    """Gold of two texts with one paragraph a line, the second in another order: its k-th is the pivot's order[k]-th."""

    def spans(texts: Sequence[str]) -> list[list[int]]:
        starts = itertools.accumulate((len(t) + 2 for t in texts), initial=0)
        return [[start, start + len(t)] for start, t in zip(starts, texts, strict=False)]

    return {
        "pivot": {"units": {f"u{k}": [span] for k, span in enumerate(spans(pivot))}},
        "other": {"segments": [[*span, f"u{order[k]}"] for k, span in enumerate(spans(other))]},
    }


def inked_once(alignment: Alignment) -> bool:
    """Whether each non-space character of every document stands in exactly one bead."""
    for doc in alignment.documents:
        held = sorted(
            i
            for bead in alignment.beads
            for span in bead.spans.get(doc.id, ())
            for i in range(span.start, span.end)
            if not doc.text[i].isspace()
        )
        if held != [i for i, char in enumerate(doc.text) if not char.isspace()]:
            return False
    return True


@pytest.mark.parametrize("other", ["en", "es", "fr"])
def test_clean_versions_are_aligned_almost_without_fault(other: str) -> None:
    found = align([version("zh", CLEAN["zh"]), version(other, CLEAN[other])])
    texts = paragraphs("zh"), paragraphs(other)
    score = score_alignment(found, "zh", other, gold(*texts, range(len(texts[1]))))
    assert score.f1 > 0.95, score


def test_paragraphs_out_of_order_find_their_place() -> None:
    order = [*range(20, 34), *range(6, 20), *range(34, 48), *range(6)]
    moved = [paragraphs("en")[k] for k in order]
    found = align([version("zh", CLEAN["zh"]), version("en", "\n\n".join(moved))])
    score = score_alignment(found, "zh", "en", gold(paragraphs("zh"), moved, order))
    assert score.f1 > 0.93, score


def test_the_order_of_files_changes_nothing_but_the_order_of_documents() -> None:
    versions = [version(code, CLEAN[code]) for code in ("zh", "en", "fr")]
    one, two = (align(vs, pivot="zh") for vs in (versions, versions[::-1]))
    spans = [{(name, bead.spans[name]) for bead in found.beads for name in bead.spans} for found in (one, two)]
    assert len(spans[0] ^ spans[1]) <= 0.1 * len(spans[0])


def test_texts_that_are_no_versions_of_each_other_are_not_linked() -> None:
    halves = paragraphs("zh")[9:24], paragraphs("en")[28:42]
    found = align([version("zh", "\n\n".join(halves[0])), version("en", "\n\n".join(halves[1]))])
    linked = sum(
        len(span)
        for bead in found.beads
        if "zh" in bead.spans and bead.score.get("en", 0.0) > 0.5
        for span in bead.spans.get("en", ())
    )
    assert linked < 0.05 * sum(map(len, halves[1]))


def test_a_concept_is_evidence() -> None:
    versions = [version(code, CLEAN[code]) for code in ("zh", "en")]
    mentions = {v.document.id: glossary.match(v, glossary.load()) for v in versions}
    found = align(versions, mentions=mentions)
    assert any("reverse-enclave" in bead.evidence.get("en", {}).get("concepts", ()) for bead in found.beads)


def test_any_two_languages_can_be_aligned() -> None:
    german = "Am 3. Mai 1987 wurde die Brücke von Lanchuan eröffnet.\n\nIm Jahr 1990 kamen 450 Menschen aus Xigang.\n"
    english = "On 3 May 1987 the bridge at Lanchuan was opened.\n\nIn 1990, 450 people came from Xigang.\n"
    found = align([version("de", german), version("en", english)])
    assert [sorted(bead.spans) for bead in found.beads] == [["de", "en"], ["de", "en"]]


def test_what_cannot_be_aligned_is_refused() -> None:
    with pytest.raises(InputError, match="two versions"):
        align([version("en", "A word.\n")])
    with pytest.raises(UnknownNameError, match="'xx'"):
        align([version("en", "A word.\n"), version("fr", "Un mot.\n")], pivot="xx")
    with pytest.raises(UnknownNameError, match="aligner"):
        align([version("en", "A word.\n"), version("fr", "Un mot.\n")], backend="guess")


def test_lines_are_sentences() -> None:
    english = "\n".join(
        ["The bridge was opened on 3 May 1987.", "", "It cost 450 crowns.", "Nobody came.", "Rain fell."]
    )
    french = "\n".join(["Le pont fut ouvert le 3 mai 1987, et il coûta 450 couronnes.", "Il plut."])
    beads = align_lines(Document("en", "en", english + "\n"), Document("fr", "fr", french + "\n"))
    assert sorted(i for bead in beads for i in bead.source) == [0, 1, 2, 3, 4]
    assert sorted(j for bead in beads for j in bead.target) == [0, 1]
    assert beads[0].source == (0, 2)
    assert beads[0].target == (0,)
    assert str(beads[0]).startswith("[0, 2]:[0]:")
    assert any(bead.source == (1,) and not bead.target for bead in beads)


# Several pairs of lines


def lines(code: str, texts: Sequence[str]) -> Document:
    return Document(code, code, "\n".join(texts) + "\n")


def pairs_of_lines() -> list[tuple[Document, Document]]:
    """Three pairs, of two pairs of languages; a blank line and one without a counterpart among them."""
    english, french, spanish = (paragraphs(code) for code in ("en", "fr", "es"))
    return [
        (lines("en", [*english[:9], "", "Nobody came."]), lines("fr", french[:9])),
        (lines("en", english[9:20]), lines("fr", french[10:20])),
        (lines("en", english[20:26]), lines("es", spanish[20:26])),
    ]


def test_one_pair_of_many_alone_is_as_without_the_others() -> None:
    for source, target in pairs_of_lines():
        assert align_line_pairs([(source, target)]) == [align_lines(source, target)]


def test_pairs_come_back_in_their_order_each_with_all_its_lines() -> None:
    given = pairs_of_lines()
    steps: list[tuple[int, int]] = []
    found = align_line_pairs(given, progress=lambda _, done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    for (source, target), beads in zip(given, found, strict=True):
        assert sorted(i for bead in beads for i in bead.source) == list(range(source.text.count("\n")))
        assert sorted(j for bead in beads for j in bead.target) == list(range(target.text.count("\n")))
        assert sum(1 for bead in beads if bead.source and bead.target) > 0.6 * len(target.text.splitlines())
    assert align_line_pairs([]) == []


# Two made-up languages without a letter in common, word for word.
MADE_UP = {
    "bakun": "девил", "dosti": "жимор", "gelma": "зулек", "hirop": "кофан", "jaset": "лигуд", "kumel": "мабис",
    "lonav": "нецоп", "mirdu": "офрил", "nupek": "пяшум", "oskal": "ридож", "pevit": "сучек", "ruzom": "тебля",
}  # fmt: skip


def test_pairs_share_what_they_teach() -> None:
    ours, theirs = (
        [f"{a} {b}" for a, b in itertools.pairwise([*w, w[0]])] for w in map(list, zip(*MADE_UP.items(), strict=True))
    )
    # Numbers align the first pair; in the second only words can, and it says everything the other way round.
    numbered = [
        lines(code, [f"{text} {n}" for n, text in enumerate(side * 2, start=100)])
        for code, side in (("xa", ours), ("xb", theirs))
    ]
    bare = lines("xa", ours), lines("xb", theirs[::-1])

    def right(beads: Sequence[LineBead]) -> int:
        return sum(bead.target == (len(ours) - 1 - bead.source[0],) for bead in beads if len(bead.source) == 1)

    _, together = align_line_pairs([(numbered[0], numbered[1]), bare], backend="coverage")
    assert right(together) >= len(ours) * 3 / 4
    assert right(align_lines(*bare, backend="coverage")) < len(ours) / 2


@pytest.mark.parametrize("backend", ["coverage", "coverage-in-order"])
def test_a_lexicon_brought_is_asked(backend: str) -> None:
    source, target = lines("xa", ["bakun hirop jaset", "dosti gelma"]), lines("xb", ["жимор зулек ридож"])
    known = lexicon.Lexicon([lexicon.Table({"xa": [("dosti",), ("gelma",)], "xb": [("жимор",), ("зулек",)]})])
    [held] = [bead for bead in align_lines(source, target, backend=backend, lexicon=known) if bead.target]
    assert 1 in held.source
    assert held not in align_lines(source, target, backend=backend)


def test_an_aligner_without_use_for_a_lexicon_says_so() -> None:
    source, target = lines("xa", ["bakun"]), lines("xb", ["жимор"])
    with pytest.raises(InputError, match="leave model, lexicon and decisions out"):
        align_lines(source, target, backend="length", lexicon=lexicon.Lexicon([]))
    assert align_lines(source, target, backend="length")


# Every aligner


WORDS = st.sampled_from(["河谷 ", "桥。", "valley ", "bridge. ", "2016 ", "[3] ", "\n\n", "图1 ", "①", "Xigang ", "。"])
TEXT = st.lists(WORDS, min_size=1, max_size=25).map("".join).filter(str.strip)


@pytest.mark.parametrize("backend", list(registry))
@settings(max_examples=25)
@given(texts=st.lists(st.tuples(st.sampled_from(["zh", "en", "fr"]), TEXT), min_size=2, max_size=4))
def test_every_aligner_places_every_character_once(backend: str, texts: list[tuple[str, str]]) -> None:
    versions = [version(code, text, f"d{k}") for k, (code, text) in enumerate(texts)]
    found = align(versions, backend=backend)
    assert inked_once(found)
    for bead in found.beads:
        assert set(bead.score) <= set(bead.spans)
        assert all(0.0 <= score <= 1.0 for score in bead.score.values())
    assert len({bead.id for bead in found.beads}) == len(found.beads)


@pytest.mark.parametrize("backend", list(registry))
def test_every_aligner_takes_groups_and_gives_every_two_of_each(backend: str) -> None:
    one, two, three = (sentences_of(version(code, "\n\n".join(paragraphs(code)[:5]))) for code in ("zh", "en", "fr"))
    found = registry.get(backend)([Group([one, two, three]), Group([two, three])], silent, Options())
    assert [set(paths) for paths in found] == [{(0, 1), (0, 2), (1, 2)}, {(0, 1)}]
    for group, paths in zip(([one, two, three], [two, three]), found, strict=True):
        for (x, y), path in paths.items():
            assert len(path.probabilities) == len(path.links)
            assert len(path.signs) in (0, len(path.links))
            assert all(set(link.pivot) <= set(range(len(group[x]))) for link in path.links)
            assert all(set(link.other) <= set(range(len(group[y]))) for link in path.links)
    assert registry.get(backend)([], silent) == []


# Long documents


def halls(code: str, order: Sequence[int]) -> Document:
    """Return sentences that only their numbers tell apart, a line each."""
    said = {"en": "Hall {} has {} windows and a door.", "fr": "La salle {} a {} fenêtres et une porte."}
    return lines(code, [said[code].format(n, 7 * n % 101 + 200) for n in order])


@pytest.mark.parametrize(
    "order",
    [range(180), [*range(100, 160), *range(100), *range(160, 180)], [n for n in range(180) if not 40 < n < 75]],
    ids=["in order", "moved", "lacking"],
)
def test_a_long_document_is_aligned_in_parts_as_well_as_a_short_one(
    order: Sequence[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def right() -> float:
        beads = align_lines(halls("en", range(180)), halls("fr", order), backend="coverage")
        pairs = {(i, order[j]) for bead in beads for i in bead.source for j in bead.target}
        return sum(i == n for i, n in pairs) / max(len(pairs), len(order))

    whole = right()
    for name, value in (("LARGE", 60), ("SIZE", 40), ("BESIDE", 8), ("STRETCH", 4)):
        monkeypatch.setattr(parts, name, value)
    assert whole > 0.95
    assert right() >= whole - 0.02


# What is learnt


def bags(*passages: tuple[str, str]) -> list[tuple[list[Token], list[Token]]]:
    return [([("en", w) for w in left.split()], [("fr", w) for w in right.split()]) for left, right in passages]


def test_what_recurs_together_is_a_translation() -> None:
    ring = itertools.pairwise([*MADE_UP.items(), next(iter(MADE_UP.items()))])
    passages = bags(*((f"{a} {b}", f"{x} {y}") for (a, x), (b, y) in ring)) * 2
    found = taught(passages)
    assert {word: max(row, key=lambda token: row[token])[1] for (_, word), row in found.items()} == MADE_UP
    assert all(0 < weight <= 1 for row in found.values() for weight in row.values())


def test_what_was_seen_more_often_counts_more() -> None:
    rest = bags(*zip(MADE_UP, MADE_UP.values(), strict=True))
    once, often = (taught(bags(("mill", "moulin")) * n + rest * 5)["en", "mill"]["fr", "moulin"] for n in (1, 5))
    assert once < often


@pytest.mark.parametrize(
    "passages",
    [
        [],
        bags(("mill", ""), ("", "moulin")),
        bags(*[("the", "le")] * 9),
        [([("#", "1987")], [("#", "1987")])] * 3,
    ],
    ids=["nothing", "one side", "in every passage", "numbers"],
)
def test_what_teaches_nothing(passages: list[tuple[list[Token], list[Token]]]) -> None:
    assert taught(passages) == {}


def test_what_a_translation_left_in_chinese_is_linked_with_the_original() -> None:
    chinese = "图1 河谷集市的位置\n\n" + paragraphs("zh")[4] + "\n\n" + paragraphs("zh")[5] + "\n"
    french = paragraphs("fr")[4] + "\n\n" + paragraphs("fr")[5] + "\n\n图1 河谷集市的位置\n"
    found = align([version("zh", chinese), version("fr", french)])
    caption = next(bead for bead in found.beads if bead.kind == "caption" and "zh" in bead.spans)
    assert [french[span.start : span.end] for span in caption.spans["fr"]] == ["图1 河谷集市的位置"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3.5万件", ["35000"]),
        ("35,000 pieces", ["35000"]),
        ("35 000 pièces", ["35000"]),
        ("10.8%", ["10.8%"]),
        ("10,8 %", ["10.8%"]),
        ("1.2亿元", ["120000000"]),
        ("二〇一六年", ["2016"]),
        ("三十五个", ["35"]),
        ("一般来说", []),
    ],
)
def test_numbers_read_alike_in_all_languages(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


def test_the_sample_has_sentences_with_tokens_in_every_language() -> None:
    for code in LANGUAGES:
        found = sentences_of(version(code, CLEAN[code]))
        assert len(found) > 100
        assert {"[]", "①", "#", "fig"} <= {kind for kind, _ in found.vocabulary}


def test_gold_of_the_sample_is_in_the_form_that_scores_expect() -> None:
    data = json.loads((corpus_root() / "sample" / "gold" / "zh-en.alignment.json").read_text("utf-8"))
    assert data["pivot"]["language"] == "zh"
    assert data["other"]["language"] == "en"
