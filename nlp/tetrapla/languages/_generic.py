"""Rules for a language without a file of its own: by what its script needs, and stems where Snowball has them."""

from __future__ import annotations

from tetrapla.languages._base import Language
from tetrapla.languages._latin import latin
from tetrapla.languages._spaceless import spaceless

__all__ = ["NAMES", "generic"]

NAMES = {
    "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan", "ca": "Catalan",
    "cs": "Czech", "da": "Danish", "el": "Greek", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "ja": "Japanese", "ka": "Georgian", "km": "Khmer",
    "ko": "Korean", "la": "Latin", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ms": "Malay",
    "my": "Burmese", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "pl": "Polish", "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip

# What ends a sentence in scripts without blanks between words; Thai and Lao have no such mark.
SPACELESS_ENDS = {"bo": "།༎", "ja": "。．！？!?", "km": "។៕!?", "lo": "!?", "my": "။!?", "th": "!?"}
# A point after one or two digits makes an ordinal: "3. května", "den 3. maj".
ORDINALS = frozenset("cs da et fi hr hu is lv nb nn no pl sk sl sr tr".split())
# The Greek question mark is what others take for a semicolon.
ENDS = {"el": ";\u037e"}


def generic(code: str) -> Language:
    """Return rules for a language by its ISO 639-1 code, of which nothing but its script need be known.

    It is called by its code where we have no name for it.
    """
    name = NAMES.get(code, code)
    if code in SPACELESS_ENDS:
        return spaceless(code=code, name=name, ends=SPACELESS_ENDS[code], full_width=code == "ja")
    return latin(code=code, name=name, ordinals=code in ORDINALS, ends=ENDS.get(code, ""))
