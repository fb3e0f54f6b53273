"""Plug-ins by name: one file each in a folder, and entry points of other packages.

A registry imports the modules of its folder at the first look-up, so that a new file needs no list to be
edited; then the entry points of its group (``tetrapla.checks``, ``tetrapla.languages`` …), so that another
package can add its own.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from tetrapla.errors import UnknownNameError

__all__ = ["Registry"]

T = TypeVar("T")


class Registry(Generic[T]):
    """The plug-ins of one kind, by name.

    `kind` is the word that messages use, `package` the package whose modules are imported at the first
    look-up; `group`, that of the entry points, is called like the package where one folder holds one kind.
    """

    def __init__(self, kind: str, package: str, *, group: str | None = None) -> None:
        self.kind = kind
        self.package = package
        self.group = group or package
        self._known: dict[str, T] = {}
        self._loaded = False

    def add(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers what it decorates under `name`.

        Raises:
            ValueError: the name is taken.
        """

        def register(item: T) -> T:
            if name in self._known:
                raise ValueError(f"two {self.kind}s are called {name!r}")
            self._known[name] = item
            return item

        return register

    def get(self, name: str) -> T:
        """Return the plug-in called `name`.

        Raises:
            UnknownNameError: there is none; the message names the known ones and a guess.
        """
        self._load()
        if name not in self._known:
            raise UnknownNameError(self.kind, name, self._known)
        return self._known[name]

    def names(self) -> list[str]:
        """Return the known names in alphabetical order."""
        self._load()
        return sorted(self._known)

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def _load(self) -> None:
        if self._loaded:
            return
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                importlib.import_module(f"{self.package}.{module.name}")
        for point in entry_points(group=self.group):
            if point.name not in self._known:
                self._known[point.name] = point.load()
        # Only now: a module that fails to import is told again at the next look-up, not left out in silence.
        self._loaded = True
