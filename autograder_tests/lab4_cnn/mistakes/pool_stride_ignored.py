"""max_pool_forward moves by the window's size, whatever the stride."""

import numpy as np

CAUGHT_BY = ("max_pool_random",)
HINT = "Try size 3 with stride 2."
LECTURE = "lecture 2, Pooling"


def max_pool_forward(x, size, stride):
    return windows_of(x, size, size, size).max(axis=(4, 5))
