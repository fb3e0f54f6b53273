"""`tetrapla concept`: a concept of the glossary by any of its names, and the systems that concepts make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from tetrapla.cli._console import Output, counted, deliver, emit, say, table
from tetrapla.errors import InputError

if TYPE_CHECKING:
    from tetrapla.glossary import Glossary, System
    from tetrapla.model import Concept

Labels = Literal["zh", "en", "es", "fr"]
LabelsOption = Annotated[Labels, typer.Option("--labels", help="The language that concepts and relations are told in.")]
Printed = Annotated[Literal["text", "json"], typer.Option(help="How to print it.")]


class _ShowsByDefault(TyperGroup):
    """A group in which a first word that is no command is what `show` is asked for."""

    default = "show"

    # What Click calls its context is not typer's to name.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return the arguments with the default command before them where they name no command."""
        asked = next((word for word in args if not word.startswith("-") or word == "--"), None)
        wants_help = any(word in ctx.help_option_names for word in args)
        if args and asked not in self.commands and not (asked is None and wants_help):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_ShowsByDefault, no_args_is_help=True)


@app.callback()
def concept() -> None:
    """Show a concept by its id or any name in any language; list or draw the systems that concepts make.

    Example: tetrapla concept 'reverse enclave' --format json
    """


@app.command()
def show(
    name: Annotated[
        str | None, typer.Argument(metavar="ID_OR_TERM", help="Its id, or any name it has in any language.")
    ] = None,
    system: Annotated[
        str | None, typer.Option(metavar="SYSTEM", help="List a system instead, by its number, name or title.")
    ] = None,
    labels: LabelsOption = "en",
    format: Printed = "text",  # noqa: A002
) -> None:
    """Show a concept: its names, definitions, relations and systems. `show` itself may be left out.

    Example: tetrapla concept show 本地蜂鸣 --labels es

    Example: tetrapla concept show --system 3
    """
    from tetrapla.glossary import find_system, load, load_systems

    if (name is None) == (system is None):
        raise InputError("name one concept, or one system with --system: tetrapla concept show 反向飞地")
    glossary, systems = load(), load_systems()
    if system is not None:
        found = find_system(system, systems)
        emit(_json(_system_record(found, glossary)) if format == "json" else _listed(found, glossary, labels))
        return
    best, *others = glossary.find(name or "")
    emit(_json(_record(best, glossary)) if format == "json" else _told(best, glossary, systems, labels))
    if others:
        say(f"also called so: {', '.join(other.id for other in others)}")


@app.command()
def systems(labels: LabelsOption = "en", format: Printed = "text") -> None:  # noqa: A002
    """List the systems: networks of concepts that the papers describe as a whole.

    Example: tetrapla concept systems --labels zh
    """
    from tetrapla.glossary import load, load_systems, members, network

    glossary = load()
    found = load_systems()
    if format == "json":
        emit(_json([_system_record(system, glossary) for system in found]))
        return
    rows = []
    for system in found:
        own = members(glossary, system.number)
        rows.append((system.number, system.name, system.title(labels), len(own), len(network(glossary, own))))
    emit(table(("no.", "name", "title", "concepts", "relations"), rows, right=("no.", "concepts", "relations")))


@app.command()
def graph(
    system: Annotated[
        str, typer.Argument(metavar="SYSTEM", help="Its number, name or title; see `tetrapla concept systems`.")
    ],
    output: Output = "-",
    format: Annotated[  # noqa: A002
        Literal["svg", "html", "mermaid", "dot"] | None,
        typer.Option(help="What to write; told by the suffix of the output (.svg .html .mmd .dot), else svg."),
    ] = None,
    labels: LabelsOption = "en",
) -> None:
    """Draw a system: a picture, a page to explore it, or text for Mermaid or Graphviz.

    Example: tetrapla concept graph 7 -o diffusion.svg

    Example: tetrapla concept graph cobweb-model -o cobweb.html --labels zh

    Example: tetrapla concept graph 3 --format mermaid
    """
    from tetrapla.glossary import find_system, load, load_systems
    from tetrapla.report.graph import SUFFIXES, render

    suffix = Path(output).suffix.lower()
    if format is None and suffix and suffix not in SUFFIXES:
        raise InputError(f"{output}: no format is known by {suffix}; end it in {' '.join(SUFFIXES)}, or say --format")
    found = find_system(system, load_systems())
    deliver(render(found, load(), language=labels, format=format or SUFFIXES.get(suffix, "svg")), output)


def _json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _record(concept: Concept, glossary: Glossary) -> dict[str, Any]:
    """Return a concept as JSON has it, its relations with those that stand with the other concept."""
    from tetrapla.glossary import as_json, told

    relations = [{"type": relation.type, "target": relation.target} for relation in told(glossary, concept.id)]
    return as_json(concept) | {"relations": relations}


def _system_record(system: System, glossary: Glossary) -> dict[str, Any]:
    from tetrapla.glossary import members, network

    own = members(glossary, system.number)
    return {
        "number": system.number,
        "name": system.name,
        "title": dict(system.titles),
        "focus": list(system.focus),
        "figures": dict(system.figures),
        "concepts": own,
        "relations": [fact._asdict() for fact in network(glossary, own)],
        "source": list(system.sources),
    }


def _told(concept: Concept, glossary: Glossary, systems: tuple[System, ...], labels: str) -> str:
    from tetrapla.glossary import relation_label, told

    lines = [concept.id]
    for language in dict.fromkeys(term.language for term in concept.terms):
        forms = [term for term in concept.terms if term.language == language]
        listed = (form.form + _status(form.status, form.damage) for form in forms)
        lines.append(f"  {language}: {'; '.join(listed)}")
    lines += [f"  definition ({language}): {text}" for language, text in concept.definition.items()]
    if concept.subject:
        lines.append(f"  subject: {concept.subject}")
    for relation in told(glossary, concept.id):
        lines.append(f"  {relation_label(relation.type, labels)}: {_named(glossary, relation.target, labels)}")
    lines += [f"  homonym: {_named(glossary, other, labels)}" for other in concept.homonyms]
    lines += [f"  formerly: {name}" for name in concept.formerly]
    titles = {system.number: system.title(labels) for system in systems}
    lines += [f"  system {number}: {titles.get(number, '')}".rstrip(": ") for number in concept.systems]
    lines += [f"  source: {source}" for source in concept.sources]
    lines += [f"  note: {note}" for note in concept.notes]
    return "\n".join(lines) + "\n"


def _status(status: str, damage: str | None) -> str:
    if status == "preferred":
        return ""
    return f" ({status}: {damage})" if damage else f" ({status})"


def _named(glossary: Glossary, target: str, labels: str) -> str:
    form = glossary[target].preferred(labels) if target in glossary else None
    return f"{form} ({target})" if form else target


def _listed(system: System, glossary: Glossary, labels: str) -> str:
    """Return a system as its relations, those of one concept together."""
    from tetrapla.glossary import members, network, relation_label

    own = members(glossary, system.number)
    facts = network(glossary, own)
    lines = [f"{system.number} {system.name}: {system.title(labels)}"]
    for name in own:
        figure = f" [{system.figures[name]:,}]" if name in system.figures else ""
        lines.append(f"  {_named(glossary, name, labels)}{figure}")
        for fact in facts:
            if fact.source == name:
                lines.append(f"    {relation_label(fact.type, labels)}: {_named(glossary, fact.target, labels)}")
    lines.append(f"  {counted(len(own), 'concept')}, {counted(len(facts), 'relation')}")
    lines += [f"  source: {source}" for source in system.sources]
    return "\n".join(lines) + "\n"
