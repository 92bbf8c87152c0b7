"""Draws what checks have laid out to be looked at, as PNG files. Never part of a grade."""

import contextlib
import importlib.util
import io
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from grader.errors import RequestError
from grader.model import Check, Visibility
from grader.result import write_atomically
from grader.testing.exhibit import Array, Curve, Curves, Exhibit, Exhibition, Images, Matrix, Points

FOLDER, STAFF_FOLDER = "figures", "staff"
NOT_DRAWN = "not_drawn.txt"
DPI = 120
INK, PALE = "#222222", "#767676"
COLOURS = (  # Okabe and Ito (2008): told apart by colour-blind readers
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"),
    *("#56b4e9", "#000000", "#8c6bb1", "#9c755f", "#7f7f7f"),
)
STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": PALE,
    "ytick.color": PALE,
    "figure.facecolor": "white",
}
MANY = 200  # values from which a noisy curve is drawn pale, with its running mean above it
LOG_RATIO = 100.0  # between a curve's largest and smallest value
NUMBERED = 20  # classes up to which a matrix shows its numbers
TITLE_DENSITY, NOTE_DENSITY = 10.0, 16.0  # characters an inch that fit in any case
OUTSIDE = 0.005  # of the points on each side may lie outside the picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The files that were written, and why others were not."""

    paths: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()


def require_matplotlib() -> None:
    """Say how to install what draws, before anything is run.

    Raises:
        RequestError: If matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise RequestError(
            "--figures needs matplotlib. `pip install 'dlab[labs]'` installs it; "
            "without --figures everything works as well."
        )


def save_figures(
    folder: Path, checks: Sequence[Check], exhibitions: Mapping[str, Exhibition]
) -> Drawn:
    """Draw what checks laid out; files of their earlier runs are replaced.

    Args:
        folder: Where `<check id>-<number>-<title>.png` are written; those of hidden checks in its
            folder "staff".
        checks: What was run.
        exhibitions: What they laid out, by check id.

    Returns:
        The files, in the order of the checks. Nothing is raised: what cannot be drawn or written is
        named.
    """
    paths: list[Path] = []
    remarks: list[str] = []
    for check in checks:
        place = folder if check.visibility is Visibility.PUBLIC else folder / STAFF_FOLDER
        seen = exhibitions.get(check.check_id, Exhibition())
        remarks += [f"{check.check_id}: {remark}" for remark in seen.remarks]
        _remove_old(place, check.check_id)
        for number, exhibit in enumerate(seen.exhibits, start=1):
            path = place / f"{check.check_id}-{number}-{_slug(exhibit.title)}.png"
            try:
                write_atomically(path, draw(exhibit))
            except Exception as error:  # noqa: BLE001  told to who asked; a figure is never a grade
                remarks.append(f"{check.check_id}: {path.name} was not drawn: {error}"[:300])
            else:
                paths.append(path)
    return Drawn(paths=tuple(paths), remarks=tuple(remarks))


def fill_folder(
    folder: Path, checks: Sequence[Check], exhibitions: Mapping[str, Exhibition]
) -> None:
    """Draw as `save_figures` does; what was not drawn is listed in a file beside the figures.

    The folder is there afterwards even if nothing was drawn: it says that figures were asked for.
    """
    drawn = save_figures(folder, checks, exhibitions)
    with contextlib.suppress(OSError):  # the result, which is written next to it, will tell
        folder.mkdir(parents=True, exist_ok=True)
        if drawn.remarks:
            write_atomically(folder / NOT_DRAWN, "\n".join(drawn.remarks) + "\n")


def _remove_old(folder: Path, check_id: str) -> None:
    """Remove what an earlier run of a check has drawn, and nothing else."""
    name = re.compile(rf"{re.escape(check_id)}-\d+-[a-z0-9-]+\.png")
    with contextlib.suppress(OSError):  # what stays is older than the run, not wrong
        for path in folder.iterdir() if folder.is_dir() else ():
            if name.fullmatch(path.name):
                path.unlink()


def remove_figures(folder: Path) -> None:
    """Remove all figures of an earlier grading, so that none is taken for one of a later one."""
    with contextlib.suppress(OSError):
        for path in (*drawn_in(folder), folder / NOT_DRAWN):
            path.unlink(missing_ok=True)
        for place in (folder / STAFF_FOLDER, folder):
            place.rmdir()  # refused where somebody has put something else


def _slug(title: str) -> str:
    """Return a title as a part of a file's name, cut after a word."""
    whole = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    short = whole if len(whole) <= 40 else whole[:41].rpartition("-")[0] or whole[:40]
    return short or "figure"


def draw(exhibit: Exhibit) -> bytes:
    """Return a picture of an exhibit as the bytes of a PNG file."""
    from matplotlib import style

    with warnings.catch_warnings(), style.context(["default", STYLE]):
        warnings.simplefilter("ignore")  # such as a glyph that the font lacks
        figure, note = _figure_of(exhibit)
        title = _wrapped(exhibit.title, figure, TITLE_DENSITY)
        _plain(figure.suptitle(title, x=0.01, ha="left", fontsize=11, weight="bold"))
        if text := "; ".join(filter(None, [note, exhibit.note])):
            text = _wrapped(text, figure, NOTE_DENSITY)
            _plain(figure.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color=PALE))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _figure_of(exhibit: Exhibit) -> tuple[Any, str]:
    """Return the figure, and what is to be said about its scale."""
    if isinstance(exhibit, Curves):
        return _draw_curves(exhibit), ""
    if isinstance(exhibit, Images):
        low, high = np.nanmin(exhibit.images), np.nanmax(exhibit.images)
        return _draw_images(exhibit), f"black is {low:.3g}, white is {high:.3g}"
    if isinstance(exhibit, Matrix):
        return _draw_matrix(exhibit), ""
    corner, other = _limits(exhibit.points, exhibit.centers)
    outside = int(((exhibit.points < corner) | (exhibit.points > other)).any(axis=1).sum())
    note = f"{outside} of {len(exhibit.points)} points lie outside" if outside else ""
    return _draw_points(exhibit), note


def _new(width: float, height: float) -> tuple[Any, Any]:
    """Return a figure of so many inches, and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _wrapped(text: str, figure: Any, density: float) -> str:
    """Break a text into lines that fit, with so many characters an inch."""
    return "\n".join(textwrap.wrap(text, int(density * figure.get_size_inches()[0])))


def _plain(text: Any) -> None:
    """Show a text as it is: a dollar sign in it begins no formula."""
    text.set_parse_math(False)


def _label(axes: Any, x: str, y: str) -> None:
    _plain(axes.set_xlabel(x))
    _plain(axes.set_ylabel(y))


# Curves


def _draw_curves(exhibit: Curves) -> Any:
    figure, axes = _new(6.4, 3.8)
    axes.grid(axis="y", color="#e5e5e5", linewidth=0.8)
    axes.set_axisbelow(True)
    if _spans_decades(exhibit.curves):
        axes.set_yscale("log")
    lines = [
        _draw_curve(axes, curve, colour)
        for curve, colour in zip(exhibit.curves, COLOURS, strict=False)
    ]
    names = [curve.name.lstrip("_") or "?" for curve in exhibit.curves]
    if names != [exhibit.y]:  # one curve that is what the axis says needs no legend
        for text in axes.legend(lines, names, frameon=False).get_texts():
            _plain(text)
    axes.xaxis.get_major_locator().set_params(integer=True)
    _label(axes, exhibit.x, exhibit.y)
    return figure


def _spans_decades(curves: Sequence[Curve]) -> bool:
    values = np.concatenate([curve.values for curve in curves])
    low, high = np.nanmin(values), np.nanmax(values)
    return bool(low > 0 and high / low > LOG_RATIO)


def _draw_curve(axes: Any, curve: Curve, colour: str) -> Any:
    """Draw one curve; return the line that stands for it in the legend."""
    if not _is_noisy(curve.values):
        is_short = len(curve.values) <= 40
        marker = {"marker": "o", "markersize": 3.5} if is_short else {}
        (line,) = axes.plot(curve.steps, curve.values, color=colour, linewidth=1.6, **marker)
        return line
    axes.plot(curve.steps, curve.values, color=colour, alpha=0.25, linewidth=0.6)
    mean = _running_mean(curve.values, window=max(5, len(curve.values) // 50))
    (line,) = axes.plot(curve.steps, mean, color=colour, linewidth=1.6)
    return line


def _is_noisy(values: Array) -> bool:
    """Whether a curve goes up and down so often that its course is hard to see."""
    known = values[np.isfinite(values)]
    way = float(np.abs(np.diff(known)).sum())
    return len(values) > MANY and way > 5 * float(np.ptp(known))


def _running_mean(values: Array, *, window: int) -> Array:
    """Return the mean of the finite ones of the latest values; nan where there are none."""
    is_there = np.isfinite(values)
    sums = np.cumsum(np.where(is_there, values, 0.0))
    counts = np.cumsum(is_there)
    sums[window:] -= sums[:-window].copy()
    counts[window:] -= counts[:-window].copy()
    mean: Array = np.where(is_there, sums / np.maximum(counts, 1), np.nan)
    return mean


# Images


def _draw_images(exhibit: Images) -> Any:
    count, height, width = exhibit.images.shape
    columns = exhibit.columns or (count if count <= 6 else min(10, ceil(sqrt(1.6 * count))))
    rows = -(-count // columns)
    low, high = float(np.nanmin(exhibit.images)), float(np.nanmax(exhibit.images))
    cell_w, cell_h = 1.08 * width, (1.3 if exhibit.captions else 1.08) * height
    across = max(3.2, min(8.0, 0.85 * columns))
    down = across * (rows * cell_h) / (columns * cell_w) + 0.6
    figure, axes = _new(across, min(max(down, 1.4), 12.0))
    axes.set_axis_off()
    for number, image in enumerate(exhibit.images):
        left, top = number % columns * cell_w, number // columns * cell_h
        corners = (left, left + width, top + height, top)
        axes.imshow(image, cmap=_grey(), vmin=low, vmax=max(high, low + 1e-12), extent=corners)
        if number < len(exhibit.captions):
            place = (left + width / 2, top - 0.03 * height)
            size = 7 if len(exhibit.captions[number]) < 14 else 5
            text = axes.text(*place, exhibit.captions[number], ha="center", fontsize=size)
            _plain(text)
    axes.set(xlim=(0, columns * cell_w), ylim=(rows * cell_h - cell_h + height, height - cell_h))
    return figure


def _grey() -> Any:
    from matplotlib import colormaps

    return colormaps["gray"].with_extremes(bad="#d55e00")


# A matrix


def _draw_matrix(exhibit: Matrix) -> Any:
    from matplotlib.colors import PowerNorm

    matrix = exhibit.matrix
    rows, columns = matrix.shape
    low, high = min(0.0, float(np.nanmin(matrix))), float(np.nanmax(matrix))
    norm = PowerNorm(0.5, vmin=low, vmax=max(high, low + 1e-12))  # rare ones are seen, too
    side = 0.42 if max(rows, columns) <= NUMBERED else 0.12
    figure, axes = _new(1.6 + side * columns, 1.5 + side * rows)
    figure.set_size_inches(np.maximum(figure.get_size_inches(), (4.2, 3.0)))
    drawn = axes.imshow(matrix, cmap="Blues", norm=norm)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    if max(rows, columns) <= NUMBERED:
        axes.set(xticks=range(columns), yticks=range(rows))
        _write_numbers(axes, matrix, norm)
    else:
        figure.colorbar(drawn, shrink=0.8)
    _label(axes, exhibit.columns, exhibit.rows)
    return figure


def _write_numbers(axes: Any, matrix: Array, norm: Callable[[float], float]) -> None:
    is_whole = bool(np.all(np.isnan(matrix) | (matrix == np.round(matrix))))
    for (row, column), value in np.ndenumerate(matrix):
        is_dark = np.isfinite(value) and float(norm(value)) > 0.55
        is_nothing = value == 0
        colour = "white" if is_dark else "#bbbbbb" if is_nothing else INK
        text = _number(float(value), is_whole=is_whole)
        size = 8 if len(text) < 5 else 6
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color=colour)


def _number(value: float, *, is_whole: bool) -> str:
    if np.isnan(value):
        return "nan"
    return f"{value:.0f}" if is_whole and abs(value) < 1e6 else f"{value:.2g}"


# Points


def _draw_points(exhibit: Points) -> Any:
    points, centers = exhibit.points, exhibit.centers
    low, high = _limits(points, centers)
    figure, axes = _new(5.2, 5.2)
    axes.grid(color="#eeeeee", linewidth=0.8)
    axes.set_axisbelow(True)
    size, alpha = (14, 0.7) if len(points) <= 500 else (5, 0.35)
    axes.scatter(*points.T, s=size, alpha=alpha, color=COLOURS[0], linewidths=0)
    for place, name in zip(points, exhibit.labels, strict=False):
        offset = {"xytext": (5, 3), "textcoords": "offset points", "fontsize": 8}
        _plain(axes.annotate(name, place, **offset))
    if len(centers):
        cross = {"marker": "x", "s": 60, "color": COLOURS[1], "linewidths": 1.8}
        axes.scatter(*centers.T, label="centres", **cross)
        axes.legend(frameon=False, loc="upper right")
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    return figure


def _limits(points: Array, centers: Array) -> tuple[Array, Array]:
    """Return the corners of a square around the centres and all but a few of the points."""
    ends = np.vstack([np.quantile(points, [OUTSIDE, 1 - OUTSIDE], axis=0), centers])
    low, high = ends.min(axis=0), ends.max(axis=0)
    middle, largest = (low + high) / 2, float(np.abs(ends).max())
    half = 0.58 * max(float((high - low).max()), 1e-6 + 1e-3 * largest)
    return middle - half, middle + half


def drawn_in(folder: Path) -> Iterator[Path]:
    """Yield the figures in a folder, and those for staff below it."""
    for place in (folder, folder / STAFF_FOLDER):
        yield from sorted(place.glob("*.png"))
