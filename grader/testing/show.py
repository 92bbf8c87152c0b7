"""What a check lays out for a person to look at: `dlab check --figures` draws it.

It is never part of a grade: nothing here raises, whatever the submission returned, and where
nobody records, nothing happens.
"""

from collections.abc import Mapping, Sequence

from grader.testing.exhibit import make_curves, make_images, make_matrix, make_points
from grader.testing.record import note_exhibit


def show_curves(
    title: str, series: Mapping[str, Sequence[float]], *, x: str = "epoch", y: str = "loss"
) -> None:
    """Show numbers over epochs or steps, one curve a name.

    Args:
        title: What it is about, such as "loss on the digits".
        series: Name to values (n,), the first at x = 1. At most 10, each thinned to 10,000 values.
        x: What the values are counted in.
        y: What the values are.
    """
    note_exhibit(title, lambda: make_curves(title, series, x, y))


def show_images(
    title: str, images: object, *, captions: Sequence[object] = (), columns: int | None = None
) -> None:
    """Show grey images in a grid, all on one scale from their lowest to their highest value.

    Args:
        title: What they are, such as "digits taken for another".
        images: (n, height, width) numbers. The first 64 are shown, thinned to 64 x 64 pixels.
        captions: A short text, or a number, for each of the first ones.
        columns: How many stand in a row, such as 8 for eight inputs above their eight outputs.
    """
    note_exhibit(title, lambda: make_images(title, images, captions, columns))


def show_matrix(
    title: str, matrix: object, *, rows: str = "true class", columns: str = "predicted class"
) -> None:
    """Show a matrix with its numbers, such as a confusion matrix.

    Args:
        title: What it is.
        matrix: (rows, columns) numbers, at most 64 x 64.
        rows: What a row stands for.
        columns: What a column stands for.
    """
    note_exhibit(title, lambda: make_matrix(title, matrix, rows, columns))


def show_points(
    title: str, points: object, *, centers: object = None, labels: Sequence[object] = ()
) -> None:
    """Show points in a plane, such as samples of a generator over the modes of the data.

    Args:
        title: What they are.
        points: (n, 2) numbers, thinned to 10,000.
        centers: (k, 2) numbers to be marked, at most 100; None for none.
        labels: A short text for each of the first points, at most 100.
    """
    note_exhibit(title, lambda: make_points(title, points, centers, labels))
