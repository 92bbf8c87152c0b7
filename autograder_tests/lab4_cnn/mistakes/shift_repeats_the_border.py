"""The border pixels are repeated where zeros should come in."""

import numpy as np

CAUGHT_BY = (
    "shift_worked",
    "shift_random",
)
HINT = "What comes in at the border?"
LECTURE = "lecture 2, Images"


def shift(images, dx, dy):
    height, width = images.shape[-2:]
    rows = (np.arange(height) - dy).clip(0, height - 1)
    columns = (np.arange(width) - dx).clip(0, width - 1)
    return images[..., rows, :][..., columns].copy()
