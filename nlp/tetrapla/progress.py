"""How far a long step is, for a person who waits.

The library calls a function ``(step, done, total)`` and knows nothing of screens; the command line passes one that
draws on standard error when that is a terminal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["PATIENCE", "Progress", "on_terminal", "silent"]

Progress = Callable[[str, int, int], None]

PATIENCE = 2.0  # seconds of nothing to see before a person wonders whether it still works


def silent(step: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def on_terminal() -> Iterator[Progress]:
    """Give a function that draws progress on standard error: none before `PATIENCE`, none where it is no terminal."""
    if not sys.stderr.isatty():
        yield silent
        return

    from rich.console import Console
    from rich.progress import Progress as Bars

    began = time.monotonic()
    tasks: dict[str, TaskID] = {}
    with_bars = Bars(console=Console(stderr=True), transient=True)

    def show(step: str, done: int, total: int) -> None:
        if time.monotonic() - began < PATIENCE:
            return
        if not with_bars.live.is_started:
            with_bars.start()
        if step not in tasks:
            tasks[step] = with_bars.add_task(step, total=total)
        with_bars.update(tasks[step], completed=done, total=total)

    try:
        yield show
    finally:
        if with_bars.live.is_started:
            with_bars.stop()
