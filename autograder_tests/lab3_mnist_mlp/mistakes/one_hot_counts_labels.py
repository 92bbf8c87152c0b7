"""one_hot has as many columns as the labels it is given need."""

from torch.nn import functional

CAUGHT_BY = ("one_hot_worked",)
HINT = "A batch without the last class: how many columns?"
LECTURE = "lecture 5, One-hot encoding"


def one_hot(labels, classes):
    return functional.one_hot(labels).float()
