"""What other tools get and give: data sets for `datasets`, documents for spaCy, a model's say through transformers."""

from __future__ import annotations

import importlib
import io
import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.build import small_model
from tests.strategies import documents
from tetrapla.align import align
from tetrapla.cli import main
from tetrapla.errors import InputError
from tetrapla.formats import Known, writer_for, writers
from tetrapla.formats._reading import reading_of
from tetrapla.formats.docbin import docs, dump_docs, raw_spans
from tetrapla.formats.json import dump_alignment
from tetrapla.formats.parquet import dataset, dump_dataset, load_dataset
from tetrapla.model import Alignment, Bead, Document, Finding, Flow, Mention, Segment, Segmented, Span, Term, ViewSpan
from tetrapla.segment import segment

ZH = "河谷里的第一座纸厂建于十七世纪。工人们用破布和清水造纸。\n\n后来的主人买来一台蒸汽机。\n"
EN = (
    "The first paper mill in the valley was built by people whose names are forgot\xad\n"
    "ten. They made paper from rags and clear water, winter and summer, for a living.\n\n"
    "A later owner bought a steam engine.\n"
)


def span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


@pytest.fixture(scope="module")
def known() -> Known:
    """Two versions with two beads; the second bead has English in two pieces, and French is a version without text."""
    versions = {code: segment(Document(code, code, text, f"{code}.txt")) for code, text in (("zh", ZH), ("en", EN))}
    cut = EN.index("They")
    beads = (
        Bead("b1", "body", {"zh": (Span(0, 16),), "en": (Span(0, cut - 1),)}, {"en": 0.75}, {"en": ["[3]"]}),
        Bead("b2", "body", {"zh": (Span(16, 28),)}),
        Bead("b3", "list", {"en": (span(EN, "A later owner"), Span(cut, cut + 11))}, {"en": 0.5}),
    )
    alignment = Alignment("zh", tuple(version.document for version in versions.values()), beads)
    term = Term("steam engine", "en", "preferred")
    mentions = {"en": [Mention("steam-engine", term, (span(EN, "steam engine"),))], "zh": []}
    findings = {"en": [Finding("hyphenation", (span(EN, "forgot\xad\nten"),), 0.9, "safe", "forgotten")]}
    return Known(alignment, versions, mentions, findings)


# Running text


@given(documents(min_size=1))
def test_running_text_leads_back_to_the_raw_text(doc: Document) -> None:
    version = segment(doc)
    reading = reading_of(version)
    for start, raw, length in reading.runs:
        for k in range(length):
            shown, there = reading.text[start + k], doc.text[raw + k : raw + k + 1]
            assert shown == there or (shown.isspace() and not there.strip())
    for paragraph, sentences, flow in version:
        assert reading.excerpt(paragraph.spans) == flow.text.strip()
        for sentence in sentences:
            back = reading.places(sentence.spans)
            shown = "".join(reading.text[place.start : place.end] for place in back)
            there = "".join(doc[span] for place in back for span in reading.to_raw(place))
            assert shown.split() == there.split()
            assert [p for place in back for p in reading.places(reading.to_raw(place))] == back


def test_running_text_of_pieces(known: Known) -> None:
    reading = reading_of(known.versions["en"])
    assert "names are forgotten. They made" in reading.text
    assert reading.excerpt([span(EN, "are forgot\xad\nten.")]) == "are forgotten."
    assert reading.excerpt([span(EN, "living.\n\nA later")]) == "living.\nA later"
    assert reading.excerpt([span(EN, "They made"), span(EN, "paper from")]) == "They made paper from"
    assert reading.excerpt([span(EN, "paper from"), span(EN, "They made")]) == "paper from\nThey made"
    assert reading.excerpt([]) == ""
    place = ViewSpan(reading.text.index("forgotten"), reading.text.index("forgotten") + 9)
    assert reading.to_raw(place) == (span(EN, "forgot"), span(EN, "ten"))


# Writers


def test_the_suffix_chooses_the_writer(known: Known) -> None:
    assert {".json", ".parquet", ".spacy"} <= set(writers)
    for name in ("-", "out", "out.json", "out.xyz", "out.JSON"):
        assert writer_for(name).dump(known) == dump_alignment(known.alignment)
    assert writer_for("a/out.Parquet") is writers.get(".parquet")
    assert [suffix for suffix in writers if writers.get(suffix).findings] == [".spacy"]


@pytest.mark.parametrize("suffix", sorted(writers))
def test_every_writer_writes_what_is_known_and_the_least_that_is(suffix: str, known: Known) -> None:
    writer = writers.get(suffix)
    assert writer.dump(known)
    assert writer.dump(Known(known.alignment, known.versions))
    assert writer.dump(Known(Alignment("zh", known.alignment.documents, ()), known.versions))


# datasets


def test_a_data_set_has_a_row_a_bead(known: Known) -> None:
    made = dataset(known.alignment, known.versions)
    assert made.num_rows == 3
    assert made[0] == {
        "id": "b1",
        "kind": "body",
        "translation": {
            "zh": "河谷里的第一座纸厂建于十七世纪。",
            "en": "The first paper mill in the valley was built by people whose names are forgotten.",
        },
        "spans": {"zh": [[0, 16]], "en": [[0, EN.index("They") - 1]]},
        "score": {"zh": None, "en": 0.75},
        "evidence": '{"en": ["[3]"]}',
    }
    assert made[1]["translation"] == {"zh": "工人们用破布和清水造纸。", "en": None}
    assert made[1]["spans"]["en"] is None
    assert made[2]["translation"]["en"] == "A later owner\nThey made p"
    assert [len(pieces) for pieces in (made[2]["spans"]["en"], made[0]["spans"]["zh"])] == [2, 1]


def test_a_data_set_knows_the_texts_that_it_is_of(known: Known, tmp_path: Path) -> None:
    (tmp_path / "out.parquet").write_bytes(dump_dataset(known.alignment, known.versions))
    for made in (dataset(known.alignment, known.versions), load_dataset(tmp_path / "out.parquet")):
        head = json.loads(made.info.description)
        assert head["pivot"] == "zh"
        assert [(doc["id"], doc["sha256"]) for doc in head["documents"]] == [
            (doc.id, doc.sha256) for doc in known.alignment.documents
        ]


def test_a_data_set_comes_back_as_it_was_without_cache_or_bars(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    datasets = importlib.import_module("datasets")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(socket, "socket", None)
    (tmp_path / "out.parquet").write_bytes(dump_dataset(known.alignment, known.versions))
    made, again = dataset(known.alignment, known.versions), load_dataset(tmp_path / "out.parquet")
    assert again.features == made.features
    assert again.to_list() == made.to_list()
    assert not (tmp_path / "cache").exists()
    assert capfd.readouterr() == ("", "")


def test_anyone_reads_the_data_set_offline(known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = importlib.import_module("datasets")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    (tmp_path / "out.parquet").write_bytes(dump_dataset(known.alignment, known.versions))
    again = datasets.load_dataset(
        "parquet", data_files=str(tmp_path / "out.parquet"), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert again.to_list() == dataset(known.alignment, known.versions).to_list()


def test_what_is_no_data_set_of_ours(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_dataset(tmp_path / "a.parquet")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 it is not")
    with pytest.raises(InputError, match=r"a\.parquet is no Parquet"):
        load_dataset(tmp_path / "a.parquet")
    out = io.BytesIO()
    arrow = importlib.import_module("pyarrow.parquet")
    arrow.write_table(importlib.import_module("pyarrow").table({"id": ["b1"]}), out)
    (tmp_path / "a.parquet").write_bytes(out.getvalue())
    with pytest.raises(InputError, match=r"a\.parquet is no alignment"):
        load_dataset(tmp_path / "a.parquet")


# spaCy


def groups(doc: Any) -> dict[str, list[tuple[str, str]]]:
    return {name: [(mark.label_, mark.text) for mark in group] for name, group in doc.spans.items()}


def test_docs_have_words_sentences_and_marks(known: Known) -> None:
    zh, en = docs(known.alignment, known.versions, mentions=known.mentions, findings=known.findings)
    assert "纸厂" in [token.text for token in zh]  # words, not characters
    assert [sentence.text.strip() for sentence in zh.sents] == [
        "河谷里的第一座纸厂建于十七世纪。",
        "工人们用破布和清水造纸。",
        "后来的主人买来一台蒸汽机。",
    ]
    assert [sentence[:2].text for sentence in en.sents] == ["The first", "They made", "A later"]
    assert groups(en) == {
        "paragraphs": [("body", known.versions["en"].flows[0].text), ("body", "A later owner bought a steam engine.")],
        "beads": [
            ("b1", "The first paper mill in the valley was built by people whose names are forgotten."),
            ("b3", "A later owner"),
            ("b3", "They made paper"),  # grown to the whole word
        ],
        "concepts": [("steam-engine", "steam engine")],
        "noise": [("hyphenation", "forgotten")],
    }
    assert [mark.id_ for mark in en.spans["paragraphs"]] == ["p1", "p2"]
    assert groups(zh)["beads"] == [("b1", ZH[:16]), ("b2", ZH[16:28])]
    assert groups(zh)["concepts"] == groups(zh)["noise"] == []


def test_docs_know_their_text_and_the_way_back(known: Known) -> None:
    _, en = docs(known.alignment, known.versions, findings=known.findings)
    document = known.versions["en"].document
    assert (en.user_data["id"], en.user_data["language"], en.user_data["source"]) == ("en", "en", "en.txt")
    assert en.user_data["sha256"] == document.sha256
    assert raw_spans(en.spans["noise"][0]) == (span(EN, "forgot"), span(EN, "ten"))
    for token in en:
        assert (
            not token.text.strip() or "".join(document[s] for s in raw_spans(en[token.i : token.i + 1])) == token.text
        )


def test_docs_come_back_as_they_were(known: Known, tmp_path: Path) -> None:
    made = docs(known.alignment, known.versions, mentions=known.mentions, findings=known.findings)
    data = dump_docs(known.alignment, known.versions, mentions=known.mentions, findings=known.findings)
    (tmp_path / "out.spacy").write_bytes(data)
    spacy = importlib.import_module("spacy")
    again = list(spacy.tokens.DocBin().from_disk(tmp_path / "out.spacy").get_docs(spacy.blank("xx").vocab))
    for old, new in zip(made, again, strict=True):
        assert new.text == old.text
        assert [token.is_sent_start for token in new] == [token.is_sent_start for token in old]
        assert groups(new) == groups(old)
        assert new.user_data["sha256"] == old.user_data["sha256"]
        assert [raw_spans(mark) for mark in new.spans["paragraphs"]] == [
            raw_spans(mark) for mark in old.spans["paragraphs"]
        ]


@pytest.mark.parametrize("code", ["und", "zh-Hant", "tlh", "ja"])
def test_any_language_is_cut_somehow(code: str) -> None:
    versions = {"a": segment(Document("a", code, "Qapla' batlh je."))}
    (doc,) = docs(Alignment("a", (versions["a"].document,), ()), versions)
    assert doc[-1].text == "."


# The command line


@pytest.mark.parametrize("suffix", [".parquet", ".spacy"])
def test_align_writes_by_suffix(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("zh.txt", ZH), ("en.txt", EN.replace("people", "the work- ers"))):
        Path(name).write_text(text, encoding="utf-8")
    assert main(["align", "zh.txt", "en.txt", "-o", f"out{suffix}"]) == 0
    told = capsys.readouterr()
    assert "zh (pivot)" in told.out
    assert told.err == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["en.txt", f"out{suffix}", "zh.txt"]
    if suffix == ".parquet":
        rows = load_dataset(Path("out.parquet")).to_list()
        assert any("steam engine" in (row["translation"]["en"] or "") for row in rows)
    else:
        spacy = importlib.import_module("spacy")
        zh, en = spacy.tokens.DocBin().from_disk("out.spacy").get_docs(spacy.blank("xx").vocab)
        assert zh.spans["beads"][-1].text.endswith("蒸汽机。")
        assert ("hyphenation", "work- ers") in groups(en)["noise"]


# transformers

# Two made-up languages without a letter in common, word for word.
WORDS = {
    "bakun": "девил", "dosti": "жимор", "gelma": "зулек", "hirop": "кофан", "jaset": "лигуд", "kumel": "мабис",
    "lonav": "нецоп", "mirdu": "офрил", "nupek": "пяшум", "oskal": "ридож", "pevit": "сучек", "ruzom": "тебля",
    "sidah": "фомур", "tolge": "хидас", "vanek": "цезон", "wubri": "шорак",
}  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that nobody has trained, to which a word and its translation are the same."""
    pytest.importorskip("torch", reason="needs torch: pip install 'tetrapla[embed]'")
    return small_model(tmp_path_factory.mktemp("model"), WORDS)


SAID = [random.Random(k).choices(range(len(WORDS)), k=7) for k in range(16)]


def lines(words: Iterable[str], order: Iterable[int] = range(16)) -> str:
    """Return sixteen paragraphs of a sentence each, in the language of these words."""
    forms = list(words)
    return "\n\n".join(f"{' '.join(forms[w] for w in SAID[k]).capitalize()}." for k in order) + "\n"


def version(code: str, text: str) -> Segmented:
    """Return a text as a document in which every block is a paragraph of one sentence, whatever its lines look like."""
    paragraphs, flows, at = [], [], 0
    for number, block in enumerate(text.rstrip("\n").split("\n\n"), start=1):
        paragraphs.append(Segment(f"p{number}", "body", (Span(at, at + len(block)),)))
        flows.append(Flow(block, range(at, at + len(block))))
        at += len(block) + 2
    sentences = tuple((Segment(f"{p.id}.1", "body", p.spans),) for p in paragraphs)
    return Segmented(Document(code, code, text), tuple(paragraphs), sentences, tuple(flows))


@pytest.mark.parametrize(
    ("backend", "order"),
    [
        ("coverage", [*range(9, 16), *range(9)]),
        pytest.param(
            "coverage-in-order",
            [0, *range(6, 16)],
            marks=pytest.mark.xfail(reason="beside the gap a bead takes one more line in: 9 of 11", strict=False),
        ),
    ],
)
def test_a_model_aligns_what_shares_nothing_that_can_be_seen(model: Path, backend: str, order: list[int]) -> None:
    texts = lines(WORDS), lines(WORDS.values(), order)
    versions = [version(code, text) for code, text in zip(("xa", "xb"), texts, strict=True)]

    def right(folder: Path | None) -> int:
        found = align(versions, pivot="xa", backend=backend, model=folder)
        said = [[bead.spans.get(code, ()) for code in ("xa", "xb")] for bead in found.beads]
        pairs = [[versions[v].document[spans[0]] for v, spans in enumerate(sides)] for sides in said if all(sides)]
        meant = dict(zip(*(said.rstrip().split("\n\n") for said in (texts[0], lines(WORDS.values()))), strict=True))
        return sum(meant.get(ours) == theirs for ours, theirs in pairs)

    assert right(model) >= len(order) - 1
    assert right(None) <= len(order) / 2


def test_an_aligner_that_has_no_use_for_a_model_says_so(tmp_path: Path) -> None:
    versions = [version("en", "A word.\n"), version("fr", "Un mot.\n")]
    with pytest.raises(InputError, match="leave model, lexicon and decisions out"):
        align(versions, backend="length", model=tmp_path)


def test_the_command_line_asks_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("zh.txt", ZH), ("en.txt", EN)):
        Path(name).write_text(text, encoding="utf-8")
    assert main(["align", "zh.txt", "en.txt", "--model", "nowhere"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("tetrapla: the model nowhere is not on this machine (no folder, not in Hugging Face's")
    assert told.err.count("\n") == 1
