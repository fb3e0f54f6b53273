"""Sentences as vectors of a model of the user's own: a folder, and torch from the extra ``embed``; never by default.

A sentence is the mean of the last hidden states of its tokens, of length one (Reimers & Gurevych 2019): right for
models trained that way, such as the multilingual ones of sentence-transformers, fair for others. What counts in an
alignment is how far the cosine of two sentences stands out above the mean of either with all of the other version,
the margin of Artetxe & Schwenk (2019) over everything instead of the nearest: some sentences are like all others.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tetrapla.align.coverage import Matrix
from tetrapla.align.order import background_of
from tetrapla.align.tokens import Sentences
from tetrapla.errors import InputError, MissingPackageError
from tetrapla.progress import Progress, silent

__all__ = ["embed", "similarities"]

LONGEST = 512  # tokens of a sentence that are read, fewer where the model takes fewer


def embed(texts: Sequence[str], model: Path, *, batch: int = 32, progress: Progress = silent) -> Matrix:
    """Return a vector of length one for each text, as rows; `model` is a folder that ``save_pretrained`` wrote.

    `batch` texts at a time, on the processor. Nothing is downloaded, and no code out of the folder is run.

    Raises:
        InputError: the folder holds no model that can be loaded.
        MissingPackageError: torch is not installed.
    """
    if not (model / "config.json").is_file():
        raise InputError(f"{model} holds no model (no config.json); name a folder that save_pretrained wrote")
    if importlib.util.find_spec("torch") is None:
        raise MissingPackageError("torch", "embedding sentences with a model", "embed")
    with _quiet():
        tokenizer, network, longest = _load(model)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda k: len(texts[k]))
        result = np.zeros((len(texts), network.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), batch):
            some = order[start : start + batch]
            result[some] = _vectors(tokenizer, network, [texts[k] for k in some], longest)
            progress("embedding", min(start + batch, len(order)), len(order))
    return result


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from drawing bars and reporting on weights for a while."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging = importlib.import_module("transformers").utils.logging
        level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            yield
        finally:
            logging.set_verbosity(level)
            if bars:
                logging.enable_progress_bar()


def _load(model: Path) -> tuple[Any, Any, int]:
    """Return the tokenizer and the network in a folder, and how many tokens they take."""
    # By name: torch need not be there, and a type checker would read all of transformers for three calls.
    transformers = importlib.import_module("transformers")
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(model), local_files_only=True)
        network = transformers.AutoModel.from_pretrained(str(model), local_files_only=True)
    except Exception as e:  # whatever a broken file makes of it: no common base, among them errors of other packages
        reason = str(e).strip().split("\n")[0] or type(e).__name__
        raise InputError(f"{model} holds no model that can be loaded: {reason}") from e
    if tokenizer.pad_token is None:
        raise InputError(f"{model} holds no model for sentences: its tokenizer cannot pad; choose another")
    if network.config.is_encoder_decoder:
        network = network.get_encoder()
    network.eval()
    positions = getattr(network.config, "max_position_embeddings", None) or LONGEST
    return tokenizer, network, min(LONGEST, tokenizer.model_max_length, positions)


def _vectors(tokenizer: Any, network: Any, texts: list[str], longest: int) -> Matrix:
    torch = importlib.import_module("torch")
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=longest, return_tensors="pt")
    with torch.inference_mode():
        hidden = network(**encoded).last_hidden_state.float()
    mask = encoded["attention_mask"].unsqueeze(-1).float()
    mean: Matrix = ((hidden * mask).sum(1) / mask.sum(1)).numpy()
    unit: Matrix = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(1e-12))
    return unit


def similarities(
    versions: Sequence[Sentences], model: Path, progress: Progress = silent
) -> dict[tuple[int, int], Matrix]:
    """Return for every two versions how far the cosine of each two sentences stands out above the background.

    Raises:
        InputError: the folder holds no model that can be loaded.
        MissingPackageError: torch is not installed.
    """
    texts = [sentence.text for version in versions for sentence in version.items]
    vectors = embed(texts, model, progress=progress)
    rows = [vectors[a:b] for a, b in pairwise(accumulate(map(len, versions), initial=0))]
    tables = {}
    for x in range(len(rows)):
        for y in range(x + 1, len(rows)):
            cosine: Matrix = rows[x] @ rows[y].T
            tables[x, y] = cosine - background_of(cosine)
    return tables
