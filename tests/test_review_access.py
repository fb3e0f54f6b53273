"""The review page for everybody: axe-core finds nothing serious, in both themes, on a desk and on a tablet."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.review_browser import NO_BROWSER, Review, Sheet, has_text, looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER)

OWN_AXE = Path(__file__).parent.parent / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
AXE = Path(os.environ.get("TETRAPLA_AXE") or OWN_AXE)
SIZES = {"desk": (1280, 800), "tablet": (820, 1180)}
THEMES = ("light", "dark")
# Each place with the keys that lead there from the rows; {} is where a mark of the kind was clicked.
PLACES = ("rows", "help", "finding", "concept", "columns", "move", "note", "filters")
ASK = """async () => {
  const { passes, violations } = await axe.run(document, { resultTypes: ["violations"] });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = ({ id, help, nodes }) => nodes.map(({ html, any }) => `${id}: ${help}: ${html.slice(0, 200)} ${any[0]?.message ?? ""}`);
  return [passes.length, serious.flatMap(told)];
}"""
SIDEWAYS = "[document.documentElement.scrollWidth, innerWidth, document.querySelector('[role=grid]').scrollWidth, document.querySelector('[role=grid]').clientWidth]"


@pytest.fixture(params=[(theme, size) for theme in THEMES for size in SIZES], ids=lambda given: "-".join(given))
def sheet(request: pytest.FixtureRequest, chromium: Browser, shared_review: Review) -> Iterator[Sheet]:
    """The page with all findings, in a theme and a size."""
    theme, size = request.param
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}, "color_scheme": theme, "has_touch": size == "tablet"}
    with looked_at(chromium, shared_review, **options) as found:
        found.checked()
        yield found


def goes_to(sheet: Sheet, place: str) -> None:
    """Have the page show something that a reviewer works with."""
    page = sheet.page
    if place == "help":
        sheet.press("?")
        sheet.expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    elif place in ("finding", "concept"):
        page.locator(f"[role=gridcell] [data-{place}]").first.click()
        sheet.expect(page.get_by_role("article", name=place.title())).to_be_visible()
    elif place == "columns":
        sheet.press("3")
        sheet.expect(page.get_by_role("columnheader")).to_have_count(4)
        sheet.expect(page.locator("[aria-busy=true]")).to_have_count(0)
    elif place == "move":
        sheet.go(has_text(sheet.review, "zh", "en")[0])
        sheet.press("]", "m")
        sheet.expect(page.get_by_role("region", name="Move text to another row")).to_be_visible()
    elif place == "note":
        sheet.press("o")
        sheet.expect(page.get_by_role("dialog")).to_be_visible()
    elif place == "filters":
        sheet.press("/")
        sheet.expect(page.get_by_role("searchbox")).to_be_focused()


def comes_back(sheet: Sheet, place: str) -> None:
    """Leave a place again."""
    if place == "columns":
        sheet.press("3")
        sheet.expect(sheet.page.get_by_role("columnheader")).to_have_count(3)
    elif place != "rows":
        sheet.escape()
        sheet.escape()


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: scripts/test installs it where there is npm")
def test_axe_finds_nothing_serious(sheet: Sheet) -> None:
    sheet.page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = []
    for place in PLACES:
        goes_to(sheet, place)
        passed, faults = sheet.page.evaluate(ASK)
        assert passed > 15  # it has looked
        found += [f"{place}: {fault}" for fault in faults]
        comes_back(sheet, place)
    assert not found, "\n".join(found)


def test_nothing_is_wider_than_the_window_and_every_place_can_be_seen(
    sheet: Sheet, request: pytest.FixtureRequest
) -> None:
    folder = os.environ.get("TETRAPLA_SCREENSHOTS")
    pictures = {}
    for place in PLACES:
        goes_to(sheet, place)
        page, window, grid, room = sheet.page.evaluate(SIDEWAYS)
        assert page <= window, place
        assert grid <= room, place
        pictures[place] = sheet.page.screenshot()
        comes_back(sheet, place)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        theme, size = request.node.callspec.params["sheet"]
        for place, picture in pictures.items():
            (Path(folder) / f"{place}-{theme}-{size}.png").write_bytes(picture)
    assert all(shades(picture) > 100 for picture in pictures.values())
    assert len(set(pictures.values())) == len(PLACES)


def shades(picture: bytes) -> int:
    """Return how many different bytes the lines of a PNG have: few where it shows nothing."""
    data, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            data += picture[at + 8 : at + 8 + length]
        at += length + 12
    return len(set(zlib.decompress(data)))


def test_a_theme_is_dark_or_light_and_can_be_chosen(sheet: Sheet) -> None:
    light = "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0) > 382"
    system = sheet.page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    assert sheet.page.evaluate(light) == system
    for theme in THEMES:
        sheet.page.get_by_role("combobox", name="Colours").select_option(theme)
        assert sheet.page.evaluate(light) == (theme == "light")
