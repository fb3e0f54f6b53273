"""What an aligner gives, and the registry of aligners."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences
from tetrapla.progress import Progress
from tetrapla.registry import Registry

__all__ = ["Backend", "Options", "Path", "registry"]


@dataclass(frozen=True)
class Path:
    """The links of two versions in the order of the second, and the probability of each (0..1)."""

    links: Sequence[Link]
    probabilities: Sequence[float]


@dataclass(frozen=True)
class Options:
    """What an aligner may be told; one that cannot use what it is told refuses it.

    `model` is the folder of a model that embeds sentences (see `align.embed`).
    """

    model: pathlib.Path | None = None


NO_OPTIONS = Options()


class Backend(Protocol):
    """Takes versions, the pivot first; gives the path of every two of them, by their numbers, the smaller first."""

    def __call__(
        self, versions: Sequence[Sentences], progress: Progress, options: Options = NO_OPTIONS, /
    ) -> Mapping[tuple[int, int], Path]: ...


registry: Registry[Backend] = Registry("aligner", "tetrapla.align.backends")
