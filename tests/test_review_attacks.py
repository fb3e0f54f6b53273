"""Attacks on the review page: from other pages, other machines, texts and folders; and none of them gets anywhere."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

import tetrapla
from tests.review_browser import CHROMIUM, NO_BROWSER
from tests.review_case import HOST, HOSTILE, OURS, TOKEN, VERSIONS, opened, written
from tetrapla.review._guard import HEADERS, MAX_BODY, guarded

D = "/api/documents/1"
CONFIRM = {"op": "confirm", "rows": [{"id": "b1", "rev": ""}], "args": {"versions": ["en"]}, "since": 0}
PATHS = [
    "/", "/static/page.css", "/static/none.js", "/openapi.json", "/api/documents", f"{D}/review", f"{D}/events",
    f"{D}/cells?rows=b1&versions=en", f"{D}/history", "/none",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with opened(written(tmp_path_factory.mktemp("attacks")), raising=False) as client:
        yield client


@pytest.fixture
def stranger(client: TestClient) -> Iterator[TestClient]:
    """The client without the cookie."""
    with TestClient(client.app, base_url=f"http://{HOST}", follow_redirects=False) as other:
        yield other


def journal(client: TestClient) -> int:
    return int(client.get(f"{D}/changes", params={"since": 0}).json()["n"])


# Who has no token


@pytest.mark.parametrize("path", PATHS)
def test_without_the_cookie_nothing_is_answered(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert not answer.cookies
    assert "tetrapla review" in answer.text  # says what to do
    assert all(answer.headers[name] == value for name, value in HEADERS.items())


@pytest.mark.parametrize(
    "query",
    ["token=", f"token={TOKEN[:-1]}", f"token={TOKEN}x", f"Token={TOKEN}", f"token=x&token={TOKEN}", "token=%ff"],
)
def test_a_wrong_token_is_as_good_as_none(stranger: TestClient, query: str) -> None:
    answer = stranger.get(f"/?{query}")
    assert (answer.status_code, dict(answer.cookies)) == (403, {})


def test_the_token_opens_only_the_page_itself(stranger: TestClient) -> None:
    assert stranger.get("/api/documents", params={"token": TOKEN}).status_code == 403
    assert stranger.post("/", params={"token": TOKEN}, json={}, headers=OURS).status_code == 403


@pytest.mark.parametrize("cookie", ["", "x", TOKEN, "%00", '"', "é"])
def test_a_made_up_cookie_is_refused(stranger: TestClient, cookie: str) -> None:
    given = f"tetrapla-review-8765={cookie}".encode()
    assert stranger.get("/api/documents", headers={b"Cookie": given}).status_code == 403


def test_the_token_leaves_the_address_and_the_cookie_is_no_scripts(stranger: TestClient) -> None:
    answer = stranger.get("/", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=strict"}
    assert TOKEN not in name
    page = stranger.get("/")
    assert page.status_code == 200
    assert TOKEN not in page.text


def test_the_address_that_was_printed_opens_a_second_page(client: TestClient, stranger: TestClient) -> None:
    for _ in range(2):
        assert stranger.get("/", params={"token": TOKEN}).status_code == 303
    assert stranger.get("/api/documents").status_code == client.get("/api/documents").status_code == 200


def test_cookies_of_other_programs_do_not_hide_ours(client: TestClient) -> None:
    (own,) = [f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar]
    for line in (f'theme={{"a":1,"b":[2]}}; {own}', f"{own}; x=;=;;", f"a b c; {own}"):
        assert client.get("/api/documents", headers={"Cookie": line}).status_code == 200, line


# Other pages in the same browser: they have the cookie at best


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8765.evil.example", "localhost", "",
     "127.0.0.2:8765", "127.0.0.1:8765:8765", "0.0.0.0:8765", "[::1]:8765", f"{HOST},{HOST}"],
)  # fmt: skip
def test_a_name_that_was_turned_to_this_machine_gets_no_answer(client: TestClient, host: str) -> None:
    for path in ("/", f"/?token={TOKEN}", "/api/documents", "/static/page.css"):
        assert client.get(path, headers={"Host": host}).status_code == 403


def test_the_port_that_goes_without_saying_may_be_left_out() -> None:
    app = guarded(PlainTextResponse("here"), token=TOKEN, hosts=["127.0.0.1:80"])
    client = TestClient(app, follow_redirects=False)
    for host in ("127.0.0.1", "127.0.0.1:80"):
        assert client.get("/", params={"token": TOKEN}, headers={"Host": host}).status_code == 303
    for host in ("127.0.0.1:8766", "127.0.0.1:80:80", "elsewhere.example"):
        assert client.get("/", params={"token": TOKEN}, headers={"Host": host}).status_code == 403


def test_both_names_of_this_machine_are_ours(client: TestClient) -> None:
    assert client.get("/", params={"token": TOKEN}, headers={"Host": "LOCALHOST:8765"}).status_code == 303
    assert client.get("/api/documents", headers={"Host": HOST}).status_code == 200


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8766"},  # the same site: the cookie comes with it
    {"Origin": f"https://{HOST}"},
    {"Origin": f"http://{HOST}.evil.example"},
    {"Origin": "http://localhost:8765"},  # ours, but not the host that is asked
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    OURS | {"Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_page_can_neither_read_nor_decide(client: TestClient, headers: dict[str, str]) -> None:
    before = journal(client)
    read = client.get(f"{D}/review", headers=headers)
    decided = client.post(f"{D}/decide", json=CONFIRM, headers=headers)
    stopped = client.delete(f"{D}/jobs/1", headers=headers)
    assert [read.status_code, decided.status_code, stopped.status_code] == [403] * 3
    assert "access-control-allow-origin" not in read.headers
    assert journal(client) == before


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}])
def test_what_says_not_where_it_comes_from_decides_nothing(client: TestClient, headers: dict[str, str]) -> None:
    before = journal(client)
    assert client.post(f"{D}/decide", json=CONFIRM, headers=headers).status_code == 403
    assert client.delete(f"{D}/jobs/1", headers=headers).status_code == 403
    assert client.get(f"{D}/history", headers=headers).status_code == 200  # as from the address bar
    assert journal(client) == before


@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "", "application/jsonp"],
)
def test_what_a_form_can_send_is_refused(client: TestClient, kind: str) -> None:
    before = journal(client)
    headers = OURS | ({"Content-Type": kind} if kind else {})
    assert client.post(f"{D}/decide", content=json.dumps(CONFIRM), headers=headers).status_code == 415
    assert journal(client) == before


def test_a_browser_may_say_the_origin_in_either_way(client: TestClient) -> None:
    asked = {"since": 0}
    for headers in (OURS, {"Sec-Fetch-Site": "same-origin"}, OURS | {"Sec-Fetch-Site": "same-origin"}):
        answer = client.post(f"{D}/redo", json=asked, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "there is nothing to do again")


def test_other_origins_are_told_of_no_method(client: TestClient) -> None:
    answer = client.options(f"{D}/decide", headers=OURS | {"Access-Control-Request-Method": "POST"})
    assert answer.status_code in (405, 415)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_web_socket_is_closed(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"{D}/events"):
        pass


# Too much, malformed, elsewhere


def test_a_body_without_end_is_not_read(client: TestClient) -> None:
    taken = 0

    def parts() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b" " * 100_000

    headers = OURS | {"Content-Type": "application/json"}
    assert client.post(f"{D}/decide", content=b" " * (MAX_BODY + 1), headers=headers).status_code == 413
    assert client.post(f"{D}/decide", content=parts(), headers=headers).status_code == 413
    assert client.post(f"{D}/decide", content=b" " * MAX_BODY, headers=headers).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"op": 1}', b'{"op": "confirm", "since": -1}',
        b'{"op": "confirm", "since": 1e400}', b'{"op": "confirm", "since": ' + b"9" * 5000 + b"}",
        b'{"op": "confirm", "rows": [{"id": "\\ud800", "rev": ""}]}', b'{"op": "none"}', b'{"op": "__class__"}',
        b'{"op": "note", "rows": [{"id": "b1", "rev": ""}], "args": {"text": "\\ud800"}}',
        b'{"op": "note", "rows": [{"id": "b1", "rev": ""}], "args": {"text": {"a": NaN}}}',
        b'{"op": "note", "rows": [{"id": "b1", "rev": ""}], "args": {"text": "' + b"x" * 30_000 + b'"}}',
        b'{"op": "note", "rows": [{"id": "b1", "rev": ""}], "args": ' + b'{"a":' * 50 + b"1" + b"}" * 51,
        b'{"op": "confirm", "by": " ", "rows": [{"id": "b1", "rev": ""}], "args": {"versions": ["en"]}}',
        b'{"op": "confirm", "rows": [{"id": "b1", "rev": ""}], "args": {"versions": {"en": 1}}}',
        b'{"op": "split", "rows": [{"id": "b1", "rev": ""}], "args": {"version": "en", "at": 1e9}}',
        b'{"op": "term", "args": {"concept": "../x", "language": "en", "form": "<b>", "status": "preferred"}}',
    ],
)  # fmt: skip
def test_what_is_no_decision_is_refused_in_one_line(client: TestClient, body: bytes) -> None:
    before = journal(client)
    answer = client.post(f"{D}/decide", content=body, headers=OURS | {"Content-Type": "application/json"})
    assert answer.status_code in (400, 404, 422)
    (told,) = answer.json().values()
    assert told.strip()
    assert "\n" not in told
    assert journal(client) == before


@pytest.mark.parametrize(
    "path",
    [
        "/static/../_app.py", "/static/..%2f_app.py", "/static/%2e%2e/_app.py", "/static/%2e%2e%2f_app.py", "/static/",
        "/static/..%5c_app.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/page.css%00.js", "/static/.",
        "/static/page.css/", "/static/PAGE.CSS", "/page.html", "/../_app.py",
        "/api/documents/0/review", "/api/documents/2/review", "/api/documents/paper.json/review",
        "/api/documents/..%2f1/review", "/api/documents/%2e%2e/review", "/api/documents/1%00/review",
        f"{D}/cells?rows=b1&versions=../en", f"{D}/concepts/..%2f..%2fetc",
        f"{D}/original?row=b1&version=/etc/passwd", f"{D}/jobs/..",
    ],
)  # fmt: skip
def test_nothing_else_can_be_reached(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 405)
    assert set(answer.json()) == {"error"}


def test_rows_that_are_none_have_no_cells(client: TestClient) -> None:
    assert client.get(f"{D}/cells?rows=../x&versions=en").json()["cells"] == []


def test_every_answer_keeps_other_pages_out(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from tetrapla.review._desk import Desk

    def broken(*_: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(Desk, "history", broken)
    json_only = OURS | {"Content-Type": "application/json"}
    stale = CONFIRM | {"rows": [{"id": "b1", "rev": "an older one"}]}
    answers = {
        200: client.get("/"),
        303: client.get("/", params={"token": TOKEN}),
        400: client.post(f"{D}/undo", json={}, headers=OURS),
        403: client.get("/", headers={"Host": "evil.example"}),
        404: client.get("/none"),
        405: client.put(f"{D}/review", json={}, headers=OURS),
        409: client.post(f"{D}/decide", json=stale, headers=OURS),
        413: client.post(f"{D}/decide", content=b" " * (MAX_BODY + 1), headers=json_only),
        415: client.post(f"{D}/decide", content=b"{}", headers=OURS),
        422: client.post(f"{D}/decide", json={}, headers=OURS),
        500: client.get(f"{D}/history"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "on purpose" not in answers[500].text
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


# Texts


def test_a_text_full_of_markup_stays_a_text(client: TestClient) -> None:
    answer = client.get(f"{D}/cells", params={"rows": "b2", "versions": "en"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    (cell,) = answer.json()["cells"]
    shown = "".join(run["t"] for piece in cell["pieces"] for unit in piece["sentences"] for run in unit["runs"])
    assert "<script>alert(1)</script> </script><!--" in shown
    assert answer.content.isascii()  # so that nothing in it ends a line or turns its direction
    for path in ("/", "/static/main.js"):
        assert "alert(1)" not in client.get(path).text
    original = client.get(f"{D}/original", params={"row": "b2", "version": "en"}).json()
    assert "alert(1)" in json.dumps(original)
    assert HOSTILE in VERSIONS["en"][1]


def test_what_a_reviewer_writes_comes_back_as_it_was(client: TestClient) -> None:
    rev = next(row["rev"] for row in client.get(f"{D}/review").json()["rows"] if row["id"] == "b3")
    asked = {"op": "note", "rows": [{"id": "b3", "rev": rev}], "args": {"text": HOSTILE}, "since": journal(client)}
    answer = client.post(f"{D}/decide", json=asked, headers=OURS)
    assert answer.status_code == 200
    assert [row["note"] for row in answer.json()["rows"]] == [HOSTILE]


def test_scores_that_are_no_numbers_do_not_stop_the_page(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("0.9", "NaN"), encoding="utf-8")
    with opened(path) as client:
        review = client.get(f"{D}/review")
        assert "NaN" not in review.text
        assert [row["score"] for row in review.json()["rows"]] == [{}, {}, {}]


# Folders


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside):
        folder.mkdir()
    secret = written(outside, "secret")
    written(inside, "paper")
    (inside / "link.json").symlink_to(secret)
    (inside / "paper.review.jsonl").symlink_to(outside / "journal.jsonl")
    written(inside, "sound")
    with opened(inside) as client:
        listed = {doc["name"]: doc for doc in client.get("/api/documents").json()["documents"]}
        assert {name: bool(doc["error"]) for name, doc in listed.items()} == {
            "link.json": True,
            "paper.json": True,
            "sound.json": False,
        }
        for doc in listed.values():
            answer = client.get(f"/api/documents/{doc['id']}/review")
            assert answer.status_code == (400 if doc["error"] else 200)
    assert not (outside / "journal.jsonl").exists()
    assert not (outside / "secret.review.jsonl").exists()


def test_an_alignment_whose_texts_are_gone_does_not_stop_the_others(tmp_path: Path) -> None:
    written(tmp_path, "changed")
    written(tmp_path, "gone")
    written(tmp_path, "sound")
    (tmp_path / "gone.en.txt").unlink()
    (tmp_path / "changed.en.txt").write_text("Something else.", encoding="utf-8")
    (tmp_path / "settings.json").write_text('{"a": 1}', encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"documents": [', encoding="utf-8")
    with opened(tmp_path) as client:
        listed = client.get("/api/documents").json()["documents"]
        assert [doc["name"] for doc in listed] == ["changed.json", "gone.json", "sound.json"]
        assert "another text" in listed[0]["error"]
        assert "bring it back" in listed[1]["error"]
        assert (listed[2]["error"], listed[2]["rows"]) == (None, 3)
        answers = [client.get(f"/api/documents/{doc['id']}/review").status_code for doc in listed]
    assert answers == [400, 400, 200]


# The program itself, on a socket


SERVE = """
import sys
from tetrapla.review._serve import serve
serve(sys.argv[1], by="ana", ready=lambda address: print(address, flush=True))
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = os.environ | {"PYTHONPATH": str(Path(tetrapla.__file__).parents[1])}
    command = [sys.executable, "-c", SERVE, str(written(tmp_path))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_the_program_on_a_socket(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    parts = urlsplit(address)
    assert parts.hostname == "127.0.0.1"
    assert parts.port is not None
    assert len(parts.query) > len("token=") + 40
    with pytest.raises(OSError, match=r"."), socket.create_connection(("127.0.0.2", parts.port), timeout=5):
        pass  # another address of this machine: nobody listens there
    cookies = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    with browser.open(address, timeout=10) as answer:
        assert (answer.status, urlsplit(answer.url).query) == (200, "")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://{parts.netloc}/", timeout=10)

    # A page that listens does not keep the program from ending.
    line = HTTPConnection(parts.netloc, timeout=10)
    given = "; ".join(f"{one.name}={one.value}" for one in cookies)
    line.request("GET", f"{D}/events", headers={"Cookie": given})
    events = line.getresponse()
    assert events.readline() == b"event: changed\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) in (0, 130, -signal.SIGINT)
    assert time.monotonic() - began < 2
    line.close()
    assert process.stderr is not None
    assert TOKEN not in process.stderr.read()


EVIL = """<form method="post" enctype="text/plain" action="{base}{d}/decide"><input name='{left}' value='x"}}'></form>
<iframe src="{base}/"></iframe>"""
ATTEMPTS = """async ([base, asked]) => {
  const read = { credentials: "include" }, post = { ...read, method: "POST", body: asked };
  const ways = [read, { ...read, mode: "no-cors" }, post, { ...post, mode: "no-cors" },
    { ...post, headers: { "Content-Type": "application/json" } }];
  const got = [];
  for (const way of ways) {
    try { got.push((await (await fetch(`${base}/api/documents/1/${way.method ? "decide" : "review"}`, way)).text()).length); }
    catch { got.push(0); }
  }
  return got;
}"""


@pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER)
def test_a_page_on_another_port_gets_nowhere_in_a_browser(server: tuple[subprocess.Popen[str], str]) -> None:
    """What browsers send by themselves, the cookie of the same site too, is not what these tests make up."""
    from playwright.sync_api import sync_playwright

    address = server[1]
    base = address.partition("/?")[0]
    port = urlsplit(base).port
    asked = json.dumps(CONFIRM)
    page = EVIL.format(base=base, d=D, left=asked[:-1] + ', "by": "')

    class Evil(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Evil) as evil, sync_playwright() as driver:
        threading.Thread(target=evil.serve_forever, daemon=True).start()
        flags = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP evil.example 127.0.0.1"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            context = browser.new_context()
            own, other = context.new_page(), context.new_page()
            own.goto(address)
            other.goto(f"http://127.0.0.1:{evil.server_port}/")
            assert other.evaluate(ATTEMPTS, [base, asked]) == [0] * 5
            assert [frame.url for frame in other.frames[1:]] == ["chrome-error://chromewebdata/"]
            other.locator("form").evaluate("(form) => form.submit()")
            other.wait_for_url("**/decide")
            assert "refused" in other.inner_text("body")
            for path in ("/", f"/?{urlsplit(address).query}"):  # the name was turned to this machine
                turned = other.goto(f"http://evil.example:{port}{path}")
                assert turned is not None
                assert turned.status == 403
            # Its own page can, and nobody else has.
            n = "async () => (await (await fetch('/api/documents/1/changes?since=0')).json()).n"
            assert own.evaluate(n) == 0
        finally:
            browser.close()
            evil.shutdown()
