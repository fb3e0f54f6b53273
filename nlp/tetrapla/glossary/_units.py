"""What forms and texts are reduced to before they are compared.

Alphabets: a sequence of units, each a word or a mark; the key of a word is its Snowball stem together with what is
left of it without number and gender. Hyphenated words fall into their parts, so that "core-periphery" and "core
periphery" are one; quotes, dashes and blanks between words go; other marks stay as units of their own, so that nothing
is found across a comma that the form does not have.

Han: the characters themselves, full-width letters made narrow, dashes made one, single quotes and the blanks beside
Han characters dropped; `Squeezed` remembers where each character stood.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tetrapla import languages
from tetrapla.glossary._inflection import uninflected

__all__ = ["HAN_CHARACTER", "RUN", "SPACELESS_CHARACTER", "Squeezed", "Unit", "Units", "squeeze", "without"]

HAN = languages.HAN + "〇\U00020000-\U0003ffff"
HAN_CHARACTER = re.compile(f"[{HAN}]")
# One of a script that sets no blank between words: Han, kana, Thai ...
SPACELESS_CHARACTER = re.compile(f"[{languages.SPACELESS}{HAN}]")
# What stands between blanks; Han characters are cut off from the letters beside them: "所谓local buzz是".
RUN = re.compile(rf"[{HAN}]+|[^\s{HAN}]+")
QUOTES = "\"'“”‘’„‟‹›«»「」『』"
DASHES = "-‐‑‒–—―−－─"
# What may stand between two words of one term without parting them.
NO_MARK = re.compile(rf"[\s/·\u00ad\u200b{QUOTES}{re.escape(DASHES)}]")
# Snowball lets short words alone: of "SMEs" it makes another stem than of "SME".
ACRONYMS = re.compile(r"(?<![A-Z])([A-Z]{2,}+)['’]?s$")
PART = re.compile(r"[^.·‐‑-]+")


class Unit(NamedTuple):
    """A word or a mark, ``text[start:end]``; two words that differ only in number and gender have one key."""

    key: tuple[str, str]
    start: int
    end: int


class Units:
    """Cuts text of one language into units; keeps what it has learnt of each run of characters between blanks."""

    # A run that is new costs some microseconds, one that is known a look-up. Some 200 bytes each.
    MOST = 200_000

    def __init__(self, language: str) -> None:
        self.language = languages.get(language)
        self._known: dict[str, tuple[Unit, ...]] = {}

    def of(self, text: str) -> list[Unit]:
        """Return the units of a text, with places in it.

        >>> [unit.key[0] for unit in Units("en").of("The “core-periphery” structures, again")]
        ['the', 'core', 'peripheri', 'structur', ',', 'again']
        """
        return [
            Unit(unit.key, unit.start + run.start(), unit.end + run.start())
            for run in RUN.finditer(text)
            for unit in self.of_run(run.group())
        ]

    def of_form(self, form: str) -> tuple[tuple[str, str], ...]:
        """Return the keys of a form, without the marks at its ends: "Inc." is sought as "Inc"."""
        units = self.of(form)
        words = [k for k, unit in enumerate(units) if unit.key[0][:1].isalnum()]
        return tuple(unit.key for unit in units[words[0] : words[-1] + 1]) if words else ()

    def of_run(self, run: str) -> tuple[Unit, ...]:
        """Return the units of a run of characters without blanks, with places in the run."""
        known = self._known.get(run)
        if known is None:
            if len(self._known) >= self.MOST:
                self._known.clear()
            known = self._known[run] = tuple(self._cut(run))
        return known

    def _cut(self, run: str) -> list[Unit]:
        if HAN_CHARACTER.match(run):
            return [Unit((run, ""), 0, len(run))]
        code = self.language.code
        units = []
        at = 0
        for word in self.language.words(run):
            parts = list(PART.finditer(word.text))
            for part in parts:
                start, end = word.start + part.start(), word.start + part.end()
                text = ACRONYMS.sub(r"\1", part.group())
                stem = word.stem if text == word.text else self.language.stem(text)
                units += _marks(run, at, start)
                units.append(Unit((stem, uninflected(text, code)), start, end))
                at = end
            at = word.end
        return units + _marks(run, at, len(run))


def _marks(run: str, start: int, end: int) -> list[Unit]:
    """Return what parts words, mark by mark: "innovation.Elements" are two where a scan lost the blank."""
    return [Unit((run[at], ""), at, at + 1) for at in range(start, end) if not NO_MARK.match(run[at])]


NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
NARROW |= {ord(dash): ord("-") for dash in DASHES} | {ord("·"): ord("·"), ord("•"): ord("·"), ord("・"): ord("·")}
# One quote goes; two that meet (“甲”“乙”) keep two terms apart. Of a run of dashes one stays.
DROPPED = re.compile(
    rf"(?<![{QUOTES}])[{QUOTES}](?![{QUOTES}])|(?<=[{HAN}])\s+|\s+(?=[{HAN}])|(?<=-)-+|[\u00ad\u200b\ufeff]"
)


@dataclass(frozen=True)
class Squeezed:
    """A text with something left out: `text`, and where each piece of it begins in both."""

    text: str
    starts: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)

    def origin(self, index: int) -> int:
        """Return where the character at `index` stood before."""
        k = bisect_right(self.starts, index) - 1
        return self.origins[k] + index - self.starts[k]


def squeeze(text: str) -> Squeezed:
    """Return Chinese text ready for comparing.

    >>> squeeze("“核心——边缘” 结构").text
    '核心-边缘结构'
    """
    folded = _lower(text).translate(NARROW)
    return without(folded, (match.span() for match in DROPPED.finditer(folded)))


def without(text: str, dropped: Iterable[tuple[int, int]]) -> Squeezed:
    """Return the text without some stretches of it, given in order."""
    pieces, starts, origins = [], [], []
    at = size = 0
    for start, end in dropped:
        if at < start:
            pieces.append(text[at:start])
            starts.append(size)
            origins.append(at)
            size += start - at
        at = end
    pieces.append(text[at:])
    starts.append(size)
    origins.append(at)
    return Squeezed("".join(pieces), tuple(starts), tuple(origins))


def _lower(text: str) -> str:
    """Return the text in lower case, character for character (of "İ" `str.lower` makes two)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
