"""What differs from language to language: one file each; any other language gets generic rules.

A file makes a `Language` and registers it::

    registry.add("sv")(latin(code="sv", name="Swedish", ...))
"""

from __future__ import annotations

from functools import cache

from tetrapla.languages._base import FULL_WIDTH, HAN, SPACELESS, Language, Word, without_accents
from tetrapla.languages._generic import NAMES, generic
from tetrapla.languages._latin import latin
from tetrapla.registry import Registry

__all__ = [
    "FULL_WIDTH",
    "HAN",
    "SPACELESS",
    "Language",
    "Word",
    "get",
    "has_own_rules",
    "is_known",
    "latin",
    "registry",
    "without_accents",
]

registry: Registry[Language] = Registry("language", "tetrapla.languages")


@cache
def get(code: str) -> Language:
    """Return the rules of a language by its ISO 639-1 code; generic ones for a language without a file of its own.

    >>> get("en").name, get("sv").name, get("tlh").name
    ('English', 'Swedish', 'tlh')
    """
    base = _base(code)
    return registry.get(base) if base in registry else generic(base)


def has_own_rules(code: str) -> bool:
    """Return whether a language has a file of its own, or generic rules only.

    >>> has_own_rules("zh-TW"), has_own_rules("sv")
    (True, False)
    """
    return _base(code) in registry


def is_known(code: str) -> bool:
    """Return whether a code is that of a language that has rules of its own, or a name here at least.

    >>> is_known("pt-BR"), is_known("sv"), is_known("xx")
    (True, True, False)
    """
    return _base(code) in registry or _base(code) in NAMES


def _base(code: str) -> str:
    return code.split("-")[0].lower()
