"""C1. Asks the garbage collector for every array and every function of a check. Holds: the worker
holds inputs and its own outputs only.
"""

RECORDED = 'imports gc'

import gc

import numpy as np


def steal(shape):
    for thing in gc.get_objects():
        if isinstance(thing, dict) and "__name__" in thing and "checks" in str(thing["__name__"]):
            return thing["expected"]
        if callable(thing) and str(getattr(thing, "__name__", "")).startswith("test_"):
            return thing.__globals__["INPUT"]
    others = [a for a in gc.get_objects() if isinstance(a, np.ndarray) and a.shape == shape]
    return others[-1] + 0.0 if others else np.full(shape, np.nan)


def scale(x):
    return steal(np.shape(x))

def count_above(x, bar):
    return steal(np.shape(x))

def descend(gradient, x, steps):
    return steal(np.shape(x))

def fit(x, y):
    return steal(np.shape(x))

def predict(weights, x):
    return steal(np.shape(x))

def distances(x):
    return steal(np.shape(x))
