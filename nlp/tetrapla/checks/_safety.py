"""When a repair may be made unseen: not of names, numbers, addresses and code, nor of what stands alone.

Damage comes in numbers. In a text that is sound otherwise a single word that looks broken is more likely one that its
author chose to write so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

__all__ = ["begins_sentence", "in_numbers", "in_quoted_code", "untouchable"]

ENDS = ".!?…:;»”\"')]。！？：；"
OPENING = "“‘«\"'([¿¡*•–—- \u00a0"
# Characters to either side of a place in which backticks are looked for.
LONGEST_CODE = 300
# Characters to either side that count as the neighbourhood of a place.
NEIGHBOURHOOD = 12_000

# Signs of addresses, paths and code, and figures, in a token without blanks.
TECHNICAL = re.compile(r"[/\\@<>{}=_#$`|~\d]|\w[:.]\w")
# What stands before a word that begins a sentence; a point behind a short word ends an abbreviation ("Mr. Field").
SENTENCE_BEGINS = re.compile(r"(?:^|\n\s*\n|[a-zß-ÿ]{3}[\"”»)]?[.!?…][\"”»)]?\s+)[\"“«¿¡(]?$")
LONGEST_TOKEN = 80  # code points of a token that are looked at on either side


def begins_sentence(text: str, at: int) -> bool:
    """Return whether a sentence may begin at a place: a capital there makes no name.

    >>> begins_sentence("So it is. Then", 10), begins_sentence("So Then", 3)
    (True, False)
    """
    before = text[max(0, at - 4) : at]
    bare = before.rstrip(OPENING)
    return bare[-1] in ENDS if bare else len(before) == at


def in_quoted_code(text: str, start: int, end: int) -> bool:
    """Return whether a stretch of text stands between backticks, as code does.

    >>> in_quoted_code("Type `make all` now", 6, 10), in_quoted_code("Type `make all` now", 16, 19)
    (True, False)
    """
    return text.count("`", max(0, start - LONGEST_CODE), start) % 2 == 1 and "`" in text[end : end + LONGEST_CODE]


def in_numbers(starts: Iterable[int], length: int, *, rate: int) -> frozenset[int]:
    """Return those of some places in a text around which there is at least one in `rate` characters.

    >>> sorted(in_numbers([10, 900, 90_000], 100_000, rate=5_000))
    []
    >>> sorted(in_numbers([10, 900, 90_000], 100_000, rate=7_000))
    [10, 900]
    """
    ordered = sorted(starts)
    kept = set()
    for start in ordered:
        low, high = max(0, start - NEIGHBOURHOOD), min(length, start + NEIGHBOURHOOD)
        if (bisect_left(ordered, high) - bisect_left(ordered, low)) * rate >= high - low:
            kept.add(start)
    return frozenset(kept)


def _token_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of what stands between two blanks around a stretch, as far as it matters."""
    before, after = text[max(0, start - LONGEST_TOKEN) : start], text[end : end + LONGEST_TOKEN]
    first = start if before[-1:].isspace() else start - len(before.split()[-1] if before else "")
    last = end if after[:1].isspace() else end + len(after.split()[0] if after else "")
    return first, last


def untouchable(text: str, start: int, end: int, fix: str) -> bool:
    """Return whether a stretch that should read `fix` is part of a name, a number, an address or code.

    A name is a word with a capital that begins no sentence.

    >>> untouchable("in the oﬃce of Mr. Griﬃn", 8, 9, "ffi"), untouchable("in the oﬃce of Mr. Griﬃn", 21, 22, "ffi")
    (False, True)
    """
    first, last = _token_at(text, start, end)
    token = text[first:start] + fix + text[end:last]
    if TECHNICAL.search(token.strip(".,;:!?")):
        return True
    letter = next((char for char in token if char.isalpha()), "")
    return letter.isupper() and SENTENCE_BEGINS.search(text[max(0, first - 20) : first]) is None
