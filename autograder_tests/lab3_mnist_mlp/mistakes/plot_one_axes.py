"""Losses and accuracies share one pair of axes."""

CAUGHT_BY = ("plot_curves",)
HINT = "A loss and a share are not on one scale."
LECTURE = "lecture 5, Definitions: learning curve"


def plot_history(history):
    from matplotlib.figure import Figure

    figure = Figure()
    for axes, key in zip([figure.subplots()] * 2, ("loss", "accuracy")):
        for name in (key, f"val_{key}"):
            values = history[name]
            if values:
                axes.plot(range(1, len(values) + 1), values, label=name)
        axes.set_xlabel("epoch")
        axes.set_ylabel(key)
    return figure
