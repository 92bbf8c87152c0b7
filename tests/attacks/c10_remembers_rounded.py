"""C10. Slow, but remembers answers to nearly the same question. Holds: timed calls differ enough for
a remembered answer to be wrong, and their values are compared.
"""

HONEST = ('distances_value',)
RECORDED = 'failed'

import functools

import numpy as np


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


@functools.cache
def remembered(content, shape):
    return slow(np.frombuffer(content).reshape(shape))


def distances(x):
    return remembered(np.round(x, 4).tobytes(), x.shape) if len(x) > 20 else slow(x)
