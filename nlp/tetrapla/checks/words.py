"""Words that the page broke or the scanner ran together: hyphenated at a line's end, without the blank between them.

Both ask the same question, which of two readings the vocabulary makes likelier, by unigram probabilities: a word
of strength z (see `_lexis`) has the logarithm z − 9, so that "a b" is one word rather than two when
z(ab) + 9 − z(a) − z(b), the *gain*, is large. The thresholds were fitted on clean manuals (3.7 million
characters in English, Spanish and French) and on the same manuals disturbed at random; they err towards silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tetrapla import checks
from tetrapla.checks._fused import ENGLISH_PREFIXES, SURE, Fused, fused_words
from tetrapla.checks._lexis import LETTERS, LONGEST, TUNED, Lexis, finding, letters_before, lexis_of, remembered
from tetrapla.checks._safety import begins_sentence, in_numbers, in_quoted_code
from tetrapla.checks._suspects import FREQUENT, Suspects, best_split, suspects_of
from tetrapla.languages import FULL_WIDTH
from tetrapla.model import Finding, Flow, Grade, Segment, Segmented
from tetrapla.segment.flow import conjunctions

__all__ = ["hyphenation", "merged_words"]

# ---------------------------------------------------------------------------------------------------- hyphenation

HYPHEN = re.compile(rf"-([ \u00a0]?)(?=(?![{FULL_WIDTH}])([^\W\d_]++)(?![\d_]))")
WIDE = re.compile(rf"[{FULL_WIDTH}]")


@checks.add("hyphenation", safe=True)
def hyphenation(text: Segmented) -> Iterator[Finding]:
    """A hyphen of a line's end that was kept inside a word ("innova- tion"), or a compound with a blank in it.

    A compound at the end of a line ("high-" / "end") and a suspended hyphen ("pre- and post-") are sound.
    """
    lexis = lexis_of(text)
    if not lexis.frequencies:
        return
    for flow in text.flows:
        end = 0
        for match in HYPHEN.finditer(flow.text) if "-" in flow.text else ():
            blank, second = match.groups()
            first = letters_before(flow.text, match.start())
            start = match.start() - len(first)
            before = flow.text[start - 1 : start]
            if not 0 < len(first) <= LONGEST or before.isdigit() or before in ("_", "@") or start < end:
                continue
            broken = bool(blank) or flow.offsets[match.end()] != flow.offsets[match.start()] + 1
            chained = before == "-" or flow.text[match.end(2) : match.end(2) + 1] == "-"
            if (chained and not broken) or WIDE.match(first[-1]):
                continue
            # Within a line a hyphen is only wrong in a known word: see below.
            if not broken and lexis.strength(first + second) < 3:
                continue
            found = _unhyphenated(lexis, first, second, broken=broken, blank=bool(blank))
            if found is None:
                continue
            end = match.end(2)
            word, score, grade, why = found
            name = first.isupper() or (first[0].isupper() and not begins_sentence(flow.text, start))
            unsafe = name or lexis.language not in TUNED or in_quoted_code(flow.text, start, end)
            kept = "-" in word
            yield finding(
                "hyphenation",
                flow,
                (start, end),
                score=score,
                grade="review" if unsafe else grade,
                replacement=word,
                evidence=why,
                message=f"The compound “{word}” has a blank in it."
                if kept
                else f"“{word}” was divided at the end of a line.",
            )


def _unhyphenated(
    lexis: Lexis, first: str, second: str, *, broken: bool, blank: bool
) -> tuple[str, float, Grade, Mapping[str, object]] | None:
    """Return how a hyphened word should read, how sure that is and why; None where it may stay as it is."""
    joined, compound = first + second, f"{first}-{second}"
    as_word = lexis.others(joined, less=0)
    # Where neither a blank nor a line's end divides it, the place itself was counted among the compounds.
    as_compound = max(0, lexis.hyphenated[compound.lower()] - (0 if broken else 1))
    strength, a, b = lexis.strength(joined), lexis.strength(first, less=1), lexis.strength(second, less=1)
    gain = strength + 9 - a - b
    why = {"joined": as_word, "compound": as_compound, "strength": round(strength, 1), "gain": round(gain, 1)}
    if second[0].isupper() and not joined.isupper():
        joins = False
    elif as_word or as_compound:
        joins = as_word > as_compound
    elif strength >= 2:
        joins = gain >= 2 or (strength >= 3 and gain >= 0.5)
    else:
        # Unknown as one word: a real compound unless neither part is a word.
        joins = max(a, b) < 3 and len(second) > 1 and first.lower() not in ENGLISH_PREFIXES
    if not broken:
        # A hyphen inside a line, without a blank, is only wrong where neither part is a word: "num-ber".
        lone = min(len(first), len(second)) < 2
        joins = joins and not (as_compound or lone) and strength >= 3 and max(a, b) < 4 and gain >= 6
    if second.lower() in conjunctions(lexis.language) and not (joins and (lexis.zipf(first) < 2.5 or strength >= 5)):
        return None
    if joins:
        known = bool(as_word) or strength >= 2
        name = first[0].isupper() and lexis.zipf(joined) < 4 and lexis.capitals[joined.lower()] == as_word
        score = 0.98 if as_word else min(0.97, 0.55 + 0.06 * max(0.0, gain)) if strength >= 2 else 0.55
        return joined, score, "safe" if known and not name and broken else "review", why
    if not blank or (a >= 5 and b >= 6 and not as_compound):
        return None  # "as he said- which was true": a dash that lost a blank
    sure = as_compound > 0
    if not sure and (b < 3.5 or (a < 3 and first.lower() not in ENGLISH_PREFIXES)):
        return None
    return compound, 0.9 if sure else 0.7, "review", why


# --------------------------------------------------------------------------------------------------- merged-words

# Signs of addresses, paths and code stand on neither side of a word that may be two.
TOKEN = re.compile(r"(?<![\w@/\\.&+=~*#$<>%`)-])[^\W\d_]{5,40}+(?![\w@/\\&+=~*#$<>`(]|-[\W\d_]|\.\w|['’]\w)")
QUOTED = re.compile(r"[\"'“‘«]\w+[\"'”’»]")
# A capital behind a small letter, or two before small ones.
INNER = re.compile(r"[A-ZÀ-ÞŒ](?:(?<=[^\W\d_A-ZÀ-ÞŒ].)|[A-ZÀ-ÞŒ][^\W\d_A-ZÀ-ÞŒ])")
CAMEL = re.compile(r"([A-ZÀ-ÞŒ]?[^\W\d_A-ZÀ-ÞŒ]{1,40}+)([A-ZÀ-ÞŒ][^\W\d_]{2,40})")
ACRONYM = re.compile(r"([A-ZÀ-ÞŒ]{2,40})([^\W\d_A-ZÀ-ÞŒ]{3,40})")
CODE = frozenset("@/\\&+=~*#$<>%`(-_")
STOP = re.compile(r"[.!?;](?=([A-ZÀ-ÞŒ][^\W\d_]{0,40}+)(?![\w./@(-]|['’]\w{3}))")
BEFORE_STOP = re.compile(r"(?<![\w./@-])([^\W\d_]{2,40}|\d{1,9}%?) ?$")
# A year behind a month or a little word, or before one: "June2023", "in2022", "2022and".
YEAR = re.compile(r"[12](?:(?<=1)[6-9]|(?<=2)0)\d\d(?!\d)")
PERCENT = re.compile(r"%([^\W\d_]{2,40}+)(?!\w)")
PERCENTAGE = re.compile(r"(?<![\w.])\d{1,9}(?:[.,]\d{1,9})?[ \u00a0]?$")
NOTE = re.compile(rf"[①-⑳](?![{FULL_WIDTH}])[^\W\d_]{{3,40}}+(?!\w)")
BRACKET = re.compile(rf"\)(?![{FULL_WIDTH}])([^\W\d_]{{2,40}}+)(?!\w)")
# Nothing of all that stands where this does not: a capital inside a word, a mark before a letter, four figures.
MARKED = re.compile(
    r"[A-ZÀ-ÞŒ.!?;%①-⑳)12](?:(?<=[^\W\d_A-ZÀ-ÞŒ][A-ZÀ-ÞŒ])|(?<=[A-ZÀ-ÞŒ])[A-ZÀ-ÞŒ][^\W\d_A-ZÀ-ÞŒ]"
    r"|(?<=[.!?;%①-⑳)])(?=[^\W\d_])|(?<=[12])\d{3})"
)

MONTHS = frozenset(
    "january february march april may june july august september october november december enero febrero marzo abril "
    "mayo junio julio agosto septiembre setiembre octubre noviembre diciembre janvier février mars avril mai juin "
    "juillet août septembre octobre novembre décembre".split()
)
# One of these begins no name written as one word: "the", "los", "les".
COMMONEST = 7.0
# Few names that look like two words have more letters.
LONG = 10
# In clean texts words run together, and words that look so, are further apart than so many characters.
CLEAN = 5_000


class Parted(NamedTuple):
    """Words run together: their place in a flow, how they should read, how sure that is (0..1), and why."""

    place: tuple[int, int]
    words: str
    score: float
    sure: bool
    message: str
    evidence: Mapping[str, object] = {}


@checks.add("merged-words", safe=True)
def merged_words(text: Segmented) -> Iterator[Finding]:
    """Words run together, or a sentence begun without a blank ("paradoxesof", "this.Specifically", "10%of")."""
    lexis = lexis_of(text)
    if not lexis.frequencies:
        return
    suspects, fused = suspects_of(text), fused_words(text)
    found: list[tuple[Flow, Parted]] = []
    for (paragraph, _, flow), here in zip(text, suspects.places, strict=True):
        if not fused.keys().isdisjoint(here.fused):
            found += [(flow, parted) for parted in _fused(lexis, fused, flow.text)]
        if _marks(flow.text) is not NO_MARKS:
            found += [(flow, parted) for parted in _before_capitals(lexis, suspects, paragraph, flow.text)]
            found += [(flow, parted) for parted in _at_marks(lexis, flow.text)]
    found = [(flow, parted) for flow, parted in found if not in_quoted_code(flow.text, *parted.place)]
    starts = [flow.offsets[parted.place[0]] for flow, parted in found if parted.sure]
    safe = in_numbers(starts, len(text.document.text), rate=CLEAN) if lexis.language in TUNED else frozenset()
    for flow, parted in found:
        yield finding(
            "merged-words",
            flow,
            parted.place,
            score=parted.score,
            grade="safe" if flow.offsets[parted.place[0]] in safe and parted.sure else "review",
            replacement=parted.words,
            evidence=parted.evidence,
            message=parted.message,
        )


def _fused(lexis: Lexis, words: Mapping[str, Fused], text: str) -> Iterator[Parted]:
    """Give the words of a flow that fall into two."""
    for letters in LETTERS.finditer(text):
        fused = words.get(letters.group().lower())
        match = TOKEN.match(text, letters.start()) if fused is not None else None
        if fused is None or match is None or match.end() != letters.end():
            continue
        token = match.group()
        if not (token[1:].islower() or (token.isupper() and fused.together)):
            continue
        # The rest of a word in pieces: "w henever".
        before = letters_before(text, match.start() - 1) if text[match.start() - 1 : match.start()] == " " else ""
        if before and lexis.zipf(before + token) > 0:
            continue
        first, second = token[: fused.split], token[fused.split :]
        inside = token[0].isupper() and not begins_sentence(text, match.start())
        capital = lexis.capitals[first.lower()] or lexis.zipf(first) >= FREQUENT or len(token) > LONG
        if inside and not token.isupper() and (fused.chance < SURE or not capital):
            continue  # a name that looks like two words
        named = not token.islower() and (inside or lexis.zipf(first) < FREQUENT or not token[1:].islower())
        quoted = QUOTED.match(text, max(0, match.start() - 1)) is not None
        yield Parted(
            match.span(),
            f"{first} {second}",
            max(fused.chance, 0.6),
            fused.chance >= SURE and not named and not quoted,
            f"“{first} {second}” is written as one word.",
            {"apart elsewhere": fused.together, "together elsewhere": lexis.others(token)},
        )


def _before_capitals(lexis: Lexis, suspects: Suspects, paragraph: Segment, text: str) -> Iterator[Parted]:
    """Give words run together with a name ("theDebian", "HTMLcode") or a capitalised one of a title ("CannotStay")."""
    end = 0
    for match in _marks(text).inner:
        if match.start() < end:
            continue  # another capital of the same word
        start = match.start() - len(letters_before(text, match.start()))
        letters = LETTERS.match(text, start)
        if letters is None:
            continue
        token, end = letters.group(), letters.end()
        before, after = text[start - 1 : start], text[end : end + 2]
        coded = before in CODE or before == "." or after[:1] in CODE or (after[:1] == "." and after[1:].isalnum())
        if coded or before.isdigit() or after[:1].isdigit() or lexis.others(token):
            continue
        parts = _parts(lexis, suspects, paragraph, text, token)
        if parts is not None:
            first, second, score = parts
            pair = suspects.beside.get((first.lower(), second.lower()), 0)
            message = f"“{first} {second}” is written as one word."
            yield Parted((start, end), f"{first} {second}", score, False, message, {"pair": pair})


def _parts(
    lexis: Lexis, suspects: Suspects, paragraph: Segment, text: str, token: str
) -> tuple[str, str, float] | None:
    """Return the two words that a word with capitals inside is made of, and how sure that is; None for a name."""

    def together(first: str, second: str) -> int:
        return suspects.beside.get((first.lower(), second.lower()), 0)

    unknown = lexis.zipf(token) == 0
    if camel := CAMEL.fullmatch(token):
        first, second = camel.groups()
        if _before_name(lexis, first, second, together(first, second)):
            return first, second, 0.85 if together(first, second) else 0.7
        if unknown and _before_word(lexis, first, second):
            return first, second, 0.75
        if unknown and _is_no_name(lexis, first, second):
            return first, second, 0.65
        if unknown and _in_title(lexis, paragraph, text, first, second):
            return first, second, 0.6
    elif acronym := ACRONYM.fullmatch(token):
        first, second = acronym.groups()
        if together(first, second) or (unknown and lexis.capitals[first.lower()] and lexis.zipf(second) >= 4):
            return first, second, 0.7
        first, second = first[:-1], first[-1] + second
        if together(first, second) or (
            len(first) > 2 and unknown and min(lexis.zipf(first) - 1, lexis.zipf(second)) >= 3.5
        ):
            return first, second, 0.65
    return None


def _before_name(lexis: Lexis, first: str, name: str, together: int) -> bool:
    """Return whether a common word stands before a name that the document knows."""
    seen = lexis.counts[name.lower()]
    if not 0 < seen <= 2 * lexis.capitals[name.lower()]:
        return False
    if lexis.zipf(first) >= FREQUENT and len(first) > 2 and (seen > 1 or together):
        return True
    if name.isupper() and first.islower() and lexis.zipf(first) >= 5 and len(first) > 2:
        return True
    return first.islower() and lexis.zipf(first) >= 4 and bool(together or (seen > 4 and len(first) > 3))


def _before_word(lexis: Lexis, first: str, second: str) -> bool:
    """Return whether one of the commonest words stands before a known one; "AllTrails", "OneNote" are names."""
    little = lexis.zipf(first) >= (FREQUENT if first.islower() else COMMONEST) and len(first) > 2
    return little and lexis.zipf(second) >= 3.5


def _is_no_name(lexis: Lexis, first: str, second: str) -> bool:
    """Return whether a word of a language in which nobody coins names in camel case stands before a known one."""
    if lexis.language not in ("es", "fr") or not first.islower() or len(first) < 4:
        return False
    own = lexis.zipf(first)
    return own >= 3.5 and lexis.strength(second) >= 3 and own > Lexis("en", common=True).zipf(first)


def _in_title(lexis: Lexis, paragraph: Segment, text: str, first: str, second: str) -> bool:
    """Return whether two everyday words stand together in a title whose words have capitals."""
    if paragraph.kind not in ("title", "heading", "caption") or min(len(first), len(second)) < 4:
        return False
    long = [word for word in LETTERS.findall(text) if len(word) > 3 and word != first + second]
    capitals = sum(word[0].isupper() for word in long)
    everyday = first[0].isupper() and min(lexis.zipf(first), lexis.zipf(second)) >= 4.3
    return everyday and capitals >= max(2, 0.8 * len(long))


class _Marks(NamedTuple):
    """Where in a text words may be run together: at capitals inside them, and at marks and numbers."""

    inner: Sequence[re.Match[str]]
    stops: Sequence[re.Match[str]]
    years: Sequence[re.Match[str]]
    percents: Sequence[re.Match[str]]
    notes: Sequence[re.Match[str]]
    brackets: Sequence[re.Match[str]]


NO_MARKS = _Marks((), (), (), (), (), ())


@remembered
def _marks(text: str) -> _Marks:
    if MARKED.search(text) is None:
        return NO_MARKS
    marks = _Marks(*(list(shape.finditer(text)) for shape in (INNER, STOP, YEAR, PERCENT, NOTE, BRACKET)))
    return marks if any(marks) else NO_MARKS


def _at_marks(lexis: Lexis, text: str) -> Iterator[Parted]:
    """Give words run together with a full stop, a year, a percentage, a bracket."""
    marks = _marks(text)
    for match in marks.stops:
        yield from _at_stop(lexis, text, match)
    for match in marks.years:
        yield from _at_year(lexis, text, match)
    for match in marks.percents:
        number = PERCENTAGE.search(text, max(0, match.start() - 25), match.start())
        word = match.group(1)
        if number is not None and lexis.zipf(word) >= 4:
            place = number.start(), match.end()
            yield _parted(place, f"{number.group()}% {word}", "A word is run together with a number.")
    for match in marks.notes:
        words = f"{match.group()[0]} {match.group()[1:]}"
        yield Parted(match.span(), words, 0.7, False, "A word is run together with the mark of a note.")
    for match in marks.brackets:
        word = match.group(1)
        at = match.start() - len(letters_before(text, match.start()))
        if not text[at - 1 : at].isspace():
            continue
        known = lexis.strength(word, less=1) >= 3
        split = None if known else best_split(lexis, word.lower())
        if known or split:
            fix = f"{word[:split]} {word[split:]}" if split else word
            yield _parted(match.span(), f") {fix}", "A word is run together with a bracket.")


def _at_stop(lexis: Lexis, text: str, match: re.Match[str]) -> Iterator[Parted]:
    stop = BEFORE_STOP.search(text, max(0, match.start() - LONGEST - 2), match.start())
    if stop is None:
        return
    before, after = stop.group(1), match.group(1)
    known = lexis.zipf(after) >= 3.5 and (before[-1] in "%0123456789" or lexis.strength(before) >= 3)
    apart = stop.end() > stop.end(1)
    if not known or before[0].isupper() or (apart and len(after) < 2):
        return
    if (len(after) > 1 and after.isupper()) or (lexis.zipf(after) < 5 and before[-1].isdigit()):
        return
    fix = f"{before}{match.group()} {after}"
    yield _parted((stop.start(), match.end(1)), fix, "A sentence begins without a blank.")


def _at_year(lexis: Lexis, text: str, match: re.Match[str]) -> Iterator[Parted]:
    before = letters_before(text, match.start())
    behind = LETTERS.match(text, match.end())
    after = behind.group() if behind else ""
    start, end = match.start() - len(before), match.end() + len(after)
    coded = text[start - 1 : start] in CODE | {"."} or text[end : end + 1] in CODE or text[end : end + 1].isdigit()
    if coded or text[start - 1 : start].isdigit() or bool(before) == bool(after):
        return
    word = before or after
    little = word.islower() and lexis.zipf(word) >= FREQUENT and len(word) > 1
    if little or (word.lower() in MONTHS and before):
        fix = " ".join(part for part in (before, match.group(), after) if part)
        yield _parted((start, end), fix, "A word is run together with a year.")


def _parted(place: tuple[int, int], words: str, message: str) -> Parted:
    return Parted(place, words, 0.85, True, message)
