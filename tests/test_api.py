"""The index over HTTP: the same answers as from Python, only for this machine, and nothing can be changed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import tetrapla
from tetrapla.api import application
from tetrapla.cli import main
from tetrapla.resources import corpus_root
from tetrapla.store import add, open_store

SAMPLE = corpus_root() / "sample"
HOSTS = ["127.0.0.1", "localhost"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    aligned = folder / "out.json"
    assert main(["align", str(SAMPLE / "zh.txt"), str(SAMPLE / "en.txt"), "-o", str(aligned)]) == 0
    with open_store(folder / "x.db", create=True) as store:
        add(store, aligned, findings=False)
    return folder / "x.db"


@pytest.fixture(scope="module")
def client(index: Path) -> Iterator[TestClient]:
    with TestClient(application(index, hosts=HOSTS), base_url="http://127.0.0.1") as client:
        yield client


def plain(value: Any) -> Any:
    """Return a value as it comes back out of JSON."""
    return json.loads(json.dumps(value))


def test_a_query_answers_what_it_does_in_python(client: TestClient, index: Path) -> None:
    asked: dict[str, str | int | bool] = {"q": "concept:reverse-enclave", "limit": 5, "parallel": True, "sort": "left"}
    answer = client.get("/api/query", params=asked).json()
    with tetrapla.open(index) as opened:
        found = opened.query("concept:reverse-enclave", limit=5, parallel=True, sort="left")
        assert answer == {"query": "concept:reverse-enclave", "total": found.total, "hits": plain(found.to_dicts())}
    assert answer["total"] > 5
    assert client.get("/api/count", params={"q": "concept:reverse-enclave"}).json()["total"] == found.total


@pytest.mark.parametrize("name", ["frequency", "collocations", "dispersion", "cooccurrence"])
def test_figures_are_those_of_python(client: TestClient, index: Path, name: str) -> None:
    answer = client.get(f"/api/{name}", params={"q": "concept:reverse-enclave"}).json()
    with tetrapla.open(index) as opened:
        assert answer == plain(getattr(opened, name)("concept:reverse-enclave").to_dicts())
    assert answer


def test_renderings_concepts_sources_passages_and_beads(client: TestClient, index: Path) -> None:
    with tetrapla.open(index) as opened:
        expected = plain(opened.renderings("反向飞地").to_dict())
        hit = opened.query("concept:reverse-enclave", limit=1)[0]
    assert client.get("/api/renderings", params={"concept": "反向飞地"}).json() == expected
    concepts = client.get("/api/concepts").json()
    assert len(concepts) > 300
    one = client.get("/api/concepts/reverse-enclave").json()
    assert one["mentions"] > 0
    assert one in concepts
    (source,) = client.get("/api/sources").json()
    assert [document["language"] for document in source["documents"]] == ["zh", "en"]
    passage = client.get(f"/api/passages/{hit.passage}").json()
    assert passage["text"][hit.start : hit.end] == hit.match
    assert passage in client.get(f"/api/beads/{hit.bead}", params={"source": hit.source}).json()


@pytest.mark.parametrize(
    ("path", "params", "status", "told"),
    [
        ("/api/query", {"q": "boat AND"}, 400, "cannot be understood at character"),
        ("/api/query", {"q": "lang:xx("}, 400, "cannot be understood"),
        ("/api/query", {"q": "x" * 3000}, 422, "q: "),
        ("/api/query", {}, 422, "q: Field required"),
        ("/api/query", {"q": "x", "limit": "many"}, 422, "limit: "),
        ("/api/query", {"q": "x", "sort": "price"}, 422, "sort: "),
        ("/api/query", {"q": "x", "offset": "9" * 30}, 422, "offset: "),
        ("/api/frequency", {"q": "x", "by": "price"}, 404, "price"),
        ("/api/renderings", {"concept": "no such concept"}, 400, "given by its id or a name in quotes"),
        ("/api/concepts/none", {}, 404, "none"),
        ("/api/passages/999999", {}, 404, "999999"),
        ("/api/passages/-1", {}, 422, "number: "),
        ("/api/beads/none", {}, 404, "none"),
        ("/api/collocations", {"q": "x", "language": "xx"}, 404, "no language of the index"),
        ("/api/nothing", {}, 404, "/openapi.json describes what can be asked"),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: TestClient, path: str, params: dict[str, str], status: int, told: str
) -> None:
    answer = client.get(path, params=params)
    assert answer.status_code == status
    assert told in answer.json()["error"]
    assert set(answer.json()) == {"error", "place"}


def test_the_place_of_an_error_in_a_query_is_told(client: TestClient) -> None:
    assert client.get("/api/count", params={"q": "boat AND"}).json()["place"] == 8


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_turned_to_this_machine_gets_no_answer(client: TestClient, host: str) -> None:
    assert client.get("/api/sources", headers={"Host": host}).status_code == 400


def test_other_pages_are_kept_out(client: TestClient) -> None:
    answer = client.get("/api/sources", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for method in ("post", "put", "delete", "patch"):
        refused = getattr(client, method)("/api/query")
        assert (refused.status_code, set(refused.json())) == (405, {"error", "place"})


def test_openapi_describes_every_answer(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert {"/api/query", "/api/renderings", "/api/beads/{name}"} <= set(described["paths"])
    for path, methods in described["paths"].items():
        assert list(methods) == ["get"], path
        assert methods["get"]["responses"]["200"]["content"]["application/json"]["schema"], path
    assert client.get("/docs").status_code == 404  # it would load scripts from elsewhere


def test_requests_at_the_same_time_are_answered_alike(client: TestClient) -> None:
    def ask(_: int) -> Any:
        return client.get("/api/query", params={"q": "concept:reverse-enclave"}).json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert all(answer == answers[0] for answer in answers)


def test_the_command_serves_until_it_is_interrupted(index: Path) -> None:
    command = [sys.executable, "-m", "tetrapla", "serve", "--index", str(index), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(Path(tetrapla.__file__).parents[1])}
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environment) as server:
        assert server.stderr is not None
        address = server.stderr.readline().split("/api/")[0]
        with urllib.request.urlopen(f"{address}/api/count?q=concept:reverse-enclave", timeout=10) as answer:
            assert json.load(answer)["total"] > 0
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=10) in (0, 130)


def test_a_port_that_is_taken_and_an_index_that_is_none(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--index", str(index), "--port", port]) == 2
    assert "choose another --port" in capsys.readouterr().err
    assert main(["serve", "--index", "none.db", "--port", "0"]) == 2
    assert "no such index" in capsys.readouterr().err
