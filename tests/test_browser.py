"""The report in a real browser: its script runs, and a phone shows it without scrolling sideways."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tetrapla import pipeline
from tetrapla.report import html
from tetrapla.resources import corpus_root

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH to look at the report with")

# Nothing but the page: no sandbox where the tests run as root, and no connections of the browser's own.
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --virtual-time-budget=3000 --dump-dom"
).split()
MEASURE = "<script>document.title = document.documentElement.scrollWidth + ' of ' + window.innerWidth</script>"


@pytest.fixture(scope="module")
def page() -> str:
    result = pipeline.run([corpus_root() / "sample" / f"{code}.txt" for code in ("zh", "en")])
    return html(result.alignment, result.versions, result.findings, result.mentions, result.glossary)


def shown(page: str, folder: Path, width: int) -> str:
    """The page as the browser has it after its script ran."""
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    command = [
        str(CHROMIUM),
        *FLAGS,
        f"--window-size={width},900",
        f"--user-data-dir={folder / 'profile'}",
        path.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_script_of_the_report_runs(page: str, tmp_path: Path) -> None:
    dom = shown(page, tmp_path, 1280)
    assert re.search(r"\b\d+ rows\b", dom)
    assert not re.search(r"\b\d+ rows\b", page)  # without the script nothing counts them


@pytest.mark.parametrize("width", [1280, 600])
def test_the_page_is_no_wider_than_the_window(page: str, tmp_path: Path, width: int) -> None:
    # The page forbids foreign scripts: the copy that is measured does without its policy.
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", MEASURE + "</body>")
    title = re.search(r"<title>(\d+) of (\d+)</title>", shown(bare, tmp_path, width))
    assert title
    assert int(title.group(1)) <= int(title.group(2))
