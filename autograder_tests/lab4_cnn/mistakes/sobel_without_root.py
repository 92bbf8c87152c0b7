"""sobel gives the square of the length."""

import numpy as np

CAUGHT_BY = ("sobel_worked",)
HINT = "How long is the vector (3, 4)?"
LECTURE = "lecture 3, Convolutional Layers"


def sobel(image):
    a = np.asarray(image, dtype=np.float64)
    across, down = a[:, 2:] - a[:, :-2], a[2:] - a[:-2]
    along_x = across[:-2] + 2 * across[1:-1] + across[2:]
    along_y = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    return along_x**2 + along_y**2
