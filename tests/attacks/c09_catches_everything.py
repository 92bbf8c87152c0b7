"""C9. Catches every exception and returns constants of the right shape. Holds: no check is content
with a shape.
"""

RECORDED = 'failed'

import numpy as np


def guard(function):
    def safe(*args):
        try:
            return function(*args)
        except BaseException:
            x = np.atleast_2d(args[0] if isinstance(args[0], np.ndarray) else args[1])
            return np.zeros(x.shape)

    return safe


@guard
def scale(x):
    raise NotImplementedError


def count_above(x, bar):
    return 0


def descend(gradient, x, steps):
    for _ in range(steps):
        gradient(x)
    return x


def fit(x, y):
    return np.zeros(3)


def predict(weights, x):
    return np.zeros(len(x), np.int64)


def distances(x):
    return np.zeros((len(x), len(x)))
