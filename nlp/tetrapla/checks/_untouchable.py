"""What no repair may change unseen: names, numbers, addresses, code."""

from __future__ import annotations

import re

__all__ = ["token_at", "untouchable"]

# Signs of addresses, paths and code, and figures, in a token without blanks.
TECHNICAL = re.compile(r"[/\\@<>{}=_#$`|~\d]|\w[:.]\w")
# What stands before a word that begins a sentence; a point behind a short word ends an abbreviation ("Mr. Field").
SENTENCE_BEGINS = re.compile(r"(?:^|\n\s*\n|[a-zß-ÿ]{3}[\"”»)]?[.!?…][\"”»)]?\s+)[\"“«¿¡(]?$")
LONGEST = 80  # code points of a token that are looked at on either side


def token_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of what stands between two blanks around a stretch, as far as it matters."""
    before, after = text[max(0, start - LONGEST) : start], text[end : end + LONGEST]
    first = start if before[-1:].isspace() else start - len(before.split()[-1] if before else "")
    last = end if after[:1].isspace() else end + len(after.split()[0] if after else "")
    return first, last


def untouchable(text: str, start: int, end: int, fix: str) -> bool:
    """Return whether a stretch that should read `fix` is part of a name, a number, an address or code.

    A name is a word with a capital that begins no sentence.

    >>> untouchable("in the oﬃce of Mr. Griﬃn", 8, 9, "ffi"), untouchable("in the oﬃce of Mr. Griﬃn", 21, 22, "ffi")
    (False, True)
    """
    first, last = token_at(text, start, end)
    token = text[first:start] + fix + text[end:last]
    if TECHNICAL.search(token.strip(".,;:!?")):
        return True
    letter = next((char for char in token if char.isalpha()), "")
    return letter.isupper() and SENTENCE_BEGINS.search(text[max(0, first - 20) : first]) is None
