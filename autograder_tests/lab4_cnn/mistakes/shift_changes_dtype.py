"""shift returns float64, whatever it was given."""

import numpy as np

CAUGHT_BY = ("shift_random",)
HINT = "np.zeros makes float64 unless it is told otherwise."
LECTURE = "lecture 2, Images"


_shift = shift


def shift(images, dx, dy):
    return _shift(images, dx, dy).astype(np.float64)
