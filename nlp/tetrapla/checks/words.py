"""Words that the page broke or the scanner fused: hyphenated at a line's end, run together.

Both ask the same question, which of two readings the vocabulary makes likelier, by unigram probabilities: a word
of strength z (see `_lexis`) has the logarithm z − 9, so that "a b" is one word rather than two when
z(ab) + 9 − z(a) − z(b), the *gain*, is large. The thresholds and weights were fitted on clean manuals (3.7 million
characters in English, Spanish and French) and on the same manuals disturbed at random; they err towards silence.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping

from tetrapla import checks
from tetrapla.checks._lexis import LETTERS, TUNED, Lexis, finding, lexis_of
from tetrapla.model import Finding, Flow, Grade, Segment, Segmented

__all__ = ["hyphenation", "merged_words"]

# ---------------------------------------------------------------------------------------------------- hyphenation

HYPHEN = re.compile(r"(?<![\w@])([^\W\d_]+)-([ \u00a0]?)(?=([^\W\d_]+)(?!\d))")

# After these a hyphen that hangs in the air is meant: "pre- and post-war", "fuerzas económico- y sociopolíticas".
CONJUNCTIONS = frozenset("and or to nor but y e o u ni et ou und oder bis bzw sowie en of ed od og och eller".split())
# First parts of compounds that are no words by themselves.
PREFIXES = frozenset(
    "anti auto bi co contra contre counter cross ex extra hyper inter intra macro mega meta micro mini mono multi neo "
    "non para poly post pre pro pseudo re self semi socio sub super supra trans tri ultra uni".split()
)
# Those of English, which are words of their own in other languages.
ENGLISH_PREFIXES = PREFIXES | frozenset("over un under".split())


@checks.add("hyphenation")
def hyphenation(text: Segmented) -> Iterator[Finding]:
    """A hyphen of a line's end that was kept inside a word ("innova- tion"), or a compound with a blank in it.

    A compound at the end of a line ("high-" / "end") and a suspended hyphen ("pre- and post-") are sound.
    """
    lexis = lexis_of(text)
    if not lexis.frequencies:
        return
    for _, _, flow in text:
        end = 0
        for match in HYPHEN.finditer(flow.text):
            first, blank, second = match.groups()
            broken = bool(blank) or flow.offsets[match.start(3)] != flow.offsets[match.end(1)] + 1
            chained = "-" in flow.text[max(0, match.start() - 1) : match.start()] + flow.text[match.end(3) :][:1]
            if match.start() < end or (chained and not broken):
                continue
            found = _unhyphenated(lexis, first, second, broken=broken, blank=bool(blank))
            if found is None:
                continue
            end = match.end(3)
            word, score, grade, why = found
            kept = "-" in word
            yield finding(
                "hyphenation",
                flow,
                (match.start(), end),
                score=score,
                grade=grade,
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
    # Where no blank stands in the flow the place itself was counted among the compounds.
    as_compound = max(0, lexis.hyphenated[compound.lower()] - (0 if blank else 1))
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
        # Unknown as one word: a real compound unless its second part is no word.
        joins = b < 3 and len(second) > 1 and first.lower() not in ENGLISH_PREFIXES
    if not broken:
        # A hyphen inside a line, without a blank, is only wrong where neither part is a word: "num-ber".
        lone = min(len(first), len(second)) < 2
        joins = joins and not (as_compound or lone) and strength >= 3 and max(a, b) < 4 and gain >= 6
    if second.lower() in CONJUNCTIONS and not (joins and a < 2.5 and strength >= 3):
        return None
    if joins:
        known = bool(as_word) or (strength >= 3 and gain >= 3)
        name = first[0].isupper() and lexis.zipf(joined) < 4 and lexis.capitals[joined.lower()] == as_word
        score = 0.98 if as_word else min(0.97, 0.55 + 0.06 * max(0.0, gain)) if strength >= 2 else 0.55
        return joined, score, "safe" if known and not name and broken else "review", why
    if not blank or (a >= 5 and b >= 6 and not as_compound):
        return None  # "as he said- which was true": a dash that lost a blank
    sure = as_compound > 0
    if not sure and (b < 3.5 or (a < 3 and first.lower() not in ENGLISH_PREFIXES)):
        return None
    return compound, 0.9 if sure else 0.7, "safe" if sure else "review", why


# --------------------------------------------------------------------------------------------------- merged-words

TOKEN = re.compile(r"(?<![\w@/\\.&+=~*#$<>%)-])[^\W\d_]{5,40}(?![\w@/\\&+=~*#$<>(-]|\.\w|['’]\w)")
STOP = re.compile(r"(?<![\w./@-])([^\W\d_]{2,40}|\d{1,9}%?)( ?[.;!?])([A-ZÀ-ÞŒ][^\W\d_]{0,40})(?![\w./@(-]|['’]\w{3})")
STRAY = re.compile(r"(?<!\w)([^\W\d_]) $")
# A year behind a month or a little word, or before one: "June2023", "in2022", "2022and".
YEAR = re.compile(
    r"(?<![\w@/\\.-])(?:([^\W\d_]{2,12})((?:1[6-9]|20)\d\d)|((?:1[6-9]|20)\d\d)([^\W\d_]{2,8}))(?![\w@/\\-]|\.\w)"
)
PERCENT = re.compile(r"(?<![\w.])(\d{1,9}(?:[.,]\d{1,9})?[ \u00a0]?%)([^\W\d_]{2,40})(?!\w)")
BRACKET = re.compile(r"(?<=\s)[^\W\d_]{0,40}\)([^\W\d_]{2,40})(?!\w)|(?<=\w )\)([^\W\d_]{2,40})(?!\w)")
CAMEL = re.compile(
    r"(?<![\w@/\\.&+=~*#$<>%-])([A-ZÀ-ÞŒ]?[^\W\d_A-ZÀ-ÞŒ]{1,40})([A-ZÀ-ÞŒ][^\W\d_]{2,40})(?![\w@/\\&+=~*#$<>(-]|\.\w)"
)

MONTHS = frozenset(
    "january february march april may june july august september october november december enero febrero marzo abril "
    "mayo junio julio agosto septiembre setiembre octubre noviembre diciembre janvier février mars avril mai juin "
    "juillet août septembre octobre novembre décembre".split()
)
# Little words that also begin words: behind one of these, an unknown word is more likely derived than run together.
BEGINNINGS: Mapping[str, frozenset[str]] = {
    "en": ENGLISH_PREFIXES
    | frozenset("a ad back de dis down en fore im in mal no off on out per test up well".split()),
    "es": PREFIXES | frozenset("a ad al bien con de del des en entre im in mal no sobre sur".split()),
    "fr": PREFIXES | frozenset("a ad ai bien de en entre im in mal on par re sous sur".split()),
}
# Little words that also end words: inflections, clitics ("editarlas"), suffixes.
ENDINGS: Mapping[str, frozenset[str]] = {
    "en": frozenset("able al an ar as ed en er es ful ible ing ism ist less ly man me ment ness or ship".split()),
    "es": frozenset("an ante ar as da das do dos en er es ir la las le les lo los me mente nos os se sen te".split()),
    "fr": frozenset("ai ais ait an ant en er es eur ir me ment ont ons os re te".split()),
}
# Words of one letter that no known word of the language begins (True) or ends with by chance: "yuanesy", "yla".
LONE = frozenset({("es", False, "y"), ("es", True, "y"), ("fr", False, "à")})
# Languages that write no two nouns as one word: an unknown form that two words make was hardly coined.
WITHOUT_COMPOUNDS = frozenset({"es", "fr"})
# The commonest words, which take part in half of all pairs; a word that is rare but known.
FREQUENT, RARE = 6.0, 2.3
# One that begins no name written as one word: "the", "los", "les".
COMMONEST = 7.0


@checks.add("merged-words")
def merged_words(text: Segmented) -> Iterator[Finding]:
    """Words run together, or a sentence begun without a blank ("paradoxesof", "this.Specifically", "10%of")."""
    lexis = lexis_of(text)
    if not lexis.frequencies:
        return
    for paragraph, _, flow in text:
        if lexis.language in TUNED:  # elsewhere a long word is more likely a compound
            for match in TOKEN.finditer(flow.text):
                yield from _merged(lexis, flow, match)
        for match in CAMEL.finditer(flow.text):
            yield from _merged_before_capital(lexis, paragraph, flow, match)
        yield from _merged_at_marks(lexis, flow)


def _merged(lexis: Lexis, flow: Flow, match: re.Match[str]) -> Iterator[Finding]:
    token = match.group()
    split = _best_split(lexis, token) if token.islower() or token[1:].islower() or token.isupper() else None
    # Behind a lone letter it is the rest of a word in pieces: "w henever".
    alone = STRAY.search(flow.text, max(0, match.start() - 3), match.start())
    if split is None or (alone is not None and not lexis.strength(alone.group(1))):
        return
    first, second = token[:split], token[split:]
    together = lexis.pairs[first.lower(), second.lower()]
    if token.isupper() and not together:
        return
    features = _features(lexis, first, second)
    chance = _chance(features)
    threshold = 0.7 if token.isupper() else _threshold(features)
    if lexis.language in WITHOUT_COMPOUNDS and _native(lexis, first) and _native(lexis, second):
        threshold = min(threshold, 0.4 if not any(features[5:8]) else threshold)
    if chance < threshold or _foreign(lexis, token):
        return
    # The plural of a known compound ("checkboxes").
    if chance < 0.9 and not features[3] and max(lexis.zipf(token[:-1]), lexis.zipf(token[:-2])) > 0:
        return
    fix = f"{first} {second}"
    name = token[0].isupper() and lexis.zipf(first) < 4
    yield finding(
        "merged-words",
        flow,
        match.span(),
        score=max(chance, 0.6),
        grade="safe" if chance >= 0.9 and not name and (features[3] or len(token) > 13) else "review",
        replacement=fix,
        evidence={"apart elsewhere": together, "together elsewhere": lexis.others(token)},
        message=f"“{fix}” is written as one word.",
    )


def _best_split(lexis: Lexis, token: str) -> int | None:
    """Return where an unknown word falls into the two likeliest words, None where it does not or is known."""
    lower = token.lower()
    if lexis.zipf(lower) > 4.2:
        return None
    best, at = 0.0, None
    for i in range(1, len(lower)):
        if min(i, len(lower) - i) == 1 and (lexis.language, i == 1, lower[0 if i == 1 else -1]) not in LONE:
            continue
        first = lexis.strength(lower[:i])
        if first < RARE:
            continue
        second = lexis.strength(lower[i:])
        # Beside one of the commonest words a rare one is enough, if it is long: no chance makes it.
        rare = min((first, i), (second, len(lower) - i))
        sound = rare[0] >= 3 or (rare[0] >= RARE and rare[1] >= 6 and max(first, second) >= FREQUENT)
        if sound and first + second > best:
            best, at = first + second, i
    return at


def _features(lexis: Lexis, first: str, second: str) -> tuple[float, ...]:
    """Return what speaks for two words: see WEIGHTS."""
    first, second = first.lower(), second.lower()
    token, together = first + second, lexis.pairs[first, second]
    a, b = lexis.strength(first), lexis.strength(second)
    # A form that the document writes apart more often than together is no word of its own.
    whole = lexis.zipf(token) if together > lexis.others(token) else lexis.strength(token, less=1)
    begins = first in BEGINNINGS.get(lexis.language, PREFIXES) or _plain(first) in PREFIXES
    ends = second in ENDINGS.get(lexis.language, ())
    frequent = (a >= FREQUENT and not begins) or (b >= FREQUENT and not ends)
    return (
        1.0,
        a + b - 9 - whole,
        min(len(token), 20),
        frequent,
        min(together, 3),
        begins,
        ends,
        lexis.others(token) > 0,
        min(len(first), len(second)),
        min(a, b),
    )


# Logistic regression on 489 pairs of words run together at random and 23,000 sound words of the manuals: constant, gain
# of two words over one, letters, a common word among them, how often they stand side by side elsewhere, a first part
# that is a prefix too, a second that is an ending too, seen elsewhere as one, letters of the shorter, strength of the
# weaker.
WEIGHTS = (-2.9, 2.0, 0.13, 1.1, 0.4, -2.6, -3.7, -1.6, 1.0, -1.1)


def _chance(features: tuple[float, ...]) -> float:
    """Return the probability (0..1) that a token is two words run together."""
    x = sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def _threshold(features: tuple[float, ...]) -> float:
    """Return the chance from which on a token is believed to be two words."""
    _, _, _, frequent, together, begins, ends, elsewhere, shortest, _ = features
    if frequent:
        return 0.5
    # The two stand side by side elsewhere, and never as one.
    if together and shortest >= 3 and not (elsewhere or begins or ends):
        return 0.27
    # Without one of the commonest words in it, it may be a term that was coined in one piece ("commandline").
    return 0.55 if together > 1 and not elsewhere else 0.7


def _native(lexis: Lexis, word: str) -> bool:
    """Return whether a word is more at home in the language of the text than in English ("package", "init")."""
    return lexis.zipf(word) >= Lexis("en").zipf(word)


def _foreign(lexis: Lexis, token: str) -> bool:
    """Return whether a token is an English word in a text of another language ("uninstall")."""
    return lexis.language != "en" and Lexis("en").zipf(token) > 0


def _plain(word: str) -> str:
    """Return a word without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _merged_before_capital(lexis: Lexis, paragraph: Segment, flow: Flow, match: re.Match[str]) -> Iterator[Finding]:
    """Find a word run together with a name ("theDebian") or with a capitalised word of a title ("CannotStay")."""
    first, second = match.groups()
    if lexis.others(match.group()):
        return
    together = lexis.pairs[first.lower(), second.lower()]
    if _before_name(lexis, first, second, together):
        score = 0.85 if together else 0.7
    elif lexis.zipf(match.group()) == 0 and _before_word(lexis, first, second):
        score = 0.75
    elif lexis.zipf(match.group()) == 0 and _in_title(lexis, paragraph, flow, first, second):
        score = 0.6
    else:
        return
    yield finding(
        "merged-words",
        flow,
        match.span(),
        score=score,
        replacement=f"{first} {second}",
        evidence={"pair": together},
        message=f"“{first} {second}” is written as one word.",
    )


def _before_name(lexis: Lexis, first: str, name: str, together: int) -> bool:
    """Return whether a common word stands before a name that the document knows."""
    seen = lexis.counts[name.lower()]
    if not 0 < seen <= 2 * lexis.capitals[name.lower()]:
        return False
    if lexis.zipf(first) >= FREQUENT and len(first) > 2 and (seen > 1 or together):
        return True
    return first.islower() and lexis.zipf(first) >= 4 and bool(together or (seen > 4 and len(first) > 3))


def _before_word(lexis: Lexis, first: str, second: str) -> bool:
    """Return whether one of the commonest words stands before a known one; "AllTrails", "OneNote" are names."""
    little = lexis.zipf(first) >= (FREQUENT if first.islower() else COMMONEST) and len(first) > 2
    return little and lexis.zipf(second) >= 3.5


def _in_title(lexis: Lexis, paragraph: Segment, flow: Flow, first: str, second: str) -> bool:
    """Return whether two everyday words stand together in a title whose words have capitals."""
    if paragraph.kind not in ("title", "heading", "caption") or min(len(first), len(second)) < 4:
        return False
    long = [word for word in LETTERS.findall(flow.text) if len(word) > 3 and word != first + second]
    capitals = sum(word[0].isupper() for word in long)
    everyday = first[0].isupper() and min(lexis.zipf(first), lexis.zipf(second)) >= 4.3
    return everyday and capitals >= max(2, 0.8 * len(long))


def _merged_at_marks(lexis: Lexis, flow: Flow) -> Iterator[Finding]:
    for match in STOP.finditer(flow.text):
        before, mark, after = match.groups()
        known = lexis.zipf(after) >= 3.5 and (before[-1] in "%0123456789" or lexis.strength(before) >= 3)
        if not known or before[0].isupper() or (" " in mark and len(after) < 2):
            continue
        if (len(after) > 1 and after.isupper()) or (lexis.zipf(after) < 5 and before[-1].isdigit()):
            continue
        yield _parted(flow, match.span(), f"{before}{mark.strip()} {after}", "A sentence begins without a blank.")
    for match in YEAR.finditer(flow.text):
        word = match.group(1) or match.group(4)
        little = word.islower() and lexis.zipf(word) >= FREQUENT
        if little or (match.group(1) and word.lower() in MONTHS):
            fix = " ".join(part for part in match.groups() if part)
            yield _parted(flow, match.span(), fix, "A word is run together with a year.")
    for match in PERCENT.finditer(flow.text):
        if lexis.zipf(match.group(2)) >= 4:
            fix = f"{match.group(1)} {match.group(2)}"
            yield _parted(flow, match.span(), fix, "A word is run together with a number.")
    for match in BRACKET.finditer(flow.text):
        word = match.group(1) or match.group(2)
        place = (match.start(1 if match.group(1) else 2) - 1, match.end())
        known = lexis.strength(word, less=1) >= 3
        split = None if known else _best_split(lexis, word)
        if known or split:
            fix = f"{word[:split]} {word[split:]}" if split else word
            yield _parted(flow, place, f") {fix}", "A word is run together with a bracket.")


def _parted(flow: Flow, place: tuple[int, int], fix: str, message: str) -> Finding:
    return finding("merged-words", flow, place, score=0.85, grade="safe", replacement=fix, message=message)
