"""A new network has weights 0: all its units learn the same."""

from torch import nn

CAUGHT_BY = ("network_start",)
HINT = "How could two equal units ever become different?"
LECTURE = "lecture 5, Parameter initialization"


def affine(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
