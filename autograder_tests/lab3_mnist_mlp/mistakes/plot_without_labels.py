"""The axes have no labels."""

CAUGHT_BY = ("plot_curves",)
HINT = "What does a reader see beside each axis?"
LECTURE = "lecture 5, Definitions: learning curve"


def plot_history(history):
    from matplotlib.figure import Figure

    figure = Figure()
    for axes, key in zip(figure.subplots(1, 2), ("loss", "accuracy")):
        for name in (key, f"val_{key}"):
            values = history[name]
            if values:
                axes.plot(range(1, len(values) + 1), values, label=name)
    return figure
