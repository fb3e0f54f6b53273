"""What is wanted of a cleaning: which findings are applied, and what is done about the lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tetrapla import checks
from tetrapla.errors import UnknownNameError
from tetrapla.model import Finding, Grade
from tetrapla.settings import MIN_SCORE, Settings

if TYPE_CHECKING:
    from tetrapla.clean.terms import Uniform

__all__ = ["LINE_JOIN", "LINE_WRAP", "MIN_SCORE", "REJOIN", "RULES", "TERMS", "UNIFORM", "WRONG", "Choice"]

# What is done about lines, by the rules that edits of the text name.
LINE_JOIN, LINE_WRAP, REJOIN = "line-join", "line-wrap", "rejoin"
# One name for a concept: the rule for sound names, and with the checks for wrong ones all that is done about terms.
UNIFORM = "uniform-term"
WRONG = frozenset({"broken-term", "deprecated-term"})
RULES = frozenset({LINE_JOIN, LINE_WRAP, REJOIN, UNIFORM})
TERMS = WRONG | {UNIFORM}


@dataclass(frozen=True)
class Choice:
    """Which findings are to be applied, and what is done about lines.

    With `only`, nothing but these types, and lines only where it names one of `RULES`. `review` wants what is to be
    looked at, too, from a score of `min_score` (0..1) on; `rejoin` wants torn paragraphs put together, which are to be
    looked at; `width`, in columns, wraps paragraphs. `lm` (a language model) and `settings` have a say in what findings
    are worth. `terms`, the name that each concept is to have, wants what `TERMS` find from that score on, too.
    """

    only: frozenset[str] | None = None
    skip: frozenset[str] = frozenset()
    review: bool = False
    min_score: float = MIN_SCORE
    keep_lines: bool = False
    rejoin: bool = False
    width: int | None = None
    lm: str | None = None
    settings: Settings = field(default_factory=Settings)
    terms: Uniform | None = None

    @classmethod
    def of(cls, *, only: Collection[str] | None = None, skip: Collection[str] = (), **given: object) -> Choice:
        """Return a choice by names and values.

        Raises:
            UnknownNameError: `only` or `skip` names no check and no rule of `RULES`.
        """
        named = [*(only or ()), *skip]
        known = {*checks.names(), *RULES} if named else RULES
        for name in named:
            if name not in known:
                raise UnknownNameError("check", name, known)
        return cls(None if only is None else frozenset(only), frozenset(skip), **given)  # type: ignore[arg-type]

    @classmethod
    def by(cls, settings: Settings, *, lm: str | None = None, terms: Uniform | None = None) -> Choice:
        """Return the choice that settings make.

        Raises:
            UnknownNameError: `only` or `skip` names no check and no rule of `RULES`.
        """
        table = settings.clean
        return cls.of(
            only=table.only,
            skip=table.skip,
            review=table.review,
            min_score=table.min_score,
            keep_lines=table.keep_lines,
            rejoin=table.rejoin,
            width=table.width,
            lm=lm,
            settings=settings,
            terms=terms,
        )

    def wants(self, finding: Finding) -> bool:
        """Return whether a finding is to be applied."""
        return finding.replacement is not None and self._named(finding.type) and self._graded(finding)

    def _named(self, name: str) -> bool:
        return name not in self.skip and (self.only is None or name in self.only)

    def _graded(self, finding: Finding) -> bool:
        wanted = self.review or (self.terms is not None and finding.type in TERMS)
        return finding.grade == "safe" or (wanted and finding.score >= self.min_score)

    def lines(self, rule: str, grade: Grade = "safe") -> bool:
        """Return whether lines are to be changed by a rule of `RULES`, by what is safe or is to be looked at."""
        if self.keep_lines or rule in self.skip or (self.only is not None and rule not in self.only):
            return False
        return grade == "safe" or self.review

    @property
    def unseen(self) -> bool:
        """Whether only those findings are applied that a check calls safe."""
        return not self.review and not self.settings.raised

    @property
    def checks(self) -> frozenset[str] | None:
        """The types of findings to look for, None for all that are not skipped."""
        return None if self.only is None else self.only - RULES
