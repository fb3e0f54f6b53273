from __future__ import annotations

import timeit
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import grades, scores
from tetrapla import checks
from tetrapla.errors import InputError
from tetrapla.model import Finding, Grade, Span
from tetrapla.settings import CheckSettings, CleanSettings, Settings, TypeSettings, find, load, parse

WHOLE = """
[check]
only = ["duplicate", "dangling"]
skip = ["dangling"]
min-score = 0.5

[clean]
only = ["hyphenation", "line-join"]
skip = ["line-join"]
review = true
min-score = 0.8
rejoin = true
width = 80

[types.duplicate]
min-score = 0.7
grade = "review"

[types.dangling]
enabled = false
"""


def finding(kind: str, score: float, grade: Grade = "review") -> Finding:
    return Finding(kind, (Span(0, 1),), score, grade, "")


def written(folder: Path, text: str, name: str = "tetrapla.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


# ---------------------------------------------------------------- what a file says


def test_every_key_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    settings = load(path)
    assert settings.check == CheckSettings(("duplicate", "dangling"), ("dangling",), 0.5)
    assert settings.clean == CleanSettings(("hyphenation", "line-join"), ("line-join",), True, 0.8, False, True, 80)
    assert settings.types == {"duplicate": TypeSettings(True, 0.7, "review"), "dangling": TypeSettings(enabled=False)}
    assert settings.source == str(path)
    assert settings.off == {"dangling"}


def test_a_file_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "# nothing yet\n"))
    assert (settings.check, settings.clean, settings.types) == (CheckSettings(), CleanSettings(), {})


def test_a_byte_order_mark_and_the_newlines_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "tetrapla.toml"
    path.write_bytes(b"\xef\xbb\xbf[check]\r\nmin-score = 1\r\n")
    assert load(path).check.min_score == 1


WRONG = [
    ("[chek]", "no table is called 'chek'; did you mean 'check'?"),
    ("only = []", "no table is called 'only'"),
    ("[check]\nmin_score = 0.5", "[check]: no key is called 'min_score'; did you mean 'min-score'?"),
    ("[check]\nreview = true", "[check]: no key is called 'review'"),
    ("[check]\nskip = ['duplicat']", "[check]: no type is called 'duplicat'; did you mean 'duplicate'?"),
    ("[check]\nskip = ['line-join']", "[check]: no type is called 'line-join'"),
    ("[check]\nskip = 'duplicate'", '[check]: skip must be a list of types, such as ["duplicate"], not "duplicate"'),
    ("[check]\nonly = [1]", "[check]: only must be a list of types"),
    ("[check]\nmin-score = 2", "[check]: min-score must be a number from 0 to 1, not 2"),
    ("[check]\nmin-score = nan", "[check]: min-score must be a number from 0 to 1, not NaN"),
    ("[check]\nmin-score = true", "[check]: min-score must be a number from 0 to 1, not true"),
    ("[clean]\nreview = 1", "[clean]: review must be true or false, not 1"),
    ("[clean]\nwidth = 0", "[clean]: width must be a number of columns, 20 or more, not 0"),
    ("[clean]\nwidth = 80\nkeep-lines = true", "[clean]: keep-lines leaves lines as they are and width sets them"),
    ("[types]\nduplicate = 1", "types.duplicate must be a table, written [types.duplicate]"),
    ("[types.duplicat]", "[types]: no type is called 'duplicat'; did you mean 'duplicate'?"),
    ("[types.duplicate]\ngrade = 'sure'", '[types.duplicate]: grade must be "safe" or "review", not "sure"'),
    ("[types.duplicate]\ngrade = 1979-05-27", 'grade must be "safe" or "review", not "1979-05-27"'),
    ("check = 1", "check must be a table, written [check]"),
    ("[check", "this is no TOML"),
    ("check\x00", "this is no TOML"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[text for text, _ in WRONG])
def test_what_cannot_be_meant_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        load(path)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load(tmp_path / "tetrapla.toml")
    with pytest.raises(InputError, match="cannot read"):
        load(tmp_path)
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no TOML"):
        load(tmp_path / "x.toml")


# ---------------------------------------------------------------- where it is looked for


def test_the_nearest_file_wins_and_nothing_is_taken_from_the_others(tmp_path: Path) -> None:
    far = written(tmp_path, "[check]\nmin-score = 0.1\nskip = ['dangling']")
    near = written(tmp_path / "a" / "b", "[check]\nmin-score = 0.2")
    (tmp_path / "a" / "b" / "c" / "d").mkdir(parents=True)
    assert find(tmp_path / "a" / "b" / "c" / "d") == near
    assert load(folder=tmp_path / "a" / "b" / "c" / "d").check == CheckSettings(min_score=0.2)
    assert find(tmp_path / "a") == far


PROJECTS = [
    ("[tool.tetrapla.check]\nmin-score = 0.3", 0.3),
    ("[tool.tetrapla]\ncheck = { min-score = 0.3 }", 0.3),
    ("[tool]\ntetrapla.check.min-score = 0.3", 0.3),
    ("[tool.'tetrapla'.check]\nmin-score = 0.3", 0.3),
    ("tool.tetrapla.check.min-score = 0.3", 0.3),
    ("[tool.ruff]\nline-length = 100", 0.1),
    ("[project]\nname = 'tetrapla'", 0.1),
    ("[tool]\nother = 1", 0.1),
    ("[this is broken, and none of our business", 0.1),
]


@pytest.mark.parametrize(("text", "least"), PROJECTS, ids=[text for text, _ in PROJECTS])
def test_a_pyproject_is_taken_where_it_has_a_table_for_us(tmp_path: Path, text: str, least: float) -> None:
    written(tmp_path, "[check]\nmin-score = 0.1")
    written(tmp_path / "project", text, "pyproject.toml")
    assert load(folder=tmp_path / "project").check.min_score == least


def test_our_own_file_comes_before_the_pyproject_of_the_same_folder(tmp_path: Path) -> None:
    written(tmp_path, "[tool.tetrapla.check]\nmin-score = 0.3", "pyproject.toml")
    assert load(folder=tmp_path).check.min_score == 0.3
    written(tmp_path, "[check]\nmin-score = 0.1")
    assert load(folder=tmp_path).check.min_score == 0.1


def test_a_pyproject_that_is_named_must_have_our_table(tmp_path: Path) -> None:
    path = written(tmp_path, "[tool.ruff]", "pyproject.toml")
    with pytest.raises(InputError, match=r"no table \[tool.tetrapla\]"):
        load(path)
    written(tmp_path, "[tool]\ntetrapla = 1", "pyproject.toml")
    with pytest.raises(InputError, match=r"tool\.tetrapla must be a table"):
        load(path)


def test_reading_settings_takes_no_time(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*"abcdefgh")
    folder.mkdir(parents=True)
    written(tmp_path, WHOLE)
    checks.names()  # these are loaded by every command that reads settings
    assert min(timeit.repeat(lambda: load(folder=folder), number=1, repeat=5)) < 0.005


# ---------------------------------------------------------------- the command line wins


def test_an_option_takes_the_place_of_its_key_and_of_no_other() -> None:
    settings = parse({"check": {"only": ["dangling"], "skip": ["duplicate"], "min-score": 0.5}})
    assert settings.checking() == settings
    assert settings.checking(skip=["truncation"]).check == CheckSettings(("dangling",), ("truncation",), 0.5)
    assert settings.checking(min_score=0.0).check == CheckSettings(("dangling",), ("duplicate",), 0.0)
    # Who names the types to look for would not understand why one of them is skipped.
    assert settings.checking(only=["duplicate"]).check == CheckSettings(("duplicate",), (), 0.5)


def test_a_type_that_is_named_is_looked_for_where_the_file_switches_it_off() -> None:
    settings = parse({"types": {"duplicate": {"enabled": False}, "dangling": {"enabled": False}}})
    assert settings.checking(only=["duplicate"]).off == {"dangling"}
    assert settings.cleaning(only=["duplicate"]).off == {"dangling"}


CLEANING: list[tuple[dict[str, Any], dict[str, Any], CleanSettings]] = [
    ({}, {}, CleanSettings()),
    ({"review": True}, {}, CleanSettings(review=True)),
    ({"review": True}, {"review": False}, CleanSettings(review=False)),
    ({"min-score": 0.9}, {"min_score": 0.1}, CleanSettings(min_score=0.1)),
    ({"width": 80}, {"keep_lines": True}, CleanSettings(keep_lines=True)),
    ({"keep-lines": True}, {"width": 60}, CleanSettings(width=60)),
    (
        {"keep-lines": True, "skip": ["dangling"]},
        {"only": ["duplicate"]},
        CleanSettings(("duplicate",), keep_lines=True),
    ),
]


@pytest.mark.parametrize(("table", "options", "expected"), CLEANING)
def test_options_of_clean(table: dict[str, Any], options: dict[str, Any], expected: CleanSettings) -> None:
    assert parse({"clean": table}).cleaning(**options).clean == expected


# ---------------------------------------------------------------- on findings


def test_what_a_type_says_of_itself_comes_before_what_is_said_of_all() -> None:
    settings = parse({"check": {"min-score": 0.6}, "types": {"truncation": {"min-score": 0.2}}})
    found = [finding("truncation", 0.3), finding("dangling", 0.3), finding("dangling", 0.6), finding("truncation", 0.1)]
    assert settings.shown(found) == [found[0], found[2]]
    assert settings.checking(min_score=0.3).shown(found) == found[:3]
    assert settings.applied(found) == found[:3]


def test_grades_are_changed_either_way_and_nothing_else() -> None:
    settings = parse({"types": {"duplicate": {"grade": "safe"}, "hyphenation": {"grade": "review"}}})
    found = [finding("duplicate", 0.5), finding("hyphenation", 0.9, "safe"), finding("split-word", 0.9, "safe")]
    changed = settings.applied(found)
    assert [f.grade for f in changed] == ["safe", "review", "safe"]
    assert [(f.type, f.spans, f.score) for f in changed] == [(f.type, f.spans, f.score) for f in found]
    assert settings.shown(found, grade="review") == [changed[1]]
    assert settings.raised == {"duplicate"}
    assert parse({"types": {"duplicate": {"grade": "safe", "enabled": False}}}).raised == frozenset()


TYPES = ["duplicate", "dangling", "hyphenation"]
tables = st.dictionaries(
    st.sampled_from(TYPES),
    st.fixed_dictionaries({}, optional={"enabled": st.booleans(), "min-score": scores, "grade": grades}),
)
lists = st.lists(st.builds(finding, st.sampled_from(TYPES), scores, grades), max_size=6)


@given(tables, lists)
def test_what_counts_is_among_what_was_found_and_applying_twice_is_applying_once(
    types: dict[str, Any], found: list[Finding]
) -> None:
    settings = parse({"types": types})
    once = settings.applied(found)
    assert settings.applied(once) == once
    kept = [(f.type, f.score) for f in once]
    assert kept == [
        (f.type, f.score)
        for f in found
        if types.get(f.type, {}).get("enabled", True) and f.score >= types.get(f.type, {}).get("min-score", 0)
    ]
    assert Settings().applied(found) == found
