from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import alignments, documents, edited, findings
from tetrapla import formats
from tetrapla.clean import undo
from tetrapla.errors import InputError, UnknownNameError, WrongTextError
from tetrapla.files import Decoded, decode, newline_style
from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.formats.jsonl import EditLog, dump_edits, dump_findings, finding_record, load_edits, load_findings
from tetrapla.model import Alignment, Bead, Concept, Document, Edit, Finding, Span, Term, View

ZH = "研究者收集了四种语言的版本，逐段比较它们的差异。"
EN = "The printers kept four versions of the essay and compared them page by page."
ES = "Los impresores guardaron cuatro versiones del ensayo y las compararon página por página."


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own for each case that Hypothesis draws."""
    with TemporaryDirectory() as name:
        yield Path(name)


# Documents


def write(path: Path, text: str, encoding: str = "utf-8") -> str:
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_ids_are_languages_in_the_order_given(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{i}.txt", text) for i, text in enumerate([ZH, EN, ZH + ZH, ES, ZH * 3])]
    docs = formats.read_documents(paths)
    assert [doc.id for doc in docs] == ["zh", "en", "zh-2", "es", "zh-3"]
    assert [doc.language for doc in docs] == ["zh", "en", "zh", "es", "zh"]
    assert [doc.source for doc in docs] == paths


def test_a_language_given_overrules_the_guess(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.txt", EN), write(tmp_path / "b.txt", EN)
    assert [doc.id for doc in formats.read_documents([a, b], {b: "fr"})] == ["en", "fr"]
    with pytest.raises(UnknownNameError, match=r"did you mean .*b\.txt"):
        formats.read_documents([a, b], {b[:-1]: "fr"})
    with pytest.raises(InputError, match="'Français' is no language code"):
        formats.read_documents([a, b], {b: "Français"})


def test_standard_input_is_read_once_only() -> None:
    with pytest.raises(InputError, match="only once"):
        formats.read_documents(["-", "-"])


@pytest.mark.parametrize("name", ["a.txt", "a", "a.md", "a.TXT", "a.unknown", ".hidden"])
def test_every_suffix_is_plain_text_unless_a_format_claims_it(tmp_path: Path, name: str) -> None:
    doc = formats.read(write(tmp_path / name, f"{ES}\r\n", "cp1252"))
    assert (doc.text, doc.id, doc.language) == (f"{ES}\r\n", "es", "es")


# Alignments


@given(alignments())
def test_an_alignment_comes_back_as_it_was(alignment: Alignment) -> None:
    with folder() as path:
        for doc in alignment.documents:
            (path / doc.source).write_bytes(doc.text.encode())
        (path / "out.json").write_text(dump_alignment(alignment), encoding="utf-8", newline="")
        again = load_alignment(path / "out.json")
        assert again == alignment
        assert dump_alignment(again) == dump_alignment(alignment)


@pytest.fixture
def aligned(tmp_path: Path) -> Path:
    zh = Document("zh", "zh", ZH, "texts/zh.txt")
    en = Document("en", "en", EN, "texts/en.txt")
    bead = Bead("b1", "body", {"zh": (Span(0, 9),), "en": (Span(4, 9), Span(0, 2))}, {"en": 0.5})
    (tmp_path / "texts").mkdir()
    write(tmp_path / "texts/zh.txt", ZH)
    write(tmp_path / "texts/en.txt", EN)
    (tmp_path / "out.json").write_text(dump_alignment(Alignment("zh", (zh, en), (bead,))), encoding="utf-8")
    return tmp_path / "out.json"


def test_the_contract_of_the_file(aligned: Path) -> None:
    value = json.loads(aligned.read_text(encoding="utf-8"))
    assert value["pivot"] == "zh"
    assert value["documents"][1] == {
        "id": "en",
        "language": "en",
        "path": "texts/en.txt",
        "sha256": Document("", "", EN).sha256,
        "length": len(EN),
    }
    assert value["beads"] == [
        {
            "id": "b1",
            "kind": "body",
            "spans": {"zh": [[0, 9]], "en": [[4, 9], [0, 2]]},
            "score": {"en": 0.5},
            "evidence": {},
            "sentences": [],
        }
    ]


def test_texts_are_found_from_here_and_from_the_file(aligned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_alignment(aligned).documents[1].text == EN  # beside the file
    monkeypatch.chdir(aligned.parent)
    assert load_alignment("out.json").documents[1].text == EN
    (aligned.parent / "elsewhere").mkdir()
    aligned.rename(aligned.parent / "elsewhere/out.json")
    assert load_alignment("elsewhere/out.json").documents[1].source == "texts/en.txt"  # from here
    (aligned.parent / "elsewhere/texts").mkdir()
    write(aligned.parent / "elsewhere/texts/en.txt", "another text that was put there")
    assert load_alignment("elsewhere/out.json").documents[1].text == EN
    (aligned.parent / "texts/en.txt").unlink()
    with pytest.raises(WrongTextError, match=r"elsewhere/texts/en\.txt"):
        load_alignment("elsewhere/out.json")


def test_a_text_that_has_changed_is_refused(aligned: Path) -> None:
    write(aligned.parent / "texts/en.txt", EN + " ")
    with pytest.raises(WrongTextError, match=r"texts/en\.txt"):
        load_alignment(aligned)


def test_the_same_text_in_another_encoding_is_the_same(aligned: Path) -> None:
    write(aligned.parent / "texts/zh.txt", ZH, "gb18030")
    assert load_alignment(aligned).document("zh") == Document("zh", "zh", ZH, "texts/zh.txt")


def test_a_text_that_is_gone_is_named(aligned: Path) -> None:
    (aligned.parent / "texts/zh.txt").unlink()
    with pytest.raises(InputError, match=r"texts/zh\.txt is neither here nor in"):
        load_alignment(aligned)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["pivot"], "fr", "the pivot 'fr'"),
        (["pivot"], 3, "'pivot' of the alignment is not a text"),
        (["documents"], {}, "'documents' of the alignment is not a list"),
        (["documents", 0], "zh", "documents[0] is no object"),
        (["documents", 0, "id"], "en", "ids"),
        (["documents", 0, "sha256"], None, "'sha256' of documents[0]"),
        (["documents", 0, "path"], "-", "standard input"),
        (["beads", 0, "kind"], "poem", "no known kind: 'poem'"),
        (["beads", 0, "spans"], [], "'spans' of beads[0] is not an object"),
        (["beads", 0, "spans", "fr"], [[0, 1]], "'fr' that is not in it"),
        (["beads", 0, "spans", "en"], [[0, 9999]], "[0, 9999] of en in beads[0]"),
        (["beads", 0, "spans", "en"], [[5, 3]], "[5, 3]"),
        (["beads", 0, "spans", "en"], [[5]], "[5]"),
        (["beads", 0, "spans", "en"], 7, "no list"),
        (["beads", 0, "score"], {"en": "high"}, "'score' of beads[0]"),
        (["beads", 0, "sentences"], [{"spans": {"en": [[0, -1]]}}], "beads[0].sentences[0]"),
    ],
)
def test_a_malformed_alignment_says_where(aligned: Path, path: list[Any], value: Any, said: str) -> None:
    whole = json.loads(aligned.read_text(encoding="utf-8"))
    part = whole
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    aligned.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_alignment(aligned)
    assert said in str(raised.value)
    assert "out.json" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"documents": [],\n "beads": [}', "out.json, line 2: this is no JSON"),
        ("[]", "is no alignment"),
        ('{"features": []}', "make one with `tetrapla align`"),
        ("[" * 100_000, "cannot be read"),
        ("plain text", "line 1"),
    ],
)
def test_what_is_no_alignment(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "out.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"out\.json") as raised:
        load_alignment(path)
    assert said in str(raised.value)


# Findings


@given(st.data())
def test_findings_come_back_as_they_were(data: st.DataObject) -> None:
    doc = data.draw(documents())
    found = data.draw(st.lists(findings(doc), max_size=3))
    with folder() as path:
        (path / "f.jsonl").write_bytes(dump_findings(found, doc).encode())
        assert load_findings(path / "f.jsonl") == found


def test_the_contract_of_a_finding() -> None:
    doc = Document("en", "en", "said Muldor, said Muldor again")
    finding = Finding(
        "broken-term",
        (Span(5, 11),),
        0.9,
        "review",
        "Myrdal",
        "gunnar-myrdal",
        Span(18, 24),
        {"beads": 2},
        "wrong name",
    )
    glossary = {"gunnar-myrdal": Concept("gunnar-myrdal", (Term("缪达尔", "zh", "preferred"),))}
    assert finding_record(finding, doc, glossary) == {
        "type": "broken-term",
        "start": 5,
        "end": 11,
        "text": "Muldor",
        "replacement": "Myrdal",
        "score": 0.9,
        "grade": "review",
        "message": "wrong name",
        "concept": "gunnar-myrdal",
        "zh": "缪达尔",
        "kept": [18, 24],
        "evidence": {"beads": 2},
    }
    bare = Finding("dangling", (Span(13, 17), Span(0, 4)), 0.5, "review")
    record = finding_record(bare, doc)
    assert (record["start"], record["end"], record["text"]) == (0, 17, "said Muldor, said")
    assert record["spans"] == [[13, 17], [0, 4]]
    assert not {"replacement", "concept", "zh", "kept"} & record.keys()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"type": "x"}', "line 2: this is no finding ('start' is missing)"),
        ('{"type": "x", "start": 3, "end": 1, "score": 1, "grade": "safe"}', "not a span"),
        ('{"type": "x", "start": 0, "end": 1, "score": 1, "grade": "sure"}', "neither safe nor review"),
        ("[1]", "line 2: this is no JSON object"),
        ("{", "line 2: this is no JSON"),
    ],
)
def test_a_malformed_finding_says_in_which_line(tmp_path: Path, line: str, said: str) -> None:
    good = '{"type": "x", "start": 0, "end": 1, "score": 1, "grade": "safe"}'
    (tmp_path / "f.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(InputError) as raised:
        load_findings(tmp_path / "f.jsonl")
    assert said in str(raised.value)


# Edits


@given(edited(), st.sampled_from(["utf-8", "utf-16-le", "gb18030"]), st.booleans())
def test_undoing_gives_every_byte_back(case: tuple[Document, list[Edit]], encoding: str, bom: bool) -> None:
    doc, edits = case
    view = View(Document(doc.id, doc.language, f"first line\n{doc.text}", doc.source), _moved(edits, 11))
    decoded = Decoded(view.document.text, encoding, bom, newline_style(view.document.text), doc.source)
    raw, cleaned = decoded.encode(), decoded.encode(view.text)
    with folder() as path:
        (path / "e.jsonl").write_bytes(dump_edits(EditLog.of(view, decoded)).encode())
        log = load_edits(path / "e.jsonl")
    assert log.edits == view.edits
    made = log.made(cleaned, source="c.txt")
    assert log.encode(undo(made, log.edits)) == raw
    assert log.without({edit.id for edit in log.edits}, undo(made, log.edits)).edits == ()
    assert View(log.raw(raw, source="a.txt"), log.edits).text == view.text
    for edit in view.edits:
        once = undo(made, log.edits, [edit.id])
        assert once == view.without([edit]).text
        left = log.without([edit.id], once)
        assert undo(left.made(log.encode(once), source="d.txt"), left.edits) == view.document.text


def _moved(edits: list[Edit], by: int) -> list[Edit]:
    return [
        Edit(Span(e.span.start + by, e.span.end + by), e.original, e.replacement, e.rule, e.grade) for e in edits
    ]  # fmt: skip


@pytest.fixture
def log() -> EditLog:
    decoded = decode("una innova- ción más\r\n".encode("cp1252"), source="a.txt")
    doc = Document("es", "es", decoded.text, "a.txt")
    return EditLog.of(View(doc, [Edit(Span(4, 16), "innova- ción", "innovación", "hyphenation")]), decoded)


def test_edits_of_another_text_are_refused(log: EditLog) -> None:
    with pytest.raises(WrongTextError, match=r"belong to a\.txt as it was then, not to b\.txt"):
        log.raw(b"another text", source="b.txt")
    with pytest.raises(WrongTextError, match=r"b\.txt is not the text that these edits made of a\.txt"):
        log.made(b"another text", source="b.txt")


def test_cleaned_text_may_be_in_another_encoding(log: EditLog) -> None:
    assert log.made("una innovación más\r\n".encode(), source="b.txt") == "una innovación más\r\n"


def test_edits_that_were_tampered_with_are_refused(log: EditLog) -> None:
    with pytest.raises(WrongTextError, match=r"do not lead back to a\.txt"):
        log.without([edit.id for edit in log.edits], "una innova-- ción más\r\n")


def test_what_could_not_be_given_back_is_not_promised() -> None:
    decoded = Decoded("文", "big5", False, "", "a.txt", exact=False)
    with pytest.raises(InputError, match="convert the file to UTF-8"):
        EditLog.of(View(Document("zh", "zh", "文")), decoded)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "line 1: this is no file of edits"),
        ('{"type": "x", "start": 0, "end": 1}', "'path' is missing"),
        ('{"path": "a", "sha256": 1, "encoding": "b", "newline": "", "cleaned": "c"}', "is no text"),
        ("a text", "line 1: this is no JSON"),
        ("", "is empty"),
    ],
)
def test_what_is_no_file_of_edits(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "e.jsonl").write_text(text)
    with pytest.raises(InputError) as raised:
        load_edits(tmp_path / "e.jsonl")
    assert said in str(raised.value)


def test_an_edit_that_is_malformed_says_in_which_line(log: EditLog, tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(dump_edits(log).replace('"start": 4', '"start": "four"'), encoding="utf-8")
    with pytest.raises(InputError, match="line 2: this is no file of edits"):
        load_edits(tmp_path / "e.jsonl")
