"""How a concept is rendered: every form in every version, how often and where, what is damage, where it is missing.

Missing are the beads whose pivot side names the concept by a form that is no damage, and another version's does not:
there is no passage, or it names the concept by damaged forms only, in another language, or not at all. A form that is
deprecated for no damage names the concept: it is only advised against.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from tetrapla.model import STATUSES
from tetrapla.query._bind import BROKEN, OWN
from tetrapla.query._collocations import Collocation
from tetrapla.query._cooccurrence import Cooccurrence
from tetrapla.query._results import Row, Rows, is_broken
from tetrapla.store import words

__all__ = ["Missing", "Rendering", "Renderings", "Why", "renderings"]

Why = Literal["no passage", "damaged", "suspected", "not translated", "in a longer term", "not named"]

MENTIONED = (
    "SELECT d.name, d.language, m.form, m.language, m.status, m.damage, p.section, p.id "
    "FROM mention AS m JOIN live AS d ON d.id = m.document JOIN passage AS p ON p.id = m.passage WHERE m.concept = ?"
)
SUSPECTED = (
    "SELECT d.name, d.language, f.text, d.language, 'suspected', NULL, p.section, p.id "
    "FROM finding AS f JOIN live AS d ON d.id = f.document JOIN passage AS p ON p.id = f.passage "
    "WHERE f.type = 'broken-term' AND f.concept = ?1 AND NOT EXISTS (SELECT 1 FROM mention AS m "
    "WHERE m.passage = f.passage AND m.concept = ?1 AND m.start < max(f.end, f.start + 1) AND f.start < m.end)"
)


@dataclass(frozen=True)
class Rendering(Row):
    """A form of a concept in a version: its status, how often, in how many passages, and in which sections.

    The status is that of the glossary, or "suspected": the glossary does not have the form, but `check` took it for a
    broken term of the concept. `form_language` is another than `language` where the form was left untranslated.

    `share` is that of all mentions of the concept in the version; `sections` go with how often it stands there;
    `damage` says what made a form that should not stand, None where it is sound or that is not known.
    """

    version: str
    language: str
    form: str
    form_language: str
    status: str
    damage: str | None
    hits: int
    share: float
    passages: int
    sections: tuple[tuple[str, int], ...]

    @property
    def broken(self) -> bool:
        """Whether the form is damage, as of `model.Term`, or suspected to be."""
        return self.status == "suspected" or is_broken(self.status, self.damage)


@dataclass(frozen=True)
class Missing(Row):
    """A bead where a version lacks the concept, and why.

    "no passage": the version has nothing there. "damaged": it has nothing but the damaged `forms`, "not translated":
    nothing but `forms` of another language. "suspected": it has none of the glossary's forms, but `check` took `forms`
    for broken ones. "in a longer term": one of its forms is part of the `forms` of another concept, which is all that
    is counted there. "not named": none of these. `forms` are given as they stand in the text.

    `pivot_line` and `line` are the lines of the raw texts, from 1, on which the passages begin; `text` is that of the
    version, and `at` as far into it as the concept is into that of the pivot. Without a passage, `line` is None.
    """

    version: str
    language: str
    source: str
    bead: str
    section: str
    pivot_line: int
    line: int | None
    why: Why
    forms: tuple[str, ...]
    text: str
    at: int


@dataclass(frozen=True)
class Renderings:
    """All that an index knows of a concept: its names, its renderings by version, the gaps, and what stands near it.

    `expected` is, by version, in how many beads the pivot names the concept; those of the pivot itself are not there.
    `near` has words, `together` the concepts that the same beads name.
    """

    concept: str
    names: Mapping[str, str]
    forms: Rows[Rendering]
    missing: Rows[Missing]
    expected: Mapping[str, int]
    near: Rows[Collocation]
    together: Rows[Cooccurrence]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as one record of JSON."""
        return {
            "concept": self.concept,
            "names": dict(self.names),
            "forms": self.forms.to_dicts(),
            "missing": self.missing.to_dicts(),
            "expected": dict(self.expected),
            "near": self.near.to_dicts(),
            "together": self.together.to_dicts(),
        }


def renderings(
    connection: sqlite3.Connection,
    name: str,
    record: Mapping[str, Any],
    near: Rows[Collocation],
    together: Rows[Cooccurrence],
) -> Renderings:
    """Return how a concept is rendered; `record` is what the glossary says of it."""
    names = {code: terms[0]["form"] for code, terms in record["terms"].items() if terms[0]["status"] == STATUSES[0]}
    sound = {
        tuple(word.folded for word in words(term["form"]))
        for terms in record["terms"].values()
        for term in terms
        if not is_broken(term["status"], term.get("damage"))
    }
    missing, expected = _missing(connection, name, sound)
    return Renderings(name, names, _forms(connection, name), missing, expected, near, together)


def _forms(connection: sqlite3.Connection, name: str) -> Rows[Rendering]:
    totals: Counter[str] = Counter()
    found: dict[tuple[str, str, str, str, str, str | None], Counter[tuple[str, int]]] = {}
    for version, language, form, code, status, damage, section, passage in itertools.chain(
        connection.execute(MENTIONED, (name,)), connection.execute(SUSPECTED, (name,))
    ):
        totals[version] += 1
        key = (version, language, " ".join(form.split()), code, status, damage)
        found.setdefault(key, Counter())[section, passage] += 1
    made = []
    for key, places in found.items():
        sections: Counter[str] = Counter()
        for (section, _), count in places.items():
            sections[section] += count
        hits = sections.total()
        told = tuple(sorted(sections.items(), key=_by_number))
        made.append(Rendering(*key, hits, hits / totals[key[0]], len(places), told))
    first = _versions(connection)
    return Rows(sorted(made, key=lambda row: (first[row.version], -row.hits, row.form)))


def _by_number(section: tuple[str, int]) -> Any:
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in section[0].split(".")]


def _versions(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the names of versions in their order, pivots first."""
    rows = connection.execute(
        "SELECT d.name FROM live AS d JOIN source AS s ON s.id = d.source "
        "GROUP BY d.name ORDER BY max(s.kind = 'alignment' AND d.name = s.pivot) DESC, min(d.number), d.name"
    )
    return {name: k for k, (name,) in enumerate(rows)}


_Words = tuple[str, ...]


class _Wanted(NamedTuple):
    """A bead whose pivot names the concept: where, and as what share (0..1) of the pivot's text it first does."""

    bead: int
    name: str
    source: int
    source_name: str
    section: str
    line: int
    share: float


def _missing(connection: sqlite3.Connection, name: str, sound: Set[_Words]) -> tuple[Rows[Missing], dict[str, int]]:
    beads = connection.execute(
        "SELECT m.bead, b.name, s.id, s.name, p.section, p.line, 1.0 * min(m.start) / max(length(p.text), 1) "
        "FROM mention AS m JOIN live AS d ON d.id = m.document "
        "JOIN source AS s ON s.id = d.source AND s.pivot = d.name JOIN bead AS b ON b.id = m.bead "
        "JOIN passage AS p ON p.id = m.passage "
        f"WHERE m.concept = ? AND NOT {BROKEN.format('m')} GROUP BY m.bead ORDER BY m.bead",
        (name,),
    )
    versions: dict[int, list[tuple[int, str, str]]] = {}
    for source, number, version, language in connection.execute(
        "SELECT d.source, d.id, d.name, d.language FROM live AS d JOIN source AS s ON s.id = d.source "
        "WHERE d.name <> s.pivot ORDER BY d.number"
    ):
        versions.setdefault(source, []).append((number, version, language))
    named = {
        (bead, document)
        for bead, document in connection.execute(
            "SELECT m.bead, m.document FROM mention AS m JOIN document AS d ON d.id = m.document "
            f"WHERE m.concept = ? AND m.bead IS NOT NULL AND NOT {BROKEN.format('m')} AND {OWN.format('m')}",
            (name,),
        )
    }
    rows = []
    expected: Counter[str] = Counter()
    for bead in map(_Wanted._make, beads.fetchall()):
        for document, version, language in versions.get(bead.source, ()):
            expected[version] += 1
            if (bead.bead, document) not in named:
                rows.append(_gap(connection, name, sound, bead, document, version, language))
    order = _versions(connection)
    return Rows(sorted(rows, key=lambda row: order[row.version])), dict(expected)


def _gap(
    connection: sqlite3.Connection,
    name: str,
    sound: Set[_Words],
    bead: _Wanted,
    document: int,
    version: str,
    language: str,
) -> Missing:
    """Return what a version has instead of a concept."""
    passages = connection.execute(
        "SELECT id, line, text FROM passage WHERE bead = ? AND document = ? ORDER BY number", (bead.bead, document)
    ).fetchall()
    text = "\n".join(text for _, _, text in passages)
    why, forms = _instead(connection, name, sound, passages) if passages else ("no passage", ())
    return Missing(
        version, language, bead.source_name, bead.name, bead.section, bead.line, passages[0][1] if passages else None,
        why, forms, text, round(bead.share * len(text)),
    )  # fmt: skip


def _instead(
    connection: sqlite3.Connection, name: str, sound: Set[_Words], passages: Sequence[tuple[int, int, str]]
) -> tuple[Why, tuple[str, ...]]:
    """Return why passages do not name a concept, and the forms that they have in its place."""
    # By how much each says.
    found: dict[Why, dict[str, None]] = {"damaged": {}, "not translated": {}, "suspected": {}, "in a longer term": {}}
    for passage, _, text in passages:
        for concept, form, broken, start, end in connection.execute(
            f"SELECT m.concept, m.form, {BROKEN.format('m')}, m.start, m.end FROM mention AS m "
            "WHERE m.passage = ? ORDER BY m.start",
            (passage,),
        ):
            if concept == name:
                why: Why = "damaged" if broken else "not translated"
            elif _has_one(form, sound):
                why = "in a longer term"
            else:
                continue
            found[why][" ".join(text[start:end].split())] = None
        for (form,) in connection.execute(
            "SELECT text FROM finding WHERE passage = ? AND concept = ? AND type = 'broken-term' ORDER BY start",
            (passage, name),
        ):
            found["suspected"][" ".join(form.split())] = None
    for reason, forms in found.items():
        if forms:
            return reason, tuple(forms)
    return "not named", ()


def _has_one(form: str, sound: Set[_Words]) -> bool:
    """Return whether a form of a concept is part of a form of another."""
    own = tuple(word.folded for word in words(form))
    return any(own[k : k + len(some)] == some for some in sound for k in range(len(own) - len(some) + 1))
