"""How uniformly a document names each concept: its renderings, the one that it mostly uses, and those to change.

One term for one concept is what ISO 704 asks of terminology, and what those who revise a translation check first. The
form to use is the sound one (preferred or admitted) that the document uses most, so that little has to change; of two
that are as frequent it is the preferred one, and so where no sound one is used. A name that is part of the other
("corridor" for "innovation corridor") is no other name: long forms are cut short when they come again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tetrapla import languages
from tetrapla.glossary._table import FormCount
from tetrapla.glossary._units import squeeze
from tetrapla.model import SOUND, STATUSES, Concept, Mention, Term

__all__ = ["Usage", "is_akin", "is_shorter", "usages"]

# Words of one family begin with so many letters alike.
FAMILY = 5
WORDS = re.compile(r"\W+")


@dataclass(frozen=True)
class Usage:
    """How a document names a concept: its forms, inflected or not, the most frequent first; `use` is the one to use."""

    concept: Concept
    forms: tuple[FormCount, ...]
    use: Term | None

    @property
    def total(self) -> int:
        """How often the document names the concept."""
        return sum(form.count for form in self.forms)

    @cached_property
    def dominant(self) -> FormCount | None:
        """The sound form that it uses most, None where it uses none."""
        sound = [form for form in self.forms if form.term.status in SOUND]
        return min(sound, key=lambda form: (-form.count, STATUSES.index(form.term.status)), default=None)

    @property
    def share(self) -> float:
        """The share of the dominant form, 0 to 1: 1 where the document has one sound name for the concept."""
        return self.dominant.count / self.total if self.dominant else 0.0

    @property
    def to_change(self) -> tuple[FormCount, ...]:
        """The forms that would give way: wrong ones, and other names than the one to use."""
        if self.use is None:
            return ()
        use = self.use
        return tuple(form for form in self.forms if form.term != use and not _stays(form.term, use))


def _stays(term: Term, use: Term) -> bool:
    return term.status in SOUND and (is_shorter(term.form, use.form) or is_shorter(use.form, term.form))


def is_shorter(name: str, other: str) -> bool:
    """Return whether a name is a part of another one, in whole words where there are blanks between words.

    >>> is_shorter("corridor", "innovation corridor"), is_shorter("park", "parking lot"), is_shorter("园区", "飞地园区")
    (True, False, True)
    """
    short, long = squeeze(name).text, squeeze(other).text
    if short == long or short not in long:
        return False
    words, many = name.casefold().split(), other.casefold().split()
    if len(many) == 1:
        # Within one word of an alphabet nothing is a name of its own.
        return not long.isascii()
    return any(many[k : k + len(words)] == words for k in range(len(many)))


def is_akin(word: str, other: str) -> bool:
    """Return whether two words begin alike and go on in two ways: of one family, and of two parts of speech.

    >>> is_akin("divergent", "divergence"), is_akin("start-up", "startup"), is_akin("balance", "equilibrium")
    (True, False, False)
    """
    one, two = (WORDS.sub("", text.casefold()) for text in (word, other))
    return one != two and one[:FAMILY] == two[:FAMILY] and min(len(one), len(two)) >= FAMILY


def usages(mentions: Iterable[Mention], glossary: Mapping[str, Concept], language: str) -> list[Usage]:
    """Return how a document in a language names its concepts, in the order of the glossary.

    Names in other languages, such as the English gloss in a Chinese text, do not count.

    Raises:
        KeyError: a mention of a concept that the glossary does not have.
    """
    code = languages.get(language).code
    counts: dict[str, Counter[Term]] = {}
    for mention in mentions:
        if mention.term.language == code:
            counts.setdefault(mention.concept, Counter())[mention.term] += 1
    if strangers := set(counts) - set(glossary):
        raise KeyError(f"mentions of concepts that the glossary does not have: {', '.join(sorted(strangers))}")
    return [_usage(concept, counts[name], code) for name, concept in glossary.items() if name in counts]


def _usage(concept: Concept, counts: Counter[Term], code: str) -> Usage:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], STATUSES.index(item[0].status), item[0].form))
    forms = tuple(FormCount(term, count) for term, count in ranked)
    preferred = (term for term in concept.terms if (term.language, term.status) == (code, "preferred"))
    dominant = Usage(concept, forms, None).dominant
    return Usage(concept, forms, dominant.term if dominant else next(preferred, None))
