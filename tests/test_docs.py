"""README and CONTRIBUTING say what is so: their commands and examples are run, their tables compared with the tree."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from tetrapla import glossary
from tetrapla.cli import app
from tetrapla.errors import InputError
from tetrapla.resources import corpus_root

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
LANGUAGES = ("zh", "en", "es", "fr")
DIGITS, BLANKS, RULED = re.compile(r"\d+"), re.compile(r"\s+"), re.compile(r"─+")


def blocks(page: str, language: str) -> list[str]:
    """What stands in the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


# Any: some releases of typer bring a click of their own, others take the package.
def subcommands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    for name, child in children.items():
        yield from subcommands(child, (*path, name))
    if not children:
        yield " ".join(path), command


COMMANDS = dict(subcommands(typer.main.get_command(app)))


def shown(block: str) -> dict[str, list[str]]:
    """The commands in a block of the README, in order, with the lines of output that it shows."""
    first, *rest = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert not first
    return dict(zip(rest[::2], (lines.splitlines() for lines in rest[1::2]), strict=True))


def masked(line: str) -> str:
    """A line whatever its figures and the widths of its columns: these move with every change of an aligner."""
    return BLANKS.sub(" ", DIGITS.sub("#", RULED.sub("─", line))).strip()


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_an_example(name: str) -> None:
    assert f"tetrapla {name}" in BLANKS.sub(" ", README)
    assert f"Example: tetrapla {name}" in (COMMANDS[name].help or "")


@pytest.mark.parametrize("page", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_options_are_known(page: str) -> None:
    for line in re.findall(r"tetrapla [a-z][^\n`|]*", page):
        words = line.split()[1:]
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in COMMANDS), None)
        if name is not None:
            known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
            assert set(re.findall(r"(?<= )--?[a-z][a-z-]*", line)) <= known | {"--help"}, line


def test_options_named_alone_are_known() -> None:
    known = {
        option
        for command in COMMANDS.values()
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    outside = {"--help", "--strict", "--update", "--reliability", "--data"}  # of every command, of mypy, of scripts
    assert set(re.findall(r"`(--[a-z-]+)", README)) <= known | outside


@pytest.mark.parametrize("name", ["demo", "test"])
def test_scripts_can_be_run(name: str) -> None:
    script = ROOT / "scripts" / name
    assert f"sh scripts/{name}" in README
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample, and a `tetrapla` and `scripts/demo` that need no installation."""
    folder = tmp_path_factory.mktemp("readme")
    for language in LANGUAGES:
        shutil.copy(corpus_root() / "sample" / f"{language}.txt", folder)
    (folder / "bin").mkdir()
    (folder / "scripts").mkdir()
    for path, arguments in (("bin/tetrapla", '"$@"'), ("scripts/demo", 'demo "$@"')):
        (folder / path).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tetrapla {arguments}\n', "utf-8")
        (folder / path).chmod(0o755)
    return folder


def run_there(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "nlp"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


DEMO, *OTHERS = blocks(README, "console")


# The demo needs nothing of the others; these stand in one test, since later ones read what earlier ones wrote.
@pytest.mark.parametrize("session", [DEMO, "".join(OTHERS)], ids=["demo", "others"])
def test_commands_of_the_readme_do_what_it_shows(session: str, workplace: Path) -> None:
    for command, lines in shown(session).items():
        ran = run_there(command, workplace)
        assert ran.returncode == (1 if command.startswith("tetrapla check ") else 0), (command, ran.stderr)
        told = [masked(line) for line in f"{ran.stdout}\n{ran.stderr}".splitlines()]
        for line in lines:
            start = masked(line.partition("…")[0])
            assert any(got == start if "…" not in line else got.startswith(start) for got in told), (command, line)


def test_the_python_example_runs() -> None:
    examples = blocks(README, "python")
    assert examples
    for number, block in enumerate(examples):
        case = doctest.DocTestParser().get_doctest(block, {}, f"README example {number}", "README.md", 0)
        assert doctest.DocTestRunner(verbose=False).run(case).failed == 0


# ---------------------------------------------------------------- the tree


def test_modules_are_those_of_the_tree() -> None:
    table = re.search(r"^\| module \|.*\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert table is not None
    cells = [row.split("|")[1] for row in table[1].splitlines()[1:]]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    tree = {path.stem for path in (ROOT / "nlp" / "tetrapla").iterdir() if path.suffix in ("", ".py")}
    assert len(named) == len(set(named))
    assert set(named) == {name for name in tree if not name.startswith("__")}


@pytest.mark.parametrize(
    ("page", "folder"), [(README, ROOT), (CONTRIBUTING, ROOT / ".github")], ids=["README", "CONTRIBUTING"]
)
def test_links_and_paths_lead_somewhere(page: str, folder: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page):
        assert (folder / target).exists(), target
    for path in re.findall(r"\b((?:nlp|corpus|scripts|tests)/[\w./-]*\w)(?![\w*/])", page):
        if not {"double-comma", "TYPE"} & {Path(path).stem}:  # files that a reader would write
            assert (ROOT / path).exists(), path


def test_the_readme_stays_readable() -> None:
    lines = README.splitlines()
    assert len(lines) < 250
    assert all(len(line) <= 140 for line in lines if not line.startswith(("|", "The main job")))


# ---------------------------------------------------------------- what contributors are shown


def test_examples_import_what_exists() -> None:
    for block in blocks(CONTRIBUTING, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                module = importlib.import_module(node.module)
                for alias in node.names:
                    # A module inside a package is an attribute of it only once it is imported.
                    known = hasattr(module, alias.name) or importlib.util.find_spec(f"{node.module}.{alias.name}")
                    assert known, f"{node.module} has no {alias.name}"


# The examples in order, then each of them used: in a process of their own, since what is registered stays.
USE = """
import sys
from pathlib import Path
from tetrapla import align, checks, clean, formats, languages
from tetrapla.formats import Known, writer_for
from tetrapla.model import Document
from tetrapla.segment import segment

for block in sys.stdin.read().split("\\0"):
    exec(compile(block, "CONTRIBUTING.md", "exec"), {})
swedish = segment(Document("sv", "sv", "Båten,, säger prof. Lind, går nu. Sedan vänder den."))
assert languages.get("sv").name == "Swedish" and len(swedish.sentences[0]) == 2
assert [finding.type for finding in checks.run(swedish)] == ["double-comma"]
assert clean.clean(swedish).text == "Båten, säger prof. Lind, går nu. Sedan vänder den."
english = segment(Document("en", "en", "The boat, says Dr. Lind, leaves. Then it returns."))
found = align.align([swedish, english], backend="by-count")
assert sorted(found.beads[0].spans) == ["en", "sv"], found.beads
line = writer_for("out.beadlist").dump(Known(found, {"sv": swedish, "en": english}))
assert line.count("\\n") == len(found.beads) and "0." in line, line
"""


def test_examples_for_contributors_work() -> None:
    code = "\0".join(blocks(CONTRIBUTING, "python"))
    environment = os.environ | {"PYTHONPATH": str(ROOT / "nlp")}
    ran = subprocess.run(
        [sys.executable, "-c", USE], input=code, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_the_concept_for_contributors_is_sound(tmp_path: Path) -> None:
    (record,) = blocks(CONTRIBUTING, "rec")
    shutil.copytree(corpus_root() / "glossary", tmp_path / "glossary")
    (tmp_path / "glossary" / "new.rec").write_text(record, "utf-8")
    loaded = glossary.load(tmp_path / "glossary")
    assert glossary.validate(loaded) == []
    assert loaded.find("night fairy")[0].id == "night-ferry"


# ---------------------------------------------------------------- the figures


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure", ROOT / "scripts" / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure"] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_there_is_a_place_with_figures_for_each_section(measure: ModuleType) -> None:
    pages = README + (ROOT / "scripts" / "bench" / "README.md").read_text("utf-8")
    for name in measure.SECTIONS:
        assert re.search(rf"<!-- measure {name} -->\n\n\|.*?<!-- /measure -->", pages, re.DOTALL), name


def test_new_tables_take_the_place_of_the_old_and_of_nothing_else(measure: ModuleType) -> None:
    page = "a\n<!-- measure x -->\nold\n<!-- /measure -->\nb\n<!-- measure y -->\nkept\n<!-- /measure -->\nc\n"
    new = "a\n<!-- measure x -->\n\nnew\n\n<!-- /measure -->\nb\n<!-- measure y -->\nkept\n<!-- /measure -->\nc\n"
    other, path, beside = "d\n<!-- measure z -->\nold\n<!-- /measure -->\n", Path("a.md"), Path("b.md")
    assert measure.updated({path: page, beside: other}, {"x": "new\n"}) == {path: new, beside: other}
    assert measure.updated({path: new}, {"x": "new\n"}) == {path: new}
    assert measure.updated({path: page}, {}) == {path: page}
    assert measure.updated({path: page, beside: other}, {"z": "n\n"})[beside] == other.replace("old\n", "\nn\n\n")


def test_a_page_without_a_place_is_refused(measure: ModuleType) -> None:
    with pytest.raises(InputError, match="no place for z"):
        measure.updated({Path("a.md"): "<!-- measure z -->\nnever closed\n"}, {"z": "t\n"})


def test_figures_are_read_out_of_what_a_scorer_prints(measure: ModuleType) -> None:
    printed = "precision 0.9 recall 0.8 F1 0.8471 reject 1 (4 characters)\nlinked above 0.5: 0.031\n"
    assert measure.figure("F1", printed) == 0.8471
    assert measure.figure("linked above 0.5", printed) == 0.031
    with pytest.raises(InputError, match="no speed"):
        measure.figure("speed", printed)
