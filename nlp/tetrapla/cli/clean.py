"""`tetrapla clean`: a text without its noise, and a way back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tetrapla.cli._console import (
    STDOUT,
    Encoding,
    Only,
    Output,
    Skip,
    check_output,
    counted,
    deliver,
    emit,
    names,
    say,
    say_generic,
)
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.files import Decoded
    from tetrapla.model import View


def clean(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text; - is standard input.")] = "-",
    output: Output = "-",
    only: Only = None,
    skip: Skip = None,
    review: Annotated[bool, typer.Option("--review", help="Apply what should be looked at, too.")] = False,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="How sure --review must be, 0 to 1.")] = 0.5,
    keep_lines: Annotated[bool, typer.Option("--keep-lines", help="Leave the lines as they are.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change instead; write nothing.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only tell, by exit status 1, if it would change.")] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write over FILE.")] = False,
    backup: Annotated[bool, typer.Option(help="With --in-place: keep FILE as it was in FILE.bak.")] = True,
    edits: Annotated[
        str | None, typer.Option(metavar="EDITS.jsonl", help="Write what was changed, for `tetrapla undo`.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the text; detected otherwise.")
    ] = None,
    encoding: Encoding = None,
    output_encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of the output; that of the input otherwise.")
    ] = None,
) -> None:
    """Repair a text: what is safe by default, and nothing that cannot be undone.

    Lines of a paragraph are joined unless --keep-lines or --only is given. Cleaning twice changes nothing more.

    Example: tetrapla clean en.txt -o en.clean.txt --edits en.edits.jsonl

    Example: tetrapla clean --only hyphenation,split-word < en.txt > out.txt
    """
    from tetrapla.clean import clean as cleaned
    from tetrapla.clean import diff as difference
    from tetrapla.formats import open_source
    from tetrapla.formats.jsonl import EditLog, dump_edits
    from tetrapla.segment import segment

    _check_use(file, output, in_place=in_place, dry=diff or check, edits=edits)
    source = open_source(file, language=language, encoding=encoding)
    say_generic([source.document])
    view = cleaned(
        segment(source.document),
        only=names(only),
        skip=names(skip) or (),
        review=review,
        min_score=min_score,
        keep_lines=keep_lines,
    )
    changed = view.text != source.document.text
    if diff or check:
        if diff:
            emit(difference(view))
        say(_told(view, "would change"))
        raise typer.Exit(1 if check and changed else 0)
    content = _encoded(view.text, source.decoded, output_encoding)
    log = dump_edits(EditLog.of(view, source.decoded)) if edits is not None else None
    if edits is not None and log is not None:
        # Before the text: whoever has the cleaned one can go back.
        deliver(log, edits)
    if not in_place:
        deliver(content, output)
    elif changed:
        _write_over(file, content, backup=backup)
    say(_told(view, "changed"))


def _check_use(file: str, output: str, *, in_place: bool, dry: bool, edits: str | None) -> None:
    if in_place and (file == STDOUT or output != STDOUT):
        raise InputError("--in-place writes over FILE: name one, and leave -o out")
    if dry and (in_place or output != STDOUT or edits is not None):
        raise InputError("--diff and --check write nothing: leave --in-place, -o and --edits out")
    if edits is not None and edits == output:
        raise InputError("--edits and the text would both go to one place; give the edits a file of their own")
    check_output(output, [file], "; say --in-place if it should be")
    if edits is not None:
        check_output(edits, [file])


def _encoded(text: str, decoded: Decoded, encoding: str | None) -> bytes:
    if encoding is None:
        return decoded.encode(text)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as e:
        raise InputError(f"{encoding} has no character {text[e.start]!r}; try --output-encoding utf-8") from e
    except LookupError as e:
        raise InputError(f"no encoding is called {encoding!r}; try utf-8, gb18030 or cp1252") from e


def _write_over(file: str, content: bytes, *, backup: bool) -> None:
    from tetrapla.files import read_bytes, write_atomic

    if backup:
        before = read_bytes(file)
        kept = Path(f"{file}.bak")
        number = 1
        # An older backup may be all that is left of the original: a new one never takes its place.
        while kept.exists() and kept.read_bytes() != before:
            number += 1
            kept = Path(f"{file}.bak{number}")
        write_atomic(kept, before)
        say(f"kept as it was: {kept}")
    write_atomic(file, content)


def _told(view: View, verb: str) -> str:
    if not view.edits:
        return "nothing to change"
    kinds = Counter(edit.rule for edit in view.edits)
    listed = ", ".join(f"{name} {count}" for name, count in kinds.most_common())
    return f"{verb} {counted(len(view.edits), 'place')}: {listed}"
