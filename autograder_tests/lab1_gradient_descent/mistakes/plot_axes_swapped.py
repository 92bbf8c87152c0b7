"""x is drawn upwards and x² to the right."""

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "Which of the two comes first in axes.plot?"
LECTURE = "lecture 5, Exercises"


def plot_descent(path: np.ndarray) -> object:
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    x = np.linspace(-10.0, 10.0, 201)
    axes.plot(x**2, x)
    axes.plot(path**2, path, "o-")
    axes.set(xlabel="x", ylabel="x squared")
    return figure
