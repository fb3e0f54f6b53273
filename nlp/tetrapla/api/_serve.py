"""The application on a socket of this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from tetrapla.errors import InputError

__all__ = ["LOCAL", "serve"]

LOCAL = "127.0.0.1"


def serve(path: str | Path, *, host: str = LOCAL, port: int = 0, ready: Callable[[str], None] | None = None) -> None:
    """Answer requests to the index in a file until interrupted; `ready` is told the address once it does.

    Port 0 is any that is free.

    Raises:
        InputError: no such file, no index, or the port is taken.
    """
    import uvicorn

    from tetrapla.api._app import application

    with _listening(host, port) as listener:
        taken = listener.getsockname()[1]
        hosts = [host, "localhost"] if host == LOCAL else [host]
        app = application(path, hosts=hosts)
        if ready is not None:
            ready(f"http://{host}:{taken}")
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as e:
        why = (e.strerror or str(e)).lower()
        raise InputError(f"cannot listen on {host}:{port}: {why}; choose another --port, or 0 for any free one") from e
