"""Pictures of what a query counts: bars, strips of places, a heat map. They need matplotlib, the extra `plot`.

frequency      bars, of two values in colours
renderings     bars of the forms of each version; colours tell sound forms from damage
collocations   for each language the words by logDice
dispersion     for each document a strip with a stroke where a hit stands
cooccurrence   bars for one concept; of pairs a heat map of the concepts that are named together most
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapla.errors import InputError, MissingPackageError
from tetrapla.files import write_atomic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SUFFIXES", "draw", "suffix_of"]

SUFFIXES = (".svg", ".png")
MOST = 20  # bars of a picture, rows of a heat map
# The first of these that is on the machine draws Chinese; in SVG text stays text, and the reader's system chooses.
FONTS = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Serif CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "PingFang SC",
    "Microsoft YaHei", "SimHei",
)  # fmt: skip
COLORS = ("#2f6ea6", "#c98a00", "#3c8d5a", "#a34a7a", "#7a6bb0", "#8a6d1d", "#4c8fc4", "#b3300c")
STATUS_COLORS = {
    "preferred": "#1b6e3c",
    "admitted": "#66a37f",
    "deprecated": "#c98a00",
    "noise": "#b3300c",
    "suspected": "#7a6bb0",
}


def draw(file: str | Path, view: str, title: str, rows: Sequence[Any]) -> None:
    """Draw the rows of a table of figures (`view` names it) into a file, SVG or PNG by its suffix.

    Raises:
        InputError: another suffix, nothing to draw, or the file cannot be written.
        MissingPackageError: matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingPackageError("matplotlib", "drawing", "plot")
    suffix = suffix_of(file)
    if not rows:
        raise InputError(f"nothing to draw for {title}: there is no hit")
    write_atomic(file, _drawn(suffix[1:], view, title, rows))


def suffix_of(file: str | Path) -> str:
    """Return the suffix of a file for a picture, in small letters.

    Raises:
        InputError: pictures are not drawn as such.
    """
    suffix = Path(file).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{file}: pictures are drawn as {' or '.join(SUFFIXES)}; name such a file")
    return suffix


def _drawn(format: str, view: str, title: str, rows: Sequence[Any]) -> bytes:  # noqa: A002
    import io

    import matplotlib
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [name for name in FONTS if name in known]
    # A salt makes the same picture of the same figures, byte by byte.
    style: Any = {"font.family": fonts or ["sans-serif"], "svg.fonttype": "none", "svg.hashsalt": "tetrapla",
             "axes.spines.top": False, "axes.spines.right": False, "text.parse_math": False}  # fmt: skip
    with matplotlib.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = DRAWERS[view](rows)
        figure.suptitle(title, fontsize=11)
        out = io.BytesIO()
        figure.savefig(out, format=format, dpi=150, metadata={"Date": None} if format == "svg" else None)
    return out.getvalue()


def _figure(width: float, height: float, count: int = 1) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(1, count, squeeze=False)[0])


def _bars(axes: Axes, names: Sequence[str], values: Sequence[float], colors: str | Sequence[str], label: str) -> None:
    """Draw bars from above, each with its name."""
    places = range(len(names))
    axes.barh(places, values, color=colors)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xlabel(label)


def _frequency(rows: Sequence[Any]) -> Figure:
    if len(rows[0].by) == 1:
        shown = rows[:MOST]
        figure, (axes,) = _figure(7, 1.2 + 0.3 * len(shown))
        _bars(axes, [row.values[0] or "–" for row in shown], [row.hits for row in shown], COLORS[0], "hits")
        return figure
    # The last value is the axis, the others are colours.
    groups = list(dict.fromkeys(" · ".join(row.values[:-1]) for row in rows))[: len(COLORS)]
    names = list(dict.fromkeys(row.values[-1] or "–" for row in rows))[:MOST]
    figure, (axes,) = _figure(8, 1.5 + 0.32 * len(names))
    size = 0.8 / len(groups)
    for k, group in enumerate(groups):
        hits = {row.values[-1] or "–": row.hits for row in rows if " · ".join(row.values[:-1]) == group}
        places = [place + (k - (len(groups) - 1) / 2) * size for place in range(len(names))]
        axes.barh(places, [hits.get(name, 0) for name in names], size, color=COLORS[k], label=group)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("hits")
    axes.set_ylabel(rows[0].by[-1])
    axes.legend(frameon=False, fontsize=8)
    return figure


def _renderings(rows: Sequence[Any]) -> Figure:
    from matplotlib.patches import Patch

    shown = rows[: 2 * MOST]
    figure, (axes,) = _figure(8, 1.5 + 0.3 * len(shown))
    names = [f"{row.version}: {row.form}" for row in shown]
    _bars(axes, names, [row.hits for row in shown], [STATUS_COLORS[_status(row)] for row in shown], "mentions")
    used = dict.fromkeys(map(_status, shown))
    axes.legend(handles=[Patch(color=STATUS_COLORS[name], label=name) for name in used], frameon=False, fontsize=8)
    return figure


def _status(row: Any) -> str:
    """Return the status that tells the colour of a form: of one to avoid for its damage that of noise."""
    return "noise" if row.damage else str(row.status)


def _collocations(rows: Sequence[Any]) -> Figure:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.language, []).append(row)
    figure, all_axes = _figure(3.2 * len(groups) + 0.8, 5.5, len(groups))
    for axes, color, (language, found) in zip(all_axes, COLORS * len(groups), groups.items(), strict=False):
        best = sorted(found, key=lambda row: -row.log_dice)[:MOST]
        places = range(len(best))
        axes.hlines(places, 0, [row.log_dice for row in best], color=color, alpha=0.35)
        axes.scatter(
            [row.log_dice for row in best], places, s=[14 + 4 * min(row.hits, 40) for row in best], color=color
        )
        axes.set_yticks(places, [row.word for row in best])
        axes.set_xlim(max(0, min(row.log_dice for row in best) - 1), 14)
        axes.invert_yaxis()
        axes.set_title(language, fontsize=10)
        axes.set_xlabel("logDice")
    return figure


def _dispersion(rows: Sequence[Any]) -> Figure:
    shown = rows[: 2 * MOST]
    figure, (axes,) = _figure(8, 1.2 + 0.42 * len(shown))
    for place, row in enumerate(shown):
        axes.axhspan(place - 0.36, place + 0.36, color="#8881", zorder=0)
        axes.vlines(row.places, place - 0.36, place + 0.36, color=COLORS[0], linewidth=0.9)
    names = [
        f"{row.document or row.language} ×{row.hits}" + (f"  DP {row.dp:.2f}" if row.dp is not None else "")
        for row in shown
    ]
    axes.set_yticks(range(len(shown)), names)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("place in the text")
    return figure


def _cooccurrence(rows: Sequence[Any]) -> Figure:
    if len({row.concept for row in rows}) == 1:
        shown = rows[:MOST]
        figure, (axes,) = _figure(7, 1.2 + 0.3 * len(shown))
        _bars(axes, [row.other for row in shown], [row.log_dice for row in shown], COLORS[0], "logDice")
        for place, row in enumerate(shown):
            axes.annotate(f" {row.units}", (row.log_dice, place), va="center", fontsize=7)
        return figure
    return _heat_map(rows)


def _heat_map(rows: Sequence[Any]) -> Figure:
    import numpy as np

    totals: dict[str, int] = {}
    for row in rows:
        for name in (row.concept, row.other):
            totals[name] = totals.get(name, 0) + row.units
    names = _neighbours(sorted(totals, key=lambda name: (-totals[name], name))[: MOST + 5], rows)
    places = {name: k for k, name in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    for row in rows:
        if row.concept in places and row.other in places:
            a, b = places[row.concept], places[row.other]
            values[a, b] = values[b, a] = row.units
    figure, (axes,) = _figure(9, 8)
    image = axes.pcolormesh(values, cmap="YlGnBu")
    axes.set_aspect("equal")
    axes.invert_yaxis()
    middles = [place + 0.5 for place in range(len(names))]
    axes.set_xticks(middles, names, rotation=60, ha="right", rotation_mode="anchor", fontsize=7)
    axes.set_yticks(middles, names, fontsize=7)
    figure.colorbar(image, ax=axes, shrink=0.7, label="units that name both")
    return figure


def _neighbours(names: Sequence[str], rows: Sequence[Any]) -> list[str]:
    """Return names so that each stands beside the one it is named with most, beginning with the first."""
    strength = {frozenset((row.concept, row.other)): row.log_dice for row in rows}
    left, order = list(names[1:]), [names[0]]
    while left:
        best = max(left, key=lambda name: strength.get(frozenset((order[-1], name)), 0.0))
        left.remove(best)
        order.append(best)
    return order


DRAWERS: Mapping[str, Any] = {
    "frequency": _frequency,
    "renderings": _renderings,
    "collocations": _collocations,
    "dispersion": _dispersion,
    "cooccurrence": _cooccurrence,
}
