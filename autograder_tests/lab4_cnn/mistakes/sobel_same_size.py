"""sobel puts zeros around the image: its border becomes an edge."""

import numpy as np

CAUGHT_BY = ("sobel_worked",)
HINT = "Only pixels with neighbours on all sides count."
LECTURE = "lecture 3, Convolutional Layers"


_inner = sobel


def sobel(image):
    return _inner(np.pad(np.asarray(image, dtype=np.float64), 1))
