"""A new network has biases other than 0."""

from torch import nn

CAUGHT_BY = ("network_start",)
HINT = "Lecture 5 says how biases start."
LECTURE = "lecture 5, Parameter initialization"


def affine(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    nn.init.xavier_uniform_(layer.weight)
    return layer
