"""The middle row and column of the filters are not doubled."""

import numpy as np

CAUGHT_BY = ("sobel_worked",)
HINT = "Compare the filters with the slide's, number by number."
LECTURE = "lecture 3, Convolutional Layers"


def sobel(image):
    a = np.asarray(image, dtype=np.float64)
    across, down = a[:, 2:] - a[:, :-2], a[2:] - a[:-2]
    along_x = across[:-2] + across[1:-1] + across[2:]
    along_y = down[:, :-2] + down[:, 1:-1] + down[:, 2:]
    return np.hypot(along_x, along_y)
