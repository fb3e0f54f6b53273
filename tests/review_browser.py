"""A review in a real browser, for tests: the program as a process that can be killed, and its page as people use it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.model import Alignment
from tetrapla.resources import corpus_root

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator

__all__ = ["NO_BROWSER", "Review", "Sheet", "has_text", "looked_at", "reviewing", "until", "written"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LANGUAGES = ("zh", "en", "es")
NAME = "sample.json"
PATIENCE = 60.0  # seconds, on a machine that is busy besides
TOLD = {"confirmed": "confirmed", "refused": "refused", "absent": "absent", "extra": "extra text"}
# Whatever a policy keeps the page from is told on the console.
WATCH = "addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))"

T = TypeVar("T")


def _missing() -> str:
    if CHROMIUM is None:
        return "no Chromium on the PATH to look at the page with"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "no Playwright to drive Chromium with"
    return ""


NO_BROWSER = _missing()


def until(look: Callable[[], T | None]) -> T:
    """Return what is looked for once it is there."""
    end = time.monotonic() + PATIENCE
    while (found := look()) is None:
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
    return found


# ---------------------------------------------------------------- what is reviewed


@pytest.fixture(scope="session")
def aligned_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in sample in three versions, aligned, in a folder that is to be copied."""
    folder = tmp_path_factory.mktemp("sample")
    for code in LANGUAGES:
        shutil.copy(corpus_root() / "sample" / f"{code}.txt", folder)
    from tetrapla.pipeline import align_files

    aligned = align_files([folder / f"{code}.txt" for code in LANGUAGES])
    return written(aligned.alignment, folder)


def written(alignment: Alignment, folder: Path) -> Path:
    """Write an alignment with its texts to a folder, and return its path."""
    documents = tuple(replace(doc, source=str(folder / f"{doc.id}.txt")) for doc in alignment.documents)
    for doc in documents:
        Path(doc.source).write_bytes(doc.text.encode())
    (folder / NAME).write_text(dump_alignment(replace(alignment, documents=documents)), encoding="utf-8")
    return folder / NAME


# ---------------------------------------------------------------- the program


class Review:
    """`tetrapla review` of an alignment: started, killed, started again; and its journal as it lies on the disk."""

    def __init__(self, path: Path, by: str = "ana") -> None:
        self.path, self.by, self.url, self.port = path, by, "", 0
        self.journal = path.with_name(path.stem + ".review.jsonl")
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0

    def start(self) -> Review:
        """Start it, on the port that it had before, and wait until it answers."""
        self._starts += 1
        log = self.path.with_name(f"log-{self._starts}.txt")
        command = [sys.executable, "-m", "tetrapla", "review", str(self.path), "--no-browser", "--as", self.by]
        with log.open("wb") as told:
            self._process = subprocess.Popen([*command, "--port", str(self.port)], stderr=told)
        process = self._process

        def address() -> str | None:
            text = log.read_text("utf-8")
            assert process.poll() is None, text
            found = re.search(r"http://\S+\?token=\S+(?=\s)", text)
            return found and found[0]

        self.url = until(address)
        self.port = int(self.url.split(":")[2].partition("/")[0])
        return self

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._end("terminate")

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._end("kill")

    def _end(self, how: str) -> None:
        if self._process is not None:
            getattr(self._process, how)()
            self._process.wait(PATIENCE)
            self._process = None

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries in the journal; a line that is not yet whole is none."""
        if not self.journal.exists():
            return []
        lines = self.journal.read_bytes().split(b"\n")
        return [json.loads(line) for line in lines[1:-1]]

    @property
    def alignment(self) -> Alignment:
        """What is reviewed, as it was before."""
        return load_alignment(self.path)


@contextmanager
def reviewing(source: Path, folder: Path, by: str = "ana") -> Iterator[Review]:
    """Give the review of a copy of an alignment, under way."""
    review = Review(written(load_alignment(source), folder), by)
    try:
        yield review.start()
    finally:
        review.kill()


@pytest.fixture
def review(aligned_sample: Path, tmp_path: Path) -> Iterator[Review]:
    """A review of the sample that nothing else uses."""
    with reviewing(aligned_sample, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def shared_review(aligned_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """A review of the sample that many tests use: who decides something undoes it."""
    with reviewing(aligned_sample, tmp_path_factory.mktemp("shared")) as found:
        yield found


def has_text(review: Review, version: str, other: str) -> list[str]:
    """Return the ids of rows that have sound text in both of two versions, more than a line of it, in one piece."""
    return [
        bead.id
        for bead in review.alignment.beads
        if bead.kind == "body"
        and all(len(bead.spans.get(v, ())) == 1 and len(bead.spans[v][0]) > 30 for v in (version, other))
    ]


# ---------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@contextmanager
def looked_at(chromium: Browser, review: Review, **options: Any) -> Iterator[Sheet]:
    """Open the page of a review as somebody who never saw it; nothing may go wrong in it but what `sheet.expected` says."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(1000 * PATIENCE)
    try:
        sheet = Sheet(context, review)
        sheet.open()
        yield sheet
        sheet.nothing_went_wrong()
    finally:
        context.close()


class Sheet:
    """The page of a review as one reviewer has it."""

    def __init__(self, context: BrowserContext, review: Review) -> None:
        context.add_init_script(WATCH)
        self.review, self.page = review, context.new_page()
        self.expected: list[str] = []  # patterns of what may be said on the console
        self._wrong: list[str] = []
        self._read = len(review.entries)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._wrong.append(str(error)))
        self.page.on("dialog", self._interrupted)
        context.on("request", lambda request: self._asked(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._wrong.append(message.text)

    def _interrupted(self, dialog: Dialog) -> None:
        self._wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        if not url.startswith((f"http://127.0.0.1:{self.review.port}/", "blob:")):
            self._wrong.append(f"asked of somebody else: {url}")

    def nothing_went_wrong(self) -> None:
        """Make sure that the page ran without an error, broke no policy and asked nobody but its own server."""
        wrong = [said for said in self._wrong if not any(re.search(pattern, said) for pattern in self.expected)]
        assert not wrong, wrong

    def open(self) -> None:
        """Go to the address that the program printed, and wait for the texts."""
        self.page.goto(self.review.url)
        self.expect(self.page.locator("[data-row] [data-unit]").first).to_be_visible()
        # Rows show early; what is asked of all of the texts (search, concepts) has to wait until they are read.
        until(lambda: self.ask("changes?since=0")["ready"] or None)

    def expect(self, what: Any, told: str | None = None) -> Any:
        """Return what Playwright expects of a thing, with our patience."""
        from playwright.sync_api import expect

        expect.set_options(timeout=1000 * PATIENCE)
        return expect(what, told)

    def ask(self, path: str) -> Any:
        """Return what the server answers to a path below the document's."""
        found = self.page.request.get(f"http://127.0.0.1:{self.review.port}/api/documents/1/{path}")
        assert found.ok, found.text()
        return found.json()

    def checked(self) -> None:
        """Wait until all findings are there, on the server and on the page."""
        until(lambda: self.ask("changes?since=0")["checked"] or None)
        self.expect(self.page.locator("[data-finding]").first).to_be_visible()

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, wherever the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def escape(self) -> None:
        """Leave a dialog or a card."""
        self.press("Escape")
        self.expect(self.page.get_by_role("dialog")).to_have_count(0)

    # Rows and what is in them

    def row(self, name: str) -> Locator:
        """Return the row with an id."""
        return self.page.locator(f'[data-row="{name}"]')

    def cell(self, name: str, version: str) -> Locator:
        """Return the text of a row in a version."""
        return self.row(name).locator(f'[role=gridcell][data-version="{version}"]')

    @property
    def drawn(self) -> list[str]:
        """The ids of the rows that are drawn, from the top down."""
        rows = self.page.locator("[data-row]").all()
        at = [(int(row.get_attribute("aria-rowindex") or 0), row.get_attribute("data-row") or "") for row in rows]
        return [name for _, name in sorted(at)]

    @property
    def focused(self) -> str:
        """The id of the row that has the focus."""
        found = self.page.evaluate("document.activeElement.closest('[data-row]')?.dataset.row ?? ''")
        return str(found)

    def go(self, name: str) -> None:
        """Go to a row by its number, as the keyboard does."""
        self.press("G")
        self.page.get_by_role("dialog").get_by_role("textbox").fill(name)
        self.press("Enter")
        self.expect(self.row(name)).to_be_focused()
        self.expect(self.row(name).locator("[aria-busy=true]")).to_have_count(0)

    def says(self, name: str, pattern: str) -> None:
        """Make sure that a row says something of itself, to those who hear it too."""
        self.expect(self.row(name)).to_have_attribute("aria-label", re.compile(pattern))

    def count(self, rows: int) -> None:
        """Make sure how many rows there are."""
        self.expect(self.page.locator("#count")).to_have_text(re.compile(rf"\b{rows} rows"))

    # What is decided

    def decided(self, op: str) -> dict[str, Any]:
        """Return the next entry of the journal, once the page calls it saved."""

        def entry() -> dict[str, Any] | None:
            entries = self.review.entries
            return entries[self._read] if len(entries) > self._read else None

        found = until(entry)
        assert found["op"] == op, found
        self._read += 1
        self.expect(self.page.locator("#saved")).to_have_text("saved")
        return found

    def nothing_decided(self) -> None:
        """Make sure that the journal has nothing new."""
        assert len(self.review.entries) == self._read

    def undone(self) -> dict[str, Any]:
        """Undo, and return the entry."""
        self.press("u")
        return self.decided("undo")
