"""`tetrapla concept`: a concept of the glossary by any of its names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tetrapla.cli._console import emit, say

if TYPE_CHECKING:
    from tetrapla.model import Concept


def concept(
    name: Annotated[str, typer.Argument(metavar="ID_OR_TERM", help="Its id, or any name it has in any language.")],
    format: Annotated[Literal["text", "json"], typer.Option(help="How to print it.")] = "text",  # noqa: A002
) -> None:
    """Show a concept: its names in all languages, its definition and its relations.

    Example: tetrapla concept 'reverse enclave' --format json
    """
    from tetrapla.glossary import as_json, load

    found = load().find(name)
    best, others = found[0], found[1:]
    emit(json.dumps(as_json(best), ensure_ascii=False, indent=1) + "\n" if format == "json" else _told(best))
    if others:
        say(f"also called so: {', '.join(other.id for other in others)}")


def _told(concept: Concept) -> str:
    lines = [concept.id]
    for language in dict.fromkeys(term.language for term in concept.terms):
        forms = [term for term in concept.terms if term.language == language]
        listed = (form.form + ("" if form.status == "preferred" else f" ({form.status})") for form in forms)
        lines.append(f"  {language}: {'; '.join(listed)}")
    lines += [f"  definition ({language}): {text}" for language, text in concept.definition.items()]
    lines += [f"  {relation.type}: {relation.target}" for relation in concept.relations]
    lines += [f"  source: {source}" for source in concept.sources]
    return "\n".join(lines) + "\n"
