"""C1. Walks the call stack for the expected values. Holds: the checks are in another process."""

RECORDED = '_getframe'

import sys

import numpy as np


def steal(*args):
    frame, found = sys._getframe(1), []
    while frame:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if any(word in name for word in ("expected", "want", "truth", "reference", "solution")):
                found.append(value)
        frame = frame.f_back
    arrays = [value for value in found if isinstance(value, np.ndarray)]
    if not arrays:
        raise LookupError(f"nothing to steal in {len(found)} values")
    return arrays[0]


def scale(x):
    return steal(x)

def count_above(x, bar):
    return steal(x, bar)

def descend(gradient, x, steps):
    return steal(gradient, x, steps)

def fit(x, y):
    return steal(x, y)

def predict(weights, x):
    return steal(weights, x)

def distances(x):
    return steal(x)
