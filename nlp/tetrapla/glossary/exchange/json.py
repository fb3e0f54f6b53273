"""Glossaries as JSON: a list of what `tetrapla concept --format json` prints, under a word that says what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tetrapla.errors import InputError
from tetrapla.files import decode
from tetrapla.glossary._fields import DAMAGES, field_name
from tetrapla.glossary._glossary import as_json
from tetrapla.glossary.exchange import Exchange, registry
from tetrapla.glossary.exchange._concepts import concept_from
from tetrapla.model import STATUSES, Concept, Term

__all__: list[str] = []

LISTS = {"homonyms": "homonym", "formerly": "formerly", "source": "source", "notes": "note", "systems": "system"}


def _dump(concepts: Sequence[Concept]) -> bytes:
    return (json.dumps({"concepts": [as_json(c) for c in concepts]}, ensure_ascii=False, indent=1) + "\n").encode()


def _load(data: bytes, name: str) -> list[Concept]:
    try:
        tree = json.loads(decode(data, source=name).text)
    except (ValueError, RecursionError) as e:
        raise InputError(f"{name}: this is no JSON ({str(e)[:100]})") from e
    concepts = tree.get("concepts") if isinstance(tree, dict) else None
    if not isinstance(concepts, list):
        raise InputError(f'{name}: this is no glossary; it should be {{"concepts": [{{"id": …, "terms": …}}, …]}}')
    found = []
    for number, record in enumerate(concepts, start=1):
        try:
            found.append(concept_from(_fields(record), name, number))
        except (TypeError, KeyError, ValueError, AttributeError) as e:
            raise InputError(f"{name}: concept {number} is malformed ({type(e).__name__}: {e})") from e
    return found


def _fields(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "id", _text(record["id"])
    for code, terms in record.get("terms", {}).items():
        for term in terms:
            yield field_name(_term(code, term)), _text(term["form"])
    for code, text in record.get("definition", {}).items():
        yield f"def_{code}", _text(text)
    yield "subject", _text(record.get("subject", ""))
    for key, field in LISTS.items():
        for value in record.get(key, ()):
            yield field, str(value) if field == "system" else _text(value)
    for relation in record.get("relations", ()):
        kind, target = _text(relation["type"]), _text(relation["target"])
        yield (kind, target) if kind in ("broader", "related") else ("rel", f"{kind} {target}")


def _term(code: str, term: Mapping[str, Any]) -> Term:
    status, damage = term["status"], term.get("damage")
    if status not in STATUSES or damage not in (None, *DAMAGES):
        raise ValueError(f"status {status!r}, damage {damage!r}")
    return Term(term["form"], code, status, damage=damage)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r:.60}")
    return value


registry.add(".json")(Exchange(_dump, _load))
