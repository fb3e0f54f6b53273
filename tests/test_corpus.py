"""Texts known by their hash: adding, listing, checking the user's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tetrapla import corpus
from tetrapla.errors import InputError
from tetrapla.model import Segment, Span, sha256_of
from tetrapla.resources import corpus_root
from tetrapla.review import ROW, journal_path, read_journal

TEXTS = {"en": "A cat sat.\n\nIt purred.\n", "es": "Un gato se sentó.\n\nRonroneó.\n"}


def spans_of(text: str) -> list[list[list[int]]]:
    cut = text.index("\n")
    return [[[0, cut]], [[cut + 2, len(text) - 1]]]


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Return a folder that tells of two texts and their alignment."""
    folder = tmp_path / "known"
    folder.mkdir()
    documents = []
    for name, text in TEXTS.items():
        head = {"id": name, "language": name, "sha256": sha256_of(text), "length": len(text)}
        paragraphs = [
            {"id": f"p{k}", "kind": "body", "spans": spans} for k, spans in enumerate(spans_of(text), start=1)
        ]
        (folder / f"{name}.json").write_text(json.dumps({**head, "paragraphs": paragraphs}), "utf-8")
        documents.append({**head, "path": ""})
    alignment = {"tetrapla": "0", "pivot": "en", "documents": documents, "beads": []}
    (folder / "alignment.json").write_text(json.dumps(alignment), "utf-8")
    return folder


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, Path]:
    """Return the two texts as files of a user, with other names."""
    found = {}
    for name, text in TEXTS.items():
        found[name] = tmp_path / f"mine-{name}.txt"
        found[name].write_text(text, "utf-8", newline="")
    return found


def test_known_texts_are_listed_without_the_alignment(known: Path) -> None:
    en, es = corpus.list_known(known)
    assert (en.id, en.language, en.length, es.id) == ("en", "en", len(TEXTS["en"]), "es")
    assert en.paragraphs[0] == Segment("p1", "body", (Span(0, 10),))


def test_added_files_are_recognised_by_what_is_in_them(known: Path, texts: dict[str, Path], tmp_path: Path) -> None:
    store = tmp_path / "new" / "folder" / "index.json"
    assert corpus.added(store=store, folder=known) == []
    (one,) = corpus.add([texts["es"]], store=store, folder=known)
    assert (one.text.id, one.path) == ("es", texts["es"])
    corpus.add([texts["en"]], store=store, folder=known)
    assert [item.text.id for item in corpus.added(store=store, folder=known)] == ["en", "es"]
    assert all(text not in store.read_text("utf-8") for text in ("cat", "gato"))


def test_another_encoding_of_the_same_text_is_the_same_text(known: Path, tmp_path: Path) -> None:
    path = tmp_path / "utf16.txt"
    path.write_bytes(TEXTS["es"].encode("utf-16"))
    assert corpus.add([path], store=tmp_path / "i.json", folder=known)[0].text.id == "es"


def test_an_unknown_file_leaves_the_index_as_it_was(known: Path, texts: dict[str, Path], tmp_path: Path) -> None:
    store, other = tmp_path / "index.json", tmp_path / "other.txt"
    other.write_text("Something else.\n", "utf-8")
    with pytest.raises(InputError, match=r"none of the known texts: en \(23 characters\), es"):
        corpus.add([texts["en"], other], store=store, folder=known)
    assert not store.exists()


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (lambda text: text.replace("\n", "\r\n"), "the ends of its lines"),
        (lambda text: text.removesuffix("\n"), "the newline at its end"),
    ],
)
def test_a_file_that_a_transfer_changed_is_told_as_such(known: Path, tmp_path: Path, change: Any, how: str) -> None:
    path = tmp_path / "changed.txt"
    path.write_text(change(TEXTS["en"]), "utf-8", newline="")
    with pytest.raises(InputError, match=f"is the known text en but for {how}"):
        corpus.add([path], store=tmp_path / "index.json", folder=known)


def test_files_are_verified(known: Path, texts: dict[str, Path], tmp_path: Path) -> None:
    store = tmp_path / "index.json"
    corpus.add(texts.values(), store=store, folder=known)
    assert [(v.id, v.problem) for v in corpus.verify(store=store, folder=known)] == [("en", None), ("es", None)]
    texts["en"].write_text("A dog sat.\n", "utf-8")
    texts["es"].unlink()
    en, es = corpus.verify(store=store, folder=known)
    assert en.problem is not None
    assert "has changed" in en.problem
    assert es.problem is not None
    assert "no such file" in es.problem


@pytest.mark.parametrize(
    ("spans", "problem"),
    [
        ([[0, 10], [8, 22]], "two paragraphs hold the character at 8"),
        ([[0, 10]], "no paragraph holds what stands from 10 on"),
        ([[2, 22]], "no paragraph holds what stands from 0 to 2"),
        ([[0, 99]], "a paragraph ends at 99, beyond the text"),
    ],
)
def test_spans_that_do_not_fit_are_told(
    known: Path, texts: dict[str, Path], tmp_path: Path, spans: list[list[int]], problem: str
) -> None:
    value = json.loads((known / "en.json").read_text("utf-8"))
    value["paragraphs"] = [{"id": f"p{k}", "kind": "body", "spans": [span]} for k, span in enumerate(spans)]
    (known / "en.json").write_text(json.dumps(value), "utf-8")
    corpus.add([texts["en"]], store=tmp_path / "index.json", folder=known)
    assert corpus.verify(store=tmp_path / "index.json", folder=known)[0].problem == problem


def test_a_text_that_is_known_no_more_is_told(known: Path, texts: dict[str, Path], tmp_path: Path) -> None:
    corpus.add([texts["en"]], store=tmp_path / "index.json", folder=known)
    (known / "en.json").unlink()
    (verdict,) = corpus.verify(store=tmp_path / "index.json", folder=known)
    assert verdict.problem == "this version of Tetrapla knows no such text"


def test_the_alignment_is_joined_with_the_users_files(known: Path, texts: dict[str, Path], tmp_path: Path) -> None:
    store = tmp_path / "index.json"
    corpus.add([texts["en"]], store=store, folder=known)
    with pytest.raises(InputError, match="not known to be here: es"):
        corpus.joined_alignment(store=store, folder=known)
    corpus.add([texts["es"]], store=store, folder=known)
    value = json.loads(corpus.joined_alignment(store=store, folder=known))
    assert [doc["path"] for doc in value["documents"]] == [str(texts["en"]), str(texts["es"])]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"texts": [{"path": "x"}]}', '{"texts": 3}'])
def test_a_broken_index_is_refused_and_left_alone(
    known: Path, texts: dict[str, Path], tmp_path: Path, content: str
) -> None:
    store = tmp_path / "index.json"
    store.write_text(content, "utf-8")
    with pytest.raises(InputError, match=r"index\.json"):
        corpus.add([texts["en"]], store=store, folder=known)
    assert store.read_text("utf-8") == content


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": 3},
        {"paragraphs": None},
        {"paragraphs": [{"id": "p1", "kind": "verse", "spans": [[0, 1]]}]},
        {"paragraphs": [{"id": "p1", "kind": "body", "spans": []}]},
        {"paragraphs": [{"id": "p1", "kind": "body", "spans": [[3, 1]]}]},
    ],
)
def test_a_broken_file_of_a_known_text_is_refused(known: Path, change: dict[str, Any]) -> None:
    value = json.loads((known / "en.json").read_text("utf-8"))
    (known / "en.json").write_text(json.dumps(value | change), "utf-8")
    with pytest.raises(InputError, match=r"en\.json"):
        corpus.list_known(known)


def test_a_folder_that_cannot_be_made_is_told(known: Path, texts: dict[str, Path]) -> None:
    with pytest.raises(InputError, match="cannot make the folder"):
        corpus.add([texts["en"]], store=texts["es"] / "index.json", folder=known)


def test_the_index_lies_where_the_platform_has_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert corpus.default_store() == tmp_path / "tetrapla" / "corpus.json"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert corpus.default_store().parts[-2:] == ("tetrapla", "corpus.json")


def test_what_comes_with_tetrapla_can_be_listed() -> None:
    assert all(text.length > 0 and text.paragraphs for text in corpus.list_known())


def test_what_was_decided_on_the_paper_is_offsets_of_the_texts_that_are_known() -> None:
    folder = corpus_root() / "paper"
    head, ledger = read_journal(journal_path(folder / corpus.ALIGNMENT))
    lengths = {text.sha256: text.length for text in corpus.list_known()}
    known = {text.id: text.length for text in head.documents if lengths[text.sha256] == text.length}
    assert known.keys() == {"zh", "en", "es", "fr"}
    for entry in ledger.entries:
        assert entry.told.isascii()
        assert len(entry.told) < 100
        assert all(key.startswith(ROW) for key in entry.set)  # no note, no repair: nobody's words
    rows = [value for value in ledger.items(ROW).values() if "spans" in value]
    assert sum("confirmed" in row["verdicts"].values() for row in rows) > 20
    for row in rows:
        assert all(0 <= a < b <= known[name] for name, spans in row["spans"].items() for a, b in spans)


def test_the_alignment_of_the_paper_is_the_reviewed_one() -> None:
    folder = corpus_root() / "paper"
    beads = json.loads((folder / corpus.ALIGNMENT).read_text("utf-8"))["beads"]
    shipped = {json.dumps(bead["spans"], sort_keys=True): bead["score"] for bead in beads}
    for value in read_journal(journal_path(folder / corpus.ALIGNMENT))[1].items(ROW).values():
        sure = [name for name, verdict in value.get("verdicts", {}).items() if verdict == "confirmed"]
        if sure:
            score = shipped[json.dumps(value["spans"], sort_keys=True)]
            assert [score[name] for name in sure] == [1.0] * len(sure)
