"""Loops where they are cheap."""

import numpy as np


def square(x):
    out = np.empty_like(x)
    for index in np.ndindex(x.shape):
        out[index] = x[index] * x[index]
    return out


def spread(x):
    mean = sum(x) / len(x)
    return mean, sum((value - mean) ** 2 for value in x) / len(x)


def total(x):
    return np.add.reduce(x)


def classify(x_train, y_train, x_test):
    means = [x_train[y_train == label].mean(axis=0) for label in range(10)]
    return np.array([int(np.argmin([np.sum((x - m) ** 2) for m in means])) for x in x_test])
