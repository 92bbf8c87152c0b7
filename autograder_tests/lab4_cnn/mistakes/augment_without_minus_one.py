"""rng.integers(-1, 1) never gives 1."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "Is the end of rng.integers included?"
LECTURE = "lecture 2, Images"


def augment(images, rng):
    moves = rng.integers(-1, 1, size=(len(images), 2))
    out = np.empty_like(images)
    for i, (dx, dy) in enumerate(moves):
        out[i] = shift(images[i : i + 1], dx, dy)[0]
    return out
