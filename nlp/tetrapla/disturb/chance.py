"""Damage by chance, at given rates, for any corpus of clean aligned units.

The kinds of damage and how often they come are modelled on a scanned paper and its machine translations that were
read word by word: in some 300 sentences a version, 30 second renderings, 30 sentences cut short, 12 fragments left
alone; the language's own name put before sentences, above all in French; reference marks garbled more than any word.
Two things are peculiar to such texts and shape what is drawn here:

* The translator was fed line by line. So a paragraph is torn, and most sentences are cut, where a line of the Chinese
  original ends, and one tear of the original shows in several versions at once.
* A second rendering is no copy. It has other words, clauses in another order, and often stops early.

The Chinese version is the original: it is torn, moved, wrapped and given text of the page, and its words stay as
they are. All draws come from ``random.Random`` seeded with strings, by ``random()`` alone, which is the same in all
versions of Python.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tetrapla.disturb.text import (
    JUNK,
    Block,
    Change,
    Damaged,
    Layout,
    Mark,
    Plan,
    Seam,
    Unit,
    blocks_of,
    damage,
    line_ends,
    moved,
    placed,
    torn,
)
from tetrapla.errors import InputError, UnknownNameError

__all__ = ["LEVELS", "Rates", "Rendering", "disturb"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rendering:
    """A term as it stands in the clean text, a wrong rendering of it, and the Chinese term for both."""

    form: str
    wrong: str
    concept: str


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each damage comes, 0..1; for all of them together a place is drawn once, so sums should stay below 1.

    A paragraph: `drop`, `move` (as the head of a run of one to three), `tear`, `join` (its end is lost), `furniture`
    behind it. A sentence: `duplicate`, `truncation`, `dangling`, `leak` (of the language's name; see `LEAKS`).
    A word: `hyphenation`, `spacing`, `split`, `merge`, `confusion`. A reference or note mark: `citation`. A known
    term: `term`. With `wrap`, lines are set at a width of the seed.
    """

    drop: float = 0
    move: float = 0
    tear: float = 0
    join: float = 0
    furniture: float = 0
    duplicate: float = 0
    truncation: float = 0
    dangling: float = 0
    leak: float = 0
    hyphenation: float = 0
    spacing: float = 0
    split: float = 0
    merge: float = 0
    confusion: float = 0
    citation: float = 0
    term: float = 0
    wrap: bool = True

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"the rate {name} is {getattr(self, name)}, not in 0..1")


PAPER = Rates(
    drop=0.02, move=0.04, tear=0.12, join=0.08, furniture=0.03,
    duplicate=0.08, truncation=0.07, dangling=0.03, leak=0.08,
    hyphenation=0.002, spacing=0.0004, split=0.0012, merge=0.0008, confusion=0.0012, citation=0.2, term=0.25,
)  # fmt: skip


def _scaled(rates: Rates, factor: float) -> Rates:
    """Return the rates times a factor; none passes one half."""
    return Rates(**{n: min(0.5, getattr(rates, n) * factor) for n in Rates.__slots__ if n != "wrap"}, wrap=rates.wrap)


LEVELS: Mapping[str, Rates] = {
    "clean": Rates(wrap=False),
    "light": _scaled(PAPER, 0.25),
    "paper": PAPER,
    "heavy": _scaled(PAPER, 2.2),
}

# The name of its language that a translator puts before a sentence, and how much more or less often than
# `Rates.leak` says: seen 28 times in the French version, 5 in the Spanish, never in the English.
LEAKS = {"en": ("English", 0.15), "es": ("Español", 0.35), "fr": ("Français", 1.0)}
# Words that end a sentence after its cut: what a translator invents to have an end.
ENDINGS = {
    "en": (".", ".", " and so on.", " in this way.", " of the same.", " and other aspects.", ""),
    "es": (".", ".", ", etc.", " de la misma.", " de este modo.", " y otros aspectos.", ""),
    "fr": (".", ".", ", etc.", " de la même.", " de cette manière.", " et autres aspects.", ""),
}
# Words and phrases that one translation uses where another of the same sentence uses its neighbour in the row.
SAYINGS = {
    "en": (
        "however|nevertheless; therefore|for this reason; thus|in this way; but|yet; because|since; such "
        "as|for example; also|as well; many|a great number of; should|ought to; must|has to; can|is able to; "
        "may|might; use|make use of; in order to|so as to; with|by means of; only|merely; often|frequently; "
        "big|large; small|little; begin|start; shows|indicates; help|assist; part|portion; way|manner; "
        "need|require; get|obtain; give|provide; keep|maintain; change|alter; first|at first; between|among; "
        "before|prior to; after|following; about|regarding; the|this"
    ),
    "es": (
        "sin embargo|no obstante; por lo tanto|por ello; así|de este modo; pero|mas; porque|puesto que; "
        "como|por ejemplo; también|asimismo; muchos|gran número de; debe|ha de; puede|es capaz de; "
        "usar|emplear; para|con el fin de; con|por medio de; solo|únicamente; a menudo|con frecuencia; "
        "gran|grande; empezar|comenzar; muestra|indica; ayuda|apoyo; parte|porción; manera|forma; "
        "necesita|requiere; obtener|conseguir; dar|otorgar; mantener|conservar; cambio|variación; "
        "primero|ante todo; antes|previamente; después|luego; sobre|acerca de; el|este; la|esta"
    ),
    "fr": (
        "cependant|toutefois; donc|par conséquent; ainsi|de cette façon; mais|or; parce que|puisque; "
        "comme|par exemple; aussi|également; beaucoup de|un grand nombre de; doit|est tenu de; peut|est "
        "capable de; utiliser|employer; pour|afin de; avec|au moyen de; seulement|uniquement; "
        "souvent|fréquemment; grand|important; commence|débute; montre|indique; aide|soutien; partie|portion; "
        "manière|façon; nécessite|exige; obtenir|acquérir; donner|fournir; garder|conserver; "
        "changement|modification; d'abord|en premier lieu; avant|auparavant; après|à la suite de; le|ce"
    ),
}
# What optical recognition takes for what: pairs of like shapes.
SHAPES = (
    ("rn", "m"), ("m", "rn"), ("in", "m"), ("h", "b"), ("e", "c"), ("l", "1"), ("i", "l"), ("ti", "u"), ("cl", "d"),
    ("u", "n"), ("é", "e"), ("ó", "o"), ("ñ", "n"), ("ç", "c"), ("à", "a"), ("f", "t"), ("y", "v"), ("a", "o"),
)  # fmt: skip
NOTE_MARKS = "①②③④⑤⑥⑦⑧⑨"
FALSE_MARKS = ("®", "©", "@", "®", "©)", "@ ,", "Q")

# Paragraphs of these kinds are damaged in their words only.
NO_SENTENCES = frozenset(["title", "author", "keywords", "heading", "caption", "references", "table"])
# Marks of notes count as word characters, but are no letters.
LETTER = r"[^\W\d_①-⑳]"
WORD = re.compile(rf"{LETTER}{{2,}}")
NUMBER = re.compile(r"(?<![\w.,])\d+[.,]\d+(?![\w.,]*\d)")
LETTERS = re.compile(rf"{LETTER}*")
ELIDED = re.compile(rf"\b(?:[dlnsjcmtqDLNSJCMTQ]|qu|Qu)['’](?={LETTER})")
SECTION = re.compile(r"\d+(?:\.\d+)+(?= )")
CITATION = re.compile(rf"{LETTER}*\[\d+(?:[-–, ]+\d+)*\][.,;:]?")
NOTE_MARK = re.compile(f"[{NOTE_MARKS}]")
# A sentence goes on to a stop, with what closes behind it, where the next one begins with a capital, or to the end.
SENTENCE = re.compile(r"\S.*?(?:[.!?…](?:\[[\d,–-]+\])?[»”\"')\]]*(?=\s+[«“\"'(¿¡]*\s?[A-ZÀ-ÖØ-Þ])|\Z)", re.DOTALL)
# A comma inside a number ends no clause.
CLAUSE = re.compile(r"(?:[^,;]|[,;](?!\s))+[,;](?=\s)")
HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def disturb(
    versions: Mapping[str, Sequence[Unit]],
    *,
    seed: int | str = 1,
    rates: Rates | str = "paper",
    terms: Mapping[str, Iterable[Rendering]] | None = None,
) -> dict[str, Damaged]:
    """Return each version of a corpus damaged by chance, with its gold.

    `versions` holds the clean units by language (ISO 639-1); units with the same id translate each other, and a
    version may lack some. `rates` is a name of `LEVELS` or rates of one's own. Without `terms` (by language) no term
    is rendered wrongly. The same arguments always give the same texts.

    Raises:
        UnknownNameError: no level has that name.
    """
    if isinstance(rates, str):
        if rates not in LEVELS:
            raise UnknownNameError("level of damage", rates, LEVELS)
        rates = LEVELS[rates]
    original = {unit.id: unit.text for unit in versions.get("zh", ())}
    dice = {language: _Dice(f"{seed}/{language}") for language in versions}
    zh_layout = _layout("zh", _Dice(f"{seed}/zh/width"), rates)
    tears = _tears(versions, _Dice(f"{seed}/tears"), rates, zh_layout)
    made = {}
    for language, units in versions.items():
        layout = zh_layout if language == "zh" else _layout(language, _Dice(f"{seed}/{language}/width"), rates)
        writer = _Writer(language, dice[language], rates, tuple((terms or {}).get(language, ())))
        changes = {}
        if language != "zh":
            for unit in units:
                han = original.get(unit.id, "")
                changes[unit.id] = writer.changes(unit, han, line_ends(len(han), zh_layout))
        blocks = _blocks(language, units, dice[language], rates, tears, changes)
        made[language] = damage(language, units, Plan(tuple(blocks), changes, layout))
    return made


class _Dice:
    """Draws from a named seed, by ``random()`` alone: how the others draw has changed between versions of Python."""

    def __init__(self, seed: str) -> None:
        self._draw = random.Random(seed).random

    def chance(self, rate: float) -> bool:
        return self._draw() < rate

    def share(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * self._draw()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self._draw() * (high - low + 1))

    def one(self, of: Sequence[T]) -> T:
        return of[int(self._draw() * len(of))]


def _layout(language: str, dice: _Dice, rates: Rates) -> Layout:
    if not rates.wrap:
        return Layout()
    if language == "zh":
        return Layout(dice.whole(16, 42), 2, dice.chance(0.8))
    return Layout(dice.whole(60, 110) if dice.chance(0.8) else None)


# ------------------------------------------------------------------------------------------------ paragraphs


def _tears(versions: Mapping[str, Sequence[Unit]], dice: _Dice, rates: Rates, zh_layout: Layout) -> dict[str, float]:
    """Return the paragraphs that the original is torn in, and where, as a share of their length."""
    units = versions.get("zh") or next(iter(versions.values()), ())
    tears = {}
    for unit in units:
        ends = [x for x in line_ends(len(unit.text), zh_layout) if 0.2 < x < 0.8]
        long_enough = len(unit.text) > (60 if "zh" in versions else 160)
        if dice.chance(rates.tear) and long_enough:
            tears[unit.id] = dice.one(ends) if ends else dice.share(0.3, 0.7)
    return tears


def _blocks(
    language: str,
    units: Sequence[Unit],
    dice: _Dice,
    rates: Rates,
    tears: Mapping[str, float],
    changes: Mapping[str, Sequence[Change]],
) -> list[Block]:
    """Return the blocks of a version in the order that scanning left them in."""
    kept = [u for u in units if language == "zh" or not dice.chance(rates.drop)]
    blocks = blocks_of(kept)
    for unit in kept:
        # A tear of the original shows in most translations of it; some hide it.
        if unit.id in tears and (language == "zh" or dice.chance(0.7)):
            at = _free_border(unit.text, tears[unit.id], language, changes.get(unit.id, ()))
            if at is not None:
                blocks = torn(blocks, unit.id, at)
    for name in [block.name for block in blocks if block.part > 1]:
        blocks = _shifted(blocks, name, dice.whole(0, 2))
    for name in [block.name for block in blocks]:
        if dice.chance(rates.move):
            run = _run(blocks, name, dice.whole(1, 3))
            others = [block.name for block in blocks if block.name not in run]
            if others:
                here = [block.name for block in blocks].index(name)
                steps = dice.whole(2, 8) * (1 if dice.chance(0.5) else -1)
                blocks = moved(blocks, run, others[max(0, min(len(others) - 1, here + steps))])
    if language != "zh":
        blocks = [replace(b, seam=_lost_end(dice)) if dice.chance(rates.join) else b for b in blocks]
    return _with_furniture(blocks, units, dice, rates)


def _shifted(blocks: list[Block], name: str, by: int) -> list[Block]:
    """Return the blocks with one put so many places further down."""
    names = [block.name for block in blocks]
    at = names.index(name)
    behind = names[min(at + by, len(names) - 1)]
    return blocks if behind == name else moved(blocks, [name], behind)


def _run(blocks: Sequence[Block], name: str, length: int) -> list[str]:
    names = [block.name for block in blocks]
    return names[names.index(name) :][:length]


def _lost_end(dice: _Dice) -> Seam:
    return "line" if dice.chance(0.6) else "space"


def _with_furniture(blocks: list[Block], units: Sequence[Unit], dice: _Dice, rates: Rates) -> list[Block]:
    """Return the blocks with running heads, page numbers and addresses between them."""
    titles = [unit.text for unit in units if unit.kind in ("title", "heading") and len(unit.text) < 90] or ["· · ·"]
    page = dice.whole(2, 300)
    styles: tuple[Callable[[], str], ...] = (
        lambda: str(page),
        lambda: f"— {page} —",
        lambda: f"{page} {dice.one(titles)}",
        lambda: f"{dice.one(titles)}   {page}",
        lambda: f"{dice.one(('office', 'editor', 'contact'))}{page}@{dice.one(('press', 'review', 'house'))}.example",
    )
    for name in [block.name for block in blocks]:
        if dice.chance(rates.furniture):
            page += 1
            text = dice.one(styles)()
            insert = Change(0, 0, text, (Mark("page-furniture", 0, len(text), ""),))
            blocks = placed(blocks, name, JUNK, insert)
    return blocks


def _free_border(text: str, share: float, language: str, changes: Iterable[Change]) -> int | None:
    """Return the place nearest to a share of the text where it can be cut: before a word, outside any change."""
    places: Iterable[int] = range(1, len(text))
    if language != "zh":
        places = [m.end() for m in re.finditer(r"\s+", text) if m.end() < len(text)]
    free = [at for at in places if not any(c.start < at < c.end or c.start == c.end == at for c in changes)]
    return min(free, key=lambda at: abs(at - share * len(text)), default=None)


# ------------------------------------------------------------------------------------- sentences and words


@dataclass(frozen=True)
class _Writer:
    """Draws the changes of one version's units."""

    language: str
    dice: _Dice
    rates: Rates
    terms: Sequence[Rendering]

    def changes(self, unit: Unit, original: str, ends: Sequence[float]) -> tuple[Change, ...]:
        """Return the changes of a unit; `ends` says where, as shares, lines of its Chinese original end."""
        drawn: list[Change] = []
        if unit.kind not in NO_SENTENCES:
            drawn += self._sentences(unit.text, original, ends)
        drawn += self._marks(unit, drawn)
        drawn += self._terms(unit.text, drawn)
        drawn += self._words(unit.text, drawn)
        return tuple(sorted(drawn, key=lambda c: c.order))

    def _sentences(self, text: str, original: str, ends: Sequence[float]) -> list[Change]:
        rates, drawn = self.rates, []
        name, weight = LEAKS.get(self.language, ("", 0.0))
        last = ""
        for match in SENTENCE.finditer(text):
            sentence = match.group()
            draw = self.dice.share()
            long_enough = len(sentence.split()) >= 8
            if long_enough and draw < rates.duplicate:
                drawn.append(self._duplicate(match.start(), sentence))
            elif long_enough and draw < rates.duplicate + rates.truncation:
                drawn.append(self._truncation(match.start(), sentence, len(text), ends))
            elif last and draw < rates.duplicate + rates.truncation + rates.dangling:
                drawn += _inserted(match.start(), self._fragment(last), "dangling")
            elif draw < rates.duplicate + rates.truncation + rates.dangling + rates.leak * weight:
                han = HAN.findall(original)
                word = self.dice.one(han) if han and self.dice.chance(0.15) else name
                drawn += _inserted(match.start(), word, "language-leak")
            last = sentence
        return drawn

    def _duplicate(self, start: int, sentence: str) -> Change:
        """Return a second rendering of a sentence before or behind it, or of one of its clauses behind that."""
        clauses = [m for m in CLAUSE.finditer(sentence) if len(m.group().split()) >= 6]
        if clauses and self.dice.chance(0.35):
            clause = self.dice.one(clauses)
            copy = self._reworded(clause.group().strip().rstrip(",;")) + clause.group()[-1]
            end = start + clause.end()
            return Change(end, end, " " + copy, (Mark("duplicate", 1, len(copy) + 1, ""),), "left")
        copy = self._reworded(sentence.rstrip(".!?…»”\"')]")) + "."
        if self.dice.chance(0.7):
            return Change(start, start, copy + " ", (Mark("duplicate", 0, len(copy), ""),))
        end = start + len(sentence)
        return Change(end, end, " " + copy, (Mark("duplicate", 1, len(copy) + 1, ""),), "left")

    def _reworded(self, text: str) -> str:
        """Return a passage in other words, perhaps with its parts the other way round, perhaps without its end."""
        told = text
        for row in filter(None, SAYINGS.get(self.language, "").split("; ")):
            one, other = row.split("|") if self.dice.chance(0.5) else reversed(row.split("|"))
            if self.dice.chance(0.7):
                told = re.sub(rf"\b{re.escape(one)}\b", other, told, count=2)
        head, comma, tail = told.partition(", ")
        if comma and len(head.split()) >= 3 and len(tail.split()) >= 3 and self.dice.chance(0.3):
            told = f"{tail[0].upper()}{tail[1:].rstrip(',')}, {head[0].lower()}{head[1:]}"
        words = CITATION.sub(lambda m: m.group().partition("[")[0], told).split()
        words = [w for k, w in enumerate(words) if k < 2 or not self.dice.chance(0.05)]
        if self.dice.chance(0.6):
            words = words[: max(5, int(len(words) * self.dice.share(0.55, 0.95)))]
        if words == text.split():  # nothing was changed: at least its end is missing
            words = words[:-2]
        return " ".join(words).rstrip(",;:")

    def _truncation(self, start: int, sentence: str, length: int, ends: Sequence[float]) -> Change:
        """Return a cut of a sentence, most often at a line end of the original, with or without an invented ending."""
        words = list(re.finditer(r"\S+", sentence))
        shares = [(end * length - start) / len(sentence) for end in ends]
        shares = [share for share in shares if 0.25 < share < 0.9]
        share = self.dice.one(shares) if shares and self.dice.chance(0.85) else self.dice.share(0.35, 0.8)
        cut = max(3, min(len(words) - 2, int(share * len(words))))
        first = words[max(0, cut - 4)].start()
        new = sentence[first : words[cut - 1].end()].rstrip(",;:.") + self.dice.one(ENDINGS.get(self.language, (".",)))
        mark = Mark("truncation", 0, len(new), sentence[first:])
        return Change(start + first, start + len(sentence), new, (mark,))

    def _fragment(self, sentence: str) -> str:
        """Return the last words of a sentence as if they were one."""
        words = WORD.findall(CITATION.sub(" ", sentence)) or ["—"]
        text = " ".join(words[-self.dice.whole(1, 4) :])
        return f"{text[0].upper()}{text[1:]}."

    def _marks(self, unit: Unit, drawn: Sequence[Change]) -> list[Change]:
        """Return garbled references, note marks and section numbers."""
        changes = []
        for match in CITATION.finditer(unit.text):
            if self.dice.chance(self.rates.citation) and _free(match.start(), match.end(), drawn):
                changes.append(_replaced(match, self._garbled(match.group()), "citation-damage"))
        for match in NOTE_MARK.finditer(unit.text):
            if self.dice.chance(min(1.0, self.rates.citation * 3)) and _free(match.start(), match.end(), drawn):
                changes.append(_replaced(match, self.dice.one(FALSE_MARKS), "char-confusion"))
        number = SECTION.match(unit.text) if unit.kind == "heading" else None
        if number and self.dice.chance(self.rates.citation):
            digits = number.group()
            wrong = digits.replace(".", "") if self.dice.chance(0.6) else digits.replace(".", ". ").replace("1", "l")
            changes.append(_replaced(number, wrong, "char-confusion"))
        return changes

    def _garbled(self, citation: str) -> str:
        """Return a reference as recognition reads it: letters for digits, a bracket or the hyphen lost."""
        word, _, rest = citation.partition("[")
        numbers, _, stop = rest.partition("]")
        letters = numbers.translate(str.maketrans("12356890", self.dice.one(("lzsSGBgo", "1Z3SbBqO", "I2}5&8gO"))))
        bare = numbers.replace("-", "").replace("–", "").replace(" ", "")
        ways = (
            f"{word}[{letters}]{stop}", f"{word}f{numbers}]{stop}", f"{word} {bare}{stop}", f"{word}[{letters}J{stop}",
            f"{word} > {bare}{stop}", f"{word}[{numbers.replace('-', chr(39))}l{stop}", f"{word}({letters}]{stop}",
        )  # fmt: skip
        wrong = self.dice.one(ways)
        return wrong if wrong != citation else f"{word}f{numbers}]{stop}"

    def _terms(self, text: str, drawn: Sequence[Change]) -> list[Change]:
        """Return terms rendered wrongly."""
        changes: list[Change] = []
        for term in self.terms:
            for match in re.finditer(rf"(?<!\w){re.escape(term.form)}(?!\w)", text):
                free = _free(match.start(), match.end(), [*drawn, *changes])
                if self.dice.chance(self.rates.term) and free:
                    mark = Mark("broken-term", 0, len(term.wrong), match.group(), term.concept)
                    changes.append(Change(match.start(), match.end(), term.wrong, (mark,)))
        return changes

    def _words(self, text: str, drawn: Sequence[Change]) -> list[Change]:
        """Return words hyphenated, spaced, split, run together or misread, and numbers and elisions come apart."""
        changes: list[Change] = []
        taken = list(drawn)

        def put(start: int, end: int, new: str, kind: str) -> None:
            if new != text[start:end] and _free(start, end, taken):
                change = Change(start, end, new, (Mark(kind, 0, len(new), text[start:end]),))
                changes.append(change)
                taken.append(change)

        # Numbers and elisions are rare beside words, and come apart more easily.
        for match in (*NUMBER.finditer(text), *ELIDED.finditer(text)):
            if self.dice.chance(min(1.0, self.rates.split * 6)):
                border = match.start() + len(re.split(r"(?<=[.,'’])", match.group())[0])
                end = match.end() + len(LETTERS.match(text, match.end())[0])  # type: ignore[index]  # matches anywhere
                put(match.start(), end, f"{text[match.start() : border]} {text[border:end]}", "split-word")
        words = list(WORD.finditer(text))
        for k, match in enumerate(words):
            follower = words[k + 1].span() if k + 1 < len(words) else None
            new, kind, end = self._spoilt(text, match.span(), follower)
            put(match.start(), end, new, kind)
        return changes

    def _spoilt(self, text: str, here: tuple[int, int], follower: tuple[int, int] | None) -> tuple[str, str, int]:
        """Return what is drawn for a word: what stands there, the type of noise, where the changed text ends."""
        word, end, draw = text[slice(*here)], here[1], self.dice.share()
        for kind, rate in self._word_rates():
            draw -= rate
            if draw >= 0:
                continue
            if kind == "merged-words":
                between = text[end : follower[0]] if follower else ""
                if follower and between.endswith(" ") and between.strip() in ("", ".", ",", "%"):
                    return word + between.strip() + text[slice(*follower)], kind, follower[1]
            elif len(word) >= 5:
                return self._misspelt(word, kind), kind, end
            break
        return word, "", end

    def _word_rates(self) -> tuple[tuple[str, float], ...]:
        rates = self.rates
        return (
            ("hyphenation", rates.hyphenation),
            ("letter-spacing", rates.spacing),
            ("split-word", rates.split),
            ("merged-words", rates.merge),
            ("char-confusion", rates.confusion),
        )

    def _misspelt(self, word: str, kind: str) -> str:
        """Return a word of five letters or more with one kind of damage."""
        if kind == "hyphenation":
            at = self._syllable(word)
            return f"{word[:at]}- {word[at:]}"
        if kind == "letter-spacing":
            return " ".join(word)
        if kind == "split-word":
            at = self.dice.whole(1, len(word) - 2)
            return f"{word[:at]} {word[at:]}"
        return self._misread(word)

    def _syllable(self, word: str) -> int:
        """Return a place where a word may be broken at a line end: after a vowel, before a consonant, if it has one."""
        vowels = "aeiouyáéíóúàèùâêîôûäëïöü"
        likely = [k for k in range(2, len(word) - 1) if word[k - 1].lower() in vowels and word[k].lower() not in vowels]
        return self.dice.one(likely or range(2, len(word) - 1))

    def _misread(self, word: str) -> str:
        """Return a word with one shape taken for another, or a letter lost."""
        fitting = [(seen, read) for seen, read in SHAPES if seen in word[1:]]
        if fitting and self.dice.chance(0.85):
            seen, read = self.dice.one(fitting)
            return word[0] + word[1:].replace(seen, read, 1)
        at = self.dice.whole(1, len(word) - 2)
        return word[:at] + word[at + 1 :]


def _replaced(match: re.Match[str], new: str, kind: str) -> Change:
    return Change(match.start(), match.end(), new, (Mark(kind, 0, len(new), match.group()),))


def _inserted(at: int, text: str, kind: str) -> list[Change]:
    """Return the change that puts a text before the sentence that begins here; none for no text."""
    return [Change(at, at, text + " ", (Mark(kind, 0, len(text), ""),))] if text else []


def _free(start: int, end: int, drawn: Iterable[Change]) -> bool:
    """Return whether no change touches a stretch."""
    return not any(c.start < end and start < c.end for c in drawn)
