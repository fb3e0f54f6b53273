"""The component of spaCy: concepts in `doc.spans`, in four languages, saved, sent to other processes."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tomllib
import warnings
from functools import cache
from pathlib import Path

import pytest

from tests.build import concept
from tests.test_glossary import GLOSSARY, RECORDS
from tetrapla.errors import InputError
from tetrapla.formats.docbin import JIEBA
from tetrapla.glossary import Glossary, load
from tetrapla.languages import get

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, DocBin

    from tetrapla.spacy_component import NAME, ConceptFinder

ROOT = Path(__file__).parent.parent


@cache
def plain(language: str) -> Language:
    """Return the blank pipeline of a language: once, as that of French takes two seconds."""
    if language != "zh":
        return spacy.blank(language)
    get("zh").words("")  # loads jieba without its messages
    return spacy.blank("zh", config=JIEBA)


def pipeline(language: str, glossary: Glossary = GLOSSARY, **config: str) -> Language:
    nlp = plain(language)
    if NAME in nlp.pipe_names:
        nlp.remove_pipe(NAME)
    nlp.add_pipe(NAME, config=config).glossary = glossary  # type: ignore[attr-defined]
    return nlp


def told(doc: Doc, key: str = NAME) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.spans[key]]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("zh", "小镇的本地蜂鸣来自反向飞地。", [("本地蜂鸣", "buzz"), ("反向飞地", "reverse-enclave")]),
        ("zh", "我们先谈\n创新，再谈local buzz。", [("创新", "innovation"), ("local buzz", "buzz")]),
        ("en", "Two core periphery structures.", [("core periphery structures", "core-periphery")]),
        ("en", "An enclave's inno- vation elements.", [("enclave's", "enclave"), ("inno- vation elements", "innovation-element")]),
        ("en", "Some local\nbuzz and a\n \nlocal\n\nbuzz.", [("local\nbuzz", "buzz")]),
        ("es", "¿Enclaves inversos?", [("Enclaves inversos", "reverse-enclave")]),
        ("fr", "L’enclave manque d’éléments d’innovation.", [("enclave", "enclave"), ("éléments d’innovation", "innovation-element")]),
        ("fr", "Il pleuvait, nous lisions.", []),
        ("en", "", []),
    ],
)  # fmt: skip
def test_concepts_are_spans(language: str, text: str, found: list[tuple[str, str]]) -> None:
    assert told(pipeline(language)(text)) == found


def test_a_span_has_the_form_and_its_status() -> None:
    doc = pipeline("en")("Muldaur wrote it.")
    (span,) = doc.spans[NAME]
    assert (span.label_, span._.tetrapla_form, span._.tetrapla_status) == ("myrdal", "Muldaur", "noise")


def test_spans_grow_to_whole_tokens_and_stand_there_once() -> None:
    found = told(pipeline("en")("See https://enclave.org/innovation-enclave now."))
    assert {text for text, _ in found} == {"https://enclave.org/innovation-enclave"}
    assert sorted(label for _, label in found) == ["enclave", "innovation"]


def test_the_glossary_of_tetrapla_is_the_default() -> None:
    nlp = plain("en")
    if NAME in nlp.pipe_names:
        nlp.remove_pipe(NAME)
    nlp.add_pipe(NAME)
    assert ("reverse enclave", "reverse-enclave") in told(nlp("A reverse enclave."))


def test_glossary_key_and_language_are_settings(tmp_path: Path) -> None:
    file = tmp_path / "own.rec"
    file.write_text("id: sun\nen: sun\nfr: soleil\n", "utf-8")
    nlp = plain("en")
    if NAME in nlp.pipe_names:
        nlp.remove_pipe(NAME)
    nlp.add_pipe(NAME, config={"glossary": str(file), "spans_key": "mine", "language": "fr"})
    assert told(nlp("The sun is soleil."), "mine") == [("soleil", "sun")]


def test_a_glossary_that_is_not_there_is_told() -> None:
    finder = ConceptFinder("en", glossary=Path("nowhere.rec"))
    with pytest.raises(InputError, match="no such file"):
        finder(plain("en").make_doc("x"))


def test_a_saved_pipeline_keeps_its_glossary(tmp_path: Path) -> None:
    source = tmp_path / "own.rec"
    source.write_text(RECORDS, "utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe(NAME, config={"glossary": str(source), "spans_key": "mine"})
    nlp.to_disk(tmp_path / "saved")
    source.unlink()
    again = spacy.load(tmp_path / "saved")
    assert told(again("Muldaur's local buzz"), "mine") == [("Muldaur's", "myrdal"), ("local buzz", "buzz")]
    other = spacy.blank("en")
    other.add_pipe(NAME)
    other.from_bytes(again.to_bytes())
    assert told(other("Muldaur's local buzz"), "mine") == told(again("Muldaur's local buzz"), "mine")
    written = [path.read_bytes() for path in (tmp_path / "saved" / NAME).rglob("*") if path.is_file()]
    assert not any(str(tmp_path).encode() in content for content in written)


def test_saving_again_leaves_nothing_of_the_glossary_before(tmp_path: Path) -> None:
    finder = ConceptFinder("en")
    finder.glossary = Glossary((*GLOSSARY.files, *Glossary.of([concept("sun", en="sun")]).files))
    finder.to_disk(tmp_path)
    finder.glossary = GLOSSARY
    finder.to_disk(tmp_path)
    assert dict(ConceptFinder("fr").from_disk(tmp_path).glossary) == dict(GLOSSARY)


def test_saved_documents_keep_their_spans() -> None:
    doc = pipeline("en")("Muldaur's local buzz")
    read = Doc(doc.vocab).from_bytes(doc.to_bytes())
    (binned,) = DocBin().from_bytes(DocBin(docs=[doc]).to_bytes()).get_docs(doc.vocab)
    for copy in (read, binned):
        assert told(copy) == told(doc)
        assert [s._.tetrapla_status for s in copy.spans[NAME]] == ["noise", "preferred"]
        assert [s._.tetrapla_form for s in copy.spans[NAME]] == ["Muldaur", "local buzz"]


SCRIPT = """
import multiprocessing, sys, warnings
warnings.simplefilter("ignore")
import spacy
if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    jieba = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}}}
    nlp = spacy.blank(sys.argv[2], config=jieba if sys.argv[2] == "zh" else {})
    nlp.add_pipe("tetrapla_concepts", config={"glossary": sys.argv[3]})
    for doc in nlp.pipe(["Muldaur says: local buzz", "Nothing.", "本地蜂鸣"] * 2, n_process=2, batch_size=1):
        print(*(f"{s.text}={s.label_}={s._.tetrapla_status}" for s in doc.spans["tetrapla_concepts"]), sep=";")
"""


# What holds jieba cannot be sent to a process that starts anew: spaCy's own tokenizer, with or without us.
@pytest.mark.parametrize(("method", "language"), [("fork", "en"), ("spawn", "en"), ("fork", "zh")])
def test_other_processes_find_the_same_in_an_installation(tmp_path: Path, method: str, language: str) -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["spacy_factories"]
    site = tmp_path / "site"
    info = site / "tetrapla-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tetrapla\nVersion: 0\n", "utf-8")
    lines = [f"{name} = {value}" for name, value in known.items()]
    (info / "entry_points.txt").write_text("\n".join(["[spacy_factories]", *lines, ""]), "utf-8")
    (tmp_path / "run.py").write_text(SCRIPT, "utf-8")
    (tmp_path / "own.rec").write_text(RECORDS, "utf-8")
    path = os.pathsep.join([str(site), str(ROOT / "nlp")])
    ran = subprocess.run(
        [sys.executable, "run.py", method, language, "own.rec"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    expected = ["Muldaur=myrdal=noise;local buzz=buzz=preferred", "", "本地蜂鸣=buzz=preferred"]
    assert ran.stdout.split("\n")[:-1] == expected * 2


def test_the_entry_point_names_the_factory() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["spacy_factories"]
    module, _, function = known[NAME].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_a_copy_is_as_good() -> None:
    import pickle

    finder = ConceptFinder("en", spans_key="mine")
    finder.glossary = load(None)
    finder(plain("en").make_doc("A reverse enclave."))
    copy = pickle.loads(pickle.dumps(finder))
    assert told(copy(plain("en").make_doc("A reverse enclave.")), "mine") == [("reverse enclave", "reverse-enclave")]
