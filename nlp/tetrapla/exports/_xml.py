"""What the formats in XML share: elements with text in them, and what no XML can hold."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["ID", "SPACE", "add", "serialised", "storable"]

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
ID = "{http://www.w3.org/XML/1998/namespace}id"

BREAKS = re.compile(r"[\v\f\x1c-\x1f]")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def storable(text: str) -> str:
    r"""Return a text without what no XML can hold: page feeds and the like are blanks, other controls are left out.

    >>> storable("a\x0cb\x08")
    'a b'
    """
    return FORBIDDEN.sub("", BREAKS.sub(" ", text))


def add(parent: _Element, tag: str, text: str | None = None, **attributes: str) -> _Element:
    """Return a new child, in the namespace of its parent unless the tag brings one."""
    from lxml import etree

    namespace = etree.QName(parent).namespace
    full = f"{{{namespace}}}{tag}" if namespace and not tag.startswith("{") else tag
    element = etree.SubElement(parent, full, {name: storable(value) for name, value in attributes.items()})
    element.text = None if text is None else storable(text)
    return element


def serialised(root: _Element, *, whole: Collection[str] = (), doctype: str | None = None) -> bytes:
    """Return the bytes of a file, an element a line; in those called as `whole` says no blank is put."""
    from lxml import etree

    _indent(root, frozenset(whole), 1)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype)
    return data + b"\n"


def _indent(element: _Element, whole: Collection[str], depth: int) -> None:
    from lxml import etree

    if not len(element) or etree.QName(element).localname in whole:
        return
    element.text = "\n" + " " * depth
    for child in element:
        _indent(child, whole, depth + 1)
        child.tail = element.text
    child.tail = "\n" + " " * (depth - 1)
