"""C10. Does minutes of work while it is imported. Holds: importing has a limit of its own."""

RECORDED = 'WorkerTimeoutError'
ACCIDENT = True

import numpy as np

total = 0
for number in range(10**9):
    total += number


def scale(x):
    return 3.0 * x - 1.0
