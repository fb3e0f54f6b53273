"""`tetrapla serve`: an index over HTTP, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from tetrapla.cli._console import say
from tetrapla.cli.index import DEFAULT, Index


def serve(
    index: Index = DEFAULT,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 for any port that is free.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen at; others than 127.0.0.1 let other machines ask.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Answer questions to an index over HTTP, for other programs on this machine; nothing can be changed.

    The questions are those of `tetrapla query`, described by OpenAPI at /openapi.json.

    Example: tetrapla serve --index x.db --port 8765
    """
    from tetrapla.api import serve as answer

    def ready(address: str) -> None:
        say(f"{address}/api/query?q=… answers; {address}/openapi.json describes it; Ctrl-C ends it")

    answer(index, host=host, port=port, ready=ready)
