"""`tetrapla align`: which paragraphs of several versions are the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tetrapla.cli._console import Encoding, by_file, check_output, counted, deliver, emit, say, say_generic, table
from tetrapla.cli.lexicon import Brought
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tetrapla.lexicon import Lexicon
    from tetrapla.model import Alignment, Document

Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="FILE=CODE", help="Language of a file; detected otherwise. Repeatable."),
]
Alignments = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Where to write; - is standard output. By suffix .json, .parquet or .spacy; JSON otherwise.",
    ),
]


def align(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="Two versions or more, in any order.", show_default=False)
    ] = None,
    output: Alignments = "-",
    report: Annotated[str | None, typer.Option(metavar="PAGE.html", help="Write a report to look at, too.")] = None,
    pivot: Annotated[
        str | None, typer.Option(metavar="ID", help="Version whose paragraphs are the units, e.g. zh.")
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(metavar="DECISIONS.json", help="Links that a person confirmed or refused: these stay."),
    ] = None,
    explain: Annotated[
        list[str] | None,
        typer.Option(metavar="BEAD", help="Say why a bead is linked: its id, or FILE:LINE of a text. Repeatable."),
    ] = None,
    language: Languages = None,
    encoding: Encoding = None,
    backend: Annotated[
        str | None, typer.Option(metavar="NAME", help="How links are found: coverage, for lines coverage-in-order.")
    ] = None,
    lexicon: Brought = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME|FOLDER", help="Ask a model of sentences that is on this machine, too; needs torch."),
    ] = None,
    embed: Annotated[bool, typer.Option("--embed", help="The same with a model that knows 109 languages.")] = False,
    sentences: Annotated[
        Literal["cut", "lines"],
        typer.Option(help="Cut paragraphs into sentences, or take each line of two files for one, in order."),
    ] = "cut",
    form: Annotated[
        Literal["json", "beads"],
        typer.Option(
            "--format", help="beads: a line for each group of lines, [0, 1]:[0]:0.93 (with --sentences lines)."
        ),
    ] = "json",
    pairs: Annotated[
        str | None,
        typer.Option(
            metavar="LIST.tsv", help="Many pairs of files of lines, a pair a line, tab between; -o is a folder."
        ),
    ] = None,
) -> None:
    """Align the paragraphs of several versions of one document.

    Writes JSON: each group of passages that translate each other, by offsets, with the probability of each link.
    An output that ends in .parquet is a data set for `datasets`, one in .spacy a DocBin for spaCy.

    Example: tetrapla align zh.txt en.txt es.txt fr.txt -o out.json --report out.html

    Example: tetrapla align --explain b12 --explain en.txt:120 out.json

    Example: tetrapla align --sentences lines --format beads --pairs list.tsv -o beads
    """
    if (sentences == "lines") != (form == "beads"):
        raise InputError("--sentences lines and --format beads go together; give both or neither")
    if sentences == "lines":
        given = {"--report": report, "--pivot": pivot, "--keep": keep, "--explain": explain}
        _refuse(given, "lines have beads and nothing else")
    else:
        _refuse({"--pairs": pairs}, "it goes with --sentences lines --format beads")
    chosen = _model(model, embed)
    if pairs is not None:
        _align_list(pairs, files or (), output, by_file(language), encoding, (backend, chosen, lexicon))
        return
    if sentences == "lines":
        _align_lines(files or (), output, by_file(language), encoding, (backend, chosen, lexicon))
        return

    if explain and files and len(files) == 1 and files[0].endswith(".json"):
        from tetrapla.formats.json import load_alignment

        emit(_explained(load_alignment(files[0], encoding=encoding), explain))
        return

    from tetrapla.align.decisions import load_decisions
    from tetrapla.formats import Known, writer_for
    from tetrapla.pipeline import align_files, find
    from tetrapla.progress import on_terminal
    from tetrapla.report import html

    if report == output:
        raise InputError("--report and -o name the same file; give the page a name of its own")
    for target in filter(None, (output, report)):
        check_output(target, [*(files or ()), *([keep] if keep is not None else ())])
    writer = writer_for(output)
    with on_terminal() as progress:
        aligned = align_files(
            files or (),
            languages=by_file(language),
            pivot=pivot,
            encoding=encoding,
            backend=backend or "coverage",
            model=chosen,
            lexicon=_brought(lexicon),
            decisions=None if keep is None else load_decisions(keep),
            progress=progress,
        )
        findings = find(aligned, progress=progress) if report is not None or writer.findings else None
        page = None
        if report is not None and findings is not None:
            page = html(aligned.alignment, aligned.versions, findings, aligned.mentions, aligned.glossary)
    say_generic(aligned.alignment.documents)
    # An explanation takes the place of the alignment on standard output, or of the summary where that is a file.
    told = _explained(aligned.alignment, explain) if explain else summary(aligned.alignment)
    if not explain or output != "-":
        deliver(writer.dump(Known(aligned.alignment, aligned.versions, aligned.mentions, findings)), output)
    if report is not None and page is not None:
        deliver(page, report)
    tell = say if report == "-" or (output == "-" and not explain) else emit
    tell(told)
    if report not in (None, "-"):
        tell(f"report: {report}\n")


def _explained(alignment: Alignment, names: Sequence[str]) -> str:
    from tetrapla.cli._explanation import explanation

    return "\n".join(explanation(alignment, name) for name in names)


def _refuse(options: Mapping[str, object], why: str) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"leave {name} out here: {why}")


def _model(named: str | None, embed: bool) -> str | None:
    if not embed:
        return named

    from tetrapla.align.embed import DEFAULT

    if named is not None:
        raise InputError(f"--embed is --model {DEFAULT}; give only one of them")
    return DEFAULT


def _brought(given: list[str] | None) -> Lexicon | None:
    from tetrapla.lexicon import brought

    return brought(given) if given else None


# Lines that are sentences

How = tuple[str | None, str | None, list[str] | None]  # backend, model, lexicons


def _align_lines(
    files: Sequence[str], output: str, languages: Mapping[str, str], encoding: str | None, how: How
) -> None:
    from tetrapla.formats import read_documents

    if len(files) != 2:
        raise InputError(f"--sentences lines aligns two files, not {len(files)}; --pairs takes a list of such pairs")
    check_output(output, files)
    source, target = read_documents(files, languages, encoding=encoding)
    [beads] = _beads([(source, target)], how)
    deliver(beads, output)


def _align_list(
    path: str, files: Sequence[str], output: str, languages: Mapping[str, str], encoding: str | None, how: How
) -> None:
    """Align the pairs of a list and write a file for each, none before all are aligned."""
    from tetrapla.files import write_atomic

    if files:
        raise InputError("--pairs names the files: leave FILE out")
    if output == "-":
        raise InputError("--pairs writes a file for each pair: name their folder with -o DIR")
    listed = _listed(path)
    targets = _targets(listed, Path(output), path)
    documents = _read(listed, languages, encoding)
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InputError(f"cannot make the folder {output}: {(e.strerror or str(e)).lower()}") from e
    for target, beads in zip(targets, _beads(documents, how), strict=True):
        write_atomic(target, beads)
    emit(f"{counted(len(targets), 'pair')} aligned: {output}\n")


Listed = tuple[str, str, str]  # where it stands in the list; source and target file as written


def _listed(path: str) -> list[Listed]:
    """Return the pairs in a list.

    Raises:
        InputError: a line is no pair, or there is none.
    """
    from tetrapla.files import named, read_text

    listed = []
    for number, line in enumerate(read_text(path, encoding="utf-8").text.split("\n"), start=1):
        cells = line.strip("\r").split("\t")
        if not line.strip():
            continue
        if len(cells) != 2 or not all(cell.strip() for cell in cells) or "-" in cells:
            raise InputError(f"{named(path)}:{number}: write a source file, a tab, a target file: {line[:60]!r}")
        listed.append((f"{named(path)}:{number}", cells[0], cells[1]))
    return listed


def _targets(listed: Sequence[Listed], folder: Path, path: str) -> list[Path]:
    """Return the file for each pair, called after its source.

    Raises:
        InputError: two would be one, or one is an input.
    """
    inputs = {Path(name).resolve() for name in (path, *(name for _, *pair in listed for name in pair))}
    first: dict[str, str] = {}
    targets = []
    for where, source, _ in listed:
        target = folder / f"{Path(source).stem}.beads"
        if target.name in first:
            raise InputError(f"{where}: {first[target.name]} is written to {target} already; rename one of the sources")
        if target.resolve() in inputs:
            raise InputError(f"{where}: {target} is an input, which is never written over; name another folder")
        first[target.name] = where
        targets.append(target)
    return targets


def _read(
    listed: Sequence[Listed], languages: Mapping[str, str], encoding: str | None
) -> list[tuple[Document, Document]]:
    from tetrapla.errors import UnknownNameError
    from tetrapla.formats import read_documents
    from tetrapla.progress import on_terminal

    names = {name for _, *pair in listed for name in pair}
    for name in languages:
        if name not in names:
            raise UnknownNameError("file of this list", name, names)
    documents = []
    with on_terminal() as progress:
        for done, (where, *pair) in enumerate(listed):
            progress("reading", done, len(listed))
            own = {name: languages[name] for name in pair if name in languages}
            try:
                source, target = read_documents(pair, own, encoding=encoding)
            except InputError as e:
                raise InputError(f"{where}: {e}") from e
            documents.append((source, target))
    return documents


def _beads(documents: Sequence[tuple[Document, Document]], how: How) -> list[str]:
    """Return the beads of pairs of documents as they are written."""
    from tetrapla.align.lines import BACKEND, align_line_pairs
    from tetrapla.progress import on_terminal

    backend, model, lexicons = how
    with on_terminal() as progress:
        found = align_line_pairs(
            documents, backend=backend or BACKEND, model=model, lexicon=_brought(lexicons), progress=progress
        )
    say_generic(doc for pair in documents for doc in pair)
    return ["".join(f"{bead}\n" for bead in beads) for beads in found]


def summary(alignment: Alignment) -> str:
    """Return an alignment in a few lines that a person understands."""
    from tetrapla.cli._explanation import stretch_lines
    from tetrapla.pipeline import links

    rows = [
        (doc.id + (" (pivot)" if doc.id == alignment.pivot else ""), doc.source, f"{len(doc.text):,}")
        for doc in alignment.documents
    ]
    found = links(alignment)
    lines = [table(("version", "file", "characters"), rows, right=("characters",))]
    for size, count in found.paragraphs.items():
        linked = f"linked in {size} versions" if size > 1 else "in one version only"
        lines.append(f"{counted(count, 'paragraph')} {linked}")
    if found.score is not None:
        lines.append(f"mean probability that a link is right: {found.score:.2f}")
    lines += stretch_lines(alignment)
    return "\n".join(lines) + "\n"
