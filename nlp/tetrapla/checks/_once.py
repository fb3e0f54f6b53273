"""Results that several checks share, counted once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

__all__ = ["once"]

A = TypeVar("A")
R = TypeVar("R")


class _Same(Generic[A]):
    """An argument as a key of a cache: the same object, not an equal one (flows hold lists, which have no hash)."""

    def __init__(self, value: A) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


def once(size: int) -> Callable[[Callable[[A], R]], Callable[[A], R]]:
    """Return a decorator for a function of one object that remembers its last `size` results, by the very object."""

    def decorate(function: Callable[[A], R]) -> Callable[[A], R]:
        @lru_cache(maxsize=size)
        def remembered(key: _Same[A]) -> R:
            return function(key.value)

        @wraps(function)
        def call(value: A) -> R:
            return remembered(_Same(value))

        return call

    return decorate
