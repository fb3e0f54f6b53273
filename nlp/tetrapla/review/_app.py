"""The review over HTTP: the page, its files, and what it asks for as JSON, described at /openapi.json."""

# No `from __future__ import annotations`: FastAPI reads the annotations of functions that are made inside another.

import json
import math
from collections.abc import AsyncIterator, Collection
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from tetrapla import __version__
from tetrapla.review import _answers as answers
from tetrapla.review import _asked as asked
from tetrapla.review import _text_answers as texts
from tetrapla.review._desk import Desk, Refused
from tetrapla.review._guard import guarded
from tetrapla.review._reading import NotReady
from tetrapla.review._shelf import Shelf
from tetrapla.web import say_errors

__all__ = ["application"]

MOST = 200  # rows in one answer
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": answers.Problem, "description": "this cannot be done, or not with this document"},
    403: {"model": answers.Problem, "description": "asked by somebody else than the page that was served"},
    404: {"model": answers.Problem, "description": "nothing is called so"},
    413: {"model": answers.Problem, "description": "more than a request may have"},
    415: {"model": answers.Problem, "description": "what is sent is no JSON"},
    422: {"model": answers.Problem, "description": "a parameter is missing or out of range"},
}
D = "/api/documents/{doc}"

Doc = Annotated[str, InPath(max_length=20, description="The id of a document, as /api/documents has it.")]
Names = Annotated[str, Query(max_length=20_000, description="Ids with commas between them.")]
Name = Annotated[str, InPath(max_length=200)]
By = Annotated[asked.Name | None, Query(description="Whose undo, redo and pace; by default of who started this.")]


def application(shelf: Shelf, *, token: str, hosts: Collection[str]) -> ASGIApp:
    """Return the application for what was opened, for who has the token, under these names with their ports."""
    app = FastAPI(
        title="Tetrapla review", version=__version__, summary="An alignment, read and decided on",
        docs_url=None, redoc_url=None, redirect_slashes=False, responses=ERRORS,
    )  # fmt: skip
    say_errors(app, lambda told, _: {"error": told}, failed="the program failed; what was saved before still is")
    _say_refusals(app)
    _page(app)
    _look(app, shelf)
    _decide(app, shelf)
    return guarded(app, token=token, hosts=hosts)


def _say_refusals(app: FastAPI) -> None:
    """Answer with 409 what could be done at another time, or by who knows what happened since."""

    @app.exception_handler(NotReady)
    async def early(_: Request, error: NotReady) -> Response:
        return JSONResponse({"error": str(error)}, 409)

    @app.exception_handler(Refused)
    async def stale(_: Request, error: Refused) -> Response:
        return _json({"error": str(error), "conflict": error.conflict, "changes": error.changes}, 409)


def _json(value: Any, status: int = 200) -> Response:
    """Return an answer; texts are escaped to ASCII, which holds even what is no character."""
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:  # an alignment from elsewhere may have scores that are no numbers; no page could read them
        text = json.dumps(_finite(value), separators=(",", ":"))
    return Response(text, status, media_type="application/json")


def _finite(value: Any) -> Any:
    """Return a value of JSON with None for what is no number."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _answers(model: type[Any], *, clash: type[Any] | None = None) -> dict[str, Any]:
    """Return how a path is described that answers with a model, and with another one to what comes too late."""
    found: dict[int | str, dict[str, Any]] = {200: {"model": model}}
    if clash is not None:
        found[409] = {"model": clash, "description": "not now, or not on what stands there now"}
    return {"responses": found, "response_class": Response}


def _split(names: str) -> list[str]:
    return list(dict.fromkeys(name for name in names.split(",") if name))


def _page(app: FastAPI) -> None:
    """Add the page and its files: those of the package's folder and no others."""
    folder = files("tetrapla.review") / "static"

    @app.get("/", include_in_schema=False)
    def page() -> Response:
        return _file(folder / "page.html")

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        found = next((file for file in folder.iterdir() if file.name == name and file.is_file()), None)
        if found is None:
            raise HTTPException(404)
        return _file(found)


def _file(file: Traversable) -> Response:
    kind = TYPES.get(file.name[file.name.rfind(".") :])
    if kind is None:
        raise HTTPException(404)
    return Response(file.read_bytes(), media_type=kind)


def _look(app: FastAPI, shelf: Shelf) -> None:
    """Add what is there to be looked at."""

    @app.get("/api/documents", **_answers(answers.Documents))
    def documents() -> Response:
        """What was opened."""
        return _json({"documents": shelf.documents()})

    @app.get(f"{D}/review", **_answers(answers.Review))
    def review(doc: Doc, by: By = None) -> Response:
        """All of a review but the texts."""
        with shelf.desk(doc) as desk:
            return _json(desk.review(by))

    @app.get(f"{D}/cells", **_answers(texts.Cells))
    def cells(doc: Doc, rows: Names, versions: Names) -> Response:
        """The texts of some rows, at most 200, with what is marked in them."""
        names = _split(rows)
        if len(names) > MOST:
            raise HTTPException(422, f"rows: at most {MOST} at once")
        with shelf.desk(doc) as desk:
            return _json(desk.texts.cells(names, _split(versions)))

    @app.get(f"{D}/original", **_answers(texts.Original, clash=answers.Problem))
    def original(
        doc: Doc, row: Annotated[str, Query(max_length=200)], version: Annotated[str, Query(max_length=200)]
    ) -> Response:
        """A cell as the file has it, line by line."""
        with shelf.desk(doc) as desk:
            return _json(desk.texts.original(row, version))

    @app.get(f"{D}/concepts/{{name}}", **_answers(texts.ConceptCard, clash=answers.Problem))
    def concept(doc: Doc, name: Name) -> Response:
        """A concept: its definition, forms with counts, relations, rows."""
        with shelf.desk(doc) as desk:
            return _json(desk.texts.concept(name))

    @app.get(f"{D}/search", **_answers(texts.Found, clash=answers.Problem))
    def search(doc: Doc, q: Annotated[str, Query(min_length=1, max_length=1000)], versions: Names = "") -> Response:
        """The rows that have a text, in some versions or in all; case and accents do not matter."""
        with shelf.desk(doc) as desk:
            return _json(desk.texts.search(q, _split(versions)))

    @app.get(f"{D}/changes", **_answers(answers.Changes))
    def changes(doc: Doc, since: Annotated[int, Query(ge=0, lt=1 << 53)], by: By = None) -> Response:
        """What became of a review since so many entries."""
        with shelf.desk(doc) as desk:
            return _json(desk.changes(since, by))

    @app.get(f"{D}/history", **_answers(answers.History))
    def history(doc: Doc, limit: Annotated[int, Query(ge=1, le=10_000)] = 200) -> Response:
        """What was done, the newest first."""
        with shelf.desk(doc) as desk:
            return _json({"entries": desk.history(limit)})

    def opened(doc: str) -> Desk:
        with shelf.desk(doc) as desk:
            return desk  # which stays open as long as somebody listens

    @app.get(f"{D}/events", include_in_schema=False)
    async def events(doc: Doc) -> Response:
        desk = await run_in_threadpool(opened, doc)

        async def told() -> AsyncIterator[str]:
            async for event in desk.feed.listen(f"event: changed\ndata: {desk.n}\n\n"):
                yield event

        return StreamingResponse(told(), media_type="text/event-stream")


def _decide(app: FastAPI, shelf: Shelf) -> None:
    """Add what changes something."""

    @app.post(f"{D}/decide", **_answers(answers.Changes, clash=answers.Conflicting))
    def decide(doc: Doc, sent: asked.DecideRequest) -> Response:
        """Decide something on rows as they were seen; the answer comes once it is on the disk."""
        with shelf.desk(doc) as desk:
            seen = {row.id: row.rev for row in sent.rows}
            return _json(desk.decide(sent.op, seen, sent.args, since=sent.since, by=sent.by, name=sent.id))

    @app.post(f"{D}/undo", **_answers(answers.Changes, clash=answers.Conflicting))
    def undo(doc: Doc, sent: asked.TurnRequest) -> Response:
        """Take back one's newest decision that nobody has changed since."""
        with shelf.desk(doc) as desk:
            return _json(desk.undo(since=sent.since, by=sent.by, name=sent.id))

    @app.post(f"{D}/redo", **_answers(answers.Changes, clash=answers.Conflicting))
    def redo(doc: Doc, sent: asked.TurnRequest) -> Response:
        """Do again what was taken back last."""
        with shelf.desk(doc) as desk:
            return _json(desk.redo(since=sent.since, by=sent.by, name=sent.id))

    @app.post(f"{D}/jobs", **_answers(answers.JobModel, clash=answers.Problem))
    def start(doc: Doc, sent: asked.JobRequest) -> Response:
        """Start work in the background."""
        with shelf.desk(doc) as desk:
            return _json(desk.work.start(sent.kind, sent.by))

    @app.delete(f"{D}/jobs/{{name}}", **_answers(answers.JobModel))
    def stop(doc: Doc, name: Name) -> Response:
        """Stop work in the background."""
        with shelf.desk(doc) as desk:
            return _json(desk.work.stop(name))
