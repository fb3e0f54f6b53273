"""What the page may send, for OpenAPI, and within which bounds."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tetrapla.review._changes import OPS

__all__ = ["DecideRequest", "JobRequest", "Name", "TurnRequest"]

LONGEST = 20_000  # characters of a text
DEEPEST = 6  # levels of lists in the arguments of a decision
Id = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
N = Annotated[int, Field(ge=0, lt=1 << 53)]


def _bounded(value: Any, depth: int = 0) -> Any:
    """Return a value of a decision, which must not be more, or other, than a journal can hold.

    Raises:
        ValueError: it is too long or too deep, or holds what a text or JSON cannot.
    """
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise ValueError(f"a text of {len(value):,} characters is more than the {LONGEST:,} that one may have")
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise ValueError("a text holds half of a character (a lone surrogate)")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is none")
    elif isinstance(value, list | dict):
        if depth == DEEPEST:
            raise ValueError("lists in lists in lists; a decision has none such")
        for part in value if isinstance(value, list) else [*value, *value.values()]:
            _bounded(part, depth + 1)
    return value


class Request(BaseModel):
    """Something that is asked for, with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class RowSeen(Request):
    """A row that a decision is about, and the revision of it that the reviewer had before him."""

    id: Id
    rev: Annotated[str, Field(max_length=64)]


class TurnRequest(Request):
    """Undo or redo: `since` is how many entries the page knows, `by` the reviewer where it is not who started this.

    `id` is one that the page has drawn at random. What is sent again under it, since no answer came, is done only once.
    """

    since: N = 0
    by: Name | None = None
    id: Annotated[str, Field(min_length=16, max_length=16, pattern="^[0-9a-f]{16}$")] | None = None


class DecideRequest(TurnRequest):
    """A decision: `op` is its kind, `args` what that takes, mostly `version` or `versions`."""

    op: Annotated[str, Field(max_length=40, json_schema_extra={"enum": sorted(OPS)})]
    rows: Annotated[list[RowSeen], Field(max_length=5000)] = []
    args: Annotated[dict[str, Any], AfterValidator(_bounded)] = {}


class JobRequest(Request):
    """Work in the background: align the rest again around what was decided, or look for findings again.

    What changes by it is decided by `by`, where it is not who started this.
    """

    kind: Literal["align", "check"]
    by: Name | None = None
