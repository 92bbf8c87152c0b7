"""C14. Prints a gigabyte. Holds: it is read, a little of it is kept, the rest is counted; right
values count.
"""

HONEST = ('scale_worked', 'scale_hidden', 'count_hidden')
RECORDED = 'more bytes were dropped'
ACCIDENT = True

import os

import numpy as np

LINE = b"spam " * 13107


def scale(x):
    return 3.0 * x - 1.0


def count_above(x, bar):
    for _ in range(1 << 14):
        os.write(1, LINE)
    return int(np.sum(x > bar))
