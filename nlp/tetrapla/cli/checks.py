"""`tetrapla checks`: what can be looked for."""

from __future__ import annotations

from tetrapla.cli._console import emit, table


def checks() -> None:
    """List the types of noise that can be found, for --only and --skip.

    Example: tetrapla checks
    """
    from tetrapla.checks import every

    rows = [
        (check.name, "one text" if check.takes == "document" else "versions", check.summary)
        for check in sorted(every(), key=lambda check: check.name)
    ]
    emit(table(("type", "needs", "what it finds"), rows))
