"""C9. Returns empty answers everywhere. Holds: what is empty has the wrong shape."""

RECORDED = 'wrong shape'

import numpy as np


def scale(x):
    return np.zeros((0,) * np.ndim(x))

def count_above(x, bar):
    return np.zeros((0,) * np.ndim(x))

def descend(gradient, x, steps):
    return np.zeros((0,) * np.ndim(x))

def fit(x, y):
    return np.zeros((0,) * np.ndim(x))

def predict(weights, x):
    return np.zeros((0,) * np.ndim(x))

def distances(x):
    return np.zeros((0,) * np.ndim(x))
