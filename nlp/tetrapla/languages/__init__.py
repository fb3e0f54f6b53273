"""What differs from language to language: one file each; any other language gets generic rules.

A file makes a `Language` and registers it::

    languages.add("it")(latin(code="it", name="Italian", ...))
"""

from __future__ import annotations

from functools import cache

from tetrapla.languages._base import HAN, Language, Word
from tetrapla.languages._latin import latin
from tetrapla.registry import Registry

__all__ = ["HAN", "Language", "Word", "get", "latin", "registry"]

registry: Registry[Language] = Registry("language", "tetrapla.languages")


@cache
def get(code: str) -> Language:
    """Return the rules of a language by its ISO 639-1 code; generic ones for a language without a file of its own.

    >>> get("en").name, get("sv").name
    ('English', 'sv')
    """
    base = code.split("-")[0].lower()
    return registry.get(base) if base in registry else latin(code=base, name=base)
