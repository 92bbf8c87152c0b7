"""C3. Exits in a destructor, in an encoder's hook, at the moment its answer is sent. Holds: no whole
frame, no answer.
"""

RECORDED = 'WorkerCrashError'

import os

import numpy as np


class Bomb:
    def __del__(self):
        os._exit(0)


class Items(dict):
    def items(self):
        os._exit(0)


class Sneaky(list):
    def __iter__(self):
        os._exit(0)


def scale(x):
    Bomb()
    return 3.0 * x - 1.0


def count_above(x, bar):
    return Items(a=1)


def descend(gradient, x, steps):
    gradient(Sneaky([1.0]))


def fit(x, y):
    return Sneaky([1.0])


def predict(weights, x):
    return 0


def distances(x):
    return (os._exit(0) for _ in x)
