"""The path is drawn over the number of the step instead of over x."""

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "At which x does a point of the path stand on the parabola?"
LECTURE = "lecture 5, Exercises"


def plot_descent(path: np.ndarray) -> object:
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    x = np.linspace(-10.0, 10.0, 201)
    axes.plot(x, x**2)
    axes.plot(np.arange(len(path)), path, "o-")
    axes.set(xlabel="x", ylabel="x squared")
    return figure
