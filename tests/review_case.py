"""A small review for tests: three versions made by hand, one of them hostile, and a client that has been let in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from starlette.testclient import TestClient

from tetrapla.formats.json import dump_alignment
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.review._app import application
from tetrapla.review._shelf import Shelf

__all__ = ["HOST", "HOSTILE", "OURS", "TOKEN", "VERSIONS", "opened", "without_work", "written"]

HOST = "127.0.0.1:8765"
TOKEN = "a-token-that-only-tests-have"
OURS = {"Origin": f"http://{HOST}"}
# What a page must show and a script must not see: markup, the end of one, separators of lines, controls.
HOSTILE = "<script>alert(1)</script> </script><!-- \u2028 \u2029 \x1b \u202e & ' \" ${x} {{y}}"
VERSIONS = {
    "zh": ("第一段讲船。船在水上走。", "第二段讲河。", "第三段没有译文。"),
    "en": ("The first part is on boats. Boats go on water.", f"The second {HOSTILE} is on rivers.", ""),
    "es": ("La primera parte trata de barcos.", "La segunda trata de rios.", ""),
}


def written(folder: Path, name: str = "paper", versions: Mapping[str, tuple[str, ...]] = VERSIONS) -> Path:
    """Write an alignment, a passage of each version a bead, and its texts; return its path."""
    documents, spans = [], {}
    for language, passages in versions.items():
        text = "\n\n".join(filter(None, passages)) + "\n"
        path = folder / f"{name}.{language}.txt"
        path.write_bytes(text.encode())
        documents.append(Document(language, language, text, path.name))
        starts = [text.index(passage) for passage in passages if passage]
        spans[language] = [Span(start, start + len(p)) for start, p in zip(starts, filter(None, passages), strict=True)]
    beads = tuple(
        Bead(f"b{k + 1}", "body", {own: (found[k],) for own, found in spans.items() if k < len(found)}, {"en": 0.9})
        for k in range(len(versions["zh"]))
    )
    target = folder / f"{name}.json"
    target.write_text(dump_alignment(Alignment("zh", tuple(documents), beads)), encoding="utf-8")
    return target


@contextmanager
def opened(path: Path, *, raising: bool = True, work: bool = False) -> Iterator[TestClient]:
    """Give a client that has the cookie of the page for what is at a path; processes start only where they `work`."""
    with nullcontext() if work else without_work(), client_of(Shelf(path, by="ana"), raising) as client:
        yield client


@contextmanager
def without_work() -> Iterator[None]:
    """Start no process: texts are read, and not searched for anything."""
    with patch("tetrapla.review._jobs.Jobs.start", side_effect=OSError("not in this test")):
        yield


@contextmanager
def client_of(shelf: Shelf, raising: bool) -> Iterator[TestClient]:
    app = application(shelf, token=TOKEN, hosts=[HOST, "localhost:8765"])
    try:
        with TestClient(
            app, base_url=f"http://{HOST}", follow_redirects=False, raise_server_exceptions=raising
        ) as client:
            assert client.get("/", params={"token": TOKEN}).status_code == 303
            yield client
    finally:
        shelf.hang_up()
        shelf.close()
