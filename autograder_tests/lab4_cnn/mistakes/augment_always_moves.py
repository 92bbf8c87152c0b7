"""Every image moves: no shift is 0."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "Three values for each axis, 0 is one of them."
LECTURE = "lecture 2, Images"


def augment(images, rng):
    moves = rng.choice([-1, 1], size=(len(images), 2))
    out = np.empty_like(images)
    for i, (dx, dy) in enumerate(moves):
        out[i] = shift(images[i : i + 1], dx, dy)[0]
    return out
