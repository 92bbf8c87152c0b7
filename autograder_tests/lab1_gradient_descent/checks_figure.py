"""Hidden checks of lab 1: what the figure shows."""

from collections.abc import Sequence

import numpy as np
from oracle_lab1 import Array

from grader.testing import (
    Axes,
    Submission,
    assert_close,
    assert_that,
)


def series_of(axes: Axes) -> list[Array]:
    """What is drawn, as (points, 2): lines, scatters, and paths made of single dots or segments."""
    drawn = [*axes.lines, *axes.points]
    dots = [series for series in drawn if len(series) == 1]
    segments = [series for series in drawn if len(series) == 2]
    if dots:
        drawn.append(np.concatenate(dots))
    if segments:
        drawn.append(np.concatenate([segments[0][:1], *(segment[1:] for segment in segments)]))
    return drawn


def closest(drawn: Sequence[Array], expected: Array) -> Array:
    """Of the series with as many points as expected the nearest one; else the longest there is."""
    orders = [order for some in drawn for order in (some, some[::-1])]  # drawn from either end
    fitting = [series for series in orders if series.shape == expected.shape]
    if fitting:
        return min(
            fitting, key=lambda series: float(np.nan_to_num(np.abs(series - expected)).max())
        )
    return max(drawn, key=len, default=np.zeros((0, 2)))


def closest_points(drawn: Sequence[Array], expected: Array) -> Array:
    """The same, but where no series fits, the nearest of all points to each expected one.

    A path may be made of dots or segments, with its start and end marked once more.
    """
    if not drawn or any(series.shape == expected.shape for series in drawn):
        return closest(drawn, expected)
    points = np.concatenate(drawn)
    gaps = np.abs(points[None, :, :] - expected[:, None, :]).sum(axis=2)
    return points[np.argmin(np.nan_to_num(gaps, nan=np.inf), axis=1)]


def test_plot_drawn(submission: Submission, rng: np.random.Generator) -> None:
    """The figure holds the parabola on the grid and the path on it; both axes are labelled.

    Catches mistakes: plot_without_path, plot_without_curve, plot_without_labels,
    plot_against_step, plot_axes_swapped, plot_curve_between_points, plot_path_flat.
    """
    points = np.arange(-100, 101) / 10.0
    curve = np.column_stack([points, points**2])
    for steps, factor in ((7, 0.8), (13, -0.9)):
        path = float(rng.uniform(5.0, 9.0)) * factor ** np.arange(steps + 1)
        figure = submission.plot_descent(path)
        on_curve = np.column_stack([path, path**2])
        drawn = [series_of(axes) for axes in figure.axes] or [[]]
        place = next((i for i, some in enumerate(drawn) if any(len(s) == 201 for s in some)), 0)
        assert_close(
            closest(drawn[place], curve),
            curve,
            what="the curve in plot_descent(path), as points (x, x²),",
            hint="The curve is drawn at the points of grid().",
        )
        assert_close(
            closest_points(drawn[place], on_curve),
            on_curve,
            what="the path in plot_descent(path), as points (x, x²),",
            hint="Point k of the path stands at x = path[k]. How high is the parabola there?",
        )
        labels = [figure.axes[place].xlabel, figure.axes[place].ylabel] if figure.axes else ["", ""]
        assert_that(
            all(label.strip() for label in labels),
            "both axes of plot_descent(path) should have a label.",
        )
