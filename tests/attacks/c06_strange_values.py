"""C6. Returns values at the edges of what can travel. Holds: each ends as one failed check, never as
an error of ours.
"""

RECORDED = 'failed'

import numpy as np


def scale(x):
    return np.ma.masked_array(np.full(x.shape, 1e400), mask=True)


def count_above(x, bar):
    return 2**255


def descend(gradient, x, steps):
    return np.array([np.nan + 1j * np.inf])


def fit(x, y):
    return np.ones((2,) + (1,) * 20)


def predict(weights, x):
    return 0


def distances(x):
    return np.zeros((0, 7), np.float16)
