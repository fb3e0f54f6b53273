"""`tetrapla clean`: a text without its noise, and a way back."""

from __future__ import annotations

import codecs
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from tetrapla.cli._console import (
    STDOUT,
    Color,
    Config,
    Encoding,
    LanguageCode,
    Lm,
    NoConfig,
    Only,
    Output,
    Skip,
    check_output,
    colored,
    counted,
    emit,
    names,
    say,
    say_generic,
    screen_width,
    settings_of,
)
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tetrapla.clean import Part, Worker
    from tetrapla.clean.terms import Uniform
    from tetrapla.progress import Progress
    from tetrapla.stream import TextStream

CHUNK = 1_000_000  # bytes


def clean(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text; - is standard input.")] = "-",
    output: Output = "-",
    only: Only = None,
    skip: Skip = None,
    review: Annotated[
        bool | None, typer.Option("--review", help="Apply what should be looked at, too.", show_default=False)
    ] = None,
    min_score: Annotated[
        float | None, typer.Option(min=0, max=1, help="How sure --review must be, 0 to 1; 0.5 otherwise.")
    ] = None,
    keep_lines: Annotated[
        bool | None, typer.Option("--keep-lines", help="Leave the lines as they are.", show_default=False)
    ] = None,
    terms: Annotated[
        bool,
        typer.Option(
            "--terms",
            help="Give each concept one name, too: broken, deprecated and rarer ones go (see `tetrapla terms`).",
        ),
    ] = False,
    lm: Lm = None,
    rejoin: Annotated[
        bool | None,
        typer.Option("--rejoin", help="Put torn paragraphs together, as --review does, too.", show_default=False),
    ] = None,
    width: Annotated[
        int | None, typer.Option(min=20, metavar="COLUMNS", help="Wrap paragraphs; one a line otherwise.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change instead; write nothing.")] = False,
    color: Color = "auto",
    check: Annotated[bool, typer.Option("--check", help="Only tell, by exit status 1, if it would change.")] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write over FILE.")] = False,
    backup: Annotated[bool, typer.Option(help="With --in-place: keep FILE as it was in FILE.bak.")] = True,
    edits: Annotated[
        str | None, typer.Option(metavar="EDITS.jsonl", help="Write what was changed, for `tetrapla undo`.")
    ] = None,
    config: Config = None,
    no_config: NoConfig = False,
    jobs: Annotated[int, typer.Option(min=1, help="How many processes work on a long text.")] = 1,
    language: LanguageCode = None,
    encoding: Encoding = None,
    output_encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of the output; that of the input otherwise.")
    ] = None,
) -> None:
    """Repair a text: what is safe by default, and nothing that cannot be undone.

    Lines of a paragraph are joined unless --keep-lines or --only is given. Cleaning twice changes nothing more.

    Example: tetrapla clean en.txt -o en.clean.txt --edits en.edits.jsonl

    Example: tetrapla clean --only hyphenation,split-word < en.txt > out.txt

    Example: tetrapla clean en.txt --terms --diff
    """
    from tetrapla.clean import Choice, Worker
    from tetrapla.clean.choice import UNIFORM
    from tetrapla.formats import check_language, open_text
    from tetrapla.progress import on_terminal

    _check_use(file, output, in_place=in_place, dry=diff or check, edits=edits)
    if keep_lines and (rejoin or width is not None):
        raise InputError("--keep-lines leaves lines as they are; leave it out, or --width and --rejoin")
    check_output(output, filter(None, (config,)))
    check_language(language)
    settings = settings_of(config, no_config).cleaning(
        only=names(only),
        skip=names(skip),
        review=review,
        min_score=min_score,
        keep_lines=keep_lines,
        rejoin=rejoin,
        width=width,
    )
    target = None if output_encoding is None else _codec(output_encoding)
    if UNIFORM in (settings.clean.only or ()) and not terms:
        raise InputError(f"{UNIFORM} is what --terms asks for: give it too, or leave {UNIFORM} out")
    one_name = _one_name(file, language, encoding) if terms else None
    worker = Worker(Choice.by(settings, lm=lm, terms=one_name), language)
    with on_terminal() as progress, open_text(file, encoding=encoding, target=target) as source:
        # One process with a model: each would load one of its own.
        run = _Run(source, worker, jobs if lm is None else 1, target, progress)
        if diff:
            emit(_difference(run, file, color))
        elif check:
            for _ in run.parts():
                pass
        else:
            _write(run, file, output, in_place=in_place, backup=backup, edits=edits)
    run.tell("would change" if diff or check else "changed")
    raise typer.Exit(1 if check and run.kinds else 0)


def _one_name(file: str, language: str | None, encoding: str | None) -> Uniform:
    """Return the name that a text mostly uses for each concept, for which all of it is read once before."""
    from tetrapla.clean.terms import uniform
    from tetrapla.formats import open_text

    if file == STDOUT:
        raise InputError("--terms reads the text twice, which standard input cannot be: name a FILE")
    with open_text(file, encoding=encoding) as source:
        return uniform(source, language)


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


def _codec(name: str) -> str:
    try:
        "a".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError) as e:
        raise InputError(f"no encoding is called {name!r}; try utf-8, gb18030 or cp1252") from e


@dataclass
class _Run:
    """A cleaning on its way: the text as it comes in, and what is known of it so far.

    `kinds` counts the edits by rule, `cleaned` is the hash of what they make of the text.
    """

    source: TextStream
    worker: Worker
    jobs: int
    target: str | None
    progress: Progress
    kinds: Counter[str] = field(default_factory=Counter)
    languages: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cleaned = hashlib.sha256()

    def parts(self) -> Iterator[tuple[Part, str]]:
        """Yield the parts of the text, each with what it becomes."""
        from tetrapla.clean import cleaned_parts

        done = 0
        for part in cleaned_parts(self.source, self.worker, jobs=self.jobs):
            text = part.cleaned
            self.kinds.update(edit.rule for edit in part.edits)
            self.languages[part.language] = None
            self.cleaned.update(text.encode("utf-8", "surrogatepass"))
            yield part, text
            done += len(part.text.encode("utf-8", "surrogatepass"))
            self.progress("cleaning", min(done, self.source.size), self.source.size)

    def to(self, write: Callable[[bytes], object], log: BinaryIO | None = None) -> None:
        """Write the cleaned text, and its edits into a file of their own, without the line that says whose they are.

        Raises:
            InputError: an encoding lacks a character that a repair brought in.
        """
        from tetrapla.formats.jsonl import dump_edit

        name = self.target or self.source.encoding
        encoder = codecs.getincrementalencoder(name)()
        offset, mark = 0, "\ufeff" if self.source.bom and self.target is None else ""
        for part, text in self.parts():
            try:
                write(encoder.encode(mark + text))
            except UnicodeEncodeError as e:
                raise InputError(
                    f"{self.source.source}: {name} has no character {e.object[e.start]!r}; "
                    "write in another one with --output-encoding utf-8"
                ) from e
            mark = ""
            if log is not None:
                log.writelines(dump_edit(edit).encode("utf-8", "surrogatepass") for edit in part.moved(offset))
            offset += len(part.text)
        write(encoder.encode("", final=True))

    def tell(self, verb: str) -> None:
        """Say what was changed, and by which rules."""
        from tetrapla.model import Document

        say_generic(Document(code, code, "") for code in self.languages)
        if not self.kinds:
            say("nothing to change")
            return
        listed = ", ".join(f"{name} {count}" for name, count in self.kinds.most_common())
        say(f"{verb} {counted(self.kinds.total(), 'place')}: {listed}")


def _difference(run: _Run, file: str, color: str) -> str:
    """Return what would change: word by word for a person at a terminal, else as a patch."""
    from tetrapla.clean import diff
    from tetrapla.model import Document, Edit, View
    from tetrapla.report.diff import words

    raw: list[str] = []
    edits: list[Edit] = []
    offset = 0
    for part, _ in run.parts():
        raw.append(part.text)
        edits += part.moved(offset)
        offset += len(part.text)
    view = View(Document("text", "und", "".join(raw), file), edits)
    return words(view, color=True, width=screen_width()) if colored(color) else diff(view)


def _write(run: _Run, file: str, output: str, *, in_place: bool, backup: bool, edits: str | None) -> None:
    from tetrapla.files import writing

    if edits is None and not in_place:
        if output == STDOUT:
            run.to(emit)
        else:
            with writing(output) as out:
                run.to(out.write)
        return
    with tempfile.TemporaryFile() as text, tempfile.TemporaryFile() as log:
        with _room():
            run.to(text.write, log if edits is not None else None)
        if edits is not None:
            # Before the text: whoever has the cleaned one can go back.
            _deliver([_head(run, file), *_chunks(log)], edits)
        if not in_place:
            _deliver(_chunks(text), output)
        elif run.kinds:
            if backup:
                _keep(file)
            _deliver(_chunks(text), file)


@contextmanager
def _room() -> Iterator[None]:
    """Say it where there is no room for files of a moment."""
    try:
        yield
    except OSError as e:
        raise InputError(f"cannot write to {tempfile.gettempdir()}: {(e.strerror or str(e)).lower()}") from e


def _head(run: _Run, file: str) -> bytes:
    """Return the first line of a file of edits."""
    from tetrapla.formats.jsonl import EditLog, dump_edits

    source = run.source
    log = EditLog.head(source, path=file, sha256=source.sha256, length=source.length, cleaned=run.cleaned.hexdigest())
    return dump_edits(log).encode("utf-8", "surrogatepass")


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while data := file.read(CHUNK):
        yield data


def _deliver(chunks: Iterable[bytes], output: str) -> None:
    from tetrapla.files import writing

    if output == STDOUT:
        for chunk in chunks:
            emit(chunk)
    else:
        with writing(output) as out:
            out.writelines(chunks)


def _keep(file: str) -> None:
    """Keep a file as it is beside itself, under a name of its own.

    An older backup may be all that is left of the original: a new one never takes its place.
    """
    from filecmp import cmp

    from tetrapla.files import opened, writing

    kept, number = Path(f"{file}.bak"), 1
    while kept.exists() and not cmp(kept, file, shallow=False):
        number += 1
        kept = Path(f"{file}.bak{number}")
    if not kept.exists():
        with opened(file) as before, writing(kept) as out:
            shutil.copyfileobj(before, out, CHUNK)
    say(f"kept as it was: {kept}")
