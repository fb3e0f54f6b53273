"""Decisions of a person made good: what an aligner found, changed where it says otherwise.

Aligners lean towards what was decided, so that what lies around it finds its place; here it is made sure of. A sentence
that was confirmed has the probability 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from tetrapla.align._backend import Fixed, Pair, Path, Signs
from tetrapla.align.lift import Assigned
from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences

__all__ = ["agreed", "placed", "settled", "whole_pieces"]

SURE = 1.0
UNSEEN = Signs(0.0, None, 0.0, None)  # of a link that the aligner did not find
Row = tuple[Link, float, Signs | None]
Places = Mapping[int, Assigned]


def settled(path: Path, fixed: Fixed) -> Path:
    """Return a path with just those links between confirmed sentences that were confirmed, and none that was refused.

    Inside a confirmed passage the links of the path stay; what it passed over there goes with what stands beside it.
    """
    signs: Sequence[Signs | None] = path.signs or [None] * len(path.links)
    rows: list[Row] = list(zip(path.links, path.probabilities, signs, strict=True))
    for pivot, other in fixed.confirmed:
        rows = list(_confirmed(rows, set(pivot), set(other)))
    for pivot, other in fixed.refused:
        rows = [left for row in rows for left in _refused(row, set(pivot), set(other))]
    rows.sort(key=lambda row: (row[0].other, row[0].pivot))
    told = [sign or UNSEEN for _, _, sign in rows] if path.signs else []
    return Path([link for link, _, _ in rows], [p for _, p, _ in rows], told, path.words)


def _confirmed(rows: Iterable[Row], pivot: set[int], other: set[int]) -> Iterator[Row]:
    """Yield links without those that cross the border of a confirmed passage, and the passage linked in itself."""
    inner: list[Row] = []
    for row in rows:
        link, probability, sign = row
        if pivot.isdisjoint(link.pivot) and other.isdisjoint(link.other):
            yield row
            continue
        outside = _part(link, set(link.pivot) - pivot, set(link.other) - other)
        if outside is not None:
            yield outside, probability, sign
        inside = _part(link, pivot, other)
        if inside is not None:
            inner.append((inside, SURE, sign))
    if inner and other:
        yield from _completed(inner, pivot, other)
    elif pivot and other:
        yield Link(tuple(sorted(pivot)), tuple(sorted(other)), 0.0), SURE, None


def _completed(rows: Sequence[Row], pivot: set[int], other: set[int]) -> Iterator[Row]:
    """Yield links inside a passage so that they hold all of it: what none holds goes with the nearest."""
    sides = [[set(link.pivot) for link, _, _ in rows], [set(link.other) for link, _, _ in rows]]
    for groups, wanted in zip(sides, (pivot, other), strict=True):
        before = [sorted(group) for group in groups]
        for k in sorted(wanted.difference(*groups)):
            nearest = min(range(len(before)), key=lambda n: min(abs(k - member) for member in before[n]))
            groups[nearest].add(k)
    for (link, probability, sign), left, right in zip(rows, *sides, strict=True):
        yield Link(tuple(sorted(left)), tuple(sorted(right)), link.gain), probability, sign


def _refused(row: Row, pivot: set[int], other: set[int]) -> Iterator[Row]:
    link, probability, sign = row
    if pivot.isdisjoint(link.pivot) or other.isdisjoint(link.other):
        yield row
        return
    rest = _part(link, set(link.pivot) - pivot, set(link.other)) or _part(
        link, set(link.pivot), set(link.other) - other
    )
    if rest is not None:
        yield rest, probability, sign


def _part(link: Link, pivot: Collection[int], other: Collection[int]) -> Link | None:
    """Return the part of a link that is between some sentences, None where it has none on either side."""
    left, right = tuple(i for i in link.pivot if i in pivot), tuple(j for j in link.other if j in other)
    return Link(left, right, link.gain) if left and right else None


def placed(found: Places, fixed: Fixed, pivot: Sentences) -> dict[int, Assigned]:
    """Return where the sentences of a version belong in the pivot, after what was decided on the two.

    Only links are settled before: here goes what was put beside them, into a paragraph of which all is decided.
    """
    places = dict(found)
    inside = _paragraphs(pivot)
    for own, theirs in fixed.confirmed:
        whole = _whole(pivot, inside, own)
        for j, place in found.items():
            if (j in theirs and not own) or (j not in theirs and place.paragraph in whole and not place.pivot):
                places.pop(j, None)
        if own:
            for j in theirs:
                place = places.get(j, Assigned(_most(pivot, own), (), SURE))
                places[j] = Assigned(place.paragraph, place.pivot, SURE)
    for own, theirs in fixed.refused:
        whole = _whole(pivot, inside, own)
        for j in theirs:
            if j in places and places[j].paragraph in whole and not places[j].pivot:
                del places[j]
    return places


def _paragraphs(version: Sentences) -> dict[int, set[int]]:
    """Return the sentences of each paragraph."""
    inside: dict[int, set[int]] = defaultdict(set)
    for i, sentence in enumerate(version.items):
        inside[sentence.paragraph].add(i)
    return inside


def _whole(version: Sentences, inside: Mapping[int, set[int]], sentences: Collection[int]) -> list[int]:
    """Return the paragraphs of which every sentence is among some, in the order of the text."""
    own = {version.items[i].paragraph for i in sentences}
    return sorted(p for p in own if inside[p] <= set(sentences))


def _most(version: Sentences, sentences: Collection[int]) -> int:
    """Return the paragraph that has most of some sentences."""
    lengths: dict[int, int] = defaultdict(int)
    for i in sorted(sentences):
        lengths[version.items[i].paragraph] += version.items[i].length + 1
    return max(lengths, key=lambda p: lengths[p])


def whole_pieces(pieces: Mapping[int, int], fixed: Iterable[Fixed], pivot: Sentences) -> dict[int, int]:
    """Return which paragraphs of the pivot are the rest of which, after decisions on it and the other versions.

    What a person took together is one, and what he took alone is no piece of anything.
    """
    joined = dict(pieces)
    inside = _paragraphs(pivot)
    for each in fixed:
        for own, theirs in each.confirmed:
            part = any(set(own) < set(a) and set(theirs) <= set(b) for a, b in each.confirmed)
            whole = _whole(pivot, inside, own) if theirs and not part else []
            if whole:
                joined = {q: p for q, p in joined.items() if q not in whole and p not in whole}
                joined.update(dict.fromkeys(whole[1:], whole[0]))
    return joined


def agreed(
    places: Mapping[int, Places], fixed: Mapping[Pair, Fixed], among: Mapping[Pair, Sequence[Link]]
) -> dict[int, dict[int, Assigned]]:
    """Return the places in the pivot (version 0) after decisions on two other versions: the surer place counts.

    What belongs together goes to one place, and of what does not only one stays. `places` go by version, `among` has
    the links between the other versions, settled.
    """
    moved = {v: dict(found) for v, found in places.items()}
    decided = {
        v: {j for _, theirs in fixed[0, v].confirmed for j in theirs} if (0, v) in fixed else set() for v in moved
    }
    for (x, y), each in fixed.items():
        if x == 0:
            continue
        sure = [set(own) for own, theirs in each.confirmed if theirs]
        for link in among[x, y]:
            if any(own.issuperset(link.pivot) for own in sure):
                _bring_together((moved[x], moved[y]), (decided[x], decided[y]), link)
        alone = [(own, theirs) for own, theirs in each.confirmed if not own or not theirs]
        for own, theirs in (*each.refused, *alone):
            # Without a counterpart at all: it may share a place with nothing of the other version.
            _keep_apart((moved[x], moved[y]), (decided[x], decided[y]), own or moved[x], theirs or moved[y])
    return moved


def _bring_together(sides: tuple[dict[int, Assigned], ...], decided: tuple[set[int], ...], link: Link) -> None:
    numbers = (link.pivot, link.other)
    held = [[side[j] for j in own if j in side] for side, own in zip(sides, numbers, strict=True)]
    paragraphs = [{place.paragraph for place in places} for places in held]
    if not any(held) or paragraphs[0] & paragraphs[1]:
        return
    best = max((place for places in held for place in places), key=lambda place: place.probability)
    for side, own, fast in zip(sides, numbers, decided, strict=True):
        for j in own:
            if j not in fast and (j not in side or side[j].paragraph != best.paragraph):
                side[j] = best


def _keep_apart(
    sides: tuple[dict[int, Assigned], ...],
    decided: tuple[set[int], ...],
    left: Iterable[int],
    right: Iterable[int],
) -> None:
    by_paragraph: dict[int, list[int]] = defaultdict(list)
    for j in right:
        if j in sides[1]:
            by_paragraph[sides[1][j].paragraph].append(j)
    for i in [i for i in left if i in sides[0]]:
        for j in by_paragraph[sides[0][i].paragraph]:
            if i not in sides[0] or j not in sides[1] or (i in decided[0] and j in decided[1]):
                continue
            one, two = sides[0][i], sides[1][j]
            if one.pivot and two.pivot and set(one.pivot).isdisjoint(two.pivot):
                continue  # elsewhere in the same paragraph
            first = i in decided[0] or (j not in decided[1] and one.probability >= two.probability)
            del sides[1 if first else 0][j if first else i]
