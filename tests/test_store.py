"""The index: what a word is, passages and where they come from, adding, killing, sharing and checking a file."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.build import loaded
from tests.strategies import documents, edits
from tetrapla import cli
from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.formats.json import dump_alignment
from tetrapla.glossary import load
from tetrapla.model import Alignment, Bead, Document, Edit, Finding, Kind, Mention, Span, Term, View
from tetrapla.segment import segment
from tetrapla.store import (
    STEPS,
    VERSION,
    Origins,
    Store,
    add,
    add_files,
    check,
    listed,
    open_store,
    phrase,
    remove,
    spaced,
    words,
)
from tetrapla.store import _store as store_module
from tetrapla.store._passages import Passage, Side, passages_of
from tetrapla.store._sections import sections_of
from tetrapla.store._store import migrate
from tetrapla.store._write import SourceInfo, publish, write_document, write_source

# A bead a row: zh, en, es, fr. None where a version lacks it.
ROWS: Sequence[tuple[str | None, ...]] = (
    (
        "城市与工业园的往来",
        "How towns and parks trade",
        "Cómo comercian villas y parques",
        "Commerce des villes et parcs",
    ),
    ("1 问题", "1 The question", "1 La pregunta", "1 La question"),
    (
        "小城在大城设立“反向飞地”。孵化在那里进行！",
        "A small town sets up a reverse enclave in a big one. Hatching is done\nthere.",
        "Una villa pequeña abre un enclave inverso en otra grande. Allí se incuba.",
        "Une petite ville ouvre une enclave inversée dans une grande. On y couve.",
    ),
    ("1.1 方法", "1.1 Method", "1.1 Método", "1.1 Méthode"),
    (
        "我们问了十二位管理者。",
        "We asked twelve managers, and they told us a good deal.",
        None,
        "Douze gérants ont répondu.",
    ),
    (None, "The translators added a remark of their own here, for no reason.", None, None),
)
CODES = ("zh", "en", "es", "fr")


def aligned(folder: Path, rows: Sequence[tuple[str | None, ...]] = ROWS, name: str = "a.json") -> Path:
    """Write rows as four texts and their alignment."""
    texts = dict.fromkeys(CODES, "")
    beads = []
    for number, row in enumerate(rows, start=1):
        spans = {}
        for code, text in zip(CODES, row, strict=True):
            if text is not None:
                start = len(texts[code])
                spans[code] = (Span(start, start + len(text)),)
                texts[code] += f"{text}\n\n"
        kind: Kind = "heading" if (row[0] or "")[:1].isdigit() else "body"
        beads.append(Bead(f"b{number}", kind, spans, {code: 0.9 for code in spans if code != "zh" and "zh" in spans}))
    docs = tuple(Document(code, code, text, f"{name}.{code}.txt") for code, text in texts.items())
    for doc in docs:
        (folder / doc.source).write_text(doc.text, "utf-8", newline="")
    (folder / name).write_text(dump_alignment(Alignment("zh", docs, tuple(beads))), "utf-8")
    return folder / name


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", create=True) as store:
        yield store


def rows_of(store: Store, statement: str, *values: object) -> list[Any]:
    return store.connection.execute(statement, values).fetchall()


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reverse enclaves, again", "reverse enclaves again"),
        ("反向飞地G60走廊", "反 向 飞 地 g60 走 廊"),
        ("l’innovation d'État", "l innovation d état"),
        ("Año ano", "año ano"),  # accents are kept apart
        ("e\u0301tat état", "état état"),  # an accent set apart is no other letter
        ("STRASSE Straße", "strasse strasse"),
        ("İzmir", "i̇zmir"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("core-periphery snake_case", "core periphery snake case"),
        ("3.1 12%", "3 1 12"),
        ("한국어 カタカナ か\u3099", "한 국 어 カ タ カ ナ が"),
        ("𠀀𠀁〇", "𠀀 𠀁 〇"),
        ("\uf900", "豈"),  # a compatibility character is the one that it stands for
        ("—…“”()", ""),
        ("", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert spaced(text) == expected
    assert [word.folded for word in words(text)] == expected.split()


HAN = "飞地创新区域网络反向𠀀〇"
some_texts = st.lists(
    st.text(st.sampled_from(HAN + "abéÉ ßÑñ-’，1_\u0301ก한カ") | st.characters(exclude_categories=["Cs"]))
)


@contextmanager
def full_text(texts: Sequence[str]) -> Iterator[Callable[[str], set[int]]]:
    """Give a function that finds the texts that match a query, by the table of the schema."""
    asked = "SELECT rowid FROM passage_fts WHERE passage_fts MATCH ?"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(next(statement for statement in STEPS[0] if "fts5" in statement))
        connection.executemany("INSERT INTO passage_fts (rowid, text) VALUES (?, ?)", enumerate(map(spaced, texts)))
        yield lambda query: {row for (row,) in connection.execute(asked, (query,))}


@given(some_texts)
def test_each_word_is_found_where_it_stands_and_nowhere_else(texts: list[str]) -> None:
    folded = [[word.folded for word in words(text)] for text in texts]
    with full_text(texts) as find:
        for text in texts:
            for word in words(text):
                there = {row for row, own in enumerate(folded) if word.folded in own}
                assert find(phrase(text[word.start : word.end])) == there


@given(st.lists(st.text(st.sampled_from(HAN), max_size=9)), st.text(st.sampled_from(HAN), min_size=1, max_size=4))
def test_chinese_is_found_exactly_at_any_length(texts: list[str], asked: str) -> None:
    with full_text(texts) as find:
        assert find(phrase(asked)) == {row for row, text in enumerate(texts) if asked in text}


@given(some_texts, st.text())
def test_a_phrase_is_found_as_its_words_in_a_row(texts: list[str], asked: str) -> None:
    wanted = [word.folded for word in words(asked)]
    folded = [[word.folded for word in words(text)] for text in [*texts, asked]]
    rows = {
        row
        for row, own in enumerate(folded)
        if wanted and any(own[k : k + len(wanted)] == wanted for k in range(len(own)))
    }
    with full_text([*texts, asked]) as find:
        assert find(phrase(asked)) == rows


@given(some_texts, st.text(st.sampled_from("aéßñ飞b1"), min_size=1, max_size=3))
def test_a_prefix_is_found(texts: list[str], asked: str) -> None:
    *before, last = [word.folded for word in words(asked)]
    starts = {
        row
        for row, text in enumerate(texts)
        for own in [[word.folded for word in words(text)]]
        for k in range(len(own) - len(before))
        if own[k : k + len(before)] == before and own[k + len(before)].startswith(last)
    }
    with full_text(texts) as find:
        assert find(phrase(asked, prefix=True)) == starts


# ---------------------------------------------------------------- passages


def parts_of(text: str, cuts: Sequence[int]) -> list[Side]:
    """Return the text as sides, cut at some places."""
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [Side((Span(a, b),), "body") for a, b in pairwise(borders)]


def inked(texts: Sequence[str]) -> Counter[str]:
    return Counter(char for text in texts for char in text if not char.isspace())


@given(documents(), st.data(), st.lists(st.integers(0, 60)))
def test_passages_hold_what_the_repaired_text_holds(doc: Document, data: st.DataObject, cuts: list[int]) -> None:
    assume(not set(doc.text) & set("\u00ad\u2010"))  # these go where a line ends
    own = sorted((edit for edit in data.draw(edits(doc)) if edit.original.strip()), key=lambda edit: edit.span)
    passages = list(passages_of(segment(doc), parts_of(doc.text, cuts), edits=own))
    assert inked([passage.text for passage in passages]) == inked([View(doc, own).text])


@given(documents(), st.lists(st.integers(0, 60)))
def test_each_character_comes_from_itself(doc: Document, cuts: list[int]) -> None:
    for passage in passages_of(segment(doc), parts_of(doc.text, cuts)):
        origins = Origins.of(passage.origins)
        for at, char in enumerate(passage.text):
            spans = origins.to_raw(at, at + 1)
            if not char.isspace():
                assert [doc[span] for span in spans] == [char]


@given(documents(), st.data(), st.lists(st.integers(0, 60)))
def test_all_places_lie_in_their_passages(doc: Document, data: st.DataObject, cuts: list[int]) -> None:
    own = sorted(data.draw(edits(doc)), key=lambda edit: edit.span)
    version = segment(doc)
    spans = [sentence.spans for sentences in version.sentences for sentence in sentences]
    found = [Finding("spacing", span, 0.5, "safe", replacement="") for span in spans]
    terms = [Mention("c", Term("f", "en", "noise"), span) for span in spans]
    sides = parts_of(doc.text, cuts)
    passages = list(passages_of(version, sides, terms, found, own))
    assert sum(len(passage.findings) for passage in passages) == (len(found) if sides else 0)
    for passage in passages:
        places = [row[1:] for row in passage.sentences] + [row[5:] for row in passage.mentions]
        assert all(0 <= start < end <= len(passage.text) for start, end in places)
        assert all(0 <= row[3] <= row[4] <= len(passage.text) for row in passage.findings)
        for span in Origins.of(passage.origins).to_raw(0, len(passage.text)):
            assert span.end <= len(doc.text) + 1


# Long enough to count as wrapped, and each line full.
LINES = ["goods went down the river to the harbour, and what came up the river"] * 5


@pytest.mark.parametrize(
    ("text", "made", "expected", "origins"),
    [
        ("so it goes", [], "so it goes", "[[0,0,10]]"),
        ("\n".join(LINES), [], " ".join(LINES), "[[0,0,344]]"),
        ("  \n".join(LINES), [], " ".join(LINES), "[[0,0,69],[69,71,69],[138,142,69],[207,213,69],[276,284,68]]"),
        ("a innova- tion here", [(2, 14, "innovation")], "a innovation here", "[[0,0,2],[2,2,10,12],[12,14,5]]"),
        ("so it goes", [(5, 5, ",")], "so it, goes", "[[0,0,4],[4,4,2,1],[6,5,5]]"),
        ("so it goes", [(0, 0, "«")], "«so it goes", "[[0,0,2,1],[2,1,9]]"),
        ("so it goes", [(5, 5, ","), (5, 10, "")], "so it,", "[[0,0,4],[4,4,2,1]]"),
        ("so it goes", [(3, 6, "")], "so goes", "[[0,0,3],[3,6,4]]"),
        ("so  it", [(2, 4, " ")], "so it", "[[0,0,2],[2,2,1,2],[3,4,2]]"),
    ],
)
def test_repairs_are_made_and_traced(text: str, made: list[tuple[int, int, str]], expected: str, origins: str) -> None:
    own = [Edit(Span(a, b), text[a:b], new, "x") for a, b, new in made]
    (passage,) = passages_of(segment(Document("en", "en", text)), [Side((Span(0, len(text)),), "body")], edits=own)
    assert (passage.text, passage.origins) == (expected, origins)


def test_what_two_passages_share_stands_in_one() -> None:
    text = "The first half- ended here."
    edit = Edit(Span(10, 21), "half- ended", "half-ended", "hyphenation")
    sides = [Side((Span(0, 15),), "body"), Side((Span(16, len(text)),), "body")]
    first, second = passages_of(segment(Document("en", "en", text)), sides, edits=[edit])
    assert (first.text, second.text) == ("The first half-ended", " here.")
    assert (first.sentences, second.sentences) == ([(0, 0, 20)], [(0, 0, 6)])


def test_a_passage_of_two_paragraphs_has_a_line_feed_between() -> None:
    text = "A first paragraph stands here.\n\nThe second one follows it."
    (passage,) = passages_of(segment(Document("en", "en", text)), [Side((Span(0, len(text)),), "body")])
    assert passage.text == text.replace("\n\n", "\n")
    assert passage.sentences == [(0, 0, 30), (1, 31, 57)]


def test_findings_that_were_mended_are_points_where_they_were() -> None:
    text = "We saw saw the towns and the the parks."
    found = [
        Finding("duplicate-word", (Span(7, 11),), 0.9, "safe", ""),
        Finding("broken-term", (Span(15, 20),), 0.9, "review", "villages"),
        Finding("duplicate-word", (Span(25, 29),), 0.4, "review", ""),
    ]
    own = [Edit(Span(7, 11), "saw ", "", "duplicate-word")]
    (passage,) = passages_of(segment(Document("en", "en", text)), [Side((Span(0, len(text)),), "body")], (), found, own)
    assert passage.text == "We saw the towns and the the parks."
    assert [(row[3], row[4], passage.text[row[3] : row[4]], row[5]) for row in passage.findings] == [
        (7, 7, "", "saw "),
        (11, 16, "towns", "towns"),
        (21, 25, "the ", "the "),
    ]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["1 Aims", "1.1 Scope", "2 Means"], ["1", "1.1", "2"]),
        (["1. Aims", "1.1. Scope", "2. Means"], ["1", "1.1", "2"]),
        (["1 问题", "1．1 方法", "２ 结论"], ["1", "1.1", "2"]),
        (["一、问题", "二、方法", "十二、结论"], ["1", "2", "12"]),
        (["第一章 问题", "第2章 方法"], ["1", "2"]),
        (["Chapter 1", "1.1 Scope", "CHAPTER 2. Means"], ["1", "1.1", "2"]),
        (["Capítulo 1: Fines", "Capítulo 2: Medios"], ["1", "2"]),
        (["Aims", "Means"], ["1", "2"]),
        (["1 Aims", "Aside", "2 Means"], ["1", "1", "2"]),
        (["1 Aims", "12 months of work", "2 Means", "3 Ends"], ["1", "1", "2", "3"]),  # no number of a section
        (["1 Aims", "2 Means", "50% more"], ["1", "2", "2"]),
        (["2008年的危机", "1 Aims", "2 Means"], ["", "1", "2"]),
        ([], []),
    ],
)
def test_sections(headings: list[str], expected: list[str]) -> None:
    assert sections_of([("heading", heading) for heading in headings]) == expected


def test_notes_and_what_comes_before_the_first_heading_are_in_no_section() -> None:
    kinds: list[Kind] = ["title", "heading", "body", "heading", "references", "body"]
    texts = ["On parks", "1 Aims", "…", "Sources", "[1] …", "…"]
    assert sections_of(list(zip(kinds, texts, strict=True))) == ["", "1", "1", "", "", "1"]


# ---------------------------------------------------------------- adding


def told(store: Store) -> dict[str, list[Any]]:
    """Return what an index holds, without what hangs on the order in which it came there or on the time."""
    place = "document.name, passage.number"
    joined = "JOIN document ON document.id = passage.document JOIN source ON source.id = document.source"
    return {
        "source": rows_of(store, "SELECT name, kind, sha256, recipe, pivot, complete FROM source ORDER BY name"),
        "passage": rows_of(
            store,
            "SELECT source.name, document.name, passage.number, passage.kind, section, text, origins, passage.words, "
            f"bead.name FROM passage {joined} LEFT JOIN bead ON bead.id = passage.bead ORDER BY source.name, {place}",
        ),
        **{
            table: rows_of(
                store,
                f"SELECT {place}, {columns} FROM {table} JOIN passage ON passage.id = {table}.passage {joined} "
                f"ORDER BY source.name, {place}, {table}.start, {table}.end, {table}.id",
            )
            for table, columns in (
                ("sentence", "sentence.number, sentence.start, sentence.end"),
                ("mention", "concept, form, mention.language, status, mention.start, mention.end"),
                ("finding", "type, grade, score, finding.start, finding.end, finding.text, replacement, message"),
            )
        },
        "link": rows_of(
            store,
            "SELECT bead.name, document.name, score FROM link JOIN bead ON bead.id = bead "
            "JOIN document ON document.id = document ORDER BY 1, 2",
        ),
    }


def test_an_alignment_becomes_passages_by_bead(index: Store, tmp_path: Path) -> None:
    added = add(index, aligned(tmp_path))
    assert (added.state, added.passages) == ("added", 20)
    assert rows_of(index, "SELECT name, language, number, length > 0 FROM live ORDER BY number") == [
        (code, code, number, 1) for number, code in enumerate(CODES, start=1)
    ]
    sides = rows_of(
        index,
        "SELECT bead.number, live.name, section, passage.kind, text FROM passage JOIN bead ON bead.id = bead "
        "JOIN live ON live.id = document WHERE live.name IN ('zh', 'es') ORDER BY 1, live.number",
    )
    assert [(number, name, section, kind) for number, name, section, kind, _ in sides] == [
        (1, "zh", "", "body"),
        (1, "es", "", "body"),
        (2, "zh", "1", "heading"),
        (2, "es", "1", "heading"),
        (3, "zh", "1", "body"),
        (3, "es", "1", "body"),
        (4, "zh", "1.1", "heading"),
        (4, "es", "1.1", "heading"),
        (5, "zh", "1.1", "body"),
    ]
    assert rows_of(index, "SELECT count(*), min(score) FROM link") == [(14, 0.9)]
    assert check(index) == []


def test_mentions_sentences_and_raw_places_fit(index: Store, tmp_path: Path) -> None:
    add(index, aligned(tmp_path))
    named = rows_of(
        index,
        "SELECT live.name, status, substr(text, start + 1, end - start), origins, start, end, path "
        "FROM mention JOIN passage ON passage.id = passage JOIN live ON live.id = mention.document "
        "WHERE concept = 'reverse-enclave' ORDER BY live.number",
    )
    assert [(name, text) for name, _, text, *_ in named] == [
        ("zh", "反向飞地"),
        ("en", "reverse enclave"),
        ("es", "enclave inverso"),
        ("fr", "enclave inversée"),
    ]
    for _, _, text, origins, start, end, path in named:
        raw = (tmp_path / path).read_text("utf-8")
        assert "".join(raw[span.start : span.end] for span in Origins.of(origins).to_raw(start, end)) == text
    sentences = rows_of(
        index,
        "SELECT substr(text, sentence.start + 1, sentence.end - sentence.start), paragraph.kind FROM sentence "
        "JOIN passage ON passage.id = passage JOIN live ON live.id = passage.document "
        "JOIN paragraph ON paragraph.id = paragraph WHERE live.name = 'en' AND text LIKE 'A small%' ORDER BY 1",
    )
    assert [text for text, _ in sentences] == [
        "A small town sets up a reverse enclave in a big one.",
        "Hatching is done there.",
    ]


def test_a_text_becomes_passages_by_paragraph(index: Store, tmp_path: Path) -> None:
    text = tmp_path / "t.md"
    text.write_text(
        "1 Aims\n\nWe visit the towns.\n\n1.1 Scope\n\nAll of the parks are in it. None is left out.\n", "utf-8"
    )
    assert add(index, text, language="en").passages == 4
    assert rows_of(index, "SELECT bead, number, kind, section, text, words FROM passage ORDER BY number") == [
        (None, 1, "heading", "1", "1 Aims", 2),
        (None, 2, "body", "1", "We visit the towns.", 4),
        (None, 3, "heading", "1.1", "1.1 Scope", 3),
        (None, 4, "body", "1.1", "All of the parks are in it. None is left out.", 11),
    ]
    assert listed(index)[0].words == 20


def test_a_file_may_have_a_name_that_is_no_text(index: Store, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"n\xff.txt")
    try:
        path.write_text("A text about parks.\n", "utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    assert [add(index, path, language="en").state for _ in range(2)] == ["added", "unchanged"]
    assert listed(index)[0].name == f"{tmp_path}/n?.txt"


def test_safe_repairs_are_made_unless_nothing_is_looked_for(tmp_path: Path) -> None:
    text = tmp_path / "t.txt"
    text.write_text(
        "The govern- ment built a park, and the govern- ment was proud of the park it had built.\n", "utf-8"
    )
    stored = []
    for findings in (True, False):
        with open_store(tmp_path / f"{findings}.db", create=True) as store:
            add(store, text, findings=findings, language="en")
            stored.append(
                (rows_of(store, "SELECT text FROM passage")[0][0], bool(rows_of(store, "SELECT * FROM finding")))
            )
    assert stored[0] == ("The government built a park, and the government was proud of the park it had built.", True)
    assert stored[1] == (text.read_text("utf-8").strip(), False)


def test_what_is_there_is_skipped_and_what_changed_is_replaced(index: Store, tmp_path: Path) -> None:
    path = aligned(tmp_path)
    assert [add(index, path, findings=False).state for _ in range(2)] == ["added", "unchanged"]
    before = told(index)
    assert add(index, path, findings=True).state == "replaced"
    aligned(tmp_path, ROWS[:3])
    assert add(index, path, findings=False).state == "replaced"
    assert [source.passages for source in listed(index)] == [12]
    aligned(tmp_path)
    assert add(index, path, findings=False).state == "replaced"
    assert told(index) == before
    assert check(index) == []


def test_what_only_lacks_its_mark_is_not_read_again(index: Store, tmp_path: Path) -> None:
    path = aligned(tmp_path)
    add(index, path, findings=False)
    index.connection.execute("UPDATE source SET complete = 0")
    steps = set()
    added = add(index, path, findings=False, progress=lambda step, done, total: steps.add(step))
    assert (added.state, added.passages, steps) == ("resumed", 20, set())


def test_what_was_begun_with_another_text_is_forgotten(index: Store, tmp_path: Path) -> None:
    path = aligned(tmp_path)
    add(index, path, findings=False)
    before = told(index)

    def stop(step: str, done: int, total: int) -> None:
        if step == "indexing" and done == 2:
            raise KeyboardInterrupt

    aligned(tmp_path, ROWS[:4])
    with pytest.raises(KeyboardInterrupt):
        add(index, path, findings=False, progress=stop)
    assert [(source.complete, len(source.documents)) for source in listed(index)] == [(True, 4), (False, 2)]
    aligned(tmp_path)
    assert add(index, path, findings=False).state == "unchanged"
    assert told(index) == before
    assert check(index) == []


def test_a_failing_add_leaves_what_was_there(index: Store, tmp_path: Path) -> None:
    path = aligned(tmp_path)
    add(index, path, findings=False)
    before = told(index)
    (tmp_path / "a.json.es.txt").write_text("Otro texto.\n", "utf-8")
    with pytest.raises(TetraplaError, match="another text"):
        add(index, path, findings=False)
    assert told(index) == before


def test_memory_holds_one_batch_at_a_time(index: Store) -> None:
    made = written = 0

    def passages() -> Iterator[Passage]:
        nonlocal made, written
        for number in range(5_000):
            made += 1
            written = (
                index.connection.execute("SELECT count(*) FROM passage").fetchone()[0] if number % 500 == 0 else written
            )
            assert made - written <= 1_500
            yield Passage(None, "body", "", f"word {number}", "[]", number + 1)

    with index.writing() as connection:
        source = write_source(connection, SourceInfo("s", "text", "", "", "en"), ())
        assert write_document(connection, source, 1, Document("en", "en", ""), (), passages(), {}) == 5_000
        publish(connection, source)
    assert check(index) == []


# ---------------------------------------------------------------- killed, and shared

HALF = """
import sys, time
from pathlib import Path
from tetrapla import store
from tetrapla.store import _read, _write

_write.BATCH = 1
cut = _read.passages_of

def slow(version, *rest):
    for number, passage in enumerate(cut(version, *rest)):
        if version.document.id == "es" and version.document.source.startswith("b") and number == 3:
            print("half", flush=True)
            time.sleep(60)
        yield passage

_read.passages_of = slow
with store.open_store("x.db", create=True) as index:
    for name in ("a.json", "b.json"):
        store.add(index, name, findings=False)
"""


def child(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_what_was_committed_stays_when_the_process_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.json", "b.json"):
        aligned(tmp_path, name=name)
    process = child(tmp_path, "-c", HALF)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    with open_store("x.db") as reader:  # while the other one writes
        assert [(source.name, source.complete) for source in listed(reader)] == [("a.json", True), ("b.json", False)]
    kill(process)
    with open_store("x.db", write=True) as store:
        assert check(store) == []
        a, b = listed(store)
        assert (a.complete, a.documents, b.complete, b.documents) == (True, CODES, False, ("zh", "en"))
        assert rows_of(store, "SELECT count(*) FROM live") == [(4,)]
        begun = rows_of(store, "SELECT max(id) FROM document")
        assert [add(store, name, findings=False).state for name in ("a.json", "b.json")] == ["unchanged", "resumed"]
        assert rows_of(store, "SELECT max(id) FROM document") == [(begun[0][0] + 2,)]
        assert check(store) == []
        after = told(store)
    with open_store("y.db", create=True) as fresh:
        for name in ("a.json", "b.json"):
            add(fresh, name, findings=False)
        assert told(fresh) == after


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_the_command_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"{number}.txt" for number in range(10, 40)]
    command = ["index", "add", "--no-findings", "--language", "en", *names]
    for name in names:
        Path(name).write_text(f"Paper {name} speaks of parks.\n\nIt has two paragraphs.\n", "utf-8")
    Path("30.txt").unlink()
    os.mkfifo("30.txt")  # where it waits for what never comes
    process = child(tmp_path, "-m", "tetrapla", *command)
    assert process.stderr is not None
    assert [process.stderr.readline().partition(":")[0] for _ in range(20)] == names[:20]
    kill(process)
    with open_store("tetrapla.db") as store:
        assert [source.name for source in listed(store) if source.complete] == names[:20]
        assert check(store) == []
    Path("30.txt").unlink()
    Path("30.txt").write_text("It came late.\n", "utf-8")
    assert cli.main(command) == 0
    with open_store("tetrapla.db") as store:
        assert [source.name for source in listed(store) if source.complete] == names
        assert check(store) == []


def test_readers_go_on_reading_while_one_writes(index: Store, tmp_path: Path) -> None:
    add(index, aligned(tmp_path), findings=False)
    with open_store(index.path) as reader, open_store(index.path, write=True, patience=0.05) as second:
        with index.writing() as connection:
            connection.execute("DELETE FROM mention")
            assert rows_of(reader, "SELECT count(*) > 0 FROM mention") == [(1,)]
            with pytest.raises(InputError, match="another process is writing to it; wait"):
                remove(second, "a.json")
        assert rows_of(reader, "SELECT count(*) > 0 FROM mention") == [(0,)]


def test_several_processes_make_what_one_makes(tmp_path: Path) -> None:
    paths = [aligned(tmp_path, ROWS[:length], name=f"{length}.json") for length in (3, 5, 6)]
    made = []
    for jobs in (1, 2):
        index = tmp_path / f"{jobs}.db"
        added = list(add_files(index, paths, jobs=jobs, findings=False))
        assert [(one.name, one.state) for one in added] == [(str(path), "added") for path in paths]
        with open_store(index) as store:
            assert check(store) == []
            made.append(told(store))
    assert made[0] == made[1]


def test_one_of_several_processes_tells_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(add_files(tmp_path / "x.db", [aligned(tmp_path), tmp_path / "none.txt"], jobs=2, findings=False))


def test_an_add_whose_source_is_taken_away_says_so(index: Store, tmp_path: Path) -> None:
    path = aligned(tmp_path)

    def take_away(step: str, done: int, total: int) -> None:
        if step == "indexing" and done == 2:
            remove(index, str(path))

    with pytest.raises(InputError, match=r"another process has removed .*a\.json"):
        add(index, path, findings=False, progress=take_away)
    assert (listed(index), check(index)) == ([], [])


def test_two_that_add_the_same_do_it_once(index: Store, tmp_path: Path) -> None:
    path = aligned(tmp_path)

    def meanwhile(step: str, done: int, total: int) -> None:
        if step == "indexing" and done == 1:
            add(index, path, findings=False)

    assert add(index, path, findings=False, progress=meanwhile).passages == 20
    assert [(source.complete, source.passages) for source in listed(index)] == [(True, 20)]
    assert check(index) == []


# ---------------------------------------------------------------- the file


def other(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def newer(path: Path) -> None:
    open_store(path, create=True).close()
    other(path, f"PRAGMA user_version = {VERSION + 1}")


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: None, "no such index: .*; make one with `tetrapla index add"),
        (lambda path: path.mkdir(), "is a folder; name the file of an index in it"),
        (lambda path: path.write_text("no database " * 99), "is no index; name another file"),
        (lambda path: path.write_bytes(b""), "is empty; fill it with `tetrapla index add"),
        (lambda path: other(path, "CREATE TABLE t (x)"), r"a database \(SQLite\), but no index"),
        (lambda path: other(path, "PRAGMA user_version = 7"), r"a database \(SQLite\), but no index"),
        (newer, f"made by a newer Tetrapla .schema {VERSION + 1}, known here: {VERSION}"),
    ],
)
def test_what_is_no_index_is_refused(make: Callable[[Path], None], complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for write in (False, True):
        with pytest.raises(InputError, match=complaint):
            open_store(path, write=write)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("none/x.db", "it cannot be opened"), (".", "is a folder"), ("x" * 300, "it cannot be opened")],
)
def test_an_index_that_cannot_be_made_is_refused(name: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=complaint):
        open_store(tmp_path / name, create=True)


def test_an_index_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a #1?mode=rwc&x %20.db"
    open_store(path, create=True).close()
    with open_store(path) as store:
        assert listed(store) == []
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".db"] == [path.name]


def test_an_empty_file_becomes_an_index(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()  # as it stands when the first run was killed at once
    with open_store(tmp_path / "x.db", create=True) as store:
        assert listed(store) == []


def test_a_full_disk_is_told_of_and_loses_nothing(index: Store, tmp_path: Path) -> None:
    add(index, aligned(tmp_path), findings=False)
    before = told(index)
    (pages,) = rows_of(index, "PRAGMA page_count")[0]
    index.connection.execute(f"PRAGMA max_page_count = {pages}")
    text = tmp_path / "long.txt"
    text.write_text("\n\n".join(f"Sentence {number} of a text that is long." for number in range(3_000)), "utf-8")
    with pytest.raises(InputError, match="no room left on the disk"):
        add(index, text, findings=False, language="en")
    index.connection.execute(f"PRAGMA max_page_count = {pages * 100}")
    assert check(index) == []
    assert add(index, text, findings=False, language="en").state == "resumed"
    remove(index, str(text))
    assert told(index) == before


def test_a_reader_cannot_write(index: Store) -> None:
    with open_store(index.path) as reader, pytest.raises(InputError, match="write-protected"), reader.writing() as c:
        c.execute("DELETE FROM source")


def test_an_index_in_a_folder_without_permission_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "x.db", create=True) as store:
        add(store, aligned(tmp_path), findings=False)
    assert not Path(f"{store.path}-wal").exists()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with open_store(store.path) as reader:
        assert listed(reader)[0].passages == 20
    assert not Path(f"{store.path}-shm").exists()


# ---------------------------------------------------------------- schemas

NEXT = ("ALTER TABLE source ADD COLUMN note TEXT NOT NULL DEFAULT ''", "UPDATE source SET note = name || '!'")


def test_an_old_index_is_brought_to_the_present_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, STEPS[:1], fresh=True)
        write_source(connection, SourceInfo("s", "text", "", "", "en"), ())
    monkeypatch.setattr(store_module, "STEPS", (STEPS[0], NEXT, ("CREATE TABLE later (x)",)))
    with open_store(path) as store:  # for reading
        assert rows_of(store, "SELECT name, note FROM source") == [("s", "s!")]
        assert rows_of(store, "PRAGMA user_version") == [(3,)]
    monkeypatch.undo()
    with pytest.raises(InputError, match="made by a newer Tetrapla"):
        open_store(path)


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_store(path, create=True).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, path, (*STEPS, (*NEXT, "UPDATE nothing SET x = 1")))
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert "note" not in [row[1] for row in connection.execute("PRAGMA table_info(source)")]


# ---------------------------------------------------------------- what is in it


def test_nothing_of_a_source_is_left_when_it_is_removed(index: Store, tmp_path: Path) -> None:
    add(index, aligned(tmp_path, name="a.json"))
    before = told(index)
    add(index, aligned(tmp_path, ROWS[2:], name="b.json"))
    assert remove(index, str(tmp_path / "b.json")) == 12
    assert told(index) == before
    remove(index, str(tmp_path / "a.json"))
    for (table,) in rows_of(
        index, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'passage_fts%'"
    ):
        assert table == "concept" or rows_of(index, f"SELECT * FROM {table}") == []
    assert rows_of(index, "SELECT rowid FROM passage_fts WHERE passage_fts MATCH 'enclave'") == []
    assert check(index) == []
    with pytest.raises(UnknownNameError, match="no source of this index is called 'c'"):
        remove(index, "c")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (
            "INSERT INTO passage_fts (rowid, text) VALUES (99, 'towns')",
            "the full text has 'towns' 2 times, the passages 1 times",
        ),
        (
            "UPDATE passage SET text = 'Parks' WHERE text LIKE 'How%'",
            "the full text has 'how' 1 times, the passages 0 times",
        ),
        ("DELETE FROM bead WHERE number = 1", "a row of (link|passage|mention) .* belongs to a bead that is not there"),
        ("UPDATE document SET words = 1 WHERE name = 'fr'", "document fr should have 1 words, and its passages have"),
    ],
)
def test_check_tells_of_damage(damage: str, complaint: str, index: Store, tmp_path: Path) -> None:
    add(index, aligned(tmp_path), findings=False)
    assert check(index) == []
    index.connection.execute(damage)
    problems = "\n".join(check(index))
    assert re.search(complaint, problems), problems


def test_a_damaged_file_is_told_of(tmp_path: Path) -> None:
    with open_store(tmp_path / "x.db", create=True) as store:
        add(store, aligned(tmp_path), findings=False)
    content = bytearray(store.path.read_bytes())
    content[8192:-4096] = b"\xa5" * (len(content) - 12288)
    store.path.write_bytes(content)
    with (
        pytest.raises(InputError, match="it is damaged; delete it and add the sources again"),
        open_store(store.path) as s,
    ):
        check(s)


# ---------------------------------------------------------------- the command


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TETRAPLA_INDEX", "x.db")
    aligned(tmp_path)
    Path("t.txt").write_text("One paragraph on parks and on towns.\n", "utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["index", *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    assert run("list") == (
        2,
        "",
        "tetrapla: no such index: x.db; make one with `tetrapla index add FILE --index x.db`\n",
    )
    added = "a.json: added, 20 passages\nt.txt: added, 1 passage\nx.db: 2 added\n"
    assert run("add", "a.json", "t.txt", "--no-findings") == (0, "", added)
    assert run("add", "./t.txt", "--no-findings") == (0, "", "t.txt: unchanged, 1 passage\n")
    status, out, err = run("list")
    assert (status, err) == (0, "2 sources, 21 passages\n")
    assert [line.split()[:6] for line in out.splitlines()[2:]] == [
        ["a.json", "zh", "en", "es", "fr", "20"],
        ["t.txt", "en", "1", "7", "0", "0"],
    ]
    status, out, err = run("check")
    assert (status, err) == (0, "x.db: nothing wrong\n")
    assert [line.split() for line in out.splitlines()[2:6]] == [
        ["sources", "2"], ["documents", "5"], ["beads", "6"], ["links", "14"],
    ]  # fmt: skip
    status, _, err = run("remove", "b.json")
    assert (status, err.splitlines()[-1]) == (
        2, "tetrapla: no source of this index is called 'b.json'; did you mean 'a.json'? Known: a.json, t.txt"
    )  # fmt: skip
    status, out, _ = run("remove", "a.json", "t.txt")
    assert (status, [line.split() for line in out.splitlines()[2:]]) == (0, [["a.json", "20"], ["t.txt", "1"]])
    assert run("list") == (0, "", "0 sources, 0 passages\n")
    assert run("add", "missing.txt") == (2, "", "tetrapla: no such file: missing.txt\n")


# ---------------------------------------------------------------- the benchmark


def test_the_text_of_the_benchmark_is_what_it_says() -> None:
    bench = loaded("query")
    maker = bench.Maker(load(), 30)
    named = 0
    for code in CODES:
        for bead in range(1, 30):
            made = maker.side(bead, code)
            assert made == maker.side(bead, code)
            assert [made.text[start:end] for *_, start, end in made.mentions] == [row[1] for row in made.mentions]
            assert "".join(made.text[start:end] for _, start, end in made.sentences).replace(" ", "") == (
                made.text.replace(" ", "")
            )
            named += len(made.mentions)
    assert named > 200
