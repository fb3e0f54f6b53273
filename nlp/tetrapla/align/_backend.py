"""What an aligner takes and gives, and the registry of aligners."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tetrapla.align.links import Links
from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences
from tetrapla.lexicon import Lexicon
from tetrapla.progress import Progress
from tetrapla.registry import Registry

__all__ = ["Backend", "Fixed", "Group", "Options", "Pair", "Path", "Signs", "registry"]

Pair = tuple[int, int]  # numbers of two versions, the smaller first


@dataclass(frozen=True)
class Signs:
    """What speaks for a link, each as a share above the background (-1..1).

    words: what its sentences cover of each other, sentence by sentence; votes: what the other versions say, None where
    there are none; rival: what the best other place in the pivot has of both, and `rival_at` which sentence that is,
    None in a pivot of one sentence.
    """

    words: float
    votes: float | None
    rival: float
    rival_at: int | None


@dataclass(frozen=True)
class Path:
    """The links of two versions in the order of the second, and the probability of each (0..1).

    `signs` has for each link what speaks for it, `words` what the aligner took for translations, by the numbers of
    tokens. Both are for explanation, and empty where an aligner has nothing of the kind.
    """

    links: Sequence[Link]
    probabilities: Sequence[float]
    signs: Sequence[Signs] = ()
    words: Links = field(default_factory=dict)


@dataclass(frozen=True)
class Fixed:
    """What a person decided on two versions: sentences of both (numbers) that belong together, and that do not."""

    confirmed: Sequence[tuple[Sequence[int], Sequence[int]]] = ()
    refused: Sequence[tuple[Sequence[int], Sequence[int]]] = ()


@dataclass(frozen=True)
class Group:
    """Versions of one document, the pivot first, and what was decided on each two of them."""

    versions: Sequence[Sentences]
    fixed: Mapping[Pair, Fixed] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """What an aligner may be told; one that cannot use what it is told refuses it.

    `model` is a model that embeds sentences (see `align.embed`); `lexicon` stands beside the one that comes with
    Tetrapla.
    """

    model: str | pathlib.Path | None = None
    lexicon: Lexicon | None = None


NO_OPTIONS = Options()


class Backend(Protocol):
    """Takes documents of the same kind, which may learn from each other; gives the path of every two versions of each.

    The paths go by the numbers of two versions, the smaller first.
    """

    def __call__(
        self, groups: Sequence[Group], progress: Progress, options: Options = NO_OPTIONS, /
    ) -> Sequence[Mapping[Pair, Path]]: ...


registry: Registry[Backend] = Registry("aligner", "tetrapla.align.backends")
