"""C10. Starts a daemon at import that computes for it. Holds: the control group counts it, and it
ends with the sandbox.
"""

HONEST = ('distances_value',)
RECORDED = "times the reference's CPU time"

import os
import pickle
import socket

import numpy as np


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


ours, theirs = socket.socketpair()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        stream = theirs.makefile("rwb")
        while True:
            pickle.dump(slow(pickle.load(stream)), stream)
            stream.flush()
    os._exit(0)
pipe = ours.makefile("rwb")


def distances(x):
    pickle.dump(x, pipe)
    pipe.flush()
    return pickle.load(pipe)
