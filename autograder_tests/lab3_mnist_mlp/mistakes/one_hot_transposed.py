"""one_hot has a row for each class."""

from torch.nn import functional

CAUGHT_BY = ("one_hot_worked",)
HINT = "One row for each label."
LECTURE = "lecture 5, One-hot encoding"


def one_hot(labels, classes):
    return functional.one_hot(labels, classes).float().T
