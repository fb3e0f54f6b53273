"""Repairs weighed by a language model of the user's own; never by default.

The model is one that transformers can load (the extra ``embed`` brings torch), causal or masked: a folder, or a name
that the cache of Hugging Face has on this machine. Nothing is downloaded and no code out of a model is run.

A passage is read as it stands and with each repair that is proposed: about forty words on either side of the finding.
How likely a reading is, is the mean natural logarithm of the probability of its tokens, of the words that change and
of `BESIDE` words before and behind them. A causal model gives each token by those before it, a masked one by all others
(pseudo-log-likelihood, Salazar et al. 2020) but the rest of its word, or the pieces of a long word would vouch for each
other (Kauf & Ivanova 2023); it is asked for every second token of a long stretch, or fewer.

What the repair gains a token moves the odds of the finding's score, by no more than a factor of ``exp(PUSH)`` either
way::

    log odds of the score + PUSH * (2 / (1 + exp(-gain / SCALE)) - 1)

so that the surest repair that loses more than about half a nat a token falls below 0.5; it stays a finding all the
same. A repair that loses `DOUBT` or more is for review, and so is one that the check did not propose as the best.
Nothing becomes safe.

A model counts no numbers: a repair that changes a digit is left as it is. Where a passage goes, its own likelihood says
nothing, and that of the words behind it is asked for, with and without it; whole lines are left as they are, for what
the next line says hardly hangs on them. Of two copies a model can tell which reads worse, not that there are two: the
text without the one is compared with the text without the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tetrapla.model import Document, Finding, Span
from tetrapla.progress import Progress, silent

__all__ = ["LanguageModel", "Passage", "Ranker", "moved", "ranked"]

BESIDE = 3  # words on either side of a change whose likelihood counts
BESIDE_LONGEST = 36  # characters of them at most: Chinese has no white space between words
CONTEXT = 240  # characters read on either side, about forty words
LONGEST_WORD = 30  # characters by which that is less, so as not to begin or end inside a word
WIDE = 3  # what a character counts in that of a script that has words of one or two
WIDE_FROM = "\u2e80"

PUSH = 5.0  # what a model can add to the log odds of a score, or take
SCALE = 0.25  # of a gain, nats a token: a change of a word is some ten tokens with the words beside it
SURE = 0.98  # scores above, and below the rest to 1, have odds as this one
DOUBT = 0.1  # nats a token that a repair may lose and still be safe

BATCH = 16  # passages read at a time
KNOWN = 20_000  # readings whose likelihood is remembered
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_BLANKS = re.compile(r"[^\S\n]{2,}")
_WORD = re.compile(r"\S+")


class Passage(NamedTuple):
    """A text to read, and the stretch of it, in code points, whose likelihood is asked for."""

    text: str
    start: int
    end: int


# Gives the mean natural log-probability of the tokens in each stretch, None where it cannot read the passage.
LanguageModel = Callable[[Sequence[Passage]], Sequence[float | None]]


@dataclass(frozen=True)
class _Question:
    """What a finding is weighed by: the passage that is to be beaten, and the passage of each repair."""

    standing: Passage
    repairs: Mapping[str, Passage]

    @property
    def passages(self) -> tuple[Passage, ...]:
        return (self.standing, *self.repairs.values())


class Ranker:
    """Weighs findings by one language model, which is loaded once; what it has read it need not read again.

    `model` is a folder, a name in the cache of Hugging Face, or what stands in for a model; `batch` passages are read
    at a time, on the GPU if there is one.

    Raises:
        InputError: no such model on this machine, or it is no language model that can be used.
        MissingPackageError: torch is not installed.
    """

    def __init__(self, model: str | Path | LanguageModel, *, batch: int = BATCH) -> None:
        if isinstance(model, str | Path):
            from tetrapla.rank._model import load

            model = load(model)
        self._model = model
        self._batch = batch
        self._known: dict[Passage, float | None] = {}

    def __call__(
        self, document: Document, findings: Iterable[Finding], *, progress: Progress = silent
    ) -> list[Finding]:
        """Return the findings of a document in their order, as the model weighs them; see `ranked`."""
        given = list(findings)
        questions = [_question(document, finding) for finding in given]
        self._read([passage for question in questions if question for passage in question.passages], progress)
        return [
            finding if question is None else self._weighed(finding, question)
            for finding, question in zip(given, questions, strict=True)
        ]

    def _read(self, passages: Iterable[Passage], progress: Progress) -> None:
        if len(self._known) > KNOWN:
            self._known.clear()
        # Passages of like length share a batch, so that little of it is padding; the longest tell first what fits.
        missing = [passage for passage in dict.fromkeys(passages) if passage not in self._known]
        missing.sort(key=lambda passage: (-len(passage.text), passage))
        for start in range(0, len(missing), self._batch):
            some = missing[start : start + self._batch]
            self._known.update(zip(some, self._model(some), strict=True))
            progress("ranking", start + len(some), len(missing))

    def _weighed(self, finding: Finding, question: _Question) -> Finding:
        standing = self._known[question.standing]
        likely = {new: self._known[passage] for new, passage in question.repairs.items()}
        known = {new: value for new, value in likely.items() if value is not None}
        if standing is None or finding.replacement not in known:
            return finding
        # Rounded, for what stands beside a passage in its batch tells in the last digits; of equals the one proposed.
        best = max(known, key=lambda new: round(known[new], 4))
        gain = round(known[best] - standing, 3) + 0.0  # no -0.0
        doubted = gain <= -DOUBT or best != finding.replacement
        return replace(
            finding,
            replacement=best,
            score=round(moved(finding.score, gain), 3),
            grade="review" if doubted else finding.grade,
            evidence={**finding.evidence, "lm": gain},
        )


def ranked(
    document: Document,
    findings: Iterable[Finding],
    model: str | Path | LanguageModel,
    *,
    progress: Progress = silent,
) -> list[Finding]:
    """Return the findings of a document, in their order, as a language model weighs them.

    Those whose repair changes letters get the repair that reads best, of the one proposed and of those that the
    evidence lists as ``candidates``; a score moved by what it gains (see the module); and in the evidence ``lm``, that
    gain in nats a token. All others stay as they are. See `Ranker` for the rest.

    Raises:
        InputError: no such model on this machine, or it is no language model that can be used.
        MissingPackageError: torch is not installed.
    """
    ranker = _named(str(model)) if isinstance(model, str | Path) else Ranker(model)
    return ranker(document, findings, progress=progress)


@lru_cache(maxsize=1)
def _named(model: str) -> Ranker:
    return Ranker(model)


def moved(score: float, gain: float) -> float:
    """Return a score (0..1) as it stands after a repair gained so many nats a token, or lost them if less than 0.

    >>> moved(0.9, 0.0), round(moved(0.9, 0.3), 2), round(moved(0.9, -2.0), 2)
    (0.9, 0.99, 0.06)
    """
    odds = min(max(score, 1 - SURE), SURE)
    new = _logistic(math.log(odds / (1 - odds)) + PUSH * (2 * _logistic(gain / SCALE) - 1))
    return max(score, new) if gain > 0 else min(score, new) if gain < 0 else score


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-min(max(x, -50.0), 50.0)))


# ---- what is read ---------------------------------------------------------------------------------------------------


def _question(doc: Document, finding: Finding) -> _Question | None:
    """Return what a finding is weighed by, None if a model cannot tell."""
    if finding.replacement is None:
        return None
    place, goes = Span(finding.start, finding.end), not finding.replacement
    instead: tuple[Span, ...] = ()
    if finding.kept is not None and goes:
        place = Span(min(place.start, finding.kept.start), max(place.end, finding.kept.end))
        instead, goes = (finding.kept,), False
    if goes and _whole_lines(doc.text, place):
        return None
    old = " ".join(doc[span] for span in finding.spans)
    proposed = [finding.replacement, *_candidates(finding)]
    repairs = {
        new: _passage(doc.text, place, finding.spans, new, behind=goes)
        for new in dict.fromkeys(proposed)
        if _readable(old, new)
    }
    standing = _passage(doc.text, place, instead, "", behind=goes)
    return _Question(standing, repairs) if finding.replacement in repairs else None


def _whole_lines(text: str, place: Span) -> bool:
    """Return whether nothing else stands on the lines of a place."""
    before = text[max(place.start - CONTEXT, 0) : place.start].rpartition("\n")[2]
    after = text[place.end : place.end + CONTEXT].partition("\n")[0]
    return not before.strip() and not after.strip()


def _candidates(finding: Finding) -> list[str]:
    given = finding.evidence.get("candidates")
    return [new for new in given if isinstance(new, str)] if isinstance(given, list | tuple) else []


def _readable(old: str, new: str) -> bool:
    """Return whether a model can weigh a repair: letters change or go, and no digit changes."""
    if old == new or not any(char.isalpha() for char in old + new):
        return False
    return not new or [char for char in old if char.isdigit()] == [char for char in new if char.isdigit()]


def _passage(text: str, place: Span, spans: Sequence[Span], new: str, *, behind: bool = False) -> Passage:
    """Return what is read around a place: `new` instead of the first of some spans in it, without the others.

    What is asked for is the place with the words beside it, or only the words `behind` it.
    """
    begin, end = _reach(text, place.start, -1), _reach(text, place.end, 1)
    before = [word.start() for word in _WORD.finditer(text, begin, place.start)]
    after = [word.end() for word in _WORD.finditer(text, place.end, end)]
    first = max(before[-BESIDE:][0] if before else begin, place.start - BESIDE_LONGEST)
    last = min(after[:BESIDE][-1] if after else end, place.end + BESIDE_LONGEST)
    middle, at = [], first
    for span in sorted(spans):
        middle += [text[at : span.start], new if span == spans[0] else ""]
        at = span.end
    middle.append(text[at : place.end])
    left, asked = text[begin:first], "".join(middle)
    left, asked = (left + asked, "") if behind else (left, asked)
    asked += text[place.end : last]
    left = _on_a_line(left)
    if asked[:1].isspace():
        left = left.rstrip()
    asked = _on_a_line(asked)
    return Passage(left + asked + _on_a_line(text[last:end]), len(left), len(left) + len(asked))


def _reach(text: str, at: int, step: int) -> int:
    """Return how far is read from a place, backwards or forwards, to the end of a word."""
    room, edge, blank = CONTEXT, at, at
    while room > 0 and 0 <= edge + min(step, 0) < len(text):
        char = text[edge + min(step, 0)]
        room -= WIDE if char >= WIDE_FROM else 1
        edge += step
        if char.isspace():
            blank = edge
    return edge if room > 0 or abs(edge - blank) > LONGEST_WORD else blank


def _on_a_line(text: str) -> str:
    """Return a text with a blank for each line break, none between characters of a wide script; blanks come singly."""

    def instead(found: re.Match[str]) -> str:
        beside = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
        return "" if all(char >= WIDE_FROM for char in beside) else " "

    return _BLANKS.sub(" ", _BREAK.sub(instead, text))
