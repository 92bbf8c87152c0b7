"""The figure shows the parabola but not the path."""

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "Which argument has not been drawn?"
LECTURE = "lecture 5, Exercises"


def plot_descent(path: np.ndarray) -> object:
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    x = np.linspace(-10.0, 10.0, 201)
    axes.plot(x, x**2)
    axes.set(xlabel="x", ylabel="x squared")
    return figure
