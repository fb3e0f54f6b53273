"""What the programs here that answer over HTTP have in common: a socket, headers that keep other pages out, errors.

The headers are those that OWASP (Secure Headers Project) asks of pages that nothing else may load, frame or read.
Imported late: only what serves needs Starlette and uvicorn.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Mapping
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tetrapla.errors import InputError, TetraplaError, UnknownNameError

__all__ = ["LOCAL", "SHUT", "Headers", "listening", "one_line", "run", "say_errors"]

LOCAL = "127.0.0.1"
SHUT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Headers:
    """An application whose every answer has some headers, also one that refuses or fails."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = SHUT) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def one_line(text: object) -> str:
    """Return what an error says, in one line that JSON in UTF-8 can hold."""
    return " ".join(str(text).split()).encode("utf-8", "backslashreplace").decode()


def say_errors(
    app: FastAPI, record: Callable[[str, Exception], dict[str, Any]], *, hint: str = "", failed: str = ""
) -> None:
    """Answer every error with JSON, made by `record` of one line and the error.

    Unknown names are 404, our other errors 400, parameters that do not fit 422. `hint` follows what Starlette says of a
    path that is not there; `failed`, if any, is said of a fault of ours (500).
    """

    @app.exception_handler(TetraplaError)
    async def refused(_: Request, error: TetraplaError) -> Response:
        return JSONResponse(record(one_line(error), error), 404 if isinstance(error, UnknownNameError) else 400)

    @app.exception_handler(HTTPException)
    async def unknown(_: Request, error: HTTPException) -> Response:
        told = f"{error.detail.lower()}{hint}"
        return JSONResponse(record(told, error), error.status_code, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in error.errors())
        return JSONResponse(record(one_line(told), error), 422)

    if failed:

        @app.exception_handler(Exception)
        async def fault(_: Request, error: Exception) -> Response:
            return JSONResponse(record(failed, error), 500)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 is any that is free.

    Raises:
        InputError: the port is taken or not for us, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as e:
        # Python puts the address behind what the system says.
        why = (e.strerror or str(e)).partition(" (")[0].lower()
        by_port = e.errno in (errno.EADDRINUSE, errno.EACCES)
        way = "choose another --port, or 0 for any free one" if by_port else "--host takes an address of this machine"
        raise InputError(f"cannot listen on {host}:{port}: {why}; {way}") from e
    # Else the second packet of an answer waits for 40 ms until the first is acknowledged (Nagle, delayed ACK).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def run(app: ASGIApp, listener: socket.socket, *, ending: Callable[[], None] | None = None) -> None:
    """Answer on a socket until interrupted; `ending` is called first then, to end answers that never would."""

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            if ending is not None:
                ending()
                await asyncio.sleep(0)  # what waits for an event ends before the connections are counted
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )  # fmt: skip
    Server(config).run(sockets=[listener])
