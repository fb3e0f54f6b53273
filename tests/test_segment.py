"""Paragraphs, their kinds and sentences, out of pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.model import Document, Segmented
from tetrapla.segment import segment, set_apart


def cut(text: str, language: str) -> Segmented:
    return segment(Document("d", language, text))


def texts(segmented: Segmented) -> list[str]:
    return [flow.text for flow in segmented.flows]


def wrapped(paragraphs: list[str], width: int, *, gap: str = "\n") -> str:
    """Set Chinese paragraphs in lines of a width, first lines two short: the indent that a scanner loses."""
    lines = []
    for paragraph in paragraphs:
        head, rest = paragraph[: width - 2], paragraph[width - 2 :]
        lines += [head, *(rest[k : k + width] for k in range(0, len(rest), width))]
    return gap.join(lines) + "\n"


RIVER = "河谷里的三个县从前各修各的路，各办各的学校，彼此很少来往。后来一座桥把它们连在一起，人们才发现邻居缺的正是自己多的。"
MARKET = "集市先在桥头出现，随后有了仓库和旅店，再后来连县里的技术员也在那里租下两间屋子，每逢赶集的日子给人看机器。"
SCHOOL = "学校的变化来得更晚一些。老师们起初只是交换教材，几年以后才商量着一起排课，让学生可以到邻县去上实验课。"


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("width", [17, 20, 26])
def test_chinese_paragraphs_are_told_by_the_lost_indent(width: int, gap: str) -> None:
    paragraphs = [RIVER, MARKET, SCHOOL, RIVER[::-1].strip("。") + "。"]
    assert texts(cut(wrapped(paragraphs, width, gap=gap), "zh")) == paragraphs


def test_a_last_line_that_is_full_still_ends_its_paragraph() -> None:
    full = "一" * 14 + "，" + "二" * 18 + "。"  # two lines of 17, less the indent of the first
    assert len(full) == 15 + 19
    paragraphs = [RIVER, full, MARKET, SCHOOL]
    assert texts(cut(wrapped(paragraphs, 17), "zh")) == paragraphs


def test_headings_stand_apart() -> None:
    text = wrapped([RIVER, "1 桥与集市", MARKET, "1.1 学校", SCHOOL], 18)
    found = cut(text, "zh")
    assert texts(found) == [RIVER, "1 桥与集市", MARKET, "1.1 学校", SCHOOL]
    assert [p.kind for p in found.paragraphs] == ["body", "heading", "body", "heading", "body"]


def test_a_caption_in_the_middle_of_a_paragraph_is_set_apart_and_the_paragraph_joined() -> None:
    lines = wrapped([MARKET, SCHOOL + RIVER, MARKET], 18).split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("学校")) + 3
    lines[at:at] = ["图1 桥头集市的位置", "Fig.1 Where the market stands"]
    found = cut("\n".join(lines), "zh")
    assert texts(found) == [MARKET, SCHOOL + RIVER, "图1 桥头集市的位置Fig.1 Where the market stands", MARKET]
    assert len(found.paragraphs[1].spans) == 2
    assert found.paragraphs[2].kind == "caption"


def test_running_heads_and_page_numbers_are_furniture() -> None:
    head = "河谷年报 {}"
    text = "\n\n".join([RIVER, head.format(11), MARKET, head.format(12), SCHOOL, head.format(13)])
    found = cut(text, "zh")
    assert [p.kind for p in found.paragraphs] == ["body", "furniture"] * 3


ENGLISH = [
    "The three counties of the valley used to build their roads and run their schools alone, and had little to say "
    "to one another. Then a bridge joined them.",
    "The market came first, then inns and stores, and at last the county's own technicians rented two rooms there.",
    "Schools were slower to change. At first the teachers only lent each other books; some years later they drew up "
    "a common timetable.",
]


def filled(paragraphs: list[str], width: int, *, gap: str) -> str:
    import textwrap

    return gap.join("\n".join(textwrap.wrap(p, width, break_on_hyphens=False)) for p in paragraphs) + "\n"


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_wrapped_lines_are_joined_with_or_without_blank_lines(gap: str) -> None:
    assert texts(cut(filled(ENGLISH, 60, gap=gap), "en")) == ENGLISH


def test_a_blank_line_inside_a_sentence_parts_nothing() -> None:
    text = filled(ENGLISH, 60, gap="\n\n").replace("had little to say\n", "had little to say\n\n")
    assert texts(cut(text, "en")) == ENGLISH


def test_one_paragraph_a_line_stays_so() -> None:
    assert texts(cut("\n\n".join(ENGLISH) + "\n", "en")) == ENGLISH


def test_hyphens_at_line_ends() -> None:
    text = (
        "It is the lay of the land in these high‐\nlands, and the water of the well-\n"
        "known valleys below, that drew them here\nand made them stay when others had left\nfor the coast.\n"
    )
    assert texts(cut(text, "en")) == [
        "It is the lay of the land in these highlands, and the water of the well-known valleys below, that drew "
        "them here and made them stay when others had left for the coast."
    ]


def test_abstract_and_keywords_of_a_chinese_paper() -> None:
    text = "\n".join(
        [
            "摘 要：" + RIVER,
            "关键词：桥；集市；学校",
            MARKET,
        ]
    )
    assert [p.kind for p in cut(text, "zh").paragraphs] == ["abstract", "keywords", "body"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "See Fig. 3.2 and Smith et al. on it. He said no. Then all rose.", 3),
        ("en", "The level rose. it then fell, i.e. it came back.", 2),
        ("es", "¿Qué pasó? Nada, dijo el Dr. Ruiz. Así fue.", 3),
        ("fr", "Il pleut… Qu'en dit M. Dupont ? Rien.", 3),
        ("zh", "他说：“好！”大家都走了；没有人回头。为什么？", 4),
        ("de", "Das ist z. B. der Fall. Und nun?", 2),
    ],
)
def test_sentences(language: str, text: str, expected: int) -> None:
    (sentences,) = cut(text + "\n", language).sentences
    assert len(sentences) == expected


PIECES = st.lists(
    st.sampled_from(
        [
            "图1 ",
            "1 ",
            "①",
            "\n",
            "\n\n",
            " ",
            "　",
            "。",
            ". ",
            "a-",
            "b",
            "二",
            RIVER[:30],
            ENGLISH[1],
            "[3]",
            "\t",
            "é",
        ]
    ),
    max_size=40,
)


@given(pieces=PIECES, language=st.sampled_from(["zh", "en", "fr", "de"]))
def test_every_character_stands_in_one_paragraph_and_one_sentence(pieces: list[str], language: str) -> None:
    doc = Document("d", language, "".join(pieces))
    found = segment(doc)
    inked = sorted(i for i, char in enumerate(doc.text) if not char.isspace())
    for layers in (found.paragraphs, [s for sentences in found.sentences for s in sentences]):
        held = sorted(
            i for seg in layers for span in seg.spans for i in range(span.start, span.end) if not doc.text[i].isspace()
        )
        assert held == inked


@given(pieces=PIECES, language=st.sampled_from(["zh", "en"]))
def test_a_flow_reads_what_stands_at_its_offsets(pieces: list[str], language: str) -> None:
    doc = Document("d", language, "".join(pieces))
    for flow in segment(doc).flows:
        assert len(flow.text) == len(flow.offsets)
        assert all(
            char == doc.text[at] or (char == " " and doc.text[at].isspace())
            for char, at in zip(flow.text, flow.offsets, strict=True)
        )


@given(pieces=PIECES, chosen=st.sets(st.integers(0, 20)))
def test_paragraphs_that_are_furniture_are_set_apart(pieces: list[str], chosen: set[int]) -> None:
    found = segment(Document("d", "en", "".join(pieces)))
    furniture = [span for k, paragraph in enumerate(found.paragraphs) if k in chosen for span in paragraph.spans]
    apart = set_apart(found, furniture[::-1])
    assert apart.flows == found.flows
    for before, after, sentences in zip(found.paragraphs, apart.paragraphs, apart.sentences, strict=True):
        inside = all(any(span.covers(own) for span in furniture) for own in before.spans)
        assert after.kind == ("furniture" if inside else before.kind)
        assert after.spans == before.spans
        assert {sentence.kind for sentence in sentences} <= {after.kind}
