"""Places: how far along its layer each vertex stands, so that lines are straight and nothing lies on anything.

Every vertex wants to be at the mean of its neighbours; of all places that keep order and distance those nearest to
what is wanted are found layer by layer, by pooling adjacent violators (Ayer et al., "An empirical distribution function
for sampling with incomplete information", 1955). Bends of long lines weigh more: what bends is hard to follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

__all__ = ["placed", "settled"]

ROUNDS = 60
# What a link pulls, by how many of its two ends are bends.
PULLS = (1.0, 2.0, 16.0)


def settled(wanted: Sequence[float], weights: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Return places in order, `apart[k]` or more between k and k+1, as near to the wanted ones as can be.

    >>> settled([0, 0, 9], [1, 1, 1], [2, 2])
    [-1.0, 1.0, 9.0]
    """
    shifts = [0.0]
    for distance in apart:
        shifts.append(shifts[-1] + distance)
    # Blocks that move together: the mean of what they want, their weight, how many.
    blocks: list[tuple[float, float, int]] = []
    for want, weight, shift in zip(wanted, weights, shifts, strict=True):
        mean, mass, count = want - shift, weight, 1
        while blocks and blocks[-1][0] >= mean:
            before, heavy, many = blocks.pop()
            mean = (before * heavy + mean * mass) / (heavy + mass)
            mass, count = mass + heavy, count + many
        blocks.append((mean, mass, count))
    flat = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + shift for mean, shift in zip(flat, shifts, strict=True)]


def placed(
    layers: Sequence[Sequence[int]],
    links: Iterable[tuple[int, int]],
    sizes: Mapping[int, float],
    bends: Collection[int],
    *,
    gap: float,
) -> dict[int, float]:
    """Return the middle of each vertex along its layer; `sizes` are what they take of it, `gap` is between two."""
    near: dict[int, list[tuple[int, float]]] = {vertex: [] for layer in layers for vertex in layer}
    for a, b in links:
        pull = PULLS[(a in bends) + (b in bends)]
        near[a].append((b, pull))
        near[b].append((a, pull))
    at: dict[int, float] = {}
    apart = {}
    for k, layer in enumerate(layers):
        apart[k] = [(sizes[a] + sizes[b]) / 2 + _gap(a, b, bends, gap) for a, b in pairwise(layer)]
        at.update(zip(layer, settled([0.0] * len(layer), [1.0] * len(layer), apart[k]), strict=True))
    for turn in range(ROUNDS):
        forth = turn % 2 == 0
        for k in range(len(layers)) if forth else reversed(range(len(layers))):
            layer = layers[k]
            wanted = [_wanted(vertex, near[vertex], at) for vertex in layer]
            weights = [sum(pull for _, pull in near[vertex]) or 0.1 for vertex in layer]
            at.update(zip(layer, settled(wanted, weights, apart[k]), strict=True))
    return at


def _gap(a: int, b: int, bends: Collection[int], gap: float) -> float:
    # Lines may run closer to one another than boxes stand.
    return gap * (0.5 if a in bends and b in bends else 0.8 if a in bends or b in bends else 1.0)


def _wanted(vertex: int, near: Sequence[tuple[int, float]], at: Mapping[int, float]) -> float:
    if not near:
        return at[vertex]
    return sum(at[other] * pull for other, pull in near) / sum(pull for _, pull in near)
