"""What cleaning changes, word by word."""

from __future__ import annotations

import re
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.strategies import edited
from tetrapla.model import Document, Edit, Span, View
from tetrapla.report.diff import visible, words

TEXT = "A history of the mill\n\nThe inno- vation of the mill\nwas a steam engine that a later owner bought.\n"
ESCAPES = re.compile("\x1b\\[[0-9;]*m")


def view(text: str, *changes: tuple[str, str, str]) -> View:
    """A view that writes the second for the first, by the rule that comes third."""
    edits = []
    for old, new, rule in changes:
        start = text.index(old)
        edits.append(Edit(Span(start, start + len(old)), old, new, rule))
    return View(Document("en", "en", text), edits)


CASES = [
    (
        "a word",
        [("inno- vation", "innovation", "hyphenation")],
        "3 hyphenation The [-inno- vation-]{+innovation+} of the mill\n",
    ),
    (
        "a passage that goes",
        [(" that a later owner bought", "", "duplicate")],
        "4 duplicate was a steam engine[- that a later owner bought-].\n",
    ),
    (
        "of a longer edit only the words that change",
        [("a steam engine that a later", "a steam engine which a later", "x")],
        "4 x was a steam engine [-that-]{+which+} a later owner bought.\n",
    ),
    (
        "a line end",
        [("mill\nwas", "mill was", "line-join")],
        "3 line-join The inno- vation of the mill[-⏎-]{+␣+}was a steam engine that a later …\n",
    ),
    (
        "neighbours on one line",
        [("inno- vation", "innovation", "hyphenation"), ("of the mill\nwas", "of a mill\nwas", "x")],
        "3 hyphenation x The [-inno- vation-]{+innovation+} of [-the-]{+a+} mill was a steam engine that a later …\n",
    ),
    (
        "places far apart",
        [("history", "story", "x"), ("bought", "got", "y")],
        "1 x A [-history-]{+story+} of the mill\n4 y … engine that a later owner [-bought-]{+got+}.\n",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_plain(changes: list[tuple[str, str, str]], expected: str) -> None:
    made = words(view(TEXT, *changes), color=False, width=120)
    assert re.sub(" +", " ", made) == expected


def test_colours_take_the_place_of_brackets() -> None:
    made = words(view(TEXT, ("inno- vation", "innovation", "hyphenation")), color=True, width=80)
    assert "\x1b[31;9minno- vation\x1b[0m\x1b[32;4minnovation\x1b[0m of the mill" in made
    assert ESCAPES.sub("", made) == "3  hyphenation  The inno- vationinnovation of the mill\n"


def test_nothing_changed_is_nothing_shown() -> None:
    assert words(view(TEXT), color=True, width=80) == ""
    assert words(view(TEXT, ("mill", "mill", "x")), color=False, width=80) == ""


def test_line_ends_in_a_row_are_shown_once() -> None:
    text = "".join(f"line {k} of the mill\n" for k in range(12))
    edits = [Edit(Span(m.start(), m.end()), "\n", " ", "line-join") for m in re.finditer("\n", text)]
    made = words(View(Document("en", "en", text), edits), color=False, width=100)
    assert made.count("\n") == 1
    assert "mill[-⏎-]{+␣+}line 1" in made
    assert made.endswith("(and 11 more)\n")


SIGNS = [
    ("a\r\nb", "a␍⏎b"),
    ("a\tb", "a⇥b"),
    ("soft\u00adhyphen", "soft<U+00AD>hyphen"),
    ("  ", "␣␣"),
    ("a\u3000b", "a<U+3000>b"),
    ("\x1b[2J", "<U+001B>[2J"),
]


@pytest.mark.parametrize(("text", "seen"), SIGNS)
def test_what_cannot_be_seen_is_named(text: str, seen: str) -> None:
    assert visible(text, changed=True) == seen


def test_old_newlines_are_no_part_of_the_context() -> None:
    text = "The boats\r\nlie in the har- bour\r\nnow.\r\n"
    made = words(view(text, ("har- bour", "harbour", "hyphenation")), color=False, width=80)
    assert made == "2  hyphenation  lie in the [-har- bour-]{+harbour+}\n"


def test_a_long_passage_is_cut_in_its_middle() -> None:
    assert visible("abcdefghijklmnop", most=11) == "abcd … mnop"
    assert all(len(visible("x" * 50, most=most)) == most for most in range(5, 50))


@given(edited(), st.booleans(), st.integers(60, 120))
def test_no_line_is_too_wide_and_no_control_gets_through(
    found: tuple[Document, list[Edit]], color: bool, width: int
) -> None:
    doc, edits = found
    made = words(View(doc, edits), color=color, width=width)
    assert (made == "") == all(edit.original == edit.replacement for edit in edits)
    bare = ESCAPES.sub("", made) if color else made
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", bare)
    assert all(cell_len(line) <= width for line in bare.split("\n"))


@pytest.mark.parametrize("shape", ["one long line", "many short lines", "one long edit"])
def test_it_takes_linear_time(shape: str) -> None:
    def seconds(size: int) -> float:
        if shape == "one long edit":
            made = view("a " * size + "z", ("a " * size, "b " * size, "x"))
        else:
            text = ("word wo rd word" + ("\n" if shape == "many short lines" else " ")) * size
            edits = [Edit(Span(m.start(), m.end()), "wo rd", "word", "split-word") for m in re.finditer("wo rd", text)]
            made = View(Document("en", "en", text), edits)
        return min(timeit.repeat(lambda: words(made, color=True, width=100), number=1, repeat=3))

    small, large = seconds(2_000), seconds(16_000)
    assert large < 8 * 3 * max(small, 0.002)
