"""Powers and dot products."""

import numpy as np


def square(x):
    return x**2


def spread(x):
    return np.mean(x), np.var(x)


def total(x):
    return np.dot(x, np.ones_like(x))


def classify(x_train, y_train, x_test):
    one_hot = np.eye(10)[y_train]
    means = (one_hot.T @ x_train) / one_hot.sum(axis=0)[:, None]
    return np.argmin((means**2).sum(axis=1) - 2 * x_test @ means.T, axis=1)
