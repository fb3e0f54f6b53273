"""`tetrapla checks`: what can be looked for."""

from __future__ import annotations

from tetrapla.cli._console import emit, table


def checks() -> None:
    """List the types of noise that can be found, for --only and --skip and for tetrapla.toml.

    `tetrapla clean` repairs where a check leaves no doubt; what it leaves waits for a person, or for --review.

    Example: tetrapla checks
    """
    from tetrapla.checks import every

    rows = [
        (
            check.name,
            "one text" if check.takes == "document" else "versions",
            "repairs" if check.safe else "leaves",
            check.summary,
        )
        for check in sorted(every(), key=lambda check: check.name)
    ]
    emit(table(("type", "needs", "clean", "what it finds"), rows))
