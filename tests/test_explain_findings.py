"""`tetrapla explain`: what was found at a place, and why."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tetrapla import checks
from tetrapla.cli import main

TEXT = """A history of the mill

The workers made paper from rags and clear water.
The inno- vation of the mill was a steam engine (Figure 2 for.

They stopped when the river froze in winter.
"""
ZH = "纸厂的历史\n\n工人们用破布和清水造纸。纸厂的创新是一台蒸汽机。\n\n冬天河水结冰时他们就停工。\n"

Explain = Callable[..., tuple[int, str, str]]


@pytest.fixture
def explain(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explain:
    monkeypatch.chdir(tmp_path)
    Path("en.txt").write_text(TEXT, "utf-8")
    Path("zh.txt").write_text(ZH, "utf-8")

    def run(*argv: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        status = main(["explain", *argv])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


def told(out: str) -> dict[str, str]:
    """The lines of an explanation by their labels."""
    lines = [line[2:].partition(" ") for line in out.splitlines() if line[:2] == "  " and line[2:3].strip()]
    return {label: rest.strip() for label, _, rest in lines}


def test_a_finding_is_shown_in_its_place_and_put_in_words(explain: Explain) -> None:
    status, out, err = explain("en.txt:4")
    assert (status, err) == (0, "")
    blocks = out.split("\n\nen.txt:")
    assert out.startswith("en.txt:4:5  hyphenation, safe, 0.")
    quoted, marks = (line for line in blocks[0].splitlines() if "inno- vation" in line or "^" in line)
    assert quoted[marks.index("^") : marks.rindex("^") + 1] == "inno- vation"
    lines = told(blocks[0])
    (check,) = [check for check in checks.every() if check.name == "hyphenation"]
    assert lines["means"] == check.summary
    assert "innovation" in lines["found"]
    assert lines["clean"] == "writes “innovation”"
    assert lines["off"] == "--skip hyphenation, or in tetrapla.toml [types.hyphenation] enabled = false"
    garbled = told(blocks[1])
    assert garbled["clean"] == "leaves it; with --review it writes “(Figure 2)”"
    assert "repaired unseen" in garbled["review"]


def test_a_column_picks_one_finding(explain: Explain) -> None:
    assert explain("en.txt:4:7")[1].count("  means ") == 1
    assert "hyphenation" in explain("en.txt:4:16")[1]
    status, out, _ = explain("en.txt:4:17")
    assert status == 0
    assert out.startswith("nothing was found at column 17 of line 4 of en.txt\n")


def test_a_line_without_findings_names_the_nearest_with_some(explain: Explain) -> None:
    for line in (1, 2, 3, 5, 6):
        status, out, _ = explain(f"en.txt:{line}")
        assert status == 0
        assert out.startswith(f"nothing was found at line {line} of en.txt\nthe nearest lines with findings:\n")
        assert "\n  4  hyphenation" in out
    Path("en.txt").write_text("The workers made paper from rags.\n", "utf-8")
    assert explain("en.txt:1")[1] == "nothing was found at line 1 of en.txt\nnor anywhere else in it\n"


WRONG = [
    (("en.txt:7",), "en.txt has no line 7; it has 6"),
    (("en.txt:0",), "en.txt has no line 0; it has 6"),
    (("en.txt:4:99",), "line 4 of en.txt has 62 characters, no 99th"),
    (("en.txt",), "'en.txt' is no line of a text; write FILE:LINE, e.g. en.txt:25"),
    (("en.txt:x",), "is no line of a text"),
    (("missing.txt:1",), "no such file: missing.txt"),
    (("en.txt:1", "--document", "en"), "--document names a version of an alignment"),
    (("en.txt:1", "--config", "missing.toml"), "no such file: missing.toml"),
    (("en.txt:1", "--config", "a.toml", "--no-config"), "leave one out"),
]


@pytest.mark.parametrize(("argv", "said"), WRONG, ids=[" ".join(argv) for argv, _ in WRONG])
def test_wrong_use_is_told_in_one_line(explain: Explain, argv: tuple[str, ...], said: str) -> None:
    status, out, err = explain(*argv)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_json_tells_the_same(explain: Explain) -> None:
    status, out, _ = explain("en.txt:4", "--format", "json")
    record: dict[str, Any] = json.loads(out)
    assert status == 0
    assert (record["path"], record["line"], record["column"]) == ("en.txt", 4, None)
    assert TEXT[record["start"] : record["end"]] == TEXT.split("\n")[3]
    found = record["findings"][0]
    assert TEXT[found["start"] : found["end"]] == found["text"] == "inno- vation"
    assert found["clean"] == "writes “innovation”"
    assert {"type", "score", "grade", "message", "evidence", "means", "why", "hidden"} <= found.keys()
    assert {"line": 4, "types": ["hyphenation", "citation-damage"]} in record["near"]
    assert json.loads(explain("en.txt:1", "--format", "json")[1])["findings"] == []


def test_colours_are_for_terminals_and_for_who_asks(explain: Explain, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = explain("en.txt:4")[1]
    assert "\x1b" not in plain
    assert "\x1b[31;1minno- vation\x1b[0m" in explain("en.txt:4", "--color", "always")[1]
    assert "^" not in explain("en.txt:4", "--color", "always")[1]
    monkeypatch.setattr("tetrapla.cli._console.sys.stdout", Terminal())
    from tetrapla.cli._console import colored

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert colored("auto")
    assert not colored("never")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored("auto")
    assert colored("always")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_a_text_holds_cannot_write_on_the_terminal(explain: Explain) -> None:
    Path("en.txt").write_text("A mill \x1b[2J and the inno- vation of the mill was an innovation.\n", "utf-8")
    out = explain("en.txt:1")[1]
    assert "inno- vation" in out
    assert "\x1b" not in out
    assert "<U+001B>" in out


SETTINGS = [
    ("[types.hyphenation]\nenabled = false", "hidden", "tetrapla.toml switches hyphenation off"),
    ("[types.hyphenation]\nenabled = false", "clean", "tetrapla.toml has it so"),
    ("[check]\nskip = ['hyphenation']", "hidden", "tetrapla.toml switches hyphenation off"),
    ("[check]\nonly = ['dangling']", "hidden", "tetrapla.toml wants other types only"),
    ("[check]\nmin-score = 1", "hidden", "tetrapla.toml wants a score of at least 1.00"),
    ("[clean]\nskip = ['hyphenation']", "clean", "tetrapla.toml has it so"),
    ("[clean]\nonly = ['dangling']", "clean", "tetrapla.toml has it so"),
    ("[types.hyphenation]\ngrade = 'review'", "review", "tetrapla.toml has it so; the check says safe"),
    ("[types.hyphenation]\ngrade = 'review'", "clean", "leaves it; with --review it writes “innovation”"),
    ("[types.hyphenation]\ngrade = 'review'\n[clean]\nreview = true", "clean", "writes “innovation”"),
    ("[types.hyphenation]\ngrade = 'review'\n[clean]\nmin-score = 1", "clean", "--review wants a score of 1.00"),
]


@pytest.mark.parametrize(("text", "label", "said"), SETTINGS, ids=[f"{text}: {label}" for text, label, _ in SETTINGS])
def test_settings_are_taken_into_account(explain: Explain, text: str, label: str, said: str) -> None:
    Path("tetrapla.toml").write_text(text, "utf-8")
    assert said in told(explain("en.txt:4:7")[1])[label]
    assert "hidden" not in told(explain("en.txt:4:7", "--no-config")[1])


def test_a_version_in_the_light_of_the_others(explain: Explain, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["align", "zh.txt", "en.txt", "-o", "out.json"]) == 0
    outs = {
        explain(*argv, "--alignment", "out.json")[1]
        for argv in (("en.txt:4",), ("en:4",), ("nowhere.txt:4", "--document", "en"))
    }
    assert len(outs) == 1
    assert "hyphenation, safe" in outs.pop()
    assert "there are" in explain("fr.txt:1", "--alignment", "out.json")[2]
    assert "is the version en" in explain("en.txt:1", "--alignment", "out.json", "--document", "zh")[2]
    assert "did you mean" in explain("x:1", "--alignment", "out.json", "--document", "e")[2]
