"""A language model on this machine: where it is, of which kind, and how likely it finds a stretch of a text."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tetrapla.align.embed._model import quiet
from tetrapla.errors import InputError, MissingPackageError

if TYPE_CHECKING:
    from tetrapla.rank import LanguageModel, Passage

__all__ = ["load"]

LONGEST = 1024  # tokens of a passage that are read, fewer where the model takes fewer
SPARE = 2  # places of a model that its own marks may need, as those of RoBERTa do
MOST = 64  # tokens of a passage that a masked model is asked for, each of which takes a run of its own
NUMBERS = 2**27  # that a batch of answers may hold, one for each token and word of the vocabulary: half a gigabyte

# How the class is called that a model was saved by.
MASKED = ("ForMaskedLM", "ForPreTraining")
CAUSAL = ("ForCausalLM", "LMHeadModel")


class _Row(NamedTuple):
    """What the network is asked at once: tokens, and at which places it should give which ones, for which passage."""

    passage: int
    tokens: list[int]
    asked: list[tuple[int, int]]


def load(model: str | Path) -> LanguageModel:
    """Return what tells how likely passages are, on the GPU if there is one.

    Raises:
        InputError: there is no model, and how to get one; or it is no language model that can be loaded.
        MissingPackageError: torch is not installed.
    """
    folder = _find(model)
    if importlib.util.find_spec("torch") is None:
        raise MissingPackageError("torch", "ranking repairs with a language model", "embed")
    try:
        with quiet():
            return _network(folder)
    except InputError:
        raise
    except Exception as e:  # whatever a broken file makes of it: no common base, among them errors of others
        reason = str(e).strip().split("\n")[0] or type(e).__name__
        raise InputError(f"{folder} holds no model that can be loaded: {reason}") from e


def _find(model: str | Path) -> Path:
    folder = Path(model)
    if not folder.exists():
        hub = importlib.import_module("huggingface_hub")  # comes with transformers
        try:
            config = hub.try_to_load_from_cache(str(model), "config.json")
        except ValueError as e:  # what cannot be a name
            raise InputError(f"there is no folder {model}; name one that holds a language model") from e
        if not isinstance(config, str):
            way = f"get it with: hf download {model}, or name a folder that holds a model"
            raise InputError(
                f"the model {model} is not on this machine (no folder, not in Hugging Face's cache); {way}"
            )
        folder = Path(config).parent
    if not (folder / "config.json").is_file():
        raise InputError(f"{folder} holds no model (no config.json); name a folder that save_pretrained wrote")
    return folder


def _network(folder: Path) -> _Network:
    # By name: torch need not be there, and a type checker would read all of transformers for three calls.
    torch, transformers = importlib.import_module("torch"), importlib.import_module("transformers")
    # Code that a model brings is refused here: left open, transformers asks on the terminal.
    how = {"local_files_only": True, "trust_remote_code": False}
    config = transformers.AutoConfig.from_pretrained(str(folder), **how)
    saved = str((config.architectures or ["unknown"])[0])
    masked = saved.endswith(MASKED)
    if not masked and not saved.endswith(CAUSAL):
        raise InputError(f"{folder} holds no causal or masked language model, but one of the class {saved}")
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **how)
    if not tokenizer.is_fast or (masked and tokenizer.mask_token_id is None):
        raise InputError(f"{folder} has a tokenizer that does not tell places, or has no mask; choose another model")
    kind = transformers.AutoModelForMaskedLM if masked else transformers.AutoModelForCausalLM
    network, told = kind.from_pretrained(str(folder), output_loading_info=True, **how)
    if told["missing_keys"]:  # the head would be made of chance
        raise InputError(f"{folder} holds only a part of a language model; choose another")
    positions = (getattr(config, "max_position_embeddings", None) or LONGEST) - SPARE
    device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    longest = min(LONGEST, tokenizer.model_max_length, positions)
    return _Network(folder, tokenizer, network.float().eval().to(device), masked, longest, device)


@dataclass(frozen=True)
class _Network:
    """A network of torch with its tokenizer."""

    folder: Path
    tokenizer: Any
    network: Any
    masked: bool
    longest: int
    device: str

    def __call__(self, passages: Sequence[Passage]) -> list[float | None]:
        rows = [row for k, passage in enumerate(passages) for row in self._rows(k, passage)]
        sums, counts = [0.0] * len(passages), [0] * len(passages)
        for row, found in self._answers(rows):
            sums[row.passage] += found
            counts[row.passage] += len(row.asked)
        return [total / count if count else None for total, count in zip(sums, counts, strict=True)]

    def _rows(self, number: int, passage: Passage) -> Iterator[_Row]:
        """Give what is to be asked for a passage: nothing where it is too long, or has no token in the stretch."""
        with quiet():
            encoded = self.tokenizer(passage.text, return_offsets_mapping=True)
        tokens, words = list(encoded["input_ids"]), encoded.word_ids()
        inside = [
            k for k, (start, end) in enumerate(encoded["offset_mapping"])
            if words[k] is not None and start < passage.end and max(end, start + 1) > passage.start
        ]  # fmt: skip
        if self.masked:
            if len(tokens) <= self.longest:
                for k in inside[:: -(-len(inside) // MOST) or 1]:
                    rest = [t if words[i] != words[k] or i < k else self._mask for i, t in enumerate(tokens)]
                    yield _Row(number, rest, [(k, tokens[k])])
            return
        first = self.tokenizer.bos_token_id
        if first is not None and tokens[:1] != [first]:
            tokens, inside = [first, *tokens], [k + 1 for k in inside]
        asked = [(k - 1, tokens[k]) for k in inside if k]
        if asked and len(tokens) <= self.longest:
            yield _Row(number, tokens, asked)

    @property
    def _mask(self) -> int:
        return int(self.tokenizer.mask_token_id)

    def _answers(self, rows: Sequence[_Row]) -> Iterator[tuple[_Row, float]]:
        """Give the sum of the log-probabilities of what is asked in each row, rows of like length at a time."""
        start, order = 0, sorted(rows, key=lambda row: -len(row.tokens))
        vocabulary = int(getattr(self.network.config.get_text_config(), "vocab_size", 2**16))
        while start < len(order):
            size = max(NUMBERS // (len(order[start].tokens) * vocabulary), 1)
            some = order[start : start + size]
            yield from zip(some, self._asked(some), strict=True)
            start += size

    def _asked(self, rows: Sequence[_Row]) -> list[float]:
        torch = importlib.import_module("torch")
        longest = max(len(row.tokens) for row in rows)
        pad = self.tokenizer.pad_token_id or 0  # not looked at
        tokens = torch.tensor([row.tokens + [pad] * (longest - len(row.tokens)) for row in rows])
        mask = torch.tensor([[1] * len(row.tokens) + [0] * (longest - len(row.tokens)) for row in rows])
        places = [(k, place, token) for k, row in enumerate(rows) for place, token in row.asked]
        which, where, wanted = (list(column) for column in zip(*places, strict=True))
        try:
            with quiet(), torch.inference_mode():
                answer = self.network(input_ids=tokens.to(self.device), attention_mask=mask.to(self.device)).logits
                chosen = torch.log_softmax(answer[which, where].float(), dim=-1).cpu()
        except RuntimeError as e:  # torch's own class for it is one of these, but not on all devices
            if "out of memory" not in str(e).lower():
                raise
            way = "choose a smaller model, or hide the GPU with CUDA_VISIBLE_DEVICES=-1"
            raise InputError(f"the memory does not hold the model and what it reads; {way}") from e
        found = chosen[range(len(wanted)), wanted]
        if not torch.isfinite(found).all():
            raise InputError(f"the model in {self.folder} gives no numbers; choose another")
        sums = torch.zeros(len(rows)).index_add_(0, torch.tensor(which), found)
        return [float(value) for value in sums]
