"""C2. Returns objects that only look like arrays: __array__, __array_interface__, buffers. Holds:
what is no ndarray stays in the worker as a handle.
"""

RECORDED = 'errored'

import numpy as np


class Looks:
    shape, dtype, ndim, size = (3, 5), np.dtype("float64"), 2, 15
    __array_interface__ = {"shape": (3, 5), "typestr": "<f8", "data": (8, False), "version": 3}
    __array_priority__ = 1e9
    __class__ = np.ndarray

    def __array__(self, *args, **kwargs):
        raise SystemExit

    def __getattr__(self, name):
        return lambda *args, **kwargs: True


def scale(x):
    return Looks()

def count_above(x, bar):
    return Looks()

def descend(gradient, x, steps):
    return Looks()

def fit(x, y):
    return Looks()

def predict(weights, x):
    return Looks()

def distances(x):
    return Looks()
