"""XML from strangers: read without entities, without a network, and only as deep and as long as is sane.

libxml2 keeps its limits (256 levels, 10 million characters a text). Entities are never put in; a file that declares
some is refused, since what it says cannot be told without them. A DTD elsewhere is never fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tetrapla.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["LANG", "STRICT", "check_entities", "local_name", "parse"]

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STRICT = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False}


def parse(data: bytes, name: str) -> _Element:
    """Return the root of a file, `name` for messages.

    Raises:
        InputError: it is no XML, too deep or too long, or declares entities; says the line.
    """
    from lxml import etree

    parser = etree.XMLParser(**STRICT, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as e:
        line, what = next(((error.line, error.message) for error in parser.error_log), (1, str(e)))
        raise InputError(f"{name}:{line}: this XML cannot be read ({what}); mend it, or export it again") from e
    check_entities(root, name)
    return root


def check_entities(root: _Element, name: str) -> None:
    """Refuse a file that declares entities.

    Raises:
        InputError: it does.
    """
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise InputError(f"{name}: it declares entities, which are not read; take the <!ENTITY …> out")


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
