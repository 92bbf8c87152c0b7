"""Class 0 is predicted for every point."""

import numpy as np

CAUGHT_BY = ("fit_accuracy",)
HINT = "On which side of the line is a point?"
LECTURE = "lecture 1"


def predict(weights, x):
    return np.zeros(len(x), np.int64)
