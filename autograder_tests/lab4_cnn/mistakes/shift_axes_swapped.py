"""dx moves down and dy to the right."""

import numpy as np

CAUGHT_BY = (
    "shift_worked",
    "shift_random",
)
HINT = "The last axis is the column."
LECTURE = "lecture 2, Images"


_shift = shift


def shift(images, dx, dy):
    return _shift(images, dy, dx)
