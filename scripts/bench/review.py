"""Measure how fast the review page is with a long document, and print the figures as Markdown tables.

    python scripts/bench/review.py [--only server|page|report] [--beads 5000] [--runs 5] [--keep DIR]

server  `tetrapla review`: seconds until it answers and until all findings are there; milliseconds of its answers, first
        and again; its memory, and that of the processes that work for it
page    the page in chromium, opened before the findings are there and again with them: milliseconds from the navigation
        until a row has its text and a key moves the focus; from a key being pressed until the focus is painted in
        another row; frames while rows scroll by, at the speed of a wheel and so fast that every frame has other rows
report  what `tetrapla export --to html` writes of the same alignment, opened in the same browser: the same wait

The document is made up (`made.py`): about as much text as a bead of a paper has. DIR keeps it for the next run.

Frames are counted as 60 a second: one that takes as long as two is one dropped. A key is timed within the page, from
the time that its event carries to a task after the frame in which the focus moved.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple

from draws import say
from made import written
from quality import positive, table

from tetrapla.errors import InputError, TetraplaError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SECTIONS = ("server", "page", "report")
MB = 1_000_000
FRAME = 1000 / 60  # milliseconds
PATIENCE = 900  # seconds that reading and checking a long document may take
KEYS = 60
VIEW = {"width": 1280, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SPEEDS = {"wheel": (80, 400), "flight": (0, 600)}  # pixels a frame (0: all rows in so many), and frames

# Once a row has its text, a key is pressed; usable is the page when that has moved the focus and was painted.
USABLE = """
globalThis.rowOf = (element) => element?.closest("[data-row]")?.dataset.row;
globalThis.painted = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(0);
}));
globalThis.usable = (async () => {
  while (!document.querySelector("[data-row] [data-unit]")) await painted();
  const text = performance.now();
  for (;;) {
    const before = rowOf(document.activeElement);
    const key = { key: "j", code: "KeyJ", bubbles: true, cancelable: true };
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", key));
    const at = await painted();
    if (rowOf(document.activeElement) !== before) return { text, keys: at };
  }
})();
"""
LOADED = """
globalThis.usable = new Promise((done) => addEventListener("load", () => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done({ text: performance.now(), keys: performance.now() });
  port2.postMessage(0);
})));
"""
TIME_KEYS = """() => {
  globalThis.spent = [];
  addEventListener("keydown", async ({ timeStamp }) => {
    const before = rowOf(document.activeElement);
    for (let frame = 0; frame < 120; frame += 1) {
      const at = await painted();
      if (rowOf(document.activeElement) !== before) return spent.push(at - timeStamp);
    }
    spent.push(Infinity);
  }, true);
}"""
# The frames of a scroll from where it stands, and the milliseconds from its end until all rows in view have their text.
SCROLL = """async ([step, frames]) => {
  const grid = document.querySelector("[role=grid]");
  const by = step || grid.scrollHeight / frames;
  grid.scrollTop = 0;
  await painted();
  const times = [];
  for (let k = 0, before = await new Promise(requestAnimationFrame); k < frames; k += 1) {
    grid.scrollTop += by;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
  }
  const end = performance.now();
  await painted();
  await painted(); // what came into view is drawn now, with its text or without
  const inView = (row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };
  while (document.querySelector("[aria-busy=true]") && [...document.querySelectorAll("[data-row]")].some(
    (row) => inView(row) && row.querySelector("[aria-busy=true]"))) await painted();
  return { times, text: performance.now() - end, at: grid.scrollTop, height: grid.scrollHeight };
}"""


class Memory(NamedTuple):
    """Bytes of the server now and at its peak, and now of the processes that work for it."""

    now: int
    peak: int
    others: int


class Server:
    """`tetrapla review` under way on an alignment; `seconds` is what it took to answer, `url` where its page is."""

    def __init__(self, path: Path) -> None:
        self._began = time.perf_counter()
        log = path.with_suffix(".log")
        command = [sys.executable, "-m", "tetrapla", "review", str(path), "--no-browser"]
        with log.open("w") as told:
            self.process = subprocess.Popen(command, stderr=told)
        while not (words := [word for word in log.read_text().split() if "?token=" in word]):
            if self.process.poll() is not None:
                raise InputError(f"tetrapla review failed ({self.process.returncode}): {log.read_text().strip()}")
            time.sleep(0.01)
        self.url = words[0]
        self._client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._client.open(self.url).read()
        self.seconds = self.spent

    @property
    def spent(self) -> float:
        """The seconds since it was started."""
        return time.perf_counter() - self._began

    def get(self, path: str) -> Any:
        """Return what it answers to a path below the document's."""
        with self._client.open(f"{self.url.partition('?')[0]}api/documents/1/{path}") as answer:
            return json.loads(answer.read())

    def timed(self, path: str) -> float:
        """Return the milliseconds that an answer takes, on its way and read."""
        began = time.perf_counter()
        self.get(path)
        return 1000 * (time.perf_counter() - began)

    def until(self, key: str) -> tuple[float, int]:
        """Wait until it is "ready" or "checked"; return the seconds since it was started and what its workers had.

        That is bytes, at most, as far as was looked.

        Raises:
            InputError: the work ended without it, or takes longer than can be waited for.
        """
        most = 0
        for look in count():
            if self.get("changes?since=0")[key]:
                break
            most = max(most, self.memory().others)
            spent = self.spent
            # Asked seldom: all rows are much to answer while it works.
            idle = look % 50 == 49 and not any(job["state"] == "running" for job in self.get("review")["jobs"])
            if idle or spent > PATIENCE:
                raise InputError(f"the review is not {key} after {spent:.0f} seconds")
            time.sleep(0.1)
        return self.spent, most

    def memory(self) -> Memory:
        """Return how much memory is used; zeros where the system has no /proc."""
        own = _status(self.process.pid)
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [pid for task in tasks for pid in task.read_text().split()]
        others = sum(_status(int(pid)).get("VmRSS", 0) for pid in pids)
        return Memory(own.get("VmRSS", 0), own.get("VmHWM", 0), others)


def _status(pid: int) -> dict[str, int]:
    """Return what /proc says of a process that is counted in kB, in bytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended, or the system has none
        return {}
    return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith(" kB")}


@contextmanager
def serving(path: Path) -> Iterator[Server]:
    """Start the review of an alignment, without the journal of an earlier one, and end it."""
    path.with_suffix(".review.jsonl").unlink(missing_ok=True)
    server = Server(path)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)


# ---------------------------------------------------------------- sections


def server(path: Path, runs: int) -> str:
    """Return how long the server takes to start and to answer, and its memory."""
    say("server")
    with serving(path) as own:
        names = [row["id"] for row in own.get("review")["rows"]]
        first = own.timed(f"cells?rows={','.join(names[:24])}&versions=zh,en")
        shown = own.spent
        ready, _ = own.until("ready")
        opened = own.memory()
        checked, others = own.until("checked")
        middle = ",".join(names[len(names) // 2 :][:24])
        answers = {
            "D/review": [own.timed("review") for _ in range(runs)],
            "D/cells, 24 rows × 2": [own.timed(f"cells?rows={middle}&versions=zh,en") for _ in range(runs)],
            "D/cells, 200 rows × 4": [
                own.timed(f"cells?rows={','.join(names[at : at + 200])}&versions=zh,en,es,fr")
                for at in range(0, min(runs * 200, len(names)), 200)
            ],
            "D/search": [own.timed("search?q=enclave&versions=zh,en,es,fr") for _ in range(runs)],
        }
        rest = own.memory()
    rows = [
        ("until it answers, seconds", f"{own.seconds:.2f}"),
        ("until the first rows have their text, seconds", f"{shown:.2f}"),
        ("until all is read, seconds", f"{ready:.2f}"),
        ("until it is checked, seconds", f"{checked:.1f}"),
        ("D/cells, first, ms", f"{first:.0f}"),
        *((f"{name}, ms", f"{median(spent):.0f} (at most {max(spent):.0f})") for name, spent in answers.items()),
        ("memory when all is read, MB", f"{opened.now / MB:.0f}"),
        ("memory when all was asked, MB", f"{rest.now / MB:.0f}"),
        ("memory at its peak, MB", f"{rest.peak / MB:.0f}"),
        ("memory of its workers at most, MB", f"{others / MB:.0f}"),
    ]
    return table(("server", ""), rows)


def page(path: Path, runs: int) -> str:
    """Return how long the page takes to be usable, to answer a key, and to draw while it scrolls."""
    columns = ("page", "text, ms", "usable, ms", "key, ms", "95th of 100", "jump, ms", "95th of 100")
    rows, frames = [], []
    with browser() as chromium, serving(path) as own:
        for name in ("before the check", "checked"):
            if name == "checked":
                own.until("checked")
            say(f"page, {name}")
            waits = [_opened(chromium, own.url, USABLE) for _ in range(runs)]
            with looked_at(chromium, own.url, USABLE) as here:
                here.evaluate("usable")
                keys = _keys(here, ["j"] * KEYS)
                jumps = _keys(here, ["n"] * KEYS)
                for speed, given in SPEEDS.items():
                    frames.append((f"{speed}, {name}", *_frames(here.evaluate(SCROLL, list(given)))))
            usable = [f"{median(wait[key] for wait in waits):.0f}" for key in ("text", "keys")]
            rows.append((name, *usable, *_spread(keys), *_spread(jumps)))
        memory = own.memory()
    scrolled = ("scrolling", "pixels a second", "frames", "95th of 100, ms", "longest, ms", "dropped", "then text, ms")
    told = f"Memory of the server after it: {memory.now / MB:.0f} MB, at its peak {memory.peak / MB:.0f} MB.\n"
    return f"{table(columns, rows)}\n{table(scrolled, frames)}\n{told}"


def report(path: Path, runs: int) -> str:
    """Return how long the static report of the same alignment takes to be there."""
    say("report: it is written")
    target = path.with_suffix(".html")
    began = time.perf_counter()
    if not target.exists():
        command = [sys.executable, "-m", "tetrapla", "export", path.name, "--to", "html", "-o", target.name]
        subprocess.run(command, cwd=path.parent, check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    with browser() as chromium:
        say("report")
        waits = [_opened(chromium, target.as_uri(), LOADED)["text"] for _ in range(runs)]
    row = ("report", f"{seconds:.0f}", f"{target.stat().st_size / MB:.1f}", f"{median(waits):.0f}")
    return table(("static", "seconds to write", "MB", "there, ms"), [row])


# ---------------------------------------------------------------- the browser


@contextmanager
def browser() -> Iterator[Browser]:
    """Start chromium without a window.

    Raises:
        InputError: there is none, or nothing to drive it with.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise InputError("there is no chromium on the PATH to look at the page with")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as e:
        raise InputError("the page is looked at with playwright, which is not installed") from e
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def looked_at(chromium: Browser, url: str, script: str) -> Iterator[Page]:
    """Open a page as who never saw it, with a script of ours before its own."""
    context = chromium.new_context(viewport=VIEW)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE)
    try:
        context.add_init_script(script)
        here = context.new_page()
        here.goto(url, wait_until="commit")
        yield here
    finally:
        context.close()


def _opened(chromium: Browser, url: str, script: str) -> dict[str, float]:
    with looked_at(chromium, url, script) as here:
        return dict(here.evaluate("usable"))


def _keys(here: Page, keys: Sequence[str]) -> list[float]:
    """Return the milliseconds that each key takes until the focus is painted elsewhere."""
    if here.evaluate("globalThis.spent === undefined"):
        here.evaluate(TIME_KEYS)
    here.evaluate("spent.length = 0")
    for number, key in enumerate(keys, start=1):
        here.keyboard.press(key)
        here.evaluate("async (number) => { while (spent.length < number) await painted(); }", number)
    return [float(ms) for ms in here.evaluate("spent")]


def _spread(spent: Sequence[float]) -> tuple[str, str]:
    return f"{median(spent):.0f}", f"{quantiles(spent, n=20, method='inclusive')[-1]:.0f}"


def _frames(seen: dict[str, Any]) -> tuple[str, ...]:
    times: list[float] = seen["times"]
    dropped = sum(max(round(ms / FRAME) - 1, 0) for ms in times)
    speed = seen["at"] / (sum(times) / 1000)
    late = quantiles(times, n=20, method="inclusive")[-1]
    figures = f"{len(times)}", f"{late:.0f}", f"{max(times):.0f}", f"{dropped}", f"{seen['text']:.0f}"
    return f"{speed:,.0f}", *figures


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", choices=SECTIONS, action="append", help="what to measure (default: all)")
    parser.add_argument("--beads", type=positive, default=5_000, help="of the document (default: %(default)s)")
    parser.add_argument("--runs", type=positive, default=5, help="of which the median counts (default: %(default)s)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the document is kept (default: it is not)")
    options = parser.parse_args(argv)
    sections = {"server": server, "page": page, "report": report}
    try:
        with tempfile.TemporaryDirectory() as name:
            path = written(options.keep or Path(name), options.beads)
            for section in options.only or SECTIONS:
                print(f"## {section}\n\n{sections[section](path.resolve(), options.runs)}", flush=True)
    except TetraplaError as e:
        say(str(e))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
