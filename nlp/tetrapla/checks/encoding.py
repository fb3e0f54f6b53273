"""Text that was decoded with the wrong encoding: "Ã©" for "é", "â€™" for "’", "å…¨" for "全".

What such damage looks like and how it is undone is ftfy's knowledge (Speer 2019): a stretch is only touched where its
heuristic calls it bad and the bytes read as UTF-8. Its other repairs, of widths, quotes, ligatures and normal forms,
are off: they harm sound text, Chinese most of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tetrapla import checks
from tetrapla.checks._safety import untouchable
from tetrapla.model import Finding, Grade, Segmented, Span

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

__all__ = ["mojibake"]

# Control characters of Latin-1, which no text has: bytes of something else. U+0085 is an end of line to some programs.
CONTROL = re.compile(r"[\x80-\x84\x86-\x9f]+")
# Quotation marks around a stretch: it may be what is spoken of ("characters like “Ã©”").
QUOTES = frozenset("\"'“”‘’«»‹›「」『』`")
LONGEST = 4_000  # code points on either side; what is longer falls into several findings


@checks.add("mojibake", safe=True)
def mojibake(text: Segmented) -> Iterator[Finding]:
    """Text that was decoded with the wrong encoding ("cafÃ©", "itâ€™s", "å…¨")."""
    raw = text.document.text
    # Most texts go no further: a byte sequence of UTF-8 is two characters or more that are not ASCII.
    if not raw.isascii():
        yield from _sequences(raw)
        yield from _controls(raw)


def _sequences(raw: str) -> Iterator[Finding]:
    """Find runs of letters and signs in which sequences of UTF-8 stand, each byte a character."""
    shape, part = _shapes()
    end = 0
    for match in shape.finditer(raw):
        if match.start() < end:
            continue
        start, end = _extended(raw, match.start(), match.end(), end, part)
        fix = _decoded(raw[start:end])
        if fix is None:
            continue
        first, last, fix = _trimmed(raw, start, end, fix)
        clear = _reads_well(fix)
        sure = clear and _sure(raw, first, last, fix)
        yield _finding(first, last, fix if clear else None, 0.97 if sure else 0.75, "safe" if sure else "review")


def _controls(raw: str) -> Iterator[Finding]:
    """Find control characters: a mark of Windows-1252 between Latin letters, elsewhere what is left of a character."""
    shape, part = _shapes()
    for match in CONTROL.finditer(raw):
        start, end = _extended(raw, match.start(), match.end(), 0, part, most=40)
        if shape.search(raw, start, end) is not None and _decoded(raw[start:end]) is not None:
            continue
        around = raw[max(0, match.start() - 1) : match.start()] + raw[match.end() : match.end() + 1]
        read = match.group().encode("latin-1").decode("windows-1252", errors="ignore")
        plain = len(match.group()) == 1 == len(read) and all(char.isascii() or char.islower() for char in around)
        yield _finding(match.start(), match.end(), read if plain else None, 0.7 if plain else 0.6, "review")


def _finding(start: int, end: int, fix: str | None, score: float, grade: Grade) -> Finding:
    return Finding(
        type="mojibake",
        spans=(Span(start, end),),
        score=score,
        grade=grade,
        replacement=fix,
        message=f"Decoded with the wrong encoding; it was “{fix}”." if fix else "Decoded with the wrong encoding.",
    )


@cache
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a sequence of UTF-8 under some encoding of one byte a character, and a part of a sequence."""
    from ftfy import bad_codecs
    from ftfy.chardata import CHARMAP_ENCODINGS

    bad_codecs.ok()  # registers the encodings called sloppy

    def characters(first: int, last: int) -> set[str]:
        codes = bytes(range(first, last + 1))
        return {c for name in CHARMAP_ENCODINGS for c in codes.decode(name, errors="ignore") if not c.isascii()}

    def one_of(chars: set[str]) -> str:
        return "".join(map(re.escape, sorted(chars)))

    lead, tail = characters(0xC2, 0xF4), characters(0x80, 0xBF)
    # In Greek and Cyrillic texts every word would be looked at; what is damaged has other characters too.
    letters = {c for c in lead | tail if "\u0370" <= c <= "\u04ff"}
    shape = re.compile(f"[{one_of(lead - letters)}][{one_of(tail - letters)}]")
    return shape, re.compile(f"[{one_of(lead | tail)}A-Za-z]")


def _extended(
    raw: str, start: int, end: int, least: int, part: re.Pattern[str], *, most: int = LONGEST
) -> tuple[int, int]:
    """Return a stretch with the letters and the bytes around it; not before `least`."""
    first, last = max(least, start - most), min(len(raw), end + most)
    while start > first and part.match(raw[start - 1]):
        start -= 1
    while end < last and part.match(raw[end]):
        end += 1
    return start, end


@cache
def _config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        restore_byte_a0=False,
        replace_lossy_sequences=False,
        fix_c1_controls=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=True,
    )


def _decoded(stretch: str) -> str | None:
    """Return how a stretch reads when its bytes are decoded as UTF-8, None where it is sound or cannot be."""
    from ftfy import fix_encoding_and_explain

    fixed, steps = fix_encoding_and_explain(stretch, _config())
    by_utf8 = any(step.parameter.startswith(("utf-8", "decode_inconsistent")) for step in steps or ())
    return fixed if by_utf8 and fixed != stretch else None


def _trimmed(raw: str, start: int, end: int, fix: str) -> tuple[int, int, str]:
    """Return a repair without the marks at its ends that it leaves as they are."""
    while fix and end > start and raw[end - 1] == fix[-1] and not fix[-1].isalpha():
        end, fix = end - 1, fix[:-1]
    while fix and start < end and raw[start] == fix[0] and not fix[0].isalpha():
        start, fix = start + 1, fix[1:]
    return start, end, fix


def _reads_well(fix: str) -> bool:
    """Return whether nothing of the damage is left in a repair."""
    from ftfy.badness import is_bad

    return all(char.isprintable() or char == "\xa0" for char in fix) and not is_bad(fix)


def _sure(raw: str, start: int, end: int, fix: str) -> bool:
    """Return whether a repair may be made unseen: there is enough of it, and it is not what the text speaks of."""
    before, after = raw[max(0, start - 1) : start], raw[end : end + 1]
    # A letter that stands alone is read out of little: "Ã©" may be one, or two.
    alone = len(fix) == 1 and fix.isalpha() and not before.isalnum() and not after.isalnum()
    return not ({before, after} & QUOTES or alone or untouchable(raw, start, end, fix))
