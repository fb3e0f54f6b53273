"""The review page on a socket of this machine, behind a random token."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from tetrapla.errors import InputError
from tetrapla.review._entrance import entrance
from tetrapla.web import LOCAL, listening, run

__all__ = ["LOCAL", "PORT", "serve"]

PORT = 8766  # the same every day: a browser keeps settings of a page, such as its theme, by its address
ANYWHERE = ("0.0.0.0", "::")


def serve(
    path: str | Path,
    *,
    host: str = LOCAL,
    port: int | None = None,
    by: str,
    journal: Path | None = None,
    ready: Callable[[str], None] | None = None,
    browse: Callable[[str], object] | None = None,
) -> None:
    """Serve the page for an alignment, the alignments in a folder or those in an index, until interrupted.

    `by` is the reviewer; `journal` stands in place of the file beside the alignment; `ready` is told the address, which
    has the token that opens the page, once it answers. `browse` is given the address of a private file that leads there
    (see `entrance`), in a thread of its own: a browser in the terminal would not return before it is left. Port 0 is
    any that is free; so is None where 8766 is taken.

    Raises:
        InputError: nothing there that can be reviewed, the port is taken, or another program reviews the same.
        WrongTextError: a text has changed since the alignment was made.
    """
    from tetrapla.review._app import application
    from tetrapla.review._shelf import Shelf

    with _listening(host, port) as listener, ExitStack() as files:
        taken = listener.getsockname()[1]
        names = _names(host)
        token = secrets.token_urlsafe(32)
        shelf = Shelf(path, by=by, journal=journal)
        try:
            app = application(shelf, token=token, hosts=[f"{name}:{taken}" for name in names])
            address = f"http://{names[0]}:{taken}/?token={token}"
            if ready is not None:
                ready(address)
            if browse is not None:
                with suppress(OSError):  # no room: the address that `ready` was told opens the page, too
                    way = files.enter_context(entrance(address))
                    threading.Thread(target=browse, args=(way,), daemon=True).start()

            def ending() -> None:
                files.close()  # at once: after SIGTERM nothing else may be done
                shelf.hang_up()

            run(app, listener, ending=ending)
        finally:
            shelf.close()


def _listening(host: str, port: int | None) -> socket.socket:
    if port is not None:
        return listening(host, port)
    try:
        return listening(host, PORT)
    except InputError:  # another review, mostly
        return listening(host, 0)


def _names(host: str) -> list[str]:
    """Return what this machine may be called in an address, first what others should call it."""
    if host in ANYWHERE:
        return list(dict.fromkeys([_outside(), socket.gethostname(), LOCAL, "localhost"]))
    own = f"[{host}]" if ":" in host else host
    return [own, "localhost"] if host in (LOCAL, "::1") else [own]


def _outside() -> str:
    """Return the address that this machine has towards others; no packet is sent to learn it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that is no one's (RFC 5737)
        except OSError:  # no network
            return LOCAL
        return str(probe.getsockname()[0])
