"""C10. Takes all the memory it can get. Holds: a limit for each process; MemoryError is the
student's.
"""

HONEST = ('count_hidden',)
RECORDED = 'MemoryError'
ACCIDENT = True

import numpy as np


def count_above(x, bar):
    return int(np.sum(x > bar))


def scale(x):
    return np.ones((1 << 16, 1 << 16))


def descend(gradient, x, steps):
    kept = []
    while True:
        kept.append(bytearray(10 << 20))
