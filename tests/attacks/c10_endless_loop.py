"""C10. Never ends. Holds: the CPU limit of a check; the next check gets a fresh worker."""

HONEST = ('scale_worked', 'scale_hidden')
RECORDED = 'used more than 0.5 CPU seconds'
ACCIDENT = True

import numpy as np


def scale(x):
    return 3.0 * x - 1.0


def count_above(x, bar):
    while True:
        pass
