"""C10. Fills the memory with many processes and with files in /tmp. Holds: the control group bounds
all of them together, and the size of /tmp.
"""

HONEST = ('count_hidden',)
RECORDED = 'errored'

import os

import numpy as np


def count_above(x, bar):
    return int(np.sum(x > bar))


def scale(x):
    for number in range(12):
        if os.fork() == 0:
            kept = bytearray(os.urandom(1 << 20)) * 200
            while True:
                os.read(0, 1) or os.sched_yield()
    while True:
        pass


def descend(gradient, x, steps):
    for number in range(1000):
        with open(f"/tmp/{number}", "wb") as file:
            file.write(bytes(16 << 20))
