"""Images move by up to two pixels."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "dx and dy are -1, 0 or 1."
LECTURE = "lecture 2, Images"


def augment(images, rng):
    moves = rng.integers(-2, 3, size=(len(images), 2))
    out = np.empty_like(images)
    for i, (dx, dy) in enumerate(moves):
        out[i] = shift(images[i : i + 1], dx, dy)[0]
    return out
