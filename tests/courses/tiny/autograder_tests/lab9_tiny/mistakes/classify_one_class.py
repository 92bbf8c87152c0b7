"""All images get one label."""

import numpy as np

CAUGHT_BY = ("digits_accuracy",)
HINT = "Print ten of the labels."


def classify(x_train, y_train, x_test):
    return np.full(len(x_test), y_train[0])
