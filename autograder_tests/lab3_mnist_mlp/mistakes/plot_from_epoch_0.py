"""The curves start at epoch 0."""

CAUGHT_BY = ("plot_curves",)
HINT = "Which number stands below the first point?"
LECTURE = "lecture 5, Definitions: learning curve"


def plot_history(history):
    from matplotlib.figure import Figure

    figure = Figure()
    for axes, key in zip(figure.subplots(1, 2), ("loss", "accuracy")):
        for name in (key, f"val_{key}"):
            values = history[name]
            if values:
                axes.plot(values, label=name)
        axes.set_xlabel("epoch")
        axes.set_ylabel(key)
    return figure
