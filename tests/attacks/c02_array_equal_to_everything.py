"""C2. Returns an ndarray subclass whose operators say yes to everything. Holds: only dtype, shape
and bytes travel; the grader rebuilds a plain ndarray.
"""

RECORDED = 'wrong in 15 of 15'

import numpy as np


class Yes(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    __le__ = __lt__ = __ge__ = __gt__ = __eq__

    def __ne__(self, other):
        return np.zeros(np.shape(other), bool)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.ones(self.shape, bool)

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __abs__ = __sub__
    __bool__ = lambda self: True
    __float__ = lambda self: 1.0


def scale(x):
    return np.full(x.shape, 7.0).view(Yes)


def count_above(x, bar):
    return np.array(-1).view(Yes)


def descend(gradient, x, steps):
    return np.zeros(x.shape).view(Yes)


def fit(x, y):
    return np.zeros(3).view(Yes)


def predict(weights, x):
    return np.full(len(x), 9).view(Yes)


def distances(x):
    return np.full((len(x), len(x)), 7.0).view(Yes)
