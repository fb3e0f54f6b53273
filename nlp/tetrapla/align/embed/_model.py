"""A model on this machine: where it is, how its files say that a vector is made, and the network that makes it."""

from __future__ import annotations

import importlib
import importlib.util
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tetrapla.align.coverage import Matrix
from tetrapla.errors import InputError, MissingPackageError

__all__ = ["DEFAULT", "Encoder", "Recipe", "batches", "find", "load", "quiet", "unit"]

Encoder = Callable[[Sequence[str]], Matrix]  # gives a vector of length one for each text, one or more

DEFAULT = "sentence-transformers/LaBSE"
LONGEST = 512  # tokens of a sentence that are read, fewer where the model takes fewer
POOLING = ("cls", "max", "mean")
ACTIVATIONS = ("Tanh", "Identity", "ReLU", "GELU", "Sigmoid")


@dataclass(frozen=True)
class Recipe:
    """How a folder makes a vector: its network, way of pooling, dense layers (folder, activation), most tokens."""

    folder: Path
    network: Path
    pooling: str = "mean"
    dense: tuple[tuple[Path, str], ...] = ()
    longest: int = LONGEST


def find(model: str | Path) -> Recipe:
    """Return what the files of a model say, in a folder or in the cache of Hugging Face; the mean if they say nothing.

    Raises:
        InputError: there is no model, and how to get one; or its files say what is not known here, for a vector made
            otherwise would be a wrong one.
    """
    folder = Path(model) if Path(model).exists() else _cached(str(model))
    recipe = Recipe(folder, folder)
    if (folder / "modules.json").is_file():
        try:
            recipe = _written(folder)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as e:  # JSON of any shape
            raise InputError(
                f"{folder}: modules.json or a file it names cannot be read; download the model again"
            ) from e
    if not (recipe.network / "config.json").is_file():
        raise InputError(f"{folder} holds no model (no config.json); name a folder that save_pretrained wrote")
    return recipe


def _cached(name: str) -> Path:
    hub = importlib.import_module("huggingface_hub")  # comes with transformers
    way = f"get it with: hf download {name}, or name a folder that holds a model"
    try:
        modules, config = (hub.try_to_load_from_cache(name, file) for file in ("modules.json", "config.json"))
    except ValueError as e:  # what cannot be a name
        said = f"there is no folder {name}; name one that holds a model, or a model such as {DEFAULT}"
        raise InputError(said) from e
    if isinstance(modules, str):
        return Path(modules).parent
    if not isinstance(config, str):
        raise InputError(f"the model {name} is not on this machine (no folder, not in Hugging Face's cache); {way}")
    # What transformers alone has downloaded does not say how to pool, and would be pooled wrongly.
    if name.startswith("sentence-transformers/"):
        raise InputError(f"Hugging Face's cache has only a part of the model {name}; {way}")
    return Path(config).parent


def _written(folder: Path) -> Recipe:
    """Return what sentence-transformers files say; many kinds of errors if they have not the shape of such files."""
    network, pooling, longest, dense = None, "mean", LONGEST, []
    for module in _json(folder / "modules.json"):
        kind, part = module["type"].rpartition(".")[2], folder / module["path"]
        if kind == "Transformer":
            network = part
            for file in part.glob("sentence_*_config.json"):
                longest = min(longest, _json(file).get("max_seq_length") or LONGEST)
        elif kind == "Pooling":
            pooling = _pooling(part / "config.json")
        elif kind == "Dense":
            activation = _json(part / "config.json").get("activation_function", "Tanh").rpartition(".")[2]
            if activation not in ACTIVATIONS:
                raise InputError(f"{part} has an activation that is not known here: {activation}; choose another model")
            dense.append((part, activation))
        elif kind != "Normalize":  # all vectors are made one long
            raise InputError(f"{folder} has a layer that is not known here: {kind}; choose another model")
    if network is None:
        raise ValueError("no network")
    return Recipe(folder, network, pooling, tuple(dense), longest)


def _pooling(file: Path) -> str:
    config = _json(file)
    given = config.get("pooling_mode")
    if given is None:  # older files: a key for each way, such as pooling_mode_cls_token
        names = [key.removeprefix("pooling_mode_") for key in config if key.startswith("pooling_mode_") and config[key]]
        given = "+".join(name.removesuffix("s").removesuffix("_token") for name in names)
    if given not in POOLING:
        raise InputError(f"{file} pools in a way that is not known here: {given}; choose another model")
    return str(given)


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def load(recipe: Recipe) -> Encoder:
    """Return what makes vectors of texts, on the GPU if there is one.

    Raises:
        InputError: the folder holds no model that can be loaded.
        MissingPackageError: torch is not installed.
    """
    if importlib.util.find_spec("torch") is None:
        raise MissingPackageError("torch", "embedding sentences with a model", "embed")
    try:
        with quiet():
            network = _network(recipe)
    except Exception as e:  # whatever a broken file makes of it: no common base, among them errors of others
        reason = str(e).strip().split("\n")[0] or type(e).__name__
        raise InputError(f"{recipe.folder} holds no model that can be loaded: {reason}") from e
    if network.tokenizer.pad_token is None:
        raise InputError(f"{recipe.folder} holds no model for sentences: its tokenizer cannot pad; choose another")
    return network


def batches(encoder: Encoder, texts: Sequence[str], size: int) -> Iterator[tuple[Sequence[str], Matrix]]:
    """Give texts and their vectors, `size` at a time, fewer where the memory of the GPU has no room for that many.

    Raises:
        InputError: the memory does not hold the model and one text.
    """
    start = 0
    while start < len(texts):
        some = texts[start : start + size]
        try:
            found = encoder(some)
        except RuntimeError as e:  # torch's own class for it is one of these, but not on all devices
            if "out of memory" not in str(e).lower():
                raise
            if len(some) == 1:
                way = "choose a smaller model, or hide the GPU with CUDA_VISIBLE_DEVICES=-1"
                raise InputError(f"the memory does not hold the model and one sentence; {way}") from e
            size = len(some) // 2
            continue  # outside of this block, for the error holds on to what fills the memory
        yield some, found
        start += len(some)


def unit(rows: Matrix) -> Matrix:
    """Return rows made one long; those of nothing but zeros stay so."""
    made: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return made


@dataclass(frozen=True)
class _Network:
    """A network of torch with its tokenizer."""

    tokenizer: Any
    network: Any
    recipe: Recipe
    longest: int
    dense: Sequence[tuple[Any, Any, Any]]  # weights, biases, activation; on the processor
    device: str

    def __call__(self, texts: Sequence[str]) -> Matrix:
        torch = importlib.import_module("torch")
        with quiet(), torch.inference_mode():
            encoded = self.tokenizer(
                list(texts), padding=True, truncation=True, max_length=self.longest, return_tensors="pt"
            ).to(self.device)
            hidden = self.network(**encoded).last_hidden_state
            row = _pooled(self.recipe.pooling, hidden, encoded["attention_mask"]).cpu()
            for weights, bias, activation in self.dense:
                row = activation(torch.nn.functional.linear(row, weights, bias))
        found: Matrix = row.numpy()
        if not np.isfinite(found).all():
            raise InputError(f"the model in {self.recipe.folder} gives no numbers; choose another")
        return unit(found)


def _pooled(way: str, hidden: Any, mask: Any) -> Any:
    """Return one vector a text from those of its tokens; padding may stand on either side."""
    if way == "cls":
        return hidden[range(len(hidden)), mask.argmax(dim=1)]
    wide = mask.unsqueeze(-1)
    if way == "max":
        return hidden.masked_fill(wide == 0, float("-inf")).max(dim=1).values
    return (hidden * wide).sum(dim=1) / wide.sum(dim=1).clamp(min=1)


def _network(recipe: Recipe) -> _Network:
    # By name: torch need not be there, and a type checker would read all of transformers for three calls.
    torch, transformers = importlib.import_module("torch"), importlib.import_module("transformers")
    # Code that a model brings is refused here: left open, transformers asks on the terminal.
    how = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(recipe.network), **how)
    network = transformers.AutoModel.from_pretrained(str(recipe.network), **how)
    if network.config.is_encoder_decoder:
        network = network.get_encoder()
    positions = getattr(network.config, "max_position_embeddings", None) or LONGEST
    longest = min(recipe.longest, tokenizer.model_max_length, positions)
    dense = [_dense(torch, part, activation) for part, activation in recipe.dense]
    device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    return _Network(tokenizer, network.float().eval().to(device), recipe, longest, dense, device)


def _dense(torch: Any, folder: Path, activation: str) -> tuple[Any, Any, Any]:
    """Return weights, biases (None without any) and activation of a dense layer."""
    if (folder / "model.safetensors").is_file():
        tensors = importlib.import_module("safetensors.torch").load_file(folder / "model.safetensors")
    else:
        tensors = torch.load(folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
    bias = tensors.get("linear.bias")
    return tensors["linear.weight"].float(), None if bias is None else bias.float(), getattr(torch.nn, activation)()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from drawing bars and reporting on weights for a while."""
    messages = importlib.import_module("transformers").utils.logging
    level, bars = messages.get_verbosity(), messages.is_progress_bar_enabled()
    messages.set_verbosity_error()
    messages.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        messages.set_verbosity(level)
        if bars:
            messages.enable_progress_bar()
