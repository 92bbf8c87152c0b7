"""C10. Lets threads do the slow work, and goes on in them after it has answered. Holds: CPU time is
of the whole process, whenever it is used.
"""

HONEST = ("distances_value",)
RECORDED = "CPU"  # the ratio, or on a busy machine the limit

import threading

import numpy as np


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


def distances(x):
    parts = {}

    def work(number):
        parts[number] = slow(x)
        slow(x)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    while not parts:
        threads[0].join(0.001)
    return next(iter(parts.values()))
