"""The review over HTTP: what it answers, what two reviewers see of each other, and that OpenAPI describes it truly."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from tests.review_case import HOST, OURS, opened, without_work, written
from tetrapla.errors import InputError
from tetrapla.formats.json import load_alignment
from tetrapla.model import Finding, Span
from tetrapla.pipeline import reopen
from tetrapla.review import _answers, _text_answers
from tetrapla.review._desk import Desk
from tetrapla.review._feed import Feed
from tetrapla.review._jobs import Job
from tetrapla.review._journal import journal_path, read_journal, write_journal
from tetrapla.review._ledger import DISPUTED, Entry
from tetrapla.review._prepared import prepared
from tetrapla.review._records import pace
from tetrapla.review._rows import digest
from tetrapla.review._shelf import Shelf

D = "/api/documents/1"
Answer = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture
def client(path: Path) -> Iterator[TestClient]:
    with opened(path) as client:
        ready(client)
        yield client


def ready(client: TestClient, what: str = "ready", seconds: float = 30) -> Answer:
    """Return the review once the texts are read, or checked."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer: Answer = client.get(f"{D}/review").json()
        if answer[what]:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"not {what} after {seconds} s: {answer['jobs']}")


def row(client: TestClient, name: str) -> Answer:
    (found,) = [record for record in client.get(f"{D}/review").json()["rows"] if record["id"] == name]
    return dict(found)


def decide(
    client: TestClient, op: str, *rows: Answer, since: int = 0, by: str | None = None, answered: int = 200, **args: Any
) -> Answer:
    """Decide something on rows as they were seen, and return the answer."""
    seen = [{"id": record["id"], "rev": record["rev"]} for record in rows]
    asked = {"op": op, "rows": seen, "args": args, "since": since} | ({"by": by} if by else {})
    answer = client.post(f"{D}/decide", json=asked, headers=OURS)
    assert answer.status_code == answered, answer.text
    return dict(answer.json())


def turn(client: TestClient, which: str, *, since: int = 0, by: str | None = None, status: int = 200) -> Answer:
    answer = client.post(f"{D}/{which}", json={"since": since} | ({"by": by} if by else {}), headers=OURS)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def finished(client: TestClient, name: str) -> Answer:
    """Return a job once it has ended."""
    for _ in range(1500):
        (job,) = [job for job in client.get(f"{D}/review").json()["jobs"] if job["id"] == name]
        if job["state"] != "running":
            return dict(job)
        time.sleep(0.02)
    raise AssertionError(f"still under way: {job}")


# Decisions


def test_a_decision_is_answered_with_what_changed_and_is_there_after_a_restart(path: Path) -> None:
    with opened(path) as client:
        answer = decide(client, "confirm", row(client, "b1"), versions=["en", "es"])
        assert (answer["n"], answer["history"]) == (1, {"undo": answer["entries"][0]["told"], "redo": None})
        assert [record["verdicts"] for record in answer["rows"]] == [{"en": "confirmed", "es": "confirmed"}]
        assert (answer["order"], answer["gone"]) == (None, [])
        assert answer["progress"]["en"]["reviewed"] == 1
    with opened(path) as client:
        assert row(client, "b1")["verdicts"] == {"en": "confirmed", "es": "confirmed"}
        assert client.get("/api/documents").json()["documents"][0]["reviewed"] == 1
        assert turn(client, "undo")["rows"][0]["verdicts"] == {}
    with opened(path) as client:
        assert turn(client, "redo")["rows"][0]["verdicts"] == {"en": "confirmed", "es": "confirmed"}
        assert [entry["op"] for entry in client.get(f"{D}/history").json()["entries"]] == ["redo", "undo", "confirm"]
        assert len(client.get(f"{D}/history", params={"limit": 2}).json()["entries"]) == 2


def test_rows_that_come_and_go_are_told(client: TestClient) -> None:
    before = client.get(f"{D}/review").json()
    own = row(client, "b1")
    parted = decide(client, "split", own, version="en", at=own["spans"]["en"][0][0] + 31)
    assert len(parted["order"]) == len(before["rows"]) + 1
    assert {record["id"] for record in parted["rows"]} <= set(parted["order"])
    back = turn(client, "undo", since=parted["n"])
    assert back["order"] == [record["id"] for record in before["rows"]]
    assert set(back["gone"]) == set(parted["order"]) - set(back["order"])
    assert client.get(f"{D}/changes", params={"since": back["n"]}).json()["rows"] == []


def test_of_two_reviewers_the_second_learns_what_the_first_did(client: TestClient) -> None:
    seen = row(client, "b1")
    decide(client, "confirm", seen, versions=["en"], by="ana")
    answer = decide(client, "refuse", seen, versions=["en"], by="ben", answered=409)
    assert [(clash["key"], clash["by"]) for clash in answer["conflict"]] == [("row:b1", "ana")]
    assert "confirmed en" in answer["conflict"][0]["told"]
    (now,) = answer["changes"]["rows"]
    assert now["verdicts"] == {"en": "confirmed"}
    decide(client, "refuse", now, versions=["en"], by="ben", since=answer["changes"]["n"])
    assert row(client, "b1")["verdicts"] == {"en": "refused"}
    # What somebody has changed since cannot be taken back.
    told = turn(client, "undo", by="ana", status=409)
    assert told["conflict"][0]["by"] == "ben"
    assert turn(client, "undo", by="ben")["rows"][0]["verdicts"] == {"en": "confirmed"}
    assert turn(client, "undo", by="ana")["rows"][0]["verdicts"] == {}


def test_each_reviewer_is_told_what_he_can_take_back(client: TestClient) -> None:
    decide(client, "confirm", row(client, "b1"), versions=["en"], by="ben")
    for asked in (f"{D}/review", f"{D}/changes?since=0"):
        told = {
            by: client.get(asked, params={"by": by} | {"since": 0}).json()["history"]["undo"] for by in ("ana", "ben")
        }
        assert told == {"ana": None, "ben": "confirmed en in b1"}
        assert client.get(asked, params={"since": 0}).json()["history"]["undo"] is None  # ana has started this
        assert client.get(asked, params={"since": 0, "by": "x" * 101}).status_code == 422


ID = "0123456789abcdef"


def test_what_is_sent_again_since_the_answer_was_lost_is_done_once(client: TestClient) -> None:
    def send(path: str, **given: Any) -> Any:
        return client.post(f"{D}/{path}", json=given, headers=OURS)

    asked = {"op": "confirm", "rows": [{"id": "b1", "rev": ""}], "args": {"versions": ["en"]}, "id": ID}
    first, again = send("decide", **asked), send("decide", **asked)
    assert first.status_code == again.status_code == 200
    assert again.json() == first.json()
    assert [entry["id"] for entry in again.json()["entries"]] == [ID]
    # Others have gone on meanwhile: still the same answer, and what they did.
    decide(client, "refuse", row(client, "b1"), since=1, versions=["en"], by="ben")
    assert send("decide", **asked).json()["n"] == 2
    assert row(client, "b1")["verdicts"] == {"en": "refused"}
    for which in ("undo", "redo"):
        own = {"undo": ID[::-1], "redo": "f" * 16}[which]
        answers = [send(which, since=2, by="ben", id=own).json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[1]["entries"][-1] | {"at": ""} == answers[1]["entries"][-1] | {"id": own, "at": ""}
    assert client.get(f"{D}/review").json()["n"] == 4
    # An id that is of something else, or none.
    assert send("undo", id=ID).status_code == 400
    assert send("decide", **asked | {"by": "ben"}).status_code == 400
    for bad in ("", ID[1:], ID + "0", ID.upper(), "0123456789abcde\n", 7):
        assert send("decide", **asked | {"id": bad}).status_code == 422
    assert client.get(f"{D}/review").json()["n"] == 4


def test_merged_rows_keep_their_notes_and_undo_parts_them(client: TestClient) -> None:
    decide(client, "note", row(client, "b1"), text="one")
    decide(client, "note", row(client, "b2"), since=1, text="two", by="ben")
    # Whoever does not know of a note must not carry it along unseen.
    seen = [row(client, "b1"), row(client, "b2")]
    clash = decide(client, "merge", *seen, since=1, answered=409)
    assert [(one["key"], one["by"]) for one in clash["conflict"]] == [("note:b2", "ben")]
    merged = decide(client, "merge", *seen, since=2)
    assert [(record["id"], record["note"]) for record in merged["rows"]] == [("b1", "one\ntwo")]
    assert {record["id"]: record["note"] for record in turn(client, "undo", since=3)["rows"]} == {
        "b1": "one",
        "b2": "two",
    }


@pytest.mark.parametrize("since", [0, 1])
def test_items_without_a_revision_are_compared_by_what_the_page_knows(client: TestClient, since: int) -> None:
    """A note is no part of a row: whether it was seen tells the number of entries that the page has."""
    seen = row(client, "b1")
    decide(client, "note", seen, text="one", by="ana")
    answer = decide(client, "note", seen, text="two", by="ben", since=since, answered=200 if since else 409)
    if since:
        assert answer["rows"][0]["note"] == "two"
    else:
        assert answer["conflict"][0]["key"] == "note:b1"
        # A verdict does not depend on the note.
        assert decide(client, "confirm", seen, versions=["en"], by="ben")["rows"][0]["note"] == "one"


def test_findings_and_terms_are_told_by_key(client: TestClient) -> None:
    decided = decide(client, "repair", finding="en:hyphenation:0-3", decision="rejected")
    assert decided["findings"] == {"finding:en:hyphenation:0-3": {"decision": "rejected"}}
    name = client.get(f"{D}/review").json()["concepts"][0]["id"]
    answer = decide(client, "term", since=1, concept=name, language="en", form="a new thing", status="admitted")
    assert answer["terms"] == {f"term:{name}:en:a new thing": {"status": "admitted"}}
    card = client.get(f"{D}/concepts/{name}").json()
    assert [one["form"] for one in card["terms"] if one["yours"]] == ["a new thing"]
    assert turn(client, "undo", since=2)["terms"] == {f"term:{name}:en:a new thing": None}


def test_an_accepted_repair_is_kept_with_what_it_says(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tetrapla.review._renewal.Renewal.read", lambda _: None)
    desk = Desk("paper", path, journal_path(path), "ana")
    key = "finding:en:hyphenation:4-9"
    asked = {"finding": key, "decision": "accepted"}
    assert desk.decide("repair", {}, asked)["findings"] == {key: {"decision": "accepted"}}  # nothing is known of it yet
    found = Finding("hyphenation", (Span(4, 9),), 0.9, "review", "1st")
    desk.work._learn(prepared(reopen(load_alignment(path)), {"en": [found]}))
    told = desk.decide("repair", {}, asked, since=1)
    assert told["findings"] == {key: {"decision": "accepted", "replacement": "1st"}}
    assert desk.undo(since=2)["findings"] == {key: {"decision": "accepted"}}
    desk.close()


def test_more_entries_than_there_are_mean_all(client: TestClient) -> None:
    decide(client, "confirm", row(client, "b1"), versions=["en"])
    assert client.get(f"{D}/changes", params={"since": 99}).json()["rows"] != []


def test_a_journal_is_open_in_one_program_at_a_time(path: Path, client: TestClient) -> None:
    assert client.get("/api/documents").status_code == 200
    with pytest.raises(InputError, match="open"):
        Shelf(path, by="ben")


def test_a_journal_goes_along_to_another_alignment_of_the_same_texts(path: Path) -> None:
    with opened(path) as client:
        decide(client, "confirm", row(client, "b1"), versions=["en"])
        decide(client, "note", row(client, "b2"), since=1, text="see there")
    record = json.loads(path.read_text(encoding="utf-8"))
    record["beads"][2]["spans"] = {"zh": record["beads"][2]["spans"]["zh"]}
    for bead in record["beads"]:
        bead["id"] = f"n{bead['id']}"
    path.write_text(json.dumps(record), encoding="utf-8")
    with opened(path) as client:
        review = client.get(f"{D}/review").json()
        assert [record["verdicts"] for record in review["rows"]] == [{"en": "confirmed"}, {}, {}]
        assert "see there" in "".join(record["note"] for record in review["rows"])
        assert (review["n"], review["history"]["undo"]) == (3, None)
        assert client.get(f"{D}/history").json()["entries"][0]["op"] == "rebase"


# Texts


def test_cells_search_and_original(client: TestClient) -> None:
    answer = client.get(f"{D}/cells", params={"rows": "b1,b3,b1", "versions": "zh,en"}).json()
    assert [(cell["row"], cell["version"]) for cell in answer["cells"]] == [("b1", "zh"), ("b1", "en"), ("b3", "zh")]
    assert client.get(f"{D}/search", params={"q": "BOATS"}).json() == {"rows": ["b1"], "total": 1}
    assert client.get(f"{D}/search", params={"q": "ríos", "versions": "es"}).json()["rows"] == ["b2"]
    assert client.get(f"{D}/search", params={"q": "ríos", "versions": "en"}).json()["rows"] == []
    (piece,) = client.get(f"{D}/original", params={"row": "b3", "version": "zh"}).json()["pieces"]
    assert [line["number"] for line in piece["lines"]] == [5]
    many = ",".join(f"b{k}" for k in range(1, 202))
    assert client.get(f"{D}/cells", params={"rows": many, "versions": "zh"}).status_code == 422
    assert client.get(f"{D}/cells", params={"rows": "b99", "versions": "zh"}).json()["cells"] == []


def test_before_the_texts_are_read_there_are_rows_and_cells(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("tetrapla.review._renewal.Renewal.read", lambda _: None)
        with opened(path) as client:
            review = client.get(f"{D}/review").json()
            assert (review["ready"], len(review["rows"])) == (False, 3)
            early = client.get(f"{D}/cells?rows=b1,b3&versions=zh,en").json()["cells"]
            assert len(early) == 3
            for asked in ("search?q=x", "concepts/innovation"):
                answer = client.get(f"{D}/{asked}")
                assert (answer.status_code, "still reading" in answer.json()["error"]) == (409, True)
    with opened(path) as client:
        ready(client)
        assert client.get(f"{D}/cells?rows=b1,b3&versions=zh,en").json()["cells"] == early
        assert decide(client, "confirm", row(client, "b1"), versions=["en"])["n"] == 1


def test_texts_are_read_where_a_worker_was_not_able_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tetrapla.review._renewal.Renewal.read", lambda _: None)
    desk = Desk("paper", path, journal_path(path), "ana")
    try:
        with without_work():
            told = desk.work._taken(Job("j1", "read", "failed", told="the worker broke off"), None)
        assert (told, desk.review()["ready"]) == (("the worker broke off", []), True)
    finally:
        desk.close()


# Work in the background


def test_checks_and_aligning_again(path: Path) -> None:
    with opened(path, work=True) as client:
        one, two, three = client.get(f"{D}/review").json()["rows"]
        moved = decide(client, "move", one, version="es", spans=one["spans"]["es"], to=three["id"])
        job = client.post(f"{D}/jobs", json={"kind": "align", "by": "cara"}, headers=OURS).json()
        assert (job["kind"], job["state"], job["changed"]) == ("align", "running", [])
        again = client.post(f"{D}/jobs", json={"kind": "align"}, headers=OURS)
        assert (again.status_code, "under way" in again.json()["error"]) == (409, True)
        # What is decided meanwhile stays, too.
        decide(client, "refuse", two, since=moved["n"], versions=["es"], by="ben")

        done = finished(client, job["id"])
        assert done["state"] == "done", done
        after = {record["id"]: record for record in client.get(f"{D}/review").json()["rows"]}
        assert after["b3"]["spans"] == three["spans"] | {"es": one["spans"]["es"]}
        assert (after["b2"]["spans"], after["b2"]["verdicts"]) == (two["spans"], {"es": "refused"})
        if done["changed"]:
            last = client.get(f"{D}/history").json()["entries"][0]
            assert (last["op"], last["by"]) == ("align", "cara")
            assert set(done["changed"]) <= set(after)
            turn(client, "undo", by="cara")  # one step, like any other

        review = ready(client, "checked", 60)  # which nobody had to ask for
        assert {job["kind"]: job["state"] for job in review["jobs"]} == dict.fromkeys(
            ("read", "prepare", "check", "align"), "done"
        )
        started = client.post(f"{D}/jobs", json={"kind": "check"}, headers=OURS).json()
        assert client.delete(f"{D}/jobs/{started['id']}", headers=OURS).status_code == 200
        assert finished(client, started["id"])["state"] == "stopped"
        assert client.delete(f"{D}/jobs/none", headers=OURS).status_code == 404


def test_what_happens_is_told_to_every_page() -> None:
    async def heard() -> list[list[str]]:
        feed = Feed()

        async def listen() -> list[str]:
            return [event async for event in feed.listen("first")]

        pages = [asyncio.create_task(listen()) for _ in range(2)]
        await asyncio.sleep(0.01)
        assert len(feed) == 2
        await asyncio.to_thread(feed.tell, "changed", 3)  # as from the thread of a request
        await asyncio.sleep(0.01)
        feed.close()
        return await asyncio.gather(*pages)

    assert asyncio.run(heard()) == [["first", "event: changed\ndata: 3\n\n"]] * 2


def test_a_page_that_does_not_read_is_let_go() -> None:
    async def heard() -> list[str]:
        feed = Feed()
        page = feed.listen("first")
        assert await anext(page) == "first"
        for n in range(2000):
            feed.tell("changed", n)
        await asyncio.sleep(0.01)
        return [event async for event in page]

    assert asyncio.run(heard()) == []


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [([], None), ([0], None), ([0, 10], 10), ([0, 10, 12, 22], 10), ([0, 10, 500, 510], 10), ([0, 500], None), ([0, 0, 0], 0.5)],
)  # fmt: skip
def test_the_pace_is_the_median_without_pauses(seconds: list[int], expected: float | None) -> None:
    entries = [
        Entry(str(k), f"2025-01-01T10:{at // 60:02}:{at % 60:02}Z", "ana", "confirm", "", {}, {})
        for k, at in enumerate(seconds)
    ]
    assert pace(entries) == (None if expected is None else pytest.approx(expected, abs=0.5))


# Folders and indexes


def test_the_alignments_of_a_folder_are_opened_as_they_are_asked_for(tmp_path: Path) -> None:
    for k in range(7):
        written(tmp_path, f"paper{k}")
    with opened(tmp_path) as client:
        assert [doc["rows"] for doc in client.get("/api/documents").json()["documents"]] == [3] * 7
        assert not list(tmp_path.glob("*.review.jsonl"))
        for k in range(1, 8):
            asked = {"op": "confirm", "rows": [{"id": "b1", "rev": ""}], "args": {"versions": ["en"]}}
            assert client.post(f"/api/documents/{k}/decide", json=asked, headers=OURS).status_code == 200
        assert [doc["reviewed"] for doc in client.get("/api/documents").json()["documents"]] == [1] * 7
        # Only so many stay open; the journals of the others can be opened by another program.
        with without_work():
            Shelf(tmp_path / "paper0.json", by="ben").close()
            with pytest.raises(InputError, match="open"):
                Shelf(tmp_path / "paper6.json", by="ben")
    with pytest.raises(InputError, match="--journal"):
        Shelf(tmp_path, by="ana", journal=tmp_path / "one.jsonl")


def test_the_alignments_of_an_index(path: Path, tmp_path: Path) -> None:
    from tetrapla.store import add, open_store

    with open_store(tmp_path / "x.db", create=True) as store:
        add(store, path, findings=False)
        add(store, tmp_path / "paper.en.txt", findings=False)
    with opened(tmp_path / "x.db") as client:
        (listed,) = client.get("/api/documents").json()["documents"]
        assert (listed["rows"], listed["error"]) == (3, None)
        assert len(client.get(f"{D}/review").json()["rows"]) == 3
    path.unlink()
    with opened(tmp_path / "x.db") as client:
        (listed,) = client.get("/api/documents").json()["documents"]
        assert "no longer where it was" in listed["error"]


@pytest.mark.parametrize("content", [None, "", "{}", "no JSON"])
def test_what_cannot_be_reviewed_is_told_at_once(tmp_path: Path, content: str | None) -> None:
    target = tmp_path / "x.json"
    if content is not None:
        target.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        Shelf(target, by="ana")
    with pytest.raises(InputError, match="no alignment"):
        Shelf(tmp_path, by="ana")


# What OpenAPI says


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        ("/api/documents", _answers.Documents),
        (f"{D}/review", _answers.Review),
        (f"{D}/cells?rows=b1,b2,b3&versions=zh,en,es", _text_answers.Cells),
        (f"{D}/original?row=b2&version=en", _text_answers.Original),
        (f"{D}/search?q=a", _text_answers.Found),
        (f"{D}/changes?since=0", _answers.Changes),
        (f"{D}/history", _answers.History),
        (f"{D}/concepts/regional-innovation-layout", _text_answers.ConceptCard),
    ],
)
def test_answers_are_as_they_are_described(client: TestClient, asked: str, model: type[BaseModel]) -> None:
    """Answers are written from dictionaries: these tests are what holds them against the _answers."""
    own = row(client, "b1")
    decide(client, "confirm", own, versions=["en"])
    at = own["spans"]["zh"][0][0]
    decide(client, "repair", since=1, finding=f"zh:char-confusion:{at}-{at + 2}", decision="edited", replacement="x")
    answer = client.get(asked).json()
    assert json.loads(model.model_validate(answer).model_dump_json(by_alias=True)) == answer


def test_openapi_describes_every_path(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert len(described["paths"]) == 13
    for path, methods in described["paths"].items():
        for method in methods.values():
            assert method["responses"]["200"]["content"]["application/json"]["schema"], path


# Arguments of decisions, some of which fit and some of which do not.
PLACES = st.lists(st.tuples(st.integers(-1, 60), st.integers(-1, 60)).map(list), max_size=2)
ARGS = st.fixed_dictionaries(
    {},
    optional={
        "versions": st.lists(st.sampled_from(["en", "es", "zh", "xx"]), max_size=3),
        "version": st.sampled_from(["en", "es", "zh", "xx", 1]),
        "spans": PLACES,
        "beside": PLACES,
        "at": st.integers(-1, 60),
        "to": st.sampled_from(["b1", "b2", "b3", "b4", None]),
        "text": st.text(max_size=20),
        "finding": st.sampled_from(["zh:char-confusion:0-2", "en:x:1-1", "en:x:5-1", "zh:::", "xx:a:0-1"]),
        "decision": st.sampled_from(["accepted", "rejected", "edited", None, "?"]),
        "replacement": st.text(max_size=20),
        "keep": st.sampled_from(["this", "other", "both"]),
        "concept": st.sampled_from(["regional-innovation-layout", "none"]),
        "language": st.sampled_from(["en", "", "e n", "en:GB"]),
        "form": st.text(max_size=20),
        "status": st.sampled_from(["preferred", "noise", None, "?"]),
        "damage": st.sampled_from(["ocr", "?"]),
    },
)
VALUES = {"rows": "b1,b2,b3", "versions": "zh,en", "row": "b2", "version": "en", "name": "regional-innovation-layout"}


def test_whatever_is_asked_is_answered_as_openapi_says(client: TestClient) -> None:
    """Schemathesis draws requests from the description; half of them are made to meet what is there."""
    cookie = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
    headers = OURS | {"Host": HOST, "Cookie": cookie}
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app, headers=headers)
    seen: dict[str, set[int]] = defaultdict(set)
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # else the description itself is wrong

        @settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), data=st.data())
        def asked(case: schemathesis.Case[Any], data: st.DataObject) -> None:
            if data.draw(st.integers(0, 3)):
                _met(case, client, data)
            answer = case.call(headers=headers)
            seen[case.operation.label].add(answer.status_code)
            # What fits the description may still be no decision that these rows allow (400).
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])
            assert answer.status_code < 500

        asked()
    # Not only refusals were looked at.
    assert [label for label, statuses in seen.items() if 200 not in statuses] == [
        "POST /api/documents/{doc}/jobs",  # no process can be started here
        "DELETE /api/documents/{doc}/jobs/{name}",
    ]
    assert seen["POST /api/documents/{doc}/decide"] >= {200, 400, 404, 409}


def _met(case: schemathesis.Case[Any], client: TestClient, data: st.DataObject) -> None:
    """Put what is there into a request: the document, its rows with their revisions, versions and concepts."""
    for given_values in (case.path_parameters, case.query):
        for name in given_values or {}:
            if name in VALUES:
                given_values[name] = VALUES[name]
    if "doc" in case.path_parameters:
        case.path_parameters["doc"] = "1"
    if isinstance(case.body, dict) and "kind" not in case.body:
        case.body["by"] = None  # what others have done cannot be taken back
    if isinstance(case.body, dict) and "op" in case.body:
        review = client.get(f"{D}/review").json()
        known = [{"id": record["id"], "rev": record["rev"]} for record in review["rows"]]
        stale = [{"id": "b1", "rev": "an older one"}, {"id": "b9", "rev": ""}]
        rows = data.draw(st.lists(st.sampled_from([*known, *known, *stale]), max_size=3))
        body: dict[str, Any] = case.body
        body |= {"rows": rows, "args": data.draw(ARGS), "since": review["n"]}


def test_a_page_has_no_use_for_the_evidence(path: Path) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    record["beads"][0] |= {"evidence": {"en": {"words": []}}}
    path.write_text(json.dumps(record), encoding="utf-8")
    whole, lean = load_alignment(path), load_alignment(path, evidence=False)
    assert (whole.beads[0].evidence, lean.beads[0].evidence) == ({"en": {"words": []}}, {})
    assert replace(whole.beads[0], evidence={}) == lean.beads[0]
    assert digest(whole) == digest(lean)


def test_what_a_merge_left_in_dispute_is_marked_until_it_is_decided(path: Path) -> None:
    with opened(path) as client:
        decide(client, "confirm", row(client, "b1"), versions=["en"])
    journal = journal_path(path)
    head, ledger = read_journal(journal)
    ledger.append(ledger.new("ben", "merge", "merged", {f"{DISPUTED}row:b1": {"hand": False}}))
    write_journal(journal, head, ledger.entries)
    with opened(path) as client:
        assert [record["disputed"] for record in client.get(f"{D}/review").json()["rows"]] == [True, False, False]
        answer = decide(client, "refuse", row(client, "b1"), since=2, versions=["en"])
        assert [(record["id"], record["disputed"]) for record in answer["rows"]] == [("b1", False)]
