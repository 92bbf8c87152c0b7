"""Few characters."""

import numpy as np

square = np.square
spread = lambda x: (x.mean(), x.var())
total = np.sum


def classify(a, b, c):
    m = np.array([a[b == k].mean(0) for k in range(10)])
    return np.linalg.norm(c[:, None] - m, axis=2).argmin(1)
