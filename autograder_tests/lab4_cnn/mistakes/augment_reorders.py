"""The images come back in another order: their labels no longer fit."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "Image i stays in place i."
LECTURE = "lecture 2, Images"


def augment(images, rng):
    moves = rng.integers(-1, 2, size=(len(images), 2))
    images = images[rng.permutation(len(images))]
    out = np.empty_like(images)
    for i, (dx, dy) in enumerate(moves):
        out[i] = shift(images[i : i + 1], dx, dy)[0]
    return out
