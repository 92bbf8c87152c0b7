"""C6. Returns objects that run a program when they are unpickled. Holds: nothing is pickled; an
object stays where it is.
"""

RECORDED = 'cannot be graded'

import os
import pickle

import numpy as np


class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/pwned",)

    __reduce_ex__ = lambda self, protocol: self.__reduce__()


def scale(x):
    return np.array([[Bomb()] * 5] * 3, dtype=object)


def count_above(x, bar):
    return Bomb()


def descend(gradient, x, steps):
    return gradient(Bomb())


def fit(x, y):
    return pickle.dumps(Bomb())


def predict(weights, x):
    return {Bomb(): [Bomb()]}


def distances(x):
    return [Bomb()] * 7
