"""The command line: one file a subcommand, each a thin skin over the library.

Exit status: 0 done, 1 findings (only `check` and `clean --check`), 2 cannot read or wrong use, 70 an error of ours,
130 interrupted. Modules of the library are imported inside the commands: `tetrapla --help` loads none of them.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import Annotated

import typer

from tetrapla import __version__
from tetrapla.cli import (
    _console,
    align,
    apply,
    check,
    checks,
    clean,
    concept,
    corpus,
    demo,
    explain,
    export,
    glossary,
    imports,
    index,
    lexicon,
    query,
    review,
    score,
    serve,
    terms,
    undo,
)
from tetrapla.errors import TetraplaError

__all__ = ["app", "main"]

DONE, WRONG_USE, OURS, INTERRUPTED = 0, 2, 70, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo.demo, align.align, check.check, explain.explain, clean.clean, undo.undo, apply.apply):
    app.command()(command)
app.command()(terms.terms)
app.add_typer(concept.app, name="concept")
app.command()(checks.checks)
app.command()(score.score)
app.add_typer(glossary.app, name="glossary")
app.add_typer(lexicon.app, name="lexicon")
app.add_typer(corpus.app, name="corpus")
app.add_typer(index.app, name="index")
app.command()(query.query)
app.command()(serve.serve)
app.add_typer(review.app, name="review")
app.command()(export.export)
app.command("import")(imports.import_)


def _version(wanted: bool) -> None:
    if wanted:
        _console.emit(f"tetrapla {__version__}\n")
        raise typer.Exit


@app.callback()
def tetrapla(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Align, clean and query the versions of one document in Chinese, English, Spanish and French.

    Begin with: tetrapla demo -o demo.html
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of the process, and return its exit status."""
    # The aligner's tables are too small for threads, which only wait for each other; numpy is not imported yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Millions of small objects, hardly any in circles: looking for those costs a tenth of the time.
    gc.set_threshold(200_000, 50, 100)
    try:
        result = typer.main.get_command(app).main(args=argv, prog_name="tetrapla", standalone_mode=False)
        status = result if isinstance(result, int) else DONE
    except TetraplaError as e:
        status = _complain(str(e), WRONG_USE)
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except SystemExit as e:
        # What typer ends by itself: a reader that closed our output early, which is no fault.
        status = DONE if e.code in (None, 0, 1) else WRONG_USE
    except Exception as e:
        status = _failed(e)
    return _console.flush(status)


def _failed(error: Exception) -> int:
    show = getattr(error, "show", None)
    if show is not None and hasattr(error, "exit_code"):  # wrong use; typer keeps the class to itself
        show()
        return WRONG_USE
    if os.environ.get("TETRAPLA_DEBUG"):
        import traceback

        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return _complain(
        f"an error of ours, not of yours ({what}); please report it with the command, your text if you may, and what "
        "TETRAPLA_DEBUG=1 adds",
        OURS,
    )


def _complain(message: str, status: int) -> int:
    _console.say(f"tetrapla: {' '.join(message.split())}")
    return status
