"""What typesetting left in the letters: ligatures, hyphens and blanks that are not seen, accents beside their letters.

PDF files hold "ﬁ" as one character, mark where a word may be broken, and set an accent as a sign of its own. A reader
sees nothing of it; a search, a dictionary and a spelling checker do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from tetrapla import checks
from tetrapla.checks._lexis import Lexis, finding, lexis_of
from tetrapla.checks._safety import untouchable
from tetrapla.languages import HAN, SPACELESS
from tetrapla.model import Finding, Flow, Segmented

__all__ = ["ligature"]

LIGATURES: Mapping[str, str] = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
LIGATURE = re.compile(f"[{''.join(LIGATURES)}]+")
# One letter of an alphabet, with the marks set on it.
LETTER = r"[^\W\d_]"
SOFT_HYPHEN = re.compile(rf"(?<={LETTER})\xad+(?={LETTER})")
# No width: a zero-width space, non-joiner, joiner and no-break space, the word joiner. Joiners are at home in Persian
# and Indic words and in emoji, the zero-width space in Thai and Khmer.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
UNSEEN = re.compile(f"[{INVISIBLE}]+")
AT_HOME = re.compile(rf"[^\x00-\u024f\u0370-\u052f\u1e00-\u1fff\u2000-\u206f\u3000-\u303f\uff00-\uffef{HAN}]")
# Blanks of other widths than a word's: en to hair space, narrow and wide ones.
ODD_BLANKS = r"\u2000-\u200a\u202f\u205f\u3000"
ODD_BLANK = re.compile(rf"(?<!{LETTER})({LETTER}++)[\xa0{ODD_BLANKS}]({LETTER}++)")
# What is looked for in a text before anything else; few texts have any of it.
SIGNS = re.compile(rf"[{''.join(LIGATURES)}\xad{INVISIBLE}{ODD_BLANKS}\u0300-\u030c\u0327\u0328´¨ˆ˜¸]")

# Accents that stand apart: a combining one behind a blank, or spacing ones beside their letters.
COMBINING: Mapping[str, str] = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327",
}  # fmt: skip
SPACING = "".join(COMBINING)
APART = re.compile(rf"({LETTER}) +([\u0300-\u030c\u0327\u0328])")
# A grave accent before a word or behind one quotes code; inside a word it does not.
BESIDE = re.compile(rf"(?<![\w{SPACING}])(?:{LETTER}++|(?=[´¨ˆ˜¸]))(?:[{SPACING}]{LETTER}++)+(?![\w{SPACING}])")
# How frequent the word must be that accents make (Zipf); a short one may have the sign for an apostrophe ("l´a").
KNOWN, SHORT = 2.5, 4


@checks.add("ligature", safe=True)
def ligature(text: Segmented) -> Iterator[Finding]:
    """Letters as one sign ("oﬃce"), hyphens and blanks inside words that are not seen, accents apart ("cafe ´")."""
    for flow in text.flows:
        if flow.text.isascii() or SIGNS.search(flow.text) is None:
            continue
        yield from _ligatures(flow)
        yield from _unseen(flow)
        yield from _accents(text, flow)
        yield from _blanks(text, flow)


def _ligatures(flow: Flow) -> Iterator[Finding]:
    for match in LIGATURE.finditer(flow.text):
        fix = "".join(LIGATURES[char] for char in match.group())
        yield _typed(flow, match.span(), fix, f"A ligature stands for “{fix}”.")


def _unseen(flow: Flow) -> Iterator[Finding]:
    for match in SOFT_HYPHEN.finditer(flow.text):
        yield _typed(flow, match.span(), "", "A hyphen that is not seen stands inside a word.")
    for match in UNSEEN.finditer(flow.text):
        before, after = flow.text[max(0, match.start() - 1) : match.start()], flow.text[match.end() : match.end() + 1]
        if not AT_HOME.search(before + after):
            yield _typed(flow, match.span(), "", "A character without width stands in the text.")


def _accents(text: Segmented, flow: Flow) -> Iterator[Finding]:
    for match in APART.finditer(flow.text):
        letter = unicodedata.normalize("NFC", match.group(1) + match.group(2))
        if len(letter) == 1:
            yield _typed(flow, match.span(), letter, f"The accent of “{letter}” stands apart.")
    for match in BESIDE.finditer(flow.text):
        word = _composed(lexis_of(text), match.group())
        if word is not None:
            message = f"An accent stands beside its letter; the word is “{word}”."
            yield _typed(flow, match.span(), word, message, sure=len(word) >= SHORT)


def _composed(lexis: Lexis, signs: str) -> str | None:
    """Return the known word that letters and accents make, all accents on the letter behind them or on that before."""
    behind = re.sub(rf"([{SPACING}])(.)", lambda m: _with(m.group(2), m.group(1)), signs)
    before = re.sub(rf"(.)([{SPACING}])", lambda m: _with(m.group(1), m.group(2)), signs)
    sound = [word for word in (behind, before) if word.isalpha() and lexis.zipf(word) >= KNOWN]
    return max(sound, key=lexis.zipf) if sound else None


def _with(letter: str, accent: str) -> str:
    """Return a letter under an accent; a dotless i is an i there."""
    return unicodedata.normalize("NFC", ("i" if letter == "ı" else letter) + COMBINING[accent])


def _blanks(text: Segmented, flow: Flow) -> Iterator[Finding]:
    """Find words that an odd blank parts, where both parts together are a known word and one alone is not."""
    for match in ODD_BLANK.finditer(flow.text):
        if re.search(f"[{SPACELESS}]", match.group()):
            continue
        lexis = lexis_of(text)
        first, second = match.groups()
        word = first + second
        apart = min(lexis.zipf(first), lexis.zipf(second))
        if lexis.zipf(word) >= 3 and apart < 2 and lexis.zipf(word) > apart + 2:
            message = f"A blank of another width stands inside “{word}”."
            yield finding("ligature", flow, match.span(), score=0.7, replacement=word, message=message)


def _typed(flow: Flow, place: tuple[int, int], fix: str, message: str, *, sure: bool = True) -> Finding:
    sure = sure and not untouchable(flow.text, *place, fix)
    return finding(
        "ligature",
        flow,
        place,
        score=0.97 if sure else 0.8,
        grade="safe" if sure else "review",
        replacement=fix,
        message=message,
    )
