"""What a project wants of the checks and of cleaning: `tetrapla.toml`, or `[tool.tetrapla]` in `pyproject.toml`.

    [check]
    skip = ["dangling"]          # or only = [...]
    min-score = 0.5              # what is less sure is not shown

    [clean]
    review = true                # apply what should be looked at, too ...
    min-score = 0.8              # ... where it is this sure
    keep-lines = true            # or width = 80, rejoin = true

    [types.duplicate]            # any type of `tetrapla checks`
    min-score = 0.7              # below this it is no finding of this type
    grade = "review"             # never repaired unseen; "safe": always
    enabled = false              # not looked for

The file is looked for in the working directory and the folders above it; the nearest wins, `tetrapla.toml` before
`pyproject.toml`, and nothing is taken from the others. An option of the command line takes the place of the same key.

What a type says of itself counts for every command. Its `min-score` takes the place of the general one in `check`;
in `clean` both hold, so that the stricter one does. A grade may be set either way: "review" for who trusts a check
less than we do, "safe" for who has looked through what it finds in texts of this kind. The second gives up what we
vouch for (names, numbers and Han characters stay as they are), which is why it has to be written down.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import Finding, Grade

__all__ = ["MIN_SCORE", "NAME", "CheckSettings", "CleanSettings", "Settings", "TypeSettings", "find", "load", "parse"]

NAME, PYPROJECT = "tetrapla.toml", "pyproject.toml"
MIN_SCORE = 0.5  # how sure `clean --review` is where nobody says
NARROWEST = 20  # columns, as for --width
# A look before parsing: most files of Python projects have no table for us.
MENTIONED = re.compile(
    rb"^[ \t]*\[\s*tool\s*(\]|\.\s*[\"']?tetrapla)|^[ \t]*tool[ \t]*(=|\.\s*[\"']?tetrapla)", re.MULTILINE
)

T = TypeVar("T", "CheckSettings", "CleanSettings")


def _truth(value: object) -> bool:
    return isinstance(value, bool)


def _score(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _columns(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= NARROWEST


def _grade(value: object) -> bool:
    return value in get_args(Grade)


def _list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


TYPES = ('a list of types, such as ["duplicate"]', _list)
# What each key wants, in words and as a test.
VALUES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "only": TYPES,
    "skip": TYPES,
    "min-score": ("a number from 0 to 1", _score),
    "review": ("true or false", _truth),
    "keep-lines": ("true or false", _truth),
    "rejoin": ("true or false", _truth),
    "enabled": ("true or false", _truth),
    "width": (f"a number of columns, {NARROWEST} or more", _columns),
    "grade": ('"safe" or "review"', _grade),
}


@dataclass(frozen=True)
class TypeSettings:
    """What is wanted of one type: looked for or not, how sure at least (0..1), and another grade than the check's."""

    enabled: bool = True
    min_score: float | None = None
    grade: Grade | None = None


@dataclass(frozen=True)
class CheckSettings:
    """What `tetrapla check` shows: only these types, or all but these, of at least this score (0..1)."""

    only: tuple[str, ...] | None = None
    skip: tuple[str, ...] = ()
    min_score: float = 0.0


@dataclass(frozen=True)
class CleanSettings:
    """What `tetrapla clean` does; `min_score` (0..1) is for what only `review` applies, `width` counts columns.

    `rejoin` puts torn paragraphs together.
    """

    only: tuple[str, ...] | None = None
    skip: tuple[str, ...] = ()
    review: bool = False
    min_score: float = MIN_SCORE
    keep_lines: bool = False
    rejoin: bool = False
    width: int | None = None


@dataclass(frozen=True)
class Settings:
    """Settings as they come out of a file, `source`; without one, what everybody gets.

    >>> settings = parse({"types": {"duplicate": {"min-score": 0.7}}, "check": {"skip": ["dangling"]}})
    >>> settings.checking(min_score=0.3).check
    CheckSettings(only=None, skip=('dangling',), min_score=0.3)
    >>> settings.types["duplicate"].min_score
    0.7
    """

    check: CheckSettings = CheckSettings()
    clean: CleanSettings = CleanSettings()
    types: Mapping[str, TypeSettings] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        # Other processes get them, too, and a mapping that cannot be written to cannot be sent either.
        return Settings, (self.check, self.clean, dict(self.types), self.source)

    @property
    def off(self) -> frozenset[str]:
        """The types that are not looked for."""
        return frozenset(name for name, own in self.types.items() if not own.enabled)

    @property
    def raised(self) -> frozenset[str]:
        """The types whose findings are to be applied unseen, whatever their check thinks of them."""
        return frozenset(name for name, own in self.types.items() if own.grade == "safe" and own.enabled)

    def applied(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that count, each with the grade that is wanted, in the order given.

        Those of types that are switched off, and those less sure than their type has to be, are left out.
        """
        return [graded for finding in findings if (graded := self._graded(finding)) is not None]

    def _graded(self, finding: Finding) -> Finding | None:
        own = self.types.get(finding.type)
        if own is None:
            return finding
        if not own.enabled or (own.min_score is not None and finding.score < own.min_score):
            return None
        return finding if own.grade in (None, finding.grade) else replace(finding, grade=own.grade)

    def shown(self, findings: Iterable[Finding], *, grade: Grade | None = None) -> list[Finding]:
        """Return the findings that `check` shows: those that count, are sure enough and, if asked for, of a grade."""
        return [
            finding
            for finding in self.applied(findings)
            if finding.score >= self.least(finding.type) and grade in (None, finding.grade)
        ]

    def least(self, name: str) -> float:
        """Return the score (0..1) that a finding of a type must have for `check` to show it."""
        own = self.types.get(name)
        return self.check.min_score if own is None or own.min_score is None else own.min_score

    def checking(
        self,
        *,
        only: Collection[str] | None = None,
        skip: Collection[str] | None = None,
        min_score: float | None = None,
    ) -> Settings:
        """Return the settings as a command line that says more has them for `check`; None leaves a key as it is.

        `only` makes the file's `skip` void and switches the types that it names on; `min_score` goes for all types.
        """
        types = self._named(only)
        if min_score is not None:
            types = {name: replace(own, min_score=None) for name, own in types.items()}
        table = _with(self.check, only=only, skip=skip, min_score=min_score)
        return replace(self, check=table, types=MappingProxyType(types))

    def cleaning(
        self,
        *,
        only: Collection[str] | None = None,
        skip: Collection[str] | None = None,
        review: bool | None = None,
        min_score: float | None = None,
        keep_lines: bool | None = None,
        rejoin: bool | None = None,
        width: int | None = None,
    ) -> Settings:
        """Return the settings as a command line that says more has them for `clean`; None leaves a key as it is.

        `only` makes the file's `skip` void and switches the types that it names on. A `width` makes the file's
        `keep-lines` void, and the other way round.
        """
        table = _with(self.clean, only=only, skip=skip, review=review, min_score=min_score, rejoin=rejoin)
        if keep_lines is not None:
            table = replace(table, keep_lines=keep_lines, width=None if keep_lines else table.width)
        if width is not None:
            table = replace(table, keep_lines=bool(keep_lines), width=width)
        return replace(self, clean=table, types=MappingProxyType(self._named(only)))

    def _named(self, only: Collection[str] | None) -> dict[str, TypeSettings]:
        """Return what is wanted of each type where a command line names these: who asks for a type wants to see it."""
        asked = only or ()
        return {name: replace(own, enabled=own.enabled or name in asked) for name, own in self.types.items()}


def _with(table: T, *, only: Collection[str] | None = None, skip: Collection[str] | None = None, **given: object) -> T:
    changed: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if only is not None:
        changed |= {"only": tuple(only), "skip": ()}
    if skip is not None:
        changed["skip"] = tuple(skip)
    return replace(table, **changed)


def load(path: str | Path | None = None, *, folder: str | Path = ".") -> Settings:
    """Return the settings in a file, by default those for a folder (see `find`); where there are none, the usual ones.

    A file called pyproject.toml has them in its table `tool.tetrapla`, every other one at its top.

    Raises:
        InputError: the file cannot be read, or says what cannot be understood; says where and guesses.
    """
    found = find(folder) if path is None else Path(path)
    if found is None:
        return Settings()
    table = _table(found, _bytes(found))
    if path is not None and table is None:
        raise InputError(f"{found}: there is no table [tool.tetrapla] in it")
    # As a person there would call it: "../tetrapla.toml".
    return parse(table or {}, source=str(path or os.path.relpath(found)))


def find(folder: str | Path = ".") -> Path | None:
    """Return the file with the settings for a folder: its own or that of the nearest folder above, or None.

    A pyproject.toml that has no table for us is passed over, also one that we may not read.

    Raises:
        InputError: a file that mentions us is no TOML.
    """
    start = Path(folder).absolute()
    for place in (start, *start.parents):
        if _is_file(own := place / NAME):
            return own
        if _is_file(project := place / PYPROJECT):
            try:
                data = project.read_bytes()
            except OSError:
                continue
            if _table(project, data) is not None:
                return project
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder above that we may not look into
        return False


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as e:
        raise InputError(f"no such file: {path}") from e
    except OSError as e:
        raise InputError(f"cannot read {path}: {(e.strerror or str(e)).lower()}") from e


def _table(path: Path, data: bytes) -> Mapping[str, Any] | None:
    """Return what a file says to us, or None for the pyproject.toml of a project that says nothing."""
    import tomllib

    if path.name == PYPROJECT and not MENTIONED.search(data):
        return None
    try:
        read: Mapping[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise InputError(f"{path}: this is no TOML ({e})") from e
    if path.name != PYPROJECT:
        return read
    tool = read.get("tool")
    table = tool.get("tetrapla") if isinstance(tool, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise InputError(f"{path}: tool.tetrapla must be a table")
    return table


def parse(tables: Mapping[str, Any], *, source: str = NAME) -> Settings:
    """Return the settings that the tables of a file come to; `source` names it in messages.

    Raises:
        InputError: there is no such table, key or type, or a value is not what its key wants; says where and guesses.
    """
    reading = _Reading(source)
    reading.known("table", tables, ("check", "clean", "types"))
    check, clean, types = (tables.get(name, {}) for name in ("check", "clean", "types"))
    settings = Settings(
        check=CheckSettings(**reading.values("check", check, CheckSettings)),
        clean=CleanSettings(**reading.values("clean", clean, CleanSettings)),
        types=MappingProxyType(dict(reading.types(types))),
        source=source,
    )
    if settings.clean.keep_lines and settings.clean.width is not None:
        raise InputError(f"{source}, [clean]: keep-lines leaves lines as they are and width sets them; take one out")
    return settings


@dataclass(frozen=True)
class _Reading:
    """Reads the tables of one file, whose name every complaint begins with."""

    source: str

    def values(self, table: str, given: object, kind: type) -> dict[str, Any]:
        """Return the values of a table by the names of the fields of its class."""
        keys = {own.name.replace("_", "-"): own.name for own in fields(kind)}
        read = self._table(table, given)
        self.known("key", read, keys, table)
        return {keys[key]: self._value(table, key, value) for key, value in read.items()}

    def types(self, given: object) -> Iterator[tuple[str, TypeSettings]]:
        """Yield what is wanted of each type that has a table."""
        tables = self._table("types", given)
        if tables:
            self.known("type", tables, _types(), "types")
        for name, own in tables.items():
            yield name, TypeSettings(**self.values(f"types.{name}", own, TypeSettings))

    def known(self, kind: str, given: Iterable[str], names: Collection[str], table: str = "") -> None:
        """Make sure that names are known."""
        for name in given:
            if name not in names:
                raise InputError(f"{self._place(table)}: {UnknownNameError(kind, name, names)}")

    def _table(self, table: str, given: object) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            raise InputError(f"{self.source}: {table} must be a table, written [{table}]")
        return given

    def _value(self, table: str, key: str, value: object) -> object:
        wanted, sound = VALUES[key]
        if not sound(value):
            raise InputError(f"{self._place(table)}: {key} must be {wanted}, not {json.dumps(value, default=str)}")
        if not isinstance(value, list):
            return value
        self.known("type", value, _types(layout=table == "clean"), table)
        return tuple(value)

    def _place(self, table: str) -> str:
        return f"{self.source}, [{table}]" if table else self.source


def _types(*, layout: bool = False) -> set[str]:
    """Return the types there are, with `layout` also what edits of the lines are called.

    All checks are loaded for that: it is asked only for a file that names a type.
    """
    from tetrapla import checks
    from tetrapla.clean import RULES

    return {*checks.names(), *(RULES if layout else ())}
