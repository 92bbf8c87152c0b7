"""What leaves the image on one side comes back on the other."""

import numpy as np

CAUGHT_BY = ("augment_draws",)
HINT = "Use shift."
LECTURE = "lecture 2, Images"


def augment(images, rng):
    moves = rng.integers(-1, 2, size=(len(images), 2))
    pairs = zip(images, moves, strict=True)
    return np.stack([np.roll(image, (dy, dx), axis=(-2, -1)) for image, (dx, dy) in pairs])
