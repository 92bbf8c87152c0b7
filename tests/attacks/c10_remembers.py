"""C10. Slow, but remembers answers. Holds: every timed call has other arguments."""

HONEST = ('distances_value',)
RECORDED = "times the reference's CPU time"

import functools

import numpy as np


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


@functools.cache
def remembered(content, shape):
    return slow(np.frombuffer(content).reshape(shape))


def distances(x):
    return remembered(x.tobytes(), x.shape)
