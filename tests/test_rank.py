"""A language model weighs repairs: what it is asked, what follows from its answers, which models there are."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import socket
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla import rank
from tetrapla.cli import main
from tetrapla.errors import InputError, MissingPackageError
from tetrapla.model import Document, Finding, Grade, Span
from tetrapla.rank import LanguageModel, Passage, Ranker, moved, ranked

KNOWN = """the stone bridge over the river was built by the monks of the valley
the old mill stands beside the stone bridge and grinds the corn of the valley
in spring the river rises and the mill stands still until the water falls again
the monks sold the corn at the market and bought salt and iron for the mill
every year the market was held under the walls of the abbey after the harvest
the walls of the abbey were built of stone that the river had carried down
a new road along the river brought the salt and the iron to the market
the harvest was good and the barns of the abbey were full of corn again
"""


class Letters:
    """Stands in for a model: knows which letter follows which two, from a text that it has read."""

    def __init__(self, text: str = KNOWN) -> None:
        self.pairs = Counter(text[k : k + 2] for k in range(len(text)))
        self.threes = Counter(text[k : k + 3] for k in range(len(text)))
        self.asked: list[list[Passage]] = []

    def __call__(self, passages: Sequence[Passage]) -> list[float | None]:
        self.asked.append(list(passages))
        return [self.likelihood(passage) for passage in passages]

    def likelihood(self, passage: Passage) -> float | None:
        text = "  " + passage.text.replace("\n", " ").lower()
        found = [
            math.log((self.threes[text[k - 2 : k + 1]] + 0.1) / (self.pairs[text[k - 2 : k]] + 4))
            for k in range(passage.start + 2, passage.end + 2)
        ]
        return sum(found) / len(found) if found else None


def constant(*values: float | None) -> LanguageModel:
    """Return what says these of the passages in the order of their length, the longest first."""
    return lambda passages: [values[k % len(values)] for k in range(len(passages))]


def finding(
    text: str, part: str, new: str | None, *, kind: str = "split-word", score: float = 0.8, grade: Grade = "review",
    **more: Any,
) -> Finding:  # fmt: skip
    start = text.index(part)
    return Finding(kind, (Span(start, start + len(part)),), score, grade, new, **more)


def weighed(text: str, found: Finding, model: LanguageModel | None = None) -> Finding:
    [one] = ranked(Document("d", "en", text), [found], model or Letters())
    return one


# ---- which repair wins ----------------------------------------------------------------------------------------------

RIGHT = {  # the text, what is found in it, the repair proposed and others, the repair that should win
    "split": ("the stone br idge over the river", "br idge", ["bridge"], "bridge"),
    "hyphen": ("the market was held under the wa- lls of the abbey", "wa- lls", ["walls"], "walls"),
    "merged": ("the old millstands beside the bridge", "millstands", ["mill stands"], "mill stands"),
    "where to part": ("the old millstands beside the bridge", "millstands", ["mills tands", "mill stands"], "mill stands"),
    "wrong letter": ("in spring the rlver rises again", "rlver", ["rover", "river", "rvver"], "river"),
    "spaced": ("the m a r k e t was held", "m a r k e t", ["market"], "market"),
    "goes": ("the monks sold ĝhŝĵ the corn at the market", "ĝhŝĵ", [""], ""),
    "over a line": ("the stone br-\nidge over the river", "br-\nidge", ["bridge"], "bridge"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_repair_wins(name: str) -> None:
    text, part, (proposed, *others), right = RIGHT[name]
    found = finding(text, part, proposed, evidence={"candidates": others, "by": "words"})
    made = weighed(text, found)
    assert made.replacement == right
    assert made.evidence["lm"] > 0
    assert made.evidence["by"] == "words"
    assert made.score > found.score
    assert made == replace(found, replacement=right, score=made.score, evidence=made.evidence)


WRONG = {
    "joined": ("the old mill stands beside the stone bridge", "mill stands", "millstands"),
    "parted": ("in spring the river rises and the mill stands still", "river", "ri ver"),
    "letters": ("the monks sold the corn at the market", "corn", "ccxn"),
    "what is needed goes": ("the walls of the abbey were built", "of the a", "q"),
}


@pytest.mark.parametrize("grade", ["safe", "review"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_repair_is_doubted_but_stays(name: str, grade: Grade) -> None:
    text, part, new = WRONG[name]
    found = finding(text, part, new, grade=grade, score=0.9)
    made = weighed(text, found)
    assert made.replacement == new
    assert made.evidence["lm"] < 0
    assert made.score < found.score
    assert made.grade == "review"


def test_what_is_much_worse_falls_below_a_half_however_sure_it_was() -> None:
    text = "the old mill stands beside the stone bridge"
    made = weighed(text, finding(text, "mill", "xqwkzjvhqf", score=1.0, grade="safe"))
    assert made.score < 0.5


def test_the_copy_that_reads_worse_should_go() -> None:
    good, bad = "the mill stands beside the river", "the mxll stxnds besxde the rvvr"
    text = f"{good} and {bad} in spring"
    spans = {part: Span(text.index(part), text.index(part) + len(part)) for part in (good, bad)}
    for gone, kept, better in ((bad, good, True), (good, bad, False)):
        found = Finding("duplicate", (spans[gone],), 0.8, "review", "", kept=spans[kept])
        made = weighed(text, found)
        assert (made.score > found.score) is better
        assert (made.spans, made.kept, made.replacement) == (found.spans, found.kept, "")


# ---- what follows from the answers ----------------------------------------------------------------------------------

TEXT = "the stone br idge over the river"
SPLIT = finding(TEXT, "br idge", "bridge")


@pytest.mark.parametrize(
    ("gain", "grade", "expected"),
    [
        (0.5, "safe", "safe"),
        (0.5, "review", "review"),
        (0.0, "safe", "safe"),
        (-0.05, "safe", "safe"),
        (-0.3, "safe", "review"),
        (-9.0, "review", "review"),
    ],
)
def test_nothing_becomes_safe_and_what_is_doubted_no_longer_is(gain: float, grade: Grade, expected: Grade) -> None:
    made = weighed(TEXT, replace(SPLIT, grade=grade), constant(-3.0, -3.0 + gain))
    assert (made.grade, made.evidence) == (expected, {"lm": gain})


def test_what_the_check_did_not_propose_is_for_review() -> None:
    found = replace(SPLIT, grade="safe", evidence={"candidates": ["breeeeeeeeidge"]})
    made = weighed(TEXT, found, constant(-1.0, -3.0, -2.0))  # the candidate is the longest
    assert (made.replacement, made.grade) == ("breeeeeeeeidge", "review")
    same = weighed(TEXT, found, constant(-2.0, -3.0, -2.0))
    assert (same.replacement, same.grade) == ("bridge", "safe")


UNTOUCHED = {
    "nothing proposed": finding("a b", "a", None),
    "no change": finding("one two", "two", "two"),
    "no letters": finding("page 5, 693 of it", "5, 693", "5,693"),
    "a digit changes": finding("formedf! by it", "formedf!", "formed[1]"),
    "a digit goes": finding("of it 12 th", "12 th", "th"),
    "a line goes": finding("of it\n Mills\nand more", "Mills", ""),
    "all goes": finding("Mills", "Mills", ""),
}
TEXTS = {
    "nothing proposed": "a b", "no change": "one two", "no letters": "page 5, 693 of it",
    "a digit changes": "formedf! by it", "a digit goes": "of it 12 th",
    "a line goes": "of it\n Mills\nand more", "all goes": "Mills",
}  # fmt: skip


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_a_model_cannot_tell_stays_as_it_is(name: str) -> None:
    model = Letters()
    assert weighed(TEXTS[name], UNTOUCHED[name], model) is UNTOUCHED[name]
    assert model.asked == []


@pytest.mark.parametrize("values", [(None, -1.0), (-1.0, None), (None, None)])
def test_a_passage_that_cannot_be_read_leaves_the_finding_alone(values: tuple[float | None, ...]) -> None:
    assert weighed(TEXT, SPLIT, constant(*values)) is SPLIT


@pytest.mark.parametrize("given", [None, 7, "bridge", {"bridge": 1}, [None, 3, ["x"]]])
def test_evidence_of_another_shape_is_no_list_of_candidates(given: Any) -> None:
    assert weighed(TEXT, replace(SPLIT, evidence={"candidates": given})).replacement == "bridge"


scores, gains = st.floats(0, 1), st.floats(-50, 50)


@given(scores, gains)
def test_a_score_moves_with_the_gain_and_within_bounds(score: float, gain: float) -> None:
    new = moved(score, gain)
    assert 0 <= new <= 1
    assert new == score if gain == 0 else (new - score) * gain >= 0

    def odds(value: float) -> float:
        value = min(max(value, 1 - rank.SURE), rank.SURE)
        return math.log(value / (1 - value))

    assert abs(odds(new) - odds(score)) <= rank.PUSH + 1e-9


@given(scores, st.lists(gains, min_size=2, max_size=5))
def test_more_gain_is_never_less_score(score: float, several: list[float]) -> None:
    made = [moved(score, gain) for gain in sorted(several)]
    assert all(a <= b for a, b in pairwise(made))


@given(gains, st.lists(scores, min_size=2, max_size=5))
def test_the_surer_stays_the_surer(gain: float, several: list[float]) -> None:
    made = [moved(score, gain) for score in sorted(several)]
    assert all(a <= b for a, b in pairwise(made))


# ---- what is asked --------------------------------------------------------------------------------------------------


def asked(text: str, found: Finding) -> list[Passage]:
    """Return the passages that are read for a finding: as it stands, and with each repair."""
    question = rank._question(Document("d", "en", text), found)
    assert question is not None
    return list(question.passages)


def stretch(passage: Passage) -> str:
    return passage.text[passage.start : passage.end]


@pytest.mark.parametrize(
    ("text", "part", "new", "standing", "repaired"),
    [
        ("one two three four fi ve six seven eight nine", "fi ve", "five",
         "two three four fi ve six seven eight", "two three four five six seven eight"),
        ("fi ve six", "fi ve", "five", "fi ve six", "five six"),
        ("one fi ve", "fi ve", "five", "one fi ve", "one five"),
        ("one two\nthree fi-\nve six", "fi-\nve", "five", "one two three fi- ve six", "one two three five six"),
        ("她们在河边走路和唱歌", "走路", "走着", "她们在河边走路和唱歌", "她们在河边走着和唱歌"),
        ("她们在河边\n\n走路和唱歌", "走路", "走着", "她们在河边走路和唱歌", "她们在河边走着和唱歌"),
    ],
)  # fmt: skip
def test_the_change_and_the_words_beside_it_count(text: str, part: str, new: str, standing: str, repaired: str) -> None:
    before, after = asked(text, finding(text, part, new))
    assert (stretch(before), stretch(after)) == (standing, repaired)


def test_where_a_passage_goes_the_words_behind_it_count() -> None:
    text = "one two\nEnglish three four five six seven"
    before, after = asked(text, finding(text, "English", ""))
    assert before == Passage("one two English three four five six seven", 15, 31)
    assert after == Passage("one two three four five six seven", 7, 23)
    assert stretch(before) == stretch(after) == " three four five"
    assert weighed("the last English", finding("the last English", "English", "")).evidence == {}


def test_a_finding_of_several_pieces_is_repaired_as_one() -> None:
    text = "one br two idge three four five six"
    found = Finding("split-word", (Span(4, 6), Span(11, 15)), 0.8, "review", "bridge")
    before, after = asked(text, found)
    assert (stretch(before), stretch(after)) == ("one br two idge three four five", "one bridge two three four five")


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(["abcdefgh ", "河", "ab\n", "x"]))
def test_no_more_is_read_than_is_good(left: int, right: int, unit: str) -> None:
    text = unit * left + " br idge " + unit * right
    before, after = asked(text, finding(text, "br idge", "bridge"))
    for passage in (before, after):
        assert len(passage.text) <= 2 * rank.CONTEXT + 10
        assert 0 <= passage.start < passage.end <= len(passage.text)
        assert len(stretch(passage)) <= 2 * rank.BESIDE_LONGEST + 10
    assert "br idge" in stretch(before)
    assert "bridge" in stretch(after)
    near = min(left * len(unit), 20)
    assert len(before.text[: before.text.index("br idge")].strip()) >= near // 3  # Chinese too has some context


@given(st.text("ab 河。\n\t-", max_size=60), st.integers(0, 60), st.integers(1, 60), st.text("ab \n", max_size=5))
def test_a_passage_is_the_text_with_the_repair(text: str, start: int, length: int, new: str) -> None:
    start, end = min(start, len(text)), min(start + length, len(text))
    question = rank._question(Document("d", "en", text), Finding("x", (Span(start, end),), 0.5, "review", new))
    if question is None:
        return
    for passage, inside in zip(question.passages, (text[start:end], new), strict=True):
        assert "".join(passage.text.split()) == "".join((text[:start] + inside + text[end:]).split())
        assert "\n" not in passage.text
        assert 0 <= passage.start <= passage.end <= len(passage.text)


def test_a_passage_is_read_once_and_progress_is_told() -> None:
    text = "\n\n".join(f"{'word ' * k}the stone br idge over the river" for k in range(1, 8))
    at = [k for k in range(len(text)) if text.startswith("br idge", k)]
    found = [replace(SPLIT, spans=(Span(k, k + 7),)) for k in at]
    doc, model, steps = Document("d", "en", text), Letters(), []
    ranker = Ranker(model, batch=4)
    first = ranker(doc, found, progress=lambda *step: steps.append(step))
    assert [len(some) for some in model.asked] == [4, 4, 4, 2]
    assert steps == [("ranking", done, 14) for done in (4, 8, 12, 14)]
    assert ranker(doc, found) == first
    assert len(model.asked) == 4
    assert Ranker(Letters(), batch=100)(doc, found) == ranked(doc, found, Letters()) == first
    assert [one.start for one in ranked(doc, found[::-1], Letters())] == at[::-1]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank, "KNOWN", 1)
    ranker = Ranker(Letters())
    for _ in range(3):
        assert ranker(Document("d", "en", TEXT), [SPLIT])[0].evidence["lm"] > 0
        assert len(ranker._known) == 2


# ---- where a model is -----------------------------------------------------------------------------------------------


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("own/model", "is not on this machine (no folder, not in Hugging Face's cache); get it with: hf download own/model"),
        ("models/of/mine", "there is no folder models/of/mine; name one that holds a language model"),
        (".", "holds no model (no config.json)"),
    ],
)  # fmt: skip
def test_a_model_that_is_not_there_is_told_with_the_way_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    constants = importlib.import_module("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as raised:
        Ranker(name)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("without_torch")
def test_without_torch_the_way_to_get_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(MissingPackageError, match=r"torch: pip install 'tetrapla\[embed\]'"):
        ranked(Document("d", "en", TEXT), [SPLIT], tmp_path)


# ---- with torch -----------------------------------------------------------------------------------------------------

SPECIAL = ["[PAD]", "[UNK]", "[MASK]", "[BOS]"]


def libraries() -> tuple[Any, Any]:
    pytest.importorskip("torch", reason="needs torch: pip install 'tetrapla[embed]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("torch"), importlib.import_module("transformers")


def tokenizer_of(folder: Path, *, start: bool) -> Any:
    """Write a tokenizer into a folder that makes a token of each letter, and of each word a word."""
    _, transformers = libraries()
    tokenizers: Any = importlib.import_module("tokenizers")
    letters = {token: k for k, token in enumerate([*SPECIAL, *sorted(set(KNOWN.replace("\n", " ")))])}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(letters, [], unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Split(" ", "merged_with_next")
    given = {"bos_token": "[BOS]"} if start else {}
    wrapped = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="[UNK]", mask_token="[MASK]", pad_token="[PAD]", **given
    )
    wrapped.save_pretrained(folder)
    return wrapped


def network_of(kind: str, size: int) -> Any:
    torch, transformers = libraries()
    torch.manual_seed(3)
    if kind == "causal":
        config = transformers.GPT2Config(
            vocab_size=size, n_positions=258, n_embd=32, n_layer=1, n_head=2, resid_pdrop=0.0, embd_pdrop=0.0,
            attn_pdrop=0.0, initializer_range=0.3, bos_token_id=3, eos_token_id=3,
        )  # fmt: skip
        return transformers.GPT2LMHeadModel(config)
    config = transformers.BertConfig(
        vocab_size=size, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=258, initializer_range=0.3, pad_token_id=0,
    )  # fmt: skip
    return transformers.BertForMaskedLM(config)


@pytest.fixture(scope="module", params=["causal", "masked"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A small model that nobody has trained."""
    folder = tmp_path_factory.mktemp(request.param)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        size = len(tokenizer_of(folder, start=request.param == "causal"))
        network_of(request.param, size).save_pretrained(folder)
    return request.param, folder


PASSAGES = [
    Passage("the river rises", 4, 9), Passage("the ri ver rises", 4, 10), Passage("a", 0, 1),
    Passage("the old mill stands beside the stone bridge", 8, 19),
]  # fmt: skip


def by_hand(kind: str, folder: Path) -> list[float]:
    """Return the mean log-probability of the letters of each stretch, computed one by one."""
    torch, transformers = libraries()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder))
        auto = transformers.AutoModelForMaskedLM if kind == "masked" else transformers.AutoModelForCausalLM
        network = auto.from_pretrained(str(folder)).eval()

        def letter(tokens: list[int], k: int) -> float:
            if kind == "causal":
                answer = network(torch.tensor([[3, *tokens[:k]]])).logits[0, -1]
            else:
                end = tokens.index(blank, k + 1) if blank in tokens[k + 1 :] else len(tokens)
                answer = network(torch.tensor([[*tokens[:k], *[2] * (end - k), *tokens[end:]]])).logits[0, k]
            return float(torch.log_softmax(answer, -1)[tokens[k]])

        blank = tokenizer.convert_tokens_to_ids(" ")
        texts = [[tokenizer.convert_tokens_to_ids(char) for char in passage.text] for passage in PASSAGES]
        found = [
            [letter(tokens, k) for k in range(passage.start, passage.end)]
            for tokens, passage in zip(texts, PASSAGES, strict=True)
        ]
    return [sum(some) / len(some) for some in found]


@pytest.mark.usefixtures("offline")
def test_likelihoods_are_those_of_the_network(
    model: tuple[str, Path], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, folder = model
    loaded = importlib.import_module("tetrapla.rank._model")
    language_model = loaded.load(folder)
    found = language_model(PASSAGES)
    monkeypatch.setattr(loaded, "NUMBERS", 1)  # a row at a time
    assert language_model(PASSAGES) == pytest.approx(found, abs=1e-4)
    assert capfd.readouterr() == ("", "")
    assert found == pytest.approx(by_hand(kind, folder), abs=1e-4)


def test_what_is_too_long_or_empty_is_not_read(model: tuple[str, Path]) -> None:
    load = importlib.import_module("tetrapla.rank._model").load
    found = load(model[1])([Passage("ab " * 200, 4, 6), Passage("the river", 4, 4), Passage("the river", 4, 9)])
    assert [value is None for value in found] == [True, True, False]


def test_a_long_stretch_is_asked_for_in_part(model: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = importlib.import_module("tetrapla.rank._model")
    monkeypatch.setattr(loaded, "MOST", 3)
    kind, folder = model
    rows = list(loaded.load(folder)._rows(0, Passage("the river rises", 0, 15)))
    assert len(rows) == (3 if kind == "masked" else 1)


def test_the_same_again(model: tuple[str, Path]) -> None:
    doc = Document("d", "en", TEXT)
    first, again = (Ranker(str(model[1]), batch=size)(doc, [SPLIT]) for size in (1, 16))
    assert first == again == ranked(doc, [SPLIT], model[1])
    assert first[0].evidence["lm"] != 0


def test_a_model_is_loaded_once(model: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = importlib.import_module("tetrapla.rank._model")
    load, loads = loaded.load, []

    def counting(name: str) -> LanguageModel:
        loads.append(name)
        found: LanguageModel = load(name)
        return found

    monkeypatch.setattr(loaded, "load", counting)
    rank._named.cache_clear()
    for text in (TEXT, f"{TEXT} again"):
        ranked(Document("d", "en", text), [SPLIT], model[1])
    assert len(loads) == 1


def test_a_model_that_has_learnt_finds_the_right_repair(tmp_path: Path) -> None:
    torch, _ = libraries()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = tokenizer_of(tmp_path, start=True)
        network = network_of("causal", len(tokenizer))
        lines = [f"[BOS]{line}" for line in KNOWN.splitlines()]
        batch = tokenizer(lines, padding=True, return_tensors="pt")
        wanted = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
        steps = torch.optim.AdamW(network.parameters(), lr=1e-2)
        for _ in range(80):
            network(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], labels=wanted).loss.backward()
            steps.step()
            steps.zero_grad()
        network.save_pretrained(tmp_path)
    ranker = Ranker(tmp_path)
    for text, part, (proposed, *others), right in RIGHT.values():
        found = finding(text, part, proposed, evidence={"candidates": others})
        [made] = ranker(Document("d", "en", text), [found])
        assert (made.replacement, made.score > found.score) == (right, True), text
    for text, part, new in WRONG.values():
        [made] = ranker(Document("d", "en", text), [finding(text, part, new, grade="safe")])
        assert (made.grade, made.score < 0.8) == ("review", True), text


@pytest.mark.parametrize("kind", ["no head", "encodes and decodes", "head of chance", "broken"])
def test_what_is_no_language_model_is_refused(tmp_path: Path, kind: str) -> None:
    _, transformers = libraries()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        size = len(tokenizer_of(tmp_path, start=False))
        network = network_of("masked", size)
        if kind == "no head":
            network.bert.save_pretrained(tmp_path)
        elif kind == "encodes and decodes":
            config = transformers.T5Config(vocab_size=size, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
            transformers.T5ForConditionalGeneration(config).save_pretrained(tmp_path)
        elif kind == "head of chance":
            network.bert.config.architectures = ["BertForMaskedLM"]
            network.bert.save_pretrained(tmp_path)
            text = (tmp_path / "config.json").read_text("utf-8").replace('"BertModel"', '"BertForMaskedLM"')
            (tmp_path / "config.json").write_text(text, "utf-8")
        else:
            network.save_pretrained(tmp_path)
            (tmp_path / "model.safetensors").write_bytes(b"no weights")
    said = {
        "no head": "holds no causal or masked language model, but one of the class BertModel",
        "encodes and decodes": "but one of the class T5ForConditionalGeneration",
        "head of chance": "holds only a part of a language model",
        "broken": "holds no model that can be loaded: ",
    }
    with pytest.raises(InputError) as raised:
        Ranker(tmp_path)
    assert said[kind] in str(raised.value)
    assert "\n" not in str(raised.value)


# ----------------------------------------------------------------------------------------------------- command line


def test_commands_weigh_repairs_with_the_model_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def doubting(name: str) -> Ranker:
        asked.append(name)
        return Ranker(lambda passages: [float(-len(p.text)) if "workers" in p.text else 0.0 for p in passages])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rank, "_named", doubting)
    text = "The work- ers made paper, and the inno- vation of the mill was a steam engine.\n"
    Path("a.txt").write_text(text, encoding="utf-8")
    assert main(["clean", "a.txt", "--lm", "models/mine"]) == 0
    assert capsys.readouterr().out == text.replace("inno- vation", "innovation")
    assert main(["clean", "a.txt"]) == 0
    assert capsys.readouterr().out == text.replace("inno- vation", "innovation").replace("work- ers", "workers")
    assert main(["check", "a.txt", "--only", "hyphenation", "--format", "jsonl", "--lm", "models/mine"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["replacement"], first["grade"]) == ("workers", "review")
    assert first["evidence"]["lm"] < 0
    assert second["grade"] == "safe"
    assert set(asked) == {"models/mine"}


@pytest.mark.usefixtures("offline")
def test_commands_run_with_a_real_model(
    model: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("the stone bri dge over the river was built by the work- ers\n", encoding="utf-8")
    assert main(["check", "a.txt", "--language", "en", "--format", "jsonl", "--lm", str(model[1])]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert any("lm" in finding["evidence"] for finding in found)
    assert main(["clean", "a.txt", "--language", "en", "--lm", str(model[1])]) == 0


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("command", ["check", "clean"])
def test_commands_tell_in_a_line_that_there_is_no_such_model(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("The work- ers made paper.\n", encoding="utf-8")
    assert main([command, "a.txt", "--lm", "nobody/nothing"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
