"""C17. Raises exceptions whose messages hold the hidden inputs. Holds: a student reads of a hidden
check only the name of Python's own exception types.
"""

RECORDED = 'ValueError'

import numpy as np


def scale(x):
    raise ValueError(f"scale: {x.tolist()}\n: {x}")


def count_above(x, bar):
    raise KeyError(float(bar))


def descend(gradient, x, steps):
    raise UnicodeDecodeError("utf-8", repr(x).encode(), 0, 1, str(gradient(x)))


def fit(x, y):
    raise ExceptionGroup(str(x[0]), [SyntaxError(str(x), (repr(x), int(x[0, 0]), 1, str(y)))])


def predict(weights, x):
    return 0


def distances(x):
    error = AssertionError(x)
    error.add_note(str(x))
    raise error from NotImplementedError(str(x))
