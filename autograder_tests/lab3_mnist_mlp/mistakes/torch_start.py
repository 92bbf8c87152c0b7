"""A new network starts as torch.nn.Linear does, not with Glorot weights."""

from torch import nn

CAUGHT_BY = ("network_start",)
HINT = "torch.nn.Linear draws its weights from another distribution, and biases too."
LECTURE = "lecture 5, Parameter initialization"


def affine(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    nn.init.zeros_(layer.bias)
    return layer
