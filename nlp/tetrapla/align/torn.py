"""Paragraphs of the pivot that the page tore, put together by what the other versions have in one piece.

Where a paragraph stops in the middle of a sentence, one that follows soon after may be its rest. A version votes for
it if what is linked to the end of the first and to the beginning of the second stands side by side in one of its own
paragraphs, and against it if it stands anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tetrapla.align.order import Link
from tetrapla.align.tokens import Sentences
from tetrapla.segment.paragraphs import CLOSED, NUMBERED

__all__ = ["torn_pieces"]

REACH = 5  # paragraphs further on, the rest is looked for
SENTENCES = 3  # at the end of the one part and the beginning of the other that are looked at
CAN_TEAR = frozenset({"body", "list", "notes", "abstract", "heading"})


def torn_pieces(pivot: Sentences, others: Sequence[tuple[Sentences, Sequence[Link]]]) -> dict[int, int]:
    """Return for each paragraph of the pivot that is the rest of another the number of that one.

    `others` has the other versions with their links to the pivot.
    """
    inside: dict[int, list[int]] = {}
    for i, sentence in enumerate(pivot.items):
        inside.setdefault(sentence.paragraph, []).append(i)
    linked = [(version, _linked(links)) for version, links in others]
    order = list(inside)
    found: dict[int, int] = {}
    for k, p in enumerate(order):
        text = pivot.source.flows[p].text
        if pivot.source.paragraphs[p].kind not in CAN_TEAR or CLOSED.search(text) or NUMBERED.match(text):
            continue
        votes = {
            q: sum(_vote(version, links, inside[p], inside[q]) for version, links in linked)
            for q in order[k + 1 : k + 1 + REACH]
            if q not in found and _can_go_on(pivot, q)
        }
        best = max(votes, key=lambda q: (votes[q], -q), default=None)
        if best is not None and votes[best] > 0:
            found[best] = p
    return {q: _root(found, q) for q in found}


def _can_go_on(pivot: Sentences, q: int) -> bool:
    return pivot.source.paragraphs[q].kind in CAN_TEAR and not NUMBERED.match(pivot.source.flows[q].text)


def _root(found: Mapping[int, int], q: int) -> int:
    while q in found:
        q = found[q]
    return q


def _linked(links: Sequence[Link]) -> dict[int, list[int]]:
    """Return for each sentence of the pivot those of the other version that are linked to it."""
    found: dict[int, list[int]] = {}
    for link in links:
        for i in link.pivot:
            found.setdefault(i, []).extend(link.other)
    return found


def _vote(version: Sentences, linked: Mapping[int, list[int]], first: Sequence[int], rest: Sequence[int]) -> int:
    """Return 1 where the version has the two parts side by side in one paragraph, -1 where apart, 0 where unknown."""
    before = [j for i in first[-SENTENCES:] for j in linked.get(i, ())]
    after = [j for i in rest[:SENTENCES] for j in linked.get(i, ())]
    if not before or not after:
        return 0
    near = any(
        0 <= k - j <= 2 and version.items[j].paragraph == version.items[k].paragraph for j in before for k in after
    )
    return 1 if near else -1
