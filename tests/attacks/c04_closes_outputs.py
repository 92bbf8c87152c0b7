"""C4. Closes and replaces its outputs. Holds: an answer needs none of them; right values count."""

HONEST = ('scale_worked', 'scale_hidden', 'count_hidden', 'descend_hidden', 'fit_accuracy', 'distances_value', 'distances_time')
ACCIDENT = True

import os
import sys

import numpy as np

sys.stdout.close()
sys.stderr = None
os.close(1)
os.close(2)


def scale(x):
    return 3.0 * x - 1.0

def count_above(x, bar):
    return int(np.sum(x > bar))

def descend(gradient, x, steps):
    for _ in range(steps):
        x = x - 0.1 * gradient(x)
    return x

def fit(x, y):
    inputs = np.hstack([x, np.ones((len(x), 1))])
    return np.linalg.lstsq(inputs, 2.0 * y - 1.0, rcond=None)[0]

def predict(weights, x):
    return (x @ weights[:2] + weights[2] > 0).astype(np.int64)

def distances(x):
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))
