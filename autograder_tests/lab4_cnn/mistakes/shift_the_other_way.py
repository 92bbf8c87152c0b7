"""Images move against dx and dy."""

import numpy as np

CAUGHT_BY = (
    "shift_worked",
    "shift_random",
)
HINT = "Positive dx is to the right, positive dy is down."
LECTURE = "lecture 2, Images"


_shift = shift


def shift(images, dx, dy):
    return _shift(images, -dx, -dy)
