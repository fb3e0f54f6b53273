"""Work in the background: what it comes to, how it is stopped, and what is told where a worker is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

import tetrapla
from tetrapla import pipeline
from tetrapla.align.decisions import Decided, Decision, Decisions
from tetrapla.clean import clean
from tetrapla.glossary import load as load_glossary
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.progress import silent
from tetrapla.report.running import Running
from tetrapla.resources import corpus_root
from tetrapla.review._jobs import Job, Jobs, Result
from tetrapla.review._prepared import Prepared, glance
from tetrapla.review._work import Kind, Work, work

PATIENCE = 60.0  # seconds; a machine may be busy
SAMPLE = corpus_root() / "sample"


@pytest.fixture(scope="module")
def alignment() -> Alignment:
    """The beginnings of two versions of the sample, as two paragraphs that are linked and one that is not."""
    documents = []
    for name in ("zh", "en"):
        text = (SAMPLE / f"{name}.txt").read_text(encoding="utf-8")
        documents.append(Document(name, name, text[: text.index("\n\n", 1500 if name == "en" else 500)], f"{name}.txt"))
    return pipeline_alignment(documents)


def pipeline_alignment(documents: list[Document]) -> Alignment:
    versions, _ = pipeline.prepare(documents, load_glossary())
    beads = [
        Bead(f"b{k}", "body", {"zh": zh.spans, "en": en.spans}, {"en": 0.5})
        for k, (zh, en) in enumerate(zip(versions["zh"].paragraphs, versions["en"].paragraphs, strict=False))
    ]
    return Alignment("zh", tuple(documents), tuple(beads))


class Watched:
    """Jobs whose calls back are kept."""

    def __init__(self) -> None:
        self.steps: list[Job] = []
        self.ended: Queue[tuple[Job, Result | None]] = Queue()
        self.jobs = Jobs(self.steps.append, lambda job, result: self.ended.put((job, result)))

    def end(self) -> tuple[Job, Result | None]:
        return self.ended.get(timeout=PATIENCE)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    # A module of the user's folder must not be taken for one of ours.
    (tmp_path / "json.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    watched = Watched()
    yield watched
    watched.jobs.close()
    assert not list(tmp_path.glob("tetrapla-review-*"))


def process(watched: Watched, job: Job) -> subprocess.Popen[bytes]:
    return watched.jobs._jobs[job.id].process


def test_a_worker_reads_and_checks(watched: Watched, alignment: Alignment) -> None:
    items = {"term:reverse-enclave:en:laboratory house": {"status": "deprecated"}}
    job = watched.jobs.start("check", Work(alignment, items))
    assert (job.state, watched.jobs.list()) == ("running", [job])
    ended, result = watched.end()
    assert (ended.state, ended.told) == ("done", "done")
    assert {step.stage for step in watched.steps} == {"segmenting", "checking"}
    assert all(0 <= step.done <= step.total == 2 for step in watched.steps)
    assert isinstance(result, Prepared)
    assert result.checked
    assert result.forms == {("reverse-enclave", "en", "laboratory house")}
    assert any(m.term.form == "laboratory house" and m.term.status == "deprecated" for m in result.mentions["en"])
    # What is applied unseen is what cleaning makes.
    aligned = pipeline.reopen(alignment)
    for name, findings in pipeline.find(aligned).items():
        found = result.texts[name].found or ()
        assert [(f.finding.type, f.finding.spans) for f in found if f.finding.concept is None] == [
            (f.type, f.spans) for f in findings if f.concept is None
        ]
        edits = {(edit.rule, edit.span.start) for edit in clean(aligned.versions[name], findings).edits}
        assert {(f.finding.type, f.finding.start) for f in found if f.applied} <= edits
    assert any(f.applied for f in result.texts["en"].found or ())


def test_texts_are_read_before_they_are_checked(alignment: Alignment) -> None:
    result = work("prepare", Work(alignment), silent)
    assert isinstance(result, Prepared)
    assert not result.checked
    assert result.mentions["zh"]


def test_texts_that_are_known_are_shared_with_the_result(watched: Watched, alignment: Alignment) -> None:
    known = [text.running for text in glance(alignment).texts.values()]
    cases: list[tuple[Kind, list[Running]]] = [("read", known), ("prepare", known), ("read", known[:1])]
    for kind, by in cases:
        watched.jobs.start(kind, Work(alignment), by)
        _, result = watched.end()
        assert isinstance(result, Prepared)
        made = {name: text.running for name, text in result.texts.items()}
        assert [made[name] is own for name, own in zip(("zh", "en"), known, strict=True)] == [True, len(by) == 2]
        assert [made[name].digest for name in ("zh", "en")] == [own.digest for own in known]


def test_a_worker_aligns_around_what_was_decided(watched: Watched, alignment: Alignment) -> None:
    zh, en = alignment.documents
    spans = {"zh": alignment.beads[0].spans["zh"], "en": alignment.beads[3].spans["en"]}
    decided = tuple(Decided(doc.id, doc.language, doc.sha256, len(doc.text)) for doc in (zh, en))
    decisions = Decisions(decided, (Decision("confirmed", spans),))
    watched.jobs.start("align", Work(alignment, decisions=decisions))
    ended, result = watched.end()
    assert (ended.state, ended.kind) == ("done", "align")
    assert isinstance(result, Alignment)
    assert result.pivot == "zh"
    assert [doc is own for doc, own in zip(result.documents, alignment.documents, strict=True)] == [True, True]
    (bead,) = [bead for bead in result.beads if bead.spans.get("zh") == spans["zh"]]
    assert bead.spans["en"] == spans["en"]


def test_what_cannot_be_done_is_told(watched: Watched, alignment: Alignment) -> None:
    other = Decisions((Decided("zh", "zh", "0" * 64, 3), Decided("en", "en", "1" * 64, 3)), ())
    spans = {"zh": (Span(0, 1),), "en": (Span(0, 1),)}
    watched.jobs.start("align", Work(alignment, decisions=Decisions(other.documents, (Decision("refused", spans),))))
    ended, result = watched.end()
    assert (ended.state, result) == ("failed", None)
    assert "another text" in ended.told


def test_a_worker_that_breaks_off_says_why(watched: Watched, alignment: Alignment) -> None:
    kind: Any = "nonsense"
    given: Any = None
    watched.jobs.start(kind, given)
    ended, result = watched.end()
    assert (ended.state, result) == ("failed", None)
    assert ended.told.startswith("the worker broke off: ")
    assert "\n" not in ended.told


def test_a_killed_worker_has_failed(watched: Watched, alignment: Alignment) -> None:
    job = watched.jobs.start("check", Work(alignment))
    process(watched, job).kill()
    ended, result = watched.end()
    assert (ended.state, result) == ("failed", None)
    assert ended.told == ("the worker was ended from outside (SIGKILL), perhaps for want of memory; start it again")
    assert watched.jobs.get(job.id) == ended


def test_a_stopped_worker_ends(watched: Watched, alignment: Alignment) -> None:
    job = watched.jobs.start("check", Work(alignment))
    stopped = watched.jobs.stop(job.id)
    assert stopped is not None
    ended, result = watched.end()
    assert (ended.id, ended.state, result) == (job.id, "stopped", None)
    assert watched.jobs.stop(job.id) == ended  # again: nothing happens
    assert watched.jobs.stop("j99") is watched.jobs.get("j99") is None


def test_a_worker_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One sentence after another. " * 400, encoding="utf-8")
    program = """
        import os, sys, tempfile, time
        from tetrapla.model import Alignment, Document
        from tetrapla.review._jobs import Jobs
        from tetrapla.review._work import Work
        tempfile.tempdir = sys.argv[1]
        text = open(sys.argv[2]).read()
        documents = tuple(Document(name, "en", text) for name in ("a", "b", "c"))
        jobs = Jobs(lambda job: None, lambda job, result: None)
        job = jobs.start("check", Work(Alignment("a", documents, ())))
        print(jobs._jobs[job.id].process.pid, flush=True)
        time.sleep(60)
    """
    folder = tmp_path / "folders"
    folder.mkdir()
    path = str(Path(tetrapla.__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(folder), str(tmp_path / "a.txt")],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
    assert within(lambda: has_ended(worker))
    assert within(lambda: not list(folder.iterdir()))


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits only to be asked for its status."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def within(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


KINDS: list[Kind] = ["read", "prepare", "check"]


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_nothing(kind: Kind) -> None:
    documents = (Document("en", "en", ""), Document("zh", "zh", "\n\n"))
    result = work(kind, Work(Alignment("en", documents, ())), silent)
    assert isinstance(result, Prepared)
    assert {name: text.running.text for name, text in result.texts.items()} == {"en": "", "zh": ""}


def test_the_process_that_serves_the_page_needs_no_heavy_package() -> None:
    program = """
        import sys
        from tetrapla.glossary import load
        from tetrapla.model import Alignment, Document
        from tetrapla.review import _cards, _cells, _jobs, _look, _quality, _search
        from tetrapla.review._concepts import Concepts
        from tetrapla.review._homes import Homes
        from tetrapla.review._prepared import glance
        alignment = Alignment("en", (Document("en", "en", "One word."), Document("zh", "zh", "一句话。")), ())
        known = glance(alignment)
        Concepts(load(), known, alignment, {"term:patents:en:word": {"status": "admitted"}})
        print(*sorted({"spacy", "jieba", "pandas", "torch", "transformers", "datasets", "lxml"} & set(sys.modules)))
    """
    path = str(Path(tetrapla.__file__).parent.parent)
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert told.stdout.strip() == ""
