"""Which language a text is written in.

The script first: Han characters, kana, and alphabets that one language has to itself. Then the likelihood of all groups
of one to three letters under langdetect's profiles of 55 languages, with a handicap for languages that are not in
play. langdetect itself draws a few groups by chance until it feels sure, and takes short Chinese for Korean, short
headings for anything, and the same short text for another language with another seed.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

__all__ = ["IN_PLAY", "UNKNOWN", "detect"]

IN_PLAY = ("zh", "en", "es", "fr")
UNKNOWN = "und"  # ISO 639-2: undetermined

# Ranges by number: the first character of U+F900–FAFF, typed, is easily normalised to another one far below.
HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
WORD = re.compile(r"[^\W\d_]+")

# A Han character says about as much as three letters: a Chinese paper with an English abstract is a Chinese paper.
LETTERS_PER_HAN = 3
# Japanese prose has kana for about half of its letters; Chinese that quotes a Japanese name has a few.
MIN_KANA = 0.15

# The commonest small words, which every text of some length holds: in prose a quarter to a half of all words.
SMALL_WORDS = {
    code: frozenset(words.split())
    for code, words in {
        "en": "a an and are as at be by for from has have in is it not of on or that the this to was which with",
        "es": "a al como con de del el en es la las lo los más no o para por que se su un una y",
        "fr": "à au aux ce dans de des du en est et la le les ne ou par pas pour que qui se sur un une",
    }.items()
}
# Of these, the ones that no relative has (Catalan, Galician, Occitan). Where a text of so many letters has so much of
# them, and so much of the others besides, and is mostly ASCII, the groups of letters need not be asked.
OWN_WORDS = {
    code: frozenset(words.split())
    for code, words in {"en": "and of the", "es": "el las los y", "fr": "au dans du et le une"}.items()
}
LEAST_OWN, LEAST_SMALL, MANY, MOSTLY = 0.05, 0.22, 2_000, 0.8
# Lines with fewer letters say little: what is expected decides, unless small words speak for another language.
SHORT = 60
SAMPLE = 9_000  # characters; more would only cost time

# How much likelier (natural logarithm) a text must be in a language that is not in play. Of the lines and paragraphs of
# manuals and papers in those that are, one in a thousand reaches it, none of 60 letters or more; sentences in other
# languages miss it where they have fewer than ten letters, or names and little else.
HANDICAP = 16.0
# A short text is seldom in these, and often like one of them: Dutch like Afrikaans, Russian like Macedonian.
SELDOM = dict.fromkeys(("af", "cy", "mk", "so", "sw", "tl"), 15.0)
# What a group of letters that a profile lacks counts for: half of one in ten thousand.
FLOOR = 0.5e-4
# Mean logarithm of a group of letters in the best language: -4.8 to -5.6 for prose in one that has a profile, seldom
# below -5.9 in a relative of one; letters drawn by chance have -6.5. A short text says too little.
UNLIKE_ANY = -6.3
LONG = 200  # letters

# Alphabets of one language, or nearly so, by the first word of the Unicode names of their letters.
SCRIPTS = {
    "ARMENIAN": "hy", "ETHIOPIC": "am", "GEORGIAN": "ka", "HANGUL": "ko", "KHMER": "km", "LAO": "lo", "MYANMAR": "my",
    "SINHALA": "si", "TIBETAN": "bo", "THAI": "th",
}  # fmt: skip
SPACELESS = frozenset({"zh", "ja"})  # told by their characters, not by groups of letters


def detect(text: str, among: tuple[str, ...] = IN_PLAY, *, prior: str | None = None) -> str:
    """Return the ISO 639-1 code of a text's language, or "und" where it has no letters or is like no language known.

    A language without a profile of its own is taken for its nearest relative: Basque texts should be said to be so.

    `among` are the languages in play; `prior` is what is expected, e.g. of a paragraph the language of its document:
    it decides where the text is too short to tell.

    >>> detect("多语种文献的对齐"), detect("the paragraphs of a document"), detect("1999–2004")
    ('zh', 'en', 'und')
    """
    han, kana, letters = len(HAN.findall(text)), len(KANA.findall(text)), sum(map(str.isalpha, text))
    if not letters:
        return UNKNOWN
    if kana > MIN_KANA * (han + kana) and kana * LETTERS_PER_HAN > letters - han - kana:
        return "ja"
    if han * LETTERS_PER_HAN > letters - han:
        return "zh"
    sample = _sample(text)
    latin = len(sample.encode("ascii", "ignore")) >= MOSTLY * len(sample)
    if latin and letters >= MANY and (plain := _plainly(sample)):
        return plain
    if script := _by_script(sample):
        return script
    found = _likeliest(sample, letters, among, prior)
    if found and prior and letters < SHORT and _small_words(sample, found) <= _small_words(sample, prior):
        return prior
    return found or (prior if prior in among else None) or UNKNOWN


def _by_script(text: str) -> str | None:
    """Return the language whose alphabet most letters of the text belong to, if it is in one that tells."""
    scripts = Counter(unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha())
    script, count = scripts.most_common(1)[0] if scripts else ("", 0)
    return SCRIPTS.get(script) if count * 2 > scripts.total() else None


def _sample(text: str) -> str:
    """Return what to look at: pieces of the beginning, the middle and the end, no shouting."""
    if len(text) > SAMPLE:
        third, middle = SAMPLE // 3, len(text) // 2
        text = "\n".join((text[:third], text[middle - third // 2 : middle + third // 2], text[-third:]))
    # Words in capitals are skipped, and headings are made of them.
    return text.lower() if text.isupper() else text


def _small_words(text: str, language: str) -> float:
    """Return which share of the words (0..1) are the commonest of the language; 0 where we have no list of them."""
    words = [word.lower() for word in WORD.findall(text)]
    known = SMALL_WORDS.get(language, frozenset())
    return sum(word in known for word in words) / max(1, len(words))


def _plainly(text: str) -> str | None:
    """Return the language whose small words a text is full of, None where that is not plain."""
    words = Counter(word.lower() for word in WORD.findall(text))
    for code, own in OWN_WORDS.items():
        if (
            sum(words[word] for word in own) >= LEAST_OWN * words.total()
            and sum(words[word] for word in SMALL_WORDS[code]) >= LEAST_SMALL * words.total()
        ):
            return code
    return None


def _likeliest(text: str, letters: int, among: tuple[str, ...], prior: str | None) -> str | None:
    """Return the likeliest language of a text in letters, or None where it is like none that has a profile."""
    groups = _groups(text)
    if not groups:
        return None
    profiles = _profiles()
    scores = {
        code: sum(count * math.log(profile.get(group, 0.0) + FLOOR) for group, count in groups.items())
        for code, profile in profiles.items()
    }
    if letters >= LONG and max(scores.values()) < UNLIKE_ANY * groups.total():
        return None
    in_play = {code for code in (*among, prior) if code in scores}

    def rank(code: str) -> tuple[float, bool]:
        handicap = 0.0 if code in in_play else HANDICAP + SELDOM.get(code, 0.0)
        return scores[code] - handicap, code == prior

    return max(scores, key=rank)


def _groups(text: str) -> Counter[str]:
    """Return the groups of one to three letters of a text that some profile has, as langdetect cuts them."""
    from langdetect.utils.ngram import NGram

    known = _known()
    cutter = NGram()
    found: Counter[str] = Counter()
    for char in cutter.normalize_vi(text):
        cutter.add_char(char)
        if not cutter.capitalword:
            found.update(group for n in (1, 2, 3) if (group := cutter.get(n)) in known)
    return found


@cache
def _profiles() -> Mapping[str, Mapping[str, float]]:
    """Return by language how frequent each group of letters is among those of its length (0..1)."""
    from pathlib import Path

    from langdetect.detector_factory import PROFILES_DIRECTORY

    profiles = {}
    for path in sorted(Path(PROFILES_DIRECTORY).iterdir()):
        if path.name.partition("-")[0] in SPACELESS:
            continue
        profile = json.loads(path.read_text(encoding="utf-8"))
        totals = profile["n_words"]
        profiles[path.name] = {group: count / totals[len(group) - 1] for group, count in profile["freq"].items()}
    return profiles


@cache
def _known() -> frozenset[str]:
    return frozenset(group for profile in _profiles().values() for group in profile if group != " ")
