"""Long texts in pieces: the same text, encoding and complaints as if they were read whole."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import CHARACTERS
from tetrapla import files, stream
from tetrapla.errors import InputError
from tetrapla.files import read_text
from tetrapla.model import sha256_of
from tetrapla.stream import open_stream

LINES = "El camión llegó ayer por la mañana y descargó el carbón.\nNadie quería el carbón, porque olía a azufre.\n"
HAN = "村里的井在那个漫长而干燥的夏天一直有水。\n谁也说不清水从哪里来。\n"


@pytest.fixture(autouse=True)
def long_texts_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SMALL", 120)
    monkeypatch.setattr(stream, "PIECE", 37)
    monkeypatch.setattr(stream, "SAMPLE", 3000)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (LINES, "utf-8"),
        (LINES, "utf-8-sig"),
        (LINES, "cp1252"),
        (LINES, "utf-16"),
        (LINES, "utf-16-be"),
        (HAN, "utf-8"),
        (HAN, "gb18030"),
        ("plain ascii for many lines\n" * 20 + LINES, "cp1252"),  # the first part does not tell
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_pieces_are_the_text(tmp_path: Path, text: str, encoding: str, newline: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((text.replace("\n", newline) * 9).encode(encoding))
    whole = read_text(path)
    with open_stream(path) as long:
        assert "".join(long) == whole.text
        told = long.encoding, long.bom, long.newline, long.source, long.exact
        assert told == (whole.encoding, whole.bom, whole.newline, whole.source, whole.exact)
        assert (long.length, long.sha256) == (len(whole.text), sha256_of(whole.text))
        assert long.size == path.stat().st_size


@given(st.text(CHARACTERS | st.sampled_from("\r\n"), min_size=130, max_size=400))
def test_any_text_comes_back(text: str) -> None:
    data = f"x{text}".encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_standard_input", lambda: io.BytesIO(data))
        with open_stream("-", encoding="utf-8") as long:
            pieces = list(long)
    assert "".join(pieces) == f"x{text}"
    assert not any(a.endswith("\r") and b.startswith("\n") for a, b in itertools.pairwise(pieces))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((LINES * 9).encode() + b"\xff\xfe" + LINES.encode(), "UTF-8 but for broken places"),
        ((LINES * 9).encode() + b"\x00" + LINES.encode(), "NUL"),
        (b"", "is empty"),
        (b"%PDF-1.7" + bytes(300), "a PDF"),
        ((LINES * 9).encode()[:-3] + "ó".encode()[:1], "do not fit|does not fit"),
    ],
)
def test_what_is_no_text_is_refused_before_a_piece_comes(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said), open_stream(path) as long:
        list(long)


def test_an_encoding_that_is_named_is_kept_to(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((HAN * 9).encode("gb18030"))
    with open_stream(path, encoding="gb18030") as long:
        assert "".join(long) == HAN * 9
    with pytest.raises(InputError), open_stream(path, encoding="utf-8"):
        pass


def test_a_target_that_lacks_a_character_is_refused_before_a_piece_comes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(LINES * 9 + "井", encoding="utf-8")
    with pytest.raises(InputError, match="cp1252 has no character '井'"), open_stream(path, target="cp1252"):
        pass
    with open_stream(path, target="gb18030") as long:
        assert "".join(long) == LINES * 9 + "井"
