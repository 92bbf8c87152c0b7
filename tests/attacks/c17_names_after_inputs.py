"""C17. Names exceptions, classes, fields and functions after the hidden inputs. Holds: no name that
the submission chose is shown for a hidden check.
"""

RECORDED = 'errored'

import numpy as np


def scale(x):
    raise type(f"E{x[0, 0]}", (ValueError,), {})()


def count_above(x, bar):
    return np.zeros(1, dtype=[(f"v{bar}", "f8")])


def descend(gradient, x, steps):
    return type(f"T{x[0]}", (), {})()


def fit(x, y):
    raise type("NotImplementedError", (Exception,), {})(f"{x}")


def predict(weights, x):
    return 0


def distances(x):
    raise AttributeError(f"module has no attribute 'distances' {x}")
