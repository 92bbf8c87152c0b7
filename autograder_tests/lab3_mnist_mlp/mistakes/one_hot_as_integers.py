"""one_hot gives integers."""

from torch.nn import functional

CAUGHT_BY = ("one_hot_worked",)
HINT = "What is the dtype of torch.nn.functional.one_hot's result?"
LECTURE = "lecture 5, One-hot encoding"


def one_hot(labels, classes):
    return functional.one_hot(labels, classes)
