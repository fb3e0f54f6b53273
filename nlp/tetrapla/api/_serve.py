"""The application on a socket of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tetrapla.web import LOCAL, listening, run

__all__ = ["LOCAL", "serve"]


def serve(path: str | Path, *, host: str = LOCAL, port: int = 0, ready: Callable[[str], None] | None = None) -> None:
    """Answer requests to the index in a file until interrupted; `ready` is told the address once it does.

    Port 0 is any that is free.

    Raises:
        InputError: no such file, no index, or the port is taken.
    """
    from tetrapla.api._app import application

    with listening(host, port) as listener:
        taken = listener.getsockname()[1]
        hosts = [host, "localhost"] if host == LOCAL else [host]
        app = application(path, hosts=hosts)
        if ready is not None:
            ready(f"http://{host}:{taken}")
        run(app, listener)
