"""Sentences as vectors of a model of the user's own, and how much that model's word counts; never by default.

The model is an encoder that transformers can load (the extra ``embed`` brings torch): a folder, or a name that the
cache of Hugging Face has on this machine. Nothing is downloaded and no code out of a model is run. Hidden states are
pooled as the model's sentence-transformers files say, else averaged (Reimers & Gurevych 2019). What counts in an
alignment is how far the cosine of two sentences stands out above the mean of either with all of the other version,
the margin of Artetxe & Schwenk (2019) over everything instead of the nearest: some sentences are like all others.

Vectors are kept on disk by the hash of model and text, no text itself: in ``$TETRAPLA_CACHE``, else in ``tetrapla``
under ``$XDG_CACHE_HOME`` or ``~/.cache``. The folder may be deleted at any time; ``TETRAPLA_CACHE=off`` keeps none.

A model may know both languages well, or not at all, so its weight is learnt from the document (`weight`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tetrapla.align.coverage import Matrix
from tetrapla.align.embed._model import DEFAULT, batches, find, load, unit
from tetrapla.align.embed._store import Store, cache_folder, fingerprint
from tetrapla.align.embed._weight import Sample, sample, weight
from tetrapla.align.order import background_of
from tetrapla.progress import Progress, silent

__all__ = ["DEFAULT", "Sample", "cache_folder", "margins", "sample", "vectors", "weight"]


def vectors(
    texts: Sequence[str], model: str | Path = DEFAULT, *, batch: int = 32, progress: Progress = silent
) -> Matrix:
    """Return a vector of length one for each text, as rows; those that are kept on disk are not computed again.

    `model` is a folder, or a name in the cache of Hugging Face; `batch` texts are computed at a time, on the GPU if
    there is one. Without texts there are no rows, and no columns.

    Raises:
        InputError: no such model on this machine, or it cannot be used.
        MissingPackageError: torch is not installed, and not all vectors are kept.
    """
    recipe = find(model)
    store = Store(cache_folder(), fingerprint(recipe.folder))
    distinct = list(dict.fromkeys(texts))
    rows = store.get(distinct)
    # Texts of like length share a batch, so that little of it is padding; the longest tell first what fits.
    missing = sorted((text for text in distinct if text not in rows), key=len, reverse=True)
    for some, found in batches(load(recipe), missing, batch) if missing else ():
        # Rounded as on disk, so that a second run gives what the first one gave.
        new = dict(zip(some, found.astype(np.float16), strict=True))
        store.put(new)
        rows.update(new)
        progress("embedding", len(rows), len(distinct))
    if not rows:
        return np.zeros((0, 0), dtype=np.float32)
    return unit(np.array([rows[text] for text in texts], dtype=np.float32))


def margins(a: Matrix, b: Matrix) -> Matrix:
    """Return how far the cosine of each two rows, of length one, stands out above its background."""
    if not len(a) or not len(b):
        return np.zeros((len(a), len(b)), dtype=np.float32)
    cosine: Matrix = a @ b.T
    return cosine - background_of(cosine)
