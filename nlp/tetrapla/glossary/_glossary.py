"""The glossary: concepts out of record files, found by any name that they have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tetrapla import languages
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.files import write_atomic
from tetrapla.glossary._fields import concept_of, field_name, fields_of, is_term
from tetrapla.glossary._records import Record, RecordFile, read_records
from tetrapla.glossary._units import Units, squeeze
from tetrapla.model import STATUSES, Concept, Term
from tetrapla.resources import corpus_root

__all__ = ["Entry", "Glossary", "UnknownConceptError", "as_json", "load", "save"]


class UnknownConceptError(UnknownNameError):
    """No concept has this id, or no concept has a term like this; its message guesses."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        from rapidfuzz import fuzz, process

        # Not all the names that there are, as the base does: they are thousands.
        near = process.extract(name, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=60)
        hint = f"did you mean {', '.join(repr(guess) for guess, _, _ in near)}?" if near else "nothing is like it"
        Exception.__init__(self, f"the glossary has no concept or term {name!r}; {hint}")


@dataclass(frozen=True)
class Entry:
    """A concept, and the record that it was read from."""

    concept: Concept
    file: RecordFile
    record: Record


@dataclass(frozen=True)
class Glossary(Mapping[str, Concept]):
    """Concepts by id, in the order of the files; nothing of the files is lost, so that `save` keeps it.

    >>> glossary = Glossary((RecordFile("g.rec", "id: buzz\\nen: local buzz\\nes: zumbido local\\n"),))
    >>> [concept.id for concept in glossary.find("Zumbidos locales")]
    ['buzz']
    """

    files: tuple[RecordFile, ...]

    @classmethod
    def of(cls, concepts: Iterable[Concept], *, name: str = "glossary.rec") -> Glossary:
        """Return a glossary of concepts made elsewhere; `name` is the file that `save` would write.

        Raises:
            ValueError: a form or definition that a record cannot hold.
        """
        file = RecordFile(name, "")
        for concept in concepts:
            file = file.with_record(fields_of(concept))
        return cls((file,))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The concepts with their records, those with an id that comes twice too.

        Raises:
            InputError: a record without id, or a field whose value is malformed; says file and line.
        """
        return tuple(Entry(concept_of(file, record), file, record) for file in self.files for record in file.records)

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for entry in self.entries:
            found.setdefault(entry.concept.id, entry)
        return found

    @cached_property
    def _by_former_id(self) -> dict[str, str]:
        return {old: concept.id for concept in self.values() for old in concept.formerly if old not in self._by_id}

    def __getitem__(self, name: str) -> Concept:
        return self._by_id[name].concept

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def concept(self, name: str) -> Concept:
        """Return the concept with this id, or that had it before.

        Raises:
            UnknownNameError: there is none; the message guesses.
        """
        return self.entry(name).concept

    def entry(self, name: str) -> Entry:
        """Return the concept with this id and its record; raises like `concept`."""
        name = self._by_former_id.get(name, name)
        if name not in self._by_id:
            raise UnknownConceptError(name, self._by_id)
        return self._by_id[name]

    def find(self, form: str) -> list[Concept]:
        """Return the concepts that a name stands for: the one whose id it is, then those that prefer it.

        The name may be an id, or a form of any status in any language; case, quotes and hyphens do not matter, and
        where nothing is called just so, neither do number and gender.

        Raises:
            UnknownNameError: nothing is called so; the message guesses.
        """
        form = form.strip()
        own = [form] if form in self._by_id else [self._by_former_id[form]] if form in self._by_former_id else []
        found = self._by_form.get(squeeze(form).text, [])
        if not found and not own:
            found = [hit for key in self._keys_of(form) for hit in self._by_words.get(key, ())]
        best_first = [name for _, name in sorted(found, key=lambda hit: hit[0])]
        if own or found:
            return [self[name] for name in dict.fromkeys(own + best_first)]
        forms = {term.form: None for concept in self.values() for term in concept.terms}
        raise UnknownConceptError(form, [*self, *forms])

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a form, in alphabetical order."""
        return tuple(sorted({term.language for concept in self.values() for term in concept.terms}))

    @cached_property
    def _by_form(self) -> dict[Any, list[tuple[int, str]]]:
        return self._index(lambda term: squeeze(term.form).text)

    @cached_property
    def _by_words(self) -> dict[Any, list[tuple[int, str]]]:
        units = self._units
        return self._index(lambda term: _words(units[term.language], term.form) if term.language in units else None)

    def _index(self, key: Callable[[Term], Any]) -> dict[Any, list[tuple[int, str]]]:
        """Return, for each key of a term that is not None, the ranks of its statuses and the concepts."""
        found: dict[Any, list[tuple[int, str]]] = {}
        for concept in self.values():
            for term in concept.terms:
                found.setdefault(key(term), []).append((STATUSES.index(term.status), concept.id))
        found.pop(None, None)
        return found

    @cached_property
    def _units(self) -> dict[str, Units]:
        # Not for Chinese and other languages without blanks, where forms are sought character by character.
        return {code: Units(code) for code in self.languages if languages.get(code).joiner}

    def _keys_of(self, form: str) -> list[tuple[Any, ...]]:
        return [_words(units, form) for units in self._units.values()]

    def with_term(self, name: str, term: Term) -> Glossary:
        """Return the glossary with a term more in the concept `name`, beside its terms of the same kind.

        Raises:
            UnknownNameError: there is no such concept.
            ValueError: the concept has a preferred term in this language, or the form cannot be written.
        """
        entry = self.entry(name)
        if term.status == "preferred" and entry.concept.preferred(term.language) is not None:
            raise ValueError(f"{name} prefers {entry.concept.preferred(term.language)!r} in {term.language!r} already")
        name_of_field = field_name(term)
        beside = [field for field in entry.record.fields if field.name == name_of_field]
        beside = beside or [field for field in entry.record.fields if is_term(field, term.language)]
        beside = beside or [field for field in entry.record.fields if is_term(field)]
        after = beside[-1] if beside else None
        return self._with_file(entry.file, entry.file.with_field(entry.record, name_of_field, term.form, after=after))

    def without_term(self, name: str, term: Term) -> Glossary:
        """Return the glossary without a term of the concept `name`.

        Raises:
            UnknownNameError: there is no such concept.
            ValueError: the concept has no such term.
        """
        entry = self.entry(name)
        for field in entry.record.fields:
            if (field.name, field.value) == (field_name(term), term.form):
                return self._with_file(entry.file, entry.file.without(field))
        raise ValueError(f"{name} has no {term.status} term {term.form!r} in {term.language!r}")

    def with_concept(self, concept: Concept, *, file: str | None = None) -> Glossary:
        """Return the glossary with a concept more at the end of a file, by default the last one.

        Raises:
            ValueError: its id is taken, there is no such file, or something in it cannot be written.
        """
        if concept.id in self:
            raise ValueError(f"there is a concept {concept.id!r} already")
        for known in reversed(self.files):
            if file is None or known.name == file:
                return self._with_file(known, known.with_record(fields_of(concept)))
        raise ValueError(f"the glossary has no file {file!r}")

    def _with_file(self, old: RecordFile, new: RecordFile) -> Glossary:
        return Glossary(tuple(new if file is old else file for file in self.files))


def _words(units: Units, form: str) -> tuple[Any, ...]:
    return (units.language.code, *units.of_form(form))


def as_json(concept: Concept) -> dict[str, Any]:
    """Return a concept as the object that `tetrapla concept --format json` prints."""
    terms: dict[str, list[dict[str, str]]] = {}
    for term in sorted(concept.terms, key=lambda term: STATUSES.index(term.status)):
        told = {"form": term.form, "status": term.status} | ({"damage": term.damage} if term.damage else {})
        terms.setdefault(term.language, []).append(told)
    return {
        "id": concept.id,
        "terms": terms,
        "definition": dict(concept.definition),
        "subject": concept.subject,
        "homonyms": list(concept.homonyms),
        "formerly": list(concept.formerly),
        "relations": [{"type": relation.type, "target": relation.target} for relation in concept.relations],
        "systems": list(concept.systems),
        "source": list(concept.sources),
        "notes": list(concept.notes),
    }


def load(folder: Path | None = None) -> Glossary:
    """Return the glossary in the record files (``*.rec``) of a folder, by default the one that comes with Tetrapla.

    A path of a single file is read as one.

    Raises:
        InputError: no such folder or no record file in it, or a malformed line; says file and line.
    """
    folder = corpus_root() / "glossary" if folder is None else folder
    paths = sorted(folder.glob("*.rec")) if folder.is_dir() else [folder]
    if not paths:
        raise InputError(f"{folder} holds no record files (*.rec)")
    glossary = Glossary(tuple(read_records(path) for path in paths))
    _ = glossary.entries  # what is malformed is told now
    return glossary


def save(glossary: Glossary) -> list[Path]:
    """Write the files whose text is not what is on disk, each whole or not at all, and return their paths.

    Raises:
        InputError: a file cannot be written.
    """
    changed = []
    for file in glossary.files:
        path = Path(file.name)
        content = file.text.encode("utf-8")
        if not path.exists() or path.read_bytes() != content:
            write_atomic(path, content)
            changed.append(path)
    return changed
