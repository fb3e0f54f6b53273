"""Characters of another script that look like a letter: a Cyrillic "а" in a Latin word, a full-width "ｅ".

They come from OCR, from keyboards switched in the middle of a word and from texts that hide from filters. Only shapes
that readers take for one another are here, after the confusables of Unicode Technical Standard 39; a Greek letter that
looks like itself alone ("µm", "kΩ", "β-carotene") is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tetrapla import checks
from tetrapla.checks._lexis import LETTERS, Lexis, finding, lexis_of
from tetrapla.checks._safety import untouchable
from tetrapla.model import Finding, Flow, Segmented

__all__ = ["confusable"]

# Cyrillic and Greek letters by the Latin ones that they look like.
CYRILLIC: Mapping[str, str] = dict(zip("АВЕЅІЈКМНОРСТУХаеоѕісјрухһԁԛѵ", "ABESIJKMHOPCTYXaeosicjpyxhdqv", strict=True))
GREEK: Mapping[str, str] = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιυ", "ABEZHIKMNOPTYXoviu", strict=True))
WIDE: Mapping[str, str] = {chr(0xFEE0 + ord(char)): char for char in map(chr, [*range(0x41, 0x5B), *range(0x61, 0x7B)])}
TO_LATIN: Mapping[str, str] = {**CYRILLIC, **GREEK, **WIDE}
# Back again, for a Latin letter in a word of the other script.
TO_CYRILLIC: Mapping[str, str] = {latin: own for own, latin in CYRILLIC.items()}
TO_GREEK: Mapping[str, str] = {latin: own for own, latin in GREEK.items()}

LATIN_LETTER = "A-Za-zÀ-ÖØ-öø-ʯᴀ-ỿ"
FOREIGN_LETTER = "Ͱ-ӿԀ-ԯＡ-Ｚａ-ｚ"
FOREIGN = re.compile(f"[{FOREIGN_LETTER}]")
MIXED = re.compile(f"[{LATIN_LETTER}][{FOREIGN_LETTER}]|[{FOREIGN_LETTER}][{LATIN_LETTER}]")
IS_LATIN = re.compile(f"[{LATIN_LETTER}]")
# A zero read as a letter of another script: "2О24".
IN_NUMBER = re.compile(r"(?<![\w.,])(?=[\dОоΟοＯｏ]*\d[\dОоΟοＯｏ]*\d)\d*+[ОоΟοＯｏ][\dОоΟοＯｏ]*(?!\w)")
ZERO = str.maketrans("ОоΟοＯｏ", "000000")
FEWEST = 3  # letters of a word; of fewer, a formula or a symbol may be made


@checks.add("confusable", safe=True)
def confusable(text: Segmented) -> Iterator[Finding]:
    """A letter of another script inside a word, where it looks the same (a Cyrillic "а" in a Latin word)."""
    for flow in text.flows:
        if flow.text.isascii() or FOREIGN.search(flow.text) is None:
            continue
        end = 0
        for match in MIXED.finditer(flow.text):
            if match.start() >= end:
                word = _word_at(flow.text, match.start())
                end = word.end()
                yield from _mixed(text, flow, word)
        for match in IN_NUMBER.finditer(flow.text):
            fix = match.group().translate(ZERO)
            message = f"A letter of another script stands for a zero in {fix}."
            yield finding("confusable", flow, match.span(), score=0.8, replacement=fix, message=message)


def _word_at(text: str, place: int) -> re.Match[str]:
    """Return the word that holds a place."""
    start = place
    while start and text[start - 1].isalpha() and place - start < 40:
        start -= 1
    word = LETTERS.match(text, start, place + 60)
    if word is None:
        raise ValueError(f"no letter stands at {place}")
    return word


def _mixed(text: Segmented, flow: Flow, match: re.Match[str]) -> Iterator[Finding]:
    word = match.group()
    latin = sum(1 for char in word if IS_LATIN.match(char))
    strange = [char for char in word if not IS_LATIN.match(char)]
    if len(word) < FEWEST or len(strange) == latin:
        return
    fix = _in_one_script(word, to_latin=latin > len(strange))
    if fix is None:
        return
    lexis = lexis_of(text)
    known = _is_known(lexis, fix)
    # A formula may set letters of several scripts side by side; a word of the language is none.
    if not known and any(char in GREEK for char in word):
        return
    sure = known and not untouchable(flow.text, *match.span(), fix)
    yield finding(
        "confusable",
        flow,
        match.span(),
        score=0.95 if sure else 0.75,
        grade="safe" if sure else "review",
        replacement=fix,
        evidence={"strange": "".join(dict.fromkeys(c for c in word if c not in fix)), "known": known},
        message=f"“{fix}” is written with letters of another script.",
    )


def _in_one_script(word: str, *, to_latin: bool) -> str | None:
    """Return a word in the script of most of its letters, None where one of the others looks like none of it."""
    if to_latin:
        letters: list[str | None] = [char if IS_LATIN.match(char) else TO_LATIN.get(char) for char in word]
    else:
        table = TO_GREEK if any("Ͱ" <= char <= "Ͽ" for char in word) else TO_CYRILLIC
        letters = [table.get(char) if IS_LATIN.match(char) else char for char in word]
        letters = [None if char is not None and char in WIDE else char for char in letters]
    return None if None in letters else "".join(char for char in letters if char is not None)


def _is_known(lexis: Lexis, word: str) -> bool:
    return lexis.zipf(word) >= 2 or lexis.counts[word.lower()] > 0
