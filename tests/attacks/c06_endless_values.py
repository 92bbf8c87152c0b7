"""C6. Returns endless iterators, a list that holds itself, a tree of ten billion leaves. Holds:
counts, depths and the worker's own clock.
"""

HONEST = ('count_hidden',)
RECORDED = 'used more than 0.5 CPU seconds'
ACCIDENT = True

import itertools

import numpy as np


def count_above(x, bar):
    return int(np.sum(x > bar))


def scale(x):
    return itertools.count()


def descend(gradient, x, steps):
    endless = []
    endless.append(endless)
    return endless


def fit(x, y):
    tree = [0.0] * 10
    for _ in range(30):
        tree = [tree] * 10
    return tree


def predict(weights, x):
    return 0


def distances(x):
    while True:
        yield x
