"""A way into the page that tells nobody else how to get in.

What a browser is started with stands in the list of processes, which all users of a machine can read. So it is started
with the name of a file that only its owner can read, and that leads to the address with the token, as Jupyter does it.
"""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["entrance"]

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Tetrapla review</title>
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<p><a href="{address}">To the review</a></p></html>
"""


@contextmanager
def entrance(address: str) -> Iterator[str]:
    """Give the address of a file that leads to a page, to be opened in a browser; the file is gone afterwards.

    Raises:
        OSError: there is no room for it.
    """
    with tempfile.TemporaryDirectory(prefix="tetrapla-review-", ignore_cleanup_errors=True) as folder:  # mode 0700
        path = Path(folder) / "review.html"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(PAGE.format(address=html.escape(address)))
        yield path.as_uri()
