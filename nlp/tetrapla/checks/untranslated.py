"""Sentences that were left in another language.

By their letters where scripts differ, else by their small words: a sentence without the commonest words of its document
is looked at, and only then is its language told. With other versions at hand, a sentence that one of them has word for
word was left as it was. Single words and the names of languages are the matter of `language-leak`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapla import checks, languages
from tetrapla.checks._lexis import LETTERS, finding, lexis_of
from tetrapla.detect import SMALL_WORDS, UNKNOWN, detect
from tetrapla.model import Finding, Flow, Segmented

__all__ = ["untranslated", "untranslated_compared"]

# Where another language is at home: references, front matter, the abstract that papers have in English.
LEFT_OUT = frozenset({"references", "keywords", "author", "title", "abstract", "furniture", "table", "notes"})
# Words and letters of a sentence; of fewer, names and commands make half.
FEWEST, FEWEST_LETTERS = 8, 40
# Small words of the other language, which prose has and code has not.
FEWEST_SMALL = 2
# How few of its words may be among the commonest of the document, how many words those are, how often they come.
SHARE, COMMONEST, OFTEN = 0.1, 80, 4
# Signs of code to a word, from which on a sentence is a command or what a program prints.
CODE = re.compile(r"[/\\@<>{}=_#$`|~*]|\w\.\w|(?<!\w)--?\w")
MOST_CODE = 0.12
CLOSERS = {"(": ")", "（": "）", "[": "]", "“": "”", "«": "»", "「": "」", '"': '"', "‘": "’", "《": "》", "<": ">"}

QUOTED = re.compile(r"\([^()]*\)|“[^“”]*”|«[^«»]*»|\"[^\"]*\"")

# A run of words in letters of Europe; letters of scripts that neither Latin nor Chinese texts have.
LATIN_RUN = re.compile(r"[A-Za-zÀ-ɏ](?:[A-Za-zÀ-ɏ\d’'\"“”().,;:!?-]|[ \xa0](?! ))*")
CAPTION = re.compile(r"(?:fig|figure|tab|table|chart|map|plate)\b\.?\s?\d", re.IGNORECASE)
OTHER_LETTER = re.compile(r"[\u0370-\u1fff\u3041-\u30ff\uac00-\ud7af]")


@checks.add("untranslated")
def untranslated(text: Segmented) -> Iterator[Finding]:
    """A sentence, or a longer run of words, in another language than the rest of the text."""
    if languages.get(text.document.language).full_width:
        yield from _runs(text)
    else:
        yield from _whole_sentences(text)


def _runs(text: Segmented) -> Iterator[Finding]:
    """Find runs of words in an alphabet in a text without one; the captions of papers are printed in English too."""
    for paragraph, _, flow in text:
        if paragraph.kind in LEFT_OUT or paragraph.kind == "caption":
            continue
        for match in LATIN_RUN.finditer(flow.text):
            if not CAPTION.match(match.group()):
                yield from _left(flow, match.span(), _language_of(match.group(), ""))


def _whole_sentences(text: Segmented) -> Iterator[Finding]:
    language, common = languages.get(text.document.language), _Common(text)
    for paragraph, _, flow in text:
        if paragraph.kind in LEFT_OUT:
            continue
        for span in language.sentences(flow.text):
            code = _foreign(flow.text[span.start : span.end], language.code, common)
            yield from _left(flow, (span.start, span.end), code)


def _left(flow: Flow, place: tuple[int, int], code: str | None, version: str | None = None) -> Iterator[Finding]:
    """Return what is found where a passage is in another language and no quotation: nothing, or one finding."""
    if code is None or _enclosed(flow.text, *place):
        return
    name = languages.get(code).name
    if version is None:
        message = f"This was left in {name}."
        yield finding("untranslated", flow, place, score=0.7, message=message, evidence={"language": code})
        return
    message = f"This stands word for word in “{version}”; it was left in {name}."
    evidence = {"language": code, "version": version}
    yield finding("untranslated", flow, place, score=0.85, message=message, evidence=evidence)


class _Common:
    """The commonest words of a document and its language, and the small words of others that are none of these."""

    def __init__(self, text: Segmented) -> None:
        code = text.document.language
        small = SMALL_WORDS.get(code, frozenset())
        counts = lexis_of(text).counts.most_common(COMMONEST)
        self.own = small.union(word for word, count in counts if count >= OFTEN)
        self.others = [words - small for other, words in SMALL_WORDS.items() if other != code]
        self.alone = small.difference(*(SMALL_WORDS[other] for other in SMALL_WORDS if other != code))

    def lacks(self, words: list[str]) -> bool:
        """Return whether a sentence has hardly any of the common words, or more small words of another language."""
        if sum(word in self.own for word in words) <= SHARE * len(words):
            return True
        most = max((sum(word in small for word in words) for small in self.others), default=0)
        return most >= FEWEST_SMALL and most > sum(word in self.alone for word in words)


def _foreign(sentence: str, own: str, common: _Common) -> str | None:
    """Return the other language that a sentence is in, None where it is in that of its document or nothing tells."""
    others = len(OTHER_LETTER.findall(sentence))
    if others >= FEWEST and others * 2 > sum(map(str.isalpha, sentence)):
        found = detect(sentence)
        return found if found not in (own, UNKNOWN) else None
    sentence = QUOTED.sub(" ", sentence)
    words = [word.lower() for word in LETTERS.findall(sentence)]
    return _language_of(sentence, own) if len(words) >= FEWEST and common.lacks(words) else None


def _language_of(passage: str, own: str) -> str | None:
    """Return the language of a passage of prose, None where it is short, code, names, or in the language `own`."""
    words = LETTERS.findall(passage)
    if len(words) < FEWEST or sum(map(len, words)) < FEWEST_LETTERS:
        return None
    # Code, and headings or lists of names.
    if len(CODE.findall(passage)) > MOST_CODE * len(words) or sum(word[0].isupper() for word in words) * 2 > len(words):
        return None
    code = detect(passage, prior=own or None)
    small = SMALL_WORDS.get(code)
    if code in (own, UNKNOWN) or (small is not None and sum(word.lower() in small for word in words) < FEWEST_SMALL):
        return None
    return code


def _enclosed(text: str, start: int, end: int) -> bool:
    """Return whether quotation marks or brackets stand around a passage, as they do around what is quoted."""
    before, after = text[max(0, start - 2) : start].strip()[-1:], text[end : end + 2].strip()[:1]
    first, last = text[start], text[start:end].rstrip(".!?。")[-1:]
    return any(opens in CLOSERS and CLOSERS[opens] in (after, last) for opens in (before, first))


# ----------------------------------------------------------------------------------------------------- comparison


@checks.add("untranslated", takes="comparison")
def untranslated_compared(comparison: checks.Comparison) -> Iterator[Finding]:
    """A sentence that another version, in another language, has word for word."""
    text = comparison.text
    own = text.document.language
    theirs: dict[str, str] = {}
    for name, version in comparison.versions.items():
        if name != comparison.subject and version.document.language != own:
            theirs.update((key, name) for key, _, _ in _sentences(version))
    for key, flow, place in _sentences(text):
        if key in theirs:
            yield from _left(flow, place, _language_of(flow.text[slice(*place)], own), theirs[key])


def _sentences(text: Segmented) -> Iterator[tuple[str, Flow, tuple[int, int]]]:
    """Return the longer sentences of a version, with the letters that they are known by."""
    language = languages.get(text.document.language)
    for paragraph, _, flow in text:
        if paragraph.kind in LEFT_OUT:
            continue
        for span in language.sentences(flow.text):
            words = LETTERS.findall(flow.text[span.start : span.end])
            if len(words) >= FEWEST:
                yield " ".join(words).lower(), flow, (span.start, span.end)
