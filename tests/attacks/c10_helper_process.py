"""C10. Lets a forked helper do the slow work, and has the kernel forget the helper's CPU time.
Holds: the control group counts every process that ever was in it.
"""

HONEST = ('distances_value',)
RECORDED = "times the reference's CPU time"

import os
import pickle
import signal

import numpy as np

signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


def distances(x):
    reader, writer = os.pipe()
    if os.fork() == 0:
        with os.fdopen(writer, "wb") as file:
            pickle.dump(slow(x), file)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        return pickle.load(file)
