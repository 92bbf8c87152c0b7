"""sobel adds the sizes of the two answers instead of taking the length of the vector."""

import numpy as np

CAUGHT_BY = (
    "sobel_worked",
    "sobel_random",
)
HINT = "How long is the vector (3, 4)?"
LECTURE = "lecture 3, Convolutional Layers"


def sobel(image):
    a = np.asarray(image, dtype=np.float64)
    across, down = a[:, 2:] - a[:, :-2], a[2:] - a[:-2]
    along_x = across[:-2] + 2 * across[1:-1] + across[2:]
    along_y = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    return np.abs(along_x) + np.abs(along_y)
