"""What a paragraph is: title, abstract, heading, body, caption, note, running head …"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from tetrapla.languages import Language
from tetrapla.model import Kind
from tetrapla.segment.lines import Line
from tetrapla.segment.paragraphs import BLANKS, CAPTION, CLOSED, INDENT, MARK, NUMBERED, REFERENCE

__all__ = ["kinds_of"]

DIGITS = re.compile(r"\d+")
SOURCE = re.compile(r"\[[A-Z]{1,2}(?:/[A-Z]{2})?\]|\b(?:19|20)\d\d\b")
# A page number: a whole number at the head or the foot of the line, or all of it.
PAGE = re.compile(r"^(\d{1,4})(?:\s+|$)|\s+(\d{1,4})$")
BETWEEN = re.compile(r"([·•—–|*-])\s*(.+?)\s*\1")
LONGEST_HEAD = 80  # characters
MAIL = re.compile(r"\S+@\S+\.\w{2,}$")
NAME = re.compile(r"[一-鿿]{2,4}|[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,3}")


def kinds_of(blocks: Sequence[Sequence[Line]], language: Language) -> list[Kind]:
    """Return the kind of each paragraph."""
    texts = [_text(block, language) for block in blocks]
    furniture = _furniture(texts)
    kinds: list[Kind] = []
    section: Kind = "body"
    for i, text in enumerate(texts):
        if i in furniture:
            kinds.append("furniture")
            continue
        kind = _kind(text, language, section, before=kinds)
        if kind == "heading" and not NUMBERED.match(text) and _full(blocks[i]):
            kind = "body"  # it fills its line and stops in mid-sentence: the page tore it
        if kind == "heading":
            section = _section(text, language)
        kinds.append(kind)
    return kinds


def _full(block: Sequence[Line]) -> bool:
    """Return whether a Chinese paragraph of one line is as wide as its column, but for the indent."""
    line = block[0]
    return len(block) == 1 and line.han and len(line.text) > 24 and line.width >= line.column - INDENT - 0.5 > 0


def _text(block: Sequence[Line], language: Language) -> str:
    return language.joiner.join(line.text for line in block)


def _begins(text: str, words: Sequence[str], *, alone: bool = False) -> bool:
    squeezed = BLANKS.sub("", text).lower()
    for word in words:
        key = _squeezed(word)
        if squeezed.rstrip(":：.。") == key or (not alone and squeezed.startswith(key)):
            return True
    return False


@lru_cache(maxsize=1_000)
def _squeezed(word: str) -> str:
    """Return a word that begins a section as it is compared: in small letters, without blanks."""
    return BLANKS.sub("", word).lower()


def _section(text: str, language: Language) -> Kind:
    """Return what paragraphs below a heading are: notes and references have sections of their own."""
    bare = NUMBERED.sub("", text) if NUMBERED.match(text) else text
    if _begins(bare, language.notes_words, alone=True) or _begins(text, language.notes_words, alone=True):
        return "notes"
    return "references" if _begins(text, language.reference_words, alone=True) else "body"


def _kind(text: str, language: Language, section: Kind, before: Sequence[Kind]) -> Kind:
    closed = CLOSED.search(text) is not None
    head = text[:24]
    if _begins(head, (*language.notes_words, *language.reference_words), alone=True) and len(text) < 24:
        return "heading"
    if _begins(head, (*language.abstract_words, "Abstract")) and len(text) > 60:
        return "abstract"
    if _begins(head, (*language.keyword_words, "Keywords")):
        return "keywords"
    if CAPTION.match(text) and len(text) < 400 and not re.search(r"[。；]\S", text):
        return "caption"
    if REFERENCE.match(text) and len(text) < 400:
        # A note may be numbered so too; a source has a year, or a letter for what it is ([J], [M]).
        return "references" if section == "references" or SOURCE.search(text) else "notes"
    if section in ("notes", "references"):
        return section
    short = len(text) <= (40 if language.full_width else 130)
    if NUMBERED.match(text) and short and (not closed or (text.count(".") < 3 and text.endswith(":"))):
        return "heading"
    if MARK.match(text):
        return "notes" if "①" <= text[0] <= "⑳" else "list"
    if not closed and not any(kind in ("body", "heading") for kind in before) and len(text) < 200:
        names = [part.strip() for part in re.split(r"[,;，；、*]", text) if part.strip()]
        if names and all(NAME.fullmatch(name) and len(name) < 40 for name in names) and "title" in before:
            return "author"
        if "title" not in before or before[-1] in ("author", "abstract", "keywords"):
            return "title"
    if short and not closed and not text[0].islower() and not re.search(r"[,，、]$", text):
        return "heading"
    return section


def _furniture(texts: Sequence[str]) -> set[int]:
    """Return the places of running heads, page numbers and addresses.

    A running head is short and comes again with another number, higher than before; or it is, but for its number, a
    heading that stands elsewhere; or it is set between two marks. A number alone is one where there are several.
    """
    short = [i for i, text in enumerate(texts) if len(text) < LONGEST_HEAD and not CAPTION.match(text)]
    numbers = {i: (match, int(next(filter(None, match.groups())))) for i in short if (match := PAGE.search(texts[i]))}
    heads: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for i, (match, number) in numbers.items():
        heads[(texts[i][: match.start()] + texts[i][match.end() :]).strip()].append((i, number))
    shapes = Counter(DIGITS.sub("#", texts[i]) for i in short)
    plain = {texts[i] for i in short}
    found = {i for i in short if MAIL.match(texts[i])}
    for head, places in heads.items():
        pages = [number for _, number in places]
        again = len(places) > 1 and pages == sorted(set(pages))
        enough = not head or len(head) > 8 or " " in head or (len(head) > 3 and not head.isascii())
        if (again and enough) or (head in plain and not CLOSED.search(head)):
            found.update(i for i, _ in places)
    for i in short:
        if (match := BETWEEN.fullmatch(texts[i])) and (
            match.group(1) == "·" or shapes[DIGITS.sub("#", texts[i])] > 1 or match.group(2) in plain
        ):
            found.add(i)
    return found
