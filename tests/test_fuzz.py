"""Whatever comes in: no command on a text ends in an error of ours, and none leaves half a file behind.

By default a short run; TETRAPLA_FUZZ=N looks at N texts of each kind.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tetrapla.cli import main

EXAMPLES = int(os.environ.get("TETRAPLA_FUZZ", "25"))
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252", "utf-32-be"]
# Scripts that meet in scans, marks that pages and translators leave, and what a terminal or a parser stumbles over.
SCRIPTS = st.sampled_from(
    [
        "The work- ers made paper ofthe rags, s i n c e 1703 [l] .[2] ; and [3).",
        "创新要素的自由流动，受到行政区划的限制 。",
        "Français La innovac ión en l' île est ﬁnie.",
        "Ð¡Ñ‚Ð°Ñ€Ð°Ñ cafÃ© â€œquotedâ€\x9d Кириллица ελληνικά שלום مرحبا",
        "한국어 ひらがな ภาษาไทย ①②® e\u0301 \u200b\u00ad\ufeff",
        "\x1b[31m\u202e\x85\x0b\x0c\t",
        "https://a.example/x?y=1&z=2 `code` --option $HOME C:\\x 5,693.00 1/2 10%",
        "[" * 9 + "(" * 9 + "\"'“”‘’«»" + "]" * 9,
        "a " * 30,
        "—" * 40,
    ]
)
GAPS = st.sampled_from([" ", "\n", "\n\n", "\r\n", "\r", "", "\u3000", "- ", "\u00a0"])


@st.composite
def mixtures(draw: st.DrawFn) -> bytes:
    pieces = draw(st.lists(st.tuples(SCRIPTS | st.text(max_size=9), GAPS), min_size=1, max_size=12))
    text = "".join(piece + gap for piece, gap in pieces)
    return text.encode(draw(st.sampled_from(ENCODINGS)), "replace")


COMMANDS = [
    ["clean", "a.txt", "-o", "b.txt", "--edits", "e.jsonl"],
    ["clean", "a.txt", "-o", "b.txt", "--review", "--width", "40"],
    ["clean", "a.txt", "--diff", "--color", "always"],
    ["check", "a.txt", "--format", "jsonl"],
    ["check", "a.txt", "--format", "sarif"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=400) | mixtures())
def test_a_command_ends_well_whatever_the_text(
    command: list[str],
    data: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    Path("a.txt").write_bytes(data)
    status = main(command)
    out, err = capsysbinary.readouterr()
    assert status in ((0, 1, 2) if command[0] == "check" else (0, 2)), err.decode()
    assert Path("a.txt").read_bytes() == data
    assert not list(tmp_path.glob(".tetrapla-*"))
    if status == 2:
        assert out == b""
        assert err.count(b"\n") == 1
        assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    elif "sarif" in command:
        json.loads(out)
    if Path("e.jsonl").exists():
        assert main(["undo", "b.txt", "--edits", "e.jsonl", "-o", "c.txt"]) == 0
        assert Path("c.txt").read_bytes() == data
        capsysbinary.readouterr()
