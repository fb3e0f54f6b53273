"""What a glossary lacks, as far as aligned texts tell: new concepts, and new forms of concepts that it knows.

    versions -> words -> candidates (C-value, keyness) -> without what is known
             -> ranked, also by how the other versions render them -> the best that do not lie across each other
             -> put together with what stands opposite -> records to review

Nothing is decided here: a person goes through the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapla.errors import UnknownNameError
from tetrapla.glossary import Glossary
from tetrapla.model import Alignment, Mention, Segmented
from tetrapla.progress import Progress, silent
from tetrapla.propose._concepts import NewConcept, Wording, new_concepts
from tetrapla.propose._forms import NewForm, new_forms
from tetrapla.propose._ranking import Pick, Ranking, picked
from tetrapla.propose._records import records
from tetrapla.propose._survey import Survey, survey

__all__ = [
    "NewConcept",
    "NewForm",
    "Pick",
    "Proposals",
    "Ranking",
    "Survey",
    "Wording",
    "new_concepts",
    "picked",
    "propose",
    "records",
    "survey",
]


@dataclass(frozen=True)
class Proposals:
    """What may be added to a glossary, the best first."""

    concepts: Sequence[NewConcept]
    forms: Sequence[NewForm]


def propose(
    versions: Mapping[str, Segmented],
    alignment: Alignment,
    mentions: Mapping[str, Sequence[Mention]],
    glossary: Glossary,
    *,
    limit: int = 100,
    language: str | None = None,
    concepts: bool = True,
    forms: bool = True,
    progress: Progress = silent,
) -> Proposals:
    """Return what a glossary may lack, `limit` new concepts and `limit` new forms at most for each version.

    `mentions` are those of the glossary in the versions, both by document id; `language` is that of the versions that
    proposals are made for, by default all.

    Raises:
        UnknownNameError: no version is in the language.
    """
    codes = {name: version.document.language for name, version in versions.items()}
    if language is not None and language not in codes.values():
        raise UnknownNameError("language of this alignment", language, codes.values())
    chosen = [name for name, code in codes.items() if language in (None, code)]
    found = survey(versions, alignment, progress)
    rankings = found.rankings(mentions, glossary)
    return Proposals(
        new_concepts(found, rankings, limit, chosen, progress) if concepts else (),
        new_forms(found, rankings, glossary, limit, chosen, progress) if forms else (),
    )
