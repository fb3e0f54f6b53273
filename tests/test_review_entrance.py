"""The way into the page that the browser is started with: it tells other users of the machine nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, build_opener, url2pathname

import pytest
from starlette.testclient import TestClient

from tests.review_browser import CHROMIUM, NO_BROWSER
from tests.review_case import HOST, TOKEN, opened, without_work, written
from tetrapla.errors import InputError
from tetrapla.review._entrance import entrance
from tetrapla.review._serve import PORT, serve
from tetrapla.web import LOCAL, listening


def file_of(address: str) -> Path:
    assert urlsplit(address).scheme == "file"
    return Path(url2pathname(urlsplit(address).path))


class Leads(HTMLParser):
    """Where a page leads, by its links and by itself, and the elements that it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.to: set[str] = set()
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if given.get("http-equiv") == "refresh":
            self.to.add(str(given["content"]).partition("url=")[2])
        self.to |= {str(given["href"])} if "href" in given else set()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8766/?token=a-b_c", "http://x/?token=\"><script>alert(1)</script>&lt;b>'"]
)
def test_the_file_leads_to_the_page_and_is_gone_afterwards(address: str) -> None:
    with entrance(address) as way:
        path = file_of(way)
        found = Leads(path.read_text(encoding="utf-8"))
        assert found.to == {address}
        assert found.tags == ["html", "meta", "title", "meta", "meta", "p", "a"]
        if os.name == "posix":
            assert [place.stat().st_mode & 0o777 for place in (path, path.parent)] == [0o600, 0o700]
    assert not path.parent.exists()


@pytest.mark.parametrize("broken", [False, True], ids=["ended", "broken off"])
def test_the_browser_is_started_without_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    printed: list[str] = []
    asked: list[str] = []
    started = threading.Event()

    def browse(address: str) -> bool:
        asked.append(address)
        started.set()
        return True

    def run(app: object, listener: socket.socket, *, ending: Callable[[], None]) -> None:
        assert started.wait(10)
        assert Leads(file_of(asked[0]).read_text(encoding="utf-8")).to == set(printed)
        if broken:
            raise KeyboardInterrupt
        ending()
        assert not file_of(asked[0]).exists()

    monkeypatch.setattr(webbrowser, "open", browse)
    monkeypatch.setattr("tetrapla.review._serve.run", run)
    with without_work():
        try:
            serve(written(tmp_path), by="ana", ready=printed.append, browse=webbrowser.open)
        except KeyboardInterrupt:
            assert broken
    (address,) = printed
    token = urlsplit(address).query.removeprefix("token=")
    assert len(token) > 40
    assert token not in asked[0]
    assert not file_of(asked[0]).parent.exists()


@pytest.mark.parametrize("site", ["cross-site", "same-site", None, "none"])
def test_who_is_led_here_by_a_file_is_led_on_by_a_page_of_ours(tmp_path: Path, site: str | None) -> None:
    """After a redirect the browser would keep the strict cookie to itself: a file is another site."""
    with opened(written(tmp_path)) as client:
        other = TestClient(client.app, base_url=f"http://{HOST}", follow_redirects=False)
        headers = {} if site is None else {"Sec-Fetch-Site": site}
        answer = other.get("/", params={"token": TOKEN}, headers=headers)
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        if site in ("cross-site", "same-site"):
            assert (answer.status_code, Leads(answer.text).to) == (200, {"/"})
            assert TOKEN not in answer.text
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
        wrong = other.get("/", params={"token": "x"}, headers={**headers, "Cookie": ""})
        assert wrong.status_code in (200, 403)
        assert "set-cookie" not in wrong.headers


# The program itself

SERVE = """
import sys
from tetrapla.review._serve import serve
serve(sys.argv[1], port=0, by="ana", browse=lambda address: print(address, flush=True))
"""


@pytest.fixture
def way(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address that the browser of a program is started with, and the program."""
    command = [sys.executable, "-c", SERVE, str(written(tmp_path))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.terminate()  # not killed: then the file would stay


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM is of POSIX systems")
def test_nothing_stays_when_the_program_is_ended_from_outside(way: tuple[str, subprocess.Popen[str]]) -> None:
    address, process = way
    path = file_of(address)
    (page,) = Leads(path.read_text(encoding="utf-8")).to
    with build_opener(HTTPCookieProcessor()).open(page, timeout=10) as answer:  # from now on it ends in an orderly way
        assert answer.status == 200
    assert path.exists()
    process.terminate()
    process.wait(10)
    assert not path.parent.exists()


@pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER)
def test_a_browser_gets_in_by_it(way: tuple[str, subprocess.Popen[str]]) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(way[0])
        expect(page).to_have_title("paper.json \u2013 review")
        assert "token" not in page.url
        page.reload()
        expect(page).to_have_title("paper.json \u2013 review")
        browser.close()


# The port


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def at(**given: Any) -> int:
        printed: list[str] = []
        monkeypatch.setattr("tetrapla.review._serve.run", lambda app, listener, ending: ending())
        with without_work():
            serve(written(tmp_path), by="ana", ready=printed.append, **given)
        return int(urlsplit(printed[0]).port or 0)

    return at


def test_the_port_is_the_same_every_day_unless_it_is_taken(
    served: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PORT == 8766
    with listening(LOCAL, 0) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr("tetrapla.review._serve.PORT", port)  # other programs may have that of every day
    assert served() == served() == port
    with listening(LOCAL, port):
        assert served() not in (0, port)
        with pytest.raises(InputError, match="choose another --port"):
            served(port=port)
    with pytest.raises(InputError, match="--host takes an address of this machine"):
        listening("203.0.113.9", 0)  # an address that is no one's (RFC 5737)
    assert served(port=0) not in (0, port)
