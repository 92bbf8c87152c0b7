"""The parabola is drawn through the points of the path only, not on the grid."""

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "A path that jumps has few points. What does the curve look like between them?"
LECTURE = "lecture 5, Exercises"


def plot_descent(path: np.ndarray) -> object:
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    x = np.sort(path)
    axes.plot(x, x**2)
    axes.plot(path, path**2, "o-")
    axes.set(xlabel="x", ylabel="x squared")
    return figure
