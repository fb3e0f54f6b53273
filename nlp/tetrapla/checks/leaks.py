"""What leaked out of the translator: the name of the language, a passage left in another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from tetrapla import checks, languages
from tetrapla.checks._beads import Beads
from tetrapla.checks._lexis import LETTERS, Lexis, finding, lexis_of, remembered
from tetrapla.detect import SMALL_WORDS
from tetrapla.model import Bead, Finding, Flow, Segment, Segmented

__all__ = ["language_leak", "language_leak_compared"]

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
NONE: frozenset[str] = frozenset()


@checks.add("language-leak", safe=True)
def language_leak(text: Segmented) -> Iterator[Finding]:
    """The name of a language, or words of another language, that the translator left in ("Français Il convient")."""
    code = text.document.language
    if languages.get(code).full_width:
        return
    yield from _names(text)
    passage_in = _passage_finder(code)
    for paragraph, _, flow in text:
        if not flow.text.isascii():
            yield from _han(paragraph, flow)
        if paragraph.kind not in FOREIGN_KINDS and (passage := passage_in(flow.text)):
            yield finding(
                "language-leak",
                flow,
                (passage.start, passage.end),
                score=0.7,
                message=f"A passage was left in {languages.get(passage.language).name}.",
                evidence={"language": passage.language},
            )


@cache
def _own_names() -> tuple[str, ...]:
    """Return what languages call themselves, capitalised: "in english" or "le français" are words of a sentence."""
    names = {languages.get(other).own_name for other in languages.registry}
    return tuple(sorted(name for name in names if name[:1].isupper()))


def _names(text: Segmented) -> Iterator[Finding]:
    """Find names of languages that belong to no sentence; where one is sure, weaker signs do for the others."""
    own_names = _own_names()
    whole = "\n".join([flow.text for flow in text.flows])
    if not any(name in whole for name in own_names):
        return
    flows = [flow for flow in text.flows if any(name in flow.text for name in own_names)]
    if not flows:
        return
    lexis = lexis_of(text)
    pattern = re.compile(rf"(?<![\w'’-])({'|'.join(_own_names())})(?= |$)(?! ?[-–])")
    places = [
        (_chance_of_leak(lexis, *_around(flow.text, match.start(), match.end())), flow, match)
        for flow in flows
        for match in pattern.finditer(flow.text)
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
                grade="safe" if score >= SURE and _begins(flow.text, match.start()) else "review",
                replacement="",
                message=f"“{match.group()}”, the name of a language, leaked into the translation.",
                evidence={"sure ones": sure},
            )


def _begins(text: str, start: int) -> bool:
    """Return whether a sentence can begin at a place; elsewhere a capital may be that of a name."""
    return SENTENCE_END.search(text[max(0, start - WINDOW) : start]) is not None


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
    behind_name = last[:1].isupper() and last[-1:].isalnum() and not begins
    bound = last.lower() in BOUND or (behind_name and not (first and first.group(1)[0].isupper()))
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
    if behind_name:
        # A heading set on one line with the text ends with a name as often as not.
        return 0.35 if common and small else 0.0
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


class _Passage(NamedTuple):
    """A stretch of a text that is in another language."""

    language: str
    start: int
    end: int


@lru_cache(maxsize=4)
def _passage_finder(code: str) -> Callable[[str], _Passage | tuple[()]]:
    """Return what finds a passage in another language in a text that should be in one."""
    small = {other: words - SMALL_WORDS.get(code, NONE) for other, words in SMALL_WORDS.items() if other != code}
    together = frozenset[str]().union(*small.values())

    @remembered
    def passage_in(text: str) -> _Passage | tuple[()]:
        words = list(filter(together.__contains__, text.lower().split()))
        if len(words) < FEWEST_LITTLE:
            return ()
        # The lists of other languages take time to load: only those of which something is to be seen.
        seen = [other for other, known in small.items() if sum(map(known.__contains__, words)) >= FEWEST_LITTLE]
        return next(_passages(text, Lexis(code), seen), ()) if seen else ()

    return passage_in


def _passages(text: str, lexis: Lexis, others: Sequence[str]) -> Iterator[_Passage]:
    """Give, for each of other languages, the stretch of a paragraph that is likeliest in it."""
    if not lexis.frequencies:
        return
    words = [(m.start(), m.end(), lexis.zipf(m.group())) for m in LETTERS.finditer(text)]
    if len(words) < FEWEST_WORDS:
        return
    for code in others:
        best = _stretch(text, words, Lexis(code, common=True))
        if best is not None and not _enclosed(text, *best):
            yield _Passage(code, *best)


def _stretch(text: str, words: list[tuple[int, int, float]], other: Lexis) -> tuple[int, int] | None:
    """Return the stretch of words that are most in another language (maximum sub-array, Kadane)."""
    both = [(own, other.zipf(text[start:end])) for start, end, own in words]
    # A word that neither knows is a name: it speaks for neither.
    gains = [max(-4.0, min(2.5, foreign - own - TOLERANCE)) if foreign or own else 0.0 for own, foreign in both]
    if sum(gain for gain in gains if gain > 0) < FOREIGN - 0.1:
        return None
    total, first, best, place = 0.0, 0, 0.0, (0, -1)
    for k, gain in enumerate(gains):
        if total <= 0:
            total, first = 0.0, k
        total += gain
        if total > best:
            best, place = total, (first, k)
    run = range(place[0], place[1] + 1)
    little = sum(foreign >= 6 and foreign - own >= 1.5 for own, foreign in both[run.start : run.stop])
    if best < FOREIGN or len(run) < FEWEST_WORDS or little < FEWEST_LITTLE:
        return None
    return words[run[0]][0], words[run[-1]][1]


# ----------------------------------------------------------------------------------------------------- comparison

# Machine translators go by English: what they leave, but for the original, is English.
BETWEEN = "en"
# What makes a word English: how frequent it is there at least, and how much more so than here (Zipf); how many in a row
# are no name or loan that stands in the text for want of another word, in running text and in a caption.
ENGLISH, MORE, CLEARLY = 2.0, 1.0, 1.5
FEWEST_ENGLISH, FEWEST_IN_CAPTION = 3, 2
# A word of an English term that is rarer here is no loan.
RARE = 1.5
# What a language is called in the others.
NAMES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    own: {code: re.compile(names, re.IGNORECASE) for code, names in called.items()}
    for own, called in {
        "en": {"zh": "英", "es": "ingl[eé]s", "fr": "angl[ao]", "en": "english"},
        "es": {"zh": "西班牙|西语", "en": "spanish|castilian", "fr": "espagnol|castillan", "es": "español|castellan"},
        "fr": {"zh": "法语|法文|法国|法蘭|法兰", "en": "french", "es": "franc[eé]s", "fr": "français"},
    }.items()
}
# Letters of a passage that stand as they are in the original; fewer are a name or a sign.
FEWEST_LETTERS = 8


@checks.add("language-leak", takes="comparison")
def language_leak_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """English words in a translation that the original has not, and passages of the original that were left in."""
    text, pivot = comparison.text, comparison.alignment.pivot
    code = text.document.language
    if comparison.subject == pivot or pivot not in comparison.versions or languages.get(code).full_width:
        return
    version = comparison.versions[pivot]
    original = _squeezed(version.document.text)
    passages = {_squeezed(flow.text) for flow in version.flows}
    passages.update(map(_squeezed, version.document.text.split("\n")))
    yield from _unsaid_names(comparison)
    terms = _english_terms(comparison) if code != BETWEEN else NONE
    for paragraph, _, flow in text:
        if paragraph.kind in FOREIGN_KINDS:
            continue
        # Papers print their captions in English too: in an English text those are as they should be.
        caption = paragraph.kind == "caption" and code != BETWEEN
        if _left_in(flow.text, passages, caption=caption):
            yield finding(
                "language-leak",
                flow,
                (0, len(flow.text)),
                score=0.8,
                replacement="",
                message="A passage of the original was left in; it stands there word for word.",
                evidence={"original": pivot},
            )
        elif code != BETWEEN and lexis_of(text).frequencies:
            yield from _english(lexis_of(text), flow, original, terms, caption=caption)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).lower()


def _unsaid_names(comparison: checks.Comparison) -> Iterator[Finding]:
    """Find the name of the text's own language where something begins, in passages whose other versions lack it."""
    text, alignment = comparison.text, comparison.alignment
    code = text.document.language
    if code not in NAMES:
        return
    own = re.compile(rf"(?<![\w'’-]){re.escape(languages.get(code).own_name)}\s(?=[\"“«¿¡]?[A-ZÀ-Þ])")
    known = {finding.start for finding in _names(text)}
    here = Beads(alignment, comparison.subject)
    for paragraph, _, flow in text:
        for match in own.finditer(flow.text) if paragraph.kind not in FOREIGN_KINDS else ():
            start, end = match.start(), match.end() - 1
            number = None if flow.offsets[start] in known else here.at(flow.offsets[start])
            if number is None:
                continue
            told = list(_told(comparison, alignment.beads[number], NAMES[code]))
            if told and not any(told):
                yield finding(
                    "language-leak",
                    flow,
                    (start, end),
                    score=0.85,
                    replacement="",
                    message=f"“{flow.text[start:end]}”, the name of a language, leaked in; no other version has it.",
                    evidence={"versions": len(told)},
                )


def _told(comparison: checks.Comparison, bead: Bead, names: Mapping[str, re.Pattern[str]]) -> Iterator[bool]:
    """Yield for each other version of a passage whether it names a language, given what that is called in each."""
    for name, spans in bead.spans.items():
        doc = comparison.versions[name].document
        if name != comparison.subject and doc.language in names:
            yield any(names[doc.language].search(doc[span]) for span in spans)


def _left_in(text: str, passages: Collection[str], *, caption: bool) -> bool:
    """Return whether a paragraph is a paragraph or line of the original: in its script, or a caption."""
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS or not (caption or HAN_RUN.search(text)):
        return False
    return _squeezed(text) in passages


def _english_terms(comparison: checks.Comparison) -> frozenset[str]:
    """Return the words of English terms for what the original names, but those that sound terms here have too."""
    code, pivot = comparison.text.document.language, comparison.alignment.pivot
    concepts = {mention.concept for mention in comparison.mentions.get(pivot, ())} & set(comparison.glossary)
    found: dict[str, set[str]] = {BETWEEN: set(), code: set()}
    for term in (term for concept in concepts for term in comparison.glossary[concept].terms):
        # A word that is told to be wrong in English is English all the same.
        if term.status in ("preferred", "admitted") or (term.language == BETWEEN and term.status == "deprecated"):
            found.get(term.language, set()).update(word.lower() for word in LETTERS.findall(term.form))
    return frozenset(found[BETWEEN] - found[code])


def _english(lexis: Lexis, flow: Flow, original: str, terms: frozenset[str], *, caption: bool) -> Iterator[Finding]:
    """Find English words in a row, and single ones of a term, that stand neither in brackets nor in the original."""
    english = Lexis(BETWEEN)
    for words in _rows(flow.text, lexis, english):
        place = words[0].start(), words[-1].end()
        clear = sum(english.zipf(w.group()) - lexis.zipf(w.group()) >= CLEARLY for w in words)
        enough = len(words) >= (FEWEST_IN_CAPTION if caption else FEWEST_ENGLISH) and clear > 1
        term = len(words) == 1 and words[0].group().lower() in terms and lexis.zipf(words[0].group()) < RARE
        if not (enough or term) or _inside_brackets(flow.text, *place):
            continue
        if caption or term or flow.text[place[0] : place[1]].lower() not in original:
            yield finding(
                "language-leak",
                flow,
                place,
                score=0.6,
                message=f"“{flow.text[place[0] : place[1]]}” was left in English.",
                evidence={"language": BETWEEN},
            )


def _rows(text: str, lexis: Lexis, english: Lexis) -> Iterator[list[re.Match[str]]]:
    """Return the words that are more at home in English, those in a row together."""
    row: list[re.Match[str]] = []
    for word in LETTERS.finditer(text):
        frequency = english.zipf(word.group()) if len(word.group()) > 1 else 0.0
        here = frequency >= ENGLISH and frequency - lexis.zipf(word.group()) >= MORE
        if row and (not here or text[row[-1].end() : word.start()] != " "):
            yield row
            row = []
        if here:
            row.append(word)
    if row:
        yield row


def _inside_brackets(text: str, start: int, end: int) -> bool:
    """Return whether a stretch stands inside brackets or quotation marks, or is part of a path, a name with signs."""
    if text[start - 1 : start] in tuple("-/_.@#$'’") or text[end : end + 1] in tuple("-/_@#=('’"):
        return True
    # What is explained in brackets is a term: "the Free Software Foundation (FSF)".
    if text[end : end + 2] in (" (", " «"):
        return True
    before = text[max(0, start - 200) : start]
    return any(before.rfind(opens) > before.rfind(closes) for opens, closes in CLOSERS.items() if opens != closes) or (
        before.count('"') % 2 == 1 and '"' in text[end : end + 200]
    )
