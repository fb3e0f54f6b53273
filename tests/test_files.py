from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import texts
from tetrapla import files
from tetrapla.errors import InputError
from tetrapla.files import decode, newline_style, read_bytes, read_text, write_atomic

ZH = "研究者收集了四种语言的版本，逐段比较它们的差异。\n第二段说明方法，第三段给出结果。\n"
ZH_TRADITIONAL = "研究者收集了四種語言的版本，逐段比較它們的差異。\n第二段說明方法，第三段給出結果。\n"
EN = "The “second” version came — late.\n"
ES = "El camión llegó ayer; mañana habrá más información sobre la innovación «regional».\n"
FR = "L’été dernier, les chercheurs ont étudié où naît l’idée ; c’était très éloigné.\n"
DE = "Die Größe der Maßnahme überrascht, denn Jürgen hörte früh davon.\n"
JA = "研究者は四つの言語の版を集めて、段落ごとに比べた。\n"
RU = "Исследователи собрали четыре версии одного текста.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, "utf-8") for text in (ZH, EN, ES, FR, DE, JA, RU)),
        *((text, "utf-8-sig") for text in (ZH, ES)),
        *((text, encoding) for text in (ZH, EN, ES, RU) for encoding in ("utf-16", "utf-32")),
        *((text, encoding) for text in (ZH, EN, ES, FR) for encoding in ("utf-16-le", "utf-16-be", "utf-32-le")),
        (ZH, "gb18030"),
        (ZH, "gbk"),
        (ZH_TRADITIONAL, "big5"),
        (EN, "cp1252"),
        (ES, "cp1252"),
        (ES, "latin-1"),
        (ES, "mac_roman"),
        (FR, "cp1252"),
        (DE, "cp1252"),
        (JA, "shift_jis"),
        (JA, "euc_jp"),
        (RU, "cp1251"),
        (RU, "koi8-r"),
        ("Año", "cp1252"),
        ("中文标题", "gb18030"),
        ("plain ASCII, nothing else", "ascii"),
    ],
)
def test_any_common_encoding_is_read_and_given_back(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    decoded = decode(data, source="a.txt")
    assert decoded.text == text
    assert decoded.encode() == data
    assert decoded.exact


@given(texts.filter(lambda text: text.strip("\ufeff\u200b \t\r\n\f\v\u3000\xa0") and not text.startswith("\ufeff")))
def test_utf8_with_and_without_a_mark(text: str) -> None:
    plain = decode(text.encode(), source="a.txt")
    marked = decode(text.encode("utf-8-sig"), source="a.txt")
    assert (plain.text, plain.bom, marked.text, marked.bom) == (text, False, text, True)
    assert plain.encode() == text.encode()
    assert marked.encode() == text.encode("utf-8-sig")


@given(st.binary(max_size=80))
def test_whatever_the_bytes_they_are_read_and_given_back_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, source="a.txt")
    except InputError as e:
        said = str(e)
    else:
        assert not decoded.exact or decoded.encode() == data
        return
    assert said.startswith("a.txt ")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "style"),
    [("a", ""), ("a\nb\n", "\n"), ("a\r\nb", "\r\n"), ("a\rb", "\r"), ("a\r\nb\n", "mixed"), ("a\x0bb\u2028c", "")],
)
def test_newlines_are_kept_and_named(text: str, style: str) -> None:
    assert newline_style(text) == style
    assert decode(text.encode(), source="a.txt").text == text


MANY = bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n", "nothing but blanks"),
        ("\ufeff".encode(), "nothing but blanks"),
        ("　\n".encode("utf-16"), "nothing but blanks"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a PDF, not plain text; take its text out"),
        (b"PK\x03\x04\x14\x00\x06\x00", "docx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "OCR"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old office document"),
        (b"\x1f\x8b\x08\x00" + bytes(10), "gzip"),
        (MANY, "NUL byte at 0 (line 1)"),
        (b"a text with\none NUL\x00 in it", "NUL byte at 19 (line 2)"),
        (b"x000000001\x08\x00", "NUL byte at 11 (line 1)"),  # in UTF-16: rare Han characters
        (MANY.replace(b"\x00", b"").decode("latin-1").encode(), "control characters"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 50, "control characters"),
        (ZH.encode()[:-2] + b"\n", "UTF-8 but for broken places: byte 0xE3"),
        ((ES * 3 + ES[:-1]).encode() + b"\xf1\n", "(line 4)"),
        (b"\xff\xfea\x00b", "mark of utf-16-le"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        decode(data, source="scan.txt")
    assert said in str(raised.value)
    assert str(raised.value).startswith("scan.txt")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        (ES.encode("cp1252"), "utf-8", "is not in utf-8: byte 0xF3 at 7 (line 1)"),
        (ZH.encode(), "ascii", "is not in ascii"),
        (ZH.encode("utf-8-sig"), "cp1252", "begins with the mark of UTF-8"),
        (EN.encode(), "klingon", "no encoding is called 'klingon'"),
        (EN.encode(), "hex", "no encoding is called 'hex'"),
        (EN.encode(), "utf\x00", "no encoding is called"),
        (b"%PDF-1.7", "latin-1", "a PDF"),
    ],
)
def test_a_wrong_encoding_is_refused(data: bytes, encoding: str, said: str) -> None:
    with pytest.raises(InputError, match=r"a\.txt|no encoding") as raised:
        decode(data, source="a.txt", encoding=encoding)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (ES.encode("cp850"), "cp850", ES),
        (ZH.encode("utf-8-sig"), "utf-8", ZH),
        (ZH.encode("utf-16"), "utf-16", ZH),
        (ZH.encode("utf-16-le"), "UTF-16", ZH),
        (ZH.encode("utf-16"), "utf-16-le", ZH),
        (ZH.encode("utf-8-sig"), "utf-8-sig", ZH),
    ],
)
def test_the_encoding_named_is_used(data: bytes, encoding: str, text: str) -> None:
    decoded = decode(data, source="a.txt", encoding=encoding)
    assert decoded.text == text
    assert decoded.encode() == data


def test_what_an_encoding_lacks_cannot_be_written_in_it() -> None:
    with pytest.raises(InputError, match="cp1252 has no character '中'"):
        decode(ES.encode("cp1252"), source="a.txt").encode("中")


def test_files_that_are_not_there_or_no_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file: .*missing\.txt"):
        read_text(tmp_path / "missing.txt")
    with pytest.raises(InputError, match="is a folder; name the text files"):
        read_text(tmp_path)
    with pytest.raises(InputError, match="cannot read"):
        read_text("a\x00b")
    with pytest.raises(InputError, match="cannot read"):
        read_text("x" * 5000)


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 2_000_000)
    (tmp_path / "big.txt").write_bytes(b"a" * 2_000_001)
    with pytest.raises(InputError, match="more than 2 MB"):
        read_bytes(tmp_path / "big.txt")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="no permission to read"):
        read_text(tmp_path / "a.txt")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ES.encode("cp1252"))))
    assert read_text("-").text == ES


def test_writing_keeps_newlines_and_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomic(path, "a\r\nb\n")
    assert path.read_bytes() == b"a\r\nb\n"
    path.chmod(0o640)
    write_atomic(path, b"\xff")
    assert path.read_bytes() == b"\xff"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_new_file_is_as_readable_as_any(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    write_atomic(tmp_path / "a.txt", "a")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_atomic(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomic(os.devnull, "gone")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("step", ["fsync", "write"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        opened = Path.open

        def open_full(self: Path, *args: Any, **kwargs: Any) -> Any:
            file = opened(self, *args, **kwargs)
            if "x" in (args[0] if args else ""):
                file.close()
                return Full(self)
            return file

        monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(InputError, match="no space left on device; nothing was changed"):
        write_atomic(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


class Full(io.BytesIO):
    """A file on a full disk."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing/a.txt", "there is no folder"), (".", "it is a folder"), ("x" * 300, "too long")],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        write_atomic(tmp_path / name, "a")
    assert list(tmp_path.iterdir()) == []
