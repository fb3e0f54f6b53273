"""Glossaries as TermBase eXchange: ISO 30042:2019, the dialect TBX-Basic in its DCA style; TBX of 2008 is read, too.

    concept      conceptEntry: subjectField, definition (in its langSec), source, crossReference, note
    term         termSec: administrativeStatus preferredTerm-admn-sts, admittedTerm-…, deprecatedTerm-…

TBX-Basic has no word for the kind of a relation, for noise and what made it, for systems, homonyms and former ids. A
cross-reference has the kind as its text; the others are notes of the form "damage: ocr", which other programs show
as they are. What is in no language section, such as a definition without a term, says its language itself.

Files of other makers are read as far as they say the same things: their ids become ours, a language of a country
("en-GB") counts as the language, and what there is no field for becomes a note. Parts of speech are left out, and so
is who made an entry and when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tetrapla.errors import InputError
from tetrapla.glossary._fields import DAMAGES, ID, field_name
from tetrapla.glossary.exchange import Exchange, registry
from tetrapla.glossary.exchange._concepts import check_ids, concept_from, own_ids
from tetrapla.markup import LANG, local_name, parse
from tetrapla.model import Concept, Status, Term

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__: list[str] = []

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
ADMINISTRATIVE: Mapping[Status, str] = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
    "noise": "deprecatedTerm-admn-sts",
}
# What a status may be called besides (TBX-Basic 4, TBX of 2008); a superseded term is one to avoid.
STATUS_KINDS = ("administrativeStatus", "usageStatus", "normativeAuthorization")
STATUS_OF: Mapping[str, Status] = {
    "preferred": "preferred", "admitted": "admitted", "deprecated": "deprecated", "superseded": "deprecated",
}  # fmt: skip
NOTED = ("note", "status", "damage", "system", "homonym", "formerly")
# Elements of 2019 and of 2008 that are one.
CONCEPT, LANGUAGE, TERM = ("conceptEntry", "termEntry"), ("langSec", "langSet"), ("termSec", "tig", "ntig")
# What is of no use to a glossary of ours.
LEFT_OUT = ("transacGrp", "partOfSpeech")


def _dump(concepts: Sequence[Concept]) -> bytes:
    from lxml import etree

    check_ids(concepts)
    root = etree.Element(f"{{{NAMESPACE}}}tbx", {"type": "TBX-Basic", "style": "dca", LANG: "en"}, {None: NAMESPACE})
    description = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(description, "titleStmt"), "title", "Glossary")
    _add(_add(description, "sourceDesc"), "p", "Exported by Tetrapla from record files (*.rec)")
    body = _add(_add(root, "text"), "body")
    for concept in concepts:
        try:
            _entry(body, concept)
        except ValueError as e:  # lxml: what no XML can hold
            raise InputError(f"{concept.id}: it has a control character, which no XML can hold; take it out") from e
    etree.indent(root, " ")
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def _add(parent: _Element, tag: str, text: str | None = None, **attributes: str) -> _Element:
    """Return a new child with this text."""
    from lxml import etree

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text
    return element


def _entry(body: _Element, concept: Concept) -> None:
    entry = _add(body, "conceptEntry", id=_xml_id(concept.id))
    if concept.subject:
        _add(entry, "descrip", concept.subject, type="subjectField")
    for relation in concept.relations:
        _add(entry, "ref", relation.type, type="crossReference", target=_xml_id(relation.target))
    for source in concept.sources:
        _add(entry, "admin", source, type="source")
    _notes(entry, "system", map(str, concept.systems))
    _notes(entry, "homonym", concept.homonyms)
    _notes(entry, "formerly", concept.formerly)
    _notes(entry, "note", concept.notes)
    codes = dict.fromkeys(term.language for term in concept.terms)
    for code, text in concept.definition.items():
        if code not in codes:  # a language section must have a term
            _add(entry, "descrip", text, type="definition").set(LANG, code)
    for code in codes:
        section = _add(entry, "langSec")
        section.set(LANG, code)
        if code in concept.definition:
            _add(section, "descrip", concept.definition[code], type="definition")
        for term in concept.terms:
            if term.language == code:
                _term(section, term)


def _term(section: _Element, term: Term) -> None:
    element = _add(section, "termSec")
    _add(element, "term", term.form)
    _add(element, "termNote", ADMINISTRATIVE[term.status], type="administrativeStatus")
    if term.status == "noise":
        _notes(element, "status", ["noise"])
    if term.damage:
        _notes(element, "damage", [term.damage])


def _notes(parent: _Element, label: str, values: Iterable[str]) -> None:
    for value in values:
        # A note of a person goes as it is, unless it would be read as one of ours.
        plain = label == "note" and _noted(value)[0] == "note" and not value.startswith("note: ")
        _add(parent, "note", value if plain else f"{label}: {value}")


def _noted(text: str) -> tuple[str, str]:
    """Return what a note is on, and what it says."""
    label, colon, value = text.partition(": ")
    return (label, value) if colon and label in NOTED else ("note", text)


def _xml_id(name: str) -> str:
    """Return a name as XML allows for ids, which begin with no digit."""
    return f"_{name}" if name[:1].isdigit() else name


def _load(data: bytes, name: str) -> list[Concept]:
    root = parse(data, name)
    if local_name(root) not in ("tbx", "martif"):
        raise InputError(f"{name}:1: no TBX, for it begins with <{local_name(root)}>, not <tbx>; is it the right file?")
    entries = [element for element in root.iter() if local_name(element) in CONCEPT]
    given = [entry.get("id", "") for entry in entries]
    ids = own_ids(map(_own_name, given))
    targets = dict(zip(given, ids, strict=True))
    return [
        concept_from(_fields(entry, id_, targets, name), name, entry.sourceline or 1)
        for entry, id_ in zip(entries, ids, strict=True)
    ]


def _own_name(xml_id: str) -> str:
    """Return what `_xml_id` made an id of."""
    return xml_id[1:] if xml_id[:1] == "_" and xml_id[1:2].isdigit() else xml_id


def _fields(entry: _Element, id_: str, targets: Mapping[str, str], name: str) -> Iterator[tuple[str, str]]:
    yield "id", id_
    for element in _facts(entry):
        yield from _fact(element, targets)
    terms: list[Term] = []
    untold: set[int] = set()
    seen: set[tuple[str, str]] = set()
    for section in _children(entry, LANGUAGE):
        code = _language(section) if section.get(LANG) or section.get("lang") else ""
        if not code:
            raise InputError(f"{name}:{section.sourceline}: a language section without xml:lang; say its language")
        for element in _facts(section):
            yield from _fact(element, targets)
        for element in _children(section, TERM):
            term, told, notes = _term_of(element, code)
            if not term.form or (code, term.form) in seen:
                continue
            seen.add((code, term.form))
            if not told:
                untold.add(len(terms))
            terms.append(term)
            yield from notes
    for term in _settled(terms, untold):
        yield field_name(term), term.form


def _settled(terms: Sequence[Term], untold: Collection[int]) -> Iterator[Term]:
    """Yield the terms with one preferred in each language.

    It is the first that the file prefers, else the first of those, `untold`, of which it tells no status.
    """
    preferred: dict[str, int] = {}
    for k, term in enumerate(terms):
        if term.status == "preferred":
            preferred.setdefault(term.language, k)
    for k in sorted(untold):
        preferred.setdefault(terms[k].language, k)
    for k, term in enumerate(terms):
        if preferred.get(term.language) == k:
            yield replace(term, status="preferred")
        else:
            yield replace(term, status="admitted") if term.status == "preferred" else term


def _children(parent: _Element, tags: Sequence[str]) -> list[_Element]:
    return [child for child in parent if local_name(child) in tags]


def _facts(parent: _Element) -> Iterator[_Element]:
    """Yield the children that tell something, those in groups (descripGrp …) too."""
    for child in parent:
        tag = local_name(child)
        if _kind(child) in LEFT_OUT:
            continue
        if tag.endswith("Grp"):
            yield from _facts(child)
        elif tag not in (*LANGUAGE, *TERM):
            yield child


def _kind(element: _Element) -> str:
    """Return the data category: an attribute in the style DCA, the name of the element in DCT."""
    return element.get("type") or local_name(element)


def _language(element: _Element) -> str:
    """Return the language of an element, by its own word or that of what it stands in; "" where nothing says."""
    for place in (element, *element.iterancestors()):
        code: str | None = place.get(LANG) or place.get("lang")
        if code:
            return code.replace("_", "-").split("-")[0].lower()
    return ""


def _fact(element: _Element, targets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    kind, text = _kind(element), _text(element)
    if kind == "subjectField":
        yield "subject", text
    elif kind == "source":
        yield "source", text
    elif kind == "definition" and (code := _language(element)):
        yield f"def_{code}", text
    elif kind == "note":
        label, value = _noted(text)
        yield (label, value) if label not in ("status", "damage") else ("note", text)
    elif kind == "crossReference" and element.get("target") in targets:
        target = targets[element.get("target", "")]
        if text in ("broader", "related"):
            yield text, target
        else:
            yield ("rel", f"{text} {target}") if ID.fullmatch(text) else ("related", target)
    elif text:
        yield "note", f"{kind}: {text}"


def _term_of(element: _Element, code: str) -> tuple[Term, bool, list[tuple[str, str]]]:
    """Return a term, whether the file tells its status, and as notes what else it tells."""
    form, damage, noise = "", None, False
    status: Status | None = None
    more: list[str] = []
    for fact in _facts(element):
        kind, text = _kind(fact), _text(fact)
        label, value = _noted(text) if kind == "note" else ("", "")
        if kind == "term" and not form:
            form = text
        elif kind in STATUS_KINDS:
            status = STATUS_OF.get(text.removesuffix("-admn-sts").removesuffix("Term"), status)
        elif (label, value) == ("status", "noise"):
            noise = True
        elif label == "damage" and value in DAMAGES:
            damage = value
        elif text:
            more.append(f"{kind}: {text}" if kind != "note" else text)
    term = Term(form, code, "noise" if noise else status or "admitted", damage=damage)
    return term, noise or status is not None, [("note", f"{form} ({code}), {told}") for told in more]


def _text(element: _Element) -> str:
    return "".join(element.itertext()).strip()


registry.add(".tbx")(Exchange(_dump, _load))
