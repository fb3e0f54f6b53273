"""What the commands share: results to standard output, messages to standard error, files written with care."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tetrapla.errors import InputError
from tetrapla.files import write_atomic

if TYPE_CHECKING:
    from tetrapla.model import Document
    from tetrapla.settings import Settings

__all__ = [
    "Color",
    "Config",
    "Encoding",
    "Format",
    "LanguageCode",
    "NoConfig",
    "Only",
    "Output",
    "Skip",
    "by_file",
    "check_output",
    "colored",
    "counted",
    "deliver",
    "emit",
    "flush",
    "names",
    "say",
    "say_generic",
    "screen_width",
    "settings_of",
    "shorten",
    "table",
]

STDOUT = "-"
WIDTH = 120  # of tables that go to a file or another program

Format = Literal["table", "jsonl", "json"]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output.")]
Lm = Annotated[
    str | None,
    typer.Option(metavar="NAME|FOLDER", help="Weigh repairs with a language model on this machine; needs torch."),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Encoding of the input, e.g. gb18030; told from its bytes otherwise.")
]
LanguageCode = Annotated[str | None, typer.Option(metavar="CODE", help="Language of the text; detected otherwise.")]
Only = Annotated[
    list[str] | None, typer.Option(metavar="A,B", help="These types of findings only (see `tetrapla checks`).")
]
Skip = Annotated[list[str] | None, typer.Option(metavar="A,B", help="All types of findings but these.")]
Config = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Settings; by default tetrapla.toml or pyproject.toml, here or above."),
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no settings.")]
Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option(help="Colours; auto: on a terminal, unless NO_COLOR is set."),
]


def emit(content: str | bytes) -> None:
    """Write a result to standard output as it is, text in UTF-8; a reader that has left is no error.

    Raises:
        InputError: standard output cannot be written, e.g. a full disk behind it.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _close_stdout()
    except OSError as e:
        _close_stdout()
        raise InputError(f"cannot write to standard output: {(e.strerror or str(e)).lower()}") from e


def _close_stdout() -> None:
    """Send what is still to come nowhere, so that the interpreter does not stumble over it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def flush(status: int) -> int:
    """Flush standard output before the end and return the exit status."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    return status


def say(message: str) -> None:
    """Write a line to standard error."""
    print(message, file=sys.stderr)


def say_generic(documents: Iterable[Document]) -> None:
    """Tell of each language among some documents that has no rules of its own, once; call it once a run."""
    from tetrapla import languages
    from tetrapla.detect import UNKNOWN

    for code in dict.fromkeys(doc.language for doc in documents):
        if code == UNKNOWN:
            say("the language cannot be told: generic rules are used; name it with --language")
        elif not languages.has_own_rules(code):
            name = languages.get(code).name
            say(f"no rules of our own for {name}{f' ({code})' if name != code else ''}: generic ones are used")


def check_output(output: str, inputs: Iterable[str], hint: str = "") -> None:
    """Make sure that an output is none of the inputs.

    Raises:
        InputError: it is; `hint` says what to do instead.
    """
    for name in inputs:
        files = (Path(output), Path(name))
        if STDOUT not in (output, name) and all(file.is_file() for file in files) and files[0].samefile(files[1]):
            raise InputError(f"{output} is the input, which is never written over{hint}")


def deliver(content: str | bytes, output: str) -> None:
    """Write a result to a file, or to standard output for "-".

    Raises:
        InputError: it cannot be written.
    """
    if output == STDOUT:
        emit(content)
    else:
        write_atomic(output, content)


def names(given: Sequence[str] | None) -> list[str] | None:
    """Return the names in options such as ``--only a,b --only c``, or None where the option was not given.

    >>> names(["a,b", "c"])
    ['a', 'b', 'c']
    """
    if given is None:
        return None
    return [name.strip() for value in given for name in value.split(",") if name.strip()]


def by_file(given: Sequence[str] | None) -> Mapping[str, str]:
    """Return options such as ``--language old.txt=zh`` as a mapping from file to language.

    Raises:
        InputError: one is not FILE=CODE.
    """
    pairs = [value.rpartition("=") for value in given or ()]
    for (name, _, code), value in zip(pairs, given or (), strict=True):
        if not name or not code:
            raise InputError(f"--language {value}: write FILE=CODE, e.g. --language old.txt=zh")
    return {name: code for name, _, code in pairs}


def shorten(text: str, width: int = 48) -> str:
    """Return a text on one line, its middle left out where it is long.

    >>> shorten("a paragraph that\\nis torn", 12)
    'a par … torn'
    """
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    half = (width - 3) // 2
    return f"{line[: width - 3 - half].rstrip()} … {line[-half:].lstrip()}"


def settings_of(config: str | None, no_config: bool) -> Settings:
    """Return the settings in a file that is named, or else in one that is found, unless none are wanted.

    Raises:
        InputError: they cannot be read, or --config and --no-config are both given.
    """
    from tetrapla.settings import Settings, load

    if not no_config:
        return load(config)
    if config is not None:
        raise InputError("--config and --no-config say the opposite; leave one out")
    return Settings()


def colored(color: str) -> bool:
    """Return whether standard output gets colours, for what --color says."""
    if color != "auto":
        return color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def screen_width() -> int:
    """Return how wide the terminal is, or `WIDTH` where standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[str] = (),
    most: Mapping[str, int] | None = None,
) -> str:
    """Return a table as text, as wide as the terminal or `WIDTH`.

    `right` names columns of figures; `most` says how wide some columns may become, where they go on in the next line.
    """
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, pad_edge=False)
    widest = most or {}
    for place, column in enumerate(columns):
        made.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=place == 0 and column not in widest,
            max_width=widest.get(column),
        )
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    out = StringIO()
    Console(file=out, width=screen_width(), no_color=True, highlight=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n") + "\n"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> counted(1, "edit"), counted(2, "edit")
    ('1 edit', '2 edits')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
