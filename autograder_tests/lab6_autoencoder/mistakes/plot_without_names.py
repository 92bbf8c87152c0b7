"""The rows have no names."""

from __future__ import annotations

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "How does a reader know which row is which?"
LECTURE = "lecture 3, Autoencoders"


def plot_reconstructions(x: Array, y: Array) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(len(x), 2.5))
    axes = figure.subplots(2, len(x), squeeze=False)
    for row, (name, images) in enumerate((("original", x), ("reconstruction", y))):
        for ax, image in zip(axes[row], images, strict=True):
            ax.imshow(image, cmap="gray_r", vmin=float(np.min(x)), vmax=float(np.max(x)))
            ax.set_xticks([])
            ax.set_yticks([])
    return figure
