"""The reconstructions stand above the originals."""

from __future__ import annotations

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "Which row is the upper one?"
LECTURE = "lecture 3, Autoencoders"


def plot_reconstructions(x: Array, y: Array) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(len(x), 2.5))
    axes = figure.subplots(2, len(x), squeeze=False)
    for row, (name, images) in enumerate((("reconstruction", y), ("original", x))):
        for ax, image in zip(axes[row], images, strict=True):
            ax.imshow(image, cmap="gray_r", vmin=float(np.min(x)), vmax=float(np.max(x)))
            ax.set_xticks([])
            ax.set_yticks([])
        axes[row, 0].set_ylabel(name)
    return figure
