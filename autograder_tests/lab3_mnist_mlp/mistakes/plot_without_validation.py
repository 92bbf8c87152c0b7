"""Validation is not drawn."""

CAUGHT_BY = ("plot_curves",)
HINT = "Which curve shows overfitting?"
LECTURE = "lecture 5, Definitions: learning curve"


def plot_history(history):
    from matplotlib.figure import Figure

    figure = Figure()
    for axes, key in zip(figure.subplots(1, 2), ("loss", "accuracy")):
        for name in (key,):
            values = history[name]
            if values:
                axes.plot(range(1, len(values) + 1), values, label=name)
        axes.set_xlabel("epoch")
        axes.set_ylabel(key)
    return figure
