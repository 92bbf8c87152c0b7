"""A shift longer than the image is cut to the image's size less one."""

import numpy as np

CAUGHT_BY = ("shift_random",)
HINT = "What is left in the picture then?"
LECTURE = "lecture 2, Images"


_shift = shift


def shift(images, dx, dy):
    height, width = images.shape[-2:]
    dx, dy = max(1 - width, min(dx, width - 1)), max(1 - height, min(dy, height - 1))
    return _shift(images, dx, dy)
