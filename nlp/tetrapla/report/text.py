"""Text for a page: nothing that a text may hold can break the page or be lost on it."""

from __future__ import annotations

import hashlib
import html
import re

__all__ = ["attribute", "hue_of", "shortened", "shown"]

# What HTML cannot hold or browsers do not show: controls, the delete range, lone surrogates, non-characters.
UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def shown(text: str) -> str:
    """Return the text, character by character, with what a page cannot show as a sign that it can.

    Control characters become their pictures (U+2400 and following), everything else U+FFFD; the length stays.

    >>> shown("a\\x00b\\ud800")
    'a␀b�'
    """
    return UNSHOWN.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def attribute(text: str) -> str:
    """Return the text as it may stand in a page, within quotes or without.

    >>> attribute('<"a" & b>')
    '&lt;&quot;a&quot; &amp; b&gt;'
    """
    return html.escape(shown(text))


def shortened(text: str, length: int) -> str:
    """Return the text, or its beginning and a sign that it goes on, in at most `length` characters.

    >>> shortened("innovation", 5)
    'inno…'
    """
    return text if len(text) <= length else text[: length - 1] + "…"


def hue_of(name: str) -> int:
    """Return a hue, 0 to 359, that a name has in every report."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:4]) % 360
