"""Chinese dictionaries in the format of CC-CEDICT, a line an entry, ``#`` before comments::

    期限 期限 [qi1 xian4] /time limit/deadline/allotted time/

First the traditional form, then the simplified one. HanDeDict (German) and CFDICT (French) are written alike. Glosses
are for people: only what can stand in a translation is kept of them, a word or two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tetrapla.languages import HAN
from tetrapla.lexicon._table import SENSES, Table

__all__ = ["LEAST", "is_cedict", "language_of", "parse"]

ENTRY = re.compile(r"(\S+)\s+(\S+)\s+\[{1,2}[^\]]*\]{1,2}\s*/(.+)/\s*")
HEAD = 50  # lines that are looked at to tell the format
OTHERS = {"handedict": "de", "cfdict": "fr"}  # what is in the name of dictionaries into other languages
SIMPLIFIED, TRADITIONAL = "zh", "zh-Hant"
MOST_WORDS = 3  # more of them explain
LEAST = 0.1  # a link worth less is one of a hundred: it ties up everything with everything

ASIDE = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")
# What refers to another entry, says what a word is for, or how it is read.
NO_GLOSS = re.compile(
    rf"[{HAN}|]|^(?:CL:|onom|e\.g\.|i\.e\.|esp\.|also (?:pr|written|called)\b|used (?:in|to|as|for|before|when)\b|"
    r"(?:\w+ )?(?:variant of|particle)\b|(?:surname|see|abbr|taiwan pr|same as|equivalent (?:of|to)|classifier|"
    r"measure word|interjection|prefix|suffix|indicates?)\b)",
    re.IGNORECASE,
)
MARK = re.compile(r"^(?:(?:lit|fig|usu)\.\s*)+", re.IGNORECASE)
FRONT = re.compile(r"^(?:to be|to|an?|the)\s+(?=\S)", re.IGNORECASE)
# Words that hold the place of others: "to tell sb sth".
PLACE = re.compile(r"\b(?:sb|sth|smb|smth|somebody|something|someone|one|oneself|etc)(?:['’]s)?(?![\w'’-])\.?")


def is_cedict(lines: Sequence[str]) -> bool:
    """Return whether the first lines of a file are entries of such a dictionary."""
    head = [line for line in lines[:HEAD] if line.strip() and not line.startswith("#")]
    return sum(ENTRY.fullmatch(line) is not None for line in head) * 2 > len(head)


def language_of(name: str) -> str:
    """Return the language that a dictionary of this name explains Chinese in.

    >>> language_of("handedict.u8"), language_of("cedict_ts.u8")
    ('de', 'en')
    """
    return next((code for part, code in OTHERS.items() if part in name.lower()), "en")


def parse(lines: Sequence[str], name: str, target: str, problems: list[str]) -> Table:
    """Return the dictionary in the lines of a file; what is wrong with them is added to `problems`, a line each."""
    simplified: list[Sequence[str]] = []
    traditional: list[Sequence[str]] = []
    glosses: list[Sequence[str]] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") or not line.strip():
            continue
        entry = ENTRY.fullmatch(line)
        if entry is None:
            problems.append(
                f"{name}:{number}: not TRADITIONAL SIMPLIFIED [pin1 yin1] /sense/sense/; mend or delete the line: "
                f"{line[:60]!r}"
            )
            continue
        old, new, senses = entry.groups()
        words = _glosses(senses, target)
        if words:
            simplified.append((new,))
            traditional.append((old,))
            glosses.append(words)
    columns = {SIMPLIFIED: simplified, TRADITIONAL: traditional, target: glosses}
    return Table(columns, ambiguity=SENSES, least=LEAST, source=name)


def _glosses(senses: str, target: str) -> list[str]:
    """Return the words that may stand for an entry.

    >>> _glosses("to carry out (a plan); to implement/CL:個|个[ge4]/deadline", "en")
    ['carry out', 'implement', 'deadline']
    """
    found = [_cleaned(gloss, target) for sense in senses.split("/") for gloss in sense.split(";")]
    return [word for word in dict.fromkeys(found) if word]


@lru_cache(maxsize=1 << 16)
def _cleaned(gloss: str, target: str) -> str:
    """Return what of a gloss can stand in a text, "" where it only explains."""
    if "(" in gloss or "[" in gloss or "（" in gloss:
        gloss = ASIDE.sub(" ", gloss)
    gloss = gloss.strip()
    if NO_GLOSS.search(gloss):
        return ""
    # "Wyoming, US state": what comes after explains.
    gloss = MARK.sub("", gloss.partition(",")[0])
    if target == "en":
        gloss = PLACE.sub(" ", FRONT.sub("", gloss))
    words = gloss.strip(' .!?…:"“”').split()
    return " ".join(words) if len(words) <= MOST_WORDS and any(map(str.isalpha, gloss)) else ""
