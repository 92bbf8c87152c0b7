"""C10. Answers at once and works on in a thread while the reference is timed. Holds: CPU time is of
the whole process, whenever it is used.
"""

HONEST = ('scale_worked', 'scale_hidden', 'distances_value')
RECORDED = 'errored'

import threading

import numpy as np


def distances(x):
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))


def burn():
    while True:
        np.arange(1000).sum()


def scale(x):
    threading.Thread(target=burn, daemon=True).start()
    return 3.0 * x - 1.0
