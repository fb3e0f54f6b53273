"""What forms and texts are reduced to before they are compared.

Alphabets: a sequence of units, each a word or a mark; the key of a word is the Snowball stem of its singular together
with what is left of it without number and gender. Hyphenated words fall into their parts, so that "core-periphery" and
"core periphery" are one; quotes, dashes and blanks between words go; other marks stay as units of their own, so that
nothing is found across a comma that the form does not have.

Han: the characters themselves, full-width letters made narrow, dashes made one, single quotes and the blanks beside
Han characters dropped; `Squeezed` remembers where each character stood.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, islice, pairwise
from typing import NamedTuple, TypeVar

from tetrapla import languages
from tetrapla.glossary._inflection import singular, uninflected

__all__ = [
    "HAN",
    "HAN_CHARACTER",
    "SPACELESS_CHARACTER",
    "Known",
    "Squeezed",
    "Squeezer",
    "Unit",
    "Units",
    "only",
    "pieced",
    "squeeze",
    "without",
]

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
T = TypeVar("T")


class Unit(NamedTuple):
    """A word or a mark, ``text[start:end]``; two words that differ only in number and gender have one key."""

    key: tuple[str, str]
    start: int
    end: int


class Known(dict[str, T]):
    """What `make` makes of runs of characters, made at the first look-up and kept.

    A run that is new costs some microseconds, one that is known a look-up and some 200 bytes.
    """

    MOST = 200_000

    def __init__(self, make: Callable[[str], T]) -> None:
        self._make = make

    def __missing__(self, run: str) -> T:
        if len(self) >= self.MOST:
            self.clear()
        value = self[run] = self._make(run)
        return value


class Units:
    """Cuts text of one language into units; keeps what it has learnt of each run of characters between blanks.

    `of_run` has the units of such a run, with places in it.
    """

    def __init__(self, language: str) -> None:
        self.language = languages.get(language)
        self.of_run: Known[tuple[Unit, ...]] = Known(self._cut)

    def of(self, text: str) -> list[Unit]:
        """Return the units of a text, with places in it.

        >>> [unit.key[0] for unit in Units("en").of("The “core-periphery” structures, again")]
        ['the', 'core', 'peripheri', 'structur', ',', 'again']
        """
        return [
            Unit(unit.key, unit.start + run.start(), unit.end + run.start())
            for run in RUN.finditer(text)
            for unit in self.of_run[run.group()]
        ]

    def of_form(self, form: str) -> tuple[tuple[str, str], ...]:
        """Return the keys of a form, without the marks at its ends: "Inc." is sought as "Inc"."""
        units = self.of(form)
        words = [k for k, unit in enumerate(units) if unit.key[0][:1].isalnum()]
        return tuple(unit.key for unit in units[words[0] : words[-1] + 1]) if words else ()

    def _cut(self, run: str) -> tuple[Unit, ...]:
        if HAN_CHARACTER.match(run):
            return (Unit((run, ""), 0, len(run)),)
        code = self.language.code
        units: list[Unit] = []
        at = 0
        for word in self.language.words(run):
            parts = list(PART.finditer(word.text))
            for part in parts:
                start, end = word.start + part.start(), word.start + part.end()
                text = ACRONYMS.sub(r"\1", part.group())
                stem = self.language.stem(singular(text, code))
                units += _marks(run, at, start)
                units.append(Unit((stem, uninflected(text, code)), start, end))
                at = end
            at = word.end
        return (*units, *_marks(run, at, len(run)))


def _marks(run: str, start: int, end: int) -> list[Unit]:
    """Return what parts words, mark by mark: "innovation.Elements" are two where a scan lost the blank."""
    return [Unit((run[at], ""), at, at + 1) for at in range(start, end) if not NO_MARK.match(run[at])]


NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
NARROW |= dict.fromkeys(DASHES[1:], "-") | dict.fromkeys("•・", "·")
INVISIBLE = "\u00ad\u200b\ufeff"
# What may be dropped.
MAYBE = rf"{QUOTES}\s{INVISIBLE}-"


@dataclass(frozen=True)
class Squeezed:
    """A text with something left out: `text`, and where each piece of it begins in both."""

    text: str
    starts: Sequence[int] = (0,)
    origins: Sequence[int] = (0,)

    def origin(self, index: int) -> int:
        """Return where the character at `index` stood before."""
        k = bisect_right(self.starts, index) - 1
        return self.origins[k] + index - self.starts[k]


class Squeezer:
    """Makes Chinese text ready for comparing with some forms, themselves squeezed; by default with any.

    Only what matters to the forms is changed: a full-width comma is every tenth character of a text and in next to no
    form, and few of the blanks stand between two characters that follow each other in one.
    """

    def __init__(self, forms: Iterable[str] | None = None) -> None:
        if forms is None:
            wanted = set(NARROW.values())
            between, and_what = "", ""
        else:
            pairs = {pair for form in forms for pair in pairwise(form)}
            wanted = {*chain.from_iterable(forms), *QUOTES, "-"}
            first, second = (re.escape("".join(sorted({pair[k] for pair in pairs}))) for k in (0, 1))
            between, and_what = f"(?<=[{first}{MAYBE}][{MAYBE}])", f"(?=[{second}{MAYBE}])"
        self._pairs = [(wide, narrow) for wide, narrow in NARROW.items() if narrow in wanted]
        self._wide = re.compile("[" + "".join(re.escape(wide) for wide, _ in self._pairs) + "]")
        # One quote goes; two that meet (“甲”“乙”) keep two terms apart. Of a run of dashes one stays. All begin with
        # one set of characters, so that the search runs over all others at full speed.
        self._dropped = re.compile(
            rf"([{MAYBE}]{between}(?:"
            rf"(?<=[{HAN}]\s)\s*+"
            # From the first blank of a run only: else a run would be gone through again from each of its blanks.
            rf"|(?:(?<=\A\s)|(?<=\S\s))\s*+(?=[{HAN}])"
            rf"|(?<=[{QUOTES}])(?<![{QUOTES}][{QUOTES}])(?![{QUOTES}])"
            rf"|(?<=--)"
            rf"|(?<=[{INVISIBLE}])){and_what})"
        )

    def __call__(self, text: str) -> Squeezed:
        """Return the text as it is compared."""
        text = _lower(text)
        if self._wide.search(text):
            for wide, narrow in self._pairs:
                text = text.replace(wide, narrow)
        parts = self._dropped.split(text)  # by turns what stays and what goes
        if len(parts) == 1:
            return Squeezed(text)
        return pieced(parts[::2], [0, *islice(accumulate(map(len, parts)), 1, None, 2)])


@cache
def _squeezer() -> Squeezer:
    return Squeezer()


def squeeze(text: str) -> Squeezed:
    """Return Chinese text ready for comparing with any form.

    >>> squeeze("“核心——边缘” 结构").text
    '核心-边缘结构'
    """
    return _squeezer()(text)


def without(text: str, dropped: Iterable[tuple[int, int]]) -> Squeezed:
    """Return a text without some stretches of it, given in order."""
    borders = [0, *chain.from_iterable(dropped), len(text)]
    return only(text, [span for span in zip(borders[::2], borders[1::2], strict=True) if span[0] < span[1]])


def only(text: str, stretches: Sequence[tuple[int, int]], between: str = "") -> Squeezed:
    """Return some stretches of a text as one text, with `between` after each."""
    return pieced([text[start:end] + between for start, end in stretches], (start for start, _ in stretches))


def pieced(pieces: Sequence[str], origins: Iterable[int]) -> Squeezed:
    """Return pieces of a text as one, given where each of them began."""
    starts = accumulate(map(len, pieces[:-1]), initial=0)
    return Squeezed("".join(pieces), list(starts), list(origins)[: len(pieces)])


def _lower(text: str) -> str:
    """Return the text in lower case, character for character (of "İ" `str.lower` makes two)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
