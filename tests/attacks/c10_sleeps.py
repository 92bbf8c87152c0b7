"""C10. Sleeps in every call, without using the CPU. Holds: wall-clock limits for a check and for all
of them.
"""

HONEST = ('scale_worked', 'scale_hidden')
RECORDED = 'timed_out'
SLOW = True

import time

import numpy as np


def scale(x):
    time.sleep(9)
    return 3.0 * x - 1.0


def count_above(x, bar):
    time.sleep(9)
    return 0

def descend(gradient, x, steps):
    time.sleep(9)
    return 0

def fit(x, y):
    time.sleep(9)
    return 0

def predict(weights, x):
    time.sleep(9)
    return 0

def distances(x):
    time.sleep(9)
    return 0
