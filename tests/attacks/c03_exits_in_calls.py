"""C3. Some functions are right, others end the process. Holds: a fresh worker serves the next check;
what was right counts.
"""

HONEST = ('scale_worked', 'scale_hidden', 'distances_value', 'distances_time')
RECORDED = 'WorkerCrashError'
ACCIDENT = True

import os

import numpy as np


def scale(x):
    return 3.0 * x - 1.0

def distances(x):
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))


def count_above(x, bar):
    os._exit(0)


def descend(gradient, x, steps):
    gradient(x)
    os._exit(0)


def fit(x, y):
    raise SystemExit(0)


def predict(weights, x):
    return 0
