"""dx and dy are one draw: images move along the diagonal only."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "Two draws for each image."
LECTURE = "lecture 2, Images"


def augment(images, rng):
    steps = rng.integers(-1, 2, size=len(images))
    moves = np.stack([steps, steps], axis=1)
    out = np.empty_like(images)
    for i, (dx, dy) in enumerate(moves):
        out[i] = shift(images[i : i + 1], dx, dy)[0]
    return out
