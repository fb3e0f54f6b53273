"""What is wrong with a text: one file a family of checks, each check a generator of findings.

A check looks and reports; it never changes what it looks at, and what is done about a finding is decided in
`tetrapla.clean`. It takes either one segmented document, or a document in the light of its other versions::

    @checks.add("hyphenation")
    def hyphenation(text: Segmented) -> Iterator[Finding]: ...

    @checks.add("broken-term", takes="comparison")
    def broken_term(comparison: Comparison) -> Iterator[Finding]: ...

The name is the type of the findings. A type may have a check of both sorts; where both report a place, the one that
saw more decides. The docstring's first line tells users what is found. A new file in this folder is a new family; other
packages offer a `Check` as an entry point of the group ``tetrapla.checks``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from tetrapla.errors import UnknownNameError
from tetrapla.model import Alignment, Concept, Finding, Mention, Segmented
from tetrapla.registry import Registry

__all__ = ["Check", "Comparison", "Takes", "add", "every", "names", "registry", "run"]

Takes = Literal["document", "comparison"]
F = TypeVar("F", bound=Callable[..., Iterator[Finding]])


@dataclass(frozen=True)
class Comparison:
    """One document, `subject` (its id), in the light of the versions that it is aligned with.

    `versions` and `mentions` go by the id of the document, `glossary` by the id of the concept.
    """

    subject: str
    alignment: Alignment
    versions: Mapping[str, Segmented]
    mentions: Mapping[str, Sequence[Mention]] = field(default_factory=dict)
    glossary: Mapping[str, Concept] = field(default_factory=dict)

    @property
    def text(self) -> Segmented:
        """The version that is looked at."""
        return self.versions[self.subject]


@dataclass(frozen=True)
class Check:
    """A check: `name` is the type of its findings, `takes` what `function` is called with.

    One that takes a comparison and `replaces` runs instead of the one that takes the document alone. What a check
    finds is for review unless it is `safe`: then some of its findings may be applied unseen, and a text that is only
    to be cleaned is shown to it.
    """

    name: str
    takes: Takes
    function: Callable[..., Iterator[Finding]]
    replaces: bool = False
    safe: bool = False

    def look(self, at: Segmented | Comparison) -> Iterator[Finding]:
        """Yield what it finds; nothing of a check that is not `safe` is applied unseen."""
        for finding in self.function(at):
            yield finding if self.safe or finding.grade == "review" else replace(finding, grade="review")

    @property
    def summary(self) -> str:
        """What it finds, in one sentence for users."""
        return (self.function.__doc__ or "").strip().split("\n")[0]


registry: Registry[Check] = Registry("check", "tetrapla.checks")

# One piece of damage has one name: the type before the colon hides findings of these types that overlap it. A
# letter-spaced word is also a word with blanks in it; what stands in a running head leaves with it.
STRONGER: Mapping[str, frozenset[str]] = {
    kind: frozenset(weaker.split())
    for kind, weaker in {
        "page-furniture": "letter-spacing hyphenation split-word merged-words citation-damage char-confusion "
        "number-mismatch",
        "letter-spacing": "split-word merged-words char-confusion",
        "hyphenation": "split-word merged-words char-confusion",
        "citation-damage": "split-word merged-words char-confusion number-mismatch citation-mismatch",
        "merged-words": "char-confusion",
        "split-word": "char-confusion number-mismatch",
        "char-confusion": "number-mismatch",
        "mojibake": "char-confusion merged-words split-word confusable",
        "ligature": "char-confusion split-word",
        "confusable": "char-confusion width",
        "language-leak": "untranslated",
        "duplicate": "repeated-word",
    }.items()
}


def add(name: str, *, takes: Takes = "document", replaces: bool = False, safe: bool = False) -> Callable[[F], F]:
    """Return a decorator that registers a check for findings of the type `name`; see `Check`.

    Raises:
        ValueError: there is a check of this name that takes the same.
    """

    def register(function: F) -> F:
        key = name if takes == "document" else f"{name}/{takes}"
        registry.add(key)(Check(name, takes, function, replaces, safe))
        return function

    return register


def every() -> list[Check]:
    """Return all checks by name, those of a document before those of a comparison."""
    return [registry.get(key) for key in registry]


def names() -> list[str]:
    """Return the types of findings that there are checks for, in alphabetical order."""
    return sorted({check.name for check in every()})


def run(
    segmented: Segmented,
    *,
    only: Collection[str] | None = None,
    skip: Collection[str] = (),
    comparison: Comparison | None = None,
    safe: bool = False,
) -> list[Finding]:
    """Return what the checks find in a text, by start.

    `only` and `skip` are types of findings. With a `comparison`, whose subject must be this text, the checks that
    look across versions run too, and take precedence over what was found without them. With `safe`, only the checks
    run that may find something to be applied unseen.

    Raises:
        UnknownNameError: `only` or `skip` names no check.
    """
    known = names()
    for name in [*(only or ()), *skip]:
        if name not in known:
            raise UnknownNameError("check", name, known)
    alone: list[Finding] = []
    compared: list[Finding] = []
    replaced = {check.name for check in every() if check.replaces and comparison is not None}
    for check in every():
        if check.name in skip or (only is not None and check.name not in only) or (safe and not check.safe):
            continue
        if check.takes == "document" and check.name in replaced:
            continue
        if check.takes == "document":
            alone += check.look(segmented)
        elif comparison is not None:
            compared += check.look(comparison)
    found = compared + _not_hidden(alone, compared, lambda a, b: a.type == b.type)
    found = _not_hidden(found, found, lambda a, b: a.type in STRONGER.get(b.type, ()))
    return sorted(found, key=_place)


def _place(finding: Finding) -> tuple[Any, ...]:
    return finding.start, finding.end, finding.type, finding.replacement or ""


def _not_hidden(
    findings: Sequence[Finding], others: Sequence[Finding], hides: Callable[[Finding, Finding], bool]
) -> list[Finding]:
    """Return the findings without those that overlap one of `others` which hides them; linear but for crowds."""
    events = sorted(others, key=lambda f: f.start)
    longest = max((f.end - f.start for f in events), default=0)
    starts = [f.start for f in events]
    kept = []
    for finding in findings:
        low = bisect_left(starts, finding.start - longest)
        high = bisect_left(starts, finding.end)
        if not any(
            other is not finding and hides(finding, other) and _touch(finding, other) for other in events[low:high]
        ):
            kept.append(finding)
    return kept


def _touch(a: Finding, b: Finding) -> bool:
    return any(x.overlaps(y) for x in a.spans for y in b.spans)
