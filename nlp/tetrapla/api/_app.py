"""The questions that can be asked over HTTP, each a method of `tetrapla.query.Index`."""

# No `from __future__ import annotations`: FastAPI reads the annotations of functions that are made inside another.

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query
from fastapi import Path as InPath
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tetrapla import __version__
from tetrapla.api import _models as models
from tetrapla.api._pool import Pool
from tetrapla.query import QueryError
from tetrapla.web import Headers, say_errors

__all__ = ["application"]

MOST, LONGEST = 1000, 2000  # hits in one answer, characters of a query
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": models.Problem, "description": "the query cannot be understood, or a host is not this machine"},
    404: {"model": models.Problem, "description": "nothing is called so"},
    422: {"model": models.Problem, "description": "a parameter is missing or out of range"},
}

Q = Annotated[str, Query(max_length=LONGEST, description="A query, as of `tetrapla query`.")]
Within = Annotated[Literal["passage", "sentence", "bead"], Query(description="What all terms must stand in.")]
Sort = Annotated[Literal["text", "left", "right", "match", "document"], Query(description="Order of the hits.")]
Number = Annotated[int, InPath(ge=0, lt=1 << 63)]


def application(path: str | Path, *, hosts: list[str]) -> FastAPI:
    """Return the application for the index in a file; it answers requests to these names of hosts only.

    Raises:
        InputError: no such file, or no index.
    """
    pool = Pool(path)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        pool.close()

    app = FastAPI(
        title="Tetrapla", version=__version__, summary="Questions to an index of aligned documents",
        docs_url=None, redoc_url=None, responses=ERRORS, lifespan=lifespan,
    )  # fmt: skip
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(Headers)
    say_errors(app, _problem, hint="; /openapi.json describes what can be asked")
    _ask(app, pool)
    _look(app, pool)
    return app


def _problem(told: str, error: Exception) -> dict[str, Any]:
    """Return an error in the form of a `Problem`; a request to another name of a host is refused before."""
    return {"error": told, "place": error.place if isinstance(error, QueryError) else None}


def _ask(app: FastAPI, pool: Pool) -> None:
    """Add what a query is asked for."""

    @app.get("/api/query", response_model=models.Concordance)
    def query(
        q: Q,
        limit: Annotated[int, Query(ge=0, le=MOST)] = 20,
        offset: Annotated[int, Query(ge=0, lt=1 << 31)] = 0,
        sort: Sort = "text",
        context: Annotated[int, Query(ge=0, le=2000)] = 40,
        parallel: bool = False,
        within: Within = "passage",
    ) -> Any:
        """Hits with their context and, where asked for, the other versions of their beads."""
        with pool.index() as index:
            found = index.query(
                q, limit=limit, offset=offset, sort=sort, context=context, parallel=parallel, within=within
            )
            return {"query": q, "total": found.total, "hits": found.to_dicts()}

    @app.get("/api/count", response_model=models.Count)
    def count(q: Q, within: Within = "passage") -> Any:
        """How many hits there are."""
        with pool.index() as index:
            return {"query": q, "total": index.count(q, within=within)}

    @app.get("/api/frequency")
    def frequency(
        q: Q, by: Annotated[str, Query(max_length=100)] = "version", within: Within = "passage"
    ) -> list[dict[str, Any]]:
        """Hits by version, language, section, document, kind, form, status, damage or concept; several with commas."""
        with pool.index() as index:
            return index.frequency(q, by, within=within).to_dicts()

    @app.get("/api/collocations")
    def collocations(
        q: Q,
        window: Annotated[int, Query(ge=1, le=50)] = 5,
        minimum: Annotated[int, Query(ge=1)] = 2,
        language: Annotated[str | None, Query(max_length=20)] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        within: Within = "passage",
    ) -> list[dict[str, Any]]:
        """Words near hits, by language and logDice."""
        with pool.index() as index:
            found = index.collocations(q, window=window, minimum=minimum, language=language, within=within)
            return found.to_dicts()[:limit]

    @app.get("/api/dispersion")
    def dispersion(
        q: Q, parts: Annotated[int, Query(ge=2, le=1000)] = 10, within: Within = "passage"
    ) -> list[dict[str, Any]]:
        """How evenly hits are spread over each document: Juilland's D, Gries's DP, places as shares (0..1)."""
        with pool.index() as index:
            return index.dispersion(q, parts=parts, within=within).to_dicts()

    @app.get("/api/cooccurrence")
    def cooccurrence(
        q: Annotated[str | None, Query(max_length=LONGEST)] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        within: Within = "passage",
    ) -> list[dict[str, Any]]:
        """Concepts named together with the hits; without a query, pairs of all concepts."""
        with pool.index() as index:
            return index.cooccurrence(q, within=within).to_dicts()[:limit]

    @app.get("/api/renderings", response_model=models.RenderingsModel)
    def renderings(concept: Annotated[str, Query(max_length=LONGEST)]) -> Any:
        """How a concept is rendered in each version, where it is damaged or missing, and what stands near it."""
        with pool.index() as index:
            return index.renderings(concept).to_dict()


def _look(app: FastAPI, pool: Pool) -> None:
    """Add what is there to be looked at."""

    @app.get("/", response_model=models.Welcome)
    def welcome() -> Any:
        """What this is."""
        return {"tetrapla": __version__, "openapi": "/openapi.json"}

    @app.get("/api/sources", response_model=list[models.Source])
    def sources() -> Any:
        """What is in the index."""
        with pool.index() as index:
            return index.sources()

    @app.get("/api/concepts", response_model=list[models.ConceptModel])
    def concepts() -> Any:
        """The glossary as it was when the index was made."""
        with pool.index() as index:
            return index.concepts()

    @app.get("/api/concepts/{name}", response_model=models.ConceptModel)
    def concept(name: Annotated[str, InPath(max_length=200)]) -> Any:
        """A concept by its id."""
        with pool.index() as index:
            return index.concept(name)

    @app.get("/api/passages/{number}", response_model=models.Passage)
    def passage(number: Number) -> Any:
        """A passage with its sentences, mentions and findings."""
        with pool.index() as index:
            return index.passage(number)

    @app.get("/api/beads/{name}", response_model=list[models.Passage])
    def bead(
        name: Annotated[str, InPath(max_length=200)], source: Annotated[str | None, Query(max_length=4000)] = None
    ) -> Any:
        """The passages of a bead, in one source or in all."""
        with pool.index() as index:
            return index.bead(name, source=source)
