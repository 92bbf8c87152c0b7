"""C3. Segfault, abort, C stack overflow and a kill from within. Holds: only the worker dies, once
per check.
"""

HONEST = ('scale_worked', 'scale_hidden')
RECORDED = 'SIGSEGV'
ACCIDENT = True

import ctypes
import os
import signal
import sys

import numpy as np


def scale(x):
    return 3.0 * x - 1.0


def count_above(x, bar):
    ctypes.string_at(0)


def descend(gradient, x, steps):
    gradient(x)
    os.abort()


def fit(x, y):
    sys.setrecursionlimit(10**9)
    deep = lambda n: deep(n + 1)
    deep(0)


def predict(weights, x):
    return 0


def distances(x):
    os.kill(os.getpid(), signal.SIGKILL)
