"""What pages are told as it happens: server-sent events, handed from any thread to those who listen."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

__all__ = ["Feed"]

BACKLOG = 1000  # events that a page may leave unread before it is let go
PULSE = 15.0  # seconds after which a page that waits hears that the line still stands


class _Listener:
    """A page that listens: its events, None behind the last, in the loop that sends them."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.events: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)

    def put(self, event: str | None) -> None:
        if event is None or self.events.full():
            while not self.events.empty():
                self.events.get_nowait()
            event = None
        self.events.put_nowait(event)


class Feed:
    """The events of one document."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[_Listener] = set()
        self._closed = False

    def __len__(self) -> int:
        """Return how many pages listen."""
        return len(self._listeners)

    def tell(self, event: str, data: Any) -> None:
        """Tell every page; from any thread."""
        self._send(f"event: {event}\ndata: {json.dumps(data)}\n\n")

    def close(self) -> None:
        """End what every page listens to."""
        self._closed = True
        self._send(None)

    def _send(self, event: str | None) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            with suppress(RuntimeError):  # the loop has ended
                listener.loop.call_soon_threadsafe(listener.put, event)

    async def listen(self, first: str) -> AsyncIterator[str]:
        """Yield events, `first` before all, until the page goes away or the feed is closed."""
        listener = _Listener()
        with self._lock:
            self._listeners.add(listener)
        try:
            yield first
            while not self._closed:
                try:
                    event = await asyncio.wait_for(listener.events.get(), PULSE)
                except TimeoutError:
                    event = ": still here\n\n"
                if event is None:
                    return
                yield event
        finally:
            with self._lock:
                self._listeners.discard(listener)
