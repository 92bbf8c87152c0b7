"""A new network has He weights where Glorot's are asked for."""

from torch import nn

CAUGHT_BY = ("network_start",)
HINT = "The variance has n_in and n_out in it."
LECTURE = "lecture 5, Parameter initialization"


def affine(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer
