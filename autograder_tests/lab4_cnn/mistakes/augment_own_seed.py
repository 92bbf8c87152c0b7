"""augment makes a generator of its own."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "All randomness comes from rng."
LECTURE = "lecture 2, Images"


def augment(images, rng):
    rng = np.random.default_rng(0)
    moves = rng.integers(-1, 2, size=(len(images), 2))
    out = np.empty_like(images)
    for i, (dx, dy) in enumerate(moves):
        out[i] = shift(images[i : i + 1], dx, dy)[0]
    return out
