"""Why a passage is linked as it is, and where an alignment has lost its way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given

from tests.strategies import alignments
from tetrapla.align import align
from tetrapla.align._backend import Path, Signs
from tetrapla.align.derailed import with_stretches
from tetrapla.align.evidence import SHARED, WORDS, told
from tetrapla.align.lift import assigned, beads_of
from tetrapla.align.links import first_links
from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences, sentences_of
from tetrapla.cli._explanation import explanation, stretch_lines
from tetrapla.errors import InputError
from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.model import Alignment, Bead, Document, Mention, Segmented, Span, Stretch, Term
from tetrapla.report import html
from tetrapla.resources import corpus_root
from tetrapla.segment import segment

ENGLISH = """The harbour museum opened a permanent exhibition in 1987 [3].

A violent tempest destroyed the bridge over the canal.

The exhibition of old instruments attracted tourists to the museum.
"""
SPANISH = """El museo del puerto abrió una exhibición permanente en 1987 [3].

Una tempestad violenta destruyó el puente sobre el canal.

La exhibición de instrumentos antiguos atrajo turistas al museo.

Un turista admiraba aquellos instrumentos antiguos. Nadie dijo nada. Hacía frío.
"""


def sentences(language: str, text: str, mentions: Sequence[Mention] = ()) -> Sentences:
    return sentences_of(segment(Document(language, language, text, f"{language}.txt")), mentions)


def toy(**changes: Any) -> Alignment:
    """The alignment of the two texts by hand: what Spanish says after the third sentence has no link."""
    concept = Mention("museum", Term("museum", "en", "preferred"), (Span(ENGLISH.index("museum"), 22),))
    theirs = replace(concept, spans=(Span(SPANISH.index("museo"), 10),))
    english, spanish = sentences("en", ENGLISH, [concept]), sentences("es", SPANISH, [theirs])
    links = [Link((k,), (k,), 0.5) for k in range(3)]
    rivals = [Signs(0.5, None, 0.2, 2), Signs(0.6, 0.1, 0.05, 0), Signs(0.4, None, 0.5, 0)]
    path = replace(Path(links, [0.9] * 3, rivals, first_links(english, spanish, {})), **changes)
    places = assigned(english, spanish, path.links, path.probabilities)
    beads = beads_of([english, spanish], 0, {1: places}, {}, {}, {1: path})
    documents = english.source.document, spanish.source.document
    return Alignment("en", documents, tuple(beads))


def evidence(alignment: Alignment, k: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = alignment.beads[k].evidence["es"]
    return found


# Evidence


def test_evidence_names_the_words_as_they_stand_in_the_texts() -> None:
    pairs = [
        [["permanent", "permanente"], ["museum", "museo"], ["exhibition", "exhibición"]],
        [["violent", "violenta"], ["tempest", "tempestad"], ["canal", "canal"]],
        [["instruments", "instrumentos"], ["tourists", "turistas"]],
    ]
    for k, expected in enumerate(pairs):
        words = [pair[:2] for pair in evidence(toy(), k)["words"]]
        assert words, k
        assert all(pair in expected or pair[0][:3] == pair[1][:3].lower() for pair in words), words
    assert ["tempest", "tempestad"] in [pair[:2] for pair in evidence(toy(), 1)["words"]]


def test_evidence_names_numbers_and_concepts() -> None:
    found = evidence(toy(), 0)
    assert found["numbers"] == ["1987", "[3]"]
    assert found["concepts"] == ["museum"]
    assert "numbers" not in evidence(toy(), 1)


def test_evidence_has_the_signs_of_its_links() -> None:
    assert [evidence(toy(), k)["coverage"] for k in range(3)] == [0.5, 0.6, 0.4]
    assert evidence(toy(), 1)["votes"] == 0.1
    assert "votes" not in evidence(toy(), 0)
    assert [evidence(toy(), k)["neighbours"] for k in range(3)] == [[0, 2], [1, 1], [2, 0]]


def test_the_second_best_place_is_the_rival() -> None:
    english = sentences("en", ENGLISH)
    assert evidence(toy(), 0)["second"] == {
        "bead": "b3",
        "start": english.items[2].segment.start,
        "earns": 0.2,
        "less": 0.3,
    }
    assert evidence(toy(), 2)["second"] == {"bead": "b1", "start": 0, "earns": 0.5, "less": -0.1}


def test_a_passage_without_a_link_has_the_place_it_comes_nearest_to() -> None:
    alone = next(bead for bead in toy().beads if "en" not in bead.spans)
    found = alone.evidence["es"]
    assert found["second"]["bead"] == "b3"
    assert 0 < found["second"]["covers"] <= 1
    assert ["instruments", "instrumentos"] in [pair[:2] for pair in found["words"]]


def test_an_aligner_that_says_nothing_leaves_what_the_texts_share() -> None:
    found = toy(signs=(), words={})
    assert set(evidence(found, 0)) == {"numbers", "concepts", "neighbours"}
    assert set(evidence(found, 1)) == {"neighbours"}


def test_evidence_changes_no_bead_and_is_small() -> None:
    with_it, without = toy(), toy(signs=(), words={})
    assert [replace(bead, evidence={}) for bead in with_it.beads] == [
        replace(bead, evidence={}) for bead in without.beads
    ]
    for bead in with_it.beads:
        for said in bead.evidence.values():
            assert len(said.get("words", ())) <= WORDS
            assert len(said.get("numbers", ())) <= SHARED
    assert toy() == toy()


@pytest.mark.parametrize(
    ("given_evidence", "expected"),
    [
        ({"concepts": ["a", "b"]}, [("concepts", "a, b")]),
        (
            {"second": {"bead": "b1", "start": 0, "earns": 0.5, "less": -0.1}},
            [("second best", "b1: 0.50, which is 0.10 more than here")],
        ),
        ({"coverage": "x", "words": [1]}, [("coverage", "x"), ("words", "[1]")]),
        (["concept x", "[3]"], [("evidence", "['concept x', '[3]']")]),
        ({}, []),
    ],
)
def test_any_evidence_can_be_told(given_evidence: object, expected: object) -> None:
    assert told(given_evidence) == expected


# Stretches

Row = tuple[int | None, float]  # the sentence of the pivot that a sentence is linked with, and how probably


def aligned(rows: Sequence[Row], count: int) -> Alignment:
    """An alignment of a version of one sentence a line with a pivot of `count` of them."""
    own = "".join(f"This is sentence {k:04} of it.\n" for k in range(len(rows)))
    other = "".join(f"Esta es la frase {k:04} del texto.\n" for k in range(count))
    sizes = len("This is sentence 0000 of it."), len("Esta es la frase 0000 del texto.")
    docs = Document("es", "es", other, "es.txt"), Document("en", "en", own, "en.txt")

    def span(side: int, k: int) -> tuple[Span, ...]:
        start = k * (sizes[side] + 1)
        return (Span(start, start + sizes[side]),)

    linked: dict[int, list[tuple[int, float]]] = {}
    for k, (place, probability) in enumerate(rows):
        if place is not None:
            linked.setdefault(place, []).append((k, probability))
    beads = []
    for i in range(count):
        spans, score = {"es": span(1, i)}, {}
        if i in linked:
            spans["en"] = tuple(piece for k, _ in linked[i] for piece in span(0, k))
            score["en"] = linked[i][0][1]
        beads.append(Bead(f"b{i}", "body", spans, score))
    beads += [Bead(f"n{k}", "body", {"en": span(0, k)}) for k, (place, _) in enumerate(rows) if place is None]
    return with_stretches(Alignment("es", docs, tuple(beads)))


def straight(low: int, high: int, probability: float = 0.95) -> list[Row]:
    return [(k, probability) for k in range(low, high)]


def nothing(count: int) -> list[Row]:
    return [(None, 0.0)] * count


def lines(alignment: Alignment, stretch: Stretch) -> tuple[str, int, int]:
    doc = alignment.document(stretch.document)
    assert doc is not None
    return stretch.document, doc.line_of(stretch.spans[0].start), doc.line_of(stretch.spans[-1].end - 1)


def jumping(low: int, high: int) -> list[Row]:
    return [(low + (k * 41) % (high - low), 0.3) for k in range(high - low)]


SOUND = {
    "all linked": (straight(0, 80), 80),
    "every third without a link": ([(k, 0.95) if k % 3 else (None, 0.0) for k in range(80)], 80),
    "doubtful, but linked in order": (straight(0, 80, 0.45), 80),
    "a block moved": ([*straight(40, 80), *straight(0, 40)], 80),
    "said twice": ([*straight(0, 40), *straight(20, 40), *straight(40, 80)], 80),
    "eight sentences missing": ([*straight(0, 40), *nothing(8), *straight(40, 80)], 80),
    "few sentences": (straight(0, 3), 3),
}


@pytest.mark.parametrize(("rows", "count"), SOUND.values(), ids=SOUND)
def test_a_sound_alignment_has_no_stretches(rows: Sequence[Row], count: int) -> None:
    found = aligned(rows, count)
    assert (found.derailed, found.gaps) == ((), ())
    assert stretch_lines(found) == []


def test_another_chapter_in_the_place_of_one_is_told_as_derailed() -> None:
    found = aligned([*straight(0, 40), *nothing(60), *straight(100, 140)], 140)
    (stretch,) = found.derailed
    assert lines(found, stretch) == ("en", 41, 100)
    assert (stretch.against, stretch.score, found.gaps) == ("es", 0.0, ())
    assert stretch_lines(found) == [
        "derailed: en.txt lines 41–100: hardly anything is linked here, nor in its place in es, lines 41–100"
    ]


def test_links_that_jump_about_are_told_as_derailed() -> None:
    found = aligned([*straight(0, 60), *jumping(60, 120), *straight(120, 180)], 180)
    (stretch,) = [stretch for stretch in found.derailed if stretch.document == "en"]
    _, first, last = lines(found, stretch)
    assert abs(first - 61) <= 1
    assert abs(last - 120) <= 1
    assert found.gaps == ()


def test_strangers_are_one_stretch() -> None:
    found = aligned([(k, 0.3) if k % 9 == 0 else (None, 0.0) for k in range(90)], 100)
    (stretch,) = found.derailed
    assert lines(found, stretch) == ("en", 1, 90)
    assert stretch.why == "hardly anything of en has a counterpart in es"


def test_what_a_version_lacks_is_a_gap() -> None:
    found = aligned([*straight(0, 40), *straight(70, 110)], 110)
    assert [lines(found, gap) for gap in found.gaps] == [("es", 41, 70)]
    assert found.derailed == ()
    assert stretch_lines(found) == ["missing: es.txt lines 41–70: has no counterpart in en"]


def test_what_the_pivot_lacks_is_a_gap() -> None:
    found = aligned([*straight(0, 40), *nothing(30), *straight(40, 80)], 80)
    assert [lines(found, gap) for gap in found.gaps] == [("en", 41, 70)]
    assert found.derailed == ()


SAMPLE = corpus_root() / "sample" / "clean"


def sample(language: str, low: int = 0, high: int | None = None) -> Segmented:
    """Some paragraphs of the sample that comes with Tetrapla."""
    paragraphs = (SAMPLE / f"{language}.txt").read_text("utf-8").rstrip("\n").split("\n\n")[low:high]
    return segment(Document(language, language, "\n\n".join(paragraphs)))


def test_real_versions_are_sound_and_strangers_are_not() -> None:
    sound = with_stretches(align([sample("zh"), sample("en")]))
    assert (sound.derailed, sound.gaps) == ((), ())
    assert all(bead.evidence for bead in sound.beads if len(bead.spans) > 1)
    strange = with_stretches(align([sample("zh", 9, 24), sample("en", 28, 42)]))
    assert [stretch.why for stretch in strange.derailed] in (
        ["hardly anything of en has a counterpart in zh"],
        ["hardly anything of zh has a counterpart in en"],
    )


def test_the_report_names_the_rows_of_a_stretch() -> None:
    found = aligned([*straight(0, 40), *nothing(60), *straight(100, 140)], 140)
    page = html(found, {doc.id: segment(doc) for doc in found.documents}, {}, {}, {})
    assert '<li><b>derailed</b> English <a href="#r' in page


def test_the_report_tells_the_evidence_in_words() -> None:
    found = toy()
    page = html(found, {doc.id: segment(doc) for doc in found.documents}, {}, {}, {})
    assert "es: numbers: 1987, [3]; concepts: museum; words: permanent – permanente" in page


@given(alignments())
def test_stretches_lie_within_their_texts(alignment: Alignment) -> None:
    found = with_stretches(alignment)
    assert replace(found, derailed=(), gaps=()) == alignment
    assert with_stretches(found) == found
    for stretch in (*found.derailed, *found.gaps):
        doc = alignment.document(stretch.document)
        assert doc is not None
        assert all(span.end <= len(doc.text) for span in stretch.spans)
        assert 0 <= stretch.score <= 1


# The file


def saved(alignment: Alignment, folder: FilePath) -> FilePath:
    for doc in alignment.documents:
        (folder / doc.source).write_text(doc.text, encoding="utf-8", newline="")
    path = folder / "out.json"
    path.write_text(dump_alignment(alignment), encoding="utf-8")
    return path


def test_evidence_and_stretches_are_read_as_they_were_written(tmp_path: FilePath) -> None:
    derailed = aligned([*straight(0, 40), *nothing(60), *straight(100, 140), *nothing(20)], 140)
    assert derailed.derailed
    assert derailed.gaps
    for k, alignment in enumerate((derailed, toy())):
        (folder := tmp_path / str(k)).mkdir()
        assert load_alignment(saved(alignment, folder)) == alignment


def test_files_without_stretches_can_be_read(tmp_path: FilePath) -> None:
    path = saved(toy(), tmp_path)
    record = json.loads(path.read_text("utf-8"))
    assert (record.pop("derailed"), record.pop("gaps")) == ([], [])
    path.write_text(json.dumps(record), encoding="utf-8")
    assert load_alignment(path) == toy()


GOOD = {"document": "en", "against": "es", "spans": [[0, 5]], "why": "…", "score": 0.1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"document": "fr"}, "'fr' that is not in it"),
        ({"against": "fr"}, "'fr' that is not in it"),
        ({"spans": [[0, 9999]]}, r"no \[start, end\]"),
        ({"spans": []}, "has no spans"),
        ({"why": 3}, "'why' of derailed"),
        ({"score": True}, "is no number"),
    ],
)
def test_stretches_that_are_none_are_refused(tmp_path: FilePath, change: Mapping[str, Any], message: str) -> None:
    path = saved(toy(), tmp_path)
    record = {**json.loads(path.read_text("utf-8")), "derailed": [{**GOOD, **change}]}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_alignment(path)


# What people read


def test_an_explanation_has_texts_evidence_and_the_second_best() -> None:
    text = explanation(toy(), "b1")
    for part in (
        "en, line 1",
        "es, line 1, probability 0.90",
        "“The harbour museum",
        "“El museo del puerto",
        "1987, [3]",
    ):
        assert part in text, part
    assert "second best  b3: 0.20, which is 0.30 less than here" in text
    assert "“The exhibition of old instruments" in text
    assert "0 sentences before it, 2 after it" in text


def test_a_passage_without_a_link_says_what_is_nearest_and_why_not() -> None:
    name = next(bead.id for bead in toy().beads if "en" not in bead.spans)
    text = explanation(toy(), name)
    assert "en: nothing is linked with it" in text
    assert "nearest to   b3" in text
    assert "b3 has es, line 5, with probability 0.90 already" in text
    assert "it stands after b3" in text


def test_an_explanation_says_what_has_derailed() -> None:
    found = aligned([*straight(0, 40), *nothing(60), *straight(100, 140)], 140)
    assert "derailed     hardly anything is linked here" in explanation(found, "en:50")
    gap = aligned([*straight(0, 40), *straight(70, 110)], 110)
    assert "gap          has no counterpart in en" in explanation(gap, "es:50")


@pytest.mark.parametrize("name", ["en:3", "en.txt:3", "b2"])
def test_a_bead_goes_by_its_id_or_by_a_line(name: str) -> None:
    assert explanation(toy(), name).startswith("b2, body\n")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("b22", "no bead is called 'b22'; near it are b2"),
        ("en:2", "line 2 of en.txt is in no bead; b1 before it and b2 after it"),
        ("en:0", "en.txt has no line 0"),
        ("en:99", "en.txt has no line 99; it has"),
        ("fr:1", r"no document of this alignment is called 'fr'; there are en \(en.txt\)"),
        ("", "no bead is called ''"),
        (":3", "no bead is called ':3'"),
    ],
)
def test_an_unknown_bead_names_what_is_near(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        explanation(toy(), name)


@given(alignments())
def test_every_bead_can_be_explained(alignment: Alignment) -> None:
    for bead in alignment.beads:
        assert f"{bead.id}, {bead.kind}\n" in explanation(alignment, bead.id)
