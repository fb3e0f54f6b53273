"""Draw an alignment as an SVG picture of its own: a dot plot of its links, or how far their scores are probabilities.

    python scripts/plot.py ALIGNMENT [--pair zh,en] [--gold GOLD] -o OUT.svg
    python scripts/plot.py ALIGNMENT --gold GOLD --reliability [--pair zh,en] -o OUT.svg

ALIGNMENT is what `tetrapla align` wrote, GOLD what `tetrapla score` takes (- for texts that are no versions of each
other). The dot plot has a stroke for each link of sentences, from left to right as it stands in the first version, from
top to bottom as it stands in the second, coloured by score; grey bands are what the other side lacks, and with gold
grey boxes are where strokes should run. A version in the order of the first is a diagonal. The reliability curve has a
point for each tenth of the scores: the mean score and what share was right; bars count the characters.

The colours go from orange over grey to blue, which tell apart with any colour blindness; the picture takes to light and
dark pages alike.
"""

from __future__ import annotations

import argparse
import html
import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.files import write_atomic
from tetrapla.formats.json import load_alignment
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.score import Calibration, calibration, load_gold, pair_of, score_alignment, unrelated

SIZE = 560  # of the square that is drawn in
LEFT, TOP, RIGHT, BOTTOM = 84, 56, 120, 56
BARS = 110  # height of the counts below a reliability curve
CLASSES = 10  # of scores, as many as calibration has
LEAST = 1.5  # the least length of a stroke, so that a heading can still be seen

# Colours by name, then the ends and the middle of the scale: each of these has a contrast of 3 or more with its ground.
# Written out and not as variables of CSS, which programs that draw SVG for print do not know.
LIGHT = {"ground": "#ffffff", "ink": "#222222", "faint": "#e4e4e4", "gold": "#c9c9c9", "line": "#8a8a8a"}
LIGHT_SCALE = ((196, 78, 0), (133, 128, 124), (8, 81, 156))
DARK = {"ground": "#16181b", "ink": "#e8e6e3", "faint": "#2a2d31", "gold": "#4a4e54", "line": "#85898e"}
DARK_SCALE = ((255, 150, 66), (150, 147, 143), (107, 181, 255))

SHAPES = """
text { font: 13px system-ui, "Liberation Sans", Arial, sans-serif; } .title { font-size: 16px; font-weight: 600; }
.end { text-anchor: end; } .middle { text-anchor: middle; } .frame { fill: none; } .ideal { stroke-dasharray: 5 4; }
.links path { fill: none; stroke-width: 2.6; stroke-linecap: round; } .bar { opacity: .55; }
.curve { fill: none; stroke-width: 2; }
"""
COLOURS = Template(
    ".ground { fill: $ground; } text { fill: $ink; } .frame, .tick, .ideal { stroke: $line; } .lack { fill: $faint; } "
    ".gold { fill: $gold; } .bar, .point { fill: $sure; } .curve { stroke: $sure; } .point { stroke: $ground; } "
)


@dataclass(frozen=True)
class Pair:
    """Two versions of an alignment, the first along the x axis, and gold where there is any."""

    alignment: Alignment
    first: Document
    second: Document
    gold: Mapping[str, Any] | None

    @property
    def names(self) -> tuple[str, str]:
        """The ids of the two."""
        return self.first.id, self.second.id


# ---------------------------------------------------------------- the picture around it


def blend(ends: Sequence[tuple[int, int, int]], share: float) -> str:
    """Return the colour at a place 0..1 of a scale given by three colours."""
    low, high = (ends[0], ends[1]) if share < 0.5 else (ends[1], ends[2])
    part = share * 2 if share < 0.5 else share * 2 - 1
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(low, high, strict=True))


def coloured(colours: Mapping[str, str], ends: Sequence[tuple[int, int, int]]) -> str:
    """Return the rules of style that colour a picture: s0 … s9 are strokes and f0 … f9 areas of a class of scores."""
    scale = [blend(ends, k / (CLASSES - 1)) for k in range(CLASSES)]
    rules = (f".s{k} {{ stroke: {colour}; }} .f{k} {{ fill: {colour}; }}" for k, colour in enumerate(scale))
    return COLOURS.substitute(colours, sure=scale[-1]) + " ".join(rules)


def picture(width: int, height: int, title: str, described: str, content: Iterable[str]) -> str:
    """Return an SVG document that needs nothing else."""
    dark = f"@media (prefers-color-scheme: dark) {{ {coloured(DARK, DARK_SCALE)} }}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title desc">\n<title id="title">{html.escape(title)}</title>\n'
        f'<desc id="desc">{html.escape(described)}</desc>\n'
        f"<style>{SHAPES}{coloured(LIGHT, LIGHT_SCALE)}\n{dark}</style>\n"
        f'<rect class="ground" width="{width}" height="{height}"/>\n'
        f"{text(LEFT, 22, title, 'title')}{text(LEFT, 42, described)}\n" + "\n".join(content) + "\n</svg>\n"
    )


def text(x: float, y: float, content: str, kind: str = "", turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{turn}>{html.escape(content)}</text>'


def axes(across: Iterable[tuple[float, str]], down: Iterable[tuple[float, str]], names: tuple[str, str]) -> str:
    """Return a frame with ticks, given by their places 0..1 and labels, and the names of the axes."""
    out = [f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}"/>']
    for place, label in across:
        x = LEFT + SIZE * place
        out += [f'<path class="tick" d="M{x:.1f} {TOP + SIZE}v5"/>', text(x, TOP + SIZE + 19, label, "middle")]
    for place, label in down:
        y = TOP + SIZE * place
        out += [f'<path class="tick" d="M{LEFT} {y:.1f}h-5"/>', text(LEFT - 9, y + 4.5, label, "end")]
    out.append(text(LEFT + SIZE / 2, TOP + SIZE + 42, names[0], "middle"))
    out.append(text(20, TOP + SIZE / 2, names[1], "middle", turned=True))
    return "\n".join(out)


def ticks(length: int) -> list[tuple[float, str]]:
    """Return four to ten round numbers up to a length: where they stand, 0..1, and how they are written."""
    powers = (10**k for k in itertools.count())
    step = next(step for power in powers for step in (power, 2 * power, 5 * power) if length <= 10 * step)
    return [(at / max(length, 1), f"{at:,}") for at in range(0, length + 1, step)]


# ---------------------------------------------------------------- the dot plot


def dot_plot(pair: Pair) -> str:
    """Return the dot plot of two versions, its strokes coloured by score."""
    links = [bead for bead in pair.alignment.beads if all(bead.spans.get(name) for name in pair.names)]
    kind = f"{len(links):,} linked passages of {pair.first.id} and {pair.second.id}"
    across, down = (f"{doc.id}: place in the text, in characters" for doc in (pair.first, pair.second))
    content = [
        bands(pair),
        gold_boxes(pair) if pair.gold is not None else "",
        axes(ticks(len(pair.first.text)), ticks(len(pair.second.text)), (across, down)),
        strokes(pair, links),
        legend(with_gold=pair.gold is not None),
    ]
    size = LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM
    return picture(*size, f"{pair.first.id}–{pair.second.id}: links by score", kind, content)


def x_of(pair: Pair, offset: float) -> float:
    return LEFT + SIZE * offset / max(len(pair.first.text), 1)


def y_of(pair: Pair, offset: float) -> float:
    return TOP + SIZE * offset / max(len(pair.second.text), 1)


def bands(pair: Pair) -> str:
    """Return the stretches of either text that the other lacks."""
    out = []
    for bead in pair.alignment.beads:
        here, there = (bead.spans.get(name, ()) for name in pair.names)
        if not there:
            out += [f"M{x_of(pair, s.start):.1f} {TOP}V{TOP + SIZE}H{x_of(pair, s.end):.1f}V{TOP}z" for s in here]
        if not here:
            out += [f"M{LEFT} {y_of(pair, s.start):.1f}H{LEFT + SIZE}V{y_of(pair, s.end):.1f}H{LEFT}z" for s in there]
    return f'<path class="lack" d="{"".join(out)}"/>'


def gold_boxes(pair: Pair) -> str:
    """Return a box where each segment of gold meets its unit."""
    gold = pair.gold or {}
    out = []
    for start, end, unit in gold["other"]["segments"]:
        top, bottom = y_of(pair, start), y_of(pair, end)
        for left, right in gold["pivot"]["units"].get(unit, ()):
            out.append(f"M{x_of(pair, left):.1f} {top:.1f}V{bottom:.1f}H{x_of(pair, right):.1f}V{top:.1f}z")
    return f'<path class="gold" d="{"".join(out)}"/>'


def strokes(pair: Pair, links: Iterable[Bead]) -> str:
    """Return a path for each class of scores, the doubtful ones on top."""
    paths = [""] * CLASSES
    for bead in links:
        for link in bead.sentences or (bead,):
            here, there = (link.spans.get(name, ()) for name in pair.names)
            # A sentence whose score is not known has that of its paragraph.
            score = link.score.get(pair.second.id, bead.score.get(pair.second.id, 1.0))
            paths[min(max(int(score * CLASSES), 0), CLASSES - 1)] += "".join(
                stroke(pair, one, other) for one, other in runs(here, there)
            )
    drawn = (f'<path class="s{k}" d="{paths[k]}"/>' for k in reversed(range(CLASSES)) if paths[k])
    return '<g class="links">' + "\n".join(drawn) + "</g>"


def stroke(pair: Pair, one: tuple[float, float], other: tuple[float, float]) -> str:
    x, y, right, bottom = x_of(pair, one[0]), y_of(pair, other[0]), x_of(pair, one[1]), y_of(pair, other[1])
    return f"M{x:.1f} {y:.1f}L{max(right, x + LEAST):.1f} {max(bottom, y + LEAST):.1f}"


def runs(here: Sequence[Span], there: Sequence[Span]) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Give straight runs, start and end on either side: spans in several pieces are cut at the same shares of both."""
    borders = sorted({*shares(here), *shares(there)})
    for low, high in itertools.pairwise(borders):
        one, other = part(here, low, high), part(there, low, high)
        if one and other:
            yield one, other


def shares(spans: Sequence[Span]) -> Iterator[float]:
    """Give which shares of the whole length lie before each span, and behind the last."""
    lengths = list(map(len, spans))
    # Rounded, so that what meets on both sides is one border.
    return (round(before / max(sum(lengths), 1), 9) for before in itertools.accumulate(lengths, initial=0))


def part(spans: Sequence[Span], low: float, high: float) -> tuple[float, float] | None:
    """Return the places in the text of a run that crosses no border between spans, None where there is no text."""
    total = sum(map(len, spans))
    for span, (before, behind) in zip(spans, itertools.pairwise(shares(spans)), strict=True):
        if before <= (low + high) / 2 < behind:
            return span.start + (low - before) * total, span.start + (high - before) * total
    return None


def legend(*, with_gold: bool) -> str:
    """Return the scale of colours, and what the grey means, at the right of the frame."""
    x, y, side = LEFT + SIZE + 22, TOP + 24, 20
    out = [text(x, TOP + 10, "score")]
    for k in range(CLASSES):
        at = y + (CLASSES - 1 - k) * side
        out.append(f'<rect class="f{k}" x="{x}" y="{at}" width="16" height="{side}"/>')
    for k in range(0, CLASSES + 1, 2):
        out.append(text(x + 24, y + (CLASSES - k) * side + 4.5, f"{k / CLASSES:.1f}"))
    below = y + CLASSES * side + 30
    greys = [("lack", "no counterpart"), *([("gold", "gold")] if with_gold else [])]
    for k, (kind, told) in enumerate(greys):
        out.append(f'<rect class="{kind}" x="{x}" y="{below + k * 40}" width="16" height="16"/>')
        out.append(text(x, below + k * 40 + 31, told))
    return "\n".join(out)


# ---------------------------------------------------------------- the reliability curve


def reliability(pair: Pair) -> str:
    """Return the reliability curve of the scores of links between two versions.

    Raises:
        InputError: scores are of links to another version, or there is no gold.
    """
    if pair.gold is None:
        raise InputError("a reliability curve needs --gold")
    scale = calibration(pair.alignment, *pair.names, pair.gold)
    f1 = score_alignment(pair.alignment, *pair.names, pair.gold).f1
    told = f"expected calibration error {scale.error:.3f}, linked above 0.5: {scale.linked:.3f}, F1 {f1:.3f}"
    tenths = [(k / CLASSES, f"{k / CLASSES:.1f}") for k in range(0, CLASSES + 1, 2)]
    content = [
        f'<path class="ideal" d="M{LEFT} {TOP + SIZE}L{LEFT + SIZE} {TOP}"/>',
        text(LEFT + SIZE * 0.3 + 12, TOP + SIZE * 0.7 + 4, "as right as sure"),
        axes(tenths, [(1 - place, label) for place, label in tenths], ("score of a link", "share that is right")),
        curve(scale),
        bars(scale),
    ]
    size = LEFT + SIZE + 40, TOP + SIZE + BOTTOM + BARS + 36
    return picture(*size, f"{pair.first.id}–{pair.second.id}: how far scores are probabilities", told, content)


def curve(scale: Calibration) -> str:
    points = [
        (LEFT + SIZE * part.score, TOP + SIZE * (1 - part.right), part)
        for part in scale.bins
        if part.score is not None and part.right is not None
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
    marks = (
        f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="6"><title>score {part.low:.1f}–{part.high:.1f}: '
        f"mean {part.score:.2f}, right {part.right:.2f}, {part.characters:,} characters</title></circle>"
        for x, y, part in points
    )
    return (f'<path class="curve" d="M{path}"/>' if points else "") + "\n".join(marks)


def bars(scale: Calibration) -> str:
    """Return a bar for the characters of each bin, under the curve."""
    most = max((part.characters for part in scale.bins), default=0) or 1
    floor, width = TOP + SIZE + BOTTOM + BARS + 16, SIZE / len(scale.bins)
    out = [f'<path class="tick" d="M{LEFT} {floor}h{SIZE}"/>']
    for k, part in enumerate(scale.bins):
        height = (BARS - 16) * part.characters / most
        x = LEFT + k * width
        out.append(
            f'<rect class="bar" x="{x + 2:.1f}" y="{floor - height:.1f}" width="{width - 4:.1f}" '
            f'height="{height:.1f}"/>{text(x + width / 2, floor - height - 4, f"{part.characters:,}", "middle")}'
        )
    out.append(text(20, floor - BARS / 2, "characters", "middle", turned=True))
    return "\n".join(out)


# ---------------------------------------------------------------- the command


def pair_in(alignment: Alignment, named: str | None, gold: str | None) -> Pair:
    """Return the versions that are named, else those of gold, else the pivot and the first other one, with gold.

    Raises:
        InputError: these are not two versions.
    """
    documents = {doc.id: doc for doc in alignment.documents}
    truth = None if gold in (None, "-") else load_gold(str(gold))
    if named:
        ids = named.split(",")
    elif truth is not None:
        ids = list(pair_of(alignment, truth))
    else:
        ids = [alignment.pivot, next((name for name in documents if name != alignment.pivot), alignment.pivot)]
    for name in ids:
        if name not in documents:
            raise UnknownNameError("version", name, documents)
    if len(ids) != 2 or ids[0] == ids[1]:
        raise InputError("--pair names two versions: --pair zh,en")
    first, second = documents[ids[0]], documents[ids[1]]
    if gold == "-":
        truth = unrelated(len(second.text))
    return Pair(alignment, first, second, truth)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("alignment", metavar="ALIGNMENT", help="what `tetrapla align` wrote, JSON")
    parser.add_argument(
        "--pair", metavar="A,B", help="two versions by id, A along the x axis (default: the pivot, another)"
    )
    parser.add_argument("--gold", metavar="GOLD", help="gold as for `tetrapla score`")
    parser.add_argument("--reliability", action="store_true", help="a reliability curve; needs --gold")
    parser.add_argument("-o", "--output", metavar="OUT.svg", type=Path, required=True)
    options = parser.parse_args(argv)
    try:
        if options.output.suffix.lower() != ".svg":
            raise InputError(f"{options.output}: the picture is SVG; name a file that ends in .svg")
        pair = pair_in(load_alignment(options.alignment), options.pair, options.gold)
        write_atomic(options.output, (reliability if options.reliability else dot_plot)(pair))
    except TetraplaError as e:
        print(f"plot: {e}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
