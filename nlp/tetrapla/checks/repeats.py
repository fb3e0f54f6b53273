"""Words said twice by mistake: "the the", "de de", "of the of the", also across the end of a line.

Many a word is doubled in sound prose ("had had", "nous nous", "常常", "bye bye"). Unseen, only articles and
prepositions go that no sentence doubles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from operator import eq

from tetrapla import checks, languages
from tetrapla.checks._lexis import finding, remembered, words_of
from tetrapla.model import Finding, Flow, Grade, Segmented

__all__ = ["repeated_word"]

# Words that no sound sentence says twice. Not "del del" ("apart from that of the book"), "la la", "de de" (names).
NEVER: Mapping[str, frozenset[str]] = {
    "en": frozenset("the of an and their our".split()),
    "es": frozenset("el los las un una unos unas".split()),
    "fr": frozenset("les des du une aux dans cette ces".split()),
}
# Words that sound sentences do say twice: pronouns of reflexive verbs, auxiliaries, words of emphasis.
OFTEN: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "had that is was do did does no very really so far more bye ha ho hey her there what you it many much "
        "long well oh blah again never always too yes in on",
        "es": "no sí muy nos se más si bien ya ja jo así casi poco lo la ay tan nunca del",
        "fr": "nous vous non oui très si bien la ha oh se en y bla plus tout peu jamais toujours fort ça",
    }.items()
}
JOINING = frozenset("and or by y o e et ou".split())
WORD = re.compile(r"(?<![\w'’.@/-])([^\W\d_]{1,30}+) \1(?![\w'’@/-]|\.\w)", re.IGNORECASE)
PAIR = re.compile(r"(?<![\w'’.@/-])([^\W\d_]{1,30}+ [^\W\d_]{1,30}+) \1(?![\w'’@/-]|\.\w)", re.IGNORECASE)
KINDS = frozenset({"table", "references", "author", "keywords", "furniture"})
QUOTES = frozenset("\"'“‘«‹")

# Chinese: a particle or a preposition twice. Not where a word begins or ends with it: 目的的, 的的确确, 为了了解.
PARTICLES = re.compile(
    r"(?<![目标])的的(?![确士喀])|(?<![为除罢知到])了了(?![解然无却])|(?<![内存实潜现好])在在(?![线于乎])|(?<![但可于总或还若])是是(?!非)"
    r"|(?<![和随平温缓])和和(?![平谐睦气解])|(?<![参])与与(?![会])|(?<![以涉])及及(?![时早其格])|(?<!被)被被(?![子褥])|(?<!把)把把(?![手柄握])"
)

DOUBLED = re.compile(r"([的了在是和与及被把])\1")


@checks.add("repeated-word", safe=True)
def repeated_word(text: Segmented) -> Iterator[Finding]:
    """A word, or two words, said twice in a row by mistake ("the the", "of the of the")."""
    code = text.document.language
    for paragraph, _, flow in text:
        if paragraph.kind in KINDS:
            continue
        if languages.get(code).full_width:
            yield from _particles(flow)
            continue
        word, pair = _repeats(flow.text)
        if word:
            yield from _words(text, flow)
        if pair:
            yield from _pairs(flow)


@remembered
def _repeats(text: str) -> tuple[bool, bool]:
    """Return whether a word, and whether two words, come twice in a row somewhere; quicker than to look where."""
    words = words_of(text)
    word, pair = _again(words, 1), _again(words, 2)
    if word or pair:
        # With the marks beside them.
        words = text.lower().split()
    return word and _again(words, 1), pair and _again(words, 2)


def _again(words: Sequence[str], size: int) -> bool:
    """Return whether a group of so many words comes twice in a row somewhere."""
    return bytes(map(eq, words, words[size:])).find(b"\1" * size) >= 0


def _words(text: Segmented, flow: Flow) -> Iterator[Finding]:
    code = text.document.language
    for match in WORD.finditer(flow.text):
        word, again = match.group().split(" ")
        # A single letter is a symbol or a piece of a word; capitals are names ("The The") or begin a title.
        if len(word) < 2 or not again.islower() or not word[1:].islower() or _quoted(flow.text, match):
            continue
        # A title above a paragraph that begins with it.
        apart = "\n\n" in text.document.text[flow.offsets[match.start()] : flow.offsets[match.end() - 1]]
        never = again in NEVER.get(code, ())
        sure = never and flow.text[match.end() : match.end() + 1] == " "
        if again not in OFTEN.get(code, ()) and (never or not apart):
            yield _twice(flow, match, word, 0.95 if sure else 0.6, "safe" if sure else "review")


def _pairs(flow: Flow) -> Iterator[Finding]:
    for match in PAIR.finditer(flow.text):
        first = match.group(1)
        words = first.lower().split()
        letters = min(map(len, words)) < 2 and len(first) < 6
        # "Little by little by", "that is that is": what one word makes is the other rule's.
        if letters or words[0] == words[1] or not first[1:].islower() or _quoted(flow.text, match):
            continue
        # "Again and again and then": the one word is said twice with a little one between.
        if words[1] in JOINING:
            continue
        yield _twice(flow, match, first, 0.7, "review")


def _quoted(text: str, match: re.Match[str]) -> bool:
    """Return whether a quotation begins with the words: they are spoken of."""
    return text[max(0, match.start() - 1) : match.start()] in QUOTES


def _particles(flow: Flow) -> Iterator[Finding]:
    if DOUBLED.search(flow.text) is None:
        return
    for match in PARTICLES.finditer(flow.text):
        yield _twice(flow, match, match.group()[0], 0.6, "review")


def _twice(flow: Flow, match: re.Match[str], once: str, score: float, grade: Grade) -> Finding:
    return finding(
        "repeated-word",
        flow,
        match.span(),
        score=score,
        grade=grade,
        replacement=once,
        message=f"“{once}” is said twice.",
    )
