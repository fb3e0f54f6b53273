"""The file of a review: what it says is saved is there, whatever happens to the program or the disk."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tetrapla.align.decisions import Decided
from tetrapla.errors import InputError, WrongTextError
from tetrapla.review._journal import Head, Journal, journal_path, read_journal, write_journal
from tetrapla.review._ledger import REBASE, Conflict, Entry, Ledger


def head(**given: Any) -> Head:
    documents = (Decided("zh", "zh", "a" * 64, 900), Decided("en", "en", "b" * 64, 2_000))
    return Head(**{"pivot": "zh", "documents": documents, "alignment": "0" * 64, **given})


def test_a_journal_is_found_again(tmp_path: Path) -> None:
    path = journal_path(tmp_path / "paper.json")
    with Journal.open(path, head()) as journal:
        entries = [journal.ledger.new("ana", "note", "one\ntwo", {"note:b1": "半 \u2028 \ud800", "row:b1": None})]
        journal.append(entries[0])
    with pytest.raises(InputError, match="closed"):
        journal.append(journal.ledger.new("ana", "note", "", {}))
    found, ledger = read_journal(path)
    assert found == head()
    assert list(ledger.entries) == entries
    with Journal.open(path, head(alignment="1" * 64)) as journal:
        assert (list(journal.ledger.entries), journal.alignment) == (entries, "0" * 64)
        journal.append(Entry("1" * 16, "", "ana", REBASE, "", {}, {}, alignment="1" * 64))
        assert journal.alignment == "1" * 64


@pytest.mark.parametrize(
    "other", [{"pivot": "en"}, {"documents": (Decided("zh", "zh", "c" * 64, 900),)}], ids=["pivot", "texts"]
)
def test_a_journal_of_other_texts_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    Journal.open(tmp_path / "x", head()).close()
    with pytest.raises(WrongTextError, match="other texts"):
        Journal.open(tmp_path / "x", head(**other))


def test_only_one_program_has_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with Journal.open(path, head()):
        for again in (lambda: Journal.open(path, head()), lambda: write_journal(path, head(), ())):
            with pytest.raises(InputError, match="open in another program"):
                again()
        assert read_journal(path)[0] == head()
    Journal.open(path, head()).close()


def lines(count: int) -> tuple[list[bytes], Ledger]:
    ledger = Ledger()
    for k in range(count):
        ledger.append(ledger.new("ana", "note", "noted", {"note:b1": f"note {k}"}))
    return [
        json.dumps(r).encode() for r in (head().to_record(), *(entry.to_record() for entry in ledger.entries))
    ], ledger


# What a journal of three entries may end in, and how many of them are sound.
TORN = {
    "sound": (lambda data: data, 3),
    "half a line": (lambda data: data[:-20], 2),
    "one character of a line": (lambda data: data + b"{", 3),
    "half a character": (lambda data: data + '{"told": "é'.encode()[:-1], 3),
    "no line feed": (lambda data: data[:-1], 3),
    "made longer, not written": (lambda data: data + b"\0" * 100, 3),
    "written in part": (lambda data: data[:-60] + b"\0" * 30 + data[-30:], 2),
    "only the head": (lambda data: data.split(b"\n")[0] + b"\n", 0),
}


@pytest.mark.parametrize(("end", "sound"), TORN.values(), ids=TORN)
def test_a_torn_end_is_cut_off_and_the_journal_goes_on(
    tmp_path: Path, end: Callable[[bytes], bytes], sound: int
) -> None:
    path = tmp_path / "x"
    own, ledger = lines(3)
    path.write_bytes(end(b"\n".join(own) + b"\n"))
    assert list(read_journal(path)[1].entries) == list(ledger.entries[:sound])
    with Journal.open(path, head()) as journal:
        assert path.read_bytes() == b"\n".join(own[: sound + 1]) + b"\n"
        added = put_into(journal)
    assert list(read_journal(path)[1].entries) == [*ledger.entries[:sound], added]


def put_into(journal: Journal, key: str = "note:b2") -> Entry:
    entry = journal.ledger.new("ben", "note", "told", {key: "x"})
    journal.append(entry)
    return entry


@pytest.mark.parametrize("part", [0, 1, 40])
def test_a_head_half_written_is_begun_anew(tmp_path: Path, part: int) -> None:
    Journal.open(tmp_path / "whole", head()).close()
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "x").write_bytes(whole[:part])
    Journal.open(tmp_path / "x", head()).close()
    assert (tmp_path / "x").read_bytes() == whole


DAMAGE = {
    "no JSON": (lambda own: [own[0], own[1], own[2][:-9], own[3]], "line 3: this line is damaged"),
    "no object": (lambda own: [own[0], b"[]", *own[2:]], "line 2: this is no entry"),
    "no revisions": (lambda own: [*own[:3], own[3].replace(b'"was"', b'"saw"')], "line 4: 'was'"),
    "a line lost": (lambda own: [*own[:2], *own[3:]], "line 3: this does not follow"),
    "a line twice": (lambda own: [*own[:2], *own[1:]], "line 3: this does not follow"),
    "no head": (lambda own: own[1:], "line 1: this is no journal"),
    "of the future": (lambda own: [own[0].replace(b'"journal": 1', b'"journal": 2'), *own[1:]], "later Tetrapla"),
    "another file": (lambda own: [b"Dear colleagues,", b"as you know"], "does not begin as a journal of a review does"),
}


@pytest.mark.parametrize(("damage", "told"), DAMAGE.values(), ids=DAMAGE)
def test_damage_in_the_middle_is_told_and_nothing_is_touched(
    tmp_path: Path, damage: Callable[[list[bytes]], list[bytes]], told: str
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\n".join(damage(lines(3)[0])) + b"\n")
    before = path.read_bytes()
    for read in (read_journal, lambda path: Journal.open(path, head())):
        with pytest.raises(InputError, match=told):
            read(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_journal_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleagues")
    with pytest.raises(InputError, match="no journal"):
        Journal.open(tmp_path / "letter.txt", head())
    assert (tmp_path / "letter.txt").read_text() == "Dear colleagues"


class Full:
    """A file on a disk with room for a few more bytes."""

    def __init__(self, file: Any, room: int) -> None:
        self.file, self.room = file, room

    def write(self, data: Any) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        count: int = self.file.write(bytes(data)[: self.room])
        self.room -= count
        return count

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@pytest.mark.parametrize("room", [0, 1, 50])
def test_on_a_full_disk_nothing_half_written_stays(tmp_path: Path, room: int) -> None:
    path = tmp_path / "x"
    with Journal.open(path, head()) as journal:
        first = put_into(journal)
        before, file = path.read_bytes(), journal._file
        journal._file = Full(file, room)  # type: ignore[assignment]
        with pytest.raises(InputError, match="no space left"):
            put_into(journal)
        assert path.read_bytes() == before
        assert list(journal.ledger.entries) == [first]
        journal._file = file
        second = put_into(journal)
    assert list(read_journal(path)[1].entries) == [first, second]


def test_what_could_not_be_cut_off_at_once_is_cut_off_before_the_next_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "x"
    with Journal.open(path, head()) as journal:
        monkeypatch.setattr("tetrapla.review._journal.os.fsync", fail)
        monkeypatch.setattr(journal, "_cut_back", lambda: None)
        with pytest.raises(InputError, match="input/output error"):
            journal.append(journal.ledger.new("ana", "note", "a long one " * 50, {"note:b1": "x"}))
        monkeypatch.undo()
        entry = put_into(journal)
    assert list(read_journal(path)[1].entries) == [entry]


@pytest.mark.parametrize("gone", [Path.unlink, lambda path: write_journal_beside(path)], ids=["gone", "replaced"])
def test_what_would_be_saved_into_a_file_without_a_name_is_refused(
    tmp_path: Path, gone: Callable[[Path], None]
) -> None:
    with Journal.open(tmp_path / "x", head()) as journal:
        gone(tmp_path / "x")
        with pytest.raises(InputError, match="cannot save"):
            put_into(journal)
        assert not journal.ledger.entries


def write_journal_beside(path: Path) -> None:
    write_journal(path.with_name("y"), head(), ())
    path.with_name("y").replace(path)


def test_a_conflict_is_not_written(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "x", head()) as journal:
        stale = journal.ledger.new("ana", "note", "", {"note:b2": "y"})
        put_into(journal)
        before = (tmp_path / "x").read_bytes()
        with pytest.raises(Conflict):
            journal.append(stale)
        assert (tmp_path / "x").read_bytes() == before


WRITER = """
import sys
from tetrapla.align.decisions import Decided
from tetrapla.review._journal import Head, Journal
head = Head("zh", (Decided("zh", "zh", "a" * 64, 900), Decided("en", "en", "b" * 64, 2_000)), "0" * 64)
journal = Journal.open(sys.argv[1], head)
while True:
    entry = journal.ledger.new("ana", "note", "told " * 400, {"note:b1": "x" * 4_000})
    journal.append(entry)
    print(entry.id, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX systems")
@pytest.mark.parametrize("after", [1, 40])
def test_every_entry_said_to_be_saved_is_found_after_kill_9(tmp_path: Path, after: int) -> None:
    path = tmp_path / "x"
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        said += [line.strip() for line in writer.stdout if line.endswith("\n")]
    with Journal.open(path, head()) as journal:  # and the lock went with the program
        found = [entry.id for entry in journal.ledger.entries]
        put_into(journal)
    assert len(said) >= after
    assert found[: len(said)] == said
    assert len(found) <= len(said) + 1
