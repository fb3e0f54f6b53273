"""A page that needs no other file: what all pages of ours have around their own content.

Nothing is loaded, and no script runs but the one that the page brings, whatever a text in it may hold (Content Security
Policy, W3C).
"""

from __future__ import annotations

import base64
import hashlib

from tetrapla import __version__
from tetrapla.report.text import attribute

__all__ = ["page"]


def page(title: str, body: str, *, style: str, script: str = "", language: str = "en") -> str:
    """Return a page of HTML; `title` is text; `body`, `style` (CSS) and `script` (JavaScript) go in as they are."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
    if script:
        own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy += f"; script-src 'sha256-{own}'"
        script = f"<script>{script}</script>\n"
    return f"""<!DOCTYPE html>
<html lang="{attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Tetrapla {__version__}">
<title>{attribute(title)}</title>
<style>
{style.rstrip()}
</style>
</head>
<body>
{body}
{script}</body>
</html>
"""
