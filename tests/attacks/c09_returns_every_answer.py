"""C9. Returns all candidates at once: lists of answers, things that broadcast, NaN, nothing at all.
Holds: shape and dtype are compared first; NaN equals nothing.
"""

RECORDED = 'wrong shape'

import numpy as np


def scale(x):
    return np.stack([3.0 * x - 1.0, 3.0 * x, x])


def count_above(x, bar):
    return np.arange(102)


def descend(gradient, x, steps):
    return np.zeros(0)


def fit(x, y):
    return np.full(3, np.nan)


def predict(weights, x):
    return np.array(1.0)


def distances(x):
    return np.full((len(x), len(x)), np.nan)
