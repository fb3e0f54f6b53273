"""How good an alignment or a list of findings is, against gold.

Alignment is scored by characters, so that no segmentation is favoured: each non-space character of the other version
asks how well the bead that holds it agrees with the gold paragraph that it belongs to. Findings are matched with gold
spans one to one, best overlap first. Beads of lines are scored as the field does it, strict and lax: see `score_beads`.

Gold of an alignment::

    {"pivot": {"language", "units": {UNIT: [[start, end], …]}},
     "other": {"language", "segments": [[start, end, UNIT], …]}}

where a unit called JUNK… or EXTRA… is nothing that the pivot has, and EITHER… is not scored; ``"texts"`` (or
``"sha256"``), by language, may name the texts by their hashes. Gold of noise is a list of ``{"type", "start", "end",
"fix"}``. Gold of lines is a bead a line in Vecalign's notation, ``[0, 1]:[0]``, lines counted from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapla.errors import InputError, UnknownNameError, WrongTextError
from tetrapla.files import named, read_text
from tetrapla.formats.json import parse
from tetrapla.model import Alignment, Bead, Document, Finding, Span

__all__ = [
    "AlignmentScore",
    "Bin",
    "Calibration",
    "FindingScore",
    "LineScore",
    "LineScores",
    "Lines",
    "calibration",
    "load_beads",
    "load_gold",
    "pair_of",
    "score_alignment",
    "score_beads",
    "score_findings",
    "unrelated",
]

Lines = tuple[Sequence[int], Sequence[int]]  # a bead of lines: those of the first text, those of the second

SLACK = 8  # characters by which two spans of a word may differ whatever their share
CUT_SLACK = 20  # characters between the ends of two truncations that are the same cut
BINS = 10  # of scores, of equal width
LINKED = 0.5  # a score above it says "linked"

NO_COUNTERPART, UNSCORED = ("JUNK", "EXTRA"), "EITHER"  # how the names of such units begin
HASHES = ("texts", "sha256")  # what gold may call them
NUMBER, SIDE = re.compile(r"\d+", re.ASCII), r"\[\s*((?:\d{1,9}\s*,\s*)*\d{1,9})?\s*\]"
BEAD = re.compile(rf"\s*{SIDE}\s*:\s*{SIDE}\s*(?::[^:]*)?", re.ASCII)


@dataclass(frozen=True)
class AlignmentScore:
    """Shares 0..1: of bead text that is right, of gold text that is held, and of what has no counterpart left alone.

    `scored` and `rejectable` count the characters of the other version, blanks left out, that gold gives to a
    paragraph of the pivot and to none; a share of none is 0, and `reject` of none 1.
    """

    precision: float
    recall: float
    reject: float
    scored: int
    rejectable: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


@dataclass(frozen=True)
class Bin:
    """The characters whose link has a score from `low` up to `high`; all but the count are shares 0..1.

    `score` is the mean of the scores, `right` what it should be: the mean share of the bead's pivot text that is the
    true counterpart. Both are None where the bin holds no character.
    """

    low: float
    high: float
    characters: int
    score: float | None
    right: float | None


@dataclass(frozen=True)
class Calibration:
    """How far the scores of links are probabilities.

    `error` is the expected calibration error (0..1, 0 is best): the mean gap in a bin between score and what is right,
    weighted by characters. `linked` is the share 0..1 of all characters that are linked with a score above 0.5, and
    `characters` counts them all, linked or not, blanks and what gold leaves open left out.
    """

    error: float
    linked: float
    characters: int
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class LineScore:
    """Beads of lines against gold, as counts, so that those of several texts can be added up.

    Of `found` beads `right` are right; of `gold` beads, those with an empty side left out, `held` were found.
    """

    found: int
    right: int
    gold: int
    held: int

    @property
    def precision(self) -> float:
        """The share of the beads found that are right; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the beads of gold that were found; 0 where there are none."""
        return self.held / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


@dataclass(frozen=True)
class LineScores:
    """Beads of lines against gold: `strict`, where only the very same bead is right, and `lax`, where part of it is."""

    strict: LineScore
    lax: LineScore


@dataclass(frozen=True)
class FindingScore:
    """How many gold spans, findings, and pairs of the two there are."""

    gold: int
    found: int
    hit: int

    @property
    def precision(self) -> float:
        """The share of findings that are right; 0 where nothing was found."""
        return self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of gold that was found; 0 where there is none."""
        return self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


# ---- links, character by character ---------------------------------------------------------------------------------


def load_gold(path: str | Path) -> dict[str, Any]:
    """Return the gold of an alignment in a JSON file.

    Raises:
        InputError: it cannot be read, or is no such gold.
    """
    name = named(path)
    value: dict[str, Any] = parse(read_text(path, encoding="utf-8").text, name)
    match value:
        case {
            "pivot": {"language": str(), "units": dict(units)},
            "other": {"language": str(), "segments": list(segments)},
        }:
            pass
        case _:
            raise InputError(f"{name} is no gold of an alignment: it lacks language and units of a pivot, or segments")
    for unit, spans in units.items():
        if not isinstance(spans, list) or not all(_is_span(span) for span in spans):
            raise InputError(f"{name}: unit {unit!r} is no list of [start, end]")
    for number, segment in enumerate(segments):
        if not (isinstance(segment, list) and len(segment) == 3 and _is_span(segment[:2]) and _is_text(segment[2])):
            raise InputError(f"{name}: segment {number} is not [start, end, unit]")
    if not all(isinstance(value.get(key, {}), dict) for key in HASHES):
        raise InputError(f"{name}: its hashes are not by language")
    return value


def _is_span(value: object) -> bool:
    match value:
        case [int(start), int(end)]:
            return 0 <= start <= end
    return False


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def unrelated(length: int) -> dict[str, Any]:
    """Return the gold of a text of so many characters beside one that it is no version of: nothing has a counterpart.

    >>> unrelated(9)["other"]
    {'segments': [[0, 9, 'EXTRA']]}
    """
    return {"pivot": {"units": {}}, "other": {"segments": [[0, length, "EXTRA"]]}}


def pair_of(alignment: Alignment, gold: Mapping[str, Any]) -> tuple[str, str]:
    """Return the ids of the versions that gold speaks of, told by their languages: the pivot's, the other's.

    Raises:
        InputError: the alignment has no version in such a language, or several.
    """
    ids = []
    for language in (gold["pivot"]["language"], gold["other"]["language"]):
        found = [doc.id for doc in alignment.documents if doc.language.split("-")[0] == language]
        if not found:
            raise InputError(f"gold is of a text in {language!r}, and the alignment has none in it")
        if len(found) > 1:
            raise InputError(f"the alignment has several texts in {language!r} ({', '.join(found)}); name two versions")
        ids += found
    return ids[0], ids[1]


class _Pair:
    """Two versions of an alignment beside gold: which bead holds a character, and how well it agrees with a unit."""

    def __init__(self, alignment: Alignment, pivot: str, other: str, gold: Mapping[str, Any]) -> None:
        documents = {doc.id: doc for doc in alignment.documents}
        for name in (pivot, other):
            if name not in documents:
                raise UnknownNameError("version", name, documents)
        self.pivot, self.other = documents[pivot], documents[other]
        self.segments: Sequence[tuple[int, int, str]] = gold["other"]["segments"]
        units: Mapping[str, Sequence[Sequence[int]]] = gold["pivot"]["units"]
        _same_text(self.pivot, gold, "pivot", [span for spans in units.values() for span in spans])
        _same_text(self.other, gold, "other", self.segments)
        self.units = {unit: _characters(spans, self.pivot.text) for unit, spans in units.items()}
        self.beads = alignment.beads
        self.held = [_characters(_pairs(bead, pivot), self.pivot.text) for bead in self.beads]
        self.bead_at = {
            i: k for k, bead in enumerate(self.beads) for i in _characters(_pairs(bead, other), self.other.text)
        }
        self._shares: dict[tuple[int | None, str], tuple[float, float]] = {}

    def shares(self, place: int | None, unit: str) -> tuple[float, float]:
        """Return the share of a bead's pivot text that is of the unit, and the share of the unit that the bead holds.

        0 where there is no bead, or none of such text.
        """
        if (place, unit) not in self._shares:
            bead = self.held[place] if place is not None else frozenset()
            wanted = self.units.get(unit, frozenset())
            common = len(bead & wanted)
            self._shares[place, unit] = (common / len(bead), common / len(wanted)) if common else (0.0, 0.0)
        return self._shares[place, unit]

    def score(self, place: int) -> float:
        """Return the score of a bead's link, 0..1."""
        score = self.beads[place].score.get(self.other.id)
        if score is None:
            raise InputError(
                f"the bead {self.beads[place].id} has no score of {self.other.id}: scores are of links to the pivot; "
                "name the pivot of the alignment first"
            )
        if not 0.0 <= score <= 1.0:
            raise InputError(f"the score {score} of the bead {self.beads[place].id} is no probability from 0 to 1")
        return score


def _same_text(doc: Document, gold: Mapping[str, Any], side: str, spans: Iterable[Sequence[Any]]) -> None:
    """Make sure that gold is of this text, as far as its hashes and its spans tell."""
    language = gold[side].get("language")
    hashes = [gold[key][language] for key in HASHES if language in gold.get(key, {})]
    if any(value != doc.sha256 for value in hashes) or any(span[1] > len(doc.text) for span in spans):
        raise WrongTextError(f"gold was made for another text than {doc.id} ({doc.source or 'no file'}) has now")


def score_alignment(alignment: Alignment, pivot: str, other: str, gold: Mapping[str, Any]) -> AlignmentScore:
    """Return how well the beads link two versions, named by their ids, against gold offsets.

    Raises:
        KeyError: gold lacks a field.
        UnknownNameError: the alignment has no such version.
        WrongTextError: gold is of another text.
    """
    pair = _Pair(alignment, pivot, other, gold)
    precision = recall = 0.0
    scored = rejected = rejectable = 0
    for start, end, unit in pair.segments:
        for i in range(start, end):
            if pair.other.text[i].isspace():
                continue
            place = pair.bead_at.get(i)
            if unit in pair.units:
                right, held = pair.shares(place, unit)
                precision += right
                recall += held
                scored += 1
            elif unit.startswith(NO_COUNTERPART):
                rejectable += 1
                rejected += place is None or not pair.held[place]
    return AlignmentScore(
        precision / scored if scored else 0.0,
        recall / scored if scored else 0.0,
        rejected / rejectable if rejectable else 1.0,
        scored,
        rejectable,
    )


def calibration(alignment: Alignment, pivot: str, other: str, gold: Mapping[str, Any]) -> Calibration:
    """Return how far the scores of the links between two versions, named by their ids, are probabilities.

    Each character of the other version that stands in a bead with text of the pivot has that bead's score against the
    share of this text that is its true counterpart: of ten equal bins, the expected calibration error (Naeini, Cooper
    & Hauskrecht 2015). A bead has the scores of links to the alignment's pivot, so that should be `pivot`.

    Raises:
        InputError: a bead has no score of the other version, or one that is no probability.
        KeyError: gold lacks a field.
        UnknownNameError: the alignment has no such version.
        WrongTextError: gold is of another text.
    """
    pair = _Pair(alignment, pivot, other, gold)
    unit_at = {i: unit for start, end, unit in pair.segments for i in range(start, end)}
    counts, scores, rights = [0] * BINS, [0.0] * BINS, [0.0] * BINS
    linked = total = 0
    for i, char in enumerate(pair.other.text):
        unit = unit_at.get(i, "")
        if char.isspace() or unit.startswith(UNSCORED):
            continue
        total += 1
        place = pair.bead_at.get(i)
        if place is None or not pair.held[place]:
            continue
        score = pair.score(place)
        linked += score > LINKED
        k = min(BINS - 1, int(score * BINS))
        counts[k] += 1
        scores[k] += score
        rights[k] += pair.shares(place, unit)[0]
    gaps = sum(abs(score - right) for score, right in zip(scores, rights, strict=True))
    bins = (_bin(k, *sums) for k, sums in enumerate(zip(counts, scores, rights, strict=True)))
    return Calibration(gaps / (sum(counts) or 1), linked / total if total else 0.0, total, tuple(bins))


def _bin(k: int, count: int, score: float, right: float) -> Bin:
    means = (score / count, right / count) if count else (None, None)
    return Bin(k / BINS, (k + 1) / BINS, count, *means)


def _pairs(bead: Bead, name: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in bead.spans.get(name, ())]


def _characters(spans: Iterable[Sequence[int]], text: str) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end) if not text[i].isspace())


# ---- beads of lines -------------------------------------------------------------------------------------------------


def load_beads(path: str | Path) -> list[Lines]:
    """Return the beads of lines in a file, one a line in Vecalign's notation: ``[0, 1]:[0]``, a third field left aside.

    Blank lines are passed over.

    Raises:
        InputError: it cannot be read, or a line is no bead; says which.
    """
    beads: list[Lines] = []
    for number, line in enumerate(read_text(path, encoding="utf-8").text.split("\n"), 1):
        if not line.strip():
            continue
        found = BEAD.fullmatch(line)
        if not found:
            raise InputError(f"{named(path)}, line {number}: this is no bead of lines, such as [0, 1]:[0]:0.93")
        source, target = (tuple(map(int, NUMBER.findall(side or ""))) for side in found.groups())
        beads.append((source, target))
    return beads


def score_beads(found: Iterable[Lines], gold: Iterable[Lines]) -> LineScores:
    """Return how good beads of lines are, as Vecalign's score.py tells it (Thompson & Koehn 2019).

    The measure is that of Sennrich & Volk (2011). Strict, a bead is right if gold has the very same; lax, also if some
    bead of gold shares a line with it on both sides. For precision every bead counts, a line without counterpart too,
    which is right only if gold has it as such; for recall, found and gold, only those with lines on both sides. A bead
    that comes twice counts once, one without any line never.

    >>> score = score_beads([([0], [0]), ([1], [])], [([0], [0]), ([1], [1])])
    >>> score.strict.precision, score.strict.recall
    (0.5, 0.5)
    """
    ours, theirs = _once(found), _once(gold)
    linked, wanted = ({bead for bead in beads if all(bead)} for beads in (ours, theirs))
    near, near_linked = _partners(theirs), _partners(linked)
    return LineScores(
        LineScore(len(ours), len(ours & theirs), len(wanted), len(wanted & linked)),
        LineScore(
            len(ours),
            sum(bead in theirs or _touches(bead, near) for bead in ours),
            len(wanted),
            sum(_touches(bead, near_linked) for bead in wanted),
        ),
    )


def _once(beads: Iterable[Lines]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {(tuple(source), tuple(target)) for source, target in beads if len(source) or len(target)}


def _partners(beads: Iterable[Lines]) -> dict[int, set[int]]:
    """Return, by line of the first text, the lines of the second that stand in a bead with it."""
    partners: dict[int, set[int]] = {}
    for source, target in beads:
        for i in source:
            partners.setdefault(i, set()).update(target)
    return partners


def _touches(bead: Lines, partners: Mapping[int, set[int]]) -> bool:
    return any(not partners[i].isdisjoint(bead[1]) for i in bead[0] if i in partners)


# ---- findings -------------------------------------------------------------------------------------------------------


def score_findings(findings: Sequence[Finding], gold: Sequence[Mapping[str, Any]]) -> dict[str, FindingScore]:
    """Return the score of each type of noise that gold or the findings have, by name.

    A duplicate may name either of the two renderings: its `kept` span counts as well as its own.
    """
    types = sorted({g["type"] for g in gold} | {finding.type for finding in findings})
    scores = {}
    for kind in types:
        wanted = [Span(g["start"], g["end"]) for g in gold if g["type"] == kind]
        found = [finding for finding in findings if finding.type == kind]
        scores[kind] = FindingScore(len(wanted), len(found), _matches(kind, wanted, found))
    return scores


def _matches(kind: str, wanted: Sequence[Span], found: Sequence[Finding]) -> int:
    """Return how many pairs of gold and finding there are when each is used once, the best first."""
    pairs = []
    for i, span in enumerate(wanted):
        for j, finding in enumerate(found):
            whole = Span(finding.start, finding.end)
            options = [whole, finding.kept] if kind == "duplicate" and finding.kept else [whole]
            closeness = max(_closeness(kind, span, option) for option in options)
            if closeness > 0:
                pairs.append((-closeness, i, j))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
    return len(used_gold)


def _closeness(kind: str, gold: Span, found: Span) -> float:
    """Return how well a finding covers gold: 0 unless they share half of the shorter and a third of the longer."""
    if kind == "truncation":
        apart = abs(gold.end - found.end)
        return 1 / (1 + apart) if apart <= CUT_SLACK and len(found) <= 3 * max(len(gold), 2 * CUT_SLACK) else 0.0
    common = min(gold.end, found.end) - max(gold.start, found.start)
    shorter, longer = sorted((len(gold), len(found)))
    if common <= 0 or common * 2 < shorter or common * 3 < min(longer, max(longer - SLACK, 1)):
        return 0.0
    return common / longer
