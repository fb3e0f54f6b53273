"""What an aligner gives, and the registry of aligners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences
from tetrapla.progress import Progress
from tetrapla.registry import Registry

__all__ = ["Backend", "Path", "registry"]


@dataclass(frozen=True)
class Path:
    """The links of two versions in the order of the second, and the probability of each (0..1)."""

    links: Sequence[Link]
    probabilities: Sequence[float]


# Takes versions, the pivot first, and gives the path of every two of them, by their numbers, the smaller first.
Backend = Callable[[Sequence[Sentences], Progress], Mapping[tuple[int, int], Path]]

registry: Registry[Backend] = Registry("aligner", "tetrapla.align.backends")
