"""`tetrapla review`: what opens the page, and what is made of journals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import Ran, Run, run
from tetrapla.align.decisions import Decided, load_decisions
from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.glossary import load
from tetrapla.glossary.exchange import read
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.review import Head, Journal, Rows, digest
from tetrapla.review._changes import change
from tetrapla.review._rows import ROW

__all__ = ["run"]  # a fixture

ZH = "河谷里的第一座纸厂。\n\n后来的主人买来一台蒸汽机。\n"
EN = "The first mill of the valley. The work- ers made paper, too.\n\nA later owner bought an en- gine.\n"
CUT = EN.index("\n\n")


@pytest.fixture
def paper(run: Run) -> Alignment:
    documents = []
    for name, text in (("zh", ZH), ("en", EN)):
        Path(f"{name}.txt").write_text(text, "utf-8", newline="")
        documents.append(Document(name, name, text, f"{name}.txt"))
    zh = ZH.index("\n\n")
    beads = (
        Bead("b1", "body", {"zh": (Span(0, zh),), "en": (Span(0, CUT),)}, {"en": 0.4}),
        Bead("b2", "body", {"zh": (Span(zh + 2, len(ZH) - 1),), "en": (Span(CUT + 2, len(EN) - 1),)}, {"en": 0.9}),
    )
    alignment = Alignment("zh", tuple(documents), beads)
    Path("paper.json").write_text(dump_alignment(alignment), "utf-8")
    return alignment


def journal(name: str, alignment: Alignment, *steps: tuple[str, Sequence[str], Mapping[str, Any]]) -> Path:
    """Write the journal of a reviewer."""
    texts = tuple(Decided(doc.id, doc.language, doc.sha256, len(doc.text)) for doc in alignment.documents)
    path = Path(f"{name}.review.jsonl")
    with Journal.open(path, Head(alignment.pivot, texts, digest(alignment))) as opened:
        for op, names, args in steps:
            values = {key.removeprefix(ROW): value for key, value in opened.ledger.items(ROW).items()}
            made = change(op, Rows(alignment, values), names, args)
            opened.append(opened.ledger.new(name, op, made.told, made.set))
    return path


CONFIRM = ("confirm", ["b1"], {"versions": ["en"]})
REFUSE = ("refuse", ["b1"], {"versions": ["en"]})
NOTE = ("note", ["b2"], {"text": "see the plate"})


# Opening the page


class Served:
    """What a server was started with, in place of the server."""

    def __call__(self, path: str, **given: Any) -> None:
        self.path, self.given, self.browse = path, given, given.pop("browse")
        given.pop("ready")("http://127.0.0.1:1/?token=x")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    found = Served()
    monkeypatch.setattr("tetrapla.review._serve.serve", found)
    monkeypatch.setattr("tetrapla.cli.review.getpass.getuser", lambda: "ana")
    return found


OPENED: list[tuple[list[str], dict[str, Any]]] = [
    ([], {}),
    (["--as", "ben"], {"by": "ben"}),
    (["--port", "8700", "--journal", "x.jsonl"], {"port": 8700, "journal": Path("x.jsonl")}),
    (["--host", "localhost"], {"host": "localhost"}),
]


@pytest.mark.parametrize("command", [[], ["open"]], ids=["left out", "open"])
@pytest.mark.parametrize(("options", "expected"), OPENED, ids=lambda value: " ".join(value) or "nothing")
def test_the_page_is_opened_for_the_reviewer(
    run: Run,
    served: Served,
    command: list[str],
    options: list[str],
    expected: dict[str, Any],
) -> None:
    done = run("review", *command, *options, "paper.json", "--no-browser")
    assert done.status == 0
    assert done.err.splitlines() == [
        "http://127.0.0.1:1/?token=x is the page, for whoever has this address; Ctrl-C ends it"
    ]
    assert (served.path, served.browse) == ("paper.json", None)
    assert served.given == {"host": "127.0.0.1", "port": None, "by": "ana", "journal": None, **expected}


def test_other_machines_are_let_in_with_a_warning_only(run: Run, served: Served) -> None:
    assert "other machines" in run("review", "paper.json", "--host", "0.0.0.0", "--no-browser").err
    assert served.given["host"] == "0.0.0.0"


def test_the_browser_is_asked_for_the_page(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("tetrapla.cli.review.webbrowser.open", asked.append)
    run("review", "paper.json")
    assert asked == []  # not by the address, which has the token: see test_review_entrance.py
    served.browse("file:///x.html")
    assert asked == ["file:///x.html"]


def test_a_user_without_a_name_can_review(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr("tetrapla.cli.review.getpass.getuser", nobody)
    run("review", "paper.json", "--no-browser")
    assert served.given["by"] == "reviewer"


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal here")
def test_ctrl_c_ends_it(paper: Alignment) -> None:
    argv = [sys.executable, "-m", "tetrapla", "review", "paper.json", "--as", "ana", "--no-browser"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        told = program.stderr.readline()
        program.send_signal(signal.SIGINT)
        rest = program.stderr.read()
    assert told.startswith("http://127.0.0.1:")
    assert rest == ""
    assert program.returncode in (0, 130)
    assert Path("paper.review.jsonl").is_file()


# Merging


def test_two_journals_are_merged_and_compared(run: Run, paper: Alignment) -> None:
    one, other = journal("paper", paper, CONFIRM), journal("ben", paper, REFUSE, NOTE)
    done = run("review", "merge", one, other, "-o", "both.review.jsonl")
    assert done.status == 0
    words = done.out.split()
    assert "0.00" in words  # observed
    assert words[(at := words.index("confirmed")) - 2 : at + 3] == ["links", "en", "confirmed", "refused", "1"]
    assert "row:b1" in words
    assert "repairs 0 – –" in " ".join(words)
    assert "– where nothing was judged by both" in done.out
    assert "2 entries of ben.review.jsonl; 1 disputed" in done.err
    again = run("review", "merge", "both.review.jsonl", other, "-o", "more.jsonl", "--alignment", "paper.json")
    assert "0 entries of" in again.err
    assert Path("more.jsonl").read_bytes() == Path("both.review.jsonl").read_bytes()


REFUSED = {
    "an input": (["paper.review.jsonl", "ben.review.jsonl", "-o", "ben.review.jsonl"], "never written over"),
    "no journal": (["paper.review.jsonl", "none.jsonl", "-o", "x"], "no journal none.jsonl"),
    "no alignment": (["ben.review.jsonl", "paper.review.jsonl", "-o", "x"], "name it with --alignment"),
    "no place": (["paper.review.jsonl", "ben.review.jsonl", "-o", "none/x"], "there is no folder"),
    "other texts": (["paper.review.jsonl", "other.review.jsonl", "-o", "x"], "of different texts"),
}


@pytest.mark.parametrize(("argv", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_merged_is_refused(run: Run, paper: Alignment, argv: list[str], why: str) -> None:
    journal("paper", paper, CONFIRM)
    journal("ben", paper, REFUSE)
    journal("other", Alignment("zh", (Document("zh", "zh", "別的"),), (Bead("b1", "body", {"zh": (Span(0, 2),)}),)))
    before = {path: path.read_bytes() for path in Path().iterdir()}
    refused(run("review", "merge", *argv), why)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def refused(done: Ran, why: str) -> None:
    assert done.status == 2
    assert why in done.err
    assert len(done.err.splitlines()) == 1


# What a review comes to


def test_the_result_of_a_review(run: Run, paper: Alignment) -> None:
    key = f"en:hyphenation:{EN.index('work- ')}-{EN.index(' made')}"
    journal(
        "paper",
        paper,
        CONFIRM,
        NOTE,
        ("refuse", ["b2"], {"versions": ["en"]}),
        ("repair", [], {"finding": key, "decision": "rejected"}),
        ("repair", [], {"finding": "en:mine:4-9", "decision": "edited", "replacement": "oldest"}),
        ("repair", [], {"finding": "en:mine:20-29", "decision": "accepted"}),
        ("term", [], {"concept": (name := sorted(load())[0]), "language": "en", "form": "mill", "status": "admitted"}),
    )
    options = ["--decisions", "kept.json", "--edits", "edits", "--terms", "terms.json"]
    done = run("review", "result", "paper.json", "-o", "reviewed.json", *options)
    assert done.status == 0
    assert "en: 2 edits; 1 accepted are found no longer" in done.err
    assert "en: 2 of 2 rows reviewed, 0 doubtful" in done.err
    assert done.out == ""
    made = load_alignment("reviewed.json")
    assert [(bead.id, sorted(bead.spans), dict(bead.score)) for bead in made.beads] == [
        ("b1", ["en", "zh"], {"en": 1.0}),
        ("b2", ["zh"], {}),
        ("b2+1", ["en"], {}),
    ]
    kept = [(each.verdict, each.note) for each in load_decisions("kept.json").items]
    assert kept == [("confirmed", ""), ("refused", "see the plate")]
    assert run("apply", "en.txt", "--edits", "edits/en.edits.jsonl", "-o", "en.clean.txt").status == 0
    repaired = EN.replace("first", "oldest").replace("en- gine", "engine")
    assert Path("en.clean.txt").read_text("utf-8") == repaired
    assert run("undo", "en.clean.txt", "--edits", "edits/en.edits.jsonl", "-o", "en.back.txt").status == 0
    assert Path("en.back.txt").read_text("utf-8") == EN
    changed = {concept.id: concept for concept in read("terms.json")}[name]
    assert ("mill", "admitted") in [(term.form, term.status) for term in changed.terms if term.language == "en"]
    assert run("glossary", "import", "terms.json", "-o", "terms.rec").status == 0


def test_the_reviewed_alignment_goes_to_standard_output(run: Run, paper: Alignment) -> None:
    path = journal("paper", paper, CONFIRM)
    done = run("review", "result", "paper.json")
    assert json.loads(done.out)["beads"][0]["score"] == {"en": 1.0}
    path.rename("elsewhere.jsonl")
    assert run("review", "result", "paper.json", "--journal", "elsewhere.jsonl").out == done.out
    assert run("review", "result", "paper.json", "--journal", "elsewhere.jsonl", "--decisions", "x.json").out == ""


def test_a_review_of_another_alignment_of_the_texts_is_carried_over(run: Run, paper: Alignment) -> None:
    journal("paper", paper, CONFIRM)
    turned = [Bead(f"c{k}", bead.kind, bead.spans, bead.score) for k, bead in enumerate(paper.beads)]
    Path("paper.json").write_text(dump_alignment(Alignment("zh", paper.documents, tuple(turned))), "utf-8")
    done = json.loads(run("review", "result", "paper.json").out)
    assert [(bead["id"], bead["score"]) for bead in done["beads"]] == [("c0", {"en": 1.0}), ("c1", {"en": 0.9})]


WRONG = {
    "no review": (["result", "other.json"], "no such file"),
    "nothing decided": (["result", "paper.json", "--journal", "none.jsonl"], "nothing was decided yet"),
    "over the alignment": (["result", "paper.json", "-o", "paper.json"], "never written over"),
    "over the journal": (["result", "paper.json", "-o", "paper.review.jsonl"], "never written over"),
    "over a text": (["result", "paper.json", "-o", "en.txt"], "never written over"),
    "two in one": (["result", "paper.json", "-o", "x.json", "--decisions", "x.json"], "a file of its own"),
    "two in one, named otherwise": (
        ["result", "paper.json", "-o", "x.json", "--terms", "./x.json"],
        "a file of its own",
    ),
    "no folder": (["result", "paper.json", "-o", "none/x.json"], "there is no folder"),
}


@pytest.mark.parametrize(("argv", "why"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_and_nothing_is_written(run: Run, paper: Alignment, argv: list[str], why: str) -> None:
    journal("paper", paper, CONFIRM)
    before = {path: path.read_bytes() for path in Path().iterdir()}
    refused(run("review", *argv), why)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before
