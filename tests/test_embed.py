"""A model of sentences: where it is found, what it makes of a text, what is kept of that, how much it counts."""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.build import small_model
from tetrapla.align import embed
from tetrapla.align.coverage import Matrix
from tetrapla.align.embed import DEFAULT, _model, _store, _weight, cache_folder, margins, sample, vectors, weight
from tetrapla.align.embed._model import unit
from tetrapla.align.order import Link
from tetrapla.errors import InputError, MissingPackageError

Steps = list[tuple[str, int, int]]


@pytest.fixture(autouse=True)
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep vectors in a folder of the test's own."""
    monkeypatch.setenv("TETRAPLA_CACHE", str(tmp_path / "kept"))
    _store._tell.cache_clear()
    yield tmp_path / "kept" / _store.FILE
    _store._tell.cache_clear()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


class Fake:
    """An encoder without torch: a text's vector comes from its letters; `room` texts fit on the GPU."""

    def __init__(self, room: int = 1000) -> None:
        self.room = room
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Matrix:
        if len(texts) > self.room:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB.")
        self.asked.append(list(texts))
        rows = [np.bincount([ord(char) % 8 for char in text], minlength=8) + 0.5 for text in texts]
        return unit(np.array(rows, dtype=np.float32))


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Fake, Path]:
    """An encoder, and the folder that it comes out of."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    encoder = Fake()
    monkeypatch.setattr(embed, "load", lambda recipe: encoder)
    return encoder, folder


TEXTS = ["a stone bridge", "", "the river", "a stone bridge", "七座水磨", "the river was low that year", "\ud800"]


# Vectors and what is kept of them


def test_a_vector_for_each_text_whatever_its_batch(fake: tuple[Fake, Path]) -> None:
    encoder, folder = fake
    steps: Steps = []
    found = vectors(TEXTS, folder, batch=2, progress=lambda *step: steps.append(step))
    assert found.shape == (len(TEXTS), 8)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert np.allclose(found, Fake()(TEXTS), atol=1e-3)
    assert sorted(chain.from_iterable(encoder.asked)) == sorted(set(TEXTS))
    assert steps == [("embedding", done, 6) for done in (2, 4, 6)]
    assert vectors([], folder).shape == (0, 0)


def test_what_is_kept_is_not_computed_again(fake: tuple[Fake, Path]) -> None:
    encoder, folder = fake
    first = vectors(TEXTS, folder)
    asked = len(encoder.asked)
    steps: Steps = []
    assert (vectors(TEXTS, folder, progress=lambda *step: steps.append(step)) == first).all()
    assert (len(encoder.asked), steps) == (asked, [])
    vectors([*TEXTS, "new"], folder)
    assert encoder.asked[asked:] == [["new"]]


def test_no_text_is_kept(fake: tuple[Fake, Path], cached: Path) -> None:
    vectors(TEXTS, fake[1])
    data = cached.read_bytes()
    assert not [text for text in TEXTS[:5] if text and text.encode() in data]
    assert os.name != "posix" or cached.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "text", "again"),
    [
        ("config.json", '{"pooled": 1}', True),
        ("1_Pooling/config.json", '{"pooling_mode": "cls"}', True),
        ("model.safetensors", "weights", True),
        ("vocab.txt", "word", True),
        ("README.md", "How to use it.", False),
        ("onnx/deep/down/config.json", "{}", False),
    ],
)
def test_another_model_is_computed_again(fake: tuple[Fake, Path], name: str, text: str, again: bool) -> None:
    encoder, folder = fake
    vectors(TEXTS, folder)
    asked = len(encoder.asked)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    vectors(TEXTS, folder)
    assert (len(encoder.asked) > asked) is again


def test_large_weights_are_known_by_their_end_and_date(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    data = bytearray(3 * _store.READ)
    found = set()
    for date, last in ((1, 0), (2, 0), (1, 1)):
        data[-1] = last
        file.write_bytes(data)
        os.utime(file, ns=(date, date))
        found.add(_store.fingerprint(tmp_path))
    assert len(found) == 3
    data[-1] = 0
    file.write_bytes(data)
    os.utime(file, ns=(1, 1))
    assert _store.fingerprint(tmp_path) in found


def test_the_same_model_elsewhere_is_the_same(fake: tuple[Fake, Path], tmp_path: Path) -> None:
    encoder, folder = fake
    vectors(TEXTS, folder)
    asked = len(encoder.asked)
    vectors(TEXTS, folder.rename(tmp_path / "elsewhere"))
    assert len(encoder.asked) == asked


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_interrupted_work_goes_on_where_it_stopped(fake: tuple[Fake, Path], stop: type[BaseException]) -> None:
    encoder, folder = fake

    def interrupt(step: str, done: int, total: int) -> None:
        if done >= 4:
            raise stop

    with pytest.raises(stop):
        vectors(TEXTS, folder, batch=2, progress=interrupt)
    vectors(TEXTS, folder, batch=2)
    assert sorted(chain.from_iterable(encoder.asked)) == sorted(set(TEXTS))


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "no database": lambda data: b"no database at all " * 500,
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "overwritten": lambda data: data[:100] + b"\xff" * (len(data) - 100),
    "header": lambda data: data[:20] + b"\xff" * 80 + data[100:],
}


@pytest.mark.parametrize("harm", BROKEN)
def test_a_broken_file_is_begun_anew(
    fake: tuple[Fake, Path], cached: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    encoder, folder = fake
    first = vectors(TEXTS, folder)
    cached.write_bytes(BROKEN[harm](cached.read_bytes()))
    assert (vectors(TEXTS, folder) == first).all()
    asked = len(encoder.asked)
    assert (vectors(TEXTS, folder) == first).all()
    assert len(encoder.asked) == asked
    assert caplog.text == ""


def test_a_vector_gone_bad_is_computed_again(fake: tuple[Fake, Path], cached: Path) -> None:
    first = vectors(TEXTS, fake[1])
    data = bytearray(cached.read_bytes())
    for row in np.unique(first, axis=0):
        blob = row.astype("<f2").tobytes()
        at = data.find(blob)
        if at >= 0:
            data[at] ^= 0x10
    assert bytes(data) != cached.read_bytes()
    cached.write_bytes(data)
    assert (vectors(TEXTS, fake[1]) == first).all()


def test_a_file_that_cannot_be_written_is_told_once(
    fake: tuple[Fake, Path], cached: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    cached.parent.parent.write_text("a file where the folder should be")
    for _ in range(2):
        assert len(vectors(TEXTS, fake[1], batch=2)) == len(TEXTS)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert caplog.messages[0].startswith(f"vectors of sentences are not kept in {cached}: ")
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database or disk is full"), OSError("read-only")])
def test_without_room_the_work_goes_on(
    fake: tuple[Fake, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(sqlite3, "connect", fail)
    assert len(vectors(TEXTS, fake[1], batch=1)) == len(TEXTS)
    assert len(caplog.messages) == 1


def test_what_is_kept_can_be_read_where_nothing_can_be_written(fake: tuple[Fake, Path], cached: Path) -> None:
    encoder, folder = fake
    vectors(TEXTS, folder)
    asked = len(encoder.asked)
    cached.chmod(0o400)
    cached.parent.chmod(0o500)
    vectors(TEXTS, folder)
    cached.parent.chmod(0o700)
    assert len(encoder.asked) == asked


def test_processes_share_the_file(tmp_path: Path) -> None:
    program = (
        "import sys, numpy as np; from pathlib import Path; from tetrapla.align.embed._store import Store\n"
        "store = Store(Path(sys.argv[1]), b'model')\n"
        "for k in range(60): store.put({f'text {k} {sys.argv[2]}': np.ones(768, np.float16), f'both {k}': "
        "np.ones(768, np.float16)})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(embed.__file__).parents[3])}
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name], env=environment, stderr=subprocess.PIPE)
        for name in ("one", "two")
    ]
    assert [process.communicate()[1] for process in running] == [b"", b""]
    store = _store.Store(tmp_path, b"model")
    wanted = [f"text {k} {name}" for k in range(60) for name in ("one", "two")] + [f"both {k}" for k in range(60)]
    assert len(store.get(wanted)) == 180
    assert _store.Store(tmp_path, b"other").get(wanted) == {}


@pytest.mark.parametrize(
    ("own", "shared", "expected"),
    [
        ("/here", "/there", Path("/here")),
        ("", "/there", Path("/there/tetrapla")),
        ("", "relative", Path.home() / ".cache" / "tetrapla"),
        ("", "", Path.home() / ".cache" / "tetrapla"),
        ("off", "/there", None),
    ],
)
def test_where_things_are_kept(monkeypatch: pytest.MonkeyPatch, own: str, shared: str, expected: Path | None) -> None:
    monkeypatch.setenv("TETRAPLA_CACHE", own)
    monkeypatch.setenv("XDG_CACHE_HOME", shared)
    assert cache_folder() == expected


def test_nothing_is_kept_where_that_is_off(
    fake: tuple[Fake, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    encoder, folder = fake
    monkeypatch.setenv("TETRAPLA_CACHE", "off")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        vectors(["one"], folder)
    assert len(encoder.asked) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


# The GPU


def test_a_batch_that_does_not_fit_is_halved(fake: tuple[Fake, Path]) -> None:
    encoder, folder = fake
    encoder.room = 3
    texts = [f"{k:02}" for k in range(20)]
    assert len(vectors(texts, folder, batch=16)) == 20
    assert [len(some) for some in encoder.asked] == [2] * 10


def test_what_fits_nowhere_is_told(fake: tuple[Fake, Path]) -> None:
    encoder, folder = fake
    encoder.room = 0
    with pytest.raises(InputError, match="choose a smaller model"):
        vectors(TEXTS, folder)


def test_other_errors_of_a_device_are_not_hidden(fake: tuple[Fake, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(texts: Sequence[str]) -> Matrix:
        raise RuntimeError("device-side assert triggered")

    monkeypatch.setattr(embed, "load", lambda recipe: fail)
    with pytest.raises(RuntimeError, match="device-side"):
        vectors(TEXTS, fake[1])


# Where a model is


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the default model in a cache of Hugging Face, with nothing in it."""
    constants = importlib.import_module("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    where = tmp_path / "hub" / f"models--{DEFAULT.replace('/', '--')}"
    (where / "refs").mkdir(parents=True)
    (where / "refs" / "main").write_text("abc")
    (where / "snapshots" / "abc").mkdir(parents=True)
    return where / "snapshots" / "abc"


def made(folder: Path, files: Sequence[str]) -> None:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")


MODULES = [
    {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "path": "2_Dense", "type": "sentence_transformers.models.Dense"},
    {"idx": 3, "path": "3_Normalize", "type": "sentence_transformers.models.Normalize"},
]
TANH = {"activation_function": "torch.nn.modules.activation.Tanh"}


@pytest.mark.usefixtures("offline")
def test_a_model_by_name_is_found_on_this_machine(hub: Path) -> None:
    made(hub, ["config.json", "model.safetensors"])
    (hub / "modules.json").write_text(json.dumps(MODULES))
    for name, config in (("1_Pooling", {"pooling_mode": "cls"}), ("2_Dense", TANH)):
        (hub / name).mkdir(exist_ok=True)
        (hub / name / "config.json").write_text(json.dumps(config))
    assert _model.find(DEFAULT) == _model.Recipe(hub, hub, "cls", ((hub / "2_Dense", "Tanh"),))
    (hub / "modules.json").unlink()
    with pytest.raises(InputError, match="only a part of the model"):
        _model.find(DEFAULT)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("files", "name", "said"),
    [
        (
            [],
            DEFAULT,
            f"is not on this machine (no folder, not in Hugging Face's cache); get it with: hf download {DEFAULT}, or name a folder",
        ),
        (["config.json"], DEFAULT, "only a part of the model"),
        (["config.json", "model.safetensors"], DEFAULT, "only a part of the model"),  # how to pool is not there
        ([], "bert-base", "hf download bert-base, or name a folder"),
        ([], "models--x/a..b--c", "there is no folder models--x/a..b--c; name one that holds a model"),
        ([], "models/of/mine", "there is no folder models/of/mine; name one that holds a model"),
        ([], "./mine", "there is no folder ./mine; name one that holds a model"),
        ([], "", "holds no model"),
    ],
)
def test_a_model_that_is_not_there_is_told_with_the_way_to_it(
    hub: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], name: str, said: str
) -> None:
    monkeypatch.chdir(hub.parents[3])
    made(hub, files)
    with pytest.raises(InputError) as raised:
        vectors(["one"], name)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "holds no model (no config.json)"),
        ({"config.json": "{}"}, "holds no model that can be loaded: "),
        ({"config.json": '{"model_type": "bert"}'}, "holds no model that can be loaded: "),
        ({"config.json": "{"}, "holds no model that can be loaded: "),
        (
            {"config.json": '{"model_type": "own", "auto_map": {"AutoModel": "own.Own", "AutoConfig": "own.Config"}}'},
            "holds no model that can be loaded: ",
        ),
    ],
)
def test_a_folder_without_a_model_is_told_in_one_line(files: dict[str, str], said: str, tmp_path: Path) -> None:
    if files:
        pytest.importorskip("torch", reason="needs torch: pip install 'tetrapla[embed]'")
    folder = tmp_path / "model"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    with pytest.raises(InputError) as raised:
        vectors(["bakun"], folder)
    assert str(raised.value).startswith(f"{folder} {said}")
    assert "\n" not in str(raised.value)


def test_a_file_is_no_folder_with_a_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"\0")
    with pytest.raises(InputError, match="holds no model"):
        vectors(["bakun"], tmp_path / "model.bin")


@pytest.mark.usefixtures("without_torch")
def test_without_torch_the_way_to_get_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(MissingPackageError, match=r"torch: pip install 'tetrapla\[embed\]'"):
        vectors(["bakun"], tmp_path)


# What the files of a model say


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}, "mean"),
        ({"pooling_mode_max_tokens": True, "include_prompt": True}, "max"),
        ({"pooling_mode": "max", "include_prompt": True}, "max"),
        ({"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": True}, None),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, None),
        ({"pooling_mode_weightedmean_tokens": True}, None),
        ({"pooling_mode": "attention"}, None),
        ({"pooling_mode": ["mean", "cls"]}, None),
        ({"pooling_mode_cls_token": False}, None),
    ],
)
def test_pooling(tmp_path: Path, config: dict[str, object], expected: str | None) -> None:
    made(tmp_path, ["config.json", "1_Pooling/config.json"])
    (tmp_path / "modules.json").write_text(json.dumps(MODULES[:2]))
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(config))
    if expected is None:
        with pytest.raises(InputError, match="pools in a way that is not known here"):
            _model.find(tmp_path)
    else:
        assert _model.find(tmp_path).pooling == expected


UNREADABLE = "cannot be read; download the model again"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        *[
            ("modules.json", text, UNREADABLE)
            for text in (
                "[", "", "{}", "[]", "null", "7", "[7]", "[{}]", '["Pooling"]', '{"0": {}}', '[{"path": 1, "type": 2}]',
                '[{"type": "sentence_transformers.models.Transformer"}]',
            )
        ],
        ("modules.json", '[{"path": "", "type": "sentence_transformers.models.CNN"}]', "a layer that is not known"),
        ("2_Dense/config.json", '{"activation_function": "own.Wild"}', "an activation that is not known here: Wild"),
        ("2_Dense/config.json", "[]", UNREADABLE),
        ("2_Dense/config.json", '{"activation_function": 1}', UNREADABLE),
        ("1_Pooling/config.json", None, UNREADABLE),
        ("1_Pooling/config.json", "[]", UNREADABLE),
        ("sentence_bert_config.json", "[]", UNREADABLE),
        ("sentence_bert_config.json", '{"max_seq_length": "long"}', UNREADABLE),
    ],
)  # fmt: skip
def test_a_model_that_would_be_misread_is_refused(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    made(tmp_path, ["config.json", "1_Pooling/config.json", "2_Dense/config.json"])
    (tmp_path / "modules.json").write_text(json.dumps(MODULES))
    (tmp_path / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}')
    if text is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said) as raised:
        vectors(["one"], tmp_path)
    assert "\n" not in str(raised.value)


# How much a model counts

SENTENCES = 80


def vectors_like(noise: float, common: float = 0.0, seed: int = 0, size: int = SENTENCES) -> tuple[Matrix, Matrix]:
    """Return vectors of two versions, sentence by sentence: what is said, noise, what all have in common."""
    rng = np.random.default_rng(seed)
    said, both = rng.normal(size=(size, 64)), common * rng.normal(size=64)
    a, b = (unit((said + noise * rng.normal(size=said.shape) + both).astype(np.float32)) for _ in range(2))
    return a, b


def strangers(seed: int = 0, size: int = SENTENCES) -> tuple[Matrix, Matrix]:
    return vectors_like(0, seed=2 * seed, size=size)[0], vectors_like(0, seed=2 * seed + 1, size=size)[0]


def by_words(known: bool = True, seed: int = 9, size: int = SENTENCES) -> tuple[Matrix, list[Link]]:
    """Return what words earn, 0.3 more for right pairs where they are known, and the path by them."""
    rng = np.random.default_rng(seed)
    table = rng.normal(-0.08, 0.06, (size, size)) + known * np.diag(rng.normal(0.35, 0.12, size))
    return table.astype(np.float32), [Link((k,), (k,), float(table[k, k])) for k in range(size) if known]


ENCODERS = {  # name: vectors, least and most that the model may bring a right pair beside words, and alone
    "perfect": (vectors_like(0.0), (0.2, 0.25), (0.2, 0.25)),
    "good": (vectors_like(0.65), (0.2, 0.25), (0.2, 0.25)),
    "good, all sentences much alike": (vectors_like(0.65, 5.0), (0.2, 0.25), (0.2, 0.25)),
    "poor": (vectors_like(3.0), (0.0, 0.05), (0.0, 0.0)),
    "random": (strangers(), (0.0, 0.0), (0.0, 0.0)),
    "another random one": (strangers(1), (0.0, 0.0), (0.0, 0.0)),
    "all alike": ((unit(np.ones((SENTENCES, 8), np.float32)),) * 2, (0.0, 0.0), (0.0, 0.0)),
    "nothing": ((np.zeros((SENTENCES, 8), np.float32),) * 2, (0.0, 0.0), (0.0, 0.0)),
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", ENCODERS)
def test_a_model_counts_for_what_it_knows(name: str, known: bool) -> None:
    (a, b), beside, alone = ENCODERS[name]
    low, high = beside if known else alone
    alike = margins(a, b)
    table, links = by_words(known)
    found = weight([sample(alike, table, links)])
    assert low <= found * float(np.diag(alike).mean()) <= high + 0.01
    assert found * float(alike[~np.eye(SENTENCES, dtype=bool)].std()) <= 2 * _weight.NOISE


def test_strangers_hardly_ever_count() -> None:
    table, links = by_words()
    found = [weight([sample(margins(*strangers(seed)), table, links)]) for seed in range(40)]
    assert sum(w > 0.05 for w in found) <= 2
    assert max(found) < 0.2


def test_the_better_model_counts_more() -> None:
    table, links = by_words()
    earned = []
    for noise in (0.65, 2.0, 4.0, 50.0):
        alike = margins(*vectors_like(noise))
        earned.append(weight([sample(alike, table, links)]) * float(np.diag(alike).mean()))
    assert earned == sorted(earned, reverse=True)
    assert earned[-1] < 0.01 < 0.2 < earned[0]


def test_words_that_vouch_for_hardly_anything_do_not_judge() -> None:
    alike = margins(*vectors_like(0.5))
    table, _ = by_words(known=False)
    wrong = [Link((k,), (k + 9,), 0.2) for k in range(_weight.ENOUGH + 2)]
    assert weight([sample(alike, table, wrong)]) * np.diag(alike).mean() > 0.2
    assert weight([sample(margins(*strangers()), table, wrong)]) < 0.05


def test_a_model_that_says_what_the_words_say_counts_less() -> None:
    table, links = by_words()
    own = margins(*vectors_like(1.0))
    same = table - table.mean()
    assert weight([sample(same, table, links)]) <= 1.5
    assert weight([sample(own, table, links)]) * np.diag(own).mean() > 0.1


@pytest.mark.parametrize(
    ("size", "seed", "expected"), [(5, None, True), (5, 0, True), (1, None, True), (0, None, True), (60, 0, False)]
)
def test_what_cannot_be_judged_counts_a_little(size: int, seed: int | None, expected: bool) -> None:
    a, b = vectors_like(0.0, size=size) if seed is None else strangers(seed, size)
    table, links = by_words(known=False, size=size)
    found = weight([sample(margins(a, b), table, links)])
    assert (0 < found <= _weight.UNJUDGED) is expected
    assert weight([]) == _weight.UNJUDGED


def test_parts_of_a_document_are_judged_together() -> None:
    table, links = by_words(size=9)
    parts = [sample(margins(*vectors_like(0.5, seed=k, size=9)), table, links) for k in range(12)]
    strange = [sample(margins(*strangers(k, 9)), table, links) for k in range(12)]
    assert weight(parts) > 0.2
    assert weight(strange) < 0.1


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([(0, 0, 0.3), (1, 1, 0.0), (2, 2, 0.3)], [(1, 1)]),
        ([(0, 0, 0.3), (1, 2, -0.1), (2, 3, 0.3)], [(1, 2)]),
        ([(0, 0, 0.3), (1, 1, 0.3), (2, 2, 0.05)], []),  # a neighbour that is itself unsure
        ([(0, 0, 0.3), (1, 1, 0.3), (40, 2, 0.3)], []),  # a jump
        ([(2, 0, 0.3), (1, 1, 0.3), (0, 2, 0.3)], []),
        ([(0, 0, 0.3), (1, 1, 0.3)], []),
    ],
)
def test_neighbours_vouch_for_a_pair(links: list[tuple[int, int, float]], expected: list[tuple[int, int]]) -> None:
    found = _weight._vouched([Link((i,), (j,), gain) for i, j, gain in links])
    assert [tuple(pair) for pair in found.tolist()] == expected


@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(0, 1000),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.floats(-1, 1, width=32)), max_size=12),
)
def test_a_weight_is_a_number_not_below_zero(n: int, m: int, seed: int, path: list[tuple[int, int, float]]) -> None:
    rng = np.random.default_rng(seed)
    alike = margins(*(unit(rng.normal(size=(k, 4)).astype(np.float32)) for k in (n, m)))
    table = rng.normal(size=(n, m)).astype(np.float32)
    table[:1] = -np.inf
    links = [Link((i,), (j,), gain) for i, j, gain in path if i < n and j < m]
    found = weight([sample(alike, table, links)])
    assert np.isfinite(found)
    assert found >= 0


def test_margins_stand_out_above_the_background() -> None:
    a, b = vectors_like(0.3)
    found = margins(a, b)
    assert (found.argmax(axis=1) == np.arange(SENTENCES)).all()
    assert abs(float(found.mean())) < 1e-5
    assert margins(a, np.zeros((0, 0), np.float32)).shape == (SENTENCES, 0)


# With torch

# Two made-up languages without a letter in common, word for word.
WORDS = {
    "bakun": "девил", "dosti": "жимор", "gelma": "зулек", "hirop": "кофан", "jaset": "лигуд", "kumel": "мабис",
    "lonav": "нецоп", "mirdu": "офрил", "nupek": "пяшум", "oskal": "ридож", "pevit": "сучек", "ruzom": "тебля",
}  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that nobody has trained, to which a word and its translation are the same."""
    pytest.importorskip("torch", reason="needs torch: pip install 'tetrapla[embed]'")
    return small_model(tmp_path_factory.mktemp("model"), WORDS)


@pytest.mark.usefixtures("offline")
def test_vectors_of_sentences(model: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    words = list(WORDS)
    texts = ["", *(" ".join(words[k : k + n]) for n in (1, 3, 9) for k in range(4)), "bakun " * 500]
    found = vectors(texts, model, batch=3)
    assert found.shape == (len(texts), 32)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    monkeypatch.setenv("TETRAPLA_CACHE", "off")
    assert np.allclose(found, vectors(texts, model, batch=100), atol=2e-3)  # neither order nor padding tells
    assert np.allclose(found[1], vectors([WORDS[words[0]]], model)[0], atol=2e-3)
    assert capfd.readouterr() == ("", "")


def test_kept_vectors_need_no_torch(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = vectors(["bakun"], model)
    monkeypatch.setattr(embed, "load", lambda recipe: pytest.fail("the model was loaded"))
    assert (vectors(["bakun"], model) == found).all()


def reference(model: Path, text: str) -> NDArray[np.float32]:
    """Return the last hidden states of a text, a row each token."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers: Any = importlib.import_module("transformers")
        encoded = transformers.AutoTokenizer.from_pretrained(str(model))(text, return_tensors="pt")
        network = transformers.AutoModel.from_pretrained(str(model)).eval()
        states: NDArray[np.float32] = network(**encoded).last_hidden_state[0].detach().numpy()
    return states


POOLED = {
    "cls": lambda rows: rows[0],
    "mean": lambda rows: rows.mean(axis=0),
    "max": lambda rows: rows.max(axis=0),
}


def as_sentence_transformer(model: Path, folder: Path, way: str, *, dense: str | None = None, longest: int = 64) -> Any:
    """Copy a model into a folder as sentence-transformers would save it; return the weights of its dense layer."""
    torch: Any = importlib.import_module("torch")
    part = folder / "0_Transformer"
    part.mkdir(parents=True)
    for file in model.iterdir():
        (part / file.name).write_bytes(file.read_bytes())
    (part / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": longest}))
    modules = [{**MODULES[0], "path": "0_Transformer"}, MODULES[1], *([MODULES[2]] if dense else []), MODULES[3]]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": way}))
    weights = torch.randn(8, 32, generator=torch.Generator().manual_seed(2)), torch.ones(8)
    if dense:
        (folder / "2_Dense").mkdir()
        (folder / "2_Dense" / "config.json").write_text(json.dumps(TANH))
        tensors = {"linear.weight": weights[0], "linear.bias": weights[1]}
        if dense == "model.safetensors":
            importlib.import_module("safetensors.torch").save_file(tensors, folder / "2_Dense" / dense)
        else:
            torch.save(tensors, folder / "2_Dense" / dense)
    return weights


@pytest.mark.parametrize("way", POOLED)
def test_states_are_pooled_as_the_model_says(model: Path, tmp_path: Path, way: str) -> None:
    as_sentence_transformer(model, tmp_path / "st", way)
    text = "bakun dosti gelma"
    found = vectors(["hirop " * 9, text], tmp_path / "st")[1]  # the shorter one is padded
    expected = POOLED[way](reference(model, text))
    assert np.allclose(found, expected / np.linalg.norm(expected), atol=2e-3)


@pytest.mark.parametrize("file", ["model.safetensors", "pytorch_model.bin"])
def test_a_dense_layer_as_labse_has_it(model: Path, tmp_path: Path, file: str) -> None:
    weights, biases = as_sentence_transformer(model, tmp_path / "st", "cls", dense=file)
    found = vectors(["bakun dosti"], tmp_path / "st")
    expected = np.tanh(weights.numpy() @ reference(model, "bakun dosti")[0] + biases.numpy())
    assert np.allclose(found[0], expected / np.linalg.norm(expected), atol=2e-3)


def test_no_more_is_read_than_the_model_says(model: Path, tmp_path: Path) -> None:
    as_sentence_transformer(model, tmp_path / "st", "mean", longest=4)
    found = vectors(["bakun dosti gelma", "bakun dosti hirop"], tmp_path / "st")
    assert np.allclose(found[0], found[1], atol=2e-3)


def test_a_model_that_encodes_and_decodes_is_asked_for_the_first_only(model: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers: Any = importlib.import_module("transformers")
        config = transformers.T5Config(vocab_size=64, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
        transformers.T5Model(config).save_pretrained(tmp_path / "t5")
        transformers.AutoTokenizer.from_pretrained(str(model)).save_pretrained(tmp_path / "t5")
    assert vectors(["bakun dosti", "gelma"], tmp_path / "t5").shape == (2, 16)


def test_a_gpu_that_does_not_hold_the_model_is_told(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch: Any = importlib.import_module("torch")

    def to(network: Any, device: str) -> Any:
        raise RuntimeError(f"{device} out of memory.")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.nn.Module, "to", to)
    with pytest.raises(InputError, match="holds no model that can be loaded: cuda out of memory"):
        vectors(["bakun"], model)


def test_what_gives_no_numbers_is_told(model: Path) -> None:
    torch: Any = importlib.import_module("torch")
    encoder: Any = _model.load(_model.find(model))
    encoder.network.embeddings.word_embeddings.weight.data.fill_(torch.nan)
    with pytest.raises(InputError, match="gives no numbers"):
        encoder(["bakun"])


def test_an_encoder_is_calibrated_by_the_document(model: Path) -> None:
    rng = np.random.default_rng(3)
    forms = list(WORDS)
    said = [[forms[k] for k in rng.integers(0, len(forms), 7)] for _ in range(60)]
    ours, theirs = [" ".join(words) for words in said], [" ".join(WORDS[word] for word in words) for words in said]
    table, links = by_words(size=60)
    a, b = vectors(ours, model), vectors(theirs, model)
    right = weight([sample(margins(a, b), table, links)])
    shuffled = weight([sample(margins(a, b[rng.permutation(60)]), table, links)])
    assert right > 0.1
    assert shuffled < right / 5
