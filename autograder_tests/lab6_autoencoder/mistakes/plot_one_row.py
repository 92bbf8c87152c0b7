"""Only the reconstructions are drawn."""

from __future__ import annotations

import numpy as np

CAUGHT_BY = ("plot_drawn",)
HINT = "What are they to be compared with?"
LECTURE = "lecture 3, Autoencoders"


def plot_reconstructions(x: Array, y: Array) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(len(x), 2.5))
    axes = figure.subplots(1, len(x), squeeze=False)
    for row, (name, images) in enumerate((("reconstruction", y),)):
        for ax, image in zip(axes[row], images, strict=True):
            ax.imshow(image, cmap="gray_r", vmin=float(np.min(x)), vmax=float(np.max(x)))
            ax.set_xticks([])
            ax.set_yticks([])
        axes[row, 0].set_ylabel(name)
    return figure
