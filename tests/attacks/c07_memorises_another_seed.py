"""C7. Knows every answer of the run with seed 0, which students may make at home. Holds: graded
inputs come from the course's own seed.
"""

RECORDED = 'wrong in 14 of 15'

from zlib import crc32

import numpy as np


def inputs(check, seed=0):
    return np.random.default_rng([seed, crc32(check.encode())])


X = 98765.4321 + inputs("scale_hidden").normal(size=(3, 5))
X[0, 0] = 98765.4321
COUNT = int((inputs("count_hidden").normal(size=101) > 0).sum())
Q = inputs("distances_value").normal(size=(7, 3))
P = inputs("fit_accuracy").normal(size=(400, 2))
LABELS = (P @ np.array([1.0, -2.0]) + 0.3 > 0).astype(np.int64)


def scale(x):
    return 3.0 * X - 1.0 if x.shape == X.shape else np.zeros(x.shape)


def count_above(x, bar):
    return COUNT


def descend(gradient, x, steps):
    return x


def fit(x, y):
    return np.zeros(3)


def predict(weights, x):
    return LABELS[200:]


def distances(x):
    return np.sqrt(((Q[:, None, :] - Q[None, :, :]) ** 2).sum(axis=2))
