"""shift moves the images that were passed in."""

import numpy as np

CAUGHT_BY = ("shift_random",)
HINT = "Print the images before and after the call."
LECTURE = "lecture 2, Images"


_shift = shift


def shift(images, dx, dy):
    out = _shift(images, dx, dy)
    images[...] = out
    return out
