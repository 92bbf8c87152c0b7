"""With uint8 the differences wrap around: 1 - 2 is 255."""

import numpy as np

CAUGHT_BY = ("sobel_random",)
HINT = "In which dtype are the differences taken?"
LECTURE = "lecture 3, Convolutional Layers"


def sobel(image):
    a = np.asarray(image)
    across, down = a[:, 2:] - a[:, :-2], a[2:] - a[:-2]
    along_x = across[:-2] + 2 * across[1:-1] + across[2:]
    along_y = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    return np.hypot(along_x.astype(float), along_y.astype(float))
