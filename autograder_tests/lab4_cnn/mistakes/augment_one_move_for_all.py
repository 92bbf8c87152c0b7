"""One shift is drawn for all images."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "How many draws do 900 images need?"
LECTURE = "lecture 2, Images"


def augment(images, rng):
    dx, dy = rng.integers(-1, 2, size=2)
    return shift(images, dx, dy)
