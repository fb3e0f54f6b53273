from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tetrapla import __version__, cli, files, formats, progress, stream
from tetrapla.align import Backend, Group, Options, registry
from tetrapla.align import Path as Links
from tetrapla.align._backend import NO_OPTIONS, Pair
from tetrapla.cli import main
from tetrapla.model import sha256_of

ZH = """纸厂的历史

　　河谷里的第一座纸厂建于十七世纪。工人们用破布和清水造纸，冬天河水结冰时就停工。

　　后来的主人买来一台蒸汽机。从此纸厂全年开工，产量增加了三倍。
"""
EN = """History of the paper mill

The first paper mill in the valley was built in the seventeenth century. The work- ers made paper from rags and
clear water, and stopped when the river froze in winter.

A later owner bought a steam engine. From then on the mill worked all year and made three times as much.
"""
ES = """Historia de la fábrica de papel

La primera fábrica de papel del valle se construyó en el siglo diecisiete. Los obreros hacían papel con trapos y agua
clara, y paraban cuando el río se helaba en invierno.

Un dueño posterior compró una máquina de vapor. Desde entonces la fábrica trabajó todo el año y produjo el triple.
"""
NOISY = "The work- ers made paper from rags, and the inno- vation of the mill was a steam engine.\n"
SOUND = "The workers made paper from rags and clear water.\n"


class Ran:
    """What a command did."""

    def __init__(self, status: int, out: bytes, err: bytes) -> None:
        self.status = status
        self.bytes = out
        self.err = err.decode()

    @property
    def out(self) -> str:
        return self.bytes.decode()


class Run:
    """Runs commands in this process."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self.capture = capture

    def __call__(self, *argv: str | Path) -> Ran:
        self.capture.readouterr()
        status = main([str(arg) for arg in argv])
        return Ran(status, *self.capture.readouterr())


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TETRAPLA_DEBUG", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Run(capsysbinary)


def write(name: str, text: str, encoding: str = "utf-8") -> bytes:
    data = text.encode(encoding)
    Path(name).write_bytes(data)
    return data


@pytest.fixture
def texts(run: Run) -> None:
    for name, text in (("zh.txt", ZH), ("en.txt", EN), ("es.txt", ES)):
        write(name, text)


# Help, version, wrong use

COMMANDS = ["demo", "align", "check", "explain", "clean", "undo", "apply", "terms", "concept", "checks", "score"]
LEXICON = [["lexicon", "learn"], ["lexicon", "look"], ["lexicon", "check"]]
PARTS = [
    *LEXICON,
    ["glossary", "check"],
    ["corpus", "list"],
    ["corpus", "add"],
    ["corpus", "verify"],
    ["corpus", "alignment"],
]


@pytest.mark.parametrize("command", [*([name] for name in COMMANDS), *PARTS])
def test_every_command_has_help_with_an_example(run: Run, command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.status == 0
    assert f"Example: tetrapla {' '.join(command)}" in " ".join(done.out.split())


def test_version(run: Run) -> None:
    assert run("--version").out == f"tetrapla {__version__}\n"


HEAVY = ["spacy", "jieba", "transformers", "datasets", "langdetect", "numpy", "wordfreq", "rapidfuzz", "chardet"]


def test_help_is_quick_and_imports_no_heavy_package() -> None:
    code = (
        "import sys, time; from tetrapla.cli import main; status = main(['--help']);"
        f"print([name for name in {HEAVY} if name in sys.modules], status, time.process_time(), file=sys.stderr)"
    )
    took = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_env())
        heavy, status, seconds = done.stderr.rsplit(maxsplit=2)
        assert (heavy, status) == ("[]", "0")
        took.append(float(seconds))
    assert min(took) < 0.6  # it takes 0.2 s; room for machines half as fast


def _env() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}


LINES = ["align", "--sentences", "lines", "--format", "beads"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nope"], "No such command 'nope'"),
        (["align"], "two files or more"),
        (["check", "en.txt", "--nope"], "No such option"),
        (["check", "en.txt", "--format", "xml"], "xml"),
        (["clean", "en.txt", "--min-score", "2"], "Invalid value for '--min-score'"),
        (["check"], "give one FILE to check, or --alignment"),
        (["check", "en.txt", "--alignment", "out.json"], "give one FILE to check, or --alignment"),
        (["check", "en.txt", "--document", "en"], "--document names a version of an alignment"),
        (["check", "en.txt", "--only", "hyphenatoin"], "did you mean 'hyphenation'?"),
        (["check", "en.txt", "--skip", "noise"], "no check is called 'noise'"),
        (["clean", "en.txt", "--only", "hyphenatoin"], "did you mean 'hyphenation'?"),
        (["check", "en.txt", "--language", "English"], "no language code"),
        (["check", "en.txt", "--encoding", "klingon"], "no encoding is called 'klingon'"),
        (["check", "en.txt", "-o", "en.txt"], "en.txt is the input"),
        (["check", "missing.txt"], "no such file: missing.txt"),
        (["check", "en.txt", "missing.txt"], "no such file: missing.txt"),
        (["check", "-", "en.txt", "-o", "en.txt"], "en.txt is the input"),
        (["check", "en.txt", "--min-score", "2"], "Invalid value for '--min-score'"),
        (["check", "en.txt", "--grade", "unsafe"], "unsafe"),
        (["check", "en.txt", "--config", "missing.toml"], "no such file: missing.toml"),
        (["check", "en.txt", "--config", "en.txt"], "en.txt: this is no TOML"),
        (["check", "en.txt", "--config", "en.txt", "--no-config"], "leave one out"),
        (["check", "."], ". is a folder"),
        (["align", "en.txt"], "two files or more"),
        (["align", "en.txt", "missing.txt"], "no such file: missing.txt"),
        (["align", "en.txt", "zh.txt", "-o", "zh.txt"], "zh.txt is the input"),
        (["align", "en.txt", "zh.txt", "--report", "en.txt"], "en.txt is the input"),
        (["align", "en.txt", "zh.txt", "--report", "a", "-o", "a"], "name the same file"),
        (["align", "en.txt", "zh.txt", "--language", "de"], "write FILE=CODE"),
        (["align", "en.txt", "zh.txt", "--language", "an.txt=de"], "did you mean 'en.txt'?"),
        (["align", "en.txt", "zh.txt", "--pivot", "fr"], "no version is called 'fr'"),
        (["align", "en.txt", "zh.txt", "-o", "missing/out.json"], "there is no folder missing"),
        (["align", "-", "-"], "only once"),
        (["align", "en.txt", "zh.txt", "--backend", "guess"], "no aligner is called 'guess'"),
        (["align", "en.txt", "zh.txt", "--embed", "--model", "m"], "--embed is --model sentence-transformers/LaBSE"),
        (["align", "en.txt", "zh.txt", "--lexicon", "missing.tsv"], "no such file: missing.tsv"),
        (["align", "en.txt", "zh.txt", "--lexicon", "es.txt"], "es.txt:1: no header of language codes"),
        (["align", "en.txt", "zh.txt", "--keep", "missing.json"], "no such file: missing.json"),
        (["align", "en.txt", "zh.txt", "--keep", "es.txt"], "es.txt, line 1: this is no JSON"),
        (["align", "en.txt", "zh.txt", "--keep", "es.txt", "-o", "es.txt"], "es.txt is the input"),
        (["align", "en.txt", "zh.txt", "--sentences", "lines"], "go together"),
        (["align", "en.txt", "zh.txt", "--pairs", "list.tsv"], "leave --pairs out here"),
        ([*LINES, "en.txt"], "aligns two files, not 1"),
        ([*LINES, "en.txt", "zh.txt", "--pivot", "zh"], "leave --pivot out here"),
        ([*LINES, "en.txt", "zh.txt", "--report", "page.html"], "leave --report out here"),
        ([*LINES, "en.txt", "zh.txt", "--keep", "d.json"], "leave --keep out here"),
        ([*LINES, "en.txt", "zh.txt", "--backend", "length", "--embed"], "leave model, lexicon and decisions out"),
        ([*LINES, "--pairs", "list.tsv"], "name their folder with -o DIR"),
        ([*LINES, "--pairs", "list.tsv", "en.txt", "-o", "out"], "leave FILE out"),
        ([*LINES, "--pairs", "list.tsv", "-o", "out"], "no such file: list.tsv"),
        (["clean", "--in-place"], "--in-place writes over FILE: name one"),
        (["clean", "en.txt", "--in-place", "-o", "b.txt"], "leave -o out"),
        (["clean", "en.txt", "--check", "-o", "b.txt"], "write nothing"),
        (["clean", "en.txt", "--keep-lines", "--width", "60"], "--keep-lines leaves lines as they are"),
        (["clean", "en.txt", "--keep-lines", "--rejoin"], "--keep-lines leaves lines as they are"),
        (["clean", "en.txt", "-o", "en.txt"], "say --in-place"),
        (["clean", "en.txt", "--edits", "en.txt"], "en.txt is the input"),
        (["clean", "en.txt", "--edits", "-"], "both go to one place"),
        (["clean", "en.txt", "-o", "b.txt", "--output-encoding", "klingon"], "no encoding is called 'klingon'"),
        (["undo", "en.txt", "--edits", "zh.txt"], "zh.txt, line 1"),
        (["apply", "en.txt"], "Missing option"),
        (["concept", "qwertyuiop"], "no concept or term 'qwertyuiop'"),
        (["terms", "en.txt", "--encoding", "ascii", "--format", "xml"], "xml"),
        (["glossary", "check", "missing"], "missing"),
        (["corpus", "add", "en.txt"], "en.txt"),
    ],
)
@pytest.mark.usefixtures("texts")
def test_wrong_use_is_told_with_status_2(run: Run, argv: list[str], said: str) -> None:
    done = run(*argv)
    assert done.status == 2
    assert done.out == ""
    assert said in done.err
    if done.err.startswith("tetrapla:"):
        assert done.err.count("\n") == 1
    assert Path("en.txt").read_text(encoding="utf-8") == EN


# What people name by mistake


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "a.txt is empty"),
        (b"\n \n", "nothing but blanks"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (b"PK\x03\x04" + bytes(40), "docx"),
        (bytes(range(256)) * 9, "NUL byte"),
        (ZH.encode()[:-5] + b"\n", "UTF-8 but for broken places"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["clean"], ["terms"], ["align", "en.txt"]])
@pytest.mark.usefixtures("texts")
def test_what_is_no_text_is_refused_in_one_line(run: Run, command: list[str], data: bytes, said: str) -> None:
    Path("a.txt").write_bytes(data)
    done = run(*command, "a.txt")
    assert done.status == 2
    assert done.out == ""
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(NOISY, "utf-16"), (NOISY, "utf-8-sig"), (ES, "cp1252"), (ES, "utf-16-be"), (ZH, "gb18030"), (ZH, "utf-8")],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_cleaning_keeps_the_encoding_and_undoing_gives_every_byte_back(
    run: Run, text: str, encoding: str, newline: str
) -> None:
    data = write("a.txt", text.replace("\n", newline), encoding)
    assert run("clean", "a.txt", "-o", "b.txt", "--edits", "e.jsonl").status == 0
    cleaned = Path("b.txt").read_bytes()
    assert cleaned.decode(encoding)
    assert run("undo", "b.txt", "--edits", "e.jsonl").bytes == data
    assert run("undo", "b.txt", "--edits", "e.jsonl", "-o", "c.txt").status == 0
    assert Path("c.txt").read_bytes() == data
    assert run("apply", "a.txt", "--edits", "e.jsonl").bytes == cleaned
    head = json.loads(Path("e.jsonl").read_text(encoding="utf-8").split("\n")[0])
    assert head["newline"] == newline
    assert head["bom"] == (encoding in ("utf-16", "utf-8-sig"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_long_text_is_cleaned_and_given_back_as_a_short_one_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    text = (ES + "\nLos obreros de la fáb- rica paraban en la fábrica.\n\n") * 3
    data = write("a.txt", text.replace("\n", "\r\n"), encoding)
    short = run("clean", "a.txt", "--language", "es").bytes
    monkeypatch.setattr(stream, "SMALL", 200)
    monkeypatch.setattr(stream, "PIECE", 61)
    assert run("clean", "a.txt", "--language", "es", "-o", "b.txt", "--edits", "e.jsonl").status == 0
    assert Path("b.txt").read_bytes() == short != data
    assert run("undo", "b.txt", "--edits", "e.jsonl").bytes == data
    assert run("apply", "a.txt", "--edits", "e.jsonl").bytes == short
    assert run("clean", "a.txt", "--output-encoding", "ascii").status == 2


def test_what_another_package_reads_is_cleaned_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: str | Path, encoding: str | None) -> files.Decoded:
        found = files.read_text(path, encoding=encoding)
        return files.Decoded(found.text.swapcase(), "utf-8", False, "\n", str(path))

    assert ".scan" not in formats.registry
    monkeypatch.setitem(formats.registry._known, ".scan", read)
    write("a.scan", NOISY.swapcase())
    done = run("clean", "a.scan")
    assert done.out == NOISY.replace("work- ers", "workers").replace("inno- vation", "innovation")
    assert run("clean", "a.scan", "--output-encoding", "utf-16").bytes.decode("utf-16") == done.out


# check


def test_check_prints_findings_and_exits_with_1(run: Run) -> None:
    write("a.txt", NOISY)
    done = run("check", "a.txt", "--format", "jsonl")
    assert done.status == 1
    findings = [json.loads(line) for line in done.out.splitlines()]
    found = next(finding for finding in findings if finding["type"] == "hyphenation")
    assert NOISY[found["start"] : found["end"]] == found["text"] == "work- ers"
    assert found["replacement"] == "workers"
    assert found["grade"] in ("safe", "review")
    assert 0 <= found["score"] <= 1
    assert {"message", "evidence"} <= found.keys()
    assert [finding["start"] for finding in findings] == sorted(finding["start"] for finding in findings)
    assert json.loads(run("check", "a.txt", "--format", "json").out) == findings
    table = run("check", "a.txt")
    assert table.status == 1
    assert "work- ers" in table.out
    assert run("check", "a.txt", "--skip", "hyphenation", "--only", "hyphenation").status == 0


def test_check_of_a_sound_text_exits_with_0(run: Run) -> None:
    write("a.txt", SOUND)
    for format_ in ("table", "jsonl"):
        done = run("check", "a.txt", "--only", "hyphenation,split-word", "--format", format_)
        assert (done.status, done.out) == (0, "")
    assert run("check", "a.txt", "--only", "hyphenation", "--format", "json").out == "[]\n"


def test_check_shows_what_is_sure_enough_and_of_a_grade(run: Run) -> None:
    write("a.txt", NOISY + "The patterns of the mill (Figure 2 for.\n")

    def shown(*options: str) -> list[tuple[str, str]]:
        found = run("check", "a.txt", "--format", "jsonl", *options).out.splitlines()
        return [(record["type"], record["grade"]) for record in map(json.loads, found)]

    everything = shown()
    assert {grade for _, grade in everything} == {"safe", "review"}
    assert shown("--grade", "safe") == [item for item in everything if item[1] == "safe"]
    assert shown("--grade", "review") == [item for item in everything if item[1] == "review"]
    assert 0 < len(shown("--min-score", "0.9")) < len(everything)
    assert run("check", "a.txt", "--min-score", "1").status == 0


def test_check_of_several_files_says_which(run: Run) -> None:
    write("a.txt", NOISY)
    write("b.txt", SOUND)
    write("c.txt", NOISY)
    only = ("--only", "hyphenation")
    done = run("check", "a.txt", "b.txt", "c.txt", "a.txt", *only, "--format", "jsonl")
    assert done.status == 1
    records = [json.loads(line) for line in done.out.splitlines()]
    assert [record.pop("path") for record in records] == ["a.txt", "a.txt", "c.txt", "c.txt"]
    assert records[:2] == json.loads(run("check", "a.txt", *only, "--format", "json").out)
    table = run("check", "a.txt", "c.txt", *only)
    assert table.out.count(" a.txt:1 ") == table.out.count(" c.txt:1 ") == 2
    assert table.err == "4 findings\n"
    assert run("check", "b.txt", "b.txt", *only).status == 0
    log = json.loads(run("check", "a.txt", "b.txt", "c.txt", *only, "--format", "sarif").out)
    artifacts = [artifact["location"]["uri"] for artifact in log["runs"][0]["artifacts"]]
    assert artifacts == ["a.txt", "b.txt", "c.txt"]


def test_check_writes_sarif(run: Run) -> None:
    write("a.txt", NOISY)
    assert run("check", "a.txt", "--format", "sarif", "-o", "a.sarif").status == 1
    log = json.loads(Path("a.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]].count("hyphenation") == 2
    write("b.txt", SOUND)
    done = run("check", "b.txt", "--only", "hyphenation", "--format", "sarif")
    assert done.status == 0
    assert json.loads(done.out)["runs"][0]["results"] == []


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_of_findings_fits_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    write("a.txt", NOISY)
    monkeypatch.setattr("tetrapla.cli._console.screen_width", lambda: width)
    monkeypatch.setattr("tetrapla.cli.check.screen_width", lambda: width)
    lines = run("check", "a.txt", "--only", "hyphenation").out.splitlines()
    assert ("why" in lines[0]) == (width == 120)
    assert max(map(len, lines)) <= width
    # A finding takes a line, or with its reason two.
    assert len(lines) <= 2 + 2 * (1 if width == 80 else 2)
    assert any("inno- vation" in line and "innovation" in line.replace("inno- vation", "") for line in lines)


@pytest.mark.parametrize("name", ["tetrapla.toml", "pyproject.toml"])
def test_check_reads_settings_and_the_command_line_wins(run: Run, name: str) -> None:
    prefix = "" if name == "tetrapla.toml" else "tool.tetrapla."
    write("a.txt", NOISY)
    write(name, f"[{prefix}check]\nskip = ['hyphenation']\n[{prefix}types.hyphenation]\ngrade = 'review'\n")
    only = ("--only", "hyphenation", "--format", "jsonl")
    assert '"hyphenation"' not in run("check", "a.txt", "--format", "jsonl").out
    assert run("check", "a.txt", *only).out.count('"grade": "review"') == 2
    assert run("check", "a.txt", *only, "--no-config").out.count('"grade": "safe"') == 2
    write("other.toml", "[types.hyphenation]\nenabled = false\n")
    assert '"hyphenation"' not in run("check", "a.txt", "--format", "jsonl", "--config", "other.toml").out
    write(name, f"[{prefix}check]\nskipp = []\n")
    done = run("check", "a.txt")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert "did you mean 'skip'?" in done.err


@pytest.mark.usefixtures("texts")
def test_check_of_a_version_of_an_alignment(run: Run) -> None:
    assert run("align", "zh.txt", "en.txt", "-o", "out.json").status == 0
    done = run("check", "--alignment", "out.json", "--document", "en", "--format", "jsonl")
    assert done.status == 1
    assert any(json.loads(line)["text"] == "work- ers" for line in done.out.splitlines())
    assert "one of zh, en" in run("check", "--alignment", "out.json").err
    assert "did you mean 'en'" in run("check", "--alignment", "out.json", "--document", "e").err
    write("en.txt", EN + "One more line.\n")
    done = run("check", "--alignment", "out.json", "--document", "en")
    assert done.status == 2
    assert "another text than en.txt has now" in done.err


# clean, undo, apply


def test_clean_reads_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write("a.txt", NOISY)
    with (tmp_path / "a.txt").open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        done = run("clean", "--only", "hyphenation")
    assert done.status == 0
    assert done.out == NOISY.replace("work- ers", "workers").replace("inno- vation", "innovation")
    assert "hyphenation 2" in done.err


def test_clean_twice_changes_nothing_more(run: Run) -> None:
    write("a.txt", EN)
    once = run("clean", "a.txt").bytes
    Path("b.txt").write_bytes(once)
    assert run("clean", "b.txt").bytes == once
    assert run("clean", "a.txt", "--check").status == 1
    assert run("clean", "b.txt", "--check").status == 0


def test_diff_and_check_write_nothing(run: Run) -> None:
    write("a.txt", NOISY)
    done = run("clean", "a.txt", "--diff")
    assert done.status == 0
    assert "-The work- ers" in done.out
    assert "+The workers" in done.out
    assert run("clean", "a.txt", "--diff", "--check").status == 1
    assert run("clean", "a.txt", "--check").out == ""
    assert [path.name for path in Path().iterdir()] == ["a.txt"]


def test_in_place_keeps_what_was_there(run: Run) -> None:
    first = write("a.txt", NOISY)
    assert run("clean", "a.txt", "--in-place").status == 0
    assert Path("a.txt.bak").read_bytes() == first
    assert b"workers" in Path("a.txt").read_bytes()
    second = write("a.txt", NOISY * 2)  # another text: the backup of the first stays
    assert run("clean", "a.txt", "--in-place").status == 0
    assert Path("a.txt.bak").read_bytes() == first
    assert Path("a.txt.bak2").read_bytes() == second
    assert run("clean", "a.txt", "--in-place").status == 0  # nothing to change: nothing written
    write("b.txt", NOISY)
    assert run("clean", "b.txt", "--in-place", "--no-backup").status == 0
    assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "a.txt.bak", "a.txt.bak2", "b.txt"]


def test_single_edits_can_be_undone_one_after_the_other(run: Run) -> None:
    data = write("a.txt", NOISY)
    assert run("clean", "a.txt", "--only", "hyphenation", "-o", "b.txt", "--edits", "e.jsonl").status == 0
    lines = Path("e.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = (json.loads(line)["id"] for line in lines[1:])
    done = run("undo", "b.txt", "--edits", "e.jsonl", "--edit", first, "--left", "left.jsonl", "-o", "c.txt")
    assert done.status == 0
    assert "1 left" in done.err
    half = Path("c.txt").read_text(encoding="utf-8")
    assert "work- ers" in half
    assert "innovation" in half
    assert run("undo", "c.txt", "--edits", "left.jsonl", "--edit", second).bytes == data
    assert run("undo", "c.txt", "--edits", "e.jsonl").status == 2  # not the text that those made
    assert "no edit is called" in run("undo", "b.txt", "--edits", "e.jsonl", "--edit", "9-9-x").err
    assert run("apply", "b.txt", "--edits", "e.jsonl").status == 2


def test_a_full_disk_leaves_the_text_as_it_was(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write("a.txt", NOISY)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for argv in (["clean", "a.txt", "--in-place"], ["clean", "a.txt", "-o", "b.txt"]):
        done = run(*argv)
        assert done.status == 2
        assert "no space left on device; nothing was changed" in done.err
    assert Path("a.txt").read_bytes() == data
    assert [path.name for path in Path().iterdir()] == ["a.txt"]


# align, terms, concept, demo


@pytest.mark.usefixtures("texts")
def test_align_writes_what_the_contract_says(run: Run) -> None:
    done = run("align", "zh.txt", "./en.txt", "es.txt", "-o", "out.json", "--pivot", "zh")
    assert done.status == 0
    assert "in 3 versions" in done.out
    assert "zh (pivot)" in done.out
    value = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert (value["tetrapla"], value["pivot"]) == (__version__, "zh")
    assert value["documents"][1] == {
        "id": "en",
        "language": "en",
        "path": "./en.txt",
        "sha256": sha256_of(EN),
        "length": len(EN),
    }
    for name, text in (("zh", ZH), ("en", EN), ("es", ES)):
        held = [i for bead in value["beads"] for start, end in bead["spans"].get(name, []) for i in range(start, end)]
        letters = [i for i, char in enumerate(text) if not char.isspace()]
        assert sorted(i for i in held if not text[i].isspace()) == letters  # each in exactly one bead
    for bead in value["beads"]:
        assert bead["kind"]
        assert all(0 <= score <= 1 for score in bead["score"].values())


@pytest.mark.usefixtures("texts")
def test_align_to_standard_output_is_json_only(run: Run) -> None:
    done = run("align", "en.txt", "zh.txt", "--language", "en.txt=fr")
    assert {doc["id"] for doc in json.loads(done.out)["documents"]} == {"fr", "zh"}
    assert "paragraph" in done.err


@pytest.mark.usefixtures("texts")
def test_align_with_a_report(run: Run) -> None:
    done = run("align", "zh.txt", "en.txt", "-o", "out.json", "--report", "page.html")
    assert done.status == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "seventeenth" in page


@pytest.mark.parametrize("mode", [["align"], LINES])
def test_a_language_without_rules_is_told_once(run: Run, mode: list[str]) -> None:
    write("a.txt", SOUND)
    write("b.txt", "Arbetarna gjorde papper av lump och klart vatten.\n")
    done = run(*mode, "a.txt", "b.txt", "--language", "b.txt=tlh")
    assert done.status == 0
    assert done.err.count("no rules of our own for tlh") == 1


@pytest.mark.parametrize("mode", [["align"], LINES])
@pytest.mark.usefixtures("texts")
def test_what_align_is_told_reaches_the_aligner(run: Run, monkeypatch: pytest.MonkeyPatch, mode: list[str]) -> None:
    seen = []

    def aligner(
        groups: Sequence[Group], progress: progress.Progress, options: Options = NO_OPTIONS, /
    ) -> list[dict[Pair, Links]]:
        seen.append(options)
        return [{pair: Links((), ()) for pair in itertools.combinations(range(len(g.versions)), 2)} for g in groups]

    asked = []

    def chosen(name: str) -> Backend:
        asked.append(name)
        return aligner

    monkeypatch.setattr(registry, "get", chosen)
    write("mine.tsv", "en\tzh\nengine\t蒸汽机\n")
    write("en-zh.txt", "rags 破布\n")
    assert run(*mode, "zh.txt", "en.txt").status == 0
    told = ["--lexicon", "mine.tsv", "--lexicon", "en-zh.txt", "--backend", "mine"]
    assert run(*mode, "zh.txt", "en.txt", *told, "--model", "folder").status == 0
    assert run(*mode, "zh.txt", "en.txt", "--embed").status == 0
    usual = "coverage" if mode == ["align"] else "coverage-in-order"
    assert asked == [usual, "mine", usual]
    assert [options.model for options in seen] == [None, "folder", "sentence-transformers/LaBSE"]
    assert [options.lexicon and len(options.lexicon) for options in seen] == [None, 2, None]


@pytest.mark.usefixtures("texts")
def test_align_keeps_what_was_decided(run: Run) -> None:
    assert run("align", "zh.txt", "en.txt", "-o", "out.json", "--pivot", "zh").status == 0
    made = json.loads(Path("out.json").read_text(encoding="utf-8"))
    both = [bead["spans"] for bead in made["beads"] if len(bead["spans"]) == 2]
    first, last = both[0], both[-1]
    decided = [
        {"verdict": "confirmed", "spans": {"zh": first["zh"], "en": last["en"]}},
        {"verdict": "refused", "spans": last},
    ]
    write("kept.json", json.dumps({"documents": made["documents"], "decisions": decided}))
    done = run("align", "en.txt", "zh.txt", "-o", "new.json", "--pivot", "zh", "--keep", "kept.json")
    assert done.status == 0
    beads = json.loads(Path("new.json").read_text(encoding="utf-8"))["beads"]
    spans = [bead["spans"] for bead in beads]
    assert {"zh": first["zh"], "en": last["en"]} in spans
    assert last not in spans
    assert next(bead["score"] for bead in beads if bead["spans"].get("zh") == first["zh"]) == {"en": 1.0}
    write("en.txt", EN + "One more line.\n")
    done = run("align", "zh.txt", "en.txt", "--keep", "kept.json")
    assert done.status == 2
    assert done.err == (
        "tetrapla: kept.json: these decisions are on another text than en.txt has now; bring that text back, or align "
        "without them\n"
    )


# Pairs of files of lines


@pytest.fixture
def sets(run: Run) -> None:
    write("list.tsv", "one.en\tone.zh\n\ntwo.en\ttwo.es\r\n")
    write("one.en", "The first mill was built in 1987.\nA steam engine came in 1990.\n\nNobody knows more.\n")
    write("one.zh", "第一座纸厂建于1987年。\n1990年买来一台蒸汽机。\n")
    write("two.en", "The river freezes.\nThe mill has 45 windows.\n")
    write("two.es", "El molino tiene 45 ventanas y una puerta.\n")


@pytest.mark.usefixtures("sets")
def test_pairs_of_a_list_have_a_file_each(run: Run) -> None:
    done = run(*LINES, "--pairs", "list.tsv", "-o", "new/out")
    assert (done.status, done.out, done.err) == (0, "2 pairs aligned: new/out\n", "")
    assert sorted(path.name for path in Path("new/out").iterdir()) == ["one.beads", "two.beads"]
    assert Path("new/out/one.beads").read_text(encoding="utf-8").startswith("[0]:[0]:0.")
    for source, target in (("one.en", "one.zh"), ("two.en", "two.es")):
        alone = run(*LINES, source, target)
        assert alone.status == 0
        write("list.tsv", f"{source}\t{target}\n")
        assert run(*LINES, "--pairs", "list.tsv", "-o", "alone").status == 0
        assert (Path("alone") / f"{Path(source).stem}.beads").read_bytes() == alone.bytes


@pytest.mark.usefixtures("sets")
def test_pairs_take_the_language_of_a_file(run: Run) -> None:
    done = run(*LINES, "--pairs", "list.tsv", "-o", "out", "--language", "two.es=tlh")
    assert done.status == 0
    assert done.err.count("no rules of our own for tlh") == 1
    done = run(*LINES, "--pairs", "list.tsv", "-o", "out", "--language", "to.es=es")
    assert done.status == 2
    assert "did you mean 'two.es'?" in done.err


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("one.en\tone.zh\none.en two.es\n", "list.tsv:2: write a source file, a tab, a target file: 'one.en two.es'"),
        ("one.en\tone.zh\ttwo.es\n", "list.tsv:1: write a source file, a tab, a target file"),
        ("one.en\t\n", "list.tsv:1: write a source file"),
        ("-\tone.zh\n", "list.tsv:1: write a source file"),
        ("one.en\tone.zh\n\nmissing.en\ttwo.es\n", "list.tsv:3: no such file: missing.en"),
        ("one.en\tone.zh\ntwo.en\tempty.es\n", "list.tsv:2: empty.es is empty"),
        ("one.en\tone.zh\none.zh\ttwo.es\n", "list.tsv:2: list.tsv:1 is written to out/one.beads already"),
        ("out/one.beads\tone.zh\n", "list.tsv:1: out/one.beads is an input"),
        ("", "list.tsv is empty"),
    ],
)
@pytest.mark.usefixtures("sets")
def test_a_list_with_a_fault_writes_nothing(run: Run, listed: str, said: str) -> None:
    Path("empty.es").write_bytes(b"")
    write("list.tsv", listed)
    done = run(*LINES, "--pairs", "list.tsv", "-o", "out")
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not Path("out").exists()


@pytest.mark.usefixtures("sets")
def test_a_folder_that_cannot_be_made_is_told(run: Run) -> None:
    write("out", "a file\n")
    done = run(*LINES, "--pairs", "list.tsv", "-o", "out")
    assert done.status == 2
    assert "cannot make the folder out" in done.err
    assert Path("out").read_text() == "a file\n"


def test_a_lexicon_of_a_user(run: Run) -> None:
    write("mine.tsv", "en\tzh\nspindle\t纺锤\n")
    assert run("lexicon", "check", "mine.tsv").status == 0
    assert "纺锤" in run("lexicon", "look", "spindles", "--lexicon", "mine.tsv").out


@pytest.mark.usefixtures("sets")
def test_beads_can_be_scored(run: Run) -> None:
    assert run(*LINES, "two.en", "two.es", "-o", "out.beads").status == 0
    write("gold", "[0]:[]\n[1]:[0]\n")
    done = run("score", "out.beads", "gold", "--format", "json")
    assert done.status == 0
    assert 0 <= json.loads(done.out)["strict"]["f1"] <= 1


def test_terms_of_a_text(run: Run) -> None:
    write("a.txt", "Gunnar Myrdal wrote about regions.\n")
    (record,) = json.loads(run("terms", "a.txt", "--format", "json").out)
    assert record["id"] == "myrdal"
    (mention,) = record["mentions"]["en"]
    assert mention["text"] == "Gunnar Myrdal"
    assert mention["spans"] == [[0, 13]]
    assert "Gunnar Myrdal ×1" in run("terms", "a.txt").out
    write("b.txt", SOUND)
    done = run("terms", "b.txt")
    assert (done.status, done.out, done.err) == (0, "", "0 concepts\n")


def test_a_concept_by_any_of_its_names(run: Run) -> None:
    expected = json.loads(run("concept", "myrdal", "--format", "json").out)
    assert expected["id"] == "myrdal"
    assert {"terms", "definition", "relations", "source"} <= expected.keys()
    assert {"form": "缪达尔", "status": "preferred"} in expected["terms"]["zh"]
    for forms in expected["terms"].values():
        for form in forms:
            assert json.loads(run("concept", form["form"], "--format", "json").out) == expected
    assert "缪达尔" in run("concept", "myrdal").out


def test_checks_are_listed_with_what_they_find(run: Run) -> None:
    assert "hyphenation" in run("checks").out


def test_the_glossary_that_we_ship_is_sound(run: Run) -> None:
    done = run("glossary", "check")
    assert (done.status, done.out) == (0, "")


def test_a_glossary_with_problems(run: Run) -> None:
    write("g.rec", "id: a\nen: one\nbroader: nowhere\n")
    done = run("glossary", "check", "g.rec")
    assert done.status == 2
    assert "g.rec:3" in done.out


def test_the_corpus_of_known_texts(run: Run) -> None:
    assert run("corpus", "list").status == 0
    assert run("corpus", "verify").status == 0


def test_demo_does_the_whole_job(run: Run) -> None:
    done = run("demo", "-o", "demo.html")
    assert done.status == 0
    for word in ("linked in 4 versions", "hyphenation", "safe repairs", "concepts of the glossary"):
        assert word in done.out
    assert Path("demo.html").stat().st_size > 10_000
    assert done.out.endswith("report: demo.html\n")


# Ends


def test_an_error_of_ours_is_70_and_no_finding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt", SOUND)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug\nof two lines")

    monkeypatch.setattr(files, "decode", broken)
    done = run("check", "a.txt")
    assert done.status == 70
    assert "RuntimeError: a bug of two lines" in done.err
    assert done.err.count("\n") == 1
    monkeypatch.setenv("TETRAPLA_DEBUG", "1")
    assert "Traceback" in run("check", "a.txt").err


def test_an_interrupt_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt", SOUND)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "decode", interrupted)
    assert run("check", "a.txt").status == 130


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with pipes")
@pytest.mark.parametrize("command", ["--help", "check a.txt --format jsonl", "clean a.txt"])
def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path, command: str) -> None:
    (tmp_path / "a.txt").write_text(NOISY)
    line = f"{{ {sys.executable} -m tetrapla {command}; echo $? >status; }} | true"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=_env(), capture_output=True, text=True, check=False)
    assert "rror" not in done.stderr
    assert (tmp_path / "status").read_text().strip() == ("1" if command.startswith("check") else "0")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NOISY)
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "tetrapla", "check", "a.txt"]
        done = subprocess.run(command, cwd=tmp_path, env=_env(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == "tetrapla: cannot write to standard output: no space left on device\n"


# Progress


class Terminal(io.StringIO):
    """A standard error that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("patience", "drawn"), [(0.0, True), (60.0, False)])
def test_progress_is_drawn_for_who_waits(monkeypatch: pytest.MonkeyPatch, patience: float, drawn: bool) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    with progress.on_terminal() as show:
        show("segmenting", 1, 4)
        show("segmenting", 4, 4)
        show("aligning", 1, 2)
    assert ("segmenting" in terminal.getvalue()) == drawn


def test_no_progress_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.on_terminal() as show:
        show("segmenting", 1, 4)
    assert log.getvalue() == ""
