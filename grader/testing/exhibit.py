"""What a person would look at, as plain bounded data: curves, images, a matrix, points.

Exhibits are made of what a submission returned, so anything may come in: other shapes, objects,
nan, far too much. What cannot be shown is a ValueError; what is too much is thinned, and the
exhibit's note says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_SERIES, MAX_STEPS = 10, 10_000
MAX_IMAGES, MAX_SIDE = 64, 64  # pixels of a side; larger ones are thinned
MAX_POINTS, MAX_CENTERS = 10_000, 100
MAX_CLASSES = 64  # rows and columns of a matrix
MAX_LISTED = 1 << 22  # values in nested lists; an array is thinned before it is copied
LARGEST = 1e30  # what is further from 0 is as good as infinite on paper
TITLE_LIMIT, NAME_LIMIT = 80, 24  # characters


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One series: values (n,) at steps (n,), both float64; nan where a value was not finite."""

    name: str
    steps: Array
    values: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Series over a common axis, such as training and test loss over epochs."""

    title: str
    curves: tuple[Curve, ...]
    x: str
    y: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Images:
    """Grey images (n, height, width) float64, nan where not finite, and a caption for each.

    Attributes:
        columns: How many stand in a row; 0 for as many as look well.
    """

    title: str
    images: Array
    captions: tuple[str, ...]
    columns: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrix:
    """Numbers (rows, columns) float64, such as how often each class was taken for each other."""

    title: str
    matrix: Array
    rows: str
    columns: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Points (n, 2) and centres (k, 2) of a plane, float64, all finite; names of the first ones."""

    title: str
    points: Array
    centers: Array
    labels: tuple[str, ...] = ()
    note: str = ""


Exhibit = Curves | Images | Matrix | Points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibition:
    """What one check laid out, and why something of it cannot be shown."""

    exhibits: tuple[Exhibit, ...] = ()
    remarks: tuple[str, ...] = ()


def make_curves(title: object, series: object, x: object, y: object) -> Curves:
    """Make an exhibit of series by name, each a sequence of numbers."""
    if not isinstance(series, Mapping) or not series:
        raise ValueError("the series are not a mapping from names to numbers")
    curves, notes = [], [_left_out(len(series), MAX_SERIES, "series")]
    for key, values in list(series.items())[:MAX_SERIES]:
        name = plain_text(key, NAME_LIMIT)
        try:
            curves.append(_curve(name, values))
        except (ValueError, TypeError, OverflowError) as error:  # the others can still be compared
            notes.append(plain_text(f"no '{name}': {error}"))
    if not curves:
        raise ValueError("; ".join(filter(None, notes)))
    count = sum(len(curve.values) for curve in curves)
    lost = sum(int(np.isnan(curve.values).sum()) for curve in curves)
    notes.append(_lost(lost, count, "values"))
    title, x, y = (plain_text(text) for text in (title, x, y))
    return Curves(title=title, curves=tuple(curves), x=x, y=y, note=_note(notes))


def _curve(name: str, values: object) -> Curve:
    whole = _numbers(values, axes=1)
    stride = _stride(len(whole), MAX_STEPS)
    kept = _finite_or_nan(whole[::stride])
    if np.isnan(kept).all():
        raise ValueError("no value is finite")
    steps = np.arange(1, len(whole) + 1, stride, dtype=np.float64)
    return Curve(name=name, steps=steps, values=kept)


def make_images(title: object, images: object, captions: object, columns: object = None) -> Images:
    """Make an exhibit of images (n, height, width), so many in a row."""
    whole = _numbers(images, axes=3)
    down, across = (_stride(size, MAX_SIDE) for size in whole.shape[1:])
    kept = _finite_or_nan(whole[:MAX_IMAGES, ::down, ::across])
    lost = int(np.isnan(kept).sum())
    if lost == kept.size:
        raise ValueError("no pixel is finite")
    given = list(captions)[:MAX_IMAGES] if isinstance(captions, Sequence | np.ndarray) else []
    notes = [_left_out(len(whole), MAX_IMAGES, "images"), _lost(lost, kept.size, "pixels")]
    if max(down, across) > 1:
        notes.append(f"thinned from {whole.shape[1]} x {whole.shape[2]} pixels")
    names = tuple(plain_text(entry, NAME_LIMIT) for entry in given)
    return Images(
        title=plain_text(title),
        images=kept,
        captions=names,
        columns=min(max(columns, 0), MAX_IMAGES) if isinstance(columns, int) else 0,
        note=_note(notes),
    )


def make_matrix(title: object, matrix: object, rows: object, columns: object) -> Matrix:
    """Make an exhibit of a matrix of numbers."""
    whole = _numbers(matrix, axes=2)
    if max(whole.shape) > MAX_CLASSES:
        raise ValueError(f"it is larger than {MAX_CLASSES} x {MAX_CLASSES}")
    kept = _finite_or_nan(whole)
    lost = int(np.isnan(kept).sum())
    if lost == kept.size:
        raise ValueError("no entry is finite")
    return Matrix(
        title=plain_text(title),
        matrix=kept,
        rows=plain_text(rows),
        columns=plain_text(columns),
        note=_lost(lost, kept.size, "entries"),
    )


def make_points(title: object, points: object, centers: object, labels: object = ()) -> Points:
    """Make an exhibit of points (n, 2) and, if there are any, centres (k, 2)."""
    whole = _numbers(points, axes=2)
    fixed = np.empty((0, 2)) if centers is None else _numbers(centers, axes=2)
    if whole.shape[1] != 2 or fixed.shape[1] != 2:
        raise ValueError("the points do not have 2 coordinates each")
    kept = _finite_or_nan(whole[:: _stride(len(whole), MAX_POINTS)])
    is_there = ~np.isnan(kept).any(axis=1)
    if not is_there.any():
        raise ValueError("no point is finite")
    fixed = _finite_or_nan(fixed[:MAX_CENTERS])
    notes = [_lost(int((~is_there).sum()), len(kept), "points")]
    if len(kept) < len(whole):
        notes.insert(0, f"{len(kept)} of {len(whole)} points")
    fixed = fixed[~np.isnan(fixed).any(axis=1)]
    given = list(labels)[:MAX_CENTERS] if isinstance(labels, Sequence) else []
    whole_names = is_there.all() and len(kept) == len(whole)  # else a name would slip to another
    return Points(
        title=plain_text(title),
        points=kept[is_there],
        centers=fixed,
        labels=tuple(plain_text(entry, NAME_LIMIT) for entry in given) if whole_names else (),
        note=_note(notes),
    )


def _numbers(value: object, *, axes: int) -> NDArray[np.generic]:
    """Return real numbers with so many axes and at least one entry; an array is not copied."""
    array = value if isinstance(value, np.ndarray) else _listed(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"it holds no real numbers: dtype {array.dtype.name}")
    if not array.size:
        raise ValueError("there is nothing to show")
    if array.ndim != axes:
        raise ValueError(f"its shape is {array.shape}, not {axes} axes")
    return array


def _listed(value: object) -> Array:
    if not isinstance(value, list | tuple | range):
        raise ValueError(f"it is a {type(value).__name__}, not numbers")
    if _count(value) > MAX_LISTED:
        raise ValueError("it is too large")
    return np.array(value, dtype=np.float64)


def _count(value: object) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return value.size if isinstance(value, np.ndarray) else 1


def _finite_or_nan(array: NDArray[np.generic]) -> Array:
    """Return a copy in which everything that cannot be drawn is nan."""
    kept = array.astype(np.float64)
    kept[~(np.abs(kept) <= LARGEST)] = np.nan
    return kept


def _stride(count: int, limit: int) -> int:
    """Return the step that leaves at most `limit` of `count`."""
    return max(1, -(-count // limit))


def plain_text(value: object, limit: int = TITLE_LIMIT) -> str:
    """Return a text on one line, without what moves a cursor or cannot be stored."""
    text = value if isinstance(value, str) else f"{value:g}" if _is_number(value) else repr(value)
    shown = "".join(char if char.isprintable() else " " for char in text[: 4 * limit]).strip()
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating)


def _left_out(count: int, limit: int, what: str) -> str:
    return f"the first {limit} of {count} {what}" if count > limit else ""


def _lost(lost: int, count: int, what: str) -> str:
    return f"{lost} of {count} {what} not finite" if lost else ""


def _note(notes: Sequence[str]) -> str:
    return "; ".join(note for note in notes if note)
