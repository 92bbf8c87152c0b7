"""The figure shows the path but not the parabola."""

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "What would the path lie on?"
LECTURE = "lecture 5, Exercises"


def plot_descent(path: np.ndarray) -> object:
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot(path, path**2, "o-")
    axes.set(xlabel="x", ylabel="x squared")
    return figure
