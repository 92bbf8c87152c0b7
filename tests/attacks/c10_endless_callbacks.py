"""C10. Never ends, and calls the function it was given all the time. Holds: the clocks are watched
between callbacks.
"""

HONEST = ('scale_worked', 'scale_hidden')
RECORDED = 'used more than 0.5 CPU seconds'
ACCIDENT = True

import numpy as np


def scale(x):
    return 3.0 * x - 1.0


def descend(gradient, x, steps):
    while True:
        for _ in range(100_000):
            pass
        gradient(x)
