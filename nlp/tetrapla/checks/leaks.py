"""What leaked out of the translator: the name of the language, a passage left in another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.checks._lexis import LETTERS, Lexis, finding, lexis_of
from tetrapla.detect import IN_PLAY
from tetrapla.model import Finding, Flow, Segment, Segmented

__all__ = ["language_leak"]

HAN_RUN = re.compile(rf"[{languages.HAN}〇](?:[^\n]*[{languages.HAN}〇])?")
# Before the name of a language that belongs to its sentence: "les Français Jean et Paul", "in English Braille".
BOUND = frozenset(
    "the in of an old modern british american any no a into from to and or les des aux un deux en de du nos vos ces "
    "jeunes quelques le au par et ou sont como al del los las y o".split()
)
# After an adjective or a noun these begin something new: "English the park", "English it modifies".
UNRELATED = frozenset("the a an it he she we they you this these those if when at by all each every some use".split())
SENTENCE_END = re.compile(r"(?:^|[.!?…:;»”\")\]>])\s*$")
CLOSERS = {"«": "»", "“": "”", '"': '"', "(": ")", "[": "]"}

# Kinds of paragraphs in which foreign words are at home.
FOREIGN_KINDS = frozenset({"references", "keywords", "author", "title", "furniture"})
# What a word of a foreign passage must be more frequent in the other language (Zipf) to speak for it on the whole,
# and what all its words must come to: some eight words of running text. Names of laws and programs stay below.
TOLERANCE, FOREIGN = 0.7, 9.0
SURE = 0.9
WINDOW = 60  # characters around a name that tell whether it belongs to a sentence
FEWEST_WORDS, FEWEST_LITTLE = 6, 2


@checks.add("language-leak")
def language_leak(text: Segmented) -> Iterator[Finding]:
    """The name of a language, or words of another language, that the translator left in ("Français Il convient")."""
    code = text.document.language
    if languages.get(code).full_width:
        return
    lexis = lexis_of(text)
    names = {languages.get(other).own_name for other in languages.registry} - {""}
    # Capitalised words only: "in english" or "le français" are words of a sentence.
    name = re.compile(rf"(?<![\w'’-])({'|'.join(sorted(n for n in names if n[0].isupper()))})(?= |$)(?! ?[-–])")
    others = {other: Lexis(other) for other in IN_PLAY if other not in (code, "zh")} if lexis.frequencies else {}
    yield from _names(lexis, name, text)
    for paragraph, _, flow in text:
        yield from _han(paragraph, flow)
        if paragraph.kind not in FOREIGN_KINDS:
            yield from _passages(lexis, others, flow)


def _names(lexis: Lexis, name: re.Pattern[str], text: Segmented) -> Iterator[Finding]:
    """Find names of languages that belong to no sentence; where one is sure, weaker signs do for the others."""
    places = [
        (_chance_of_leak(lexis, *_around(flow.text, match.start(), match.end())), flow, match)
        for flow in text.flows
        for match in name.finditer(flow.text)
    ]
    sure = sum(chance >= SURE for chance, _, _ in places)
    for chance, flow, match in places:
        score = chance if chance >= SURE else min(0.85, chance + 0.2) if sure else chance
        if score >= 0.5:
            yield finding(
                "language-leak",
                flow,
                match.span(),
                score=score,
                grade="safe" if score >= SURE else "review",
                replacement="",
                message=f"“{match.group()}”, the name of a language, leaked into the translation.",
                evidence={"sure ones": sure},
            )


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and behind a name, as far as it matters."""
    return text[max(0, start - WINDOW) : start], text[end + 1 : end + 1 + WINDOW]


def _chance_of_leak(lexis: Lexis, before: str, after: str) -> float:
    """Return how likely the name of a language between two stretches of text is no part of either, 0 for not at all."""
    if before and not before[-1].isspace() and before[-1] not in ".,;:!?)":
        return 0.0  # quoted, bracketed, part of another word
    first = re.match(r"[\"“«¿¡\[]?\s?(\w+)", after)
    begins = SENTENCE_END.search(before) is not None
    last = before.rstrip().rsplit(" ", 1)[-1]
    bound = last.lower() in BOUND or (last[:1].isupper() and last[-1:].isalnum() and not begins)
    if first is None or bound:
        return 0.0 if bound or after[:1] in ("(", "-") else 0.4 * begins
    word = first.group(1)
    if not word[0].isupper():
        # Adjectives are small in Spanish and French: a capital that no sentence begins with is out of place.
        chance = 0.55 if lexis.language != "en" else 0.5 if word in UNRELATED else 0.35
        return chance if begins else chance - 0.15
    # "English The park" is no name; "English Heritage" may be one.
    small = lexis.counts[word.lower()] > lexis.capitals[word.lower()]
    common = lexis.zipf(word) >= (4.5 if small else 6)
    if begins:
        return 0.95 if common or lexis.language != "en" else 0.8
    return 0.0 if not common else 0.9 if last.endswith(",") or lexis.language != "en" else 0.7


def _han(paragraph: Segment, flow: Flow) -> Iterator[Finding]:
    """Find Han characters in a text that is not Chinese, a line's or paragraph's as one."""
    for match in HAN_RUN.finditer(flow.text):
        bracketed = _enclosed(flow.text, *match.span())
        if bracketed and len(match.group()) < 30:
            continue
        yield finding(
            "language-leak",
            flow,
            match.span(),
            score=0.5 if paragraph.kind in FOREIGN_KINDS else 0.8,
            message="Chinese stands in a text that is not Chinese.",
        )


def _enclosed(text: str, start: int, end: int) -> bool:
    """Return whether quotation marks or brackets stand around a stretch, as they do around foreign terms."""
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return before in CLOSERS and CLOSERS[before] == after


class _Token(NamedTuple):
    start: int
    end: int
    gain: float
    little: bool


def _passages(lexis: Lexis, others: dict[str, Lexis], flow: Flow) -> Iterator[Finding]:
    """Find the stretch of a paragraph that is likeliest in another language (maximum sub-array, Kadane)."""
    words = [(m.start(), m.end(), lexis.zipf(m.group())) for m in LETTERS.finditer(flow.text)]
    if len(words) < FEWEST_WORDS:
        return
    for code, other in others.items():
        best = _stretch(flow.text, words, other)
        if best is None or _enclosed(flow.text, *best):
            continue
        yield finding(
            "language-leak",
            flow,
            best,
            score=0.7,
            message=f"A passage was left in {languages.get(code).name}.",
            evidence={"language": code},
        )
        return


def _stretch(text: str, words: list[tuple[int, int, float]], other: Lexis) -> tuple[int, int] | None:
    tokens = []
    for start, end, own in words:
        foreign = other.zipf(text[start:end])
        # A word that neither knows is a name: it speaks for neither.
        gain = foreign - own - TOLERANCE if foreign or own else 0.0
        tokens.append(_Token(start, end, max(-4.0, min(2.5, gain)), foreign >= 6 and foreign - own >= 1.5))
    total, first, best, place = 0.0, 0, 0.0, (0, -1)
    for k, token in enumerate(tokens):
        if total <= 0:
            total, first = 0.0, k
        total += token.gain
        if total > best:
            best, place = total, (first, k)
    run = tokens[place[0] : place[1] + 1]
    if best < FOREIGN or len(run) < FEWEST_WORDS or sum(token.little for token in run) < FEWEST_LITTLE:
        return None
    return run[0].start, run[-1].end
