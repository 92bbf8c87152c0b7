"""C10. Right where values are compared, empty where time is measured. Holds: the values of timed
calls are compared too.
"""

HONEST = ('distances_value',)
RECORDED = 'failed'

import numpy as np


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


def distances(x):
    return slow(x) if len(x) < 20 else np.zeros((len(x), len(x)))
