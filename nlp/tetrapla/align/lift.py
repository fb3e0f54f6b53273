"""Links of sentences to beads of paragraphs: the pivot's paragraphs are the units.

A sentence of another version goes to the paragraph of the pivot that it covers best. What stands unlinked between
two sentences of one paragraph goes with them; what is left is grouped by the other versions' own paragraphs, so that
a paragraph that the pivot lacks is one bead of those that have it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tetrapla.align._backend import Path
from tetrapla.align.evidence import Witness
from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences
from tetrapla.model import Bead, Kind, Span

__all__ = ["Assigned", "assigned", "beads_of", "without_strays"]

FILL = 2  # as many unlinked sentences in a row go with what stands on both sides
STRAY = 0.35  # what is shorter than this share of a paragraph may be no rendering of it
STRAY_FROM = 60  # letters that a version should have for a paragraph for that to be told
WHOLE = 0.7  # of a paragraph, in another version: then it is not the pivot that is torn
FILLED = 0.8  # and are so much less sure than it
AMONG = 0.6  # the probability of a link between versions that the pivot does not vouch for
NOTHING = Path((), ())


@dataclass(frozen=True)
class Assigned:
    """Where a sentence of another version belongs: paragraph and sentences of the pivot (numbers), probability."""

    paragraph: int
    pivot: tuple[int, ...]
    probability: float


@dataclass(frozen=True)
class _Draft:
    """A bead before it has its number and its evidence: its place among the others, and the sentences in it.

    `paragraph` is that of the pivot, None where the pivot lacks it; `sentences` go by the number of the version.
    """

    place: tuple[float, int, int]
    bead: Bead
    paragraph: int | None = None
    sentences: Mapping[int, Sequence[int]] = field(default_factory=dict)


def assigned(
    pivot: Sentences, other: Sentences, links: Sequence[Link], probabilities: Sequence[float]
) -> dict[int, Assigned]:
    """Return for each sentence of the other version that has a place in the pivot where that is."""
    found: dict[int, Assigned] = {}
    for link, probability in zip(links, probabilities, strict=True):
        for k, j in enumerate(link.other):
            paragraph = _paragraph(pivot, link, k)
            inside = tuple(i for i in link.pivot if pivot.items[i].paragraph == paragraph)
            found[j] = Assigned(paragraph, inside, probability)
    for gap in _gaps(found, len(other)):
        beside = _beside(gap, found, other)
        if len(gap) <= FILL and beside and len({place.paragraph for place in beside}) == 1:
            probability = FILLED * min(place.probability for place in beside)
            for j in gap:
                found[j] = Assigned(beside[0].paragraph, (), probability)
    return found


def without_strays(
    versions: Sequence[Sentences], places: Mapping[int, Mapping[int, Assigned]]
) -> dict[int, Mapping[int, Assigned]]:
    """Return the places, by version, without what stands alone where the others say that a version lacks a paragraph.

    The pivot is the first version. Where a version lacks a paragraph, a sentence that belongs nowhere is easily put
    there: it is far too short for a rendering, while the other versions have about all of the paragraph. What a person
    confirmed, with probability 1, stays.
    """
    letters = _letters(versions[0], {i: s.paragraph for i, s in enumerate(versions[0].items)})
    own = {v: _letters(versions[v], {j: place.paragraph for j, place in found.items()}) for v, found in places.items()}
    whole = sum(letters.values())
    # Letters of each version for one of the pivot.
    ratios = {v: sum(sentence.length for sentence in versions[v].items) / max(whole, 1) for v in places}

    def share(v: int, p: int) -> float:
        return own[v].get(p, 0) / max(letters[p] * ratios[v], 1.0)

    strays = {
        (v, p)
        for v in places
        for p in own[v]
        if letters[p] * ratios[v] > STRAY_FROM
        and share(v, p) < STRAY
        and max((share(w, p) for w in places if w != v), default=0.0) > WHOLE
    }
    return {
        v: {j: a for j, a in found.items() if (v, a.paragraph) not in strays or a.probability == 1.0}
        for v, found in places.items()
    }


def _letters(version: Sentences, paragraphs: Mapping[int, int]) -> dict[int, int]:
    """Return how many letters of a version are put to each paragraph, by the numbers of its sentences."""
    letters: dict[int, int] = defaultdict(int)
    for j, paragraph in paragraphs.items():
        letters[paragraph] += version.items[j].length
    return letters


def _beside(gap: Sequence[int], found: Mapping[int, Assigned], other: Sentences) -> list[Assigned]:
    """Return the places of the sentences beside a gap: those of its own paragraph if any, else both or none."""
    sides = [j for j in (gap[0] - 1, gap[-1] + 1) if j in found]
    own = {other.items[j].paragraph for j in gap}
    inside = [found[j] for j in sides if other.items[j].paragraph in own]
    if len(own) == 1 and inside:
        return inside
    return [found[j] for j in sides] if len(sides) == 2 else []


def _paragraph(pivot: Sentences, link: Link, k: int) -> int:
    """Return the paragraph of the pivot for the k-th sentence of a link: of several, the one that most of it is in.

    Where a link has as many sentences on either side they are taken one by one.
    """
    if len(link.pivot) == len(link.other):
        return pivot.items[link.pivot[k]].paragraph
    lengths: dict[int, int] = defaultdict(int)
    for i in link.pivot:
        lengths[pivot.items[i].paragraph] += pivot.items[i].length + 1
    return max(lengths, key=lambda paragraph: lengths[paragraph])


def _gaps(found: Mapping[int, Assigned], count: int) -> list[list[int]]:
    gaps: list[list[int]] = []
    for j in range(count):
        if j in found:
            continue
        if gaps and gaps[-1][-1] == j - 1:
            gaps[-1].append(j)
        else:
            gaps.append([j])
    return gaps


def beads_of(
    versions: Sequence[Sentences],
    pivot: int,
    places: Mapping[int, Mapping[int, Assigned]],
    among: Mapping[tuple[int, int], Sequence[Link]],
    pieces: Mapping[int, int],
    paths: Mapping[int, Path] | None = None,
) -> list[Bead]:
    """Return the beads of all versions, each non-space character in exactly one.

    `places` has, for every version but the pivot, where its sentences belong; `among` the links of those versions
    with each other; `pieces` the paragraphs of the pivot that are the rest of another, and which; `paths` what the
    aligner said of each version and the pivot, from which evidence is drawn.
    """
    drafts = _with_pivot(versions, pivot, places, pieces)
    before = {v: _Before(versions[v], found) for v, found in places.items()}
    drafts += _without_pivot(versions, places, among, before)
    for v, version in enumerate(versions):
        for p, paragraph in enumerate(version.source.paragraphs):
            if paragraph.kind == "furniture":
                start = paragraph.spans[0].start
                at = float(p) if v == pivot else before[v].paragraph(start)
                drafts.append(_Draft((at, 2, start), Bead("", "furniture", {_id(version): paragraph.spans})))
    drafts.sort(key=lambda draft: draft.place)
    return _told(drafts, versions, pivot, pieces, paths or {})


def _id(version: Sentences) -> str:
    return version.source.document.id


def _told(
    drafts: Sequence[_Draft],
    versions: Sequence[Sentences],
    pivot: int,
    pieces: Mapping[int, int],
    paths: Mapping[int, Path],
) -> list[Bead]:
    """Return the beads with their numbers and with what speaks for them."""
    bead_of = {draft.paragraph: f"b{n}" for n, draft in enumerate(drafts, start=1) if draft.paragraph is not None}
    bead_of |= {piece: bead_of[p] for piece, p in pieces.items()}
    own = _by_paragraph(versions[pivot], pieces)
    others = {v for draft in drafts for v in draft.sentences}
    witnesses = {v: Witness(versions[pivot], versions[v], paths.get(v, NOTHING)) for v in sorted(others)}
    beads = []
    for n, draft in enumerate(drafts, start=1):
        evidence: dict[str, Any] = {}
        for v, sentences in sorted(draft.sentences.items()):
            if draft.paragraph is None:
                said = witnesses[v].alone(sentences, bead_of)
            else:
                said = witnesses[v].linked(own[draft.paragraph], sentences, bead_of)
            if said:
                evidence[_id(versions[v])] = said
        beads.append(replace(draft.bead, id=f"b{n}", evidence=evidence))
    return beads


def _by_paragraph(pivot: Sentences, pieces: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the sentences of the pivot by the paragraph whose bead they are in."""
    own: dict[int, list[int]] = defaultdict(list)
    for i, sentence in enumerate(pivot.items):
        own[pieces.get(sentence.paragraph, sentence.paragraph)].append(i)
    return own


def _with_pivot(
    versions: Sequence[Sentences],
    pivot: int,
    places: Mapping[int, Mapping[int, Assigned]],
    pieces: Mapping[int, int],
) -> list[_Draft]:
    """Return a bead for every paragraph of the pivot that is no furniture."""
    own = _by_paragraph(versions[pivot], pieces)
    theirs: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for v, found in places.items():
        for j, place in found.items():
            theirs[pieces.get(place.paragraph, place.paragraph)][v].append(j)
    paragraphs = versions[pivot].source.paragraphs
    rest: dict[int, list[Span]] = defaultdict(list)
    for piece in sorted(pieces):
        rest[pieces[piece]] += paragraphs[piece].spans
    drafts = []
    for p, paragraph in enumerate(paragraphs):
        if paragraph.kind == "furniture" or p in pieces:
            continue
        spans = {_id(versions[pivot]): (*paragraph.spans, *rest.get(p, ()))}
        score = {}
        for v, sentences in sorted(theirs[p].items()):
            version, found = versions[v], places[v]
            spans[_id(version)] = _merged(version, _reading_order(sentences, found))
            score[_id(version)] = _mean(version, sentences, found)
        inside = _sentence_beads(versions, pivot, own.get(p, ()), theirs[p], places, paragraph.kind)
        bead = Bead("", paragraph.kind, spans, score, sentences=inside)
        drafts.append(_Draft((float(p), 0, 0), bead, p, theirs[p]))
    return drafts


def _reading_order(sentences: Iterable[int], found: Mapping[int, Assigned]) -> list[int]:
    """Return sentences in the order in which the pivot says them; one without a place follows its forerunner."""
    keys: dict[int, tuple[float, int]] = {}
    last = -1.0
    for j in sorted(sentences):
        place = found[j].pivot
        if place:
            last = sum(place) / len(place)
        keys[j] = (last, j)
    return sorted(keys, key=lambda j: keys[j])


def _merged(version: Sentences, order: Sequence[int]) -> tuple[Span, ...]:
    """Return the spans of sentences in this order, neighbours with only blanks between them made one."""
    text = version.source.document.text
    spans: list[Span] = []
    for j in order:
        for span in version.items[j].segment.spans:
            if spans and _blank(text, spans[-1].end, span.start):
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
    return tuple(spans)


def _blank(text: str, start: int, end: int) -> bool:
    """Return whether only blanks stand from the one offset to the other, which must not come before it."""
    # Not by a slice: the next sentence may stand at the other end of the text.
    while start < end and text[start].isspace():
        start += 1
    return start == end


def _mean(version: Sentences, sentences: Iterable[int], found: Mapping[int, Assigned]) -> float:
    """Return the mean probability of sentences, weighed by their lengths, to three places."""
    total = weight = 0.0
    for j in sentences:
        length = version.items[j].length + 1
        total += length * found[j].probability
        weight += length
    return round(total / weight, 3)


def _sentence_beads(
    versions: Sequence[Sentences],
    pivot: int,
    own: Sequence[int],
    theirs: Mapping[int, Sequence[int]],
    places: Mapping[int, Mapping[int, Assigned]],
    kind: Kind,
) -> tuple[Bead, ...]:
    """Return the beads of sentences inside a paragraph: what a link holds together in any version stays together."""
    group = {i: i for i in own}

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for v, sentences in theirs.items():
        for j in sentences:
            linked = places[v][j].pivot
            for i in linked[1:]:
                group[root(i)] = root(linked[0])
    members: dict[int, dict[int, list[int]]] = {}
    for i in own:
        members.setdefault(root(i), defaultdict(list))[pivot].append(i)
    loose: list[tuple[int, int]] = []
    for v, sentences in sorted(theirs.items()):
        for j in sentences:
            linked = places[v][j].pivot
            if linked:
                members[root(linked[0])][v].append(j)
            else:
                loose.append((v, j))
    beads = []
    for parts in members.values():
        spans = {_id(versions[pivot]): _merged(versions[pivot], parts[pivot])}
        score = {}
        for v, sentences in sorted(parts.items()):
            if v != pivot:
                spans[_id(versions[v])] = _merged(versions[v], sentences)
                score[_id(versions[v])] = _mean(versions[v], sentences, places[v])
        beads.append(Bead("", kind, spans, score))
    beads += [Bead("", kind, {_id(versions[v]): versions[v].items[j].segment.spans}) for v, j in loose]
    return tuple(beads)


class _Before:
    """Where the sentences before an offset of a version belong."""

    def __init__(self, version: Sentences, found: Mapping[int, Assigned]) -> None:
        placed = [(sentence.segment.start, j) for j, sentence in enumerate(version.items) if j in found]
        self._starts = [start for start, _ in placed]
        self._paragraphs = [found[j].paragraph for _, j in placed]

    def paragraph(self, start: int) -> float:
        """Return the paragraph of the pivot that holds the last placed sentence before an offset, -1 without one."""
        k = bisect_left(self._starts, start)
        return float(self._paragraphs[k - 1]) if k else -1.0


def _without_pivot(
    versions: Sequence[Sentences],
    places: Mapping[int, Mapping[int, Assigned]],
    among: Mapping[tuple[int, int], Sequence[Link]],
    before: Mapping[int, _Before],
) -> list[_Draft]:
    """Return the beads of what the pivot lacks."""
    groups: list[tuple[int, list[int]]] = []
    group_of: dict[tuple[int, int], int] = {}
    for v, found in places.items():
        version = versions[v]
        for gap in _gaps(found, len(version)):
            for j in gap:
                same = groups and groups[-1][0] == v and groups[-1][1][-1] == j - 1
                if same and version.items[j - 1].paragraph == version.items[j].paragraph:
                    groups[-1][1].append(j)
                else:
                    groups.append((v, [j]))
                group_of[v, j] = len(groups) - 1
    drafts = []
    for members in _joined(groups, group_of, versions, among):
        spans: dict[str, tuple[Span, ...]] = {}
        inside: dict[int, list[int]] = defaultdict(list)
        for k in members:
            v, sentences = groups[k]
            inside[v] += sentences
            spans[_id(versions[v])] = spans.get(_id(versions[v]), ()) + _merged(versions[v], sentences)
        v, sentences = groups[members[0]]
        first = versions[v].items[sentences[0]]
        kind = versions[v].source.paragraphs[first.paragraph].kind
        score = dict.fromkeys(spans, AMONG) if len(spans) > 1 else {}
        place = (before[v].paragraph(first.segment.start), 1, first.segment.start)
        drafts.append(_Draft(place, Bead("", kind, spans, score), sentences=inside))
    return drafts


def _joined(
    groups: Sequence[tuple[int, Sequence[int]]],
    group_of: Mapping[tuple[int, int], int],
    versions: Sequence[Sentences],
    among: Mapping[tuple[int, int], Sequence[Link]],
) -> list[list[int]]:
    """Return the groups that belong together: links between them hold most of the shorter one."""
    linked: dict[tuple[int, int], int] = defaultdict(int)
    for (v, w), links in among.items():
        for link in links:
            for i in link.pivot:
                for j in link.other:
                    if (v, i) in group_of and (w, j) in group_of:
                        linked[group_of[v, i], group_of[w, j]] += versions[w].items[j].length
    parent = list(range(len(groups)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    lengths = [sum(versions[v].items[j].length for j in sentences) for v, sentences in groups]
    for (x, y), length in linked.items():
        if length * 2 >= min(lengths[x], lengths[y]):
            parent[root(max(x, y))] = root(min(x, y))
    members: dict[int, list[int]] = defaultdict(list)
    for k in range(len(groups)):
        members[root(k)].append(k)
    return list(members.values())
