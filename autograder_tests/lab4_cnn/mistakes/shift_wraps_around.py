"""What leaves the image on one side comes back on the other."""

import numpy as np

CAUGHT_BY = (
    "shift_worked",
    "shift_random",
)
HINT = "Zeros come in at the border. Which NumPy function rolls?"
LECTURE = "lecture 2, Images"


def shift(images, dx, dy):
    return np.roll(images, (dy, dx), axis=(-2, -1))
