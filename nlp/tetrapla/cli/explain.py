"""`tetrapla explain`: what was found at a place of a text, and why."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tetrapla.cli._console import (
    Color,
    Config,
    Encoding,
    LanguageCode,
    NoConfig,
    colored,
    emit,
    say_generic,
    screen_width,
    settings_of,
)
from tetrapla.cli.check import Checked, alone, compared
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.model import Alignment, Document, Edit, Finding, Grade, Span
    from tetrapla.settings import Settings

PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?")
LABEL = 10  # columns of what stands before each line of an explanation
NEAR = 3  # lines with findings that are named where a line has none
MARKED = "\x1b[31;1m{}\x1b[0m"


def explain(
    place: Annotated[
        str,
        typer.Argument(metavar="FILE:LINE[:COLUMN]", help="A line of a text, or a place in it.", show_default=False),
    ],
    alignment: Annotated[
        str | None, typer.Option(metavar="OUT.json", help="Look at the text in the light of its other versions.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(metavar="ID", help="Which version of the alignment, where FILE does not tell.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="How to print it.")] = "text",  # noqa: A002  as in check
    color: Color = "auto",
    config: Config = None,
    no_config: NoConfig = False,
    language: LanguageCode = None,
    encoding: Encoding = None,
) -> None:
    """Say what was found on a line: what it means, why, and what `tetrapla clean` would do about it.

    Example: tetrapla explain en.txt:25

    Example: tetrapla explain en.txt:25:14 --alignment out.json
    """
    from tetrapla.settings import Settings

    file, line, column = _place(place)
    settings = settings_of(config, no_config)
    if alignment is None:
        if document is not None:
            raise InputError("--document names a version of an alignment; give --alignment OUT.json too")
        checked = alone(file, Settings(), language, encoding)
        unaided: Sequence[Finding] = checked.findings
    else:
        checked = compared(alignment, _version(alignment, file, document, encoding), Settings(), encoding)
        unaided = _unaided(checked.document)
    say_generic([checked.document])
    told = _Told(checked, unaided, settings, line, column, compared=alignment is not None)
    if format == "json":
        emit(json.dumps(told.record(), ensure_ascii=False, indent=1, default=dict) + "\n")
    else:
        emit(told.text(color=colored(color), width=screen_width()))


def _place(given: str) -> tuple[str, int, int | None]:
    match = PLACE.fullmatch(given)
    if match is None:
        raise InputError(f"{given!r} is no line of a text; write FILE:LINE, e.g. en.txt:25")
    column = match["column"]
    return match["file"], int(match["line"]), None if column is None else int(column)


def _version(path: str, file: str, document: str | None, encoding: str | None) -> str:
    """Return the id of the version that a file is, or that is named.

    Raises:
        InputError: neither tells.
    """
    from tetrapla.formats.json import load_alignment

    alignment: Alignment = load_alignment(path, encoding=encoding)
    ids = [doc.id for doc in alignment.documents if file in (doc.id, doc.source, Path(doc.source).name)]
    if document is None and not ids:
        known = ", ".join(f"{doc.id} ({doc.source})" for doc in alignment.documents)
        raise InputError(f"no document of this alignment is called {file!r}; there are {known}")
    if document is not None and ids and document not in ids:
        raise InputError(f"{file} is the version {ids[0]} of this alignment, not {document}; leave --document out")
    return document or ids[0]


def _unaided(doc: Document) -> list[Finding]:
    """Return what is found in a text by itself, which is all that `clean` knows."""
    from tetrapla.checks import run
    from tetrapla.segment import segment

    return run(segment(doc))


@dataclass(frozen=True)
class _Told:
    """What is to be told of a line, or of a column in it, both from 1.

    `unaided` are the findings that the text alone shows.
    """

    checked: Checked
    unaided: Sequence[Finding]
    settings: Settings
    line: int
    column: int | None
    compared: bool

    @property
    def doc(self) -> Document:
        return self.checked.document

    @cached_property
    def span(self) -> Span:
        """The line, or the one character of it.

        Raises:
            InputError: the text has no such place.
        """
        from tetrapla.files import named
        from tetrapla.model import Span

        lines = self.doc.text.split("\n")
        count = len(lines) - (not lines[-1])
        if not 1 <= self.line <= count:
            raise InputError(f"{named(self.doc.source)} has no line {self.line}; it has {count}")
        start = sum(len(line) + 1 for line in lines[: self.line - 1])
        size = len(lines[self.line - 1])
        if self.column is None:
            return Span(start, start + size)
        if not 1 <= self.column <= max(size, 1):
            raise InputError(f"line {self.line} of {named(self.doc.source)} has {size} characters, no {self.column}th")
        return Span(start + self.column - 1, start + self.column)

    @cached_property
    def findings(self) -> list[Finding]:
        """What was found there."""
        return [finding for finding in self.checked.findings if any(_meets(span, self.span) for span in finding.spans)]

    @cached_property
    def near(self) -> list[tuple[int, list[str]]]:
        """The nearest lines with findings, in order, with the types of these."""
        types: dict[int, list[str]] = {}
        for finding in self.checked.findings:
            types.setdefault(self.doc.line_of(finding.start), []).append(finding.type)
        nearest = sorted(types, key=lambda line: (abs(line - self.line), line))[:NEAR]
        return [(line, list(dict.fromkeys(types[line]))) for line in sorted(nearest)]

    def record(self) -> dict[str, Any]:
        """Return all that is told, for programs."""
        from tetrapla.formats.jsonl import finding_record

        place = {"path": self.doc.source, "document": self.doc.id, "line": self.line, "column": self.column}
        findings = [
            finding_record(finding, self.doc, self.checked.glossary)
            | {"means": self._means(finding), "why": self._why(finding), "clean": self._cleaned(finding)}
            | {"hidden": self._hidden(finding)}
            for finding in self.findings
        ]
        near = [{"line": line, "types": types} for line, types in self.near]
        return place | {"start": self.span.start, "end": self.span.end, "findings": findings, "near": near}

    def text(self, *, color: bool, width: int) -> str:
        """Return all that is told, for people."""
        if not self.findings:
            return self._nothing()
        return "\n".join("".join(f"{line}\n" for line in self._block(f, color, width)) for f in self.findings)

    def _nothing(self) -> str:
        from tetrapla.files import named

        place = f"line {self.line}" if self.column is None else f"column {self.column} of line {self.line}"
        lines = [f"nothing was found at {place} of {named(self.doc.source)}"]
        if self.near:
            lines += [
                "the nearest lines with findings:",
                *(f"  {line}  {', '.join(types)}" for line, types in self.near),
            ]
        else:
            lines += ["nor anywhere else in it"]
        return "".join(f"{line}\n" for line in lines)

    def _block(self, finding: Finding, color: bool, width: int) -> Iterator[str]:
        from tetrapla.files import named

        place = f"{named(self.doc.source)}:{self._where(finding.start)}"
        yield f"{place}  {finding.type}, {self._grade(finding)}, {finding.score:.2f}"
        yield ""
        for span in finding.spans:
            yield from _quoted(self.doc, span, color=color, width=width - 4)
        if finding.kept is not None:
            yield f"    says again, of line {self.doc.line_of(finding.kept.start)}:"
            yield from _quoted(self.doc, finding.kept, color=False, width=width - 4, mark=not color)
        yield ""
        for label, told in self._lines(finding):
            rest = textwrap.wrap(told, max(width - LABEL - 2, 20), break_long_words=False) or [""]
            for k, line in enumerate(rest):
                yield f"  {label if k == 0 else '':{LABEL}}{line}"

    def _where(self, offset: int) -> str:
        line_start = self.doc.text.rfind("\n", 0, offset) + 1
        return f"{self.doc.line_of(offset)}:{offset - line_start + 1}"

    def _lines(self, finding: Finding) -> Iterator[tuple[str, str]]:
        yield "means", self._means(finding)
        if finding.message:
            yield "found", finding.message
        if evidence := "; ".join(f"{_key(key)}: {_words(value)}" for key, value in finding.evidence.items()):
            yield "evidence", evidence
        yield self._grade(finding), self._why(finding)
        yield "clean", self._cleaned(finding)
        if hidden := self._hidden(finding):
            yield "hidden", hidden
        yield "off", f"--skip {finding.type}, or in tetrapla.toml [types.{finding.type}] enabled = false"

    def _means(self, finding: Finding) -> str:
        """Return what a type means, in the words of the check that saw most."""
        from tetrapla.checks import every

        summaries = {check.takes: check.summary for check in every() if check.name == finding.type}
        alone = summaries.get("document", "")
        return summaries.get("comparison", alone) if self.compared else alone

    def _grade(self, finding: Finding) -> Grade:
        own = self.settings.types.get(finding.type)
        return finding.grade if own is None or own.grade is None else own.grade

    def _why(self, finding: Finding) -> str:
        """Return why a finding has its grade."""
        from tetrapla.checks import every

        if self._grade(finding) != finding.grade:
            return f"{self.settings.source} has it so; the check says {finding.grade}"
        if finding.grade == "safe":
            return "the check leaves no doubt: what is lost is damage, and every edit can be undone"
        if any(check.safe for check in every() if check.name == finding.type):
            return "the check is not sure enough here to have it repaired unseen"
        return "findings of this type are never sure enough to be repaired unseen"

    def _cleaned(self, finding: Finding) -> str:
        """Return what `tetrapla clean` would do about a finding."""
        from tetrapla.clean.choice import TERMS

        if finding.replacement is None:
            return "leaves it: no repair is proposed"
        wanted, table = self.settings.applied([finding]), self.settings.clean
        named = finding.type not in table.skip and (table.only is None or finding.type in table.only)
        if not wanted or not named:
            return f"leaves it: {self.settings.source} has it so"
        if not any(_same(finding, other) for other in self.unaided):
            return "leaves it: only the other versions tell, and `clean` reads a text by itself"
        does = f"writes “{finding.replacement}”" if finding.replacement else "takes it out"
        if any(_does(edit, finding) for edit in self._edits):
            return does
        if any(_does(edit, finding) for edit in self._edits_with_review):
            return f"leaves it; with --review{' or --terms' if finding.type in TERMS else ''} it {does}"
        if wanted[0].grade == "review" and finding.score < table.min_score:
            return f"leaves it; --review wants a score of {table.min_score:.2f} where --min-score does not say less"
        return "leaves it: another repair covers the place"

    @cached_property
    def _edits(self) -> list[Edit]:
        return self._accepted(review=self.settings.clean.review)

    @cached_property
    def _edits_with_review(self) -> list[Edit]:
        return self._accepted(review=True)

    def _accepted(self, *, review: bool) -> list[Edit]:
        from tetrapla.clean import accept

        table, findings = self.settings.clean, self.settings.applied(self.unaided)
        return accept(self.doc, findings, only=table.only, skip=table.skip, review=review, min_score=table.min_score)

    def _hidden(self, finding: Finding) -> str | None:
        """Return why `tetrapla check` does not show a finding, or None where it does."""
        table, source = self.settings.check, self.settings.source
        if finding.type in self.settings.off or finding.type in table.skip:
            return f"{source} switches {finding.type} off"
        if table.only is not None and finding.type not in table.only:
            return f"{source} wants other types only"
        if not self.settings.shown([finding]):
            return f"{source} wants a score of at least {self.settings.least(finding.type):.2f}"
        return None


def _meets(span: Span, place: Span) -> bool:
    """Return whether a finding's span, which may be empty, has to do with a place."""
    return span.overlaps(place) or (not len(span) and place.start <= span.start <= place.end)


def _same(finding: Finding, other: Finding) -> bool:
    return finding.type == other.type and finding.spans == other.spans and finding.replacement == other.replacement


def _does(edit: Edit, finding: Finding) -> bool:
    return edit.rule == finding.type and any(
        _meets(edit.span, span) or _meets(span, edit.span) for span in finding.spans
    )


def _quoted(doc: Document, span: Span, *, color: bool, width: int, mark: bool = True) -> Iterator[str]:
    """Yield a stretch in its context, marked by colour or by a line below it."""
    from rich.cells import cell_len

    from tetrapla.report.diff import visible

    inside = visible(doc[span], most=max(width // 2, 10))
    around = max((width - cell_len(inside) - 4) // 2, 8)
    left = _left(doc.text[max(0, span.start - around) : span.start], cut=span.start > around)
    right = _right(doc.text[span.end : span.end + around], cut=span.end + around < len(doc.text))
    if color:
        yield f"    {left}{MARKED.format(inside)}{right}"
        return
    yield f"    {left}{inside}{right}"
    if mark:
        yield f"    {' ' * cell_len(left)}{'^' * max(cell_len(inside), 1)}"


def _left(text: str, *, cut: bool) -> str:
    """Return what stands before a place in its paragraph, begun at a word where it is cut off."""
    from tetrapla.report.diff import visible

    _, blank, paragraph = text.rpartition("\n\n")
    if not cut or blank:
        return visible(paragraph)
    return "… " + visible(paragraph.partition(" ")[2] or paragraph)


def _right(text: str, *, cut: bool) -> str:
    """Return what stands behind a place in its paragraph, ended at a word where it is cut off."""
    from tetrapla.report.diff import visible

    paragraph, blank, _ = text.partition("\n\n")
    if not cut or blank:
        return visible(paragraph)
    return visible(paragraph.rpartition(" ")[0] or paragraph) + " …"


def _key(name: object) -> str:
    return str(name).replace("-", " ").replace("_", " ")


def _words(value: object) -> str:
    """Return a part of evidence as people write it.

    >>> _words({"sure-ones": 18, "shares": [0.54321, True]})
    'sure ones 18, shares 0.54, yes'
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, Mapping):
        return ", ".join(f"{_key(key)} {_words(item)}" for key, item in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_words(item) for item in value)
    return str(value)
