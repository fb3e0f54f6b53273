"""Which language a text is written in.

Two steps, for langdetect takes short Chinese for Korean and short headings for anything: the share of Han characters
first, then langdetect among the languages in play only. Another language is answered only where the text lacks the
small words of the one found, is long, and langdetect, asked over all that it knows, is very sure.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

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
# Papers in the three have 0.33 to 0.42; relatives stay below: Catalan, taken for Spanish, has 0.22, Italian less.
MIN_SMALL = 0.28
LONG = 200  # letters
# Of lines with fewer letters langdetect took one in a hundred for another language than that of their document.
SHORT = 60
VERY_SURE = 0.999
SAMPLE = 9_000  # langdetect looks at 10,000 characters at most; more would only cost time


def detect(text: str, among: tuple[str, ...] = IN_PLAY, *, prior: str | None = None) -> str:
    """Return the ISO 639-1 code of a text's language, or "und" where it has no letters.

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
    alphabetic = tuple(code for code in among if code not in ("zh", "ja"))
    found = _best(sample, alphabetic, prior)
    if found and prior and letters < SHORT and _small_words(sample, found) <= _small_words(sample, prior):
        return prior
    if found and (letters < LONG or _small_words(sample, found) > MIN_SMALL):
        return found
    other, sure = _over_all(sample)
    if other and (sure > VERY_SURE or not found):
        return other
    return found or (prior if prior in among else None) or UNKNOWN


def _sample(text: str) -> str:
    """Return what langdetect should see: pieces of the beginning, the middle and the end, no shouting."""
    if len(text) > SAMPLE:
        third, middle = SAMPLE // 3, len(text) // 2
        text = "\n".join((text[:third], text[middle - third // 2 : middle + third // 2], text[-third:]))
    # It skips words in capitals, which headings are made of.
    return text.lower() if text.isupper() else text


def _small_words(text: str, language: str) -> float:
    """Return which share of the words (0..1) are the commonest of the language; 0 where we have no list of them."""
    words = [word.lower() for word in WORD.findall(text)]
    known = SMALL_WORDS.get(language, frozenset())
    return sum(word in known for word in words) / max(1, len(words))


def _best(text: str, among: tuple[str, ...], prior: str | None) -> str | None:
    """Return the likeliest of some languages, or None where nothing in the text tells them apart."""
    if len(among) < 2:
        return among[0] if among else None
    ranked = _ranked(_factory(among), text)
    return next((code for code, _ in ranked if code in among), prior if prior in among else None)


def _over_all(text: str) -> tuple[str | None, float]:
    ranked = _ranked(_factory(None), text)
    return ranked[0] if ranked else (None, 0.0)


def _ranked(factory: Any, text: str) -> list[tuple[str, float]]:
    from langdetect.lang_detect_exception import LangDetectException

    detector = factory.create()
    detector.append(text)
    try:
        return [(found.lang.split("-")[0], found.prob) for found in detector.get_probabilities()]
    except LangDetectException:  # no letter group that any of its profiles knows
        return []


@cache
def _factory(among: tuple[str, ...] | None) -> Any:
    """Return a langdetect factory with these languages only (0.02 s for three), or with all (0.3 s).

    Its own global one is left alone, so that a program may use langdetect beside us.
    """
    from pathlib import Path

    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    factory = DetectorFactory()
    factory.set_seed(0)  # else the same text has another language now and then
    folder = Path(PROFILES_DIRECTORY)
    known = [folder / code for code in among or () if (folder / code).is_file()]
    if len(known) < 2:  # it refuses to choose among fewer
        factory.load_profile(str(folder))
    else:
        factory.load_json_profile([profile.read_text(encoding="utf-8") for profile in known])
    return factory
