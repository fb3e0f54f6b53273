"""What an index knows by name: concepts by every form that they have, documents, languages, types of noise."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import Any

from tetrapla.errors import UnknownNameError
from tetrapla.model import STATUSES

__all__ = ["Names"]


class Names:
    """The names in an index, read when they are first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @cached_property
    def concepts(self) -> dict[str, dict[str, Any]]:
        """The glossary as it was when the index was made: each concept as `glossary.as_json` by its id."""
        rows = self._connection.execute("SELECT id, record FROM concept ORDER BY id")
        return {name: json.loads(record) for name, record in rows}

    @cached_property
    def documents(self) -> list[tuple[int, str, str, str, str]]:
        """Each document: number in the index, name, language, path, and the name of its source."""
        return self._connection.execute(
            "SELECT live.id, live.name, live.language, live.path, source.name "
            "FROM live JOIN source ON source.id = live.source ORDER BY live.id"
        ).fetchall()

    @cached_property
    def ranges(self) -> dict[int, tuple[int, int]]:
        """The numbers of the first and the last passage of each document."""
        rows = self._connection.execute("SELECT document, min(id), max(id) FROM passage GROUP BY document")
        return {document: (first, last) for document, first, last in rows}

    @cached_property
    def _by_form(self) -> dict[str, list[tuple[int, str, str]]]:
        """Each form as it is compared: the rank of its status, its concept, how it is written."""
        found: dict[str, list[tuple[int, str, str]]] = {}
        for name, record in self.concepts.items():
            for terms in record["terms"].values():
                for term in terms:
                    rank = STATUSES.index(term["status"])
                    found.setdefault(_compared(term["form"]), []).append((rank, name, term["form"]))
        return found

    def concept(self, name: str) -> list[str]:
        """Return the ids of the concepts that a name stands for: those with this id, or that it names best.

        Raises:
            UnknownNameError: nothing in the index is called so; the message guesses.
        """
        name = name.strip()
        if self._connection.execute("SELECT 1 FROM concept WHERE id = ?", (name,)).fetchone():
            return [name]
        former = [known for known, record in self.concepts.items() if name in record.get("formerly", ())]
        found = sorted(self._by_form.get(_compared(name), ()))
        if not found and not former:
            raise _unknown("concept", name, [*self.concepts, *(f for hits in self._by_form.values() for *_, f in hits)])
        return former or list(dict.fromkeys(known for rank, known, _ in found if rank == found[0][0]))

    def narrower(self, names: Iterable[str]) -> list[str]:
        """Return concepts with all that are narrower, also by way of others."""
        below: dict[str, set[str]] = {}
        for name, record in self.concepts.items():
            for relation in record["relations"]:
                if relation["type"] == "broader":
                    below.setdefault(relation["target"], set()).add(name)
                elif relation["type"] == "narrower":
                    below.setdefault(name, set()).add(relation["target"])
        found: dict[str, None] = {}
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = None
                todo += sorted(below.get(name, ()))
        return list(found)

    def form(self, form: str) -> list[tuple[str, str]]:
        """Return the concepts that have a form, each with the form as the glossary writes it.

        Raises:
            UnknownNameError: no concept has it.
        """
        found = self._by_form.get(_compared(form))
        if not found:
            raise _unknown("form of a concept", form, (f for hits in self._by_form.values() for *_, f in hits))
        return list(dict.fromkeys((concept, written) for _, concept, written in found))

    def language(self, code: str) -> list[str]:
        """Return the languages of the index that a code stands for: of "pt", also "pt-BR".

        Raises:
            UnknownNameError: no document is in it.
        """
        known = dict.fromkeys(language for _, _, language, _, _ in self.documents)
        found = [language for language in known if language == code or language.startswith(f"{code}-")]
        if not found:
            raise _unknown("language of the index", code, known)
        return found

    def document(self, name: str) -> list[int]:
        """Return the documents with a name, or from a file or source that is called so.

        Raises:
            UnknownNameError: there is none.
        """
        found = [number for number, *names in self.documents if name in _called(names)]
        if not found:
            raise _unknown(
                "document", name, {called for _, own, _, path, _ in self.documents for called in (own, path)}
            )
        return found

    def type(self, name: str) -> str:
        """Return the name of a type of noise that the index has.

        Raises:
            UnknownNameError: it has none that is called so.
        """
        if self._connection.execute("SELECT 1 FROM finding WHERE type = ? LIMIT 1", (name,)).fetchone():
            return name
        # A look-up for each type instead of a walk through all findings.
        steps = (
            "WITH RECURSIVE known (type) AS (SELECT min(type) FROM finding UNION ALL "
            "SELECT (SELECT min(type) FROM finding WHERE type > known.type) FROM known WHERE known.type IS NOT NULL) "
            "SELECT type FROM known WHERE type IS NOT NULL"
        )
        known = [known for (known,) in self._connection.execute(steps)]
        raise UnknownNameError("type of noise in the index", name, known)


def _called(names: Sequence[str]) -> set[str]:
    own, _, path, source = names
    files = {part for file in (path, source) for part in (file, PurePath(file).name, PurePath(file).stem)}
    return {own, *files}


def _compared(form: str) -> str:
    """Return a form as it is compared: without case, quotes, kinds of dashes."""
    from tetrapla.glossary._units import squeeze

    return " ".join(squeeze(form).text.replace("-", " ").split())


LISTED = 6  # names in a message
LONGEST = 60  # characters of a name in a message


def _unknown(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error of a name that nothing is known by, with a guess; of many known names with those like it."""
    import difflib

    names = sorted(set(known))
    name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    if len(names) <= LISTED:
        return UnknownNameError(kind, name, names)
    return UnknownNameError(kind, name, difflib.get_close_matches(name, names, n=LISTED, cutoff=0.5), similar=True)
