"""The axes have no labels."""

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "What does a reader see beside each axis?"
LECTURE = "lecture 5, Exercises"


def plot_descent(path: np.ndarray) -> object:
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    x = np.linspace(-10.0, 10.0, 201)
    axes.plot(x, x**2)
    axes.plot(path, path**2, "o-")
    return figure
